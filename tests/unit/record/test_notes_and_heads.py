"""Signed heads: only both algorithms of both parties, over exactly these bytes. Spec 3.4 to 3.6."""

import base64
from collections.abc import Callable

import pytest

from comity.foundation.errors import ComityError, MisuseError, PeerError
from comity.foundation.instants import Instant
from comity.record.checkpoint import Checkpoint, parse_checkpoint
from comity.record.cosign import (
    CosignerKeys,
    LogKeys,
    cosign,
    cosigner_name,
    log_note,
    sign_log,
    sign_subtree,
    subtree_message,
    verify_cosigned,
    verify_line,
    verify_log_signed,
    verify_subtree_signature,
)
from comity.record.note import (
    Note,
    SignatureLine,
    VKey,
    check_name,
    decode,
    parse_note,
    parse_vkey,
)
from comity.record.tree import root_of
from support.parties import log_pair
from support.record import (
    A_LOG,
    B_COSIGNER,
    B_LOG,
    COSIGNED_AT,
    SIGNED_AT,
    A,
    B,
    cosigned,
    head,
    leaves,
    signed,
    signers,
)

LOG, COSIGNER = A.log_keys(), B.cosigner_keys()


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


def lines(note: bytes) -> tuple[SignatureLine, ...]:
    return parse_note(note).signatures


def with_lines(note: bytes, *kept: SignatureLine) -> bytes:
    return Note(text=parse_note(note).text, signatures=kept).to_bytes()


def test_a_cosigned_head_says_what_was_held_and_since_when() -> None:
    found = verify_cosigned(cosigned(7), log=LOG, cosigner=COSIGNER)
    assert found.checkpoint == head(7)
    assert found.time == COSIGNED_AT


@pytest.mark.parametrize("missing", range(4))
def test_no_one_of_the_four_signatures_can_be_left_out(missing: int) -> None:
    kept = [line for at, line in enumerate(lines(cosigned(7))) if at != missing]
    note = with_lines(cosigned(7), *kept)
    assert code_of(lambda: verify_cosigned(note, log=LOG, cosigner=COSIGNER)) == "record.unsigned"


@pytest.mark.parametrize("twice", range(4))
def test_a_signature_given_twice_is_not_a_second_one(twice: int) -> None:
    note = with_lines(cosigned(7), *lines(cosigned(7)), lines(cosigned(7))[twice])
    found = code_of(lambda: verify_cosigned(note, log=LOG, cosigner=COSIGNER))
    assert found == "record.signed_twice"


@pytest.mark.parametrize("changed", range(4))
@pytest.mark.parametrize("at", [0, 8, -1])
def test_a_changed_signature_is_not_valid(changed: int, at: int) -> None:
    found = list(lines(cosigned(7)))
    line = found[changed]
    data = bytearray(line.signature)
    data[at] ^= 1
    found[changed] = SignatureLine(name=line.name, key_id=line.key_id, signature=bytes(data))
    note = with_lines(cosigned(7), *found)
    assert code_of(lambda: verify_cosigned(note, log=LOG, cosigner=COSIGNER)) == "record.signature"


@pytest.mark.parametrize("changed", range(4))
@pytest.mark.parametrize("cut", [1, 10, 64, 72, 3000])
def test_a_signature_of_another_length_is_none(changed: int, cut: int) -> None:
    found = list(lines(cosigned(7)))
    line = found[changed]
    data = (line.signature * 2)[:cut]
    if len(data) == len(line.signature):
        data += b"x"
    found[changed] = SignatureLine(name=line.name, key_id=line.key_id, signature=data)
    note = with_lines(cosigned(7), *found)
    found_code = code_of(lambda: verify_cosigned(note, log=LOG, cosigner=COSIGNER))
    assert found_code == "record.signature_form"


def test_signatures_of_another_head_do_not_fit() -> None:
    note = with_lines(cosigned(7), *lines(cosigned(8)))
    assert code_of(lambda: verify_cosigned(note, log=LOG, cosigner=COSIGNER)) == "record.signature"


def test_a_head_of_another_log_is_not_taken_for_this_one() -> None:
    other = LogKeys(origin=B_LOG, ed=LOG.ed, pq=LOG.pq)
    assert code_of(lambda: verify_log_signed(signed(7), other)) == "record.other_log"


def test_halves_of_two_cosignatures_do_not_make_one() -> None:
    later = cosign(signed(7), log=LOG, signers=B, at=COSIGNED_AT.plus(60))
    first = lines(cosigned(7))
    mixed = with_lines(signed(7), *first[:3], lines(later)[3])
    found = code_of(lambda: verify_cosigned(mixed, log=LOG, cosigner=COSIGNER))
    assert found == "record.cosigned_times"


def test_a_cosignature_without_a_time_dates_nothing() -> None:
    note = cosign(signed(7), log=LOG, signers=B, at=Instant(0))
    found = code_of(lambda: verify_cosigned(note, log=LOG, cosigner=COSIGNER))
    assert found == "record.cosigned_times"


def test_a_time_that_nobody_can_write_is_refused() -> None:
    note = cosign(signed(7), log=LOG, signers=B, at=Instant(253_402_300_800))
    assert code_of(lambda: verify_cosigned(note, log=LOG, cosigner=COSIGNER)) == "record.signature"


def test_a_fresh_cosignature_takes_the_place_of_the_old_one() -> None:
    again = cosign(cosigned(7), log=LOG, signers=B, at=COSIGNED_AT.plus(60))
    assert len(lines(again)) == 4
    found = verify_cosigned(again, log=LOG, cosigner=COSIGNER)
    assert found.time == COSIGNED_AT.plus(60)
    assert log_note(again, log=LOG) == signed(7)


def test_nothing_is_cosigned_that_the_log_has_not_signed() -> None:
    forged = sign_log(head(7), signers=signers(A_LOG, key="somebody"), at=SIGNED_AT)
    found = code_of(lambda: cosign(forged, log=LOG, signers=B, at=COSIGNED_AT))
    assert found == "record.unsigned"


def test_lines_of_a_neutral_witness_do_no_harm() -> None:
    witness = signers("depositary.example")
    note = cosign(signed(7), log=LOG, signers=witness, at=COSIGNED_AT)
    both = with_lines(cosigned(7), *lines(note)[2:], *lines(cosigned(7)))
    assert verify_cosigned(both, log=LOG, cosigner=COSIGNER).time == COSIGNED_AT


def test_a_log_signs_its_own_heads_only() -> None:
    found = code_of(lambda: sign_log(head(7), signers=B, at=SIGNED_AT))
    assert found == "record.foreign_log"


def test_one_party_has_one_name_as_cosigner() -> None:
    assert cosigner_name(B_LOG) == cosigner_name("b.example/comity/other/3") == B_COSIGNER
    assert cosigner_name("localhost:8443/comity/aa/0") == "localhost:8443/comity/mirror"


def test_keys_of_a_letter_become_keys_of_a_log() -> None:
    pair = log_pair(A_LOG)
    assert LogKeys.of(A_LOG, pair) == LOG
    assert CosignerKeys.of(A_LOG, pair).vkeys()[1] == LOG.vkeys()[1]
    swapped = code_of(lambda: LogKeys(origin=A_LOG, ed=pair.pq, pq=pair.ed))
    assert swapped == "keys.log_pair"
    assert code_of(lambda: CosignerKeys.of("two words", pair)) == "record.name"


def test_a_part_of_a_log_is_signed_without_a_time() -> None:
    part = Checkpoint(origin=A_LOG, size=7, root=root_of(leaves(7)[4:6]))
    signature = sign_subtree(part, signers=B, start=4, end=6)
    verify_subtree_signature(part, signature, cosigner=COSIGNER, start=4, end=6)
    wrong = Checkpoint(origin=A_LOG, size=7, root=root_of(leaves(7)[4:7]))
    found = code_of(
        lambda: verify_subtree_signature(wrong, signature, cosigner=COSIGNER, start=4, end=6)
    )
    assert found == "record.subtree_signature"


@pytest.mark.parametrize(("start", "end", "seconds"), [(4, 6, 1), (3, 5, 0), (6, 4, 0), (-2, 0, 0)])
def test_what_is_no_part_of_a_log_is_never_signed(start: int, end: int, seconds: int) -> None:
    with pytest.raises(MisuseError) as caught:
        subtree_message(head(7), name="b", seconds=seconds, start=start, end=end)
    assert caught.value.code == "record.subtree_message"


def test_the_log_may_sign_without_stating_a_time() -> None:
    note = sign_log(head(7), signers=A, at=Instant(0))
    ed, pq = LOG.vkeys()
    for key, public in ((ed, LOG.ed), (pq, LOG.pq)):
        signature = parse_note(note).by(key)[0]
        assert verify_line(head(7), key, public, signature=signature) == 0


TEXT = b"a.example/log\n7\n" + base64.b64encode(bytes(32)) + b"\n"
LINE = "\u2014 a.example AAAAAAA=\n".encode()


def test_a_note_keeps_the_bytes_that_were_signed() -> None:
    data = b"one\n\ntwo\n\n" + LINE
    note = parse_note(data)
    assert note.text == b"one\n\ntwo\n"
    assert note.to_bytes() == data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "record.note_form"),
        (b"x", "record.note_form"),
        (TEXT, "record.note_form"),
        (b"\n\n" + LINE, "record.note_form"),
        (TEXT + b"\n", "record.note_lines"),
        (TEXT + LINE, "record.note_form"),
        (TEXT + b"\n" + LINE * 33, "record.note_lines"),
        (TEXT + b"\n" + LINE[:-1], "record.note_lines"),
        (TEXT + b"\n" + LINE + b"x", "record.note_spelling"),
        (TEXT + b"\r\n" + LINE, "record.note_form"),
        (TEXT + b"\0\n\n" + LINE, "record.note_form"),
        (TEXT + b"\xff\n\n" + LINE, "record.note_text"),
        (TEXT + b"\n" + LINE.replace("\u2014".encode(), b"-"), "record.base64"),
        (TEXT + b"\n" + LINE[4:], "record.note_spelling"),
        (TEXT + b"\n" + LINE + b"\xe2\x80\x94 a.example AAAAAAB=\n", "record.base64"),
        (TEXT + b"\n" + "\u2014 a.example AAA=\n".encode(), "record.note_signature"),
        (TEXT + b"\n" + "\u2014 a.example AAAAAA==\n".encode(), "record.note_signature"),
        (TEXT + b"\n" + "\u2014 a+b AAAAAAA=\n".encode(), "record.name"),
        (TEXT + b"\n" + "\u2014 a\u00a0b AAAAAAA=\n".encode(), "record.name"),
        (TEXT + b"\n" + "\u2014  AAAAAAA=\n".encode(), "record.name"),
        (TEXT + b"\n" + "\u2014 a AAAAAAA= \n".encode(), "record.base64"),
        (TEXT + b"\n" + "\u2014 a \n".encode(), "record.base64"),
        (TEXT + b"\n" + LINE + b"x" * (64 << 10), "record.note_size"),
    ],
)
def test_a_note_spelled_otherwise_is_refused(data: bytes, code: str) -> None:
    assert code_of(lambda: parse_note(data)) == code


def test_sixteen_witnesses_and_more_fit_below_a_note() -> None:
    assert len(parse_note(TEXT + b"\n" + LINE * 32).signatures) == 32


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"a\n7\n", "record.checkpoint_lines"),
        (TEXT + b"extension\n", "record.checkpoint_lines"),
        (TEXT[:-1], "record.checkpoint_lines"),
        (TEXT + b"x" * 512, "record.checkpoint_size"),
        (b"\xff\n7\nAAAA\n", "record.checkpoint_text"),
        (TEXT.replace(b"a.example", b"a example"), "record.name"),
        (TEXT.replace(b"a.example/log", b""), "record.name"),
        (TEXT.replace(b"a.example/log", b"a" * 256), "record.name"),
        *(
            (TEXT.replace(b"\n7\n", b"\n" + size.encode() + b"\n"), "record.checkpoint_count")
            for size in ("", "07", "+7", "-7", "7 ", "1_0", "\uff17", "0x7", "9" * 19, "1" * 20)
        ),
        (TEXT.replace(b"AA=", b"AB="), "record.base64"),
        (TEXT.replace(b"A=", b"A"), "record.base64"),
        (b"a\n7\nAAAA\n", "record.checkpoint_root"),
    ],
)
def test_a_head_spelled_otherwise_is_refused(text: bytes, code: str) -> None:
    assert code_of(lambda: parse_checkpoint(text)) == code


def test_a_head_has_one_spelling() -> None:
    assert parse_checkpoint(TEXT).text() == TEXT
    assert parse_checkpoint(head(0).text()) == head(0)


KEY = VKey(name="a.example", kind=4, public=bytes(32))


def wrong_id(text: str) -> str:
    name, _, key = text.split("+", 2)
    return f"{name}+00000000+{key}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "record.vkey"),
        ("a", "record.vkey"),
        (str(KEY).replace("+", " "), "record.vkey"),
        (str(KEY) + "\n", "record.vkey"),
        (wrong_id(str(KEY)), "record.vkey_id"),
        (str(KEY).replace("a.example", "b.example"), "record.vkey_id"),
        (str(KEY).replace("a.example", "a example"), "record.name"),
        (str(VKey(name="a", kind=2, public=bytes(32))), "record.vkey_type"),
        (str(VKey(name="a", kind=4, public=bytes(31))), "record.vkey_type"),
        (str(VKey(name="a", kind=6, public=bytes(32))), "record.vkey_type"),
        ("a+00000000+B", "record.base64"),
    ],
)
def test_a_key_that_is_not_what_it_says_is_refused(text: str, code: str) -> None:
    assert code_of(lambda: parse_vkey(text)) == code


def test_a_key_comes_back() -> None:
    for key in (KEY, *LOG.vkeys(), *COSIGNER.vkeys()):
        assert parse_vkey(str(key)) == key


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\x01b", "a\u2028b", "\u00e9" * 128])
def test_a_name_that_two_readers_would_read_differently_is_refused(name: str) -> None:
    with pytest.raises(PeerError) as caught:
        check_name(name, what="A name")
    assert caught.value.code == "record.name"


def test_base64_of_other_alphabets_is_refused() -> None:
    for text in ("-_-_", "AA", "\u00e9\u00e9\u00e9\u00e9", "AAAA\n", ""):
        with pytest.raises(PeerError) as caught:
            decode(text, what="x")
        assert caught.value.code == "record.base64"
