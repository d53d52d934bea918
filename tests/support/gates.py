"""Calls of a gate in the process, with ID tokens or whatever else a test puts into the headers."""

import json
from collections.abc import Sequence
from typing import TypeAlias

import attrs

from comity.protocols.dsp.reading import CONTEXT
from comity.transport.gate import App, Message, Scope

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]


@attrs.frozen
class Answered:
    """What a gate answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def error(self, kind: str) -> str:
        """Return the code of an error object of the protocol, after a look at its form."""
        told = json.loads(self.body)
        assert self.headers["content-type"] == "application/json"
        assert told["@context"] == [CONTEXT]
        assert told["@type"] == kind
        assert len(told["reason"]) == 1
        code = told["code"]
        assert isinstance(code, str)
        return code


async def ask(
    gate: App,
    path: str,
    tokens: Sequence[str],
    *,
    method: str,
    body: bytes = b"",
    headers: Headers = (),
    address: str = "192.0.2.1",
) -> Answered:
    """Call the gate with every token in a header line of its own."""
    sent: list[Message] = []
    length = (b"content-length", str(len(body)).encode())
    typed = [(b"content-type", b"application/json"), length] if body else []
    bearers = [(b"authorization", b"Bearer " + one.encode("latin-1")) for one in tokens]
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "client": (address, 50000),
        "headers": [*typed, *bearers, *headers],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await gate(scope, receive, send)
    lines, status = sent[0]["headers"], sent[0]["status"]
    assert isinstance(lines, list)
    assert isinstance(status, int)
    named = {name.decode(): value.decode() for name, value in lines}
    parts = [one["body"] for one in sent[1:] if isinstance(one["body"], bytes)]
    return Answered(status, named, b"".join(parts))
