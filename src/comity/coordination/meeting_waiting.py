"""What a meeting waits for, and for whom: an answer, a second word, a record, a beginning.

What one side has begun waits for the other at once. What neither has begun waits for both, and only
once somebody has to look at it: an agenda from 14 days before the beginning that was named, the
opening from that beginning on. What was agreed as a commitment waits for both until one of it
stands. Source: agreements.md D2.5, D6 (journey 5); spec 10.4.7, 10.4.13.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from comity.coordination.commitments import Commitment
from comity.coordination.commitments import Status as Owed
from comity.coordination.meeting_acts import AHEAD, ENDS, HELD, OFFERED, Status
from comity.coordination.meeting_values import Meeting, Result
from comity.foundation.instants import Instant

#: How many days before a meeting both are asked for its agenda.
AGENDA_DAYS: Final = 14
_AGENDA_SECONDS: Final = AGENDA_DAYS * 86_400


@attrs.frozen(kw_only=True)
class Waiting:
    """What a meeting waits for: an answer, a second word, a record; and for whom."""

    what: str
    whose: tuple[str, ...]


#: Steps that take both, and by what name somebody is asked for the second word of them.
_SECOND: Final = {"agree": "agree", "open": "open", "adjourn": "close", "close": "close"}
#: What waits for both where neither has begun it, whatever the time.
_AT_ANY_TIME: Final = {
    Status.POSTPONED: "time",
    Status.IN_SESSION: "conclude",
    Status.ADJOURNED: "resume",
}


def waiting(meeting: Meeting, parties: tuple[str, str], *, at: Instant) -> Waiting | None:
    """Return what a meeting waits for, and for whom; None where nobody has to look at it yet.

    Args:
        meeting: The meeting.
        parties: The two parties.
        at: The instant of looking: what neither has begun is asked for as its time comes near.
    """
    if meeting.status in ENDS:
        return None
    what, whose = _alone(meeting, parties)
    if whose:
        return Waiting(what=what, whose=whose)
    begun = _of_both(meeting, at=at)
    return None if begun is None else Waiting(what=begun, whose=parties)


def _alone(meeting: Meeting, parties: tuple[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return what somebody has begun, and who has a word to say of it."""
    if meeting.status in OFFERED:
        return "answer", tuple(each for each in parties if each != meeting.offered_by)
    if meeting.status is Status.CLOSED:
        return "record", (meeting.slot.host,)
    if meeting.status is Status.RECORD_DRAFTED:
        return "record", _to_record(meeting, parties)
    for step, code in _SECOND.items():
        said = meeting.asked.get(step, {})
        if len(said) == 1:
            return code, tuple(each for each in parties if each not in said)
    if meeting.status is Status.IN_SESSION:
        written = {each.by for each in meeting.results if not each.agreed}
        return "concur", tuple(each for each in parties if written - {each})
    return "again", tuple(each for each in parties if each in meeting.fallen)


def _of_both(meeting: Meeting, *, at: Instant) -> str | None:
    """Return what neither has begun and both have to look at; None while it has time."""
    if meeting.status not in AHEAD:
        return _AT_ANY_TIME[meeting.status]
    start = Instant.parse(meeting.slot.start)
    if at >= start:
        return "begin"
    near = start.seconds - at.seconds <= _AGENDA_SECONDS
    return "agenda" if near and meeting.status is Status.CONFIRMED else None


def _to_record(meeting: Meeting, parties: tuple[str, str]) -> tuple[str, ...]:
    """Return who has an item of the record to answer; where none is left, who has not sealed it."""
    open_ = [each.versions for each in meeting.record.values() if each.agreed is None]
    lacking = tuple(each for each in parties if any(each not in said for said in open_))
    said = meeting.asked.get("seal", {})
    return lacking or tuple(each for each in parties if each not in said)


#: A commitment that came to nothing before it was owed: what it was proposed of can be again.
_FELL: Final = (Owed.DECLINED, Owed.WITHDRAWN)


def standing_of(commitments: Iterable[Commitment]) -> dict[tuple[str, str], str]:
    """Return by meeting and outcome the commitment that was proposed of it and stands."""
    return {
        (each.terms.source.ref, each.terms.source.item): each.id
        for each in commitments
        if each.terms.source.kind == "meeting" and each.status not in _FELL
    }


def earlier_of(commitments: Iterable[Commitment], meeting: str) -> dict[str, tuple[str, ...]]:
    """Return by outcome of a meeting the commitments of it that were declined or withdrawn."""
    made: dict[str, tuple[str, ...]] = {}
    for each in commitments:
        source = each.terms.source
        if source.kind == "meeting" and source.ref == meeting and each.status in _FELL:
            made[source.item] = (*made.get(source.item, ()), each.id)
    return made


def unproposed(meeting: Meeting, standing: Mapping[tuple[str, str], str]) -> Iterator[Result]:
    """Yield what was agreed as a commitment in a meeting that is not in session, and is none yet.

    Args:
        meeting: The meeting.
        standing: By meeting and outcome, the commitments that stand (``standing_of``).
    """
    if meeting.status in HELD and meeting.status is not Status.IN_SESSION:
        for each in meeting.results:
            if each.kind == "commitment" and each.agreed and (meeting.id, each.id) not in standing:
                yield each
