"""What an edited text would table: the difference to the text as it stands, unit by unit.

Nothing is carried over silently: a field whose quote no longer stands in its unit must be given
anew, and a policy may not name an article that is gone. A change of white space alone is no change.
Source: design 13.9; ``docs/spec/04-text.md`` 4.9.
"""

import unicodedata
from collections.abc import Callable, Mapping

import attrs

from comity.agreements.fields import areas_of, stands_in
from comity.agreements.fields_file import check_text_fields, read_fields_toml, with_fields
from comity.agreements.importing import flatten, import_text
from comity.agreements.matching import match_units
from comity.agreements.model import (
    Content,
    content_json,
    in_order,
    label_path,
    named_fields,
    order_between,
    read_content,
)
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.text import check_text


@attrs.frozen(kw_only=True)
class Change:
    """One unit that differs.

    Attributes:
        unit: Its id; fresh where it is added.
        kind: ``add``, ``amend`` (words or fields, perhaps place too), ``move`` (only its place) or
            ``delete``.
        before: What it says now, None where it is added.
        after: What it would say, None where it is deleted.
    """

    unit: str
    kind: str
    before: Content | None
    after: Content | None


def changes(
    current: Mapping[str, Content],
    edited: bytes,
    *,
    fields: bytes | None,
    new_id: Callable[[], str],
) -> tuple[Change, ...]:
    """Return the changes that make ``current`` say what ``edited`` says, in printed order.

    Args:
        current: The text as it stands.
        edited: The edited text, plain or Markdown.
        fields: A fields file whose fields replace those of the same unit and name, or None.
        new_id: Draws a fresh unit id for each added unit.

    Raises:
        PeerError: as ``import_text`` and ``read_fields_toml``; ``comparing.quote``,
            ``comparing.field_lost``, ``comparing.article_gone``.
    """
    after = _edited_units(current, edited, new_id=new_id)
    given = read_fields_toml(fields, units=after) if fields is not None else {}
    after = _with_kept_fields(current, after, given)
    _check_references(current, after)
    check_text_fields(after)
    made = [
        Change(unit=unit, kind=kind, before=current.get(unit), after=after[unit])
        for unit in in_order(after)
        if (kind := _kind(current.get(unit), after[unit])) is not None
    ]
    gone = [unit for unit in in_order(current) if unit not in after]
    made += [Change(unit=unit, kind="delete", before=current[unit], after=None) for unit in gone]
    return tuple(made)


def reworded(
    current: Mapping[str, Content],
    unit: str,
    *,
    text: str,
    heading: str | None,
    fields: str | None,
) -> Content:
    """Return what one unit would say in other words, its place, label and layout kept.

    What a person typed may have any line ends and any normal form; both are made the house's.

    Args:
        current: The text as it stands, that unit among it.
        unit: Its id.
        text: Its new words.
        heading: Its new heading; None keeps it.
        fields: A fields file with all fields that the unit shall have; None keeps those it has.

    Raises:
        PeerError: ``comparing.no_words``, ``comparing.other_unit`` and all of ``changes``.
    """
    new = retyped(current, unit, text=text, heading=heading)
    after = {**current, unit: new}
    given = {} if fields is None else read_fields_toml(fields.encode(), units=after)
    strangers = [other for other in given if other != unit]
    if strangers:
        raise PeerError(
            "comparing.other_unit",
            f"The fields of {label_path(current, unit)} are given here; the words quoted stand in"
            f" {label_path(after, strangers[0])}. Change that unit by itself.",
            {"unit": unit, "other": strangers[0]},
        )
    after = _with_kept_fields(current, after, {}) if fields is None else with_fields(after, given)
    return settled(current, after, unit)


def retyped(
    current: Mapping[str, Content], unit: str, *, text: str, heading: str | None
) -> Content:
    """Return one unit with the words that a person typed, without any field.

    Args:
        current: The text as it stands, that unit among it.
        unit: Its id.
        text: Its new words.
        heading: Its new heading; None keeps it.

    Raises:
        PeerError: ``comparing.no_words``, and as ``check_text``.
    """
    old = current[unit]
    name = label_path(current, unit)
    body = _typed(text, what=f"The text of {name}")
    title = old.heading if heading is None else " ".join(_typed(heading, what=name).split())
    if not body and not title:
        raise PeerError(
            "comparing.no_words",
            f"{name} would say nothing. Write its words, or propose to delete it.",
            {"unit": unit},
        )
    return attrs.evolve(old, heading=title, text=body, layout=_room(old, title, body), fields={})


def settled(current: Mapping[str, Content], after: Mapping[str, Content], unit: str) -> Content:
    """Return one unit of an edited text, once all of that text goes together.

    Raises:
        PeerError: as ``changes``.
    """
    _check_references(current, after)
    check_text_fields(after)
    return read_content(content_json(after[unit]))


def _typed(text: str, *, what: str) -> str:
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return check_text(plain, what=what)


def _room(old: Content, heading: str, body: str) -> tuple[str, str, str, str]:
    """Return the layout, with white space between parts that did not both stand before."""
    prefix, infix, suffix, tail = old.layout
    if old.label and heading and not infix:
        infix = " "
    if heading and body and not suffix:
        suffix = "\n"
    return prefix, infix, suffix, tail


def _edited_units(
    current: Mapping[str, Content], edited: bytes, *, new_id: Callable[[], str]
) -> dict[str, Content]:
    """Return the edited text with the ids of the units it keeps, and places that change little."""
    counter = iter(range(1 << 30))
    imported = import_text(edited, name="the edited text")
    fresh = flatten(imported, new_id=lambda: f"new-{next(counter)}")
    standing = {unit: current[unit] for unit in in_order(current)}
    matched = match_units(standing, fresh)
    ids = {unit: matched.get(unit) or new_id() for unit in fresh}
    made: dict[str, Content] = {}
    for unit, content in fresh.items():
        old = standing.get(matched.get(unit, ""))
        parent = ids[content.parent] if content.parent is not None else None
        made[ids[unit]] = attrs.evolve(
            content,
            parent=parent,
            order="" if old is None or old.parent != parent else old.order,
            lang=content.lang if old is None else old.lang,
        )
    return _placed(made)


def _placed(units: dict[str, Content]) -> dict[str, Content]:
    """Give an order key to every unit that has none or stands elsewhere among its siblings."""
    siblings: dict[str | None, list[str]] = {}
    for unit, content in units.items():
        siblings.setdefault(content.parent, []).append(unit)
    for group in siblings.values():
        kept = _longest_rise([units[unit].order for unit in group])
        before: str | None = None
        following = _next_kept([units[unit].order for unit in group], kept)
        for index, unit in enumerate(group):
            if index not in kept:
                order = order_between(before, following[index])
                units[unit] = attrs.evolve(units[unit], order=order)
            before = units[unit].order
    return units


def _longest_rise(keys: list[str]) -> set[int]:
    """Return the places of a longest strictly rising run of the non-empty keys."""
    tops: list[int] = []
    previous: dict[int, int | None] = {}
    for index, key in enumerate(keys):
        if not key:
            continue
        low, high = 0, len(tops)
        while low < high:
            middle = (low + high) // 2
            if keys[tops[middle]] < key:
                low = middle + 1
            else:
                high = middle
        previous[index] = tops[low - 1] if low else None
        tops[low : low + 1] = [index]
    kept: set[int] = set()
    at: int | None = tops[-1] if tops else None
    while at is not None:
        kept.add(at)
        at = previous[at]
    return kept


def _next_kept(keys: list[str], kept: set[int]) -> list[str | None]:
    following: list[str | None] = [None] * len(keys)
    upcoming: str | None = None
    for index in range(len(keys) - 1, -1, -1):
        following[index] = upcoming
        if index in kept:
            upcoming = keys[index]
    return following


def _with_kept_fields(
    current: Mapping[str, Content],
    after: Mapping[str, Content],
    given: Mapping[str, Mapping[str, JsonObject]],
) -> dict[str, Content]:
    kept: dict[str, dict[str, JsonObject]] = {}
    for unit, content in after.items():
        old = current.get(unit)
        for name, field in old.fields.items() if old is not None else ():
            if name in given.get(unit, {}):
                continue
            if not stands_in(str(field["quote"]), content.words()):
                raise PeerError(
                    "comparing.quote",
                    f"{label_path(after, unit)}: the field {name!r} quotes "
                    f"{str(field['quote'])[:80]!r}, which the edited text no longer says. Give "
                    f"the field anew, with the words that state it now.",
                    {"unit": unit, "field": name},
                )
            kept.setdefault(unit, {})[name] = field
    return with_fields(with_fields(after, kept), given)


def _check_references(current: Mapping[str, Content], after: Mapping[str, Content]) -> None:
    names = {name for content in after.values() for name in content.fields}
    added = any(unit not in current for unit in after)
    for unit in in_order(current):
        lost = sorted(current[unit].fields.keys() - names) if unit not in after else []
        if lost and added:
            raise PeerError(
                "comparing.field_lost",
                f"{label_path(current, unit)} is gone from the edited text and with it the field "
                f"{lost[0]!r}. Give the field anew in the fields file, under the unit that states "
                "it now; or take the unit out without adding another in the same step.",
                {"unit": unit, "field": lost[0]},
            )
    for unit, value in named_fields(after, "areas"):
        for area in areas_of(value):
            gone = next((each for each in area.policy.articles if each not in after), None)
            if gone is not None:
                name = label_path(current, gone) if gone in current else gone
                raise PeerError(
                    "comparing.article_gone",
                    f"{label_path(after, unit)}: area {area.id} rests on {name}, which is gone "
                    "from the edited text. Give the area anew in the fields file.",
                    {"unit": unit, "area": area.id},
                )


def _kind(before: Content | None, after: Content) -> str | None:
    if before is None:
        return "add"
    moved = (before.parent, before.order) != (after.parent, after.order)
    if _said(before) != _said(after):
        return "amend"
    return "move" if moved else None


def _said(content: Content) -> Content:
    """Return what a unit says: without its place, and without the white space around it."""
    marks = tuple("".join(part.split()) for part in content.layout)
    first, second, third, fourth = marks
    return attrs.evolve(content, parent=None, order="i", layout=(first, second, third, fourth))
