"""One red line as a person fills it in: made whole, tried on the text, and what it can be about.

Nothing here is kept or leaves. Source: agreements.md D3.6; design 2 (idea 4).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, get_args

import msgspec

from comity.agreements.drafts import check_forms
from comity.agreements.fields import members_of_value
from comity.agreements.forms import form_json, forms_of, members_of, read_form
from comity.agreements.model import Content, in_order, label_path, label_paths
from comity.agreements.redlines import (
    EFFECTS,
    TESTS,
    Candidate,
    FieldRule,
    RedLine,
)
from comity.agreements.statements import PERIODS
from comity.agreements.texts import AlternativeView, UnitView
from comity.api import redlines as asks
from comity.api.operation import Role
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Period

UNITS_OFFERED_MAX: Final = 400
_ID_CHARS_MAX: Final = 40
_LISTS: Final = frozenset({"wordings", "patterns", "labels"})
_PERIOD_MEMBERS: Final = frozenset({"years", "months", "days"})


def line_of(
    form: asks.RedLineForm, units: Mapping[str, Content], *, before: RedLine | None
) -> RedLine:
    """Return the red line that a form says; it has the id of the one before it, if any.

    Args:
        form: What was filled in.
        units: The text, for the value that a field has now.
        before: The line whose place it takes.

    Raises:
        MisuseError: ``redlines.member``, ``redlines.not_stated``, ``redlines.nothing``, and as
            ``RedLine.read``.
    """
    given = msgspec.to_builtins(form)
    assert isinstance(given, dict)  # a struct
    made: dict[str, Json] = {name: each for name, each in given.items() if each is not None}
    made["id"] = form.id or (before.id if before else "new")
    if form.kind == "field":
        made["value"] = _value(form, units, before=before)
    for name in _LISTS & made.keys():
        made[name] = [each for each in given[name] if each.strip()]
        if not made[name] and form.kind != "forbid_effect":
            raise MisuseError(
                "redlines.nothing",
                "Say what the line is about: at least one phrase, or one article.",
            )
    optional = {"label"} if form.kind == "keep" else {"patterns"}
    return RedLine.read({name: each for name, each in made.items() if each or name not in optional})


def _value(form: asks.RedLineForm, units: Mapping[str, Content], *, before: RedLine | None) -> Json:
    name, value = form.field or "", form.value
    if value is None:
        return _standing(name, units, before=before)
    if isinstance(value, str):
        return value
    if name in PERIODS and value.keys() <= _PERIOD_MEMBERS:
        numbers = {each: value.get(each, 0) for each in sorted(_PERIOD_MEMBERS)}
        if not all(isinstance(each, int) for each in numbers.values()):
            raise MisuseError("redlines.member", "Years, months and days are whole numbers.")
        return members_of(read_form({"name": name, **_json(numbers)}))["period"]
    _check_members(name, value)
    return _json(value)


def _check_members(name: str, value: Mapping[str, object]) -> None:
    """Refuse a member that no value of that field has: the line would fire for ever.

    Raises:
        MisuseError: ``redlines.member``.
    """
    try:
        known = members_of_value(name)
    except KeyError:
        return  # the reader of red lines says which fields there are
    unknown = sorted(value.keys() - set(known))
    if unknown or not value:
        raise MisuseError(
            "redlines.member",
            f"Say which of {', '.join(known)} must be what in the field {name}; found"
            f" {unknown[0][:60] if unknown else 'nothing'}.",
        )


def _json(value: Mapping[str, object]) -> dict[str, Json]:
    plain = msgspec.to_builtins(value)
    assert isinstance(plain, dict)  # a mapping
    return plain


def _standing(name: str, units: Mapping[str, Content], *, before: RedLine | None) -> Json:
    """Return the value that the line has had, or that the text has now."""
    if before is not None and isinstance(before.rule, FieldRule) and before.rule.field == name:
        return before.rule.value
    for unit in in_order(units):
        field = units[unit].fields.get(name)
        if field is not None:
            value = field["value"]
            assert isinstance(value, Mapping)  # checked when the content was read
            return value["period"] if name in PERIODS else dict(value)
    raise MisuseError(
        "redlines.not_stated",
        f"The text states no field {name.replace('_', ' ')[:60]!r} now: say what it must be.",
    )


def named(line: RedLine, taken: AbstractSet[str]) -> str:
    """Return an id for a new line, made from its sentence; none of those taken."""
    plain = unicodedata.normalize("NFKD", line.sentence).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:_ID_CHARS_MAX].strip("-") or "line"
    made = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in made if each not in taken)


def row(line: RedLine) -> JsonObject:
    """Return a line with what its form is filled in with, where a field must have a value."""
    said = line.json()
    rule = line.rule
    if not isinstance(rule, FieldRule):
        return said
    if rule.field in PERIODS:
        period = Period.parse(str(rule.value))
        form: JsonObject = {"years": period.years, "months": period.months, "days": period.days}
    else:
        assert isinstance(rule.value, Mapping)  # the reader looked
        form = {name: each for name, each in rule.value.items() if name != "when"}
    return {**said, "form": {"name": rule.field, **form}}


def choices(units: Mapping[str, Content]) -> JsonObject:
    """Return what a red line for this text can be about."""
    checked = check_forms(units, forms_of(units))[1]
    labelled = [unit for unit in in_order(units) if units[unit].label][:UNITS_OFFERED_MAX]
    return {
        "units": [
            {"unit": unit, "label": label_path(units, unit), "heading": units[unit].heading}
            for unit in labelled
        ],
        "fields": [{**form_json(each.form), "plain": list(each.words)} for each in checked],
        "tests": list(TESTS),
        "effects": list(EFFECTS),
        "roles": list(get_args(Role)),
    }


def candidates(units: Mapping[str, Content]) -> list[Candidate]:
    """Return the units of a whole text as candidates, each with all by which it is named."""
    names = label_paths(units)
    return [
        Candidate(unit=unit, content=content, names=names.get(unit, ()))
        for unit, content in units.items()
        if not content.deleted
    ]


def on_table(
    units: Sequence[UnitView], wanted: Callable[[AlternativeView], bool]
) -> Iterator[Candidate]:
    """Give the alternatives on the table that are wanted, with all by which units are named."""
    names = label_paths({one.id: one.face for one in units})
    for unit in units:
        for each in unit.alternatives:
            if wanted(each):
                yield Candidate(unit=unit.id, content=each.content, names=names.get(unit.id, ()))


def worded_by(by: tuple[str, ...]) -> Callable[[AlternativeView], bool]:
    """Return the test for alternatives of exactly these parties."""
    return lambda each: each.by == by
