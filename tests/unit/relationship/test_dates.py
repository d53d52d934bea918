"""What falls due: dates of the record that lie open, the nearest first, alike at both nodes."""

from collections.abc import Sequence

import attrs
import pytest

from comity.coordination.commitments import terms_digest
from comity.foundation.attested import Mark
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.deeds import Deed
from comity.foundation.instants import Instant, Period
from comity.relationship.dates import Date, dates
from comity.relationship.model import Picture
from comity.technology.fold import TechnologyState
from support import authorising, projects, stating
from support.parties import NOW, A, B
from support.relations import DAY, picture
from support.talks import INSTRUMENT, agreed_framework, in_force
from unit.relationship.test_rhythm import BODY, MEETING, Acts

OWED = "urn:uuid:00000000-0000-4000-8000-0000000000e1"


def shown(
    deeds: Sequence[Deed] = (), *, technology: TechnologyState | None = None, days: int = 1
) -> Picture:
    made = picture(in_force(), deeds=deeds, at=NOW.plus(days * DAY))
    state = technology or made.shared.technology
    return attrs.evolve(made, shared=attrs.evolve(made.shared, technology=state))


def of(made: Picture, code: str) -> list[Date]:
    return [one for one in dates(made) if one.code == code]


def promised(performer: Json = A, *steps: tuple[str, JsonObject]) -> list[Deed]:
    """Return a commitment that B accepted, and what came after."""
    data: JsonObject = {
        "commitment": OWED,
        "instrument": INSTRUMENT,
        "unit": "u3",
        "title": "A list",
        "test": "It is there.",
        "performer": performer,
        "beneficiary": B,
        "due": {"at": "2027-01-31T23:59:59Z", "day": "2027-01-31", "zone": "UTC"},
        "source": {"kind": "article", "ref": "", "item": ""},
    }
    said = [(A, "propose", data), (B, "accept", {"terms": terms_digest(data)})]
    said += [(A, step, more) for step, more in steps]
    return [
        Deed(
            party=party,
            n=n,
            seen=0,
            lc=500 + n,
            kind=f"commitment.{step}",
            data={"commitment": OWED, **more},
        )
        for n, (party, step, more) in enumerate(said)
    ]


def test_the_term_and_every_review_to_come_stand_as_the_signed_text_names_them() -> None:
    made = shown()
    (term,) = of(made, "term")
    reviews = of(made, "review")
    assert term.whose == made.shared.parties
    view = made.views[INSTRUMENT]
    assert view.in_force_at is not None
    assert term.at == Period.parse("P10Y").after(view.in_force_at)
    assert [one.at for one in reviews] == sorted(one.at for one in reviews)
    assert all(made.shared.at < one.at < term.at for one in reviews)
    assert not dates(picture(agreed_framework()))
    assert term.json()["title"] == term.title


def test_a_window_closes_for_both_until_it_is_over() -> None:
    talks = agreed_framework()
    talks.initialled()
    manifest = talks.open_window(opens=NOW, closes=NOW.plus(60))
    talks.sign(A, manifest)
    talks.cosign(A, NOW.plus(10))
    talks.at = NOW.plus(20)
    (window,) = of(picture(talks), "window")
    assert window.at == NOW.plus(60)
    assert not of(shown(), "window")


def test_what_is_owed_has_a_date_and_what_is_kept_or_void_has_none() -> None:
    (owed,) = of(shown(promised()), "commitment")
    assert (owed.title, owed.thing, owed.whose) == ("A list", OWED, (A,))
    (joint,) = of(shown(promised("both")), "commitment")
    assert joint.whose == tuple(sorted((A, B)))
    released = promised(A, ("release", {"reason": "No need."}))
    assert of(shown(released), "commitment"), "A cannot release what it owes"
    assert not of(shown(promised(), days=3660), "commitment"), "void with the agreement"
    assert not of(shown(promised()[:1]), "commitment"), "nobody accepted it"


def test_milestones_have_dates_until_they_are_accepted() -> None:
    story = projects.at("active")
    found = of(shown(technology=story.state), "milestone")
    assert [(one.title, one.whose) for one in found] == [
        ("Milestone m1", (projects.A,)),
        ("Milestone m2", (projects.B,)),
    ]
    story.act(projects.A, "claim", milestone="m1", evidence=["report 1"])
    story.act(projects.B, "accept", milestone="m1")
    assert not story.idle
    found = of(shown(technology=story.state), "milestone")
    assert [one.title for one in found] == ["Milestone m2"]
    early = projects.at("exploratory")
    assert not of(shown(technology=early.state), "milestone")
    early.act(projects.B, "decline", reason="No money.")
    assert not of(shown(technology=early.state), "milestone")


def test_the_answer_that_a_project_asks_for_has_its_day_until_it_is_given() -> None:
    story = projects.at("proposed", answer_by="2026-12-31T23:59:59Z")
    (asked,) = of(shown(technology=story.state), "answer")
    assert (str(asked.at), asked.title) == ("2026-12-31T23:59:59Z", projects.TERMS["title"])
    assert not of(shown(technology=projects.at("exploratory").state), "answer")
    unasked = projects.at("proposed", answer_by=None)
    assert not of(shown(technology=unasked.state), "answer")


def test_a_loan_and_a_notice_have_their_days_and_a_loan_also_after_the_end() -> None:
    story = projects.at("active")
    story.lend()
    story.act(projects.B, "notice", leaves="2027-05-01T00:00:00Z", reason="No ship.")
    (loan,), (notice,) = (of(shown(technology=story.state), each) for each in ("loan", "notice"))
    assert (loan.title, str(loan.at)) == ("Test buoy no. 3", projects.DUE)
    assert (notice.whose, str(notice.at)) == ((projects.B,), "2027-05-01T00:00:00Z")
    story.act(projects.B, "leave")
    assert not story.idle
    assert not of(shown(technology=story.state), "notice")
    assert of(shown(technology=story.state), "loan"), "it still has to come home"
    assert loan.whose != (projects.A,)
    story.act(projects.B, "give_back", loan=projects.LOAN)
    (back,) = of(shown(technology=story.state), "loan")
    assert back.whose == (projects.A,), "its lender says that it came"
    story.act(projects.A, "take_back", loan=projects.LOAN)
    assert not of(shown(technology=story.state), "loan")


def test_an_authorisation_ends_on_its_last_day_while_it_can_be_used() -> None:
    limit: JsonObject = {
        "text": "Until spring.",
        "check": {"kind": "dates", "starts": None, "ends": "2027-03-31T23:59:59Z"},
    }
    story = authorising.approved(limit)
    (leave,) = of(shown(technology=story.state), "authorisation")
    assert (leave.at, leave.thing) == (Instant.parse("2027-03-31T23:59:59Z"), authorising.ID)
    endless = authorising.approved()
    assert not of(shown(technology=endless.state), "authorisation")
    asked = authorising.Acts()
    asked.request()
    assert not of(shown(technology=asked.state), "authorisation")


@pytest.mark.parametrize("how", ["return", "destroy"])
def test_what_came_has_the_day_it_is_to_go_by_until_it_was_said_what_became_of_it(
    how: str,
) -> None:
    limit: JsonObject = {
        "text": "Only for the survey.",
        "check": {"kind": "return_by", "at": "2027-03-31T23:59:59Z", "how": how},
    }
    story = authorising.active(limit)
    story.use(1)
    assert not of(shown(technology=story.state), how), "nothing came"
    story.use(1, party=authorising.B)
    (owed,) = of(shown(technology=story.state), how)
    assert (owed.at, owed.thing) == (Instant.parse("2027-03-31T23:59:59Z"), authorising.ID)
    assert owed.whose == (authorising.B,)
    story.act(authorising.A, "authorisation.revoke", basis="Condition 4", reason="It is over.")
    assert of(shown(technology=story.state), how), "it is still there"
    story.act(authorising.B, "authorisation.dispose", how="destroyed", report="All of it.")
    assert not story.idle
    assert not of(shown(technology=story.state), how)


def test_a_check_has_the_time_that_both_named_until_it_was_made() -> None:
    story = authorising.active()
    story.act(authorising.A, "endcheck.request", authorising.LOOK)
    when: JsonObject = {"at": "2027-03-01T09:00:00Z", "place": "Port"}
    story.act(authorising.A, "endcheck.arrange", when)
    assert not of(shown(technology=story.state), "check"), "one side alone named it"
    story.act(authorising.B, "endcheck.arrange", when)
    (check,) = of(shown(technology=story.state), "check")
    assert (str(check.at), check.title) == (when["at"], "Where the sonar is")
    assert check.whose == tuple(sorted((A, B)))
    story.act(authorising.A, "endcheck.done", report="It is on board.")
    assert not of(shown(technology=story.state), "check")


def test_a_release_that_both_ordered_has_its_time_until_it_is_out_or_pulled() -> None:
    story = stating.embargoed()
    (release,) = of(shown(story.deeds), "release")
    assert (str(release.at), release.thing) == (stating.AT, stating.ID)
    assert release.whose == tuple(sorted((A, B)))
    assert not of(shown(stating.cleared().deeds), "release")
    assert not of(shown(stating.released().deeds), "release")
    story.act(A, "pull", reason="Not now.")
    assert not of(shown(story.deeds), "release")


def foreseen(acts: Acts, *, days: int = 5) -> list[Date]:
    return of(acts.seen(days=days), "foreseen")


def test_the_next_meeting_is_foreseen_by_the_rhythm_of_a_body_since_it_last_met() -> None:
    acts = Acts()
    acts.body(rhythm="P6M")
    assert foreseen(acts) == [], "it is not established"
    acts = Acts()
    acts.established(rhythm="P6M")
    (one,) = foreseen(acts)
    assert (one.thing, one.title) == (BODY, "Harbour Group")
    assert one.at == Period.parse("P6M").after(NOW.plus(10))
    assert one.whose == acts.seen().shared.parties
    proposal = digest(canonical(acts.meeting()))
    assert foreseen(acts) == [one], "nobody agreed to that meeting"
    acts.act(B, "meeting.confirm", MEETING, proposal=proposal)
    assert foreseen(acts) == [], "a meeting is ahead"
    assert foreseen(acts, days=400) == [one], "it passed and was not held"
    first = {party: Mark(size, NOW.plus(10)) for party, size in acts.sizes.items()}
    acts = Acts()
    acts.established(rhythm="P6M")
    acts.held()
    met = NOW.plus(30 * DAY)
    marks = {party: [mark, Mark(acts.sizes[party], met)] for party, mark in first.items()}
    made = picture(in_force(), deeds=acts.deeds, at=NOW.plus(40 * DAY), marks=marks)
    assert [each.at for each in of(made, "foreseen")] == [Period.parse("P6M").after(met)]


@pytest.mark.parametrize("rhythm", ["", "P9999Y"])
def test_a_body_without_a_rhythm_that_leads_to_a_day_foresees_no_meeting(rhythm: str) -> None:
    acts = Acts()
    acts.established(rhythm=rhythm)
    assert foreseen(acts) == []


def test_a_body_that_was_wound_up_foresees_no_meeting() -> None:
    acts = Acts()
    acts.established(rhythm="P6M")
    acts.both("body.wind_up", BODY, reason="Done.")
    assert foreseen(acts) == []


def test_a_meeting_that_both_confirmed_is_coming_up_until_both_opened_it() -> None:
    acts = Acts()
    proposal = digest(canonical(acts.meeting(body=None)))
    assert of(acts.seen(), "meeting") == [], "nobody agreed to it"
    acts.act(B, "meeting.confirm", MEETING, proposal=proposal)
    (one,) = of(acts.seen(), "meeting")
    assert (one.thing, one.title, str(one.at)) == (MEETING, "First talks", "2027-02-01T09:00:00Z")
    assert (one.whose, one.json()["zone"]) == (acts.seen().shared.parties, "UTC")
    acts = Acts()
    acts.held()
    assert of(acts.seen(), "meeting") == []
