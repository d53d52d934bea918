"""The gate of the counterparts' port: who calls is known before anything else happens.

In this order: size of the head, its signature or token, pace of the caller, first use, and only
then the body, with its size, its pace and its digest. Whatever is wrong ends in a coded problem, a
bounded note, and nothing else: no call of ours, nothing stored. That a token is used for the
first time is settled by the application, in the transaction of what the call changes. Source:
spec 6.2 to 6.8; RFC 9421 section 7.2 (replay).
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Final, Literal, TypeAlias

import attrs

from comity.foundation.errors import ComityError, MisuseError, PeerError, UnavailableError
from comity.foundation.instants import Instant
from comity.foundation.limits import REQUEST_BYTES_MAX
from comity.parties.keys import PublicKey
from comity.protocols.problems import PROBLEM_JSON, problem_of
from comity.transport.body import Body, Message, Receive, part_of
from comity.transport.id_tokens import IdToken, verify_bearer
from comity.transport.limits import (
    BODY_WAIT_S,
    HEADERS_BYTES_MAX,
    HEADERS_COUNT_MAX,
    TARGET_BYTES_MAX,
)
from comity.transport.messages import Signed, verify_request
from comity.transport.pace import Pace

Scope: TypeAlias = MutableMapping[str, object]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]

__all__ = ("Message", "Receive", "part_of")

PEER: Final = "comity.peer"
CALLER: Final = "comity.caller"
PROOF: Final = "comity.proof"
TIME_HEADER: Final = "comity-time"
_JSON: Final = "application/json"

_log: Final = logging.getLogger(__name__)

#: What else the gate itself refuses (all codes ``call.*``) is 401; the rest goes by its family.
STATUS: Final = {
    "call.headers_too_large": 431,
    "call.body_too_large": 413,
    "call.content_type": 415,
    "call.slow": 408,
    "call.digest": 400,
    "call.too_many": 429,
    "call.cut_off": 400,
}


@attrs.frozen(kw_only=True)
class Caller:
    """A counterpart that may call.

    Attributes:
        party: Its party id.
        key: Its network key, or for a token its key for tokens.
        pinned_by: Its letter; or people's registration of a counterpart that has none.
    """

    party: str
    key: PublicKey
    pinned_by: Literal["letter", "registration"]


@attrs.frozen(kw_only=True)
class RefusedCall:
    """What is noted about a call that was refused: who and why, nothing of its content."""

    code: str
    address: str
    party: str | None
    at: Instant


@attrs.frozen(kw_only=True)
class TokenRoutes:
    """The routes whose callers show an ID token (spec 6.7), and how they are refused there.

    Attributes:
        audience: Our party id: whom tokens must mean.
        has: Whether a path is one of them.
        by_issuer: The counterpart with that party id and its key for tokens, or None. Memory only.
        refusal: Status and body, JSON, for (path, error, status as on other routes).
    """

    audience: str
    has: Callable[[str], bool]
    by_issuer: Callable[[str], Caller | None]
    refusal: Callable[[str, ComityError, int], tuple[int, bytes]]


@attrs.frozen(kw_only=True)
class GatePorts:
    """What the gate asks the node.

    Attributes:
        now: The node's clock.
        caller: The counterpart whose network key has that thumbprint, or None. Memory only: it is
            asked for every call, also for forged ones.
        first_use: Keeps (keyid, nonce) until the instant; False if it was used before.
        tokens: The routes of callers with ID tokens.
        open: What anybody gets at (method, path), JSON; None for all but that.
        by_key: Whether a call brings a key of its own for what it asks, which the application
            checks; then nobody is known as its caller.
        note: Takes the note of a refused call; quick, and called at most
            ``GateLimits.notes_per_minute`` times a minute.
        streams: Largest body in bytes of (method, path) where the application reads the body as a
            stream; None where the gate reads and checks the whole body (``REQUEST_BYTES_MAX``)
            before the application is called.
    """

    now: Callable[[], Instant]
    caller: Callable[[str], Caller | None]
    first_use: Callable[[str, str, Instant], Awaitable[bool]]
    tokens: TokenRoutes
    open: Callable[[str, str], bytes | None]
    by_key: Callable[[Scope], bool]
    note: Callable[[RefusedCall], None]
    streams: Callable[[str, str], int | None]


@attrs.frozen(kw_only=True)
class GateLimits:
    """How much of everything; the defaults are those of the specification."""

    headers_bytes_max: int = HEADERS_BYTES_MAX
    headers_count_max: int = HEADERS_COUNT_MAX
    body_bytes_max: int = REQUEST_BYTES_MAX
    body_wait_s: float = BODY_WAIT_S
    calls_per_s: int = 2000
    failures_per_minute: int = 60
    open_per_minute: int = 60
    notes_per_minute: int = 60
    addresses_max: int = 4096


class Gate:
    """The ASGI application of the counterparts' port: lets verified calls through to ``app``.

    The application finds the caller's party id in ``scope["comity.peer"]``, the ``Caller`` in
    ``scope["comity.caller"]`` and the proof in ``scope["comity.proof"]``: a ``Signed`` call, or an
    ``IdToken``, whose first use it has to keep, and to raise ``call.repeated`` if it is none. A
    ComityError that it raises, also one that came out of reading the body, becomes the answer; a
    body that streams counts only once its last part has been read.
    """

    def __init__(
        self, app: App, *, origin: str, ports: GatePorts, limits: GateLimits | None = None
    ) -> None:
        """Put the gate before ``app``.

        Args:
            app: The application behind the gate.
            origin: Our own origin as in our letter, ``https://host:port``.
            ports: What the gate asks the node.
            limits: Other limits than the usual ones.
        """
        self._app, self._origin, self._ports = app, origin, ports
        self._limits = limits or GateLimits()
        names_max = self._limits.addresses_max
        self._failures = Pace(
            per_minute=self._limits.failures_per_minute,
            burst=self._limits.failures_per_minute,
            names_max=names_max,
        )
        per_s = self._limits.calls_per_s
        self._openings = Pace(
            per_minute=self._limits.open_per_minute,
            burst=self._limits.open_per_minute,
            names_max=names_max,
        )
        self._calls = Pace(per_minute=60 * per_s, burst=2 * per_s, names_max=names_max)
        notes = self._limits.notes_per_minute
        self._notes = Pace(per_minute=notes, burst=notes, names_max=1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one call through, or refuse it."""
        if scope["type"] != "http":
            return  # no web sockets, no lifespan: the node starts and stops what it needs itself
        answerer = _Answerer(send, self._ports.now, refusal=self._refusal(str(scope["path"])))
        caller: Caller | None = None
        try:
            self._check_head(scope)
            opened = self._ports.open(str(scope["method"]), str(scope["path"]))
            if opened is not None:
                await self._show(opened, scope, answerer)
                return
            if self._ports.by_key(scope):
                await self._keyed(scope, receive, answerer)
                return
            caller, proof = await self._admit(scope)
            body = await self._body(scope, receive, proof)
        except ComityError as error:
            await self._refuse(error, scope, caller=caller, answerer=answerer)
            return
        inner = {**scope, PEER: caller.party, CALLER: caller, PROOF: proof}
        try:
            await self._app(inner, body, answerer.send)
        except ComityError as error:
            if error.code == "call.repeated":
                await self._refuse(error, scope, caller=caller, answerer=answerer)
                return
            if isinstance(error, PeerError):
                self._note(error.code, scope, caller)
            await answerer.problem(_for_peer(error), status=STATUS.get(error.code))
        except Exception:  # noqa: BLE001  # a fault of ours must not show its insides
            _log.exception("a call by %s failed", caller.party)
            await answerer.problem(_FAULT, status=500)

    async def _show(self, opened: bytes, scope: Scope, answerer: "_Answerer") -> None:
        """Answer what anybody may read, so often and no more."""
        if not self._openings.take(_address(scope), self._ports.now()):
            raise UnavailableError(
                "call.too_many", "Too many questions from this address; wait a minute."
            )
        await answer(answerer.send, status=200, body=opened, content_type=_JSON)

    async def _keyed(self, scope: Scope, receive: Receive, answerer: "_Answerer") -> None:
        """Let a call with a key of its own through; a wrong key counts like any refused call."""
        try:
            await self._app({**scope, CALLER: None}, receive, answerer.send)
        except ComityError as error:
            await self._refuse(error, scope, caller=None, answerer=answerer)
        except Exception:  # noqa: BLE001  # a fault of ours must not show its insides
            _log.exception("a call for data failed")
            await answerer.problem(_FAULT, status=500)

    async def _admit(self, scope: Scope) -> tuple[Caller, Signed | IdToken]:
        """Return who calls and what proves it; a signed call was never seen before."""
        by_token = self._ports.tokens.has(str(scope["path"]))
        prove = _by_token if by_token else _by_signature
        caller, proof = prove(scope, self._origin, self._ports)
        if not self._calls.take(caller.party, self._ports.now()):
            raise UnavailableError("call.too_many", "Too many calls at once; wait a second.")
        if isinstance(proof, Signed) and not await self._ports.first_use(
            proof.keyid, proof.nonce, proof.expires
        ):
            raise repeated()
        return caller, proof

    def _refusal(self, path: str) -> Callable[[ComityError, int], tuple[int, bytes]] | None:
        """Return how errors are written on the route, where it has an own way."""
        tokens = self._ports.tokens
        if not tokens.has(path):
            return None
        return lambda error, status: tokens.refusal(path, error, status)

    def _check_head(self, scope: Scope) -> None:
        headers, target = _headers(scope), _target(scope)
        size = sum(len(name) + len(value) for name, value in headers)
        if (
            len(headers) > self._limits.headers_count_max
            or size > self._limits.headers_bytes_max
            or len(target) > TARGET_BYTES_MAX
        ):
            raise PeerError(
                "call.headers_too_large", "Address or headers of the call are too long."
            )

    async def _body(self, scope: Scope, receive: Receive, proof: Signed | IdToken) -> Receive:
        """Return where the application reads the body from: already checked, unless it streams."""
        names = {name for name, _ in _headers(scope)}
        length = _length(scope)
        if b"content-encoding" in names or (length != 0 and b"content-type" not in names):
            raise PeerError(
                "call.content_type", "A body has a content-type and no content-encoding."
            )
        streamed = self._ports.streams(str(scope["method"]), str(scope["path"]))
        bytes_max = self._limits.body_bytes_max if streamed is None else streamed
        signed = proof if isinstance(proof, Signed) else None  # a token says nothing of the body
        body = Body(receive, signed, bytes_max=bytes_max, wait_s=self._limits.body_wait_s)
        if length is not None:
            body.check_size(length)
        return body.receive if streamed is not None else await body.whole()

    async def _refuse(
        self, error: ComityError, scope: Scope, *, caller: Caller | None, answerer: "_Answerer"
    ) -> None:
        address, now = _address(scope), self._ports.now()
        if self._failures.take(address, now):
            self._note(error.code, scope, caller)
        else:
            error = UnavailableError(
                "call.too_many", "Too many calls from this address were refused; wait a minute."
            )
        status = STATUS.get(error.code, 401 if error.code.startswith("call.") else None)
        await answerer.problem(error, status=status, close=True)

    def _note(self, code: str, scope: Scope, caller: Caller | None) -> None:
        now = self._ports.now()
        if self._notes.take("", now):
            party = caller.party if caller else None
            self._ports.note(RefusedCall(code=code, address=_address(scope), party=party, at=now))


class _Answerer:
    """Sends the answer and puts our time on it."""

    def __init__(
        self,
        send: Send,
        now: Callable[[], Instant],
        *,
        refusal: Callable[[ComityError, int], tuple[int, bytes]] | None,
    ) -> None:
        self._send, self._now, self._refusal = send, now, refusal
        self._started = False

    async def send(self, message: Message) -> None:
        """Pass a message on, the head of the answer with our time."""
        if message["type"] == "http.response.start":
            self._started = True
            time = (TIME_HEADER.encode(), str(self._now()).encode())
            message = {**message, "headers": [*_headers(message), time]}
        await self._send(message)

    async def problem(self, error: ComityError, *, status: int | None, close: bool = False) -> None:
        """Answer with a problem; if the answer has begun already, let the connection break."""
        if self._started:
            raise error
        problem = problem_of(error, status=status)
        status, body, media = problem.status, problem.to_bytes(), PROBLEM_JSON
        headers = [(b"connection", b"close")] if close else []
        if self._refusal is not None:
            status, body = self._refusal(error, status)
            media = _JSON
            if status == 401:
                headers.append((b"www-authenticate", b"Bearer"))
        if status in {429, 503}:
            wait_s = b"60" if problem.status == 429 else b"5"
            headers.append((b"retry-after", wait_s))
        await answer(self.send, status=status, body=body, content_type=media, headers=headers)


def _by_signature(scope: Scope, origin: str, ports: GatePorts) -> tuple[Caller, Signed]:
    found: list[Caller] = []
    method, target = str(scope["method"]), origin + _target(scope)
    key_of = _keys(ports.caller, found)
    signed = verify_request(method, target, _headers(scope), key_of=key_of, at=ports.now())
    return found[0], signed


def _by_token(scope: Scope, origin: str, ports: GatePorts) -> tuple[Caller, IdToken]:
    del origin  # a token names its receiver, not an address
    found: list[Caller] = []
    values = [value for name, value in _headers(scope) if name == b"authorization"]
    key_of = _keys(ports.tokens.by_issuer, found)
    audience = ports.tokens.audience
    token = verify_bearer(values, audience=audience, key_of=key_of, at=ports.now())
    return found[0], token


def _keys(
    look: Callable[[str], Caller | None], found: list[Caller]
) -> Callable[[str], PublicKey | None]:
    """Return how a proof's key is looked up; whose it is, is put into ``found``."""

    def key_of(name: str) -> PublicKey | None:
        caller = look(name)
        found.extend([caller] if caller else [])
        return caller.key if caller else None

    return key_of


def repeated() -> PeerError:
    """Return the error for a proof that was used before; for the application's use too."""
    return PeerError("call.repeated", "This very call has been received before.")


_FAULT: Final = ComityError("call.failed", "This node has a fault; its operator has been told.")


def _for_peer(error: ComityError) -> ComityError:
    """Return what a counterpart may read: what our own side did wrong is none of it."""
    return _FAULT if isinstance(error, MisuseError) else error


async def read_body(receive: Receive, *, bytes_max: int = REQUEST_BYTES_MAX) -> bytes:
    """Return the whole body of a call.

    Raises:
        PeerError: ``call.body_too_large``, and whatever the gate finds on the way.
        UnavailableError: ``call.cut_off``: the caller went away.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise UnavailableError("call.cut_off", "The caller went away in mid call.")
        parts.append(part_of(message))
        size += len(parts[-1])
        if size > bytes_max:
            raise PeerError("call.body_too_large", f"The body is larger than {bytes_max} bytes.")
        if not message.get("more_body", False):
            return b"".join(parts)


async def answer(
    send: Send,
    *,
    status: int,
    body: bytes,
    content_type: str,
    headers: Headers | None = None,
) -> None:
    """Send a whole answer."""
    lines = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        *(headers or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


def _headers(message: MutableMapping[str, object]) -> Headers:
    """Return the header lines of a scope or of the head of an answer."""
    headers = message.get("headers", [])
    if not isinstance(headers, list | tuple):
        raise TypeError("ASGI headers are a list of pairs")
    return list(headers)


def _target(scope: Scope) -> str:
    raw, query = scope["raw_path"], scope["query_string"]
    if not isinstance(raw, bytes) or not isinstance(query, bytes):
        raise TypeError("ASGI raw_path and query_string are bytes")
    return (raw + (b"?" + query if query else b"")).decode("latin-1")


def _length(scope: Scope) -> int | None:
    """Return the declared length; None if the body is chunked. The server parsed both already."""
    headers = dict(_headers(scope))
    if b"transfer-encoding" in headers:
        return None
    return int(headers.get(b"content-length", b"0"))


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if isinstance(client, list | tuple) and client else "unknown"
