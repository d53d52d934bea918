"""A file crosses although the served nodes are killed on its way: it arrives whole, and once.

Source: the table of bad input: «node stopped or killed in the middle of anything»; docs/spec/
07-sharing.md. The seed chooses when and whom.
"""

import asyncio
import io
import random
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import UnavailableError
from support.kills import go_on, kinds_of
from support.loops import on_a_loop
from support.processes import Killer, Served, ServedPair, end, founded_pair, know_officials

LIVES_MAX: Final = 60
ARRIVES_S: Final = 60
FILE: Final = random.Random(3).randbytes(400_000)


async def cross(root: Path, *, seed: int, kills: int) -> None:
    """Conclude in peace, then share one file while processes are killed."""
    killer = Killer(rng=random.Random(seed), left=0, odds=0.4)
    pair = founded_pair(root, killer)
    try:
        await serve(killer)
        await know_officials(pair)
        await go_on(pair)
        killer.left = kills
        for _ in range(LIVES_MAX):
            await serve(killer)
            try:
                await share(pair)
                await check(pair)
            except UnavailableError:
                continue
            if not killer.tasks and not killer.left:
                break
        assert killer.left == 0
        assert sum(party.starts for party in killer.victims) > 2, "somebody was killed"
    finally:
        for task in list(killer.tasks):
            task.cancel()
        await asyncio.gather(*killer.tasks, return_exceptions=True)
        end(killer.victims)


async def serve(killer: Killer) -> None:
    """Start who is dead."""
    for party in killer.victims:
        while not party.alive:
            await party.serve()


async def share(pair: ServedPair) -> None:
    """Do what is still missing until the file has arrived."""
    a, b = pair.a, pair.b
    if not await rows(pair, "a", "items", "items"):
        await upload(pair)
    item = (await rows(pair, "a", "items", "items"))[0]
    if not item["released"]:
        await a.call(
            "items.release", who="release_officer", item=str(item["id"]), counterpart=b.did
        )
    await pair.settle()
    if not await rows(pair, "b", "transfers", "transfers"):
        offered = (await b.call("catalogue", counterpart=a.did))["datasets"]
        assert isinstance(offered, list)
        dataset = str(offered[0]["dataset"])
        await b.call("fetch", who="desk_officer", dataset=dataset, counterpart=a.did)
    async with asyncio.timeout(ARRIVES_S):
        while not await received(pair):
            pass  # each look is a call
    await pair.settle()


async def received(pair: ServedPair) -> bool:
    """Return whether the file is in the receiver's node."""
    listed = await rows(pair, "b", "transfers", "transfers")
    return any(row["family"] == "transfer" and row["state"] == "COMPLETED" for row in listed)


async def rows(pair: ServedPair, who: str, operation: str, member: str) -> list[JsonObject]:
    """Return what one side lists."""
    party = pair.a if who == "a" else pair.b
    listed = (await party.call(operation))[member]
    assert isinstance(listed, list)
    return [dict(row) for row in listed]


async def upload(pair: ServedPair) -> None:
    """Bring the file into the sender's node."""
    assert isinstance(pair.a, Served)
    described = {
        "name": "survey.bin", "area": "information-sharing", "kind": "report",
        "marking": "PARTNERS", "purpose": "planning",
    }  # fmt: skip  # a list of words
    client = pair.a.client("desk_officer")
    await asyncio.to_thread(client.upload, "items.add", io.BytesIO(FILE), described)


async def check(pair: ServedPair) -> None:
    """See that both ends recorded one crossing of these bytes, and nothing twice."""
    sender = await kinds_of(pair, pair.a)
    receiver = await kinds_of(pair, pair.b)
    assert sender["sharing.release"] == 1
    assert sender["sharing.contract"] == receiver["sharing.contract"] == 1
    assert sender["sharing.sent"] == receiver["sharing.received"] == 1
    kept = [path for path in (pair.b.folder / "inbox").rglob("*") if path.is_file()]
    kept += [path for path in (pair.b.folder / "payloads").rglob("*") if path.is_file()]
    assert sha256(FILE).digest() in {sha256(path.read_bytes()).digest() for path in kept}
    for party in (pair.a, pair.b):
        counterpart = pair.other(party).did
        assert (await party.call("record.replay", counterpart=counterpart))["equal"] is True


@pytest.mark.timeout(300)
@on_a_loop
async def test_a_file_arrives_once_although_nodes_are_killed_on_its_way(tmp_path: Path) -> None:
    await cross(tmp_path, seed=1, kills=5)


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 8))
@on_a_loop
async def test_however_often_nodes_are_killed_on_the_way_of_a_file(
    tmp_path: Path, seed: int
) -> None:
    await cross(tmp_path, seed=seed, kills=15)
