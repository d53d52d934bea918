"""A node that is told to stop stops, whatever it was just woken for."""

import asyncio
from pathlib import Path

import pytest

from comity.foundation.errors import MisuseError
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair


async def rest(pair: Pair) -> None:
    """Let whatever was started come to where it waits."""
    for _ in range(20):
        await pair.a.relationship()


@on_a_loop
async def test_a_node_that_was_woken_a_moment_ago_ends_all_the_same(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    await rest(pair)
    timers = pair.a.node.timers
    await timers.stop()
    for turns in range(6):
        timers.start()
        await rest(pair)
        timers.wake()
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await timers.stop()
    await pair.close()


@on_a_loop
async def test_a_delivery_that_pauses_ends_at_once(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    rel = await pair.a.relationship()
    delivery = pair.a.node.delivery
    pair.wire.down = True
    for turns in range(6):
        delivery.start([rel.rel_id])
        delivery.wake(rel.rel_id, refresh=True)
        while delivery.trouble(rel.rel_id) is None:
            await pair.a.relationship()
        delivery.wake(rel.rel_id)
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await delivery.stop()
    await pair.close()


@on_a_loop
async def test_the_folder_of_a_running_node_takes_no_second_one(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    first = pair.a.node
    with pytest.raises(MisuseError, match="Another process") as caught:
        pair.open(pair.a)
    assert caught.value.code == "folder.in_use"
    assert pair.a.running is first
    await pair.close()
