"""A counterpart that lies: Berevan's keys in the hands of somebody who breaks the rules.

It stands outside the package: it builds entries, heads and requests by hand from the keys in
Berevan's folder and posts them to Aldoria's site, where the gate would have let them through.
"""

from collections.abc import Mapping, Sequence

import attrs

from comity.foundation.canonical import JsonObject, canonical
from comity.record.body import Body, Section, commit, pack
from comity.record.checkpoint import Checkpoint
from comity.record.cosign import HeadSigners, sign_log
from comity.record.envelope import Envelope, Seen
from comity.record.ports import RelationshipRow
from comity.record.proofs import consistency_proof
from comity.record.sync import CONTENT_TYPE
from comity.record.tree import leaf_hash, node_hash, root_of
from comity.storage.engine import driver
from comity.storage.keyfiles import NodeKeys
from comity.storage.tx import Tx
from comity.transport.client import PeerAnswer
from support.stages import show
from support.two_nodes import Pair, Party

Entry = tuple[bytes, bytes]


@attrs.define(kw_only=True)
class Hostile:
    """Berevan's log as the liar would continue it, and Aldoria's as it has seen it."""

    pair: Pair
    rel: RelationshipRow
    keys: NodeKeys
    log: list[bytes]
    lc: int
    seen: Seen
    unit: str

    @property
    def leaves(self) -> list[bytes]:
        return [leaf_hash(raw) for raw in self.log]

    def entry(  # an entry has these parts
        self,
        act: JsonObject | bytes,
        *,
        kind: str = "agreement.talk",
        sections: Mapping[str, bytes] | None = None,
        body: Body | None = None,
        **changes: object,
    ) -> Entry:
        """Return the next entry and the container of its body; ``changes`` go to the envelope."""
        made = body or body_of(act, sections or {})
        envelope = Envelope(
            kind=kind,
            log=self.rel.own_origin,
            n=len(self.log),
            seen=self.seen,
            lc=self.lc + 1,
            of=self.pair.instrument,
            commitment=commit(made),
        )
        changed = attrs.evolve(envelope, **changes)  # type: ignore[arg-type]  # members of it
        return changed.to_bytes(), pack(made)

    def table(self, result: str = "0" * 64) -> Entry:
        """Return a tabling of one explanation with a result of the liar's choice."""
        move: JsonObject = {"move": "explain", "unit": self.unit, "text": "words"}
        return self.entry(
            {"instrument": self.pair.instrument, "moves": [move], "result": result},
            kind="agreement.table",
        )

    def anchor(self, **changes: object) -> Entry:
        """Return an entry that says nothing and breaks nothing."""
        act: JsonObject = {"commitment": "00" * 48}
        return self.entry(act, kind="anchor.house", sections=None, body=None, of=None, **changes)

    def note(self, leaves: Sequence[bytes], *, root: bytes | None = None) -> bytes:
        """Return a head over ``leaves`` signed with the log's keys."""
        head = Checkpoint(
            origin=self.rel.own_origin, size=len(leaves), root=root or root_of(leaves)
        )
        signers = HeadSigners(name=head.origin, ed=self.keys.log.ed, pq=self.keys.log.pq)
        return sign_log(head, signers=signers, at=self.pair.clock.now())

    def request(
        self, *entries: Entry, note: bytes | None = None, start: int | None = None
    ) -> bytes:
        """Return the body of a request that carries ``entries`` after what Aldoria holds."""
        begin = len(self.log) if start is None else start
        leaves = [*self.leaves[:begin], *(leaf_hash(envelope) for envelope, _ in entries)]
        header: JsonObject = {
            "v": 1,
            "log": self.rel.own_origin,
            "from": begin,
            "to": begin + len(entries),
            "held": self.seen.size,
            "note": (note or self.note(leaves)).decode(),
            "proof": [one.hex() for one in proof_of(leaves, old=begin)],
            "entries": [[len(envelope), len(body)] for envelope, body in entries],
        }
        return canonical(header) + b"\n" + b"".join(b"".join(entry) for entry in entries)

    async def post(self, body: bytes, *, rel_id: str | None = None) -> PeerAnswer:
        """Post a request to Aldoria's site."""
        path = f"/relationships/{rel_id or self.rel.rel_id}/sync"
        return await self.pair.peer(self.pair.b).arrive(
            "POST", path, content=body, media=CONTENT_TYPE
        )


async def hostile(pair: Pair) -> Hostile:
    """Stop Berevan's node and put the liar in its place."""
    rel = await pair.b.relationship()

    def read(tx: Tx) -> tuple[list[bytes], int, Seen]:
        rows = tx.logs.entries(rel.own_origin, 0, 1 << 20)
        mirror = tx.logs.head(rel.peer_origin)
        seen = Seen(log=rel.peer_origin, size=mirror.size, root=mirror.root.hex())
        return [row.envelope for row in rows], max(tx.logs.head(rel.own_origin).lc, mirror.lc), seen

    log, lc, seen = await pair.b.node.ctx.store.read(read)
    keys = pair.b.node.ctx.keys
    units = (await show(pair.b, pair.instrument))["units"] if pair.instrument else []
    assert isinstance(units, list)
    unit = str(units[0]["unit"]) if units else ""
    await pair.stop(pair.b)
    return Hostile(pair=pair, rel=rel, keys=keys, log=log, lc=lc, seen=seen, unit=unit)


def body_of(act: JsonObject | bytes, sections: Mapping[str, bytes]) -> Body:
    """Return a body whose act may be any bytes."""
    raw = act if isinstance(act, bytes) else canonical(act)
    parts = {"act": raw, **sections}
    return Body(
        key=bytes(32),
        sections=tuple(
            Section(name=name, key=bytes([number]) * 32, content=content)
            for number, (name, content) in enumerate(parts.items(), start=1)
        ),
    )


def proof_of(leaves: Sequence[bytes], *, old: int) -> tuple[bytes, ...]:
    """Return the consistency proof over leaves that are all in memory."""

    def read(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node_hash(read(level - 1, 2 * index), read(level - 1, 2 * index + 1))

    return consistency_proof(read, old=old, new=len(leaves))


def stored(party: Party) -> dict[str, list[str]]:
    """Return everything in a party's database, to be compared."""
    connection = driver().module.connect(f"file:{party.folder / 'comity.db'}?mode=ro", uri=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            str(name): sorted(map(repr, connection.execute(f"SELECT * FROM {name}").fetchall()))
            for (name,) in names
        }
    finally:
        connection.close()


def files(party: Party) -> list[str]:
    """Return the files that a party keeps of bodies, payloads and received items."""
    folders = ("bodies", "payloads", "inbox")
    return sorted(str(one) for name in folders for one in (party.folder / name).rglob("*"))
