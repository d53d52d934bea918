"""What a meeting waits for: by its acts and the time that was named for it."""

from collections.abc import Callable

import pytest

from comity.coordination.commitments import Commitment
from comity.coordination.meeting_acts import Status
from comity.coordination.meeting_waiting import earlier_of, standing_of, unproposed, waiting
from comity.foundation.instants import Instant
from unit.coordination import test_commitments as promised
from unit.coordination.test_meetings import ID, A, B, Story, named

START = Instant.parse("2027-02-01T09:00:00Z")
DAY = 86_400
LONG_BEFORE = START.plus(-14 * DAY - 1)
NEAR = START.plus(-14 * DAY)
BOTH = (A, B)


def _postponed(story: Story) -> None:
    story.confirm()
    story.act(A, "postpone", reason="Storm.")


def _confirmed(story: Story) -> None:
    story.confirm()
    story.item(A, 10)


def _agreed(story: Story) -> None:
    _confirmed(story)
    story.agree()


def _opened(story: Story) -> None:
    _agreed(story)
    story.both("open")


def _adjourned(story: Story) -> None:
    _opened(story)
    story.both("adjourn")


def _cancelled(story: Story) -> None:
    story.confirm()
    story.act(A, "cancel", reason="Storm.")


def _asked(story: Story, at: Instant) -> tuple[str, tuple[str, ...]] | None:
    found = waiting(story.now(), BOTH, at=at)
    return None if found is None else (found.what, found.whose)


@pytest.mark.parametrize(
    ("tell", "at", "what"),
    [
        (_postponed, LONG_BEFORE, "time"),
        (_confirmed, LONG_BEFORE, None),
        (_confirmed, NEAR, "agenda"),
        (_confirmed, START.plus(-1), "agenda"),
        (_confirmed, START, "begin"),
        (_agreed, NEAR, None),
        (_agreed, START.plus(-1), None),
        (_agreed, START, "begin"),
        (_opened, LONG_BEFORE, "conclude"),
        (_adjourned, LONG_BEFORE, "resume"),
        (_cancelled, START, None),
    ],
)
def test_what_neither_side_has_begun_is_asked_of_both_once_its_time_is_near(
    tell: Callable[[Story], None], at: Instant, what: str | None
) -> None:
    story = Story()
    tell(story)
    assert _asked(story, at) == (None if what is None else (what, BOTH))


def test_a_meeting_asks_for_a_second_word_before_it_asks_both() -> None:
    story = Story()
    assert _asked(story, START) == ("answer", (B,))
    _confirmed(story)
    story.act(A, "agree", agenda=story.now().agenda_digest())
    assert _asked(story, LONG_BEFORE) == _asked(story, START) == ("agree", (B,))
    story.item(B, 11)
    assert _asked(story, LONG_BEFORE) == _asked(story, START) == ("again", (A,))
    story.agree()
    story.act(A, "open")
    assert _asked(story, LONG_BEFORE) == ("open", (B,))
    story.act(B, "open")
    story.outcome(A, 20)
    assert _asked(story, START) == ("concur", (B,))
    story.act(B, "concur", outcome=story.now().results[0].id)
    assert _asked(story, START) == ("conclude", BOTH)
    story.act(A, "close")
    assert _asked(story, START) == ("close", (B,))
    story.act(B, "close")
    assert story.now().status is Status.CLOSED
    assert _asked(story, START) == ("record", (A,)), "the host drafts it"


def _decided(*, kind: str = "commitment") -> Story:
    story = Story()
    _opened(story)
    story.outcome(A, 20, kind)
    story.act(B, "concur", outcome=named(20))
    return story


def _promised(tell: Callable[[promised.Story], None], *, kind: str = "meeting") -> Commitment:
    told = promised.Story(source={"kind": kind, "ref": ID, "item": named(20)})
    tell(told)
    return told.now()


def _left(story: Story, *commitments: Commitment) -> list[str]:
    return [each.id for each in unproposed(story.now(), standing_of(commitments))]


def test_what_was_agreed_as_a_commitment_is_left_to_propose_until_one_stands() -> None:
    story = _decided()
    assert _left(story) == [], "in session there is more to write down"
    story.both("close")
    assert _left(story) == [named(20)]
    assert _left(story, _promised(lambda _: None)) == []
    assert _left(story, _promised(promised.Story.accept)) == []
    assert _left(story, _promised(lambda _: None, kind="statement")) == [named(20)]
    for fell in (
        _promised(lambda told: told.act(A, "withdraw")),
        _promised(lambda told: told.act(B, "decline", reason="Not so.")),
    ):
        assert _left(story, fell) == [named(20)]
        assert earlier_of([fell], ID) == {named(20): (fell.id,)}
    assert earlier_of([_promised(promised.Story.accept)], ID) == {}


def test_no_other_outcome_is_left_to_propose() -> None:
    for story in (_decided(kind="decision"), Story()):
        assert _left(story) == []
    story = Story()
    _opened(story)
    story.outcome(A, 20, "commitment")
    story.both("close")
    assert _left(story) == [], "one side alone wrote it"
