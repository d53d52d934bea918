"""Commitments between two nodes: what officials do, what both see, what is refused."""

from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import one, rows
from comity.node.days import last_second
from support.crossing import suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import at_stage
from support.told import told_alike
from support.two_nodes import Pair, Party
from support.worlds import fingerprints_of

WHO = "desk_officer"


async def propose(pair: Pair, party: Party, **changes: object) -> str:
    members: dict[str, object] = {
        "counterpart": pair.other(party).did,
        "instrument": pair.instrument,
        "unit": "Article 2",
        "title": "A joint catalogue of charts",
        "test": "The catalogue lists all charts of both parties.",
        "performer": "us",
        "beneficiary": "them",
        "due": "2027-01-31",
        **changes,
    }
    made = await party.call("commitments.propose", who=WHO, **members)
    await pair.settle()
    return str(made["commitment"])


async def do(pair: Pair, party: Party, step: str, name: str, **members: object) -> JsonObject:
    made = await party.call(f"commitments.{step}", who=WHO, commitment=name, **members)
    await pair.settle()
    return made


async def shown(pair: Pair, name: str) -> list[JsonObject]:
    return [await each.call("commitments.show", commitment=name) for each in (pair.a, pair.b)]


@on_a_loop
async def test_a_promise_is_made_claimed_and_acknowledged_and_both_say_the_same(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    ours, theirs = await shown(pair, name)
    assert (ours["waits_for"], theirs["waits_for"]) == ("them", "us")
    assert (ours["performer"], theirs["performer"]) == ("us", "them")
    await do(pair, pair.b, "accept", name)
    await do(pair, pair.a, "claim", name, evidence=["entry 12"], words="See the annex.")
    _, theirs = await shown(pair, name)
    assert theirs["waits_for"] == "us"
    assert one(theirs, "claim")["evidence"] == ["entry 12"]
    assert rows(theirs, "acts")[-1]["words"] == "See the annex."
    await do(pair, pair.b, "acknowledge", name, result="kept")
    states = [(each["status"], each["live"]) for each in await shown(pair, name)]
    assert states == [("kept", False)] * 2
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_an_overdue_promise_shows_as_that_on_both_sides_and_ends_by_nothing(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a, due=str(pair.clock.now().plus(60)))
    await do(pair, pair.b, "accept", name)
    pair.clock.tick(61)
    for party in (pair.a, pair.b):
        found = await party.call("commitments", state="overdue")
        assert [row["commitment"] for row in rows(found, "commitments")] == [name]
    assert [each["status"] for each in await shown(pair, name)] == ["open", "open"]
    await pair.close()


@on_a_loop
async def test_a_promise_moved_to_another_date_is_told_alike_on_both_sides(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "accept", name)
    for party in (pair.a, pair.b):
        await do(pair, party, "redate", name, due="2027-03-31")
    assert [each["redated"] for each in await shown(pair, name)] == [1, 1]
    assert await told_alike(pair, "coordination") == [
        *("promise_proposed", "promise_made", "promise_redated", "promise_redated"),
    ]
    await pair.close()


@on_a_loop
async def test_nothing_is_promised_or_claimed_under_a_suspended_article_but_it_can_be_ended(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "accept", name)
    await suspend(pair, pair.b)
    for attempt in (propose(pair, pair.a), do(pair, pair.a, "claim", name)):
        error = await refused("deeds.not_permitted", attempt)
        assert error.facts["reason"] == "suspended"
    ours, theirs = await shown(pair, name)
    assert [one(each, "basis")["code"] for each in (ours, theirs)] == ["suspended", "suspended"]
    await do(pair, pair.b, "release", name, reason="The article is suspended.")
    assert [each["status"] for each in await shown(pair, name)] == ["released", "released"]
    await pair.close()


@on_a_loop
async def test_nothing_is_promised_before_the_agreement_is_in_force(tmp_path: Path) -> None:
    pair = await at_stage("initialled", tmp_path)
    error = await refused("deeds.not_permitted", propose(pair, pair.a))
    assert error.facts["reason"] == "not_in_force"
    await pair.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"due": "2026-01-01"}, "commitments.past"),
        ({"due": "2030-13-01"}, "days.form"),
        ({"due": "in a while"}, "days.form"),
        ({"zone": "Nowhere/Town"}, "days.zone"),
        ({"beneficiary": "us"}, "commitments.parties"),
        ({"unit": "Article 99"}, "agreements.no_unit"),
        ({"title": "\u202ereversed"}, "node.character"),
    ],
)
@on_a_loop
async def test_a_wrong_proposal_is_told_and_nothing_is_recorded(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    pair = await at_stage("in_force", tmp_path)
    before = await fingerprints_of(pair.a)
    await refused(code, propose(pair, pair.a, **changes))
    assert await fingerprints_of(pair.a) == before
    await pair.close()


def test_a_day_that_a_calendar_skips_is_refused_by_its_name() -> None:
    with pytest.raises(MisuseError, match="There is no 2011-12-30 in Pacific/Apia"):
        last_second("2011-12-30", "Pacific/Apia")
    assert str(last_second("2027-01-31", "Asia/Kolkata")) == "2027-01-31T18:29:59Z"


@on_a_loop
async def test_a_date_asked_for_in_a_zone_is_agreed_to_by_its_instant(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "accept", name)
    await do(pair, pair.a, "redate", name, due="2027-03-31", zone="Europe/Berlin")
    await do(pair, pair.b, "redate", name, due="2027-03-31T21:59:59Z")
    for each in await shown(pair, name):
        assert (each["due"], each["redated"]) == ("2027-03-31T21:59:59Z", 1)
        assert each["due_zone"] == "Europe/Berlin"
    await pair.close()


@on_a_loop
async def test_what_is_not_done_yet_cannot_be_claimed_as_done(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "accept", name)
    early = do(pair, pair.a, "claim", name, fulfilled="2029-01-01")
    await refused("commitments.ahead", early)
    assert [each["status"] for each in await shown(pair, name)] == ["open", "open"]
    await pair.close()


@on_a_loop
async def test_what_was_done_before_anybody_owed_it_cannot_be_claimed_as_fulfilled(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "accept", name)  # at 09:00 in UTC: it is the day before somewhere
    await refused("commitments.before", do(pair, pair.a, "claim", name, fulfilled="2026-11-21"))
    assert [each["status"] for each in await shown(pair, name)] == ["open", "open"]
    await do(pair, pair.a, "claim", name, fulfilled="2026-11-22")
    assert [each["status"] for each in await shown(pair, name)] == ["claimed", "claimed"]
    await pair.close()


@on_a_loop
async def test_two_answers_that_cross_come_to_the_same_on_both_sides(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "accept", name)
    pair.wire.down = True
    await pair.a.call("commitments.claim", who=WHO, commitment=name)
    await pair.b.call("commitments.release", who=WHO, commitment=name, reason="Not needed.")
    pair.wire.down = False
    for party in (pair.a, pair.b):
        party.node.delivery.wake((await party.relationship()).rel_id)
    await pair.settle()
    assert len({str(each["status"]) for each in await shown(pair, name)}) == 1
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_an_act_without_effect_is_refused_before_it_is_written(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await refused("deeds.not_yours", do(pair, pair.a, "accept", name))
    error = await refused("deeds.not_now", do(pair, pair.a, "claim", name))
    assert "is proposed" in error.message
    await refused("deeds.no_thing", do(pair, pair.a, "claim", "nothing"))
    await pair.close()


@pytest.mark.parametrize(
    ("late", "result", "words", "passes"),
    [
        (False, "kept_late", "", False),
        (False, "kept_late", "It came to us on the 3rd of February.", True),
        (False, "kept", "", True),
        (True, "kept", "", False),
        (True, "kept", "We asked them to wait.", True),
        (True, "kept_late", "", True),
        (True, "partly_kept", "", True),
    ],
)
@on_a_loop
async def test_nobody_is_said_to_be_late_against_the_claim_without_a_word_of_why(
    tmp_path: Path, *, late: bool, result: str, words: str, passes: bool
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a, due=str(pair.clock.now().plus(2 * 86_400)))
    await do(pair, pair.b, "accept", name)
    pair.clock.tick(5 * 86_400 if late else 60)
    await do(pair, pair.a, "claim", name)
    said = do(pair, pair.b, "acknowledge", name, result=result, words=words)
    if not passes:
        error = await refused("commitments.unlike_claim", said)
        assert error.facts["late"] is late
        assert [each["status"] for each in await shown(pair, name)] == ["claimed", "claimed"]
    else:
        await said
        assert [each["status"] for each in await shown(pair, name)] == [result, result]
    await pair.close()
