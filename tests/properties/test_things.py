"""Things that live by steps say the same on both nodes, whatever a network and officials do.

``COMITY_SEED=17`` replays one. Source: spec 10.1; issue 6.
"""

import os
import random
from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import rows
from support.deed_worlds import DeedWorld
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import SeededChance, Wire

STEPS: Final = 70
REPLAYED: Final = os.environ.get("COMITY_SEED")
_RESULTS: Final = frozenset({"kept", "kept_late", "partly_kept"})


async def live(root: Path, seed: int, *, steps: int) -> DeedWorld:
    """Live through a seed and check what must hold at the end."""
    rng = random.Random(seed)
    wire = Wire(rng=random.Random(seed), lose=0.15, lose_answer=0.15, repeat=0.15, delay=0.15)
    pair = await at_stage("in_force", root, wire=wire, chance=SeededChance(rng), started=False)
    for party in (pair.a, pair.b):
        pair.open(party)
    world = DeedWorld(pair=pair, rng=rng)
    for _ in range(steps):
        await world.step()
    await world.rest()
    await world.check_end()
    ours, theirs = await world.shown(pair.a), await world.shown(pair.b)
    assert set(ours) == set(theirs)
    for name, mine in ours.items():
        other = theirs[name]
        for member in ("status", "due", "redated", "reason", "claim", "dates"):
            assert mine[member] == other[member], f"{name}: {member}"
        kept_by_somebody(mine)
    await pair.close()
    return world


def kept_by_somebody(shown: JsonObject) -> None:
    """Check that what is kept was said to be kept by somebody's act."""
    said = [one for one in rows(shown, "acts") if one["step"] == "acknowledge"]
    if shown["status"] in _RESULTS:
        assert any(one["no_effect"] is None for one in said), "nothing is kept by silence"


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command wait for the counterpart: here deliveries are steps of their own."""
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


@pytest.mark.parametrize("seed", [int(REPLAYED)] if REPLAYED else range(4))
@on_a_loop
async def test_both_nodes_say_the_same_of_every_promise_whatever_happens_on_the_way(
    tmp_path: Path, seed: int
) -> None:
    world = await live(tmp_path, seed, steps=STEPS)
    assert len(world.digests) > 1, "something was recorded in this world"
    assert world.done.get("commitments.propose", 0) > 0


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(4, 44))
@on_a_loop
async def test_both_nodes_say_the_same_in_forty_more_worlds(tmp_path: Path, seed: int) -> None:
    await live(tmp_path, seed, steps=4 * STEPS)
