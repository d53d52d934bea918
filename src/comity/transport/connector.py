"""Calls to a registered connector: at its one registered base, bounded, never redirected.

Who we are is said by a header that the node makes for each call. Plain http is for a folder of
purpose *conformance* alone; elsewhere TLS is checked against the pin of the registration, or
against what the system trusts. Source: design 8; ``docs/spec/09-connectors.md`` 9.3.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import attrs
import httpx2

from comity.foundation.errors import MisuseError, PeerError
from comity.transport.client import PeerAnswer, PeerStream, bounded, wire_errors
from comity.transport.limits import ANSWER_BYTES_MAX, BODY_WAIT_S
from comity.transport.short_calls import ERROR_STATUS, ShortCall, ShortCalls
from comity.transport.tls import pinned_context
from comity.transport.troubles import too_slow

#: Some servers close an unused connection after five seconds.
_UNUSED_S: Final = 4.0
_BASE: Final = re.compile(
    r"https?://(?:[a-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\])(?::[1-9][0-9]{0,4})?(?:/[A-Za-z0-9._~%-]+)*"
)


@attrs.frozen(kw_only=True)
class Waits:
    """How long a connector has, in seconds; whoever is slower is called again later.

    Attributes:
        step_s: For each step of an answer: below the time it gives us for one.
        head_s: For the head of an answer, however many steps that has.
        body_s: For the body of an answer, before its speed counts.
        data_s: In place of the first, where data is moved; its head has so much longer.
    """

    step_s: float = 5.0
    head_s: float = 10.0
    body_s: float = BODY_WAIT_S
    data_s: float = 60.0

    def timeout(self, *, data: bool) -> dict[str, float]:
        """Return what the library takes for each step."""
        each = self.data_s if data else self.step_s
        return {"connect": self.step_s, "read": each, "write": each, "pool": self.step_s}


class ConnectorClient:
    """Calls to one connector."""

    def __init__(  # who is called, and how
        self,
        *,
        base: str,
        identity: Callable[[], str | None],
        pin: str | None,
        plain: bool,
        waits: Waits,
    ) -> None:
        """Prepare; nothing is connected before the first call.

        Args:
            base: Its registered base address.
            identity: Makes the ``Authorization`` value of one call; None for none.
            pin: The pin of its TLS key; None: what the system trusts.
            plain: Whether plain http may be spoken.
            waits: How long it has.

        Raises:
            MisuseError: ``connectors.base``.
        """
        check_base(base, plain=plain)
        self._base, self._identity, self._waits = base, identity, waits
        context = ssl.create_default_context() if pin is None else pinned_context(pin)
        parts = urlsplit(base)
        self._path = parts.path
        self._calls = ShortCalls(
            origin=f"{parts.scheme}://{parts.netloc}",
            context=None if parts.scheme == "http" else context,
            check=self._check,
            unused_s=_UNUSED_S,
        )
        self._wire = httpx2.AsyncHTTPTransport(
            verify=context,
            trust_env=False,
            limits=httpx2.Limits(
                max_connections=64, max_keepalive_connections=32, keepalive_expiry=_UNUSED_S
            ),
        )

    async def post(self, path: str, content: bytes) -> PeerAnswer:
        """Return the answer to a message.

        Args:
            path: Path and query below the base.
            content: The message.

        Raises:
            UnavailableError: ``transport.unreachable``, ``transport.timeout``, ``transport.slow``.
            PeerError: ``transport.redirect``, ``transport.answer_encoded``,
                ``transport.answer_size``.
        """
        return await self._short("POST", path, content=content, bytes_max=ANSWER_BYTES_MAX)

    async def get(self, path: str, *, bytes_max: int = ANSWER_BYTES_MAX) -> PeerAnswer:
        """Return the answer to a question. Raises: as ``post``."""
        return await self._short("GET", path, content=b"", bytes_max=bytes_max)

    @asynccontextmanager
    async def data(
        self,
        address: str,
        *,
        authorization: str | None,
        headers: Mapping[str, str],
        bytes_max: int,
    ) -> AsyncIterator[PeerStream]:
        """Give the answer to a request for data, its body unread.

        Args:
            address: Whole address, at a pinned origin: the caller has checked it.
            authorization: What opens it, sent as it came.
            headers: Further headers, such as ``range``.
            bytes_max: Largest accepted answer.

        Raises: as ``post``.
        """
        opens = {} if authorization is None else {"authorization": authorization}
        told = {"accept-encoding": "identity", **headers, **opens}
        waits = self._waits
        request = httpx2.Request(
            "GET", address, headers=told, extensions={"timeout": waits.timeout(data=True)}
        )
        try:
            with wire_errors(self._base):
                async with asyncio.timeout(waits.data_s + waits.head_s):
                    response = await self._wire.handle_async_request(request)
        except TimeoutError as error:
            raise too_slow() from error
        try:
            found = {name.lower(): value for name, value in response.headers.items()}
            self._check(response.status_code, found)
            chunks = bounded(response, bytes_max=bytes_max, origin=self._base, wait_s=waits.body_s)
            yield PeerStream(status=response.status_code, headers=found, chunks=chunks)
        finally:
            await response.aclose()

    async def push(
        self, path: str, parts: AsyncIterator[bytes], *, headers: Mapping[str, str]
    ) -> PeerAnswer:
        """Return the answer to a POST of data at a whole address, which the caller has checked.

        Raises: as ``post``.
        """
        return await self._whole("POST", path, parts, headers=headers)

    async def head(self, address: str, *, headers: Mapping[str, str]) -> PeerAnswer:
        """Return the answer to a HEAD at a whole address, which the caller has checked.

        Raises: as ``post``.
        """
        return await self._whole("HEAD", address, None, headers=headers)

    async def _whole(
        self,
        method: str,
        address: str,
        parts: AsyncIterator[bytes] | None,
        *,
        headers: Mapping[str, str],
    ) -> PeerAnswer:
        request = httpx2.Request(
            method,
            address,
            headers=dict(headers),
            content=parts,
            extensions={"timeout": self._waits.timeout(data=True)},
        )
        with wire_errors(self._base):
            response = await self._wire.handle_async_request(request)
        try:
            found = {name.lower(): value for name, value in response.headers.items()}
            body = b""
            try:
                chunks = bounded(response, bytes_max=ANSWER_BYTES_MAX, origin=self._base)
                body = b"".join([chunk async for chunk in chunks])
            except PeerError:  # more than is read of any answer
                if response.status_code < ERROR_STATUS:
                    raise
            return PeerAnswer(status=response.status_code, headers=found, body=body)
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        self._calls.close()
        await self._wire.aclose()

    async def _short(self, method: str, path: str, *, content: bytes, bytes_max: int) -> PeerAnswer:
        headers = {"accept-encoding": "identity"}
        if content:
            headers["content-type"] = "application/json"
        identity = self._identity()
        if identity is not None:
            headers["authorization"] = identity
        call = ShortCall(
            method=method,
            target=self._path + path,
            headers=headers,
            content=content,
            bytes_max=bytes_max,
            wait_s=self._waits.step_s,
            head_s=self._waits.head_s,
            body_s=self._waits.body_s,
        )
        answer = await self._calls.make(call)
        return PeerAnswer(status=answer.status, headers=answer.headers, body=answer.body)

    def _check(self, status: int, headers: Mapping[str, str]) -> None:
        """Pass if an answer is to be read at all; a proxy may answer an error in whatever form."""
        if status < ERROR_STATUS and headers.get("content-encoding", "identity") != "identity":
            raise PeerError("transport.answer_encoded", "The answer is compressed, unasked.")
        if 300 <= status < 400:
            raise PeerError(
                "transport.redirect",
                f"{self._base} answered with status {status}; a redirection is not followed.",
            )


def check_base(base: str, *, plain: bool) -> None:
    """Pass if ``base`` can be a connector's registered address.

    Raises:
        MisuseError: ``connectors.base``.
    """
    if not _BASE.fullmatch(base) or not (plain or base.startswith("https://")):
        raise MisuseError(
            "connectors.base",
            f"{base[:200]!r} is no address of a connector: https://host:port/path, lower case,"
            " without a slash at its end."
            + ("" if plain else " Plain http is for a folder of purpose conformance alone."),
        )
