"""Keeping both logs equal at both ends: deliver ours, take in theirs, cosign, freeze on a lie.

What is taken in is checked whole, stored durably, and only then cosigned; what is signed goes
through the high-water mark first, and nothing of ours is signed after a start before the
counterpart was asked what it holds. Source: record.md 4.6, 4.7, 7; spec 3.11.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final, Protocol

import attrs

from comity.foundation.errors import ComityError, PeerError, RefusedError, UnavailableError
from comity.foundation.instants import Instant
from comity.node import folding
from comity.node.context import Context, counterpart_name
from comity.node.heads import continues, mirror_head, reader_of
from comity.node.introductions import Introductions
from comity.node.ledger import store_entries
from comity.node.spool import Spool, Spooled
from comity.parties.letters import Letter
from comity.record.checkpoint import Checkpoint
from comity.record.cosign import (
    CosignerKeys,
    HeadSigners,
    LogKeys,
    cosign,
    cosigner_name,
    sign_log,
    verify_cosigned,
    verify_log_signed,
)
from comity.record.mirror import Intake, check_head, check_intake, conflict
from comity.record.ports import LogHead, RelationshipRow
from comity.record.proofs import consistency_proof, root_at
from comity.record.sync import (
    BATCH_BYTES,
    CONTENT_TYPE,
    Holding,
    SyncAccepted,
    SyncAnswer,
    SyncConflict,
    SyncHeader,
    parse_answer,
    parse_holding,
    sync_request,
)
from comity.record.tree import leaf_hash
from comity.storage.highwater import HighWater
from comity.storage.tx import Tx
from comity.transport.client import PeerAnswer

ROUNDS_MAX: Final = 10_000
#: Largest body of one sync request: 256 envelopes and bodies, or one body of the largest size.
SYNC_BYTES_MAX: Final = 48 << 20
_FREEZING: Final = frozenset({"agreements.different_text", "record.head_root", "record.fork"})


class Peer(Protocol):
    """How the counterpart's node is called (``transport.client.PeerClient``)."""

    async def get(self, path: str, *, bytes_max: int = SYNC_BYTES_MAX) -> PeerAnswer:
        """GET below the base."""
        ...

    async def post(self, path: str, content: bytes, content_type: str) -> PeerAnswer:
        """POST below the base."""
        ...


#: How to call the record routes of a counterpart.
RecordPeer = Callable[[RelationshipRow, Letter], Peer]
#: Refuses, by PeerError, an act of the counterpart that may not stand in its log.
Admit = Callable[[Tx, RelationshipRow, folding.Folded, folding.RecordedAct], None]


@attrs.define(kw_only=True)
class _Line:
    lock: asyncio.Lock = attrs.field(factory=asyncio.Lock)
    probed: bool = False
    start: int | None = None


@attrs.frozen(kw_only=True)
class Syncing:
    """The desk that keeps the record of each relationship equal at both ends."""

    ctx: Context
    introductions: Introductions
    high_water: HighWater
    admit: Admit
    peer: RecordPeer
    changed: Callable[[str], None]
    _lines: dict[str, _Line] = attrs.field(factory=dict)

    def _line(self, rel_id: str) -> _Line:
        return self._lines.setdefault(rel_id, _Line())

    def forget(self, rel_id: str) -> None:
        """Ask the counterpart anew what it holds before the next signature."""
        self._lines.pop(rel_id, None)

    # --- ours to them -------------------------------------------------------------------------

    async def push(self, rel_id: str, refresh: bool) -> None:  # noqa: FBT001  # the signature Delivery calls
        """Deliver what the counterpart does not hold yet; with ``refresh`` ask for a new time.

        Raises:
            UnavailableError: it cannot be done now; try again.
            PeerError: the counterpart's answer breaks the protocol.
            RefusedError: ``record.frozen_there``: the counterpart froze the relationship.
        """
        line = self._line(rel_id)
        rel, letter = await self.ctx.store.read(lambda tx: self._known(tx, rel_id))
        client = self.peer(rel, letter)
        if not line.probed:
            await self._probe(rel, letter, client, line=line)
        for _ in range(ROUNDS_MAX):
            head, cosigned = await self.ctx.store.read(lambda tx: _standing(tx, rel))
            if head.size == 0 or (cosigned == head.size and not refresh):
                return
            refresh = await self._round(rel, letter, client, line=line) and refresh
        raise UnavailableError("record.no_end", "The counterpart never holds all of our record.")

    def _known(self, tx: Tx, rel_id: str) -> tuple[RelationshipRow, Letter]:
        rel = tx.relationships.get(rel_id)
        if rel is None:
            raise UnavailableError("record.no_relationship", "That relationship is not here.")
        return rel, self.introductions.letter_of(tx, rel)

    async def _probe(
        self, rel: RelationshipRow, letter: Letter, client: Peer, *, line: _Line
    ) -> None:
        """Ask what the counterpart holds of our log before we sign anything after a start."""
        answer = await client.get(f"/relationships/{rel.rel_id}/checkpoint")
        _check(answer)
        held = parse_holding(answer.body)
        head = await self.ctx.store.read(lambda tx: tx.logs.head(rel.own_origin))
        if held.log != rel.own_origin:
            raise PeerError("record.holding_log", "The counterpart speaks of another log.")
        if held.note is not None:
            await self._keep(rel, letter, held.note)
        mark = self.high_water.get(rel.own_origin)
        if held.size > head.size and (mark is None or mark.size <= head.size):
            raise PeerError(
                "record.holding_more",
                f"{letter.name} claims to hold {held.size} entries of our log; we have"
                f" {head.size} and never signed more.",
            )
        if held.size > head.size:
            raise await self._restored(rel, letter, evidence=answer.body)
        line.start = held.size
        line.probed = True

    async def _restored(
        self, rel: RelationshipRow, letter: Letter, *, evidence: bytes
    ) -> UnavailableError:
        """Freeze, because more was signed with our keys than our database knows."""
        await self._freeze(
            rel,
            f"{letter.name} holds entries of our log that we signed and do not have: this node was"
            " restored from an old copy. Recover our entries from them before anything new is"
            " signed. If nothing was restored, somebody else uses our keys: tell them at once.",
            evidence=evidence,
        )
        return UnavailableError(
            "record.restored", "This node is behind its own record; see comity status."
        )

    async def _round(
        self, rel: RelationshipRow, letter: Letter, client: Peer, *, line: _Line
    ) -> bool:
        """Send one request; return whether a fresh cosignature is still wanted."""
        start = line.start or 0
        body, checkpoint = await self._request(rel, start)
        line.probed = False  # an answer that is lost may hold the first time they cosigned at
        answer = await client.post(f"/relationships/{rel.rel_id}/sync", body, CONTENT_TYPE)
        line.probed = True
        if answer.status not in {200, 409}:
            line.probed = answer.status != 404 and line.probed
            _check(answer)
        said = parse_answer(answer.body)
        if said.log != rel.own_origin:
            raise PeerError("record.answer_log", "The counterpart answers for another log.")
        if isinstance(said, SyncAccepted):
            got = await self._keep(rel, letter, said.note)
            if got != checkpoint:
                raise PeerError(
                    "record.answer_head", "The counterpart cosigned another head than was sent."
                )
            line.start = checkpoint.size
            return False
        if said.code != "size":
            raise RefusedError(
                "record.frozen_there",
                f"{letter.name} took nothing ({said.code}): their officials must look at their"
                " node; speak to them over another channel.",
            )
        if said.size > checkpoint.size and said.size > start:
            line.probed = False
        if said.note is not None:
            await self._keep(rel, letter, said.note)
        if said.size == start:
            raise PeerError("record.answer_size", "The counterpart contradicts itself.")
        line.start = said.size
        return True

    async def _keep(self, rel: RelationshipRow, letter: Letter, note: bytes) -> Checkpoint:
        """Keep a cosigned note over our log, once all four signatures hold."""
        log = LogKeys(
            origin=rel.own_origin,
            ed=self.ctx.keys.log.ed.public,
            pq=self.ctx.keys.log.pq.public,
        )
        cosigned = verify_cosigned(note, log=log, cosigner=_cosigner(rel.peer_origin, letter))
        size = cosigned.checkpoint.size

        def work(tx: Tx) -> bool:
            reader = reader_of(tx, rel.own_origin)
            head = tx.logs.head(rel.own_origin)
            if size > head.size or root_at(reader, size) != cosigned.checkpoint.root:
                return False
            tx.checkpoints.put(rel.own_origin, size, time=cosigned.time, note=note)
            tx.on_commit(lambda: self.changed(rel.rel_id))
            return True

        if not await self.ctx.store.write(work):
            raise await self._restored(rel, letter, evidence=note)
        return cosigned.checkpoint

    async def _request(self, rel: RelationshipRow, start: int) -> tuple[bytes, Checkpoint]:
        def read(tx: Tx) -> tuple[list[tuple[bytes, bytes]], Checkpoint, int, tuple[bytes, ...]]:
            head = tx.logs.head(rel.own_origin)
            entries: list[tuple[bytes, bytes]] = []
            total = 0
            for row in tx.logs.entries(rel.own_origin, start, min(head.size, start + 256)):
                if leaf_hash(row.envelope) != row.leaf:
                    raise UnavailableError(
                        "record.damaged", f"Entry {row.n} of our log is damaged; restore a backup."
                    )
                container = self.ctx.folding.container(tx, rel.own_origin, row.n)
                total += len(container) + len(row.envelope)
                if entries and total > BATCH_BYTES:
                    break
                entries.append((row.envelope, container))
            to = start + len(entries)
            reader = reader_of(tx, rel.own_origin)
            checkpoint = Checkpoint(origin=rel.own_origin, size=to, root=root_at(reader, to))
            proof = consistency_proof(reader, old=start, new=to)
            return entries, checkpoint, tx.logs.head(rel.peer_origin).size, proof

        entries, checkpoint, held, proof = await self.ctx.store.read(read)
        await asyncio.to_thread(
            self.high_water.advance,
            checkpoint.origin,
            size=checkpoint.size,
            root=checkpoint.root,
        )
        signers = HeadSigners(name=rel.own_origin, ed=self.ctx.keys.log.ed, pq=self.ctx.keys.log.pq)
        note = sign_log(checkpoint, signers=signers, at=self.ctx.now())
        request = sync_request(
            entries, log=rel.own_origin, start=start, held=held, note=note, proof=proof
        )
        return request.to_bytes(), checkpoint

    # --- theirs to us -------------------------------------------------------------------------

    async def holding(self, rel: RelationshipRow) -> bytes:
        """Return what we hold of the counterpart's log, as an answer."""

        def read(tx: Tx) -> bytes:
            latest = tx.checkpoints.latest(rel.peer_origin)
            return Holding(
                log=rel.peer_origin,
                size=tx.logs.head(rel.peer_origin).size,
                note=latest.note if latest else None,
            ).to_bytes()

        return await self.ctx.store.read(read)

    async def receive(self, rel: RelationshipRow, chunks: AsyncIterator[bytes]) -> SyncAnswer:
        """Take in a request of the counterpart; return the answer.

        Raises:
            PeerError: something in it breaks the protocol; nothing was stored.
            UnavailableError: our clock went back; nothing is cosigned until it is right.
        """
        spool = Spool(bodies=self.ctx.bodies)
        try:
            async with self._line(rel.rel_id).lock:
                received = await spool.read(chunks, wanted=lambda header: self._next(rel, header))
                said = await self._take(rel, received)
            if isinstance(said, SyncAccepted):
                spool.taken()
            return said
        finally:
            spool.close()

    async def _next(self, rel: RelationshipRow, header: SyncHeader) -> bool:
        """Return whether the request continues where our mirror ends."""
        head = await self.ctx.store.read(lambda tx: tx.logs.head(rel.peer_origin))
        return header.log == rel.peer_origin and header.start == head.size

    async def _take(self, rel: RelationshipRow, received: Spooled) -> SyncAnswer:
        letter = (await self.ctx.store.read(lambda tx: self._known(tx, rel.rel_id)))[1]
        log = LogKeys(origin=rel.peer_origin, ed=letter.keys.log.ed, pq=letter.keys.log.pq)
        checkpoint = verify_log_signed(received.header.note, log)
        if checkpoint.size != received.header.to:
            raise PeerError(
                "record.sync_head", "The head is over another number of entries than the request."
            )
        try:
            refusal = await self.ctx.store.write(
                lambda tx: self._store(tx, rel, received, checkpoint=checkpoint, log=log)
            )
        except PeerError as error:
            if error.code in _FREEZING:
                await self._freeze(
                    rel,
                    f"{letter.name}: {error.message}",
                    evidence=_evidence_of(error, received),
                )
            raise
        if refusal is not None:
            return refusal
        at = await self._time_for(rel)
        await asyncio.to_thread(
            self.high_water.advance,
            rel.peer_origin,
            size=checkpoint.size,
            root=checkpoint.root,
        )
        signers = HeadSigners(
            name=cosigner_name(rel.own_origin),
            ed=self.ctx.keys.cosigner.ed,
            pq=self.ctx.keys.cosigner.pq,
        )
        note = cosign(received.header.note, log=log, signers=signers, at=at)

        def keep(tx: Tx) -> None:
            tx.checkpoints.put(rel.peer_origin, checkpoint.size, time=at, note=note)
            tx.on_commit(lambda: self.changed(rel.rel_id))

        await self.ctx.store.write(keep)
        return SyncAccepted(log=rel.peer_origin, note=note)

    def _store(
        self,
        tx: Tx,
        rel: RelationshipRow,
        received: Spooled,
        *,
        checkpoint: Checkpoint,
        log: LogKeys,
    ) -> SyncConflict | None:
        """Check and store the entries; return why not, where the counterpart can repair it."""
        now = tx.relationships.get(rel.rel_id)
        head = tx.logs.head(rel.peer_origin)
        latest = tx.checkpoints.latest(rel.peer_origin)
        held = latest.note if latest else None
        if now is None or now.status == "frozen":
            return SyncConflict(log=rel.peer_origin, code="frozen", size=head.size, note=held)
        if held is not None:
            self._check_history(tx, rel, held, received=received, log=log)
        if received.header.start != head.size:
            return SyncConflict(log=rel.peer_origin, code="size", size=head.size, note=held)
        own = reader_of(tx, rel.own_origin)
        own_size = tx.logs.head(rel.own_origin).size
        intake = check_intake(
            mirror_head(tx, rel, head),
            [envelope for envelope, _ in received.entries],
            own=lambda size: root_at(own, size) if size <= own_size else None,
        )
        check_head(intake, checkpoint)
        self._fold_in(tx, now, intake, received=received)
        return None

    def _check_history(
        self, tx: Tx, rel: RelationshipRow, held: bytes, *, received: Spooled, log: LogKeys
    ) -> None:
        header, mirror = received.header, reader_of(tx, rel.peer_origin)
        size = verify_log_signed(held, log).size
        if header.start < size and continues(mirror, header, held=size, log=log):
            return  # they did not know how far we are: an answer of ours was lost
        found = conflict(held, header.note, log=log, mirror=mirror, proof=header.proof)
        if found is not None and header.start <= size:
            evidence = found.to_bytes()
            raise _ForkError(evidence)

    def _fold_in(self, tx: Tx, rel: RelationshipRow, intake: Intake, *, received: Spooled) -> None:
        state = self.ctx.folding.state(tx, rel)
        for place, entry in enumerate(intake.entries):
            act = folding.read_act(
                rel.counterpart, entry.envelope, received.open(place, entry.envelope)
            )
            self.admit(tx, rel, state, act)
            state = folding.fold(state, act)
        store_entries(
            tx,
            rel.peer_origin,
            [entry.raw for entry in intake.entries],
            envelopes=[entry.envelope for entry in intake.entries],
        )
        for entry in intake.entries:
            received.keep(tx, rel.peer_origin, entry.envelope.n)
        self.ctx.folding.keep(tx, rel, state)
        if rel.status == "introduced" and state.parties.introduced:
            tx.relationships.update(attrs.evolve(rel, status="open"))

    async def _time_for(self, rel: RelationshipRow) -> Instant:
        now = self.ctx.now()
        marks = await self.ctx.store.read(lambda tx: tx.checkpoints.latest(rel.peer_origin))
        if marks is not None and now < marks.time:
            raise UnavailableError(
                "record.clock_back",
                f"This node's clock shows {now}, but it cosigned at {marks.time} before: its clock"
                " went back. Nothing is cosigned until it is right.",
            )
        return now

    async def _freeze(self, rel: RelationshipRow, reason: str, *, evidence: bytes) -> None:
        def work(tx: Tx) -> None:
            row = tx.relationships.get(rel.rel_id)
            assert row is not None
            if row.status != "frozen":
                tx.relationships.update(attrs.evolve(row, status="frozen", reason=reason))
                self.ctx.ledger.house(
                    tx,
                    "house.frozen",
                    {"relationship": rel.rel_id, "counterpart": counterpart_name(tx, row)},
                )
            tx.evidence.add(rel.rel_id, "conflict", evidence, at=self.ctx.now())
            tx.on_commit(lambda: self.changed(rel.rel_id))

        await self.ctx.store.write(work)


class _ForkError(PeerError):
    """The counterpart signed two heads of its log that cannot both be true."""

    def __init__(self, evidence: bytes) -> None:
        super().__init__(
            "record.fork",
            "The counterpart signed two heads of its log that cannot both be true: it shows"
            " different histories. The heads are kept as evidence; no new acts are made. Speak to"
            " the counterpart's officials over another channel.",
        )
        self.evidence = evidence


def _standing(tx: Tx, rel: RelationshipRow) -> tuple[LogHead, int]:
    latest = tx.checkpoints.latest(rel.own_origin)
    return tx.logs.head(rel.own_origin), latest.size if latest else -1


def _cosigner(peer_origin: str, letter: Letter) -> CosignerKeys:
    return CosignerKeys(
        name=cosigner_name(peer_origin), ed=letter.keys.cosigner.ed, pq=letter.keys.cosigner.pq
    )


def _check(answer: PeerAnswer) -> None:
    problem = answer.problem
    if answer.status != 200 and problem is not None:
        error = problem.error()
        raise type(error)(error.code, f"The counterpart says: {error.message}")
    if answer.status != 200:
        raise UnavailableError(
            "record.answer_status", f"The counterpart's node answered with status {answer.status}."
        )


def _evidence_of(error: ComityError, received: Spooled) -> bytes:
    """Return what is kept of it: both heads of a fork, else the head they signed over it."""
    return error.evidence if isinstance(error, _ForkError) else received.header.note
