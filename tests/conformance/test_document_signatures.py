"""Independent tools check what we sign and what the specification shows (document-signatures)."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from comity.foundation import base64url
from comity.foundation.canonical import parse
from comity.parties.approvals import approval_document
from comity.parties.keys import PairKey
from comity.parties.letters import fingerprint, log_origin, pack_letter, read_letter, rel_id
from comity.parties.powers import read_full_powers, read_revocation
from comity.parties.signatures import merge, sign_document, verify_document
from support.parties import NOW, A, pair, party

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors" / "parties"
SCHEMAS = ROOT / "docs" / "spec" / "schemas"
ALGORITHMS = ["Ed25519", "ML-DSA-87"]


def vector(name: str) -> tuple[bytes, bytes]:
    return (VECTORS / f"{name}.json").read_bytes(), (VECTORS / f"{name}.jws").read_bytes()


def jwcrypto_accepts(document: bytes, jws: bytes, keys: list[PairKey]) -> int:
    """Return how many entries jwcrypto verifies, one at a time; it raises where one fails."""
    by_name = {half.thumbprint(): half for key in keys for half in (key.ed, key.pq)}
    entries = json.loads(jws)["signatures"]
    for entry in entries:
        header = json.loads(base64url.decode(entry["protected"], what="header"))
        token = JWS()
        token.allowed_algs = [header["alg"]]
        token.deserialize(json.dumps(entry))
        token.verify(JWK(**by_name[header["kid"]].jwk()), detached_payload=document)
    return len(entries)


def test_jwcrypto_verifies_both_halves_of_what_we_sign() -> None:
    document = b'{"crypto_profile":"SP-1","text":"\xc3\xa9","type":"comity/test"}'
    signers = [pair("ada"), pair("ben")]
    jws = merge(
        *(
            sign_document(
                document, signer=one, capacity="sign", on_behalf_of=A, full_powers="ab" * 32
            )
            for one in signers
        )
    )
    assert jwcrypto_accepts(document, jws, [one.pair for one in signers]) == 4
    with pytest.raises(Exception, match=r"[Vv]erification"):
        jwcrypto_accepts(document + b" ", jws, [one.pair for one in signers])


def test_the_vectors_are_read_and_jwcrypto_agrees() -> None:
    letters = {}
    for name in ("letter-a", "letter-b"):
        document, jws = vector(name)
        letters[name] = read_letter(document, jws, at=NOW, purpose="demonstration")
        assert jwcrypto_accepts(document, jws, [letters[name].keys.seal]) == 2
    letter = letters["letter-a"]
    officials = [letter.keys.seal, *(official.key for official in letter.appointing)]
    document, jws = vector("full-powers")
    powers = read_full_powers(document, jws, letter=letter)
    assert jwcrypto_accepts(document, jws, officials) == 6
    document, jws = vector("revocation")
    assert read_revocation(document, jws, letter=letter).powers == powers.digest
    assert jwcrypto_accepts(document, jws, officials) == 6


def test_the_introduction_of_the_vectors_is_computed_alike() -> None:
    expected = json.loads((VECTORS / "introduction.json").read_bytes())
    letters = [
        read_letter(*vector(name), at=NOW, purpose=None) for name in ("letter-a", "letter-b")
    ]
    found = fingerprint(*(letter.document for letter in letters))
    assert found.hex == expected["fingerprint"]
    assert list(found.groups) == expected["groups"]
    assert list(found.words) == expected["words"]
    assert rel_id(found) == expected["relationship"]
    assert [log_origin(one.party, rel_id(found), 0) for one in letters] == expected["logs"]


def schema(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / f"{name}.json").read_bytes()))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter", vector("letter-a")[0]),
        ("letter", vector("letter-b")[0]),
        ("letter", party(A).document),
        ("full-powers", vector("full-powers")[0]),
        (
            "full-powers",
            party(A)
            .grant("Ada", "sign", instruments=("urn:uuid:00000000-0000-4000-8000-000000000001",))
            .document,
        ),
        ("revocation", vector("revocation")[0]),
        ("approval", approval_document({"letter": "ab" * 32}, "letter.accept")),
        ("signatures", vector("letter-a")[1]),
        ("signatures", vector("full-powers")[1]),
        ("letter-file", pack_letter(*vector("letter-a"))),
    ],
    ids=range(10),
)
def test_what_is_written_fits_the_schema_of_the_specification(name: str, data: bytes) -> None:
    value = parse(data)
    schema(name).validate(value)
    assert isinstance(value, dict)
    assert not schema(name).is_valid({**value, "extra": 1})
    for member in value:
        assert not schema(name).is_valid({k: v for k, v in value.items() if k != member})


def test_the_protected_headers_fit_the_schema() -> None:
    whole = json.loads((SCHEMAS / "signatures.json").read_bytes())
    header_schema = jsonschema_rs.validator_for(whole["$defs"]["header"])
    for name in ("letter-a", "full-powers", "revocation"):
        for entry in json.loads(vector(name)[1])["signatures"]:
            header = json.loads(base64url.decode(entry["protected"], what="header"))
            header_schema.validate(header)
            assert header["alg"] in ALGORITHMS


def test_a_generic_verifier_takes_a_half_where_ours_takes_none() -> None:
    """The contrast that the strict verifier exists for."""
    document, jws = vector("letter-a")
    seal = party(A).seal.pair
    value = json.loads(jws)
    half = json.dumps(
        {"signatures": value["signatures"][:1]}, sort_keys=True, separators=(",", ":")
    ).encode()
    assert jwcrypto_accepts(document, half, [seal]) == 1
    with pytest.raises(Exception, match="one half alone is none"):
        verify_document(document, half, keys=[seal])
