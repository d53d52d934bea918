"""Contents and their digests, checked by other tools than ours. Spec 4.1, 4.4, 4.5."""

import json
from hashlib import sha256
from pathlib import Path

import jsonschema_rs
import pytest

from comity.agreements.fields_file import read_fields_toml, with_fields
from comity.agreements.importing import flatten, import_text
from comity.agreements.model import (
    DELETED,
    LAYOUT_CHARACTERS,
    alternative_digest,
    content_json,
    printed,
    read_content,
)
from comity.foundation.canonical import Json, canonical
from comity.foundation.errors import ComityError

ROOT = Path(__file__).resolve().parents[2]
VECTOR = json.loads((ROOT / "tests/vectors/text/alternative.json").read_text("utf-8"))
SCHEMAS = {
    name: json.loads((ROOT / f"docs/spec/schemas/{name}.json").read_text("utf-8"))
    for name in ("content", "fields")
}


@pytest.fixture(scope="module")
def content_schema() -> jsonschema_rs.Validator:
    registry = jsonschema_rs.Registry([(SCHEMAS["fields"]["$id"], SCHEMAS["fields"])])
    return jsonschema_rs.validator_for(SCHEMAS["content"], registry=registry)


def plain_digest(unit: str, content: object) -> str:
    """Return the digest of an alternative, by the letter of 4.4.1 and without our code."""
    value = {"content": content, "unit": unit}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(text.encode()).hexdigest()


def test_the_vector_has_the_digest_that_another_program_computes() -> None:
    content = read_content(VECTOR["content"])
    assert plain_digest(VECTOR["unit"], VECTOR["content"]) == VECTOR["digest"]
    assert sha256(VECTOR["canonical"].encode()).hexdigest() == VECTOR["digest"]
    assert alternative_digest(VECTOR["unit"], content) == VECTOR["digest"]
    assert alternative_digest(VECTOR["unit"], DELETED) == VECTOR["deleted_digest"]
    assert plain_digest(VECTOR["unit"], {"deleted": True}) == VECTOR["deleted_digest"]
    assert printed(content) == VECTOR["printed"]


def test_the_page_of_the_specification_shows_the_vector() -> None:
    page = (ROOT / "docs/spec/04-text.md").read_text("utf-8")
    shown = page.split("```json\n")[1].split("```")[0].replace("\n", "")
    assert shown == VECTOR["canonical"]
    assert VECTOR["digest"] in page


@pytest.mark.parametrize("name", ["framework", "provisions"])
def test_every_content_of_the_demonstration_fits_the_schema(
    name: str, content_schema: jsonschema_rs.Validator
) -> None:
    numbers = iter(range(10_000))
    text = import_text((ROOT / f"demo/{name}.txt").read_bytes(), name=name)
    units = flatten(text, new_id=lambda: f"u{next(numbers)}")
    file = (ROOT / f"demo/{name}.fields.toml").read_bytes()
    for unit, content in with_fields(units, read_fields_toml(file, units=units)).items():
        value = json.loads(canonical(content_json(content)))
        content_schema.validate(value)
        assert plain_digest(unit, value) == alternative_digest(unit, content)
    content_schema.validate({"deleted": True})


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "clause"},
        {"label": "a\nb"},
        {"layout": ["", "", ""]},
        {"layout": ["a", "", "", ""]},
        {"parent": 1},
        {"order": "a0"},
        {"lang": "English"},
        {"more": 1},
        {"fields": {"colour": {"quote": "ten", "value": {}}}},
        {"fields": {"term": {"quote": "ten", "value": {"period": "ten"}}}},
        {"fields": {"term": {"quote": "ten", "value": {"period": "P1Y", "more": 1}}}},
        {"fields": {"term": {"quote": "ten", "value": {"period": "P1Y"}, "more": 1}}},
        {"fields": {"entry": {"quote": "ten", "value": {"when": "now", "days": 0}}}},
        {"fields": {"signatories": {"quote": "ten", "value": {"per_party": 0}}}},
        {"fields": {"areas": {"quote": "ten", "value": {"areas": []}}}},
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(
    changed: dict[str, Json], content_schema: jsonschema_rs.Validator
) -> None:
    value = {**VECTOR["content"], **changed}
    assert not content_schema.is_valid(value)
    with pytest.raises(ComityError):
        read_content(value)


def test_the_page_names_every_sign_a_layout_may_hold() -> None:
    page = (ROOT / "docs/spec/04-text.md").read_text("utf-8")
    clause = page[page.index("- 4.2.2") : page.index("- 4.2.3")]
    written = clause.split("the signs")[1]
    for char in LAYOUT_CHARACTERS:
        named = f"U+{ord(char):04X}" in clause or char in written
        spaces = char.isspace() or 0x2000 <= ord(char) <= 0x200F or char in "\u061c\u00ad\u2011"
        assert named or spaces, f"U+{ord(char):04X}"
