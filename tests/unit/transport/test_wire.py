"""Two ends of a real wire on loopback: pins, limits, clocks, broken and hostile peers."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import attrs
import pytest

from comity.foundation.errors import ComityError, MisuseError, PeerError, UnavailableError
from comity.transport import client as client_module
from comity.transport import serving, short_calls
from comity.transport.client import PeerAnswer, PeerClient, file_parts
from comity.transport.gate import GateLimits, Receive, Scope, Send, answer
from comity.transport.messages import EMPTY_SHA256, Content, sign_request
from comity.transport.serving import bind
from comity.transport.tls import pinned_context, server_context, spki_sha256
from support.parties import NOW, ed25519
from support.wire import B, Peer, Watched, make_certificate, make_client, real_peer, run

SYNC = "/relationships/00/sync"
JSON = "application/json"


def code_of(answered: PeerAnswer) -> str:
    problem = answered.problem
    assert problem is not None
    return problem.code


def test_a_call_goes_from_one_node_to_the_other(tmp_path: Path) -> None:
    watched = Watched()

    async def main() -> None:
        async with real_peer(tmp_path, watched) as peer:
            posted = await peer.client.post(SYNC, b'{"a":1}', JSON)
            assert (posted.status, posted.body, posted.problem) == (200, b'{"ok":true}', None)
            got = await peer.client.get("/relationships/00/entries?start=0&stop=9")
            assert got.status == 200

    run(main)
    assert watched.came == [
        (B, "/comity" + SYNC, b'{"a":1}'),
        (B, "/comity/relationships/00/entries", b""),
    ]


def test_a_large_body_streams_both_ways(tmp_path: Path) -> None:
    body = bytes(range(256)) * 20_000

    async def mirror(scope: Scope, receive: Receive, send: Send) -> None:
        await watched.keep(scope, receive, quiet)
        await answer(send, status=200, body=watched.came[-1][2], content_type="text/plain")

    async def quiet(message: object) -> None:
        del message

    watched = Watched(streams={"/comity/file": 8 << 20}, app=mirror)

    async def main() -> None:
        async with real_peer(tmp_path, watched) as peer:
            with pytest.raises(PeerError) as caught:
                await peer.client.post_stream(
                    "/file",
                    file_parts(BytesIO(body)),
                    digest=sha256(body).hexdigest(),
                    length=len(body),
                    content_type="application/octet-stream",
                )
            assert caught.value.code == "transport.answer_size"
            async with peer.client.stream("GET", "/file", bytes_max=1) as opened:
                assert (opened.status, [part async for part in opened.chunks]) == (200, [])

    run(main)
    assert watched.came[0][2] == body


def test_whoever_has_another_key_than_the_letter_gets_nothing(tmp_path: Path) -> None:
    watched = Watched()
    other = make_certificate(tmp_path, "another")

    async def main() -> None:
        async with real_peer(tmp_path, watched) as peer:
            client = make_client(watched.origin, other.pin)
            with pytest.raises(PeerError) as caught:
                await client.post(SYNC, b"secret", JSON)
            assert caught.value.code == "transport.pin"
            assert caught.value.facts == {"expected": other.pin, "found": peer.pin}
            await client.aclose()

    run(main)
    assert not watched.came
    assert not watched.notes


def test_the_pin_also_holds_for_blocking_sockets(tmp_path: Path) -> None:
    other = make_certificate(tmp_path, "another")

    async def main() -> None:
        async with real_peer(tmp_path, Watched()) as peer:
            await asyncio.to_thread(dial, peer)

    def dial(peer: Peer) -> None:
        with (
            socket.create_connection(("localhost", peer.port)) as plain,
            pytest.raises(PeerError),
        ):
            pinned_context(other.pin).wrap_socket(plain, server_hostname="localhost")
        with (
            socket.create_connection(("localhost", peer.port)) as plain,
            pinned_context(peer.pin).wrap_socket(plain, server_hostname="localhost") as wrapped,
        ):
            assert wrapped.version() == "TLSv1.3"

    run(main)


def test_a_pin_has_one_form_and_a_certificate_can_be_read(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, "a")
    der = ssl.PEM_cert_to_DER_cert(made.certificate.read_text())
    assert spki_sha256(der) == made.pin
    with pytest.raises(PeerError):
        spki_sha256(der[:-1])
    for pin in ("", made.pin[:-1], made.pin.upper(), "g" * 64):
        with pytest.raises(MisuseError):
            pinned_context(pin)


@pytest.mark.parametrize("broken", ["absent", "swapped", "garbage"])
def test_broken_key_files_are_told(tmp_path: Path, broken: str) -> None:
    made, other = make_certificate(tmp_path, "a"), make_certificate(tmp_path, "b")
    key = {"absent": tmp_path / "absent", "swapped": other.key, "garbage": made.key}[broken]
    if broken == "garbage":
        key.write_text("garbage")
    with pytest.raises(MisuseError) as caught:
        server_context(certificate=made.certificate, key=key)
    assert caught.value.code == "transport.key_files"


async def raw(peer: Peer, data: bytes) -> bytes:
    """Send bytes over TLS as they are and return everything that comes back."""
    reader, writer = await asyncio.open_connection(
        "localhost", peer.port, ssl=pinned_context(peer.pin), server_hostname="localhost"
    )
    writer.write(data)
    got = await reader.read()
    writer.close()
    return got


def head(peer: Peer, content: Content, extra: str) -> bytes:
    made = sign_request(
        "POST",
        f"{peer.watched.origin}/comity{SYNC}",
        content=content,
        signer=ed25519("network b"),
        created=NOW,
        nonce=bytes(18),
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in made.items())
    return f"POST /comity{SYNC} HTTP/1.1\r\nhost: a\r\n{lines}{extra}\r\n".encode()


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (lambda _: b"GET / HTTP/1.1\r\nhost: a\r\n\r\n", 401, "call.unsigned"),
        (lambda _: b"GET / HTTP/1.1\r\nx: " + b"y" * 30_000, 431, "call.headers_too_large"),
        (lambda _: b"GET /" + b"y" * 30_000, 431, "call.headers_too_large"),
        (
            lambda _: b"GET / HTTP/1.1\r\nx: " + b"y" * 18_000 + b"\r\n\r\n",
            431,
            "call.headers_too_large",
        ),
        (
            lambda peer: head(
                peer,
                Content(digest=sha256(b"x" * 3_000_000).digest(), media=JSON),
                "content-length: 3000000\r\n",
            ),
            413,
            "call.body_too_large",
        ),
        (
            lambda peer: (
                head(
                    peer,
                    Content(digest=EMPTY_SHA256, media=JSON),
                    "transfer-encoding: chunked\r\n",
                )
                + b"40000\r\n"
                + b"x" * 0x40000
                + b"\r\n40000\r\n"
                + b"x" * 0x40000
                + b"\r\n"
            ),
            413,
            "call.body_too_large",
        ),
        (
            lambda peer: (
                head(peer, Content(digest=EMPTY_SHA256, media=JSON), "content-length: 5\r\n") + b"x"
            ),
            408,
            "call.slow",
        ),
    ],
    ids=["unsigned", "header", "target", "whole header", "length", "chunks", "slow"],
)
def test_a_hostile_caller_is_refused_in_words_and_cut_off(
    tmp_path: Path, make: Callable[[Peer], bytes], status: int, code: str
) -> None:
    watched = Watched(limits=GateLimits(body_bytes_max=300_000, body_wait_s=0.3))

    async def main() -> None:
        async with real_peer(tmp_path, watched) as peer:
            got = await raw(peer, make(peer))
            assert got.startswith(f"HTTP/1.1 {status} ".encode())
            problem = json.loads(got.partition(b"\r\n\r\n")[2])
            assert problem["code"] == code

    run(main)
    assert not watched.came


def test_what_is_no_http_is_cut_off(tmp_path: Path) -> None:
    async def main() -> None:
        async with real_peer(tmp_path, Watched()) as peer:
            assert (await raw(peer, b"\x16\x03\x01hello\r\n\r\n")).startswith(b"HTTP/1.1 400 ")

    run(main)


def test_a_head_that_never_ends_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_WAIT_S", 0.05)

    async def main() -> None:
        async with real_peer(tmp_path, Watched()) as peer:
            for beginning in (b"", b"GET / HTT", b"\r\n"):
                with suppress(ConnectionError):
                    assert await raw(peer, beginning) == b""

    run(main)


def test_one_address_cannot_take_all_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "CONNECTIONS_PER_ADDRESS_MAX", 1)

    async def main() -> None:
        async with real_peer(tmp_path, Watched()) as peer:
            _, first = await asyncio.open_connection(
                "localhost", peer.port, ssl=pinned_context(peer.pin), server_hostname="localhost"
            )
            first.write(b"GET / HTTP/1.1\r\nhost")  # at work: its head is still coming
            with pytest.raises((ConnectionError, ssl.SSLError)):
                await raw_or_raise(peer)
            first.transport.abort()

    async def raw_or_raise(peer: Peer) -> None:
        if await raw(peer, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n") == b"":
            raise ConnectionResetError

    run(main)


def test_a_counterpart_that_leaves_connections_unused_can_still_open_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "CONNECTIONS_PER_ADDRESS_MAX", 1)

    async def main() -> None:
        async with real_peer(tmp_path, Watched()) as peer:
            assert (await peer.client.get("/x")).status == 200  # and stays connected, unused
            said = await raw(peer, b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            assert said.startswith(b"HTTP/1.1 401 ")

    run(main)


@pytest.mark.parametrize("differs_s", [301, -301])
def test_clocks_that_disagree_are_shown_and_nothing_goes_on(tmp_path: Path, differs_s: int) -> None:
    watched = Watched()

    async def main() -> None:
        async with real_peer(tmp_path, watched) as peer:
            peer.clock.at = NOW.plus(differs_s)
            with pytest.raises(UnavailableError) as caught:
                await peer.client.post(SYNC, b"{}", JSON)
            assert caught.value.code == "transport.clock"
            assert str(NOW) in str(caught.value)
            assert str(NOW.plus(differs_s)) in str(caught.value)

    run(main)
    assert not watched.came


@attrs.frozen
class Lying:
    """A hostile server with the right key: answers whatever it is told to."""

    client: PeerClient


@asynccontextmanager
async def lying(folder: Path, said: bytes) -> AsyncIterator[Lying]:
    made = make_certificate(folder, "a")
    open_writers: list[asyncio.StreamWriter] = []

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_writers.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        if said.endswith(b"END"):
            writer.close()

    tls = server_context(certificate=made.certificate, key=made.key)
    server = await asyncio.start_server(say, "localhost", 0, ssl=tls, family=socket.AF_INET)
    port = server.sockets[0].getsockname()[1]
    client = make_client(f"https://localhost:{port}", made.pin)
    try:
        yield Lying(client)
    finally:
        await client.aclose()
        for writer in open_writers:
            writer.close()
        server.close()
        await server.wait_closed()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"HTTP/1.1 302 Found\r\nlocation: https://localhost:1/\r\n\r\n", "transport.redirect"),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", "transport.redirect"),
        (
            OK + b"content-encoding: gzip\r\ncontent-length: 5\r\n\r\nxxxxx",
            "transport.answer_encoded",
        ),
        (OK + b"content-length: 11\r\n\r\n12345678901", "transport.answer_size"),
        (OK + b"transfer-encoding: chunked\r\n\r\nb\r\n12345678901", "transport.answer_size"),
        (OK + b"comity-time: now\r\ncontent-length: 0\r\n\r\n", "basics.instant"),
        (b"nonsense\r\n\r\nEND", "transport.unreachable"),
        (b"END", "transport.unreachable"),
        (OK + b"content-length: 9\r\n\r\nEND", "transport.unreachable"),
    ],
)
def test_a_lying_server_gets_no_further(tmp_path: Path, said: bytes, code: str) -> None:
    async def main() -> None:
        async with lying(tmp_path, said) as there:
            with pytest.raises(ComityError) as caught:
                await there.client.get("/x", bytes_max=10)
            assert caught.value.code == code

    run(main)


def test_a_server_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client_module._TIMEOUT, "read", 0.05)

    async def main() -> None:
        async with lying(tmp_path, b"") as there:
            with pytest.raises(UnavailableError) as caught:
                await there.client.get("/x")
            assert caught.value.code == "transport.timeout"

    run(main)


def test_a_server_that_trickles_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short_calls, "BODY_WAIT_S", -1)

    async def main() -> None:
        async with lying(tmp_path, OK + b"content-length: 9\r\n\r\nx") as there:
            with pytest.raises(UnavailableError) as caught:
                await there.client.get("/x")
            assert caught.value.code == "transport.slow"

    run(main)


def test_an_unreadable_reason_is_told_as_such(tmp_path: Path) -> None:
    async def main() -> None:
        async with lying(tmp_path, b"HTTP/1.1 500 X\r\ncontent-length: 3\r\n\r\n{}}") as there:
            assert code_of(await there.client.get("/x")) == "transport.answer"

    run(main)


def test_a_counterpart_that_is_down_is_told(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, "a")
    free = bind("localhost", 0, what="x", option="y")
    port = free.getsockname()[1]
    free.close()

    async def main() -> None:
        client = make_client(f"https://localhost:{port}", made.pin)
        with pytest.raises(UnavailableError) as caught:
            await client.post(SYNC, b"{}", JSON)
        assert caught.value.code == "transport.unreachable"
        await client.aclose()

    run(main)


@pytest.mark.parametrize(
    "origin",
    [
        "http://a.example",
        "https://a.example/",
        "https://a.example:443",
        "https://A.example",
        "https://u@a.example",
        "https://a.example:0",
        "",
    ],
)
def test_only_an_https_origin_in_its_one_spelling_is_called(origin: str) -> None:
    with pytest.raises(MisuseError):
        make_client(origin, "0" * 64)


@pytest.mark.parametrize(
    "path",
    [
        "x",
        "",
        "//x",
        "/../x",
        "/x/..",
        "/x/.",
        "/%2e%2E/x",
        "/x y",
        "/x#y",
        "/\xe9",
        "/x?y?#",
        "/x\n",
    ],
)
def test_a_path_that_could_lead_elsewhere_is_not_called(path: str) -> None:
    async def main() -> None:
        client = make_client("https://localhost:1", "0" * 64)
        with pytest.raises(PeerError) as caught:
            await client.get(path)
        assert caught.value.code == "transport.path"

    run(main)


def test_only_addresses_of_the_counterpart_are_paths_of_a_client() -> None:
    client = make_client("https://a.example:8443", "0" * 64)
    assert client.path_of("https://a.example:8443/comity/x?y=1") == "/x?y=1"
    assert client.under("/dsp").path_of("https://a.example:8443/dsp/x") == "/x"
    for url in (
        "https://a.example:8443/other/x",
        "https://a.example:8443/comity/../x",
        "https://a.example:8443/comityx",
        "https://a.example:84433/comity/x",
        "https://a.example:8443@evil.example/comity/x",
        "http://a.example:8443/comity/x",
        "https://evil.example/comity/x",
    ):
        with pytest.raises(PeerError):
            client.path_of(url)


def test_a_client_below_another_path_shares_the_connection(tmp_path: Path) -> None:
    watched = Watched()

    async def main() -> None:
        async with real_peer(tmp_path, watched) as peer:
            await peer.client.under("/dsp").get("/catalog")
            await peer.client.get("/x")

    run(main)
    assert [path for _, path, _ in watched.came] == ["/dsp/catalog", "/comity/x"]
