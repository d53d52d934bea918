"""An edited file becomes the moves it would table, and no field is lost on the way. Spec 4.9."""

from ast import literal_eval
from pathlib import Path

import attrs
import pytest

from comity.agreements.comparing import Change, changes, reworded
from comity.agreements.exporting import export_text
from comity.agreements.fields_file import read_fields_toml, with_fields
from comity.agreements.model import Content, print_text
from comity.foundation.errors import ComityError
from support.treaties import units_of

TEXT = """FRAMEWORK

The Parties agree:

Article 1
Term

This Agreement remains in force for ten years.

Article 2
Areas

1. The Parties share reports under Article 3.

2. They meet each year in one of the capitals of the Parties.

Article 3
Sharing

Reports are given when they are asked for.
"""
FIELDS = """
["Article 1".term]
period = "P10Y"
quote = "ten years"
["Article 2 1.".areas]
quote = "The Parties share reports"
[["Article 2 1.".areas.areas]]
id = "info"
title = "Information"
policy = {articles = ["Article 3"], actions = ["share"], kinds = ["report"], marking_max = "X", \
purposes = ["planning"], recipients = ["parties"], onward = "refused"}
"""


@pytest.fixture
def current() -> dict[str, Content]:
    units = units_of(TEXT)
    return with_fields(units, read_fields_toml(FIELDS.encode(), units=units))


def compare(
    units: dict[str, Content], edited: str, fields: str | None = None
) -> tuple[Change, ...]:
    numbers = iter(range(1_000))
    return changes(
        units,
        edited.encode(),
        fields=fields.encode() if fields is not None else None,
        new_id=lambda: f"n{next(numbers)}",
    )


def applied(units: dict[str, Content], made: tuple[Change, ...]) -> dict[str, Content]:
    after = dict(units)
    for change in made:
        if change.after is None:
            del after[change.unit]
        else:
            after[change.unit] = change.after
    return after


def shown(units: dict[str, Content], made: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [
        (change.kind, (change.after or units[change.unit]).label or change.kind) for change in made
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("\n\nArticle 2", "\n\n\n\nArticle 2", []),
        ("asked for.", "asked for in writing.", [("amend", "Article 3")]),
        ("Sharing", "Giving", [("amend", "Article 3")]),
        ("2. They", "3. They", [("amend", "3.")]),
        ("They meet each year in", "They gather each year in", [("amend", "2.")]),
        (
            "\n\n2. They meet each year in one of the capitals of the Parties.",
            "",
            [("delete", "2.")],
        ),
        ("\n\nArticle 3", "\n\n3. Third rule.\n\nArticle 3", [("add", "3.")]),
        ("Article 3\nSharing", "Article 4\nSharing", [("amend", "Article 4")]),
        (
            "Article 2\nAreas",
            "Article 2\nFees\n\nNobody pays.\n\nArticle 3\nAreas",
            [("add", "Article 2"), ("amend", "Article 3")],
        ),
        ("The Parties agree:", "The two Parties agree:", [("amend", "amend")]),
    ],
)
def test_an_edit_becomes_the_moves_it_means(
    current: dict[str, Content], old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    edited = TEXT.replace(old, new) if old else TEXT
    made = compare(current, edited)
    assert shown(current, made) == expected
    assert print_text(applied(current, made)).split() == edited.split()


def test_a_paragraph_that_changes_places_is_moved_and_not_rewritten(
    current: dict[str, Content],
) -> None:
    one, two = TEXT.index("1. The"), TEXT.index("2. They")
    three = TEXT.index("Article 3\n")
    edited = TEXT[:one] + TEXT[two:three] + TEXT[one:two] + TEXT[three:]
    made = compare(current, edited)
    assert shown(current, made) in ([("move", "2.")], [("move", "1.")])
    assert print_text(applied(current, made)).split() == edited.split()


def test_an_article_that_goes_under_a_new_chapter_moves(current: dict[str, Content]) -> None:
    made = compare(current, TEXT.replace("Article 3\n", "Chapter I\n\nArticle 3\n"))
    assert shown(current, made) == [("add", "Chapter I"), ("move", "Article 3")]


def test_a_text_that_is_exported_and_not_edited_is_no_change(
    current: dict[str, Content], shared_data: Path
) -> None:
    assert compare(current, export_text(current)) == ()
    text = (shared_data / "agreements" / "un-charter.fr.txt").read_text(encoding="utf-8")
    assert compare(units_of(text), text) == ()


def test_fields_stay_with_the_unit_whose_words_still_state_them(
    current: dict[str, Content],
) -> None:
    made = compare(current, TEXT.replace("remains in force", "stays in force"))
    assert made[0].after is not None
    assert made[0].after.fields["term"]["quote"] == "ten years"


def test_a_field_whose_words_are_gone_must_be_given_anew(current: dict[str, Content]) -> None:
    edited = TEXT.replace("ten years", "six years")
    with pytest.raises(ComityError) as caught:
        compare(current, edited)
    assert caught.value.code == "comparing.quote"
    assert "'term'" in caught.value.message
    assert "Article 1" in caught.value.message
    file = '["Article 1".term]\nperiod = "P6Y"\nquote = "six years"\n'
    made = compare(current, edited, file)
    assert [change.kind for change in made] == ["amend"]
    assert made[0].after is not None
    assert made[0].after.fields["term"]["value"] == {"period": "P6Y"}


def test_a_field_alone_can_change(current: dict[str, Content]) -> None:
    file = '["Article 1".review]\nperiod = "P1Y"\nquote = "remains in force"\n'
    made = compare(current, TEXT, file)
    assert [change.kind for change in made] == ["amend"]
    assert made[0].after is not None
    assert set(made[0].after.fields) == {"term", "review"}


def test_a_unit_with_a_field_is_not_rewritten_into_one_without(
    current: dict[str, Content],
) -> None:
    start, stop = TEXT.index("Article 1\n"), TEXT.index("Article 2\n")
    edited = TEXT[:start] + "Article 9\n\nNothing of that kind at all.\n\n" + TEXT[stop:]
    with pytest.raises(ComityError) as caught:
        compare(current, edited)
    assert caught.value.code in {"comparing.field_lost", "comparing.quote"}


def test_a_unit_with_a_field_can_be_taken_out(current: dict[str, Content]) -> None:
    start, stop = TEXT.index("Article 1\n"), TEXT.index("Article 2\n")
    made = compare(current, TEXT[:start] + TEXT[stop:])
    assert shown(current, made) == [("delete", "Article 1")]


def test_an_article_on_which_an_area_rests_cannot_go_alone(current: dict[str, Content]) -> None:
    with pytest.raises(ComityError) as caught:
        compare(current, TEXT[: TEXT.index("Article 3\n")])
    assert caught.value.code == "comparing.article_gone"
    assert "Article 3" in caught.value.message


def test_an_area_that_rested_on_nothing_is_named_by_the_id(current: dict[str, Content]) -> None:
    unit = next(each for each, content in current.items() if "areas" in content.fields)
    field = current[unit].fields["areas"]
    bad = str(field).replace(
        next(each for each, content in current.items() if content.label == "Article 3"), "u999"
    )
    broken = attrs.evolve(current[unit], fields={"areas": literal_eval(bad)})
    with pytest.raises(ComityError) as caught:
        compare({**current, unit: broken}, TEXT)
    assert "u999" in caught.value.message


def test_a_new_text_altogether_is_all_new_units(current: dict[str, Content]) -> None:
    plain = {unit: attrs.evolve(content, fields={}) for unit, content in current.items()}
    made = compare(plain, "Alpha beta gamma.\n\nDelta epsilon zeta.\n")
    assert {change.kind for change in made} == {"add", "delete"}


def test_a_large_text_is_compared_in_seconds() -> None:
    text = "".join(
        f"Article {n}\n\nThe Parties do the thing {n} as agreed.\n\n" for n in range(1, 3_000)
    )
    units = units_of(text)
    made = compare(units, text.replace("do the thing", "shall do each thing"))
    assert {change.kind for change in made} == {"amend"}


def unit_named(units: dict[str, Content], label: str) -> str:
    return next(unit for unit, each in units.items() if each.label == label)


def say(
    units: dict[str, Content], label: str, text: str, **more: str | None
) -> tuple[Content, str]:
    """Return one unit reworded, and how the whole text prints then."""
    unit = unit_named(units, label)
    given: dict[str, str | None] = {"heading": None, "fields": None, **more}
    made = reworded(units, unit, text=text, heading=given["heading"], fields=given["fields"])
    return made, print_text({**units, unit: made})


def test_one_unit_is_reworded_and_keeps_its_place_and_fields(current: dict[str, Content]) -> None:
    made, printed = say(current, "Article 1", "For ten years,\r\nand no longer. \n\n")
    assert (made.text, made.heading) == ("For ten years,\nand no longer.", "Term")
    assert set(made.fields) == {"term"}
    assert "Article 1\nTerm\n\nFor ten years,\nand no longer.\n\nArticle 2\n" in printed
    retitled, _ = say(current, "Article 3", "Reports are given.", heading="  Giving\nreports ")
    assert retitled.heading == "Giving reports"


def test_words_typed_in_another_normal_form_are_the_same_words(current: dict[str, Content]) -> None:
    made, _ = say(current, "Article 3", "Re\u0301ponse.")
    assert made.text == "R\u00e9ponse."


def test_words_added_under_a_bare_heading_stand_on_a_line_of_their_own(
    current: dict[str, Content],
) -> None:
    bare = {
        "u0": attrs.evolve(current[unit_named(current, "Article 3")], layout=("", "", "", "\n"))
    }
    _, printed = say(bare, "Article 3", "They are given.")
    assert printed == "Article 3 Sharing\nThey are given.\n"


NOTICE = """["Article 1".notice]
period = "P6M"
quote = "six months"
"""


def test_a_unit_gets_exactly_the_fields_that_are_given(current: dict[str, Content]) -> None:
    made, _ = say(current, "Article 1", "With six months of notice.", fields=NOTICE)
    assert set(made.fields) == {"notice"}
    plain, _ = say(current, "Article 1", "For as long as both wish.", fields="")
    assert plain.fields == {}


@pytest.mark.parametrize(
    ("label", "text", "more", "code"),
    [
        ("Article 1", " \n ", {"heading": ""}, "comparing.no_words"),
        ("Article 1", "For five years.", {}, "comparing.quote"),
        (
            "Article 3",
            "Given.",
            {"fields": NOTICE.replace("six months", "ten years")},
            "comparing.other_unit",
        ),
        ("Article 3", "Given \u202eback.", {}, "basics.character"),
        ("Article 3", "Given.", {"heading": "x" * 3000}, "text.line"),
        ("Article 3", "Given.", {"fields": "nonsense"}, "fields_file.syntax"),
    ],
)
def test_a_unit_that_could_not_be_tabled_is_refused_with_the_reason(
    current: dict[str, Content], label: str, text: str, more: dict[str, str], code: str
) -> None:
    with pytest.raises(ComityError) as caught:
        say(current, label, text, **more)
    assert caught.value.code == code
