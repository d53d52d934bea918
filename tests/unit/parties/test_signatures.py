"""The strict verifier: every row of the table under spec 2.5.7, and no single bit may change."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import TypeAlias

import pytest

from comity.foundation import base64url
from comity.foundation.canonical import canonical
from comity.foundation.errors import ComityError, MisuseError, PeerError
from comity.parties.keys import PairKey, PairSigner
from comity.parties.signatures import (
    PAIRS_MAX,
    Capacity,
    merge,
    sign_document,
    signing_keys,
    verify_document,
)
from support.parties import A, ml_dsa_44, pair

Entry: TypeAlias = dict[str, str]
Header: TypeAlias = dict[str, object]

DOCUMENT = canonical({"type": "comity/test", "crypto_profile": "SP-1", "text": "Article 1"})
POWERS = "ab" * 32


def sign(name: str, *, document: bytes = DOCUMENT, capacity: str = "sign") -> bytes:
    return sign_document(
        document, signer=pair(name), capacity=capacity, on_behalf_of=A, full_powers=POWERS
    )


def entries(jws: bytes) -> list[Entry]:
    found: list[Entry] = json.loads(jws)["signatures"]
    return found


def file_of(found: object) -> bytes:
    return json.dumps(
        {"signatures": found}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def header_of(entry: Entry) -> Header:
    found: Header = json.loads(base64url.decode(entry["protected"], what="header"))
    return found


def with_header(entry: Entry, signer: PairSigner, **changes: object) -> Entry:
    """Return the entry with another header, signed anew by the right half of ``signer``."""
    header = header_of(entry) | changes
    header = {name: value for name, value in header.items() if value is not ...}
    data = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    protected = base64url.encode(data)
    half = signer.pq if header.get("alg") == "ML-DSA-87" else signer.ed
    signature = half.sign(protected.encode() + b"." + DOCUMENT)
    return {"protected": protected, "signature": base64url.encode(signature)}


def both_with_header(name: str, **changes: object) -> bytes:
    return file_of([with_header(entry, pair(name), **changes) for entry in entries(sign(name))])


ADA, BEN = pair("ada").pair, pair("ben").pair
JWS = sign("ada")
ONE, OTHER = entries(JWS)
BEN_ONE, BEN_OTHER = entries(sign("ben"))
TWO = merge(JWS, sign("ben"))


def refused(jws: bytes, document: bytes = DOCUMENT, keys: tuple[PairKey, ...] = (ADA, BEN)) -> str:
    with pytest.raises(PeerError) as caught:
        verify_document(document, jws, keys=keys)
    return caught.value.code


def test_a_pair_by_one_person_is_a_signature() -> None:
    (found,) = verify_document(DOCUMENT, JWS, keys=[BEN, ADA])
    assert (found.key, found.capacity, found.on_behalf_of) == (ADA, Capacity.SIGN, A)
    assert found.full_powers == POWERS
    assert len(set(found.digests)) == 2


def test_the_digests_are_those_a_conclusion_lists() -> None:
    (found,) = verify_document(DOCUMENT, JWS, keys=[ADA])
    expected = tuple(
        sha256(f"{one['protected']}.{one['signature']}".encode()).hexdigest()
        for one in (ONE, OTHER)
    )
    assert found.digests == expected


def test_two_persons_sign_the_same_bytes_and_the_order_of_arrival_does_not_matter() -> None:
    assert TWO == merge(sign_again := merge(TWO), JWS) == merge(TWO, TWO)
    assert sign_again == TWO
    found = verify_document(DOCUMENT, TWO, keys=[ADA, BEN])
    assert {one.key.id for one in found} == {ADA.id, BEN.id} == set(signing_keys(TWO))


def test_who_signs_again_under_the_same_words_still_signs_once() -> None:
    assert merge(JWS, sign("ada")) == JWS


def test_a_seal_names_no_full_powers() -> None:
    jws = sign_document(
        DOCUMENT, signer=pair("ada"), capacity="seal", on_behalf_of=A, full_powers=None
    )
    (found,) = verify_document(DOCUMENT, jws, keys=[ADA])
    assert found.full_powers is None
    assert "full_powers" not in header_of(entries(jws)[0])


ROWS: list[tuple[str, bytes, str]] = [
    ("compact form", f"{ONE['protected']}..{ONE['signature']}".encode(), "json.syntax"),
    ("flattened form", canonical(ONE), "documents.members"),
    ("payload beside", canonical({"payload": "", "signatures": [ONE, OTHER]}), "documents.members"),
    ("unprotected header", file_of([ONE | {"header": {}}, OTHER]), "documents.members"),
    ("an entry without signature", file_of([{"protected": ""}, OTHER]), "documents.members"),
    ("an entry that is a text", file_of(["x", OTHER]), "documents.object"),
    ("an entry of numbers", file_of([{"protected": 1, "signature": 2}]), "signatures.entry"),
    ("no list", file_of("x"), "signatures.none"),
    ("an object for a list", file_of({}), "signatures.none"),
    ("an empty list", file_of([]), "signatures.none"),
    ("too many", file_of([{}] * (2 * PAIRS_MAX + 1)), "signatures.too_many"),
    ("white space", JWS + b"\n", "json.not_canonical"),
    (
        "members twice",
        JWS.replace(b'{"protected"', b'{"protected":"","protected"', 1),
        "json.duplicate",
    ),
    (
        "padding in a header",
        file_of([ONE | {"protected": ONE["protected"] + "="}, OTHER]),
        "basics.base64url",
    ),
    (
        "padding in a signature",
        file_of([ONE | {"signature": ONE["signature"] + "=="}, OTHER]),
        "basics.base64url",
    ),
    (
        "loose bits in a signature",
        file_of([ONE | {"signature": ONE["signature"][:-1] + "B"}, OTHER]),
        "basics.base64url",
    ),
    ("b64 true", both_with_header("ada", b64=True), "signatures.encoding"),
    ("b64 absent", both_with_header("ada", b64=...), "documents.members"),
    ("b64 zero", both_with_header("ada", b64=0), "signatures.encoding"),
    ("crit more", both_with_header("ada", crit=["b64", "exp"]), "signatures.encoding"),
    ("crit empty", both_with_header("ada", crit=[]), "signatures.encoding"),
    ("unknown member", both_with_header("ada", jwk={}), "documents.members"),
    ("a claimed time", both_with_header("ada", iat=1), "documents.members"),
    ("capacity unknown", both_with_header("ada", capacity="ratify"), "signatures.capacity"),
    ("capacity a number", both_with_header("ada", capacity=1), "signatures.capacity"),
    ("party a number", both_with_header("ada", on_behalf_of=1), "signatures.party"),
    (
        "party without method",
        both_with_header("ada", on_behalf_of="alder.example"),
        "parties.identifier",
    ),
    ("full powers null", both_with_header("ada", full_powers=None), "signatures.full_powers"),
    ("full powers short", both_with_header("ada", full_powers="ab"), "parties.hex"),
    ("kid a number", both_with_header("ada", kid=1), "signatures.key_name"),
    ("kid short", both_with_header("ada", kid="AA"), "signatures.key_name"),
    *(
        (
            f"alg {alg}",
            file_of([with_header(ONE, pair("ada"), alg=alg), OTHER]),
            "signatures.algorithm",
        )
        for alg in ("none", "EdDSA", "HS256", "HS512", "ES256", "ML-DSA-44", "ed25519", None)
    ),
    (
        "alg of the other half",
        file_of([with_header(ONE, pair("ada"), alg="ML-DSA-87"), OTHER]),
        "signatures.half",
    ),
    ("post-quantum half missing", file_of([ONE]), "signatures.half"),
    ("classic half missing", file_of([OTHER]), "signatures.half"),
    ("halves in the wrong order", file_of([OTHER, ONE]), "signatures.half"),
    ("one half twice", file_of([ONE, ONE]), "signatures.half"),
    ("a half added", file_of([*entries(TWO), ONE]), "signatures.half"),
    ("halves of two persons", file_of([ONE, BEN_OTHER]), "signatures.companion"),
    (
        "halves of two persons who name each other",
        file_of(
            [
                with_header(ONE, pair("ada"), companion=BEN.pq.thumbprint()),
                with_header(BEN_OTHER, pair("ben"), companion=ADA.ed.thumbprint()),
            ]
        ),
        "signatures.swapped",
    ),
    (
        "halves in two capacities",
        file_of([ONE, with_header(OTHER, pair("ada"), capacity="initial")]),
        "signatures.halves_differ",
    ),
    (
        "halves under two powers",
        file_of([ONE, with_header(OTHER, pair("ada"), full_powers=...)]),
        "signatures.halves_differ",
    ),
    (
        "one person twice",
        file_of([ONE, OTHER, *entries(sign("ada", capacity="initial"))]),
        "signatures.twice",
    ),
    ("wrong order of persons", file_of([*entries(TWO)[2:], *entries(TWO)[:2]]), "signatures.order"),
    ("somebody unknown added", merge(TWO, sign("eve")), "signatures.unknown_key"),
    (
        "classic half altered",
        file_of([ONE | {"signature": BEN_ONE["signature"]}, OTHER]),
        "signatures.invalid",
    ),
    (
        "post-quantum half altered",
        file_of([ONE, OTHER | {"signature": BEN_OTHER["signature"]}]),
        "signatures.invalid",
    ),
    ("an empty signature", file_of([ONE | {"signature": ""}, OTHER]), "signatures.invalid"),
]


@pytest.mark.parametrize(("jws", "code"), [pytest.param(j, c, id=i) for i, j, c in ROWS])
def test_what_is_no_signature_counts_for_nobody(jws: bytes, code: str) -> None:
    assert refused(jws) == code


def test_a_key_of_another_kind_under_a_known_name_verifies_nothing() -> None:
    protected = base64url.encode(canonical(dict(header_of(OTHER))))  # type: ignore[arg-type]  # JSON
    forged = ml_dsa_44("ada").sign(protected.encode() + b"." + DOCUMENT)
    assert refused(file_of([ONE, OTHER | {"signature": base64url.encode(forged)}])) == (
        "signatures.invalid"
    )


def test_all_must_hold_where_generic_verifiers_take_one() -> None:
    first, second, *rest = entries(TWO)
    broken = file_of([first, second | {"signature": rest[1]["signature"]}, *rest])
    assert refused(broken) == "signatures.invalid"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (DOCUMENT.replace(b"Article 1", b"Article 2"), "signatures.invalid"),
        (DOCUMENT + b" ", "json.not_canonical"),
        (b'{"text":"Article 1"}', "signatures.profile"),
        (b'{"crypto_profile":"SP-0"}', "signatures.profile"),
        (b"[]", "json.not_object"),
        (b"{" + b" " * (1 << 20) + b"}", "json.size"),
    ],
)
def test_a_signature_is_for_exactly_its_document(document: bytes, code: str) -> None:
    assert refused(JWS, document) == code


def test_no_single_bit_of_document_or_signatures_can_change() -> None:
    for place in range(len(DOCUMENT)):
        changed = bytearray(DOCUMENT)
        changed[place] ^= 1 << place % 8
        with pytest.raises(PeerError):
            verify_document(bytes(changed), JWS, keys=[ADA])
    for place in range(0, len(JWS), 7):
        changed = bytearray(JWS)
        changed[place] ^= 1 << place % 7
        with pytest.raises(PeerError):
            verify_document(DOCUMENT, bytes(changed), keys=[ADA])


def test_merging_refuses_one_person_for_two() -> None:
    with pytest.raises(PeerError) as caught:
        merge(JWS, sign("ada", capacity="initial"))
    assert caught.value.code == "signatures.twice"


@pytest.mark.parametrize(
    ("make", "error", "code"),
    [
        (lambda: sign("ada", capacity="ratify"), MisuseError, "signatures.capacity_unknown"),
        (lambda: sign("ada", document=b'{"a":1}'), MisuseError, "signatures.nothing_to_sign"),
        (lambda: sign("ada", document=b'{"a": 1}'), PeerError, "json.not_canonical"),
    ],
)
def test_nothing_is_signed_that_no_verifier_accepts(
    make: Callable[[], bytes], error: type[ComityError], code: str
) -> None:
    with pytest.raises(error) as caught:
        make()
    assert caught.value.code == code
