"""Two nodes under everything a network and a machine room can do to them.

Officials of both act at random while messages are lost, repeated, reordered and delayed and either
node is stopped and opened again. Every step comes from the seed: ``COMITY_SEED=17`` replays one.
Source: record.md 12.1 nos. 8 and 9.
"""

import os
import random
from pathlib import Path
from typing import Final

import pytest

from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import SeededChance, Wire
from support.worlds import World

STAGES: Final = ("introduced", "tabled", "initialled", "signing", "in_force")
STEPS: Final = 60
REPLAYED: Final = os.environ.get("COMITY_SEED")


async def live(root: Path, seed: int, *, steps: int) -> World:
    """Live through a seed and check what must hold at the end."""
    rng = random.Random(seed)
    wire = Wire(rng=random.Random(seed), lose=0.15, lose_answer=0.15, repeat=0.15, delay=0.15)
    pair = await at_stage(
        STAGES[seed % len(STAGES)], root, wire=wire, chance=SeededChance(rng), started=False
    )
    for party in (pair.a, pair.b):
        pair.open(party)
    world = World(pair=pair, rng=rng)
    for _ in range(steps):
        await world.step()
    await world.rest()
    await world.check_end()
    await pair.close()
    return world


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command wait for the counterpart: here deliveries are steps of their own."""
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


@pytest.mark.parametrize("seed", [int(REPLAYED)] if REPLAYED else range(5))
@on_a_loop
async def test_nothing_is_lost_doubled_or_forked_whatever_happens_on_the_way(
    tmp_path: Path, seed: int
) -> None:
    world = await live(tmp_path, seed, steps=STEPS)
    assert len(world.digests) > 1, "something was recorded in this world"
    assert any(a_or_b in line for line in world.story for a_or_b in ("Aldoria", "Berevan"))


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(5, 105))
@on_a_loop
async def test_nothing_is_lost_doubled_or_forked_in_a_hundred_more_worlds(
    tmp_path: Path, seed: int
) -> None:
    await live(tmp_path, seed, steps=4 * STEPS)


@on_a_loop
async def test_a_seed_lives_the_same_world_twice(tmp_path: Path) -> None:
    first = await live(tmp_path / "first", 3, steps=STEPS)
    second = await live(tmp_path / "second", 3, steps=STEPS)
    assert first.story == second.story
