"""A connector of bad manners: it hangs, drips, hangs up, talks nonsense, and gives data in pieces.

It speaks HTTP by hand, so that it can end in the middle of anything.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from typing import Final

import attrs

from support.connector_nodes import message, process

MIB: Final = 1 << 20
DATA: Final = "/dsp/data/1"
DRIP_S: Final = 0.02
OK: Final = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: "


@attrs.define(kw_only=True)
class Pieces:
    """Data that is given in pieces: after each cut it goes on, if asked by the right tag.

    Attributes:
        mib: How large.
        cuts: How often it is still cut off.
        anew_at: With so many cuts left it becomes other data, under another tag.
        spans: With which byte it went on, each time that it was asked for.
    """

    mib: int
    cuts: int
    anew_at: int
    rng: random.Random
    version: int = 1
    spans: list[int] = attrs.field(factory=list)

    @property
    def size(self) -> int:
        return self.mib * MIB

    @property
    def piece(self) -> bytes:
        return bytes((number + self.version) % 256 for number in range(256)) * (MIB // 256)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what it is in the end."""
        made, piece = sha256(), self.piece
        for _ in range(self.mib):
            made.update(piece)
        return made.hexdigest()

    async def give(self, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        """Answer once; hang up in the middle while cuts are left."""
        cut = self.cuts > 0
        if cut and self.cuts == self.anew_at:
            self.version += 1
        self.cuts -= cut
        tag = f'"v{self.version}"'
        asked = headers.get("range", "").removeprefix("bytes=").removesuffix("-")
        first = int(asked) if asked and headers.get("if-range") == tag else 0
        self.spans.append(first)
        told = f"etag: {tag}\r\ncontent-length: {self.size - first}\r\nconnection: close\r\n\r\n"
        head = "HTTP/1.1 200 OK\r\n"
        if first:
            span = f"bytes {first}-{self.size - 1}/{self.size}"
            head = f"HTTP/1.1 206 Partial Content\r\ncontent-range: {span}\r\n"
        writer.write((head + told).encode())
        end = self.size
        if cut:
            end = first + self.rng.randrange(1, max(2, (self.size - first) // 4))
        piece = self.piece
        while first < end:
            part = piece[first % MIB : first % MIB + min(1 << 16, end - first)]
            writer.write(part)
            first += len(part)
            await writer.drain()
        if cut and self.rng.random() < 0.5:
            writer.transport.abort()


@attrs.define(kw_only=True)
class RudeConnector:
    """What it does with the next calls stands in ``manners``; afterwards it answers as it should.

    Attributes:
        held: What comes after the bad manners waits for this.
        came: Method and path of each call.
    """

    manners: list[str] = attrs.field(factory=list)
    pieces: Pieces | None = None
    base: str = ""
    held: asyncio.Event = attrs.field(factory=asyncio.Event)
    came: list[str] = attrs.field(factory=list)
    _changed: asyncio.Condition = attrs.field(factory=asyncio.Condition)
    _tasks: set[asyncio.Task[object]] = attrs.field(factory=set)

    @classmethod
    @asynccontextmanager
    async def serving(
        cls, *manners: str, pieces: Pieces | None = None
    ) -> "AsyncIterator[RudeConnector]":
        """Serve one on loopback until the block ends."""
        made = cls(manners=list(manners), pieces=pieces)
        server = await asyncio.start_server(made._answer, "127.0.0.1", 0)
        made.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/dsp"
        try:
            yield made
        finally:
            server.close()
            for task in made._tasks:
                task.cancel()
            await asyncio.gather(*made._tasks, return_exceptions=True)

    async def calls(self, count: int) -> list[str]:
        """Wait until so many calls have come; return them."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.came) >= count)
        return self.came

    async def call_to(self, end: str) -> None:
        """Wait for a call to a path that ends like this."""
        async with self._changed:
            await self._changed.wait_for(lambda: any(each.endswith(end) for each in self.came))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._call(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            called = head[0].rpartition(" ")[0]
            async with self._changed:
                self.came.append(called)
                self._changed.notify_all()
            manner = self.manners.pop(0) if self.manners else ""
            if manner:
                await self._misbehave(manner, reader, writer)
            elif called.endswith(DATA) and self.pieces is not None:
                await self.pieces.give(headers, writer)
            else:
                await self.held.wait()
                said = _said(called, body)
                writer.write(OK + f"{len(said)}\r\n\r\n".encode() + said)
            await writer.drain()

    async def _misbehave(
        self, manner: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        match manner:
            case "hangs":
                await reader.read()  # until they hang up
            case "drips its head":
                await _drip(writer, b"HTTP/1.1 200 OK\r\nx-more: ", reader)
            case "drips its body":
                await _drip(writer, OK + b"1000\r\n\r\n", reader)
            case "hangs up":
                writer.transport.abort()
            case "hangs up in its head":
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-le")
            case "hangs up in its body":
                writer.write(OK + b"1000\r\n\r\n{")
            case _:
                writer.write(b"\x16\x03\x01 what?\r\n\r\n")


async def _drip(writer: asyncio.StreamWriter, first: bytes, reader: asyncio.StreamReader) -> None:
    """Say something, then a byte now and then, until they hang up."""
    writer.write(first)
    gone = asyncio.ensure_future(reader.read())
    try:
        while not (await asyncio.wait({gone}, timeout=DRIP_S))[0]:
            writer.write(b"x")
            await writer.drain()
    finally:
        gone.cancel()


def _said(called: str, body: bytes) -> bytes:
    if not called.endswith("/request") or b"callbackAddress" not in body:
        return b""
    kind = "ContractNegotiation" if "/negotiations/" in called else "TransferProcess"
    return process(kind, "their-pid", json.loads(body)["consumerPid"])


def start_message(pid: str, base: str) -> bytes:
    """Return the provider's start of a transfer, with where its data is."""
    address = {
        "@type": "DataAddress",
        "endpointType": "https://w3id.org/idsa/v4.1/HTTP",
        "endpoint": base.removesuffix("/dsp") + DATA,
        "endpointProperties": [
            {"@type": "EndpointProperty", "name": "authorization", "value": "key"}
        ],
    }
    return message(
        "TransferStartMessage", providerPid="their-pid", consumerPid=pid, dataAddress=address
    )
