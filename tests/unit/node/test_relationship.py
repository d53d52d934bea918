"""What a user loses if this breaks: both ministers read the same page, and miss nothing."""

import asyncio
from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.members import rows
from comity.node.relations_desk import READY_S
from support import framework, stages
from support.crossing import bring_in, release, sharing_pair, suspend
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from support.two_nodes import Pair, Party


async def needs(party: Party, who: str | None = None, **members: object) -> list[JsonObject]:
    answer = await party.call("needs", who=who, **members)
    found = answer["needs"]
    assert isinstance(found, list)
    return [each for each in found if isinstance(each, dict)]


async def page(pair: Pair, party: Party, **members: object) -> JsonObject:
    return await party.call("relationship", who=None, counterpart=pair.other(party).did, **members)


@pytest.mark.parametrize("stage", ["introduced", "tabled", "initialled", "signing", "in_force"])
@on_a_loop
async def test_both_nodes_show_equal_facts_at_every_stage(stage: str, tmp_path: Path) -> None:
    pair = await at_stage(stage, tmp_path)
    first, second = await page(pair, pair.a), await page(pair, pair.b)
    for name in ("digest", "at", "heads", "areas", "measures", "matters", "instruments"):
        assert first[name] == second[name], name
    assert (first["ours"], first["theirs"]) == (second["theirs"], second["ours"])
    await pair.close()


@on_a_loop
async def test_an_earlier_cut_can_be_compared_by_telephone(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    before = await page(pair, pair.b)
    await stages.answer(pair, pair.b, "accept", "all")
    await stages.table(pair, pair.b)
    pair.clock.tick(3600)
    now = await page(pair, pair.a)
    assert now["digest"] != before["digest"]
    then = await page(pair, pair.a, ours=before["theirs"], theirs=before["ours"], at=before["at"])
    assert then["digest"] == before["digest"]
    with pytest.raises(MisuseError, match="cannot be compared yet") as caught:
        await page(pair, pair.a, ours=1000)
    assert caught.value.code == "relationship.cut"
    await pair.close()


@on_a_loop
async def test_what_is_private_to_one_house_is_in_no_answer_that_both_compute(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    before = await page(pair, pair.a)
    await stages.answer(pair, pair.a, "explain", "Article 2", words="a staged word")
    await pair.a.call(
        "redlines.set",
        who="mandate_holder",
        instrument=pair.instrument,
        lines=framework.RED_LINE,
    )
    after = await page(pair, pair.a)
    assert after == before
    assert framework.RED_LINE_SENTENCE not in str(await pair.a.call("needs"))
    await pair.close()


@on_a_loop
async def test_each_official_is_told_what_is_for_them_alone(tmp_path: Path) -> None:
    pair = await at_stage("signing", tmp_path)
    own = await needs(pair.a, "signatory", whose="mine")
    name = pair.a.people["signatory"].card.name
    assert [(one["code"], one["persons"]) for one in own] == [("window.sign", [name])]
    assert await needs(pair.a, "negotiator", whose="mine") == []
    ours, theirs = await needs(pair.a, whose="ours"), await needs(pair.a, whose="theirs")
    assert [one["who"] for one in ours] == ["us", "us"]
    assert [one["who"] for one in theirs] == ["them", "them"]
    assert {one["until"] for one in ours} == {str(pair.clock.at.plus(stages.HOUR_S))}
    assert not any(one["mine"] for one in theirs)
    await pair.close()


@on_a_loop
async def test_the_mandate_holder_is_told_of_what_is_to_be_confirmed_and_of_no_other_answer(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    assert await needs(pair.b, "mandate_holder", whose="mine") == []
    assert [one["code"] for one in await needs(pair.b, "negotiator", whose="mine")] == ["text.turn"]
    await stages.answer(pair, pair.b, "accept_ad_ref", "Article 2")
    await stages.table(pair, pair.b)
    (own,) = await needs(pair.b, "mandate_holder", whose="mine")
    assert (own["code"], own["facts"]) == (
        "text.confirm",
        {"units": 1, "labels": ["Article 2"], "both": False},
    )
    async with await logged_in(pair.b, "mandate_holder") as shown:
        await shown.get("/")
        assert "1 unit that we accepted ad referendum waits for our confirmation." in shown.words
    status = await pair.b.call("status")
    assert "accepted ad referendum; it waits for confirmation by us" in str(status["waiting"])
    await stages.answer(pair, pair.b, "confirm", "all", who="mandate_holder")
    await stages.table(pair, pair.b, who="mandate_holder")
    assert await needs(pair.b, "mandate_holder", whose="mine") == []
    await pair.close()


@on_a_loop
async def test_a_request_to_sign_is_told_to_whoever_has_not_signed_it(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    await pair.a.call("agreements.adopt", who="signatory", instrument=pair.instrument)
    asked = [one for one in await needs(pair.a, "signatory") if one["code"] == "request.sign"]
    assert [(one["mine"], one["persons"]) for one in asked] == [(True, ["signatory"])]
    assert not [one for one in await needs(pair.a, "desk_officer") if one["mine"]]
    await pair.close()


@on_a_loop
async def test_drafts_and_silence_of_the_line_are_told_and_pages_go_on(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    await stages.draft(pair)
    pair.wire.down = True
    await pair.b.call("letters.export")
    assert [one["code"] for one in await needs(pair.a, "negotiator", whose="mine")] == [
        "draft.untabled"
    ]
    rel = await pair.a.relationship()
    assert [one["code"] for one in await needs(pair.a, counterpart=rel.counterpart)] == [
        "draft.untabled"
    ]
    await stages.draft(pair)
    answer = await pair.a.call("needs", limit=1)
    assert (answer["total"], answer["next"]) == (2, 1)
    rest = await pair.a.call("needs", start=1)
    assert (rest["next"], len(await needs(pair.a, start=1))) == (None, 1)
    await pair.close()


@on_a_loop
async def test_the_timeline_pages_and_filters(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)

    async def told(**members: object) -> list[str]:
        answer = await pair.a.call(
            "relationship.timeline", who=None, counterpart="Berevan", **members
        )
        rows = answer["happenings"]
        assert isinstance(rows, list)
        return [str(one["code"]) for one in rows if isinstance(one, dict)]

    whole = await told()
    assert whole[-2:] == ["signed", "in_force"]
    assert await told(newest_first=True, limit=2) == ["in_force", "signed"]
    assert await told(start=len(whole) - 1) == ["in_force"]
    assert await told(group="negotiation", by="them") == ["talk", "tabled"]
    assert set(await told(group="introduction")) == {"introduced", "accepted"}
    assert await told(instrument="urn:uuid:none") == []
    await pair.close()


@on_a_loop
async def test_what_happened_in_some_days_is_asked_for_by_the_days_of_ones_own_zone(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)

    async def told(**members: object) -> list[JsonObject]:
        answer = await pair.a.call(
            "relationship.timeline", who=None, counterpart="Berevan", **members
        )
        assert answer["total"] == len(rows(answer, "happenings"))
        return list(rows(answer, "happenings"))

    whole = await told()
    days = sorted({str(each["at"])[:10] for each in whole})
    first, last = days[0], days[-1]
    assert await told(since=first, until=last) == whole
    assert await told(since=last) == [each for each in whole if str(each["at"]) >= last]
    assert await told(until="2020-01-01") == []
    assert await told(since="2090-01-01") == []
    at = str(whole[0]["at"])
    assert (await told(since=at, until=at))[:1] == whole[:1], "an instant holds itself"
    begins = Instant.parse(f"{first}T00:00:00Z")
    assert await told(since=last, until=first) == ([] if first != last else whole)
    there = await told(since=first, until=first, zone="Pacific/Kiritimati")
    assert there == [
        each
        for each in whole
        if begins.plus(-14 * 3_600) <= Instant.parse(str(each["at"])) < begins.plus(10 * 3_600)
    ], "the day of the zone, not of UTC"
    for wrong, members in (
        ("days.form", {"since": "yesterday"}),
        ("days.zone", {"since": first, "zone": "Nowhere/At_all"}),
    ):
        with pytest.raises(MisuseError) as refused:
            await told(**members)
        assert refused.value.code == wrong
    await pair.close()


@on_a_loop
async def test_every_number_opens_the_acts_behind_it(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)

    async def behind(measure: str, **members: object) -> JsonObject:
        return await pair.a.call(
            "relationship.evidence",
            who=None,
            counterpart="Berevan",
            measure=measure,
            **members,
        )

    acts = (await behind("instruments_in_force"))["acts"]
    assert isinstance(acts, list)
    found = [one for one in acts if isinstance(one, dict)]
    assert {(one["kind"], one["log"]) for one in found} == {
        ("signing.signature", "ours"),
        ("signing.signature", "theirs"),
    }
    assert (await behind("tablings", by="us"))["total"] == 1
    assert (await behind("instruments_in_force", subject="no area"))["total"] == 0
    with pytest.raises(MisuseError, match="there are: instruments_in_force, "):
        await behind("trust")
    await pair.close()


@on_a_loop
async def test_every_relationship_stands_in_the_list(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    rows = (await pair.a.call("relationships"))["relationships"]
    assert isinstance(rows, list)
    (row,) = rows
    assert isinstance(row, dict)
    assert (row["name"], row["status"], row["instruments"]) == ("Berevan", "open", 1)
    await pair.close()


@on_a_loop
async def test_a_wish_for_a_release_waits_for_the_release_officer(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await pair.a.call("items.offer", who="desk_officer", item=item, counterpart=pair.b.did)
    (wish,) = await needs(pair.a, "release_officer", whose="mine")
    assert (wish["code"], wish["consequence"], wish["roles"]) == (
        *("release.decide", "items_stay"),
        ["release_officer"],
    )
    thing = wish["object"]
    assert isinstance(thing, dict)
    shown = await pair.a.call("wishes.show", wish=str(thing["id"]))
    assert shown["item"] == item, "its address is that of the wish"
    assert await needs(pair.b) == [], "the other side hears nothing of it"
    before = await page(pair, pair.b)
    await release(pair, pair.a, item)
    assert await needs(pair.a) == []
    after = await page(pair, pair.b)
    assert after["digest"] != before["digest"]
    assert "survey" not in str(after).lower(), "what it is called is not told here"
    await pair.close()


@on_a_loop
async def test_what_two_persons_approve_waits_for_those_who_can(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    await pair.a.call(
        "officials.roles", who="mandate_holder", person="desk_officer", roles=["engineer"]
    )
    rows = await needs(pair.a, "legal_adviser")
    assert [(one["code"], one["mine"]) for one in rows] == [("approval.decide", True)]
    assert "waits for the approval of" in str((await pair.a.call("status"))["waiting"])
    await pair.close()


@on_a_loop
async def test_a_line_that_is_down_is_told_first_and_to_the_engineer(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    pair.wire.down = True
    await stages.say(pair, pair.a, "a word")
    await pair.settle()
    first = (await needs(pair.a))[0]
    assert (first["code"], first["who"], first["roles"]) == (
        *("relationship.unreachable", "trouble"),
        ["engineer"],
    )
    pair.wire.calm()
    await pair.close()


@on_a_loop
async def test_a_page_that_people_look_at_is_ready_again_before_they_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.node.renewing.RENEW_AFTER_S", 0.0)
    pair = await at_stage("in_force", tmp_path)
    desk, rel_id = pair.a.node.relations, (await pair.a.relationship()).rel_id
    await pair.settle()
    assert not await pair.a.node.ctx.store.read(lambda tx: desk.renew(tx, rel_id)), "nobody looked"
    before = await pair.a.call("relationship", counterpart=pair.b.did)
    await suspend(pair, pair.a)
    async with asyncio.timeout(20):
        while desk._kept[rel_id].picture.shared.logs[pair.a.did].size == before["ours"]:
            await pair.settle()  # the work is done on another thread
    ready = desk._kept[rel_id]
    after = await pair.a.call("relationship", counterpart=pair.b.did)
    assert desk._kept[rel_id] is ready
    assert after["digest"] == ready.digest != before["digest"]
    await pair.close()


def counted(found: JsonObject) -> int:
    return sum(int(str(found[name])) for name in ("ours", "theirs"))


async def looked(pair: Pair, **members: object) -> JsonObject:
    return await page(pair, pair.a, **members)


@on_a_loop
async def test_who_looks_at_once_after_an_act_waits_for_nothing_and_is_told_what_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.node.renewing.RENEW_AFTER_S", 3600.0)  # nothing is ready by itself
    pair = await at_stage("in_force", tmp_path)
    before = await looked(pair, ready=True)
    assert before["behind"] == 0, "nobody had looked: it is computed"
    await suspend(pair, pair.a)
    early = await looked(pair, ready=True)
    assert early["digest"] == before["digest"]
    again = await looked(pair, ours=before["ours"], theirs=before["theirs"], at=before["at"])
    assert (again["digest"], again["behind"]) == (before["digest"], 0)
    assert (await looked(pair, ready=True))["digest"] == before["digest"], (
        "comparing renews nothing"
    )
    now = await looked(pair)
    assert now["digest"] != before["digest"]
    assert int(str(early["behind"])) == counted(now) - counted(before) > 0
    assert (await looked(pair, ready=True)) == now
    await pair.close()


@on_a_loop
async def test_a_page_that_nothing_renews_is_not_shown_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.node.renewing.RENEW_AFTER_S", 3600.0)
    pair = await at_stage("in_force", tmp_path)
    before = await looked(pair, ready=True)
    await suspend(pair, pair.a)
    assert (await looked(pair, ready=True))["digest"] == before["digest"]
    pair.clock.tick(READY_S)
    after = await looked(pair, ready=True)
    assert (after["digest"] != before["digest"], after["behind"]) == (True, 0)
    await pair.close()


@on_a_loop
async def test_what_was_computed_yesterday_is_not_ready_today(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    before = await looked(pair, ready=True)
    pair.clock.tick(86_400)
    after = await looked(pair, ready=True)
    assert str(after["at"])[:10] > str(before["at"])[:10]
    await pair.close()
