"""Watching the dates that the record names: windows, entries into force, ends, timed suspensions.

A date changes nothing by itself here: the views are computed with the time. What has to happen when
one passes is that both sides learn of it: a closed window needs a fresh cosignature, so that the
record shows that no signature came in time. Source: design 13.6, 13.7.
"""

import asyncio
import contextlib
import logging
from typing import Final, Protocol

import attrs

from comity.agreements.attempts import Outcome
from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant
from comity.node.context import HOUSE, Context
from comity.node.delivery import Delivery
from comity.node.instruments import Instruments
from comity.node.ledger import NewAct
from comity.record.checkpoint import Checkpoint
from comity.record.house import anchor
from comity.storage.tx import Tx


class Dated(Protocol):
    """A desk whose things have times at which our node acts by itself, as its people said."""

    def coming(self, tx: Tx) -> tuple[bool, Instant | None]:
        """Return whether something is due, and the next time at which something is."""
        ...

    def release_due(self, tx: Tx) -> None:
        """Do what is due."""
        ...


_log: Final = logging.getLogger(__name__)
#: How often the house log is anchored, in seconds.
ANCHOR_S: Final = 86_400
#: How long after a change the folded state is written down, in seconds.
KEEP_AFTER_S: Final = 2.0


@attrs.define(kw_only=True)
class Timers:
    """One task that sleeps until the next date."""

    ctx: Context
    instruments: Instruments
    delivery: Delivery
    dated: Dated | None = None
    _woken: asyncio.Event = attrs.field(factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin watching."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def wake(self) -> None:
        """Look at the dates again: something changed."""
        self._woken.set()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                pause = await self._once()
            except Exception:  # noqa: BLE001 - the watch must survive a fault of ours
                _log.exception("watching the dates met a fault")
                pause = 60.0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):  # wait_for can swallow a cancellation
                    await self._woken.wait()

    async def _once(self) -> float:
        """Do what is due; return how long nothing is, in seconds."""
        await self.ctx.store.write(self._anchor)
        later = await self._release()
        self._keep()
        waiting, due = await self.ctx.store.read(self._look)
        for rel_id in waiting:
            self.delivery.wake(rel_id, refresh=True)
        if waiting:
            return 1.0
        times = [each.seconds for each in (due, later) if each is not None]
        coming = min(times) + 1 - self.ctx.now().seconds if times else ANCHOR_S
        return float(max(1, min(coming, ANCHOR_S)))

    async def _release(self) -> Instant | None:
        """Release what both sides ordered for now; return the next time of a release."""
        if self.dated is None:
            return None
        due, coming = await self.ctx.store.read(self.dated.coming)
        if due:
            await self.ctx.store.write(self.dated.release_due)
        return coming

    def _keep(self) -> None:
        """Write the folded states down once things have calmed: they cost as much as a text."""
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.get_running_loop().create_task(self._keep_soon())

    async def _keep_soon(self) -> None:
        await asyncio.sleep(KEEP_AFTER_S)
        await self.ctx.store.write(self.ctx.folding.store_all)

    def _anchor(self, tx: Tx) -> None:
        """Commit to the house log's head once a day in each relationship's log.

        The cadence is fixed, so that it tells nothing of how much goes on in the house.
        """
        now = self.ctx.now()
        for rel in tx.relationships.list():
            kept = tx.things.get(HOUSE, "anchor", rel.rel_id)
            last = Instant.parse(str(kept.value["at"])) if kept else rel.created
            if rel.status != "open" or now.seconds - last.seconds < ANCHOR_S:
                continue
            head = tx.logs.head(self.ctx.ledger.house_origin)
            checkpoint = Checkpoint(origin=head.origin, size=head.size, root=head.root)
            key = self.ctx.chance.token(32)
            act = NewAct(kind="anchor.house", data={"commitment": anchor(checkpoint, key)})
            recorded = self.ctx.ledger.append(tx, rel, act)
            value: JsonObject = {
                "at": str(now),
                "key": key.hex(),
                "size": head.size,
                "root": head.root.hex(),
                "entry": recorded.n,
            }
            tx.things.put(HOUSE, "anchor", rel.rel_id, value=value)
            tx.things.add(HOUSE, "anchor_key", f"{rel.rel_id}/{recorded.n}", value=value)

    def _look(self, tx: Tx) -> tuple[set[str], Instant | None]:
        """Return the relationships that need a fresh cosignature now, and the next date."""
        now = self.ctx.now()
        waiting: set[str] = set()
        coming: list[Instant] = []
        everywhere = [
            found for rel in tx.relationships.list() for found in self.instruments.signing(tx, rel)
        ]
        for found in everywhere:
            for attempt in found.view.attempts:
                if attempt.outcome in {Outcome.SIGNING, Outcome.PROPOSED}:
                    closes = attempt.manifest.closes
                    if now > closes:
                        waiting.add(found.rel.rel_id)
                    else:
                        coming.append(closes)
        return waiting, min(coming, default=None)

    async def stop(self) -> None:
        """Stop watching."""
        tasks = [task for task in (self._task, self._keeping) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
