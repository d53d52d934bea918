"""Notes, signed heads, policies: no change passes. Source: record.md 12.1 nos. 5, 6 and 7."""

from functools import lru_cache

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.foundation.errors import ComityError, PeerError
from comity.record.checkpoint import parse_checkpoint
from comity.record.cosign import (
    Cosigned,
    CosignerKeys,
    LogKeys,
    cosign,
    sign_subtree,
    subtree_message,
    verify_cosigned,
    verify_line,
    verify_subtree_signature,
)
from comity.record.note import Note, SignatureLine, VKey, parse_note, parse_vkey
from comity.record.policy import Policy, hybrid_policy, parse_policy, verify_policy
from support.record import A_LOG, COSIGNED_AT, A, B, cosigned, head, signed, signers

LOG, COSIGNER = A.log_keys(), B.cosigner_keys()
HEAD = cosigned(7)
VERDICT = verify_cosigned(HEAD, log=LOG, cosigner=COSIGNER)


def verdict(note: bytes) -> Cosigned | None:
    try:
        return verify_cosigned(note, log=LOG, cosigner=COSIGNER)
    except PeerError:
        return None


@given(st.integers(0, 8 * len(HEAD) - 1))
def test_no_single_bit_of_a_cosigned_head_can_change(bit: int) -> None:
    data = bytearray(HEAD)
    data[bit // 8] ^= 1 << bit % 8
    assert verdict(bytes(data)) is None


def test_no_bit_of_the_text_and_the_names_can_change() -> None:
    text = len(parse_note(HEAD).text)
    for bit in range(8 * (text + 70)):
        data = bytearray(HEAD)
        data[bit // 8] ^= 1 << bit % 8
        assert verdict(bytes(data)) is None


@given(st.integers(0, len(HEAD)), st.integers(0, 40), st.binary(max_size=20))
@example(0, 0, b"\n")
@example(len(HEAD), 0, b"\n")
def test_no_edit_of_a_head_gives_it_another_meaning(at: int, cut: int, put: bytes) -> None:
    edited = HEAD[:at] + put + HEAD[at + cut :]
    assert verdict(edited) in ({None, VERDICT} if edited == HEAD else {None})


names = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="+"), min_size=1, max_size=60
)
texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=99
)
lines = st.builds(
    SignatureLine,
    name=names,
    key_id=st.binary(min_size=4, max_size=4),
    signature=st.binary(min_size=1, max_size=99),
)


@given(texts, st.lists(lines, min_size=1, max_size=32))
@example("", [SignatureLine(name="a", key_id=bytes(4), signature=b"x")] * 32)
@example("\n\n\u2014 a AAAAAAA=", [SignatureLine(name="a", key_id=bytes(4), signature=b"x")])
def test_every_note_comes_back(text: str, below: list[SignatureLine]) -> None:
    note = Note(text=f"{text}x\n".encode(), signatures=tuple(below))
    assert parse_note(note.to_bytes()) == note


@given(st.binary(max_size=300))
@example(b"x\n\n\xe2\x80\x94 a AAAAAAA=\n")
def test_what_is_read_as_a_note_is_spelled_in_the_only_way(data: bytes) -> None:
    try:
        note = parse_note(data)
    except PeerError:
        return
    assert note.to_bytes() == data


@given(st.text(max_size=80))
def test_what_is_read_as_a_head_is_spelled_in_the_only_way(text: str) -> None:
    try:
        found = parse_checkpoint(text.encode("utf-8", "surrogatepass"))
    except PeerError:
        return
    assert found.text().decode() == text


def test_a_note_that_is_too_large_is_refused_unread() -> None:
    data = b"x" * (64 << 10) + b"\n\n\xe2\x80\x94 a AAAAAAA=\n"
    with pytest.raises(PeerError):
        parse_note(data)


KEYS = [*LOG.vkeys(), *COSIGNER.vkeys()]


@given(st.sampled_from([str(key) for key in KEYS]), st.data())
def test_no_changed_key_is_taken(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.characters(codec="utf-8").filter(lambda char: char != text[at]))
    for changed in (text[:at] + put + text[at + 1 :], text[:at] + text[at + 1 :]):
        with pytest.raises(PeerError):
            parse_vkey(changed)


@given(names, st.sampled_from([1, 4]), st.binary(min_size=32, max_size=32))
def test_every_key_comes_back(name: str, kind: int, public: bytes) -> None:
    key = VKey(name=name, kind=kind, public=public)
    assert parse_vkey(str(key)) == key


ED, PQ = COSIGNER.vkeys()
SIGNATURE_ED, SIGNATURE_PQ = (parse_note(HEAD).by(key)[0] for key in COSIGNER.vkeys())


@pytest.mark.parametrize("what", ["origin", "size", "root", "time", "name"])
def test_each_part_of_a_cosigned_head_is_signed(what: str) -> None:
    """No. 6; the Ed25519 type does not sign the cosigner's name (spec 3.6.2)."""
    checkpoint = head(7)
    changes = {
        "origin": attrs.evolve(checkpoint, origin=A_LOG + "0"),
        "size": attrs.evolve(checkpoint, size=8),
        "root": attrs.evolve(checkpoint, root=bytes(32)),
    }
    checkpoint = changes.get(what, checkpoint)
    ed, pq = SIGNATURE_ED, SIGNATURE_PQ
    if what == "time":
        later = COSIGNED_AT.plus(1).seconds.to_bytes(8, "big")
        ed, pq = later + ed[8:], later + pq[8:]
    key = attrs.evolve(PQ, name=B.name + "x") if what == "name" else PQ
    with pytest.raises(PeerError):
        verify_line(checkpoint, key, COSIGNER.pq, signature=pq)
    if what == "name":
        verify_line(checkpoint, attrs.evolve(ED, name=key.name), COSIGNER.ed, signature=ed)
    else:
        with pytest.raises(PeerError):
            verify_line(checkpoint, ED, COSIGNER.ed, signature=ed)


@given(st.integers(0, 40), st.integers(0, 40))
def test_start_and_end_of_a_signed_part_are_signed(start: int, end: int) -> None:
    part = head(7)
    signature = part_signature()
    if (start, end) == (4, 6):
        verify_subtree_signature(part, signature, cosigner=COSIGNER, start=4, end=6)
        return
    with pytest.raises(ComityError) as caught:
        verify_subtree_signature(part, signature, cosigner=COSIGNER, start=start, end=end)
    assert caught.value.code in {"record.subtree_signature", "record.subtree_message"}


@lru_cache
def part_signature() -> bytes:
    return sign_subtree(head(7), signers=B, start=4, end=6)


def test_an_extension_line_breaks_one_signature_and_is_refused_before_the_other() -> None:
    """No. 6: the ML-DSA-44 message does not contain extension lines; parsing refuses them."""
    note = parse_note(HEAD)
    extended = Note(text=note.text + b"more\n", signatures=note.signatures)
    with pytest.raises(PeerError) as caught:
        verify_cosigned(extended.to_bytes(), log=LOG, cosigner=COSIGNER)
    assert caught.value.code == "record.checkpoint_lines"
    assert not COSIGNER.ed.verify(
        SIGNATURE_ED[8:],
        b"cosignature/v1\ntime %d\n" % COSIGNED_AT.seconds + extended.text,
    )
    message = subtree_message(head(7), name=B.name, seconds=COSIGNED_AT.seconds)
    assert COSIGNER.pq.verify(SIGNATURE_PQ[8:], message)


WITNESSES = [signers(f"w{n}.example") for n in range(3)]
WITNESS_LINES = [
    line
    for witness in WITNESSES
    for line in parse_note(cosign(signed(7), log=LOG, signers=witness, at=COSIGNED_AT)).signatures[
        2:
    ]
]
HYBRID = parse_policy(hybrid_policy(log=LOG, cosigner=COSIGNER))
ALL_LINES = (*parse_note(HEAD).signatures, *WITNESS_LINES)


def passes(policy: Policy, chosen: tuple[SignatureLine, ...]) -> bool:
    note = Note(text=head(7).text(), signatures=chosen).to_bytes()
    try:
        verify_policy(note, policy)
    except PeerError:
        return False
    return True


@given(st.sets(st.integers(0, len(ALL_LINES) - 1), min_size=1), st.integers(0, len(ALL_LINES) - 1))
def test_one_more_valid_signature_never_makes_a_head_worse(chosen: set[int], more: int) -> None:
    before = passes(HYBRID, tuple(ALL_LINES[at] for at in sorted(chosen)))
    after = passes(HYBRID, tuple(ALL_LINES[at] for at in sorted(chosen | {more})))
    assert after or not before
    assert before is (chosen >= {0, 1, 2, 3})


@given(st.integers(1, 3), st.sets(st.integers(0, 2)))
def test_a_threshold_is_met_by_as_many_witnesses_as_it_says(least: int, chosen: set[int]) -> None:
    lines_of = [f"witness w{n} {w.cosigner_keys().vkeys()[0]}" for n, w in enumerate(WITNESSES)]
    text = [
        f"log {LOG.vkeys()[0]}",
        *lines_of,
        f"group g {least} w0 w1 w2",
        "quorum g",
    ]
    policy = parse_policy("".join(f"{line}\n" for line in text).encode())
    given_lines = (ALL_LINES[0], *(WITNESS_LINES[2 * n] for n in chosen))
    assert passes(policy, given_lines) is (len(chosen) >= least)


@pytest.mark.parametrize("kind", ["Ed25519", "ML-DSA-44"])
def test_one_algorithm_alone_never_satisfies_anybody(kind: str) -> None:
    chosen = [line for line in ALL_LINES if (len(line.signature) > 100) is (kind == "ML-DSA-44")]
    assert not passes(HYBRID, tuple(chosen))
    note = Note(text=head(7).text(), signatures=tuple(chosen)).to_bytes()
    assert verdict(note) is None


@given(st.binary(max_size=200))
@example(b"quorum none\n")
def test_whatever_comes_as_a_policy_is_read_or_refused(data: bytes) -> None:
    try:
        policy = parse_policy(data)
    except PeerError:
        return
    assert policy.quorum is None


def test_keys_of_log_and_cosigner_cannot_change_places() -> None:
    log = LogKeys(origin=A_LOG, ed=COSIGNER.ed, pq=COSIGNER.pq)
    cosigner = CosignerKeys(name=B.name, ed=LOG.ed, pq=LOG.pq)
    with pytest.raises(PeerError):
        verify_cosigned(HEAD, log=log, cosigner=cosigner)
