"""What a unit of work sees: the repositories, and what to do after the commit.

The members are the ports of ``foundation`` and ``record``; which database stands behind them is
decided by ``Store.open``. Nothing here imports a database library.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

import attrs

from comity.foundation.ports import Meta, Nonces, Outbox, Things
from comity.record.ports import Bodies, Checkpoints, Evidence, Logs, Relationships

T = TypeVar("T")


class Connection(Protocol):
    """What the store needs of a connection; statements are the repositories' affair."""

    def command(self, sql: str) -> None:
        """Run BEGIN, COMMIT and the like."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; a full disk ends one by itself."""
        ...

    def forget(self) -> None:
        """Forget what was read in a unit that is undone."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


@attrs.frozen(kw_only=True)
class Tx:
    """One unit of work: all of it is durable, or none of it.

    In a read the same members stand, over one consistent snapshot; what would write raises
    MisuseError ``storage.read_only``.
    """

    meta: Meta
    relationships: Relationships
    logs: Logs
    bodies: Bodies
    checkpoints: Checkpoints
    evidence: Evidence
    things: Things
    outbox: Outbox
    nonces: Nonces
    connection: Connection
    callbacks: list[Callable[[], None]] = attrs.field(factory=list)

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` once this unit is durable, on the writer's thread: be quick.

        It is not called if the unit fails. What it raises is logged and stops nothing. After a
        crash between commit and callback it is lost: what must happen belongs in the outbox.
        """
        self.callbacks.append(callback)

    def part(self, work: Callable[["Tx"], T]) -> T:
        """Return what ``work`` returns; if it raises, only what it did itself is undone.

        Whoever catches the error goes on in the same unit, with what was done before the part.
        """
        self.connection.command("SAVEPOINT part")
        inner = attrs.evolve(self, callbacks=[])
        try:
            result = work(inner)
        except BaseException:
            self.connection.forget()
            if self.connection.in_transaction:  # a full or failing disk has ended the whole unit
                self.connection.command("ROLLBACK TO part")
                self.connection.command("RELEASE part")
            raise
        self.connection.command("RELEASE part")
        self.callbacks.extend(inner.callbacks)
        return result


@attrs.frozen(kw_only=True)
class Seat:
    """A connection, and the repositories that work on it."""

    connection: Connection
    tx: Tx


@attrs.frozen(kw_only=True)
class Opened:
    """A database that is up to date.

    Attributes:
        writer: The one connection that writes.
        connect: Makes one more that only reads.
        note: Which database library it is and why it is safe, for people.
    """

    writer: Seat
    connect: Callable[[], Seat]
    note: str
