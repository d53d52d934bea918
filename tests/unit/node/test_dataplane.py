"""Bytes over a real wire: parts, cuts, pauses, pace, pushes; who may not have them gets none."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from hashlib import sha256
from pathlib import Path

import attrs
import pytest

from comity.foundation.errors import ComityError, MisuseError, PeerError, UnavailableError
from comity.foundation.instants import Instant
from comity.node.dataplane.accesses import Accesses, Pacer, Pacing
from comity.node.dataplane.pulling import Wanted, pull
from comity.node.dataplane.pushing import Pushed, push, take
from comity.node.dataplane.serving import Bounds, serve
from comity.node.dataplane.sources import PayloadSource
from comity.protocols.problems import problem_of
from comity.sharing.pace import Rate
from comity.sharing.ranges import Span, repr_digest
from comity.storage.files import PayloadFiles
from comity.transport.client import PeerClient
from comity.transport.downloading import LargeAnswer
from comity.transport.gate import Receive, Scope, Send, answer
from support.parties import NOW
from support.wire import Watched, real_peer, run

MIB = 1 << 20
CONTENT = random.Random(5).randbytes(6 * MIB + 12_345)
DIGEST = sha256(CONTENT).hexdigest()
WANTED = Wanted(path="/file", token="t" * 43, size=len(CONTENT), sha256=DIGEST)


@attrs.define
class Side:
    """What serves CONTENT behind a gate, and how."""

    files: PayloadFiles
    accesses: Accesses = attrs.field(factory=Accesses)
    pacing: Pacing = attrs.field(factory=lambda: Pacing.of(each=None, node=None, now_s=lambda: 0.0))
    now: Instant = NOW
    until: Instant | None = None
    after: Callable[[int], None] = lambda _: None  # called with the bytes of each piece sent
    ranges: list[str] = attrs.field(factory=list)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        with self.accesses.open("t") as access:
            bounds = Bounds(
                access=access, pacer=self.pacing.run(), now=lambda: self.now, until=self.until
            )
            headers = dict(scope["headers"])  # type: ignore[call-overload]  # a list of pairs
            self.ranges.append(headers.get(b"range", b"").decode())

            async def watched(message: Mapping[str, object]) -> None:
                await send(dict(message))
                body = message.get("body", b"")
                assert isinstance(body, bytes)
                self.after(len(body))

            source = PayloadSource.of(self.files, DIGEST)
            await serve(source, scope, watched, headers=[(b"comity-item", b"x")], bounds=bounds)


def on_a_wire(tmp_path: Path, work: Callable[[PeerClient, Side], Awaitable[None]]) -> None:
    """Do ``work`` with a client of a side that serves CONTENT over TLS."""
    files = PayloadFiles.open(tmp_path / "theirs")
    files.write(CONTENT)
    side = Side(files)

    async def main() -> None:
        async with real_peer(tmp_path, Watched(app=side.app)) as peer:
            await work(peer.client, side)

    run(main, wait_s=120)


async def ask(
    client: PeerClient, method: str = "GET", **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.download(method, "/file", headers=named, bytes_max=64 * MIB) as got:
        body = bytearray()
        async for chunk in got.chunks:
            body += chunk
        return got.status, got.headers, bytes(body)


async def accept(_answer: LargeAnswer) -> bool:
    return True


def test_parts_and_heads_are_what_was_asked_for(tmp_path: Path) -> None:
    async def work(client: PeerClient, side: Side) -> None:
        del side
        status, headers, body = await ask(client)
        assert (status, body) == (200, CONTENT)
        assert headers["accept-ranges"] == "bytes"
        assert headers["etag"] == f'"{DIGEST}"'
        assert headers["repr-digest"].startswith("sha-256=:")
        assert headers["comity-item"] == "x"
        status, headers, body = await ask(client, range=f"bytes={MIB}-{3 * MIB}")
        assert (status, body) == (206, CONTENT[MIB : 3 * MIB + 1])
        assert headers["content-range"] == f"bytes {MIB}-{3 * MIB}/{len(CONTENT)}"
        status, _, body = await ask(client, range="bytes=-7", if_range=f'"{DIGEST}"')
        assert (status, body) == (206, CONTENT[-7:])
        status, _, body = await ask(client, range="bytes=-7", if_range='"older"')
        assert (status, body) == (200, CONTENT)
        status, headers, body = await ask(client, range=f"bytes={len(CONTENT)}-")
        assert (status, body) == (416, b"")
        assert headers["content-range"] == f"bytes */{len(CONTENT)}"
        status, headers, body = await ask(client, "HEAD")
        assert (status, body, headers["content-length"]) == (200, b"", str(len(CONTENT)))

    on_a_wire(tmp_path, work)


def test_a_pull_that_is_cut_ten_times_ends_right_and_takes_no_byte_twice(tmp_path: Path) -> None:
    chance, ours = random.Random(11), PayloadFiles.open(tmp_path / "ours")
    sent: list[int] = []

    async def work(client: PeerClient, side: Side) -> None:
        cuts, attempts, taken = 10, 0, 0

        def after(size: int) -> None:
            sent.append(size)
            if cuts and chance.random() < 0.7:
                side.accesses.cut("t", "cut by the test")

        side.after = after
        side.pacing = Pacing.of(
            each=Rate(bytes_per_s=MIB, burst_bytes=64 * MIB), node=None, now_s=lambda: 0.0
        )
        while True:
            attempts += 1
            with (
                Accesses().open("t") as access,
                ours.kept_writer("t", bytes_max=len(CONTENT)) as writer,
            ):
                first = writer.size
                try:
                    await pull(client, WANTED, writer=writer, access=access, look=accept)
                except UnavailableError:
                    cuts -= 1
                    taken += writer.size - first
                    continue
                taken += writer.size - first
                assert writer.commit(DIGEST).bytes == len(CONTENT)
                break
        assert (cuts, attempts) == (0, 11)
        assert taken == len(CONTENT)
        assert side.ranges[0] == ""
        assert any(one.startswith("bytes=") for one in side.ranges)

    on_a_wire(tmp_path, work)


def test_what_may_not_go_on_ends_within_one_piece(tmp_path: Path) -> None:
    async def work(client: PeerClient, side: Side) -> None:
        sent = 0

        ends: list[Callable[[], None]] = [
            lambda: side.accesses.cut("t"),
            lambda: setattr(side, "now", NOW.plus(900)),
        ]

        def after(size: int) -> None:
            nonlocal sent
            sent += size
            if sent == size > 0:
                ends[0]()

        side.after = after
        for _ in range(2):
            sent, side.now, side.until = 0, NOW, NOW.plus(900)
            with pytest.raises(UnavailableError):
                await ask(client)
            assert sent == MIB
            ends.reverse()
        side.now, side.after = NOW.plus(901), lambda _: None
        status, _, _ = await ask(client)
        assert status == 503, "nothing leaves once the token is old"

    on_a_wire(tmp_path, work)


def test_a_peer_that_takes_nothing_is_let_go_when_permission_ends() -> None:
    async def main() -> None:
        accesses, stuck = Accesses(), asyncio.Event()
        with accesses.open("t") as access:

            async def never(_message: object = None) -> None:
                stuck.set()
                await asyncio.Event().wait()

            waiting = asyncio.create_task(access.within(never(), limit_s=600))
            await stuck.wait()
            accesses.cut("t", "ended")
            with pytest.raises(UnavailableError) as caught:
                await waiting
            assert (caught.value.code, caught.value.message) == ("sharing.cut_off", "ended")
            assert accesses.moved("t") == 0
        assert accesses.moved("t") is None
        with accesses.open("t") as access:
            with pytest.raises(UnavailableError) as caught:
                await access.within(never(), limit_s=0)
            assert caught.value.code == "sharing.slow"

    run(main)


def test_a_puller_stops_when_it_is_told_and_keeps_what_came(tmp_path: Path) -> None:
    ours = PayloadFiles.open(tmp_path / "ours")

    async def work(client: PeerClient, side: Side) -> None:
        accesses = Accesses()

        async def look(_answer: LargeAnswer) -> bool:
            accesses.cut("t", "paused")
            return True

        del side
        with accesses.open("t") as access, ours.kept_writer("t", bytes_max=9 * MIB) as writer:
            writer.write(CONTENT[:MIB])
            with pytest.raises(UnavailableError) as caught:
                await pull(client, WANTED, writer=writer, access=access, look=look)
            assert caught.value.message == "paused"
            assert writer.size == MIB
        with Accesses().open("t") as access, ours.kept_writer("t", bytes_max=9 * MIB) as writer:

            async def refuse(_answer: LargeAnswer) -> bool:
                return False

            assert not await pull(client, WANTED, writer=writer, access=access, look=refuse)
            assert writer.size == MIB

    on_a_wire(tmp_path, work)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (403, "sharing.token", "sharing.token"),
        (403, "sharing.refused", "sharing.data_refused"),
        (404, "sharing.no", "sharing.data_refused"),
        (416, "sharing.no", "sharing.data_refused"),
        (429, "call.too_many", "sharing.data_busy"),
        (503, "sharing.no", "sharing.data_busy"),
    ],
)
def test_why_nothing_is_given_decides_how_it_goes_on(
    tmp_path: Path, status: int, code: str, error: str
) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        body = problem_of(PeerError(code, "no"), status=status).to_bytes()
        await answer(send, status=status, body=body, content_type="application/problem+json")

    async def main() -> None:
        ours = PayloadFiles.open(tmp_path / "ours")
        async with real_peer(tmp_path, Watched(app=app)) as peer:
            with (
                Accesses().open("t") as access,
                ours.kept_writer("t", bytes_max=9 * MIB) as writer,
                pytest.raises(ComityError) as caught,
            ):
                await pull(peer.client, WANTED, writer=writer, access=access, look=accept)
        assert caught.value.code == error

    run(main)


def test_a_run_is_held_to_its_pace_and_the_node_to_its_own() -> None:
    rested: list[float] = []

    async def rest(seconds: float) -> None:
        rested.append(seconds)

    node = Pacer(each=Rate(bytes_per_s=400, burst_bytes=100), node=None, now_s=lambda: 0.0)
    own = Rate(bytes_per_s=200, burst_bytes=100)
    pacers = [Pacer(each=own, node=node, now_s=lambda: 0.0, rest=rest) for _ in range(2)]

    async def main() -> None:
        with Accesses().open("t") as access:
            for _ in range(3):
                for pacer in pacers:
                    await pacer.go(100, access)

    run(main)
    assert rested == [0.25, 0.5, 0.75, 1.0, 1.25]
    assert pacers[0].piece_bytes == 16 << 10
    free = Pacer(each=None, node=None, now_s=lambda: 0.0)
    assert (free.piece_bytes, free.owed_s(1 << 40)) == (MIB, 0.0)


# --- pushes ---------------------------------------------------------------------------------------


async def parts_of(*parts: bytes) -> AsyncIterator[dict[str, object]]:
    for number, part in enumerate(parts):
        yield {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}


@pytest.mark.parametrize(
    ("parts", "stop", "code"),
    [
        ((b"ab", b"CUT", b"c"), 4, "sharing.cut_off"),
        ((b"abc", b"d"), 4, "intake.length"),
        ((b"ab",), 4, "intake.length"),
        ((b"abc",), 4, None),
        ((b"ab", b"", b"c"), None, None),
    ],
)
def test_of_a_push_only_as_many_bytes_are_taken_as_were_announced(
    tmp_path: Path, parts: tuple[bytes, ...], stop: int | None, code: str | None
) -> None:
    files = PayloadFiles.open(tmp_path / "in")

    async def main() -> None:
        messages, accesses = parts_of(*parts), Accesses()

        async def receive() -> dict[str, object]:
            message = await anext(messages)
            if message["body"] == b"CUT":
                accesses.cut("push")
            return message

        with accesses.open("push") as access, files.kept_writer("push", bytes_max=MIB) as writer:
            writer.write(b"_")
            free = Pacer(each=None, node=None, now_s=lambda: 0.0)
            bounds = Bounds(access=access, pacer=free, now=lambda: NOW)
            await take(receive, writer, stop=stop, bounds=bounds)

    if code is None:
        run(main)
        assert files.kept_path("push").read_bytes() == b"_abc"
    else:
        with pytest.raises(ComityError) as caught:
            run(main)
        assert caught.value.code == code
        assert files.kept_size("push") <= 4, "never more than was announced"


@attrs.define
class Receiver:
    """Says how far it is, and keeps what is pushed."""

    told: Pushed
    came: bytes = b""
    headers: Mapping[str, str] = attrs.field(factory=dict)

    async def ask(self, path: str, *, headers: Mapping[str, str]) -> Pushed:
        assert (path, headers["authorization"]) == ("/in", "Bearer t")
        return self.told

    async def push(
        self, path: str, parts: AsyncIterator[bytes], *, headers: Mapping[str, str]
    ) -> Pushed:
        assert path == "/in"
        self.headers = headers
        self.came = b"".join([part async for part in parts])
        return Pushed(status=204, body=b"")


def offset(status: int = 204, **headers: str) -> Pushed:
    told = {"upload-offset": str(MIB), "repr-digest": repr_digest(DIGEST)}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Pushed(status=status, body=b"", headers=told)


@pytest.mark.parametrize(
    ("again", "told", "first"),
    [
        (False, offset(), 0),
        (True, offset(), MIB),
        (True, offset(status=404), 0),
        (True, offset(repr_digest=repr_digest("ab" * 32)), 0),
        (True, offset(upload_offset="-1"), 0),
        (True, offset(upload_offset="\u0663"), 0),
        (True, offset(upload_offset="9" * 40), 0),
        (True, offset(upload_complete="?1"), None),
    ],
)
def test_a_push_that_was_cut_sends_what_is_missing_and_no_byte_of_another_whole(
    tmp_path: Path, *, again: bool, told: Pushed, first: int | None
) -> None:
    files = PayloadFiles.open(tmp_path / "ours")
    files.write(CONTENT)
    receiver = Receiver(told)

    async def main() -> None:
        with Accesses().open("push") as access:
            free = Pacer(each=None, node=None, now_s=lambda: 0.0)
            bounds = Bounds(access=access, pacer=free, now=lambda: NOW)
            source = PayloadSource.of(files, DIGEST)
            await push(receiver, "/in", source, token="t", bounds=bounds, again=again)

    run(main)
    assert receiver.came == (b"" if first is None else CONTENT[first:])
    part = receiver.headers.get("content-range")
    size = len(CONTENT)
    assert part == (f"bytes {first}-{size - 1}/{size}" if first else None)


def test_nothing_without_a_digest_is_pushed(tmp_path: Path) -> None:
    files = PayloadFiles.open(tmp_path / "ours")
    files.write(CONTENT)

    @attrs.frozen
    class Nameless:
        size: int = 3
        etag: str = '"x"'
        sha256: None = None

        def pieces(self, span: Span, *, piece_bytes: int = MIB) -> AsyncIterator[bytes]:
            raise AssertionError(span, piece_bytes)

    async def main() -> None:
        with Accesses().open("push") as access:
            free = Pacer(each=None, node=None, now_s=lambda: 0.0)
            bounds = Bounds(access=access, pacer=free, now=lambda: NOW)
            client = Receiver(told=offset())
            await push(client, "/in", Nameless(), token="t", bounds=bounds)  # type: ignore[arg-type]  # as the client

    with pytest.raises(MisuseError) as caught:
        run(main)
    assert caught.value.code == "sharing.no_digest"
