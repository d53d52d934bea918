"""A text and its fields go back to files: the exact printed text, and TOML for the fields.

``export_text(flatten(import_text(data)))`` is ``data``, line ends apart, and
``read_fields_toml(fields_toml(units))`` gives the same fields. Source: design 13.10.
"""

import json
from collections.abc import Mapping, Sequence

from comity.agreements.fields import areas_of
from comity.agreements.model import Content, in_order, print_text
from comity.agreements.paths import Paths, read_paths
from comity.foundation.canonical import Json, JsonObject


def export_text(units: Mapping[str, Content]) -> str:
    """Return the text of all units that stand, as it prints."""
    return print_text(units)


def fields_toml(units: Mapping[str, Content]) -> str:
    """Return the fields of a text as the file that ``read_fields_toml`` reads."""
    paths = read_paths(units)
    lines: list[str] = []
    for unit in in_order(units):
        for name in sorted(units[unit].fields):
            field = units[unit].fields[name]
            value = field["value"]
            assert isinstance(value, Mapping)  # checked when the content was read
            key = f"{_text(paths.name(unit))}.{name}"
            plain = {} if name == "areas" else value
            lines += _table(f"[{key}]", {**plain, "quote": field["quote"]})
            if name == "areas":
                lines += _areas(key, value, paths)
    return "\n".join(lines)


def _areas(key: str, value: JsonObject, paths: Paths) -> list[str]:
    lines: list[str] = []
    for area in areas_of(value):
        articles = [
            paths.name(unit) if unit in paths.longest else unit for unit in area.policy.articles
        ]
        lines += _table(f"[[{key}.areas]]", {"id": area.id, "title": area.title})[:-1]
        lines += _table(f"[{key}.areas.policy]", {**area.policy.json(), "articles": articles})
    return lines


def _table(head: str, members: JsonObject) -> list[str]:
    return [head, *(f"{name} = {_value(value)}" for name, value in members.items()), ""]


def _value(value: Json) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(_value(each) for each in value)}]"
    return str(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
