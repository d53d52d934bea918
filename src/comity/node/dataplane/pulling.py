"""Pulling bytes: from where the last attempt ended, in constant memory, hashed as they come.

One attempt is one call. Reading the next piece and writing the last one go side by side, in
threads; the event loop only hands over. What came stays under the key of the pull, whatever ended
the attempt. Source: docs/spec/07-sharing.md 7.7.3, 7.7.5.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

import attrs

from comity.foundation.errors import ComityError, PeerError, UnavailableError
from comity.node.dataplane.accesses import Access
from comity.protocols.problems import PROBLEM_BYTES_MAX, read_problem
from comity.sharing import resuming
from comity.sharing.resuming import Progress
from comity.storage.files import KeptWriter
from comity.transport.downloading import LargeAnswer

#: What an answer may have beyond the bytes that were agreed, before it is broken off.
SLACK_BYTES: Final = 1 << 16


class DataClient(Protocol):
    """Makes the call; it knows the pinned address and how the counterpart wants to be called."""

    def download(
        self, method: str, path: str, *, headers: Mapping[str, str], bytes_max: int
    ) -> AbstractAsyncContextManager[LargeAnswer]:
        """Give the answer to a call without body, its body unread."""
        ...


@attrs.frozen(kw_only=True)
class Wanted:
    """What is pulled: where, with which token, and what it must turn out to be."""

    path: str
    token: str = attrs.field(repr=False)
    size: int
    sha256: str


async def pull(
    client: DataClient,
    wanted: Wanted,
    *,
    writer: KeptWriter,
    access: Access,
    look: Callable[[LargeAnswer], Awaitable[bool]],
) -> bool:
    """Take in what is missing; return False if ``look`` refused the answer.

    Args:
        client: Makes the call.
        wanted: What is pulled.
        writer: Holds what came before, and takes the rest.
        access: Ends the run from outside.
        look: Decides on the head of the answer, before the first byte is taken in.

    Raises:
        UnavailableError: ``sharing.cut_off``, ``sharing.data_busy``, ``transport.*``, ``files.*``:
            go on later.
        RefusedError: What the sender refused by a code of its own; ``sharing.data_refused``.
        PeerError: ``sharing.range``, ``files.too_large``, ``transport.*``.
    """
    have = Progress(have=writer.size, idle=0, anew=0)
    headers = {
        "authorization": f"Bearer {wanted.token}",
        **resuming.headers_for(have, sha256=wanted.sha256),
    }
    bytes_max = wanted.size + SLACK_BYTES
    access.check()
    async with client.download("GET", wanted.path, headers=headers, bytes_max=bytes_max) as answer:
        if answer.status not in {200, 206}:
            raise await _refusal(answer)
        span = resuming.joined(
            writer.size, status=answer.status, headers=answer.headers, size=wanted.size
        )
        if not await look(answer):
            return False
        if span.start == 0 and writer.size:
            await asyncio.to_thread(writer.restart)
        access.begin(writer.size)
        access.check()
        await access.within(_take(answer, writer, access), limit_s=None)
        return True


async def _take(answer: LargeAnswer, writer: KeptWriter, access: Access) -> None:
    loop = asyncio.get_running_loop()
    writing: asyncio.Future[None] | None = None
    try:
        async for chunk in answer.chunks:
            if writing is not None:
                await writing
            writing = loop.run_in_executor(None, writer.write, chunk)
            access.moved += len(chunk)
    finally:
        if writing is not None:
            await asyncio.wait({writing})  # nobody closes a file that a thread writes
    if writing is not None:
        await writing


async def _refusal(answer: LargeAnswer) -> ComityError:
    """Return what the other side says instead of giving data."""
    said = bytearray()
    async for chunk in answer.chunks:
        said += chunk[: PROBLEM_BYTES_MAX - len(said)]
    problem = read_problem(bytes(said), status=answer.status)
    if answer.status in {408, 429} or answer.status >= 500:
        return UnavailableError("sharing.data_busy", "The counterpart cannot give the data now.")
    if problem.code in {"sharing.token", "sharing.not_started"}:
        return problem.error()
    return PeerError("sharing.data_refused", f"The counterpart gives nothing: {problem.detail}")
