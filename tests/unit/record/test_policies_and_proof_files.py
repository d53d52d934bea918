"""Files for other people's tools come to the same verdict as the node. Spec 3.6.5, 3.6.6."""

from collections.abc import Callable

import pytest

from comity.foundation.errors import ComityError
from comity.record.note import Note, parse_note
from comity.record.policy import hybrid_policy, parse_policy, verify_policy
from comity.record.proof_file import ProofFile, parse_proof_file, verify_proof_file
from comity.record.proofs import inclusion_proof
from support.record import COSIGNED_AT, SIGNED_AT, A, B, cosigned, head, signed, signers, stored

LOG, COSIGNER = A.log_keys(), B.cosigner_keys()
POLICY = hybrid_policy(log=LOG, cosigner=COSIGNER)
LOG_ED, LOG_PQ = (str(key) for key in LOG.vkeys())
COS_ED, COS_PQ = (str(key) for key in COSIGNER.vkeys())


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


def policy_of(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_the_policy_in_evidence_wants_what_the_node_wants() -> None:
    assert verify_policy(cosigned(7), parse_policy(POLICY)) == head(7)


@pytest.mark.parametrize("missing", range(4))
def test_a_strangers_tool_misses_each_missing_signature(missing: int) -> None:
    note = parse_note(cosigned(7))
    kept = tuple(line for at, line in enumerate(note.signatures) if at != missing)
    cut = Note(text=note.text, signatures=kept).to_bytes()
    code = "record.policy_log" if missing == 0 else "record.policy_quorum"
    assert code_of(lambda: verify_policy(cut, parse_policy(POLICY))) == code


def test_a_head_of_another_log_is_signed_by_none_of_the_logs() -> None:
    policy = parse_policy(policy_of(f"log {COS_PQ}", "quorum none"))
    assert code_of(lambda: verify_policy(cosigned(7), policy)) == "record.policy_log"


def test_a_policy_without_logs_leaves_the_log_to_the_caller() -> None:
    policy = parse_policy(policy_of(f"witness w {COS_ED}", "quorum w"))
    assert verify_policy(cosigned(7), policy) == head(7)
    assert code_of(lambda: verify_policy(signed(7), policy)) == "record.policy_quorum"


def test_a_threshold_of_groups_counts_each_witness_once() -> None:
    policy = parse_policy(
        policy_of(
            "# two of three, in groups",
            f"\tlog {LOG_ED} https://a.example ",
            f"witness pq {LOG_PQ}",
            f"witness ed  {COS_ED} https://b.example",
            f"witness other {signers('w.example').cosigner_keys().vkeys()[0]}",
            "",
            "group inner any ed other",
            "group outer 2 pq inner",
            "quorum outer",
        )
    )
    assert verify_policy(cosigned(7), policy) == head(7)
    assert code_of(lambda: verify_policy(signed(7), policy)) == "record.policy_quorum"


W = f"witness w {COS_ED}"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "record.policy"),
        (POLICY[:-1], "record.policy_text"),
        (POLICY.replace(b"\n", b"\r\n"), "record.policy_text"),
        (POLICY + b"\x7f\n", "record.policy_text"),
        (b"#" * (256 << 10) + b"\n", "record.policy_text"),
        (b"\n" * 1024, "record.policy_text"),
        (policy_of("quorum w"), "record.policy"),
        (policy_of("quorum none", "quorum none"), "record.policy"),
        (policy_of("quorum"), "record.policy"),
        (policy_of("log"), "record.policy"),
        (policy_of("trust everybody", "quorum none"), "record.policy"),
        (policy_of("log nothing", "quorum none"), "record.vkey"),
        (policy_of(f"log {COS_ED}", "quorum none"), "record.policy"),
        (policy_of(f"log {LOG_ED}", f"log {LOG_ED}", "quorum none"), "record.policy"),
        (policy_of(f"witness w {LOG_ED}", "quorum w"), "record.policy"),
        (policy_of(f"witness none {COS_ED}", "quorum none"), "record.policy"),
        (policy_of(W, W, "quorum w"), "record.policy"),
        (policy_of(W, f"witness v {COS_ED}", "quorum w"), "record.policy"),
        (policy_of(W, "group g all", "quorum w"), "record.policy"),
        (policy_of(W, "group w all w", "quorum w"), "record.policy"),
        (policy_of(W, "group g all v", "quorum g"), "record.policy"),
        (policy_of(W, "group g all none", "quorum g"), "record.policy"),
        (policy_of(W, "group g all w w", "quorum g"), "record.policy"),
        (policy_of(W, "group g all w", "group h all w", "quorum g"), "record.policy"),
        *(
            (policy_of(W, f"group g {least} w", "quorum g"), "record.policy")
            for least in ("0", "2", "01", "-1", "+1", "most", "11111")
        ),
        (
            policy_of(f"witness w {COS_ED}".replace("b.ex", "\u00e9.ex"), "quorum w"),
            "record.vkey_id",
        ),
        (b"witness w \xff" + COS_ED.encode() + b"\nquorum w\n", "record.vkey_id"),
    ],
)
def test_a_policy_with_a_line_that_is_none_is_refused(data: bytes, code: str) -> None:
    assert code_of(lambda: parse_policy(data)) == code


def test_the_same_key_under_another_name_is_no_second_witness() -> None:
    other = signers("c.example/comity/mirror", key=B.name).cosigner_keys().vkeys()[0]
    data = policy_of(W, f"witness v {other}", "quorum w")
    assert code_of(lambda: parse_policy(data)) == "record.policy"


def proof_file(index: int = 3, size: int = 7, extra: bytes | None = None) -> ProofFile:
    hashes = inclusion_proof(stored(size).reader(), index=index, size=size)
    return ProofFile(index=index, hashes=hashes, note=cosigned(size), extra=extra)


@pytest.mark.parametrize("extra", [None, b"about"])
def test_a_proof_in_a_file_shows_entry_and_time(extra: bytes | None) -> None:
    made = proof_file(extra=extra)
    assert parse_proof_file(made.to_bytes()) == made
    found = verify_proof_file(made.to_bytes(), b"entry 3", log=LOG, cosigner=COSIGNER)
    assert (found.checkpoint, found.time) == (head(7), COSIGNED_AT)
    assert found.time != SIGNED_AT


def test_a_proof_of_another_entry_does_not_fit() -> None:
    data = proof_file().to_bytes()
    found = code_of(lambda: verify_proof_file(data, b"entry 4", log=LOG, cosigner=COSIGNER))
    assert found == "record.inclusion"


def test_extra_data_is_bounded() -> None:
    for extra in (b"", b"x" * 4097):
        assert code_of(lambda extra=extra: proof_file(extra=extra).to_bytes()) == (  # type: ignore[misc]  # the default binds the loop's value
            "record.proof_extra"
        )


FILE = proof_file().to_bytes()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "record.proof_file"),
        (FILE.replace(b"@v1", b"@v2"), "record.proof_file"),
        (FILE + b"x" * (80 << 10), "record.proof_file"),
        (FILE.partition(b"\n\n")[0], "record.proof_file"),
        (FILE.replace(b"index 3\n", b""), "record.proof_file"),
        (b"c2sp.org/tlog-proof@v1\n\n", "record.proof_file"),
        (FILE.replace(b"index 3", b"index 03"), "record.proof_file"),
        (FILE.replace(b"index 3", b"index -3"), "record.proof_file"),
        (FILE.replace(b"index 3\n", b"index 3\nAAAA\n"), "record.proof_file"),
        (FILE.replace(b"index 3\n", b"index 3\n" + b"A" * 42 + b"=\n"), "record.base64"),
        (
            FILE.replace(b"index 3\n", b"index 3\n" + (b"A" * 43 + b"=\n") * 65),
            "record.proof_file",
        ),
        (FILE.replace(b"index 3\n", b"extra \nindex 3\n"), "record.base64"),
        (
            FILE.replace(b"index 3\n", b"extra " + b"AAAA" * 1366 + b"\nindex 3\n"),
            "record.proof_file",
        ),
        (FILE.replace(b"index 3\n", b"index 3\n\xff\n"), "record.base64"),
    ],
)
def test_a_file_that_is_no_proof_is_refused(data: bytes, code: str) -> None:
    assert code_of(lambda: parse_proof_file(data)) == code
