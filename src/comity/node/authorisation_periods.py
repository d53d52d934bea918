"""The period of a report of totals: which days it must hold, and which one is offered.

A report is of everything counted since the last one that counted; its period says so too. A day is
a day somewhere: the author's may be ahead of UTC, or behind it. Source: spec 11.3.6.
"""

from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Chain
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.authorisation_times import Attested, asked_at, crossings
from comity.node.days import DAY, ZONES_BEHIND_S
from comity.node.deciding import ZONES_AHEAD_S
from comity.technology.authorisations import Authorisation

_DAY_S: Final = 86_400


@attrs.frozen(kw_only=True)
class Period:
    """What the days of the next report may be.

    Attributes:
        since: The last day of the last report that counted; None before the first.
        asked: Since when both hold the request.
        counted: When each transfer since the last report was counted first, in their order.
        now: This moment.
    """

    since: str | None
    asked: Instant
    counted: tuple[Instant, ...]
    now: Instant

    @property
    def first(self) -> str:
        """The first day that a report may begin on: the last of the one before may be split."""
        return self.since or _day(self.asked)

    @property
    def starts(self) -> str:
        """The first day that is not reported yet.

        That is the day after the last report, unless something was counted on its last day since,
        or no further day has begun.
        """
        if self.since is None:
            return self.first
        after = _day(Instant.parse(f"{self.since}T00:00:00Z"), _DAY_S)
        return self.first if _day(min((*self.counted, self.now))) < after else after

    def json(self) -> JsonObject:
        """Return the period that is offered: everything since the last report, up to today."""
        return {"starts": self.starts, "ends": max(self.starts, _day(self.now))}

    def check(self, starts: str, ends: str) -> None:
        """Pass if a period overlaps no report before it and holds what is counted since.

        What is no day, and a period that ends before it begins, is refused by its form.

        Raises:
            MisuseError: ``authorisations.period_begun``, ``authorisations.period_short``.
        """
        if not (DAY.fullmatch(starts) and DAY.fullmatch(ends)) or ends < starts:
            return
        first = self.first
        if starts < (self.since or _day(self.asked, -ZONES_BEHIND_S)):
            what = "the last report ends" if self.since else "it was asked for"
            raise MisuseError(
                "authorisations.period_begun",
                f"The period begins on {starts}, before {first}, the day on which {what}: begin on"
                f" {first} or later.",
                {"starts": first},
            )
        if self.counted and not self._holds(starts, ends):
            latest, earliest = max(first, _day(self.counted[0])), _day(self.counted[-1])
            raise MisuseError(
                "authorisations.period_short",
                f"{starts} to {ends} does not hold everything that is counted since the last"
                f" report, and that is what is reported: begin on {latest} at the latest, and end"
                f" on {earliest} or later.",
                {"starts": latest, "ends": earliest},
            )

    def _holds(self, starts: str, ends: str) -> bool:
        """Return whether what is counted is of these days, as some time zone has them."""
        latest = max(self.first, _day(self.counted[0], ZONES_AHEAD_S))
        return starts <= latest and ends >= _day(self.counted[-1], -ZONES_BEHIND_S)


def period_of(chain: Chain[Authorisation], *, attested: Attested, now: Instant) -> Period:
    """Return what the days of the next report of an authorisation may be.

    Args:
        chain: Its acts.
        attested: Since when both hold an act.
        now: This moment.
    """
    one = chain.thing
    assert one is not None
    told = crossings(chain, attested=attested)
    moments = (told[each.transfer]["at"] for each in one.uses[one.settled :])
    return Period(
        since=one.reports[-1].ends if one.reports else None,
        asked=asked_at(chain, amends=False, attested=attested) or now,
        counted=tuple(sorted(now if at is None else Instant.parse(str(at)) for at in moments)),
        now=now,
    )


def _day(at: Instant, ahead_s: int = 0) -> str:
    return str(at.plus(ahead_s))[:10]
