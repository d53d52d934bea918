"""What waits for somebody in meetings: an answer, a second word, and what neither has begun.

Source: agreements.md D2.5, D6 (journey 5), D7 (responsiveness); spec 10.4.13.
"""

from collections.abc import Iterator

from comity.coordination.meeting_acts import AHEAD
from comity.coordination.meeting_waiting import waiting
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref


def gathering(
    picture: Picture,
) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref, Instant | None]]:
    """Yield what waits for somebody in meetings.

    Each is a code, the instrument, the title, the id, whom it waits for, the act since which, and
    while the meeting is ahead its beginning.
    """
    shared = picture.shared
    for one in shared.coordination.meetings.things():
        waits = waiting(one, shared.parties, at=shared.at)
        if waits is not None:
            code, instrument = f"meeting.{waits.what}", one.opening.instrument
            ref = Ref(party=one.last[0], n=one.last[1])
            until = Instant.parse(one.slot.start) if one.status in AHEAD else None
            yield code, instrument, one.title, one.id, waits.whose, ref, until
