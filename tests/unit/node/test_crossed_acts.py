"""Acts that cross on the way, and what a person is told when theirs has no effect.

Source: the table of bad input: «acceptance of a digest that has meanwhile changed: no effect, and
the message says which unit changed».
"""

from pathlib import Path

from support.loops import on_a_loop
from support.refusals import refused
from support.stages import act, answer, at_stage, both, counter, show, table
from support.two_nodes import Pair, Party


async def unit(party: Party, pair: Pair, label: str) -> dict[str, object]:
    units = (await show(party, pair.instrument))["units"]
    assert isinstance(units, list)
    return next(dict(one) for one in units if one["label"] == label)


@on_a_loop
async def test_an_acceptance_that_crosses_a_change_has_no_effect_and_names_the_unit(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    pair.wire.down = True
    await answer(pair, pair.b, "accept", "Article 4", "Article 7")
    await table(pair, pair.b)
    await counter(pair, pair.a, ("ten years", "twelve years"), ("P10Y", "P12Y"))
    await table(pair, pair.a)
    pair.wire.calm()
    await pair.settle()

    for party in (pair.a, pair.b):
        seen = await show(party, pair.instrument)
        nothing = seen["no_effects"]
        assert isinstance(nothing, list)
        assert ["Article 7" in str(one) for one in nothing] == [True]
        assert (await unit(party, pair, "Article 7"))["status"] != "agreed"
        assert (await unit(party, pair, "Article 4"))["status"] == "agreed", "the other counts"
    assert (await both(pair, "state_digest"))[0] == (await both(pair, "state_digest"))[1]
    await pair.close()


@on_a_loop
async def test_an_acceptance_staged_before_the_change_arrived_is_refused_when_tabled(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    await answer(pair, pair.b, "accept", "Article 7")
    await counter(pair, pair.a, ("ten years", "twelve years"), ("P10Y", "P12Y"))
    await table(pair, pair.a)
    error = await refused("agreements.digest_changed", table(pair, pair.b))
    assert "Article 7" in error.message, error.message
    assert (await unit(pair.b, pair, "Article 7"))["status"] != "agreed"
    await pair.close()


@on_a_loop
async def test_an_adoption_that_crosses_a_change_does_not_count_at_either_node(
    tmp_path: Path,
) -> None:
    pair = await at_stage("clean", tmp_path)
    pair.wire.down = True
    await act(pair, pair.a, "adopt")
    await counter(pair, pair.b, ("ten years", "twelve years"), ("P10Y", "P12Y"))
    await table(pair, pair.b)
    pair.wire.calm()
    await pair.settle()
    assert await both(pair, "adopted") == [[], []]
    assert await both(pair, "status") == ["negotiating", "negotiating"]
    for party in (pair.a, pair.b):
        assert "adopt" in str((await show(party, pair.instrument))["no_effects"])
    await pair.close()


@on_a_loop
async def test_a_signature_at_the_last_moment_counts_at_both_nodes_or_at_neither(
    tmp_path: Path,
) -> None:
    pair = await at_stage("signing", tmp_path)
    await act(pair, pair.a, "sign")
    await act(pair, pair.a, "sign", who="second")
    await act(pair, pair.b, "sign")
    pair.wire.down = True
    await act(pair, pair.b, "sign", who="second")  # in time here, but nobody has seen it
    pair.clock.tick(2 * 3600)
    pair.wire.calm()
    await pair.later(1)
    assert await both(pair, "status") == ["initialled", "initialled"]
    assert await both(pair, "void_attempts") == [1, 1]
    await pair.close()
