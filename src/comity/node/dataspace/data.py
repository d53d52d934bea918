"""The bytes of datasets for registered connectors: let out under a transfer's own token, streamed.

The token is the whole authority (a connector's data plane signs nothing else), bound to transfer
and counterpart; the ruling is asked again before the first byte of each access. Source: spec 9.8;
dataspace-protocol 3.4.
"""

import asyncio
from pathlib import Path
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError, UnavailableError
from comity.foundation.instants import Instant
from comity.node.dataplane.accesses import Pacing
from comity.node.dataplane.serving import Bounds, headers_of, serve, wanted
from comity.node.dataplane.sources import (
    FileSource,
    FolderListing,
    PayloadSource,
    Source,
    Upstream,
)
from comity.node.dataspace.book import Book
from comity.node.dataspace.reacting import Reacting
from comity.sharing.connectors import doors, rulings
from comity.sharing.connectors.model import Dataset, Exchange
from comity.sharing.connectors.model import Source as Place
from comity.sharing.model import Family, Role
from comity.sharing.ranges import Asked, Behind
from comity.storage.files import PayloadFiles
from comity.storage.tx import Tx
from comity.transport.gate import Receive, Scope, Send

#: Most that is taken from the source behind a dataset in one access, in bytes.
UPSTREAM_BYTES_MAX: Final = 1 << 40


@attrs.frozen(kw_only=True)
class Sources:
    """What stands behind our datasets, opened; folders are remembered, so that a look is cheap."""

    payloads: PayloadFiles
    _folders: dict[str, FolderListing] = attrs.field(factory=dict)

    async def open(self, place: Place) -> Source:
        """Return what ``place`` holds now; of a folder, the file that changed last.

        Raises:
            UnavailableError: ``sources.*``: it holds nothing now.
        """
        match place.kind:
            case "payload":
                return PayloadSource.of(self.payloads, place.place)
            case "file":
                return await asyncio.to_thread(FileSource.of, Path(place.place))
            case "folder":
                return await asyncio.to_thread(self._newest, place.place)
            case _:
                upstream = Upstream.of(
                    place.place, headers=place.headers, bytes_max=UPSTREAM_BYTES_MAX
                )
                return await upstream.source()

    def _newest(self, folder: str) -> Source:
        listing = self._folders.setdefault(folder, FolderListing(Path(folder)))
        versions = listing.look()
        if not versions:
            raise UnavailableError("sources.empty", "The folder behind this data is empty now.")
        return max(versions, key=lambda one: (one.source.stamp[1], one.name)).source


@attrs.frozen(kw_only=True)
class Opened:
    """What one access may have, until when, and from which dataset."""

    dataset: Dataset
    until: Instant | None


@attrs.frozen(kw_only=True)
class DataDoor:
    """Answers ``GET`` and ``HEAD`` of a transfer's data.

    Attributes:
        pacing: How fast.
    """

    book: Book
    reacting: Reacting
    pacing: Pacing
    sources: Sources

    async def __call__(  # noqa: PLR0917  # an ASGI call and which transfer
        self, scope: Scope, receive: Receive, send: Send, pid: str
    ) -> None:
        """Answer one call.

        Raises:
            RefusedError: ``sharing.token``, ``sharing.refused``: nothing has been sent.
            PeerError: ``dsp.no_route``, ``dsp.no_dataset``: the same.
            UnavailableError: ``sources.*``; ``sharing.cut_off``: in mid-stream.
        """
        del receive
        if scope["method"] not in {"GET", "HEAD"}:
            raise PeerError("dsp.no_route", "There is nothing at that address.")
        token = headers_of(scope).get("authorization", "").removeprefix("Bearer ")
        store = self.book.ctx.store
        with self.reacting.accesses.open(pid) as access:
            found = await store.read(lambda tx: self._open(tx, pid, token=token))
            source = await self.sources.open(found.dataset.source)
            wish = wanted(source, scope)
            whole = scope["method"] == "GET" and not isinstance(wish, Behind)
            if whole:
                await store.write(lambda tx: self._begun(tx, pid, token=token, wish=wish))
            bounds = Bounds(
                access=access, pacer=self.pacing.run(), now=self.book.ctx.now, until=found.until
            )
            self.reacting.sizes[pid] = source.size
            await serve(source, scope, send, headers=[], bounds=bounds)
        if whole and access.moved == source.size:
            await store.write(lambda tx: self._gone(tx, pid, source.size))

    def _open(self, tx: Tx, pid: str, *, token: str) -> Opened:
        """Return what may be had: by the token, by the ruling, as both stand now."""
        exchange = self.book.find(tx, pid)
        if exchange is None or exchange.family is not Family.TRANSFER:
            raise doors.no_door()
        doors.check_data_token(token, exchange=exchange, at=self.book.ctx.now())
        facts = self.book.facts_for(tx, exchange)
        rulings.require(exchange.facts, role=Role.PROVIDER, stage="send", facts=facts)
        dataset = self.book.dataset(tx, exchange.dataset)
        if dataset is None:
            raise PeerError("dsp.no_dataset", "There is no such dataset.")
        return Opened(dataset=dataset, until=exchange.token_expires)

    def _begun(self, tx: Tx, pid: str, *, token: str, wish: Asked) -> None:
        """Write one access down before its first byte leaves; what was cut meanwhile gets none."""
        self._open(tx, pid, token=token)
        assert not isinstance(wish, Behind)
        how: JsonObject = {"access": {"first": wish.span.start, "bytes": wish.span.bytes}}
        self.reacting.noted(tx, self._found(tx, pid), how=how)

    def _gone(self, tx: Tx, pid: str, size: int) -> None:
        self.reacting.delivered(tx, self._found(tx, pid), how={"bytes": size})

    def _found(self, tx: Tx, pid: str) -> Exchange:
        exchange = self.book.find(tx, pid)
        assert exchange is not None
        return exchange
