"""Every scenario of the official compatibility kit, without Java: a peer of another hand plays it.

Each is played against a node that serves the conformance profile, and against a stand-in that only
follows the profile's rules: what fails there as well is wrong here. ``make conformance`` asks the
kit itself.
"""

import pytest

import kit
from support.dsp_scenarios import SCENARIOS, Target, play
from support.dsp_words import CONTEXT, Body


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
    asked: Body = {"@context": CONTEXT, "@type": "CatalogRequestMessage"}
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
