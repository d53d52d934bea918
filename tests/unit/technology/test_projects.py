"""Projects: the machine of agreements.md D2.7, row by row, in any order of arrival."""

import itertools

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant
from comity.foundation.members import one, rows
from comity.technology.fold import TechnologyState, fold_deeds, state_json
from comity.technology.project_steps import ENDS, STEPS, Status
from comity.technology.project_turns import Next, turns
from comity.technology.project_views import (
    Standing,
    can,
    check_ahead,
    check_left,
    standing,
)
from support.projects import (
    ARRANGEMENT,
    DUE,
    FRAMEWORK,
    ID,
    ITEM,
    LOAN,
    PEOPLE,
    TERMS,
    TEXT,
    A,
    B,
    Story,
    at,
    first_of,
    foreseen,
    item,
    milestone,
    plan,
)

SOON, LATE = Instant.parse("2026-12-01T00:00:00Z"), Instant.parse("2028-01-01T00:00:00Z")


# --- proposal, answer, intent -------------------------------------------------------------------


def test_a_proposal_waits_until_the_other_party_answers_exactly_it() -> None:
    story = Story()
    assert (story.now().status, first_of(story.now()).step) == (Status.PROPOSED, "answer")
    story.act(B, "explore", terms="0" * 64, sponsor="", user="")
    assert story.idle == ["projects.other_terms"]
    story.act(A, "decline", reason="x")
    assert story.idle[-1] == "deeds.not_yours", "nobody answers the own proposal"
    assert [can(story.now(), each, STEPS["decline"]) for each in (A, B)] == [False, True]
    story.explore()
    assert story.now().status is Status.EXPLORATORY
    assert story.now().people[B] == ("Fisheries Board", "Ice Service")


def test_a_proposal_is_declined_with_a_reason_or_taken_back() -> None:
    story = Story()
    story.act(B, "decline", reason="Not this year.")
    assert (story.now().status, story.now().reason) == (Status.DECLINED, "Not this year.")
    story = Story()
    story.act(B, "withdraw")
    assert story.idle == ["deeds.not_yours"]
    story.act(A, "withdraw")
    assert story.now().status is Status.ABANDONED


def test_the_age_of_a_proposal_is_shown_and_comes_to_nothing() -> None:
    one = Story().now()
    assert standing(one, at=SOON, last=None, ended=False) == Standing(status="proposed")
    assert standing(one, at=LATE, last=SOON, ended=False).late is True
    assert standing(one, at=LATE, last=SOON, ended=False).status == "proposed"
    assert standing(Story(answer_by=None).now(), at=LATE, last=SOON, ended=False).late is False


def test_the_intent_is_signed_by_both_once_sponsor_and_user_are_named_on_both_sides() -> None:
    story = Story(user="")
    story.explore()
    assert first_of(story.now()).step == "name"
    assert first_of(story.now()).parties == (A,)
    assert not can(story.now(), A, STEPS["intend"])
    story.act(A, "intend", intent=story.now().intent)
    assert story.idle == ["projects.unnamed"]
    story.act(A, "name", PEOPLE)
    story.act(A, "intend", intent=story.now().intent)
    assert story.now().status is Status.EXPLORATORY, "one party's word is not enough"
    assert (first_of(story.now()).step, first_of(story.now()).parties) == ("intend", (B,))
    assert not can(story.now(), A, STEPS["intend"])
    story.act(B, "name", sponsor="Another Board", user="Ice Service")
    story.act(B, "intend", intent="0" * 64)
    assert story.idle[-1] == "projects.other_intent"
    story.act(B, "intend", intent=story.now().intent)
    assert story.now().status is Status.EXPLORATORY, "A signed other names"
    story.act(A, "intend", intent=story.now().intent)
    assert story.now().status is Status.INTENT_SIGNED


# --- exportability ------------------------------------------------------------------------------


def test_the_check_is_done_once_both_sides_entered_their_sheets() -> None:
    story = at("intent_signed")
    assert first_of(story.now()).parties == (A, B)
    story.act(A, "sheet", items=[foreseen()])
    assert (story.now().status, first_of(story.now()).parties) == (Status.INTENT_SIGNED, (B,))
    story.act(B, "sheet", items=[])
    assert story.now().status is Status.EXPORTABILITY_CHECKED, "none is an answer too"


def test_release_on_conditions_that_nobody_can_read_is_no_answer() -> None:
    story = at("intent_signed")
    story.act(A, "sheet", items=[foreseen(), foreseen("Spare", conditions="")])
    assert story.idle == ["projects.no_conditions"]
    story.act(A, "sheet", items=[foreseen()])
    story.act(B, "sheet", items=[])
    assert story.now().status is Status.EXPORTABILITY_CHECKED


def test_a_no_on_a_critical_item_stops_there_until_a_sheet_says_otherwise() -> None:
    story = at("intent_signed")
    story.act(B, "sheet", items=[foreseen(release="no"), foreseen("Spare", critical=False)])
    story.act(A, "sheet", items=[foreseen("Paint", critical=False, release="no")])
    assert story.now().status is Status.INTENT_SIGNED
    assert list(story.now().blocked()) == [(B, "Pressure sensor")]
    assert (first_of(story.now()).step, first_of(story.now()).parties) == ("blocked", (B,))
    story.act(B, "sheet", items=[foreseen()])
    assert story.now().status is Status.EXPORTABILITY_CHECKED


def test_a_later_no_takes_an_arrangement_back_to_before_the_check_and_its_approval_away() -> None:
    story = at("arranging")
    story.act(A, "approve", story.approval())
    story.act(B, "sheet", items=[foreseen(release="no")])
    assert (story.now().status, dict(story.now().asked)) == (Status.INTENT_SIGNED, {})
    story = at("arranging")
    story.act(B, "sheet", items=[foreseen(release="yes")])
    assert story.now().status is Status.ARRANGING


# --- arrangement, plan, approval ----------------------------------------------------------------


def test_a_project_is_approved_by_both_on_the_same_arrangement_and_plan_or_not_at_all() -> None:
    story = at("arranging")
    assert first_of(story.now()).step == "approve"
    good = story.approval()
    story.act(A, "approve", good)
    assert story.now().status is Status.ARRANGING
    story.act(B, "approve", {**good, "text": "cd" * 32})
    assert story.now().status is Status.ARRANGING, "they read two texts"
    assert first_of(story.now()) == Next(step="approve_anew", parties=(A, B))
    story.act(B, "approve", {**good, "plan": "0" * 64})
    story.act(B, "approve", {**good, "instrument": FRAMEWORK})
    assert story.idle == ["projects.other_approval"] * 2
    assert story.now().grounds == (FRAMEWORK, "u8")
    story.act(B, "approve", good)
    assert story.now().status is Status.APPROVED
    assert story.now().grounds == (ARRANGEMENT, "u1"), "it stands on its arrangement now"


def test_approval_needs_arrangement_and_plan() -> None:
    story = at("exportability_checked")
    assert first_of(story.now()).step == "arrange"
    story.act(A, "arrange", instrument=FRAMEWORK, unit="u8")
    assert story.idle == ["projects.own_arrangement"]
    story.act(A, "arrange", instrument=ARRANGEMENT, unit="u1")
    assert first_of(story.now()).step == "plan"
    assert not can(story.now(), A, STEPS["approve"])
    story.act(A, "approve", instrument=ARRANGEMENT, text=TEXT, plan="0" * 64)
    assert story.idle[-1] == "projects.not_ready"


def test_another_arrangement_or_plan_takes_a_half_approval_away() -> None:
    story = at("arranging")
    good = story.approval()
    story.act(A, "approve", good)
    story.act(A, "arrange", instrument=ARRANGEMENT, unit="u2")
    story.act(B, "approve", good)
    assert story.now().status is Status.ARRANGING
    story.act(A, "plan", plan(milestone("m1")))
    story.agree()
    assert dict(story.now().asked) == {}


def test_a_plan_is_agreed_by_the_party_that_did_not_put_it_up_on_its_digest() -> None:
    story = at("exportability_checked")
    story.act(A, "arrange", instrument=ARRANGEMENT, unit="u1")
    story.act(B, "agree_plan", plan="0" * 64)
    assert story.idle == ["projects.no_plan"]
    story.act(A, "plan", plan())
    assert (first_of(story.now()).step, first_of(story.now()).parties) == ("agree_plan", (B,))
    assert can(story.now(), B, STEPS["agree_plan"])
    story.agree(A)
    story.act(B, "agree_plan", plan="0" * 64)
    assert story.idle[1:] == ["projects.no_plan", "projects.other_plan"]
    story.agree()
    assert story.now().plan.agreed is not None


def test_a_plan_names_the_two_parties_alone_and_what_each_brings_in() -> None:
    story = at("exportability_checked")
    story.act(A, "arrange", instrument=ARRANGEMENT, unit="u1")
    story.act(A, "plan", plan(milestone(performer="did:web:stranger.example")))
    story.act(A, "plan", plan(parties=(A,)))
    assert story.idle == ["projects.strangers", "projects.plan_shares"]


def test_a_new_plan_keeps_what_was_claimed_or_accepted() -> None:
    story = at("active")
    story.act(A, "plan", plan(milestone("m3", B)))
    story.act(A, "claim", milestone="m1", evidence=[])
    story.agree()
    assert story.idle == ["projects.plan_drops"], "claimed after it was put up"
    story.act(A, "plan", plan(milestone("m1", title="Less")))
    assert story.idle[-1] == "projects.plan_drops"
    assert "The milestone «Milestone m1» is claimed" in [*story.state.idle()][-1].message
    story.act(B, "reject", milestone="m1", reason="Nothing is there.")
    story.act(A, "plan", plan(milestone("m3", B)))
    story.agree()
    assert [each.key for each in story.now().plan.agreed.milestones] == ["m3"]  # type: ignore[union-attr]  # agreed above


def test_an_approval_is_not_lost_by_putting_up_what_is_agreed_already() -> None:
    story = at("arranging")
    story.act(A, "approve", story.approval())
    story.act(B, "plan", plan())
    assert story.idle == ["projects.same_plan"]
    assert story.now().plan.put_up is None
    story.act(B, "plan", plan(milestone("m1")))
    story.act(A, "plan", plan())
    found = story.now().plan
    assert (found.put_up, found.by, found.replaced) == (None, "", None), "it takes that one away"
    assert story.idle == ["projects.same_plan"]
    story.act(B, "approve", story.approval())
    assert story.now().status is Status.APPROVED


def test_a_plan_put_up_instead_of_another_names_that_one_until_it_is_agreed() -> None:
    story = at("exportability_checked")
    story.act(A, "arrange", instrument=ARRANGEMENT, unit="u1")
    story.act(A, "plan", plan())
    assert story.now().plan.replaced is None
    story.act(B, "plan", plan(milestone("m1")))
    replaced = story.now().plan.replaced
    assert replaced is not None
    assert (replaced[0], len(replaced[1].milestones)) == (A, 2)
    story.agree(A)
    assert story.now().plan.replaced is None


# --- ends ---------------------------------------------------------------------------------------


def closing(story: Story, **changes: str) -> JsonObject:
    held = story.now().register.digest
    return {"register": held, "authorisations": "reconciled", **changes}


def test_nothing_is_closed_with_a_loan_open_or_foreground_unconfirmed() -> None:
    story = at("active")
    story.lend()
    story.both("wind_up")
    assert (first_of(story.now()).step, first_of(story.now()).parties) == ("give_back", (B,))
    story.act(A, "close", closing(story))
    assert story.idle == ["projects.loans_open"]
    assert not can(story.now(), A, STEPS["close"])
    story.act(A, "take_back", loan=LOAN)
    story.act(B, "enter", item("foreground", B))
    story.act(A, "close", closing(story))
    assert story.idle[1:] == ["projects.register_open"]
    story.act(A, "confirm", item=ITEM, entry=story.now().register.items[ITEM].digest)
    assert first_of(story.now()).step == "close"
    story.act(A, "close", closing(story, register="0" * 64))
    assert story.idle[2:] == ["projects.other_register"]
    story.act(A, "close", closing(story))
    story.act(B, "close", closing(story, authorisations="none"))
    assert story.now().status is Status.CLOSING, "they say two different things"
    assert first_of(story.now()) == Next(step="close_anew", parties=(A, B))
    assert all(can(story.now(), each, STEPS["close"]) for each in (A, B)), "either can say it anew"
    story.act(B, "close", closing(story))
    assert story.now().status is Status.CLOSED
    assert story.now().closing["authorisations"] == "reconciled"
    assert first_of(story.now()).step == ""


def test_a_register_that_changed_after_one_party_closed_is_closed_by_neither() -> None:
    story = at("closing")
    story.act(A, "close", closing(story))
    story.act(B, "enter", item("foreground", B))
    waits = [each.step for each in turns(story.now(), at=SOON)]
    assert waits == ["confirm"], "nobody is asked to close what cannot be closed"
    story.act(B, "strike", item=ITEM)
    story.act(B, "enter", {**item("background", B), "item": LOAN})
    assert turns(story.now(), at=SOON) == (Next(step="close_anew", parties=(A, B)),)
    assert can(story.now(), A, STEPS["close"]), "what A said is of another register"
    story.act(B, "close", closing(story))
    assert story.now().status is Status.CLOSING
    assert turns(story.now(), at=SOON) == (Next(step="close", parties=(A,)),)
    story.act(A, "close", closing(story))
    assert story.now().status is Status.CLOSED


def test_a_result_is_handed_over_by_both_to_the_same() -> None:
    story = at("active")
    story.both("hand_over", register=story.now().register.digest, to="Joint Procurement Office")
    assert story.now().status is Status.HANDED_OVER
    assert story.now().closing["to"] == "Joint Procurement Office"


def test_one_party_leaves_after_notice_and_who_left_early_is_seen() -> None:
    story = at("active")
    story.act(B, "leave")
    assert story.idle == ["deeds.not_yours"], "no notice was given"
    assert not can(story.now(), B, STEPS["leave"])
    story.act(B, "notice", leaves=DUE, reason="The budget ends.")
    story.act(A, "leave")
    assert story.idle[1:] == ["deeds.not_yours"]
    assert standing(story.now(), at=LATE, last=SOON, ended=False).leaving is True
    assert standing(story.now(), at=SOON, last=SOON, ended=False).leaving is False
    story.act(B, "leave")
    assert (story.now().status, story.now().reason) == (Status.ABANDONED, "The budget ends.")
    assert standing(story.now(), at=LATE, last=SOON, ended=False).left_early is True
    assert standing(story.now(), at=LATE, last=LATE, ended=False).left_early is False


def test_a_project_without_entries_is_shown_as_dormant_until_somebody_enters_something() -> None:
    story = at("active")
    before = story.now().last
    assert standing(story.now(), at=LATE, last=SOON, ended=False).dormant is True
    story.act(B, "remark")
    assert story.now().last != before
    assert standing(story.now(), at=LATE, last=LATE, ended=False).dormant is False


def test_a_project_is_void_with_what_it_stands_on_and_an_ended_one_stays_what_it_was() -> None:
    assert standing(at("active").now(), at=LATE, last=SOON, ended=True) == Standing(status="void")
    story = at("exploratory")
    story.both("abandon", reason="x")
    assert standing(story.now(), at=LATE, last=SOON, ended=True).status == "abandoned"


def test_a_lone_word_for_abandoning_hides_nothing_and_is_taken_back_by_going_on() -> None:
    story = at("exploratory")
    story.act(B, "intend", intent=story.now().intent)
    before = first_of(story.now())
    story.act(B, "abandon", reason="The budget.")
    assert [can(story.now(), each, STEPS["intend"]) for each in (A, B)] == [True, True]
    assert [can(story.now(), each, STEPS["abandon"]) for each in (A, B)] == [True, False]
    assert first_of(story.now()) == before
    story.act(B, "intend", intent=story.now().intent)
    assert "abandon" not in story.now().asked
    assert story.now().reason == ""
    story.act(A, "abandon", reason="x")
    assert story.now().status is Status.EXPLORATORY
    story.act(A, "intend", intent=story.now().intent)
    assert story.now().status is Status.INTENT_SIGNED
    assert story.idle == []


def test_nothing_moves_a_project_that_has_ended_but_what_was_lent() -> None:
    home = {"receive", "give_back", "take_back", "write_off"}
    for end in ENDS:
        moving = {step.name for step in STEPS.values() if end in step.sources}
        assert moving == (home if end is Status.ABANDONED else set()), end


def test_framework_and_arrangement_are_asked_once_approval_is_spoken_of() -> None:
    story = at("arranging")
    own = (ARRANGEMENT, "u1")
    assert story.now().all_grounds("plan") == ((FRAMEWORK, "u8"),)
    assert story.now().all_grounds("approve") == ((FRAMEWORK, "u8"), own)
    story.approve()
    assert story.now().all_grounds("claim") == ((FRAMEWORK, "u8"), own)


def test_a_day_that_we_name_lies_ahead_and_nobody_of_ours_leaves_before_it() -> None:
    check_ahead(DUE, at=SOON)
    check_left(DUE, at=LATE)
    with pytest.raises(MisuseError, match="has passed"):
        check_ahead(DUE, at=LATE)
    with pytest.raises(MisuseError, match="until then we take part"):
        check_left(DUE, at=SOON)


# --- the record ---------------------------------------------------------------------------------


def test_acts_that_crossed_come_to_the_same_in_every_order_of_arrival() -> None:
    story = at("intent_signed")
    lc = len(story.deeds) + 1
    story.act(A, "sheet", lc=lc, items=[foreseen(release="no")])
    story.act(B, "sheet", lc=lc, items=[])
    story.act(A, "abandon", lc=lc + 1, reason="x")
    early, late = story.deeds[:-3], story.deeds[-3:]
    made = {
        str(state_json(fold_deeds(fold_deeds(TechnologyState(), early), order)))
        for order in itertools.permutations(late)
    }
    assert len(made) == 1


def test_an_act_on_a_project_that_nobody_proposed_has_no_effect() -> None:
    deed = Deed(party=A, n=0, seen=0, lc=1, kind="project.remark", data={"project": ID})
    state = fold_deeds(TechnologyState(), (deed,))
    assert state.projects.get(ID) is None
    assert [each.code for each in state.idle()] == ["deeds.none"]


def test_a_second_proposal_of_the_same_id_changes_nothing() -> None:
    story = Story()
    story.act(B, "propose", {**TERMS, "title": "Another"})
    assert (story.now().terms.title, story.idle) == (TERMS["title"], ["deeds.exists"])


def test_whatever_happened_is_told_as_json() -> None:
    story = at("active")
    story.lend()
    story.act(A, "notice", leaves=DUE, reason="x")
    story.act(A, "enter", item())
    story.act(A, "claim", milestone="m1", evidence=["report 4"])
    row = rows({**state_json(story.state)}, "projects")[0]
    assert (row["status"], one(row, "register")["loans"] is not None) == ("active", True)


@pytest.mark.parametrize(
    ("step", "members"),
    [
        ("propose", {**TERMS, "extra": 1}),
        ("propose", {**TERMS, "title": "two\nlines"}),
        ("propose", {**TERMS, "answer_by": "2026-02-30T00:00:00Z"}),
        ("sheet", {"items": [foreseen(release="perhaps")]}),
        ("sheet", {"items": [foreseen()] * 501}),
        ("plan", plan(milestone(), milestone())),
        ("plan", plan(milestone(due="2026-02-30T00:00:00Z"))),
        ("plan", {**plan(), "milestones": []}),
        ("plan", plan(amount="1e9")),
        ("lend", {"loan": LOAN, "what": "x", "ref": "", "due": "2026-02-30T00:00:00Z"}),
        ("notice", {"leaves": "2026-02-30T00:00:00Z", "reason": "x"}),
        ("enter", item(rights={"within": "free", "outside": "free", "onward": "always"})),
        ("close", {"register": "ab", "authorisations": "none"}),
        ("recall", {"of": "sheet", "milestone": None}),
        ("recall", {"of": "claim", "milestone": None}),
        ("recall", {"of": "plan", "milestone": "m1"}),
        ("conquer", {}),
    ],
)  # fmt: skip  # one line per thought
def test_an_act_without_the_form_of_its_kind_is_refused_before_it_is_stored(
    step: str, members: JsonObject
) -> None:
    story = Story()
    with pytest.raises(PeerError):
        story.act(A, step, members)
