"""The harness of the official kit says what the kit found, and nothing better."""

import re
import tomllib

import pytest

import harness
import kit

PLACE = kit.Place(node=1, api=2, kit=3, adapter=4)
TEXT = kit.PROFILE.read_text("utf-8")


def test_a_profile_is_placed_elsewhere_and_says_the_same_otherwise() -> None:
    before, after = tomllib.loads(TEXT), tomllib.loads(kit.placed(TEXT, PLACE))
    assert (after["node"]["port"], after["node"]["api_port"]) == (1, 2)
    assert after["counterpart"][0]["base"] == "http://127.0.0.1:3"
    for name in ("dataset", "agreement", "rule"):
        assert after[name] == before[name]
    quick = tomllib.loads(kit.placed(TEXT, PLACE, after_ms=7))
    assert {rule["after"] for rule in quick["rule"]} == {"7ms"}


def test_a_profile_without_the_line_that_is_to_change_is_not_run_as_it_is() -> None:
    with pytest.raises(ValueError, match="has 0 lines"):
        kit.placed(TEXT.replace("node.port", "node . port"), PLACE)


def test_every_test_of_the_kit_gets_an_id_that_the_profile_knows_where_it_must() -> None:
    told = dict(
        line.split("=", 1)
        for line in kit.settings(PLACE, participant="urn:us", secret="s").splitlines()
    )
    profile = tomllib.loads(TEXT)
    known = {one["id"] for one in profile["dataset"]} | {one["id"] for one in profile["agreement"]}
    offers = {offer["id"] for one in profile["dataset"] for offer in one["offers"]}
    needed = {value for key, value in told.items() if re.match(r"(CAT|CN|TP|TP_C)_\d", key)}
    assert needed - known - offers == {"CAT0103", kit.FORMAT}
    assert told["CN_01_02_OFFERID"] == "CD123:ACN0102:456"
    assert told["CN_C_03_06_DATASETID"] == "ACNC0306"
    assert told["TP_C_01_05_AGREEMENTID"] == "ATPC0105"


def test_no_rule_of_the_profile_is_about_something_that_no_test_has() -> None:
    ids = {made for _, _, made in kit.tests()}
    for rule in tomllib.loads(TEXT)["rule"]:
        [subjects] = rule["when"].values()
        assert set(subjects) <= ids, rule


@pytest.mark.parametrize(
    ("passed", "only", "status", "says"),
    [
        (dict.fromkeys(kit.ENABLED, True), "", 0, "65 passed, 0 failed"),
        (dict.fromkeys(kit.ENABLED[1:], True), "", 1, "64 passed, 1 failed"),
        ({**dict.fromkeys(kit.ENABLED, True), "CN:01-01": False}, "", 1, "64 passed, 1 failed"),
        ({"CN_C:01-01": True}, "CN_C:01-01", 0, "1 passed, 0 failed"),
        ({}, "XX", 1, "0 passed, 0 failed"),
    ],
)
def test_a_run_succeeds_only_if_all_that_was_wanted_passed(
    capsys: pytest.CaptureFixture[str], passed: dict[str, bool], only: str, status: int, says: str
) -> None:
    assert harness.verdict(passed, only=only) == status
    assert capsys.readouterr().out.splitlines()[-1] == says
