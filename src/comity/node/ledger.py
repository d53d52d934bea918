"""Appending to one's own logs, inside one transaction with the state that follows.

Source: record.md 7.1. Nothing is signed here and nothing is sent: both come after the commit.
"""

from collections.abc import Callable, Mapping, Sequence

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.errors import RefusedError
from comity.foundation.ports import Chance, Clock
from comity.node import folding
from comity.record.body import Body, Section, commit, pack
from comity.record.envelope import Envelope, Seen
from comity.record.kinds import check_body
from comity.record.ports import (
    BODY_INLINE_BYTES_MAX,
    EntryRow,
    LogHead,
    RelationshipRow,
    TileRow,
)
from comity.record.tiles import TILE_WIDTH, full_tiles
from comity.record.tree import EMPTY_ROOT, Edge, leaf_hash
from comity.storage.files import BodyFiles
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class NewAct:
    """What is to be recorded: the kind, what it says, the documents, an erasable note."""

    kind: str
    data: JsonObject
    documents: Mapping[str, bytes] = attrs.field(factory=dict)
    note: JsonObject | None = None
    of: str | None = None


@attrs.frozen(kw_only=True)
class Ledger:
    """Writes entries: to the own log of a relationship, and to the house log."""

    party: str
    house_origin: str
    clock: Clock
    chance: Chance
    bodies: BodyFiles
    folds: folding.Folding
    changed: Callable[[str], None]

    def append(self, tx: Tx, rel: RelationshipRow, act: NewAct) -> folding.RecordedAct:
        """Return the act as recorded in our log of the relationship.

        Raises:
            RefusedError: ``record.frozen``: the relationship is frozen for new acts.
        """
        if rel.status == "frozen":
            raise RefusedError(
                "record.frozen",
                f"The relationship with {rel.counterpart} is frozen for new acts: {rel.reason}",
            )
        state = self.folds.state(tx, rel)
        peer = tx.logs.head(rel.peer_origin)
        seen = Seen(log=rel.peer_origin, size=peer.size, root=peer.root.hex())
        envelope, body = self._entry(tx, rel.own_origin, act, seen=seen, lc_floor=peer.lc)
        recorded = folding.read_act(self.party, envelope, body)
        state = folding.fold(state, recorded)
        self.folds.keep(tx, rel, state)
        tx.on_commit(lambda: self.changed(rel.rel_id))
        return recorded

    def house(self, tx: Tx, kind: str, data: JsonObject) -> int:
        """Append to the house log, which never leaves this node; return the entry's index.

        The entry says when it was written, and after what of the shared records (``after``, the
        largest logical clock here), so that it can be shown in its place among them.
        """
        seen = Seen(log=self.house_origin, size=0, root=EMPTY_ROOT.hex())
        after = tx.logs.clock(_text(data.get("relationship")))
        stamped: JsonObject = {"at": str(self.clock.now()), **data, "after": after}
        act = NewAct(kind=kind, data=stamped, of=_about(data))
        envelope, _ = self._entry(tx, self.house_origin, act, seen=seen, lc_floor=0)
        return envelope.n

    def _entry(
        self, tx: Tx, origin: str, act: NewAct, *, seen: Seen, lc_floor: int
    ) -> tuple[Envelope, Body]:
        head = tx.logs.head(origin)
        body = self._body(act)
        check_body(act.kind, body)
        envelope = Envelope(
            kind=act.kind,
            log=origin,
            n=head.size,
            seen=seen,
            lc=max(head.lc, lc_floor) + 1,
            of=act.of,
            commitment=commit(body),
        )
        store_entries(tx, origin, [envelope.to_bytes()], envelopes=[envelope], head=head)
        self._store_body(tx, envelope, pack(body))
        return envelope, body

    def _store_body(self, tx: Tx, envelope: Envelope, container: bytes) -> None:
        if len(container) <= BODY_INLINE_BYTES_MAX:
            tx.bodies.put(envelope.log, envelope.n, container)
        else:
            tx.bodies.put_file(envelope.log, envelope.n, self.bodies.write(container))

    def _body(self, act: NewAct) -> Body:
        parts: list[tuple[str, bytes]] = [("act", canonical(act.data))]
        parts += sorted(act.documents.items())
        if act.note is not None:
            parts.append(("note", canonical(act.note)))
        sections = tuple(
            Section(name=name, key=self.chance.token(32), content=content)
            for name, content in parts
        )
        return Body(key=self.chance.token(32), sections=sections)


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _about(data: JsonObject) -> str | None:
    """Return the id of what a house entry is about, by which it is found again."""
    named = (_text(data.get(name)) for name in ("instrument", "item", "relationship"))
    return next((each for each in named if each), None)


def store_entries(
    tx: Tx,
    origin: str,
    raw: Sequence[bytes],
    *,
    envelopes: Sequence[Envelope],
    head: LogHead | None = None,
) -> LogHead:
    """Append entries to a log in the database and return its new head.

    Args:
        tx: The unit of work.
        origin: The log.
        raw: The envelopes as they came.
        envelopes: The same, read.
        head: Where the log stands, for a caller who has just looked.
    """
    head = head or tx.logs.head(origin)
    edge = Edge.from_bytes(head.edge)
    rows: list[EntryRow] = []
    for data, envelope in zip(raw, envelopes, strict=True):
        leaf = leaf_hash(data)
        edge = edge.append(leaf)
        rows.append(
            EntryRow(
                n=envelope.n,
                envelope=data,
                leaf=leaf,
                kind=envelope.kind,
                of=envelope.of,
                commitment=envelope.commitment,
            )
        )
    new = LogHead(
        origin=origin,
        size=head.size + len(rows),
        root=edge.root(),
        edge=edge.to_bytes(),
        lc=envelopes[-1].lc if envelopes else head.lc,
    )
    tx.logs.append(origin, rows, head=new, tiles=_tiles(tx, origin, head.size, rows=rows))
    return new


def _tiles(tx: Tx, origin: str, size: int, *, rows: Sequence[EntryRow]) -> Sequence[TileRow]:
    """Return the tiles that become full when ``rows`` follow ``size`` entries."""
    if size // TILE_WIDTH == (size + len(rows)) // TILE_WIDTH:
        return ()  # as nearly always
    fresh = {row.n: row.leaf for row in rows}

    def leaf(n: int) -> bytes:
        return fresh[n] if n in fresh else tx.logs.leaves(origin, n, n + 1)[0]

    return full_tiles(
        size, size + len(rows), leaf=leaf, tile=lambda lv, i: tx.logs.tile(origin, lv, i)
    )
