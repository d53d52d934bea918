"""Serving: ports are bound first, nothing is plain beyond this machine, calls end in peace."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest

from comity.foundation.errors import MisuseError
from comity.transport import serving
from comity.transport.gate import Receive, Scope, Send, answer
from comity.transport.serving import Door, bind
from support.wire import Watched, real_peer, run, served


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with bind("localhost", 0, what="the officials' site", option="--port") as taken:
        with pytest.raises(MisuseError) as caught:
            bind("localhost", taken.getsockname()[1], what="the officials' site", option="--port")
        assert caught.value.code == "serve.port_taken"
        assert "--port" in str(caught.value)


@pytest.mark.parametrize(
    ("host", "code"), [("192.0.2.1", "serve.port_refused"), ("no such host", "serve.address")]
)
def test_an_address_of_another_machine_is_told(host: str, code: str) -> None:
    with pytest.raises(MisuseError) as caught:
        bind(host, 0, what="x", option="--host")
    assert caught.value.code == code


def test_nothing_is_served_beyond_this_machine_without_tls() -> None:
    watched = Watched()

    async def main() -> None:
        with bind("0.0.0.0", 0, what="the officials' site", option="--host") as sock:
            door = Door(name="officials", app=watched.gate(), sock=sock, tls=None)
            with pytest.raises(MisuseError) as caught:
                await serving.serve([door], ready=lambda: None)
            assert caught.value.code == "serve.plain_http"

    run(main)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_calls_under_way_end(number: signal.Signals) -> None:
    entered, told = asyncio.Event(), list[bytes]()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        entered.set()
        await asyncio.to_thread(os.kill, os.getpid(), number)
        await answer(send, status=200, body=b"to the end", content_type="text/plain")

    async def main() -> None:
        socks = [bind("localhost", 0, what="x", option="y") for _ in range(2)]
        doors = [Door(name=str(n), app=slow, sock=sock, tls=None) for n, sock in enumerate(socks)]
        port = socks[0].getsockname()[1]
        ready = asyncio.Event()
        task = asyncio.create_task(serving.serve(doors, ready=ready.set))
        await ready.wait()
        reader, writer = await asyncio.open_connection("localhost", port, family=socket.AF_INET)
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        told.append(await reader.read())
        writer.close()
        await task

    run(main)
    assert told[0].endswith(b"to the end")


def test_a_peer_that_stays_connected_does_not_hold_up_the_end(tmp_path: Path) -> None:
    async def main() -> None:
        async with real_peer(tmp_path, Watched()) as peer:
            assert (await peer.client.get("/x")).status == 200
            peer.keep_connected = True
        await peer.client.aclose()

    run(main, wait_s=5)


def test_two_doors_answer_once_ready(tmp_path: Path) -> None:
    async def main() -> None:
        sock = bind("localhost", 0, what="x", option="y")
        plain = Door(name="officials", app=Watched().gate(), sock=sock, tls=None)
        async with real_peer(tmp_path, Watched()) as peer, served(plain):
            assert (await peer.client.get("/x")).status == 200
            reader, writer = await asyncio.open_connection(*sock.getsockname())
            writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 401 ")
            writer.close()

    run(main)


def test_a_node_runs_on_the_fast_loop() -> None:
    seen: list[str] = []

    async def main() -> None:
        seen.append(type(asyncio.get_running_loop()).__module__)

    serving.run(main())
    assert seen == ["uvloop"]
