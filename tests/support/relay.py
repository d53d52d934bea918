"""A mail relay on loopback that takes, or refuses, what is handed in."""

import asyncio
from typing import Self

import attrs


@attrs.define(kw_only=True)
class Relay:
    """What speaks SMTP at a port, and what it took."""

    refuses: str = ""
    taken: list[tuple[str, str, bytes]] = attrs.field(factory=list)
    seen: asyncio.Event = attrs.field(factory=asyncio.Event)
    port: int = 0
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def until(self, mails: int) -> None:
        """Return once so many mails were taken, or one more was refused."""
        async with asyncio.timeout(20):
            while len(self.taken) < mails:
                self.seen.clear()
                await self.seen.wait()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender = to = ""
        writer.write(b"220 relay\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.partition(" ")[0].partition(":")[0].upper()
            answer = "250 ok"
            if verb == "MAIL":
                sender = line.partition("<")[2].partition(">")[0]
            elif verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                answer = self.refuses or answer
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                self.taken.append((sender, to, data[:-3]))
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            writer.write(answer.encode() + b"\r\n")
            self.seen.set()
        writer.close()
