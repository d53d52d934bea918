"""Letters of introduction that must not be accepted: nothing is pinned, nobody is called.

Source: the table of bad input: «letter altered, expired, replayed, of a different fingerprint or
purpose: refused with the reason; nothing pinned».
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject, canonical
from comity.parties.letters import pack_letter, unpack_letter
from comity.parties.signatures import sign_document
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import push
from support.two_nodes import Pair, Party, accept_letter, introduce, make_pair

Change = Callable[[Party, bytes, bytes], bytes]


async def letter_of(party: Party) -> str:
    return str((await party.call("letters.export"))["letter"])


async def nothing_pinned(pair: Pair) -> None:
    """See that Aldoria knows nobody, asks nobody to sign, and called nobody."""
    assert (await pair.a.call("status"))["relationships"] == []
    assert (await pair.a.call("requests"))["requests"] == []
    assert pair.wire.sent == []


def opened(letter: str) -> tuple[bytes, bytes]:
    return unpack_letter(base64url.decode(letter, what="letter"))


def signed_again(change: Callable[[dict[str, object]], None]) -> Change:
    """Return a letter that its own party changed and sealed again."""

    def build(party: Party, document: bytes, signatures: bytes) -> bytes:
        del signatures
        value = json.loads(document)
        change(value)
        made = canonical(value)
        seal = sign_document(
            made,
            signer=party.node.ctx.keys.seal,
            capacity="seal",
            on_behalf_of=party.did,
            full_powers=None,
        )
        return pack_letter(made, seal)

    return build


def altered(old: bytes, new: bytes) -> Change:
    def build(_: Party, document: bytes, signatures: bytes) -> bytes:
        assert old in document
        return pack_letter(document.replace(old, new, 1), signatures)

    return build


def half(_: Party, document: bytes, signatures: bytes) -> bytes:
    value = json.loads(signatures)
    value["signatures"] = value["signatures"][:1]
    return pack_letter(document, canonical(value))


def no_letter(_: Party, document: bytes, signatures: bytes) -> bytes:
    del signatures
    return document


def purpose(value: dict[str, object]) -> None:
    value["purpose"] = "operational"


def same_key_twice(value: dict[str, object]) -> None:
    keys = value["keys"]
    assert isinstance(keys, dict)
    keys["cosigner"] = keys["log"]


WRONG: Final[dict[str, tuple[Change, str]]] = {
    "altered in its name": (altered(b"Berevan", b"Barevan"), "signatures.invalid"),
    "altered in its address": (altered(b":9543/comity", b":9999/comity"), "signatures.invalid"),
    "with half of its seal": (half, "signatures.half"),
    "of another purpose": (signed_again(purpose), "letters.purpose_differs"),
    "with one key for two roles": (signed_again(same_key_twice), "letters.key_twice"),
    "that is no letter file": (no_letter, "documents.members"),
}


@pytest.mark.parametrize("what", WRONG)
@on_a_loop
async def test_a_letter_is_refused(tmp_path: Path, what: str) -> None:
    pair = await make_pair(tmp_path)
    await letter_of(pair.a)
    build, code = WRONG[what]
    letter = base64url.encode(build(pair.b, *opened(await letter_of(pair.b))))
    error = await refused(code, pair.a.call("letters.read", letter=letter))
    assert error.message
    await refused(
        code,
        pair.a.call("letters.accept", who="mandate_holder", letter=letter, fingerprint="0" * 32),
    )
    await nothing_pinned(pair)
    await pair.close()


@on_a_loop
async def test_an_expired_letter_is_refused_with_its_dates(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    letter = await letter_of(pair.b)
    pair.clock.tick(31 * 24 * 3600)
    await letter_of(pair.a)
    error = await refused("letters.expired", pair.a.call("letters.read", letter=letter))
    assert "2026-12-23" in error.message
    await nothing_pinned(pair)
    await pair.close()


@on_a_loop
async def test_a_letter_that_expires_between_comparing_and_signing_is_not_pinned(
    tmp_path: Path,
) -> None:
    pair = await make_pair(tmp_path)
    await letter_of(pair.a)
    letter = await letter_of(pair.b)
    request = await asked(pair.a, letter)
    await pair.a.sign(request, "mandate_holder")
    pair.clock.tick(31 * 24 * 3600)
    await refused("letters.expired", pair.a.sign(request, "legal_adviser"))
    assert (await pair.a.call("status"))["relationships"] == []
    await pair.close()


@on_a_loop
async def test_a_letter_from_the_future_is_refused(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    await letter_of(pair.a)
    pair.clock.tick(3600)
    letter = await letter_of(pair.b)
    pair.clock.tick(-3600)
    await refused("letters.not_yet_valid", pair.a.call("letters.read", letter=letter))
    await nothing_pinned(pair)
    await pair.close()


@on_a_loop
async def test_another_fingerprint_than_the_one_compared_is_refused(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    await letter_of(pair.a)
    letter = await letter_of(pair.b)
    mark = (await pair.a.call("letters.read", letter=letter))["fingerprint"]
    assert isinstance(mark, dict)
    wrong = str(mark["groups"]).translate(str.maketrans("0123456789", "1234567890"))
    error = await refused(
        "letters.fingerprint",
        pair.a.call("letters.accept", who="mandate_holder", letter=letter, fingerprint=wrong),
    )
    assert "Do not accept" in error.message
    await nothing_pinned(pair)
    await pair.close()


@on_a_loop
async def test_a_letter_that_was_accepted_before_is_refused_when_it_comes_again(
    tmp_path: Path,
) -> None:
    pair = await make_pair(tmp_path)
    await introduce(pair)
    before = await pair.a.relationship()
    letter = await letter_of(pair.b)
    error = await refused("letters.accepted_before", pair.a.call("letters.read", letter=letter))
    assert "new one" in error.message
    new = str((await pair.b.call("letters.export", new=True))["letter"])
    await refused("letters.known_party", pair.a.call("letters.read", letter=new))
    assert await pair.a.relationship() == before
    await pair.close()


@on_a_loop
async def test_our_own_letter_is_no_counterpart(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    letter = await letter_of(pair.a)
    await refused("letters.own_letter", pair.a.call("letters.read", letter=letter))
    await nothing_pinned(pair)
    await pair.close()


@on_a_loop
async def test_two_parties_that_compared_different_letters_have_not_met(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    old = await letter_of(pair.a)
    await accept_letter(pair.a, await letter_of(pair.b))
    new = str((await pair.a.call("letters.export", new=True))["letter"])
    assert new != old
    await accept_letter(pair.b, new)  # B compared with the letter that A no longer means
    for party in (pair.a, pair.b):
        rel = await party.relationship()
        await refused("peers.other_record", push(party))
        assert rel.status == "introduced"
        assert "has not accepted our letter" in str((await party.call("status"))["waiting"])
    assert b"note" not in b"".join(pair.wire.sent), "nothing was signed for either"
    await pair.close()


async def asked(party: Party, letter: str) -> JsonObject:
    mark = (await party.call("letters.read", letter=letter))["fingerprint"]
    assert isinstance(mark, dict)
    return await party.call(
        "letters.accept", who="mandate_holder", letter=letter, fingerprint=str(mark["groups"])
    )


@on_a_loop
async def test_one_official_alone_accepts_nothing(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    await letter_of(pair.a)
    request = await asked(pair.a, await letter_of(pair.b))
    await pair.a.sign(request, "mandate_holder")
    again = await pair.a.sign(request, "mandate_holder")
    assert again["done"] is False
    assert again["still_needed"] == 1
    assert (await pair.a.call("status"))["relationships"] == []
    waiting = str((await pair.a.call("status"))["waiting"])
    assert "waits for the signature of legal_adviser" in waiting
    await pair.close()


@on_a_loop
async def test_an_official_who_was_not_asked_accepts_nothing(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    await letter_of(pair.a)
    request = await asked(pair.a, await letter_of(pair.b))
    error = await refused("requests.not_asked", pair.a.sign(request, "signatory"))
    assert "mandate_holder" in error.message
    assert "legal_adviser" in error.message
    await pair.close()
