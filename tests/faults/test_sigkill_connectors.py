"""A node that faces another connector is killed at every moment of both machines (spec 9.7).

Both nodes are processes; the one whose moment it is ends by SIGKILL before or after a commit, when
its message was answered and it does not know yet, or while it takes in the other's. Then it starts
again in its folder. A few tests kill two served nodes at random moments on a seed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pytest

from comity.sharing.lifecycle import NEGOTIATION_SENDS, TRANSFER_SENDS
from comity.sharing.model import Role
from support.connector_plays import AGREES, PAUSED_BY_PROVIDER, PLAYS
from support.dsp_pair import facing_pair
from support.loops import on_a_loop
from support.processes import ROOT

SCRIPT: Final = ROOT / "tests" / "support" / "connector_kills.py"
WHO: Final = {Role.PROVIDER: "urn:connector:provider", Role.CONSUMER: "urn:connector:consumer"}


def lives(root: Path, plays: Sequence[tuple[str, str]], *, moments: str) -> list[dict[str, object]]:
    """Play everything once unharmed, then once per moment; return what came of each life."""
    wanted = {"plays": plays, "moments": moments, "jobs": 3}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(root)],
        input=json.dumps(wanted),
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=1700,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def faults(found: Sequence[dict[str, object]]) -> str:
    """Return which lives went wrong, and how, a line each."""
    return "\n".join(
        f"{one['play']}, {one['victim']}, {one['moment']}: {one['wrong']}"
        for one in found
        if one["wrong"]
    )


def killed(found: Sequence[dict[str, object]]) -> set[tuple[str, str]]:
    """Return who was killed at which moments, whatever the number of the occurrence."""
    return {
        (str(one["victim"]), str(one["moment"]).rpartition(" ")[0])
        for one in found
        if one.get("victim")
    }


def points(steps: Iterable[tuple[Role, str]]) -> set[tuple[str, str]]:
    """Return at which moments each side must have been killed because of these messages."""
    made: set[tuple[str, str]] = set()
    for role, step in steps:
        for point in ("before the commit of", "after the commit of"):
            made.add((WHO[role], f"{point} our {step}"))
            made.add((WHO[role], f"{point} the receipt of our {step}"))
            made.add((WHO[role.other()], f"{point} their {step}"))
        made.add((WHO[role], f"their answer to our {step}"))
    return made


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("name", "consumer", "provider"),
    [
        (AGREES.name, "request accept verification", "offer agreement finalization"),
        (PAUSED_BY_PROVIDER.name, "request completion", "start suspension"),
    ],
    ids=["negotiation", "transfer"],
)
def test_killed_at_any_message_a_node_goes_on_and_both_ends_agree(
    tmp_path: Path, name: str, consumer: str, provider: str
) -> None:
    found = lives(tmp_path, [(name, "0ms")], moments="first")
    said = [(Role.CONSUMER, step) for step in consumer.split()]
    said += [(Role.PROVIDER, step) for step in provider.split()]
    assert points(said) <= killed(found)
    assert faults(found) == ""


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_every_message_of_both_machines_is_in_a_play(tmp_path: Path) -> None:
    found = lives(tmp_path, [(name, "0ms") for name in PLAYS], moments="none")
    named = {
        (victim, str(moment).rpartition(" ")[0])
        for one in found
        for victim, moments in dict(one["moments"]).items()  # type: ignore[call-overload]  # JSON
        for moment in moments
    }
    steps = (
        (role, str(step))
        for table in (NEGOTIATION_SENDS, TRANSFER_SENDS)
        for state, role, step in table
        if (state, role) != (None, Role.PROVIDER)  # our provider opens nothing
    )
    assert points(steps) <= named
    assert faults(found) == ""


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("after", ["0ms", "30ms"])
@pytest.mark.parametrize("name", PLAYS)
def test_killed_at_every_moment_of_a_play_both_ends_agree(
    tmp_path: Path, name: str, after: str
) -> None:
    found = lives(tmp_path, [(name, after)], moments="each")
    assert faults(found) == ""


@pytest.mark.timeout(120)
def test_killed_where_a_provider_opens_a_negotiation_a_consumer_has_one(tmp_path: Path) -> None:
    found = lives(tmp_path, [], moments="opening")
    assert [one["wrong"] for one in found] == [[], []]


async def cross(root: Path, *, seed: int, kills: int) -> None:
    """Negotiate and transfer among kills; see that each happened once, alike at both ends."""
    pair = facing_pair(root, seed=seed, kills=kills)
    try:
        await pair.live()
        provider, consumer = [await node.exchanges() for node in pair.both]
        wanted = {"negotiation": "FINALIZED", "transfer": "COMPLETED"}
        for rows in (provider, consumer):
            assert len(rows) == 2, "nothing lost, nothing twice"
            assert {str(row["family"]): row["state"] for row in rows} == wanted
        told = {str(row["exchange"]) for row in provider}
        for row in consumer:
            whole = await pair.consumer.call("dataspace.exchange", exchange=row["exchange"])
            assert whole["theirs"] in told
            if row["family"] == "transfer":
                assert whole["delivered"] is True
        for node in pair.both:
            assert (await node.call("dataspace.inbox"))["inbox"] == []
    finally:
        for node in pair.both:
            node.end()


@pytest.mark.timeout(180)
@on_a_loop
async def test_a_node_killed_among_connectors_loses_nothing_and_does_nothing_twice(
    tmp_path: Path,
) -> None:
    await cross(tmp_path, seed=1, kills=3)


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 12))
@on_a_loop
async def test_however_often_a_node_is_killed_among_connectors(tmp_path: Path, seed: int) -> None:
    await cross(tmp_path, seed=seed, kills=12)
