"""Forms, fields files and texts say the same, whatever people write into them."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.drafts import check_forms, read_draft_text
from comity.agreements.forms import (
    Form,
    form_json,
    forms_of,
    forms_toml,
    read_form,
    read_forms_toml,
)
from comity.agreements.statements import could_state, suggested_forms
from comity.foundation.canonical import Json
from comity.foundation.text import refused_character

WORDS = (
    st.text(min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: bool(text) and refused_character(text) is None)
    .filter(lambda text: text.isprintable() and text == unicodedata.normalize("NFC", text))
)
WORD = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True)
TERMS = st.lists(WORD, min_size=1, max_size=3, unique=True)
COUNT = st.integers(min_value=0, max_value=9999)


@st.composite
def areas(draw: st.DrawFn) -> Json:
    return {
        "id": draw(WORD),
        "title": draw(WORDS),
        "articles": draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)),
        "actions": ["share"],
        "kinds": draw(TERMS),
        "marking_max": draw(WORDS),
        "purposes": draw(TERMS),
        "recipients": ["parties"],
        "onward": draw(st.sampled_from(["refused", "consent", "free"])),
    }


def area_id(area: Json) -> str:
    assert isinstance(area, dict)
    return str(area["id"])


def members(**parts: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    return st.fixed_dictionaries(parts)


PERIOD = members(years=COUNT, months=COUNT, days=COUNT).filter(lambda said: any(said.values()))
ONWARD = st.sampled_from(["refused", "consent", "free"])
VALUES = {
    "term": PERIOD,
    "notice": PERIOD,
    "review": PERIOD,
    "entry": members(days=st.integers(0, 3660)),
    "marking_scale": members(levels=st.lists(WORDS, min_size=1, max_size=4, unique=True)),
    "signatories": members(per_party=st.integers(1, 20)),
    "suspension": members(
        by=st.sampled_from(["either", "both"]),
        scope=st.sampled_from([["whole"], ["unit"], ["whole", "unit"]]),
    ),
    "third_parties": members(
        relations=st.sampled_from(["unaffected", "conditioned"]), onward=ONWARD
    ),
    "basis": members(instrument=st.uuids().map(lambda uuid: f"urn:uuid:{uuid}"), title=WORDS),
    "areas": members(areas=st.lists(areas(), min_size=1, max_size=3, unique_by=area_id)),
}


@st.composite
def forms(draw: st.DrawFn) -> Form:
    name = draw(st.sampled_from(sorted(VALUES)))
    common: dict[str, Json] = {"name": name, "unit": draw(WORDS), "quote": draw(WORDS)}
    return read_form({**common, **draw(VALUES[name])})


@given(st.lists(forms(), max_size=6, unique_by=lambda form: (form.unit, form.name)))
def test_a_fields_file_written_from_forms_reads_as_the_same_forms(made: list[Form]) -> None:
    found, faults = read_forms_toml(forms_toml(made).encode())
    assert faults == ()
    assert sorted(map(repr, found)) == sorted(map(repr, made))
    assert [read_form(form_json(form)) for form in made] == made


@given(st.lists(forms(), max_size=4), st.lists(WORDS, min_size=1, max_size=4))
def test_every_form_is_either_in_the_text_or_says_what_is_wrong(
    made: list[Form], words: list[str]
) -> None:
    body = "\n\n".join(f"Article {n}\nHeading\n\n{one}" for n, one in enumerate(words, 1))
    ids = (f"u{n}" for n in range(10_000))
    units, _ = read_draft_text(body, name="t", before={}, new_id=lambda: next(ids))
    quoting = [
        Form(name=form.name, unit=f"Article {n % len(words) + 1}", quote=words[n % len(words)],
             values=form.values)
        for n, form in enumerate(made)
    ]  # fmt: skip
    for given_forms in (made, quoting):
        text, checked = check_forms(units, given_forms)
        assert len(checked) == len(given_forms)
        held = [each.form.name for each in checked if each.problem is None]
        assert sorted(held) == sorted(form.name for form in forms_of(text))
        assert all((each.unit is None) == (each.problem is not None) for each in checked)
        for form in given_forms:
            for offered in could_state(units, form):
                assert offered.quote in units[offered.unit].text
        for form in suggested_forms(units):
            assert check_forms(units, [form])[1][0].problem is None
