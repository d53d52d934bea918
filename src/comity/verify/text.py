"""The text of an agreement as it was signed: its digest, its words, its fields.

Computed again from ``text/units.json`` by the specification alone, without the room
``agreements``. Source: spec 8.2.4; pages 4 and 5 of the specification (units, text digest).
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, digest, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.limits import TEXT_BYTES_MAX, UNITS_MAX
from comity.parties.documents import members, string_of, text_of

UNITS_BYTES_MAX: Final = 2 * TEXT_BYTES_MAX

_CONTENT: Final = (
    *("kind", "label", "heading", "text", "layout", "parent", "order", "fields", "lang"),
)
_OWN_NAME: Final = frozenset({"paragraph", "item"})
_STEPS_MAX: Final = 10


@attrs.frozen(kw_only=True)
class Text:
    """A text with its units in printed order."""

    instrument: str
    title: str
    parties: tuple[str, str]
    units: Mapping[str, JsonObject]
    digest: str

    def printed(self) -> str:
        """Return the text as people read it."""
        return "".join(_printed(content) for content in self.units.values())

    def fields(self, name: str) -> tuple[tuple[str, JsonObject], ...]:
        """Return unit and value of every field ``name``, in printed order."""
        found = []
        for unit, content in self.units.items():
            fields = content["fields"]
            field = fields.get(name) if isinstance(fields, Mapping) else None
            value = field.get("value") if isinstance(field, Mapping) else None
            if isinstance(value, Mapping):
                found.append((unit, value))
        return tuple(found)

    def field(self, name: str) -> JsonObject | None:
        """Return the value of the field ``name``, or None where no unit states it.

        Raises:
            PeerError: ``verify.field_twice``.
        """
        found = self.fields(name)
        if len(found) > 1:
            raise PeerError("verify.field_twice", f"The text states {name} twice.")
        return found[0][1] if found else None

    def label(self, unit: str) -> str:
        """Return how a person names a unit: "Article 4 2. (a)"."""
        steps: list[str] = []
        at: Json = unit
        while isinstance(at, str) and at in self.units and len(steps) < _STEPS_MAX:
            content = self.units[at]
            steps.append(str(content["label"] or content["heading"] or content["kind"]))
            if content["kind"] not in _OWN_NAME:
                break
            at = content["parent"]
        return " ".join(reversed(steps))

    def line_up(self, unit: str) -> tuple[str, ...]:
        """Return the unit and everything it stands in, nearest first."""
        line: dict[str, None] = {}
        at: Json = unit
        while isinstance(at, str) and at not in line:
            line[at] = None
            at = self.units[at]["parent"] if at in self.units else None
        return tuple(line)


def read_text(data: bytes) -> Text:
    """Return the text in ``units.json``.

    Raises:
        PeerError: ``verify.units``, ``verify.unit``; ``documents.*``, ``json.*``.
    """
    what = "text/units.json"
    value = members(
        parse_canonical(data, bytes_max=UNITS_BYTES_MAX, what=what),
        ("instrument", "open", "units"),
        what=what,
    )
    opening = members(
        value["open"], ("title", "register", "language", "parties"), what=f"{what}: open"
    )
    parties, listed = opening["parties"], value["units"]
    named = [one for one in parties if isinstance(one, str)] if isinstance(parties, list) else []
    units = [_unit(each) for each in listed] if isinstance(listed, list) else []
    if len(named) != 2 or parties != named or not 0 < len(dict(units)) == len(units) <= UNITS_MAX:
        raise PeerError("verify.units", f"{what} does not list two parties and units, each once.")
    instrument = string_of(value, "instrument", what=what)
    alternatives: list[Json] = [
        [unit, digest(canonical({"unit": unit, "content": content}))] for unit, content in units
    ]
    signed: Json = {"instrument": instrument, "open": opening, "units": alternatives}
    return Text(
        instrument=instrument,
        title=text_of(opening, "title", what=what),
        parties=(named[0], named[1]),
        units=dict(units),
        digest=digest(canonical(signed)),
    )


def _unit(value: Json) -> tuple[str, JsonObject]:
    found = members(value, ("unit", "content"), what="A unit")
    content = members(found["content"], _CONTENT, what="A unit's content")
    texts = [content[name] for name in ("kind", "label", "heading", "text")]
    layout = content["layout"]
    marks = list(layout) if isinstance(layout, Sequence) and not isinstance(layout, str) else []
    if len(marks) != 4 or not all(isinstance(each, str) for each in (*texts, *marks)):
        raise PeerError("verify.unit", f"The unit {str(found['unit'])[:40]} is not as page 4 says.")
    return string_of(found, "unit", what="A unit"), content


def _printed(content: JsonObject) -> str:
    layout = content["layout"]
    prefix, infix, suffix, tail = layout if isinstance(layout, list) else ("", "", "", "")
    label, heading, text = content["label"], content["heading"], content["text"]
    return f"{prefix}{label}{infix}{heading}{suffix}{text}{tail}"
