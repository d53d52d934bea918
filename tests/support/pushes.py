"""A node that asked a connector to push, and calls at the address it named."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

import attrs
import httpx2

from comity.foundation.canonical import JsonObject
from support.connector_nodes import PEER, Facing, message

MORE: Final = (
    f'[[agreement]]\nid = "pushed"\nrole = "consumer"\ncounterpart = "{PEER}"\n'
    'dataset = "theirs-1"\nformat = "HttpData-PUSH"\n'
)


@attrs.frozen
class Line:
    """A push whose body comes as it is sent, chunk by chunk; an empty one is its end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, *chunks: bytes) -> None:
        for chunk in chunks:
            self.writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")

    async def status(self) -> int:
        async with asyncio.timeout(30):
            return int((await self.reader.readline()).split()[1])


@attrs.frozen(kw_only=True)
class Asked:
    """A transfer that our node asked to have pushed: where to, and by which token."""

    found: Facing
    pid: str
    endpoint: str
    token: str

    async def call(
        self, method: str, body: bytes | AsyncIterator[bytes] = b"", **headers: str
    ) -> httpx2.Response:
        """Return the answer to a call at the intake."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told = {"authorization": f"Bearer {self.token}", **told}
        return await self.found.http.request(method, self.endpoint, content=body, headers=told)

    @asynccontextmanager
    async def raw(self, *chunks: bytes) -> AsyncIterator[Line]:
        """Give a push that has begun with these chunks."""
        parts = urlsplit(self.endpoint)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        line = Line(reader, writer)
        writer.write(
            f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\nauthorization: {self.token}\r\n"
            "transfer-encoding: chunked\r\n\r\n".encode()
        )
        line.send(*chunks)
        try:
            yield line
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def start(self) -> None:
        """Say as its provider that it has started."""
        status, _ = await self.say("start", "TransferStartMessage")
        assert status == 200

    async def say(self, path: str, kind: str, **members: object) -> tuple[int, JsonObject]:
        """Say something as its provider."""
        told = {"providerPid": "their-pid", "consumerPid": self.pid}
        body = message(kind, **told, **members)
        return await self.found.call("POST", f"/transfers/{self.pid}/{path}", body)

    async def begun(self) -> None:
        """Wait until bytes of a push come in."""
        async with asyncio.timeout(30):
            while not self.found.node.dataspace.reacting.accesses.moved(self.pid):
                await self.found.exchange(self.pid)  # each look is a read on another thread

    async def received(self) -> object:
        """Return what officials are shown of what came."""
        return (await self.found.ask("dataspace.exchange", exchange=self.pid))["received"]


async def asked(found: Facing, calls: int = 1) -> Asked:
    """Let our node ask for a push; return where it wants it."""
    made = await found.ask(
        "dataspace.transfer", counterpart=PEER, contract="pushed", format="HttpData-PUSH"
    )
    (_, path, _, body) = (await found.peer.calls(calls))[calls - 1]
    await found.quiet()
    assert path == "/dsp/transfers/request"
    return address_in(found, str(made["exchange"]), body)


def address_in(found: Facing, pid: str, body: bytes) -> Asked:
    """Return where a message of ours wants the data."""
    address = json.loads(body)["dataAddress"]
    told = {each["name"]: each["value"] for each in address["endpointProperties"]}
    return Asked(found=found, pid=pid, endpoint=address["endpoint"], token=told["authorization"])
