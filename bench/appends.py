"""Durable appends to a record, against plain inserts of the same bytes in the same run.

Ours is what a node does for one act, signatures apart: body and commitments, envelope, tree, one
unit of work in the store, acknowledged after the commit. Beside it two figures of plain SQL with
the same library and settings (WAL, synchronous FULL): one insert per commit on a connection of
its own for each writer, which is what a program without a writer's queue does; and the most the
database can do, one connection that commits as many rows at a time as there are writers.
"""

import asyncio
import secrets
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

import pysqlite3

from comity.foundation.canonical import canonical
from comity.node.clock import SystemClock
from comity.node.ledger import store_entries
from comity.record.body import Body, Section, commit, pack
from comity.record.envelope import Envelope, Seen
from comity.storage.store import Store
from comity.storage.tx import Tx
from lines import Line, per_second

BUILD: Final = Path(__file__).resolve().parents[1] / "build"  # a real disk, unlike many a /tmp
ROUNDS: Final = 3
SECONDS: Final = 1.5
WRITERS: Final = (1, 8, 64)
ORIGIN: Final = "bench.example/comity/" + "0" * 32 + "/0"
ACT: Final = canonical(
    {
        "instrument": "urn:uuid:00000000-0000-0000-0000-000000000000",
        "moves": [{"move": "accept", "unit": "u" + "0" * 12, "digest": "0" * 64}] * 4,
        "result": "0" * 64,
    }
)
SCHEMA: Final = (
    "CREATE TABLE entries (n INTEGER PRIMARY KEY, envelope BLOB NOT NULL, leaf BLOB NOT NULL)",
    "CREATE TABLE bodies (n INTEGER PRIMARY KEY, container BLOB NOT NULL)",
)


def envelope_and_container(n: int, lc: int) -> tuple[Envelope, bytes]:
    """Return the envelope and the packed body of one act."""
    section = Section(name="act", key=secrets.token_bytes(32), content=ACT)
    body = Body(key=secrets.token_bytes(32), sections=(section,))
    envelope = Envelope(
        kind="agreement.table",
        log=ORIGIN,
        n=n,
        seen=Seen.nothing(ORIGIN),
        lc=lc,
        of="urn:uuid:00000000-0000-0000-0000-000000000000",
        commitment=commit(body),
    )
    return envelope, pack(body)


def append(tx: Tx) -> None:
    """Record one act: the unit of work of a node, before it signs and sends."""
    head = tx.logs.head(ORIGIN)
    envelope, container = envelope_and_container(head.size, head.lc + 1)
    store_entries(tx, ORIGIN, [envelope.to_bytes()], envelopes=[envelope])
    tx.bodies.put(ORIGIN, head.size, container)


async def ours(path: Path, writers: int) -> float:
    """Return acknowledged appends per second."""
    store = Store.open(path, clock=SystemClock())
    try:
        store.write_sync(lambda tx: tx.logs.create(ORIGIN, rel_id=None, role="house"))
        done = 0
        started = time.perf_counter()

        async def writer() -> None:
            nonlocal done
            while time.perf_counter() < started + SECONDS:
                await store.write(append)
                done += 1

        await asyncio.gather(*(writer() for _ in range(writers)))
        return done / (time.perf_counter() - started)
    finally:
        store.close()


def connect(path: Path) -> "pysqlite3.Connection":
    connection = pysqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def insert(connection: "pysqlite3.Connection", envelope: bytes, container: bytes) -> None:
    row = connection.execute(
        "INSERT INTO entries (envelope, leaf) VALUES (?, ?)", (envelope, envelope[:32])
    )
    connection.execute("INSERT INTO bodies VALUES (?, ?)", (row.lastrowid, container))


def grouped(path: Path, writers: int, sizes: tuple[int, int]) -> float:
    """Return rows per second of one connection that commits ``writers`` rows at a time."""
    connection = connect(path)
    for statement in SCHEMA:
        connection.execute(statement)
    envelope, container = secrets.token_bytes(sizes[0]), secrets.token_bytes(sizes[1])
    done = 0
    started = time.perf_counter()
    while time.perf_counter() < started + SECONDS:
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(writers):
            insert(connection, envelope, container)
        connection.execute("COMMIT")
        done += writers
    rate = done / (time.perf_counter() - started)
    connection.close()
    return rate


def each_alone(path: Path, writers: int, sizes: tuple[int, int]) -> float:
    """Return rows per second of ``writers`` threads, each with a connection and own commits."""
    first = connect(path)
    for statement in SCHEMA:
        first.execute(statement)
    counts = [0] * writers
    end = time.perf_counter() + SECONDS

    def run(which: int) -> None:
        connection = connect(path)
        envelope, container = secrets.token_bytes(sizes[0]), secrets.token_bytes(sizes[1])
        while time.perf_counter() < end:
            connection.execute("BEGIN IMMEDIATE")
            insert(connection, envelope, container)
            connection.execute("COMMIT")
            counts[which] += 1
        connection.close()

    threads = [threading.Thread(target=run, args=(which,)) for which in range(writers)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = sum(counts) / (time.perf_counter() - started)
    first.close()
    return rate


def measure() -> list[Line]:
    """Return a line per number of writers; the kinds take turns, so that a slow disk hits all."""
    sample, container = envelope_and_container(1000, 1000)
    sizes = (len(sample.to_bytes()), len(container))
    BUILD.mkdir(exist_ok=True)
    found = []
    for writers in WRITERS:
        rates: dict[str, list[float]] = {"ours": [], "grouped": [], "alone": []}
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder:
                place = Path(folder)
                rates["grouped"].append(grouped(place / "grouped.db", writers, sizes))
                rates["alone"].append(each_alone(place / "alone.db", writers, sizes))
                rates["ours"].append(asyncio.run(ours(place / "ours.db", writers)))
        middle = {kind: statistics.median(values) for kind, values in rates.items()}
        found.append(
            Line(
                what=f"durable record appends, {writers} writer{'s' if writers > 1 else ''}",
                figure=per_second(rates["ours"]),
                beside=(
                    f"plain inserts of {sum(sizes)} bytes: {per_second(rates['alone'])} with a"
                    f" commit each, {per_second(rates['grouped'])} with {writers} to a commit"
                ),
                ratio=(
                    f"{middle['ours'] / middle['alone']:.2f}"
                    f" / {middle['ours'] / middle['grouped']:.2f}"
                ),
            )
        )
    return found
