"""Every row of agreements.md D2.6, each reached through two nodes. Source: spec 10.2."""

from pathlib import Path
from typing import Final

import pytest

from comity.foundation.members import items, one, rows, text
from support import statements
from support.loops import on_a_loop
from support.rows import Do, Row, Scene, Table, Way, Wrong, check
from support.stages import at_stage
from support.statements import ordered

DUE: Final = "2027-01-31"
TERMS: Final = {
    "unit": "Article 2",
    "title": "A joint catalogue of charts",
    "test": "The catalogue lists all charts of both parties.",
    "performer": "us",
    "beneficiary": "them",
    "due": DUE,
}


def act(side: str, step: str, **members: object) -> Do:
    assert side in {"A", "B"}
    made = Do(side="A", step=f"commitments.{step}", members=members)
    return made.by("B") if side == "B" else made


def propose(**changes: object) -> Do:
    def members(scene: Scene) -> dict[str, object]:
        named = {"counterpart": scene.pair.b.did, "instrument": scene.pair.instrument}
        return {**named, **TERMS, **changes}

    return Do(side="A", step="commitments.propose", members=members, makes=True)


ACCEPT: Final = act("B", "accept")
CLAIM: Final = act("A", "claim", evidence=["entry 12"])
KEPT: Final = act("B", "acknowledge", result="kept")
FAIL: Final = act("A", "fail", reason="Nothing came.")
LATER: Final = act("A", "redate", due="2027-06-30")
TABLE: Final = Table(
    thing="commitment",
    who="desk_officer",
    ways={
        "proposed": Way(acts=(propose(),)),
        "open": Way(come="proposed", acts=(ACCEPT,)),
        "in_progress": Way(come="open", acts=(act("A", "progress"),)),
        "claimed": Way(come="open", acts=(CLAIM,)),
        "disputed": Way(
            come="claimed", acts=(act("B", "dispute", reason="Two charts are missing."),)
        ),
        "joint": Way(acts=(propose(performer="both", beneficiary="them"), ACCEPT)),
        "for_both": Way(acts=(propose(performer="us", beneficiary="both"), ACCEPT, CLAIM)),
    },
)


def not_theirs(step: str, side: str, **members: object) -> Wrong:
    """Return an act of a side whose it is not."""
    return Wrong(act=act(side, step, **members), code="deeds.not_yours")


async def listed(scene: Scene, state: str) -> list[list[object]]:
    """Return which commitments each node lists as being so."""
    return [
        [
            row["commitment"]
            for row in rows(await each.call("commitments", state=state), "commitments")
        ]
        for each in (scene.pair.a, scene.pair.b)
    ]


async def _over(scene: Scene) -> None:
    """Let the due date pass."""
    await scene.later(100)


async def _month(scene: Scene) -> None:
    """Let the other side say nothing about a claim for more than thirty days."""
    await scene.later(29)
    assert [each["unanswered"] for each in await scene.shown()] == [False, False]
    await scene.later(2)


async def _awaits(scene: Scene) -> None:
    """A claim that nobody answers is marked, and counts as nothing."""
    for each in await scene.shown():
        assert (each["unanswered"], each["live"]) == (True, True)
    assert await scene.turn() == ["them", "us"]
    for party in (scene.pair.a, scene.pair.b):
        found = rows(await party.call("needs", who="desk_officer"), "needs")
        (need,) = [row for row in found if row["code"] == "commitment.acknowledge"]
        assert one(need, "facts")["unanswered"] is True
    await scene.later(900)
    assert await scene.states() == ["claimed"] * 2, "nothing is kept by silence"
    await scene.do(KEPT)
    assert await scene.states() == ["kept"] * 2, "it still can be answered"


async def _overdue(scene: Scene) -> None:
    name = scene.facts["commitment"]
    assert await listed(scene, "overdue") == [[name], [name]]
    for each in await scene.shown():
        assert (each["overdue"], each["live"]) == (True, True)
    await scene.do(CLAIM)
    await scene.do(act("B", "acknowledge", result="kept_late"))
    assert await scene.states() == ["kept_late"] * 2, "overdue is a flag, not an end"


async def _on_agenda(scene: Scene) -> None:
    """What is disputed stands on the agenda of the next meeting by itself (10.4.6)."""
    start = scene.pair.clock.now().plus(86_400)
    meeting = await scene.pair.a.call(
        "meetings.propose",
        who="desk_officer",
        counterpart=scene.pair.b.did,
        instrument=scene.pair.instrument,
        unit="Article 2",
        title="Charts",
        start=str(start),
        end=str(start.plus(3600)),
        place="Harbour House",
    )
    await scene.pair.settle()
    for party in (scene.pair.a, scene.pair.b):
        shown = await party.call("meetings.show", meeting=meeting["meeting"])
        (pulled,) = rows(shown, "pulled")
        assert (pulled["commitment"], pulled["status"]) == (scene.facts["commitment"], "disputed")
        assert pulled["reason"] == "Two charts are missing."


async def _redated(scene: Scene) -> None:
    for each in await scene.shown():
        assert (each["redated"], each["due_day"]) == (1, "2027-06-30")
        (old,) = rows(each, "dates")
        assert old["day"] == DUE, "the old date is kept"


async def _evidence(scene: Scene) -> None:
    for each in await scene.shown():
        assert items(one(each, "claim"), "evidence") == ["entry 12"]


async def _term_ends(scene: Scene) -> None:
    """Let the ten years of the agreement pass."""
    await scene.later(3700)


async def _void(scene: Scene) -> None:
    for each in await scene.shown():
        assert (each["live"], each["overdue"], each["waits_for"]) == (False, False, None)


async def _recalled(scene: Scene) -> None:
    """What was taken back is told to the other side, and asks nobody for anything."""
    for each in await scene.shown():
        assert (each["claim"], each["asked"], each["recallable"]) == (None, {}, [])
    for party, told in ((scene.pair.a, []), (scene.pair.b, ["told.recalled"])):
        found = rows(await party.call("needs", who="desk_officer"), "needs")
        asked = [row["code"] for row in found if str(row["code"]).startswith("told.")]
        assert asked == told
        assert not {"commitment.acknowledge", "commitment.redate"} & {row["code"] for row in found}


def _taken_back(name: str, state: str, *, of: str, said: tuple[Do, ...]) -> Row:
    return Row(
        name=f"10.2.8 {name}",
        kind="U",
        at=state,
        before=state,
        wrong=(Wrong(act=act("B", "recall", of=of), code="commitments.nothing_to_recall"),),
        acts=(*said, act("A", "recall", of=of)),
        after="open",
        then=_recalled,
    )


def _result(value: str) -> Row:
    return Row(
        name=f"D2.6 claimed -> {value}",
        kind="U",
        at="claimed",
        before="claimed",
        waits=("them", "us"),
        wrong=(not_theirs("acknowledge", "A", result=value),),
        acts=(act("B", "acknowledge", result=value, words="As we see it."),),
        after=value,
    )


def _released(state: str) -> Row:
    return Row(
        name=f"D2.6 {state} -> released",
        kind="U",
        at=state,
        before=state,
        wrong=(not_theirs("release", "A", reason="Not needed."),),
        acts=(act("B", "release", reason="Not needed."),),
        after="released",
    )


def _claimed(state: str) -> Row:
    return Row(
        name=f"D2.6 {state} -> claimed",
        kind="U",
        at=state,
        before=state,
        wrong=(not_theirs("claim", "B"),),
        acts=(CLAIM,),
        after="claimed",
        then=_evidence,
    )


ROWS: Final = (
    Row(
        name="D2.6 proposed -> open",
        kind="B",
        at="proposed",
        before="proposed",
        waits=("them", "us"),
        wrong=(not_theirs("accept", "A"),),
        acts=(ACCEPT,),
        after="open",
    ),
    Row(
        name="D2.6 open -> in_progress",
        kind="U",
        at="open",
        before="open",
        wrong=(not_theirs("progress", "B"),),
        acts=(act("A", "progress", words="Half of it."),),
        after="in_progress",
    ),
    *map(_claimed, ("open", "in_progress")),
    *map(_result, ("kept", "kept_late", "partly_kept")),
    Row(
        name="D2.6 claimed -> kept (joint: B)",
        kind="B",
        at="for_both",
        before="claimed",
        waits=("both", "both"),
        acts=(KEPT.by("A"), KEPT),
        after="kept",
    ),
    Row(
        name="D2.6 claimed -> disputed",
        kind="U",
        at="claimed",
        before="claimed",
        wrong=(not_theirs("dispute", "A", reason="No."),),
        acts=(act("B", "dispute", reason="Two charts are missing."),),
        after="disputed",
        then=_on_agenda,
    ),
    Row(
        name="D2.6 claimed (unanswered)",
        kind="C",
        at="claimed",
        before="claimed",
        happens=_month,
        after="claimed",
        then=_awaits,
    ),
    Row(
        name="D2.6 open -> overdue",
        kind="C",
        at="open",
        before="open",
        happens=_over,
        after="open",  # 10.2.6: no state of the machine
        then=_overdue,
    ),
    Row(
        name="D2.6 open -> redated",
        kind="B",
        at="open",
        before="open",
        acts=(LATER, LATER.by("B")),
        after="open",  # 10.2.5: a new date, and the same state
        then=_redated,
    ),
    Row(
        # 10.2.6: void once the agreement has ended. What replaces an article leaves it as it is.
        name="D2.6 open -> superseded / void",
        kind="C",
        at="open",
        before="open",
        happens=_term_ends,
        after="void",
        then=_void,
    ),
    *map(_released, ("open", "in_progress", "claimed", "disputed")),
    Row(
        name="D2.6 open -> released (joint: B)",
        kind="B",
        at="for_both",
        before="claimed",
        acts=(
            act("A", "release", reason="Not needed."),
            act("B", "release", reason="Nor by us."),
        ),
        after="released",
    ),
    _taken_back("claimed -> as before the claim", "claimed", of="claim", said=()),
    _taken_back("another due date, recalled", "open", of="redate", said=(LATER,)),
    Row(
        name="D2.6 overdue -> not_kept",
        kind="B",
        at="open",
        before="open",
        silent=100,  # its due date passes meanwhile, and still one side alone ends nothing
        acts=(FAIL, FAIL.by("B")),
        after="not_kept",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@on_a_loop
async def test_row(tmp_path: Path, row: Row) -> None:
    await check(TABLE, row, tmp_path)


@on_a_loop
async def test_row_of_a_source(tmp_path: Path) -> None:
    """D2.6 proposed -> open, by release of the source (10.2.7): no act of its own begins it."""
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair)
    for party in (pair.a, pair.b):
        assert rows(await party.call("commitments"), "commitments") == []
    await pair.later(601)
    assert await statements.stands(pair, name) == ["released"] * 2
    for party, performer in ((pair.a, "us"), (pair.b, "them")):
        (row,) = rows(await party.call("commitments"), "commitments")
        assert (row["status"], row["performer"], row["live"]) == ("open", performer, True)
        shown = await party.call("commitments.show", commitment=text(row, "commitment"))
        assert one(shown, "source")["ref"] == name
    await pair.close()
