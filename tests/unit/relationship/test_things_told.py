"""What a user loses if this breaks: consents, checks, milestones and ends are told, each once."""

import attrs
import pytest

from comity.coordination import fold as coordination
from comity.foundation.attested import Mark, Marks
from comity.foundation.canonical import JsonObject
from comity.relationship.model import Entry, Log, Picture
from comity.relationship.things import PASSED_OVER, THINGS
from comity.relationship.timeline import COMPUTED, GROUPS, KINDS, Happening, timeline
from comity.technology import fold as technology
from comity.web.happening_words import HAPPENINGS
from support import authorising, projects
from support.parties import NOW
from support.relations import DAY, picture
from unit.relationship.test_control import ASKED, CHECK, shown

TWICE: JsonObject = {
    "text": "Two transfers.",
    "check": {"kind": "quantity", "amount": 2, "unit": "transfers"},
}
WORTH: JsonObject = {
    "text": "Up to ten euros.",
    "check": {"kind": "value", "limit": {"amount": "10.00", "currency": "EUR"}},
}


def until(day: int) -> JsonObject:
    """Return a proviso whose last instant is that day of the story."""
    ends = str(NOW.plus(day * DAY))
    return {
        "text": "For a time.",
        "check": {"kind": "dates", "starts": str(NOW), "ends": ends},
    }


def told(story: authorising.Acts | projects.Story, *codes: str) -> list[Happening]:
    found = [each for each in timeline(shown(story.deeds)) if each.group == "technology"]
    return [each for each in found if not codes or each.code in codes]


def codes(story: authorising.Acts | projects.Story) -> list[str]:
    return [each.code for each in told(story)]


def test_every_act_on_a_thing_is_told_or_passed_over_for_a_reason() -> None:
    known = {*coordination.KINDS, *technology.KINDS}
    assert set(THINGS) | PASSED_OVER == known
    assert not set(THINGS) & PASSED_OVER


def test_every_happening_has_its_group_its_own_name_and_its_words() -> None:
    named = [code for code, _ in KINDS.values()]
    assert len(set(named)) == len(named)
    assert {*(group for _, group in KINDS.values()), *COMPUTED.values()} <= set(GROUPS)
    assert {*named, *COMPUTED} == set(HAPPENINGS)


def test_a_consent_to_pass_on_is_told_from_the_question_to_its_end() -> None:
    story = authorising.Acts()
    story.act(authorising.B, "retransfer.request", ASKED)
    story.act(authorising.A, "retransfer.return", reason="To whom?")
    story.act(authorising.B, "retransfer.again")
    story.act(authorising.A, "retransfer.grant", provisos=[])
    story.act(authorising.B, "retransfer.grant", provisos=[])
    assert codes(story) == [
        *("consent_asked", "consent_returned", "consent_asked_again", "consent_granted"),
    ], "what had no effect is not told"
    assert {each.facts["title"] for each in told(story)} == {"Navy Yard of Cerulia"}
    assert {each.instrument for each in told(story)} == {ASKED["instrument"]}


def test_an_act_on_an_authorisation_that_nobody_asked_for_is_told_nowhere() -> None:
    story = authorising.Acts()
    story.act(authorising.B, "authorisation.accept", thing=authorising.ID, provisos="0" * 64)
    assert story.idle
    assert codes(story) == []


def test_an_end_use_check_is_told_from_the_question_to_what_it_found() -> None:
    story = authorising.Acts()
    story.act(authorising.A, "endcheck.request", CHECK)
    when: JsonObject = {"at": "2027-01-10T09:00:00Z", "place": "Port of Aldoria"}
    for party in (authorising.A, authorising.B):
        story.act(party, "endcheck.arrange", when)
    story.act(authorising.A, "endcheck.done", report="Seen.")
    story.act(authorising.A, "endcheck.conclude", result="favourable", report="As assured.")
    assert codes(story) == [
        *("check_asked", "check_arranged", "check_arranged", "check_done", "check_concluded"),
    ]
    assert {each.facts["title"] for each in told(story)} == {"Where the sonar is"}


def test_the_transfer_that_used_an_authorisation_up_is_told_once() -> None:
    story = authorising.active(TWICE)
    story.use(1)
    story.use(1, party=authorising.B)
    assert not told(story, "authorisation_exhausted")
    story.use(2)
    story.use(2, party=authorising.B)
    (ended,) = told(story, "authorisation_exhausted")
    assert (ended.party, ended.at) == (None, NOW.plus(story.deeds[-2].lc * DAY))
    assert ended.facts["title"] == "A sonar for the survey"


def test_an_authorisation_used_up_and_amended_can_be_used_up_again() -> None:
    story = authorising.active(authorising.ONCE)
    story.use(1)
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    story.approve(TWICE, step="amend_approve")
    story.assure()
    story.accept()
    story.use(2)
    assert not story.idle
    assert codes(story)[-6:] == [
        *("authorisation_exhausted", "amendment_asked", "authorisation_amended"),
        *("authorisation_assured", "provisos_accepted", "authorisation_exhausted"),
    ]


def test_a_value_that_is_spent_is_told_as_used_up() -> None:
    story = authorising.active(WORTH)
    story.use(1, value={"amount": "10.00", "currency": "EUR"})
    assert not story.idle
    assert len(told(story, "authorisation_exhausted")) == 1


@pytest.mark.parametrize(("day", "count"), [(20, 1), (200, 0)])
def test_the_end_of_an_authorisation_is_told_when_its_last_day_is_over(
    day: int, count: int
) -> None:
    ended = told(authorising.active(until(day)), "authorisation_expired")
    assert [(each.at, each.ref) for each in ended] == [(NOW.plus(day * DAY), None)] * count


def test_a_time_that_ran_out_before_an_amendment_stays_told() -> None:
    story = authorising.active(until(7))
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    story.approve(until(300), step="amend_approve")
    assert not story.idle
    (ended,) = told(story, "authorisation_expired")
    assert ended.at == NOW.plus(7 * DAY)


def test_a_decision_that_was_over_when_it_was_taken_ran_out_at_once() -> None:
    story = authorising.approved(until(1))
    (ended,) = told(story, "authorisation_expired")
    assert ended.at == NOW.plus(story.deeds[-1].lc * DAY)


@pytest.mark.parametrize("end", ["revoked", "reconciled"])
def test_what_was_ended_before_its_last_day_does_not_run_out_as_well(end: str) -> None:
    story = authorising.active(until(30))
    if end == "revoked":
        story.act(authorising.A, "authorisation.revoke", basis="Order 7", reason="Sold.")
    else:
        for party in (authorising.A, authorising.B):
            story.report(party, 0, 0, 0, last=True)
    assert not story.idle
    assert not told(story, "authorisation_expired")
    assert codes(story)[-1] == f"authorisation_{end}"


def test_totals_that_both_said_last_are_told_as_settled() -> None:
    story = authorising.active()
    story.report(authorising.A, 0, 0, 0)
    assert codes(story)[-1] == "totals_reported"
    story.report(authorising.B, 0, 0, 0)
    assert codes(story)[-1] == "totals_reported", "a report in between settles and ends nothing"
    for party in (authorising.B, authorising.A):
        story.report(party, 0, 0, 0, last=True)
    assert codes(story)[-2:] == ["totals_reported", "authorisation_reconciled"]
    (settled,) = told(story, "authorisation_reconciled")
    assert settled.at == NOW.plus(story.deeds[-1].lc * DAY)


def of_project(story: projects.Story) -> list[Happening]:
    """Return what is told of a project; its digests name its own two parties."""
    first, second = projects.A, projects.B
    marks = Marks.of([Mark(1000, NOW)])
    seen = attrs.evolve(
        picture(at=NOW).shared,
        parties=(first, second),
        technology=story.state,
        logs={party: Log(size=1000, root="", marks=marks) for party in (first, second)},
        entries=tuple(
            Entry(party=each.party, n=each.n, seen=each.seen, kind=each.kind, of=each.thing)
            for each in story.deeds
        ),
    )
    return list(timeline(Picture(shared=seen, views={})))


def test_milestones_loans_and_foreground_are_told_by_their_names() -> None:
    story = projects.at("active")
    story.act(projects.A, "claim", milestone="m1", evidence=[])
    story.act(projects.B, "accept", milestone="m1")
    story.lend()
    story.act(projects.A, "enter", projects.item("foreground"))
    digest = story.now().register.items[projects.ITEM].digest
    story.act(projects.B, "confirm", item=projects.ITEM, entry=digest)
    assert not story.idle
    parts = [(each.code, each.facts.get("part")) for each in of_project(story)]
    assert parts[-4:] == [
        ("milestone_claimed", "Milestone m1"),
        ("milestone_accepted", "Milestone m1"),
        ("loan_made", "Test buoy no. 3"),
        ("foreground_confirmed", "Hull of the buoy"),
    ]
    assert ("project_started", None) in parts


def test_a_part_that_a_later_plan_left_out_is_told_by_its_key() -> None:
    story = projects.at("active")
    story.act(projects.A, "claim", milestone="m1", evidence=[])
    story.act(projects.B, "reject", milestone="m1", reason="It sank.")
    story.act(projects.A, "plan", projects.plan(projects.milestone("m2", projects.B)))
    story.agree()
    story.act(projects.B, "receive", loan=projects.LOAN)
    assert story.idle == ["projects.no_loan"]
    told = [(each.code, each.facts.get("part")) for each in of_project(story)]
    assert told[-4:] == [
        *(("milestone_claimed", "m1"), ("milestone_rejected", "m1")),
        *(("plan_put_up", None), ("plan_agreed", None)),
    ]
