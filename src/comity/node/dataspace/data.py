"""The bytes of datasets for registered connectors: let out under a transfer's own token, streamed.

The token is the whole authority (a connector's data plane signs nothing else), bound to transfer
and counterpart; the ruling is asked again before the first byte. Source: spec 9.8;
dataspace-protocol 3.4.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import attrs

from comity.foundation.errors import PeerError
from comity.node.dataspace.book import Book
from comity.node.dataspace.reacting import Reacting
from comity.sharing.connectors import machine, rulings
from comity.sharing.connectors.model import Dataset, Exchange, Source
from comity.sharing.model import Family, Role
from comity.storage.tx import Tx
from comity.transport.gate import Receive, Scope, Send

_CHUNK_BYTES: Final = 1 << 20


@attrs.frozen(kw_only=True)
class DataDoor:
    """Answers ``GET`` of a transfer's data."""

    book: Book
    reacting: Reacting

    async def __call__(  # noqa: PLR0917  # an ASGI call and which transfer
        self, scope: Scope, receive: Receive, send: Send, pid: str
    ) -> None:
        """Answer one call.

        Raises:
            RefusedError: ``sharing.token``, ``sharing.refused``: nothing has been sent.
            PeerError: ``dsp.no_route``, ``dsp.no_data``, ``dsp.no_dataset``: the same;
                ``sharing.data_stopped``: in mid-stream.
        """
        del receive
        token = _token(scope)
        if scope["method"] != "GET":
            raise PeerError("dsp.no_route", "There is nothing at that address.")
        source, media = await self.book.ctx.store.read(lambda tx: self._open(tx, pid, token=token))
        size, chunks = await asyncio.to_thread(opened, source, self.book)
        head = [(b"content-type", media.encode()), (b"content-length", str(size).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        moving, sent = self.reacting.moving, 0
        try:
            async for chunk in _each(chunks):
                if pid in self.reacting.closed:
                    raise PeerError(
                        "sharing.data_stopped", "Permission for this transfer has ended."
                    )
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                sent += len(chunk)
                moving[pid] = (sent, size)
        finally:
            moving.pop(pid, None)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        await self.book.ctx.store.write(lambda tx: self._gone(tx, pid, size))

    def _open(self, tx: Tx, pid: str, *, token: str) -> tuple[Source, str]:
        exchange = self.book.find(tx, pid)
        if exchange is None or exchange.family is not Family.TRANSFER:
            raise machine.no_door()
        machine.check_data_token(token, exchange=exchange, at=self.book.ctx.now())
        facts = self.book.facts_for(tx, exchange)
        rulings.require(exchange.facts, role=Role.PROVIDER, stage="send", facts=facts)
        dataset = self._dataset(tx, exchange)
        return dataset.source, dataset.media

    def _dataset(self, tx: Tx, exchange: Exchange) -> Dataset:
        dataset = self.book.dataset(tx, exchange.dataset)
        if dataset is None:
            raise PeerError("dsp.no_dataset", "There is no such dataset.")
        return dataset

    def _gone(self, tx: Tx, pid: str, size: int) -> None:
        exchange = self.book.find(tx, pid)
        assert exchange is not None
        self.reacting.delivered(tx, exchange, how={"bytes": size})


def opened(source: Source, book: Book) -> tuple[int, Iterator[bytes]]:
    """Return size and parts of what a source holds.

    Raises:
        PeerError: ``dsp.no_data``: it holds nothing now.
    """
    payloads = book.ctx.payloads
    if source.kind == "payload":
        return payloads.size(source.place), payloads.chunks(source.place)
    path = Path(source.place)
    if source.kind != "file" or not path.is_file():
        raise PeerError("dsp.no_data", "The data is not to be had now; ask later.")
    return path.stat().st_size, _file(path)


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


async def _each(source: Iterator[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(next, source, b""):
        yield chunk


def _token(scope: Scope) -> str:
    headers = scope["headers"]
    assert isinstance(headers, list)
    value = next((value for name, value in headers if name == b"authorization"), b"")
    return bytes(value).decode("latin-1").removeprefix("Bearer ")
