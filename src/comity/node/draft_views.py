"""What people are shown of a draft: its fields, what was not understood, what is left to do.

Codes and facts, for the doors to word. Source: agreements.md D6 (journey 2).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from comity.agreements.clauses import check_clauses
from comity.agreements.drafts import CheckedForm, check_forms, lines_of
from comity.agreements.forms import FileFault, Form, form_json, forms_of, read_form
from comity.agreements.importing import ImportedText
from comity.agreements.model import KINDS, Content, content_json, in_order, read_content
from comity.agreements.paths import read_paths
from comity.agreements.statements import Statement, could_state, suggested_forms
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import RefusedError

EXCERPT_CHARS: Final = 200
#: Fields that a text usually states; without the first it cannot be adopted.
_USUAL: Final = ("entry", "term", "notice", "review", "areas", "suspension", "third_parties")

#: A place that a skeleton leaves open, to be filled in.
_OPEN: Final = re.compile(r"\[[^\[\]\n]{1,200}\]")


def units_of(value: JsonObject) -> dict[str, Content]:
    """Return the units of a stored draft."""
    stored = value["units"]
    assert isinstance(stored, Mapping)
    return {unit: read_content(content) for unit, content in stored.items()}


def stored_forms(value: JsonObject) -> tuple[Form, ...]:
    """Return the fields of a stored draft as forms, right or wrong."""
    kept = value.get("forms")
    if not isinstance(kept, Sequence) or isinstance(kept, str):
        return forms_of(units_of(value))
    return tuple(read_form(each) for each in kept if isinstance(each, Mapping))


def stored_fields(units: Mapping[str, Content], checked: Sequence[CheckedForm]) -> JsonObject:
    """Return the members of a stored draft that hold its units and its fields."""
    return {
        "units": {unit: content_json(content) for unit, content in units.items()},
        "forms": [form_json(each.form) for each in checked],
    }


def checked_forms(value: JsonObject) -> tuple[CheckedForm, ...]:
    """Return the forms of a stored draft with what was found of each in its text."""
    return check_forms(units_of(value), stored_forms(value))[1]


def field_rows(checked: Sequence[CheckedForm], lines: Mapping[str, int]) -> list[Json]:
    """Return every field: its form, what it says, and what is wrong with it."""
    return [
        {
            **form_json(each.form),
            "index": index,
            "unit_id": each.unit,
            "line": lines.get(each.unit or "", 0),
            "problem": None
            if each.problem is None
            else {"code": each.problem.code, "message": each.problem.message},
            "doubt": None
            if each.doubt is None
            else {"code": each.doubt.code, "message": each.doubt.message},
            "plain": list(each.words),
            "offered": _statements(each.offered),
        }
        for index, each in enumerate(checked)
    ]


def offers(units: Mapping[str, Content], name: str) -> list[Json]:
    """Return words of the text that could state a field which nobody has filled in.

    Raises:
        MisuseError: ``forms.name``: there is no such field.
    """
    return _statements(could_state(units, read_form({"name": name})))


def _statements(found: Sequence[Statement]) -> list[Json]:
    return [{"unit": one.path, "unit_id": one.unit, "quote": one.quote} for one in found]


def finding_rows(findings: Sequence[tuple[int, str]], text: str) -> list[Json]:
    """Return what was not understood: the line, what it is, and the line's beginning."""
    lines = text.split("\n")
    return [
        {
            "line": line,
            "what": what,
            "excerpt": lines[line - 1][:EXCERPT_CHARS] if 0 < line <= len(lines) else "",
        }
        for line, what in findings
    ]


def findings_of(imported: ImportedText) -> list[tuple[int, str]]:
    """Return what the import did not understand, by line."""
    return [(each.line, each.what) for each in imported.not_understood]


def fault_rows(faults: Sequence[FileFault]) -> list[Json]:
    """Return what of a fields file could not be read, and where."""
    return [
        {
            "line": each.line,
            "unit": each.key,
            "name": each.name,
            "code": each.code,
            "message": each.message,
        }
        for each in faults
    ]


def suggestions(units: Mapping[str, Content], known: Sequence[Form]) -> list[Json]:
    """Return the fields that the text seems to state and that nobody has filled in."""
    names = {form.name for form in known}
    return [form_json(form) for form in suggested_forms(units) if form.name not in names]


def kinds_of(units: Mapping[str, Content]) -> JsonObject:
    """Return how many units of each kind there are."""
    counts = dict.fromkeys(KINDS, 0)
    for content in units.values():
        counts[content.kind] += 1
    return {kind: count for kind, count in counts.items() if count}


def unit_rows(
    units: Mapping[str, Content], *, start: int, limit: int, unit: str = ""
) -> list[Json]:
    """Return some units in printed order, with what they say and where they begin."""
    lines, paths = lines_of(units), read_paths(units)
    order = [unit] if unit in units else in_order(units)[start : start + limit]
    depths = _depths(units)
    return [
        {
            "unit": each,
            "path": paths.name(each),
            "kind": units[each].kind,
            "label": units[each].label,
            "heading": units[each].heading,
            "text": units[each].text,
            "lang": units[each].lang,
            "line": lines[each],
            "depth": depths[each],
            "fields": sorted(units[each].fields),
        }
        for each in order
    ]


def readiness(
    units: Mapping[str, Content],
    checked: Sequence[CheckedForm],
    *,
    findings: int,
    frozen: str,
    missing: str | None,
    political: bool,
) -> list[Json]:
    """Return the check list before a tabling: ``must`` forbids it, ``look`` only warns.

    Args:
        units: The text with the fields that hold.
        checked: All its fields.
        findings: How many lines were not understood.
        frozen: Why the relationship takes no new acts, or empty.
        missing: What ``missing_in`` says of the text.
        political: Whether it is meant politically: such a text may be adopted and no more.
    """
    wrong = sum(each.problem is not None for each in checked)
    doubts = sum(each.doubt is not None for each in checked)
    articles = sum(content.kind == "article" for content in units.values())
    stated = {name for content in units.values() for name in content.fields}
    rows: list[Json] = [
        _row("text", "ok" if articles or political else "look", count=articles),
        _row("findings", "look" if findings else "ok", count=findings),
        _row("fields", "must" if wrong else "ok", count=wrong, of=len(checked)),
    ]
    if doubts:
        rows.append(_row("doubts", "look", count=doubts))
    if places := sum(len(_OPEN.findall(content.text)) for content in units.values()):
        rows.append(_row("places", "look", count=places))
    if political and not stated:  # as the text of a joint statement
        rows.append(_row("adopted", "ok"))
    else:
        rows += [_row("stated", "ok" if name in stated else "look", name=name) for name in _USUAL]
    if missing is not None and "entry" in stated:
        rows.append(_row("clauses", "look", message=missing))
    rows.append(_row("relationship", "must" if frozen else "ok", message=frozen))
    return rows


def missing_in(units: Mapping[str, Content]) -> str | None:
    """Return what the text must still state before it can be adopted, or None.

    A text may be tabled without: the two sides may still be looking for the words.
    """
    try:
        check_clauses(units)
    except RefusedError as error:
        return error.message
    return None


def _row(code: str, state: str, **facts: Json) -> JsonObject:
    return {"code": code, "state": state, "facts": facts}


def _depths(units: Mapping[str, Content]) -> dict[str, int]:
    depths: dict[str, int] = {}
    for unit in in_order(units):
        depths[unit] = depths.get(units[unit].parent or "", -1) + 1
    return depths
