"""Calls to one counterpart: proven, pinned, bounded; redirects, cookies and proxies do not exist.

Only the transport layer of the HTTP library is used, so that nothing of a browser comes with it.
Every answer is read with a limit on size and on slowness, and its time is compared with ours:
while the clocks disagree nothing may be signed or cosigned. Source:
spec 6.1, 6.2, 6.4 to 6.7.
"""

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from typing import BinaryIO, Final, Self, TypeAlias

import attrs
import httpx2

from comity.foundation.errors import MisuseError, PeerError, UnavailableError
from comity.foundation.instants import Instant
from comity.foundation.limits import CLOCK_SKEW_S_MAX
from comity.foundation.ports import Chance, Clock
from comity.parties.keys import Signer
from comity.protocols.problems import Problem, read_problem
from comity.transport.downloading import LargeAnswer, LargeCall, download
from comity.transport.id_tokens import JTI_BYTES, bearer, mint
from comity.transport.limits import (
    ANSWER_BYTES_MAX,
    BODY_WAIT_S,
    BYTES_PER_S_MIN,
    CONNECT_WAIT_S,
    KEEP_ALIVE_S,
)
from comity.transport.messages import NO_CONTENT, NONCE_BYTES, Content, sign_request
from comity.transport.short_calls import ShortCall, ShortCalls
from comity.transport.tls import pinned_context, wrong_key
from comity.transport.troubles import no_answer, too_large, too_slow, unreachable

TIME_HEADER: Final = "comity-time"
_CHUNK_BYTES: Final = 256 << 10
_ORIGIN: Final = re.compile(
    r"https://(?:[a-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\])(?::[1-9][0-9]{0,4})?"
)
_PATH: Final = re.compile(
    r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)+(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
_DOTS: Final = re.compile(r"/(?:\.|%2e){1,2}(?:[/?]|$)", re.IGNORECASE)
_TIMEOUT: Final = {
    "connect": CONNECT_WAIT_S,
    "read": BODY_WAIT_S,
    "write": BODY_WAIT_S,
    "pool": BODY_WAIT_S,
}
#: How long an unused connection is kept: we close first, not in mid call.
_UNUSED_S: Final = KEEP_ALIVE_S - 15
#: (method, absolute address, content) -> the headers that prove who calls.
_Prove: TypeAlias = Callable[[str, str, Content], dict[str, str]]


@attrs.frozen(kw_only=True)
class PeerAnswer:
    """An answer read to its end; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> Problem | None:
        """Return what went wrong as the counterpart says, or None for a status below 400."""
        return read_problem(self.body, status=self.status) if self.status >= 400 else None


@attrs.frozen(kw_only=True)
class PeerStream:
    """An answer whose body is read in chunks; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class PeerClient:
    """Calls to one counterpart at the pinned origin of its letter; paths go below a base.

    They are signed (spec 6.2), or carry ID tokens where ``with_tokens`` made the client (6.7).
    """

    def __init__(
        self, *, origin: str, base: str, pin: str, signer: Signer, clock: Clock, chance: Chance
    ) -> None:
        """Prepare; nothing is connected before the first call.

        Args:
            origin: ``https://host:port`` from the counterpart's letter, no trailing slash.
            base: Path that all calls stand below, such as ``/comity``; empty for none.
            pin: The TLS pin of the letter.
            signer: This party's network key.
            clock: Tells the time.
            chance: Draws nonces.

        Raises:
            MisuseError: ``transport.origin``: not an https origin in its one spelling.
        """
        if not _ORIGIN.fullmatch(origin) or origin.endswith(":443"):
            raise MisuseError(
                "transport.origin",
                f"A counterpart is called at https://host or https://host:port; found {origin!r}.",
            )
        if base:
            _check_path(base)
        self._origin, self._base = origin, base.rstrip("/")
        self._clock, self._chance = clock, chance
        self._prove = self._signing(signer)
        self._context = pinned_context(pin)
        self._wire = httpx2.AsyncHTTPTransport(
            verify=self._context,
            trust_env=False,
            limits=httpx2.Limits(
                max_connections=64,
                max_keepalive_connections=32,
                keepalive_expiry=_UNUSED_S,
            ),
        )
        self._short = ShortCalls(
            origin=origin, context=self._context, check=self._check_answer, unused_s=_UNUSED_S
        )

    def under(self, base: str) -> Self:
        """Return a client for another base path that shares the connections of this one."""
        _check_path(base)
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _base=base.rstrip("/"))
        return other

    def with_tokens(self, *, issuer: str, audience: str, signer: Signer) -> Self:
        """Return a client for the same base and connections whose calls carry ID tokens.

        Args:
            issuer: Our did.
            audience: The counterpart's did.
            signer: This party's P-256 key for tokens.
        """

        def prove(method: str, url: str, content: Content) -> dict[str, str]:
            del method, url  # a token names who and to whom; TLS keeps it with its call
            chance = self._chance.token(JTI_BYTES)
            token = mint(
                issuer=issuer,
                audience=audience,
                signer=signer,
                at=self._clock.now(),
                chance=chance,
            )
            media = {} if content.media is None else {"content-type": content.media}
            return {"authorization": bearer(token), **media}

        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _prove=prove)
        return other

    def path_of(self, url: str) -> str:
        """Return path and query, below this client's base, of an absolute URL of the counterpart.

        Raises:
            PeerError: ``transport.foreign_address``: another origin than the pinned one, or not
                below the base; nothing is called.
        """
        whole = self._origin + self._base
        if not url.startswith(whole + "/"):
            raise PeerError(
                "transport.foreign_address",
                f"An address of the counterpart has to stand below {whole};"
                f" {url[:200]!r} does not and is not called.",
            )
        return _check_path(url.removeprefix(whole))

    async def get(self, path: str, *, bytes_max: int = ANSWER_BYTES_MAX) -> PeerAnswer:
        """Return the answer to a GET of ``path``. Raises: as ``post``."""
        head = self._head("GET", path)
        return await self._whole("GET", path, head=head, bytes_max=bytes_max)

    async def post(
        self, path: str, content: bytes, content_type: str, *, bytes_max: int = ANSWER_BYTES_MAX
    ) -> PeerAnswer:
        """Return the answer to a POST of ``content``.

        Args:
            path: Path and query below the base.
            content: The body.
            content_type: Its media type.
            bytes_max: Largest accepted answer.

        Raises:
            UnavailableError: ``transport.unreachable``, ``transport.timeout``, ``transport.slow``,
                ``transport.clock``.
            PeerError: ``transport.pin``, ``transport.redirect``, ``transport.answer_encoded``,
                ``transport.answer_size``, ``transport.path``.
        """
        head = self._head(
            "POST", path, Content(digest=sha256(content).digest(), media=content_type)
        )
        return await self._whole("POST", path, head=head, content=content, bytes_max=bytes_max)

    async def post_stream(
        self,
        path: str,
        parts: AsyncIterable[bytes],
        *,
        digest: str,
        length: int,
        content_type: str,
    ) -> PeerAnswer:
        """Return the answer to a POST of a body that is never whole in memory.

        Args:
            path: Path and query below the base.
            parts: The body; ``file_parts`` reads one from a file.
            digest: Hexadecimal SHA-256 of the whole body.
            length: Its size in bytes.
            content_type: Its media type.

        Raises: as ``post``.
        """
        head = self._head("POST", path, Content(digest=bytes.fromhex(digest), media=content_type))
        request = httpx2.Request(
            "POST",
            self._url(path),
            headers={**head, "content-length": str(length)},
            content=parts,
            extensions={"timeout": _TIMEOUT},
        )
        async with self._send(request, bytes_max=ANSWER_BYTES_MAX) as answer:
            return await _whole(answer)

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, bytes_max: int
    ) -> AsyncIterator[PeerStream]:
        """Give the answer to a call without body, its body unread.

        Args:
            method: The HTTP method.
            path: Path and query below the base.
            headers: Further headers, such as ``authorization`` or ``range``.
            bytes_max: Largest accepted answer.

        Raises: as ``post``; reading the chunks may also raise them.
        """
        head = {**(headers or {}), **self._head(method, path)}
        request = httpx2.Request(
            method, self._url(path), headers=head, extensions={"timeout": _TIMEOUT}
        )
        async with self._send(request, bytes_max=bytes_max) as answer:
            yield answer

    @asynccontextmanager
    async def download(
        self, method: str, path: str, *, headers: Mapping[str, str], bytes_max: int
    ) -> AsyncIterator[LargeAnswer]:
        """Give the answer to a signed call without body, on a connection of its own.

        Args:
            method: GET or HEAD.
            path: Path and query below the base.
            headers: Further headers, such as ``authorization`` or ``range``.
            bytes_max: Largest accepted answer.

        Raises: as ``post``; reading the chunks may also raise them.
        """
        url = self._url(path)
        call = LargeCall(
            method=method,
            origin=self._origin,
            target=url.removeprefix(self._origin),
            headers={**headers, **self._head(method, path)},
            context=self._context,
            bytes_max=bytes_max,
        )
        async with download(call, check=self._check_answer) as answer:
            yield answer

    async def aclose(self) -> None:
        """Close all connections."""
        self._short.close()
        await self._wire.aclose()

    async def _whole(  # what a call consists of
        self, method: str, path: str, *, head: dict[str, str], content: bytes = b"", bytes_max: int
    ) -> PeerAnswer:
        call = ShortCall(
            method=method,
            target=self._base + path,
            headers=head,
            content=content,
            bytes_max=bytes_max,
            wait_s=_TIMEOUT["read"],
        )
        answer = await self._short.make(call)
        return PeerAnswer(status=answer.status, headers=answer.headers, body=answer.body)

    def _url(self, path: str) -> str:
        return self._origin + self._base + _check_path(path)

    def _head(self, method: str, path: str, content: Content = NO_CONTENT) -> dict[str, str]:
        return {"accept-encoding": "identity", **self._prove(method, self._url(path), content)}

    def _signing(self, signer: Signer) -> _Prove:
        def prove(method: str, url: str, content: Content) -> dict[str, str]:
            return sign_request(
                method,
                url,
                content=content,
                signer=signer,
                created=self._clock.now(),
                nonce=self._chance.token(NONCE_BYTES),
            )

        return prove

    @asynccontextmanager
    async def _send(self, request: httpx2.Request, *, bytes_max: int) -> AsyncIterator[PeerStream]:
        with wire_errors(self._origin):
            response = await self._wire.handle_async_request(request)
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            self._check_answer(response.status_code, headers)
            chunks = bounded(response, bytes_max=bytes_max, origin=self._origin)
            yield PeerStream(status=response.status_code, headers=headers, chunks=chunks)
        finally:
            await response.aclose()

    def _check_answer(self, status: int, headers: Mapping[str, str]) -> None:
        if "content-encoding" in headers:
            raise PeerError("transport.answer_encoded", "The answer is compressed, unasked.")
        if not 200 <= status < 300 and status < 400:
            raise PeerError(
                "transport.redirect",
                f"The counterpart answered with status {status}; a redirection is not followed.",
            )
        told, now = headers.get(TIME_HEADER), self._clock.now()
        if told is None:
            return  # answered by something before the counterpart's gate
        theirs = Instant.parse(told)
        if abs(theirs.seconds - now.seconds) > CLOCK_SKEW_S_MAX:
            raise UnavailableError(
                "transport.clock",
                f"The two clocks disagree: ours says {now}, the counterpart's {theirs}. Whoever is"
                " wrong has to set theirs; until then nothing is exchanged or cosigned.",
                {"ours": str(now), "theirs": str(theirs)},
            )


async def file_parts(file: BinaryIO, *, chunk_bytes: int = _CHUNK_BYTES) -> AsyncIterator[bytes]:
    """Yield a file in chunks, read in a thread."""
    while chunk := await asyncio.to_thread(file.read, chunk_bytes):
        yield chunk


async def _whole(answer: PeerStream) -> PeerAnswer:
    body = b"".join([chunk async for chunk in answer.chunks])
    return PeerAnswer(status=answer.status, headers=answer.headers, body=body)


async def bounded(
    response: httpx2.Response, *, bytes_max: int, origin: str, wait_s: float | None = None
) -> AsyncIterator[bytes]:
    """Yield the body as it comes; end it where it grows too large or comes too slowly."""
    loop = asyncio.get_running_loop()
    deadline, size = loop.time() + (BODY_WAIT_S if wait_s is None else wait_s), 0
    with wire_errors(origin):
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > bytes_max:
                raise too_large(bytes_max)
            if loop.time() > deadline + size / BYTES_PER_S_MIN:
                raise too_slow()
            yield chunk


@contextmanager
def wire_errors(origin: str) -> Iterator[None]:
    """Turn the library's errors into ours; errors that are ours already pass."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise no_answer(origin) from error
    except httpx2.TransportError as error:
        raise wrong_key(error) or unreachable(origin, error) from error


def _check_path(path: str) -> str:
    if not _PATH.fullmatch(path) or "//" in path or _DOTS.search(path):
        raise PeerError(
            "transport.path", f"{path[:200]!r} is no path that can be called: plain ASCII, no dots."
        )
    return path
