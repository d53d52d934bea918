"""After a restore officials get our own entries back from the counterpart, and go on.

Source: record.md 4.7, cases 1 to 3; spec 3.11.8.
"""

import shutil
from pathlib import Path

import pytest

from support.loops import on_a_loop
from support.refusals import refused
from support.stages import copy_of, push, say, stepwise
from support.two_nodes import Pair


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


async def restored(tmp_path: Path, *, acts_again: bool) -> Pair:
    """Return two nodes of which A was put back to an old copy and has noticed it."""
    pair = await stepwise(tmp_path / "pair")
    await pair.stop(pair.a)
    copy = copy_of(pair.a, tmp_path / "backup")
    pair.open(pair.a)
    await push(pair.a)
    await say(pair, pair.a, "after the backup")
    await say(pair, pair.a, "and once more")
    await push(pair.a)
    await pair.stop(pair.a)
    for left in pair.a.folder.glob("comity.db-*"):
        left.unlink()
    shutil.copy2(copy, pair.a.folder / "comity.db")
    pair.open(pair.a)
    if acts_again:
        await say(pair, pair.a, "something else in its place")
    await refused("record.restored", push(pair.a))
    return pair


@on_a_loop
async def test_nothing_of_ours_is_lost_that_the_counterpart_holds(tmp_path: Path) -> None:
    pair = await restored(tmp_path, acts_again=False)
    got = await pair.a.call("record.recover", who="mandate_holder", counterpart=pair.b.did)
    assert got["recovered"] == 2
    assert (await pair.a.relationship()).status == "open"

    await say(pair, pair.a, "the record goes on")
    await push(pair.a)
    for party, other in ((pair.a, pair.b), (pair.b, pair.a)):
        assert (await party.call("record.replay", counterpart=other.did))["equal"] is True
    ours = (await pair.a.call("record", counterpart=pair.b.did))["ours"]
    theirs = (await pair.b.call("record", counterpart=pair.a.did))["theirs"]
    assert isinstance(ours, dict)
    assert isinstance(theirs, dict)
    assert (ours["size"], ours["root"]) == (theirs["size"], theirs["root"])
    await pair.close()


@on_a_loop
async def test_what_was_written_since_the_restore_is_not_mixed_with_what_was_signed(
    tmp_path: Path,
) -> None:
    pair = await restored(tmp_path, acts_again=True)
    wanted = pair.a.call("record.recover", who="mandate_holder", counterpart=pair.b.did)
    error = await refused("record.diverged", wanted)
    assert "cannot both stand" in error.message
    assert (await pair.a.relationship()).status == "frozen"
    await pair.close()


@on_a_loop
async def test_a_node_that_lacks_nothing_is_told_so(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path)
    await push(pair.a)
    wanted = pair.a.call("record.recover", who="mandate_holder", counterpart=pair.b.did)
    await refused("record.nothing_to_recover", wanted)
    await pair.close()


@on_a_loop
async def test_entries_that_nobody_signed_over_are_not_given_back(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path)
    await push(pair.a)
    rel = await pair.b.relationship()
    size = (await pair.b.call("record", counterpart=pair.a.did))["theirs"]
    assert isinstance(size, dict)
    await refused("record.nothing_held", pair.b.node.recovering.give(rel, int(str(size["size"]))))
    await pair.close()
