"""Transfers that officials pause, let go on and end; tokens that die; all on two nodes."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from comity.sharing.resuming import PAUSE_S_MAX
from comity.sharing.tokens import TOKEN_S
from comity.storage.files import KeptWriter
from support.crossing import (
    CONTENT,
    bring_in,
    connect,
    data,
    release,
    sharing_pair,
    suspend,
    token_of,
    until,
)
from support.loops import on_a_loop
from support.refusals import refused
from support.two_nodes import Pair, Party

WHY = "The minister wants to look first."


async def running(tmp_path: Path) -> tuple[Pair, str, str]:
    """Return a pair between which a transfer runs, no byte of which gets through yet."""
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    pair.wire.no_data = True
    await pair.b.call("fetch", who="desk_officer", counterpart=pair.a.did, dataset=item, wait=False)
    ours = await until(pair, pair.b, lambda row: row["state"] == "STARTED")
    theirs = await until(pair, pair.a, lambda row: row["state"] == "STARTED")
    return pair, str(theirs["transfer"]), str(ours["transfer"])


async def house(party: Party, kind: str) -> int:
    found = await party.call("house.entries", who="mandate_holder", kind=kind)
    rows = found["entries"]
    assert isinstance(rows, list)
    return len(rows)


@on_a_loop
async def test_a_provider_pauses_and_lets_go_on_and_the_file_arrives(tmp_path: Path) -> None:
    pair, theirs, ours = await running(tmp_path)
    token = await token_of(pair, ours)
    await pair.a.call("transfers.suspend", who="release_officer", transfer=theirs, reason=WHY)
    assert (await data(pair, theirs, token))[0] == 403, "the token died with the act"
    heard = await until(pair, pair.b, lambda row: row["state"] == "SUSPENDED")
    assert (heard["reason"], heard["paused_by"]) == (WHY, "provider")
    pair.wire.no_data = False
    await refused(
        "transfers.paused_by_them",
        pair.b.call("transfers.resume", who="desk_officer", transfer=ours),
    )
    await until(pair, pair.a, lambda row: row["state"] == "SUSPENDED")
    await pair.a.call("transfers.resume", who="desk_officer", transfer=theirs)
    await until(pair, pair.b, lambda row: row["state"] == "COMPLETED")
    await until(pair, pair.a, lambda row: row["state"] == "COMPLETED")
    assert pair.b.node.ctx.payloads.read(sha256(CONTENT).hexdigest()) == CONTENT
    assert await house(pair.a, "house.transfer") == 2
    await pair.close()


@on_a_loop
async def test_a_consumer_pauses_and_goes_on_with_a_fresh_token(tmp_path: Path) -> None:
    pair, theirs, ours = await running(tmp_path)
    token = await token_of(pair, ours)
    await pair.b.call("transfers.suspend", who="desk_officer", transfer=ours, reason=WHY)
    told = await until(pair, pair.a, lambda row: row["state"] == "SUSPENDED")
    assert (told["paused_by"], told["reason"]) == ("consumer", WHY)
    assert (await data(pair, theirs, token))[0] == 403
    await until(pair, pair.b, lambda row: row["state"] == "SUSPENDED")
    pair.wire.no_data = False
    await pair.b.call("transfers.resume", who="desk_officer", transfer=ours)
    await until(pair, pair.b, lambda row: row["state"] == "COMPLETED")
    await until(pair, pair.a, lambda row: row["state"] == "COMPLETED")
    await pair.close()


@pytest.mark.parametrize("who", ["provider", "consumer"])
@on_a_loop
async def test_an_ended_transfer_gives_nothing_more_and_keeps_no_half(
    tmp_path: Path, who: str
) -> None:
    pair, theirs, ours = await running(tmp_path)
    token = await token_of(pair, ours)
    payloads = pair.b.node.ctx.payloads
    with payloads.kept_writer(ours, bytes_max=100) as writer:
        writer.write(b"half")
    party, named = (pair.a, theirs) if who == "provider" else (pair.b, ours)
    await party.call("transfers.terminate", who="desk_officer", transfer=named, reason=WHY)
    for one in (pair.a, pair.b):
        ended = await until(pair, one, lambda row: row["state"] == "TERMINATED")
        assert ended["reason"] == WHY
    assert (await data(pair, theirs, token))[0] == 403
    assert not payloads.kept_path(ours).exists()
    await refused(
        "transfers.state",
        party.call("transfers.resume", who="desk_officer", transfer=named),
    )
    await pair.close()


@on_a_loop
async def test_a_half_is_not_kept_where_the_transfer_ends_while_its_file_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    loop, payloads, opened = asyncio.get_running_loop(), pair.b.node.ctx.payloads, asyncio.Event()
    open_file = payloads.kept_writer

    def end_first(key: str, *, bytes_max: int) -> KeptWriter:
        ending = pair.b.call("transfers.terminate", who="desk_officer", transfer=key, reason=WHY)
        asyncio.run_coroutine_threadsafe(ending, loop).result()
        writer = open_file(key, bytes_max=bytes_max)
        loop.call_soon_threadsafe(opened.set)
        return writer

    monkeypatch.setattr(payloads, "kept_writer", end_first)
    await pair.b.call("fetch", who="desk_officer", counterpart=pair.a.did, dataset=item, wait=False)
    ended = await until(pair, pair.b, lambda row: row["state"] == "TERMINATED")
    async with asyncio.timeout(30):
        await opened.wait()
        while payloads.kept_path(str(ended["transfer"])).exists():
            await pair.settle()
    assert payloads.kept_size(str(ended["transfer"])) == 0
    await pair.close()


@on_a_loop
async def test_a_token_dies_of_age_and_the_node_fetches_a_fresh_one_by_itself(
    tmp_path: Path,
) -> None:
    pair, theirs, ours = await running(tmp_path)
    token = await token_of(pair, ours)
    pair.clock.tick(TOKEN_S + 1)
    assert (await data(pair, theirs, token))[0] == 403
    pair.wire.no_data = False
    await until(pair, pair.b, lambda row: row["state"] == "COMPLETED")
    done = await until(pair, pair.a, lambda row: row["state"] == "COMPLETED")
    assert done["code"] is None
    await pair.close()


@on_a_loop
async def test_a_token_dies_with_the_article_and_with_completion(tmp_path: Path) -> None:
    pair, theirs, ours = await running(tmp_path)
    token = await token_of(pair, ours)
    assert (await data(pair, theirs, token))[0] == 200
    await suspend(pair, pair.a)
    assert (await data(pair, theirs, token))[0] == 403
    await until(pair, pair.a, lambda row: row["state"] == "TERMINATED")
    await pair.close()
    pair, theirs, ours = await running(tmp_path / "second")
    token = await token_of(pair, ours)
    pair.wire.no_data = False
    await until(pair, pair.a, lambda row: row["state"] == "COMPLETED")
    assert (await data(pair, theirs, token))[0] == 403
    await pair.close()


@on_a_loop
async def test_each_further_access_is_noted_and_a_part_is_a_part(tmp_path: Path) -> None:
    pair, theirs, ours = await running(tmp_path)
    token = await token_of(pair, ours)
    assert await data(pair, theirs, token, range="bytes=10-19") == (206, CONTENT[10:20])
    assert await house(pair.a, "house.access") == 0, "the first is in the record"
    assert await data(pair, theirs, token) == (200, CONTENT)
    assert (await data(pair, theirs, token, range=f"bytes={len(CONTENT)}-"))[0] == 416
    assert await house(pair.a, "house.access") == 1
    other = {"range": "bytes=10-19", "if-range": '"other"'}
    assert await data(pair, theirs, token, **other) == (200, CONTENT)
    await pair.close()


@on_a_loop
async def test_a_pull_goes_on_after_a_restart_from_where_it_was(tmp_path: Path) -> None:
    pair, _, ours = await running(tmp_path)
    with pair.b.node.ctx.payloads.kept_writer(ours, bytes_max=len(CONTENT)) as writer:
        writer.write(CONTENT[:400])
    await pair.stop(pair.b)
    await pair.start(pair.b)
    await connect(pair)
    pair.wire.no_data = False
    await until(pair, pair.b, lambda row: row["state"] == "COMPLETED")
    assert pair.wire.pulls[-1]["range"] == "bytes=400-"
    assert pair.b.node.ctx.payloads.read(sha256(CONTENT).hexdigest()) == CONTENT
    await pair.close()


@on_a_loop
async def test_a_half_that_was_spoilt_is_pulled_anew_and_not_held_against_the_sender(
    tmp_path: Path,
) -> None:
    pair, _, ours = await running(tmp_path)
    with pair.b.node.ctx.payloads.kept_writer(ours, bytes_max=len(CONTENT)) as writer:
        writer.write(bytes(400))
    pair.wire.no_data = False
    done = await until(pair, pair.b, lambda row: bool(row["ended"]))
    assert (done["state"], done["code"]) == ("COMPLETED", None)
    assert await house(pair.a, "house.access") == 1
    await pair.close()


@on_a_loop
async def test_a_counterpart_that_never_gives_a_byte_is_given_up_and_told(tmp_path: Path) -> None:
    pair, _, _ = await running(tmp_path)
    ended = await until(pair, pair.a, lambda row: bool(row["ended"]), tick_s=PAUSE_S_MAX)
    assert (ended["state"], ended["code"]) == ("TERMINATED", "given_up")
    await pair.close()
