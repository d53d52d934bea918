"""C2SP signed notes, checkpoints, cosignatures, proof files; and Comity's own frozen bytes.

The vectors and who checked them: tests/vectors/record/README.md. Spec 3.4 to 3.12.
"""

import hmac
import json
from hashlib import sha256
from pathlib import Path
from typing import Final

import attrs
import jsonschema_rs
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from comity.foundation.canonical import canonical, parse
from comity.foundation.instants import Instant
from comity.parties.private import PrivateKey
from comity.record.body import commit, erase, header_of, pack, unpack
from comity.record.checkpoint import Checkpoint, parse_checkpoint
from comity.record.cosign import (
    CosignerKeys,
    HeadSigners,
    LogKeys,
    cosign,
    cosigned_text,
    sign_log,
    subtree_message,
    verify_cosigned,
    verify_subtree_signature,
)
from comity.record.envelope import parse_envelope
from comity.record.house import verify_anchor
from comity.record.mirror import verify_conflict
from comity.record.note import parse_note, parse_vkey
from comity.record.policy import hybrid_policy, parse_policy, verify_policy
from comity.record.proof_file import ProofFile, verify_proof_file
from comity.record.sync import parse_answer, parse_holding, parse_request
from comity.record.tree import leaf_hash, node_hash

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "tests/vectors/record"
VECTORS: Final = json.loads((FOLDER / "vectors.json").read_text("utf-8"))
OURS: Final = json.loads((FOLDER / "comity.json").read_text("utf-8"))
KEYS: Final = {key["id"]: key for key in VECTORS["keys"]}
HEAD: Final = VECTORS["checkpoint_size_7"]
NOTE: Final = (FOLDER / "hybrid.note").read_bytes()
TIME: Final = Instant(HEAD["timestamp"])


def seed(name: str) -> bytes:
    return sha256(f"servanda test key {name}".encode()).digest()


def signers(name: str) -> HeadSigners:
    return HeadSigners(
        name=KEYS[f"{name}_ed"]["name"],
        ed=PrivateKey(Ed25519PrivateKey.from_private_bytes(seed(f"{name}_ed"))),
        pq=PrivateKey(MLDSA44PrivateKey.from_seed_bytes(seed(f"{name}_pq"))),
    )


LOG: Final = signers("log").log_keys()
COSIGNER: Final = signers("cos").cosigner_keys()


@pytest.mark.conformance("C2SP signed-note")
def test_verifier_keys() -> None:
    found = dict(
        zip(
            ("log_ed", "log_pq", "cos_ed", "cos_pq"),
            (*LOG.vkeys(), *COSIGNER.vkeys()),
            strict=True,
        )
    )
    for name, key in found.items():
        expected = KEYS[name]
        assert (key.name, key.kind, key.key_id.hex()) == (
            expected["name"],
            expected["type"],
            expected["key_id"],
        )
        if "vkey" in expected:
            assert str(key) == expected["vkey"]
        else:
            assert sha256(key.public).hexdigest() == expected["public_sha256"]
            assert sha256(str(key).encode()).hexdigest() == expected["vkey_sha256"]
        assert parse_vkey(str(key)) == key


@pytest.mark.conformance("C2SP tlog-checkpoint")
def test_checkpoint_text() -> None:
    checkpoint = parse_checkpoint(HEAD["text"].encode())
    assert checkpoint == Checkpoint(
        origin=LOG.origin, size=7, root=bytes.fromhex(VECTORS["root"]["7"])
    )
    assert checkpoint.text().decode() == HEAD["text"]


@pytest.mark.conformance("C2SP tlog-cosignature")
def test_a_hybrid_note_made_by_others() -> None:
    assert len(NOTE) == HEAD["hybrid_note"]["bytes"]
    assert sha256(NOTE).hexdigest() == HEAD["hybrid_note"]["sha256"]
    found = verify_cosigned(NOTE, log=LOG, cosigner=COSIGNER)
    assert found.time == TIME
    assert found.checkpoint.text().decode() == HEAD["text"]
    policy = parse_policy(hybrid_policy(log=LOG, cosigner=COSIGNER))
    assert verify_policy(NOTE, policy) == found.checkpoint


@pytest.mark.conformance("C2SP tlog-cosignature")
def test_we_sign_the_same_messages() -> None:
    checkpoint = parse_checkpoint(HEAD["text"].encode())
    message = subtree_message(checkpoint, name=COSIGNER.name, seconds=TIME.seconds)
    assert message.hex() == HEAD["cos_pq_message_hex"]
    log, cosigner = signers("log"), signers("cos")
    made = parse_note(
        cosign(sign_log(checkpoint, signers=log, at=TIME), log=LOG, signers=cosigner, at=TIME)
    )
    assert str(made.signatures[0]) == HEAD["log_ed_line"]
    assert str(made.signatures[2]) == HEAD["cos_ed_line"]
    assert COSIGNER.ed.verify(made.signatures[2].signature[8:], cosigned_text(checkpoint, TIME))
    for line, name in zip(parse_note(NOTE).signatures[1::2], ("log", "cos"), strict=True):
        assert sha256(line.signature[8:]).hexdigest() == HEAD[f"{name}_pq_sig_sha256"]
    ed_only = attrs.evolve(made, signatures=made.signatures[::2]).to_bytes()
    assert sha256(ed_only).hexdigest() == HEAD["note_ed_only_sha256"]


@pytest.mark.conformance("C2SP tlog-cosignature")
def test_a_signed_part_of_a_log() -> None:
    signature = bytes.fromhex((FOLDER / "subtree-4-6.sig").read_text("ascii"))
    expected = VECTORS["subtree_cosignature_[4,6)"]
    assert sha256(signature).hexdigest() == expected["sig_sha256"]
    node = node_hash(*(leaf_hash(b"servanda test entry %d" % n) for n in (4, 5)))
    part = Checkpoint(origin=LOG.origin, size=7, root=node)
    verify_subtree_signature(part, signature, cosigner=COSIGNER, start=4, end=6)


@pytest.mark.conformance("C2SP tlog-proof")
def test_a_proof_file() -> None:
    hashes = tuple(bytes.fromhex(item) for item in VECTORS["proofs"]["inclusion index 5 size 7"])
    lines = [HEAD["text"], HEAD["log_ed_line"], HEAD["cos_ed_line"], ""]
    note = "\n".join(lines).encode()
    made = ProofFile(index=5, hashes=hashes, note=note, extra=None).to_bytes()
    expected = VECTORS["files"]["tlog-proof index 5, ed-only note"]
    assert (len(made), sha256(made).hexdigest()) == (expected["bytes"], expected["sha256"])
    whole = ProofFile(index=5, hashes=hashes, note=NOTE, extra=None).to_bytes()
    found = verify_proof_file(whole, b"servanda test entry 5", log=LOG, cosigner=COSIGNER)
    assert found.checkpoint.size == 7


@pytest.mark.conformance("spec 3.7")
def test_the_envelope_proposed_in_the_sources_is_one() -> None:
    proposal = VECTORS["servanda_profile_proposal"]
    data = proposal["envelope_rfc8785"].encode()
    found = parse_envelope(data)
    assert (found.n, found.seen.size, found.lc) == (5, 3, 9)
    assert leaf_hash(data).hex() == proposal["envelope_leaf"]
    commitment = proposal["commitment"]
    key, message = bytes.fromhex(commitment["key_hex"]), commitment["message"].encode()
    assert hmac.digest(key, message, "sha384").hex() == commitment["value"] == found.commitment


def schema_accepts(name: str, value: object) -> bool:
    schema = json.loads((ROOT / "docs/spec/schemas" / f"{name}.json").read_text("utf-8"))
    return jsonschema_rs.validator_for(schema).is_valid(value)


LETTER_A: Final = LogKeys(
    origin=OURS["log"],
    ed=PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(OURS["seeds"]["log"]))).public,
    pq=PrivateKey(MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(OURS["seeds"]["log"]))).public,
)
COSIGNER_B: Final = CosignerKeys(
    name=OURS["cosigner"],
    ed=PrivateKey(
        Ed25519PrivateKey.from_private_bytes(bytes.fromhex(OURS["seeds"]["cosigner"]))
    ).public,
    pq=PrivateKey(
        MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(OURS["seeds"]["cosigner"]))
    ).public,
)


@pytest.mark.conformance("spec 3.7, 3.8")
def test_our_own_envelope_and_body() -> None:
    data = OURS["envelope"].encode()
    envelope = parse_envelope(data)
    assert envelope.to_bytes() == data
    assert leaf_hash(data).hex() == OURS["leaf"]
    assert schema_accepts("envelope", json.loads(data))
    body = unpack(bytes.fromhex(OURS["container"]))
    assert pack(body).hex() == OURS["container"]
    assert commit(body) == OURS["commitment"] == envelope.commitment
    erased = erase(body, ["note"])
    assert pack(erased).hex() == OURS["container_erased"]
    for version in (body, erased):
        assert schema_accepts("body-header", json.loads(header_of(version).to_bytes()))


@pytest.mark.conformance("spec 3.8")
def test_commitments_are_what_the_page_says() -> None:
    """The commitment computed here from the clauses' words alone."""
    header, _, contents = bytes.fromhex(OURS["container"]).partition(b"\n")
    value = json.loads(header)
    listed, at = [], 0
    for section in value["sections"]:
        content = contents[at : at + section["bytes"]]
        at += section["bytes"]
        message = f"comity/section/v1\n{section['name']}\n".encode() + content
        mac = hmac.digest(bytes.fromhex(section["key"]), message, "sha384").hex()
        listed.append([section["name"], mac])
    joined = json.dumps(sorted(listed), separators=(",", ":")).encode()
    whole = hmac.digest(bytes.fromhex(value["key"]), b"comity/body/v1\n" + joined, "sha384")
    assert whole.hex() == OURS["commitment"]


@pytest.mark.conformance("spec 3.10, 3.11, 3.12")
def test_our_own_messages() -> None:
    request = parse_request(bytes.fromhex(OURS["request"]))
    assert request.to_bytes().hex() == OURS["request"]
    assert request.entries == ((OURS["envelope"].encode(), bytes.fromhex(OURS["container"])),)
    assert schema_accepts("sync-header", json.loads(request.header.to_bytes()))
    accepted = parse_answer(OURS["accepted"].encode())
    assert accepted.to_bytes() == OURS["accepted"].encode()
    assert accepted.note is not None
    found = verify_cosigned(accepted.note, log=LETTER_A, cosigner=COSIGNER_B)
    assert found.checkpoint.root.hex() == OURS["leaf"]
    assert str(found.time) == OURS["time"]
    refused = parse_answer(OURS["not_accepted"].encode())
    holding = parse_holding(OURS["holding"].encode())
    for text, message in ((OURS["not_accepted"], refused), (OURS["holding"], holding)):
        assert message.to_bytes() == text.encode()
        assert schema_accepts("sync-answer", json.loads(text))
    assert schema_accepts("sync-answer", json.loads(OURS["accepted"]))
    fork = verify_conflict(OURS["conflict"].encode(), LETTER_A)
    assert fork.to_bytes() == OURS["conflict"].encode()
    assert schema_accepts("conflict", json.loads(OURS["conflict"]))
    house = parse_checkpoint(OURS["house_checkpoint"].encode())
    verify_anchor(OURS["anchor"], house, key=bytes.fromhex(OURS["anchor_key"]))


@pytest.mark.conformance("spec 3.7")
@pytest.mark.parametrize("member", ["v", "kind", "log", "n", "seen", "lc", "body", "of", "more"])
def test_schema_and_parser_refuse_the_same(member: str) -> None:
    value = parse(OURS["envelope"].encode())
    assert isinstance(value, dict)
    wrong = value | {member: ["x"]}
    assert not schema_accepts("envelope", json.loads(canonical(wrong)))
