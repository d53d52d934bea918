"""What a user loses if this breaks: a number that one minister reads and the other denies."""

import attrs
import pytest

from comity.agreements import events
from comity.agreements.moves import Explain, Object
from comity.foundation.attested import Mark
from comity.foundation.canonical import Json
from comity.foundation.instants import Instant
from comity.parties.fold import Acceptance, PartiesState
from comity.relationship.control import CONTROL
from comity.relationship.facts import digest_of, facts_digest, facts_of
from comity.relationship.measures import MEASURES, measured
from comity.relationship.measuring import Line
from comity.relationship.model import Picture, Ref, look
from comity.relationship.timeline import timeline
from comity.relationship.waits import waits
from support import parties as people
from support.parties import NOW, A, B
from support.relations import DAY, Exchange, picture, shared
from support.talks import Talks, agreed_framework, framework, in_force, on


def lines(name: str, made: Picture) -> list[Line]:
    return next(list(found) for measure, found in measured(made) if measure.name == name)


def values(name: str, made: Picture) -> list[tuple[Json, Json]]:
    return [(line.value, line.of) for line in lines(name, made)]


def exchanged(talks: Talks) -> Exchange:
    """A released three items, took one back and sent one; B released one of an unknown level."""
    made = Exchange()
    for place, marking in enumerate(("restricted", "open", "unheard of")):
        made.release(A, n=50 + place, marking=marking)
    made.add(A, "sharing.withdraw", {"release": 51}, n=60)
    made.moved(A, "sharing.sent", n=61)
    made.moved(B, "sharing.received", n=61)
    made.release(B, n=70, marking="unheard of", area="elsewhere")
    del talks
    return made


def test_every_measure_of_the_table_is_computed_for_a_whole_life() -> None:
    talks = in_force()
    talks.suspend(A)
    made = picture(talks, exchange=exchanged(talks), at=NOW.plus(5 * DAY))
    found = {measure.name: values(measure.name, made) for measure in MEASURES}
    held = 5 * DAY - 10
    assert found == {
        "instruments_in_force": [(0, 1), (0, 1)],
        "areas_used": [(1, 1)],
        "releases": [(2, 3), (1, 1)],
        "highest_marking": [("restricted", 3)],
        "transfers": [(1, 1), (0, 0)],
        "bytes_moved": [(3, None), (0, None)],
        "answer_time": [(0, 1), (0, 2)],
        "oldest_wait": [(None, 0), (None, 0)],
        "promises": [(0, 0), (0, 0)],
        "overdue": [(0, 0), (0, 0)],
        "delay": [(None, 0), (None, 0)],
        "redatings": [(0, 0), (0, 0)],
        "meetings": [(0, None)],
        "last_met": [],
        "projects": [],
        "authorisations": [],
        "uses": [(0, 0), (0, 0)],
        **{one.name: [] for one in CONTROL},
        "tablings": [(1, 2), (1, 2)],
        "units": [],
        "reopenings": [(0, None), (0, None)],
        "suspensions": [(1, 1), (0, 0)],
        "suspended_for": [(held, 1), (0, 0)],
        "last_cosigned": [(held, talks.sizes[A]), (held, talks.sizes[B])],
    }


def test_an_instrument_in_force_counts_for_each_area_it_names() -> None:
    made = picture(in_force())
    total, area = lines("instruments_in_force", made)
    assert (total.value, total.of, area.subject, area.name, area.value) == (
        *(1, 1, "reports", "Reports", 1),
    )
    assert len(area.evidence) == 2, "both signatures stand behind it"


def test_an_area_nobody_used_for_a_year_is_not_counted_as_used() -> None:
    talks = in_force()
    exchange = exchanged(talks)
    exchange.entries = [each for each in exchange.entries if each.kind == "sharing.release"]
    late = Instant.parse("2027-11-23T12:00:10Z")
    assert values("areas_used", picture(talks, exchange=exchange, at=late.plus(-1))) == [(1, 1)]
    assert values("areas_used", picture(talks, exchange=exchange, at=late)) == [(0, 1)]
    nobody = picture(talks, exchange=exchange, marks={A: [], B: []})
    assert values("areas_used", nobody) == [(0, 0)]


def test_what_stands_behind_a_number_is_the_same_whichever_log_a_node_reads_first() -> None:
    talks = in_force()
    one, other = exchanged(talks), exchanged(talks)
    other.entries = sorted(other.entries, key=lambda each: each.party, reverse=True)
    assert [each.party for each in one.entries] != [each.party for each in other.entries]
    found = [lines("areas_used", picture(talks, exchange=each)) for each in (one, other)]
    assert found[0] == found[1]


def test_bytes_that_one_side_alone_recorded_are_not_counted() -> None:
    exchange = Exchange()
    exchange.moved(A, "sharing.sent", n=61, size=3)
    exchange.moved(B, "sharing.received", n=61, size=4)
    made = picture(in_force(), exchange=exchange)
    assert values("transfers", made) == [(0, 1), (0, 0)]


def test_units_under_negotiation_are_counted_by_where_they_stand() -> None:
    talks = Talks()
    talks.propose(A, framework(), opening=True)
    talks.propose(B, {"u9": "One more."})
    found = [
        (line.subject.split()[-1], line.value, line.of) for line in lines("units", picture(talks))
    ]
    assert found == [("new", 6, 6)]
    assert [line.value for line in lines("reopenings", picture(talks))] == [0, 0]


def times(talks: Talks, *marks: tuple[str, int]) -> dict[str, list[Mark]]:
    """Return marks: after so many entries of a party's log, each one day later."""
    made: dict[str, list[Mark]] = {A: [], B: []}
    for day, (party, size) in enumerate(marks):
        made[party].append(Mark(size, NOW.plus(day * DAY)))
    del talks
    return made


def test_several_tablings_before_one_answer_are_one_wait_from_the_first() -> None:
    talks = Talks()
    talks.propose(A, {"u1": "One."}, opening=True)
    talks.propose(A, {"u2": "Two."})
    talks.propose(B, {"u1": "One, but."})
    marks = times(talks, (A, 3), (A, 4), (B, 3))
    made = picture(talks, marks=marks, at=NOW.plus(9 * DAY))
    found = [(each.party, each.seconds, each.answered) for each in waits(made)]
    assert found == [(A, 7 * DAY, None), (B, 2 * DAY, Ref(party=B, n=2))]
    assert values("answer_time", made) == [(None, 0), (2 * DAY, 1)]
    assert values("oldest_wait", made) == [(7 * DAY, 1), (None, 0)]


def test_initials_that_one_side_alone_has_given_are_waited_for() -> None:
    talks = agreed_framework()
    for party in (A, B):
        talks.statement(party, events.ADOPT)
    made = picture(talks, at=NOW.plus(3 * DAY))
    assert values("oldest_wait", made) == [(None, 0), (None, 0)], "either can begin"
    talks.statement(A, events.INITIAL)
    made = picture(talks, at=NOW.plus(3 * DAY))
    assert values("oldest_wait", made) == [(None, 0), (3 * DAY - 10, 1)]
    talks.statement(B, events.INITIAL)
    made = picture(talks, at=NOW.plus(3 * DAY))
    assert values("oldest_wait", made) == [(None, 0), (None, 0)]


def test_a_wait_is_measured_once_both_ends_are_cosigned() -> None:
    talks = Talks()
    talks.propose(A, {"u1": "One."}, opening=True)
    talks.propose(B, {"u1": "One, but."})
    assert waits(picture(talks, marks={A: [], B: []})) == ()
    assert waits(picture(talks, marks={A: [Mark(9, NOW)], B: []})) == ()


def test_a_clean_text_waits_for_the_adoption_of_whoever_has_not_adopted() -> None:
    talks = agreed_framework()
    assert [(each.party, each.answered) for each in waits(picture(talks))] == [
        (A, None),
        (B, Ref(party=B, n=2)),
    ]
    talks.statement(A, events.ADOPT)
    assert [each.answered is None for each in waits(picture(talks))] == [False, False]


def test_after_a_side_gave_an_answer_to_everything_nothing_waits_for_it() -> None:
    talks = Talks()
    talks.propose(A, {"u1": "One."}, opening=True)
    talks.table(B, Object(unit="u1", digest=on("u1", "One."), reason="not so"))
    talks.table(A, Explain(unit="u1", text="why"))
    assert [(each.party, each.answered is None) for each in waits(picture(talks))] == [
        (A, False),
        (B, False),
    ]


def test_a_proposed_window_waits_for_the_side_that_is_not_ready() -> None:
    talks = agreed_framework()
    talks.initialled()
    talks.open_window(opens=NOW, closes=NOW.plus(60))
    (chains,) = talks.state.instruments.values()
    kept = {
        party: attrs.evolve(
            chain,
            acts=tuple(act for act in chain.acts if (party, act.kind) != (B, events.READY)),
        )
        for party, chain in chains.items()
    }
    (name,) = talks.state.instruments
    talks.state = type(talks.state)(instruments={name: kept})
    found = [each for each in waits(picture(talks)) if each.kind == events.OPEN]
    assert [(each.party, each.answered) for each in found] == [(B, None)]


def test_the_digest_is_of_everything_and_changes_with_one_entry() -> None:
    talks = in_force()
    known = PartiesState(letters={p: people.party(p).letter for p in (A, B)})
    assert facts_digest(shared(talks)) == facts_digest(shared(talks))
    assert facts_digest(shared(talks)) != facts_digest(shared(talks, known=known))
    released = Exchange()
    released.release(A, n=50)
    assert facts_digest(shared(talks)) != facts_digest(shared(talks, exchange=released))


def test_the_facts_name_both_parties_and_nobody_as_ourselves() -> None:
    letters = {p: people.party(p).letter for p in (A, B)}
    accepted = {p: Acceptance(letter="", fingerprint="") for p in (A, B)}
    made = look(shared(in_force(), known=PartiesState(letters=letters, accepted=accepted)))
    facts = facts_of(made)
    assert facts["introduced"] is True
    assert facts["parties"] == [{"party": p, "name": letters[p].name} for p in sorted((A, B))]
    instruments = facts["instruments"]
    assert isinstance(instruments, list)
    (instrument,) = instruments
    assert isinstance(instrument, dict)
    assert instrument["status"] == "in_force"
    assert "'quote': 'ten years'" in str(instrument["states"])
    assert len(digest_of(facts, timeline(made))) == 64
    assert facts_of(picture(agreed_framework()))["parties"] == [
        {"party": p, "name": None} for p in sorted((A, B))
    ]


@pytest.mark.parametrize(
    ("suspended", "codes"),
    [
        ((), ["permitted", "permitted"]),
        (("u3",), ["suspended", "suspended"]),
    ],
)
def test_an_area_says_what_it_permits_and_whether_now(
    suspended: tuple[str, ...], codes: list[str]
) -> None:
    talks = in_force()
    if suspended:
        talks.suspend(A, units=suspended)
    made = picture(talks)
    facts = facts_of(made)["areas"]
    assert isinstance(facts, list)
    (area,) = facts
    assert isinstance(area, dict)
    directions = area["directions"]
    assert isinstance(directions, list)
    assert [one["code"] for one in directions if isinstance(one, dict)] == codes
    assert "under Article 3 the parties may share items (report)" in str(area["words"])
    assert "score" not in str(facts_of(made))


def test_a_log_of_which_nothing_is_cosigned_has_no_last_time() -> None:
    made = picture(Talks(), sizes={A: 0, B: 3}, marks={A: [], B: []})
    assert values("last_cosigned", made) == [(None, 0), (None, 3)]
    early = picture(Talks(), at=NOW)
    assert values("last_cosigned", early) == [(0, 2), (0, 2)], "never less than nothing"
