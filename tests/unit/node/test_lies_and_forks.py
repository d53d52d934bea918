"""A counterpart whose tables differ from what it logged, or who shows two histories.

Source: the table of bad input: «the relationship freezes for new acts, the conflicting signed heads
are kept as evidence, officials are told what to do»; record.md 4.6, 13 nos. 1 to 4.
"""

import json
from pathlib import Path

import pytest

from comity.foundation.errors import PeerError
from comity.record.cosign import LogKeys
from comity.record.mirror import verify_conflict
from comity.record.tree import leaf_hash
from support.hostile import Entry, Hostile, hostile, stored
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import push, say, show, stepwise
from support.two_nodes import Pair


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


def log_keys(liar: Hostile) -> LogKeys:
    keys = liar.keys.log
    return LogKeys(origin=liar.rel.own_origin, ed=keys.ed.public, pq=keys.pq.public)


async def evidence_of(pair: Pair) -> list[bytes]:
    rel = await pair.a.relationship()
    return await pair.a.node.ctx.store.read(
        lambda tx: [one.data for one in tx.evidence.list(rel.rel_id)]
    )


async def check_frozen(pair: Pair, liar: Hostile, *, because: str) -> None:
    """See that nothing more is done with the liar, and that officials know why and what to do."""
    assert (await pair.a.relationship()).status == "frozen"
    waiting = str((await pair.a.call("status"))["waiting"])
    assert "Frozen for new acts with Berevan" in waiting
    assert because in waiting
    assert "officials" in waiting, "what to do"
    await refused("record.frozen", say(pair, pair.a, "one more word"))
    answer = await liar.post(liar.request(liar.anchor()))
    assert (answer.status, json.loads(answer.body)["conflict"]) == (409, "frozen")
    assert (await show(pair.a, pair.instrument))["status"] == "negotiating", "it can be read"


@on_a_loop
async def test_a_tabled_text_that_differs_from_what_was_logged_freezes_the_relationship(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    before = len(liar.log)
    request = liar.request(liar.table(result="ab" * 32))
    answer = await liar.post(request)
    assert json.loads(answer.body)["code"] == "agreements.different_text"

    await check_frozen(pair, liar, because="Berevan")
    (kept,) = await evidence_of(pair)
    head = liar.note([*liar.leaves, leaf_hash(liar.table(result="ab" * 32)[0])])
    assert kept.partition(b"\n\n")[0] == head.partition(b"\n\n")[0], "the head they signed over it"
    record = await pair.a.call("record", counterpart=pair.b.did)
    theirs = record["theirs"]
    assert isinstance(theirs, dict)
    assert theirs["size"] == before, "what was never agreed is not taken in"
    await pair.close()


def other_anchor(liar: Hostile) -> Entry:
    """Return another entry for the place of ``liar.anchor()``."""
    return liar.entry({"commitment": "ee" * 48}, kind="anchor.house", of=None)


@on_a_loop
async def test_two_histories_of_one_length_freeze_the_relationship_and_prove_the_fork(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    assert (await liar.post(liar.request(liar.anchor()))).status == 200
    answer = await liar.post(liar.request(other_anchor(liar)))
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "record.fork")

    await check_frozen(pair, liar, because="two heads")
    (kept,) = await evidence_of(pair)
    conflict = verify_conflict(kept, log_keys(liar))
    assert conflict.smaller != conflict.larger
    await pair.close()


@on_a_loop
async def test_a_longer_history_that_does_not_continue_ours_freezes_the_relationship(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    assert (await liar.post(liar.request(liar.anchor()))).status == 200
    first = other_anchor(liar)
    liar.log.append(first[0])
    liar.lc += 1
    second = other_anchor(liar)
    before = stored(pair.a)
    answer = await liar.post(liar.request(first, second, start=len(liar.log) - 1))
    assert (answer.status, json.loads(answer.body)["conflict"]) == (409, "size"), "prove it from 6"
    assert stored(pair.a) == before

    answer = await liar.post(liar.request(second))
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "record.fork")
    await check_frozen(pair, liar, because="two heads")
    (kept,) = await evidence_of(pair)
    heads = json.loads(kept)
    assert heads["smaller"] != heads["larger"]
    assert heads["root"] is None, "they have not shown how the two belong together"
    with pytest.raises(PeerError, match="not shown to contradict"):
        verify_conflict(kept, log_keys(liar))
    await pair.close()


@on_a_loop
async def test_an_older_history_shown_later_proves_the_fork_to_a_stranger(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    log = list(liar.log)
    for _ in range(3):
        entry = liar.anchor()
        assert (await liar.post(liar.request(entry))).status == 200
        liar.log.append(entry[0])
        liar.lc += 1
    liar.log = log
    answer = await liar.post(liar.request(other_anchor(liar)))
    assert json.loads(answer.body)["code"] == "record.fork"
    (kept,) = await evidence_of(pair)
    conflict = verify_conflict(kept, log_keys(liar))
    assert conflict.root is not None
    await pair.close()


@on_a_loop
async def test_entries_that_do_not_make_the_signed_head_freeze_the_relationship(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    entry, withheld = (
        liar.anchor(),
        liar.entry({"commitment": "ee" * 48}, kind="anchor.house", of=None),
    )
    note = liar.note([*liar.leaves, leaf_hash(withheld[0])])
    answer = await liar.post(liar.request(entry, note=note))
    assert json.loads(answer.body)["code"] == "record.fork"
    await check_frozen(pair, liar, because="Berevan")
    assert len(await evidence_of(pair)) == 1
    await pair.close()


@on_a_loop
async def test_what_a_liar_sends_after_it_was_found_out_fills_no_disk(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    await liar.post(liar.request(liar.table(result="ab" * 32)))
    kept = await evidence_of(pair)
    for _ in range(5):
        answer = await liar.post(liar.request(liar.table(result="cd" * 32)))
        assert answer.status == 409
    assert await evidence_of(pair) == kept
    await pair.close()


@on_a_loop
async def test_the_other_side_of_a_freeze_learns_that_it_must_speak_to_people(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    await liar.post(liar.request(liar.table(result="ab" * 32)))
    pair.open(pair.b)
    await say(pair, pair.b, "an honest word")
    error = await refused("record.frozen_there", push(pair.b))
    assert "officials" in error.message
    await pair.close()
