"""Pairing step by step: what a person is told at each step, and what they cannot get wrong."""

import json
from pathlib import Path
from typing import Final

import pytest

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject, canonical
from comity.parties.letters import pack_letter, unpack_letter
from comity.parties.signatures import sign_document
from support.loops import on_a_loop
from support.refusals import refused
from support.two_nodes import Pair, Party, make_pair


async def letters(pair: Pair) -> dict[str, str]:
    return {p.name: str((await p.call("letters.export"))["letter"]) for p in (pair.a, pair.b)}


async def receive(party: Party, letter: str) -> JsonObject:
    return await party.call("letters.receive", who="legal_adviser", letter=letter)


async def compare(party: Party, pairing: object, typed: str) -> JsonObject:
    return await party.call(
        "letters.compare", who="legal_adviser", pairing=pairing, fingerprint=typed
    )


def groups(shown: JsonObject) -> list[str]:
    mark = shown["fingerprint"]
    assert isinstance(mark, dict)
    found = mark["groups"]
    assert isinstance(found, list)
    return [str(one) for one in found]


async def only(party: Party) -> JsonObject:
    found = (await party.call("letters.pairing"))["pairings"]
    assert isinstance(found, list)
    (one,) = found
    assert isinstance(one, dict)
    return one


def renamed(party: Party, letter: str, name: str) -> str:
    """Return a party's letter with another name, sealed by the party itself."""
    document, _ = unpack_letter(base64url.decode(letter, what="letter"))
    made = canonical({**json.loads(document), "name": name})
    seal = sign_document(
        made,
        signer=party.node.ctx.keys.seal,
        capacity="seal",
        on_behalf_of=party.did,
        full_powers=None,
    )
    return base64url.encode(pack_letter(made, seal))


@on_a_loop
async def test_each_step_says_who_must_act_until_both_have_accepted(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    assert (await pair.a.call("letters.pairing"))["own"] is None
    given = await letters(pair)
    read = {p.name: await receive(p, given[pair.other(p).name]) for p in (pair.a, pair.b)}
    assert groups(read["Aldoria"]) == groups(read["Berevan"])
    one = await only(pair.a)
    assert (one["state"], one["who"]) == ("read", ["us"])
    pairing = one["pairing"]
    made = await compare(pair.a, pairing, " ".join(groups(read["Berevan"])))
    one = await only(pair.a)
    assert (one["state"], one["request"]) == ("compared", made["request"])
    assert one["who"] == ["mandate_holder", "legal_adviser"]
    request = await pair.a.call("requests.show", request=made["request"])
    await pair.a.sign(request, "mandate_holder")
    one = await only(pair.a)
    assert (one["who"], one["signed_by"]) == (["legal_adviser"], ["mandate_holder"])
    await pair.a.sign(request, "legal_adviser")
    one = await only(pair.a)
    assert (one["state"], one["who"]) == ("accepted", ["them"])
    theirs = await compare(
        pair.b, (await only(pair.b))["pairing"], "".join(groups(read["Berevan"]))
    )
    request = await pair.b.call("requests.show", request=theirs["request"])
    for who in ("mandate_holder", "legal_adviser"):
        await pair.b.sign(request, who)
    await pair.settle()
    for party in (pair.a, pair.b):
        shown = await party.call("letters.pairing.show", pairing=(await only(party))["pairing"])
        assert (shown["state"], shown["who"]) == ("open", [])
    await refused("letters.pairing_made", forget(pair.a, pairing))
    await pair.close()


async def forget(party: Party, pairing: object) -> JsonObject:
    return await party.call("letters.forget", who="legal_adviser", pairing=pairing)


@on_a_loop
async def test_another_fingerprint_asks_nobody_to_accept_and_says_where_it_differs(
    tmp_path: Path,
) -> None:
    pair = await make_pair(tmp_path)
    given = await letters(pair)
    read = await receive(pair.a, given["Berevan"])
    digits = groups(read)
    digits[2] = str(9999 - int(digits[2])).rjust(4, "0")
    error = await refused(
        "letters.fingerprint_differs", compare(pair.a, read["pairing"], " ".join(digits))
    )
    assert error.facts == {"groups": [3]}
    assert groups(read)[2] not in error.message
    short = await refused("letters.fingerprint_length", compare(pair.a, read["pairing"], "12 34"))
    assert short.facts == {"digits": 4}
    assert (await pair.a.call("requests"))["requests"] == []
    await pair.close()


@on_a_loop
async def test_digits_of_another_script_and_any_spacing_are_the_same_digits(
    tmp_path: Path,
) -> None:
    pair = await make_pair(tmp_path)
    read = await receive(pair.a, (await letters(pair))["Berevan"])
    arabic = "-".join(groups(read)).translate({48 + n: 0x0660 + n for n in range(10)})
    assert (await compare(pair.a, read["pairing"], arabic))["request"]
    await pair.close()


@on_a_loop
async def test_the_same_letter_twice_is_one_pairing_and_says_so(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    letter = (await letters(pair))["Berevan"]
    assert (await receive(pair.a, letter))["again"] is False
    assert (await receive(pair.a, letter))["again"] is True
    await only(pair.a)
    await pair.close()


NAMES: Final = {
    "Aldoria": "name_same",
    "\u0410ldoria": "name_looks",
    "Aldorla": "name_looks",
    "Aldorias": "name_near",
    "B\u0435revan": "name_mixed",
}


@pytest.mark.parametrize("name", NAMES)
@on_a_loop
async def test_a_name_that_looks_like_one_we_know_is_warned_of(tmp_path: Path, name: str) -> None:
    pair = await make_pair(tmp_path)
    letter = renamed(pair.b, (await letters(pair))["Berevan"], name)
    warnings = (await receive(pair.a, letter))["warnings"]
    assert isinstance(warnings, list)
    assert NAMES[name] in [one["code"] for one in warnings if isinstance(one, dict)]
    await pair.close()


@on_a_loop
async def test_an_honest_name_is_not_warned_of(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    assert (await receive(pair.a, (await letters(pair))["Berevan"]))["warnings"] == []
    await pair.close()


@on_a_loop
async def test_a_name_with_what_nobody_sees_is_refused(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    letter = (await letters(pair))["Berevan"]
    await refused("letters.name_unseen", receive(pair.a, renamed(pair.b, letter, "Bere\u00advan")))
    document, seal = unpack_letter(base64url.decode(letter, what="letter"))
    turned = pack_letter(document.replace(b"Berevan", "Bere\u202evan".encode()), seal)
    await refused("json.text", receive(pair.a, base64url.encode(turned)))
    assert (await pair.a.call("letters.pairing"))["pairings"] == []
    await pair.close()


@on_a_loop
async def test_a_letter_that_expired_while_it_lay_here_is_refused_and_can_be_put_aside(
    tmp_path: Path,
) -> None:
    pair = await make_pair(tmp_path)
    read = await receive(pair.a, (await letters(pair))["Berevan"])
    made = await compare(pair.a, read["pairing"], " ".join(groups(read)))
    request = await pair.a.call("requests.show", request=made["request"])
    pair.clock.tick(31 * 86_400)
    shown = pair.a.call("letters.pairing.show", pairing=read["pairing"])
    await refused("letters.expired", shown)
    own = (await pair.a.call("letters.pairing"))["own"]
    assert isinstance(own, dict)
    assert own["expired"] is True
    await forget(pair.a, read["pairing"])
    await refused("requests.done", pair.a.sign(request, "mandate_holder"))
    assert (await pair.a.call("letters.pairing"))["pairings"] == []
    await refused("letters.no_pairing", forget(pair.a, read["pairing"]))
    await pair.close()


@on_a_loop
async def test_a_request_that_was_dropped_can_be_asked_for_anew(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    read = await receive(pair.a, (await letters(pair))["Berevan"])
    made = await compare(pair.a, read["pairing"], " ".join(groups(read)))
    await pair.a.call("requests.drop", request=made["request"])
    assert (await only(pair.a))["state"] == "read"
    assert (await compare(pair.a, read["pairing"], " ".join(groups(read))))["request"]
    await pair.close()
