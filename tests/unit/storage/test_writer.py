"""What happens to those who wait when the disk does not do what it should."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import cast

import attrs
import pytest

from comity.foundation.errors import ComityError, MisuseError, UnavailableError
from comity.storage.tx import Seat, Tx
from comity.storage.writer import Unit, Writer


@attrs.define
class FailingConnection:
    """Fails at the commands it is told to, and remembers all it was given."""

    failing: dict[str, Exception]
    ends_at: str = ""
    in_transaction: bool = False
    commands: list[str] = attrs.field(factory=list)
    closed: bool = False

    def command(self, sql: str) -> None:
        self.commands.append(sql)
        if sql == self.ends_at:
            self.in_transaction = False
        if sql in self.failing:
            raise self.failing[sql]
        if sql == "BEGIN IMMEDIATE":
            self.in_transaction = True
        elif sql in {"COMMIT", "ROLLBACK"}:
            self.in_transaction = False

    def forget(self) -> None:
        return

    def close(self) -> None:
        self.closed = True


def make_writer(connection: FailingConnection) -> Writer:
    nothing = cast("Tx", None)
    seat = Seat(connection=connection, tx=nothing)
    return Writer(attrs.evolve(seat, tx=empty_tx()))


def empty_tx() -> Tx:
    fields = {field.name: None for field in attrs.fields(Tx) if field.name != "callbacks"}
    return Tx(**fields)  # type: ignore[arg-type]  # no unit here touches a repository


def submit(writer: Writer, *works: Callable[[Tx], str]) -> list[Future[str]]:
    """Queue all works behind one that holds the writer, so that they share a commit."""
    entered, leave = threading.Event(), threading.Event()

    def hold(_tx: Tx) -> None:
        entered.set()
        leave.wait(10)

    first: Future[None] = Future()
    writer.submit(Unit(hold, first, None))
    entered.wait(10)
    futures: list[Future[str]] = [Future() for _ in works]
    for work, future in zip(works, futures, strict=True):
        writer.submit(Unit(work, future, None))
    leave.set()
    return futures


def succeed(_tx: Tx) -> str:
    return "done"


def refuse(_tx: Tx) -> str:
    raise MisuseError("test.own", "its own reason")


def code(future: Future[str]) -> str:
    error = future.exception(10)
    assert isinstance(error, ComityError)
    return error.code


FULL = UnavailableError("storage.full", "no room")
DISK = UnavailableError("storage.disk", "fsync failed")


def test_nobody_is_told_done_when_the_commit_fails() -> None:
    connection = FailingConnection({})
    writer = make_writer(connection)
    connection.failing = {"COMMIT": FULL}
    told: list[str] = []

    def work(tx: Tx) -> str:
        tx.on_commit(lambda: told.append("never"))
        return "done"

    futures = submit(writer, work, refuse, succeed)
    assert [code(future) for future in futures] == ["storage.full", "test.own", "storage.full"]
    assert told == []
    connection.failing = {}
    (future,) = submit(writer, succeed)
    assert future.result(10) == "done"
    writer.close()
    assert connection.closed


def test_after_a_failing_disk_nothing_is_written_until_the_next_start() -> None:
    connection = FailingConnection({})
    writer = make_writer(connection)
    connection.failing = {"COMMIT": DISK, "ROLLBACK": DISK}
    assert [code(future) for future in submit(writer, succeed)] == ["storage.disk"]
    connection.failing = {}
    connection.commands.clear()
    late: Future[str] = Future()
    writer.submit(Unit(succeed, late, None))
    assert code(late) == "storage.disk"
    assert "BEGIN IMMEDIATE" not in connection.commands
    writer.close()


def test_a_disk_that_fills_up_inside_a_unit_undoes_its_company_too() -> None:
    """SQLite ends the whole transaction then; who came before must not be told "done"."""
    connection = FailingConnection({})
    writer = make_writer(connection)

    def fills(_tx: Tx) -> str:
        connection.in_transaction = False
        raise FULL

    futures = submit(writer, succeed, fills, succeed)
    assert [code(future) for future in futures] == ["storage.full"] * 3
    writer.close()


def test_a_failure_without_a_name_is_not_committed_either() -> None:
    connection = FailingConnection({})
    writer = make_writer(connection)
    connection.failing = {"RELEASE unit": ValueError("odd")}
    assert [code(future) for future in submit(writer, succeed)] == ["storage.not_committed"]
    writer.close()


def test_who_comes_after_the_end_is_told_and_who_came_before_is_served() -> None:
    connection = FailingConnection({})
    writer = make_writer(connection)
    futures = submit(writer, succeed, succeed)
    writer.close()
    writer.close()
    assert [future.result(0) for future in futures] == ["done", "done"]
    with pytest.raises(UnavailableError) as caught:
        writer.submit(Unit(succeed, Future(), None))
    assert caught.value.code == "storage.closed"


def test_a_loop_that_has_ended_does_not_stop_the_writer() -> None:
    writer = make_writer(FailingConnection({}))
    loop = asyncio.new_event_loop()
    abandoned: asyncio.Future[str] = loop.create_future()
    loop.close()
    writer.submit(Unit(succeed, abandoned, loop))
    (future,) = submit(writer, succeed)
    assert future.result(10) == "done"
    assert not abandoned.done()
    writer.close()
