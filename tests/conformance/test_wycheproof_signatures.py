"""Signatures that must hold or must not, by Project Wycheproof (C2SP/wycheproof)."""

import json
from pathlib import Path
from typing import TypedDict

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from comity.foundation.errors import PeerError
from comity.parties.keys import Algorithm, PublicKey
from comity.parties.private import PrivateKey


class Case(TypedDict, total=False):
    tcId: int
    msg: str
    sig: str
    result: str
    ctx: str


class Group(TypedDict, total=False):
    publicKey: str | dict[str, str]
    privateSeed: str
    tests: list[Case]


def groups(shared_data: Path, name: str) -> list[Group]:
    path = shared_data / "vectors" / "wycheproof" / f"{name}_test.json"
    found: list[Group] = json.loads(path.read_bytes())["testGroups"]
    return found


def public_key(group: Group, alg: Algorithm) -> PublicKey | None:
    """Return the group's key, or None where the key itself is refused."""
    given = group["publicKey"]
    if isinstance(given, dict):
        given = given.get("pk") or given["uncompressed"]
    try:
        return PublicKey(alg=alg, raw=bytes.fromhex(given))
    except PeerError:
        return None


def check(key: PublicKey | None, case: Case) -> bool:
    held = key is not None and key.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
    # Our ML-DSA context is empty (spec 2.2.6): a signature under another one must not hold.
    return held == (case["result"] == "valid" and not case.get("ctx"))


@pytest.mark.conformance("wycheproof")
@pytest.mark.parametrize(
    ("name", "alg", "least"),
    [
        ("ed25519", "Ed25519", 150),
        ("mldsa_44_verify", "ML-DSA-44", 150),
        ("ecdsa_secp256r1_sha256_p1363", "ES256", 250),
    ],
)
def test_only_signatures_that_the_key_made_hold(
    shared_data: Path, name: str, alg: Algorithm, least: int
) -> None:
    counted = 0
    for group in groups(shared_data, name):
        key = public_key(group, alg)
        for case in group["tests"]:
            counted += 1
            assert check(key, case), f"{name} {case['tcId']}"
    assert counted >= least


@pytest.mark.conformance("wycheproof")
def test_a_seed_gives_the_key_of_the_standard_and_its_signatures_hold(shared_data: Path) -> None:
    counted = 0
    for group in groups(shared_data, "mldsa_44_sign_seed"):
        seed = bytes.fromhex(group["privateSeed"])
        if len(seed) != 32:
            continue
        ours = PrivateKey(MLDSA44PrivateKey.from_seed_bytes(seed))
        if "publicKey" in group and isinstance(group["publicKey"], str):
            assert ours.public.raw.hex() == group["publicKey"]
        for case in group["tests"]:
            if "sig" not in case or "msg" not in case:
                continue
            counted += 1
            assert check(ours.public, case), f"sign {case['tcId']}"
    assert counted > 20
