"""Authorisations say the same on both nodes, whatever a network and officials do.

Source: spec 11.3; issue 6.
"""

import random
from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import rows
from support import deed_worlds
from support.controlled import ASSURANCE, DECISION, WHO
from support.deed_worlds import DeedWorld, Members, Try
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Party, SeededChance, Wire

STEPS: Final = 160
PROVISOS: Final = [{"text": "Not beyond the strait.", "check": None}]
#: What both nodes must say alike of an authorisation.
_ALIKE: Final = ("status", "version", "accepted", "provisos_digest")


def _request(world: DeedWorld, party: Party) -> dict[str, object]:
    return {
        "counterpart": world.pair.other(party).did,
        "instrument": world.pair.instrument,
        "unit": "Article 2",
        "title": f"Sonar {world.rng.randrange(1000)}",
        "use": "The survey of the strait.",
        "exporter": world.rng.choice(("us", "them")),
        "classes": ["Munitions List: ML 9"],
    }


def _on(**more: object) -> Members:
    def members(world: DeedWorld, party: Party) -> dict[str, object]:
        known = world.known[party.did].get("authorisation", ())
        return {"authorisation": world.rng.choice(known) if known else "last", **more}

    return members


def _try(step: str, **more: object) -> Try:
    return Try(operation=f"authorisations.{step}", who=WHO, members=_on(**more))


_ENDS: Final = (
    _try("withdraw"),
    _try("deny", **{**DECISION, "reason": "No."}),
    _try("revoke", reason="Misuse.", basis="Article 14"),
)
_GOES_ON: Final = (
    *(_try("review", authority="Licensing Office", case="C-17"),) * 3,
    *(_try("approve", **DECISION, assurance=ASSURANCE, quantity=1),) * 2,
    *(_try("approve", **DECISION, assurance=ASSURANCE),) * 2,
    *(_try("assure", assurance=ASSURANCE),) * 3,
    _try("return", reason="Which ship?"),
    _try("suspend", reason="A question.", basis="Article 14"),
    *(_try("resume", reason="Answered.", basis="Article 14"),) * 2,
    *(_try("amend", title="Another sonar"),) * 2,
    *(_try("amend_approve", **DECISION, assurance=ASSURANCE),) * 2,
    _try("amend_deny", **{**DECISION, "reason": "No."}),
    *(_try("report", starts="2026-11-01", ends="2026-11-30"),) * 2,
)
TRIES: Final = (
    Try(operation="authorisations.request", who=WHO, members=_request),
    *(*_GOES_ON * 4, *_ENDS),
)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command wait for the counterpart: here deliveries are steps of their own."""
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)
    monkeypatch.setattr(deed_worlds, "TRIES", TRIES)
    monkeypatch.setattr(deed_worlds, "BEGIN", TRIES[:1])
    monkeypatch.setattr(deed_worlds, "FEW", 2)
    monkeypatch.setattr(deed_worlds, "LISTS", {"authorisation": "authorisations"})


def looked_at(shown: JsonObject) -> None:
    """Check what must hold of an authorisation that a party sees."""
    said = {str(row["step"]) for row in rows(shown, "acts") if row["no_effect"] is None}
    if shown["status"] == "active":
        assert {"review", "approve", "assure"} <= said, "nothing is active by silence"


async def live(root: Path, seed: int, *, steps: int) -> DeedWorld:
    """Live through a seed and check what must hold at the end."""
    rng = random.Random(seed)
    wire = Wire(rng=random.Random(seed), lose=0.15, lose_answer=0.15, repeat=0.15, delay=0.15)
    pair = await at_stage("in_force", root, wire=wire, chance=SeededChance(rng), started=False)
    for party in (pair.a, pair.b):
        pair.open(party)
    world = DeedWorld(pair=pair, rng=rng)
    for _ in range(steps):
        await world.step()
    await world.rest()
    await world.check_end()
    ours, theirs = await world.shown(pair.a), await world.shown(pair.b)
    assert set(ours) == set(theirs)
    for name, mine in ours.items():
        for member in _ALIKE:
            assert mine[member] == theirs[name][member], f"{name}: {member}"
        looked_at(mine)
    await pair.close()
    return world


@pytest.mark.parametrize("seed", range(2))
@on_a_loop
async def test_both_nodes_say_the_same_of_every_authorisation_whatever_happens_on_the_way(
    tmp_path: Path, seed: int
) -> None:
    world = await live(tmp_path, seed, steps=STEPS)
    assert world.done.get("authorisations.request", 0) > 0


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 22))
@on_a_loop
async def test_both_nodes_say_the_same_of_authorisations_in_twenty_more_worlds(
    tmp_path: Path, seed: int
) -> None:
    await live(tmp_path, seed, steps=4 * STEPS)
