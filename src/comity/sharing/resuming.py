"""How a pull goes on after a cut: what is asked for, what may be joined to what, when it is over.

The part that is here is kept; the rest is asked for under the same entity tag. Bytes that came in
pieces and differ at the end are dropped and pulled once more in one piece, since a cut of our own
power can spoil a part: only bytes of one access are held against the sender. Source: RFC 9110
section 13.1.5; ``docs/spec/07-sharing.md`` 7.7.3, 7.7.5.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.errors import PeerError
from comity.sharing.ranges import Span, etag_of, given

#: So many attempts in a row that bring no byte end a pull.
ATTEMPTS_MAX: Final = 40
#: The longest pause between two attempts, in seconds.
PAUSE_S_MAX: Final = 60
#: So often bytes that came in pieces and differ are pulled anew.
ANEW_MAX: Final = 3


@attrs.frozen(kw_only=True)
class Progress:
    """How far a pull is.

    Attributes:
        have: Bytes that are here.
        idle: Attempts in a row that brought nothing.
        anew: How often it was begun anew because the bytes differed.
    """

    have: int
    idle: int
    anew: int


NOTHING: Final = Progress(have=0, idle=0, anew=0)


def headers_for(progress: Progress, *, sha256: str) -> Mapping[str, str]:
    """Return the headers that ask for what is missing; none where all of it is."""
    if progress.have == 0:
        return {}
    return {"range": f"bytes={progress.have}-", "if-range": etag_of(sha256)}


def joined(have: int, *, status: int, headers: Mapping[str, str], size: int) -> Span:
    """Return the bytes that an answer carries, which follow ``have`` bytes that are here.

    A whole may be the answer to a request for a part: what was here is then dropped.

    Raises:
        PeerError: ``sharing.range``: another part than the one that was asked for.
    """
    span = given(status, headers, size=size)
    if status != 200 and (span.start != have or span.stop != size):
        raise PeerError(
            "sharing.range",
            f"Asked for were the bytes from {have} of {size}; what came are those from"
            f" {span.start} to {span.stop}.",
        )
    return span


def after(progress: Progress, *, have: int) -> Progress:
    """Return the progress after an attempt, behind which ``have`` bytes are here."""
    idle = progress.idle + 1 if have <= progress.have else 0
    return attrs.evolve(progress, have=have, idle=idle)


def given_up(progress: Progress) -> bool:
    """Return whether so many attempts brought nothing that a person must look."""
    return progress.idle >= ATTEMPTS_MAX


def pause_s(progress: Progress) -> int:
    """Return how many seconds pass before the next attempt."""
    return int(min(2 ** min(progress.idle, 6), PAUSE_S_MAX))


def begun_anew(progress: Progress, *, first: int) -> Progress | None:
    """Return from where bytes that differ are pulled once more; None where they are the sender's.

    Args:
        progress: How far it was.
        first: With how many bytes the last access began; 0 where it brought all of them.
    """
    if first == 0 or progress.anew >= ANEW_MAX:
        return None
    return Progress(have=0, idle=progress.idle, anew=progress.anew + 1)
