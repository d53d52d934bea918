"""People, their roles and accounts: who can change them, alone or as one of two persons."""

from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from support.loops import on_a_loop
from support.refusals import refused
from support.staff import add, approve, equip, set_roles, staffed
from support.two_nodes import Party, make_pair


async def roles_of(party: Party, who: str) -> object:
    return (await party.call("officials.show", person=who))["roles"]


@on_a_loop
async def test_a_person_without_keys_can_enter_and_sign_nothing(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    shown = await pair.a.call("officials.show", person="mechanic")
    assert shown["key"] is None
    await pair.a.call("letters.export")
    await refused(
        "officials.no_keys",
        pair.a.call(
            "officials.powers",
            who="mandate_holder",
            official="mechanic",
            acts=["sign"],
            valid_until="2027-01-01T00:00:00Z",
        ),
    )
    await refused("officials.no_powers", revoke(pair.a, "mechanic"))
    await pair.close()


async def revoke(party: Party, official: str) -> JsonObject:
    return await party.call("officials.revoke", who="mandate_holder", official=official)


@on_a_loop
async def test_a_card_that_is_handed_in_later_gives_keys_and_no_roles(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    await add(pair.a, "clerk", ["desk_officer"])
    card = {**pair.b.people["second"].card.to_json(), "id": "clerk"}
    added = await pair.a.call("officials.add", who="mechanic", card=card, roles=["desk_officer"])
    assert added["keys"] == card["keys"]
    await refused(
        "officials.known",
        pair.a.call("officials.add", who="mechanic", card=card, roles=["release_officer"]),
    )
    await refused("officials.same_key", add_card(pair.a, {**card, "id": "double"}))
    other = {**pair.b.people["signatory"].card.to_json(), "id": "clerk"}
    await refused("officials.other_key", add_card(pair.a, other))
    again = await add(pair.a, "clerk", ["desk_officer"])
    assert again["keys"] == card["keys"], "a card without keys takes keys away"
    await pair.close()


async def add_card(party: Party, card: JsonObject) -> JsonObject:
    return await party.call("officials.add", card=dict(card), roles=["desk_officer"])


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "-a", "x" * 61, "a\u202eb", "a\n"])
@on_a_loop
async def test_an_id_that_cannot_stand_in_an_address_is_refused(tmp_path: Path, name: str) -> None:
    pair = await make_pair(tmp_path)
    with pytest.raises(Exception, match=r".") as caught:
        await add(pair.a, name, ["negotiator"])
    assert caught.value.code in {"officials.id", "node.character"}  # type: ignore[attr-defined]  # a ComityError, or the test fails
    await pair.close()


@on_a_loop
async def test_an_official_without_the_role_adds_nobody(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    await refused("officials.role", add(pair.a, "friend", ["negotiator"], who="desk_officer"))
    await refused("officials.role", set_roles(pair.a, "negotiator", "negotiator", "engineer"))
    assert await roles_of(pair.a, "negotiator") == ["negotiator"]
    await pair.close()


@on_a_loop
async def test_roles_change_when_two_persons_approved_with_their_own_passkeys(
    tmp_path: Path,
) -> None:
    pair = await staffed(tmp_path)
    keys = {who: await equip(pair.a, who) for who in ("mechanic", "legal_adviser")}
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    assert asked["approved"] is False
    first = await approve(pair.a, "mechanic", keys["mechanic"], asked["approval"])
    assert first["approved"] is False
    assert await roles_of(pair.a, "desk_officer") == ["desk_officer"]
    second = await approve(pair.a, "legal_adviser", keys["legal_adviser"], asked["approval"])
    assert second["approved"] is True
    assert await roles_of(pair.a, "desk_officer") == ["release_officer"]
    settled = pair.a.call(
        "approvals.challenge", who="mandate_holder", approval=str(asked["approval"])
    )
    await refused("approving.settled", settled)
    await pair.close()


@on_a_loop
async def test_one_person_with_two_passkeys_is_one_person(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    one, two = [await equip(pair.a, "mechanic") for _ in range(2)]
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    options = await pair.a.call("approvals.challenge", who="mechanic", approval=asked["approval"])
    await approve(pair.a, "mechanic", one, asked["approval"])
    await refused("approving.given", approve(pair.a, "mechanic", two, asked["approval"]))
    give = pair.a.call(
        "approvals.give", who="mechanic", approval=asked["approval"], credential=two.get(options)
    )
    await refused("approving.given", give)
    assert await roles_of(pair.a, "desk_officer") == ["desk_officer"]
    await pair.close()


@on_a_loop
async def test_the_person_concerned_is_not_one_of_the_two(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    made = await equip(pair.a, "mechanic")
    asked = await set_roles(pair.a, "mechanic", "mechanic", "engineer", "mandate_holder")
    assert "mechanic" not in str(asked["can_approve"])
    await refused("approving.not_asked", approve(pair.a, "mechanic", made, asked["approval"]))
    await pair.close()


@on_a_loop
async def test_whoever_lost_the_role_meanwhile_no_longer_counts(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    keys = {who: await equip(pair.a, who) for who in ("mechanic", "legal_adviser")}
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    await approve(pair.a, "mechanic", keys["mechanic"], asked["approval"])
    await set_roles(pair.a, None, "mechanic", "negotiator")
    answer = await approve(pair.a, "legal_adviser", keys["legal_adviser"], asked["approval"])
    assert answer["approved"] is False
    assert await roles_of(pair.a, "desk_officer") == ["desk_officer"]
    await pair.close()


@on_a_loop
async def test_what_was_approved_does_not_happen_to_another_state(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    keys = {who: await equip(pair.a, who) for who in ("mechanic", "legal_adviser")}
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    await approve(pair.a, "mechanic", keys["mechanic"], asked["approval"])
    await set_roles(pair.a, None, "desk_officer", "negotiator")
    await refused(
        "approving.changed",
        approve(pair.a, "legal_adviser", keys["legal_adviser"], asked["approval"]),
    )
    assert await roles_of(pair.a, "desk_officer") == ["negotiator"]
    await pair.close()


@on_a_loop
async def test_an_approval_lapses_and_can_be_refused(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    made = await equip(pair.a, "mechanic")
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    refusal = await pair.a.call("approvals.refuse", who="legal_adviser", approval=asked["approval"])
    assert refusal["status"] == "refused"
    await refused("approving.settled", approve(pair.a, "mechanic", made, asked["approval"]))
    pair.clock.tick()
    later = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    pair.clock.tick(7 * 86_400 + 1)
    error = await refused("approving.settled", approve(pair.a, "mechanic", made, later["approval"]))
    assert error.facts["status"] == "lapsed"
    listed = (await pair.a.call("approvals"))["approvals"]
    assert isinstance(listed, list)
    assert [one["status"] for one in listed if isinstance(one, dict)] == ["lapsed", "refused"]
    await refused("approving.unknown", pair.a.call("approvals.show", approval="x"))
    await pair.close()


@on_a_loop
async def test_an_engineer_is_added_by_two_persons(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    keys = {who: await equip(pair.a, who) for who in ("mandate_holder", "legal_adviser")}
    asked = await add(pair.a, "second-engineer", ["engineer"], who="mechanic")
    await refused("officials.unknown", roles_of(pair.a, "second-engineer"))
    for who, made in keys.items():
        await approve(pair.a, who, made, asked["approval"])
    assert await roles_of(pair.a, "second-engineer") == ["engineer"]
    clerk = await add(pair.a, "clerk", ["desk_officer"], who="mechanic")
    assert clerk["roles"] == ["desk_officer"]
    await pair.close()


@on_a_loop
async def test_a_closed_account_neither_enters_nor_signs_until_it_is_opened(
    tmp_path: Path,
) -> None:
    pair = await staffed(tmp_path)
    await pair.a.call("letters.export")
    keys = {who: await equip(pair.a, who) for who in ("mandate_holder", "legal_adviser")}
    request = await pair.a.call(
        "officials.powers",
        who="mandate_holder",
        official="signatory",
        acts=["sign"],
        valid_until="2027-01-01T00:00:00Z",
    )
    await pair.a.call("officials.close", person="legal_adviser")
    await refused("officials.disabled", pair.a.call("status", who="legal_adviser"))
    await refused("signatures.unknown_key", pair.a.sign(request, "legal_adviser"))
    await refused("officials.closed", pair.a.call("officials.close", person="legal_adviser"))
    await pair.a.call("officials.reopen", person="legal_adviser")
    await refused("officials.open", pair.a.call("officials.reopen", person="legal_adviser"))
    asked = await pair.a.call("officials.close", who="mechanic", person="negotiator")
    for who, made in keys.items():
        await approve(pair.a, who, made, asked["approval"])
    await refused("officials.disabled", pair.a.call("status", who="negotiator"))
    await pair.close()


@on_a_loop
async def test_asking_for_the_roles_somebody_has_is_said_to_change_nothing(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    await refused(
        "officials.same_roles", set_roles(pair.a, "mechanic", "desk_officer", "desk_officer")
    )
    await pair.close()
