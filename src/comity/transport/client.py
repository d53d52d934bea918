"""Calls to one counterpart (signatures first; the bodies follow)."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager

import attrs

from comity.foundation.ports import Chance, Clock
from comity.parties.keys import Signer
from comity.transport.problems import Problem


@attrs.frozen(kw_only=True)
class PeerAnswer:
    """An answer read to its end; any status but redirects and 1xx."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> Problem | None: ...


@attrs.frozen(kw_only=True)
class PeerStream:
    """An answer whose body is read in chunks."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class PeerClient:
    """Signed calls to one counterpart over its pinned origin; paths are below ``base``."""

    def __init__(
        self, *, origin: str, base: str, pin: str, signer: Signer, clock: Clock, chance: Chance
    ) -> None: ...

    def under(self, base: str) -> "PeerClient":
        """Return a client for another base path that shares the connections."""

    def path_of(self, url: str) -> str:
        """Return path and query of an absolute URL at the pinned origin below base, or PeerError."""

    async def get(self, path: str, *, accept: str = "*/*") -> PeerAnswer: ...

    async def post(self, path: str, content: bytes, content_type: str) -> PeerAnswer: ...

    async def post_stream(
        self,
        path: str,
        parts: AsyncIterable[bytes],
        *,
        digest: str,
        length: int,
        content_type: str,
    ) -> PeerAnswer: ...

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, bytes_max: int
    ) -> AsyncIterator[PeerStream]:
        yield PeerStream()

    async def aclose(self) -> None: ...
