"""What a user loses if this breaks: the duty or the tie that the legal adviser was not shown."""

import attrs
import pytest

from comity.agreements.model import DELETED, Content
from comity.agreements.reading import (
    Earlier,
    Point,
    Sides,
    gone,
    looked_for,
    points_of,
    sentences_of,
)
from comity.foundation.canonical import Json, JsonObject
from support.reading import unit
from support.talks import content, field

SIDES = Sides(ours=("Aldoria", ""), theirs=("Berevan",))


def points(
    *contents: Content, register: str = "binding", earlier: Earlier | None = None
) -> tuple[Point, ...]:
    one = unit("u1", *contents)
    return points_of(one, sides=SIDES, register=register, earlier=earlier, now=sentences_of([one]))


def said(group: str, text: str, *, lang: str = "en", register: str = "binding") -> list[str]:
    found = points(content(text, lang=lang), register=register)
    return [each.code for each in found if each.group == group]


@pytest.mark.parametrize(
    ("text", "lang", "bearers"),
    [
        ("The Parties shall meet each year.", "en", ["both"]),
        ("Each Party undertakes to keep it.", "en-GB", ["both"]),
        ("Aldoria shall pay the costs.", "en", ["ours"]),
        ("The Kingdom of Berevan must pay. It is fine.", "en", ["theirs"]),
        ("Aldoria and Berevan will meet.", "en", ["both"]),
        ("The Committee shall meet; the Parties may attend.", "en", ["unclear"]),
        ("It is a shallow text about marshalls.", "en", []),
        ("Les Parties s'engagent à se réunir.", "fr", ["both"]),
        ("Las Partes deberán reunirse.", "es", ["both"]),
        ("Die Parteien verpflichten sich zur Ruhe.", "de", ["both"]),
        ("Стороны обязуются встречаться.", "ru", ["both"]),
        ("双方应当每年会晤。任何一方可以退出。", "zh", ["both"]),
        ("Ils doivent.", "xx", []),
    ],
)
def test_who_must_do_something_is_shown_where_the_words_tell(
    text: str, lang: str, bearers: list[str]
) -> None:
    assert said("duty", text, lang=lang) == bearers


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Aldoria is the exclusive partner.", ["exclusive"]),
        ("It is automatically renewed.", ["renewal"]),
        ("It is not automatically renewed.", []),
        ("It is deemed to have accepted after a month.", ["silence"]),
        ("Silence is not consent.", []),
        ("Berevan may inspect the sites.", ["audit"]),
        ("Third parties are many.", []),
        ("Contacts with third parties need prior consent.", ["third_parties"]),
        ("This does not affect relations with third parties, which may grow.", []),
    ],
)
def test_what_ties_us_towards_others_is_shown(text: str, codes: list[str]) -> None:
    assert said("third_party", text) == codes


def test_an_audit_of_one_side_alone_is_told_apart() -> None:
    found = {
        each.words: each.facts
        for each in points(
            content(
                "Berevan may inspect sites. Each Party may audit the other. Inspections are rare."
            )
        )
        if each.code == "audit"
    }
    assert [facts["one_sided"] for facts in found.values()] == [True, False, False]
    assert [facts["who"] for facts in found.values()] == ["theirs", "both", "unclear"]


def test_effects_are_looked_for_in_french_too_and_unknown_languages_are_said() -> None:
    assert said("third_party", "L'accord est exclusif. Le silence ne vaut pas.", lang="fr") == [
        "exclusive"
    ]
    assert looked_for("fr-CA") == ("duty", "third_party", "register")
    assert looked_for("zh-Hant") == ("duty",)
    assert looked_for("und") == ()


def with_fields(**values: JsonObject) -> Content:
    return content(
        "words", fields={name: field("words", **value) for name, value in values.items()}
    )


def area(onward: str, *recipients: str) -> JsonObject:
    policy: JsonObject = {
        "articles": ["u1"],
        "actions": ["share"],
        "kinds": ["report"],
        "marking_max": "OPEN",
        "purposes": ["planning"],
        "recipients": list(recipients),
        "onward": onward,
    }
    return {"areas": [{"id": "info", "title": "Information", "policy": policy}]}


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        (
            with_fields(third_parties={"relations": "conditioned", "onward": "free"}),
            ["conditioned", "onward_free"],
        ),
        (with_fields(third_parties={"relations": "unaffected", "onward": "refused"}), []),
        (with_fields(areas=area("free", "did:web:c.example")), ["onward_free", "recipients"]),
        (with_fields(areas=area("consent", "parties")), []),
    ],
)
def test_what_fields_do_to_third_parties_is_certain(made: Content, codes: list[str]) -> None:
    found = [each for each in points(made) if each.group == "third_party"]
    assert [each.code for each in found] == codes
    assert not any(each.by_words for each in found)


@pytest.mark.parametrize(
    ("text", "register", "lang", "code"),
    [
        ("The Participants shall meet.", "political", "en", "binding_words"),
        ("The Participants will meet.", "political", "en", None),
        ("The Parties will meet.", "binding", "en", "political_words"),
        ("The Parties shall meet.", "binding", "en", None),
        ("The Parties will meet.", "binding", "xx", None),
    ],
)
def test_words_of_the_other_register_are_shown(
    text: str, register: str, lang: str, code: str | None
) -> None:
    found = [
        each
        for each in points(content(text, lang=lang), register=register)
        if each.group == "register"
    ]
    assert [each.code for each in found] == ([] if code is None else [code])


def test_a_field_and_a_sentence_that_stood_before_are_not_new() -> None:
    old = content(
        "Aldoria shall pay.",
        fields={"third_parties": field("pay", relations="conditioned", onward="consent")},
    )
    earlier = Earlier.of([unit("u1", old)])
    now = attrs.evolve(old, text="Aldoria shall pay. Berevan shall not pay.")
    found = {(each.group, each.code): each.new for each in points(now, earlier=earlier)}
    assert found["duty", "ours"] is False
    assert found["duty", "theirs"] is True
    assert found["third_party", "conditioned"] is False
    fresh = {each.code: each.new for each in points(old, earlier=Earlier.of([unit("u2", old)]))}
    assert fresh["conditioned"] is True, "the field stood in another unit"
    assert fresh["ours"] is False, "a sentence that moved is no new duty"


def changes(before: Content, *after: Content) -> list[tuple[str, str]]:
    found = points(*after, earlier=Earlier.of([unit("u1", before)]))
    return [(each.group, each.code) for each in found if each.group in {"change", "lost"}]


def test_what_changed_and_what_a_unit_lost_is_shown() -> None:
    before = content("We shall meet. We may talk.", fields={"term": field("We", period="P10Y")})
    assert changes(before, before) == []
    assert changes(before, attrs.evolve(before, order="z")) == [("change", "moved")]
    shorter = attrs.evolve(before, text="We may talk.")
    assert changes(before, shorter) == [("change", "words"), ("lost", "duty")]
    quiet = attrs.evolve(before, text="We shall meet.")
    assert changes(before, quiet) == [("change", "words"), ("lost", "words")]
    unknown = attrs.evolve(before, lang="xx")
    assert changes(unknown, shorter) == [("change", "words"), ("lost", "words")]
    assert changes(before, attrs.evolve(before, fields={})) == [("lost", "field")]
    other = attrs.evolve(before, fields={"term": field("We", period="P5Y")})
    assert changes(before, other) == [("change", "field")]
    assert changes(before, DELETED, before) == [("lost", "unit")]


def test_a_change_of_a_field_is_told_in_plain_words() -> None:
    before = with_fields(term={"period": "P10Y"})
    after = with_fields(term={"period": "P5Y"})
    (found,) = points(after, earlier=Earlier.of([unit("u1", before)]))
    assert found.json()["facts"] == {
        "name": "term", "before": ["Term: 10 years."], "after": ["Term: 5 years."]
    }  # fmt: skip


def test_new_and_vanished_units_are_told() -> None:
    earlier = Earlier.of([unit("u0", content("Old."))])
    one = unit("u1", content("New."))
    found = points_of(one, sides=SIDES, register="binding", earlier=earlier, now=frozenset())
    assert [(each.group, each.code) for each in found] == [("change", "added")]
    assert gone([one], earlier) == ("u0",)
    assert gone([unit("u0", DELETED)], earlier) == ("u0",)
    assert gone([unit("u0", content("x"))], earlier) == ()


def test_a_point_can_be_printed_for_programs() -> None:
    (found,) = points(content("Aldoria shall pay."))
    made: Json = found.json()
    assert made == {
        "group": "duty",
        "code": "ours",
        "words": "Aldoria shall pay.",
        "facts": {"word": "shall", "sentence": "Aldoria shall pay."},
        "by_words": True,
        "new": True,
    }
