"""Things that live by steps say the same on both nodes, whatever a network and officials do.

``COMITY_SEED=17`` replays one. Source: spec 10.1; issue 6.
"""

import os
from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import rows
from support.deed_worlds import COMMITMENTS, DeedWorld, live
from support.loops import on_a_loop

STEPS: Final = 70
REPLAYED: Final = os.environ.get("COMITY_SEED")
_RESULTS: Final = frozenset({"kept", "kept_late", "partly_kept"})


async def lived(root: Path, seed: int, *, steps: int) -> DeedWorld:
    """Live through a seed and check what must hold at the end."""
    made = await live(root, seed, family="commitment", tries=COMMITMENTS, steps=steps, few=3)
    for name, (mine, other) in made.things.items():
        for member in ("status", "due", "redated", "reason", "claim", "dates"):
            assert mine[member] == other[member], f"{name}: {member}"
        kept_by_somebody(mine)
    return made.world


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
    world = await lived(tmp_path, seed, steps=STEPS)
    assert len(world.digests) > 1, "something was recorded in this world"
    assert world.done.get("commitments.propose", 0) > 0


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(4, 44))
@on_a_loop
async def test_both_nodes_say_the_same_in_forty_more_worlds(tmp_path: Path, seed: int) -> None:
    await lived(tmp_path, seed, steps=4 * STEPS)
