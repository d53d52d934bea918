"""Both nodes are killed around every kind of commit, mark and send in the story; they go on.

The nodes live in a process that ends itself with SIGKILL at a chosen moment. A new process opens
the folders and the officials do what is still missing. At the end of the story each log holds each
act exactly once, what was acknowledged stands where it was acknowledged, both logs are cosigned
whole, and a replay from nothing equals the database.

Source: the table of bad input: «node stopped or killed in the middle of anything: nothing
acknowledged is lost, nothing happens twice, work resumes by itself»; record.md 12.2.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from support.kills import WHOLE, find_instrument, kinds_of, opened
from support.stages import both
from support.two_nodes import make_pair

ROOT = Path(__file__).parents[2]
MOMENTS = 360  # a story that nobody disturbs has 354


def survive(root: Path, which: str) -> int:
    """Let the two nodes live and die; return how many lives they needed."""
    asyncio.run(founded(root))
    done = subprocess.run(
        [sys.executable, "-c", "from support.kills import main; main()", str(root), which],
        capture_output=True,
        check=False,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"},
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    asyncio.run(check(root))
    return int(done.stdout)


async def founded(root: Path) -> None:
    pair = await make_pair(root)
    await pair.close()


async def check(root: Path) -> None:
    """See that the story happened once, whole."""
    pair = await opened(root)
    await pair.settle()
    for party in (pair.a, pair.b):
        assert await kinds_of(pair, party) == WHOLE[party.name]
        counterpart = pair.other(party)
        assert (await party.call("record.replay", counterpart=counterpart.did))["equal"] is True
        record = await party.call("record", counterpart=counterpart.did)
        theirs = await counterpart.call("record", counterpart=party.did)
        own, mirror = record["ours"], theirs["theirs"]
        assert isinstance(own, dict)
        assert isinstance(mirror, dict)
        assert own["size"] == own["cosigned_size"] == mirror["size"]
        assert own["root"] == mirror["root"]
        assert (await party.relationship()).status == "open"
    acknowledged = (root / "acknowledged").read_text().splitlines()
    for line in acknowledged:
        name, entry = line.split()
        assert int(entry) < sum(WHOLE[name].values()), "what was acknowledged is there"
    assert len(set(acknowledged)) == len(acknowledged), "and was acknowledged once"
    await find_instrument(pair)
    assert await both(pair, "status") == ["in_force", "in_force"]
    assert await both(pair, "suspended_units") == [[], []]
    await pair.close()


@pytest.mark.timeout(300)
def test_killed_once_around_every_kind_of_commit_and_send_the_story_comes_to_its_end(
    tmp_path: Path,
) -> None:
    lives = survive(tmp_path, "each")
    struck = (tmp_path / "struck").read_text().splitlines()
    assert lives == len(struck) + 1
    for when in ("before", "after"):
        killed = {
            name
            for moment in struck
            if moment.startswith(f"{when} the commit of ")
            for name in moment.removeprefix(f"{when} the commit of ").split(", ")
        }
        kinds = {kind for each in WHOLE.values() for kind in each}
        assert kinds | {f"their {kind}" for kind in kinds} | {"a cosigned head"} <= killed
    assert "after the mark" in struck
    assert "after a request was answered" in struck
    assert "after a question was answered" in struck


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("place", range(1, MOMENTS))
def test_killed_at_any_moment_the_story_comes_to_its_end(tmp_path: Path, place: int) -> None:
    survive(tmp_path, str(place))
