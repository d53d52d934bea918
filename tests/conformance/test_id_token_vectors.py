"""The vector of spec 6.7: by the schema, and by a verifier written here from the RFCs alone."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path

import jsonschema_rs
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ROOT = Path(__file__).resolve().parents[2]
VECTOR = json.loads((ROOT / "tests/vectors/transport/id-token.json").read_text("utf-8"))
SCHEMA = json.loads((ROOT / "docs/spec/schemas/id-token.json").read_text("utf-8"))
ACCEPTED = {case["name"]: case["token"] for case in VECTOR["accepted"]}
#: Refused for their header or claims alone, so that the schema refuses them too.
BY_SCHEMA = ("alg none", "HS256 with the public key", "crit", "a key in the header", "no jti")


def data(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def opened(token: str) -> dict[str, object]:
    header, claims, _ = token.split(".")
    return {"header": json.loads(data(header)), "claims": json.loads(data(claims))}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_accepted_fits_the_schema_and_verifies_elsewhere(name: str) -> None:
    token = ACCEPTED[name]
    jsonschema_rs.validate(SCHEMA, opened(token))
    x, y = (int.from_bytes(data(VECTOR["jwk"][name])) for name in ("x", "y"))
    key = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    signed, _, signature = token.rpartition(".")
    raw = data(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(der, signed.encode("ascii"), ECDSA(SHA256()))


@pytest.mark.parametrize("name", BY_SCHEMA)
def test_what_the_schema_can_refuse_it_refuses(name: str) -> None:
    (token,) = (case["token"] for case in VECTOR["refused"] if case["name"] == name)
    assert not jsonschema_rs.is_valid(SCHEMA, opened(token))
