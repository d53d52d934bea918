"""What the record needs from storage: rows, and what each repository promises.

Storage is dumb: it keeps what it is given, refuses gaps and changes of the past, and knows no
rule of the record. Envelopes, leaves, notes and containers are bytes to it. Source: record.md 7.
"""

from collections.abc import Sequence
from typing import Final, Literal, Protocol

import attrs

from comity.foundation.attested import Marks
from comity.foundation.instants import Instant

#: Larger body containers stand in files of their own (``put_file``).
BODY_INLINE_BYTES_MAX: Final = 256 << 10
#: Evidence is kept when somebody misbehaves; misbehaving more must not fill the disk.
EVIDENCE_ROWS_MAX: Final = 1000
EVIDENCE_BYTES_MAX: Final = 4 << 20

RelationshipStatus = Literal["introduced", "open", "frozen"]
LogRole = Literal["own", "mirror", "house"]
BodyState = Literal["held", "erased", "missing"]


@attrs.frozen(kw_only=True)
class RelationshipRow:
    """One relationship: us and one counterpart.

    Attributes:
        rel_id: First 16 bytes of the introduction fingerprint, hex.
        counterpart: Their party id (did).
        own_origin: The origin of our log.
        peer_origin: The origin of theirs, of which we keep a mirror.
        status: introduced, open, or frozen for new acts.
        reason: Why it is frozen, for people; empty otherwise.
        created: When it was stored here.
    """

    rel_id: str
    counterpart: str
    own_origin: str
    peer_origin: str
    status: RelationshipStatus
    reason: str
    created: Instant


@attrs.frozen(kw_only=True)
class LogRow:
    """A log that exists here. ``rel_id`` is None for the house log."""

    origin: str
    rel_id: str | None
    role: LogRole


@attrs.frozen(kw_only=True)
class LogHead:
    """Where a log stands.

    Attributes:
        origin: The log.
        size: Number of entries.
        root: Root of the tree over them, 32 bytes.
        edge: The compact range (``record.tree.Edge.to_bytes``).
        lc: The logical clock after the last entry.
    """

    origin: str
    size: int
    root: bytes
    edge: bytes
    lc: int


@attrs.frozen(kw_only=True)
class EntryRow:
    """One entry: the envelope's exact bytes, and what one looks it up by."""

    n: int
    envelope: bytes
    leaf: bytes
    kind: str
    of: str | None
    commitment: str


@attrs.frozen(kw_only=True)
class TileRow:
    """One full tile of 256 hashes."""

    level: int
    index: int
    data: bytes


@attrs.frozen(kw_only=True)
class BodyRef:
    """Where the body of an entry is.

    Attributes:
        state: held; erased (what is left, if anything, is still given); missing (never came).
        inline: The container itself, or None.
        file: The name of its file in ``BodyFiles``, or None.
    """

    state: BodyState
    inline: bytes | None
    file: str | None


@attrs.frozen(kw_only=True)
class CheckpointRow:
    """A cosigned note over the first ``size`` entries of a log, dated by the cosignature."""

    origin: str
    size: int
    time: Instant
    note: bytes


@attrs.frozen(kw_only=True)
class EvidenceRow:
    """Something kept because it may have to be shown: conflicting heads, refused messages."""

    id: int
    rel_id: str
    kind: str
    at: Instant
    data: bytes


@attrs.frozen(kw_only=True)
class EntryQuery:
    """Which entries of a log a reader wants to see, a page at a time.

    Attributes:
        at: Forwards: entries from this index on. Backwards: entries before it.
        back: Whether the newest comes first.
        limit: How many at most.
        kind: One kind, or the beginning of several with its point ("agreement."); empty: all.
        of: What they are about; empty: anything.
    """

    at: int
    back: bool
    limit: int
    kind: str = ""
    of: str = ""


class Relationships(Protocol):
    """The relationships of this party."""

    def add(self, row: RelationshipRow) -> None:
        """Store a new relationship.

        Raises:
            MisuseError: ``storage.relationship_exists``: the rel-id or the counterpart is there.
        """
        ...

    def get(self, rel_id: str) -> RelationshipRow | None:
        """Return the relationship, or None."""
        ...

    def by_counterpart(self, did: str) -> RelationshipRow | None:
        """Return the relationship with that party, or None."""
        ...

    def list(self) -> tuple[RelationshipRow, ...]:
        """Return all of them, oldest first."""
        ...

    def update(self, row: RelationshipRow) -> None:
        """Replace status and reason; the rest of a relationship never changes.

        Raises:
            MisuseError: ``storage.no_relationship``: there is none with that rel-id.
        """
        ...


class Logs(Protocol):
    """Append-only logs. No entry is ever changed or removed; the database refuses it too.

    Every method but ``create``, ``exists`` and ``list`` raises MisuseError ``storage.no_log``
    for an origin that does not exist here.
    """

    def create(self, origin: str, *, rel_id: str | None, role: LogRole) -> LogHead:
        """Store an empty log and return its head: root SHA-256 of nothing, ``edge`` empty.

        Raises:
            MisuseError: ``storage.log_exists``.
        """
        ...

    def exists(self, origin: str) -> bool:
        """Return whether that log is here."""
        ...

    def list(self, rel_id: str | None = None) -> tuple[LogRow, ...]:
        """Return the logs of a relationship; without one, all logs; oldest first."""
        ...

    def clock(self, rel_id: str | None = None) -> int:
        """Return the largest logical clock of the logs of a relationship, or of all of them.

        House logs have none of their own; 0 where there is no other log.
        """
        ...

    def head(self, origin: str) -> LogHead:
        """Return where the log stands. Inside a write it is locked until the commit."""
        ...

    def append(
        self, origin: str, rows: Sequence[EntryRow], *, head: LogHead, tiles: Sequence[TileRow]
    ) -> None:
        """Add entries at the end, the tiles that became full, and set the new head.

        Raises:
            MisuseError: ``storage.gap``: the rows do not continue at the log's size, or ``head``
                does not stand after the last of them.
        """
        ...

    def entry(self, origin: str, n: int) -> EntryRow | None:
        """Return entry ``n``, or None."""
        ...

    def entries(self, origin: str, start: int, stop: int) -> tuple[EntryRow, ...]:
        """Return entries ``start`` up to but without ``stop``, as many as there are."""
        ...

    def select(self, origin: str, query: EntryQuery) -> tuple[EntryRow, ...]:
        """Return a page of entries in the order that the query asks for."""
        ...

    def leaves(self, origin: str, start: int, stop: int) -> tuple[bytes, ...]:
        """Return the leaf hashes of those entries."""
        ...

    def tile(self, origin: str, level: int, index: int) -> bytes | None:
        """Return a full tile, or None."""
        ...

    def by_of(self, origin: str, of: str) -> tuple[EntryRow, ...]:
        """Return the entries about ``of``, in order."""
        ...

    def by_kind(self, origin: str, kind: str) -> tuple[EntryRow, ...]:
        """Return the entries of that kind, in order."""
        ...


class Bodies(Protocol):
    """Bodies of entries, erasable. The entry must be stored before its body."""

    def put(self, origin: str, n: int, container: bytes) -> None:
        """Keep a container of at most ``BODY_INLINE_BYTES_MAX`` bytes. Again: no effect.

        Raises:
            MisuseError: ``storage.no_entry``: entry ``n`` is not there;
                ``storage.body_too_large``; ``storage.body_erased``: an erased body does not come
                back; ``storage.body_differs``: another body is there.
        """
        ...

    def put_file(self, origin: str, n: int, name: str) -> None:
        """Keep the name of a container that is durable in ``BodyFiles``. Raises as ``put``."""
        ...

    def get(self, origin: str, n: int) -> BodyRef:
        """Return where the body is; state missing if it never came."""
        ...

    def erase(self, origin: str, n: int, container: bytes | None) -> None:
        """Forget the body; keep ``container`` (a container with erased sections), if given.

        Raises:
            MisuseError: ``storage.no_entry``; ``storage.body_too_large``.
        """
        ...


class Checkpoints(Protocol):
    """Cosigned notes: one per log, size and time; never changed."""

    def put(self, origin: str, size: int, *, time: Instant, note: bytes) -> None:
        """Keep a note; one of the same log, size and time that is there already stays."""
        ...

    def latest(self, origin: str) -> CheckpointRow | None:
        """Return the note of the largest size, of these the latest."""
        ...

    def marks(self, origin: str) -> Marks:
        """Return sizes and times of all notes.

        Raises:
            PeerError: ``record.time_went_back``.
        """
        ...

    def covering(self, origin: str, n: int) -> CheckpointRow | None:
        """Return the earliest note whose checkpoint contains entry ``n``."""
        ...

    def notes(self, origin: str) -> tuple[CheckpointRow, ...]:
        """Return all notes over a log, by size and then by time."""
        ...

    def newest(self, origin: str, *, skip: int, limit: int) -> tuple[CheckpointRow, ...]:
        """Return notes over a log, the largest size and the latest time first."""
        ...

    def count(self, origin: str) -> int:
        """Return how many notes over a log are kept."""
        ...


class Evidence(Protocol):
    """What may have to be shown; never changed, and bounded."""

    def add(self, rel_id: str, kind: str, data: bytes, *, at: Instant) -> bool:
        """Keep it; False if this relationship's evidence is full, or ``data`` is too large."""
        ...

    def list(self, rel_id: str) -> tuple[EvidenceRow, ...]:
        """Return the evidence of a relationship, oldest first."""
        ...
