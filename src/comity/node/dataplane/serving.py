"""Serving bytes: ranges, conditions, digest, pace, and an end within one piece.

Whether they may be had was decided before; ``Access`` carries the end of that permission. Source:
RFC 9110 sections 13 and 14; RFC 9530; docs/spec/07-sharing.md 7.7.4 to 7.7.8.
"""

from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Final

import attrs

from comity.foundation.errors import UnavailableError
from comity.foundation.instants import Instant
from comity.node.dataplane.accesses import Access, Pacer
from comity.node.dataplane.sources import Source
from comity.sharing.ranges import Asked, Behind, Part, asked, repr_digest
from comity.transport.gate import Headers, Scope, Send
from comity.transport.limits import BODY_WAIT_S

#: The media type of all data: a browser saves it and shows nothing.
_MEDIA: Final = b"application/octet-stream"


@attrs.frozen(kw_only=True)
class Bounds:
    """What holds a run: its access, its pace, and when its token dies."""

    access: Access
    pacer: Pacer
    now: Callable[[], Instant]
    until: Instant | None = None

    def check(self) -> None:
        """Return if the next piece may leave.

        Raises:
            UnavailableError: ``sharing.cut_off``.
        """
        if self.until is not None and self.now() >= self.until:
            self.access.cut("The token of this access has expired; ask for a fresh one.")
        self.access.check()


def headers_of(scope: Scope) -> Mapping[str, str]:
    """Return the headers of a request by name in lower case; the first of each counts."""
    found: dict[str, str] = {}
    lines = scope["headers"]
    assert isinstance(lines, list)
    for name, value in lines:
        found.setdefault(bytes(name).decode("latin-1").lower(), bytes(value).decode("latin-1"))
    return found


def wanted(source: Source, scope: Scope) -> Asked:
    """Return which bytes of ``source`` a request asks for."""
    return asked(headers_of(scope), size=source.size, etag=source.etag)


async def serve(
    source: Source, scope: Scope, send: Send, *, headers: Headers, bounds: Bounds
) -> None:
    """Answer a GET or HEAD with the bytes that it asks for.

    Args:
        source: Where they come from.
        scope: The request.
        send: Takes the answer.
        headers: Further headers of every answer, such as what describes the bytes.
        bounds: What holds the run.

    Raises:
        UnavailableError: ``sharing.cut_off``, ``sharing.slow``, ``sources.*``: also in the middle;
            then the connection must break.
    """
    wish = wanted(source, scope)
    lines = [*headers, *_about(source)]
    if isinstance(wish, Behind):
        lines += [
            (b"content-range", f"bytes */{source.size}".encode()),
            (b"content-length", b"0"),
        ]
        await send({"type": "http.response.start", "status": 416, "headers": lines})
        await send({"type": "http.response.body", "body": b""})
        return
    bounds.check()
    part = isinstance(wish, Part)
    lines += [
        (b"content-type", _MEDIA),
        (b"content-length", str(wish.span.bytes).encode()),
    ]
    if part:
        lines.append((b"content-range", wish.span.content_range(source.size).encode()))
    await send({"type": "http.response.start", "status": 206 if part else 200, "headers": lines})
    if scope["method"] != "HEAD" and wish.span.bytes:
        access, pacer = bounds.access, bounds.pacer
        access.begin(wish.span.start)
        async with aclosing(source.pieces(wish.span, piece_bytes=pacer.piece_bytes)) as pieces:
            async for piece in pieces:
                await pacer.go(len(piece), access)
                bounds.check()
                message = {"type": "http.response.body", "body": piece, "more_body": True}
                await access.within(send(message), limit_s=BODY_WAIT_S)
                access.moved += len(piece)
        if access.moved != wish.span.stop:
            raise UnavailableError("sources.changed", "The data became shorter meanwhile.")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _about(source: Source) -> Headers:
    about = [(b"accept-ranges", b"bytes"), (b"etag", source.etag.encode())]
    if source.sha256 is not None:
        about.append((b"repr-digest", repr_digest(source.sha256).encode()))
    return about
