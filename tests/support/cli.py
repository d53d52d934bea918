"""The command line as a person meets it, before a node that answers as it is told."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from comity.foundation.instants import Instant
from comity.protocols.problems import PROBLEM_JSON, problem_of
from comity.storage.folder import PartyConfig, PartyFolder

TOKEN = "the token of this folder"


@attrs.frozen
class Said:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


class Type(Protocol):
    """Types a command."""

    def __call__(self, *words: str) -> Said:
        """Return what the command ended with and printed."""
        ...


@attrs.frozen
class Called:
    """One call that arrived."""

    method: str
    path: str
    body: Json
    official: str | None


@attrs.define
class FakeNode:
    """Answers by path from ``answers``, else with ``answer``; keeps what it was asked."""

    folder: Path
    answer: JsonObject | ComityError | bytes = attrs.field(factory=dict)
    answers: dict[str, JsonObject | ComityError | bytes] = attrs.field(factory=dict)
    calls: list[Called] = attrs.field(factory=list)
    status: int = 200

    def reply(self, called: Called) -> tuple[int, str, bytes]:
        """Return status, media type and body for a call."""
        self.calls.append(called)
        answer = self.answers.get(called.path.partition("?")[0], self.answer)
        if isinstance(answer, ComityError):
            problem = problem_of(answer, facts=True)
            return problem.status, PROBLEM_JSON, problem.to_bytes()
        if isinstance(answer, bytes):
            return self.status, "application/octet-stream", answer
        return self.status, "application/json", json.dumps(answer).encode()


def _handler(node: FakeNode) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            data = self.rfile.read(int(self.headers.get("content-length", 0)))
            kind = self.headers.get("content-type", "")
            body: Json = json.loads(data) if kind == "application/json" else data.decode() or None
            assert self.headers["authorization"] == f"Bearer {TOKEN}"
            official = self.headers.get("x-comity-as")
            status, media, answer = node.reply(Called(str(self.command), self.path, body, official))
            self.send_response(status)
            self.send_header("content-type", media)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base says
            del format, args

    for method in ("GET", "POST"):
        setattr(Handler, f"do_{method}", Handler.answer)
    return Handler


def party_folder(path: Path, *, local_port: int) -> PartyFolder:
    """Return a folder that looks like a party's, with the token of its running node."""
    config = PartyConfig(
        party="did:web:a.example",
        name="Ministry A",
        form="state",
        purpose="demonstration",
        host="a.example",
        port=8443,
        local_port=local_port,
        created=Instant.parse("2026-11-23T09:00:00Z"),
    )
    folder = PartyFolder.create(path, config=config)
    folder.seal()
    folder.write_api_token(TOKEN)
    return folder


@contextmanager
def fake_node(path: Path) -> Iterator[FakeNode]:
    """Give a node that listens on a free port of this machine, and its folder."""
    node = FakeNode(path)
    server = ThreadingHTTPServer(("localhost", 0), _handler(node))
    party_folder(path, local_port=server.server_address[1])
    running = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    running.start()
    try:
        yield node
    finally:
        server.shutdown()
        running.join()
        server.server_close()


def loaded(text: str) -> Mapping[str, Json]:
    """Return the one JSON object that was printed."""
    value = json.loads(text)
    assert isinstance(value, dict)
    return value
