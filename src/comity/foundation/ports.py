"""What every room and the node need from outside: clock, chance, and the small stores.

Each Protocol states its contract in words; ``tests/contracts`` holds the suite that every
implementation passes. Nothing here does I/O. Source: design 5 and 9; record.md 7; dependencies 4.
"""

from typing import Final, Protocol

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant

#: How many rows a listing returns at most when the caller names no number.
LIST_ROWS_MAX: Final = 1000


class Clock(Protocol):
    """Tells the time; the only implementation that reads a real clock is ``node.clock``."""

    def now(self) -> Instant:
        """Return the present instant."""
        ...


class Chance(Protocol):
    """Gives unpredictable bytes."""

    def token(self, n: int) -> bytes:
        """Return ``n`` unpredictable bytes."""
        ...


@attrs.frozen(kw_only=True)
class ThingRow:
    """One object of a thing store.

    Attributes:
        space: The name space, such as a rel-id, or ``node``.
        kind: What sort of thing it is.
        name: Its identifier within space and kind.
        value: The object itself.
        status: A word to list by; empty where there is none.
        version: 1 for a new thing, one more at each change.
        updated: When it was last stored.
    """

    space: str
    kind: str
    name: str
    value: JsonObject
    status: str
    version: int
    updated: Instant


class Meta(Protocol):
    """Single facts about the store itself, by name."""

    def get(self, name: str) -> str | None:
        """Return the value, or None."""
        ...

    def put(self, name: str, value: str) -> None:
        """Set the value, whether or not it was there."""
        ...


class Things(Protocol):
    """JSON objects by (space, kind, name), with a status and a version."""

    def add(self, space: str, kind: str, name: str, *, value: JsonObject, status: str = "") -> int:
        """Store a new thing and return its version, 1.

        Raises:
            MisuseError: ``storage.exists``: it is there already.
        """
        ...

    def put(
        self,
        space: str,
        kind: str,
        name: str,
        *,
        value: JsonObject,
        status: str = "",
        expected_version: int | None = None,
    ) -> int:
        """Store the thing, new or not, and return its new version.

        Args:
            space: The name space.
            kind: What sort of thing it is.
            name: Its identifier.
            value: The object.
            status: A word to list by.
            expected_version: The version the caller read; 0 for "not there yet"; None to store
                whatever is there.

        Raises:
            MisuseError: ``storage.stale``: somebody changed it since.
        """
        ...

    def get(self, space: str, kind: str, name: str) -> ThingRow | None:
        """Return the thing, or None."""
        ...

    def list(
        self,
        space: str,
        kind: str,
        *,
        status: str | None = None,
        after: str | None = None,
        limit: int = LIST_ROWS_MAX,
    ) -> tuple[ThingRow, ...]:
        """Return things in the order of their names (by code point), those after ``after``."""
        ...

    def latest(
        self,
        space: str,
        kind: str,
        *,
        status: str,
        before: tuple[int, str] | None = None,
        limit: int = LIST_ROWS_MAX,
    ) -> tuple[ThingRow, ...]:
        """Return things of a status, what changed last first; at one second by name, downwards.

        Args:
            space: The name space.
            kind: What sort of thing.
            status: Of which status.
            before: Seconds and name of the row after which to go on; None begins.
            limit: How many at most; no more rows than that are read.
        """
        ...

    def count(self, space: str, kind: str, *, status: str) -> int:
        """Return how many things of a status there are; their values are not read."""
        ...

    def delete(self, space: str, kind: str, name: str) -> bool:
        """Remove the thing; return whether it was there."""
        ...


@attrs.frozen(kw_only=True)
class OutboxRow:
    """One piece of work that must be carried out.

    Attributes:
        id: Grows with every put.
        topic: Which handler carries it out.
        key: Orders work: of one (topic, key) the next is due when the one before is done.
        payload: What the handler needs.
        due: Not before this instant.
        attempts: How often it was claimed.
        error: What the last attempt said; empty before.
        claimed_until: The lease of whoever works on it; None if nobody does.
    """

    id: int
    topic: str
    key: str
    payload: bytes
    due: Instant
    attempts: int
    error: str
    claimed_until: Instant | None


class Outbox(Protocol):
    """Work to be done after the commit that ordered it: nothing lost, order kept per key.

    A row is due when its instant has come, nobody holds a lease on it, and no earlier row of
    the same topic and key is left. A lease that ran out counts as none, so handlers must bear
    being called twice for one row. Timers are rows with a late ``due``.
    """

    def put(self, topic: str, key: str, payload: bytes, *, due: Instant) -> int:
        """Add a row at the end of its (topic, key) and return its id."""
        ...

    def due(self, now: Instant, limit: int = LIST_ROWS_MAX) -> tuple[OutboxRow, ...]:
        """Return the rows that are due, longest due first."""
        ...

    def next_due(self) -> Instant | None:
        """Return when the next first-of-its-key row is due or its lease ends; None if empty."""
        ...

    def claim(self, row: int, until: Instant) -> bool:
        """Take a lease on the row; False if it is gone or somebody else holds one."""
        ...

    def done(self, row: int) -> None:
        """Remove the row: its work is done. Nothing happens if it is gone."""
        ...

    def later(self, row: int, due: Instant, error: str) -> None:
        """Give the lease back, to try again at ``due``; keep the first 500 characters of why."""
        ...

    def cancel(self, topic: str, key: str) -> int:
        """Remove all rows of the topic and key; return how many."""
        ...

    def release(self) -> int:
        """End every lease; return how many. For the start of a node that is alone."""
        ...

    def list(self, topic: str | None = None) -> tuple[OutboxRow, ...]:
        """Return the rows that are left, oldest first."""
        ...


class Nonces(Protocol):
    """Remembers which nonces of a key were used, until their message has expired."""

    def use(self, keyid: str, nonce: str, *, expires: Instant, now: Instant) -> bool:
        """Return True if the nonce is new and is now used up; False if it was used before.

        Nonces that expired before ``now`` are forgotten, a few at each use.
        """
        ...
