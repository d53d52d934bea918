"""The wire to a node: what a command sees of it, also when it is not there."""

import json
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from io import BytesIO

import pytest

from comity.foundation.errors import ComityError, MisuseError, RefusedError, UnavailableError
from comity.protocols.problems import PROBLEM_JSON, problem_of
from comity.sdk.wire import Place, Wire

Answering = Callable[[bytes, bytes], bytes]


def say(status: str, body: bytes, extra: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{extra}content-length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def answering(answer: Answering) -> Iterator[Wire]:
    """A server that reads head and body and answers what it is told to."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += self.rfile.read(1)
            length = 0
            for line in head.lower().splitlines():
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            self.wfile.write(answer(head, self.rfile.read(length)))

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Wire(Place(f"http://localhost:{server.server_address[1]}"))
        finally:
            server.shutdown()
            thread.join()


def test_a_call_carries_headers_and_body() -> None:
    seen: list[tuple[bytes, bytes]] = []

    def answer(head: bytes, body: bytes) -> bytes:
        seen.append((head, body))
        return say("200 OK", b'{"n":1}')

    with answering(answer) as client:
        assert client.call("POST", "/api/x", json={"a": "é"}, headers={"x-a": "b"}) == {"n": 1}
        assert client.call("GET", "/api/y", headers={}) == {"n": 1}
    (head, body), (second, nothing) = seen
    assert head.startswith(b"POST /api/x HTTP/1.1\r\n")
    for line in (b"x-a: b", b"connection: close"):
        assert line in head
    assert json.loads(body) == {"a": "é"}
    assert b"x-a" not in second
    assert nothing == b""


def test_an_error_of_the_node_is_the_same_error_in_the_command() -> None:
    error = RefusedError("powers.expired", "Her powers have ended.", {"who": "anna"})

    def answer(head: bytes, body: bytes) -> bytes:
        del head, body
        told = problem_of(error, facts=True).to_bytes()
        return say("403 Forbidden", told, f"content-type: {PROBLEM_JSON}\r\n")

    with answering(answer) as client, pytest.raises(RefusedError) as caught:
        client.call("GET", "/api/x", headers={})
    assert (caught.value.code, caught.value.facts) == (error.code, error.facts)


def test_a_file_goes_up_and_down_in_parts_with_progress() -> None:
    content = bytes(range(256)) * 4000
    sent: list[int] = []
    got: list[int] = []

    def answer(head: bytes, body: bytes) -> bytes:
        if head.startswith(b"POST"):
            return say("200 OK", json.dumps({"n": len(body)}).encode())
        return say("200 OK", content, "Content-Type: application/zip\r\n")

    with answering(answer) as client:
        told = client.upload(
            "/api/items?name=x",
            BytesIO(content),
            length=len(content),
            headers={},
            progress=sent.append,
        )
        target = BytesIO()
        headers = client.download("/api/x", target, headers={}, progress=got.append)
    assert told == {"n": len(content)}
    assert target.getvalue() == content
    assert sent[-1] == got[-1] == len(content)
    assert len(sent) > 1
    assert headers["content-type"] == "application/zip"


def test_an_upload_that_is_refused_early_says_why() -> None:
    """The reason is read even though the node did not wait for the whole file."""
    problem = problem_of(MisuseError("items.too_large", "Too large.")).to_bytes()
    server = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(100)
            connection.sendall(say("413 Too Large", problem))
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1 << 20):
                pass

    thread = threading.Thread(target=refuse)
    thread.start()
    client = Wire(Place(f"http://127.0.0.1:{server.getsockname()[1]}"))
    with server, pytest.raises(MisuseError) as caught:
        client.upload("/api/items", BytesIO(bytes(4 << 20)), length=4 << 20, headers={})
    thread.join()
    assert caught.value.code == "items.too_large"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"", "local.cut_off"),
        (b"nonsense\r\n", "local.cut_off"),
        (say("200 OK", b"<html>"), "local.answer"),
        (say("200 OK", b"[]"), "local.answer"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}", "local.cut_off"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{", "local.cut_off"),
        (say("500 X", b"?"), "transport.answer"),
    ],
)
def test_what_is_no_answer_is_told(said: bytes, code: str) -> None:
    with answering(lambda *_: said) as client, pytest.raises(ComityError) as caught:
        client.call("GET", "/api/x", headers={})
    assert caught.value.code == code


def test_a_download_that_breaks_off_is_told() -> None:
    said = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nshort"
    with answering(lambda *_: said) as client, pytest.raises(ComityError) as caught:
        client.download("/api/x", BytesIO(), headers={})
    assert caught.value.code == "local.cut_off"


def test_a_file_that_shrinks_while_it_is_sent_is_told() -> None:
    with answering(lambda *_: b"") as client, pytest.raises(MisuseError) as caught:
        client.upload("/api/x", BytesIO(b"ab"), length=3, headers={})
    assert caught.value.code == "local.file_changed"


def test_a_node_that_does_not_run_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UnavailableError) as caught:
        Wire(Place(f"http://localhost:{port}")).call("GET", "/api/x", headers={})
    assert caught.value.code == "local.not_running"
    assert "comity serve" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["http://192.0.2.1:1", "http://example.org", "http://", "https://", "ftp://a", "localhost:1"],
)
def test_no_token_goes_over_a_net_in_the_clear(url: str) -> None:
    with pytest.raises(MisuseError) as caught:
        Place(url)
    assert caught.value.code == "local.address"


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://[::1]:1", "http://[::1]:1"),
        ("http://localhost", "http://localhost:80"),
        ("https://comity.example", "https://comity.example:443"),
    ],
)
def test_this_machine_has_several_names_and_others_are_called_over_tls(
    url: str, whole: str
) -> None:
    assert Place(url).url == whole


def test_a_node_elsewhere_is_believed_only_with_a_certificate_of_the_systems_authorities() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        made = Place(f"https://localhost:{port}").connection(timeout_s=1)
    assert isinstance(made, HTTPSConnection)
    context = made._context  # type: ignore[attr-defined]  # the library shows it nowhere else
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_command_does_not_wait_for_an_http_stack() -> None:
    heavy = "{'httpx2', 'litestar', 'uvicorn', 'asyncio', 'cryptography'}"
    code = f"import sys, comity.sdk; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
