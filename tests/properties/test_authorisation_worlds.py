"""Authorisations say the same on both nodes, whatever a network and officials do.

Source: spec 11.3; issue 6.
"""

from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import rows
from support.controlled import ASSURANCE, DECISION, WHO
from support.deed_worlds import DeedWorld, Try, live, trying
from support.loops import on_a_loop
from support.two_nodes import Party

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


def _try(step: str, **more: object) -> Try:
    return trying("authorisation", step, WHO, **more)


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
    _try("decline", reason="We have no such store."),
    _try("suspend", reason="A question.", basis="Article 14"),
    *(_try("resume", reason="Answered.", basis="Article 14"),) * 2,
    *(_try("amend", title="Another sonar"),) * 2,
    _try("amend_withdraw"),
    *(_try("amend_approve", **DECISION, assurance=ASSURANCE),) * 2,
    _try("amend_deny", **{**DECISION, "reason": "No."}),
    *(_try("report", starts="2026-11-23", ends="2026-11-23"),) * 2,
)
TRIES: Final = (
    Try(operation="authorisations.request", who=WHO, members=_request),
    *(*_GOES_ON * 4, *_ENDS),
)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command wait for the counterpart: here deliveries are steps of their own."""
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


def looked_at(shown: JsonObject) -> None:
    """Check what must hold of an authorisation that a party sees."""
    said = {str(row["step"]) for row in rows(shown, "acts") if row["no_effect"] is None}
    if shown["status"] == "active":
        assert {"review", "approve", "assure"} <= said, "nothing is active by silence"


async def lived(root: Path, seed: int, *, steps: int) -> DeedWorld:
    """Live through a seed and check what must hold at the end."""
    made = await live(root, seed, family="authorisation", tries=TRIES, steps=steps)
    for name, (mine, other) in made.things.items():
        for member in _ALIKE:
            assert mine[member] == other[member], f"{name}: {member}"
        looked_at(mine)
    return made.world


@pytest.mark.parametrize("seed", range(2))
@on_a_loop
async def test_both_nodes_say_the_same_of_every_authorisation_whatever_happens_on_the_way(
    tmp_path: Path, seed: int
) -> None:
    world = await lived(tmp_path, seed, steps=STEPS)
    assert world.done.get("authorisations.request", 0) > 0


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 22))
@on_a_loop
async def test_both_nodes_say_the_same_of_authorisations_in_twenty_more_worlds(
    tmp_path: Path, seed: int
) -> None:
    await lived(tmp_path, seed, steps=4 * STEPS)
