"""Meetings and projects on the relationship page: held, foreseen, last met, and who is asked."""

import json

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.deeds import Deed
from comity.foundation.instants import Instant
from comity.relationship.matters import matters
from comity.relationship.measures import measured
from comity.relationship.measuring import Line
from comity.relationship.model import Picture, Ref
from comity.relationship.rhythm import PERIODS_MAX, foreseen
from comity.relationship.timeline import timeline
from comity.relationship.unanswered import unanswered
from comity.technology.controls import control_id
from support import authorising
from support.parties import NOW, A, B
from support.relations import DAY, Exchange, picture
from support.talks import INSTRUMENT, in_force

SIDE: JsonObject = {"chair": "Director of Ports", "contact": "desk@example"}


def named(n: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{n:012d}"


BODY, MEETING, PROJECT, ITEM = (named(n) for n in (1, 2, 3, 4))


class Acts:
    """Acts of two parties, each after all before it, all cosigned at ``NOW + 10``."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.sizes = {A: 100, B: 100}

    def act(self, party: str, kind: str, thing: str, /, **members: Json) -> JsonObject:
        family = kind.partition(".")[0]
        deed = Deed(
            party=party,
            n=self.sizes[party],
            seen=0,
            lc=1000 + len(self.deeds),
            kind=kind,
            data={family: thing, **members},
        )
        self.deeds.append(deed)
        self.sizes[party] += 1
        return deed.data

    def both(self, kind: str, thing: str, **members: Json) -> None:
        for party in (A, B):
            self.act(party, kind, thing, **members)

    def body(self, *, rhythm: str = "P1D", name: str = BODY) -> JsonObject:
        return self.act(
            A,
            "body.propose",
            name,
            instrument=INSTRUMENT,
            unit="u3",
            name="Harbour Group",
            level="group",
            parent=None,
            rhythm=rhythm,
            terms=None,
            side=SIDE,
        )

    def established(self, *, rhythm: str = "P1D", name: str = BODY) -> None:
        founding = self.body(rhythm=rhythm, name=name)
        self.act(B, "body.accept", name, proposal=digest(canonical(founding)), side=SIDE)

    def meeting(self, *, body: str | None = BODY, name: str = MEETING) -> JsonObject:
        return self.act(
            A,
            "meeting.propose",
            name,
            instrument=INSTRUMENT,
            unit="u3",
            body=body,
            series="",
            title="First talks",
            slot={
                "mode": "online",
                "place": "",
                "start": "2027-02-01T09:00:00Z",
                "end": "2027-02-01T11:00:00Z",
                "zone": "UTC",
                "host": A,
            },
        )

    def held(self, *, body: str | None = BODY, name: str = MEETING) -> None:
        proposal = digest(canonical(self.meeting(body=body, name=name)))
        self.act(B, "meeting.confirm", name, proposal=proposal)
        self.act(A, "meeting.add", name, item=ITEM, title="Charts", about=None)
        agenda = self.seen().shared.coordination.meetings.get(name)
        assert agenda is not None
        self.both("meeting.agree", name, agenda=agenda.agenda_digest())
        self.both("meeting.open", name)

    def project(self) -> None:
        self.act(
            B,
            "project.propose",
            PROJECT,
            instrument=INSTRUMENT,
            unit="u3",
            title="Ice charts",
            purpose="To chart the ice.",
            area="reports",
            sponsor="Navy",
            user="Pilots",
            answer_by=None,
        )

    def seen(self, *, days: int = 5) -> Picture:
        return picture(in_force(), deeds=self.deeds, at=NOW.plus(days * DAY))


def lines(name: str, made: Picture) -> dict[str, Line]:
    return {
        line.subject: line for one, found in measured(made) if one.name == name for line in found
    }


def open_(made: Picture) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {one.thing: (one.code, one.waits_for) for one in matters(made) if one.thing}


def test_meetings_held_stand_beside_those_that_the_rhythm_foresaw() -> None:
    acts = Acts()
    acts.established()
    acts.held()
    made = acts.seen()
    found = lines("meetings", made)
    assert (found[""].value, found[""].of) == (1, None)
    assert (found[BODY].name, found[BODY].value, found[BODY].of) == ("Harbour Group", 1, 4)
    assert lines("last_met", made)[BODY].value == 5 * DAY - 10
    assert found[BODY].evidence == found[""].evidence


def test_a_body_without_rhythm_foresees_nothing_and_one_not_established_is_left_out() -> None:
    acts = Acts()
    acts.established(rhythm="")
    acts.body(name=named(9))
    acts.held(body=None)
    acts.act(B, "body.accept", named(77), proposal="0" * 64, side=SIDE)
    made = acts.seen()
    found = lines("meetings", made)
    assert set(found) == {"", BODY}
    assert (found[BODY].value, found[BODY].of) == (0, None)
    assert lines("last_met", made)[BODY].value is None


def test_an_acceptance_of_something_else_does_not_establish_a_body() -> None:
    acts = Acts()
    acts.body()
    acts.act(B, "body.accept", BODY, proposal="0" * 64, side=SIDE)
    assert set(lines("meetings", acts.seen())) == {""}


def test_a_rhythm_is_counted_in_full_periods_and_not_for_ever() -> None:
    since = Instant.parse("2026-01-31T00:00:00Z")
    assert foreseen("P6M", since=since, at=Instant.parse("2027-07-31T00:00:00Z")) == 3
    assert foreseen("P6M", since=since, at=since) == 0
    assert foreseen("P1D", since=since, at=since.plus(DAY * 100_000)) == PERIODS_MAX


def test_what_is_proposed_waits_for_the_side_that_did_not_propose_it() -> None:
    acts = Acts()
    acts.body()
    acts.meeting(body=None)
    acts.project()
    assert open_(acts.seen()) == {
        BODY: ("body.answer", (B,)),
        MEETING: ("meeting.answer", (B,)),
        PROJECT: ("project.answer", (A,)),
    }


def test_terms_of_reference_that_one_side_named_wait_for_the_other_and_two_wait_for_both() -> None:
    acts = Acts()
    acts.established()
    acts.body(name=named(9))

    def terms(party: str, text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
        acts.act(party, "body.terms", BODY, terms={"instrument": INSTRUMENT, "text": text * 64})
        return {name: found for name, found in open_(acts.seen()).items() if name == BODY}

    assert terms(A, "1") == {BODY: ("body.terms", (B,))}
    assert terms(B, "2") == {BODY: ("body.terms", tuple(sorted((A, B))))}
    assert terms(A, "2") == {}
    terms(B, "1")
    for party in (A, B):
        acts.act(party, "body.wind_up", BODY, reason="Done.")
    assert BODY not in open_(acts.seen()), "nobody names terms for a body that is wound up"


def oldest(made: Picture) -> dict[str, tuple[object, object]]:
    found = [line for one, each in measured(made) if one.name == "oldest_wait" for line in each]
    return {line.party or "": (line.value, line.of) for line in found}


def test_the_oldest_wait_counts_whatever_one_side_alone_is_asked() -> None:
    acts = Acts()
    acts.body()
    acts.meeting(body=None)
    acts.project()
    waited = 5 * DAY - 10
    assert oldest(acts.seen()) == {A: (waited, 1), B: (waited, 2)}
    acts.act(A, "project.decline", PROJECT, reason="Not this year.")
    assert oldest(acts.seen())[A] == (None, 0)


def test_what_is_answered_waits_for_nobody() -> None:
    acts = Acts()
    acts.established()
    acts.project()
    acts.act(A, "project.decline", PROJECT, reason="Not this year.")
    acts.act(A, "project.decline", named(55), reason="Which one?")
    assert open_(acts.seen()) == {}


def test_a_closed_meeting_waits_for_its_record_by_whoever_has_a_word_to_say_of_it() -> None:
    acts = Acts()
    acts.held(body=None)
    assert open_(acts.seen())[MEETING] == ("meeting.conclude", tuple(sorted((A, B))))
    acts.both("meeting.close", MEETING)
    assert open_(acts.seen())[MEETING] == ("meeting.record", (A,))
    acts.act(A, "meeting.draft", MEETING, entries=[{"item": ITEM, "text": "We spoke."}])
    assert open_(acts.seen())[MEETING] == ("meeting.record", (B,)), "who drafted answers itself"
    acts.act(B, "meeting.version", MEETING, item=ITEM, text="They spoke.")
    assert open_(acts.seen())[MEETING] == ("meeting.record", tuple(sorted((A, B))))
    record = acts.seen().shared.coordination.meetings.get(MEETING)
    assert record is not None
    acts.act(A, "meeting.seal", MEETING, record=record.record_digest())
    assert open_(acts.seen())[MEETING] == ("meeting.record", (B,))


def test_projects_are_counted_by_where_they_stand() -> None:
    acts = Acts()
    acts.project()
    found = lines("projects", acts.seen())
    assert {name: (line.value, line.of) for name, line in found.items()} == {"proposed": (1, 1)}


def test_the_timeline_names_bodies_meetings_and_projects_by_what_people_call_them() -> None:
    acts = Acts()
    acts.established()
    acts.held()
    acts.project()
    found = [
        (one.code, one.facts.get("title"))
        for one in timeline(acts.seen())
        if one.group in {"coordination", "technology"}
    ]
    assert ("body_established", "Harbour Group") in found
    assert ("meeting_opened", "First talks") in found
    assert ("project_proposed", "Ice charts") in found


def test_an_entry_that_names_no_thing_says_nothing_of_one() -> None:
    acts = Acts()
    acts.established()
    acts.held()
    acts.project()
    base = acts.seen()
    entries = tuple(attrs.evolve(each, of="urn:uuid:other") for each in base.shared.entries)
    made = attrs.evolve(base, shared=attrs.evolve(base.shared, entries=entries))
    assert all(
        one.facts == {} for one in timeline(made) if one.group in {"coordination", "technology"}
    )


def test_a_meeting_that_nobody_cosigned_yet_has_no_time() -> None:
    acts = Acts()
    acts.established()
    acts.held()
    deeds = [attrs.evolve(each, n=5000 + each.n) if each.family == "meeting" else each
             for each in acts.deeds]  # fmt: skip
    made = picture(in_force(), deeds=deeds, at=NOW.plus(DAY))
    assert lines("last_met", made)[BODY].value is None
    assert lines("meetings", made)[BODY].value == 1


def authorised(story: authorising.Acts, exchange: Exchange | None = None) -> Picture:
    """Return a picture of the story of an authorisation, told of our two parties."""
    base = picture(in_force(), at=NOW.plus(DAY))
    names = {
        authorising.A: A,
        authorising.B: B,
        authorising.CONTROL: control_id(A, authorising.DIGEST),
    }
    told = json.dumps([[each.party, each.n, each.lc, each.kind, each.data] for each in story.deeds])
    for old, new in names.items():
        told = told.replace(old, new)
    deeds = [
        Deed(party=party, n=100 + n, seen=0, lc=lc, kind=kind, data=data)
        for party, n, lc, kind, data in json.loads(told)
    ]
    return picture(in_force(), deeds=deeds, at=base.shared.at, exchange=exchange)


def test_authorisations_stand_by_whose_items_they_are_about_and_their_uses_by_both_counts() -> None:
    story = authorising.Acts()
    story.request()
    made = authorised(story)
    (line,) = [
        one for name, found in measured(made) if name.name == "authorisations" for one in found
    ]
    assert (line.subject, line.party, line.value, line.of) == ("requested", A, 1, 1)
    assert open_(made)[authorising.ID] == ("authorisation.decide", (A,))
    story.review()
    story.approve(authorising.ONCE)
    assert open_(authorised(story))[authorising.ID] == ("authorisation.assure", (B,))
    story.assure()
    assert open_(authorised(story))[authorising.ID] == ("authorisation.accept", (B,))
    story.accept()
    assert authorising.ID not in open_(authorised(story))
    uses = {
        line.party: (line.value, line.of)
        for one, found in measured(authorised(story))
        if one.name == "uses"
        for line in found
    }
    assert uses == {A: (0, 0), B: (0, 0)}


def test_authorisations_stand_as_their_list_says_it_and_not_by_their_acts_alone() -> None:
    story = authorising.approved(authorising.ONCE)
    story.assure()
    found = {"instrument": INSTRUMENT, "unit": "u3"}

    def stands() -> str:
        terms = {**authorising.TERMS, **found}
        first = attrs.evolve(story.deeds[1], data=terms)
        told = authorising.Acts()
        told.deeds = [story.deeds[0], first, *story.deeds[2:]]
        (line,) = [
            line
            for one, lines in measured(authorised(told))
            if one.name == "authorisations"
            for line in lines
        ]
        return line.subject

    assert stands() == "waits_for_provisos"
    story.accept()
    assert stands() == "active"
    story.use(1)
    assert stands() == "exhausted"
    found["instrument"] = authorising.ID
    assert stands() == "basis_stopped", "no such text stands"


def test_the_timeline_names_authorisations_and_keeps_the_words_of_an_item_out() -> None:
    story = authorising.Acts()
    story.classify()
    story.request()
    found = [
        (one.code, one.facts.get("title"))
        for one in timeline(authorised(story))
        if one.group == "technology"
    ]
    assert found == [
        ("item_classified", None),
        ("authorisation_asked", authorising.TERMS["title"]),
    ]
    base = authorised(story)
    entries = tuple(attrs.evolve(each, of="urn:uuid:other") for each in base.shared.entries)
    made = attrs.evolve(base, shared=attrs.evolve(base.shared, entries=entries))
    assert [one.facts for one in timeline(made) if one.group == "technology"] == [{}, {}]


def test_what_is_amended_waits_for_the_assurance_anew() -> None:
    story = authorising.active()
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    story.approve(step="amend_approve")
    assert open_(authorised(story))[authorising.ID] == ("authorisation.assure_anew", (B,))


def test_a_check_that_was_made_waits_for_who_asked_for_it_to_say_what_it_comes_to() -> None:
    story = authorising.Acts()
    story.act(authorising.A, "endcheck.request", authorising.LOOK)
    for party in (authorising.A, authorising.B):
        story.act(party, "endcheck.arrange", at="2027-03-01T09:00:00Z", place="Port")
    story.act(authorising.A, "endcheck.done", report="It is on board.")
    assert open_(authorised(story))[authorising.ID] == ("endcheck.conclude", (A,))
    (wait,) = [each for each in unanswered(authorised(story)) if each.kind == "endcheck.conclude"]
    assert wait.party == A
    story.act(authorising.A, "endcheck.conclude", result="unfavourable", report="It is gone.")
    assert authorising.ID not in open_(authorised(story))
    story.act(authorising.A, "endcheck.follow_up", report="Once more in spring.")
    assert not story.idle
    assert open_(authorised(story))[authorising.ID] == ("endcheck.conclude", (A,))


def test_a_check_whose_time_has_passed_waits_for_who_asked_for_it_to_report() -> None:
    story = authorising.Acts()
    story.act(authorising.A, "endcheck.request", authorising.LOOK)
    for party in (authorising.B, authorising.A):
        story.act(party, "endcheck.arrange", at="2027-03-01T09:00:00Z", place="Port")
    assert authorising.ID not in open_(authorised(story)), "its time is still to come"
    story.act(authorising.B, "endcheck.arrange", at=str(NOW), place="Port")
    assert open_(authorised(story))[authorising.ID] == ("endcheck.agree", (A,))
    story.act(authorising.A, "endcheck.arrange", at=str(NOW), place="Port")
    assert open_(authorised(story))[authorising.ID] == ("endcheck.report", (A,))
    assert not unanswered(authorised(story)), "a time that passed is no question"
    story.act(authorising.A, "endcheck.arrange", at="2027-04-01T09:00:00Z", place="Port")
    assert open_(authorised(story))[authorising.ID] == ("endcheck.agree", (B,))
    story.act(authorising.A, "endcheck.done", report="It is on board.")
    assert open_(authorised(story))[authorising.ID] == ("endcheck.conclude", (A,))


def test_totals_that_differ_wait_for_both_until_both_say_the_same() -> None:
    story = authorising.active()
    story.report(authorising.A, 0, 0, 0)
    story.report(authorising.B, 0, 0, 0, ends="2026-12-31")
    story.report(authorising.A, 9, 9, 9)
    assert story.idle == ["authorisations.totals"]
    (matter,) = [each for each in matters(authorised(story)) if each.thing == authorising.ID]
    assert (matter.code, set(matter.waits_for)) == ("authorisation.totals", {A, B})
    said = [each for each in story.deeds if each.step == "report"][1]
    assert matter.since == authorised(story).shared.when(Ref(party=B, n=100 + said.n))
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    story.approve(step="amend_approve")
    assert "authorisation.totals" not in codes(story), "nobody can report before it is assured"
    story.assure()
    assert "authorisation.totals" in codes(story)
    story.report(authorising.B, 0, 0, 0)
    assert "authorisation.totals" not in codes(story)


def test_totals_of_one_side_wait_for_the_other_to_compare_and_report_its_own() -> None:
    story = authorising.active()
    sides = ((authorising.A, A), (authorising.B, B))
    for (first, _), (second, asked) in (sides, sides[::-1]):
        story.report(first, 0, 0, 0)
        assert open_(authorised(story))[authorising.ID] == ("authorisation.report", (asked,))
        (wait,) = [each for each in unanswered(authorised(story)) if each.kind.endswith("report")]
        assert wait.party == asked
        story.report(second, 0, 0, 0)
        assert authorising.ID not in open_(authorised(story))
    story.report(authorising.A, 0, 0, 0)
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    story.approve(step="amend_approve")
    assert "authorisation.report" not in codes(story), "nobody can report before it is assured"


def codes(story: authorising.Acts) -> list[str]:
    return [each.code for each in matters(authorised(story))]


def test_a_recipient_is_told_what_was_suspended_and_asked_what_became_of_what_came() -> None:
    story = authorising.active()
    story.act(authorising.A, "authorisation.suspend", basis="Condition 4", reason="An inquiry.")
    (matter,) = [each for each in matters(authorised(story)) if each.thing == authorising.ID]
    assert (matter.code, matter.waits_for) == ("authorisation.suspended", (A,))
    assert not [each for each in unanswered(authorised(story)) if each.kind == matter.code]
    assert matter.facts == {"suspended_by": A}
    story.act(authorising.A, "authorisation.resume", basis="Condition 4", reason="It is settled.")
    story.use(1)
    story.use(1, party=authorising.B)
    assert authorising.ID not in open_(authorised(story))
    story.act(authorising.A, "authorisation.suspend", basis="Condition 4", reason="An inquiry.")
    assert open_(authorised(story))[authorising.ID] == ("authorisation.suspended", (A, B))
    story.act(authorising.A, "authorisation.resume", basis="Condition 4", reason="It is settled.")
    story.act(authorising.A, "authorisation.revoke", basis="Condition 4", reason="It is over.")
    assert open_(authorised(story))[authorising.ID] == ("authorisation.revoked", (B,))
    story.act(authorising.B, "authorisation.dispose", how="destroyed", report="All of it.")
    assert authorising.ID not in open_(authorised(story))


def test_an_assurance_is_not_waited_for_once_the_period_is_over() -> None:
    over: JsonObject = {
        "text": "In 2020.",
        "check": {
            "kind": "dates",
            "starts": "2020-01-01T00:00:00Z",
            "ends": "2020-01-02T00:00:00Z",
        },
    }
    assert authorising.ID not in open_(authorised(authorising.approved(over)))
