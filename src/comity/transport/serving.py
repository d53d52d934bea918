"""Two sites, two ports, one process (signatures first; the bodies follow)."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine, Sequence

import attrs

from comity.transport.gate import App


@attrs.frozen(kw_only=True)
class Door:
    """One port that is already bound, and the application behind it."""

    name: str
    app: App
    sock: socket.socket
    tls: ssl.SSLContext | None


def bind(host: str, port: int, *, what: str, option: str) -> socket.socket:
    """Return a bound listening socket; MisuseError ``serve.port_taken`` says what to do."""


async def serve(
    doors: Sequence[Door], *, ready: Callable[[], None], stop: asyncio.Event | None = None
) -> None:
    """Serve until ``stop`` is set (or SIGTERM/SIGINT where ``stop`` is None... both)."""


def run(main: Coroutine[object, object, None]) -> None:
    """Run ``main`` on uvloop."""
