"""Taking in the bytes of a transfer: one attempt of a pull, what became of it, and what follows.

A pull that was cut goes on from where it was, also after a restart of this node; what ruling and
contract say is asked before the first byte and behind the last, each time. A token that died of age
is renewed. Bytes are durable before a transfer counts as received. Source: docs/spec/07-sharing.md
7.5.12, 7.6, 7.7.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, RefusedError, UnavailableError
from comity.foundation.ports import OutboxRow
from comity.node.dataplane.accesses import Access
from comity.node.dataplane.keeping import kept
from comity.node.dataplane.pulling import DataClient, Wanted, pull
from comity.node.exchanges import Exchanges
from comity.node.peers import Peers
from comity.parties.letters import Letter
from comity.record.ports import RelationshipRow
from comity.sharing import pausing, resuming, transfers
from comity.sharing.descriptor import HEADER, read_header
from comity.sharing.model import Process, State
from comity.sharing.processes import standing
from comity.sharing.reactions import AcceptData, KeepData
from comity.sharing.resuming import NOTHING, Progress
from comity.storage.files import KeptWriter
from comity.storage.tx import Tx
from comity.transport.downloading import LargeAnswer

#: The kind of thing that says how a pull fared: (relationship, transfer).
PULL: Final = "pull"


@attrs.frozen(kw_only=True)
class Attempt:
    """One attempt at one transfer."""

    rel: RelationshipRow
    row: OutboxRow
    process: Process
    wanted: Wanted
    progress: Progress


@attrs.frozen(kw_only=True)
class Taking:
    """Carries out what the outbox holds under ``fetch``."""

    exchanges: Exchanges
    peers: Peers
    advanced: Callable[[Tx, RelationshipRow, Process], None]

    async def fetch(
        self, rel: RelationshipRow, letter: Letter, row: OutboxRow, *, payload: JsonObject
    ) -> None:
        """Make one attempt; what can be tried again is left in the outbox for later.

        Raises:
            UnavailableError: Something of ours is not there now.
            ComityError: The transfer cannot go on.
        """
        store = self.exchanges.ctx.store
        client, pid = self.peers.data_client(rel, letter), str(payload["pid"])
        with self.exchanges.accesses.open(pid) as access:
            process, progress = await store.read(lambda tx: self._before(tx, rel, pid))
            if process is None or standing(process) is not State.STARTED:
                await store.write(lambda tx: tx.outbox.done(row.id))
                return
            terms = process.terms
            wanted = Wanted(
                path=client.path_of(str(payload["endpoint"])),
                token=str(payload["token"]),
                size=terms.bytes,
                sha256=terms.digest,
            )
            attempt = Attempt(rel=rel, row=row, process=process, wanted=wanted, progress=progress)
            await self._attempt(attempt, client, access)
            if access.over is not None:
                await store.write(lambda tx: self._left(tx, rel, pid))

    async def _attempt(self, attempt: Attempt, client: DataClient, access: Access) -> None:
        """Pull what is missing, behind what came so far, and see what becomes of it."""
        store, wanted = self.exchanges.ctx.store, attempt.wanted
        writer = await kept(self.exchanges.ctx.payloads, attempt.process.pid, bytes_max=wanted.size)
        attempt = attrs.evolve(attempt, progress=attrs.evolve(attempt.progress, have=writer.size))
        with writer:
            if writer.size == wanted.size > 0:
                await self._came(attempt, writer, first=writer.size)
                return

            async def look(answer: LargeAnswer) -> bool:
                return await store.write(lambda tx: self._look(tx, attempt, answer))

            try:
                going = await pull(client, wanted, writer=writer, access=access, look=look)
            except ComityError as error:
                await self._cut(attempt, error, have=writer.size)
                return
            if going:
                await self._came(attempt, writer, first=access.first)

    def _left(self, tx: Tx, rel: RelationshipRow, pid: str) -> None:
        """Forget what came if the transfer ended while this attempt opened its file anew."""
        process = self.exchanges.find(tx, rel, pid)
        if process is None or standing(process) is State.TERMINATED:
            self.exchanges.ctx.payloads.forget(pid)

    def _before(self, tx: Tx, rel: RelationshipRow, pid: str) -> tuple[Process | None, Progress]:
        noted = tx.things.get(f"sharing:{rel.rel_id}", PULL, pid)
        progress = NOTHING
        if noted is not None:
            idle, anew = noted.value["idle"], noted.value["anew"]
            assert isinstance(idle, int)
            assert isinstance(anew, int)
            progress = Progress(have=0, idle=idle, anew=anew)
        return self.exchanges.find(tx, rel, pid), progress

    def _look(self, tx: Tx, attempt: Attempt, answer: LargeAnswer) -> bool:
        """Rule on what the sender says it is about to send, held against the contract."""
        descriptor = read_header(answer.headers.get(HEADER, ""))
        now = self.exchanges.find(tx, attempt.rel, attempt.process.pid)
        assert now is not None
        facts = self.exchanges.facts_for(tx, attempt.rel, now)
        reaction = transfers.consumer_check_data(now, descriptor, facts=facts)
        self.exchanges.carry_out(tx, attempt.rel, reaction)
        return any(isinstance(one, AcceptData) for one in reaction.effects)

    # --- how it ended ---------------------------------------------------------------------------

    async def _came(self, attempt: Attempt, writer: KeptWriter, *, first: int) -> None:
        """Keep what came, pull it anew, or refuse it.

        Args:
            attempt: The attempt.
            writer: Holds all that came.
            first: With how many bytes the last access began.
        """
        wanted, progress = attempt.wanted, attempt.progress
        found = (writer.size, writer.sha256)
        if writer.size < wanted.size:
            cut = UnavailableError("sharing.cut_off", "The data ended before its end.")
            await self._cut(attempt, cut, have=writer.size)
            return
        again = resuming.begun_anew(progress, first=first)
        if found != (wanted.size, wanted.sha256) and again is not None:
            await asyncio.to_thread(writer.restart)
            why = "What came in pieces is not what was agreed; it is pulled once more."
            await self._later(attempt, again, why)
            return
        await asyncio.to_thread(writer.sync)
        await self.exchanges.ctx.store.write(lambda tx: self._finish(tx, attempt, writer))

    def _finish(self, tx: Tx, attempt: Attempt, writer: KeptWriter) -> None:
        rel, pid = attempt.rel, attempt.process.pid
        process = self.exchanges.find(tx, rel, pid)
        assert process is not None
        if standing(process) is not State.STARTED:
            tx.outbox.done(attempt.row.id)
            return  # paused or ended meanwhile; what came waits, or was forgotten
        facts = self.exchanges.facts_for(tx, rel, process)
        reaction = transfers.consumer_on_bytes(
            process, size=writer.size, sha256=writer.sha256, facts=facts
        )
        if any(isinstance(one, KeepData) for one in reaction.effects):
            writer.commit(expected=process.terms.digest)
        tx.outbox.done(attempt.row.id)
        tx.things.delete(f"sharing:{rel.rel_id}", PULL, pid)
        self.advanced(tx, rel, self.exchanges.carry_out(tx, rel, reaction))

    async def _cut(self, attempt: Attempt, error: ComityError, *, have: int) -> None:
        """Go on later, renew the token, or give it up; what nothing can be done about is raised."""
        progress = resuming.after(attempt.progress, have=have)
        if error.code == "sharing.not_fetching":
            return  # paused or ended meanwhile, and with it this work
        soon = isinstance(error, UnavailableError) or error.code == "sharing.not_started"
        if not soon and error.code != "sharing.token":
            raise error
        if resuming.given_up(progress):
            await self.exchanges.ctx.store.write(lambda tx: self._give_up(tx, attempt, error))
        elif soon:
            await self._later(attempt, progress, error.message)
        else:
            await self.exchanges.ctx.store.write(lambda tx: self._renew(tx, attempt, progress))

    async def _later(self, attempt: Attempt, progress: Progress, why: str) -> None:
        due = self.exchanges.ctx.now().plus(resuming.pause_s(progress))

        def wait(tx: Tx) -> None:
            self._note(tx, attempt, progress)
            tx.outbox.later(attempt.row.id, due, why)

        await self.exchanges.ctx.store.write(wait)

    def _note(self, tx: Tx, attempt: Attempt, progress: Progress) -> None:
        process = self.exchanges.find(tx, attempt.rel, attempt.process.pid)
        if process is not None and not process.ended:
            value: JsonObject = {"idle": progress.idle, "anew": progress.anew}
            tx.things.put(f"sharing:{attempt.rel.rel_id}", PULL, process.pid, value=value)

    def _renew(self, tx: Tx, attempt: Attempt, progress: Progress) -> None:
        process = self.exchanges.find(tx, attempt.rel, attempt.process.pid)
        self._note(tx, attempt, progress)
        tx.outbox.done(attempt.row.id)
        if process is None or standing(process) is not State.STARTED:
            return
        facts = self.exchanges.facts_for(tx, attempt.rel, process)
        try:
            reaction = pausing.renew(process, facts=facts)
        except RefusedError as error:
            reaction = pausing.end(process, reason=error.message, facts=facts, code=error.code)
        self.exchanges.carry_out(tx, attempt.rel, reaction)

    def _give_up(self, tx: Tx, attempt: Attempt, error: ComityError) -> None:
        process = self.exchanges.find(tx, attempt.rel, attempt.process.pid)
        tx.outbox.done(attempt.row.id)
        tx.things.delete(f"sharing:{attempt.rel.rel_id}", PULL, attempt.process.pid)
        if process is None or standing(process) is not State.STARTED:
            return
        facts = self.exchanges.facts_for(tx, attempt.rel, process)
        reason = f"No byte came in {resuming.ATTEMPTS_MAX} attempts; the last one: {error.message}"
        reaction = pausing.end(process, reason=reason, facts=facts, code="given_up")
        self.advanced(tx, attempt.rel, self.exchanges.carry_out(tx, attempt.rel, reaction))
