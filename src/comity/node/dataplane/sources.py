"""Where bytes come from: a payload by its digest, a file, a folder's files, an HTTP upstream.

Each source says its size and its entity tag before it gives a byte, and gives any part of itself in
pieces. A file that changes while it is read is noticed by its size and time and ends the run: no
reader gets half of one version and half of another. An upstream is called at the one address that
an operator configured, with credentials that stay here, and none of its headers reach anybody.
Source: docs/spec/07-sharing.md 7.7; issue 5, 6.
"""

import asyncio
import os
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, Protocol, TypeAlias
from urllib.parse import urlsplit

import attrs

from comity.foundation.errors import MisuseError, UnavailableError
from comity.sharing.ranges import Span, etag_of, given, length
from comity.storage.files import ContentFiles
from comity.transport.downloading import LargeAnswer, LargeCall, download
from comity.transport.limits import PIECE_BYTES

#: Pieces of a body; whoever leaves early closes it (``contextlib.aclosing``).
Pieces: TypeAlias = AsyncGenerator[bytes, None]

_ITSELF: Final = "identity"


class Source(Protocol):
    """Bytes that can be served.

    Attributes:
        size: How many.
        etag: Changes with the bytes; with its quotation marks.
        sha256: Their digest, hexadecimal, where it is known without reading them.
    """

    @property
    def size(self) -> int: ...  # noqa: D102 - see above

    @property
    def etag(self) -> str: ...  # noqa: D102 - see above

    @property
    def sha256(self) -> str | None: ...  # noqa: D102 - see above

    def pieces(self, span: Span, *, piece_bytes: int = PIECE_BYTES) -> Pieces:
        """Yield the bytes of ``span``, each piece at most ``piece_bytes``.

        Raises:
            UnavailableError: ``sources.*``: the bytes are gone, changed, or cannot be had now.
        """
        ...


@attrs.frozen(kw_only=True)
class PayloadSource:
    """A payload of this node by its digest: whole and unchanging."""

    files: ContentFiles
    digest: str
    size: int

    @classmethod
    def of(cls, files: ContentFiles, digest: str) -> "PayloadSource":
        """Return the source of a payload.

        Raises:
            MisuseError: ``files.missing``.
        """
        return cls(files=files, digest=digest, size=files.size(digest))

    @property
    def sha256(self) -> str:
        """Return the digest."""
        return self.digest

    @property
    def etag(self) -> str:
        """Return the tag: the digest."""
        return etag_of(self.digest)

    async def pieces(
        self, span: Span, *, piece_bytes: int = PIECE_BYTES
    ) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see ``Source``."""
        reading = _read(lambda: self.files.open_file(self.digest), span, piece_bytes=piece_bytes)
        async with aclosing(reading) as pieces:
            async for piece in pieces:
                yield piece


@attrs.frozen(kw_only=True)
class FileSource:
    """A file of the operator's, as it was when somebody looked.

    Attributes:
        path: Where it stands.
        size: In bytes.
        stamp: Size, time of change and number of the file, as one look found them.
        sha256: Its digest, if somebody computed it.
    """

    path: Path
    size: int
    stamp: tuple[int, int, int]
    sha256: str | None = None

    @classmethod
    def of(cls, path: Path) -> "FileSource":
        """Return the source of a file as it is now.

        Raises:
            UnavailableError: ``sources.missing``.
        """
        try:
            stamp = _stamp(path.stat())
        except OSError as error:
            raise _missing(path) from error
        return cls(path=path, size=stamp[0], stamp=stamp)

    @property
    def etag(self) -> str:
        """Return the tag: the digest where it is known, else size, time and number."""
        return etag_of(self.sha256) if self.sha256 else '"{:x}-{:x}-{:x}"'.format(*self.stamp)

    def check(self, file: BinaryIO) -> None:
        """Return if the open file is still the one that was looked at.

        Raises:
            UnavailableError: ``sources.changed``.
        """
        if _stamp(os.fstat(file.fileno())) != self.stamp:
            raise UnavailableError(
                "sources.changed", f"The file {self.path.name} changed meanwhile; begin again."
            )

    async def pieces(
        self, span: Span, *, piece_bytes: int = PIECE_BYTES
    ) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see ``Source``."""
        reading = _read(self._open, span, piece_bytes=piece_bytes, check=self.check)
        async with aclosing(reading) as pieces:
            async for piece in pieces:
                yield piece

    def _open(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise _missing(self.path) from error


@attrs.frozen(kw_only=True)
class Version:
    """One version of one file of a folder."""

    name: str
    digest: str
    source: FileSource


@attrs.define
class FolderListing:
    """The files of a folder, with digests that are computed only for what is new or changed.

    Hidden files and what is not a plain file (links among them: they could lead out of the folder)
    are passed over. A file that changes while it is read is left for the next look.
    """

    folder: Path
    _known: dict[str, Version] = attrs.field(factory=dict)
    read: int = 0

    def look(self) -> tuple[Version, ...]:
        """Return all files by name, as they are now; blocking, for a thread.

        Raises:
            UnavailableError: ``sources.missing``.
        """
        try:
            with os.scandir(self.folder) as entries:
                found = {
                    entry.name: _stamp(entry.stat(follow_symlinks=False))
                    for entry in entries
                    if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
                }
        except OSError as error:
            raise _missing(self.folder) from error
        made: dict[str, Version] = {}
        for name, stamp in sorted(found.items()):
            known = self._known.get(name)
            version = known if known and known.source.stamp == stamp else self._version(name, stamp)
            if version is not None:
                made[name] = version
        self._known = made
        return tuple(made.values())

    def _version(self, name: str, stamp: tuple[int, int, int]) -> Version | None:
        path = self.folder / name
        source = FileSource(path=path, size=stamp[0], stamp=stamp)
        running = sha256()
        self.read += 1
        try:
            with path.open("rb") as file:
                while piece := file.read(PIECE_BYTES):
                    running.update(piece)
                source.check(file)
        except (OSError, UnavailableError):
            return None
        digest = running.hexdigest()
        return Version(name=name, digest=digest, source=attrs.evolve(source, sha256=digest))


@attrs.frozen(kw_only=True)
class Upstream:
    """An HTTP source as an operator configured it.

    Attributes:
        url: The one address that is called; redirects are not followed.
        headers: Sent along, credentials among them; they never reach a counterpart.
        context: Checks https; None for plain http.
        bytes_max: More is not taken.
    """

    url: str
    headers: Mapping[str, str] = attrs.field(repr=False)
    context: ssl.SSLContext | None
    bytes_max: int

    @classmethod
    def of(cls, url: str, *, headers: Mapping[str, str], bytes_max: int) -> "Upstream":
        """Return the upstream of a configured address.

        Raises:
            MisuseError: ``sources.url``: no plain http or https address.
        """
        parts = urlsplit(url)
        plain = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
        if not plain or parts.fragment or any(ord(one) <= 32 or ord(one) > 126 for one in url):
            raise MisuseError(
                "sources.url",
                f"A source is called at http:// or https:// and a host; found {url[:80]!r}.",
            )
        secure = parts.scheme == "https"
        context = ssl.create_default_context() if secure else None
        return cls(url=url, headers=dict(headers), context=context, bytes_max=bytes_max)

    def call(self, method: str, more: Mapping[str, str]) -> LargeCall:
        """Return a call of it."""
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return LargeCall(
            method=method,
            origin=f"{parts.scheme}://{parts.netloc}",
            target=target,
            headers={**self.headers, "accept-encoding": _ITSELF, **more},
            context=self.context,
            bytes_max=self.bytes_max,
        )

    async def source(self) -> "UpstreamSource":
        """Return what the upstream has now.

        Raises:
            UnavailableError: ``sources.upstream``, ``sources.too_large``; ``transport.*``.
        """
        async with download(self.call("HEAD", {}), check=_check_upstream) as answer:
            size = length(answer.headers)
            tag = answer.headers.get("etag", "")
        if size is None:
            raise UnavailableError(
                "sources.upstream", "The source behind this data does not say how large it is."
            )
        if size > self.bytes_max:
            raise UnavailableError(
                "sources.too_large",
                f"The source behind this data has {size} bytes; {self.bytes_max} is the limit.",
            )
        return UpstreamSource(upstream=self, size=size, upstream_tag=tag)


@attrs.frozen(kw_only=True)
class UpstreamSource:
    """What an upstream had at one look; its tag is shown as a digest, never as it is."""

    upstream: Upstream
    size: int
    upstream_tag: str
    sha256: None = None

    @property
    def etag(self) -> str:
        """Return a tag of ours for theirs: weak, so that nothing is joined, if theirs is."""
        ours = etag_of(sha256(f"{self.size}\n{self.upstream_tag}".encode()).hexdigest())
        return ours if self._strong else f"W/{ours}"

    @property
    def _strong(self) -> bool:
        return self.upstream_tag != "" and not self.upstream_tag.startswith("W/")

    async def pieces(
        self, span: Span, *, piece_bytes: int = PIECE_BYTES
    ) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see ``Source``."""
        part = span != Span(0, self.size)
        more = {"range": f"bytes={span.start}-{span.stop - 1}"} if part and span.bytes else {}
        if more and self._strong:
            more["if-range"] = self.upstream_tag
        async with AsyncExitStack() as stack:
            call = self.upstream.call("GET", more)
            answer = await stack.enter_async_context(download(call, check=_check_upstream))
            came = self._placed(answer)
            skip, left = span.start - came.start, span.bytes
            async for chunk in answer.chunks:
                view = memoryview(chunk)[skip:] if skip < len(chunk) else memoryview(b"")
                skip = max(0, skip - len(chunk))
                view = view[:left]
                left -= len(view)
                for at in range(0, len(view), piece_bytes):
                    yield bytes(view[at : at + piece_bytes])
                if left == 0:
                    return
        raise UnavailableError("sources.changed", "The source behind this data has changed.")

    def _placed(self, answer: LargeAnswer) -> Span:
        tag, size = answer.headers.get("etag", ""), length(answer.headers)
        span = given(answer.status, answer.headers, size=self.size)
        if tag != self.upstream_tag or (size is not None and size != span.bytes):
            raise UnavailableError("sources.changed", "The source behind this data has changed.")
        return span


def _check_upstream(status: int, headers: Mapping[str, str]) -> None:
    """Map what an upstream answers: its own words and numbers stay on this side."""
    if status not in {200, 206}:
        raise UnavailableError(
            "sources.upstream",
            f"The source behind this data does not give it now (its status is {status}); whoever"
            " looks after this node has to look at its address and credentials.",
        )
    if headers.get("content-encoding", _ITSELF) != _ITSELF:
        raise UnavailableError("sources.upstream", "The source behind this data compresses it.")


async def _read(
    opening: Callable[[], BinaryIO],
    span: Span,
    *,
    piece_bytes: int,
    check: Callable[[BinaryIO], None] = lambda _: None,
) -> Pieces:
    """Yield a part of a file; the next piece is read ahead, and ``check`` asked behind each."""
    file: BinaryIO | None = None
    left = span.bytes

    def more() -> bytes:
        nonlocal file
        if file is None:
            file = opening()
            file.seek(span.start)
        piece = file.read(min(piece_bytes, left))
        check(file)
        return piece

    loop = asyncio.get_running_loop()
    coming = loop.run_in_executor(None, more)
    try:
        while left:
            piece = await asyncio.shield(coming)
            if not piece:
                raise UnavailableError("sources.changed", "The file became shorter meanwhile.")
            left -= len(piece)
            if left:
                coming = loop.run_in_executor(None, more)
            yield piece
    finally:
        await asyncio.wait({coming})  # nobody closes a file that a thread reads
        coming.exception()
        if file is not None:
            file.close()


def _stamp(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _missing(path: Path) -> UnavailableError:
    return UnavailableError("sources.missing", f"{path.name} cannot be read here now.")
