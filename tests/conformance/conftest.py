"""What the tests of the Dataspace Protocol share."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from support.dsp_peer import Check
from support.dsp_scenarios import Target
from support.dsp_schemas import check_message
from support.dsp_targets import a_node, standing_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def schemas() -> Check:
    """Return the check of a message; without the shared data it finds everything right.

    The scenarios are worth playing without the schemas; with them, every message is held against
    the official one.
    """
    folder = (ROOT / os.environ.get("COMITY_SHARED", "../shared")).resolve() / "data/dsp-2025-1"
    return partial(check_message, folder) if folder.is_dir() else lambda _: None


@pytest.fixture(scope="module", params=["stand-in", "node"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, schemas: Check
) -> Iterator[Target]:
    """Return what is tried; in the end all is as each scenario left it, and nothing else came."""
    folder: Path = tmp_path_factory.mktemp("dsp")
    having = standing_in(schemas) if request.param == "stand-in" else a_node(folder, schemas)
    with having as target:
        yield target
        assert target.peer.faults == []
        for scenario, process in target.played:
            found = (process.came, target.peer.state_at(process))
            assert (scenario.name, *found) == (scenario.name, scenario.awaited, scenario.end)
