"""Short calls on kept connections: what is kept, what is let go, and what a server may not do."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvloop

from comity.foundation.errors import ComityError, PeerError, UnavailableError
from comity.transport import short_calls
from comity.transport.short_calls import ShortAnswer, ShortCall, ShortCalls
from comity.transport.tls import pinned_context, server_context
from support.wire import make_certificate, run

OK = b"HTTP/1.1 200 OK\r\n"
HI = OK + b"content-length: 2\r\n\r\nhi"


def passed(status: int, headers: Mapping[str, str]) -> None:
    del status, headers


def call(target: str = "/x", *, content: bytes = b"", wait_s: float = 5.0) -> ShortCall:
    return ShortCall(
        method="POST" if content else "GET",
        target=target,
        headers={"accept-encoding": "identity"},
        content=content,
        bytes_max=10,
        wait_s=wait_s,
    )


async def until(fact: Callable[[], bool]) -> None:
    """Let others have their turn until ``fact`` holds; the test's own limit ends it."""
    for _ in range(1_000_000):
        if fact():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


class Server:
    """Says one of its sayings for each request, and counts who connected."""

    def __init__(self, *said: bytes) -> None:
        self.said = list(said)
        self.heads: list[bytes] = []
        self.connections = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, OSError):
                return
            self.heads.append(head)
            said = self.said.pop(0)
            writer.write(said.removesuffix(b"END"))
            if said.endswith(b"END"):
                writer.close()
                return


@asynccontextmanager
async def calls_to(server: Server, *, unused_s: float = 60.0) -> AsyncIterator[ShortCalls]:
    listening = await asyncio.start_server(server, "127.0.0.1", 0, family=socket.AF_INET)
    port = listening.sockets[0].getsockname()[1]
    calls = ShortCalls(
        origin=f"http://127.0.0.1:{port}", context=None, check=passed, unused_s=unused_s
    )
    try:
        yield calls
    finally:
        calls.close()
        for writer in server.writers:
            writer.close()
        listening.close()
        await listening.wait_closed()


def test_calls_one_after_another_share_a_connection() -> None:
    server = Server(HI, OK + b"transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")

    async def main() -> None:
        async with calls_to(server) as calls:
            said = await calls.make(call())
            assert (said.status, said.body) == (200, b"hi")
            assert said.headers == {"content-length": "2"}
            assert (await calls.make(call("/y?z=1", content=b"{}"))).body == b"abc"

    run(main)
    assert server.connections == 1
    first, second = server.heads
    assert first.startswith(b"GET /x HTTP/1.1\r\nhost: 127.0.0.1:")
    assert b"content-length" not in first
    assert second.startswith(b"POST /y?z=1 HTTP/1.1\r\n")
    assert b"content-length: 2\r\n" in second


@pytest.mark.parametrize(
    "first",
    [
        OK + b"connection: close\r\ncontent-length: 2\r\n\r\nhi",
        OK + b"\r\nhiEND",  # it says no length: the end of the connection is the end
        HI + HI,  # an answer to nothing that was asked
        HI + b"nonsense",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi",
    ],
)
def test_a_connection_that_cannot_be_trusted_for_a_second_call_gets_none(first: bytes) -> None:
    server = Server(first, HI)

    async def main() -> None:
        async with calls_to(server) as calls:
            assert (await calls.make(call())).body == b"hi"
            assert (await calls.make(call())).body == b"hi"

    run(main)
    assert server.connections == 2


def test_what_comes_while_nothing_is_asked_ends_the_connection() -> None:
    server = Server(HI, HI)

    async def main() -> None:
        async with calls_to(server) as calls:
            await calls.make(call())
            [kept] = calls._kept
            server.writers[0].write(HI)
            await until(lambda: not kept.alive)
            assert (await calls.make(call())).body == b"hi"

    run(main)
    assert server.connections == 2


def test_a_connection_that_the_server_ended_is_not_used_again() -> None:
    server = Server(HI, HI)

    async def main() -> None:
        async with calls_to(server) as calls:
            await calls.make(call())
            [kept] = calls._kept
            server.writers[0].close()
            await until(lambda: not kept.alive)
            assert (await calls.make(call())).body == b"hi"

    run(main)
    assert server.connections == 2


def test_an_unused_connection_is_let_go() -> None:
    server = Server(HI, HI)

    async def main() -> None:
        async with calls_to(server, unused_s=0.0) as calls:
            await calls.make(call())
            assert (await calls.make(call())).body == b"hi"
            await until(lambda: not calls._kept)

    run(main)
    assert server.connections == 2


def test_what_is_said_on_the_way_is_no_answer() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"

    async def main() -> None:
        async with calls_to(Server(early + b"HTTP/1.1 100 Continue\r\n\r\n" + HI)) as calls:
            said = await calls.make(call())
            assert (said.status, said.headers) == (200, {"content-length": "2"})

    run(main)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"nonsense\r\n\r\n", "transport.unreachable"),
        (b"END", "transport.unreachable"),
        (OK + b"content-length: 9\r\n\r\nhalfEND", "transport.unreachable"),
        (OK + b"content-length: 2\r\ncontent-length: 3\r\n\r\nhi", "transport.unreachable"),
        (OK + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n", "transport.unreachable"),
        (OK + b"transfer-encoding: chunked\r\n\r\nx\r\n", "transport.unreachable"),
        (OK + b"transfer-encoding: chunked\r\n\r\n5\r\nabEND", "transport.unreachable"),
        (b"HTTP/1.1 101 Other\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
         "transport.unreachable"),
        (OK + b"x: " + b"y" * 70_000, "transport.unreachable"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 3_000, "transport.unreachable"),
        (OK + b"content-length: 11\r\n\r\n12345678901", "transport.answer_size"),
        (OK + b"\r\n12345678901", "transport.answer_size"),
        (b"", "transport.timeout"),
        (OK + b"content-length: 9\r\n\r\nhalf", "transport.timeout"),
    ],
)  # fmt: skip  # a case is a line
def test_a_server_that_misbehaves_gets_no_further(said: bytes, code: str) -> None:
    async def main() -> None:
        async with calls_to(Server(said)) as calls:
            with pytest.raises(ComityError) as caught:
                await calls.make(call(wait_s=0.1 if code == "transport.timeout" else 5.0))
            assert caught.value.code == code
            assert not calls._kept

    run(main)


@pytest.mark.parametrize("target", ["x", "", "/x y", "/x\r\nhost: z", "/\xe9"])
def test_no_address_brings_another_line_into_a_call(target: str) -> None:
    async def main() -> None:
        async with calls_to(Server()) as calls:
            with pytest.raises(PeerError) as caught:
                await calls.make(call(target))
            assert caught.value.code == "transport.path"

    run(main)


def test_no_header_brings_another() -> None:
    async def main() -> None:
        async with calls_to(Server()) as calls:
            made = ShortCall(
                method="GET", target="/", headers={"authorization": "a\r\nb: c"}, content=b"",
                bytes_max=1, wait_s=1.0,
            )  # fmt: skip  # one call
            with pytest.raises(UnavailableError):
                await calls.make(made)

    run(main)


def test_more_calls_than_places_wait_their_turn_and_no_longer_than_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(short_calls, "CONNECTIONS_MAX", 1)
    server = Server(b"", HI)

    async def main() -> None:
        async with calls_to(server) as calls:
            silent = asyncio.create_task(calls.make(call()))
            await until(lambda: bool(server.heads))
            with pytest.raises(UnavailableError) as caught:
                await calls.make(call(wait_s=0.01))
            assert caught.value.code == "transport.timeout"
            silent.cancel()
            with pytest.raises(asyncio.CancelledError):
                await silent
            assert (await calls.make(call())).body == b"hi"

    run(main)
    assert server.connections == 2  # what was broken off in mid answer is not used again


def test_what_is_under_way_at_the_end_is_not_kept() -> None:
    server = Server(b"")

    async def main() -> None:
        async with calls_to(server) as calls:
            asked: asyncio.Task[ShortAnswer] = asyncio.create_task(calls.make(call()))
            await until(lambda: bool(server.heads))
            calls.close()
            server.writers[0].write(HI)
            assert (await asked).body == b"hi"
            assert not calls._kept

    run(main)


@pytest.mark.parametrize(
    "loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def test_another_key_than_the_pinned_one_is_an_error_and_no_trace_in_the_log(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    made, other = make_certificate(tmp_path, "a"), make_certificate(tmp_path, "b")
    server = Server(HI)

    async def main() -> None:
        tls = server_context(certificate=made.certificate, key=made.key)
        listening = await asyncio.start_server(server, "127.0.0.1", 0, ssl=tls)
        port = listening.sockets[0].getsockname()[1]
        for pin in (other.pin, made.pin):
            calls = ShortCalls(
                origin=f"https://127.0.0.1:{port}",
                context=pinned_context(pin),
                check=passed,
                unused_s=1.0,
            )
            if pin == made.pin:
                assert (await calls.make(call())).body == b"hi"
            else:
                with pytest.raises(PeerError) as caught:
                    await calls.make(call())
                assert caught.value.code == "transport.pin"
            calls.close()
        listening.close()

    with caplog.at_level(logging.WARNING), asyncio.Runner(loop_factory=loop) as runner:
        runner.run(main())
    assert len(server.heads) == 1
    assert not [one for one in caplog.records if "Fatal error" in one.getMessage()]
