"""The process that commits is killed at random moments; what it acknowledged must be there.

The victim runs units from several tasks at once, as a node does: each appends an entry, keeps its
body, counts in a thing and orders work in the outbox, and prints its number once the store has
acknowledged it. It is killed after a random delay of the seed; a failing seed replays alone.

Source: record.md 9.4, 12.1 no. 9, 12.2.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from comity.record.tree import Edge, leaf_hash, root_of
from comity.storage.engine import driver
from comity.storage.highwater import HighWater
from comity.storage.store import Store
from comity.storage.tx import Tx
from support.stores import START, ToldClock, append, entry

ROOT = Path(__file__).parents[2]
ORIGIN = "a.example/comity/ab/0"
TASKS = 8
VICTIM = """
import sys; from pathlib import Path; from faults.test_sigkill_store import victim
victim(Path(sys.argv[1]))
"""


def work(tx: Tx) -> int:
    """Write everything that must stand or fall together."""
    n = tx.logs.head(ORIGIN).size
    head = append(tx, ORIGIN, [entry(n)])
    tx.bodies.put(ORIGIN, n, b"body %d" % n)
    thing = tx.things.get("ab", "state", "count")
    count = 0 if thing is None else thing.value["count"]
    assert isinstance(count, int)
    tx.things.put("ab", "state", "count", value={"count": count + 1})
    tx.outbox.put("sync", f"{n}", head.root, due=START)
    return n


def victim(folder: Path) -> None:
    """Commit until killed; print the number of each acknowledged entry."""
    import asyncio  # noqa: PLC0415  # only the victim needs it

    store = Store.open(folder / "comity.db", clock=ToldClock())
    marks = HighWater.open(folder / "high-water.json", instance="here", create=True)

    async def one() -> None:
        while True:
            n = await store.write(work)
            os.write(1, b"%d\n" % n)
            if n % TASKS == 0:
                # As before a signature: the mark first, on what is durable.
                head = await store.read(lambda tx: tx.logs.head(ORIGIN))
                if (mark := marks.get(ORIGIN)) is None or mark.size < head.size:
                    marks.advance(ORIGIN, size=head.size, root=head.root)
                os.write(1, b"signed %d\n" % head.size)

    async def everybody() -> None:
        await asyncio.gather(*(one() for _ in range(TASKS)))

    if not store.read_sync(lambda tx: tx.logs.exists(ORIGIN)):
        store.write_sync(lambda tx: tx.logs.create(ORIGIN, rel_id="ab", role="own"))
    os.write(1, b"ready\n")
    asyncio.run(everybody())


def kill_after(folder: Path, delay_s: float) -> tuple[set[int], int]:
    """Run a victim, kill it, and return what it acknowledged and the largest size it signed."""
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(folder)],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "COVERAGE_PROCESS_START": ""},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        deadline = time.monotonic() + delay_s
        lines = [process.stdout.readline()]
        while time.monotonic() < deadline:
            lines.append(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines(keepends=True)
    whole = [line.strip() for line in lines if line.endswith(b"\n")]
    signed = [int(line.split()[1]) for line in whole if line.startswith(b"signed")]
    return {int(line) for line in whole if line.isdigit()}, max(signed, default=0)


def check(folder: Path, acknowledged: set[int], signed: int) -> int:
    """See that everything acknowledged is there, nothing is half there; return the size."""
    with Store.open(folder / "comity.db", clock=ToldClock(), create=False) as store:

        def look(tx: Tx) -> int:
            head = tx.logs.head(ORIGIN)
            rows = tx.logs.entries(ORIGIN, 0, head.size + 9)
            assert [row.n for row in rows] == list(range(head.size)), "no gap"
            assert not acknowledged or max(acknowledged) < head.size, "nothing acknowledged is lost"
            assert all(row.leaf == leaf_hash(row.envelope) for row in rows)
            assert head.root == root_of([row.leaf for row in rows])
            assert Edge.from_bytes(head.edge).root() == head.root
            assert all(tx.bodies.get(ORIGIN, row.n).inline == b"body %d" % row.n for row in rows)
            thing = tx.things.get("ab", "state", "count")
            assert (thing.value["count"] if thing else 0) == head.size, "state and log agree"
            assert {row.key for row in tx.outbox.list()} == {str(row.n) for row in rows}
            return head.size

        size = store.read_sync(look)
    raw = driver().module.connect(folder / "comity.db")
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()
    marks = HighWater.open(folder / "high-water.json", instance="here", create=True)
    mark = marks.get(ORIGIN)
    assert (mark.size if mark else 0) >= signed, "the mark stands before the signature"
    assert mark is None or mark.size <= size, "nothing was signed that is not durable"
    assert not list(folder.glob(".high-water.json-*")), "half-written files are swept away"
    return size


def run(folder: Path, *, seed: int, kills: int) -> None:
    chance = random.Random(seed)
    size = 0
    for _ in range(kills):
        acknowledged, signed = kill_after(folder, chance.uniform(0, 0.3))
        assert acknowledged
        grown = check(folder, acknowledged, signed)
        assert grown > size
        size = grown


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    run(tmp_path, seed=1, kills=3)


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(10))
def test_nothing_acknowledged_is_lost_however_often_it_is_killed(tmp_path: Path, seed: int) -> None:
    run(tmp_path, seed=seed, kills=8)
