"""Which bytes are on their way now: ending them at once, and how fast they may go.

An access is one run of bytes under one name, such as a transfer's id. Whoever takes the permission
away calls ``cut``: a run that waits for a slow peer ends too. Source: docs/spec/07-sharing.md
7.7.7, 7.7.8.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import attrs

from comity.foundation.errors import UnavailableError
from comity.sharing import pace
from comity.sharing.pace import Bucket, Rate
from comity.transport.limits import PIECE_BYTES

#: Pieces are at least this large, however slow they go.
_PIECE_BYTES_MIN: Final = 16 << 10


class Access:
    """One run of bytes.

    Attributes:
        first: At which byte it began.
        moved: How far it is, for people; gone with the run.
        over: Why it must end; None while it may go on.
    """

    def __init__(self) -> None:
        self.first = self.moved = 0
        self.over: str | None = None
        self._loop = asyncio.get_running_loop()
        self._limit: asyncio.Timeout | None = None

    def begin(self, first: int) -> None:
        """Note the byte at which the run begins."""
        self.first = self.moved = first

    def cut(self, why: str) -> None:
        """End the run, also where it waits for its peer; from any thread."""
        self.over = self.over or why
        with suppress(RuntimeError):  # the loop has ended, and every run with it
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._limit is not None:
            self._limit.reschedule(self._loop.time())

    def check(self) -> None:
        """Return if the run may go on.

        Raises:
            UnavailableError: ``sharing.cut_off``.
        """
        if self.over is not None:
            raise UnavailableError("sharing.cut_off", self.over)

    async def within(self, work: Awaitable[None], *, limit_s: float | None) -> None:
        """Do one step of the run; it ends when the run is cut, or after ``limit_s`` seconds.

        Raises:
            UnavailableError: ``sharing.cut_off``; ``sharing.slow``: the peer takes nothing.
        """
        try:
            async with asyncio.timeout(limit_s) as self._limit:
                await work
        except TimeoutError as error:
            self.check()
            raise UnavailableError(
                "sharing.slow", f"The other side took no data for {limit_s} seconds."
            ) from error
        finally:
            self._limit = None
        self.check()


@attrs.frozen
class Accesses:
    """All runs of this node, by name."""

    _runs: dict[str, list[Access]] = attrs.field(factory=dict)

    @contextmanager
    def open(self, name: str) -> Iterator[Access]:
        """Give a new run; opened before it is ruled on, so that no cut is missed."""
        access = Access()
        self._runs.setdefault(name, []).append(access)
        try:
            yield access
        finally:
            self._runs[name].remove(access)
            if not self._runs[name]:
                del self._runs[name]

    def cut(self, name: str, why: str = "Permission for this transfer has ended.") -> None:
        """End all runs under a name."""
        for access in tuple(self._runs.get(name, ())):
            access.cut(why)

    def moved(self, name: str) -> int | None:
        """Return how many bytes the furthest run under a name has moved; None if there is none."""
        return max((access.moved for access in tuple(self._runs.get(name, ()))), default=None)


class Pacer:
    """Holds one run to a rate, and all runs of a node to another; None is no bound."""

    def __init__(
        self,
        *,
        each: Rate | None,
        node: "Pacer | None",
        now_s: Callable[[], float],
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate, self._node, self._now_s, self._rest = each, node, now_s, rest
        self._bucket: Bucket | None = None

    @property
    def piece_bytes(self) -> int:
        """How large a piece should be, so that a slow run moves about four times a second."""
        own = PIECE_BYTES if self._rate is None else self._rate.bytes_per_s // 4
        above = PIECE_BYTES if self._node is None else self._node.piece_bytes
        return max(_PIECE_BYTES_MIN, min(PIECE_BYTES, own, above))

    async def go(self, size: int, access: Access) -> None:
        """Return once ``size`` bytes may go, or raise once ``access`` is cut; as ``within``."""
        wait_s = self.owed_s(size)
        if wait_s > 0:
            await access.within(self._rest(wait_s), limit_s=None)

    def owed_s(self, size: int) -> float:
        """Return how long ``size`` bytes have to wait, which are then taken as gone."""
        above = 0.0 if self._node is None else self._node.owed_s(size)
        if self._rate is None:
            return above
        at_s = self._now_s()
        bucket = self._bucket or pace.full(self._rate, at_s=at_s)
        self._bucket, wait_s = pace.take(bucket, self._rate, size=size, at_s=at_s)
        return max(wait_s, above)


@attrs.frozen(kw_only=True)
class Pacing:
    """The pace of all runs of a node and of each; None is no bound."""

    each: Rate | None
    now_s: Callable[[], float]
    node: Pacer

    @classmethod
    def of(cls, *, each: Rate | None, node: Rate | None, now_s: Callable[[], float]) -> "Pacing":
        """Return the pace of a node that has begun nothing yet."""
        return cls(each=each, now_s=now_s, node=Pacer(each=node, node=None, now_s=now_s))

    def run(self) -> Pacer:
        """Return the pace of one more run."""
        return Pacer(each=self.each, node=self.node, now_s=self.now_s)
