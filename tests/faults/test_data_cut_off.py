"""A large file crosses between two served nodes although the receiver is killed in mid fetch.

And bytes move in constant memory, in a process of its own that watches its size. Source: issue 5,
bad input and faults; docs/spec/07-sharing.md 7.7.5.
"""

import asyncio
import io
import random
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.storage.files import PayloadFiles
from support.kills import go_on
from support.loops import on_a_loop
from support.processes import ROOT, Killer, Served, ServedPair, end, founded_pair, know_officials
from support.pull_cut import check, pulled

MIB: Final = 1 << 20
LARGE_BYTES: Final = 96 * MIB
WAIT_S: Final = 120


async def transfer(pair: ServedPair) -> JsonObject:
    """Return the newest transfer of the receiver, or nothing."""
    listed = (await pair.b.call("transfers"))["transfers"]
    assert isinstance(listed, list)
    rows = [dict(row) for row in listed if row["family"] == "transfer"]
    return rows[-1] if rows else {}


@pytest.mark.timeout(400)
@on_a_loop
async def test_a_fetch_goes_on_where_it_was_when_its_node_was_killed(tmp_path: Path) -> None:
    killer = Killer(rng=random.Random(1), left=0)
    pair = founded_pair(tmp_path, killer)
    a, b = pair.a, pair.b
    assert isinstance(a, Served)
    assert isinstance(b, Served)
    content = random.Random(9).randbytes(LARGE_BYTES)
    try:
        for party in (a, b):
            await party.serve()
        await know_officials(pair)
        await go_on(pair)
        words = {
            "name": "survey.bin", "area": "information-sharing", "kind": "report",
            "marking": "PARTNERS", "purpose": "planning",
        }  # fmt: skip  # a list of words
        client = a.client("desk_officer")
        await asyncio.to_thread(client.upload, "items.add", io.BytesIO(content), words)
        items = (await a.call("items"))["items"]
        assert isinstance(items, list)
        item = str(dict(items[0])["id"])
        await a.call("items.release", who="release_officer", item=item, counterpart=b.did)
        await pair.settle()
        await b.call("fetch", who="desk_officer", dataset=item, counterpart=a.did, wait=False)
        kept = await kept_in(b)
        assert b.process is not None
        b.process.kill()
        b.process.wait()
        had = kept.stat().st_size if kept.exists() else 0
        assert 0 < had < LARGE_BYTES, "killed in the middle"
        await b.serve()
        async with asyncio.timeout(WAIT_S):
            while (await transfer(pair)).get("state") != "COMPLETED":
                pass  # each look is a call
        payloads = PayloadFiles(b.folder / "payloads")
        assert payloads.read(sha256(content).hexdigest()) == content
        again = await a.call("house.entries", who="mandate_holder", kind="house.access")
        entries = again["entries"]
        assert isinstance(entries, list)
        assert len(entries) == 1
        await pair.settle()
    finally:
        end([a, b])


async def kept_in(party: Served) -> Path:
    """Return the file that grows in a node's payloads, once some of it is there."""
    async with asyncio.timeout(WAIT_S):
        while True:
            for path in (party.folder / "payloads").glob("kept-*"):
                if path.stat().st_size >= MIB:
                    return path
            await asyncio.to_thread(party._a_moment)


@pytest.mark.timeout(300)
def test_a_large_file_moves_in_constant_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "support" / "flat_memory.py"), str(tmp_path)],
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    grown = int(done.stdout)
    assert grown < 48 * MIB, f"{grown} bytes more for {384 * MIB} bytes that moved"


@pytest.mark.timeout(120)
@on_a_loop
async def test_data_of_a_connector_that_is_cut_ten_times_and_changes_comes_whole(
    tmp_path: Path,
) -> None:
    check(await pulled(tmp_path, 4, seed=3))


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_a_gibibyte_of_a_connector_cut_ten_times_comes_whole_in_constant_memory(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "support" / "pull_cut.py"), str(tmp_path), "1024"],
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    grown = int(done.stdout)
    assert grown < 32 * MIB, f"{grown} bytes more for 1 GiB"
