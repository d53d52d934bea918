"""Two nodes say the same of their relationship, whatever a network does to their messages.

The same worlds as in ``test_two_nodes``: messages lost, repeated, delayed and reordered, nodes
stopped and started, clocks moving. Whenever both nodes look at one cut and one instant, they must
show one digest; and what one of them shows, the other can show later at that cut.
``COMITY_SEED=17`` replays one. Source: agreements.md D7; design 2 (idea 1).
"""

import os
import random
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from comity.foundation.canonical import JsonObject
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair, Party, SeededChance, Wire
from support.worlds import World

STAGES: Final = ("introduced", "tabled", "initialled", "signing", "in_force")
STEPS: Final = 40
REPLAYED: Final = os.environ.get("COMITY_SEED")

#: Entries of A's log, entries of B's log, the instant.
Cut: TypeAlias = tuple[object, object, object]


async def facts(pair: Pair, party: Party, **members: object) -> tuple[Cut, JsonObject]:
    """Return the cut that a node shows, and all it says of it."""
    found = await party.call("relationship", who=None, counterpart=pair.other(party).did, **members)
    sizes = (found["ours"], found["theirs"])
    first, second = sizes if party is pair.a else sizes[::-1]
    return (first, second, found["at"]), found


async def live(root: Path, seed: int, *, steps: int) -> dict[Cut, object]:
    """Live through a seed; return every digest that was shown, by its cut."""
    rng = random.Random(seed)
    wire = Wire(rng=random.Random(seed), lose=0.15, lose_answer=0.15, repeat=0.15, delay=0.15)
    pair = await at_stage(
        STAGES[seed % len(STAGES)], root, wire=wire, chance=SeededChance(rng), started=False
    )
    for party in (pair.a, pair.b):
        pair.open(party)
    world = World(pair=pair, rng=rng)
    shown: dict[Cut, object] = {}
    for _ in range(steps):
        await world.step()
        for party in world.awake():
            cut, found = await facts(pair, party)
            assert shown.setdefault(cut, found["digest"]) == found["digest"], f"both say: {cut}"
    await world.rest()
    for (ours, theirs, at), digest in shown.items():
        members = {"ours": ours, "theirs": theirs, "at": at}
        swapped = {"ours": theirs, "theirs": ours, "at": at}
        first, second = await facts(pair, pair.a, **members), await facts(pair, pair.b, **swapped)
        assert first[1]["digest"] == second[1]["digest"] == digest, (
            "what one showed then, both can show now"
        )
    last = [await facts(pair, party) for party in (pair.a, pair.b)]
    assert last[0][0] == last[1][0], "at rest both look at one cut and one instant"
    assert last[0][1]["measures"] == last[1][1]["measures"]
    assert last[0][1]["digest"] == last[1][1]["digest"]
    await pair.close()
    return shown


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command wait for the counterpart: here deliveries are steps of their own."""
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


@pytest.mark.parametrize("seed", [int(REPLAYED)] if REPLAYED else (0, 2, 3))
@on_a_loop
async def test_two_ministers_read_equal_numbers_whatever_happens_on_the_way(
    tmp_path: Path, seed: int
) -> None:
    assert len(await live(tmp_path, seed, steps=STEPS)) > 1


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(5, 45))
@on_a_loop
async def test_two_ministers_read_equal_numbers_in_forty_more_worlds(
    tmp_path: Path, seed: int
) -> None:
    await live(tmp_path, seed, steps=3 * STEPS)
