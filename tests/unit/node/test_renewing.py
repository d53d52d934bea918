"""A page that people look at is computed anew soon, and no busy relationship is left behind."""

import asyncio

import pytest

from comity.node.renewing import REST, Renewals
from support.loops import on_a_loop


@on_a_loop
async def test_acts_without_a_pause_do_not_put_off_the_page_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: set[str] = set()
    both = asyncio.Event()

    async def renew(rel_id: str) -> bool:
        made.add(rel_id)
        if len(made) == len(("one", "two")):
            both.set()
        return True

    renewals = Renewals(renew=renew)
    renewals.soon("one")
    first = renewals._timers["one"]
    renewals.soon("one")
    assert renewals._timers["one"] is first, "a second act does not begin the wait anew"
    first.cancel()
    del renewals._timers["one"]
    monkeypatch.setattr("comity.node.renewing.RENEW_AFTER_S", 0.0)
    renewals.soon("one")
    renewals.soon("two")
    async with asyncio.timeout(20):
        await both.wait()
    await renewals.stop()


@on_a_loop
async def test_a_page_that_takes_long_is_computed_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("comity.node.renewing.RENEW_AFTER_S", 0.0)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    monkeypatch.setattr(loop, "time", iter((begun, begun + 5)).__next__)
    looked_at = {"long": True, "nobody": False}

    async def renew(rel_id: str) -> bool:
        return looked_at[rel_id]

    renewals = Renewals(renew=renew)
    await renewals._renew("long")
    monkeypatch.undo()
    assert renewals._rested["long"] >= begun + 5 + REST * 5
    await renewals._renew("nobody")
    assert "nobody" not in renewals._rested, "what nobody looks at costs nothing"
    renewals.soon("long")
    assert renewals._timers["long"].when() >= begun + 5 + REST * 5
    await renewals.stop()
