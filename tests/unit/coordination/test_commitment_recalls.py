"""What does not count yet is taken back, and what counts is not. Source: spec 10.2.8."""

import pytest

from comity.coordination.commitments import Status
from comity.foundation.canonical import Json, JsonObject
from unit.coordination.test_commitments import A, B, opened

LATER: JsonObject = {"at": "2027-03-01T00:00:00Z", "day": None, "zone": None}
NOTHING = "commitments.nothing_to_recall"


def test_a_claim_made_by_mistake_is_taken_back_and_it_stands_as_before() -> None:
    story = opened()
    story.act(A, "progress")
    story.claim()
    story.act(B, "recall", of="claim")
    assert (story.now().status, story.idle) == (Status.CLAIMED, [NOTHING]), "it is not theirs"
    assert [[*story.now().recallable(party)] for party in (A, B)] == [["claim"], []]
    story.act(A, "recall", of="claim")
    assert (story.now().status, story.now().claim) == (Status.IN_PROGRESS, None)
    story.claim()
    assert story.now().status is Status.CLAIMED, "it can be claimed anew"


def test_a_second_claim_taken_back_leaves_the_dispute_of_the_first() -> None:
    story = opened()
    story.claim()
    first = story.now().claim
    story.act(B, "dispute", reason="Half the charts are missing.")
    story.act(A, "claim", fulfilled="2027-01-20T00:00:00Z", evidence=[])
    story.act(A, "recall", of="claim")
    assert (story.now().status, story.now().claim) == (Status.DISPUTED, first)
    assert story.now().reason == "Half the charts are missing."
    story.act(A, "recall", of="claim")
    assert story.idle == [NOTHING], "what was disputed was answered"


@pytest.mark.parametrize("said", [("acknowledge", "result", "kept"), ("dispute", "reason", "No.")])
def test_an_answer_that_came_first_is_not_undone_by_a_recall(said: tuple[str, str, str]) -> None:
    step, member, value = said
    story = opened()
    story.claim()
    story.act(B, step, {member: value})
    before = story.now()
    story.act(A, "recall", of="claim")
    assert story.now() == before
    assert story.idle == [NOTHING if step == "dispute" else "deeds.not_now"]


def test_a_recall_that_came_first_leaves_the_answer_without_effect() -> None:
    story = opened()
    story.claim()
    story.act(B, "acknowledge", result="kept", lc=5)
    story.act(A, "recall", of="claim", lc=4)
    assert (story.now().status, story.idle) == (Status.OPEN, ["deeds.not_now"])


WORDS: list[tuple[str, dict[str, Json]]] = [
    ("redate", {"due": LATER}),
    ("fail", {"reason": "Nothing came."}),
    ("release", {"reason": "Not needed."}),
]


@pytest.mark.parametrize(("step", "said"), WORDS, ids=lambda each: str(each)[:7])
def test_a_word_that_both_must_say_is_taken_back_while_it_stands_alone(
    step: str, said: dict[str, Json]
) -> None:
    story = opened(beneficiary="both")
    before = story.now()
    story.act(A, "recall", of=step)
    assert story.idle == [NOTHING]
    story.act(A, step, said)
    assert story.now().unanswered_word() == A
    story.act(B, "recall", of=step)
    assert story.idle[1:] == [NOTHING], "each takes back its own"
    story.act(A, "recall", of=step)
    assert story.now() == before
    story.act(B, step, said)
    assert story.now().unanswered_word() == B, "theirs stands alone now"


def test_of_two_different_dates_each_takes_back_its_own() -> None:
    story = opened()
    story.act(A, "redate", due=LATER)
    story.act(B, "redate", due={**LATER, "at": "2027-04-01T00:00:00Z"})
    story.act(A, "recall", of="redate")
    assert [*story.now().asked["redate"]] == [B]


def test_a_claim_taken_back_takes_what_one_side_said_of_it_along_and_nothing_else() -> None:
    story = opened(beneficiary="both")
    story.claim()
    story.act(B, "acknowledge", result="kept")
    story.act(B, "fail", reason="Too late.")
    story.act(A, "recall", of="claim")
    assert [*story.now().asked] == ["fail"]


def test_a_due_date_that_both_named_is_not_taken_back() -> None:
    story = opened()
    story.act(A, "redate", due=LATER)
    story.act(B, "redate", due=LATER)
    story.act(A, "recall", of="redate")
    assert (story.now().due.at, story.idle) == (LATER["at"], [NOTHING])
