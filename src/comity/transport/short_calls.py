"""Short calls on kept connections: one write, one answer read whole, and nothing between.

A message of ours is small and so is its answer; what a general library does for each of them
(streams, pools that look at every connection, bodies in layers) cost more than half of a
negotiation. Here a call is one write on a connection that is kept for the next, and the parser
that reads the server's requests reads the answer. Bounds on form, size and slowness are those of
every call; nothing is followed, decoded or tried again. Source: spec 6.4, 6.5; RFC 9112;
``bench/dsp.py`` for the figures.
"""

import asyncio
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final, cast
from urllib.parse import urlsplit

import attrs
import httptools

from comity.foundation.errors import ComityError, PeerError, UnavailableError
from comity.transport.limits import (
    ANSWER_HEAD_BYTES_MAX,
    BODY_WAIT_S,
    BYTES_PER_S_MIN,
    CONNECT_WAIT_S,
)
from comity.transport.tls import wrong_key
from comity.transport.troubles import no_answer, too_large, too_slow, unreachable

#: Calls to one origin that are under way at once; more wait their turn.
CONNECTIONS_MAX: Final = 64
#: Connections that are kept while nothing is called.
KEPT_MAX: Final = 32
#: From here on an answer is an error, and no part of its body is needed to know that.
ERROR_STATUS: Final = 400
_TARGET: Final = re.compile(r"/[!-~]*", re.ASCII)
_NAME: Final = re.compile(r"[a-z0-9-]+", re.ASCII)
#: No line end, so that no header brings another; the rest is the receiver's affair.
_VALUE: Final = re.compile(r"[ -~\t]*", re.ASCII)


@attrs.frozen(kw_only=True)
class ShortCall:
    """What is asked.

    Attributes:
        method: GET or POST.
        target: Path and query.
        headers: All headers but ``host`` and ``content-length``; names in lower case.
        content: The body.
        bytes_max: Largest accepted answer.
        wait_s: How long the other side may be silent.
        head_s: How long the head of the answer may take, however many steps that has.
        body_s: How long its body may take before its speed counts.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes
    bytes_max: int
    wait_s: float
    head_s: float = attrs.field(factory=lambda: BODY_WAIT_S)
    body_s: float = attrs.field(factory=lambda: BODY_WAIT_S)


@attrs.frozen(kw_only=True)
class ShortAnswer:
    """The whole answer; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


#: Raises where status and headers already say that an answer is not to be read.
Check = Callable[[int, Mapping[str, str]], None]


class ShortCalls:
    """Calls to one origin; belongs to one event loop."""

    def __init__(
        self, *, origin: str, context: ssl.SSLContext | None, check: Check, unused_s: float
    ) -> None:
        """Prepare; nothing is connected before the first call.

        Args:
            origin: ``https://host:port``, or ``http://...`` where ``context`` is None.
            context: Checks who answers.
            check: Looks at the head of each answer.
            unused_s: How long an unused connection is kept.
        """
        parts = urlsplit(origin)
        secure = parts.scheme == "https"
        self._origin, self._address = origin, parts.netloc
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if secure else 80)
        self._context = context if secure else None
        self._check, self._unused_s = check, unused_s
        self._kept: deque[_Line] = deque()
        self._places = asyncio.Semaphore(CONNECTIONS_MAX)
        self._sweeping: asyncio.TimerHandle | None = None
        self._closed = False

    async def make(self, call: ShortCall) -> ShortAnswer:
        """Return the answer to ``call``.

        Raises:
            UnavailableError: ``transport.unreachable``, ``transport.timeout``, ``transport.slow``.
            PeerError: ``transport.path``, ``transport.pin``, ``transport.answer_size``; whatever
                the check raises.
        """
        head = self._head(call)
        if self._places.locked():
            async with _within(call.wait_s, self._origin):
                await self._places.acquire()
        else:
            await self._places.acquire()  # there is a place: it does not wait
        try:
            line = self._take() or await self._connect(min(call.wait_s, CONNECT_WAIT_S))
            try:
                answer = await line.ask(head + call.content, call)
            except BaseException:
                line.drop()
                raise
            self._keep(line)
            return answer
        finally:
            self._places.release()

    def close(self) -> None:
        """Close what is kept; what is under way ends as it ends, and is not kept."""
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        while self._kept:
            self._kept.pop().drop()

    def _head(self, call: ShortCall) -> bytes:
        if not _TARGET.fullmatch(call.target):
            raise PeerError(
                "transport.path", f"{call.target[:200]!r} is no path that can be called."
            )
        lines = [f"{call.method} {call.target} HTTP/1.1", f"host: {self._address}"]
        for name, value in call.headers.items():
            if not (_NAME.fullmatch(name) and _VALUE.fullmatch(value)):
                raise unreachable(self._origin, ValueError(f"its header {name[:40]} has no form"))
            lines.append(f"{name}: {value}")
        if call.content or call.method == "POST":
            lines.append(f"content-length: {len(call.content)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")

    def _take(self) -> "_Line | None":
        """Return a connection that is kept and alive: the one used last."""
        now = asyncio.get_running_loop().time()
        while self._kept:
            line = self._kept.pop()
            if line.alive and now - line.used < self._unused_s:
                return line
            line.drop()
        return None

    def _keep(self, line: "_Line") -> None:
        if self._closed or not line.alive or len(self._kept) >= KEPT_MAX:
            line.drop()
            return
        line.used = line.loop.time()
        self._kept.append(line)
        if self._sweeping is None:
            self._sweeping = line.loop.call_later(self._unused_s, self._sweep)

    def _sweep(self) -> None:
        """Let go of what was not used for long; the oldest stand first."""
        loop = asyncio.get_running_loop()
        while self._kept and loop.time() - self._kept[0].used >= self._unused_s:
            self._kept.popleft().drop()
        self._sweeping = loop.call_later(self._unused_s, self._sweep) if self._kept else None

    async def _connect(self, wait_s: float) -> "_Line":
        loop = asyncio.get_running_loop()
        try:
            async with _within(wait_s, self._origin):
                _, line = await loop.create_connection(
                    lambda: _Line(loop, self._origin, self._check),
                    self._host,
                    self._port,
                    ssl=self._context,
                    server_hostname=self._host if self._context is not None else None,
                )
        except (OSError, UnicodeError) as error:  # the second: a name that is none
            raise wrong_key(error) or unreachable(self._origin, error) from error
        return line


class _Line(asyncio.Protocol):
    """One connection: asked once, read to the end of the answer, then asked again."""

    def __init__(self, loop: asyncio.AbstractEventLoop, origin: str, check: Check) -> None:
        self.loop, self._origin, self._check = loop, origin, check
        self.alive, self.used = True, 0.0
        self._wire: asyncio.Transport | None = None
        self._asked: asyncio.Future[ShortAnswer] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._begin_answer()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection; its key has been looked at by now."""
        self._wire = cast("asyncio.Transport", transport)  # of a stream

    async def ask(self, data: bytes, call: ShortCall) -> ShortAnswer:
        """Send a call and return its answer."""
        wire = self._wire
        assert wire is not None
        self._call = call
        self._asked = self.loop.create_future()
        self._size, self._began = 0, self.loop.time()
        self._heard = self._began
        self._timer = self.loop.call_later(call.wait_s, self._look)
        wire.write(data)
        try:
            return await self._asked
        finally:
            self._asked = None
            self._timer.cancel()

    def drop(self) -> None:
        """Let go of the connection."""
        self.alive = False
        if self._wire is not None and not self._wire.is_closing():
            self._wire.abort()

    # --- what comes ---------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Read on; what comes unasked ends the connection."""
        if self._asked is None or self._asked.done():
            self.drop()
            return
        self._heard = self.loop.time()
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            # What our own reading raised, the parser wraps; where the answer is whole all is said.
            cause = error.__context__
            self._fail(cause if isinstance(cause, ComityError) else self._garbled(error))
            return
        if self._asked.done():
            return
        if not self._in_body and self._size > ANSWER_HEAD_BYTES_MAX:
            self._fail(self._garbled(ValueError("the head of its answer has no end")))
        elif self._heard > self._began + self._allowed_s():
            self._fail(too_slow())

    def _allowed_s(self) -> float:
        """Return how long the part of the answer that is being read may take."""
        if not self._in_body:
            return self._call.head_s
        return self._call.body_s + self._body_size / BYTES_PER_S_MIN

    def eof_received(self) -> None:
        """End; an answer that says no length ends here."""
        if self._asked is not None and not self._asked.done() and self._in_body and self._to_end:
            self.alive = False
            self._answer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self.alive = False
        self._fail(unreachable(self._origin, exc or ConnectionError("it ended the connection")))

    # --- the parser ---------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Take another answer, unless it was not asked for."""
        if self._asked is None or self._asked.done():
            self.alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; of two with one name the values stand side by side."""
        key, told = name.decode("latin-1").lower(), value.decode("latin-1")
        known = self._headers.get(key)
        self._headers[key] = told if known is None else f"{known}, {told}"

    def on_headers_complete(self) -> None:
        """Look at the head before anything of the body."""
        self._status = self._parser.get_status_code()
        if self._status < 200:
            return
        self._in_body, self._began = True, self._heard
        self.alive = self.alive and self._parser.should_keep_alive()
        self._to_end = not {"content-length", "transfer-encoding"} & set(self._headers)
        self._check(self._status, self._headers)

    def on_body(self, data: bytes) -> None:
        """Keep a part of the body, up to what is accepted; of an error the status says enough."""
        if self._asked is None or self._asked.done():
            return
        self._parts.append(data)
        self._body_size += len(data)
        if self._body_size <= self._call.bytes_max:
            return
        if self._status < ERROR_STATUS:
            raise too_large(self._call.bytes_max)
        self._parts.clear()
        self.alive = False
        self._answer()

    def on_message_complete(self) -> None:
        """Give the answer; what was said in between (1xx) is none."""
        if self._in_body:
            self._answer()
        else:
            self._headers.clear()

    def _answer(self) -> None:
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        answer = ShortAnswer(status=self._status, headers=self._headers, body=body)
        if self._asked is not None and not self._asked.done():
            self._asked.set_result(answer)
        self._begin_answer()

    def _begin_answer(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._status, self._body_size = 0, 0
        self._in_body = self._to_end = False

    # --- how it ends --------------------------------------------------------------------------

    def _look(self) -> None:
        """End a call to whom nothing was said for too long; else look again."""
        assert self._asked is not None
        left_s = self._heard + self._call.wait_s - self.loop.time()
        if left_s <= 0:
            self._fail(no_answer(self._origin))
        else:
            self._timer = self.loop.call_later(left_s, self._look)

    def _fail(self, error: Exception) -> None:
        self.drop()
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(error)

    def _garbled(self, error: Exception) -> UnavailableError:
        return unreachable(self._origin, error)


@asynccontextmanager
async def _within(wait_s: float, origin: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(wait_s):
            yield
    except TimeoutError as error:
        raise no_answer(origin) from error
