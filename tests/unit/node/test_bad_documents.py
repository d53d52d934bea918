"""Signatures that must not count, handed in by our own people or sent by the counterpart.

Source: the table of bad input: «document with one half of a pair missing, swapped, added,
re-encoded, by the wrong person, outside the full powers: refused, naming which and why»;
«passphrase wrong, official without full powers, powers expired, same person signing twice for two:
refused, with who could do it».
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from comity.agreements.signing import adoption_document
from comity.foundation import base64url
from comity.foundation.canonical import JsonObject, canonical
from comity.foundation.errors import RefusedError
from comity.parties.powers import FullPowers
from comity.parties.signatures import merge, sign_document
from comity.storage.keyfiles import generate_personal, load_personal
from support import parties
from support.hostile import Hostile, hostile, stored
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import act, answer, at_stage, counter, show, stepwise, table, window
from support.two_nodes import POWERS_UNTIL, Pair, Party, grant

Entries = list[dict[str, str]]
Spoil = Callable[[Entries], object]


def entries_of(jws: bytes) -> Entries:
    entries: Entries = json.loads(jws)["signatures"]
    return entries


def file_of(entries: object) -> bytes:
    return canonical({"signatures": entries})  # type: ignore[dict-item]  # JSON again


def swapped(entries: Entries) -> object:
    first, second = entries
    return [
        {"protected": first["protected"], "signature": second["signature"]},
        {"protected": second["protected"], "signature": first["signature"]},
    ]


def padded(entries: Entries) -> object:
    return [{**entries[0], "signature": entries[0]["signature"] + "="}, entries[1]]


def with_header(entries: Entries) -> object:
    return [{**entries[0], "header": {}}, entries[1]]


SPOILT: Final[dict[str, tuple[Spoil, str]]] = {
    "without its ML-DSA half": (lambda entries: entries[:1], "signatures.half"),
    "without its Ed25519 half": (lambda entries: entries[1:], "signatures.half"),
    "with its halves swapped": (swapped, "signatures.invalid"),
    "with a half added": (lambda entries: [*entries, entries[0]], "signatures.half"),
    "with a pair added": (lambda entries: [*entries, *entries], "signatures.twice"),
    "in the other order": (lambda entries: entries[::-1], "signatures.half"),
    "with padding": (padded, "basics.base64url"),
    "with a header that nobody signed": (with_header, "documents.members"),
    "without any signature": (lambda _: [], "signatures.none"),
}


async def adoption(pair: Pair) -> JsonObject:
    return await pair.a.call("agreements.adopt", who="signatory", instrument=pair.instrument)


@on_a_loop
async def test_a_signature_file_of_our_own_that_was_spoilt_changes_nothing(
    tmp_path: Path,
) -> None:
    pair = await at_stage("clean", tmp_path)
    request = await adoption(pair)
    jws = pair.a.signature(request, "signatory")
    before = stored(pair.a)
    for what, (spoil, code) in SPOILT.items():
        spoilt = file_of(spoil(entries_of(jws)))
        told = "requests.other_document" if code == "signatures.invalid" else code
        error = await refused(told, pair.a.deliver(request, spoilt))
        assert error.message, what
        assert stored(pair.a) == before, what
    reencoded = json.dumps(json.loads(jws), indent=1).encode()
    await refused("json.not_canonical", pair.a.deliver(request, reencoded))
    assert stored(pair.a) == before

    await pair.a.deliver(request, jws)
    assert (await show(pair.a, pair.instrument))["adopted"] == [pair.a.did]
    await pair.close()


@on_a_loop
async def test_a_signature_by_the_wrong_person_names_who_was_asked(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    request = await adoption(pair)
    error = await refused("requests.not_asked", pair.a.sign(request, "second"))
    assert "asked: signatory" in error.message
    stranger = sign_document(
        base64url.decode(str(request["document"]), what="document"),
        signer=parties.pair("nobody"),
        capacity="adopt",
        on_behalf_of=pair.a.did,
        full_powers=None,
    )
    await refused("signatures.unknown_key", pair.a.deliver(request, stranger))
    await pair.close()


@on_a_loop
async def test_a_signature_that_says_something_else_than_was_asked_is_refused(
    tmp_path: Path,
) -> None:
    pair = await at_stage("clean", tmp_path)
    request = await adoption(pair)
    powers = request["full_powers"]
    assert isinstance(powers, dict)
    for code, changes in (
        ("requests.capacity", {"capacity": "sign"}),
        ("requests.party", {"party": pair.b.did}),
        ("requests.powers", {"full_powers": {"signatory": "00" * 32}}),
    ):
        jws = pair.a.signature({**request, **changes}, "signatory")
        await refused(code, pair.a.deliver(request, jws))
    await pair.close()


@on_a_loop
async def test_a_settled_request_takes_no_second_signature(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    request = await adoption(pair)
    await pair.a.sign(request, "signatory")
    size = len(stored(pair.a)["entries"])
    await refused("requests.done", pair.a.sign(request, "signatory"))
    assert len(stored(pair.a)["entries"]) == size
    await pair.close()


@on_a_loop
async def test_a_signature_under_a_text_that_has_changed_since_is_not_recorded(
    tmp_path: Path,
) -> None:
    pair = await at_stage("clean", tmp_path)
    request = await adoption(pair)
    await counter(pair, pair.b, ("every two years", "every year"), ("P2Y", "P1Y"))
    await table(pair, pair.b)
    await refused("agreements.not_clean", pair.a.sign(request, "signatory"))

    await answer(pair, pair.a, "accept", "all")
    await table(pair, pair.a)
    assert (await show(pair.a, pair.instrument))["clean"] is True, "but it is another text"
    await refused("agreements.text_changed", pair.a.sign(request, "signatory"))
    assert (await show(pair.a, pair.instrument))["adopted"] == []
    await pair.close()


# --- who may ------------------------------------------------------------------------------------


@on_a_loop
async def test_an_official_with_another_role_is_told_who_could_do_it(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    error = await refused(
        "officials.role",
        pair.a.call("agreements.adopt", who="desk_officer", instrument=pair.instrument),
    )
    assert "signatory" in error.message
    assert "second" in error.message
    await refused("officials.nobody_named", pair.a.call("agreements.adopt", instrument="x"))
    await pair.close()


async def signatory_without_powers(party: Party) -> None:
    """Make the desk officer a signatory by role, without full powers."""
    await party.call(
        "officials.add",
        card=dict(party.people["desk_officer"].card.to_json()),
        roles=["signatory"],
    )


@on_a_loop
async def test_an_official_without_full_powers_is_told_who_has_them(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    await signatory_without_powers(pair.a)
    error = await refused(
        "agreements.no_full_powers",
        pair.a.call("agreements.adopt", who="desk_officer", instrument=pair.instrument),
    )
    assert "Aldoria Minister" in error.message
    assert "Aldoria Chief of Staff" in error.message
    await pair.close()


@on_a_loop
async def test_full_powers_for_other_acts_do_not_cover_this_one(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    await signatory_without_powers(pair.a)
    await grant(pair.a, "desk_officer", acts=("suspend",))
    await refused(
        "agreements.no_full_powers",
        pair.a.call("agreements.adopt", who="desk_officer", instrument=pair.instrument),
    )
    await pair.close()


@on_a_loop
async def test_full_powers_that_have_expired_cover_nothing(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    request = await adoption(pair)
    pair.clock.tick(2 * 366 * 24 * 3600)
    error = await refused("agreements.no_full_powers", adoption(pair))
    assert "nobody" in error.message, "everybody's have expired"
    with pytest.raises(RefusedError):
        await pair.a.sign(request, "signatory")  # asked in time, signed too late
    assert (await show(pair.a, pair.instrument))["adopted"] == []
    await pair.close()


@on_a_loop
async def test_full_powers_that_were_revoked_cover_nothing(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    request = await adoption(pair)
    end = await pair.a.call("officials.revoke", who="mandate_holder", official="signatory")
    await pair.a.sign(end, "legal_adviser")
    error = await refused("agreements.no_full_powers", adoption(pair))
    assert "Aldoria Chief of Staff" in error.message
    with pytest.raises(RefusedError):
        await pair.a.sign(request, "signatory")
    await pair.settle()
    assert (await pair.b.relationship()).status == "open"
    await pair.close()


@on_a_loop
async def test_the_same_person_signing_twice_does_not_make_two(tmp_path: Path) -> None:
    pair = await at_stage("signing", tmp_path)
    await act(pair, pair.a, "sign")
    error = await refused("agreements.signed_twice", act(pair, pair.a, "sign"))
    assert "Minister" in error.message
    attempt = (await show(pair.b, pair.instrument))["attempt"]
    assert isinstance(attempt, dict)
    signatures = attempt["signatures"]
    assert isinstance(signatures, list)
    assert sum(1 for one in signatures if one["signed"]) == 1
    await pair.close()


@on_a_loop
async def test_one_appointing_official_twice_gives_no_full_powers(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    request = await pair.a.call(
        "officials.powers",
        who="mandate_holder",
        official="desk_officer",
        acts=["adopt"],
        valid_until=POWERS_UNTIL,
    )
    await pair.a.sign(request, "mandate_holder")
    twice = merge(pair.a.signature(request, "mandate_holder"))
    done = await pair.a.deliver(request, twice)
    assert done["still_needed"] == 1
    await pair.close()


def test_a_wrong_passphrase_opens_nothing_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "minister"
    generate_personal(
        folder, id="minister", name="A Minister", office="Minister", passphrase=b"right words"
    )
    with pytest.raises(RefusedError, match="passphrase") as caught:
        load_personal(folder, passphrase=b"wrong words")
    assert caught.value.code == "keys.passphrase"


# --- the counterpart's documents ----------------------------------------------------------------


async def liar_and_powers(pair: Pair) -> tuple[Hostile, FullPowers, bytes]:
    """Return the liar, the full powers of Berevan's minister, and the adoption to be signed."""
    rel = await pair.b.relationship()
    node = pair.b.node
    given = await node.ctx.store.read(
        lambda tx: node.ctx.folding.state(tx, rel).parties.powers[pair.b.did]
    )
    text = str((await show(pair.b, pair.instrument))["text"])
    document = adoption_document(instrument=pair.instrument, text=text, party=pair.b.did)
    liar = await hostile(pair)
    minister = pair.b.people["signatory"].signer.pair.id
    powers = next(one.powers for one in given if one.powers.key.id == minister)
    return liar, powers, document


def adopting(liar: Hostile, document: bytes, jws: bytes) -> bytes:
    text = json.loads(document)["text"]
    entry = liar.entry(
        {"instrument": liar.pair.instrument, "text": text},
        kind="agreement.adopt",
        sections={"document": document, "signatures": jws},
    )
    return liar.request(entry)


@on_a_loop
async def test_a_document_of_the_counterpart_that_was_spoilt_is_not_taken_in(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path, "clean")
    liar, powers, document = await liar_and_powers(pair)
    people = pair.b.people
    before = stored(pair.a)

    def signed(who: str, *, capacity: str = "adopt", digest: str | None = powers.digest) -> bytes:
        return sign_document(
            document,
            signer=people[who].signer,
            capacity=capacity,
            on_behalf_of=pair.b.did,
            full_powers=digest,
        )

    right = signed("signatory")
    tries = {
        what: (file_of(spoil(entries_of(right))), code) for what, (spoil, code) in SPOILT.items()
    }
    tries |= {
        "by a person without full powers": (signed("desk_officer"), "signatures.unknown_key"),
        "under nobody's full powers": (signed("signatory", digest=None), "acts.without_powers"),
        "under full powers nobody gave": (
            signed("signatory", digest="00" * 32),
            "acts.other_powers",
        ),
        "in another capacity": (signed("signatory", capacity="sign"), "acts.capacity"),
        "re-encoded": (json.dumps(json.loads(right), indent=1).encode(), "json.not_canonical"),
    }
    wrong = {}
    for what, (jws, code) in tries.items():
        got = await liar.post(adopting(liar, document, jws))
        said = json.loads(got.body)
        if got.status not in {400, 403} or said.get("code") != code:
            wrong[what] = (got.status, said.get("code"), said.get("detail"))
        assert stored(pair.a) == before, f"{what} left something"
    assert not wrong
    assert (await liar.post(adopting(liar, document, right))).status == 200
    await pair.close()


@on_a_loop
async def test_a_window_closes_on_full_powers_that_have_expired(tmp_path: Path) -> None:
    pair = await at_stage("initialled", tmp_path)
    pair.clock.tick(2 * 366 * 24 * 3600)
    error = await refused("agreements.signatories_missing", window(pair, seconds=60))
    assert "full powers" in error.message
    await pair.close()
