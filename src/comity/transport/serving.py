"""Two sites, two ports, one process: the counterparts' under TLS, the officials' on loopback.

Ports are bound before anything else happens, so that a taken port is said before a file is
written. The HTTP server bounds neither the head of a request nor the connections of an address;
the protocol class here does. Source: design 9 and 13.15; spec 6.5;
dependencies.md 2 (what uvicorn leaves open).
"""

import asyncio
import errno
import ipaddress
import signal
import socket
import ssl
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Final

import attrs
import uvicorn
import uvloop
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from comity.foundation.errors import MisuseError, PeerError
from comity.protocols.problems import PROBLEM_JSON, problem_of
from comity.transport.gate import App
from comity.transport.limits import (
    CONNECTIONS_MAX,
    CONNECTIONS_PER_ADDRESS_MAX,
    HEAD_WAIT_S,
    HEADERS_BYTES_MAX,
    KEEP_ALIVE_S,
    TARGET_BYTES_MAX,
)

_HEAD_BYTES_MAX: Final = HEADERS_BYTES_MAX + TARGET_BYTES_MAX
_BACKLOG: Final = 512
_GRACE_S: Final = 10
_TICK_S: Final = 1.0


@attrs.frozen(kw_only=True)
class Door:
    """One port, already bound, and the application behind it; ``tls`` None only on loopback."""

    name: str
    app: App
    sock: socket.socket
    tls: ssl.SSLContext | None


def bind(host: str, port: int, *, what: str, option: str) -> socket.socket:
    """Return a socket that listens on the port.

    Args:
        host: Name or address of this machine to listen at.
        port: The port; 0 lets the system choose one.
        what: Whose port it is, for people: ``the officials' site``.
        option: The option or setting that chooses another port.

    Raises:
        MisuseError: ``serve.address``, ``serve.port_taken``, ``serve.port_refused``.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise MisuseError(
            "serve.address", f"{host!r} is no address of this machine ({error.strerror})."
        ) from error
    # IPv4 first: not every machine that names ::1 can listen there.
    family, kind, protocol, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise MisuseError(
                "serve.port_taken",
                f"Port {port} at {host}, meant for {what}, is used by another program (perhaps"
                f" this node runs already). Stop that one, or choose another port with {option}.",
            ) from error
        raise MisuseError(
            "serve.port_refused",
            f"The system does not let this node listen at {host}:{port}, meant for {what}:"
            f" {error.strerror}. Choose another address or port with {option}.",
        ) from error
    sock.settimeout(0)
    return sock


async def serve(
    doors: Sequence[Door], *, ready: Callable[[], None], stop: asyncio.Event | None = None
) -> None:
    """Serve until SIGTERM, SIGINT or ``stop``; calls that are under way are finished first.

    Args:
        doors: The ports; their sockets are closed at the end.
        ready: Called once all of them answer.
        stop: Set it to end from inside.

    Raises:
        MisuseError: ``serve.plain_http``: a door without TLS beyond loopback.
    """
    for door in doors:
        _check_door(door)
    ending = stop or asyncio.Event()
    servers = [_Server(door, ending) for door in doors]
    with _signals(ending):
        async with asyncio.TaskGroup() as group:
            for server, door in zip(servers, doors, strict=True):
                group.create_task(server.serve(sockets=[door.sock]), name=door.name)
            for server in servers:
                await server.answers.wait()
            ready()


def run(main: Coroutine[object, object, None]) -> None:
    """Run ``main`` to its end on the fast event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


class _Server(uvicorn.Server):
    """One server among several: it takes no signals, and an event ends it."""

    def __init__(self, door: Door, ending: asyncio.Event) -> None:
        tls = door.tls
        super().__init__(
            Config(
                door.app,
                http=_BoundedProtocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=CONNECTIONS_MAX,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=_GRACE_S,
                ssl_context_factory=None if tls is None else lambda _config, _default: tls,
            )
        )
        self.answers = asyncio.Event()
        self._ending = ending

    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]  # the base says generator, a context manager is enough
        """Leave the signals alone: ``serve`` takes them for all doors."""
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.answers.set()

    async def main_loop(self) -> None:
        """Wait for the end; once a second the date of the answers is renewed."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), timeout=_TICK_S)
                return


class _BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 with bounds on the head of a request, its time, and connections per address."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._head_bytes = 0
        self._in_head = True
        self._used = self.loop.time()
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the base
        """Take a connection; where its address has too many, the one unused longest goes for it.

        If all of them are at work, the new one is refused: nobody is cut off in mid call.
        """
        super().connection_made(transport)
        same = [
            other
            for other in self.connections
            if isinstance(other, _BoundedProtocol) and other.address() == self.address()
        ]
        if len(same) > CONNECTIONS_PER_ADDRESS_MAX:
            unused = [other for other in same if other is not self and other.idle()]
            if not unused:
                transport.abort()
                return
            min(unused, key=lambda other: other.used).drop()
        self._await_head()

    @property
    def used(self) -> float:
        """When a request began last, by the loop's clock."""
        return self._used

    def idle(self) -> bool:
        """Return whether a request was answered and no other has begun."""
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        return cycle is not None and cycle.response_complete and not self._in_head

    def address(self) -> str:
        """Return the address at the other end."""
        return self.client[0] if self.client else ""

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer."""
        self._head_came()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to count the head of a request."""
        super().on_message_begin()
        self._used = self.loop.time()
        self._head_bytes, self._in_head = 0, True
        self._await_head()

    def on_headers_complete(self) -> None:
        """End the count; what is in the head is the application's to check."""
        self._head_came()
        self._in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; a head that grows without end is refused."""
        super().data_received(data)
        if self.transport.is_closing():
            return
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        if self._head_timer is None and (cycle is None or cycle.response_complete):
            self._await_head()  # empty lines between two requests are no reason to wait for ever
        if not self._in_head:
            return
        self._head_bytes += len(data)
        if self._head_bytes > _HEAD_BYTES_MAX:
            self._refuse_head()

    def shutdown(self) -> None:
        """End: what is under way is finished, an idle connection is dropped.

        To close an idle one in the TLS way would wait for a peer that is not listening.
        """
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        idle = cycle is None or cycle.response_complete
        if idle and not self.transport.is_closing() and not self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().shutdown()

    def drop(self) -> None:
        """Let go of the connection at once."""
        if not self.transport.is_closing():  # Python 3.11.2 cannot abort what was closed twice
            self.transport.abort()

    def _await_head(self) -> None:
        self._head_came()
        self._head_timer = self.loop.call_later(HEAD_WAIT_S, self.drop)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse_head(self) -> None:
        error = PeerError("call.headers_too_large", "The headers of the call are too long.")
        body = problem_of(error, status=431).to_bytes()
        head = (
            "HTTP/1.1 431 Request Header Fields Too Large\r\n"
            f"content-type: {PROBLEM_JSON}\r\ncontent-length: {len(body)}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


def _check_door(door: Door) -> None:
    host = door.sock.getsockname()[0]
    if door.tls is None and not ipaddress.ip_address(host.partition("%")[0]).is_loopback:
        raise MisuseError(
            "serve.plain_http",
            f"{door.name} would be served at {host} without TLS. Plain http is only for this"
            " machine itself (localhost).",
        )


@contextmanager
def _signals(ending: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
