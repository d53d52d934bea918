"""The store of a party's node: one writer with group commit, a few readers.

``Store.open`` loads SQLAlchemy, and alembic where the schema is behind; importing this module
loads neither, because every command of the CLI would pay for it.

Source: design 9; record.md 7.3; dependencies.md 3.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from comity.foundation.ports import Clock
from comity.storage.tx import Opened, Seat, Tx
from comity.storage.writer import Unit, Writer, closed

READERS: Final = 3

T = TypeVar("T")


class Store:
    """A party's database. Make it with ``open``; close it, or use it in a ``with``."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._writer = Writer(opened.writer)
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="comity-reader")
        self._readers: queue.LifoQueue[Seat | None] = queue.LifoQueue()
        for _ in range(READERS):
            self._readers.put(None)  # connected when first needed
        self._lock = threading.Lock()
        self._closed = False

    @classmethod
    def open(cls, path: Path, *, clock: Clock, create: bool = True) -> Self:
        """Return the store in the file ``path``, created or migrated as needed.

        Args:
            path: The SQLite file, ``PartyFolder.database``.
            clock: Dates what the repositories date (``ThingRow.updated``, leases).
            create: Whether a missing file is created, or refused.

        Raises:
            MisuseError: ``storage.newer_database``, ``storage.foreign_database``,
                ``storage.no_database``: nothing was written.
            UnavailableError: ``storage.cannot_open``, ``storage.cannot_make``, ``storage.locked``,
                ``storage.full``.
        """
        from comity.storage.repositories import open_database  # noqa: PLC0415  # loads SQLAlchemy

        return cls(open_database(path, clock=clock, create=create))

    @property
    def note(self) -> str:
        """Which SQLite this is and why it is safe, for people."""
        return self._opened.note

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Return what ``work`` returns, once all it did is durable.

        ``work`` runs on the writer's thread, once, and must not wait for anything. If the caller
        is cancelled while waiting, the work may be done all the same.

        Raises:
            UnavailableError: ``storage.closed``, ``storage.full``, ``storage.disk``,
                ``storage.not_committed``: nothing of this unit was stored.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._writer.submit(Unit(work, future, loop))
        return await future

    def write_sync(self, work: Callable[[Tx], T]) -> T:
        """Return as ``write``, without an event loop; never call it on the event loop."""
        future: Future[T] = Future()
        self._writer.submit(Unit(work, future, None))
        return future.result()

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Return what ``work`` returns over one snapshot that holds all acknowledged writes.

        Raises:
            UnavailableError: ``storage.closed``.
        """
        if self._closed:
            raise closed()
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.read_sync, work)

    def read_sync(self, work: Callable[[Tx], T]) -> T:
        """Return as ``read``, on the caller's thread."""
        seat = self._take()
        try:
            seat.connection.command("BEGIN")
            return work(seat.tx)
        finally:
            if seat.connection.in_transaction:
                seat.connection.command("ROLLBACK")
            self._readers.put(seat)

    def close(self) -> None:
        """Finish what is queued, then close; again: no effect.

        The readers go first: the connection that is closed last moves the write-ahead log into
        the database, and that must be the one that writes.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._pool.shutdown()
        for _ in range(READERS):
            seat = self._readers.get()
            if seat is not None:
                seat.connection.close()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _take(self) -> Seat:
        with self._lock:
            if self._closed:
                raise closed()
        seat = self._readers.get()
        try:
            return seat if seat is not None else self._opened.connect()
        except BaseException:
            self._readers.put(None)
            raise
