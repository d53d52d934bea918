"""Bringing what is recorded to the counterpart, again and again until they hold it.

One task per relationship, woken by commits: no polling decides latency. What cannot be delivered
is tried again with growing pauses and is never given up. Source: design 9; record.md 4.9.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import attrs

from comity.foundation.errors import ComityError, UnavailableError
from comity.foundation.ports import Chance, Clock

_log: Final = logging.getLogger(__name__)
PAUSE_FIRST_S: Final = 0.2
PAUSE_MOST_S: Final = 30.0


@attrs.define(kw_only=True)
class Trouble:
    """Why nothing gets through to a counterpart, and since when."""

    since: str
    code: str
    message: str
    attempts: int


@attrs.define(kw_only=True)
class _Line:
    woken: asyncio.Event = attrs.field(factory=asyncio.Event)
    refresh: bool = False
    task: asyncio.Task[None] | None = None
    trouble: Trouble | None = None
    rounds: int = 0


@attrs.define(kw_only=True)
class Delivery:
    """The tasks that deliver; lives on the event loop of the node.

    Attributes:
        push: Delivers everything a relationship has for its counterpart; ``refresh`` asks for a
            fresh cosignature even where nothing is new. Raises ComityError if it did not work.
        clock: Dates troubles.
        chance: Jitter for pauses.
    """

    push: Callable[[str, bool], Awaitable[None]]
    clock: Clock
    chance: Chance
    _lines: dict[str, _Line] = attrs.field(factory=dict)
    _loop: asyncio.AbstractEventLoop | None = None
    _moved: asyncio.Condition = attrs.field(factory=asyncio.Condition)

    def start(self, relationships: list[str]) -> None:
        """Start delivering for these relationships; call on the event loop."""
        self._loop = asyncio.get_running_loop()
        for name in relationships:
            self._wake(name, refresh=False)

    def wake(self, name: str, *, refresh: bool = False) -> None:
        """Deliver now what there is for a relationship; callable from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: self._wake(name, refresh=refresh))

    def _wake(self, name: str, *, refresh: bool) -> None:
        line = self._lines.setdefault(name, _Line())
        line.refresh = line.refresh or refresh
        line.woken.set()
        if line.task is None:
            line.task = asyncio.get_running_loop().create_task(self._run(name, line))

    async def _run(self, name: str, line: _Line) -> None:
        pause = PAUSE_FIRST_S
        while True:
            if line.trouble is None:
                await line.woken.wait()
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._jitter(pause)):  # wait_for can swallow the end
                        await line.woken.wait()
                pause = min(pause * 2, PAUSE_MOST_S)
            line.woken.clear()
            refresh, line.refresh = line.refresh, False
            try:
                await self.push(name, refresh)
            except Exception as fault:  # noqa: BLE001 - delivery must survive a fault of ours
                error = _as_comity(fault)
                line.refresh = line.refresh or refresh
                attempts = line.trouble.attempts + 1 if line.trouble else 1
                since = line.trouble.since if line.trouble else str(self.clock.now())
                line.trouble = Trouble(
                    since=since, code=error.code, message=error.message, attempts=attempts
                )
            else:
                line.trouble, pause = None, PAUSE_FIRST_S
            async with self._moved:
                line.rounds += 1
                self._moved.notify_all()

    def _jitter(self, pause: float) -> float:
        return pause * (0.5 + self.chance.token(1)[0] / 256)

    def trouble(self, name: str) -> Trouble | None:
        """Return why a relationship's delivery does not work at present, or None."""
        line = self._lines.get(name)
        return line.trouble if line else None

    def heard(self, name: str) -> None:
        """Note that the counterpart called us: if we were pausing, try again now."""
        if self.trouble(name) is not None:
            self.wake(name)

    async def flush(
        self, name: str, *, delivered: Callable[[], Awaitable[bool]], timeout_s: float
    ) -> bool:
        """Return whether everything was delivered within ``timeout_s`` seconds."""
        try:
            async with asyncio.timeout(timeout_s):
                async with self._moved:
                    while not await delivered():
                        if self.trouble(name) is not None:
                            return False
                        await self._moved.wait()
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        """Stop all tasks; what was not delivered is delivered after the next start."""
        tasks = [line.task for line in self._lines.values() if line.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lines.clear()


def _as_comity(fault: Exception) -> ComityError:
    """Return the error, or what an official reads where the fault is our own."""
    if isinstance(fault, ComityError):
        return fault
    _log.exception("delivery met a fault", exc_info=fault)
    return UnavailableError(
        "node.delivery_fault", "Our own node has a fault; its log says more. It tries again."
    )
