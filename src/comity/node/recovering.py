"""Getting our own entries back from the counterpart after this node was restored from an old copy.

The counterpart's mirror is the second copy of our log. What it gives back is taken only if it makes
a head that our own keys signed and that continues what we still have; otherwise people must decide.
Officials ask for it; it never happens by itself. Source: record.md 4.7; spec 3.11.8, 6.4.3.
"""

from collections.abc import Callable
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, PeerError, RefusedError, UnavailableError
from comity.node import folding
from comity.node.context import Context, counterpart_name
from comity.node.heads import reader_of
from comity.node.ledger import store_entries
from comity.node.syncing import SYNC_BYTES_MAX, Syncing
from comity.parties.letters import Letter
from comity.record.body import unpack
from comity.record.cosign import LogKeys, verify_log_signed
from comity.record.envelope import parse_envelope
from comity.record.kinds import check_body
from comity.record.ports import BODY_INLINE_BYTES_MAX, RelationshipRow
from comity.record.proofs import consistency_proof, root_at, verify_consistency
from comity.record.sync import (
    BATCH_BYTES,
    SyncRequest,
    parse_holding,
    parse_request,
    sync_request,
)
from comity.record.tree import Edge, leaf_hash
from comity.storage.tx import Tx

ENTRIES_MAX: Final = 256
ROUNDS_MAX: Final = 100_000


@attrs.frozen(kw_only=True)
class Recovering:
    """Gives entries back to the counterpart, and gets our own back from it."""

    ctx: Context
    syncing: Syncing
    changed: Callable[[str], None]

    # --- theirs, given back ---------------------------------------------------------------------

    async def give(self, rel: RelationshipRow, start: int) -> bytes:
        """Return entries of the counterpart's log from ``start``, under a head it signed.

        Raises:
            PeerError: ``record.nothing_held``: we hold no cosigned entries beyond that.
        """

        def read(tx: Tx) -> SyncRequest:
            origin = rel.peer_origin
            notes = [row for row in tx.checkpoints.notes(origin) if row.size > start]
            within = [row for row in notes if row.size <= start + ENTRIES_MAX]
            chosen = max(within, key=lambda row: row.size, default=None)
            if chosen is None:
                raise PeerError(
                    "record.nothing_held", f"We hold no entries of yours from {start} on."
                )
            entries: list[tuple[bytes, bytes]] = []
            total = 0
            for row in tx.logs.entries(origin, start, chosen.size):
                container = self.ctx.folding.container(tx, origin, row.n)
                total += len(container)
                entries.append((row.envelope, container))
            smaller = [row for row in within if row.size < chosen.size]
            if total > BATCH_BYTES and smaller:
                chosen = min(smaller, key=lambda row: row.size)
                entries = entries[: chosen.size - start]
            return sync_request(
                entries,
                log=origin,
                start=start,
                held=tx.logs.head(rel.own_origin).size,
                note=chosen.note,
                proof=consistency_proof(reader_of(tx, origin), old=start, new=chosen.size),
            )

        return (await self.ctx.store.read(read)).to_bytes()

    # --- ours, got back -------------------------------------------------------------------------

    async def recover(self, rel: RelationshipRow, letter: Letter, *, by: str) -> JsonObject:
        """Get all our entries back that the counterpart holds; return how many.

        Raises:
            MisuseError: ``record.nothing_to_recover``: we are not behind our own record.
            RefusedError: ``record.diverged``: this node wrote other entries since it was restored.
            PeerError: what came is not ours.
        """
        client = self.syncing.peer(rel, letter)
        answer = await client.get(f"/relationships/{rel.rel_id}/checkpoint")
        if answer.status != 200:
            raise UnavailableError(
                "record.recover_status", f"{letter.name} answers with status {answer.status}."
            )
        held = parse_holding(answer.body)
        first = await self.ctx.store.read(lambda tx: tx.logs.head(rel.own_origin).size)
        if held.size <= first or held.log != rel.own_origin:
            raise MisuseError(
                "record.nothing_to_recover", f"{letter.name} holds nothing of ours that we lack."
            )
        size = first
        for _ in range(ROUNDS_MAX):
            if size >= held.size:
                break
            path = f"/relationships/{rel.rel_id}/entries?start={size}&stop={size + ENTRIES_MAX}"
            came = await client.get(path, bytes_max=SYNC_BYTES_MAX)
            if came.status != 200:
                raise UnavailableError(
                    "record.recover_entries", f"{letter.name} gives no entries back."
                )
            size = await self._took(rel, parse_request(came.body))
        await self.ctx.store.write(lambda tx: self._done(tx, rel, by=by))
        self.syncing.forget(rel.rel_id)
        return {"relationship": rel.rel_id, "recovered": size - first, "entries": size}

    async def _took(self, rel: RelationshipRow, request: SyncRequest) -> int:
        return await self.ctx.store.write(lambda tx: self._take(tx, rel, request))

    def _take(self, tx: Tx, rel: RelationshipRow, request: SyncRequest) -> int:
        """Store entries of our own that came back; return how long our log is now."""
        head = tx.logs.head(rel.own_origin)
        log = LogKeys(
            origin=rel.own_origin,
            ed=self.ctx.keys.log.ed.public,
            pq=self.ctx.keys.log.pq.public,
        )
        signed = verify_log_signed(request.header.note, log)
        if request.header.start != head.size or signed.size != request.header.to:
            raise PeerError("record.recover_place", "Other entries came back than were asked for.")
        try:
            verify_consistency(
                request.header.proof,
                old=head.size,
                old_root=root_at(reader_of(tx, rel.own_origin), head.size),
                new=signed.size,
                new_root=signed.root,
            )
        except PeerError as error:
            raise RefusedError(
                "record.diverged",
                f"Since it was restored this node has written other entries than it had signed"
                f" before (our log has {head.size} now). They cannot both stand: restore a copy"
                " without them, or agree with the counterpart on a new record.",
            ) from error
        edge = Edge.from_bytes(head.edge)
        envelopes = [parse_envelope(raw) for raw, _ in request.entries]
        if edge.extend([leaf_hash(raw) for raw, _ in request.entries]).root() != signed.root:
            raise PeerError("record.recover_root", "What came back is not what we had signed.")
        state = self.ctx.folding.state(tx, rel)
        for envelope, (_, container) in zip(envelopes, request.entries, strict=True):
            body = unpack(container)
            check_body(envelope.kind, body)
            state = folding.fold(state, folding.read_act(self.ctx.config.party, envelope, body))
        raws = [raw for raw, _ in request.entries]
        store_entries(tx, rel.own_origin, raws, envelopes=envelopes)
        for envelope, (_, container) in zip(envelopes, request.entries, strict=True):
            if len(container) <= BODY_INLINE_BYTES_MAX:
                tx.bodies.put(rel.own_origin, envelope.n, container)
            else:
                name = self.ctx.bodies.write(container)
                tx.bodies.put_file(rel.own_origin, envelope.n, name)
        self.ctx.folding.keep(tx, rel, state)
        return signed.size

    def _done(self, tx: Tx, rel: RelationshipRow, *, by: str) -> None:
        """Thaw the relationship once our log is as long as what we had signed."""
        now = tx.relationships.get(rel.rel_id)
        assert now is not None
        mark = self.syncing.high_water.get(rel.own_origin)
        whole = mark is None or mark.size <= tx.logs.head(rel.own_origin).size
        if now.status == "frozen" and whole:
            tx.relationships.update(attrs.evolve(now, status="open", reason=""))
        self.ctx.ledger.house(
            tx,
            "house.recovered",
            {"relationship": rel.rel_id, "counterpart": counterpart_name(tx, now), "by": by},
        )
        tx.on_commit(lambda: self.changed(rel.rel_id))
