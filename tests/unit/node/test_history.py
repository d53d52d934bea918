"""What a user loses if this breaks: "why is it in this state", with act, article and person."""

import json
from pathlib import Path

import pytest

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from comity.node.ledger import NewAct
from support.framework import RED_LINE, RED_LINE_SENTENCE
from support.loops import on_a_loop
from support.stages import act, answer, at_stage
from support.two_nodes import Pair, Party

CONTRACT = "urn:uuid:00000000-0000-4000-8000-00000000c041"
TRANSFER = "urn:uuid:00000000-0000-4000-8000-000000007ab5"
ITEM = "urn:uuid:00000000-0000-4000-8000-00000000f11e"
RULING: JsonObject = {"article": "Article 4", "unit": "u1", "area": "reports", "stage": "send"}
MOVED: JsonObject = {
    "contract": CONTRACT,
    "transfer": TRANSFER,
    "item": ITEM,
    "bytes": 12,
    "sha256": "ab" * 32,
    "ruling": RULING,
}
SECRET = RED_LINE_SENTENCE


def rows(value: Json) -> list[JsonObject]:
    assert isinstance(value, list)
    return [one for one in value if isinstance(one, dict)]


def one(value: Json) -> JsonObject:
    assert isinstance(value, dict)
    return value


async def why(
    party: Party, kind: str, name: str, *, who: str | None = "negotiator", **more: int
) -> JsonObject:
    return await party.call("history", who=who, kind=kind, object=name, **more)


def codes(answer: JsonObject) -> list[Json]:
    return [one["code"] for one in rows(answer["because"])]


async def record(party: Party, kind: str, data: JsonObject, *, of: str) -> None:
    """Record an act of sharing without the checks that come before it."""
    node, rel = party.node, await party.relationship()
    new = NewAct(kind=kind, data=data, of=of.rpartition(":")[2])
    await node.ctx.store.write(lambda tx: node.ctx.ledger.append(tx, rel, new))


async def shared(pair: Pair) -> JsonObject:
    """Let A release an item to B, both record the contract, and A that it was sent."""
    release: JsonObject = {
        "item": ITEM,
        "digest": "ab" * 32,
        "bytes": 12,
        "media": "text/plain",
        "instrument": pair.instrument,
        "unit": "u1",
        "area": "reports",
        "action": "share",
        "kind": "report",
        "marking": "open",
        "purpose": "planning",
        "recipient": pair.b.did,
        "onward": False,
    }
    rel = await pair.a.relationship()
    n = await pair.a.node.ctx.store.read(lambda tx: tx.logs.head(rel.own_origin).size)
    await record(pair.a, "sharing.release", release, of=ITEM)
    contract: JsonObject = {
        "contract": CONTRACT,
        "item": ITEM,
        "release": n,
        "instrument": pair.instrument,
        "unit": "u1",
        "ruling": RULING,
        "messages": {"agreement": "ab" * 32},
    }
    for party in (pair.a, pair.b):
        await record(party, "sharing.contract", contract, of=CONTRACT)
    await record(pair.a, "sharing.sent", MOVED, of=CONTRACT)
    await pair.settle()
    return {"release": n, "relationship": rel.rel_id}


@on_a_loop
async def test_an_agreement_in_force_tells_its_life_alike_on_both_sides(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    ours = await why(pair.a, "instrument", pair.instrument)
    theirs = await why(pair.b, "instrument", pair.instrument)
    assert (ours["state"], codes(ours)) == ("in_force", ["signed", "entered"])
    entered = rows(ours["because"])[-1]
    assert "Article" in str(entered["article"])
    assert codes(theirs) == codes(ours)
    shared_acts = [row for row in rows(ours["acts"]) if not row["private"]]
    assert [(row["code"], row["facts"]) for row in shared_acts] == [
        (row["code"], row["facts"]) for row in rows(theirs["acts"]) if not row["private"]
    ]
    adopted = next(row for row in shared_acts if row["code"] == "agreement.adopt")
    assert one(adopted["who"])["office"] == "Minister"
    tabled = next(row for row in shared_acts if row["code"] == "agreement.table")
    assert one(tabled["who"])["entered_by"] == "negotiator"
    assert one(tabled["facts"])["opens"] is True
    concluded = [row for row in shared_acts if row["code"] == "signing.conclude"]
    assert {one(row["who"])["rule"] for row in concluded} == {"conclude-when-signed"}
    short = await why(pair.a, "instrument", pair.instrument, limit=2)
    assert (len(rows(short["acts"])), short["left_out"]) == (2, len(rows(ours["acts"])) - 2)
    await pair.close()


@on_a_loop
async def test_a_unit_names_the_tablings_that_touched_it_and_whose_turn_it_is(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    shown = await pair.a.call("agreements.show", who="negotiator", instrument=pair.instrument)
    first, second = (str(row["unit"]) for row in rows(shown["units"])[-2:])
    await answer(pair, pair.b, "accept", first)
    await pair.b.call("agreements.table", who="negotiator", instrument=pair.instrument)
    await pair.settle()
    for party in (pair.a, pair.b):
        settled = await why(party, "unit", f"{pair.instrument}/{first}")
        assert (settled["state"], codes(settled)) == ("unit_agreed", ["unit_agreed"])
        assert [row["code"] for row in rows(settled["acts"])] == ["agreement.table"] * 2
        waiting = await why(party, "unit", f"{pair.instrument}/{second}")
        assert codes(waiting) == [waiting["state"], "unit_turn"]
        assert rows(waiting["because"])[1]["who"] == ["Berevan"]
        assert len(rows(waiting["acts"])) == 1
    with pytest.raises(ComityError) as caught:
        await why(pair.a, "unit", f"{pair.instrument}/nowhere")
    assert caught.value.code == "history.unknown"
    await pair.close()


@on_a_loop
async def test_a_suspension_names_its_act_and_its_article(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    await act(pair, pair.b, "suspend")
    for party, side in ((pair.a, "theirs"), (pair.b, "ours")):
        found = await why(party, "instrument", pair.instrument)
        last = rows(found["because"])[-1]
        assert (found["state"], last["code"]) == ("suspended", "suspended")
        assert rows(last["places"])[0]["log"] == side
        assert "Article" in str(last["article"])
    await pair.close()


@on_a_loop
async def test_what_the_house_keeps_is_told_to_confidants_and_to_nobody_else(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    await pair.a.call(
        "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
    )
    assert SECRET in RED_LINE
    for who in ("negotiator", "legal_adviser", "mandate_holder"):
        found = await why(pair.a, "instrument", pair.instrument, who=who)
        private = [row for row in rows(found["acts"]) if row["private"]]
        assert [row["code"] for row in private][-1] == "house.red_lines"
        assert found["private_withheld"] is False
    for who_not in ("desk_officer", "release_officer", "signatory", "second"):
        found = await why(pair.a, "instrument", pair.instrument, who=who_not)
        assert not [row for row in rows(found["acts"]) if row["private"]]
        assert found["private_withheld"] is True
        assert SECRET not in json.dumps(found)
        assert "red_lines" not in json.dumps(found)
    theirs = await why(pair.b, "instrument", pair.instrument)
    assert SECRET not in json.dumps(theirs)
    assert not [row for row in rows(theirs["acts"]) if row["private"]]
    await pair.close()


@on_a_loop
async def test_an_item_a_release_and_a_transfer_tell_how_far_they_came(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    made = await shared(pair)
    found = await why(pair.a, "item", ITEM)
    assert (found["state"], codes(found)) == ("released", ["released", "sent"])
    assert [row["code"] for row in rows(found["acts"])] == [
        "sharing.release",
        "sharing.contract",
        "sharing.contract",
        "sharing.sent",
    ]
    assert rows(found["because"])[1]["article"] == "Article 4"
    for party in (pair.a, pair.b):
        moving = await why(party, "transfer", TRANSFER)
        assert (moving["state"], codes(moving)) == ("moving", ["sent"])
    await record(pair.b, "sharing.received", MOVED, of=CONTRACT)
    await pair.settle()
    moved = await why(pair.b, "transfer", TRANSFER)
    assert (moved["state"], codes(moved)) == ("moved", ["sent", "received"])
    name = f"{made['relationship']}/ours/{made['release']}"
    release = await why(pair.a, "release", name)
    assert (release["state"], codes(release)) == ("released", ["released"])
    await record(pair.a, "sharing.withdraw", {"release": made["release"]}, of=ITEM)
    await pair.settle()
    taken = await why(pair.b, "release", name.replace("ours", "theirs"))
    assert (taken["state"], codes(taken)) == ("withdrawn", ["release_withdrawn"])
    assert len(rows(rows(taken["because"])[0]["places"])) == 2
    assert (await why(pair.a, "item", ITEM))["state"] == "withdrawn"
    await pair.close()


@on_a_loop
async def test_full_powers_tell_who_has_them_and_how_they_end(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    given = await why(pair.a, "powers", "signatory")
    assert (given["state"], given["title"]) == ("granted", "Aldoria Minister, Minister")
    request = await pair.a.call(
        "officials.revoke",
        who="mandate_holder",
        official="signatory",
        reason="ended",
    )
    await pair.a.sign(request, "mandate_holder")
    await pair.settle()
    for party in (pair.a, pair.b):
        taken = await why(party, "powers", str(given["object"])[:20])
        assert (taken["state"], codes(taken)) == ("revoked", ["revoked"])
        assert [row["code"] for row in rows(taken["acts"])] == ["powers.grant", "powers.revoke"]
        assert one(rows(taken["acts"])[-1]["facts"])["name"] == "Aldoria Minister"
    pair.clock.tick(3 * 365 * 86_400)
    assert (await why(pair.b, "powers", "second"))["state"] == "ended"
    await pair.close()


@on_a_loop
async def test_a_relationship_tells_who_accepted_and_why_it_is_frozen(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    found = await why(pair.a, "relationship", "Berevan")
    assert (found["state"], codes(found)) == ("open", ["both_accepted"])
    assert [row["code"] for row in rows(found["acts"])] == [
        "letter.introduce",
        "letter.introduce",
        "letter.accept",
        "letter.accept",
    ]
    node = pair.a.node
    await node.syncing._freeze(await pair.a.relationship(), "Two heads.", evidence=b"{}")
    frozen = await why(pair.a, "relationship", "Berevan")
    assert (frozen["state"], codes(frozen)[-1]) == ("frozen", "frozen")
    assert [row["code"] for row in rows(frozen["acts"])][-1] == "house.frozen"
    await pair.close()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("item", "urn:uuid:00000000"),
        ("transfer", "urn:uuid:00000000"),
        ("release", "nowhere"),
        ("release", "00/ours/x"),
        ("powers", "nobody"),
    ],
)
@on_a_loop
async def test_what_is_not_there_is_said_not_to_be(kind: str, name: str, tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    with pytest.raises(ComityError) as caught:
        await why(pair.a, kind, name)
    assert caught.value.code == "history.unknown"
    await pair.close()
