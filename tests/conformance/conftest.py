"""What the tests of the Dataspace Protocol share."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from support.dsp_peer import Check
from support.dsp_scenarios import Target
from support.dsp_schemas import check_message
from support.dsp_targets import a_node, standing_in


@pytest.fixture(scope="session")
def schemas(request: pytest.FixtureRequest) -> Check:
    """Return the check of a message; without the shared data it finds everything right.

    The scenarios are worth playing without the schemas; with them, every message is held against
    the official one.
    """
    try:
        data: Path = request.getfixturevalue("shared_data")
    except pytest.skip.Exception:
        return lambda _: None
    return partial(check_message, data / "dsp-2025-1")


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
