"""Delivering sharing's messages and fetching bytes: work from the outbox, event-driven.

A message is tried until the counterpart takes it or rejects it; a rejection ends the process and
says why. Bytes are fetched by ``taking``. Source: dataspace-protocol 7;
docs/spec/07-sharing.md 7.6, 7.7.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from typing import Final

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject, parse
from comity.foundation.errors import ComityError, UnavailableError
from comity.foundation.ports import OutboxRow
from comity.node.exchanges import FETCH, POST, Exchanges
from comity.node.peers import Peers
from comity.node.taking import Taking
from comity.parties.letters import Letter
from comity.protocols.dsp.answers import not_let_in, read_error, read_process
from comity.record.ports import RelationshipRow
from comity.sharing.model import Process
from comity.sharing.processes import acknowledged, undelivered
from comity.storage.tx import Tx

_log: Final = logging.getLogger(__name__)
#: Leases of an earlier run are void; within one, a large fetch may take long.
LEASE_S: Final = {POST: 60, FETCH: 30 * 86_400}
PAUSE_MOST_S: Final = 60


@attrs.define(kw_only=True)
class Post:
    """One task that carries out what the outbox holds for sharing.

    Attributes:
        keeps: Each names further keys under which what came so far is gone on with.
    """

    exchanges: Exchanges
    peers: Peers
    taking: Taking
    advanced: Callable[[Tx, RelationshipRow, Process], None]
    keeps: list[Callable[[Tx], Iterable[str]]] = attrs.field(factory=list)
    _woken: asyncio.Event = attrs.field(factory=asyncio.Event)
    _moved: asyncio.Condition = attrs.field(factory=asyncio.Condition)
    _task: asyncio.Task[None] | None = None
    _working: set[asyncio.Task[None]] = attrs.field(factory=set)

    async def start(self) -> None:
        """Begin; leases of an earlier run are void, this node is alone on its folder."""
        await self.exchanges.ctx.store.write(self._begin)
        self._task = asyncio.get_running_loop().create_task(self._run())

    def _begin(self, tx: Tx) -> None:
        """Free what an earlier run had begun, and drop what came of pulls that are over."""
        tx.outbox.release()
        rels = tx.relationships.list()
        live = [one.pid for rel in rels for one in self.exchanges.transfers(tx, rel, live=True)]
        live += [key for names in self.keeps for key in names(tx)]
        self.exchanges.ctx.payloads.forget_all_but(live)

    def wake(self) -> None:
        """Look at the outbox now."""
        self._woken.set()

    async def stop(self) -> None:
        """Stop; what is not done stays in the outbox."""
        tasks = [*self._working, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def moved(self, timeout_s: float) -> None:
        """Wait until some process moved, at most so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._moved:
                await self._moved.wait()

    async def tell(self) -> None:
        """Tell whoever waits that a process moved."""
        async with self._moved:
            self._moved.notify_all()

    async def _run(self) -> None:
        store, clock = self.exchanges.ctx.store, self.exchanges.ctx.clock
        while True:
            self._woken.clear()
            rows = await store.write(self._claim)
            for row in rows:
                task = asyncio.get_running_loop().create_task(self._work(row))
                self._working.add(task)
                task.add_done_callback(self._working.discard)
            due = await store.read(lambda tx: tx.outbox.next_due())
            pause = None if due is None else max(0.05, due.seconds - clock.now().seconds)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):  # wait_for can swallow a cancellation
                    await self._woken.wait()

    def _claim(self, tx: Tx) -> list[OutboxRow]:
        now = self.exchanges.ctx.now()
        rows = [(LEASE_S.get(row.topic.partition(":")[0]), row) for row in tx.outbox.due(now)]
        return [row for lease, row in rows if lease and tx.outbox.claim(row.id, now.plus(lease))]

    async def _work(self, row: OutboxRow) -> None:
        kind, _, rel_id = row.topic.partition(":")
        store = self.exchanges.ctx.store
        payload = parse(row.payload)
        assert isinstance(payload, dict)
        rel, letter = await store.read(lambda tx: self._known(tx, rel_id))
        try:
            if kind == POST:
                await self._deliver(rel, letter, row, payload=payload)
            else:
                await self.taking.fetch(rel, letter, row, payload=payload)
        except UnavailableError as error:
            await self._later(row, error.message)
        except ComityError as error:
            code, reason = error.code, error.message
            await store.write(
                lambda tx: self._over(tx, rel, row, pid=str(payload["pid"]), why=(code, reason))
            )
        except Exception:  # noqa: BLE001 - a fault of ours must not lose the work
            _log.exception("sharing met a fault")
            await self._later(row, "Our own node has a fault; its log says more.")
        self.wake()
        await self.tell()

    async def _later(self, row: OutboxRow, why: str) -> None:
        pause = min(2 ** min(row.attempts, 6), PAUSE_MOST_S)
        due = self.exchanges.ctx.now().plus(pause)
        await self.exchanges.ctx.store.write(lambda tx: tx.outbox.later(row.id, due, why))

    def _known(self, tx: Tx, rel_id: str) -> tuple[RelationshipRow, Letter]:
        rel = tx.relationships.get(rel_id)
        assert rel is not None
        return rel, self.exchanges.introductions.letter_of(tx, rel)

    def _over(
        self, tx: Tx, rel: RelationshipRow, row: OutboxRow, *, pid: str, why: tuple[str, str]
    ) -> None:
        """End a process that the counterpart or we ourselves cannot go on with."""
        tx.outbox.done(row.id)
        process = self.exchanges.find(tx, rel, pid)
        if process is not None and not process.ended:
            self.exchanges.keep(tx, rel, undelivered(process, code=why[0], reason=why[1]))
            tx.on_commit(lambda: self.exchanges.drop(pid))

    async def _deliver(
        self, rel: RelationshipRow, letter: Letter, row: OutboxRow, *, payload: JsonObject
    ) -> None:
        client = self.peers.dsp_client(rel, letter)
        body = base64url.decode(str(payload["body"]), what="A stored message")
        answer = await client.post(str(payload["path"]), body, "application/json")
        if answer.status >= 500 or answer.status == 429:
            raise UnavailableError(
                "sharing.busy", f"The counterpart's node answered with status {answer.status}."
            )
        shut = not_let_in(answer.status, answer.body)
        if shut is not None:
            raise UnavailableError(
                "sharing.not_let_in", f"The counterpart's node does not let us in: {shut}"
            )

        def settle(tx: Tx) -> None:
            tx.outbox.done(row.id)
            process = self.exchanges.find(tx, rel, str(payload["pid"]))
            if process is None or (process.pending is None and process.ended):
                return
            if answer.status >= 400:
                told = read_error(answer.body, family=process.family)
                process = undelivered(process, code=told.code, reason=told.reason)
                ended = process.pid
                tx.on_commit(lambda: self.exchanges.drop(ended))
            else:
                peer_pid: str | None = None
                if str(payload["path"]).endswith(("/request", "/offers")):
                    said = read_process(answer.body, family=process.family)
                    ours = process.pid == said.provider_pid
                    peer_pid = said.consumer_pid if ours else said.provider_pid
                process = acknowledged(process, peer_pid=peer_pid)
            self.exchanges.keep(tx, rel, process)
            self.advanced(tx, rel, process)

        await self.exchanges.ctx.store.write(settle)
