"""One unit in other words: words and what they lay down change together, or it says where not."""

from collections.abc import Sequence

import pytest

from comity.agreements.countering import Countered, countered, forms_in, free_names
from comity.agreements.fields_file import read_fields_toml, with_fields
from comity.agreements.forms import Form, read_form
from comity.agreements.model import Content, label_path, label_paths
from comity.foundation.canonical import Json
from comity.foundation.errors import PeerError
from support import framework
from support.treaties import units_of

TWELVE = "This Framework remains in force for twelve years."


@pytest.fixture
def current() -> dict[str, Content]:
    units = units_of(framework.TEXT)
    return with_fields(units, read_fields_toml(framework.FIELDS.encode(), units=units))


def named(units: dict[str, Content], label: str) -> str:
    return next(unit for unit in units if label_path(units, unit) == label)


def term(**members: Json) -> Form:
    given: dict[str, Json] = {"quote": "twelve years", "years": 12}
    return read_form({"name": "term", **given, **members})


def made(
    units: dict[str, Content],
    forms: Sequence[Form],
    *,
    text: str = TWELVE,
    label: str = "Article 7",
) -> Countered:
    return countered(units, named(units, label), text=text, heading=None, forms=forms)


def code(found: Countered) -> str | None:
    wrong = found.wrong()
    return None if wrong is None else wrong[2].code


def test_words_and_value_change_together(current: dict[str, Content]) -> None:
    found = made(current, [term(unit="whatever")])
    assert found.wrong() is None
    assert found.content is not None
    assert found.content.text == TWELVE
    assert found.content.fields == {"term": {"value": {"period": "P12Y"}, "quote": "twelve years"}}
    assert found.forms[0].words == ("Term: 12 years.",)


def test_the_forms_of_a_unit_are_those_of_its_own_fields(current: dict[str, Content]) -> None:
    unit = named(current, "Article 7")
    (form,) = forms_in(current, unit)
    assert (form.name, form.unit, form.quote) == ("term", unit, "ten years")
    assert forms_in(current, named(current, "Article 2")) == ()
    found = made(current, [form], text=current[unit].text)
    assert found.content == current[unit], "nothing changes by itself"


def test_a_field_that_loses_its_words_says_so_and_is_offered_those_of_its_unit(
    current: dict[str, Content],
) -> None:
    found = made(current, [term(quote="ten years")])
    assert found.content is None
    assert code(found) == "fields.quote"
    index, form, _ = found.wrong() or (None, None, None)
    assert index == 0
    assert form is found.forms[0]
    assert [each.quote for each in found.forms[0].offered] == [TWELVE.removesuffix(".")]


def test_a_value_that_no_field_can_have_is_offered_no_words(current: dict[str, Content]) -> None:
    found = made(current, [term(years=0)])
    assert code(found) == "basics.period"
    assert found.forms[0].offered == ()


def test_words_of_another_unit_state_nothing_here(current: dict[str, Content]) -> None:
    text = "1. Reports marked PARTNERS may be shared."
    scale = read_form(
        {"name": "marking_scale", "quote": "OPEN, PARTNERS and RESTRICTED", "levels": ["OPEN"]}
    )
    bare = {
        unit: content if "marking_scale" not in content.fields else units_of(framework.TEXT)[unit]
        for unit, content in current.items()
    }
    found = made(bare, [scale], text=text, label="Article 1")
    assert code(found) == "comparing.other_unit"
    assert found.forms[0].unit is None


def test_what_the_text_states_elsewhere_is_not_stated_again(current: dict[str, Content]) -> None:
    entry = read_form({"name": "entry", "quote": "in force", "days": 0})
    assert code(made(current, [term(), entry])) == "forms.once"
    free = free_names(current, named(current, "Article 7"))
    assert free == ("areas", "basis", "notice", "review")


def test_a_unit_that_would_say_nothing_is_refused(current: dict[str, Content]) -> None:
    with pytest.raises(PeerError) as caught:
        countered(current, named(current, "Article 7"), text=" ", heading="", forms=[])
    assert caught.value.code == "comparing.no_words"


def test_a_unit_is_named_by_its_own_labels_and_those_it_stands_under(
    current: dict[str, Content],
) -> None:
    names = label_paths(current)
    assert names[named(current, "Article 1 1.")] == ("Article 1 1.", "Article 1")
    assert names[named(current, "Article 7")] == ("Article 7",)
