"""Each command asks the node for one operation, with what was typed and nothing else."""

from pathlib import Path
from urllib.parse import quote

import pytest

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.sdk.calling import address
from support.cli import FakeNode, Type, loaded

AGREEMENT = "/api/agreements/last"
DESCRIBED = "&area=a&kind=k&marking=m&purpose=p&title=t.txt&media=application%2Foctet-stream"
ONE: JsonObject = {"status": "", "relationships": [{"relationship": "r1", "name": "Ministry B"}]}


def answered(answer: str, units: list[Json], words: str = "") -> JsonObject:
    return {"answer": answer, "units": units, "words": words}


#: Words, method, path, body. ``t.txt`` holds "text", ``t.toml`` holds "fields".
CALLS: list[tuple[str, str, str, Json]] = [
    ("health", "GET", "/api/health", None),
    ("status", "GET", "/api/status", None),
    ("officials list", "GET", "/api/officials", None),
    ("officials invite k", "POST", "/api/accounts/invite", {"person": "k"}),
    (
        "officials roles k --role engineer",
        "POST",
        "/api/officials/k/roles",
        {"roles": ["engineer"]},
    ),
    ("officials close k", "POST", "/api/officials/k/close", {}),
    ("officials reopen k", "POST", "/api/officials/k/reopen", {}),
    (
        "officials enrol k --name N --office O --role engineer",
        "POST",
        "/api/officials/add",
        {"card": {"id": "k", "name": "N", "office": "O"}, "roles": ["engineer"]},
    ),
    ("requests list", "GET", "/api/requests", None),
    ("letter show t.txt", "POST", "/api/letters/read", {"letter": "dGV4dA"}),
    ("agreement list", "GET", "/api/agreements", None),
    ("agreement show last", "GET", AGREEMENT, None),
    ("agreement text last", "GET", f"{AGREEMENT}/text?form=brackets", None),
    ("agreement text last --clean", "GET", f"{AGREEMENT}/text?form=clean", None),
    ("agreement text last --fields", "GET", f"{AGREEMENT}/text?form=fields", None),
    ("agreement talk last", "POST", f"{AGREEMENT}/talk", {}),
    (
        "agreement draft t.txt --with B --title T --fields t.toml",
        "POST",
        "/api/agreements/draft",
        {
            "text": "text",
            "title": "T",
            "fields": "fields",
            "counterpart": "B",
            "register": "binding",
        },
    ),
    ("agreement accept last a b", "POST", f"{AGREEMENT}/answers", answered("accept", ["a", "b"])),
    (
        "agreement accept last --all-open --ad-referendum",
        "POST",
        f"{AGREEMENT}/answers",
        answered("accept_ad_ref", ["all"]),
    ),
    ("agreement confirm last all", "POST", f"{AGREEMENT}/answers", answered("confirm", ["all"])),
    (
        "agreement object last a --because why",
        "POST",
        f"{AGREEMENT}/answers",
        answered("object", ["a"], "why"),
    ),
    (
        "agreement reserve last a --kind legal",
        "POST",
        f"{AGREEMENT}/answers",
        answered("reserve", ["a"], "legal"),
    ),
    ("agreement lift last a", "POST", f"{AGREEMENT}/answers", answered("lift", ["a"])),
    ("agreement withdraw last a", "POST", f"{AGREEMENT}/answers", answered("withdraw", ["a"])),
    ("agreement park last a", "POST", f"{AGREEMENT}/answers", answered("park", ["a"])),
    ("agreement unpark last a", "POST", f"{AGREEMENT}/answers", answered("unpark", ["a"])),
    (
        "agreement reopen-unit last a --because why",
        "POST",
        f"{AGREEMENT}/answers",
        answered("reopen", ["a"], "why"),
    ),
    (
        "agreement explain last a words",
        "POST",
        f"{AGREEMENT}/answers",
        answered("explain", ["a"], "words"),
    ),
    (
        "agreement counter x t.txt --fields t.toml",
        "POST",
        "/api/agreements/x/counter",
        {"text": "text", "fields": "fields", "dry_run": False},
    ),
    (
        "agreement counter t.txt --dry-run",
        "POST",
        f"{AGREEMENT}/counter",
        {"text": "text", "fields": "", "dry_run": True},
    ),
    (
        "agreement package offer last --give a --give b --ask c",
        "POST",
        f"{AGREEMENT}/packages",
        {"gives": ["a", "b"], "asks": ["c"]},
    ),
    (
        "agreement package accept last last",
        "POST",
        f"{AGREEMENT}/packages/accept",
        {"package": "last"},
    ),
    ("agreement staged last", "GET", f"{AGREEMENT}/staged", None),
    ("agreement unstage last", "POST", f"{AGREEMENT}/unstage", {}),
    ("agreement table last", "POST", f"{AGREEMENT}/table", {"reason": ""}),
    ("agreement table last --because why", "POST", f"{AGREEMENT}/table", {"reason": "why"}),
    ("agreement reopen last --because why", "POST", f"{AGREEMENT}/reopen", {"reason": "why"}),
    ("agreement abandon last --because why", "POST", f"{AGREEMENT}/abandon", {"reason": "why"}),
    ("agreement clear last", "POST", f"{AGREEMENT}/clear", {}),
    (
        "agreement window last --opens 2026-12-01T09:00:00Z --closes 2026-12-02 --signatory k",
        "POST",
        f"{AGREEMENT}/window",
        {"opens": "2026-12-01T09:00:00Z", "closes": "2026-12-02T23:59:59Z", "signatories": ["k"]},
    ),
    ("agreement ready last", "POST", f"{AGREEMENT}/ready", {}),
    ("redline show last", "GET", "/api/redlines/last", None),
    ("redline set last t.toml", "POST", "/api/redlines/last", {"lines": "fields"}),
    (
        "redline deviate last line a",
        "POST",
        "/api/redlines/last/deviations",
        {"line": "line", "unit": "a"},
    ),
    (
        "share add t.txt --area a --kind k --marking m --purpose p",
        "POST",
        f"/api/items?name=t.txt{DESCRIBED}",
        "text",
    ),
    ("share check i --to B", "POST", "/api/items/i/check", {"counterpart": "B"}),
    ("share offer i --to B", "POST", "/api/items/i/offer", {"counterpart": "B"}),
    ("share release i --to B", "POST", "/api/items/i/release", {"counterpart": "B"}),
    ("share cancel i --to B", "POST", "/api/items/i/cancel", {"counterpart": "B"}),
    ("share waiting", "GET", "/api/wishes?status=waiting", None),
    (
        "share decline i --to B --because no",
        "POST",
        "/api/items/i/decline",
        {"counterpart": "B", "reason": "no"},
    ),
    ("share withdraw i --to B", "POST", "/api/items/i/withdraw", {"counterpart": "B"}),
    ("share list", "GET", "/api/items", None),
    ("catalogue --of did:web:b", "GET", "/api/catalogue?counterpart=did%3Aweb%3Ab", None),
    ("transfers list", "GET", "/api/transfers", None),
    ("transfers show t1", "GET", "/api/transfers/t1", None),
    (
        "transfers suspend t1 --reason later",
        "POST",
        "/api/transfers/t1/suspend",
        {"reason": "later"},
    ),
    ("transfers resume t1", "POST", "/api/transfers/t1/resume", {}),
    (
        "transfers terminate t1 --reason enough",
        "POST",
        "/api/transfers/t1/terminate",
        {"reason": "enough"},
    ),
    ("retransfers show r1", "GET", "/api/retransfers/r1", None),
    (
        "endchecks arrange e1 2027-03-29T10:00 --place Port --zone Europe/Paris",
        "POST",
        "/api/endchecks/e1/arrange",
        {"at": "2027-03-29T10:00", "place": "Port", "zone": "Europe/Paris", "words": ""},
    ),
    ("record show --with B", "GET", "/api/record?counterpart=B", None),
    (
        "record entries --with B --log theirs --start 3 --limit 5",
        "GET",
        "/api/record/entries?counterpart=B&log=theirs&start=3&limit=5",
        None,
    ),
]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("text")
    (tmp_path / "t.toml").write_text("fields")


@pytest.mark.parametrize(
    ("words", "method", "path", "body"), CALLS, ids=[call[0] for call in CALLS]
)
def test_a_command_asks_exactly_what_was_typed(
    typed: Type, node: FakeNode, words: str, method: str, path: str, body: Json
) -> None:
    said = typed(*words.split(), "--as", "keller")
    assert (said.code, said.err) == (0, said.err)
    assert [(call.method, call.path, call.body, call.official) for call in node.calls] == [
        (method, path, body, "keller")
    ]
    assert said.out, "a person sees something"
    shown = typed(*words.split(), "--json")
    assert (shown.code, shown.err) == (0, "")
    loaded(shown.out)


REQUEST: JsonObject = {
    "type": "comity/signing-request",
    "request": "3f9a0000-0000",
    "operation": "agreement.adopt",
    "title": "Adoption of the text: T",
    "capacity": "adopt",
    "signers": ["keller"],
    "needed": 1,
}
ASKING: list[tuple[str, str, Json]] = [
    ("letter accept t.txt --fingerprint 1", "/api/letters/accept", None),
    ("officials powers k --act sign --until 2027-01-31", "/api/officials/powers", None),
    ("officials revoke k", "/api/officials/revoke", {"official": "k", "reason": "ended"}),
    ("requests show 3f9a", "/api/requests/3f9a", None),
    ("agreement adopt last", f"{AGREEMENT}/adopt", {}),
    ("agreement initial last", f"{AGREEMENT}/initial", {}),
    ("agreement sign last", f"{AGREEMENT}/sign", {}),
    ("agreement suspend last a", f"{AGREEMENT}/suspend", {"units": ["a"], "until": ""}),
    ("agreement resume last", f"{AGREEMENT}/resume", {}),
]


@pytest.mark.parametrize(("words", "path", "body"), ASKING, ids=[call[0] for call in ASKING])
def test_what_asks_for_a_signature_becomes_a_file(
    typed: Type, node: FakeNode, words: str, path: str, body: Json, tmp_path: Path
) -> None:
    node.answer = REQUEST
    said = typed(*words.split())
    assert said.code == 0
    assert "keller" in said.out
    assert "comity sign agreement-adopt-3f9a0000.request.json" in said.err
    assert loaded((tmp_path / "agreement-adopt-3f9a0000.request.json").read_text()) == REQUEST
    assert node.calls[0].path == path
    if body is not None:
        assert node.calls[0].body == body
    shown = loaded(typed(*words.split(), "-o", "x.json", "--json").out)
    assert (shown["file"], shown["request"]) == ("x.json", REQUEST["request"])
    assert (tmp_path / "x.json").exists()


def test_full_powers_carry_acts_instruments_and_the_last_second_of_the_day(
    typed: Type, node: FakeNode
) -> None:
    node.answer = REQUEST
    words = "officials powers k --act sign --act adopt --until 2027-01-31 --instrument urn:uuid:1"
    assert typed(*words.split()).code == 0
    assert node.calls[0].body == {
        "official": "k",
        "acts": ["sign", "adopt"],
        "valid_until": "2027-01-31T23:59:59Z",
        "instruments": ["urn:uuid:1"],
    }


def test_the_only_counterpart_need_not_be_named(typed: Type, node: FakeNode) -> None:
    node.answers["/api/status"] = ONE
    assert typed("share", "check", "i").code == 0
    assert node.calls[-1].body == {"counterpart": "r1"}
    two: list[Json] = [{"relationship": "r1", "name": "B"}, {"relationship": "r2", "name": "C"}]
    node.answers["/api/status"] = {"relationships": two}
    said = typed("share", "check", "i")
    assert said.code == 2
    assert "B, C" in said.err


def test_the_fields_beside_a_text_are_taken_along(
    typed: Type, node: FakeNode, tmp_path: Path
) -> None:
    (tmp_path / "t.fields.toml").write_text("beside")
    said = typed("agreement", "draft", "t.txt", "--with", "B", "--title", "T")
    body = node.calls[0].body
    assert isinstance(body, dict)
    assert body["fields"] == "beside"
    assert "t.fields.toml" in said.out


RED_LINE: JsonObject = {
    "id": "l",
    "kind": "forbid_wording",
    "severity": "red",
    "sentence": "No.",
    "patterns": ["never"],
}
LINE_FILE = """[[redline]]
id = "l"
kind = "forbid_wording"
severity = "red"
sentence = "No."
patterns = ["never"]
"""


def test_a_red_line_is_tried_and_added_as_the_file_says_it(
    typed: Type, node: FakeNode, tmp_path: Path
) -> None:
    (tmp_path / "line.toml").write_text(LINE_FILE + LINE_FILE.replace('"l"', '"m"'))
    finding = {"line": "l", "label": "Article 9", "severity": "red", "sentence": "No.", "why": "w"}
    node.answers["/api/redlines/last/preview"] = {"findings": [finding]}
    said = typed("redline", "try", "last", "line.toml")
    assert "! Article 9: our red line l (red) «No.»" in said.out
    assert [call.body for call in node.calls] == [
        {"line": RED_LINE},
        {"line": {**RED_LINE, "id": "m"}},
    ]
    node.calls.clear()
    node.answers["/api/redlines/last/preview"] = {"findings": []}
    assert "None of them would fire now." in typed("redline", "try", "last", "line.toml").out
    node.calls.clear()
    node.answers["/api/redlines/last"] = {"version": 4}
    node.answers["/api/redlines/last/lines"] = {"version": 5, "red_lines": 3}
    assert "3 red lines set" in typed("redline", "add", "last", "line.toml").out
    assert [call.body for call in node.calls[1:]] == [
        {"line": RED_LINE, "version": 4},
        {"line": {**RED_LINE, "id": "m"}, "version": 5},
    ]


def test_a_red_line_is_dropped_in_the_version_that_was_seen(typed: Type, node: FakeNode) -> None:
    node.answers["/api/redlines/last"] = {"version": 4}
    node.answers["/api/redlines/last/lines/drop"] = {"red_lines": 1}
    assert "1 red line left" in typed("redline", "drop", "last", "l").out
    assert node.calls[-1].body == {"line": "l", "version": 4}


@pytest.mark.parametrize("name", ["Framework for Cooperation", "a/b", "x?y#z", "été"])
def test_a_name_in_the_path_stays_one_name(name: str) -> None:
    method, path, body = address("agreements.talk", {"instrument": name})
    assert (method, body) == ("POST", {})
    assert path == f"/api/agreements/{quote(name, safe='')}/talk"


def test_an_empty_name_reaches_no_other_operation() -> None:
    with pytest.raises(MisuseError) as caught:
        address("agreements.show", {"instrument": " "})
    assert caught.value.code == "sdk.empty"


def test_relative_dates_are_counted_from_now(typed: Type, node: FakeNode) -> None:
    words = "agreement window last --opens +0s --closes +3d"
    assert typed(*words.split()).code == 0
    body = node.calls[0].body
    assert isinstance(body, dict)
    opens, closes = str(body["opens"]), str(body["closes"])
    assert opens < closes
    assert (opens[10:], opens[-1]) == (closes[10:], "Z")
