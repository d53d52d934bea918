"""What does not count yet is taken back by who said it; what counts is not. Source: spec 12.3.7."""

from collections.abc import Mapping

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.members import one, rows
from comity.technology.fold import state_json
from comity.technology.project_steps import STEPS, Status
from comity.technology.project_turns import Next, notices_of, turns
from comity.technology.project_views import can, check_recalled, recallable, standing
from support.projects import DUE, A, B, Story, at, first_of, foreseen, milestone, plan

SOON, LATE = Instant.parse("2026-12-01T00:00:00Z"), Instant.parse("2028-01-01T00:00:00Z")
RECALL = STEPS["recall"]


def recall(story: Story, party: str, of: str, milestone: str | None = None) -> None:
    story.act(party, "recall", of=of, milestone=milestone)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("exploratory", "intend"),
        ("arranging", "approve"),
        ("active", "wind_up"),
        ("active", "hand_over"),
        ("active", "abandon"),
        ("closing", "close"),
    ],
)
def test_a_word_that_stands_alone_is_taken_back_and_the_other_makes_nothing_of_it(
    state: str, step: str
) -> None:
    story = at(state)
    register = story.now().register.digest
    says: Mapping[str, JsonObject] = {
        "intend": {"intent": story.now().intent},
        "approve": story.approval() if step == "approve" else {},
        "hand_over": {"register": register, "to": "Pilots"},
        "abandon": {"reason": "No money."},
        "close": {"register": register, "authorisations": "none"},
    }
    said = says.get(step, {})
    before = turns(story.now(), at=SOON)
    story.act(A, step, said)
    assert recallable(story.now(), A, at=LATE) == [(step, None)]
    assert not can(story.now(), B, RECALL), "it is not theirs"
    recall(story, B, step)
    assert story.idle == ["projects.nothing_to_recall"]
    assert step in story.now().asked
    recall(story, A, step)
    assert (story.now().asked, story.now().reason) == ({}, "")
    assert turns(story.now(), at=SOON) == before, "nothing waits for the other"
    story.act(B, step, said)
    assert story.now().status == state, "the word of one moves nothing"
    story.act(A, step, said)
    assert story.now().status != state, "it can be said again"


def test_one_of_two_words_that_differ_is_taken_back_and_the_other_stands_alone() -> None:
    story = at("active")
    register = story.now().register.digest
    story.act(A, "hand_over", register=register, to="Pilots")
    story.act(B, "hand_over", register=register, to="Port Office")
    recall(story, A, "hand_over")
    assert set(story.now().asked["hand_over"]) == {B}
    assert Next(step="hand_over", parties=(A,)) in turns(story.now(), at=SOON)


def test_a_paused_work_is_not_taken_up_by_a_word_that_was_taken_back() -> None:
    story = at("active")
    story.act(A, "pause", reason="The ship is in dock.")
    story.act(B, "resume")
    recall(story, B, "resume")
    story.act(A, "resume")
    assert story.now().status is Status.PAUSED
    assert story.now().reason == "The ship is in dock."


def test_a_plan_that_waits_is_taken_back_and_the_agreed_one_stands() -> None:
    story = at("active")
    agreed = story.now().plan.agreed
    story.act(B, "plan", plan(milestone("m1"), milestone("m2", A)))
    story.act(A, "plan", plan(milestone("m1"), milestone("m3", A)))
    assert story.now().plan.replaced is not None
    recall(story, B, "plan")
    assert story.idle == ["projects.nothing_to_recall"], "theirs was replaced"
    assert recallable(story.now(), A, at=SOON) == [("plan", None)]
    recall(story, A, "plan")
    now = story.now().plan
    assert (now.agreed, now.put_up, now.by, now.replaced) == (agreed, None, "", None)
    assert first_of(story.now()).step == "claim"
    assert not can(story.now(), B, STEPS["agree_plan"])
    recall(story, A, "plan")
    assert story.idle[1:] == ["projects.nothing_to_recall"]


def test_a_claim_is_taken_back_until_it_is_answered_and_can_be_made_again() -> None:
    story = at("active")
    story.act(A, "claim", milestone="m1", evidence=["report 3"])
    story.act(B, "reject", milestone="m1", reason="No report 4.")
    recall(story, A, "claim", "m1")
    assert story.idle == ["projects.nothing_to_recall"], "it is answered"
    story.act(A, "claim", milestone="m1", evidence=["report 4"])
    story.act(B, "claim", milestone="m2", evidence=[])
    assert recallable(story.now(), A, at=SOON) == [("claim", "m1")]
    recall(story, A, "claim", "m1")
    assert [story.now().plan.state(key) for key in ("m1", "m2")] == ["open", "claimed"]
    story.act(B, "accept", milestone="m1")
    assert story.idle[1:] == ["projects.milestone_not_now"]
    story.act(A, "claim", milestone="m1", evidence=["report 5"])
    story.act(B, "accept", milestone="m1")
    assert story.now().plan.reached["m1"].evidence == ("report 5",)


def test_a_notice_is_taken_back_before_its_day_and_that_of_the_other_stands() -> None:
    story = at("active")
    story.act(A, "notice", leaves=DUE, reason="The budget ends.")
    story.act(B, "notice", leaves="2027-09-30T23:59:59Z", reason="No ship.")
    assert [party for party, _ in notices_of(story.now(), at=SOON)] == [A, B]
    assert recallable(story.now(), A, at=SOON) == [("notice", None)]
    assert recallable(story.now(), A, at=LATE) == [], "its day has come"
    recall(story, B, "notice")
    assert [party for party, _ in notices_of(story.now(), at=SOON)] == [A]
    story.act(B, "leave")
    assert story.idle == ["deeds.not_yours"]
    story.act(A, "leave")
    assert standing(story.now(), at=LATE, last=SOON, ended=False).left_early is True
    assert rows({**state_json(story.state)}, "projects")[0]["status"] == "abandoned"
    assert [*notices_of(story.now(), at=SOON)] == []


def test_a_later_notice_of_a_party_takes_the_place_of_its_own() -> None:
    story = at("active")
    for party, leaves in ((A, DUE), (B, DUE), (A, "2027-09-30T23:59:59Z")):
        story.act(party, "notice", leaves=leaves, reason="x")
    told = one(rows({**state_json(story.state)}, "projects")[0], "notices")
    assert {party: one(told, party)["leaves"] for party in told} == {
        B: DUE,
        A: "2027-09-30T23:59:59Z",
    }
    assert {each.parties for each in turns(story.now(), at=LATE) if each.step == "leave"} == {
        (A,),
        (B,),
    }
    assert standing(story.now(), at=LATE, last=LATE, ended=False).leaving is True


def test_nobody_of_ours_takes_a_notice_back_once_its_day_has_come() -> None:
    check_recalled(DUE, at=SOON)
    with pytest.raises(MisuseError, match="not taken back any more"):
        check_recalled(DUE, at=LATE)


def test_what_the_other_answered_first_stays_and_what_was_taken_back_first_is_not_answered() -> (
    None
):
    for first, second, status, code in (
        (("B", "intend"), ("A", "recall"), Status.INTENT_SIGNED, ["projects.nothing_to_recall"]),
        (("A", "recall"), ("B", "intend"), Status.EXPLORATORY, []),
    ):
        story = at("exploratory")
        said: dict[str, JsonObject] = {
            "intend": {"intent": story.now().intent},
            "recall": {"of": "intend"},
        }
        story.act(A, "intend", said["intend"])
        for who, step in (first, second):
            more: JsonObject = {"milestone": None} if step == "recall" else {}
            story.act({"A": A, "B": B}[who], step, {**said[step], **more})
        assert (story.now().status, story.idle) == (status, code)


def test_what_was_said_before_a_sheet_that_stops_it_can_still_be_taken_back() -> None:
    story = at("arranging")
    story.act(A, "abandon", reason="x")
    story.act(B, "sheet", items=[foreseen(release="no")])
    assert story.now().status is Status.INTENT_SIGNED
    recall(story, A, "abandon")
    assert story.now().asked == {}
    proposed = Story()
    recall(proposed, A, "abandon")
    assert proposed.idle == ["deeds.not_now"]
    assert recallable(proposed.now(), A, at=SOON) == []
