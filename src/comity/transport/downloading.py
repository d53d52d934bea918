"""Large answers, read in threads of their own: one hop for each MiB, and no copies on the way.

An event loop reads TLS record by record, each with its own wake-up; over a GiB that costs three
times the work of a blocking socket. Calls that bring large bodies are therefore made here, on the
same pinned contexts, with the same bounds on size, slowness and form. Whatever came before a cut
is given out before the cut is said. Source: spec 6.4, 6.5; ``bench/dataplane.py`` for the figures.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final, TypeVar
from urllib.parse import urlsplit

import attrs

from comity.foundation.errors import UnavailableError
from comity.transport.limits import (
    BODY_WAIT_S,
    BYTES_PER_S_MIN,
    CONNECT_WAIT_S,
    DOWNLOADS_MAX,
    PIECE_BYTES,
)
from comity.transport.troubles import no_answer, too_large, too_slow, unreachable

T = TypeVar("T")

#: A piece that is not full after so long is given out as it is.
_PIECE_WAIT_S: Final = 0.5
_THREADS: Final = ThreadPoolExecutor(max_workers=DOWNLOADS_MAX, thread_name_prefix="data")


@attrs.frozen(kw_only=True)
class LargeCall:
    """A call without body whose answer may be large.

    Attributes:
        method: GET or HEAD.
        origin: ``https://host:port``, or ``http://...`` where ``context`` is None.
        target: Path and query.
        headers: All headers of the call but ``host``.
        context: Checks who answers; None for plain http.
        bytes_max: Largest accepted answer.
    """

    method: str
    origin: str
    target: str
    headers: Mapping[str, str]
    context: ssl.SSLContext | None
    bytes_max: int


@attrs.frozen(kw_only=True)
class LargeAnswer:
    """An answer whose body is read in pieces; header names are lower-case.

    A piece is valid until the next but one is asked for: its memory is used again.
    """

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes | memoryview]


@asynccontextmanager
async def download(
    call: LargeCall, *, check: Callable[[int, Mapping[str, str]], None]
) -> AsyncIterator[LargeAnswer]:
    """Give the answer to ``call``, its body unread; leaving the block ends the connection.

    Args:
        call: What is asked, of whom.
        check: Raises where status and headers already say that the answer is not to be read.

    Raises:
        UnavailableError: ``transport.unreachable``, ``transport.timeout``, ``transport.slow``.
        PeerError: ``transport.pin``, ``transport.answer_size``; whatever ``check`` raises.
    """
    reader = _Reader(call)
    jobs = _Jobs(reader)
    try:
        status, headers = await jobs.run(reader.open)
        check(status, headers)
        yield LargeAnswer(status=status, headers=headers, chunks=_pieces(reader, jobs))
    finally:
        jobs.end()


class _Jobs:
    """What the threads do for one download, one thing at a time."""

    def __init__(self, reader: "_Reader") -> None:
        self._reader = reader
        self._running: Future[object] | None = None

    async def run(self, work: Callable[[], T]) -> T:
        job = _THREADS.submit(work)
        self._running = job  # type: ignore[assignment]  # of which kind does not matter for its end
        return await asyncio.wrap_future(job)

    def end(self) -> None:
        """Break the connection; whoever reads it in a thread closes it when it wakes up."""
        self._reader.abort()
        if self._running is None:
            self._reader.close()
        else:
            self._running.add_done_callback(lambda _: self._reader.close())


async def _pieces(reader: "_Reader", jobs: _Jobs) -> AsyncIterator[bytes | memoryview]:
    while piece := await jobs.run(reader.read):
        yield piece


class _Reader:
    """The connection of one download, used by one thread at a time."""

    def __init__(self, call: LargeCall) -> None:
        self._call = call
        parts = urlsplit(call.origin)
        host, port = parts.hostname or "", parts.port
        self._connection: HTTPConnection = (
            HTTPConnection(host, port, timeout=CONNECT_WAIT_S)
            if call.context is None
            else HTTPSConnection(host, port, timeout=CONNECT_WAIT_S, context=call.context)
        )
        self._response: HTTPResponse | None = None
        self._buffers: list[memoryview] = []
        self._size, self._count, self._began = 0, 0, 0.0
        self._cut: Exception | None = None
        self._aborted = False

    def open(self) -> tuple[int, dict[str, str]]:
        """Make the call; return status and headers of the answer."""
        call, connection = self._call, self._connection
        try:
            connection.connect()
            self._live_socket().settimeout(BODY_WAIT_S)
            connection.request(call.method, call.target, headers=dict(call.headers))
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            raise self._broken(error) from error
        self._response, self._began = response, time.monotonic()
        self._buffers = [memoryview(bytearray(PIECE_BYTES)) for _ in range(2)]
        return response.status, {name.lower(): value for name, value in response.getheaders()}

    def read(self) -> memoryview | None:
        """Return the next piece, None at the end; a cut is said after what came before it."""
        if self._cut is not None:
            raise self._broken(self._cut) from self._cut
        buffer = self._buffers[self._count % 2]
        self._count += 1
        filled = self._fill(buffer)
        self._size += filled
        if self._size > self._call.bytes_max:
            raise too_large(self._call.bytes_max)
        if time.monotonic() - self._began > BODY_WAIT_S + self._size / BYTES_PER_S_MIN:
            raise too_slow()
        if filled == 0 and self._cut is not None:
            raise self._broken(self._cut) from self._cut
        return buffer[:filled] if filled else None

    def _fill(self, buffer: memoryview) -> int:
        response = self._response
        assert response is not None
        filled, end = 0, time.monotonic() + _PIECE_WAIT_S
        try:
            while filled < len(buffer) and (filled == 0 or time.monotonic() < end):
                came = response.readinto(buffer[filled:])
                if came == 0:
                    if response.length:
                        self._cut = ConnectionError(f"{response.length} bytes are missing")
                    break
                filled += came
        except (OSError, HTTPException, ValueError) as error:
            self._cut = error
        return filled

    def abort(self) -> None:
        """Wake whoever reads; from any thread, at any time."""
        self._aborted = True
        sock: socket.socket | None = self._connection.sock
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own: it is in use

    def close(self) -> None:
        """Close the connection."""
        if self._response is not None:
            self._response.close()
        self._connection.close()

    def _live_socket(self) -> socket.socket:
        sock: socket.socket | None = self._connection.sock
        if sock is None or self._aborted:
            raise ConnectionAbortedError("ended by us")
        return sock

    def _broken(self, error: Exception) -> UnavailableError:
        if isinstance(error, TimeoutError):
            return no_answer(self._call.origin)
        return unreachable(self._call.origin, error)
