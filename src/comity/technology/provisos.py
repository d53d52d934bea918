"""Provisos: what a decision says in words, and what of it both gateways check.

Each proviso has its words; those that a machine can hold to carry a check beside them. A check that
this node does not know, or a quantity in a unit that it cannot count, is no act at all: an act with
one is refused by its form, never read without it. Source: agreements.md D2.8; spec 11.4.
"""

from collections.abc import Sequence
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

import attrs
import msgspec
from msgspec import Meta

from comity.foundation.canonical import Json, canonical, digest
from comity.foundation.deeds import When
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant

Party = Annotated[str, Meta(min_length=1, max_length=300)]
Word = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\n\t]*$(?!\n)")]
Words = Annotated[str, Meta(min_length=1, max_length=5_000)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
#: What both nodes can count of a transfer. Other units have words and no check.
Unit = Literal["transfers", "bytes"]
PROVISOS_MAX: Final = 50


def counted(amount: int, unit: Unit) -> str:
    """Return so many of a unit, as people say it: one of them is one transfer or one byte."""
    return f"{amount} {unit.removesuffix('s') if amount == 1 else unit}"


class Money(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount in a currency, written as people write it."""

    amount: Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{2})?$(?!\n)")]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")]

    @property
    def cents(self) -> int:
        """The amount in hundredths."""
        whole, _, part = self.amount.partition(".")
        return int(whole) * 100 + int(part or "0")


class _Check(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    pass  # each has ``words``: what stands beside it where nobody wrote others


class Recipients(_Check, frozen=True, kw_only=True, tag="recipients"):
    """Only to these parties."""

    parties: Annotated[list[Party], Meta(min_length=1, max_length=50)]

    @property
    def words(self) -> str:
        """The check in words."""
        return f"Only to {', '.join(self.parties)}."


class Purposes(_Check, frozen=True, kw_only=True, tag="purposes"):
    """Only for these purposes, in the words of the agreement."""

    purposes: Annotated[list[Word], Meta(min_length=1, max_length=50)]

    @property
    def words(self) -> str:
        """The check in words."""
        return f"Only for {', '.join(self.purposes)}."


class Quantity(_Check, frozen=True, kw_only=True, tag="quantity"):
    """No more than so many of a unit, in all."""

    amount: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    unit: Unit

    @property
    def words(self) -> str:
        """The check in words."""
        return f"No more than {counted(self.amount, self.unit)} in all."


class Value(_Check, frozen=True, kw_only=True, tag="value"):
    """Items of no more than this value, in all, in one currency."""

    limit: Money

    @property
    def words(self) -> str:
        """The check in words."""
        return f"No more than {self.limit.amount} {self.limit.currency} in all."


class Dates(_Check, frozen=True, kw_only=True, tag="dates"):
    """Not before the one, and not after the other."""

    starts: When | None
    ends: When | None

    @property
    def words(self) -> str:
        """The check in words."""
        starts = f"Not before {self.starts}. " if self.starts else ""
        ends = f"Not after {self.ends}." if self.ends else ""
        return f"{starts}{ends}".strip() or "At any time."


class NoOnward(_Check, frozen=True, kw_only=True, tag="no_onward"):
    """Never with leave to pass it on."""

    @property
    def words(self) -> str:
        """The check in words."""
        return "Not to be passed on to others."


class ReturnBy(_Check, frozen=True, kw_only=True, tag="return_by"):
    """What came is returned or destroyed by then; behind that date nothing more crosses."""

    at: When
    how: Literal["return", "destroy"]

    @property
    def words(self) -> str:
        """The check in words."""
        return f"To {self.how} by {self.at}."


Check: TypeAlias = Recipients | Purposes | Quantity | Value | Dates | NoOnward | ReturnBy
C = TypeVar("C", bound=_Check)


class Proviso(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One proviso: its words, and the check beside them, if a machine can hold to it."""

    text: Words
    check: Check | None


Provisos = Annotated[list[Proviso], Meta(max_length=PROVISOS_MAX)]


@attrs.frozen(kw_only=True)
class Limits:
    """The checks of a decision, each at most once."""

    recipients: Recipients | None = None
    purposes: Purposes | None = None
    quantity: Quantity | None = None
    value: Value | None = None
    dates: Dates | None = None
    no_onward: NoOnward | None = None
    return_by: ReturnBy | None = None

    @property
    def starts(self) -> Instant | None:
        """The instant before which nothing crosses."""
        return _instant(None if self.dates is None else self.dates.starts)

    @property
    def ends(self) -> Instant | None:
        """The last instant at which something crosses."""
        found = (
            _instant(None if self.dates is None else self.dates.ends),
            _instant(None if self.return_by is None else self.return_by.at),
        )
        return min((each for each in found if each is not None), default=None)


def limits_of(provisos: Sequence[Proviso]) -> Limits:
    """Return the checks among provisos."""
    checks = [each.check for each in provisos if each.check is not None]
    return Limits(
        recipients=_first(checks, Recipients),
        purposes=_first(checks, Purposes),
        quantity=_first(checks, Quantity),
        value=_first(checks, Value),
        dates=_first(checks, Dates),
        no_onward=_first(checks, NoOnward),
        return_by=_first(checks, ReturnBy),
    )


def check_provisos(provisos: Sequence[Proviso]) -> None:
    """Pass if no check stands twice and every date is one.

    Raises:
        PeerError: ``authorisations.checks``; ``basics.*``.
    """
    kinds = [type(each.check) for each in provisos if each.check is not None]
    if len(kinds) != len(set(kinds)):
        raise PeerError(
            "authorisations.checks",
            "A check stands twice among the provisos; which of the two holds is for the decision.",
        )
    limits = limits_of(provisos)
    starts, ends = limits.starts, limits.ends
    if starts is not None and ends is not None and ends < starts:
        raise PeerError("authorisations.dates", "The provisos end before they begin.")


def provisos_digest(provisos: Sequence[Proviso]) -> str:
    """Return the digest by which a recipient accepts provisos."""
    said: Json = msgspec.to_builtins(list(provisos))
    return digest(canonical({"provisos": said}))


def _first(checks: Sequence[Check], kind: type[C]) -> C | None:
    return next((each for each in checks if isinstance(each, kind)), None)


def _instant(text: str | None) -> Instant | None:
    return None if text is None else Instant.parse(text)
