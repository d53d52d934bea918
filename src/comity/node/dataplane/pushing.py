"""Pushing bytes to a counterpart that gave an address and a token, and taking a push in.

A push is one call with the whole, its digest said before. One that was cut goes on where the other
side says it is, if it says the digest of the same whole; else it begins anew. The receiver takes
what comes into a file that has no name before all of it is right. Source:
``docs/spec/09-connectors.md`` 9.8.5 to 9.8.8; RFC 9530; the header names of
draft-ietf-httpbis-resumable-upload.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Final, Protocol

import attrs

from comity.foundation.errors import MisuseError, PeerError, UnavailableError
from comity.node.dataplane.serving import Bounds
from comity.node.dataplane.sources import Source
from comity.protocols.problems import read_problem
from comity.sharing.ranges import Span, repr_digest
from comity.storage.files import FileWriter
from comity.transport.gate import Receive, part_of

_MEDIA: Final = "application/octet-stream"
#: Answers that say "not now"; after 416 we ask anew where to go on.
_LATER: Final = frozenset({408, 416, 429})


@attrs.frozen(kw_only=True)
class Pushed:
    """What the other side answered to a push, or to the question how far it is."""

    status: int
    body: bytes
    headers: Mapping[str, str] = attrs.field(factory=dict)


class PushClient(Protocol):
    """Makes the call; it knows the pinned address and how the counterpart wants to be called."""

    async def push(
        self, path: str, parts: AsyncIterator[bytes], *, headers: Mapping[str, str]
    ) -> Pushed:
        """Return the answer to a POST of ``parts`` below the pinned address."""
        ...

    async def ask(self, path: str, *, headers: Mapping[str, str]) -> Pushed:
        """Return the answer to a HEAD below the pinned address."""
        ...


async def push(  # what goes where, what opens it, what holds it
    client: PushClient,
    path: str,
    source: Source,
    *,
    token: str,
    bounds: Bounds,
    again: bool = False,
) -> None:
    """Send all of ``source``; return once the other side has it.

    Args:
        client: Makes the call.
        path: Where to, below the pinned address.
        source: What is sent; its digest must be known.
        token: What the other side gave for it.
        bounds: What holds the run.
        again: Whether this was tried before: then the other side is asked first how far it is.

    Raises:
        MisuseError: ``sharing.no_digest``: nobody knows the digest of the source yet.
        UnavailableError: ``sharing.cut_off``, ``sharing.data_busy``, ``transport.*``,
            ``sources.*``: send it again later.
        PeerError: ``sharing.data_refused``: the other side does not want it.
    """
    if source.sha256 is None:
        raise MisuseError("sharing.no_digest", "What is pushed must have a digest first.")
    digest = repr_digest(source.sha256)
    opens = {"authorization": f"Bearer {token}"}
    bounds.check()
    first = await _there(client, path, opens, digest=digest) if again else 0
    if first is None or first >= source.size > 0:
        return
    span = Span(first, source.size)
    headers = {
        **opens,
        "content-type": _MEDIA,
        "content-length": str(span.bytes),
        "repr-digest": digest,
    }
    if first:
        headers["content-range"] = span.content_range(source.size)
    answer = await client.push(path, _parts(source, span, bounds), headers=headers)
    if 200 <= answer.status < 300:
        return
    if answer.status in _LATER or answer.status >= 500:
        raise UnavailableError("sharing.data_busy", "The counterpart cannot take the data now.")
    told = read_problem(answer.body, status=answer.status).detail
    raise PeerError("sharing.data_refused", f"The counterpart does not take the data: {told}")


async def _there(
    client: PushClient, path: str, opens: Mapping[str, str], *, digest: str
) -> int | None:
    """Return how many bytes of the same whole the other side says it has; None: all of them.

    Whoever does not know the question is sent the whole again.
    """
    answer = await client.ask(path, headers=opens)
    told = answer.headers.get("upload-offset", "")
    same = 200 <= answer.status < 300 and answer.headers.get("repr-digest") == digest
    if not same or not (told.isascii() and told.isdecimal() and len(told) < 19):
        return 0
    return None if answer.headers.get("upload-complete") == "?1" else int(told)


async def _parts(source: Source, span: Span, bounds: Bounds) -> AsyncIterator[bytes]:
    access, pacer = bounds.access, bounds.pacer
    access.begin(span.start)
    async with aclosing(source.pieces(span, piece_bytes=pacer.piece_bytes)) as pieces:
        async for piece in pieces:
            await pacer.go(len(piece), access)
            bounds.check()
            yield piece
            access.moved += len(piece)


async def take(receive: Receive, writer: FileWriter, *, stop: int | None, bounds: Bounds) -> None:
    """Write what comes at the end of ``writer``, in constant memory.

    Args:
        receive: Gives the body, already held to size and pace.
        writer: Takes it; what it had before stays.
        stop: How large it must be behind the last byte; None where nobody said.
        bounds: What holds the run.

    Raises:
        PeerError: ``intake.length``: more came, or less; ``files.too_large``; as ``receive``.
        UnavailableError: ``sharing.cut_off``, ``files.*``; as ``receive``.
    """
    more = True
    held: list[bytes] = []
    size = 0
    bounds.access.begin(writer.size)
    while more:
        bounds.check()
        part, more = await _part(receive, bounds)
        held.append(part)
        size += len(part)
        bounds.access.moved += len(part)
        if stop is not None and writer.size + size > stop:
            raise _length()
        if size >= bounds.pacer.piece_bytes or not more:
            await asyncio.to_thread(writer.write, b"".join(held))
            held.clear()
            size = 0
    bounds.check()
    if stop is not None and writer.size != stop:
        raise _length()


async def _part(receive: Receive, bounds: Bounds) -> tuple[bytes, bool]:
    came: list[tuple[bytes, bool]] = []

    async def one() -> None:
        message = await receive()
        came.append((part_of(message), bool(message.get("more_body", False))))

    await bounds.access.within(one(), limit_s=None)
    return came[0]


def _length() -> PeerError:
    return PeerError("intake.length", "The body has another length than its head announced.")
