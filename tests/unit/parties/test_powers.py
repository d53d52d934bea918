"""Who may sign, and who counts for two. Spec 2.6 to 2.8."""

from collections.abc import Callable, Iterable

import attrs
import pytest

from comity.foundation.canonical import canonical, parse
from comity.foundation.errors import ComityError, MisuseError, PeerError, RefusedError
from comity.foundation.instants import Instant
from comity.parties.acts import SignedAct, read_act
from comity.parties.approvals import approval_document, read_approvals
from comity.parties.keys import PairSigner
from comity.parties.powers import (
    FullPowers,
    PowersContent,
    check_covers,
    full_powers_document,
    read_full_powers,
    read_revocation,
    revocation_document,
)
from comity.parties.signatures import merge, sign_document
from support.parties import INSTRUMENT, NOW, POWERS_END, START, A, B, Signatory, pair, party

ALDER, BIRCH = party(A), party(B)
ADA = ALDER.grant("Ada Alder", "adopt", "sign")
BEN = ALDER.grant("Ben Alder", "sign")
CARL = BIRCH.grant("Carl Birch", "sign")
OTHER = "urn:uuid:00000000-0000-4000-8000-000000000002"
ACT = canonical({"type": "comity/test", "crypto_profile": "SP-1", "instrument": INSTRUMENT})


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        call()
    assert len(str(caught.value)) > 20
    return caught.value.code


def by(
    document: bytes, signer: PairSigner, capacity: str, *, party: str = A, powers: str | None = None
) -> bytes:
    return sign_document(
        document, signer=signer, capacity=capacity, on_behalf_of=party, full_powers=powers
    )


def test_full_powers_need_the_seal_and_both_appointing_officials() -> None:
    read = read_full_powers(ADA.document, ADA.signatures, letter=ALDER.letter)
    assert (read.name, read.acts, read.instruments) == ("Ada Alder", ("adopt", "sign"), "any")
    assert read == ADA.powers


SEAL = ALDER.sealed(ADA.document)
FIRST = by(ADA.document, ALDER.first, "appoint")
SECOND = by(ADA.document, ALDER.second, "appoint")


@pytest.mark.parametrize(
    ("jws", "code"),
    [
        pytest.param(SEAL, "powers.appointing_missing", id="a node that was broken into"),
        pytest.param(merge(SEAL, FIRST), "powers.appointing_missing", id="one official"),
        pytest.param(merge(FIRST, SECOND), "letters.seal", id="no seal"),
        pytest.param(
            merge(SEAL, FIRST, by(ADA.document, ADA.signer, "appoint")),
            "signatures.unknown_key",
            id="the person appoints the person",
        ),
        pytest.param(
            merge(SEAL, FIRST, by(ADA.document, ALDER.second, "approve")),
            "powers.capacity",
            id="an approval for an appointment",
        ),
        pytest.param(
            merge(SEAL, FIRST, by(ADA.document, ALDER.second, "appoint", party=B)),
            "powers.capacity",
            id="for the other party",
        ),
        pytest.param(
            merge(SEAL, FIRST, by(ADA.document, ALDER.second, "appoint", powers="ab" * 32)),
            "powers.capacity",
            id="under full powers",
        ),
    ],
)
def test_a_node_alone_makes_no_signatory(jws: bytes, code: str) -> None:
    assert code_of(lambda: read_full_powers(ADA.document, jws, letter=ALDER.letter)) == code


def test_full_powers_of_one_party_are_none_of_the_other() -> None:
    assert code_of(lambda: read_full_powers(ADA.document, ADA.signatures, letter=BIRCH.letter)) == (
        "powers.other_party"
    )


def test_a_key_of_the_letter_is_no_persons_key() -> None:
    content = PowersContent(
        party=A,
        name="Node",
        office="None",
        key=ALDER.seal.pair,
        acts=ADA.powers.acts,
        instruments="any",
        valid_from=START,
        valid_until=POWERS_END,
    )
    document = full_powers_document(content)
    jws = ALDER.appointed(document)
    assert code_of(lambda: read_full_powers(document, jws, letter=ALDER.letter)) == (
        "powers.key_of_letter"
    )


@pytest.mark.parametrize(
    ("member", "to", "code"),
    [
        ("acts", ["seal"], "powers.acts"),
        ("acts", ["appoint"], "powers.acts"),
        ("acts", ["ratify"], "powers.acts"),
        ("acts", [], "documents.list"),
        ("acts", ["sign", "adopt"], "documents.order"),
        ("instruments", "all", "documents.list"),
        ("instruments", [], "documents.list"),
        ("instruments", ["urn:x"], "parties.urn"),
        ("valid_until", str(POWERS_END.plus(1)), "powers.validity"),
        ("valid_until", str(START), "powers.validity"),
        ("name", "", "documents.text"),
        ("key", {}, "keys.pair_form"),
        ("limit", "1", "documents.members"),
    ],
)
def test_full_powers_with_a_wrong_member_are_refused(member: str, to: object, code: str) -> None:
    value = parse(ADA.document)
    assert isinstance(value, dict)
    document = canonical({**value, member: to})  # type: ignore[dict-item]  # tests put wrong things in
    jws = ALDER.appointed(document)
    assert code_of(lambda: read_full_powers(document, jws, letter=ALDER.letter)) == code


def test_full_powers_can_be_for_named_instruments() -> None:
    some = ALDER.grant("Dora", "sign", instruments=(OTHER, INSTRUMENT))
    assert some.powers.instruments == (INSTRUMENT, OTHER)
    check_covers(some.powers, capacity="sign", instrument=OTHER, at=None)
    assert code_of(lambda: check_covers(some.powers, capacity="sign", instrument=None, at=NOW)) == (
        "powers.instrument"
    )


@pytest.mark.parametrize(
    ("capacity", "at", "code"),
    [
        ("sign", START, None),
        ("sign", POWERS_END, None),
        ("adopt", None, None),
        ("withdraw", NOW, "powers.act"),
        ("sign", START.plus(-1), "powers.not_yet_valid"),
        ("sign", POWERS_END.plus(1), "powers.expired"),
    ],
)
def test_full_powers_cover_what_they_say_and_when(
    capacity: str, at: Instant | None, code: str | None
) -> None:
    def check() -> None:
        check_covers(ADA.powers, capacity=capacity, instrument=INSTRUMENT, at=at)

    if code is None:
        check()
    else:
        assert code_of(check) == code


REVOKING = revocation_document(ADA.powers.digest, "key_lost")


@pytest.mark.parametrize(
    ("jws", "code"),
    [
        (ALDER.appointed(REVOKING, "revoke"), None),
        (merge(ALDER.sealed(REVOKING), by(REVOKING, ALDER.first, "revoke")), None),
        (merge(ALDER.sealed(REVOKING), by(REVOKING, ALDER.second, "revoke")), None),
        (ALDER.sealed(REVOKING), "powers.revoking_missing"),
        (by(REVOKING, ALDER.first, "revoke"), "letters.seal"),
        (ALDER.appointed(REVOKING, "appoint"), "powers.capacity"),
        (BIRCH.appointed(REVOKING, "revoke"), "signatures.unknown_key"),
    ],
    ids=range(7),
)
def test_one_official_and_the_seal_take_full_powers_back(jws: bytes, code: str | None) -> None:
    if code is None:
        found = read_revocation(REVOKING, jws, letter=ALDER.letter)
        assert (found.powers, found.reason) == (ADA.powers.digest, "key_lost")
    else:
        assert code_of(lambda: read_revocation(REVOKING, jws, letter=ALDER.letter)) == code


@pytest.mark.parametrize(
    ("digest", "reason", "code"),
    [("ab" * 32, "because", "powers.reason"), ("ab", "ended", "parties.hex")],
)
def test_a_revocation_names_what_and_why(digest: str, reason: str, code: str) -> None:
    assert code_of(lambda: revocation_document(digest, reason)) == code


def acts(
    jws: bytes,
    *,
    powers: Iterable[FullPowers] = (ADA.powers, BEN.powers, CARL.powers),
    revoked: Iterable[str] = (),
    capacity: str = "sign",
    at: Instant | None = NOW,
    document: bytes = ACT,
) -> tuple[SignedAct, ...]:
    return read_act(
        document, jws, powers=tuple(powers), revoked=set(revoked), capacity=capacity, at=at
    )


def test_persons_of_both_parties_sign_one_text() -> None:
    found = acts(merge(*(one.sign(ACT, "sign") for one in (ADA, BEN, CARL))))
    assert {act.powers.name for act in found} == {"Ada Alder", "Ben Alder", "Carl Birch"}
    assert all(act.document["instrument"] == INSTRUMENT for act in found)
    assert {act.signature.on_behalf_of for act in found} == {A, B}


def test_an_act_without_instrument_is_read_too() -> None:
    document = canonical({"type": "comity/test", "crypto_profile": "SP-1"})
    assert len(acts(ADA.sign(document, "sign"), document=document)) == 1


def renewed(signatory: Signatory) -> Signatory:
    return ALDER.grant(signatory.powers.name, "sign", valid_from=START.plus(60))


def test_renewed_full_powers_count_under_the_same_key() -> None:
    again = renewed(ADA)
    (found,) = acts(again.sign(ACT, "sign"), powers=[ADA.powers, again.powers])
    assert found.powers == again.powers


TWIN = attrs.evolve(
    BEN.powers, name="ADA ALDER", digest="cd" * 32, key=pair("twin").pair
)  # Ada again, under a second pair


@pytest.mark.parametrize(
    ("call", "code"),
    [
        pytest.param(
            lambda: acts(by(ACT, ADA.signer, "sign")), "acts.without_powers", id="no full powers"
        ),
        pytest.param(
            lambda: acts(by(ACT, ADA.signer, "sign", powers="ab" * 32)),
            "acts.other_powers",
            id="powers never granted",
        ),
        pytest.param(
            lambda: acts(by(ACT, ADA.signer, "sign", powers=BEN.powers.digest)),
            "acts.other_powers",
            id="powers of another person",
        ),
        pytest.param(
            lambda: acts(by(ACT, ADA.signer, "sign", party=B, powers=ADA.powers.digest)),
            "acts.other_powers",
            id="for the other party",
        ),
        pytest.param(
            lambda: acts(ADA.sign(ACT, "sign"), revoked=[ADA.powers.digest]),
            "acts.revoked",
            id="revoked",
        ),
        pytest.param(
            lambda: acts(ADA.sign(ACT, "adopt")), "acts.capacity", id="adopted instead of signed"
        ),
        pytest.param(
            lambda: acts(BEN.sign(ACT, "adopt"), capacity="adopt"),
            "powers.act",
            id="outside the full powers",
        ),
        pytest.param(
            lambda: acts(ADA.sign(ACT, "sign"), at=POWERS_END.plus(1)),
            "powers.expired",
            id="expired",
        ),
        pytest.param(
            lambda: acts(
                merge(ADA.sign(ACT, "sign"), by(ACT, pair("twin"), "sign", powers=TWIN.digest)),
                powers=[ADA.powers, TWIN],
            ),
            "acts.same_person",
            id="one person with two keys",
        ),
        pytest.param(
            lambda: acts(ADA.sign(ACT, "sign"), powers=[BEN.powers]),
            "signatures.unknown_key",
            id="a stranger",
        ),
    ],
)
def test_a_signature_without_authority_counts_for_nothing(
    call: Callable[[], object], code: str
) -> None:
    assert code_of(call) == code


# Approvals by two persons.

OFFICIALS = [
    ("ada", ADA.signer.pair),
    ("ben", BEN.signer.pair),
    ("ben", pair("ben's second").pair),
    ("cleo", pair("cleo").pair),
]
APPROVAL = approval_document({"letter": "ab" * 32}, "letter.accept")


def approve(*signers: PairSigner, party: str = A) -> bytes:
    return merge(*(by(APPROVAL, signer, "approve", party=party) for signer in signers))


def test_two_persons_approve_with_their_own_keys() -> None:
    jws = approve(BEN.signer, ADA.signer)
    found = read_approvals(APPROVAL, jws, officials=OFFICIALS)
    assert (found.operation, found.party) == ("letter.accept", A)
    assert (found.persons, found.subject) == (("ada", "ben"), {"letter": "ab" * 32})


@pytest.mark.parametrize(
    ("jws", "error", "code"),
    [
        (approve(ADA.signer), RefusedError, "approvals.missing"),
        (approve(BEN.signer, pair("ben's second")), RefusedError, "approvals.missing"),
        (approve(ADA.signer, pair("stranger")), PeerError, "signatures.unknown_key"),
        (by(APPROVAL, ADA.signer, "sign"), PeerError, "approvals.capacity"),
        (
            by(APPROVAL, ADA.signer, "approve", powers=ADA.powers.digest),
            PeerError,
            "approvals.capacity",
        ),
        (
            merge(approve(ADA.signer), approve(BEN.signer, party=B)),
            PeerError,
            "approvals.parties",
        ),
    ],
    ids=range(6),
)
def test_one_person_never_approves_for_two(jws: bytes, error: type[ComityError], code: str) -> None:
    with pytest.raises(error) as caught:
        read_approvals(APPROVAL, jws, officials=OFFICIALS)
    assert caught.value.code == code


def test_a_missing_approval_says_who_still_can() -> None:
    with pytest.raises(RefusedError) as caught:
        read_approvals(APPROVAL, approve(ADA.signer), officials=OFFICIALS)
    assert str(caught.value).endswith("given: ada. Still can: ben, cleo.")
    with pytest.raises(RefusedError) as caught:
        read_approvals(APPROVAL, approve(ADA.signer), officials=OFFICIALS[:1])
    assert str(caught.value).endswith("Still can: nobody.")


def test_two_ids_with_one_key_are_no_two_persons() -> None:
    with pytest.raises(MisuseError) as caught:
        read_approvals(
            APPROVAL,
            approve(ADA.signer),
            officials=[("ada", ADA.signer.pair), ("eda", ADA.signer.pair)],
        )
    assert caught.value.code == "approvals.key_of_two"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"operation": "x", "subject": []}, "approvals.subject"),
        ({"operation": "", "subject": {}}, "documents.text"),
        ({"subject": {}}, "documents.members"),
    ],
)
def test_an_approval_says_what_is_approved(value: dict[str, object], code: str) -> None:
    document = canonical(
        {"type": "comity/approval", "crypto_profile": "SP-1"} | value  # type: ignore[arg-type]  # JSON
    )
    jws = by(document, ADA.signer, "approve")
    assert code_of(lambda: read_approvals(document, jws, officials=OFFICIALS)) == code
