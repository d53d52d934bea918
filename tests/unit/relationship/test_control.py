"""Control of technology in figures: decisions, consents, checks, totals, stages of projects."""

import json

from comity.foundation.attested import Mark
from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Deed
from comity.relationship.control import CONTROL
from comity.relationship.measures import measured
from comity.relationship.model import Picture
from support import authorising, projects
from support.parties import NOW, A, B
from support.relations import DAY, picture
from support.talks import INSTRUMENT, in_force

ASKED: JsonObject = {
    "instrument": INSTRUMENT,
    "unit": "u1",
    "transfer": authorising.transfer_id(1),
    "item": authorising.ITEM,
    "third": "Navy Yard of Cerulia",
    "use": "Repair.",
}
CHECK: JsonObject = {
    "instrument": INSTRUMENT,
    "unit": "u1",
    "authorisation": authorising.ID,
    "title": "Where the sonar is",
    "what": "That it is on the survey ship.",
}


def shown(deeds: list[Deed], *, cosigned: bool = True) -> Picture:
    """Return the picture of acts told as if of our parties, each cosigned a day after the last."""
    told = json.dumps([[each.party, each.n, each.lc, each.kind, each.data] for each in deeds])
    for old, new in ((authorising.A, A), (authorising.B, B)):
        told = told.replace(old, new)
    acts = [
        Deed(party=party, n=100 + n, seen=0, lc=lc, kind=kind, data=data)
        for party, n, lc, kind, data in json.loads(told)
    ]
    held = [one for one in acts if cosigned]
    marks = {
        party: [
            Mark(100, NOW.plus(10)),
            *(Mark(one.n + 1, NOW.plus(one.lc * DAY)) for one in held if one.party == party),
        ]
        for party in (A, B)
    }
    sizes = {party: 101 + len(acts) for party in (A, B)}
    return picture(in_force(), deeds=acts, marks=marks, sizes=sizes, at=NOW.plus(99 * DAY))


def lines(name: str, made: Picture) -> dict[tuple[str, str | None], tuple[object, object]]:
    found = next(found for one, found in measured(made) if one.name == name)
    return {(line.subject, line.party): (line.value, line.of) for line in found}


def test_nothing_is_measured_where_nobody_asked_for_anything() -> None:
    made = shown([])
    assert not any(lines(one.name, made) for one in CONTROL)


def test_a_decision_is_timed_from_the_request_and_its_provisos_are_counted() -> None:
    story = authorising.approved(authorising.ONCE)
    made = shown(story.deeds)
    assert lines("deciding", made) == {("", A): (2 * DAY, 1)}
    assert lines("provisos", made) == {("", A): (1, 1)}
    waiting = authorising.Acts()
    waiting.request()
    assert not lines("deciding", shown(waiting.deeds))
    assert not lines("provisos", shown(waiting.deeds))
    assert not lines("deciding", shown(story.deeds, cosigned=False))


def test_consents_stand_by_who_was_asked_with_the_time_it_took() -> None:
    story = authorising.Acts()
    story.act(authorising.B, "retransfer.request", ASKED)
    made = shown(story.deeds)
    assert lines("consents", made) == {("", A): (0, 1)}
    assert not lines("consenting", made)
    story.act(authorising.B, "retransfer.grant", provisos=[])
    story.act(authorising.A, "retransfer.grant", provisos=[])
    made = shown(story.deeds)
    assert story.idle == ["deeds.not_yours"]
    assert lines("consents", made) == {("", A): (1, 1)}
    assert lines("consenting", made) == {("", A): (2 * DAY, 1)}, "what did not count is no answer"


def test_checks_stand_by_what_they_found_and_one_taken_back_does_not_count() -> None:
    story = authorising.Acts()
    story.act(authorising.A, "endcheck.request", CHECK)
    assert lines("endchecks", shown(story.deeds)) == {("", A): (0, 1)}
    when: JsonObject = {"at": "2027-01-10T09:00:00Z", "place": "Port of Aldoria"}
    for party in (authorising.A, authorising.B):
        story.act(party, "endcheck.arrange", when)
    story.act(authorising.A, "endcheck.done", report="Seen.")
    story.act(authorising.A, "endcheck.conclude", result="favourable", report="As assured.")
    assert lines("endchecks", shown(story.deeds)) == {("", A): (1, 1), ("favourable", A): (1, 1)}
    story = authorising.Acts()
    story.act(authorising.A, "endcheck.request", CHECK)
    story.act(authorising.A, "endcheck.withdraw")
    assert not lines("endchecks", shown(story.deeds))


def test_totals_count_once_both_have_said_the_same() -> None:
    story = authorising.active()
    story.report(authorising.A, 0, 0, 0)
    assert lines("totals", shown(story.deeds)) == {("", None): (0, 1)}
    story.report(authorising.B, 0, 0, 0)
    assert lines("totals", shown(story.deeds)) == {("", None): (1, 1)}
    assert not story.idle


def test_a_stage_is_timed_once_a_project_has_left_it() -> None:
    story = projects.Story()
    assert not lines("stages", shown(story.deeds))
    story.act(projects.A, "remark")
    story.explore()
    assert lines("stages", shown(story.deeds)) == {("proposed", None): (2 * DAY, 1)}
    assert not lines("stages", shown(story.deeds, cosigned=False))
