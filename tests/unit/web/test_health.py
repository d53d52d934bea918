"""The health page: an engineer sees what waits for whom, why, and who must act."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from support.sites import logged_in
from support.staff import add
from support.stages import at_stage
from support.two_nodes import Pair, grant, make_pair

Story = Callable[[Pair], Awaitable[None]]


def play(story: Story, root: Path, *, stage: str | None = "introduced") -> None:
    async def main() -> None:
        pair = await (make_pair(root) if stage is None else at_stage(stage, root))
        try:
            await add(pair.a, "mechanic", ["engineer"])
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


def test_a_counterpart_that_answers_is_said_to_answer(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "mechanic") as shown:
            await shown.get("/health")
            assert "all well" in shown.words
            assert "all delivered" in shown.words
            await shown.submit("/health/ask")
            assert "Berevan answers" in shown.words
            assert "of our entries" in shown.words

    play(story, tmp_path)


def test_what_does_not_get_through_says_since_when_why_and_who_must_act(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        pair.wire.down = True
        await grant(pair.a, "release_officer", acts=("release",))
        async with await logged_in(pair.a, "mechanic") as shown:
            await shown.get("/health")
            assert "does not get through" in shown.words
            assert "the counterpart's engineer" in shown.words
            assert "transport.unreachable" in shown.words
            await shown.submit("/health/ask")
            assert "Not reached" in shown.words
            pair.wire.calm()
            await shown.submit("/health/ask")
            assert "Berevan answers" in shown.words
            await pair.settle()
            await shown.get("/health")
            assert "all delivered" in shown.words

    play(story, tmp_path)


def test_a_letter_that_runs_out_is_said_before_it_does(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await pair.a.call("letters.export")
        async with await logged_in(pair.a, "mechanic") as shown:
            assert (await pair.a.call("health"))["ok"] is True
            await shown.get("/health")
            assert "soon" not in shown.words
        pair.clock.tick(25 * 86_400)
        async with await logged_in(pair.a, "mechanic") as shown:
            await shown.get("/health")
            assert "soon" in shown.words
        pair.clock.tick(6 * 86_400)
        health = await pair.a.call("health")
        assert health["notes"] == [{"code": "letter_over"}]
        assert health["ok"] is False

    play(story, tmp_path, stage=None)


def test_a_counterpart_that_refuses_us_is_told_from_one_that_is_silent(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        rel = await pair.a.relationship()
        pair.wire.answers[f"/relationships/{rel.rel_id}/checkpoint"] = b"<html>"
        answer = await pair.a.call("peers.check", who="mechanic", counterpart=rel.rel_id)
        assert answer["reached"] is False
        assert str(answer["code"]).startswith(("json.", "sync.", "record."))
        pair.wire.answers.clear()
        await pair.stop(pair.b)
        answer = await pair.a.call("peers.check", who="mechanic", counterpart=rel.rel_id)
        assert answer["reached"] is False
        await pair.start(pair.b)

    play(story, tmp_path)
