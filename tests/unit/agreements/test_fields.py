"""Fields and policies: data that quote the words which state them. Spec 4.5, 4.6, 4.8."""

import copy
from pathlib import Path

import attrs
import pytest

from comity.agreements.exporting import export_text, fields_toml
from comity.agreements.fields import (
    FIELD_NAMES,
    areas_of,
    check_fields,
    check_value,
    fields_plain_words,
    stands_in,
)
from comity.agreements.fields_file import (
    FILE_BYTES_MAX,
    check_text_fields,
    read_fields_toml,
    with_fields,
)
from comity.agreements.importing import flatten, import_text
from comity.agreements.model import Content, named_fields
from comity.agreements.paths import read_paths
from comity.agreements.policies import Policy
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from support.treaties import units_of

DEMO = Path(__file__).resolve().parents[3] / "demo"
POLICY: JsonObject = {
    "articles": ["u1"],
    "actions": ["share"],
    "kinds": ["report"],
    "marking_max": "PARTNERS",
    "purposes": ["planning"],
    "recipients": ["parties"],
    "onward": "refused",
}
BASIS: JsonObject = {
    "instrument": f"urn:uuid:{'0' * 8}-0000-4000-8000-{'0' * 12}",
    "title": "Framework",
}
AREA: JsonObject = {"id": "info", "title": "Information", "policy": POLICY}

TEXT = """Article 1
Term

1. This Agreement remains in force for ten years.

2. Either Party may leave by twelve months' notice.

Article 2
Areas

The Parties share reports under Article 3.

Article 3

Reports are marked LOW or HIGH. Ten years is long.

Article 3

Again.
"""


def policy(**changed: Json) -> JsonObject:
    return {**POLICY, **changed}


def area(**changed: Json) -> JsonObject:
    return {"areas": [{**AREA, **changed}]}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("term", {"period": "P10Y"}, "Term: 10 years."),
        ("notice", {"period": "P12M"}, "Notice of withdrawal: 12 months."),
        ("review", {"period": "P1Y6M"}, "Review at least every: 1 year 6 months."),
        (
            "entry",
            {"when": "last_signature", "days": 0},
            "Entry into force: on the last signature.",
        ),
        (
            "entry",
            {"when": "last_signature", "days": 30},
            "Entry into force: 30 days after the last signature.",
        ),
        ("marking_scale", {"levels": ["A", "B"]}, "Markings, lowest first: A < B."),
        ("signatories", {"per_party": 2}, "Signatures needed: 2 for each party."),
        (
            "suspension",
            {"by": "either", "scope": ["whole", "unit"]},
            "Suspension: by either party alone, as a whole or article by article.",
        ),
        (
            "third_parties",
            {"relations": "unaffected", "onward": "consent"},
            (
                "Third parties: relations with others stay unaffected; "
                "passing on to others needs the sender's consent."
            ),
        ),
        ("basis", BASIS, f"Stands under: Framework ({BASIS['instrument']})."),
        (
            "areas",
            {"areas": [AREA]},
            (
                "Area info (Information): under Article 3 the parties may share items (report), "
                "marked PARTNERS or lower, for planning, between the two parties; "
                "what is received may not be passed on."
            ),
        ),
        (
            "areas",
            area(policy=policy(recipients=["did:web:a.example"], actions=["share", "meet"])),
            (
                "Area info (Information): under Article 3 the parties may share items or meet "
                "(report), marked PARTNERS or lower, for planning, to did:web:a.example; "
                "what is received may not be passed on."
            ),
        ),
    ],
)
def test_a_signatory_reads_every_field_in_plain_words(
    name: str, value: JsonObject, words: str
) -> None:
    fields = check_fields({name: {"value": value, "quote": "x"}}, words="x", unit="a unit")
    assert fields_plain_words(fields, labels={"u1": "Article 3"}) == (words,)


def test_a_unit_id_stands_for_itself_where_it_has_no_label() -> None:
    fields: dict[str, JsonObject] = {"areas": {"value": {"areas": [AREA]}, "quote": "x"}}
    assert "under u1 the parties" in fields_plain_words(fields)[0]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("colour", {}, "fields.unknown"),
        ("term", None, "policy.members"),
        ("term", {"period": "P10Y", "more": 1}, "policy.members"),
        ("term", {"period": 10}, "fields.period"),
        ("term", {"period": "10 years"}, "basics.period"),
        ("entry", {"when": "never", "days": 0}, "fields.entry"),
        ("entry", {"when": "last_signature", "days": -1}, "fields.count"),
        ("entry", {"when": "last_signature", "days": True}, "fields.count"),
        ("entry", {"when": "last_signature", "days": "1"}, "fields.count"),
        ("signatories", {"per_party": 0}, "fields.count"),
        ("signatories", {"per_party": 21}, "fields.count"),
        ("marking_scale", {"levels": []}, "fields.levels"),
        ("marking_scale", {"levels": "ABC"}, "fields.levels"),
        ("marking_scale", {"levels": ["A", "A"]}, "fields.levels"),
        ("marking_scale", {"levels": [1]}, "policy.marking"),
        ("marking_scale", {"levels": ["A\nB"]}, "policy.marking"),
        ("suspension", {"by": "us", "scope": ["whole"]}, "fields.suspension"),
        ("suspension", {"by": "both", "scope": []}, "fields.scope"),
        ("suspension", {"by": "both", "scope": "whole"}, "fields.scope"),
        ("suspension", {"by": "both", "scope": ["half"]}, "fields.scope"),
        ("suspension", {"by": "both", "scope": ["unit", "unit"]}, "fields.scope"),
        ("suspension", {"by": ["both"], "scope": ["unit"]}, "fields.suspension"),
        ("suspension", {"by": "both", "scope": [["unit"]]}, "fields.scope"),
        ("third_parties", {"relations": "cut", "onward": "free"}, "fields.third_parties"),
        ("third_parties", {"relations": "unaffected", "onward": []}, "fields.third_parties"),
        ("basis", {**BASIS, "instrument": "Framework"}, "fields.basis"),
        ("basis", {**BASIS, "instrument": f"{BASIS['instrument']}\n"}, "fields.basis"),
        ("basis", {**BASIS, "instrument": 1}, "fields.basis"),
        ("basis", {**BASIS, "title": ""}, "fields.basis_title"),
        ("basis", {**BASIS, "title": 1}, "fields.basis_title"),
        ("basis", {**BASIS, "title": "x" * 201}, "fields.basis_title"),
        ("basis", {**BASIS, "title": "a\u202eb"}, "fields.basis_title"),
        ("basis", {**BASIS, "title": " a  b"}, "fields.basis_title"),
        ("areas", {"areas": []}, "fields.areas"),
        ("areas", {"areas": "info"}, "fields.areas"),
        ("areas", {"areas": [AREA, AREA]}, "fields.area_twice"),
        ("areas", {"areas": ["info"]}, "policy.members"),
        ("areas", area(id="In Fo"), "policy.area"),
        ("areas", area(title=""), "policy.area"),
        ("areas", area(title="a\nb"), "policy.area"),
        ("areas", area(title="a\u202eb"), "basics.character"),
        ("areas", area(policy=policy(more=1)), "policy.members"),
        ("areas", area(policy=policy(onward="maybe")), "policy.onward"),
        ("areas", area(policy=policy(onward=["free"])), "policy.onward"),
        ("areas", area(policy=policy(actions=[])), "policy.list"),
        ("areas", area(policy=policy(actions="share")), "policy.list"),
        ("areas", area(policy=policy(actions=["share", "share"])), "policy.list"),
        ("areas", area(policy=policy(actions=["spy"])), "policy.term"),
        ("areas", area(policy=policy(actions=[["share"]])), "policy.term"),
        ("areas", area(policy=policy(kinds=["Report"])), "policy.term"),
        ("areas", area(policy=policy(purposes=[7])), "policy.term"),
        ("areas", area(policy=policy(articles=["Article 6"])), "policy.term"),
        ("areas", area(policy=policy(marking_max="")), "policy.marking"),
        ("areas", area(policy=policy(recipients=["everybody"])), "policy.recipients"),
        ("areas", area(policy=policy(recipients=["parties", "did:web:a"])), "policy.recipients"),
        ("areas", area(policy=policy(recipients=[7])), "policy.term"),
    ],
)
def test_a_term_that_is_not_known_is_refused_and_never_ignored(
    name: str, value: Json, code: str
) -> None:
    with pytest.raises(ComityError) as caught:
        check_value(name, value, unit="Article 1")
    assert caught.value.code == code


def test_every_kind_of_field_is_in_these_tests() -> None:
    assert len(FIELD_NAMES) == 10


def test_a_policy_is_read_back_as_it_was_written() -> None:
    assert Policy.read(POLICY).json() == POLICY
    assert areas_of({"areas": [AREA]})[0].json() == AREA


@pytest.mark.parametrize(
    ("quote", "words", "stands"),
    [
        ("ten years", "for ten\n  years.", True),
        ("ten  years", "for ten years.", True),
        ("Ten years", "for ten years.", False),
        ("", "anything", False),
        (" \n", "anything", False),
    ],
)
def test_a_quote_stands_in_its_unit_with_white_space_folded(
    *, quote: str, words: str, stands: bool
) -> None:
    assert stands_in(quote, words) is stands


@pytest.mark.parametrize("quote", ["six years", "", None, 7, "x" * 2_001])
def test_a_field_whose_words_are_absent_is_refused(quote: Json) -> None:
    with pytest.raises(ComityError) as caught:
        check_fields(
            {"term": {"value": {"period": "P10Y"}, "quote": quote}},
            words="ten years" + "x" * 3_000,
            unit="Article 1",
        )
    assert caught.value.code == "fields.quote"
    assert "Article 1" in caught.value.message


# The fields file.

TERM = '["Article 1".term]\nperiod = "P10Y"\nquote = "ten years"\n'
AREAS = """
["Article 2".areas]
quote = "The Parties share reports"
[["Article 2".areas.areas]]
id = "info"
title = "Information"
[\"Article 2\".areas.areas.policy]
articles = ["Article 1 2."]
actions = ["share"]
kinds = ["report"]
marking_max = "HIGH"
purposes = ["planning"]
recipients = ["parties"]
onward = "refused"
"""
SCALE = '["Article 3".marking_scale]\nlevels = ["LOW", "HIGH"]\nquote = "LOW or HIGH"\n'


def ids(units: dict[str, Content], fields: dict[str, dict[str, JsonObject]]) -> dict[str, str]:
    paths = read_paths(units)
    return {name: paths.name(unit) for unit, named in fields.items() for name in named}


def test_a_field_belongs_to_the_unit_in_which_its_words_stand() -> None:
    units = units_of(TEXT)
    fields = read_fields_toml((TERM + AREAS + SCALE).encode(), units=units)
    assert ids(units, fields)["term"] == "Article 1 1."
    assert ids(units, fields)["areas"] == "Article 2"
    scale_unit = next(unit for unit, named in fields.items() if "marking_scale" in named)
    assert ids(units, fields)["marking_scale"] == scale_unit  # "Article 3" stands twice
    whole = with_fields(units, fields)
    check_text_fields(whole)
    policy_of = areas_of(named_fields(whole, "areas")[0][1])[0].policy
    assert read_paths(units).name(policy_of.articles[0]) == "Article 1 2."


def test_fields_that_are_exported_are_read_back_the_same() -> None:
    units = units_of(TEXT)
    fields = read_fields_toml((TERM + AREAS + SCALE).encode(), units=units)
    whole = with_fields(units, fields)
    assert export_text(whole) == TEXT
    assert read_fields_toml(fields_toml(whole).encode(), units=units) == fields
    odd = {
        unit: attrs.evolve(
            each,
            fields={"areas": {"value": area(policy=policy(articles=["gone-1"])), "quote": "share"}},
        )
        if each.label == "Article 2"
        else each
        for unit, each in units.items()
    }
    assert 'articles = ["gone-1"]' in fields_toml(odd)


@pytest.mark.parametrize(
    ("file", "code", "said"),
    [
        ("x" * (FILE_BYTES_MAX + 1), "fields_file.size", "bytes"),
        (b"a = 1\n\xff", "fields_file.encoding", "line 2"),
        ("# \u202e", "basics.character", "line 1"),
        ("\n# " + "x" * 4_000, "fields_file.line", "line 2"),
        ("[x", "fields_file.syntax", "TOML"),
        ("a = 1\na = 2\n", "fields_file.syntax", "line 2"),
        ("a = " + "[\n" * 100_000, "fields_file.depth", "deeply"),
        ('"Article 1" = 3\n', "fields_file.shape", "Article 1"),
        ('\n["Article 1".term]\nperiod = "P1Y"\n', "fields_file.quote", "line 2"),
        ('["Article 1"]\nterm = 4\n', "fields_file.quote", "Article 1"),
        ('\n\n["Article 1".colour]\nquote = "ten years"\n', "fields.unknown", "line 3"),
        ('["Article 9".term]\nperiod = "P1Y"\nquote = "x"\n', "paths.none", "Did you mean"),
        ('["zzzzzz".term]\nperiod = "P1Y"\nquote = "x"\n', "paths.none", "zzzzzz"),
        ('["Article 3".term]\nperiod = "P1Y"\nquote = "nowhere"\n', "paths.many", "2 units"),
        ('["Article 1".term]\nperiod = "P1Y"\nquote = "a"\n', "paths.many", "2 units"),
        ('["Article 1".term]\nperiod = "P6Y"\nquote = "six years"\n', "fields.quote", "line 1"),
        ('["Article 1".term]\nperiod = "P6Y"\nquote = 6\n', "fields.quote", "line 1"),
        ('["Article 1".term]\nperiod = 1.5\nquote = "ten"\n', "fields_file.type", "1.5"),
        ('["Article 1".term]\nperiod = 2020-01-01\nquote = "ten"\n', "fields_file.type", "2020"),
        (TERM + TERM.replace("Article 1", "Article 1 1."), "fields_file.twice", "twice"),
        (AREAS.replace("Article 1 2.", "Article 8"), "paths.none", "policy articles"),
        (AREAS.replace("Article 1 2.", "Article 3"), "paths.many", "policy articles"),
        (AREAS.replace('["Article 1 2."]', "[7]"), "policy.term", "articles"),
        (AREAS.replace('["Article 1 2."]', '"Article 1"'), "policy.list", "articles"),
        (AREAS.replace('["share"]', '["spy"]'), "policy.term", "spy"),
        (AREAS.replace("HIGH", "HIGHEST") + SCALE, "fields_file.level", "LOW"),
        ('["Article 2".areas]\nareas = "x"\nquote = "share"\n', "fields.areas", "Article 2"),
        ('["Article 2".areas]\nareas = ["x"]\nquote = "share"\n', "policy.members", "area"),
    ],
)
def test_a_fields_file_that_does_not_fit_is_refused_with_the_place(
    file: str | bytes, code: str, said: str
) -> None:
    with pytest.raises(ComityError) as caught:
        read_fields_toml(file.encode() if isinstance(file, str) else file, units=units_of(TEXT))
    assert code in {caught.value.code, caught.value.facts.get("cause")}
    assert said in caught.value.message


def test_fields_that_no_longer_fit_their_text_are_found_again() -> None:
    units = units_of(TEXT)
    whole = with_fields(units, read_fields_toml(TERM.encode(), units=units))
    unit = next(each for each, content in whole.items() if content.fields)
    whole[unit] = attrs.evolve(whole[unit], text="For six years.")
    with pytest.raises(ComityError) as caught:
        check_text_fields(whole)
    assert caught.value.code == "fields.quote"


def test_units_without_a_label_are_named_by_heading_or_by_their_id() -> None:
    units = units_of("# T\n\n## Scope\n\nWords.\n\nMore words.\n\n## Term\n\nTen years.\n")
    paths = read_paths(units)
    names = [paths.name(unit) for unit in units]
    assert names == ["T", "Scope", "u2", "u3", "Term"]
    assert paths.find("u3") == ("u3",)
    assert paths.one("Term", where="x") == "u4"


@pytest.mark.parametrize(("name", "count"), [("framework", 20), ("provisions", 12)])
def test_the_demonstrations_own_texts_import_clean(name: str, count: int) -> None:
    data = (DEMO / f"{name}.txt").read_bytes()
    numbers = iter(range(10_000))
    imported = import_text(data, name=name)
    units = flatten(imported, new_id=lambda: f"u{next(numbers)}")
    assert imported.not_understood == ()
    assert sum(content.kind == "article" for content in units.values()) == count
    fields = read_fields_toml((DEMO / f"{name}.fields.toml").read_bytes(), units=units)
    whole = with_fields(units, fields)
    stated = {field for content in whole.values() for field in content.fields}
    assert stated == FIELD_NAMES - {"basis"}  # a framework stands under nothing
    assert [
        one.id for _, value in named_fields(whole, "areas") for one in areas_of(copy.copy(value))
    ] == ["coordination", "information-sharing", "technology"]
    assert read_fields_toml(fields_toml(whole).encode(), units=units) == fields
