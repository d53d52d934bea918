"""Instants in UTC, whole seconds, and calendar periods.

Time is an argument everywhere; only ``node.clock`` reads a clock. Source: design 13.7; ISO 8601
as profiled in ``docs/spec/01-basics.md``.
"""

import calendar
import datetime as dt
import re
from functools import lru_cache
from typing import Final, Self

import attrs

from comity.foundation.errors import PeerError

_INSTANT: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z", re.ASCII
)
_PERIOD: Final = re.compile(
    r"P(?:(0|[1-9][0-9]{0,3})Y)?(?:(0|[1-9][0-9]{0,3})M)?(?:(0|[1-9][0-9]{0,4})D)?", re.ASCII
)


@attrs.frozen(order=True)
class Instant:
    """A point in time: whole seconds since 1970-01-01T00:00:00Z."""

    seconds: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the instant written as ``YYYY-MM-DDTHH:MM:SSZ``, the only accepted spelling.

        Raises:
            PeerError: ``basics.instant``: another spelling; ``basics.no_date``: no such date.
        """
        found = _INSTANT.fullmatch(text)
        if found is None:
            raise PeerError(
                "basics.instant", f"A time is written YYYY-MM-DDTHH:MM:SSZ; found {text[:40]!r}."
            )
        try:
            when = dt.datetime.fromisoformat(text)
        except ValueError as error:
            raise PeerError("basics.no_date", f"{text!r} is no date: {error}.") from error
        return cls(calendar.timegm(when.utctimetuple()))

    def plus(self, seconds: int) -> "Instant":
        """Return the instant ``seconds`` later."""
        return Instant(self.seconds + seconds)

    def datetime(self) -> dt.datetime:
        """Return the same instant as an aware ``datetime`` in UTC."""
        return dt.datetime.fromtimestamp(self.seconds, tz=dt.UTC)

    def __str__(self) -> str:
        return _written(self.seconds)


@lru_cache(maxsize=1024)
def _written(seconds: int) -> str:
    """Return how an instant is written; "now" is written again and again."""
    return Instant(seconds).datetime().isoformat().removesuffix("+00:00") + "Z"


@attrs.frozen
class Period:
    """A calendar period: years, months and days, as a clause states it ("ten years")."""

    years: int
    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the period written in ISO 8601 form (``P10Y``, ``P6M``, ``P30D``).

        Raises:
            PeerError: ``basics.period``: another spelling (``P0Y6M`` for ``P6M``), or nothing.
        """
        found = _PERIOD.fullmatch(text)
        years, months, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        period = cls(years, months, days)
        if period == cls(0, 0, 0) or str(period) != text:
            raise PeerError(
                "basics.period", f"A period is written like P10Y, P6M or P30D; found {text[:40]!r}."
            )
        return period

    def after(self, start: Instant) -> Instant:
        """Return the instant one period after ``start``, by the calendar.

        The day of the month stays; where the month is shorter its last day counts ("one year
        after 29 February" is 28 February). The rule is part of the specification: both parties
        must compute the same day. Days are added last, as days of 24 hours.

        Raises:
            PeerError: ``basics.far_future``: the result lies beyond the year 9999.
        """
        when = start.datetime()
        months = when.month - 1 + self.months + 12 * self.years
        year, month = when.year + months // 12, months % 12 + 1
        day = min(when.day, calendar.monthrange(min(year, 9999), month)[1])
        try:
            moved = when.replace(year=year, month=month, day=day) + dt.timedelta(days=self.days)
        except (ValueError, OverflowError) as error:
            raise PeerError(
                "basics.far_future", f"{self} after {start} lies beyond the year 9999."
            ) from error
        return Instant(int(moved.timestamp()))

    def days_at_least(self) -> int:
        """Return the smallest number of days it can span: for comparing two periods."""
        return 365 * self.years + 28 * self.months + self.days

    def words(self) -> str:
        """Return the period in plain English: ``10 years``, ``1 year 6 months``."""
        parts = (("year", self.years), ("month", self.months), ("day", self.days))
        return " ".join(f"{n} {name}{'' if n == 1 else 's'}" for name, n in parts if n)

    def __str__(self) -> str:
        parts = (("Y", self.years), ("M", self.months), ("D", self.days))
        return "P" + "".join(f"{n}{letter}" for letter, n in parts if n)
