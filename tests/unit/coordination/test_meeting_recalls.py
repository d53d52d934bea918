"""What does not count yet in a meeting is taken back, and nothing else. Source: spec 10.4.12."""

import pytest

from comity.coordination.meeting_acts import Status
from comity.coordination.meeting_values import text_digest
from comity.foundation.errors import PeerError
from unit.coordination.test_meetings import A, B, confirmed, drafted, named, seal


def test_a_word_is_taken_back_only_where_the_other_one_did_not_come_first() -> None:
    story = confirmed()
    story.item(A, 10)
    agenda = story.now().agenda_digest()
    story.act(A, "agree", agenda=agenda)
    at = len(story.deeds) + 1
    story.act(B, "agree", agenda=agenda, lc=at)
    story.act(A, "recall", of="agree", item=None, lc=at + 1)
    assert story.now().status is Status.AGENDA_AGREED
    assert story.idle == ["meetings.nothing_to_recall"]
    story = drafted()
    story.act(B, "take", item=named(10), text=text_digest("Said of 10."))
    story.act(B, "take", item=named(11), text=text_digest("Said of 11."))
    seal(story, A)
    story.act(A, "recall", of="seal", item=None)
    seal(story, B)
    assert (story.now().status, story.idle) == (Status.RECORD_DRAFTED, [])
    seal(story, A)
    story.act(B, "recall", of="seal", item=None)
    assert story.now().status is Status.RECORD_AGREED
    assert story.idle == ["meetings.nothing_to_recall"], "the record was agreed before"


def test_taking_one_word_back_leaves_that_of_the_other_side() -> None:
    story = confirmed()
    story.item(A, 10)
    first = story.now().agenda_digest()
    story.act(B, "consent", item=named(10))
    story.act(B, "agree", agenda=story.now().agenda_digest())
    story.act(A, "recall", of="agree", item=None)
    assert story.idle == ["meetings.nothing_to_recall"], "nobody takes back what another said"
    story.act(B, "recall", of="consent", item=named(10))
    assert story.now().agenda_digest() == first
    assert [*story.now().recallable(B)] == [], "its word on the agenda went with the consent"
    with pytest.raises(PeerError, match="a consent alone"):
        story.act(B, "recall", of="agree", item=named(10))
