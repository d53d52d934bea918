"""Random lives of a joint statement: both say the same, and nothing is out without all clearances.

Acts are drawn wise and foolish; each party has seen some of what the other wrote. Source: spec
10.1.2, 13.5; issue 6.
"""

import random

import attrs
from hypothesis import event, given, settings
from hypothesis import strategies as st

from comity.coordination.fold import CoordinationState, fold_deeds, state_json
from comity.coordination.statement_acts import CLEARANCES, OUT, STEPS, Status, admit
from comity.coordination.statement_values import Statement, waiting
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.instants import Instant
from support.parties import A, B
from support.stating import BEGIN, COMMITTED, ENGLISH, ID, SAID, mark

FIRST = "2027-03-01T12:00:00Z"
SECOND = "2027-03-02T12:00:00Z"
ORDER = (
    *("text", "text", "mark", "mark", "clear_press", "clear_legal", "clear_press", "clear_legal"),
    *("order", "order", "release", "release", "release", "correct", "accept_correction"),
    *("unclear_press", "unclear_legal", "pull", "readout", "recall"),
)
RECALLED = ("text", "mark", "order", "correct")
FOOLISH = ("text", "pull", "unclear_press", "unclear_legal", "order", "mark", "recall", "recall")


def wise(now: Statement, party: str) -> tuple[str, ...]:
    """Return the steps that lead on, for a party that wants the statement out."""
    mine = now.clearances.get(party, {})
    steps = {
        Status.NEGOTIATING: ("text",),
        Status.AGREED: ("mark",)
        if now.unmarked()
        else tuple(f"clear_{by}" for by in CLEARANCES if by not in mine) or ("release",),
        Status.CLEARED: ("order",),
        Status.EMBARGOED: ("release",),
        Status.RELEASED: ("correct", "accept_correction"),
        Status.CORRECTED: ("correct", "accept_correction"),
        Status.PULLED: ("readout",),
    }
    return steps[now.status]


def said(step: str, party: str, now: Statement, draw: int) -> JsonObject:
    """Return what an act says, with what its author knows of the statement."""
    odd = draw == 9
    order: JsonObject = {
        "content": now.content_digest(),
        "at": SECOND if odd else FIRST,
        "channels": [],
        "languages": ["en"],
    }
    texts: list[Json] = [{"language": "en", "text": f"Read {draw}."}]
    theirs = [one.digest for by, one in now.offered.items() if by != party] or ["0" * 64]
    marks: list[Json] = [mark(1, "aspiration" if odd else "welcomed"), COMMITTED]
    members: dict[str, JsonObject] = {
        "text": {**SAID, "texts": [ENGLISH]} if odd else SAID,
        "mark": {"texts": now.texts_digest(), "marks": marks},
        "order": order,
        "pull": {"reason": "So."},
        "release": {"release": now.release_digest() or "0" * 64},
        "correct": {"release": now.release_digest() or "0" * 64, "texts": texts},
        "accept_correction": {"erratum": theirs[0]},
        "recall": {"of": [*now.recallable(party), *RECALLED][0]},
        "readout": {
            "readout": f"urn:uuid:00000000-0000-4000-8000-{draw:012d}",
            "language": "en",
            "title": "Ours",
            "text": "We met.",
        },
    }
    for by in CLEARANCES:
        members[f"clear_{by}"] = {"by": by, "content": now.content_digest()}
        members[f"unclear_{by}"] = {"by": by, "reason": "So."}
    return members[step]


@attrs.define
class Side:
    """What one side has written and seen, and what both come to for it."""

    log: list[Deed] = attrs.field(factory=list)
    seen: int = 0
    lc: int = 0
    state: CoordinationState = attrs.field(factory=CoordinationState)

    def take(self, *deeds: Deed) -> None:
        self.state = fold_deeds(self.state, deeds)
        self.lc = max(self.lc, *(each.lc for each in deeds))


def life(seed: int) -> list[Deed]:
    """Return the acts of both, each with what its author had seen of the other's."""
    rng = random.Random(seed)
    opening = Deed(
        party=A, n=0, seen=0, lc=1, kind="statement.begin", data={"statement": ID, **BEGIN}
    )
    sides = {A: Side(log=[opening]), B: Side(seen=1)}
    for side in sides.values():
        side.take(opening)
    for _ in range(rng.randrange(20, 60)):
        party = rng.choice((A, B))
        mine, other = sides[party], sides[B if party == A else A]
        news = other.log[mine.seen :]
        if news and rng.random() < 0.7:
            mine.take(*news)
            mine.seen = len(other.log)
        now = mine.state.statements.get(ID)
        assert now is not None
        step = rng.choice(FOOLISH if rng.random() < 0.08 else wise(now, party))
        deed = Deed(
            party=party,
            n=len(mine.log),
            seen=mine.seen,
            lc=mine.lc + 1,
            kind=f"statement.{step.removesuffix('_press').removesuffix('_legal')}",
            data={"statement": ID, **said(step, party, now, rng.randrange(10))},
        )
        admit(deed)
        mine.log.append(deed)
        mine.take(deed)
    return [*sides[A].log, *sides[B].log]


def cleared_at(counted: list[Deed], release: Deed, content: str) -> bool:
    """Return whether both clearances of the author of a release stood at its place."""
    standing: dict[str, str] = {}
    for each in sorted(counted, key=lambda one: one.place):
        if each.place >= release.place:
            break
        if each.party == release.party and each.step == "clear":
            standing[str(each.data["by"])] = str(each.data["content"])
        elif each.party == release.party and each.step == "unclear":
            standing.pop(str(each.data["by"]), None)
    return [standing.get(by) for by in CLEARANCES] == [content] * 2


def mixed(deeds: list[Deed], rng: random.Random) -> list[Deed]:
    """Return the acts in some order of arrival: each log comes as it was written."""
    logs = [[each for each in deeds if each.party == party] for party in (A, B)]
    made: list[Deed] = []
    while logs[0] or logs[1]:
        chosen = rng.choice([log for log in logs if log])
        made.append(chosen.pop(0))
    return made


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 32))
def test_nothing_is_out_without_all_four_clearances_and_both_say_the_same(seed: int) -> None:
    deeds = life(seed)
    state = CoordinationState()
    for deed in mixed(deeds, random.Random(seed)):
        state = fold_deeds(state, [deed])
    whole = fold_deeds(CoordinationState(), deeds)
    assert state_json(state) == state_json(whole)
    now = whole.statements.get(ID)
    assert now is not None
    event(str(now.status))
    idle = {(each.party, each.n) for each in whole.idle()}
    counted = [each for each in deeds if (each.party, each.n) not in idle]
    for party in (A, B):
        last = [each for each in counted if each.party == party]
        last = [each for each in last if each.step in {"release", "pull"}]
        assert len(last) <= 1, "a side releases or pulls, once"
    releases = [each for each in counted if each.step == "release"]
    content = now.content_digest()
    if now.status in OUT:
        assert {each.party for each in releases} == {A, B}
        assert {each.data["release"] for each in releases} == {now.release_digest()}
        assert not any(each.step == "pull" for each in counted)
        assert now.cleared
        assert all(cleared_at(counted, each, content) for each in releases)
        assert len(list(whole.commitments.things())) == 1
    else:
        assert list(whole.commitments.things()) == []
    if now.status is Status.PULLED:
        assert waiting(now, (A, B), at=Instant.parse(SECOND)) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1 << 32))
def test_what_is_out_stays_out_whatever_arrives_later(seed: int) -> None:
    """Each node takes both logs in order: once it shows a release, it always will."""
    deeds = life(seed)
    logs = {party: [each for each in deeds if each.party == party] for party in (A, B)}
    for mine, other in ((A, B), (B, A)):
        state, taken = CoordinationState(), 0
        for deed in logs[mine]:
            while taken < deed.seen:
                state, taken = fold_deeds(state, [logs[other][taken]]), taken + 1
            state = _after(state, deed)
        for deed in logs[other][taken:]:
            state = _after(state, deed)


def _after(state: CoordinationState, deed: Deed) -> CoordinationState:
    before, after = state.statements.get(ID), fold_deeds(state, [deed])
    now = after.statements.get(ID)
    if before is not None and before.completed is not None:
        assert now is not None
        assert now.completed == before.completed
        assert now.release_digest() == before.release_digest()
    return after


def test_every_step_is_drawn() -> None:
    names = {each.removesuffix("_press").removesuffix("_legal") for each in ORDER}
    assert names | {"begin"} == set(STEPS)
