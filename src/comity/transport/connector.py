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

import attrs
import httpx2

from comity.foundation.errors import MisuseError, PeerError, UnavailableError
from comity.transport.client import PeerAnswer, PeerStream, bounded, wire_errors
from comity.transport.limits import ANSWER_BYTES_MAX, BODY_WAIT_S
from comity.transport.tls import pinned_context

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
        self._wire = httpx2.AsyncHTTPTransport(
            verify=context,
            trust_env=False,
            limits=httpx2.Limits(
                max_connections=64, max_keepalive_connections=32, keepalive_expiry=4.0
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
        headers = {"content-type": "application/json"}
        async with self._call("POST", self._base + path, headers=headers, content=content) as said:
            return await _whole(said)

    async def get(self, path: str, *, bytes_max: int = ANSWER_BYTES_MAX) -> PeerAnswer:
        """Return the answer to a question. Raises: as ``post``."""
        async with self._call("GET", self._base + path, bytes_max=bytes_max) as said:
            return await _whole(said)

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
        async with self._call(
            "GET", address, headers={**headers, **opens}, bytes_max=bytes_max, own=False
        ) as said:
            yield said

    async def push(
        self, path: str, parts: AsyncIterator[bytes], *, headers: Mapping[str, str]
    ) -> PeerAnswer:
        """Return the answer to a POST of data at a whole address, which the caller has checked.

        Raises: as ``post``.
        """
        request = httpx2.Request(
            "POST",
            path,
            headers=dict(headers),
            content=parts,
            extensions={"timeout": self._waits.timeout(data=True)},
        )
        with wire_errors(self._base):
            response = await self._wire.handle_async_request(request)
        try:
            chunks = bounded(response, bytes_max=ANSWER_BYTES_MAX, origin=self._base)
            body = b"".join([chunk async for chunk in chunks])
            return PeerAnswer(status=response.status_code, headers={}, body=body)
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._wire.aclose()

    @asynccontextmanager
    async def _call(  # what a call consists of
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        content: bytes = b"",
        bytes_max: int = ANSWER_BYTES_MAX,
        own: bool = True,
    ) -> AsyncIterator[PeerStream]:
        told = {"accept-encoding": "identity", **(headers or {})}
        identity = self._identity() if own else None
        if identity is not None:
            told["authorization"] = identity
        waits, origin = self._waits, self._base
        timeout = waits.timeout(data=not own)
        request = httpx2.Request(
            method, url, headers=told, content=content, extensions={"timeout": timeout}
        )
        try:
            with wire_errors(origin):
                async with asyncio.timeout(waits.head_s if own else waits.data_s + waits.head_s):
                    response = await self._wire.handle_async_request(request)
        except TimeoutError as error:
            raise UnavailableError(
                "transport.slow", "The counterpart's answer comes too slowly."
            ) from error
        try:
            found = {name.lower(): value for name, value in response.headers.items()}
            if found.get("content-encoding", "identity") != "identity":
                raise PeerError("transport.answer_encoded", "The answer is compressed, unasked.")
            if 300 <= response.status_code < 400:
                raise PeerError(
                    "transport.redirect",
                    f"{origin} answered with status {response.status_code}; a redirection is not"
                    " followed.",
                )
            chunks = bounded(response, bytes_max=bytes_max, origin=origin, wait_s=waits.body_s)
            yield PeerStream(status=response.status_code, headers=found, chunks=chunks)
        finally:
            await response.aclose()


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


async def _whole(answer: PeerStream) -> PeerAnswer:
    body = b"".join([chunk async for chunk in answer.chunks])
    return PeerAnswer(status=answer.status, headers=answer.headers, body=body)
