"""A draft while it is being written: what is wrong says so in its place, the rest stays."""

from collections.abc import Iterator

import pytest

from comity.agreements.drafts import (
    CheckedForm,
    check_forms,
    followed,
    lines_of,
    read_draft_text,
)
from comity.agreements.forms import Form, read_form, read_forms_toml
from comity.agreements.model import Content, print_text
from comity.foundation.canonical import Json
from comity.foundation.errors import PeerError
from support import framework


def names() -> Iterator[str]:
    return (f"u{n}" for n in range(10_000))


def read(text: str, before: dict[str, Content] | None = None) -> dict[str, Content]:
    ids = names() if not before else (f"v{n}" for n in range(10_000))
    units, _ = read_draft_text(text, name="t", before=before or {}, new_id=lambda: next(ids))
    return units


def forms() -> tuple[Form, ...]:
    return read_forms_toml(framework.FIELDS.encode())[0]


def term(**members: Json) -> Form:
    given: dict[str, Json] = {"unit": "Article 7", "quote": "ten years", "years": 10}
    return read_form({"name": "term", **given, **members})


def check(*given: Form, text: str = framework.TEXT) -> tuple[CheckedForm, ...]:
    return check_forms(read(text), given)[1]


def code(checked: CheckedForm) -> str | None:
    return None if checked.problem is None else checked.problem.code


def test_fields_that_hold_are_in_the_text_and_said_in_words() -> None:
    made, checked = check_forms(read(framework.TEXT), forms())
    assert [each.problem for each in checked] == [None] * 8
    assert [each.doubt for each in checked] == [None] * 8
    assert checked[6].words == ("Term: 10 years.",)
    assert sum(len(content.fields) for content in made.values()) == 8


def test_a_unit_that_stood_before_keeps_its_id_and_its_parent() -> None:
    before = read(framework.TEXT)
    after = read(framework.TEXT.replace("Article 2\n", "Article 2\nNew: ") + "\nMore.\n", before)
    assert set(before) <= set(after)
    assert print_text(after).endswith("More.\n")
    for content in after.values():
        assert content.parent is None or content.parent in after


@pytest.mark.parametrize(
    ("form", "problem", "offered"),
    [
        (term(quote="eleven years"), "fields.quote", True),
        (term(quote=" "), "fields_file.quote", True),
        (term(unit="Article 70"), "paths.none", True),
        (term(years=0), "basics.period", False),
        (term(unit="1.", quote="x"), "fields.quote", True),
    ],
)
def test_a_field_that_does_not_hold_says_why_and_offers_words(
    form: Form, problem: str, *, offered: bool
) -> None:
    (checked,) = check(form)
    assert (code(checked), bool(checked.offered)) == (problem, offered)
    assert (checked.unit, checked.words, checked.form) == (None, (), form)


def test_a_label_that_stands_twice_is_asked_for_with_those_above_it() -> None:
    text = "Article 1\n\n1. In force for ten years.\n\nArticle 2\n\n1. In force for ten years.\n"
    (checked,) = check(term(unit="1."), text=text)
    assert code(checked) == "paths.many"
    assert [one.path for one in checked.offered] == ["Article 1 1.", "Article 2 1."]


def test_what_can_be_stated_once_is_refused_the_second_time() -> None:
    other = term(unit="Article 4", quote="every two years", years=2)
    assert [code(each) for each in check(term(), other)] == [None, "forms.once"]
    assert [code(each) for each in check(term(), term())] == [None, "fields_file.twice"]


def test_the_value_is_doubted_where_the_words_say_another_period() -> None:
    (checked,) = check(term(years=12))
    assert checked.doubt is not None
    assert checked.doubt.code == "forms.disagree"
    assert "10 years" in checked.doubt.message
    for agreed in (term(years=0, months=120), term(quote="in force")):
        assert check(agreed)[0].doubt is None
    (entry,) = [each for each in forms() if each.name == "entry"]
    assert check(entry)[0].doubt is None


def area(**members: Json) -> Form:
    whole: dict[str, Json] = {
        "id": "a",
        "title": "A",
        "articles": ["Article 2"],
        "actions": ["share"],
        "kinds": ["report"],
        "marking_max": "PARTNERS",
        "purposes": ["planning"],
        "recipients": ["parties"],
        "onward": "free",
    }
    quote = "share reports marked PARTNERS or lower under Article 2, for planning"
    return read_form(
        {
            "name": "areas",
            "unit": "Article 1 1.",
            "quote": quote,
            "areas": [{**whole, **members}],
        }
    )


def test_an_area_must_go_with_the_rest_of_the_text() -> None:
    (scale,) = [each for each in forms() if each.name == "marking_scale"]
    assert code(check(area(marking_max="SECRET"), scale)[0]) == "fields_file.level"
    assert code(check(area(marking_max="SECRET"))[0]) is None, "no scale yet"
    second = read_form(
        {
            "name": "areas",
            "unit": "Article 2",
            "quote": "an item",
            "areas": area(marking_max="SECRET").values["areas"],
        }
    )
    found = [code(each) for each in check(area(), second, scale)]
    assert found == [None, "agreements.area_twice", None]
    assert code(check(area(articles=["Article 99"]))[0]) == "paths.none"


def test_labels_follow_their_units() -> None:
    before = read(framework.TEXT)
    moved = framework.TEXT
    for number in range(8, 1, -1):
        moved = moved.replace(f"Article {number}\n", f"Article {number + 1}\n")
    after = read(moved, before)
    new = followed([*forms(), term(unit="nowhere")], before=before, after=after)
    assert [form.unit for form in new][2:] == [
        *(f"Article {n}" for n in (4, 5, 6, 7, 8, 9)),
        "nowhere",
    ]
    areas = new[0].values["areas"]
    assert isinstance(areas, list)
    assert areas[0]["articles"] == ["Article 3"]


def test_what_is_no_area_is_left_as_it_is() -> None:
    before = read(framework.TEXT)
    odd: list[Json] = [3, {"articles": "Article 2"}, {}]
    form = Form(name="areas", unit="Article 1", quote="", values={"areas": odd})
    (same,) = followed([form], before=before, after=before)
    assert same.values == {"areas": odd}


def test_each_unit_begins_on_its_line() -> None:
    lines = framework.TEXT.split("\n")
    for unit, line in lines_of(units := read(framework.TEXT)).items():
        content = units[unit]
        first = content.label or content.heading or content.text.split("\n")[0]
        assert lines[line - 1].startswith(first)


def test_a_text_that_can_be_none_names_its_line() -> None:
    with pytest.raises(PeerError) as refused:
        read("a\nb\u202e\n")
    assert refused.value.code == "import.character"
