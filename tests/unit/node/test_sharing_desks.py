"""Sharing for officials on two nodes: what they can ask, wish, decide, fetch and see."""

import asyncio
from pathlib import Path

import attrs
import pytest

from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from support.crossing import (
    AREA,
    CONTENT,
    WORDS,
    SharingPeer,
    bring_in,
    offer_unasked,
    release,
    sharing_pair,
    suspend,
    vars_of,
)
from support.loops import on_a_loop
from support.refusals import refused
from support.two_nodes import Pair, Party


def rows(answer: JsonObject, name: str) -> list[JsonObject]:
    found = answer[name]
    assert isinstance(found, list)
    made: list[JsonObject] = []
    for row in found:
        assert isinstance(row, dict)
        made.append(row)
    return made


async def offer(pair: Pair, item: str, **members: object) -> JsonObject:
    return await pair.a.call(
        "items.offer", who="desk_officer", item=item, counterpart=pair.b.did, **members
    )


async def wished(party: Party) -> list[JsonObject]:
    return rows(await party.call("wishes"), "wishes")


@on_a_loop
async def test_a_form_offers_only_what_the_agreement_in_force_permits(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    (area,) = rows(await pair.a.call("areas", counterpart=pair.b.did), "areas")
    assert (area["area"], area["open"]) == (AREA, True)
    assert area["markings"] == ["OPEN", "PARTNERS"]
    assert area["kinds"] == ["report"]
    assert [one["label"] for one in rows(area, "articles")] == ["Article 2"]
    await suspend(pair, pair.b)
    (area,) = rows(await pair.a.call("areas", counterpart=pair.b.did), "areas")
    assert (area["open"], area["code"], area["article"]) == (False, "suspended", "Article 2")
    await pair.close()


@pytest.mark.parametrize(
    ("change", "answer", "code"),
    [
        ({}, "ask", None),
        ({"marking": "RESTRICTED"}, "no", "marking_above"),
        ({"kind": "weapon"}, "no", "kind_not_allowed"),
        ({"area": "elsewhere"}, "no", "no_such_area"),
        ({"onward": True}, "no", "onward_not_allowed"),
    ],
)
@on_a_loop
async def test_an_officer_learns_whether_it_may_be_sent_before_a_file_is_brought_in(
    tmp_path: Path, change: dict[str, object], answer: str, code: str | None
) -> None:
    pair = await sharing_pair(tmp_path)
    members: dict[str, object] = {**WORDS, **change}
    said = await pair.a.call("items.ask", who=None, counterpart=pair.b.did, **members)
    assert (said["answer"], said.get("code")) == (answer, code)
    assert rows(await pair.a.call("items"), "items") == [], "asking brings nothing in"
    await pair.close()


@on_a_loop
async def test_a_release_officer_sees_every_fact_and_the_article_in_its_words(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await offer(pair, item)
    (row,) = await wished(pair.a)
    shown = await pair.a.call("wishes.show", wish=row["wish"])
    basis = shown["basis"]
    assert isinstance(basis, dict)
    (article,) = rows(basis, "articles")
    assert "decides alone whether to release it" in str(article["words"])
    assert (basis["status"], basis["suspensions"], shown["released"]) == ("in_force", [], [])
    assert isinstance(shown["by_whom"], dict)
    assert shown["by_whom"]["office"] == "Desk Officer"
    brief = str(row["wish"]).removeprefix("urn:uuid:")[:8]
    assert await pair.a.call("wishes.show", wish=brief) == shown
    await refused("items.no_wish", pair.a.call("wishes.show", wish="nothing"))
    await pair.close()


@on_a_loop
async def test_a_wish_is_decided_once_whoever_comes_second_hears_who_was_first(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    asked = await offer(pair, item)
    await refused("items.waiting", offer(pair, item))
    decided = {"item": item, "counterpart": pair.b.did, "wish": asked["wish"]}
    declined = await pair.a.call(
        "items.decline", who="release_officer", reason="Too early.", **decided
    )
    assert declined["status"] == "declined"
    late = await refused(
        "items.not_waiting", pair.a.call("items.release", who="release_officer", **decided)
    )
    assert "declined by release_officer" in late.message
    assert await wished(pair.a) == []
    again = await offer(pair, item)
    await refused(
        "items.not_waiting", pair.a.call("items.release", who="release_officer", **decided)
    )
    await pair.a.call("items.release", who="release_officer", **{**decided, "wish": again["wish"]})
    await refused("items.released", offer(pair, item))
    all_of_them = rows(await pair.a.call("wishes", status="all"), "wishes")
    assert {one["status"] for one in all_of_them} == {"declined", "released"}
    await pair.close()


@on_a_loop
async def test_why_a_release_was_declined_is_told_to_the_asker_and_never_to_the_counterpart(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await offer(pair, item)
    words = "Our source would be burnt"
    await pair.a.call(
        "items.decline",
        who="release_officer",
        item=item,
        counterpart=pair.b.did,
        reason=words,
    )
    await refused(
        "items.no_reason",
        _decline_again(pair, item),
    )
    await pair.settle()
    shown = await pair.a.call("items.show", item=item)
    reasons = [wish.get("reason") for wish in rows(shown, "wishes")]
    assert words in reasons
    assert not any(words.encode() in content for content in pair.wire.sent)
    await pair.close()


async def _decline_again(pair: Pair, item: str) -> JsonObject:
    await offer(pair, item)
    return await pair.a.call(
        "items.decline", who="release_officer", item=item, counterpart=pair.b.did, reason=" "
    )


@on_a_loop
async def test_only_whoever_asked_can_take_the_wish_back(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await offer(pair, item)
    wish = {"item": item, "counterpart": pair.b.did}
    card = dict(pair.a.people["second"].card.to_json())
    await pair.a.call("officials.add", card=card, roles=["signatory", "desk_officer"])
    await refused("items.wish_of_another", pair.a.call("items.cancel", who="second", **wish))
    taken = await pair.a.call("items.cancel", who="desk_officer", **wish)
    assert taken["status"] == "cancelled"
    await refused("items.not_waiting", pair.a.call("items.cancel", who="desk_officer", **wish))
    assert await wished(pair.a) == []
    await pair.close()


@on_a_loop
async def test_an_item_shows_all_that_became_of_it_on_both_sides(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    (offered,) = rows(await pair.b.call("released", counterpart=pair.a.did), "released")
    assert (offered["title"], offered["permitted"]) == ("Survey", True)
    got = await pair.b.call(
        "fetch", who="desk_officer", counterpart=pair.a.did, dataset=offered["dataset"]
    )
    assert got["received"] is True
    await pair.settle()
    shown = await pair.a.call("items.show", item=item)
    (released,) = rows(shown, "releases")
    assert (released["ours"], released["theirs"]) == ("open", "open")
    kinds = sorted(str(one["family"]) for one in rows(shown, "transfers"))
    assert kinds == ["negotiation", "transfer"]
    assert {one["act"] for one in rows(shown, "rulings")} == {"sharing.contract", "sharing.sent"}
    there = await pair.b.call("transfers.show", transfer=got["transfer"])
    assert (there["received"], there["both_recorded"]) == (True, True)
    assert there["fetch"] == got["negotiation"]
    (offered,) = rows(await pair.b.call("released", counterpart=pair.a.did), "released")
    assert [one["received"] for one in rows(offered, "transfers")] == [True]
    content = pair.b.node.ctx.payloads.read(str(there["sha256"]))
    assert content == CONTENT
    await pair.close()


@on_a_loop
async def test_a_withdrawn_release_shuts_both_gateways_and_both_are_said(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    pair.wire.down = True
    await pair.a.call("items.withdraw", who="release_officer", item=item, counterpart=pair.b.did)
    (one,) = rows(await pair.a.call("items.show", item=item), "releases")
    assert (one["withdrawn"], one["ours"], one["theirs"]) == (True, "shut", "not_told")
    pair.wire.calm()
    pair.a.node.delivery.wake((await pair.a.relationship()).rel_id)
    await pair.settle()
    (one,) = rows(await pair.a.call("items.show", item=item), "releases")
    assert (one["ours"], one["theirs"]) == ("shut", "shut")
    (seen,) = rows(await pair.b.call("released", counterpart=pair.a.did), "released")
    assert (seen["withdrawn"], seen["permitted"], seen["code"]) == (True, False, "not_released")
    await pair.close()


@on_a_loop
async def test_a_fetch_under_a_suspended_article_names_the_suspension(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    await suspend(pair, pair.a)
    for named in ("last", item, item.removeprefix("urn:uuid:")[:8]):
        error = await refused(
            "sharing.refused",
            pair.b.call("fetch", who="desk_officer", counterpart=pair.a.did, dataset=named),
        )
        assert "Article 2 is suspended by Aldoria under Article 5" in error.message
    await refused(
        "sharing.no_dataset",
        pair.b.call("fetch", who="desk_officer", counterpart=pair.a.did, dataset="nothing"),
    )
    await pair.close()


@on_a_loop
async def test_a_fetch_can_be_begun_and_looked_at_later(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    begun = await pair.b.call(
        "fetch", who="desk_officer", counterpart=pair.a.did, dataset=item, wait=False
    )
    shown = begun
    for _ in range(500):
        if shown["received"]:
            break
        await pair.b.node.sharing.post.moved(0.05)
        shown = await pair.b.call("fetch.show", fetch=begun["negotiation"])
    assert shown["received"] is True
    assert shown["by"] == "desk_officer"
    await refused("sharing.no_fetch", pair.b.call("fetch.show", fetch="nothing"))
    await pair.close()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("title", "two\nlines"),
        ("title", "x" * 301),
        ("kind", "re\u202eport"),
        ("marking", "tab\t"),
        ("media", "text/\x00plain"),
    ],
)
@on_a_loop
async def test_an_item_that_could_never_be_read_again_is_not_taken_in(
    tmp_path: Path, member: str, value: str
) -> None:
    pair = await sharing_pair(tmp_path)
    await refused("items.word", bring_in(pair.a, words={member: value}))
    assert rows(await pair.a.call("items"), "items") == []
    await pair.close()


@on_a_loop
async def test_a_file_keeps_its_bytes_whatever_its_name_is(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    hostile = "../\u202egnp.exe" + "\u6e2c" * 300 + ".pdf"
    item = await bring_in(pair.a, words={"name": hostile, "title": ""})
    shown = await pair.a.call("items.show", item=item)
    note = shown["note"]
    assert isinstance(note, dict)
    name = str(note["file_name"])
    assert name.startswith("gnp.exe")
    assert name.endswith(".pdf")
    assert len(name.encode()) <= 255
    assert note["title"] == name
    await pair.close()


@on_a_loop
async def test_an_upload_without_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    operation = BY_NAME["items.add"]
    request = operation.request(name="a.txt", **WORDS)
    await refused(
        "items.no_file",
        pair.a.node.dispatch.call(operation, request, official="desk_officer", upload=None),
    )
    await pair.close()


@on_a_loop
async def test_what_cannot_get_through_says_why_and_when_it_is_tried_again(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    await reach_once(pair)
    begun = await pair.b.call(
        "fetch", who="desk_officer", counterpart=pair.a.did, dataset=item, wait=False
    )
    shown, waiting = begun, begun["waiting"]
    async with asyncio.timeout(20):
        while not (isinstance(waiting, dict) and waiting["error"]):
            await pair.b.node.sharing.post.moved(0.05)
            shown = await pair.b.call("fetch.show", fetch=begun["negotiation"])
            waiting = shown["waiting"]
    assert "status 503" in str(waiting["error"])
    assert (waiting["for"], shown["ended"]) == ("dsp", False)
    assert str(waiting["next"]) > str(pair.clock.now())
    await pair.close()


async def reach_once(pair: Pair) -> None:
    """Let B's next call of A's sharing routes get through, and none after it."""
    clients = vars_of(pair.b.node.peers)
    (name,) = clients
    peer = clients[name]
    assert isinstance(peer, SharingPeer)
    calls = iter([pair.a.running])
    clients[name] = attrs.evolve(peer, target=lambda: next(calls, None))


@on_a_loop
async def test_what_came_unasked_waits_for_a_person_and_can_be_declined(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    await offer_unasked(pair)
    (held,) = rows(await pair.b.call("held"), "held")
    assert (held["offered"], held["title"], held["state"]) == (True, "Survey", "OFFERED")
    settled = await pair.b.call("held.settle", who="desk_officer", held=held["held"])
    assert settled["state"] == "TERMINATED"
    assert rows(await pair.b.call("held"), "held") == []
    await refused(
        "sharing.nothing_held",
        pair.b.call("held.settle", who="desk_officer", held=held["held"]),
    )
    await pair.close()
