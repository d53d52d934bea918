"""Random lives of things that live by steps: officials of both sides try what comes to mind.

Wise and foolish acts alike, while the wire loses, repeats and delays. What they try is given: an
operation, who asks, and the members it takes with what the world knows.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError
from comity.foundation.members import rows, text
from support.stages import at_stage
from support.two_nodes import Pair, Party, SeededChance, Wire
from support.worlds import World

Members = Callable[["DeedWorld", Party], dict[str, object]]


@attrs.frozen(kw_only=True)
class Try:
    """One thing an official may try."""

    operation: str
    who: str
    members: Members


def on(family: str, **more: object) -> Members:
    """Return the members of an act on a thing of a family that the party knows, any of them."""

    def members(world: "DeedWorld", party: Party) -> dict[str, object]:
        known = world.known[party.did]
        return {family: world.rng.choice(known) if known else "last", **more}

    return members


def trying(family: str, step: str, who: str, **more: object) -> Try:
    """Return the try of a step on a thing of a family."""
    return Try(operation=f"{family}s.{step}", who=who, members=on(family, **more))


def _propose(world: "DeedWorld", party: Party) -> dict[str, object]:
    sides = ("us", "them", "both")
    return {
        "counterpart": world.pair.other(party).did,
        "instrument": world.pair.instrument,
        "unit": "Article 2",
        "title": f"Promise {world.rng.randrange(1000)}",
        "test": "It is there.",
        "performer": world.rng.choice(sides),
        "beneficiary": world.rng.choice(sides),
        "due": str(world.pair.clock.now().plus(world.rng.choice((30, 3000)))),
    }


def _commitment(step: str, **more: object) -> Try:
    return trying("commitment", step, "desk_officer", **more)


def _dated(world: "DeedWorld", party: Party) -> dict[str, object]:
    due = str(world.pair.clock.now().plus(world.rng.choice((40, 4000)) * 10_000))
    return {**on("commitment")(world, party), "due": due}


#: What officials try with commitments; the first begins one.
COMMITMENTS: Final[tuple[Try, ...]] = (
    Try(operation="commitments.propose", who="desk_officer", members=_propose),
    _commitment("accept"),
    _commitment("accept"),
    _commitment("decline", reason="No."),
    _commitment("withdraw"),
    _commitment("progress", words="Half."),
    _commitment("claim"),
    _commitment("claim"),
    _commitment("acknowledge", result="kept"),
    _commitment("acknowledge", result="partly_kept"),
    _commitment("dispute", reason="Not there."),
    Try(operation="commitments.redate", who="desk_officer", members=_dated),
    _commitment("release", reason="Not needed."),
    _commitment("fail", reason="Nothing came."),
    *(_commitment("recall", of=each) for each in ("claim", "redate", "acknowledge", "fail")),
)


@attrs.define(kw_only=True)
class DeedWorld(World):
    """A world in which officials act on things of one family.

    Attributes:
        family: The family.
        tries: What they try; the first begins a thing.
        few: While a party knows fewer things, it mostly begins one.
        known: By party, the ids of the things it knows.
        done: How often each operation was carried out.
    """

    family: str
    tries: tuple[Try, ...]
    few: int = 2
    known: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    done: dict[str, int] = attrs.field(factory=dict)

    async def act(self, party: Party) -> None:
        """Let an official try something; what is refused leaves the log as it was."""
        before = await self.own_size(party)
        listed = await party.call(f"{self.family}s")
        seen = rows(listed, f"{self.family}s")
        self.known[party.did] = tuple(text(row, self.family) for row in seen)
        begin = len(seen) < self.few and self.rng.random() < 0.7
        chosen = self.tries[0] if begin else self.choose(seen)
        assert chosen.operation in BY_NAME
        try:
            await party.call(chosen.operation, who=chosen.who, **chosen.members(self, party))
        except ComityError as error:
            self.story.append(f"{party.name} {chosen.operation}: {error.code}")
            assert await self.own_size(party) == before, "what is refused is not recorded"
        else:
            self.story.append(f"{party.name} {chosen.operation}")
            self.done[chosen.operation] = self.done.get(chosen.operation, 0) + 1
            assert await self.own_size(party) == before + 1, "one act, one entry"

    def choose(self, seen: Sequence[JsonObject]) -> Try:
        """Return what an official tries, who sees these things: anything."""
        del seen
        return self.rng.choice(self.tries)

    async def shown(self, party: Party) -> dict[str, JsonObject]:
        """Return every thing as a party sees it, by id."""
        listed = rows(await party.call(f"{self.family}s"), f"{self.family}s")
        return {
            name: await party.call(f"{self.family}s.show", **{self.family: name})
            for name in (text(row, self.family) for row in listed)
        }


@attrs.frozen(kw_only=True)
class Lived:
    """What came of a world: how often each operation was done, and each thing at both ends."""

    world: DeedWorld
    things: Mapping[str, tuple[JsonObject, JsonObject]]


async def live(  # where, which seed, what is tried
    root: Path,
    seed: int,
    *,
    family: str,
    tries: tuple[Try, ...],
    steps: int,
    few: int = 2,
    stage: str = "in_force",
    before: Callable[[Pair], Awaitable[object]] | None = None,
    world: type[DeedWorld] = DeedWorld,
) -> Lived:
    """Live through a seed; both nodes hold the same state, logs and things at the end of it.

    Commands do not wait for the counterpart: deliveries are steps of their own. What is done
    ``before`` is done while nothing goes astray.
    """
    rng = random.Random(seed)
    wire = Wire(rng=random.Random(seed), lose=0.15, lose_answer=0.15, repeat=0.15, delay=0.15)
    pair = await at_stage(stage, root, started=before is not None)
    if before is not None:
        await before(pair)
        await pair.close()
    pair.wire, pair.chance = wire, SeededChance(rng)
    for party in (pair.a, pair.b):
        pair.open(party)
    lived = world(pair=pair, rng=rng, family=family, tries=tries, few=few)
    for _ in range(steps):
        await lived.step()
    await lived.rest()
    await lived.check_end()
    ours, theirs = await lived.shown(pair.a), await lived.shown(pair.b)
    assert set(ours) == set(theirs)
    await pair.close()
    return Lived(world=lived, things={name: (one, theirs[name]) for name, one in ours.items()})
