"""The floor of a negotiation: the same four messages with nothing of a protocol in them.

Two processes, TLS with kept connections, one Ed25519 signature made and one checked for each
message, one durable group commit on each side of each message, uvicorn, the HTTP library and the
SQLite that a node uses. No JSON, no rules, no state but the rows.
"""

import argparse
import asyncio
import queue
import ssl
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import httpx2
import pysqlite3
import uvicorn
import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BODY: Final = b"x" * 900
_SEED: Final = bytes(32)  # both ends: what is measured is the work, not who did it
Scope = dict[str, object]
Sender = Callable[[dict[str, object]], Awaitable[None]]
Receiver = Callable[[], Awaitable[dict[str, object]]]


class Commits:
    """Durable rows, as many in one commit as wait for it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: queue.SimpleQueue[tuple[bytes, asyncio.Future[None]] | None]
        self._waiting = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    async def keep(self, data: bytes) -> None:
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.put((data, future))
        await future

    def _run(self) -> None:
        database = pysqlite3.connect(str(self._path), isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE IF NOT EXISTS row (n INTEGER PRIMARY KEY, data BLOB)")
        while True:
            found = [self._waiting.get()]
            while not self._waiting.empty():
                found.append(self._waiting.get())
            database.execute("BEGIN IMMEDIATE")
            for one in found:
                if one is None:
                    database.close()
                    return
                database.execute("INSERT INTO row (data) VALUES (?)", (one[0],))
            database.execute("COMMIT")
            done = [one[1] for one in found if one is not None]
            self._loop.call_soon_threadsafe(_tell, done)


def _tell(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        future.set_result(None)


class End:
    """One end of the chain: takes the messages of the other, and sends what follows."""

    def __init__(self, commits: Commits, other: str, trust: Path) -> None:
        self.commits, self.other = commits, other
        self.key = Ed25519PrivateKey.from_private_bytes(_SEED)
        self.done: dict[str, asyncio.Future[None]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        context = ssl.create_default_context(cafile=str(trust))
        context.check_hostname = False
        limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
        self.wire = httpx2.AsyncHTTPTransport(verify=context, limits=limits)

    async def send(self, n: int, name: str) -> None:
        await self.commits.keep(BODY)
        await self.post(n, name)

    async def post(self, n: int, name: str) -> None:
        signature = self.key.sign(BODY).hex()
        request = httpx2.Request(
            "POST", f"{self.other}/{n}/{name}", content=BODY, headers={"x-signature": signature}
        )
        response = await self.wire.handle_async_request(request)
        await response.aread()
        await response.aclose()
        assert response.status_code == 200

    async def __call__(self, scope: Scope, receive: Receiver, send: Sender) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            part = await receive()
            body += part["body"]  # type: ignore[operator]  # ASGI: bytes
            more = bool(part.get("more_body"))
        headers = dict(scope["headers"])  # type: ignore[call-overload]  # ASGI: pairs
        self.key.public_key().verify(bytes.fromhex(headers[b"x-signature"].decode()), body)
        _, n, name = str(scope["path"]).split("/")
        await self.commits.keep(body)
        await send({"type": "http.response.start", "status": 200,
                    "headers": [(b"content-length", b"0")]})  # fmt: skip
        await send({"type": "http.response.body", "body": b""})
        if int(n) < 4:
            task = asyncio.create_task(self.send(int(n) + 1, name))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        else:
            self.done.pop(name).set_result(None)

    async def negotiate(self, name: str) -> float:
        began = time.perf_counter()
        self.done[name] = finished = asyncio.get_running_loop().create_future()
        await self.send(1, name)
        await finished
        return time.perf_counter() - began


async def serve(end: End, port: int, tls: Path) -> uvicorn.Server:
    """Start answering at a port of this machine."""
    config = uvicorn.Config(
        end, host="127.0.0.1", port=port, lifespan="off", log_config=None, access_log=False,
        ssl_certfile=str(tls / "cert.pem"), ssl_keyfile=str(tls / "key.pem"),
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # of older ones
    task = asyncio.create_task(server.serve())
    end.tasks.add(task)
    while not server.started:  # noqa: ASYNC110  # the server has no event for it
        await asyncio.sleep(0.01)
    return server


async def other_end(port: int, peer: int, folder: Path) -> None:
    """Serve as the provider until the input ends."""
    end = End(Commits(folder / "provider.db"), f"https://127.0.0.1:{peer}", folder / "cert.pem")
    server = await serve(end, port, folder)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--peer", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    told = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(other_end(told.port, told.peer, told.folder))


if __name__ == "__main__":
    main()
