"""Projects at work: milestones, loans, and the register of background and foreground."""

import pytest

from comity.foundation.instants import Instant
from comity.technology import register
from comity.technology.project_steps import STEPS, Status
from comity.technology.project_turns import Next, turns
from comity.technology.project_views import can
from support.projects import (
    DUE,
    ITEM,
    LOAN,
    A,
    B,
    at,
    first_of,
    item,
    milestone,
    plan,
)

LATE = Instant.parse("2028-01-01T00:00:00Z")


# --- work ---------------------------------------------------------------------------------------


def test_a_milestone_is_claimed_by_its_performer_and_accepted_by_the_other() -> None:
    story = at("active")
    assert (first_of(story.now()).step, first_of(story.now()).parties) == ("claim", (A,))
    assert can(story.now(), A, STEPS["claim"])
    story.act(B, "claim", milestone="m1", evidence=[])
    story.act(A, "claim", milestone="m9", evidence=[])
    assert story.idle == ["projects.milestone_not_now", "projects.no_milestone"]
    story.act(B, "accept", milestone="m1")
    story.act(A, "claim", milestone="m1", evidence=["report 4"])
    story.act(A, "accept", milestone="m1")
    assert story.idle[2:] == ["projects.milestone_not_now"] * 2, "nobody accepts the own claim"
    assert (first_of(story.now()).step, first_of(story.now()).parties) == ("accept", (B,))
    story.act(B, "reject", milestone="m1", reason="Report 4 is missing.")
    assert story.now().plan.reached["m1"].reason == "Report 4 is missing."
    story.act(A, "claim", milestone="m1", evidence=["report 4"])
    assert can(story.now(), B, STEPS["accept"])
    story.act(B, "accept", milestone="m1")
    assert story.now().plan.state("m1") == "accepted"
    story.act(B, "claim", milestone="m2", evidence=[])
    story.act(A, "accept", milestone="m2")
    assert first_of(story.now()).step == "wind_up"


def test_a_milestone_of_both_is_claimed_by_one_and_accepted_by_the_other() -> None:
    story = at("exportability_checked")
    story.arrange(plan(milestone("m1", "both")))
    story.approve()
    assert first_of(story.now()).step == "start"
    story.act(B, "start")
    assert first_of(story.now()).parties == (A, B)
    story.act(B, "claim", milestone="m1", evidence=[])
    story.act(A, "accept", milestone="m1")
    assert story.now().plan.state("m1") == "accepted"


def test_a_milestone_that_is_due_is_marked_and_not_moved() -> None:
    story = at("active")
    found = story.now().plan.milestone("m1")
    assert found is not None
    assert story.now().plan.overdue(found, LATE) is True
    story.act(A, "claim", milestone="m1", evidence=[])
    assert story.now().plan.overdue(found, LATE) is False


def test_each_milestone_past_its_day_waits_for_its_performer_while_the_project_is_at_work() -> None:
    story = at("active")
    late = [
        Next(step="overdue", parties=(who,), about=key, by=DUE)
        for key, who in (("m1", A), ("m2", B))
    ]
    assert list(turns(story.now(), at=LATE)) == late, "and not besides as the next one"
    story.act(A, "claim", milestone="m1", evidence=["report 4"])
    assert [each.step for each in turns(story.now(), at=LATE)] == ["accept", "overdue"]
    story.act(A, "pause", reason="Ice.")
    assert "overdue" not in [each.step for each in turns(story.now(), at=LATE)]


def test_a_loan_soon_due_waits_for_its_borrower_and_in_closing_by_the_way_on() -> None:
    story = at("active")
    story.lend()
    soon = Instant.parse("2027-06-20T00:00:00Z")
    assert turns(story.now(), at=soon) == (
        Next(step="due", parties=(A,), about="m1", by=DUE),
        Next(step="due", parties=(B,), about="m2", by=DUE),
        Next(step="loan_due", parties=(B,), about=LOAN, by=DUE),
    )
    story.wind_up()
    assert [each.step for each in turns(story.now(), at=soon)] == ["give_back"]
    story.act(B, "give_back", loan=LOAN)
    assert [each.step for each in turns(story.now(), at=soon)] == ["take_back"]


def test_what_is_lent_is_asked_after_and_asked_back_of_its_borrower_whatever_became_of_it() -> None:
    story = at("active")
    story.lend()
    early = Instant.parse("2027-01-01T00:00:00Z")
    assert turns(story.now(), at=early)[1:] == (Next(step="receive", parties=(B,), about=LOAN),)
    story.act(B, "receive", loan=LOAN)
    assert [each.step for each in turns(story.now(), at=early)] == ["claim"]
    home = Next(step="give_back", parties=(B,), about=LOAN, by=DUE)
    assert turns(story.now(), at=early, ended=True) == (home,), "void: its agreement has ended"
    story.both("abandon", reason="The ice is gone.")
    assert turns(story.now(), at=early) == (home,)
    story.act(B, "give_back", loan=LOAN)
    assert [(each.step, each.parties) for each in turns(story.now(), at=early)] == [
        ("take_back", (A,))
    ]
    story.act(A, "take_back", loan=LOAN)
    assert turns(story.now(), at=early) == ()


def test_a_loan_and_a_claim_in_closing_are_both_told_and_nobody_is_asked_to_close_before() -> None:
    story = at("active")
    story.lend()
    story.act(A, "claim", milestone="m1", evidence=["report 4"])
    story.wind_up()
    early = Instant.parse("2027-01-01T00:00:00Z")
    assert [each.step for each in turns(story.now(), at=early)] == ["accept", "give_back"]
    story.act(B, "accept", milestone="m1")
    story.act(A, "take_back", loan=LOAN)
    assert [each.step for each in turns(story.now(), at=early)] == ["close"]


def test_neither_claim_nor_foreground_hides_a_pause_or_the_next_milestone() -> None:
    story = at("active")
    story.act(A, "claim", milestone="m1", evidence=["report 4"])
    story.act(A, "enter", item("foreground", A))
    early = Instant.parse("2027-01-01T00:00:00Z")
    waits = [(each.step, each.parties) for each in turns(story.now(), at=early)]
    assert waits == [("accept", (B,)), ("confirm", (B,)), ("claim", (B,))]
    story.act(B, "claim", milestone="m2", evidence=["log"])
    waits = [(each.step, each.parties) for each in turns(story.now(), at=early)]
    assert waits == [("accept", (B,)), ("accept", (A,)), ("confirm", (B,))], "no end before that"
    story.act(B, "pause", reason="Ice.")
    waits = [(each.step, each.parties) for each in turns(story.now(), at=early)]
    assert waits[-1] == ("resume", (A, B))


def test_one_pauses_and_both_resume() -> None:
    story = at("active")
    story.act(B, "pause", reason="The ship is in dock.")
    assert (story.now().status, first_of(story.now()).step) == (Status.PAUSED, "resume")
    story.act(A, "claim", milestone="m1", evidence=[])
    assert story.idle == ["deeds.not_now"]
    story.act(A, "resume")
    assert story.now().status is Status.PAUSED
    story.act(B, "resume")
    assert story.now().status is Status.ACTIVE


# --- loans --------------------------------------------------------------------------------------


def test_a_loan_ends_only_when_its_lender_says_that_the_thing_is_back() -> None:
    story = at("active")
    story.lend()
    story.lend()
    assert story.idle == ["projects.loan_twice"]
    assert can(story.now(), B, STEPS["receive"])
    assert not can(story.now(), A, STEPS["receive"])
    story.act(A, "receive", loan=LOAN)
    story.act(B, "receive", loan=ITEM)
    assert story.idle[1:] == ["projects.loan_not_now", "projects.no_loan"]
    story.act(B, "receive", loan=LOAN)
    story.act(B, "give_back", loan=LOAN)
    (loan,) = story.now().register.lent()
    assert (loan.state, loan.overdue(LATE)) == ("sent_back", True)
    story.act(B, "take_back", loan=LOAN)
    assert story.idle[-1] == "projects.loan_not_now", "the borrower cannot say it for the lender"
    story.act(A, "take_back", loan=LOAN)
    assert list(story.now().register.lent()) == []
    story.act(A, "write_off", loan=LOAN, reason="x")
    assert story.idle[-1] == "projects.loan_not_now"


def test_what_is_lost_is_written_off_by_its_lender() -> None:
    story = at("active")
    story.lend()
    story.act(A, "write_off", loan=LOAN, reason="Lost in the ice.")
    assert story.now().register.loans[LOAN].reason == "Lost in the ice."
    assert not any(story.now().register.lent())


def test_what_was_lent_comes_home_after_a_project_was_abandoned() -> None:
    story = at("active")
    story.lend()
    story.both("abandon", reason="No money.")
    assert story.now().status is Status.ABANDONED
    story.act(B, "give_back", loan=LOAN)
    story.act(A, "take_back", loan=LOAN)
    assert not any(story.now().register.lent())


# --- register -----------------------------------------------------------------------------------


def test_each_party_registers_its_own_background() -> None:
    story = at("exploratory")
    story.act(A, "enter", item("background", B))
    story.act(A, "enter", item("background", "did:web:stranger.example"))
    assert story.idle == ["projects.not_own", "projects.strangers"]
    story.act(A, "enter", item())
    story.act(B, "enter", item("background", B))
    assert story.idle[2:] == ["projects.item_twice"]
    assert story.now().register.items[ITEM].state == "standing"
    story.act(B, "strike", item=ITEM)
    story.act(B, "strike", item=LOAN)
    assert story.idle[3:] == ["projects.item_not_now", "projects.no_item"]
    held = story.now().register.digest
    story.act(A, "strike", item=ITEM)
    assert story.now().register.items[ITEM].state == "struck"
    assert story.now().register.digest != held, "what was struck is not in the register"


def test_foreground_stands_once_the_other_party_confirmed_the_same_words() -> None:
    story = at("active")
    story.act(A, "enter", item("foreground", "both"))
    entry = story.now().register.items[ITEM].digest
    assert (first_of(story.now()).step, first_of(story.now()).parties) == ("confirm", (B,))
    assert can(story.now(), B, STEPS["confirm"])
    story.act(A, "confirm", item=ITEM, entry=entry)
    story.act(B, "confirm", item=ITEM, entry="0" * 64)
    assert story.idle == ["projects.item_not_now", "projects.other_entry"]
    story.act(B, "confirm", item=ITEM, entry=entry)
    story.act(A, "strike", item=ITEM)
    assert story.idle[2:] == ["projects.item_not_now"], "what both stand by is not struck by one"


def test_register_and_loans_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "ENTRIES_MAX", 0)
    story = at("active")
    story.lend()
    story.act(A, "enter", item())
    assert story.idle == ["projects.full"] * 2
