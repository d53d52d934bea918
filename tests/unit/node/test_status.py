"""What the first screen says to do can be typed as it stands."""

import shlex
from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Party


async def acts(party: Party) -> list[tuple[str, list[str]]]:
    waiting = (await party.call("status"))["waiting"]
    assert isinstance(waiting, list)
    said: list[JsonObject] = [one for one in waiting if isinstance(one, dict)]
    return [(str(one["who"]), shlex.split(str(one["act"]))) for one in said]


@pytest.mark.parametrize(
    ("stage", "us", "them"),
    [
        ("tabled", [], ["show"]),
        ("clean", ["adopt"], ["adopt"]),
        ("initialled", ["window"], ["window"]),
    ],
)
@on_a_loop
async def test_each_side_is_told_the_command_and_the_instrument_it_is_for(
    stage: str, us: list[str], them: list[str], tmp_path: Path
) -> None:
    pair = await at_stage(stage, tmp_path)
    for party, expected in ((pair.a, us), (pair.b, them)):
        typed = [words for who, words in await acts(party) if who in {"us", "both"}]
        assert [words[2] for words in typed if words[:2] == ["comity", "agreement"]] == expected
        for words in typed:
            shown = await party.call("agreements.show", instrument=words[3])
            assert shown["instrument"] == pair.instrument
    await pair.close()
