"""Large answers over a real wire: pinned, bounded, broken off, and given up in the middle."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from comity.foundation.errors import ComityError, PeerError, UnavailableError
from comity.transport import downloading
from comity.transport.client import PeerClient
from comity.transport.gate import Receive, Scope, Send, answer
from support.wire import Watched, make_certificate, make_client, real_peer, run

MIB = 1 << 20


async def take(client: PeerClient, *, bytes_max: int = 64 * MIB, into: bytearray) -> int:
    async with client.download("GET", "/file", headers={}, bytes_max=bytes_max) as got:
        async for chunk in got.chunks:
            into += chunk
        return got.status


def with_app(
    tmp_path: Path,
    app: Callable[[Scope, Receive, Send], Awaitable[None]],
    work: Callable[[PeerClient], Awaitable[None]],
) -> None:
    async def main() -> None:
        async with real_peer(tmp_path, Watched(app=app)) as peer:
            await work(peer.client)

    run(main, wait_s=60)


async def sends(send: Send, size: int, body: bytes) -> None:
    lines = [(b"content-length", str(size).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": lines})
    await send({"type": "http.response.body", "body": body, "more_body": len(body) < size})


@pytest.mark.parametrize("size", [0, 1, MIB, 3 * MIB + 7])
def test_an_answer_of_any_size_comes_whole(tmp_path: Path, size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, status=200, body=body[:size], content_type="text/plain")

    async def work(client: PeerClient) -> None:
        into = bytearray()
        assert await take(client, into=into) == 200
        assert bytes(into) == body[:size]

    with_app(tmp_path, app, work)


def test_what_came_before_a_cut_is_given_out_before_the_cut_is_said(tmp_path: Path) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await sends(send, 3 * MIB, bytes(1000))
        raise UnavailableError("sharing.cut_off", "in the middle")

    async def work(client: PeerClient) -> None:
        into = bytearray()
        with pytest.raises(UnavailableError) as caught:
            await take(client, into=into)
        assert caught.value.code == "transport.unreachable"
        assert len(into) == 1000

    with_app(tmp_path, app, work)


def test_more_than_may_come_is_broken_off(tmp_path: Path) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, status=200, body=bytes(2 * MIB), content_type="text/plain")

    async def work(client: PeerClient) -> None:
        with pytest.raises(PeerError) as caught:
            await take(client, bytes_max=MIB, into=bytearray())
        assert caught.value.code == "transport.answer_size"

    with_app(tmp_path, app, work)


def test_a_redirection_is_no_data_and_nowhere_is_called(tmp_path: Path) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        lines = [(b"location", b"https://127.0.0.1:1/"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 302, "headers": lines})
        await send({"type": "http.response.body", "body": b""})

    async def work(client: PeerClient) -> None:
        with pytest.raises(PeerError) as caught:
            await take(client, into=bytearray())
        assert caught.value.code == "transport.redirect"

    with_app(tmp_path, app, work)


def test_whoever_has_another_key_or_is_not_there_gives_nothing(tmp_path: Path) -> None:
    other = make_certificate(tmp_path, "another")
    watched = Watched()

    async def main() -> None:
        async with real_peer(tmp_path, watched):
            client = make_client(watched.origin, other.pin)
            with pytest.raises(PeerError) as caught:
                await take(client, into=bytearray())
            assert caught.value.code == "transport.pin"
            await client.aclose()
        gone = make_client(watched.origin, other.pin)
        with pytest.raises(UnavailableError) as refused:
            await take(gone, into=bytearray())
        assert refused.value.code == "transport.unreachable"
        await gone.aclose()

    run(main, wait_s=60)
    assert not watched.came


def test_whoever_stops_in_the_middle_waits_for_nobody(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await sends(send, 3 * MIB, bytes(MIB))
        begun.set()
        await receive()
        await receive()  # until the other side goes away

    async def work(client: PeerClient) -> None:
        taking = asyncio.create_task(take(client, into=bytearray()))
        await begun.wait()
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking

    async def main() -> None:
        async with real_peer(tmp_path, Watched(app=app)) as peer:
            await work(peer.client)

    run(main, wait_s=60)


def test_a_counterpart_that_is_too_slow_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "BODY_WAIT_S", 0.2)

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await sends(send, 3 * MIB, bytes(1000))
        await receive()
        await receive()  # until the other side goes away

    async def work(client: PeerClient) -> None:
        with pytest.raises(ComityError) as caught:
            await take(client, into=bytearray())
        assert caught.value.code in {"transport.timeout", "transport.slow"}

    with_app(tmp_path, app, work)
