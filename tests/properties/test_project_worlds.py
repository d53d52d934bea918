"""Projects say the same on both nodes, whatever a network and officials do; a seed replays one.

Source: spec 12; issue 6.
"""

from pathlib import Path
from typing import Final

import pytest

from comity.api import projects as asks
from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows
from support import framework
from support.deed_worlds import DeedWorld, Try, live, trying
from support.loops import on_a_loop
from support.two_nodes import Party

STEPS: Final = 220
OFFICER: Final = "project_officer"
_MILESTONES: Final = [
    asks.PlannedMilestone(title="Hull", test="It floats.", performer="us", due="2027-03-31")
]
_SHARES: Final = [asks.PlannedShare(party="us"), asks.PlannedShare(party="them")]


def _propose(world: DeedWorld, party: Party) -> dict[str, object]:
    return {
        "counterpart": world.pair.other(party).did,
        "instrument": world.pair.instrument,
        "unit": "Article 2",
        "title": f"Project {world.rng.randrange(1000)}",
        "purpose": "Buoys.",
        "sponsor": "A ministry",
        "user": "An office",
    }


def _try(step: str, who: str = OFFICER, **more: object) -> Try:
    return trying("project", step, who, **more)


#: The instrument that can be an arrangement, by its title.
_OTHER: Final = f"Arrangement beside {framework.TITLE}"
_PEOPLE: Final = {"sponsor": "A ministry", "user": "An office"}
_ENDS: Final = (
    _try("decline", reason="No."),
    _try("withdraw"),
    _try("abandon", reason="No money."),
)
_GOES_ON: Final = (
    *(_try("explore", **_PEOPLE),) * 3,
    *(_try("intend"),) * 4,
    *(_try("sheet", "technology_security_officer", items=[]),) * 4,
    *(_try("arrange", instrument=_OTHER, unit="Article 2"),) * 2,
    *(_try("plan", milestones=_MILESTONES, shares=_SHARES),) * 2,
    *(_try("agree_plan"),) * 3,
    *(_try("approve"),) * 4,
    *(_try("start"),) * 2,
    _try("claim", milestone="m1", words="Done."),
    _try("accept", milestone="m1"),
    _try("lend", what="Buoy", due="2028-01-01"),
    _try("take_back", loan="Buoy"),
    _try("enter", ground="foreground", title="Model", owner="both"),
    _try("confirm", item="Model"),
    _try("wind_up"),
    _try("notice", leaves="2028-01-01", reason="No money."),
    *(_try("recall", of=each) for each in ("approve", "plan", "notice", "abandon")),
    _try("recall", of="claim", milestone="m1"),
    *(_try("close", authorisations="none"),) * 2,
)
#: A proposal first; ends are rare, so that some projects come far.
TRIES: Final = (
    Try(operation="projects.propose", who=OFFICER, members=_propose),
    *(*_GOES_ON * 4, *_ENDS),
)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command wait for the counterpart: here deliveries are steps of their own."""
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


def looked_at(shown: JsonObject) -> None:
    """Check what must hold of a project that a party sees."""
    said = [row for row in rows(shown, "acts") if row["no_effect"] is None]
    if shown["approved"] is True:
        words = {str(row["party"]) for row in said if row["step"] == "approve"}
        assert len(words) == 2, "nothing is approved without both"
    if shown["status"] == "closed":
        lent = [row for row in rows(shown, "loans") if row["state"] != "returned"]
        assert lent == [], "nothing is closed with an open loan"


@pytest.mark.parametrize("seed", range(2))
@on_a_loop
async def test_both_nodes_say_the_same_of_every_project_whatever_happens_on_the_way(
    tmp_path: Path, seed: int
) -> None:
    made = await live(
        tmp_path, seed, family="project", tries=TRIES, steps=STEPS, few=1, stage="arranged"
    )
    for name, (mine, other) in made.things.items():
        for member in ("status", "register", "closing", "approved", "reason", "proposed"):
            assert mine[member] == other[member], f"{name}: {member}"
        assert one(mine, "next")["step"] == one(other, "next")["step"]
        looked_at(mine)
    assert made.world.done.get("projects.propose", 0) > 0
