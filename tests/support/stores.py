"""What the tests of storage share: a clock that is told the time, entries that fit."""

from collections.abc import Sequence

import attrs

from comity.foundation.instants import Instant
from comity.record.ports import EntryRow, LogHead
from comity.record.tree import Edge, leaf_hash
from comity.storage.tx import Tx

START = Instant(1_800_000_000)


@attrs.define
class ToldClock:
    """A clock that stands where it is put."""

    at: Instant = START

    def now(self) -> Instant:
        return self.at


def entry(n: int, *, kind: str = "agreement.talk", of: str | None = None) -> EntryRow:
    """Return an entry with made-up bytes."""
    envelope = f"envelope {n} {kind}".encode()
    return EntryRow(
        n=n, envelope=envelope, leaf=leaf_hash(envelope), kind=kind, of=of, commitment=f"{n:096x}"
    )


def append(tx: Tx, origin: str, rows: Sequence[EntryRow]) -> LogHead:
    """Append entries as the node does: head, edge and root follow from the leaves."""
    head = tx.logs.head(origin)
    edge = Edge.from_bytes(head.edge).extend(row.leaf for row in rows)
    new = LogHead(
        origin=origin,
        size=edge.size,
        root=edge.root(),
        edge=edge.to_bytes(),
        lc=head.lc + len(rows),
    )
    tx.logs.append(origin, rows, head=new, tiles=())
    return new
