"""The dates of an instrument that its own fields state: the ten-year clock.

Nothing here is decided by a date that the signed text does not name (design 13.7); a review is due,
it does not happen. Source: agreements.md D2.1; design 13.9.
"""

from typing import Final

import attrs

from comity.agreements.clauses import one_field
from comity.agreements.views import InstrumentView
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant, Period

#: Before how many months what comes is told; agreements.md D2.1: 24, 12, 6, 3.
TERM_MONTHS: Final = (3, 6, 12, 24)
REVIEW_MONTHS: Final = (3, 6)
REVIEWS_MAX: Final = 200


@attrs.frozen(kw_only=True)
class Term:
    """The dates of one signed instrument.

    Attributes:
        signed_at: When the last signature was attested.
        in_force_at: When force begins or began.
        ends_at: When the term ends; None where the text has none.
        reviews: When a review is due by the text, from the beginning to the end of the term.
        notice_ends_at: When a notice of withdrawal given now would take effect; None where the text
            states no notice, or the instrument is not in force.
    """

    signed_at: Instant
    in_force_at: Instant
    ends_at: Instant | None
    reviews: tuple[Instant, ...]
    notice_ends_at: Instant | None

    def next_review(self, at: Instant) -> Instant | None:
        """Return the next review that is due after ``at``."""
        return next((each for each in self.reviews if each > at), None)

    def json(self) -> JsonObject:
        """Return the dates for programs, people and the digest."""
        return {
            "signed_at": str(self.signed_at),
            "in_force_at": str(self.in_force_at),
            "ends_at": None if self.ends_at is None else str(self.ends_at),
            "reviews": [str(each) for each in self.reviews],
            "notice_ends_at": None if self.notice_ends_at is None else str(self.notice_ends_at),
        }


def term_of(seen: InstrumentView, *, at: Instant) -> Term | None:
    """Return the dates of an instrument, or None while it is not signed."""
    if seen.signed_at is None or seen.in_force_at is None:
        return None
    notice = _period(seen, "notice")
    running = seen.in_force_at <= at and (seen.ends_at is None or at < seen.ends_at)
    return Term(
        signed_at=seen.signed_at,
        in_force_at=seen.in_force_at,
        ends_at=seen.ends_at,
        reviews=_reviews(seen, start=seen.in_force_at, at=at),
        notice_ends_at=_after(notice, at) if notice is not None and running else None,
    )


def months_left(until: Instant, *, at: Instant, steps: tuple[int, ...]) -> int | None:
    """Return the smallest number of months in ``steps`` within which ``until`` lies; None: later.

    What has passed is no longer coming.
    """
    if until <= at:
        return None
    return next((each for each in steps if until <= Period(0, each, 0).after(at)), None)


def _period(seen: InstrumentView, name: str) -> Period | None:
    found = one_field(seen.contents, name)
    return None if found is None else Period.parse(str(found[1]["period"]))


def _reviews(seen: InstrumentView, *, start: Instant, at: Instant) -> tuple[Instant, ...]:
    """Return the due dates of reviews: of the whole term, or up to the next where it has no end."""
    period = _period(seen, "review")
    if period is None:
        return ()
    made: list[Instant] = []
    for number in range(1, REVIEWS_MAX + 1):
        due = _after(
            Period(period.years * number, period.months * number, period.days * number), start
        )
        if due is None or (seen.ends_at is not None and due >= seen.ends_at):
            break
        made.append(due)
        if seen.ends_at is None and due > at:
            break
    return tuple(made)


def _after(period: Period, start: Instant) -> Instant | None:
    """Return the instant one period later, or None beyond the end of the calendar."""
    try:
        return period.after(start)
    except PeerError:
        return None
