"""``comity serve`` is killed at random moments of the story, on either side; the story goes on.

Source: the table of bad input: «node stopped or killed in the middle of anything»; record.md 12.2.
The seed chooses when and whom; what the scheduler makes of it differs, so a failure says the seed.
"""

import asyncio
import random
from pathlib import Path

import pytest

from comity.foundation.errors import UnavailableError
from support.kills import WHOLE, find_instrument, go_on, kinds_of
from support.loops import on_a_loop
from support.processes import Killer, ServedPair, end, founded_pair, know_officials
from support.stages import both

LIVES_MAX = 100


async def live(root: Path, *, seed: int, kills: int) -> None:
    killer = Killer(rng=random.Random(seed), left=kills)
    pair = founded_pair(root, killer)
    parties = killer.victims
    try:
        for _ in range(LIVES_MAX):
            for party in parties:
                while not party.alive:
                    await party.serve()
            try:
                await know_officials(pair)
                await go_on(pair)
                await check(pair)
            except UnavailableError:
                continue
            if not killer.tasks:
                break
        assert killer.left == 0
        assert sum(party.starts for party in parties) > 2, "somebody was killed"
    finally:
        for task in list(killer.tasks):
            task.cancel()
        await asyncio.gather(*killer.tasks, return_exceptions=True)
        end(parties)


async def check(pair: ServedPair) -> None:
    """See that the story happened once, whole."""
    await pair.settle()
    await find_instrument(pair)
    for party in (pair.a, pair.b):
        assert await kinds_of(pair, party) == WHOLE[party.name]
        counterpart = pair.other(party).did
        assert (await party.call("record.replay", counterpart=counterpart))["equal"] is True
    assert await both(pair, "status") == ["in_force", "in_force"]


@pytest.mark.timeout(300)
@on_a_loop
async def test_a_served_node_that_is_killed_loses_nothing_and_does_nothing_twice(
    tmp_path: Path,
) -> None:
    await live(tmp_path, seed=1, kills=6)


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(2, 12))
@on_a_loop
async def test_however_often_a_served_node_is_killed(tmp_path: Path, seed: int) -> None:
    await live(tmp_path, seed=seed, kills=30)
