"""Where a text states a field: offered to people, never taken over by itself."""

import pytest

from comity.agreements.forms import Form, form_json, read_form
from comity.agreements.importing import flatten, import_text
from comity.agreements.model import Content
from comity.agreements.statements import (
    OFFERED_MAX,
    could_state,
    periods_in,
    suggested_forms,
)
from comity.foundation.canonical import Json


def text(*articles: str) -> dict[str, Content]:
    body = "\n\n".join(f"Article {n}\nHeading\n\n{words}" for n, words in enumerate(articles, 1))
    counter = iter(range(100_000))
    return flatten(import_text(body.encode(), name="t"), new_id=lambda: f"u{next(counter)}")


def form(name: str, **members: Json) -> Form:
    return read_form({"name": name, **members})


@pytest.mark.parametrize(
    ("words", "name", "said"),
    [
        ("It remains in force for ten years.", "term", {"years": 10}),
        ("It is in force for a period of 24 months.", "term", {"months": 24}),
        ("Il reste en vigueur pendant une durée de cinq ans.", "term", {"years": 5}),
        ("By giving twelve months' written notice.", "notice", {"months": 12}),
        ("By giving six months\u2019 notice.", "notice", {"months": 6}),
        ("With notice of ninety days.", "notice", {"days": 90}),
        ("Moyennant un préavis écrit de six mois.", "notice", {"months": 6}),
        ("The Parties review it every two years.", "review", {"years": 2}),
        ("A review is held once a year.", "review", {"years": 1}),
        ("Les Parties examinent son application chaque année.", "review", {"years": 1}),
        ("Force begins 30 days after the last signature.", "entry", {"days": 30}),
        ("Soixante jours après la dernière signature.", "entry", {"days": 60}),
        ("It enters into force on the date of the last signature.", "entry", {"days": 0}),
        ("Il entre en vigueur à la date de la dernière signature.", "entry", {"days": 0}),
        ("Signed by two signatories of each Party.", "signatories", {"per_party": 2}),
        ("Signé par 3 signataires.", "signatories", {"per_party": 3}),
        ("Either Party may suspend it as a whole.", "suspension", {"scope": ["whole"]}),
        (
            "Either Party may suspend it, as a whole or single articles.",
            "suspension",
            {"scope": ["whole", "unit"]},
        ),
        (
            "It does not affect the relations of either Party with third States.",
            "third_parties",
            {"relations": "unaffected"},
        ),
        (
            "Levels, from the lowest to the highest, OPEN, PARTNERS and RESTRICTED.",
            "marking_scale",
            {"levels": ["OPEN", "PARTNERS", "RESTRICTED"]},
        ),
    ],
)
def test_the_usual_words_are_found(words: str, name: str, said: dict[str, Json]) -> None:
    (found,) = suggested_forms(text(words))
    flat = form_json(found)
    assert flat["name"] == name
    assert flat["unit"] == "Article 1"
    assert said.items() <= flat.items()
    assert str(flat["quote"]) in " ".join(words.split())


@pytest.mark.parametrize(
    "words",
    [
        "It remains in force for 0 years.",
        "Signed by 0 signatories.",
        "Two years after the last signature.",
        "From the lowest to the highest, one level only.",
        "Nothing of the kind.",
        "x" * 700 + " in force for ten years.",
    ],
)
def test_what_is_no_value_is_not_suggested(words: str) -> None:
    assert suggested_forms(text(words)) == ()


def test_a_field_is_suggested_once_where_it_first_stands() -> None:
    units = text("In force for ten years.", "In force for five years.")
    (found,) = suggested_forms(units)
    assert (found.unit, found.quote) == ("Article 1", "In force for ten years")


def test_periods_are_read_in_figures_and_words() -> None:
    said = periods_in("After 3 months, twenty-four (24) days or one year; 5 apples")
    assert [str(each) for each in said] == ["P3M", "P24D", "P1Y"]


def test_the_likeliest_words_are_offered_first() -> None:
    units = text(
        "The Parties pay.",
        "Every two years there is a review.",
        "It stays in force for twelve years, and no longer.",
    )
    offered = could_state(units, form("term", quote="stays in force for ten years", years=12))
    assert offered[0].quote == "It stays in force for twelve years, and no longer"
    assert offered[0].path == "Article 3"
    assert all("pay" not in one.quote for one in offered)


def test_without_quoted_words_one_telling_word_is_enough() -> None:
    units = text("The Parties share items.")
    assert [one.quote for one in could_state(units, form("areas"))] == ["The Parties share items"]
    assert could_state(units, form("areas", quote="altogether different")) == ()


def test_no_more_are_offered_than_a_person_reads() -> None:
    units = text(*["The Parties may share items in an area."] * (OFFERED_MAX + 3))
    assert len(could_state(units, form("areas"))) == OFFERED_MAX
