"""Pages that people look at are computed anew soon after an act, and never for long at a stretch.

The first act after a rest sets the time; what follows it does not put it off, so that a busy
relationship is not left behind. Between two renewals lies a rest in proportion to the work. Source:
agreements.md D6 (journey 14).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import attrs

#: How long after an act a page that people look at is computed anew, in seconds.
RENEW_AFTER_S: Final = 1.0
#: How many times as long as it took to compute a page the node rests before it does so again.
REST: Final = 10


@attrs.define(kw_only=True)
class Renewals:
    """The renewals to come, one for each relationship at the most.

    Attributes:
        renew: What computes the page of a relationship anew; returns whether there was one.
    """

    renew: Callable[[str], Awaitable[bool]]
    _timers: dict[str, asyncio.TimerHandle] = attrs.field(factory=dict)
    _rested: dict[str, float] = attrs.field(factory=dict)
    _tasks: set[asyncio.Task[None]] = attrs.field(factory=set)

    def soon(self, rel_id: str) -> None:
        """Have the page of a relationship ready again; a renewal that is to come is enough."""
        if rel_id in self._timers:
            return
        loop = asyncio.get_running_loop()
        wait = max(RENEW_AFTER_S, self._rested.get(rel_id, 0.0) - loop.time())
        self._timers[rel_id] = loop.call_later(wait, self._begin, rel_id)

    def _begin(self, rel_id: str) -> None:
        del self._timers[rel_id]
        task = asyncio.get_running_loop().create_task(self._renew(rel_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _renew(self, rel_id: str) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        if await self.renew(rel_id):
            ended = loop.time()
            self._rested[rel_id] = ended + REST * (ended - begun)

    async def stop(self) -> None:
        """Begin no more of them, and wait for those that run."""
        for timer in self._timers.values():
            timer.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
