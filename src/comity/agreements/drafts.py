"""A draft while it is being written: its units keep their ids, each wrong field says so in place.

Nothing here refuses a whole draft for one wrong field, because people write one thing after the
other; what may be tabled is refused elsewhere. Source: design 13.9, 13.10; agreements.md D6
(journey 2).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.clauses import areas_in, scale_of
from comity.agreements.fields import fields_plain_words
from comity.agreements.fields_file import read_field, with_fields
from comity.agreements.forms import Form, members_of
from comity.agreements.importing import ImportedText, flatten, import_text
from comity.agreements.matching import match_units
from comity.agreements.model import Content, in_order, printed
from comity.agreements.paths import Paths, read_paths
from comity.agreements.statements import PERIODS, Statement, could_state, periods_in
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.instants import Period

#: What is wrong with the place or the words of a field, so that other words can be offered.
_MISPLACED: Final = frozenset({"fields.quote", "fields_file.quote", "paths.none", "paths.many"})
#: A field that one agreement can state once. Source: ``clauses.check_clauses``.
ONCE: Final = frozenset(
    {"entry", "term", "signatories", "suspension", "third_parties", "marking_scale", "basis"}
)


@attrs.frozen(kw_only=True)
class Problem:
    """What is wrong with one field: the code of the reason, and the reason in words."""

    code: str
    message: str


@attrs.frozen(kw_only=True)
class CheckedForm:
    """One form and what was found of it in the text.

    Attributes:
        form: As it was filled in; its unit by its one label path where the form holds.
        unit: The id of the unit that states it, where the form holds.
        problem: What is wrong, or None.
        doubt: What seems wrong and is not refused: its words seem to say something else.
        words: What it says, in plain English; empty where it does not hold.
        offered: Words of the text that could state it, where its own do not.
    """

    form: Form
    unit: str | None
    problem: Problem | None
    doubt: Problem | None
    words: tuple[str, ...]
    offered: tuple[Statement, ...]


def read_draft_text(
    text: str, *, name: str, before: Mapping[str, Content], new_id: Callable[[], str]
) -> tuple[dict[str, Content], ImportedText]:
    """Return the units of a draft's text without fields, and what the import says of it.

    A unit that stood before keeps its id, so that what was noted on it stays with it.

    Args:
        text: The text, plain or Markdown.
        name: How to name it in an error.
        before: The units before this edit; empty for a new draft.
        new_id: Draws a fresh unit id.

    Raises:
        PeerError: as ``import_text``.
    """
    imported = import_text(text.encode(), name=name)
    counter = iter(range(1 << 30))
    fresh = flatten(imported, new_id=lambda: f"new-{next(counter)}")
    matched = match_units(before, fresh) if before else {}
    ids = {unit: matched.get(unit) or new_id() for unit in fresh}
    made: dict[str, Content] = {}
    for unit, content in fresh.items():
        parent = None if content.parent is None else ids[content.parent]
        made[ids[unit]] = attrs.evolve(content, parent=parent)
    return made, imported


def followed(
    forms: Sequence[Form], *, before: Mapping[str, Content], after: Mapping[str, Content]
) -> tuple[Form, ...]:
    """Return the forms with the labels that their units bear after an edit.

    A new Article 5 moves the numbers of all that follow; the field of Article 12 then is one of
    Article 13. A label that named no single unit before stays as it is.
    """
    old, new = read_paths(before), read_paths(after)
    made: list[Form] = []
    for form in forms:
        values = form.values
        areas = values.get("areas")
        if isinstance(areas, Sequence) and not isinstance(areas, str):
            values = {**values, "areas": [_area_followed(area, old, new) for area in areas]}
        made.append(attrs.evolve(form, unit=_followed(form.unit, old, new), values=values))
    return tuple(made)


def check_forms(
    units: Mapping[str, Content], forms: Sequence[Form]
) -> tuple[dict[str, Content], tuple[CheckedForm, ...]]:
    """Return the units with the fields that hold, and every form with what was found of it."""
    bare = {unit: attrs.evolve(content, fields={}) for unit, content in units.items()}
    paths = read_paths(bare)
    good: dict[str, dict[str, JsonObject]] = {}
    checked: list[CheckedForm] = []
    for form in forms:
        try:
            unit, field = _read(form, paths)
            _check_once(form, unit, good=good, paths=paths)
        except PeerError as error:
            checked.append(_wrong(bare, form, error))
            continue
        good.setdefault(unit, {})[form.name] = field
        checked.append(
            CheckedForm(
                form=attrs.evolve(form, unit=paths.name(unit)),
                unit=unit,
                problem=None,
                doubt=_doubt(form),
                words=(),
                offered=(),
            )
        )
    for unit, name, problem in _misfits(with_fields(bare, good)):
        del good[unit][name]
        checked = [
            attrs.evolve(each, unit=None, problem=problem, doubt=None)
            if (each.unit, each.form.name) == (unit, name)
            else each
            for each in checked
        ]
    made = with_fields(bare, good)
    labels = {unit: paths.name(unit) for unit in paths.longest}
    return made, tuple(_worded(each, made, labels) for each in checked)


def lines_of(units: Mapping[str, Content]) -> dict[str, int]:
    """Return the line of the printed text on which each unit begins, counted from 1."""
    made: dict[str, int] = {}
    line = 1
    for unit in in_order(units):
        own = printed(units[unit])
        made[unit] = line + own.count("\n", 0, len(own) - len(own.lstrip()))
        line += own.count("\n")
    return made


def _read(form: Form, paths: Paths) -> tuple[str, JsonObject]:
    where = f"The field {form.name.replace('_', ' ')}"
    if not form.quote.strip():
        raise PeerError(
            "fields_file.quote",
            f"{where}: pick the words of the text that state it.",
        )
    return read_field(form.unit, form.name, members_of(form), paths=paths, where=where)


def _check_once(
    form: Form, unit: str, *, good: Mapping[str, Mapping[str, JsonObject]], paths: Paths
) -> None:
    if form.name in good.get(unit, {}):
        raise PeerError(
            "fields_file.twice",
            f"{paths.name(unit)} states {form.name.replace('_', ' ')} already; take one away.",
        )
    other = next((each for each in good if form.name in good[each]), None)
    if form.name in ONCE and other is not None:
        raise PeerError(
            "forms.once",
            f"{paths.name(other)} states {form.name.replace('_', ' ')} already, and one agreement"
            " can state it once; take one away.",
        )


def _doubt(form: Form) -> Problem | None:
    """Return that the quoted words seem to state another period than the form, if they do."""
    if form.name not in PERIODS:
        return None
    stated = periods_in(form.quote)
    meant = Period.parse(str(members_of(form)["period"]))
    if not stated or any(_months(each) == _months(meant) for each in stated):
        return None
    return Problem(
        code="forms.disagree",
        message=f"The form says {meant.words()}, the quoted words seem to say"
        f" {' and '.join(each.words() for each in stated)}. Change one of them.",
    )


def _months(period: Period) -> tuple[int, int]:
    return 12 * period.years + period.months, period.days


def _wrong(units: Mapping[str, Content], form: Form, error: PeerError) -> CheckedForm:
    code = str(error.facts.get("cause", error.code))
    return CheckedForm(
        form=form,
        unit=None,
        problem=Problem(code=code, message=error.message),
        doubt=None,
        words=(),
        offered=could_state(units, form) if code in _MISPLACED else (),
    )


def _misfits(units: Mapping[str, Content]) -> list[tuple[str, str, Problem]]:
    """Return the fields ``areas`` that do not go with the rest of the text."""
    known = scale_of(units)
    seen: set[str] = set()
    found: dict[str, Problem] = {}
    for unit, area in areas_in(units):
        if area.id in seen:
            found.setdefault(
                unit,
                Problem(
                    code="agreements.area_twice",
                    message=f"Another field states the area {area.id} already; give this one"
                    " another id.",
                ),
            )
        if known and area.policy.marking_max not in known:
            found.setdefault(
                unit,
                Problem(
                    code="fields_file.level",
                    message=f"The area {area.id} permits up to {area.policy.marking_max!r:.80},"
                    f" which is no level of the marking scale ({', '.join(known)}).",
                ),
            )
        seen.add(area.id)
    return [(unit, "areas", problem) for unit, problem in found.items()]


def _worded(
    checked: CheckedForm, units: Mapping[str, Content], labels: Mapping[str, str]
) -> CheckedForm:
    if checked.unit is None:
        return checked
    field = units[checked.unit].fields[checked.form.name]
    return attrs.evolve(
        checked, words=fields_plain_words({checked.form.name: field}, labels=labels)
    )


def _area_followed(area: Json, old: Paths, new: Paths) -> Json:
    articles = area.get("articles") if isinstance(area, Mapping) else None
    if (
        not isinstance(area, Mapping)
        or not isinstance(articles, Sequence)
        or isinstance(articles, str)
    ):
        return area
    return {**area, "articles": [_followed(str(each), old, new) for each in articles]}


def _followed(path: str, old: Paths, new: Paths) -> str:
    found = old.find(path)
    return new.name(found[0]) if len(found) == 1 and found[0] in new.longest else path
