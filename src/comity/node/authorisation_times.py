"""The times of an authorisation, for a list: asked for, decided, how long that took, how long left.

Times are those at which both held the acts. Source: agreements.md D2.8.
"""

from collections.abc import Callable
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Chain
from comity.foundation.instants import Instant
from comity.technology.authorisations import Authorisation, Status

_SECONDS_PER_DAY: Final = 86_400
_DECISIONS: Final = frozenset({"approve", "deny"})
_OPEN: Final = (Status.REQUESTED, Status.IN_REVIEW, Status.RETURNED)
_ENDED: Final = frozenset({"withdrawn", "denied", "revoked", "reconciled"})

#: Since when both hold an act, by its author and place.
Attested = Callable[[str, int], Instant | None]


def times_of(
    chain: Chain[Authorisation], *, status: str, attested: Attested, now: Instant
) -> JsonObject:
    """Return when an authorisation was asked for and decided, how long that took, how long is left.

    Args:
        chain: Its acts.
        status: How it stands at this moment.
        attested: Since when both hold an act.
        now: This moment.
    """
    one = chain.thing
    assert one is not None
    idle = {(each.party, each.n) for each in chain.idle}
    first = chain.deeds[0]
    asked = attested(first.party, first.n)
    decided = next(
        (
            attested(deed.party, deed.n)
            for deed in chain.deeds
            if deed.step in _DECISIONS and (deed.party, deed.n) not in idle
        ),
        None,
    )
    by = one.decision or one.against
    waits = one.status in _OPEN
    ends = None if status in _ENDED else one.limits.ends
    return {
        "asked": None if asked is None else str(asked),
        "decided": None if by is None else by.decided,
        "days_to_decide": _days(asked, decided),
        "days_undecided": _days(asked, now) if waits else None,
        "days_left": None if ends is None or ends < now else _days(now, ends),
    }


def _days(start: Instant | None, end: Instant | None) -> int | None:
    if start is None or end is None:
        return None
    return max(0, end.seconds - start.seconds) // _SECONDS_PER_DAY
