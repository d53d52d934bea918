"""Typed values that a unit of text carries beside its words.

A field is ``{"value": ..., "quote": ...}``: the quote is the words of the unit that state the
value, and a field whose quote does not stand in its unit is refused. Red lines, clocks and rulings
read fields, never prose. The set of names is closed. Source: design 13.9; ``docs/spec/04-text.md``
4.5.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from comity.agreements.policies import Area, level, members
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.instants import Period

_INSTRUMENT: Final = re.compile(r"urn:uuid:[0-9a-f-]{36}")
AREAS_MAX: Final = 200
LEVELS_MAX: Final = 20
DAYS_MAX: Final = 3_660
SIGNATORIES_MAX: Final = 20
QUOTE_CHARS_MAX: Final = 2_000
TITLE_CHARS_MAX: Final = 200

_SUSPENDED_BY: Final = {"either": "by either party alone", "both": "by both parties together"}
_SCOPES: Final = {"whole": "as a whole", "unit": "article by article"}
_RELATIONS: Final = {
    "unaffected": "relations with others stay unaffected",
    "conditioned": "relations with others are made subject to conditions",
}
_ONWARD: Final = {
    "refused": "nothing is passed on to others",
    "consent": "passing on to others needs the sender's consent",
    "free": "passing on to others is free",
}


def check_fields(fields: Json, *, words: str, unit: str) -> Mapping[str, JsonObject]:
    """Return the fields of one unit once every name, value and quote holds.

    Args:
        fields: Name to ``{"value", "quote"}``.
        words: The unit's own printed words: a quote must stand in them.
        unit: How to name the unit in an error.

    Raises:
        PeerError: ``fields.form``, ``fields.quote`` and all of ``check_value``.
    """
    if not isinstance(fields, Mapping):
        raise PeerError("fields.form", f"The fields of {unit} are not an object of named fields.")
    made: dict[str, JsonObject] = {}
    for name, field in fields.items():
        whole = members(field, ("value", "quote"), what=f"field {name!r} of {unit}")
        value = check_value(name, whole["value"], unit=unit)
        made[name] = {"value": value, "quote": check_quote(name, whole["quote"], words, unit=unit)}
    return made


def check_value(name: str, value: Json, *, unit: str) -> JsonObject:
    """Return the value of the field ``name`` if it is one this version knows.

    Raises:
        PeerError: ``fields.unknown`` and one code per kind of field.
    """
    kind = _FIELDS.get(name)
    if kind is None:
        raise PeerError(
            "fields.unknown",
            f"{unit} has a field {name[:60]!r}; known fields are {', '.join(sorted(_FIELDS))}.",
        )
    whole = members(value, kind.names, what=f"field {name!r} of {unit}")
    kind.check(whole)
    return whole


def members_of_value(name: str) -> tuple[str, ...]:
    """Return the members that the value of a known field has."""
    return _FIELDS[name].names


def check_quote(name: str, quote: Json, words: str, *, unit: str) -> str:
    """Return the quote if it stands in ``words``, white space folded.

    Raises:
        PeerError: ``fields.quote``.
    """
    if not isinstance(quote, str) or len(quote) > QUOTE_CHARS_MAX or not stands_in(quote, words):
        shown = repr(quote)[:80]
        raise PeerError(
            "fields.quote",
            f"The field {name!r} of {unit} quotes {shown}, which does not stand in that unit. "
            "Quote the words that state it, or give the field anew.",
        )
    return quote


def stands_in(quote: str, words: str) -> bool:
    """Tell whether ``quote`` stands in ``words``: whole, and with white space folded."""
    folded = fold(quote)
    return bool(folded) and folded in fold(words)


def fold(text: str) -> str:
    """Return ``text`` with every run of white space as one space."""
    return " ".join(text.split())


def areas_of(value: JsonObject) -> tuple[Area, ...]:
    """Return the areas in the value of a field ``areas``.

    Raises:
        PeerError: ``fields.areas`` and all of ``Area.read``.
    """
    areas = value["areas"]
    if not isinstance(areas, Sequence) or isinstance(areas, str) or not 0 < len(areas) <= AREAS_MAX:
        raise PeerError("fields.areas", f"A field areas lists 1 to {AREAS_MAX} areas.")
    made = tuple(Area.read(each) for each in areas)
    if len({each.id for each in made}) != len(made):
        raise PeerError("fields.area_twice", "A field areas names the same area id twice.")
    return made


def fields_plain_words(
    fields: Mapping[str, JsonObject], *, labels: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return one line of plain English per field (one per area): what a signatory reads.

    Args:
        fields: The checked fields of one unit.
        labels: Printed label by unit id, for the articles of a policy.
    """
    lines: list[str] = []
    for name in sorted(fields):
        value = fields[name]["value"]
        assert isinstance(value, Mapping)  # checked when the content was read
        lines.extend(_FIELDS[name].words(value, labels or {}))
    return tuple(lines)


def _check_period(value: JsonObject) -> None:
    period = value["period"]
    if not isinstance(period, str) or str(Period.parse(period)) != period:
        raise PeerError(
            "fields.period", f"A period is written like P10Y, P6M or P30D; found {period!r:.60}."
        )


def _check_entry(value: JsonObject) -> None:
    if value["when"] != "last_signature":
        raise PeerError(
            "fields.entry",
            f'Entry is known only as when = "last_signature": {value["when"]!r:.60}.',
        )
    _check_count(value["days"], 0, DAYS_MAX)


def _check_marking_scale(value: JsonObject) -> None:
    levels = value["levels"]
    if (
        not isinstance(levels, Sequence)
        or isinstance(levels, str)
        or not 0 < len(levels) <= LEVELS_MAX
        or len({level(each) for each in levels}) != len(levels)
    ):
        raise PeerError(
            "fields.levels",
            f"A marking scale lists 1 to {LEVELS_MAX} different levels, lowest first; "
            f"found {levels!r:.80}.",
        )


def _check_signatories(value: JsonObject) -> None:
    _check_count(value["per_party"], 1, SIGNATORIES_MAX)


def _check_suspension(value: JsonObject) -> None:
    by, scope = value["by"], value["scope"]
    if not _is_one_of(by, _SUSPENDED_BY):
        raise PeerError(
            "fields.suspension", f"Suspension is by {' or '.join(_SUSPENDED_BY)}; found {by!r:.60}."
        )
    if (
        not isinstance(scope, Sequence)
        or isinstance(scope, str)
        or not 0 < len(scope) <= len(_SCOPES)
        or not all(_is_one_of(each, _SCOPES) for each in scope)
        or len({repr(each) for each in scope}) != len(scope)
    ):
        raise PeerError(
            "fields.scope", f"A suspension's scope lists whole, unit or both; found {scope!r:.60}."
        )


def _check_third_parties(value: JsonObject) -> None:
    if not (_is_one_of(value["relations"], _RELATIONS) and _is_one_of(value["onward"], _ONWARD)):
        raise PeerError(
            "fields.third_parties",
            f"Third parties: relations is {' or '.join(_RELATIONS)}, onward is "
            f"{', '.join(_ONWARD)}; found {value['relations']!r:.40}, {value['onward']!r:.40}.",
        )


def _check_basis(value: JsonObject) -> None:
    instrument, title = value["instrument"], value["title"]
    if not isinstance(instrument, str) or _INSTRUMENT.fullmatch(instrument) is None:
        raise PeerError(
            "fields.basis", f"A basis names an instrument by its id; found {instrument!r:.60}."
        )
    if (
        not isinstance(title, str)
        or not 0 < len(title) <= TITLE_CHARS_MAX
        or not title.isprintable()
        or title != fold(title)
    ):
        raise PeerError(
            "fields.basis_title",
            f"A basis says what that agreement is called, in one line of 1 to {TITLE_CHARS_MAX}"
            f" characters; found {title!r:.60}.",
        )


def _check_areas(value: JsonObject) -> None:
    areas_of(value)


def _is_one_of(value: Json, names: Mapping[str, str]) -> bool:
    return isinstance(value, str) and value in names


def _check_count(value: Json, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise PeerError(
            "fields.count", f"Expected a whole number from {least} to {most}; found {value!r:.40}."
        )


def _period_words(what: str) -> "Callable[[JsonObject, Mapping[str, str]], tuple[str, ...]]":
    return lambda value, _: (f"{what}: {Period.parse(str(value['period'])).words()}.",)


def _entry_words(value: JsonObject, _: Mapping[str, str]) -> tuple[str, ...]:
    days = value["days"]
    when = "on the last signature" if days == 0 else f"{days} days after the last signature"
    return (f"Entry into force: {when}.",)


def _scale_words(value: JsonObject, _: Mapping[str, str]) -> tuple[str, ...]:
    levels = value["levels"]
    assert isinstance(levels, Sequence)  # checked when the content was read
    return (f"Markings, lowest first: {' < '.join(map(str, levels))}.",)


def _signatories_words(value: JsonObject, _: Mapping[str, str]) -> tuple[str, ...]:
    return (f"Signatures needed: {value['per_party']} for each party.",)


def _suspension_words(value: JsonObject, _: Mapping[str, str]) -> tuple[str, ...]:
    scope = value["scope"]
    assert isinstance(scope, Sequence)  # checked when the content was read
    how = " or ".join(_SCOPES[str(each)] for each in scope)
    return (f"Suspension: {_SUSPENDED_BY[str(value['by'])]}, {how}.",)


def _third_words(value: JsonObject, _: Mapping[str, str]) -> tuple[str, ...]:
    relations, onward = _RELATIONS[str(value["relations"])], _ONWARD[str(value["onward"])]
    return (f"Third parties: {relations}; {onward}.",)


def _basis_words(value: JsonObject, _: Mapping[str, str]) -> tuple[str, ...]:
    return (f"Stands under: {value['title']} ({value['instrument']}).",)


def _areas_words(value: JsonObject, labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"Area {each.id} ({each.title}): {each.policy.words(labels)}." for each in areas_of(value)
    )


class _Kind:
    """One row of the table: a field's members, its check, its words."""

    def __init__(
        self,
        names: tuple[str, ...],
        check: Callable[[JsonObject], None],
        words: Callable[[JsonObject, Mapping[str, str]], tuple[str, ...]],
    ) -> None:
        self.names = names
        self.check = check
        self.words = words


_FIELDS: Final[Mapping[str, _Kind]] = {
    "term": _Kind(("period",), _check_period, _period_words("Term")),
    "notice": _Kind(("period",), _check_period, _period_words("Notice of withdrawal")),
    "review": _Kind(("period",), _check_period, _period_words("Review at least every")),
    "entry": _Kind(("when", "days"), _check_entry, _entry_words),
    "marking_scale": _Kind(("levels",), _check_marking_scale, _scale_words),
    "signatories": _Kind(("per_party",), _check_signatories, _signatories_words),
    "suspension": _Kind(("by", "scope"), _check_suspension, _suspension_words),
    "third_parties": _Kind(("relations", "onward"), _check_third_parties, _third_words),
    "basis": _Kind(("instrument", "title"), _check_basis, _basis_words),
    "areas": _Kind(("areas",), _check_areas, _areas_words),
}
FIELD_NAMES: Final = frozenset(_FIELDS)
