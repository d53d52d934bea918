"""What a user loses if this breaks: the record as a reader leafs through it, entry by entry."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError, RefusedError
from comity.node.context import HOUSE
from comity.record.cosign import CosignerKeys, LogKeys, cosigner_name
from comity.record.proof_file import verify_proof_file
from comity.storage.tx import Tx
from support.loops import on_a_loop
from support.stages import answer, at_stage, table
from support.two_nodes import Pair, Party


def rows(value: Json) -> list[JsonObject]:
    assert isinstance(value, list)
    return [one for one in value if isinstance(one, dict)]


def one(value: Json) -> JsonObject:
    assert isinstance(value, dict)
    return value


def placed(answer: JsonObject) -> list[tuple[Json, Json]]:
    return [(row["log"], row["n"]) for row in rows(answer["entries"])]


async def leafed(pair: Pair, at: JsonObject, **more: object) -> JsonObject:
    """Return the page of both logs from the places ``at`` on."""
    places: dict[str, object] = dict(at)
    return await pair.a.call("record.both", counterpart="Berevan", who=None, **places, **more)


async def as_engineer(party: Party, who: str) -> None:
    """Leave an official nothing but the role of an engineer."""

    def change(tx: Tx) -> None:
        thing = tx.things.get(HOUSE, "official", who)
        assert thing is not None
        tx.things.put(HOUSE, "official", who, value={**thing.value, "roles": ["engineer"]})

    await party.node.ctx.store.write(change)


@on_a_loop
async def test_both_logs_stand_in_one_order_in_which_nobody_knows_the_future(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    whole = await pair.a.call("record.both", counterpart="Berevan", order="oldest", limit=1000)
    told: dict[str, int] = {"ours": 0, "theirs": 0}
    for row in rows(whole["entries"]):
        log, n, seen = str(row["log"]), row["n"], row["seen"]
        other = "theirs" if log == "ours" else "ours"
        assert isinstance(seen, int)
        assert (n, seen <= told[other]) == (told[log], True)
        told[log] += 1
    assert told == whole["sizes"]
    theirs = await pair.b.call("record.both", counterpart="Aldoria", order="oldest", limit=1000)
    mirrored = {"ours": "theirs", "theirs": "ours"}
    assert placed(whole) == [(mirrored[str(log)], n) for log, n in placed(theirs)]
    await pair.close()


@pytest.mark.parametrize("kind", ["", "signing.", "agreement.adopt"])
@on_a_loop
async def test_a_reader_who_leafs_on_and_back_sees_every_entry_once(
    kind: str, tmp_path: Path
) -> None:
    pair = await at_stage("in_force", tmp_path)
    whole = placed(await pair.a.call("record.both", counterpart="Berevan", limit=999, kind=kind))
    assert whole
    page = await pair.a.call("record.both", counterpart="Berevan", limit=3, kind=kind)
    assert page["previous"] is None
    seen, pages = placed(page), [page]
    while page["next"] is not None:
        at = one(page["next"])
        page = await leafed(pair, at, limit=3, kind=kind)
        seen += placed(page)
        pages.append(page)
    assert seen == whole
    for before, after in pairwise(pages):
        at = one(after["previous"])
        again = await leafed(pair, at, limit=3, kind=kind)
        assert placed(again) == placed(before)
    await pair.close()


@on_a_loop
async def test_one_log_is_leafed_through_both_ways_and_searched(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    first = await pair.a.call("record.entries", counterpart="Berevan", limit=5)
    assert (placed(first)[0], first["next"], first["previous"]) == (("ours", 0), 5, None)
    then = await pair.a.call("record.entries", counterpart="Berevan", limit=5, start=5)
    assert (then["next"], then["previous"]) == (10, 0)
    last = await pair.a.call("record.entries", counterpart="Berevan", limit=5, order="newest")
    size = last["size"]
    assert isinstance(size, int)
    assert (placed(last)[0], last["next"]) == (("ours", size - 1), size - 5)
    found = await pair.a.call(
        "record.entries", counterpart="Berevan", log="theirs", text="berevan MINISTER"
    )
    kinds = {row["kind"] for row in rows(found["entries"])}
    assert kinds == {"powers.grant", "agreement.adopt", "agreement.initial", "signing.signature"}
    about = await pair.a.call("record.entries", counterpart="Berevan", about=pair.instrument)
    assert {row["of"] for row in rows(about["entries"])} == {pair.instrument}
    nothing = await pair.a.call("record.entries", counterpart="Berevan", text="no such word")
    assert (nothing["entries"], nothing["next"]) == ([], None)
    await pair.close()


@on_a_loop
async def test_heads_are_compared_with_what_the_other_side_cosigned(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    found = await pair.a.call("record", counterpart="Berevan")
    for side in ("ours", "theirs"):
        head = one(found[side])
        assert (head["equal"], head["signatures_hold"]) == (True, True)
        assert head["root"] == head["cosigned_root"]
    heads = await pair.a.call("record.checkpoints", counterpart="Berevan", limit=2)
    listed = rows(heads["checkpoints"])
    total = heads["total"]
    assert isinstance(total, int)
    assert (len(listed), heads["next"], heads["previous"]) == (2, 2, None)
    assert listed[0]["root"] == one(found["ours"])["root"]
    assert heads["cosigner"] in listed[0]["signed_by"]  # type: ignore[operator]  # a list
    last = await pair.a.call(
        "record.checkpoints", counterpart="Berevan", log="theirs", skip=1, limit=1000
    )
    assert (last["next"], last["previous"]) == (None, 0)
    await pair.close()


@on_a_loop
async def test_an_entry_comes_with_a_proof_that_other_tools_take(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    entry = await pair.a.call("record.entry", counterpart="Berevan", log="theirs", n=0)
    rel = await pair.a.relationship()
    node = pair.a.node
    letter = await node.ctx.store.read(lambda tx: node.introductions.letter_of(tx, rel))
    own = await node.ctx.store.read(lambda tx: node.introductions.letter_of(tx, rel, own=True))
    proof = one(entry["proof"])
    cosigned = verify_proof_file(
        str(proof["file"]).encode(),
        str(entry["envelope"]).encode(),
        log=LogKeys.of(rel.peer_origin, letter.keys.log),
        cosigner=CosignerKeys.of(cosigner_name(rel.own_origin), own.keys.cosigner),
    )
    assert (str(cosigned.checkpoint.root.hex()), cosigned.checkpoint.size) == (
        proof["root"],
        proof["size"],
    )
    sections = {str(row["name"]): row for row in rows(entry["sections"])}
    assert json.loads(str(sections["act"]["text"]))["rules"] == "1"
    assert entry["code"] == "letter.introduce"
    assert one(entry["facts"])["name"] == "Berevan"
    with pytest.raises(ComityError) as caught:
        await pair.a.call("record.entry", counterpart="Berevan", log="theirs", n=999)
    assert caught.value.code == "record.no_such_entry"
    await pair.close()


async def _reopened(tmp_path: Path) -> Pair:
    pair = await at_stage("initialled", tmp_path)
    await pair.a.call(
        "agreements.reopen",
        who="negotiator",
        instrument=pair.instrument,
        reason="The capital asks again.",
    )
    await pair.settle()
    return pair


@on_a_loop
async def test_words_of_people_are_for_those_who_work_with_them(tmp_path: Path) -> None:
    pair = await _reopened(tmp_path)
    last = await pair.b.call("record.entries", counterpart="Aldoria", log="theirs", order="newest")
    n = rows(last["entries"])[0]["n"]
    await as_engineer(pair.b, "second")
    told = await pair.b.call(
        "record.entry", who="negotiator", counterpart="Aldoria", log="theirs", n=n
    )
    for who, state in (("negotiator", "held"), ("second", "withheld")):
        entry = await pair.b.call("record.entry", who=who, counterpart="Aldoria", log="theirs", n=n)
        note = next(row for row in rows(entry["sections"]) if row["name"] == "note")
        assert (note["state"], bool(note["text"])) == (state, state == "held")
        assert note["erasable"] is True
    assert one(one(told["facts"])["note"])["reason"] == "The capital asks again."
    readers: tuple[tuple[str | None, bool], ...] = (
        ("desk_officer", True),
        (None, True),
        ("second", False),
    )
    for reader, shown in readers:
        found = await pair.b.call(
            "record.both", who=reader, counterpart="Aldoria", text="the capital asks"
        )
        assert bool(found["entries"]) is shown
        why = await pair.b.call("history", who=reader, kind="instrument", object=pair.instrument)
        assert ("The capital asks again." in json.dumps(why)) is shown
    await pair.close()


@on_a_loop
async def test_what_was_erased_is_said_to_be_erased_and_stops_nothing(tmp_path: Path) -> None:
    pair = await _reopened(tmp_path)
    rel = await pair.a.relationship()
    page = await pair.a.call("record.entries", counterpart="Berevan", order="newest", limit=2)
    n = rows(page["entries"])[0]["n"]
    assert isinstance(n, int)
    await pair.a.node.ctx.store.write(lambda tx: tx.bodies.erase(rel.own_origin, n, None))
    entry = await pair.a.call("record.entry", counterpart="Berevan", log="ours", n=n)
    assert (entry["body"], entry["sections"], entry["facts"]) == ("erased", [], {})
    page = await pair.a.call("record.entries", counterpart="Berevan", order="newest", limit=2)
    assert [row["body"] for row in rows(page["entries"])] == ["erased", "held"]
    await pair.close()


@on_a_loop
async def test_who_of_ours_entered_an_act_is_known_to_us_and_not_to_them(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    await answer(pair, pair.b, "accept", "all")
    await table(pair, pair.b)
    mine = await pair.b.call(
        "record.entries", who="desk_officer", counterpart="Aldoria", order="newest", limit=1
    )
    actor = one(rows(mine["entries"])[0]["entered_by"])
    assert (actor["by"], actor["name"]) == ("negotiator", "Berevan Chief Negotiator")
    theirs = await pair.a.call(
        "record.entries",
        who="negotiator",
        counterpart="Berevan",
        log="theirs",
        order="newest",
        limit=1,
    )
    assert rows(theirs["entries"])[0]["entered_by"] is None
    carried = b"".join(one.content + one.answer for one in pair.wire.carried)
    assert b"Berevan Chief Negotiator" not in carried
    await pair.close()


@on_a_loop
async def test_the_house_log_is_for_mandate_holder_and_legal_adviser_alone(
    tmp_path: Path,
) -> None:
    pair = await at_stage("initialled", tmp_path)
    page = await pair.a.call("house.entries", who="legal_adviser", limit=1000, order="oldest")
    lines = rows(page["entries"])
    assert [row["n"] for row in lines] == list(range(len(lines)))
    clearance = next(row for row in lines if row["kind"] == "house.clearance")
    assert (clearance["by"], clearance["office"]) == ("mandate_holder", "Director of Policy")
    assert clearance["at"] == str(pair.clock.at)
    found = await pair.a.call("house.entries", who="mandate_holder", text="clearance", limit=1)
    assert (rows(found["entries"])[0]["n"], found["previous"]) == (clearance["n"], None)
    for who in ("negotiator", "desk_officer", "release_officer", "signatory"):
        with pytest.raises(RefusedError):
            await pair.a.call("house.entries", who=who)
    await pair.close()


@on_a_loop
async def test_a_search_through_a_long_log_stops_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.node.record_desk.SCANNED_MAX", 2)
    pair = await at_stage("tabled", tmp_path)
    at: JsonObject = {}
    found: list[tuple[Json, Json]] = []
    for _ in range(50):
        page = await leafed(pair, at, limit=10, text="Berevan Minister")
        found += placed(page)
        if page["next"] is None:
            break
        at = one(page["next"])
    assert found == [("theirs", 2)]
    await pair.close()
