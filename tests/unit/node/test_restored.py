"""A database put back from an old copy: the node notices, signs nothing and says so.

Source: record.md 4.7, 12.2, 13 nos. 25 to 28 and 37.
"""

import shutil
from pathlib import Path

import pytest

from comity.foundation.errors import UnavailableError
from comity.record.sync import Holding
from comity.storage.engine import driver
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import copy_of, push, say, show, stepwise
from support.two_nodes import Pair, Party


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


async def keep_copy(pair: Pair, party: Party, place: Path) -> Path:
    await pair.stop(party)
    copy = copy_of(party, place)
    pair.open(party)
    await push(party)
    return copy


async def put_back(pair: Pair, party: Party, copy: Path) -> None:
    """Put an old database in the place of the newer one, as a restore would."""
    if party.running is not None:
        await pair.stop(party)
    for left in party.folder.glob("comity.db-*"):
        left.unlink()
    shutil.copy2(copy, party.folder / "comity.db")
    pair.open(party)


async def signed_heads(pair: Pair, party: Party) -> int:
    """Return how many requests with a signed head the party sent."""
    return sum(
        1 for one in pair.wire.carried if one.caller == party.did and one.path.endswith("/sync")
    )


@on_a_loop
async def test_a_node_restored_from_an_old_copy_signs_nothing_and_says_so(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path / "pair")
    copy = await keep_copy(pair, pair.a, tmp_path / "backup")
    await say(pair, pair.a, "after the backup")
    await push(pair.a)

    await put_back(pair, pair.a, copy)
    before = await signed_heads(pair, pair.a)
    error = await refused("record.restored", push(pair.a))
    assert isinstance(error, UnavailableError)
    assert await signed_heads(pair, pair.a) == before
    assert (await pair.a.relationship()).status == "frozen"
    waiting = str((await pair.a.call("status"))["waiting"])
    assert "restored from an old copy" in waiting
    assert "Recover" in waiting
    await refused("record.frozen", say(pair, pair.a, "anything new"))
    assert (await pair.b.relationship()).status == "open", "B is not to blame and blames nobody"
    await pair.close()


@on_a_loop
async def test_a_restored_node_that_has_acted_again_before_it_asked_signs_nothing(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path / "pair")
    copy = await keep_copy(pair, pair.a, tmp_path / "backup")
    await say(pair, pair.a, "after the backup")
    await push(pair.a)

    await put_back(pair, pair.a, copy)
    await say(pair, pair.a, "something else in its place")
    before = await signed_heads(pair, pair.a)
    await refused("record.restored", push(pair.a))
    assert await signed_heads(pair, pair.a) == before
    assert "restored from an old copy" in str((await pair.a.call("status"))["waiting"])
    assert (await pair.b.relationship()).status == "open", "no fork was ever shown"
    await pair.close()


@on_a_loop
async def test_a_counterpart_that_claims_to_hold_more_than_we_signed_freezes_nothing(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    rel = await pair.a.relationship()
    claim = Holding(log=rel.own_origin, size=999, note=None)
    pair.wire.answers[f"/relationships/{rel.rel_id}/checkpoint"] = claim.to_bytes()
    await pair.stop(pair.a)
    pair.open(pair.a)
    error = await refused("record.holding_more", push(pair.a))
    assert "never signed more" in error.message
    assert (await pair.a.relationship()).status == "open", "nothing shows that it is true"
    await pair.close()


@on_a_loop
async def test_the_mark_stops_a_restored_node_even_where_the_counterpart_holds_less(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path / "pair")
    copy = await keep_copy(pair, pair.a, tmp_path / "backup")
    await say(pair, pair.a, "signed, and lost on the way")
    pair.wire.lose = 1.0
    await refused("transport.unreachable", push(pair.a))
    pair.wire.calm()

    await put_back(pair, pair.a, copy)
    await say(pair, pair.a, "another act in its place")
    before = await signed_heads(pair, pair.a)
    error = await refused("record.high_water", push(pair.a))
    assert "older than what was signed" in error.message
    assert await signed_heads(pair, pair.a) == before
    await pair.close()


@on_a_loop
async def test_a_mirror_restored_from_an_old_copy_is_filled_again_by_itself(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path / "pair")
    copy = await keep_copy(pair, pair.b, tmp_path / "backup")
    await say(pair, pair.a, "after the backup")
    await push(pair.a)

    await put_back(pair, pair.b, copy)
    await say(pair, pair.a, "and one more")
    await push(pair.a)
    assert "and one more" in str(await show(pair.b, pair.instrument))
    assert "after the backup" in str(await show(pair.b, pair.instrument))
    assert (await pair.a.relationship()).status == "open"
    await pair.close()


@on_a_loop
async def test_without_its_mark_a_node_does_not_start(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path / "pair")
    await pair.stop(pair.a)
    (pair.a.folder / "high-water.json").unlink()
    with pytest.raises(UnavailableError) as caught:
        pair.open(pair.a)
    assert caught.value.code == "record.high_water_missing"
    (pair.a.folder / "high-water.json").write_bytes(b'{"v":1')
    with pytest.raises(UnavailableError) as caught:
        pair.open(pair.a)
    assert caught.value.code == "record.high_water_unreadable"
    await pair.close()


@on_a_loop
async def test_a_damaged_entry_stops_the_signing(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path / "pair")
    await say(pair, pair.a, "soon damaged")
    rel = await pair.a.relationship()
    size = await pair.a.node.ctx.store.read(lambda tx: tx.logs.head(rel.own_origin).size)
    await pair.stop(pair.a)
    damage(pair.a.folder / "comity.db", rel.own_origin, size - 1)
    pair.open(pair.a)
    error = await refused("record.damaged", push(pair.a))
    assert "backup" in error.message
    await pair.close()


def damage(database: Path, origin: str, n: int) -> None:
    """Change one byte of an entry, as a bad disk would."""
    connection = driver().module.connect(database)
    connection.execute("DROP TRIGGER IF EXISTS entries_no_update")
    place = "log = (SELECT id FROM logs WHERE origin = ?) AND n = ?"
    (raw,) = connection.execute(
        f"SELECT envelope FROM entries WHERE {place}", (origin, n)
    ).fetchone()
    connection.execute(
        f"UPDATE entries SET envelope = ? WHERE {place}",
        (raw.replace(b'"v":1', b'"v":2'), origin, n),
    )
    connection.commit()
    connection.close()
