"""What is recorded reaches the counterpart, however often messages and answers go astray."""

import random
from pathlib import Path

import pytest

from comity.foundation.errors import UnavailableError
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import at_stage, draft, push, say, stepwise


class Scripted(random.Random):
    """Chance that says what it was told, then never loses anything."""

    def __init__(self, told: list[float]) -> None:
        super().__init__(0)
        self.told = told

    def random(self) -> float:
        return self.told.pop(0) if self.told else 1.0


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


@on_a_loop
async def test_a_node_whose_answer_was_lost_is_not_taken_for_one_that_forked(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    await say(pair, pair.a, "first")
    pair.wire.lose_answer = 1.0
    await refused("transport.timeout", push(pair.a))

    await say(pair, pair.a, "second")  # A does not know that B holds the first
    pair.wire.calm()
    await push(pair.a)
    assert (await pair.b.relationship()).status == "open"
    record = await pair.a.call("record", counterpart=pair.b.did)
    ours = record["ours"]
    assert isinstance(ours, dict)
    assert ours["size"] == ours["cosigned_size"]
    await pair.close()


@on_a_loop
async def test_work_done_while_the_counterpart_is_down_arrives_when_it_is_back(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    pair.wire.down = True
    for number in range(3):
        await say(pair, pair.a, f"explanation {number}")
    await pair.stop(pair.b)
    pair.clock.tick(5 * 24 * 3600)
    said = await pair.a.call("status")
    assert "Nothing gets through to Berevan" in str(said["waiting"])

    await pair.stop(pair.a)
    pair.wire.calm()
    await pair.start(pair.b)
    await pair.start(pair.a)
    await pair.settle()
    seen = await pair.b.call("agreements.show", instrument=pair.instrument)
    assert "explanation 2" in str(seen)
    assert "Nothing gets through" not in str((await pair.a.call("status"))["waiting"])
    await pair.close()


@on_a_loop
async def test_a_draft_causes_no_message_at_all(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    before = len(pair.wire.sent)
    await draft(pair)
    await pair.settle()
    assert len(pair.wire.sent) == before
    await pair.close()


@on_a_loop
async def test_nothing_is_cosigned_by_a_node_whose_clock_went_back(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path)
    await say(pair, pair.a, "now")
    pair.clock.tick(-3600)
    error = await refused("record.clock_back", push(pair.a))
    assert isinstance(error, UnavailableError)
    assert "clock" in error.message
    pair.clock.tick(3600)
    await push(pair.a)
    await pair.close()


@on_a_loop
async def test_both_know_the_same_first_time_when_a_late_cosignature_is_lost_on_its_way(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    await say(pair, pair.a, "now")
    pair.clock.tick(-3600)
    await refused("record.clock_back", push(pair.a))  # B holds it and has not cosigned
    pair.clock.tick(3600)
    pair.wire.lose_answer = 0.5
    pair.wire.rng = Scripted([1.0] * 7 + [0.0])  # the answer to the second call alone is lost
    await refused("transport.timeout", push(pair.a))
    pair.clock.tick(60)
    pair.wire.calm()
    await push(pair.a)
    rel_a, rel_b = await pair.a.relationship(), await pair.b.relationship()
    ours = await pair.a.node.ctx.store.read(lambda tx: tx.checkpoints.marks(rel_a.own_origin))
    theirs = await pair.b.node.ctx.store.read(lambda tx: tx.checkpoints.marks(rel_b.peer_origin))
    size = await pair.a.node.ctx.store.read(lambda tx: tx.logs.head(rel_a.own_origin).size)
    assert ours.attested(size - 1) == theirs.attested(size - 1)
    await pair.close()
