"""A connector that hangs, drips, hangs up or talks nonsense: we wait, say why, and go on (9.7)."""

import asyncio
from pathlib import Path

import pytest

from comity.sharing.model import State
from comity.transport.connector import Waits
from support.connector_nodes import PEER, Facing, facing, rule
from support.loops import on_a_loop
from support.rude import RudeConnector, start_message

SHORT = Waits(step_s=0.3, head_s=0.5, body_s=0.3, data_s=0.4)
OFFERS = rule("provider", "negotiation", "REQUESTED", "offer")
FETCHES = rule("consumer", "transfer", "STARTED", "fetch")
MANNERS = [
    ("hangs", "does not answer in time"),
    ("drips its head", "too slowly"),
    ("drips its body", "too slowly"),
    ("hangs up", "cannot be reached"),
    ("hangs up in its head", "cannot be reached"),
    ("hangs up in its body", "cannot be reached"),
    ("talks nonsense", "cannot be reached"),
]


async def why(found: Facing, pid: str) -> tuple[object, str]:
    """Return for whom a process waits, and what was said about our work when it was tried last."""
    waits = (await found.ask("dataspace.exchange", exchange=pid))["waits"]
    assert isinstance(waits, dict)
    work = waits["work"]
    assert isinstance(work, list)
    assert len(work) == 1
    assert isinstance(work[0], dict)
    return waits["for"], str(work[0]["error"])


@pytest.mark.parametrize(("manner", "said"), MANNERS)
@on_a_loop
async def test_a_message_that_meets_bad_manners_is_brought_again_and_why_is_shown(
    tmp_path: Path, manner: str, said: str
) -> None:
    async with (
        asyncio.timeout(60),
        RudeConnector.serving(manner) as peer,
        facing(tmp_path, rules=OFFERS, base=peer.base, waits=SHORT) as found,
    ):
        _, answer = await found.request()
        pid = str(answer["providerPid"])
        first, second = await peer.calls(2)
        assert first == second
        whose, error = await why(found, pid)
        assert whose == "delivery"
        assert said in error
        peer.held.set()
        await found.quiet()
        one = await found.exchange(pid)
        assert (one.state, one.pending) == (State.OFFERED, None)


@pytest.mark.parametrize(("manner", "said"), MANNERS)
@on_a_loop
async def test_data_that_meets_bad_manners_is_asked_for_again_and_why_is_shown(
    tmp_path: Path, manner: str, said: str
) -> None:
    async with (
        asyncio.timeout(60),
        RudeConnector.serving() as peer,
        facing(tmp_path, rules=FETCHES, base=peer.base, waits=SHORT) as found,
    ):
        peer.held.set()
        told = await found.ask("dataspace.transfer", counterpart=PEER, contract="taken")
        pid = str(told["exchange"])
        await peer.calls(1)
        await found.quiet()
        peer.held.clear()
        peer.manners = [manner]
        await found.call("POST", f"/transfers/{pid}/start", start_message(pid, peer.base))
        await peer.calls(3)
        whose, error = await why(found, pid)
        assert whose == "delivery"
        assert said in error
        peer.held.set()
        await found.quiet()
        assert (await found.exchange(pid)).delivered
