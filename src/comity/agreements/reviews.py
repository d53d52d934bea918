"""A legal adviser's sign-off, unit by unit, and what a hold does: private to one's own house.

A sign-off names the wording that was read. A hold stands until a legal adviser clears the unit, or
until the mandate holder overrules it in words for the wording as it stands; a clearance counts only
for what was read. Neither says anything to the counterpart. Source: agreements.md D3.6 ("a legal
adviser's read stays a required gate"), D6 (journey 3).
"""

from collections.abc import Iterable, Mapping
from typing import Final, Self

import attrs

from comity.agreements.texts import UnitView
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant

VERDICTS: Final = ("clear", "hold")
#: How a unit stands with the legal adviser. ``changed``: cleared, and the wording changed since.
STANDINGS: Final = ("unread", "clear", "changed", "hold", "overruled")

_REVIEW: Final = ("unit", "verdict", "words", "wording", "read", "by", "at")
_OVERRULING: Final = ("unit", "words", "wording", "by", "at")


@attrs.frozen(kw_only=True)
class Review:
    """One sign-off.

    Attributes:
        unit: The unit's id.
        verdict: ``clear`` or ``hold``.
        words: Why, in the adviser's words.
        wording: Digest of what was on the table for the unit (``wording_of``).
        read: The digests of the alternatives that were read.
        by: Who signed off.
        at: When.
    """

    unit: str
    verdict: str
    words: str
    wording: str
    read: tuple[str, ...]
    by: str
    at: Instant

    @classmethod
    def read_json(cls, value: Json) -> Self:
        """Return the sign-off in a JSON value.

        Raises:
            MisuseError: ``reviews.form``.
        """
        stored = _members(value, _REVIEW)
        read = stored["read"]
        assert isinstance(read, list)  # ``json`` wrote it
        return cls(
            unit=str(stored["unit"]),
            verdict=str(stored["verdict"]),
            words=str(stored["words"]),
            wording=str(stored["wording"]),
            read=tuple(str(each) for each in read),
            by=str(stored["by"]),
            at=Instant.parse(str(stored["at"])),
        )

    def json(self) -> JsonObject:
        """Return the value that ``read_json`` accepts."""
        return {
            "unit": self.unit,
            "verdict": self.verdict,
            "words": self.words,
            "wording": self.wording,
            "read": list(self.read),
            "by": self.by,
            "at": str(self.at),
        }


@attrs.frozen(kw_only=True)
class Overruling:
    """The mandate holder's words by which a hold does not stop us, for one wording of one unit."""

    unit: str
    words: str
    wording: str
    by: str
    at: Instant

    @classmethod
    def read_json(cls, value: Json) -> Self:
        """Return the overruling in a JSON value.

        Raises:
            MisuseError: ``reviews.form``.
        """
        stored = _members(value, _OVERRULING)
        return cls(
            unit=str(stored["unit"]),
            words=str(stored["words"]),
            wording=str(stored["wording"]),
            by=str(stored["by"]),
            at=Instant.parse(str(stored["at"])),
        )

    def json(self) -> JsonObject:
        """Return the value that ``read_json`` accepts."""
        return {
            "unit": self.unit,
            "words": self.words,
            "wording": self.wording,
            "by": self.by,
            "at": str(self.at),
        }


def alternatives_of(unit: UnitView) -> tuple[str, ...]:
    """Return the digests of what is on the table for a unit, in order."""
    return tuple(sorted({each.digest for each in unit.alternatives}))


def wording_of(unit: UnitView) -> str:
    """Return the digest of what is on the table for a unit: what a reader has before them.

    Who stands by an alternative is no part of it: a reading stays good when somebody agrees.
    """
    return digest(canonical({"unit": unit.id, "alternatives": list(alternatives_of(unit))}))


def standing_of(unit: UnitView, review: Review | None, overruling: Overruling | None) -> str:
    """Return how a unit stands with the legal adviser: one of ``STANDINGS``."""
    if review is None:
        return "unread"
    if review.verdict == "hold":
        overruled = overruling is not None and overruling.wording == wording_of(unit)
        return "overruled" if overruled else "hold"
    return "clear" if set(alternatives_of(unit)) <= set(review.read) else "changed"


def held(
    units: Iterable[UnitView],
    reviews: Mapping[str, Review],
    overrulings: Mapping[str, Overruling],
) -> tuple[UnitView, ...]:
    """Return the units on which a hold stands that nobody has lifted or overruled."""
    return tuple(
        unit
        for unit in units
        if standing_of(unit, reviews.get(unit.id), overrulings.get(unit.id)) == "hold"
    )


def _members(value: Json, names: tuple[str, ...]) -> Mapping[str, Json]:
    if not isinstance(value, Mapping) or set(value) != set(names):
        raise MisuseError("reviews.form", f"A sign-off has exactly {', '.join(names)}.")
    return value
