"""Every scenario of the official compatibility kit, without Java: a peer of another hand plays it.

Each is played against a node that serves the conformance profile, and against a stand-in that only
follows the profile's rules: what fails there as well is wrong here. ``make conformance`` asks the
kit itself.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

import kit
from support.dsp_peer import Check
from support.dsp_scenarios import SCENARIOS, Target, play
from support.dsp_targets import a_node, standing_in
from support.dsp_words import CONTEXT


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


def test_no_scenario_that_the_kit_runs_is_left_out() -> None:
    here = {"MET:01-01", "CAT:01-01", "CAT:01-02", "CAT:01-03"}
    assert {*SCENARIOS, *here} == set(kit.ENABLED)
    assert (len(SCENARIOS), len(kit.ENABLED)) == (61, 65)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_scenario_of_the_kit_ends_as_the_kit_expects(target: Target, name: str) -> None:
    play(SCENARIOS[name], target)


@pytest.mark.conformance("MET:01-01")
def test_who_asks_for_the_versions_learns_where_this_one_is(target: Target) -> None:
    answer = target.peer.call("GET", f"{target.root}/.well-known/dspace-version")
    assert answer.body is not None
    versions = answer.body["protocolVersions"]
    assert isinstance(versions, list)
    [ours] = [one for one in versions if one["version"] == "2025-1"]
    assert ours["path"]
    assert ours["binding"]


@pytest.mark.conformance("CAT:01-01")
def test_who_asks_for_the_catalogue_sees_what_is_offered_to_it(target: Target) -> None:
    asked = {"@context": CONTEXT, "@type": "CatalogRequestMessage"}
    answer = target.peer.call("POST", f"{target.base}/catalog/request", asked)
    assert answer.status == 200
    assert answer.body is not None
    datasets = answer.body["dataset"]
    assert isinstance(datasets, list)
    assert "CAT0101" in [one["@id"] for one in datasets]


@pytest.mark.conformance("CAT:01-02")
def test_who_asks_for_one_dataset_gets_it(target: Target) -> None:
    answer = target.peer.call("GET", f"{target.base}/catalog/datasets/CAT0102")
    assert answer.status == 200
    assert answer.body is not None
    assert (answer.body["@type"], answer.body["@id"]) == ("Dataset", "CAT0102")


@pytest.mark.conformance("CAT:01-03")
def test_who_asks_for_a_dataset_that_is_not_there_is_told_so(target: Target) -> None:
    answer = target.peer.call("GET", f"{target.base}/catalog/datasets/CAT0103")
    assert answer.status == 404
    assert answer.body is not None
    assert answer.body["@type"] == "CatalogError"
