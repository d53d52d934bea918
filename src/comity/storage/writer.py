"""One thread, one writing connection, many units of work in one durable commit.

Whoever waits while a commit is on its way to the disk is taken along by the next: up to 64 units
share one BEGIN IMMEDIATE and one fsync, each under a savepoint of its own, so that a unit that
fails takes nobody with it. A unit is answered after COMMIT, never before.

Source: record.md 7.1, 7.3; dependencies.md 3 (recommendation).
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Generic, Protocol, TypeVar

import attrs

from comity.foundation.errors import ComityError, MisuseError, UnavailableError
from comity.storage.tx import Seat, Tx

UNITS_PER_COMMIT_MAX: Final = 64

_LOG: Final = logging.getLogger("comity.storage")

T = TypeVar("T")


class Unit(Generic[T]):
    """Work, and whoever waits for it: a thread, or a coroutine on ``loop``."""

    def __init__(
        self,
        work: Callable[[Tx], T],
        future: "asyncio.Future[T] | Future[T]",
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        self._work = work
        self._future = future
        self.loop = loop
        self._answer: Callable[[], None] = self._give_up
        self._failed = False

    def run(self, tx: Tx) -> None:
        """Do the work and keep what it returned; let through what it raises."""
        result = self._work(tx)
        self._answer = lambda: self._future.set_result(result)

    def fail(self, error: BaseException) -> None:
        """Keep why it failed; the first reason stays."""
        if not self._failed:
            self._failed = True
            self._answer = lambda: self._future.set_exception(error)

    def settle(self) -> None:
        """Answer whoever waits."""
        if not self._future.done():
            self._answer()

    def _give_up(self) -> None:
        self._future.set_exception(closed())


class _Work(Protocol):
    """A ``Unit`` of any type."""

    loop: asyncio.AbstractEventLoop | None

    def run(self, tx: Tx) -> None: ...

    def fail(self, error: BaseException) -> None: ...

    def settle(self) -> None: ...


class Writer:
    """The thread that writes."""

    def __init__(self, seat: Seat) -> None:
        self._database = seat.connection
        self._tx = seat.tx
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._broken: ComityError | None = None
        self._thread = threading.Thread(target=self._serve, name="comity-writer", daemon=True)
        self._thread.start()

    def submit(self, unit: _Work) -> None:
        """Take a unit of work.

        Raises:
            UnavailableError: ``storage.closed``.
            MisuseError: ``storage.write_inside_write``: from the writer's own thread.
        """
        if threading.current_thread() is self._thread:
            raise MisuseError(
                "storage.write_inside_write",
                "A unit of work may not wait for another: do it in the same one, or use"
                " on_commit without waiting.",
            )
        with self._lock:
            if self._closed:
                raise closed()
            self._queue.put(unit)

    def close(self) -> None:
        """Do what is queued, then close the connection and end the thread."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        going = True
        while going:
            batch, going = self._next_batch()
            if batch:
                self._commit(batch)
        self._database.close()

    def _next_batch(self) -> tuple[list[_Work], bool]:
        unit = self._queue.get()
        batch: list[_Work] = []
        while unit is not None:
            batch.append(unit)
            if len(batch) == UNITS_PER_COMMIT_MAX:
                return batch, True
            try:
                unit = self._queue.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _commit(self, batch: list[_Work]) -> None:
        callbacks: list[Callable[[], None]] = []
        try:
            self._begin()
            for unit in batch:
                callbacks += self._run(unit)
            self._database.command("COMMIT")
        except BaseException as error:  # noqa: BLE001  # whatever it is, everybody is answered
            self._abandon(batch, error)
        else:
            _call(callbacks)
        _settle(batch)

    def _begin(self) -> None:
        if self._broken is not None:
            raise self._broken
        self._database.command("BEGIN IMMEDIATE")

    def _run(self, unit: _Work) -> list[Callable[[], None]]:
        self._database.command("SAVEPOINT unit")
        tx = attrs.evolve(self._tx, callbacks=[])
        try:
            unit.run(tx)
        except BaseException as error:  # it belongs to whoever waits for this unit
            unit.fail(_raised(error))
            self._database.forget()
            if not self._database.in_transaction:  # a full or failing disk ends it for everybody
                raise
            self._database.command("ROLLBACK TO unit")
            self._database.command("RELEASE unit")
            return []
        self._database.command("RELEASE unit")
        return tx.callbacks

    def _abandon(self, batch: list[_Work], error: BaseException) -> None:
        self._database.forget()
        if isinstance(error, ComityError) and error.code == "storage.disk":
            self._broken = error
        if self._database.in_transaction:
            try:
                self._database.command("ROLLBACK")
            except ComityError:
                _LOG.exception("the transaction could not be rolled back")
        for unit in batch:
            unit.fail(_not_committed(error))


def _raised(error: BaseException) -> BaseException:
    """Return what a future can carry: StopIteration it refuses, for it means something there."""
    return RuntimeError(repr(error)) if isinstance(error, StopIteration) else error


def _not_committed(error: BaseException) -> BaseException:
    """Return one error per waiter: an exception that several raise gathers their tracebacks."""
    if isinstance(error, ComityError):
        made: ComityError = type(error)(error.code, error.message, error.facts)
    else:
        made = UnavailableError(
            "storage.not_committed",
            f"The step was not stored ({error}): nothing of it happened. Try again.",
        )
    made.__cause__ = error
    return made


def _call(callbacks: list[Callable[[], None]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:  # noqa: BLE001  # whatever it is, the commit stands
            _LOG.exception("what was to be told after a commit failed; the commit stands")


def _settle(batch: list[_Work]) -> None:
    """Answer threads at once and each event loop once: waking it up is what costs."""
    loops: dict[asyncio.AbstractEventLoop, list[_Work]] = {}
    for unit in batch:
        if unit.loop is None:
            unit.settle()
        else:
            loops.setdefault(unit.loop, []).append(unit)
    for loop, units in loops.items():
        try:
            loop.call_soon_threadsafe(_settle_all, units)
        except RuntimeError:  # the loop has ended, and with it everybody who waited
            continue


def _settle_all(units: list[_Work]) -> None:
    for unit in units:
        unit.settle()


def closed() -> UnavailableError:
    """Return what whoever comes too late is told."""
    return UnavailableError("storage.closed", "The store is closed: the node is stopping.")
