"""A script works with a node as its official does, in one line per act; both clients alike."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, MisuseError, RefusedError, UnavailableError
from comity.node.local_api import local_api
from comity.sdk import Comity
from comity.sdk.addresses import ADDRESSES
from comity.sdk.aio import AsyncComity
from comity.sdk.calling import address, wait_before
from comity.sdk.methods import Methods
from comity.transport.gate import App
from comity.transport.serving import Door, bind
from support import framework
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import START, Pair, Party
from support.wire import served

TOKEN = "the folder's token"
T = TypeVar("T")


@asynccontextmanager
async def site(party: Party) -> AsyncIterator[str]:
    """Serve a party's API on a real port and give its address."""
    sock = bind("127.0.0.1", 0, what="the officials' site", option="--port")
    app = cast("App", local_api(party.node, token=TOKEN))
    async with served(Door(name="officials", app=app, sock=sock, tls=None)):
        yield f"http://localhost:{sock.getsockname()[1]}"


async def typed(work: Callable[[], T]) -> T:
    """Run what a script does on a thread of its own, as another process would."""
    return await asyncio.to_thread(work)


def draft(node: Methods[T], pair: Pair, *, once: str | None = None) -> T:
    return node.agreements_draft(
        text=framework.TEXT,
        title="Drafted by a script",
        counterpart=pair.b.did,
        once=once,
    )


def bring_in(
    node: Methods[T], source: BinaryIO, *, progress: Callable[[int], None] | None = None
) -> T:
    return node.items_add(
        source,
        name="r.txt",
        area="information-sharing",
        kind="report",
        marking="OPEN",
        purpose="planning",
        progress=progress,
    )


@on_a_loop
async def test_a_script_drafts_lists_and_acts_on_what_it_saw(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)

    def script(url: str) -> None:
        node = Comity(url, token=TOKEN, as_="negotiator")
        key = node.key()
        made = [draft(node, pair, once=key) for _ in range(2)]
        assert made[0] == made[1]
        titles = [row["title"] for row in node.each("agreements", limit=1)]
        assert sorted(map(str, titles)) == ["Drafted by a script", framework.TITLE]
        assert node.whole("agreements", {"limit": 1})["total"] == 2
        shown = node.agreements_show(pair.instrument)
        node.agreements_abandon(pair.instrument, reason="one", expects=shown)
        with pytest.raises(RefusedError) as caught:
            node.agreements_abandon(pair.instrument, reason="two", expects=shown)
        assert caught.value.code == "api.changed"

    async with site(pair.a) as url:
        await typed(lambda: script(url))
    await pair.close()


@on_a_loop
async def test_the_same_script_awaited(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    async with site(pair.a) as url, AsyncComity(url, token=TOKEN, as_="negotiator") as node:
        key = node.key()
        both = [draft(node, pair, once=key) for _ in range(2)]
        made = await asyncio.gather(*both)
        assert made[0] == made[1]
        titles = [row["title"] async for row in node.each("agreements", limit=1)]
        assert sorted(map(str, titles)) == ["Drafted by a script", framework.TITLE]
        shown = await node.agreements_show(pair.instrument)
        await node.agreements_abandon(pair.instrument, reason="one", expects=shown)
        with pytest.raises(RefusedError) as caught:
            await node.agreements_abandon(pair.instrument, reason="two", expects=shown)
        assert caught.value.code == "api.changed"
    await pair.close()


@on_a_loop
async def test_a_file_goes_in_and_evidence_comes_out(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    about = {"area": "information-sharing", "kind": "report", "marking": "OPEN"}
    whole = {"name": "r.txt", "purpose": "planning", **about}
    report = tmp_path / "r.txt"
    report.write_bytes(b"x" * 700_000)

    def script(url: str) -> JsonObject:
        node, done = Comity(url, token=TOKEN, as_="desk_officer"), list[int]()
        node.upload("items.add", report, whole, progress=done.append)
        assert done[-1] == 700_000
        target = tmp_path / "evidence"
        node.evidence_agreement(pair.instrument, target, progress=done.append)
        assert target.stat().st_size == done[-1]
        with pytest.raises(FileExistsError):
            node.evidence_agreement(pair.instrument, target)
        return bring_in(node, BytesIO(b"second"))

    async with site(pair.a) as url:
        second = await typed(lambda: script(url))
        async with AsyncComity(url, token=TOKEN, as_="desk_officer") as node:
            done: list[int] = []
            third = await bring_in(node, BytesIO(b"third"), progress=done.append)
            assert done == [5]
            assert third["id"] != second["id"]
            target = BytesIO()
            headers = await node.download(
                "evidence.agreement", target, {"instrument": pair.instrument}
            )
            assert int(headers["content-length"]) == len(target.getvalue())
            with pytest.raises(MisuseError) as caught:
                await node.evidence_agreement("nothing", BytesIO())
            assert caught.value.code == "agreements.no_instrument"
            assert len([row async for row in node.each("items")]) == 3
    await pair.close()


@on_a_loop
async def test_a_personal_token_is_enough_to_know_whose_script_it_is(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    until = str(START.plus(3600))
    asked = {"name": "script", "scopes": ["read"], "expires": until}
    made = await pair.a.call("tokens.create", who="negotiator", **asked)

    def script(url: str) -> None:
        node = Comity(url, token=str(made["secret"]))
        assert [row["name"] for row in node.each("tokens")] == ["script"]
        with pytest.raises(RefusedError) as caught:
            draft(node, pair)
        assert caught.value.code == "tokens.scope"
        pair.clock.tick(3600)
        with pytest.raises(RefusedError) as caught:
            node.status()
        assert caught.value.code == "api.token"

    async with site(pair.a) as url:
        await typed(lambda: script(url))
    await pair.close()


class Once:
    """A port that cuts off the first calls and then answers."""

    def __init__(self, cuts: int) -> None:
        self.cuts, self.heard = cuts, list[bytes]()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heard.append(head)
        if len(self.heard) > self.cuts:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
            await writer.drain()
        writer.close()

    def keys(self) -> set[bytes]:
        lines = [line for head in self.heard for line in head.lower().split(b"\r\n")]
        return {line for line in lines if line.startswith(b"idempotency-key")}


Script = Callable[[str, list[float]], Awaitable[object]]


def sync_status(url: str, waits: list[float]) -> Awaitable[object]:
    return typed(lambda: Comity(url, token="t", wait=waits.append).status())


def sync_act(url: str, waits: list[float]) -> Awaitable[object]:
    return typed(lambda: Comity(url, token="t", wait=waits.append).letters_export())


def sync_act_once(url: str, waits: list[float]) -> Awaitable[object]:
    return typed(lambda: Comity(url, token="t", wait=waits.append).letters_export(once="k"))


def _async(url: str, waits: list[float]) -> AsyncComity:
    async def wait(seconds: float) -> None:
        waits.append(seconds)

    return AsyncComity(url, token="t", wait=wait)


async def async_status(url: str, waits: list[float]) -> object:
    async with _async(url, waits) as node:
        return await node.status()


async def async_act(url: str, waits: list[float]) -> object:
    async with _async(url, waits) as node:
        return await node.letters_export()


async def async_act_once(url: str, waits: list[float]) -> object:
    async with _async(url, waits) as node:
        return await node.letters_export(once="k")


@pytest.mark.parametrize(
    ("script", "cuts", "calls"),
    [
        (sync_status, 2, 3),
        (sync_act_once, 1, 2),
        (async_status, 2, 3),
        (async_act_once, 1, 2),
    ],
)
@on_a_loop
async def test_what_was_cut_off_is_tried_again_where_it_cannot_act_twice(
    script: Script, cuts: int, calls: int
) -> None:
    port, waits = Once(cuts), list[float]()
    server = await asyncio.start_server(port, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert await script(url, waits) == {}
    assert len(port.heard) == calls
    assert len(port.keys()) <= 1
    assert waits == [0.5, 2.0][: calls - 1]


@pytest.mark.parametrize("script", [sync_act, async_act])
@on_a_loop
async def test_an_act_without_a_key_is_never_made_again_by_itself(script: Script) -> None:
    port = Once(1)
    server = await asyncio.start_server(port, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(UnavailableError) as caught:
            await script(url, [])
    assert caught.value.code == "local.cut_off"
    assert len(port.heard) == 1


@pytest.mark.parametrize("script", [sync_status, async_status])
@on_a_loop
async def test_a_node_that_does_not_run_is_not_waited_for(script: Script) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    waits: list[float] = []
    with pytest.raises(UnavailableError) as caught:
        await script(f"http://127.0.0.1:{port}", waits)
    assert (caught.value.code, waits) == ("local.not_running", [])


def test_a_node_that_was_cut_off_may_be_on_its_way_up_again() -> None:
    away = UnavailableError("local.not_running", "Not running.")
    assert wait_before("status", away, once=None, tried=1) is None
    assert wait_before("status", away, once=None, tried=2) == 2.0
    refused = RefusedError("api.changed", "Changed.")
    assert wait_before("status", refused, once="k", tried=1) is None


def test_the_folder_says_where_its_node_is(tmp_path: Path) -> None:
    with pytest.raises(MisuseError) as caught:
        Comity.from_folder(tmp_path)
    assert caught.value.code == "sdk.folder"
    (tmp_path / "comity.json").write_text('{"local_port": 1234}')
    (tmp_path / "api-token").write_text("secret\n")
    assert isinstance(Comity.from_folder(tmp_path, as_="anna"), Comity)
    assert isinstance(AsyncComity.from_folder(str(tmp_path)), AsyncComity)


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda: address("nothing", {}), "sdk.operation"),
        (lambda: list(Comity("http://localhost:1", token="t").each("status")), "sdk.no_list"),
        (lambda: address("agreements.show", {"instrument": ""}), "sdk.empty"),
    ],
)
def test_what_no_node_could_answer_is_not_sent(work: Callable[[], object], code: str) -> None:
    with pytest.raises(ComityError) as caught:
        work()
    assert caught.value.code == code


def test_every_operation_is_a_method() -> None:
    assert {name.replace(".", "_") for name in ADDRESSES} <= set(dir(Methods))
