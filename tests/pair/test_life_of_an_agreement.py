"""The life of an agreement, from two strangers to its last day, on two nodes in one process.

Read this first. Aldoria (``a``) and Berevan (``b``) each have a folder, a database, keys and
officials of their own; only the wire between them is a fake. Each function is a chapter; the test
at the end plays them in order.
"""

from pathlib import Path

import pytest

from comity.foundation.instants import Instant, Period
from support.framework import (
    CONDITIONED,
    OWN_WORDING,
    RED_LINE,
    RED_LINE_ID,
    RED_LINE_SENTENCE,
    UNAFFECTED,
)
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import act, answer, both, counter, draft, show, table, window
from support.two_nodes import POWERS_UNTIL, Pair, accept_letter, grant, make_pair


async def they_meet(pair: Pair) -> None:
    """Each side's appointing officials accept the other's letter; both give full powers."""
    letters = {p.name: str((await p.call("letters.export"))["letter"]) for p in (pair.a, pair.b)}
    await accept_letter(pair.a, letters["Berevan"])
    waiting = await pair.a.call("status")
    assert "has not accepted our letter yet" in str(waiting["waiting"])

    await accept_letter(pair.b, letters["Aldoria"])
    await pair.settle()
    for party in (pair.a, pair.b):
        assert (await party.relationship()).status == "open"
        for who in ("signatory", "second"):
            await grant(party, who, until=POWERS_UNTIL)
    await pair.settle()


async def a_draft_is_tabled(pair: Pair) -> None:
    """A drafts in its own house; only tabling shows it, and both see the same text."""
    instrument = await draft(pair)
    assert (await pair.b.call("agreements"))["agreements"] == [], "a draft is private"
    await pair.a.call("redlines.set", who="mandate_holder", instrument=instrument, lines=RED_LINE)

    await table(pair, pair.a)
    assert await both(pair, "status") == ["tabled", "tabled"]
    assert (await show(pair.a, instrument))["units"] != []
    await pair.b.call("agreements.talk", who="negotiator", instrument=instrument)
    await pair.settle()
    assert await both(pair, "status") == ["negotiating", "negotiating"]
    await they_see_the_same(pair)


async def b_answers_unit_by_unit(pair: Pair) -> None:
    """B accepts most, two ad referendum, counters three, reserves one; A's red line fires."""
    await answer(pair, pair.b, "accept", "all")
    await answer(pair, pair.b, "accept_ad_ref", "Article 1 2.", "Article 5")
    await answer(pair, pair.b, "reserve", "Article 2", words="parliamentary")
    changed = await counter(
        pair,
        pair.b,
        (UNAFFECTED, CONDITIONED),
        ('relations = "unaffected"', 'relations = "conditioned"'),
        ("ten years", "five years"),
        ("P10Y", "P5Y"),
        ("every two years", "every year"),
        ("P2Y", "P1Y"),
    )
    assert len(list(changed["changes"])) == 3  # type: ignore[arg-type]  # a list, as JSON
    await table(pair, pair.b)

    seen = await show(pair.a, pair.instrument)
    counts = seen["counts"]
    assert isinstance(counts, dict)
    assert (counts["bracketed"], counts["agreed_ad_ref"], counts["reserved"]) == (3, 2, 1)
    assert RED_LINE_SENTENCE in str(seen["red_lines"]), "A sees where its red line fires"
    assert (await show(pair.b, pair.instrument))["red_lines"] == [], "B never learns of it"
    await they_see_the_same(pair)


async def a_private_red_line_blocks_a_itself(pair: Pair) -> None:
    """A's negotiator cannot accept what A's mandate forbids; nothing leaves."""
    before = (await pair.a.relationship(), len(pair.wire.carried))
    await answer(pair, pair.a, "accept", "Article 3")
    refusal = await refused(
        "redlines.blocked",
        pair.a.call("agreements.table", who="negotiator", instrument=pair.instrument),
    )
    assert RED_LINE_SENTENCE in refusal.message
    assert RED_LINE_ID in refusal.message, "it says how the mandate holder lets it pass"
    await pair.a.call("agreements.unstage", who="negotiator", instrument=pair.instrument)
    assert (await pair.a.relationship(), len(pair.wire.carried)) == before


async def a_counters_and_offers_a_package(pair: Pair) -> None:
    """A's own wording on third parties; a shorter review against the longer term."""
    await counter(pair, pair.a, (UNAFFECTED, OWN_WORDING), (CONDITIONED, OWN_WORDING))
    await pair.a.call(
        "agreements.package",
        who="negotiator",
        instrument=pair.instrument,
        gives=["Article 4"],
        asks=["Article 7"],
    )
    await table(pair, pair.a)

    await answer(pair, pair.b, "accept", "Article 3")
    await pair.b.call(
        "agreements.accept_package", who="negotiator", instrument=pair.instrument, package="last"
    )
    await answer(pair, pair.b, "lift", "all")
    await table(pair, pair.b)
    assert await both(pair, "clean") == [False, False], "two units wait for the mandate holder"


async def the_text_is_clean(pair: Pair) -> None:
    """B's mandate holder confirms; both computed the text alone and the digests are equal."""
    await answer(pair, pair.b, "confirm", "all", who="mandate_holder")
    await table(pair, pair.b, who="mandate_holder")
    assert await both(pair, "status") == ["clean", "clean"]
    text = str(
        (await pair.b.call("agreements.text", instrument=pair.instrument, form="clean"))["text"]
    )
    assert OWN_WORDING in text
    assert "ten years" in text
    assert "every year" in text
    await they_see_the_same(pair)


async def adoption_initials_clearance(pair: Pair) -> None:
    """Both adopt, both initial; nobody signs before the own mandate holder has cleared it."""
    for operation, then in (("adopt", "agreed_ad_ref"), ("initial", "initialled")):
        await act(pair, pair.a, operation)
        await act(pair, pair.b, operation)
        assert await both(pair, "status") == [then, then]
    now = pair.clock.now()
    times = {"opens": str(now), "closes": str(now.plus(3))}
    refusal = await refused(
        "agreements.not_cleared",
        pair.a.call("agreements.window", who="negotiator", instrument=pair.instrument, **times),
    )
    assert "mandate holder" in refusal.message
    for party in (pair.a, pair.b):
        await party.call("agreements.clear", who="mandate_holder", instrument=pair.instrument)


async def a_first_window_ends_void(pair: Pair) -> None:
    """One side signs, the other does not: when the window has ended no signature counts."""
    await window(pair, seconds=3)
    assert await both(pair, "status") == ["signing", "signing"]
    await act(pair, pair.a, "sign")
    await pair.later(5)
    assert await both(pair, "status") == ["initialled", "initialled"]
    assert await both(pair, "void_attempts") == [1, 1]


async def signed_for_ten_years(pair: Pair) -> None:
    """Two signatories of each side; both nodes compute the same first and last day and seal it."""
    await window(pair, seconds=3600)
    for party in (pair.a, pair.b):
        for who in ("signatory", "second"):
            assert await both(pair, "status") == ["signing", "signing"]
            await act(pair, party, "sign", who=who)
            pair.clock.tick(60)
    await pair.settle()

    assert await both(pair, "status") == ["in_force", "in_force"]
    seen = await show(pair.a, pair.instrument)
    starts, ends = Instant.parse(str(seen["in_force_at"])), Instant.parse(str(seen["ends_at"]))
    assert ends == Period.parse("P10Y").after(starts), "computed from its own clause"
    assert await both(pair, "ends_at") == [str(ends), str(ends)]
    assert await both(pair, "concluded") == [[pair.a.did, pair.b.did]] * 2


async def suspended_and_resumed(pair: Pair) -> None:
    """Either suspends one article by its clause; it works again once both have lifted it."""
    await act(pair, pair.a, "suspend", units=["Article 2"])
    (suspended,) = await both_equal(pair, "suspended_units")
    assert suspended != []
    await act(pair, pair.a, "resume")
    assert await both_equal(pair, "suspended_units") == [suspended], "B has not lifted it"
    await act(pair, pair.b, "resume")
    assert await both_equal(pair, "suspended_units") == [[]]
    assert await both(pair, "status") == ["in_force", "in_force"]


async def it_ends_on_its_day(pair: Pair) -> None:
    """Nobody does anything: the term is over at the instant that the record names."""
    ends = Instant.parse(str((await show(pair.b, pair.instrument))["ends_at"]))
    await pair.later(ends.seconds - pair.clock.now().seconds - 1)
    assert await both(pair, "status") == ["in_force", "in_force"]
    await pair.later(1)
    assert await both(pair, "status") == ["expired", "expired"]


async def they_see_the_same(pair: Pair) -> None:
    """Both nodes computed the state from both logs, alone."""
    await both_equal(pair, "state_digest")
    await both_equal(pair, "text")
    await both_equal(pair, "no_effects")


async def both_equal(pair: Pair, member: str) -> list[object]:
    a, b = await both(pair, member)
    assert a == b
    return [a]


async def the_record_bears_it_out(pair: Pair) -> None:
    """Whoever replays both logs from nothing arrives at the state in the database."""
    for party in (pair.a, pair.b):
        counterpart = pair.other(party).did
        replayed = await party.call("record.replay", counterpart=counterpart)
        assert replayed["equal"] is True
        record = await party.call("record", counterpart=counterpart)
        ours = record["ours"]
        assert isinstance(ours, dict)
        assert ours["size"] == ours["cosigned_size"]


CHAPTERS = (
    they_meet,
    a_draft_is_tabled,
    b_answers_unit_by_unit,
    a_private_red_line_blocks_a_itself,
    a_counters_and_offers_a_package,
    the_text_is_clean,
    adoption_initials_clearance,
    a_first_window_ends_void,
    signed_for_ten_years,
    suspended_and_resumed,
    it_ends_on_its_day,
    the_record_bears_it_out,
)


@pytest.mark.timeout(120)
@on_a_loop
async def test_the_life_of_an_agreement(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    for chapter in CHAPTERS:
        await chapter(pair)
    await pair.close()


@on_a_loop
async def test_the_whole_story_survives_a_restart_of_both_nodes_after_every_chapter(
    tmp_path: Path,
) -> None:
    pair = await make_pair(tmp_path)
    for chapter in CHAPTERS:
        await chapter(pair)
        for party in (pair.a, pair.b):
            await pair.stop(party)
            await pair.start(party)
        await pair.settle()
    await pair.close()
