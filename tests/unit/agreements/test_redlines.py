"""What a user loses if this breaks: a mandate that is passed without anybody having said so."""

import attrs
import pytest

from comity.agreements import moves as m
from comity.agreements.model import DELETED, Content
from comity.agreements.redlines import (
    Candidate,
    Deviation,
    Finding,
    RedLine,
    blocks,
    check,
    consents,
    parse_toml,
)
from comity.foundation.canonical import Json, JsonObject, canonical, parse
from comity.foundation.errors import ComityError, MisuseError
from support.parties import NOW
from support.talks import content, field, on

P = "urn:uuid:00000000-0000-4000-8000-000000000001"


def line(kind: str, **rule: Json) -> RedLine:
    return RedLine.read({"id": "line", "kind": kind, "severity": "red", "sentence": "No.", **rule})


def findings(one: RedLine, *contents: Content, role: str | None = None) -> list[str | None]:
    units = [Candidate(unit=f"u{n}", content=each) for n, each in enumerate(contents, 1)]
    return [each.unit for each in check([one], units, direction="outgoing", role=role)]


def term(period: str) -> Content:
    return content("for a time", fields={"term": field("a time", period=period)})


def others(relations: str, onward: str = "refused") -> Content:
    fields = {"third_parties": field("others", relations=relations, onward=onward)}
    return content("relations with others", fields=fields)


def areas(onward: str) -> Content:
    policy: JsonObject = {
        "articles": ["u1"],
        "actions": ["share"],
        "kinds": ["report"],
        "marking_max": "open",
        "purposes": ["planning"],
        "recipients": ["parties"],
        "onward": onward,
    }
    area: JsonObject = {"id": "reports", "title": "Reports", "policy": policy}
    return content("share reports", fields={"areas": field("reports", areas=[area])})


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ({"field": "term", "test": "at_most", "value": "P10Y"}, term("P120M"), term("P11Y")),
        ({"field": "term", "test": "at_least", "value": "P1Y"}, term("P12M"), term("P11M")),
        ({"field": "term", "test": "equals", "value": "P1Y"}, term("P12M"), term("P30D")),
        (
            {"field": "third_parties", "test": "equals", "value": {"onward": "refused"}},
            others("conditioned"),
            others("unaffected", "free"),
        ),
    ],
)
def test_a_field_outside_its_limit_is_found(
    rule: dict[str, Json], good: Content, bad: Content
) -> None:
    assert findings(line("field", **rule), good, bad, content("no field"), DELETED) == ["u2"]


@pytest.mark.parametrize(
    ("rule", "contents", "expected"),
    [
        ({"wordings": ["self reliance"]}, [content("for Self\nReliance, ...")], []),
        ({"wordings": ["self reliance"]}, [content("nothing")], [None]),
        (
            {"wordings": ["relies on itself", "alone"], "label": "Article 2"},
            [content("alone"), content("stands alone", label="ARTICLE 2")],
            [],
        ),
        (
            {"wordings": ["alone"], "label": "Article 2"},
            [content("alone"), content("together", label="Article 2")],
            ["u2"],
        ),
        ({"wordings": ["alone"], "label": "Article 2"}, [content("alone"), DELETED], [None]),
    ],
)
def test_a_wording_that_must_stay_is_missed(
    rule: dict[str, Json], contents: list[Content], expected: list[str | None]
) -> None:
    assert findings(line("keep", **rule), *contents) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("exclusiv*", "an EXCLUSIVE right", True),  # codespell:ignore exclusiv
        ("exclusiv*", "inexclusive", False),  # codespell:ignore exclusiv
        ("third countries", "third\n countries", True),
        ("third countr*", "third countries", True),  # codespell:ignore countr
        ("art.", "arts", False),
        ("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!", False),
    ],
)
def test_forbidden_words_are_found_as_words(pattern: str, text: str, found: bool) -> None:  # noqa: FBT001 - a column of the table
    assert bool(findings(line("forbid_wording", patterns=[pattern]), content(text))) == found


@pytest.mark.parametrize(
    ("rule", "one", "expected"),
    [
        ({"effect": "conditions_third_parties"}, others("conditioned"), ["u1"]),
        ({"effect": "conditions_third_parties"}, others("unaffected"), []),
        ({"effect": "conditions_third_parties"}, content("no field"), []),
        (
            {"effect": "conditions_third_parties", "patterns": ["shall not deal"]},
            content("A shall not deal with C."),
            ["u1"],
        ),
        ({"effect": "onward_sharing"}, others("unaffected", "free"), ["u1"]),
        ({"effect": "onward_sharing"}, areas("free"), ["u1"]),
        ({"effect": "onward_sharing"}, areas("consent"), []),
        ({"effect": "onward_sharing", "patterns": []}, content("no field"), []),
    ],
)
def test_a_forbidden_effect_is_told_by_the_field(
    rule: dict[str, Json], one: Content, expected: list[str]
) -> None:
    assert findings(line("forbid_effect", **rule), one) == expected


def test_only_the_named_role_may_stand_by_a_unit() -> None:
    one = line("authority", labels=["Article 4"], role="mandate_holder")
    unit = content("x", label="Article 4")
    assert findings(one, unit, role="negotiator") == ["u1"]
    assert findings(one, unit, role="mandate_holder") == []
    assert findings(one, content("x", label="Article 5"), role="negotiator") == []
    assert check([one], [Candidate(unit="u1", content=unit)], direction="incoming") == ()


RED = line("forbid_effect", effect="conditions_third_parties")
UNITS = [
    Candidate(unit="u1", content=others("conditioned")),
    Candidate(unit="u2", content=content("plain")),
]
BAD = on("u1", "relations with others", fields=others("conditioned").fields)
OFFER = m.Package(package=P, gives=(("u1", BAD),), asks=(("u2", on("u2", "plain")),))


@pytest.mark.parametrize(
    ("moves", "blocked"),
    [
        ([], True),
        ([m.Accept(unit="u1", digest=BAD)], True),
        ([m.AcceptAdRef(unit="u1", digest=BAD)], True),
        ([m.Confirm(unit="u1", digest=BAD)], True),
        ([m.Propose(unit="u1", content=others("conditioned"))], True),
        ([OFFER], True),
        ([m.AcceptPackage(package=P, digest=OFFER.digest())], True),
        ([m.Accept(unit="u2", digest=on("u2", "plain"))], False),
        ([m.Object(unit="u1", digest=BAD), m.Reserve(unit="u1", reserve="legal")], False),
        ([m.AcceptPackage(package=P, digest="0" * 64)], False),
    ],
)
def test_a_red_line_blocks_every_way_of_standing_by_a_unit(
    moves: list[m.Move],
    blocked: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = blocks([RED], moves, units=UNITS, deviations=(), role=None, offers=[OFFER])
    assert [(each.line, each.unit) for each in found] == ([("line", "u1")] if blocked else [])


@pytest.mark.parametrize(("severity", "count"), [("red", 1), ("amber", 1), ("note", 0)])
def test_a_note_never_blocks(severity: str, count: int) -> None:
    one = attrs.evolve(RED, severity=severity)
    assert len(blocks([one], [], units=UNITS, deviations=(), role=None)) == count
    assert len(check([one], UNITS, direction="incoming")) == 1


@pytest.mark.parametrize(("on_", "count"), [("u1", 0), (BAD, 0), ("u2", 1), ("text", 1)])
def test_a_deviation_lets_pass_exactly_what_it_names(on_: str, count: int) -> None:
    deviation = Deviation(red_line="line", on=on_, by="the mandate holder", at=NOW)
    found = blocks([RED], [], units=UNITS, deviations=(deviation,), role=None)
    assert len(found) == count
    assert Deviation.read(parse(canonical(deviation.json()))) == deviation
    other = attrs.evolve(deviation, red_line="other")
    assert len(blocks([RED], [], units=UNITS, deviations=(other,), role=None)) == 1


def test_what_the_text_lacks_blocks_its_adoption_and_its_deletion() -> None:
    keep = line("keep", wordings=["self-reliance"])
    accept = [m.Accept(unit="u2", digest=on("u2", "plain"))]
    delete = [m.Propose(unit="u2", content=DELETED)]
    deleted = [UNITS[0], Candidate(unit="u2", content=DELETED)]
    expected = Finding(
        line="line",
        severity="red",
        unit=None,
        why="the text no longer says 'self-reliance'",
    )
    assert blocks([keep], accept, units=UNITS, deviations=(), role=None) == ()
    assert blocks([keep], delete, units=deleted, deviations=(), role=None) == (expected,)
    assert blocks([keep], [], units=UNITS, deviations=(), role=None) == (expected,)
    permitted = Deviation(red_line="line", on="text", by="x", at=NOW)
    assert blocks([keep], [], units=UNITS, deviations=(permitted,), role=None) == ()


def test_moves_without_consent_consent_to_nothing() -> None:
    assert list(consents([m.Withdraw(unit="u1"), m.WithdrawPackage(package=P)])) == []


FILE = b"""
[[redline]]
id = "third-parties"
kind = "forbid_effect"
severity = "red"
sentence = "Nothing that conditions our relations with others."
effect = "conditions_third_parties"

[[redline]]
id = "term"
kind = "field"
severity = "amber"
sentence = "At most ten years."
field = "term"
test = "at_most"
value = "P10Y"
"""


def test_a_file_of_red_lines_is_read_whole_and_printed_back() -> None:
    lines = parse_toml(FILE)
    assert [each.id for each in lines] == ["third-parties", "term"]
    more = [
        line("keep", wordings=["a", "b"], label="Article 1"),
        line("keep", wordings=["a"]),
        line("forbid_wording", patterns=["x"]),
        line("authority", labels=["Article 1"], role="mandate_holder"),
    ]
    for each in (*lines, *more):
        assert RedLine.read(parse(canonical(each.json()))) == each


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff", "redlines.file"),
        (b"[[redline", "redlines.file"),
        (b"", "redlines.tables"),
        (b"redline = 3", "redlines.tables"),
        (FILE + b"[other]", "redlines.tables"),
        (FILE + FILE, "redlines.twice"),
        (b" " * ((1 << 20) + 1), "redlines.size"),
        (b"redline = [3]", "redlines.form"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(MisuseError) as caught:
        parse_toml(data)
    assert caught.value.code == code


BASE: dict[str, Json] = {"id": "a", "kind": "keep", "severity": "red", "sentence": "s"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({**BASE, "kind": "wish", "wordings": ["x"]}, "redlines.kind"),
        ({**BASE, "kind": 3}, "redlines.kind"),
        ({**BASE, "severity": "pink", "wordings": ["x"]}, "redlines.severity"),
        ({**BASE, "severity": [], "wordings": ["x"]}, "redlines.severity"),
        ({**BASE, "id": "A b", "wordings": ["x"]}, "redlines.id"),
        ({**BASE, "id": 3, "wordings": ["x"]}, "redlines.id"),
        ({**BASE, "sentence": " ", "wordings": ["x"]}, "redlines.text"),
        ({**BASE}, "redlines.members"),
        ({**BASE, "wordings": ["x"], "more": 1}, "redlines.members"),
        ({**BASE, "wordings": []}, "redlines.list"),
        ({**BASE, "wordings": "x"}, "redlines.list"),
        ({**BASE, "wordings": [3]}, "redlines.text"),
        ({**BASE, "kind": "forbid_effect", "effect": "rain"}, "redlines.effect"),
        ({**BASE, "kind": "field", "field": "x", "test": "equals", "value": 1}, "redlines.field"),
        (
            {**BASE, "kind": "field", "field": "term", "test": "at_most", "value": "ten"},
            "redlines.period",
        ),
        (
            {**BASE, "kind": "field", "field": "entry", "test": "at_most", "value": {}},
            "redlines.equals",
        ),
        (
            {**BASE, "kind": "field", "field": "entry", "test": "equals", "value": 3},
            "redlines.equals",
        ),
    ],
)
def test_a_red_line_that_could_not_be_checked_is_refused(value: Json, code: str) -> None:
    with pytest.raises(ComityError) as caught:
        RedLine.read(value)
    assert caught.value.code == code


@pytest.mark.parametrize("value", [3, {"red_line": "x"}])
def test_a_deviation_of_another_form_is_refused(value: Json) -> None:
    with pytest.raises(MisuseError):
        Deviation.read(value)


@pytest.mark.parametrize("label", ["Article 1", "Article 1 2.", "2."])
def test_an_article_is_meant_with_its_paragraphs(label: str) -> None:
    paragraph = Candidate(
        unit="u2",
        content=content("We decide alone.", label="2."),
        names=("Article 1 2.", "Article 1"),
    )
    keep = line("keep", wordings=["decide alone"], label=label.upper())
    assert check([keep], [paragraph], direction="outgoing") == ()
    missed = line("keep", wordings=["together"], label=label)
    assert [each.unit for each in check([missed], [paragraph], direction="outgoing")] == ["u2"]
    only = line("authority", labels=[label], role="mandate_holder")
    (found,) = check([only], [paragraph], direction="outgoing", role="negotiator")
    assert found.why == f"only the role mandate_holder may stand by {label}"
    assert check([only], [paragraph], direction="outgoing", role="mandate_holder") == ()
