"""The gate of the counterparts' port (signatures first; the body follows)."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TypeAlias

import attrs

from comity.foundation.instants import Instant
from comity.parties.keys import PublicKey

Scope: TypeAlias = MutableMapping[str, object]
Message: TypeAlias = MutableMapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


@attrs.frozen(kw_only=True)
class Caller:
    """A counterpart that may call: its party id and its network key."""

    party: str
    key: PublicKey


@attrs.frozen(kw_only=True)
class RefusedCall:
    """What is noted about a call that was refused: bounded, and nothing of its content."""

    code: str
    address: str
    keyid: str | None
    at: Instant


@attrs.frozen(kw_only=True)
class GatePorts:
    """What the gate asks the node.

    Attributes:
        now: The node's clock.
        caller: The counterpart with that network key thumbprint, or None. Memory only.
        first_use: Keeps (keyid, nonce) until the instant; False if it was used before.
        note: Takes the note of a refused call; quick, called at most ``notes_per_minute``.
        streams: Largest body in bytes of a (method, path) that the application reads as a stream;
            None where the gate reads and checks the whole body (REQUEST_BYTES_MAX) first.
    """

    now: Callable[[], Instant]
    caller: Callable[[str], Caller | None]
    first_use: Callable[[str, str, Instant], Awaitable[bool]]
    note: Callable[[RefusedCall], None]
    streams: Callable[[str, str], int | None]


class Gate:
    """ASGI application around ``app``; sets scope["comity.peer"] (did), scope["comity.signed"].

    ComityErrors raised by ``app`` (also by reading the body) become problem+json.
    """

    def __init__(self, app: App, *, origin: str, ports: GatePorts) -> None: ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


async def read_body(receive: Receive, *, bytes_max: int) -> bytes: ...


async def answer(send: Send, *, status: int, body: bytes, content_type: str) -> None: ...
