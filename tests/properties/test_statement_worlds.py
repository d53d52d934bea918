"""Statements say the same on both nodes, whatever a network and officials do; a seed replays one.

Texts that both adopted are there from the beginning. Nothing is released but what both sides'
people cleared and both ordered; nothing follows from the time alone. Source: spec 13; issue 6.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
import pytest

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from comity.foundation.members import one, rows
from support.deed_worlds import DeedWorld, Try, live, on, trying
from support.loops import on_a_loop
from support.statements import PROMISE, adopted, agreed, clear, do
from support.two_nodes import Pair, Party

STEPS: Final = 220
#: Lived through in every run: one from the first word on, one that comes to its release.
QUICK: Final = (1, 4)
WHO: Final = "desk_officer"
FIRST: Final = "Joint statement on charts"
SECOND: Final = "Another statement on charts"
#: What both nodes must say alike of a statement, in the words of each.
_ALIKE: Final = (
    *("status", "release_digest", "content_digest", "sentences", "unmarked", "clearances"),
    *("order", "released_by", "errata", "readouts", "commitments", "reason"),
)
_SWAPPED: Final[Mapping[str, str]] = {
    "us": "them",
    "them": "us",
    "ours": "theirs",
    "theirs": "ours",
}


def _begin(world: DeedWorld, party: Party) -> dict[str, object]:
    return {
        "counterpart": world.pair.other(party).did,
        "instrument": world.pair.instrument,
        "unit": "Article 2",
        "title": f"Statement {world.rng.randrange(1000)}",
    }


def _order(world: DeedWorld, party: Party) -> dict[str, object]:
    at = world.pair.clock.now().plus(world.rng.choice((30, 900, 3000)))
    return {**on("statement")(world, party), "at": str(at)}


def _try(step: str, who: str = WHO, **more: object) -> Try:
    return trying("statement", step, who, **more)


_TEXTS: Final = (_try("text", texts=(FIRST,)), *(_try("text"),) * 2)
_MARKS: Final = (
    _try("mark", sentences=(1, 2), mark="welcomed"),
    _try("mark", sentences=(2,), mark="committed", **PROMISE),
    *(_try("mark"),) * 4,
)
_CLEARS: Final = (
    *(_try("clear_press", "press_officer"),) * 2,
    *(_try("clear_legal", "legal_adviser"),) * 2,
)
_ORDERS: Final = (
    Try(operation="statements.order", who=WHO, members=_order),
    *(_try("order"),) * 3,
)
_BACK: Final = (
    _try("unclear_press", "press_officer", reason="A word is wrong."),
    _try("unclear_legal", "legal_adviser", reason="A date is wrong."),
    _try("text", texts=(SECOND,)),
    _try("mark", sentences=(1,), mark="aspiration"),
)
_AFTER: Final = (
    _try("correct", texts={"en": "For they met read we met."}),
    *(_try("accept_correction"),) * 2,
    _try("readout", title="Ours", text="We met."),
)
#: How long officials wait at a time while a statement is under embargo.
EMBARGO_S: Final = 900
_RELEASE: Final = (_try("release"),) * 2
#: By what a statement waits for, what usually comes next, so that a world gets somewhere.
NEXT: Final[Mapping[str, Sequence[Try]]] = {
    "text": _TEXTS,
    "mark": _MARKS,
    "clear": _CLEARS,
    "order": _ORDERS,
    "text_differs": _TEXTS,
    "mark_differs": _MARKS,
    "order_differs": _ORDERS,
    "release": _RELEASE,
    "correct": _AFTER,
}
#: A beginning first; then anything at all, what takes something back as often as what goes on.
TRIES: Final = (
    Try(operation="statements.begin", who=WHO, members=_begin),
    *(*_TEXTS, *_MARKS, *_CLEARS, *_ORDERS, *_RELEASE, *_BACK, *_AFTER) * 2,
    _try("pull", reason="Not now."),
)


@attrs.define(kw_only=True)
class StatementWorld(DeedWorld):
    """A world in which the nodes also look at their clocks, and release what both ordered.

    Attributes:
        by_itself: How many releases a node did by its clock.
    """

    by_itself: int = 0

    def choose(self, seen: Sequence[JsonObject]) -> Try:
        """Return what an official tries: mostly what usually comes next.

        Under an embargo that is to wait for its time, and to speak of something else meanwhile.
        """
        if seen and seen[0]["status"] == "embargoed" and self.rng.random() < 0.8:
            self.pair.clock.tick(EMBARGO_S)
            return _AFTER[-1]
        usual = NEXT.get(str(seen[0]["waits_what"]), ()) if seen else ()
        if usual and self.rng.random() < 0.9:
            return self.rng.choice(usual)
        return self.rng.choice(self.tries)

    async def deliver(self, party: Party, kind: str) -> None:
        """Let a node do what it would do by itself after a change, or at a time."""
        before = await self.own_size(party)
        try:
            await party.node.timers._release()
        except ComityError as error:
            self.story.append(error.code)
        self.by_itself += await self.own_size(party) - before
        await DeedWorld.deliver(self, party, kind)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command wait for the counterpart: here deliveries are steps of their own."""
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


async def texts(pair: Pair) -> None:
    """Let both adopt two texts that a statement can have."""
    await adopted(pair, "# One\n\nThey met. Aldoria will send its charts.\n", FIRST)
    await adopted(pair, "# Two\n\nThey met again. They parted.\n", SECOND)


async def nearly(pair: Pair) -> None:
    """Let both have adopted, marked and cleared a statement: its order and release lie ahead."""
    await texts(pair)
    name = await agreed(pair, FIRST)
    for sentence, mark, more in ((1, "welcomed", {}), (2, "committed", PROMISE)):
        said = {"sentences": (sentence,), "mark": mark, **more}
        await pair.a.call("statements.mark", who=WHO, statement=name, **said)
    await pair.settle()
    await do(pair, pair.b, "mark", name)
    await clear(pair, name)


def swapped(value: Json) -> Json:
    """Return a value as the other side would say it."""
    if isinstance(value, list):
        return [swapped(each) for each in value]
    if isinstance(value, dict):
        return {_SWAPPED.get(str(name), str(name)): swapped(each) for name, each in value.items()}
    return _SWAPPED.get(value, value) if isinstance(value, str) else value


def _alike(value: Json) -> Json:
    """Return a value without the order in which a side lists the two."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return sorted(value, key=str)
    return value


def looked_at(shown: JsonObject) -> None:
    """Check what must hold of a statement that a party sees."""
    said = [row for row in rows(shown, "acts") if row["no_effect"] is None]

    def by(step: str) -> set[str]:
        return {str(row["party"]) for row in said if row["step"] == step}

    out = shown["status"] in {"released", "corrected"}
    if out:
        assert len(by("release")) == 2, "nothing is out that one side alone released"
        assert len(by("order")) == 2, "nothing is out at a time that one side alone ordered"
        assert len(by("clear")) == 2
        for side in ("us", "them"):
            cleared = one(one(shown, "clearances"), side)
            assert cleared == {"press": True, "legal": True}, "nothing is out uncleared"
    assert out or shown["commitments"] == [], "nobody owes what was not released"
    if shown["status"] == "pulled":
        assert len(by("release")) < 2
    if shown["status"] == "embargoed":
        assert len(by("order")) == 2


async def lived(root: Path, seed: int, *, steps: int) -> StatementWorld:
    """Live through a seed and check what must hold at the end; even seeds begin before an order."""
    made = await live(
        root,
        seed,
        family="statement",
        tries=TRIES,
        steps=steps,
        few=1,
        before=texts if seed % 2 else nearly,
        world=StatementWorld,
    )
    for name, (mine, other) in made.things.items():
        for member in _ALIKE:
            assert _alike(mine[member]) == _alike(swapped(other[member])), f"{name}: {member}"
        looked_at(mine)
        looked_at(other)
    assert isinstance(made.world, StatementWorld)
    return made.world


@pytest.mark.parametrize("seed", QUICK)
@on_a_loop
async def test_both_nodes_say_the_same_of_every_statement_whatever_happens_on_the_way(
    tmp_path: Path, seed: int
) -> None:
    world = await lived(tmp_path, seed, steps=STEPS)
    assert world.done.get("statements.mark", 0) + world.by_itself > 0


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [each for each in range(22) if each not in QUICK])
@on_a_loop
async def test_both_nodes_say_the_same_of_statements_in_twenty_more_worlds(
    tmp_path: Path, seed: int
) -> None:
    await lived(tmp_path, seed, steps=4 * STEPS)
