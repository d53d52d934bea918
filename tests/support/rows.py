"""Rows of the tables of agreements.md D2, each lived through on two nodes.

A row says where it begins, who does what, and what both nodes must show before and after. A place
that rows begin at is played once per process and kept, like the chapters of ``stages``.

Three kinds, as the tables have them. U: one side acts and both nodes show it. B: what one side says
alone leaves both nodes where they were, for however long the other is silent, and both say whom it
waits for. C: nobody acts; the calendar or the ground moves, and both nodes say the same.
"""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.members import rows
from support.crossing import connect
from support.refusals import refused
from support.stages import at_stage
from support.two_nodes import Pair, Party, TickingClock, Wire, copied, kept
from support.worlds import fingerprints_of

DAY_S: Final = 86_400
#: For how many days a side is silent before it answers: nothing follows from that.
SILENCE_DAYS: Final = 10


@attrs.define(kw_only=True)
class Scene:
    """Two nodes, and what the rows of one table are about.

    Attributes:
        pair: The nodes.
        table: The table.
        facts: Ids of what was begun, by family, and whatever else later acts name.
    """

    pair: Pair
    table: "Table"
    facts: dict[str, str] = attrs.field(factory=dict)

    def party(self, side: str) -> Party:
        return self.pair.a if side == "A" else self.pair.b

    async def do(self, act: "Do") -> JsonObject:
        """Let an official act, and let that arrive."""
        given = act.members(self) if callable(act.members) else act.members
        family, _, _ = act.step.partition(".")
        thing = family.removesuffix("s")
        named = {thing: self.facts[thing]} if thing in self.facts and not act.makes else {}
        who = act.who or self.table.who
        made = await self.party(act.side).call(act.step, who=who, **{**named, **given})
        await self.pair.settle()
        if act.makes:
            self.facts[thing] = str(made[thing])
        return made

    async def play(self, *acts: "Do") -> None:
        for act in acts:
            await self.do(act)

    async def shown(self) -> list[JsonObject]:
        """Return what A and B are shown of the thing."""
        name, thing = self.table.thing, self.facts[self.table.thing]
        return [
            await each.call(f"{name}s.show", **{name: thing}) for each in (self.pair.a, self.pair.b)
        ]

    async def states(self) -> list[str]:
        """Return the state that A and B are shown."""
        return [str(each["status"]) for each in await self.shown()]

    async def turn(self) -> list[object]:
        """Return whom A and B are told it waits for."""
        return [self.table.turn(each) for each in await self.shown()]

    async def same(self) -> None:
        """Check that both nodes hold the same."""
        assert await fingerprints_of(self.pair.a) == await fingerprints_of(self.pair.b)

    async def later(self, days: int) -> None:
        """Let days pass; nothing is said in them."""
        self.pair.clock.tick(days * DAY_S)


Members: TypeAlias = Mapping[str, object] | Callable[[Scene], Mapping[str, object]]
Work: TypeAlias = Callable[[Scene], Awaitable[None]]


@attrs.frozen(kw_only=True)
class Do:
    """One act: whose, which operation, by whom, with what; whether it begins a thing."""

    side: Literal["A", "B"]
    step: str
    who: str = ""
    members: Members = attrs.field(factory=dict)
    makes: bool = False

    def by(self, side: Literal["A", "B"]) -> "Do":
        """Return the same act of a side."""
        return attrs.evolve(self, side=side)

    def as_a(self, who: str) -> "Do":
        """Return the same act of another official."""
        return attrs.evolve(self, who=who)


@attrs.frozen(kw_only=True)
class Wrong:
    """An act that is refused where the row begins, with its code; nothing of it is recorded."""

    act: Do
    code: str


@attrs.frozen(kw_only=True)
class Way:
    """How a place is come to: from which other one (none: from the stage), and by what."""

    come: str = ""
    acts: tuple[Do, ...] = ()
    work: Work | None = None


def waits_for(shown: JsonObject) -> object:
    """Return whom a thing waits for, as most of them say it."""
    return shown["waits_for"]


@attrs.frozen(kw_only=True)
class Table:
    """One table of rows: what it is about, who acts unless a row says otherwise, its places.

    Attributes:
        thing: The family that is looked at.
        who: Who acts.
        ways: By place, how it is come to.
        stage: Where the two nodes stand before anything.
        turn: How a thing says whom it waits for.
        sharing: Whether items cross.
        key: What kept places are called by; tables with the same ways share it.
    """

    thing: str
    who: str
    ways: Mapping[str, Way]
    stage: str = "in_force"
    turn: Callable[[JsonObject], object] = waits_for
    sharing: bool = False
    key: str = ""


@attrs.frozen(kw_only=True)
class Row:
    """One row.

    Attributes:
        name: The row as the table has it.
        kind: Who must act: one side (U), both (B), nobody (C).
        at: The place where it begins.
        before: The state that both are shown there; empty where the thing is not begun yet.
        acts: What is done, in this order.
        after: The state that both are shown after it.
        waits: Whom A and B are told it waits for where it begins, where that is looked at.
        wrong: What is refused where it begins.
        happens: What the calendar or the ground does (C).
        silent: For how many days the second side is silent (B).
        then: What else holds after it.
        need: The code of what needs the second side, where a word alone is not what comes next.
    """

    name: str
    kind: Literal["U", "B", "C"]
    at: str
    before: str
    acts: tuple[Do, ...] = ()
    after: str
    waits: tuple[object, object] | None = None
    wrong: tuple[Wrong, ...] = ()
    happens: Work | None = None
    silent: int = SILENCE_DAYS
    then: Work | None = None
    need: str = ""

    def __attrs_post_init__(self) -> None:
        """Pass if the row can show what its kind promises."""
        sides = {each.side for each in self.acts}
        match self.kind:
            case "U":
                assert len(sides) == 1, self.name
                assert self.wrong, f"{self.name}: who may not do this?"
            case "B":
                both = len(sides) == 2 or self.waits is not None
                assert both, f"{self.name}: whom does it wait for?"
            case _:
                assert not self.acts, self.name
                assert self.happens is not None, self.name


_TRIES: Final = itertools.count()
_KEPT: Final[dict[tuple[str, str], tuple[Path, TickingClock, str, dict[str, str]]]] = {}


async def _keep(table: Table, place: str) -> tuple[Path, TickingClock, str, dict[str, str]]:
    key = (table.key or table.thing, place)
    if key not in _KEPT:
        root = kept() / f"row-{key[0]}-{place}-{next(_TRIES)}"
        way = table.ways[place]
        scene = await (reach(table, way.come, root) if way.come else _stage(table, root))
        await scene.play(*way.acts)
        if way.work is not None:
            await way.work(scene)
        await scene.pair.settle()
        await scene.pair.close()
        _KEPT[key] = (root, scene.pair.clock, scene.pair.instrument, dict(scene.facts))
    return _KEPT[key]


async def _stage(table: Table, root: Path) -> Scene:
    pair = await at_stage(table.stage, root)
    if table.sharing:
        await connect(pair)
    return Scene(pair=pair, table=table)


async def reach(table: Table, place: str, root: Path) -> Scene:
    """Return two nodes at a place of a table, in folders below ``root``."""
    kept_at, clock, instrument, facts = await _keep(table, place)
    a, b = copied(root, (kept_at / "Aldoria", kept_at / "Berevan"))
    pair = Pair(a=a, b=b, wire=Wire(), clock=TickingClock(clock.at), instrument=instrument)
    for party in (a, b):
        await pair.start(party)
    if table.sharing:
        await connect(pair)
    await pair.settle()
    return Scene(pair=pair, table=table, facts=dict(facts))


async def check(table: Table, row: Row, root: Path) -> None:
    """Live through a row on two nodes, and check all that it promises."""
    scene = await reach(table, row.at, root)
    try:
        await _before(scene, row)
        if row.happens is not None:
            await row.happens(scene)
        for n, act in enumerate(row.acts):
            await scene.do(act)
            if n + 1 < len(row.acts):
                await _between(scene, row, act=act, coming=row.acts[n + 1])
        assert await scene.states() == [row.after] * 2
        if row.then is not None:
            await row.then(scene)
        await scene.same()
    finally:
        await scene.pair.close()


async def _before(scene: Scene, row: Row) -> None:
    if row.before:
        assert await scene.states() == [row.before] * 2
    if row.waits is not None:
        assert await scene.turn() == list(row.waits)
    before = [await fingerprints_of(each) for each in (scene.pair.a, scene.pair.b)]
    for wrong in row.wrong:
        await refused(wrong.code, scene.do(wrong.act))
    after = [await fingerprints_of(each) for each in (scene.pair.a, scene.pair.b)]
    assert after == before, "nothing of what was refused is recorded"


async def _between(scene: Scene, row: Row, *, act: Do, coming: Do) -> None:
    """Check that one side alone moves nothing, for however long the other is silent."""
    assert await scene.states() == [row.before] * 2, "one side alone"
    if act.side == coming.side:
        return
    await _waits_for(scene, row, act=act)
    await scene.later(row.silent)
    assert await scene.states() == [row.before] * 2, "nothing by silence"
    await _waits_for(scene, row, act=act)


async def _waits_for(scene: Scene, row: Row, *, act: Do) -> None:
    """Check that both are told that it waits for the side that has not acted."""
    if not row.need:
        assert await scene.turn() == (["them", "us"] if act.side == "A" else ["us", "them"])
        return
    first, second = (scene.pair.a, scene.pair.b)
    if act.side == "B":
        first, second = second, first
    for party, who in ((first, "them"), (second, "us")):
        found = rows(await party.call("needs"), "needs")
        assert [each["who"] for each in found if each["code"] == row.need] == [who]
