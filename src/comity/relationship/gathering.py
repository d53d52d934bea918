"""What waits for somebody in meetings: an answer, a second word, and what neither has begun.

Source: agreements.md D2.5, D6 (journey 5), D7 (responsiveness); spec 10.4.13.
"""

from collections.abc import Iterator

from comity.coordination.meeting_acts import AHEAD
from comity.coordination.meeting_waiting import standing_of, unproposed, waiting
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref
from comity.relationship.promises import over


def gathering(
    picture: Picture,
) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref, Instant | None]]:
    """Yield what waits for somebody in meetings.

    Each is a code, the instrument, the title, the id, whom it waits for, the act since which, and
    while the meeting is ahead its beginning. What was agreed as a commitment is asked for while the
    agreement that the meeting was held under has not ended.
    """
    shared = picture.shared
    standing = standing_of(shared.coordination.commitments.things())
    for one in shared.coordination.meetings.things():
        instrument, ref = one.opening.instrument, Ref(party=one.last[0], n=one.last[1])
        if any(unproposed(one, standing)) and not over(picture, instrument):
            yield "meeting.commit", instrument, one.title, one.id, shared.parties, ref, None
        waits = waiting(one, shared.parties, at=shared.at)
        if waits is not None:
            code = f"meeting.{waits.what}"
            until = Instant.parse(one.slot.start) if one.status in AHEAD else None
            yield code, instrument, one.title, one.id, waits.whose, ref, until
