"""The document model: units, what one unit says, how it prints, and its digest.

A text is a tree of units. A unit has an id that never changes; what it says at one time is its
``Content`` (in a negotiation: an alternative). Contents are values: equal contents have equal
canonical JSON and equal digests. Printing the units in tree order gives the text, byte for byte as
it was imported. Kinds are by level, not by word: an "Article" of one text and a "Section" of
another can both be ``article``. Source: design 13.9, 13.10; ``docs/spec/04-text.md`` 4.1 to 4.4.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.fields import check_fields
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.limits import TEXT_BYTES_MAX

KINDS: Final = (
    "title",
    "preamble",
    "part",
    "chapter",
    "section",
    "article",
    "paragraph",
    "item",
    "annex",
    "testimonium",
)
LABEL_CHARS_MAX: Final = 200
HEADING_CHARS_MAX: Final = 2_000
LAYOUT_CHARS_MAX: Final = 10_000
ORDER_CHARS_MAX: Final = 200

#: What may stand in ``layout``: no letter and no digit, so that no prose can hide there.
LAYOUT_CHARACTERS: Final = frozenset(
    " \t\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
    "\u205f\u3000\u00ad\u061c\u200c\u200d\u200e\u200f"
    ".:;,-\u2013\u2014()[]*#_|\u00a7\u00b7\u2022/\\=>~`"
    "\u2010\u2011\u2012\u2015\u2212\u060c\u061b\u0964\u0965\u3001\u3002\uff0e\uff1a\uff1b\uff0c"
    "\uff0d\uff08\uff09\uff3b\uff3d\u3010\u3011\u3014\u3015\u30fb\u25cf\u25cb\u25aa\u25e6\u2023"
)

_UNIT: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LANG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_ORDER: Final = re.compile(r"[0-9a-z]{0,199}[1-9a-z]")
_MEMBERS: Final = (
    "kind",
    "label",
    "heading",
    "text",
    "layout",
    "parent",
    "order",
    "fields",
    "lang",
)


@attrs.frozen(kw_only=True)
class Content:
    """What one unit says: an alternative in a negotiation.

    Attributes:
        kind: One of ``KINDS``.
        label: As printed ("Article 14 bis", "(a)"), or empty.
        heading: As printed, without the label, or empty; one line.
        text: Its own words, line breaks included, without those of its children.
        layout: Prefix, infix, suffix and tail: what stands around label, heading and text.
        parent: The unit it stands in, or None.
        order: Its place among its siblings, see ``order_between``.
        fields: Typed values by name, each ``{"value", "quote"}``.
        lang: Language of the text, as a BCP 47 tag; ``und`` where unknown.
        deleted: The alternative "this unit shall not stand"; then all else is empty.
    """

    kind: str
    label: str
    heading: str
    text: str
    layout: tuple[str, str, str, str]
    parent: str | None
    order: str
    fields: Mapping[str, JsonObject]
    lang: str
    deleted: bool = False

    def words(self) -> str:
        """Return the unit's own printed words: what a field may quote."""
        return f"{self.label} {self.heading}\n{self.text}"


DELETED: Final = Content(
    kind="paragraph",
    label="",
    heading="",
    text="",
    layout=("", "", "", ""),
    parent=None,
    order="i",
    fields={},
    lang="und",
    deleted=True,
)


def content_json(content: Content) -> JsonObject:
    """Return the JSON object of a content: the form that is digested and that crosses."""
    if content.deleted:
        return {"deleted": True}
    return {
        "kind": content.kind,
        "label": content.label,
        "heading": content.heading,
        "text": content.text,
        "layout": list(content.layout),
        "parent": content.parent,
        "order": content.order,
        "fields": content.fields,
        "lang": content.lang,
    }


def read_content(value: Json) -> Content:
    """Return the content in a JSON value; strict and closed.

    Raises:
        PeerError: ``text.members``, ``text.kind``, ``text.line``, ``text.text``, ``text.layout``,
            ``text.parent``, ``text.order``, ``text.lang`` and all of ``fields.check_fields``.
    """
    if isinstance(value, Mapping) and set(value) == {"deleted"} and value["deleted"] is True:
        return DELETED
    if not isinstance(value, Mapping) or set(value) != set(_MEMBERS):
        raise PeerError(
            "text.members",
            f'A content has exactly the members {", ".join(_MEMBERS)}, or is {{"deleted": true}}.',
        )
    kind, text = value["kind"], value["text"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise PeerError("text.kind", f"A unit's kind is one of {', '.join(KINDS)}: {kind!r:.40}.")
    if not isinstance(text, str) or len(text) > TEXT_BYTES_MAX:
        raise PeerError("text.text", "A unit's text is a string within the size of a whole text.")
    label = _line(value["label"], LABEL_CHARS_MAX)
    heading = _line(value["heading"], HEADING_CHARS_MAX)
    fields = check_fields(
        value["fields"], words=f"{label} {heading}\n{text}", unit=label or heading or f"a {kind}"
    )
    return Content(
        kind=kind,
        label=label,
        heading=heading,
        text=text,
        layout=_layout(value["layout"]),
        parent=_parent(value["parent"]),
        order=read_order(value["order"]),
        fields=fields,
        lang=_lang(value["lang"]),
    )


def alternative_digest(unit_id: str, content: Content) -> str:
    """Return the digest that an acceptance names. Source: ``docs/spec/04-text.md`` 4.4.1."""
    return digest(canonical({"unit": unit_id, "content": content_json(content)}))


def printed(content: Content) -> str:
    """Return the unit's own printed form, without its children."""
    if content.deleted:
        return ""
    prefix, infix, suffix, tail = content.layout
    return f"{prefix}{content.label}{infix}{content.heading}{suffix}{content.text}{tail}"


def print_text(units: Mapping[str, Content]) -> str:
    """Return the whole text: every unit that stands, in tree order."""
    return "".join(printed(units[unit]) for unit in in_order(units))


def in_order(units: Mapping[str, Content]) -> list[str]:
    """Return the ids of all units that stand, in the order in which they print.

    A unit follows its parent and comes before what follows its parent; siblings stand by ``order``
    and then by id. A unit whose parent is deleted or unknown stands as if it had none; where
    parents form a circle, the circle is cut at its smallest id. So every pair of parties prints
    every set of contents in the same order, whatever was moved where.
    """
    children: dict[str | None, list[str]] = {}
    standing = {unit for unit, content in units.items() if not content.deleted}
    for unit in standing:
        parent = units[unit].parent
        children.setdefault(parent if parent in standing else None, []).append(unit)
    for siblings in children.values():
        siblings.sort(key=lambda unit: (units[unit].order, unit), reverse=True)
    placed: dict[str, None] = {}
    _walk(children.get(None, []), children, placed)
    for unit in sorted(standing - placed.keys()):
        if unit not in placed:
            _walk([unit], children, placed)
    return list(placed)


def _walk(
    roots: Sequence[str], children: Mapping[str | None, Sequence[str]], placed: dict[str, None]
) -> None:
    waiting = list(roots)
    while waiting:
        unit = waiting.pop()
        if unit not in placed:
            placed[unit] = None
            waiting.extend(children.get(unit, ()))


def label_path(units: Mapping[str, Content], unit: str) -> str:
    """Return how a person names the unit: "Article 4 2. (a)", from the article downward.

    A unit without a label stands by its heading, and without both by its kind.
    """
    steps: list[str] = []
    at: str | None = unit
    while at is not None and at in units and len(steps) < len(KINDS):
        content = units[at]
        steps.append(content.label or content.heading or content.kind)
        if content.kind not in {"paragraph", "item"}:
            break
        at = content.parent
    return " ".join(reversed(steps))


def label_paths(units: Mapping[str, Content]) -> dict[str, tuple[str, ...]]:
    """Return the label path of each unit, then those of the units that it stands in."""
    made: dict[str, tuple[str, ...]] = {}
    for unit in in_order(units):
        above = made.get(units[unit].parent or "", ())
        made[unit] = tuple(dict.fromkeys((label_path(units, unit), *above)))
    return made


def order_between(before: str | None, after: str | None) -> str:
    """Return an order key strictly between two neighbours (None: no neighbour on that side).

    Keys compare as strings and never end in "0", so there is always room between two.

    Raises:
        MisuseError: ``text.order_room``: the neighbours are not in order, or the key would grow
            longer than ``ORDER_CHARS_MAX``.
    """
    low, high = before or "", after
    made = ""
    if high is None or low < high:
        made = _midpoint(low, high)
    if not made or len(made) > ORDER_CHARS_MAX:
        raise MisuseError(
            "text.order_room",
            f"There is no place between the order keys {low[:40]!r} and {high!r:.40}.",
        )
    return made


def orders(count: int) -> list[str]:
    """Return ``count`` order keys in order, evenly spaced and short."""
    width = 1
    while 36**width < count + 1:
        width += 1
    keys = []
    for index in range(1, count + 1):
        value, key = index, ""
        for _ in range(width):
            value, digit = divmod(value, 36)
            key = _DIGITS[digit] + key
        keys.append(key + "i")
    return keys


def read_order(value: Json) -> str:
    """Return the order key in a JSON value.

    Raises:
        PeerError: ``text.order``.
    """
    if not isinstance(value, str) or not _ORDER.fullmatch(value):
        raise PeerError(
            "text.order", f"An order key is 0-9 and a-z and does not end in 0; found {value!r:.60}."
        )
    return value


def named_fields(units: Mapping[str, Content], name: str) -> list[tuple[str, JsonObject]]:
    """Return ``(unit id, value)`` of every field ``name`` that stands, in printed order."""
    found: dict[str, JsonObject] = {}
    for unit, content in units.items():
        field = None if content.deleted else content.fields.get(name)
        if field is not None:
            value = field["value"]
            assert isinstance(value, Mapping)  # checked when the content was read
            found[unit] = value
    if len(found) < 2:  # one needs no order, and to put a long text in order takes long
        return list(found.items())
    return [(unit, found[unit]) for unit in in_order(units) if unit in found]


def _midpoint(low: str, high: str | None) -> str:
    """Return the middle of two fractions written in base 36, ``low`` < ``high`` (None: one)."""
    made = ""
    place = 0
    while True:
        lowest = _DIGITS.index(low[place]) if place < len(low) else 0
        highest = _DIGITS.index(high[place]) if high is not None and place < len(high) else 36
        if highest - lowest > 1:
            # The last sibling of many is common, so its key grows by one step, not by half.
            last = high is None and place < len(low)
            return made + _DIGITS[lowest + 1 if last else (lowest + highest) // 2]
        made += _DIGITS[lowest]
        if highest != lowest:
            high = None
        place += 1
        if place > ORDER_CHARS_MAX:
            return ""


def _line(value: Json, chars_max: int) -> str:
    if not isinstance(value, str) or len(value) > chars_max or "\n" in value:
        raise PeerError(
            "text.line",
            f"A unit's label and heading are one line each, the longest {chars_max} characters; "
            f"found {value!r:.60}.",
        )
    return value


def _layout(value: Json) -> tuple[str, str, str, str]:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 4:
        parts = [each for each in value if isinstance(each, str) and len(each) <= LAYOUT_CHARS_MAX]
        if len(parts) == 4 and all(LAYOUT_CHARACTERS.issuperset(each) for each in parts):
            return parts[0], parts[1], parts[2], parts[3]
    raise PeerError(
        "text.layout",
        "A unit's layout is four strings of white space and marks, without letters or digits; "
        f"found {value!r:.80}.",
    )


def _parent(value: Json) -> str | None:
    if value is None or (isinstance(value, str) and _UNIT.fullmatch(value)):
        return value
    raise PeerError("text.parent", f"A unit's parent is a unit id or null; found {value!r:.60}.")


def _lang(value: Json) -> str:
    if not isinstance(value, str) or not _LANG.fullmatch(value):
        raise PeerError("text.lang", f"A language is a tag such as en or zh-Hant: {value!r:.40}.")
    return value
