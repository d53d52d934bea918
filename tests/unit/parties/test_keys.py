"""A key has one spelling, and none verifies what nobody signed. Spec 2.2."""

import base64
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from jwcrypto.jwk import JWK

from comity.foundation.canonical import Json
from comity.foundation.errors import ComityError, MisuseError, PeerError, RefusedError
from comity.parties.keys import Algorithm, LogPair, PairKey, PairSigner, PublicKey
from comity.parties.private import PrivateKey
from support.parties import ed25519, log_pair, ml_dsa_44, ml_dsa_87, p256, pair

ALL = [ed25519("x"), ml_dsa_44("x"), ml_dsa_87("x"), p256("x")]
IDS = ["Ed25519", "ML-DSA-44", "ML-DSA-87", "ES256"]
ED = ed25519("x").public.jwk()
#: The y of the points of order eight (RFC 8032's curve), without the byte that holds the sign of x.
EIGHT_A = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc")
EIGHT_B = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03")
EC = p256("x").public.jwk()


@pytest.mark.parametrize("key", ALL, ids=IDS)
def test_a_public_key_comes_back_from_its_jwk(key: PrivateKey) -> None:
    again = PublicKey.from_jwk(key.public.jwk(), what="The key")
    assert again == key.public
    assert again.alg in IDS


@pytest.mark.parametrize("key", ALL, ids=IDS)
def test_another_tool_gives_the_key_the_same_name(key: PrivateKey) -> None:
    assert JWK(**key.public.jwk()).thumbprint() == key.public.thumbprint()


@pytest.mark.parametrize("key", ALL, ids=IDS)
def test_a_signature_holds_for_its_bytes_and_its_key_only(key: PrivateKey) -> None:
    signature = key.sign(b"document")
    assert key.public.verify(signature, b"document")
    assert not key.public.verify(signature, b"documenu")
    assert not key.public.verify(signature[:-1], b"document")
    assert not key.public.verify(signature + b"\0", b"document")
    assert not key.public.verify(b"", b"document")
    for other in ALL:
        if other is not key:
            assert not other.public.verify(signature, b"document")


def test_a_pin_is_the_digest_that_openssl_computes() -> None:
    der = subprocess.run(
        ["openssl", "pkey", "-pubout", "-outform", "DER"],
        input=p256("x").to_pem(None),
        capture_output=True,
        check=True,
    ).stdout
    assert der == p256("x").public.spki()
    assert len(p256("x").public.spki_sha256()) == 64


@pytest.mark.parametrize(
    ("alg", "raw", "code"),
    [
        ("EdDSA", b"\1" * 32, "keys.algorithm"),
        ("Ed25519", b"\1" * 31, "keys.length"),
        ("ML-DSA-44", b"\1" * 1311, "keys.length"),
        ("ML-DSA-87", b"\1" * 1312, "keys.length"),
        ("ES256", b"\4" + b"\1" * 64, "keys.no_p256_point"),
        ("ES256", b"\2" + b"\1" * 64, "keys.no_p256_point"),
        ("Ed25519", b"\2" + b"\0" * 31, "keys.no_point"),
        ("Ed25519", b"\xff" * 32, "keys.no_point"),
        ("Ed25519", b"\xee" + b"\xff" * 30 + b"\x7f", "keys.no_point"),  # one, written as p + 1
        ("Ed25519", b"\0" * 32, "keys.low_order"),
        ("Ed25519", b"\0" * 31 + b"\x80", "keys.low_order"),
        ("Ed25519", b"\1" + b"\0" * 31, "keys.low_order"),
        ("Ed25519", b"\xec" + b"\xff" * 30 + b"\x7f", "keys.low_order"),
        ("Ed25519", EIGHT_A + b"\x05", "keys.low_order"),
        ("Ed25519", EIGHT_A + b"\x85", "keys.low_order"),
        ("Ed25519", EIGHT_B + b"\x7a", "keys.low_order"),
        ("Ed25519", EIGHT_B + b"\xfa", "keys.low_order"),
    ],
)
def test_a_key_that_is_none_is_refused(alg: Algorithm, raw: bytes, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        PublicKey(alg=alg, raw=raw)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("jwk", "code"),
    [
        (None, "keys.jwk"),
        ("x", "keys.jwk"),
        ({}, "keys.jwk"),
        ({**ED, "d": "AA"}, "keys.jwk"),
        ({**ED, "kid": "one"}, "keys.jwk"),
        ({**ED, "crv": "X25519"}, "keys.jwk"),
        ({**ED, "crv": "Ed448"}, "keys.jwk"),
        ({**ED, "x": 1}, "keys.jwk"),
        ({"kty": "OKP", "crv": "Ed25519"}, "keys.jwk"),
        ({"kty": "AKP", "alg": "ML-DSA-65", "pub": "AA"}, "keys.jwk"),
        ({**ml_dsa_87("x").public.jwk(), "priv": "AA"}, "keys.jwk"),
        ({**ml_dsa_44("x").public.jwk(), "priv": "AA"}, "keys.jwk"),
        ({**ml_dsa_87("x").public.jwk(), "alg": "ML-DSA-44"}, "keys.length"),
        ({"kty": "oct", "k": "AA"}, "keys.jwk"),
        ({"kty": "RSA", "n": "AA", "e": "AQAB"}, "keys.jwk"),
        ({**EC, "crv": "P-384"}, "keys.jwk"),
        ({**EC, "d": "AA"}, "keys.jwk"),
        ({**EC, "x": "AA"}, "keys.coordinate"),
        ({**EC, "x": EC["y"], "y": EC["x"]}, "keys.no_p256_point"),
        ({**ED, "x": "AA"}, "keys.length"),
        ({**ED, "x": f"{ED['x']}="}, "basics.base64url"),
    ],
)
def test_another_spelling_of_a_key_is_refused(jwk: Json, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        PublicKey.from_jwk(jwk, what="The key")
    assert caught.value.code == code


def test_a_pair_is_one_key_of_each_kind() -> None:
    one = pair("x").pair
    assert PairKey.from_json(one.to_json(), what="It") == one
    assert one.id == ed25519("x").public.thumbprint()
    log = log_pair("x")
    assert LogPair.from_json(log.to_json(), what="It") == log


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: PairKey(ed=ml_dsa_87("x").public, pq=ed25519("x").public), "keys.pair"),
        (lambda: PairKey(ed=ed25519("x").public, pq=ml_dsa_44("x").public), "keys.pair"),
        (lambda: LogPair(ed=ed25519("x").public, pq=ml_dsa_87("x").public), "keys.log_pair"),
        (lambda: PairKey.from_json([], what="It"), "keys.pair_form"),
        (lambda: PairKey.from_json({"ed25519": ED}, what="It"), "keys.pair_form"),
        (lambda: LogPair.from_json({"ed25519": ED}, what="It"), "keys.log_pair_form"),
        (lambda: LogPair.from_json(None, what="It"), "keys.log_pair_form"),
        (lambda: PairSigner(ed=ml_dsa_87("x"), pq=ml_dsa_87("x")), "keys.pair_signer"),
    ],
    ids=range(8),
)
def test_half_a_pair_is_none(make: "object", code: str) -> None:
    assert callable(make)
    with pytest.raises(ComityError) as caught:
        make()
    assert caught.value.code == code


@pytest.mark.parametrize("key", ALL, ids=IDS)
def test_a_key_comes_back_from_its_file(key: PrivateKey) -> None:
    assert PrivateKey.from_pem(key.to_pem(None), None).public == key.public


def test_an_encrypted_key_opens_with_its_passphrase_only() -> None:
    pem = ml_dsa_87("x").to_pem(b"correct horse")
    assert PrivateKey.from_pem(pem, b"correct horse").public == ml_dsa_87("x").public
    for passphrase, code in (
        (b"wrong horse", "keys.passphrase"),
        (None, "keys.passphrase_missing"),
        (b"", "keys.passphrase_missing"),
    ):
        with pytest.raises(RefusedError) as caught:
            PrivateKey.from_pem(pem, passphrase)
        assert caught.value.code == code


def test_openssl_opens_the_encrypted_file_and_sees_the_rounds() -> None:
    pem = ed25519("x").to_pem(b"secret")
    done = subprocess.run(
        ["openssl", "pkey", "-passin", "pass:secret", "-pubout", "-outform", "DER"],
        input=pem,
        capture_output=True,
        check=True,
    )
    assert done.stdout == ed25519("x").public.spki()
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    assert bytes.fromhex("0203") + (600_000).to_bytes(3) in der


def test_two_keys_under_one_passphrase_have_different_salts() -> None:
    one, two = (ed25519(name).to_pem(b"secret").splitlines() for name in ("x", "y"))
    assert one[2:-1] != two[2:-1]


def test_a_file_of_another_kind_is_said_to_be_one() -> None:
    rsa_pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    p384_pem = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for pem, passphrase, code in (
        (b"hello", None, "keys.pem"),
        (b"hello", b"secret", "keys.not_encrypted"),
        (ed25519("x").to_pem(None), b"secret", "keys.not_encrypted"),
        (rsa_pem, None, "keys.private_algorithm"),
        (p384_pem, None, "keys.curve"),
    ):
        with pytest.raises(MisuseError) as caught:
            PrivateKey.from_pem(pem, passphrase)
        assert caught.value.code == code
    with pytest.raises(MisuseError) as caught:
        ed25519("x").to_pem(b"")
    assert caught.value.code == "keys.passphrase_empty"


def test_a_private_key_is_never_printed() -> None:
    key = PrivateKey(Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
    assert "Ed25519PrivateKey" not in repr(key)
    assert str(b"\7" * 32) not in repr(key)
