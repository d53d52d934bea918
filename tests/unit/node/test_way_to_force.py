"""What a user loses if this breaks: knowing who must act next, and what a suspension would stop."""

from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import rows
from support import stages
from support.loops import on_a_loop
from support.refusals import refused
from support.two_nodes import Pair, Party

HOUR_S: Final = 3600


async def way(pair: Pair, party: Party, *, who: str | None = "legal_adviser") -> JsonObject:
    return await party.call("agreements.conclusion", who=who, instrument=pair.instrument)


def done(shown: JsonObject) -> list[str]:
    return [str(each["step"]) for each in rows(shown, "steps") if each["done"]]


def acts(shown: JsonObject) -> dict[str, str]:
    return {
        str(each["act"]).removeprefix("agreements."): str(each["code"] or each["state"])
        for each in rows(shown, "acts")
    }


def nexts(shown: JsonObject) -> list[tuple[str, str]]:
    return [(str(each["who"]), str(each["code"])) for each in rows(shown, "next")]


#: Stage, steps that are done, what A can do or why not, who must do what next.
STAGES: Final[list[tuple[str, list[str], dict[str, str], list[tuple[str, str]]]]] = [
    (
        "tabled",
        ["talk"],
        {"talk": "done", "adopt": "not_clean", "clear": "not_clean", "sign": "not_initialled"},
        [("both", "negotiate")],
    ),
    (
        "clean",
        ["talk", "clean"],
        {"adopt": "now", "initial": "not_adopted", "reopen": "not_adopted", "abandon": "now"},
        [("ours", "adopt"), ("theirs", "adopt")],
    ),
    (
        "initialled",
        ["talk", "clean", "adopted", "initialled", "cleared"],
        {"clear": "cleared", "window": "now", "ready": "no_window", "reopen": "now"},
        [("both", "window")],
    ),
    (
        "signing",
        ["talk", "clean", "adopted", "initialled", "cleared", "window"],
        {"window": "proposed", "ready": "agreed", "sign": "now", "suspend": "not_in_force"},
        [("ours", "sign"), ("ours", "sign"), ("theirs", "sign"), ("theirs", "sign")],
    ),
    (
        "in_force",
        ["talk", "clean", "adopted", "initialled", "cleared", "window", "signed", "in_force"],
        {"sign": "signed", "suspend": "now", "resume": "not_suspended", "abandon": "signed"},
        [],
    ),
]


@pytest.mark.parametrize(("stage", "steps", "can", "following"), STAGES)
def test_each_stage_says_how_far_it_is_and_who_must_do_what(
    tmp_path: Path,
    stage: str,
    steps: list[str],
    can: dict[str, str],
    following: list[tuple[str, str]],
) -> None:
    @on_a_loop
    async def play() -> None:
        pair = await stages.at_stage(stage, tmp_path)
        shown = await way(pair, pair.a)
        assert done(shown) == steps
        assert {name: acts(shown)[name] for name in can} == can
        assert nexts(shown) == following
        await pair.close()

    play()


@on_a_loop
async def test_who_could_do_it_is_named_and_only_with_full_powers(tmp_path: Path) -> None:
    pair = await stages.at_stage("clean", tmp_path)
    shown = await way(pair, pair.a, who="signatory")
    found = {str(each["act"]): each for each in rows(shown, "acts")}
    adopt = found["agreements.adopt"]
    assert adopt["people"] == [
        {"id": "second", "name": "Aldoria Chief of Staff", "office": "Chief of Staff"},
        {"id": "signatory", "name": "Aldoria Minister", "office": "Minister"},
    ]
    assert (adopt["yours"], adopt["roles"]) == (True, ["signatory"])
    assert found["agreements.clear"]["yours"] is False
    await pair.close()


@on_a_loop
async def test_our_clearance_is_told_only_to_those_who_may_know(tmp_path: Path) -> None:
    pair = await stages.at_stage("initialled", tmp_path)
    assert (await way(pair, pair.a))["cleared"] is True
    assert (await way(pair, pair.a, who="signatory"))["cleared"] is True
    for who in ("desk_officer", None):
        shown = await way(pair, pair.a, who=who)
        assert shown["cleared"] is None
        assert "'cleared': True" not in str(shown)
        steps = rows(shown, "steps")
        assert [each["ours"] for each in steps if each["step"] == "cleared"] == [None]
    await pair.close()


@on_a_loop
async def test_an_attempt_that_ended_void_says_who_had_not_signed(tmp_path: Path) -> None:
    pair = await stages.at_stage("signing", tmp_path)
    await stages.act(pair, pair.a, "sign")
    (waiting,) = rows(await way(pair, pair.a), "attempts")
    signatures = [
        (str(each["side"]), each["signed"] is True) for each in rows(waiting, "signatures")
    ]
    assert sorted(signatures) == [
        ("ours", False), ("ours", True), ("theirs", False), ("theirs", False)
    ]  # fmt: skip
    await pair.later(2 * HOUR_S)
    shown = await way(pair, pair.a)
    (void,) = rows(shown, "attempts")
    assert (void["outcome"], shown["void_attempts"]) == ("void", 1)
    assert nexts(shown) == [("both", "window")]
    assert acts(shown)["window"] == "now"
    await pair.close()


@on_a_loop
async def test_a_window_that_is_proposed_waits_for_the_other_side(tmp_path: Path) -> None:
    pair = await stages.at_stage("initialled", tmp_path)
    now = pair.clock.now()
    await pair.a.call(
        "agreements.window",
        who="negotiator",
        instrument=pair.instrument,
        opens=str(now),
        closes=str(now.plus(HOUR_S)),
    )
    await pair.settle()
    ours, theirs = await way(pair, pair.a), await way(pair, pair.b)
    assert (acts(ours)["ready"], nexts(ours)) == ("agreed_by_us", [("theirs", "ready")])
    assert (acts(theirs)["ready"], nexts(theirs)) == ("now", [("ours", "ready")])
    await pair.close()


@on_a_loop
async def test_a_suspension_is_tried_dry_before_anybody_asks_for_it(tmp_path: Path) -> None:
    pair = await stages.at_stage("in_force", tmp_path)

    async def preview(*units: str, until: str = "") -> JsonObject:
        return await pair.a.call(
            "agreements.suspend_preview",
            who="legal_adviser",
            instrument=pair.instrument,
            units=list(units),
            until=until,
        )

    whole = await preview()
    assert (whole["allowed"], whole["needs_both"]) == (True, False)
    (area,) = rows(whole, "areas")
    assert (area["title"], area["stops"], area["code"]) == (
        "Information sharing",
        True,
        "suspended",
    )
    (area,) = rows(await preview("Article 4"), "areas")
    assert area["stops"] is False
    (area,) = rows(await preview("Article 2", until="2027-01-01T00:00:00Z"), "areas")
    assert (area["stops"], area["articles"]) == (True, ["Article 2"])
    await refused("suspension.until", preview(until="tomorrow"))
    await refused("suspension.until", preview(until="2020-01-01T00:00:00Z"))
    assert (await way(pair, pair.a))["suspensions"] == [], "nothing was done"

    await stages.act(pair, pair.a, "suspend", units=["Article 2"])
    (area,) = rows(await preview(), "areas")
    assert (area["stopped_already"], area["stops"]) == (True, False)
    shown = await way(pair, pair.b)
    (held,) = rows(shown, "suspensions")
    assert (held["side"], [each["label"] for each in rows(held, "units")]) == (
        "theirs",
        ["Article 2"],
    )
    assert nexts(shown) == [("both", "resume")]
    assert acts(shown)["resume"] == "now"
    await pair.close()
