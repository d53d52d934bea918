"""Meetings say the same on both nodes, whatever a network and officials do; a seed replays one.

Source: spec 10.4; issue 6.
"""

from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import rows
from support.deed_worlds import DeedWorld, Try, live, on, trying
from support.loops import on_a_loop
from support.two_nodes import Party

STEPS: Final = 160
WHO: Final = "desk_officer"
#: What both nodes must say alike of a meeting.
_ALIKE: Final = ("status", "start", "number", "agenda", "record_digest", "reason")


def _propose(world: DeedWorld, party: Party) -> dict[str, object]:
    start = world.pair.clock.now().plus(world.rng.choice((1, 5)) * 86_400)
    return {
        "counterpart": world.pair.other(party).did,
        "instrument": world.pair.instrument,
        "unit": "Article 2",
        "title": f"Meeting {world.rng.randrange(1000)}",
        "series": "Charts dialogue",
        "start": str(start),
        "end": str(start.plus(3600)),
        "place": "Harbour House",
    }


def _counter(world: DeedWorld, party: Party) -> dict[str, object]:
    start = world.pair.clock.now().plus(world.rng.choice((2, 7)) * 86_400)
    return {**on("meeting")(world, party), "start": str(start), "end": str(start.plus(7200))}


def _try(step: str, **more: object) -> Try:
    return trying("meeting", step, WHO, **more)


_ENDS: Final = (_try("decline", reason="No."), _try("cancel", reason="Storm."))
_GOES_ON: Final = (
    Try(operation="meetings.counter", who=WHO, members=_counter),
    *(_try("confirm"),) * 4,
    *(_try("add", title="Charts"),) * 2,
    *(_try("consent", item="1"),) * 2,
    *(_try("agree"),) * 4,
    *(_try("open"),) * 4,
    *(_try("outcome", item="1", kind="information", text="Told."),) * 2,
    *(_try("concur", outcome="1"),) * 2,
    *(_try("close"),) * 4,
    *(_try("draft", texts=["They met."]),) * 3,
    *(_try("take", item="1"),) * 3,
    _try("version", item="1", text="They met, and spoke."),
    *(_try("seal"),) * 4,
    *(_try("recall", of=step) for step in ("agree", "open", "close", "seal")),
    _try("recall", of="consent", item="1"),
)
#: A proposal first; ends are rare, so that some meetings come to their record.
TRIES: Final = (
    Try(operation="meetings.propose", who=WHO, members=_propose),
    *(*_GOES_ON * 4, *_ENDS),
)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command wait for the counterpart: here deliveries are steps of their own."""
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


def looked_at(shown: JsonObject) -> None:
    """Check what must hold of a meeting that a party sees."""
    said = [row for row in rows(shown, "acts") if row["no_effect"] is None]

    def by(step: str) -> set[str]:
        return {str(row["party"]) for row in said if row["step"] == step}

    if shown["status"] in {"in_session", "closed", "record_drafted", "record_agreed"}:
        assert len(by("open")) == 2, "no meeting is in session that one side alone opened"
    if shown["status"] == "record_agreed":
        assert len(by("seal")) == 2, "no record is agreed by silence"


async def lived(root: Path, seed: int, *, steps: int) -> DeedWorld:
    """Live through a seed and check what must hold at the end."""
    made = await live(root, seed, family="meeting", tries=TRIES, steps=steps, few=1)
    for name, (mine, other) in made.things.items():
        for member in _ALIKE:
            assert _plain(mine[member]) == _plain(other[member]), f"{name}: {member}"
        looked_at(mine)
    return made.world


def _plain(value: object) -> object:
    """Return a value without what depends on whose node says it."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if each not in ("us", "them")}
    return value


@pytest.mark.parametrize("seed", range(2))
@on_a_loop
async def test_both_nodes_say_the_same_of_every_meeting_whatever_happens_on_the_way(
    tmp_path: Path, seed: int
) -> None:
    world = await lived(tmp_path, seed, steps=STEPS)
    assert world.done.get("meetings.propose", 0) > 0


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 22))
@on_a_loop
async def test_both_nodes_say_the_same_of_meetings_in_twenty_more_worlds(
    tmp_path: Path, seed: int
) -> None:
    await lived(tmp_path, seed, steps=4 * STEPS)
