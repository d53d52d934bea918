"""Work is done in its order, again after a failure, and goes on after a restart (spec 9.7)."""

import asyncio
from pathlib import Path

import attrs
import pytest

from comity.foundation.errors import UnavailableError
from comity.node.courier import PAUSES_MS, Courier, Errand, pause_ms
from comity.node.node import Node
from support.connector_nodes import facing, started
from support.loops import on_a_loop
from support.wire import CountedChance

TOPIC = "test.work"


@attrs.define
class Work:
    """Carries out errands and keeps what it was given; fails as often as it is told."""

    node: Node
    failures: int = 0
    fault: type[Exception] = UnavailableError
    done: list[str] = attrs.field(factory=list)
    held: asyncio.Event | None = None
    seen: asyncio.Condition = attrs.field(factory=asyncio.Condition)

    def courier(self) -> Courier:
        return Courier(ctx=self.node.ctx, carriers={TOPIC: self.carry})

    async def carry(self, errand: Errand) -> None:
        if self.held is not None:
            await self.held.wait()
        told = f"{errand.key} {errand.payload['n']} {errand.attempts}"
        if self.failures:
            self.failures -= 1
            if self.fault is UnavailableError:
                raise UnavailableError("test.later", "Not now.")
            raise self.fault
        await self.node.ctx.store.write(lambda tx: tx.outbox.done(errand.row))
        async with self.seen:
            self.done.append(told)
            self.seen.notify_all()

    async def count(self, number: int) -> list[str]:
        async with self.seen:
            await self.seen.wait_for(lambda: len(self.done) >= number)
        return self.done


async def put(courier: Courier, *work: tuple[str, int, int]) -> None:
    """Order work: key, number, delay in milliseconds."""
    for key, number, delay_ms in work:
        await courier.ctx.store.write(
            lambda tx, key=key, number=number, delay_ms=delay_ms: courier.put(  # type: ignore[misc]  # bound now
                tx, TOPIC, key, payload={"n": number}, delay_ms=delay_ms
            )
        )


@on_a_loop
async def test_work_under_one_key_is_done_in_its_order_whatever_its_delays(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        work = Work(found.node)
        courier = work.courier()
        await courier.start()
        await put(courier, ("a", 1, 150), ("a", 2, 0), ("b", 1, 0), ("a", 3, 0))
        done = await work.count(4)
        assert done[0] == "b 1 0"
        assert done[1:] == ["a 1 0", "a 2 0", "a 3 0"]
        await courier.stop()


@pytest.mark.parametrize("fault", [UnavailableError, ValueError])
@on_a_loop
async def test_what_fails_is_kept_with_the_reason_and_tried_again_before_what_follows(
    tmp_path: Path, fault: type[Exception]
) -> None:
    async with facing(tmp_path) as found:
        work = Work(found.node, failures=1, fault=fault)
        courier = work.courier()
        await courier.start()
        await put(courier, ("a", 1, 0), ("a", 2, 0))
        assert await work.count(2) == ["a 1 1", "a 2 0"]
        left = await found.node.ctx.store.read(lambda tx: tx.outbox.list(TOPIC))
        assert left == ()
        await courier.stop()


@on_a_loop
async def test_work_that_was_left_is_planned_again_in_its_order(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        before = Work(found.node).courier()
        await put(before, ("a", 1, 1_000), ("a", 2, 0), ("b", 1, 0))
        work = Work(found.node)
        courier = work.courier()
        await courier.start()
        assert await work.count(3) == ["b 1 0", "a 1 0", "a 2 0"]
        await courier.stop()


@on_a_loop
async def test_the_number_of_work_is_never_given_again_so_nothing_done_late_settles_other_work(
    tmp_path: Path,
) -> None:
    async with facing(tmp_path) as found:
        due = found.node.ctx.now()

        async def numbered() -> int:
            return await found.node.ctx.store.write(
                lambda tx: tx.outbox.put(TOPIC, "a", b"{}", due=due)
            )

        first = await numbered()
        await found.node.ctx.store.write(lambda tx: tx.outbox.done(first))
        second = await numbered()
        await found.node.ctx.store.write(lambda tx: tx.outbox.cancel(TOPIC, "a"))
        await found.node.close()
        found.node = await started(tmp_path)
        third = await numbered()
        assert first < second < third
        await found.node.ctx.store.write(lambda tx: tx.outbox.done(first))
        assert len(await found.node.ctx.store.read(lambda tx: tx.outbox.list(TOPIC))) == 1


@on_a_loop
async def test_what_was_called_off_is_not_done_and_what_is_under_way_ends(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        work = Work(found.node, held=asyncio.Event())
        courier = work.courier()
        await courier.start()
        await put(courier, ("a", 1, 0), ("a", 2, 0), ("b", 1, 60_000), ("b", 2, 0))
        for key in ("a", "b", "none"):
            await found.node.ctx.store.write(
                lambda tx, key=key: courier.cancel(tx, TOPIC, key)  # type: ignore[misc]  # bound now
            )
        await put(courier, ("b", 3, 0), ("a", 3, 0))
        assert work.held is not None
        work.held.set()
        assert sorted(await work.count(3)) == ["a 1 0", "a 3 0", "b 3 0"]
        await courier.stop()
        await put(courier, ("a", 4, 0))
        left = await found.node.ctx.store.read(lambda tx: tx.outbox.list(TOPIC))
        assert len(left) == 1, "stopped: it stays for the next start"


def test_pauses_grow_to_a_minute_and_a_tenth_of_chance() -> None:
    chance = CountedChance()
    for attempts in (*range(len(PAUSES_MS)), 1_000):
        base = PAUSES_MS[min(attempts, len(PAUSES_MS) - 1)]
        assert base <= pause_ms(attempts, chance=chance) <= base + base // 10
