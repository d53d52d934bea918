"""Pushing bytes to a counterpart that gave an address and a token, and taking a push in.

A push is one POST of the whole with its digest said before. The sender calls nothing but an address
below the pinned one; the receiver takes nothing without the token it gave, no byte more than it
expects, and keeps only what has the digest that was agreed. A push that was cut is sent again from
the first byte. Source: docs/spec/07-sharing.md 7.7.9; RFC 9530.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Final, Protocol

import attrs

from comity.foundation.errors import MisuseError, PeerError, UnavailableError
from comity.node.dataplane.serving import Bounds, headers_of
from comity.node.dataplane.sources import Source
from comity.protocols.problems import read_problem
from comity.sharing.ranges import Span, length, repr_digest
from comity.storage.files import ContentFiles, StoredFile
from comity.transport.gate import Receive, Scope
from comity.transport.limits import BODY_WAIT_S

_MEDIA: Final = "application/octet-stream"


@attrs.frozen(kw_only=True)
class Pushed:
    """What the other side answered to a push."""

    status: int
    body: bytes


class PushClient(Protocol):
    """Makes the call; it knows the pinned address and how the counterpart wants to be called."""

    async def push(
        self, path: str, parts: AsyncIterator[bytes], *, headers: Mapping[str, str]
    ) -> Pushed:
        """Return the answer to a POST of ``parts`` below the pinned address."""
        ...


async def push(
    client: PushClient, path: str, source: Source, *, token: str, bounds: Bounds
) -> None:
    """Send all of ``source``; return once the other side has it.

    Args:
        client: Makes the call.
        path: Where to, below the pinned address.
        source: What is sent; its digest must be known.
        token: What the other side gave for it.
        bounds: What holds the run.

    Raises:
        MisuseError: ``sharing.no_digest``: nobody knows the digest of the source yet.
        UnavailableError: ``sharing.cut_off``, ``sharing.data_busy``, ``transport.*``,
            ``sources.*``: send it again later.
        PeerError: ``sharing.data_refused``: the other side does not want it.
    """
    if source.sha256 is None:
        raise MisuseError("sharing.no_digest", "What is pushed must have a digest first.")
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": _MEDIA,
        "content-length": str(source.size),
        "content-digest": repr_digest(source.sha256),
    }
    bounds.check()
    answer = await client.push(path, _parts(source, bounds), headers=headers)
    if 200 <= answer.status < 300:
        return
    if answer.status in {408, 429} or answer.status >= 500:
        raise UnavailableError("sharing.data_busy", "The counterpart cannot take the data now.")
    told = read_problem(answer.body, status=answer.status).detail
    raise PeerError("sharing.data_refused", f"The counterpart does not take the data: {told}")


async def _parts(source: Source, bounds: Bounds) -> AsyncIterator[bytes]:
    access, pacer = bounds.access, bounds.pacer
    whole = Span(0, source.size)
    async with aclosing(source.pieces(whole, piece_bytes=pacer.piece_bytes)) as pieces:
        async for piece in pieces:
            await pacer.go(len(piece), access)
            bounds.check()
            yield piece
            access.moved += len(piece)


@attrs.frozen(kw_only=True)
class Expected:
    """What a push must turn out to be."""

    size: int
    sha256: str


def check_push(scope: Scope, expected: Expected) -> None:
    """Return if the head of a push announces what is expected; its token was checked before.

    Raises:
        PeerError: ``sharing.push``: another method, length or digest.
    """
    headers = headers_of(scope)
    if scope["method"] != "POST" or headers.get("content-type") != _MEDIA:
        raise PeerError("sharing.push", f"Data is pushed by POST, as {_MEDIA}.")
    said = headers.get("content-digest", "")
    if length(headers) != expected.size or said != repr_digest(expected.sha256):
        raise PeerError(
            "sharing.push",
            f"The push announces other data than the {expected.size} bytes with SHA-256"
            f" {expected.sha256} that were agreed.",
        )


async def take(
    receive: Receive, files: ContentFiles, *, expected: Expected, bounds: Bounds
) -> StoredFile:
    """Return the file that a push brought, durable and with the digest that was agreed.

    Raises:
        PeerError: ``files.too_large``, ``files.digest``, ``sharing.push``: nothing is kept.
        UnavailableError: ``sharing.cut_off``, ``sharing.slow``, ``files.*``.
    """
    writer = await asyncio.to_thread(files.writer, bytes_max=expected.size)
    with writer:
        more = True
        held: list[bytes] = []
        while more:
            bounds.check()
            part, more = await _part(receive, bounds)
            held.append(part)
            bounds.access.moved += len(part)
            if sum(map(len, held)) >= bounds.pacer.piece_bytes or not more:
                await asyncio.to_thread(writer.write, b"".join(held))
                held.clear()
        bounds.check()
        if writer.size != expected.size:
            raise PeerError("sharing.push", "The push ended before its end.")
        return await asyncio.to_thread(writer.commit, expected.sha256)


async def _part(receive: Receive, bounds: Bounds) -> tuple[bytes, bool]:
    came: list[Mapping[str, object]] = []

    async def one() -> None:
        came.append(await receive())

    await bounds.access.within(one(), limit_s=BODY_WAIT_S)
    message = came[0]
    if message["type"] == "http.disconnect":
        raise UnavailableError("sharing.cut_off", "The sender went away in mid push.")
    body = message.get("body", b"")
    assert isinstance(body, bytes)
    return body, bool(message.get("more_body", False))
