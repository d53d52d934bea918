"""What waits for somebody in meetings, on the relationship page."""

import attrs

from comity.foundation.canonical import canonical, digest
from comity.foundation.instants import Instant
from comity.relationship.matters import Consequence, matters
from comity.relationship.model import Picture
from comity.relationship.unanswered import unanswered
from support.parties import NOW, A, B
from support.relations import DAY
from unit.relationship.test_rhythm import ITEM, MEETING, Acts, named, open_


def test_a_meeting_that_is_near_or_late_names_its_beginning_and_keeps_no_side_waiting() -> None:
    acts = Acts()
    proposal = digest(canonical(acts.meeting(body=None)))
    acts.act(B, "meeting.confirm", MEETING, proposal=proposal)
    start = Instant.parse("2027-02-01T09:00:00Z")
    days = (start.seconds - NOW.seconds) // DAY
    assert MEETING not in open_(acts.seen(days=days - 20)), "it has time"
    for day, code in ((days - 1, "meeting.agenda"), (days + 1, "meeting.begin")):
        made = acts.seen(days=day)
        (matter,) = (each for each in matters(made) if each.thing == MEETING)
        assert (matter.code, matter.waits_for) == (code, tuple(sorted((A, B))))
        assert (matter.until, matter.consequence) == (start, Consequence.DATE_COMES)
        assert unanswered(made) == ()


def test_a_commitment_agreed_in_a_meeting_is_asked_for_while_its_agreement_lasts() -> None:
    acts = Acts()
    acts.held(body=None)
    words = {"outcome": named(5), "item": ITEM, "kind": "commitment", "text": "We send charts."}
    acts.act(A, "meeting.outcome", MEETING, **words)
    acts.act(B, "meeting.concur", MEETING, outcome=named(5))
    acts.both("meeting.close", MEETING)
    made = acts.seen()
    ended = {name: attrs.evolve(view, ends_at=made.shared.at) for name, view in made.views.items()}

    def asked(seen: Picture) -> list[tuple[str, tuple[str, ...]]]:
        found = (one for one in matters(seen) if one.thing == MEETING)
        return [(one.code, one.waits_for) for one in found]

    left, record = ("meeting.commit", tuple(sorted((A, B)))), ("meeting.record", (A,))
    assert asked(made) == [left, record]
    assert asked(attrs.evolve(made, views=ended)) == [record], (
        "nothing can be proposed under it any more"
    )
