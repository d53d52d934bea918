"""Fields as forms: what a person fills in, a fields file and a text say the same."""

import pytest

from comity.agreements.exporting import fields_toml
from comity.agreements.fields_file import read_fields_toml, with_fields
from comity.agreements.forms import (
    FORMS_MAX,
    form_json,
    forms_of,
    forms_toml,
    read_form,
    read_forms_toml,
)
from comity.agreements.importing import flatten, import_text
from comity.agreements.model import Content
from comity.foundation.canonical import Json
from comity.foundation.errors import MisuseError, PeerError
from support import framework

HEAD = '["Article 1".areas]\nquote = "x"\n'
AREA = '[["Article 1".areas.areas]]\nid = "a"\ntitle = "A"\n'
POLICY = (
    '["Article 1".areas.areas.policy]\narticles = {articles}\nactions = ["share"]\n'
    'kinds = ["report"]\nmarking_max = "OPEN"\npurposes = ["planning"]\n'
    'recipients = ["parties"]\nonward = "free"\n'
)


def text(fields: str = "") -> dict[str, Content]:
    counter = iter(range(1000))
    imported = import_text(framework.TEXT.encode(), name="t")
    units = flatten(imported, new_id=lambda: f"u{next(counter)}")
    return with_fields(units, read_fields_toml(fields.encode(), units=units)) if fields else units


def test_a_file_its_forms_and_the_text_say_the_same() -> None:
    units = text(framework.FIELDS)
    forms, faults = read_forms_toml(framework.FIELDS.encode())
    assert faults == ()
    assert sorted(map(repr, forms)) == sorted(map(repr, forms_of(units)))
    assert read_forms_toml(forms_toml(forms).encode()) == (forms, ())
    assert read_fields_toml(fields_toml(units).encode(), units=units) == {
        unit: dict(content.fields) for unit, content in units.items() if content.fields
    }
    assert [read_form(form_json(form)) for form in forms] == list(forms)


def test_what_a_form_leaves_out_is_empty() -> None:
    assert form_json(read_form({"name": "term"})) == {
        "name": "term",
        "unit": "",
        "quote": "",
        "years": 0,
        "months": 0,
        "days": 0,
    }
    assert read_form({"name": "areas", "areas": [{"id": "a"}]}).values == {"areas": [{"id": "a"}]}
    assert 'onward = "refused"' in forms_toml([read_form({"name": "areas", "areas": [{}]})])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "length"}, "forms.name"),
        ({}, "forms.name"),
        ({"name": ["term"]}, "forms.name"),
        ({"name": "term", "levels": []}, "forms.member"),
    ],
)
def test_a_form_of_another_shape_is_refused(given: dict[str, Json], code: str) -> None:
    with pytest.raises(MisuseError) as refused:
        read_form(given)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("toml", "line", "code"),
    [
        ("[x]\ny = 1\n", 1, "fields.unknown"),
        ("x = 1\n", 0, "fields.unknown"),
        ('["Article 1"]\nterm = 3\n', 1, "fields_file.quote"),
        ('["Article 1".term]\nperiod = "P1Y"\n', 1, "fields_file.quote"),
        ('["Article 1".term]\nperiod = "P1Y"\nquote = 3\n', 1, "fields_file.quote"),
        ('\n["Article 1".term]\nperiod = "1Y"\nquote = "x"\n', 2, "basics.period"),
        ('["Article 1".term]\nperiod = "P1Y"\nquote = "x"\nwhy = 1\n', 1, "policy.members"),
        ('["Article 1".term]\nperiod = 1979-05-27\nquote = "x"\n', 1, "fields_file.type"),
        (HEAD + "areas = 3\n", 1, "fields.areas"),
        (HEAD + "areas = [3]\n", 1, "policy.members"),
        (HEAD + AREA + POLICY.format(articles="[]"), 1, "policy.list"),
        (HEAD + AREA + POLICY.format(articles='"Article 2"'), 1, "policy.list"),
        (HEAD + AREA + POLICY.format(articles='[" "]'), 1, "policy.term"),
        (HEAD + AREA + POLICY.format(articles='["A 1", "A 1"]'), 1, "policy.list"),
        (HEAD + AREA + "policy = 3\n", 1, "policy.members"),
    ],
)
def test_one_wrong_field_of_a_file_is_named_and_the_others_stay(
    toml: str, line: int, code: str
) -> None:
    good = '["Article 7".term]\nperiod = "P10Y"\nquote = "ten years"\n'
    forms, (fault,) = read_forms_toml((toml + good).encode())
    assert [form.name for form in forms] == ["term"]
    assert (fault.line, fault.code) == (line, code)


def test_labels_of_articles_stay_labels() -> None:
    toml = HEAD + AREA + POLICY.format(articles='["Article 1 1.", "Article 9"]')
    (form,), faults = read_forms_toml(toml.encode())
    assert faults == ()
    assert forms_toml([form]) == toml.replace("\n[", "\n\n[").replace(
        '"x"\n\n[[', '"x"\n\n[['
    ).replace('title = "A"\n\n', 'title = "A"\n')


def test_an_article_that_is_gone_keeps_its_id() -> None:
    units = text(framework.FIELDS)
    gone = next(unit for unit, content in units.items() if content.label == "Article 2")
    del units[gone]
    (areas,) = [form for form in forms_of(units) if form.name == "areas"]
    assert gone in str(areas.values)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"[[", "fields_file.syntax"), (b"\xff", "fields_file.encoding")],
)
def test_a_file_that_cannot_be_read_at_all_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(PeerError) as refused:
        read_forms_toml(data)
    assert refused.value.code == code


def test_so_many_forms_fit() -> None:
    forms = [read_form({"name": "areas", "unit": f"Article {n}"}) for n in range(FORMS_MAX)]
    assert forms_toml(forms).count("[") == FORMS_MAX
