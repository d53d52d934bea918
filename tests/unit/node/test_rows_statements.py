"""Every row of agreements.md D2.4, each reached through two nodes. Source: spec 13."""

from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows
from support.crossing import suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.rows import Do, Row, Scene, Table, Way, Wrong, check, reach
from support.sites import logged_in
from support.statements import MARKS, PROMISE, TEXT, TITLE, adopted, page_of

ORDER_S: Final = 30 * 86_400


def act(side: str, step: str, *, who: str = "", **members: object) -> Do:
    assert side in {"A", "B"}
    made = Do(side="A", step=f"statements.{step}", who=who, members=members)
    return made.by("B") if side == "B" else made


def _begin(scene: Scene) -> dict[str, object]:
    return {
        "counterpart": scene.pair.b.did,
        "instrument": scene.pair.instrument,
        "unit": "Article 2",
        "title": TITLE,
    }


def _order(scene: Scene) -> dict[str, object]:
    at = scene.pair.clock.now().plus(ORDER_S)
    return {"at": str(at), "channels": ("Ministry site",)}


def _text(scene: Scene) -> dict[str, object]:
    return {"texts": (scene.facts["text"],)}


async def _adopted(scene: Scene) -> None:
    scene.facts["text"] = await adopted(scene.pair)


async def _other_text(scene: Scene) -> None:
    scene.facts["text"] = await adopted(scene.pair, TEXT.replace("next year", "soon"), "Another")


async def _time_comes(scene: Scene) -> None:
    """Let the time come that both ordered; nobody acts."""
    await scene.pair.later(ORDER_S + 1)
    await scene.pair.settle()


BEGIN: Final = Do(side="A", step="statements.begin", members=_begin, makes=True)
TEXT_OF_A: Final = Do(side="A", step="statements.text", members=_text)
TEXT_OF_B: Final = act("B", "text")
ORDER_OF_A: Final = Do(side="A", step="statements.order", members=_order)
ORDER_OF_B: Final = act("B", "order")
PRESS: Final = act("A", "clear_press", who="press_officer")
LEGAL: Final = act("A", "clear_legal", who="legal_adviser")
CLEARED: Final = (PRESS, LEGAL, PRESS.by("B"), LEGAL.by("B"))
PULL: Final = act("A", "pull", reason="Not now.")
ERRATUM: Final = act("A", "correct", texts={"en": "For Harbour House read Harbour Hall."})
READOUT: Final = act("B", "readout", title="Our talks", text="They welcome the first chart.")


def _mark(number: int, mark: str) -> Do:
    more = PROMISE if mark == "committed" else {}
    return act("A", "mark", sentences=(number,), mark=mark, **more)


TABLE: Final = Table(
    thing="statement",
    who="desk_officer",
    ways={
        "draft": Way(work=_adopted),
        "negotiating": Way(come="draft", acts=(BEGIN,)),
        "unmarked": Way(come="negotiating", acts=(TEXT_OF_A, TEXT_OF_B)),
        "agreed": Way(
            come="unmarked",
            acts=(*(_mark(n, mark) for n, mark in enumerate(MARKS, 1)), act("B", "mark")),
        ),
        "cleared": Way(come="agreed", acts=CLEARED),
        "embargoed": Way(come="cleared", acts=(ORDER_OF_A, ORDER_OF_B)),
        "released": Way(come="embargoed", work=_time_comes),
        "another": Way(come="embargoed", work=_other_text),
    },
)


async def _nothing_out(scene: Scene) -> None:
    """Nothing is promised and no page is made of what was not released."""
    for party in (scene.pair.a, scene.pair.b):
        assert rows(await party.call("commitments"), "commitments") == []
        await refused("statements.not_released", page_of(party, scene.facts["statement"]))


async def _out(scene: Scene) -> None:
    ours, theirs = await scene.shown()
    assert ours["release_digest"] == theirs["release_digest"]
    assert sorted(_strings(ours["released_by"])) == ["them", "us"]
    for each in (ours, theirs):
        steps = [(row["step"], row["party"]) for row in rows(each, "acts")]
        assert len([step for step in steps if step[0] == "release"]) == 2, "each node its own"
    for party in (scene.pair.a, scene.pair.b):
        (promise,) = rows(await party.call("commitments"), "commitments")
        assert promise["status"] == "open", "what was marked committed is owed from now on"
    name = scene.facts["statement"]
    ours_first = await page_of(scene.pair.a, name, "us")
    assert await page_of(scene.pair.b, name, "them") == ours_first, "both nodes make the same page"


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(each) for each in value]


async def _corrected(scene: Scene) -> None:
    made = await page_of(scene.pair.b, scene.facts["statement"])
    assert b"read Harbour Hall" in made
    assert b"met at Harbour House" in made, "the original is kept"
    for each in await scene.shown():
        (erratum,) = rows(each, "errata")
        assert erratum["accepted"] is True


async def _pulled(scene: Scene) -> None:
    for each in await scene.shown():
        assert each["reason"] == "Not now."
    await _time_comes(scene)
    assert await scene.states() == ["pulled"] * 2, "its time releases nothing"
    await _nothing_out(scene)


async def _one_takes_back(scene: Scene) -> None:
    back = act("B", "unclear_legal", who="legal_adviser", reason="A date is wrong.")
    await scene.do(back)
    await _time_comes(scene)


async def _article_stops(scene: Scene) -> None:
    await suspend(scene.pair, scene.pair.b)
    await _time_comes(scene)


async def _silence(scene: Scene) -> None:
    await scene.pair.later(400 * 86_400)


async def _departs(scene: Scene) -> None:
    """It is labelled as B's alone, and both see where it departs."""
    name = scene.facts["statement"]
    for party, by in ((scene.pair.a, "them"), (scene.pair.b, "us")):
        found = await party.call("statements.departs", statement=name, readout="1")
        assert found["by"] == by
        counts: JsonObject = one(found, "counts")
        assert counts["left_out"] == 4


def _wrong(act: Do, code: str) -> Wrong:
    return Wrong(act=act, code=code)


def _pull(state: str) -> Row:
    return Row(
        name=f"D2.4 {state} -> pulled",  # 13.2.2: in every state before its release
        kind="U",
        at=state,
        before=state,
        wrong=(_wrong(act("A", "pull", who="release_officer", reason="No."), "officials.role"),),
        acts=(PULL.by("B"),),
        after="pulled",
        then=_pulled if state == "embargoed" else _nothing_out,
    )


ROWS: Final = (
    Row(
        name="D2.4 zero_draft -> negotiating",
        kind="U",
        at="draft",
        before="",
        wrong=(
            _wrong(
                Do(
                    side="A",
                    step="statements.begin",
                    who="press_officer",
                    members=_begin,
                    makes=True,
                ),
                "officials.role",
            ),
        ),
        acts=(BEGIN,),
        after="negotiating",
    ),
    Row(
        name="D2.4 negotiating -> agreed_ad_ref",  # 13.2: the state is called agreed
        kind="B",
        at="negotiating",
        before="negotiating",
        wrong=(_wrong(TEXT_OF_B, "statements.nothing_said"),),
        acts=(TEXT_OF_A, TEXT_OF_B),
        after="agreed",
        then=_nothing_out,
    ),
    Row(
        name="D2.4 agreed_ad_ref -> cleared",
        kind="B",
        at="agreed",
        before="agreed",
        wrong=(
            _wrong(act("A", "clear_press", who="legal_adviser"), "officials.role"),
            _wrong(act("B", "clear_legal", who="press_officer"), "officials.role"),
            _wrong(act("A", "clear_legal", who="desk_officer"), "officials.role"),
            _wrong(ORDER_OF_A, "deeds.not_now"),
        ),
        acts=CLEARED,
        after="cleared",
        then=_nothing_out,
    ),
    Row(
        name="D2.4 cleared -> embargoed",
        kind="B",
        at="cleared",
        before="cleared",
        wrong=(
            _wrong(ORDER_OF_B, "statements.nothing_said"),
            _wrong(act("A", "release"), "statements.not_embargoed"),
        ),
        acts=(ORDER_OF_A, ORDER_OF_B),
        after="embargoed",
        then=_nothing_out,
    ),
    Row(
        name="D2.4 embargoed -> released",
        kind="C",
        at="embargoed",
        before="embargoed",
        wrong=(_wrong(act("A", "release"), "statements.embargo"),),
        happens=_time_comes,
        after="released",
        then=_out,
    ),
    Row(
        name="D2.4 embargoed -> released (not if one side has taken its clearance back)",
        kind="C",
        at="embargoed",
        before="embargoed",
        happens=_one_takes_back,
        after="agreed",
        then=_nothing_out,
    ),
    Row(
        name="D2.4 embargoed -> released (not under a suspended article)",
        kind="C",
        at="embargoed",
        before="embargoed",
        happens=_article_stops,
        after="embargoed",
        then=_nothing_out,
    ),
    *map(_pull, ("embargoed", "cleared", "agreed", "negotiating")),
    Row(
        name="D2.4 released -> corrected",
        kind="B",
        at="released",
        before="released",
        wrong=(
            _wrong(act("B", "accept_correction"), "statements.no_correction"),
            _wrong(PULL, "deeds.not_now"),
        ),
        acts=(ERRATUM, act("B", "accept_correction")),
        after="corrected",
        then=_corrected,
    ),
    Row(
        name="D2.4 cleared, and nobody orders",
        kind="C",
        at="cleared",
        before="cleared",
        happens=_silence,
        after="cleared",
        then=_nothing_out,
    ),
    Row(
        name="D2.4 read-outs are separate, unilateral, labelled so",
        kind="U",
        at="agreed",
        before="agreed",
        wrong=(
            _wrong(
                act("B", "readout", who="release_officer", title="Ours", text="We met."),
                "officials.role",
            ),
        ),
        acts=(READOUT,),
        after="agreed",
        then=_departs,
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@on_a_loop
async def test_row(tmp_path: Path, row: Row) -> None:
    await check(TABLE, row, tmp_path)


@on_a_loop
async def test_row_of_marks(tmp_path: Path) -> None:
    """D2.4, each sentence marked by both: what one side marks alone is no mark, and clears not."""
    scene = await reach(TABLE, "unmarked", tmp_path)
    await scene.do(_mark(1, "welcomed"))
    for each in await scene.shown():
        assert rows(each, "sentences")[0]["agreed"] is None
    assert await scene.turn() == ["both", "both"], "four more sentences nobody has marked"
    await refused("statements.unmarked", scene.do(PRESS))
    await scene.do(act("B", "mark"))
    for each in await scene.shown():
        assert one(rows(each, "sentences")[0], "agreed")["mark"] == "welcomed"
    await scene.same()
    await scene.pair.close()


@on_a_loop
async def test_row_of_another_text(tmp_path: Path) -> None:
    """D2.4, another text that both agree on: clearances and order fall, and marks too (13.3.5)."""
    scene = await reach(TABLE, "another", tmp_path)
    await scene.do(TEXT_OF_A)
    assert await scene.states() == ["embargoed"] * 2, "one side alone"
    await scene.do(TEXT_OF_B)
    assert await scene.states() == ["agreed"] * 2
    for each in await scene.shown():
        assert (each["order"], each["unmarked"]) == (None, len(MARKS))
    await _time_comes(scene)
    assert await scene.states() == ["agreed"] * 2
    await scene.pair.close()


@on_a_loop
async def test_row_of_another_time_when_the_other_side_has_released(tmp_path: Path) -> None:
    """D2.4, embargoed -> released: who asked for another time releases as a person, or pulls."""
    scene = await reach(TABLE, "embargoed", tmp_path)
    await scene.do(act("A", "order", at=str(scene.pair.clock.now().plus(ORDER_S + 60))))
    await _time_comes(scene)
    assert await scene.states() == ["embargoed"] * 2, "A's node releases nothing by itself"
    assert await scene.turn() == ["us", "them"]
    async with await logged_in(scene.pair.a, "press_officer") as shown:
        await shown.get(f"/statements/{scene.facts['statement']}")
        assert "It can no longer be changed: release it as it stands" in shown.words
        assert "what both ordered stands" not in shown.words
    await scene.do(act("A", "release"))
    assert await scene.states() == ["released"] * 2
    await scene.same()
    await scene.pair.close()


@on_a_loop
async def test_row_of_two_other_times(tmp_path: Path) -> None:
    """D2.4, under embargo both order another time: the old one stands, and it is both's turn."""
    scene = await reach(TABLE, "embargoed", tmp_path)
    old = [each["order"] for each in await scene.shown()]
    await scene.do(act("A", "order", at=str(scene.pair.clock.now().plus(ORDER_S + 60))))
    assert await scene.turn() == ["them", "us"], "one side asks, the other has a task"
    await scene.do(act("B", "order", at=str(scene.pair.clock.now().plus(ORDER_S + 120))))
    assert await scene.states() == ["embargoed"] * 2
    assert [each["order"] for each in await scene.shown()] == old
    assert await scene.turn() == ["both", "both"]
    for party in (scene.pair.a, scene.pair.b):
        found = rows(await party.call("needs", who="press_officer", whose="mine"), "needs")
        (task,) = [row for row in found if str(row["code"]).startswith("statement.")]
        assert (task["code"], task["who"]) == ("statement.order_differs", "both")
    await scene.same()
    await scene.pair.close()
