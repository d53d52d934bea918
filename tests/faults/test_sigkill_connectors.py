"""A node that faces another connector is killed at random moments of both machines (spec 9.7).

The seed chooses when and whom; what the scheduler makes of it differs, so a failure says the seed.
"""

from pathlib import Path

import pytest

from support.dsp_pair import facing_pair
from support.loops import on_a_loop


async def cross(root: Path, *, seed: int, kills: int) -> None:
    """Negotiate and transfer among kills; see that each happened once, alike at both ends."""
    pair = facing_pair(root, seed=seed, kills=kills)
    try:
        await pair.live()
        provider, consumer = [await node.exchanges() for node in pair.both]
        wanted = {"negotiation": "FINALIZED", "transfer": "COMPLETED"}
        for rows in (provider, consumer):
            assert len(rows) == 2, "nothing lost, nothing twice"
            assert {str(row["family"]): row["state"] for row in rows} == wanted
        told = {str(row["exchange"]) for row in provider}
        for row in consumer:
            whole = await pair.consumer.call("dataspace.exchange", exchange=row["exchange"])
            assert whole["theirs"] in told
            if row["family"] == "transfer":
                assert whole["delivered"] is True
        for node in pair.both:
            assert (await node.call("dataspace.inbox"))["inbox"] == []
    finally:
        for node in pair.both:
            node.end()


@pytest.mark.timeout(180)
@on_a_loop
async def test_a_node_killed_among_connectors_loses_nothing_and_does_nothing_twice(
    tmp_path: Path,
) -> None:
    await cross(tmp_path, seed=1, kills=3)


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 12))
@on_a_loop
async def test_however_often_a_node_is_killed_among_connectors(tmp_path: Path, seed: int) -> None:
    await cross(tmp_path, seed=seed, kills=12)
