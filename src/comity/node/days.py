"""Days as people name them, in their zone: which instant a day ends at. Source: spec 10.2.2."""

import datetime as dt
import difflib
import re
import zoneinfo
from typing import Final

import attrs

from comity.coordination.commitments import Due
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant

#: A day as it is written: without a time.
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?", re.ASCII)
#: How far a clock somewhere is behind UTC at most.
ZONES_BEHIND_S: Final = 12 * 3600
#: So many zones are proposed where one was mistyped.
_NEAREST_MAX: Final = 3
#: Before this time of day in UTC, a day that ends is more likely one of a zone behind it.
_BEHIND_BEFORE_S: Final = 10 * 3600
_LAST_SECOND: Final = dt.time(23, 59, 59)


def due_of(given: str, zone: str) -> Due:
    """Return the due date that a person named.

    Args:
        given: A day, which is due at its last second in ``zone``; or an instant in UTC.
        zone: Name of a zone of the IANA data base.

    Raises:
        MisuseError: ``days.form``: neither a day nor an instant; ``days.zone``: no such zone;
            ``days.none``: in that zone there is no such day.
    """
    text = given.strip()
    if DAY.fullmatch(text):
        return Due(at=str(last_second(text, zone)), day=text, zone=zone)
    try:
        return Due(at=str(Instant.parse(text)))
    except PeerError as error:
        raise MisuseError(
            "days.form",
            f"{text[:40]!r} is no date: write a day as 2027-01-31, or an instant as"
            " 2027-01-31T12:00:00Z.",
        ) from error


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """Return a zone of the IANA data base.

    Raises:
        MisuseError: ``days.zone``.
    """
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = _nearest(name[:64])
        raise MisuseError(
            "days.zone",
            f"{name[:64]!r} is no time zone; write one as {' or '.join(near)}.",
            {"zone": name[:64], "near": near},
        ) from error


def _nearest(name: str) -> list[str]:
    """Return the zones whose names, or whose cities' names, are nearest to what was typed."""
    typed = "_".join(name.lower().split())
    every = sorted(zoneinfo.available_timezones())
    by_name = {zone.lower(): zone for zone in every}
    by_city = {zone.rpartition("/")[2].lower(): zone for zone in every}
    city = typed.rpartition("/")[2]
    cities = difflib.get_close_matches(city, by_city, n=_NEAREST_MAX, cutoff=0.75)
    names = difflib.get_close_matches(typed, by_name, n=_NEAREST_MAX, cutoff=0.75)
    found = [*(by_city[each] for each in cities), *(by_name[each] for each in names)]
    return list(dict.fromkeys(found))[:_NEAREST_MAX] or ["Europe/Paris", "UTC"]


def last_second(day: str, zone: str) -> Instant:
    """Return the last second of a day in a zone.

    Raises:
        MisuseError: ``days.form``, ``days.zone``, ``days.none``.
    """
    try:
        date = dt.date.fromisoformat(day)
    except ValueError as error:
        raise MisuseError("days.form", f"{day!r} is no date: {error}.") from error
    where = zone_of(zone)
    wanted = dt.datetime.combine(date, _LAST_SECOND, tzinfo=where)
    made = wanted.astimezone(dt.UTC)
    if made.astimezone(where).date() != date:
        raise MisuseError(
            "days.none",
            f"There is no {day} in {zone}: the calendar skips that day there. Name the day before"
            " or after it, or another zone.",
        )
    return Instant(int(made.timestamp()))


def day_ended_at(at: Instant, *, in_utc: bool) -> dt.date | None:
    """Return the day that an instant is the last second of; None where it is none's.

    The zone in which the day was named is not told with the instant: zones are whole quarters of an
    hour off UTC. Where two would do, hours before ten belong to zones behind UTC, later ones to
    zones ahead of it.

    Args:
        at: The instant.
        in_utc: Whether such days are named in UTC alone.
    """
    written = at.datetime()
    if in_utc:
        return written.date() if written.time() == _LAST_SECOND else None
    if written.second != _LAST_SECOND.second or written.minute % 15 != 14:
        return None
    return at.plus(-_BEHIND_BEFORE_S).datetime().date()


def first_second(given: str, zone: str) -> str:
    """Return the instant at which something begins: a day at its first second in the zone.

    Raises:
        MisuseError: ``days.form``, ``days.zone``, ``days.none``.
    """
    text = given.strip()
    if not DAY.fullmatch(text):
        return due_of(text, zone).at
    day = last_second(text, zone)  # there is such a day
    begins = dt.datetime.combine(
        dt.date.fromisoformat(text), dt.time(), tzinfo=zoneinfo.ZoneInfo(zone)
    )
    return str(min(Instant(int(begins.timestamp())), day))


@attrs.frozen(kw_only=True)
class Span:
    """A time between two instants, both of which belong to it; empty: open on that side."""

    since: str
    until: str

    @classmethod
    def of_days(cls, since: str, until: str, zone: str) -> "Span":
        """Return the time from a day's first second to another's last, in a zone.

        Either may be empty, or an instant in UTC.

        Raises:
            MisuseError: ``days.form``, ``days.zone``, ``days.none``.
        """
        return cls(
            since=first_second(since, zone) if since.strip() else "",
            until=due_of(until, zone).at if until.strip() else "",
        )

    def holds(self, at: str | None) -> bool:
        """Return whether an instant belongs to it; None: one that is still to come."""
        if at is None:
            return not self.until
        return self.since <= at and (not self.until or at <= self.until)


def instant_of(given: str, zone: str) -> Instant:
    """Return the instant that a person named: a time of day in a zone, or an instant in UTC.

    A time that stands twice in the zone (clocks are put back) is the first of the two.

    Raises:
        MisuseError: ``days.time``: neither; ``days.zone``; ``days.no_time``: the zone's clocks
            skip it.
    """
    text = given.strip()
    try:
        return Instant.parse(text)
    except PeerError:
        pass  # it is a time of day, then
    if _TIME.fullmatch(text) is None:
        raise _no_time(text)
    try:
        named = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_time(text) from error
    where = zone_of(zone)
    made = named.replace(tzinfo=where).astimezone(dt.UTC)
    if made.astimezone(where).replace(tzinfo=None) != named:
        raise MisuseError(
            "days.no_time",
            f"There is no {text} in {zone}: the clocks are put forward over it. Name an earlier or"
            " a later time.",
        )
    return Instant(int(made.timestamp()))


def _no_time(text: str) -> MisuseError:
    return MisuseError(
        "days.time",
        f"{text[:40]!r} is no time: write one as 2027-02-01T10:00 in its zone, or an instant as"
        " 2027-02-01T10:00:00Z.",
    )
