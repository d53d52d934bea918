"""The store of a party's node: one writer with group commit, a few readers.

Signatures first; the implementation follows in this file.
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from comity.foundation.ports import Clock
from comity.storage.tx import Tx

T = TypeVar("T")


class Store:
    """A party's database."""

    @classmethod
    def open(cls, path: Path, *, clock: Clock, create: bool = True) -> Self:
        """Return the store in the file ``path``, created or migrated as needed.

        Args:
            path: The SQLite file, ``PartyFolder.database``.
            clock: Dates what the repositories date (``ThingRow.updated``, leases).
            create: Whether a missing file is created, or refused (``storage.no_database``).

        Raises:
            MisuseError: ``storage.newer_database``, ``storage.foreign_database``,
                ``storage.no_database``.
            UnavailableError: ``storage.cannot_open``.
        """
        raise NotImplementedError

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Return what ``work`` returns, once all it did is durable.

        ``work`` runs on the writer's thread, once, and must not wait for anything. If the caller
        is cancelled while waiting, the work may be done all the same.

        Raises:
            UnavailableError: ``storage.closed``, ``storage.full``, ``storage.disk``,
                ``storage.not_committed``: nothing of this unit was stored.
        """
        raise NotImplementedError

    def write_sync(self, work: Callable[[Tx], T]) -> T:
        """Return as ``write``, without an event loop; never call it on the event loop."""
        raise NotImplementedError

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Return what ``work`` returns over one snapshot that holds all acknowledged writes."""
        raise NotImplementedError

    def read_sync(self, work: Callable[[Tx], T]) -> T:
        """Return as ``read``, on the caller's thread."""
        raise NotImplementedError

    def close(self) -> None:
        """Finish what is queued, then close; again: no effect."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
