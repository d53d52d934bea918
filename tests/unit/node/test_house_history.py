"""Why a thing of the house is in its state: drafts, officials, approvals, pairings, requests."""

import json
from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows, text, words
from support.crossing import bring_in, sharing_pair
from support.loops import on_a_loop
from support.refusals import refused
from support.staff import approve, equip, set_roles, staffed
from support.stages import at_stage
from support.two_nodes import Pair, Party, make_pair


async def why(
    party: Party, kind: str, name: object, *, who: str | None = "signatory"
) -> JsonObject:
    return await party.call("history", who=who, kind=kind, object=str(name))


def codes(answer: JsonObject) -> list[str]:
    return [text(row, "code") for row in rows(answer, "because")]


def reason(answer: JsonObject, code: str) -> JsonObject:
    return next(row for row in rows(answer, "because") if row["code"] == code)


def acts(answer: JsonObject) -> list[str]:
    return [text(row, "kind") for row in rows(answer, "acts")]


async def start(pair: Pair) -> JsonObject:
    return await pair.a.call(
        "drafts.start",
        who="desk_officer",
        counterpart=pair.b.did,
        title="Our text",
        skeleton="framework",
    )


@on_a_loop
async def test_a_draft_tells_who_began_and_changed_it_and_who_may_table_it(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    made = await start(pair)
    told = await why(pair.a, "draft", made["draft"])
    assert (told["state"], codes(told)) == ("draft", ["draft_started", "draft_kept"])
    assert reason(told, "draft_started")["who"] == ["Aldoria Desk Officer"]
    assert words(reason(told, "draft_kept"), "roles") == ["negotiator", "mandate_holder"]
    assert (told["counterpart_name"], acts(told)) == ("Berevan", ["house.draft"])
    members = {"draft": made["draft"], "title": "Their text"}
    changed = await pair.a.call(
        "drafts.update", who="negotiator", version=made["version"], **members
    )
    told = await why(pair.a, "draft", str(made["draft"])[:20])
    assert reason(told, "draft_changed")["who"] == ["Aldoria Chief Negotiator"]
    assert reason(told, "draft_changed")["n"] == 2
    await pair.a.call(
        "drafts.drop", who="negotiator", draft=made["draft"], version=changed["version"]
    )
    told = await why(pair.a, "draft", made["draft"])
    assert (told["state"], codes(told)[-1]) == ("dropped", "draft_dropped")
    assert acts(told) == ["house.draft"] * 3
    await pair.close()


@on_a_loop
async def test_a_draft_whose_fields_do_not_hold_says_so_and_a_tabled_one_names_the_entry(
    tmp_path: Path,
) -> None:
    pair = await at_stage("introduced", tmp_path)
    made = await start(pair)
    shown = await pair.a.call("drafts.show", who="desk_officer", draft=made["draft"])
    await pair.a.call(
        "drafts.update",
        who="desk_officer",
        draft=made["draft"],
        version=made["version"],
        text=str(shown["text"]).replace("ten years", "some years"),
    )
    told = await why(pair.a, "draft", made["draft"])
    assert reason(told, "draft_wrong")["n"] == 1
    await pair.a.call(
        "drafts.back", who="desk_officer", draft=made["draft"], version=2, to=made["version"]
    )
    tabled = await pair.a.call("agreements.table", who="negotiator", instrument=made["draft"])
    told = await why(pair.a, "draft", made["draft"])
    assert (told["state"], codes(told)) == ("tabled", ["draft_started", "draft_tabled"])
    (place,) = rows(reason(told, "draft_tabled"), "places")
    assert (place["log"], place["n"]) == ("ours", tabled["entry"])
    await pair.close()


@on_a_loop
async def test_an_official_tells_who_entered_them_and_which_two_gave_the_roles(
    tmp_path: Path,
) -> None:
    pair = await staffed(tmp_path)
    told = await why(pair.a, "official", "desk_officer")
    assert (told["state"], codes(told)) == ("no_way_in", ["official_entered", "no_way_in"])
    entered = reason(told, "official_entered")
    assert (entered["rule"], entered["roles"]) == ("folder", ["desk_officer"])
    keys = {who: await equip(pair.a, who) for who in ("mechanic", "legal_adviser")}
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    for who, made in keys.items():
        await approve(pair.a, who, made, asked["approval"])
    given = reason(await why(pair.a, "official", "desk_officer"), "roles_given")
    assert (given["rule"], given["roles"]) == ("two_persons", ["release_officer"])
    assert given["who"] == ["Aldoria Legal Adviser", "Mechanic of Aldoria"]
    await pair.a.call("officials.close", person="desk_officer")
    told = await why(pair.a, "official", "desk_officer")
    assert (told["state"], codes(told)[-1]) == ("closed", "account_closed")
    await pair.a.call("officials.reopen", person="desk_officer")
    assert codes(await why(pair.a, "official", "desk_officer"))[-2:] == [
        "account_opened",
        "no_way_in",
    ]
    await pair.a.call("officials.add", who="mechanic", card=card("clerk"), roles=["desk_officer"])
    assert reason(await why(pair.a, "official", "clerk"), "official_entered")["who"] == [
        "Mechanic of Aldoria"
    ]
    await pair.close()


def card(name: str) -> JsonObject:
    return {"id": name, "name": name.title(), "office": "Clerk"}


@on_a_loop
async def test_ways_in_are_told_to_those_who_look_after_accounts_alone(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    await equip(pair.a, "negotiator")
    for who in ("mechanic", "negotiator"):
        told = await why(pair.a, "official", "negotiator", who=who)
        assert acts(told) == ["house.official", "house.passkey_added"]
        assert (told["state"], told["private_withheld"]) == ("in_use", False)
    told = await why(pair.a, "official", "negotiator", who="desk_officer")
    assert (acts(told), told["private_withheld"]) == (["house.official"], True)
    assert "passkey" not in json.dumps(told)
    await pair.close()


@on_a_loop
async def test_an_approval_tells_who_gave_it_who_is_missing_and_when_it_lapses(
    tmp_path: Path,
) -> None:
    pair = await staffed(tmp_path)
    keys = {who: await equip(pair.a, who) for who in ("mechanic", "legal_adviser")}
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    await approve(pair.a, "mechanic", keys["mechanic"], asked["approval"])
    told = await why(pair.a, "approval", asked["approval"])
    assert codes(told) == ["approval_asked", "approval_given", "approval_missing"]
    missing = reason(told, "approval_missing")
    assert (missing["n"], missing["at"]) == (1, asked["lapses"])
    assert missing["who"] == ["Aldoria Legal Adviser", "Aldoria Director of Policy"]
    assert (told["counterpart"], told["private_withheld"]) == (None, False)
    await approve(pair.a, "legal_adviser", keys["legal_adviser"], asked["approval"])
    told = await why(pair.a, "approval", asked["approval"])
    assert (told["state"], codes(told)[-1]) == ("done", "approval_done")
    other = await set_roles(pair.a, "mechanic", "desk_officer", "engineer")
    await pair.a.call("approvals.refuse", who="mandate_holder", approval=other["approval"])
    told = await why(pair.a, "approval", other["approval"])
    assert told["state"] == "refused"
    assert reason(told, "approval_refused")["who"] == ["Aldoria Director of Policy"]
    third = await set_roles(pair.a, "mechanic", "desk_officer", "engineer")
    pair.clock.tick(8 * 86_400)
    told = await why(pair.a, "approval", third["approval"])
    assert (told["state"], codes(told)[-1]) == ("lapsed", "approval_lapsed")
    await pair.close()


def digits(shown: JsonObject) -> str:
    return " ".join(words(one(shown, "fingerprint"), "groups"))


@on_a_loop
async def test_a_pairing_and_its_request_tell_each_step_and_whose_the_next_is(
    tmp_path: Path,
) -> None:
    pair = await make_pair(tmp_path)
    letters = [str((await one.call("letters.export"))["letter"]) for one in (pair.a, pair.b)]
    read = await pair.a.call("letters.receive", who="legal_adviser", letter=letters[1])
    told = await why(pair.a, "pairing", read["pairing"])
    assert (told["state"], codes(told)) == ("read", ["letter_read", "letter_not_compared"])
    assert reason(told, "letter_read")["who"] == ["Aldoria Legal Adviser"]
    asked = await pair.a.call(
        "letters.compare", who="legal_adviser", pairing=read["pairing"], fingerprint=digits(read)
    )
    told = await why(pair.a, "pairing", read["pairing"])
    assert codes(told) == ["letter_read", "letter_compared", "letter_unsigned"]
    request = await pair.a.call("requests.show", request=asked["request"])
    await pair.a.sign(request, "mandate_holder")
    told = await why(pair.a, "pairing", read["pairing"])
    assert reason(told, "letter_unsigned")["who"] == ["Aldoria Legal Adviser"]
    told = await why(pair.a, "request", str(asked["request"])[:8])
    assert codes(told) == ["request_asked", "request_signed", "request_missing"]
    assert reason(told, "request_missing")["n"] == 1
    await pair.a.sign(request, "legal_adviser")
    told = await why(pair.a, "pairing", read["pairing"])
    assert (told["state"], codes(told)[-1]) == ("accepted", "accepted")
    assert "letter.accept" in acts(told)
    told = await why(pair.a, "request", asked["request"])
    assert (told["state"], codes(told)[-1]) == ("done", "request_done")
    await pair.close()


@on_a_loop
async def test_a_dropped_request_says_who_dropped_it(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    asked = await pair.a.call("officials.revoke", who="mandate_holder", official="signatory")
    await pair.a.call("requests.drop", who="negotiator", request=asked["request"])
    told = await why(pair.a, "request", asked["request"])
    assert (told["state"], codes(told)) == ("dropped", ["request_asked", "request_dropped"])
    assert reason(told, "request_dropped")["who"] == ["Aldoria Chief Negotiator"]
    shown = await pair.a.call("requests.show", request=asked["request"])
    assert "dropped_by" not in shown, "the file for the signer carries what is not its business"
    await pair.close()


@on_a_loop
async def test_a_wish_for_a_release_tells_who_had_it_and_who_decided_what(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    given = {"item": item, "counterpart": pair.b.did}
    first = await pair.a.call("items.offer", who="desk_officer", **given)
    told = await why(pair.a, "wish", first["wish"])
    assert (told["state"], codes(told)) == ("waiting", ["wish_asked", "wish_waits"])
    await pair.a.call(
        "items.decline", who="release_officer", wish=first["wish"], reason="Not yet.", **given
    )
    told = await why(pair.a, "wish", first["wish"], who="desk_officer")
    assert (told["state"], acts(told)) == ("declined", ["house.declined"])
    assert reason(told, "wish_declined")["reason"] == "Not yet."
    second = await pair.a.call("items.offer", who="desk_officer", **given)
    await pair.a.call("items.release", who="release_officer", wish=second["wish"], **given)
    told = await why(pair.a, "wish", second["wish"], who="release_officer")
    assert (told["state"], codes(told)) == ("released", ["wish_asked", "wish_released"])
    assert acts(told) == ["sharing.release", "house.release"]
    assert rows(reason(told, "wish_released"), "places")
    await pair.a.call("items.withdraw", who="release_officer", **given)
    told = await why(pair.a, "wish", second["wish"])
    assert (told["state"], codes(told)[-1]) == ("withdrawn", "release_withdrawn")
    await pair.close()


@pytest.mark.parametrize("kind", ["draft", "official", "approval", "pairing", "wish", "request"])
@on_a_loop
async def test_what_is_not_in_the_house_is_said_not_to_be(kind: str, tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    await refused("history.unknown", why(pair.a, kind, "nowhere"))
    await pair.close()
