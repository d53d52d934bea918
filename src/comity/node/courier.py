"""Work that the outbox holds, carried out as soon as it may be: no polling, nothing lost.

A row is put in the transaction that orders it. Once that is durable its work is planned in memory,
to the millisecond; after a restart the rows that are left are planned anew. Work under one key is
done in the order in which it was put, the next when the one before is done. A piece of work that
fails for now stays, with what was said, and is tried again with growing pauses and jitter. Source:
design 9; dataspace-protocol 7; ``docs/spec/09-connectors.md`` 9.7.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

import attrs

from comity.foundation.canonical import JsonObject, canonical, parse
from comity.foundation.errors import UnavailableError
from comity.foundation.ports import Chance
from comity.node.context import Context
from comity.storage.tx import Tx

_log: Final = logging.getLogger(__name__)
#: Pauses before the second, third, ... attempt, in milliseconds; the last one stays.
PAUSES_MS: Final = (200, 400, 800, 1_600, 3_200, 10_000, 30_000, 60_000)
#: A fact of the error by which an attempt ends that came further: pauses begin anew.
MOVED: Final = "moved"


@attrs.frozen(kw_only=True)
class Errand:
    """One piece of work, as its handler gets it.

    Attributes:
        fresh: Whether it is carried out as it was ordered, the moment that was durable: nothing
            has waited, and nothing was before it in its line.
    """

    row: int
    topic: str
    key: str
    payload: JsonObject
    attempts: int
    fresh: bool


#: Carries out one errand; ``Courier.done`` belongs into its unit of work. UnavailableError: later.
Carrier: TypeAlias = Callable[[Errand], Awaitable[None]]


@attrs.define(kw_only=True)
class Courier:
    """Carries out the rows of certain topics, each as soon as it may be.

    Attributes:
        carriers: What carries out a topic.
    """

    ctx: Context
    carriers: Mapping[str, Carrier]
    _lines: dict[tuple[str, str], deque[tuple[Errand, float]]] = attrs.field(factory=dict)
    _timers: dict[tuple[str, str], asyncio.TimerHandle] = attrs.field(factory=dict)
    _tasks: set[asyncio.Task[None]] = attrs.field(factory=set)
    _loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Plan what an earlier run left."""
        self._loop = asyncio.get_running_loop()
        now = self.ctx.now()

        def left(tx: Tx) -> list[tuple[Errand, int]]:
            found: list[tuple[Errand, int]] = []
            for topic in self.carriers:
                for row in tx.outbox.list(topic):
                    payload = parse(row.payload)
                    assert isinstance(payload, Mapping)
                    errand = Errand(
                        row=row.id,
                        topic=topic,
                        key=row.key,
                        payload=payload,
                        attempts=row.attempts,
                        fresh=False,
                    )
                    found.append((errand, 1000 * max(0, row.due.seconds - now.seconds)))
            return found

        for errand, delay_ms in await self.ctx.store.read(left):
            self._plan(errand, delay_ms)

    async def stop(self) -> None:
        """Stop; what is not done stays in the outbox."""
        self._loop = None
        for timer in self._timers.values():
            timer.cancel()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- inside a unit of work ----------------------------------------------------------------

    def put(  # what is to be done, in which order, and when
        self, tx: Tx, topic: str, key: str, *, payload: JsonObject, delay_ms: int = 0
    ) -> None:
        """Order work; it is planned once ``tx`` is durable.

        Args:
            tx: The unit of work.
            topic: Which carrier.
            key: Work of one topic and key is done in order.
            payload: What the carrier needs.
            delay_ms: Not before that many milliseconds have passed; also after a restart, then
                to the second.
        """
        due = self.ctx.now().plus(-(-delay_ms // 1000))
        row = tx.outbox.put(topic, key, canonical(payload), due=due)
        errand = Errand(row=row, topic=topic, key=key, payload=payload, attempts=0, fresh=True)
        tx.on_commit(lambda: self._soon(lambda: self._plan(errand, delay_ms)))

    def done(self, tx: Tx, errand: Errand) -> None:
        """Take the errand off the list, in the unit of work that settles it."""
        tx.outbox.done(errand.row)

    def cancel(self, tx: Tx, topic: str, key: str) -> None:
        """Take all work under a key off the list; what is on its way is not called back.

        It ends as it ends, and finds that its row is gone.
        """
        if tx.outbox.cancel(topic, key):
            tx.on_commit(lambda: self._soon(lambda: self._drop(topic, key)))

    # --- in the event loop --------------------------------------------------------------------

    def _soon(self, work: Callable[[], None]) -> None:
        """Have ``work`` done by the event loop; called on the writer's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work)

    def _plan(self, errand: Errand, delay_ms: int) -> None:
        """Put an errand at the end of its line; the line may stand still until it is due."""
        loop = self._loop
        if loop is None:
            return
        place = errand.topic, errand.key
        line = self._lines.setdefault(place, deque())
        if line or delay_ms:
            errand = attrs.evolve(errand, fresh=False)
        line.append((errand, loop.time() + delay_ms / 1000))
        if len(line) == 1:
            self._first(place)

    def _first(self, place: tuple[str, str]) -> None:
        """Carry out the first errand of a line once it is due."""
        loop, line = self._loop, self._lines[place]
        self._timers.pop(place, None)
        if loop is None:
            return
        errand, due = line[0]
        wait_s = due - loop.time()
        if wait_s > 0:
            # An event loop counts in milliseconds of 32 bits; later is planned in steps of a day.
            timer = loop.call_later(min(wait_s, 86_400), self._first, place)
            self._timers[place] = timer
            return
        task = loop.create_task(self._attempt(errand))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _drop(self, topic: str, key: str) -> None:
        """Forget what waits; what is being carried out right now goes on."""
        place = topic, key
        line, timer = self._lines.get(place), self._timers.pop(place, None)
        if timer is not None:
            timer.cancel()
            del self._lines[place]
            return
        while line is not None and len(line) > 1:
            line.pop()

    async def _attempt(self, errand: Errand) -> None:
        try:
            await self.carriers[errand.topic](errand)
        except UnavailableError as error:
            anew = error.facts.get(MOVED) is True
            await self._again(attrs.evolve(errand, attempts=0) if anew else errand, error.message)
            return
        except Exception:  # noqa: BLE001  # a fault of ours must not lose the work
            _log.exception("carrying out %s met a fault", errand.topic)
            await self._again(errand, "Our own node has a fault; its log says more.")
            return
        self._next(errand)

    def _next(self, errand: Errand) -> None:
        place = errand.topic, errand.key
        line = self._lines[place]
        line.popleft()
        if line:
            self._first(place)
        else:
            del self._lines[place]

    async def _again(self, errand: Errand, why: str) -> None:
        pause = pause_ms(errand.attempts, chance=self.ctx.chance)
        due = self.ctx.now().plus(-(-pause // 1000))

        def keep(tx: Tx) -> bool:
            left = any(row.id == errand.row for row in tx.outbox.list(errand.topic))
            if left:
                tx.outbox.claim(errand.row, due)
                tx.outbox.later(errand.row, due, why)
            return left

        if not await self.ctx.store.write(keep):
            self._next(errand)
            return
        place, loop = (errand.topic, errand.key), self._loop
        if loop is None:
            return
        again = attrs.evolve(errand, attempts=errand.attempts + 1, fresh=False)
        self._lines[place][0] = again, loop.time() + pause / 1000
        self._first(place)


def pause_ms(attempts: int, *, chance: Chance) -> int:
    """Return how long to wait before the next attempt, in milliseconds: growing, with jitter.

    Args:
        attempts: How often it was tried before.
        chance: Draws the jitter, up to a tenth more.
    """
    base = PAUSES_MS[min(attempts, len(PAUSES_MS) - 1)]
    return base + base * chance.token(1)[0] // 2560
