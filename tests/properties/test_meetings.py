"""Random lives of a meeting: whatever both do, in whatever order it arrives, both say the same.

Acts are drawn wise and foolish; each party has seen some of what the other wrote. Source: spec
10.1.2, 10.4; issue 6.
"""

from hypothesis import event, given, settings
from hypothesis import strategies as st

from comity.coordination.fold import CoordinationState, fold_deeds, state_json
from comity.coordination.meeting_acts import HELD, Status, admit
from comity.coordination.meeting_acts import STEPS as TABLE
from comity.coordination.meeting_values import Meeting, text_digest
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed

A, B = "did:web:a.example", "did:web:b.example"
ORDER = (
    *("confirm", "confirm", "confirm", "counter", "agree", "agree", "agree", "add", "add"),
    *("open", "open", "close", "close", "outcome", "concur", "consent", "take", "take", "seal"),
    *(
        "seal",
        "recall",
        "version",
        "draft",
        "draft",
        "attend",
        "retract",
        "drop",
        "adjourn",
        "postpone",
    ),
    *("decline", "cancel"),
)
#: By step that begins something within a meeting, the member with its id.
OF = {"add": "item", "outcome": "outcome"}


def named(n: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{n:012d}"


def slot(hour: int) -> JsonObject:
    start, end = (f"2027-02-01T{each:02d}:00:00Z" for each in (hour, hour + 1))
    place: JsonObject = {"mode": "online", "place": "", "zone": "UTC", "host": A}
    return {**place, "start": start, "end": end}


OPENING: JsonObject = {
    "instrument": named(90),
    "unit": "u1",
    "body": None,
    "series": "",
    "title": "Talks",
    "slot": slot(9),
}


def wise(now: Meeting) -> tuple[str, ...]:
    """Return the steps that the table allows now, but for those that end it early."""
    early = {"decline", "cancel", "postpone"}
    found_now = [s for s in ORDER if now.status in TABLE[s].sources and s not in early]
    return tuple(found_now) or ORDER


def recalled(party: str, now: Meeting, draw: int) -> JsonObject:
    """Return something of a party's that waits, or what nothing waits of."""
    found_now = [*now.recallable(party), ("agree", None)]
    of, item = found_now[draw % len(found_now)]
    return {"of": of, "item": item}


def said(step: str, party: str, now: Meeting, draw: int) -> JsonObject:
    """Return what an act says, with what its author knows of the meeting."""
    items = [each.id for each in now.items] or [named(99)]
    results = [each.id for each in now.results] or [named(98)]
    item = items[draw % len(items)]
    minute = now.record.get(item)
    theirs = "" if minute is None else minute.versions.get(B if party == A else A, "")
    entries: list[Json] = [{"item": each, "text": f"Of {draw}."} for each in items]
    members: dict[str, JsonObject] = {
        "counter": {"replaces": now.proposal, "slot": slot(9 + draw % 9)},
        "confirm": {"proposal": now.proposal},
        **{name: {"reason": "So."} for name in ("decline", "postpone", "cancel")},
        "add": {"item": named(1000 + draw), "title": "One", "about": None},
        **{name: {"item": item} for name in ("consent", "drop")},
        "agree": {"agenda": now.agenda_digest()},
        "attend": {"people": [f"Person {draw}"]},
        "outcome": {
            "outcome": named(5000 + draw),
            "item": item,
            "kind": "decision",
            "text": "We do.",
        },
        **{name: {"outcome": results[draw % len(results)]} for name in ("retract", "concur")},
        "draft": {"entries": entries},
        "version": {"item": item, "text": f"Says {party[-9:]} {draw}."},
        "take": {"item": item, "text": text_digest(theirs)},
        "seal": {"record": now.record_digest()},
        "recall": recalled(party, now, draw),
    }
    return members.get(step, {})


def found(deeds: list[Deed]) -> Meeting:
    made = fold_deeds(CoordinationState(), deeds).meetings.get(named(1))
    assert made is not None
    return made


@st.composite
def lives(draw: st.DrawFn) -> list[Deed]:
    """Return the acts of both, each with what its author had seen of the other's."""
    opening = Deed(
        party=A, n=0, seen=0, lc=1, kind="meeting.propose", data={"meeting": named(1), **OPENING}
    )
    logs: dict[str, list[Deed]] = {A: [opening], B: []}
    seen = {A: 0, B: 1}
    for _ in range(draw(st.integers(10, 60))):
        party = draw(st.sampled_from((A, B)))
        other = B if party == A else A
        if draw(st.booleans()):
            seen[party] = len(logs[other])
        known = [*logs[party], *logs[other][: seen[party]]]
        if opening not in known:
            continue
        now = found(known)
        step = draw(st.sampled_from(ORDER if draw(st.integers(0, 9)) == 9 else wise(now)))
        data = said(step, party, now, draw(st.integers(0, 3)))
        deed = Deed(
            party=party,
            n=len(logs[party]),
            seen=seen[party],
            lc=1 + max(each.lc for each in known),
            kind=f"meeting.{step}",
            data={"meeting": named(1), **data},
        )
        admit(deed)
        logs[party].append(deed)
    return [*logs[A], *logs[B]]


@settings(max_examples=80, deadline=None)
@given(lives(), st.randoms(use_true_random=False))
def test_both_say_the_same_of_a_meeting_and_nothing_stands_by_one_side_alone(
    deeds: list[Deed],
    rng: "object",
) -> None:
    shuffled = list(deeds)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis draws a Random
    state = CoordinationState()
    for deed in shuffled:
        state = fold_deeds(state, [deed])
    assert state_json(state) == state_json(fold_deeds(CoordinationState(), deeds))
    now = state.meetings.get(named(1))
    if now is None:
        return
    idle = {(each.party, each.n) for each in state.idle()}
    counted = [each for each in deeds if (each.party, each.n) not in idle]

    def by(step: str) -> set[str]:
        return {each.party for each in counted if each.step == step}

    event(str(now.status))
    if now.status in HELD:
        assert by("agree") == by("open") == {A, B}, "both agreed to the agenda, both opened"
    if now.status not in HELD:
        assert not now.results, "outcomes are written in session alone"
    for result in now.results:
        writers = {each.party for each in counted if each.data.get("outcome") == result.id}
        assert not result.agreed or writers == {A, B}, "no outcome is agreed by its author alone"
    if now.status is Status.RECORD_AGREED:
        assert by("seal") == {A, B}
        for minute in now.record.values():
            assert minute.agreed is not None or len(minute.versions) == 2
    begun = [each.data[OF[each.step]] for each in counted if each.step in OF]
    assert len(begun) == len(set(begun)), "an id is of one thing for good"
    for item in now.items:
        consents = {each.party for each in counted if each.data.get("item") == item.id}
        assert not item.consented or consents >= {A, B}
