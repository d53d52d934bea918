"""Passkeys: what lets a person in or approve, and what must not.

Source: W3C Web Authentication Level 3, 7.1 and 7.2.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.node.passkeys import CHALLENGE_S, CHALLENGES_MAX
from support.authenticator import Authenticator
from support.loops import on_a_loop
from support.refusals import refused
from support.staff import device, equip, set_roles, staffed
from support.two_nodes import Party, make_pair


async def asked_to_enter(party: Party) -> JsonObject:
    desk = party.node.passkeys
    return await party.node.ctx.store.write(
        lambda tx: desk.request(tx, desk.ask("log-in", official=None), official=None)
    )


async def enter(party: Party, credential: dict[str, object]) -> str:
    return await party.node.ctx.store.write(lambda tx: party.node.passkeys.enter(tx, credential))


@on_a_loop
async def test_a_person_enters_by_passkey_without_saying_who_they_are(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await equip(pair.a, "negotiator")
    options = await asked_to_enter(pair.a)
    assert options["allowCredentials"] == []
    assert await enter(pair.a, made.get(options)) == "negotiator"
    listed = (await pair.a.call("passkeys", who="negotiator"))["passkeys"]
    assert "public_key" not in str(listed)
    assert str(pair.clock.now()) in str(listed)
    await pair.close()


@on_a_loop
async def test_the_same_answer_enters_once(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await equip(pair.a, "negotiator")
    answer = made.get(await asked_to_enter(pair.a))
    await enter(pair.a, answer)
    await refused("passkeys.challenge", enter(pair.a, answer))
    await pair.close()


def phished(made: Authenticator) -> None:
    made.origin = "http://localhost:1"


def elsewhere(made: Authenticator) -> None:
    made.rp_id = "example.org"


def unverified(made: Authenticator) -> None:
    made.verifies = False


def copied(made: Authenticator) -> None:
    made.count = 0


WRONG: Final[dict[str, tuple[Callable[[Authenticator], None], str]]] = {
    "given to another site": (phished, "passkeys.not_verified"),
    "for another host": (elsewhere, "passkeys.not_verified"),
    "of a device that did not verify its holder": (unverified, "passkeys.not_verified"),
    "of a copied device": (copied, "passkeys.not_verified"),
}


@pytest.mark.parametrize("what", WRONG)
@on_a_loop
async def test_an_answer_does_not_let_in(tmp_path: Path, what: str) -> None:
    pair = await make_pair(tmp_path)
    made = await equip(pair.a, "negotiator")
    for _ in range(2):
        await enter(pair.a, made.get(await asked_to_enter(pair.a)))
    change, code = WRONG[what]
    change(made)
    await refused(code, enter(pair.a, made.get(await asked_to_enter(pair.a))))
    await pair.close()


@pytest.mark.parametrize("what", ["given to another site", "for another host"])
@on_a_loop
async def test_a_passkey_is_not_made_for_another_site(tmp_path: Path, what: str) -> None:
    pair = await make_pair(tmp_path)
    made = device(pair.a)
    WRONG[what][0](made)
    answer = made.create(await pair.a.call("passkeys.offer", who="negotiator"))
    adding = pair.a.call("passkeys.add", who="negotiator", name="Key", credential=answer)
    await refused("passkeys.not_verified", adding)
    await pair.close()


@on_a_loop
async def test_an_unknown_device_does_not_let_in(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    await equip(pair.a, "negotiator")
    stranger = device(pair.a)
    await refused("passkeys.unknown_key", enter(pair.a, stranger.get(await asked_to_enter(pair.a))))
    await pair.close()


@on_a_loop
async def test_a_closed_account_is_not_entered_by_passkey(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await equip(pair.a, "negotiator")
    await pair.a.call("officials.close", person="negotiator")
    await refused("officials.disabled", enter(pair.a, made.get(await asked_to_enter(pair.a))))
    await pair.close()


@on_a_loop
async def test_what_was_signed_to_enter_approves_nothing_and_the_reverse(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    made = await equip(pair.a, "mechanic")
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    name = str(asked["approval"])

    async def give(credential: dict[str, object]) -> JsonObject:
        return await pair.a.call(
            "approvals.give", who="mechanic", approval=name, credential=credential
        )

    await refused("passkeys.challenge", give(made.get(await asked_to_enter(pair.a))))
    options = await pair.a.call("approvals.challenge", who="mechanic", approval=name)
    await refused("passkeys.challenge", enter(pair.a, made.get(options)))
    other = await set_roles(pair.a, "mechanic", "negotiator", "desk_officer")
    options = await pair.a.call("approvals.challenge", who="mechanic", approval=other["approval"])
    await refused("passkeys.challenge", give(made.get(options)))
    shown = await pair.a.call("approvals.show", approval=name)
    assert shown["given"] == []
    await pair.close()


@on_a_loop
async def test_another_persons_passkey_approves_nothing_in_my_name(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    await equip(pair.a, "mechanic")
    theirs = await equip(pair.a, "legal_adviser")
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    options = await pair.a.call("approvals.challenge", who="mechanic", approval=asked["approval"])
    giving = pair.a.call(
        "approvals.give",
        who="mechanic",
        approval=asked["approval"],
        credential=theirs.get(options),
    )
    await refused("passkeys.unknown_key", giving)
    await pair.close()


@on_a_loop
async def test_a_late_answer_is_refused(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await equip(pair.a, "negotiator")
    options = await asked_to_enter(pair.a)
    pair.clock.tick(CHALLENGE_S + 1)
    await refused("passkeys.challenge", enter(pair.a, made.get(options)))
    await pair.close()


@on_a_loop
async def test_a_flood_of_questions_does_not_fill_the_memory(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    desk = pair.a.node.passkeys
    first = desk.ask("log-in", official=None)
    for _ in range(CHALLENGES_MAX):
        desk.ask("log-in", official=None)
    assert len(desk._challenges) == CHALLENGES_MAX
    assert first not in desk._challenges
    pair.clock.tick(CHALLENGE_S + 1)
    desk.ask("log-in", official=None)
    assert len(desk._challenges) == 1
    await pair.close()


BROKEN: Final[dict[str, dict[str, object]]] = {
    "nothing": {},
    "no response": {"response": 1},
    "no json": {"response": {"clientDataJSON": base64url.encode(b"\xff{")}},
    "a list": {"response": {"clientDataJSON": base64url.encode(b"[]")}},
    "no base64": {"response": {"clientDataJSON": "%%%"}},
    "deep": {"response": {"clientDataJSON": base64url.encode(b"[" * 5000)}},
}


@pytest.mark.parametrize("what", BROKEN)
@on_a_loop
async def test_a_broken_answer_is_refused_with_one_sentence(tmp_path: Path, what: str) -> None:
    pair = await make_pair(tmp_path)
    await refused("passkeys.not_verified", enter(pair.a, BROKEN[what]))
    await pair.close()


@on_a_loop
async def test_the_last_way_in_stays_and_others_can_go(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    one = await equip(pair.a, "negotiator")
    name = base64url.encode(one.credential)

    async def remove(who: str = "negotiator") -> JsonObject:
        return await pair.a.call("passkeys.remove", who=who, passkey=name)

    await refused("passkeys.last_way", remove())
    await refused("passkeys.unknown", remove(who="signatory"))
    await equip(pair.a, "negotiator")
    assert (await remove())["removed"] is True
    await refused("passkeys.unknown_key", enter(pair.a, one.get(await asked_to_enter(pair.a))))
    await pair.close()


@on_a_loop
async def test_a_passkey_belongs_to_one_person(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await equip(pair.a, "negotiator")
    answer = made.create(await pair.a.call("passkeys.offer", who="signatory"))
    adding = pair.a.call("passkeys.add", who="signatory", name="Key", credential=answer)
    await refused("passkeys.known", adding)
    await pair.close()


@on_a_loop
async def test_an_official_without_a_passkey_is_told_to_add_one(tmp_path: Path) -> None:
    pair = await staffed(tmp_path)
    asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer")
    asking = pair.a.call("approvals.challenge", who="mechanic", approval=asked["approval"])
    await refused("approving.no_passkey", asking)
    await pair.close()
