"""What a mirror takes in: nothing that is not the log, nothing that lies about ours. Spec 3.10."""

from collections.abc import Callable, Sequence

import attrs
import pytest

from comity.foundation.canonical import canonical, parse
from comity.foundation.errors import ComityError
from comity.record.body import Body, BodyReader, Section, commit, pack
from comity.record.cosign import cosign, log_note, sign_log
from comity.record.envelope import Envelope, Seen
from comity.record.mirror import (
    Intake,
    MirrorHead,
    check_head,
    check_intake,
    check_received_body,
    conflict,
    parse_conflict,
    verify_conflict,
)
from comity.record.proofs import consistency_proof
from comity.record.tree import Edge, leaf_hash, root_of
from support.record import (
    A_LOG,
    B_LOG,
    COSIGNED_AT,
    SIGNED_AT,
    A,
    B,
    cosigned,
    head,
    leaf,
    leaves,
    own_root,
    reader_of,
    signed,
    signers,
    stored,
)

LOG = A.log_keys()
OURS = leaves(4)
START = MirrorHead(log=A_LOG, own_log=B_LOG, edge=Edge.empty(), seen=0, lc=0)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


def entry(n: int, *, seen: int = 0, lc: int | None = None) -> Envelope:
    return Envelope(
        kind="agreement.talk",
        log=A_LOG,
        n=n,
        seen=Seen(log=B_LOG, size=seen, root=root_of(OURS[:seen]).hex()),
        lc=n + seen + 1 if lc is None else lc,
        of=None,
        commitment="ab" * 48,
    )


def take(*entries: Envelope, head: MirrorHead = START) -> Intake:
    return check_intake(head, [item.to_bytes() for item in entries], own=own_root(OURS))


def test_entries_that_continue_the_log_are_taken() -> None:
    intake = take(entry(0), entry(1, seen=2), entry(2, seen=2), entry(3, seen=4))
    assert [item.envelope.n for item in intake.entries] == [0, 1, 2, 3]
    assert (intake.head.size, intake.head.seen, intake.head.lc) == (4, 4, 8)
    assert intake.head.edge.root() == root_of([item.leaf for item in intake.entries])
    more = take(entry(4, seen=4), head=intake.head)
    assert more.head.size == 5
    assert take(head=intake.head).head == intake.head


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (attrs.evolve(entry(2), log="c.example/comity/x/0"), "record.entry_log"),
        (entry(1), "record.entry_index"),
        (entry(3, seen=2), "record.entry_index"),
        (entry(2, seen=2, lc=4), "record.clock"),
        (entry(2, seen=2, lc=6), "record.clock"),
        (attrs.evolve(entry(2, seen=2), seen=Seen.nothing(A_LOG)), "record.clock"),
        (
            attrs.evolve(entry(2, seen=2), seen=Seen(log=A_LOG, size=2, root="00" * 32)),
            "record.seen_log",
        ),
        (entry(2, seen=1, lc=4), "record.clock"),
        (attrs.evolve(entry(2, seen=2), seen=Seen(log=B_LOG, size=5, root="00" * 32)),
         "record.seen_beyond"),
        (attrs.evolve(entry(2, seen=2), seen=Seen(log=B_LOG, size=10**6, root="00" * 32)),
         "record.seen_beyond"),
        (attrs.evolve(entry(2, seen=2), seen=Seen(log=B_LOG, size=3, root="00" * 32)),
         "record.seen_root"),
        (attrs.evolve(entry(2, seen=2), kind="agreement.dance"), "record.unknown_kind"),
        (attrs.evolve(entry(2, seen=2), kind="house.approval"), "record.unknown_kind"),
    ],
)  # fmt: skip  # one case, one line
def test_an_entry_that_does_not_continue_or_lies_is_refused(wrong: Envelope, code: str) -> None:
    assert code_of(lambda: take(entry(0), entry(1, seen=2), wrong)) == code


def test_what_was_seen_once_stays_seen() -> None:
    before = attrs.evolve(take(entry(0), entry(1, seen=2)).head, lc=0)
    found = code_of(lambda: take(entry(2, seen=1), head=before))
    assert found == "record.seen_back"


def test_an_unreadable_entry_is_refused_with_all_of_its_batch() -> None:
    raw = [entry(0).to_bytes(), b"{}"]
    found = code_of(lambda: check_intake(START, raw, own=own_root(OURS)))
    assert found == "record.envelope_members"


def test_no_more_entries_are_read_than_fit_one_request() -> None:
    raw = [b"never parsed"] * 257
    found = code_of(lambda: check_intake(START, raw, own=own_root(OURS)))
    assert found == "record.too_many_entries"


def hashes_of(entries: Sequence[Envelope]) -> list[bytes]:
    return [leaf_hash(item.to_bytes()) for item in entries]


ENTRIES = (entry(0), entry(1, seen=2), entry(2, seen=3))


def test_the_entries_make_the_head_that_is_cosigned() -> None:
    check_head(take(*ENTRIES), head(3, hashes=hashes_of(ENTRIES)))


@pytest.mark.parametrize(
    ("came", "code"),
    [
        (ENTRIES[:2], "record.head_size"),
        ((*ENTRIES, entry(3, seen=3)), "record.head_size"),
        ((*ENTRIES[:2], entry(2, seen=4)), "record.head_root"),
    ],
)
def test_an_entry_withheld_or_swapped_is_not_cosigned(
    came: tuple[Envelope, ...], code: str
) -> None:
    found = code_of(lambda: check_head(take(*came), head(3, hashes=hashes_of(ENTRIES))))
    assert found == code


def test_a_head_of_another_log_covers_nothing_here() -> None:
    other = head(3, origin=B_LOG, hashes=hashes_of(ENTRIES))
    assert code_of(lambda: check_head(take(*ENTRIES), other)) == "record.head_log"


def received(body: Body) -> BodyReader:
    reader = BodyReader(lambda _name, _chunk: None)
    reader.feed(pack(body))
    return reader


def test_a_body_belongs_to_its_entry() -> None:
    body = Body(key=b"k" * 32, sections=(Section(name="act", key=b"a" * 32, content=b"{}"),))
    other = Body(key=b"k" * 32, sections=(Section(name="note", key=b"a" * 32, content=b"{}"),))
    envelope = attrs.evolve(entry(0), commitment=commit(body))
    reader = received(body)
    check_received_body(envelope, header=reader.header, commitment=reader.finish())
    reader = received(other)
    cases = (
        (envelope, "record.body_commitment"),
        (attrs.evolve(envelope, commitment=commit(other)), "record.sections"),
    )
    for claimed, code in cases:
        with pytest.raises(ComityError) as caught:
            check_received_body(claimed, header=reader.header, commitment=reader.finish())
        assert caught.value.code == code


def forked(size: int) -> bytes:
    """Return a head of A over another history, signed by A."""
    hashes = [leaf(1000), *leaves(size)[1:]]
    return sign_log(head(size, hashes=hashes), signers=A, at=SIGNED_AT)


@pytest.mark.parametrize("size", [1, 2, 5, 6, 7])
def test_a_forked_log_is_proven_to_a_stranger(size: int) -> None:
    found = conflict(cosigned(7), forked(size), log=LOG, mirror=stored(7).reader(), proof=())
    assert found is not None
    assert verify_conflict(found.to_bytes(), LOG) == found
    assert found.larger == signed(7)
    assert B.name.encode() not in found.to_bytes()


def test_a_head_that_only_its_log_could_explain_is_kept_but_proves_nothing_yet() -> None:
    wrong = consistency_proof(stored(9).reader(), old=7, new=9)
    fork = forked(9)
    found = conflict(cosigned(7), fork, log=LOG, mirror=stored(7).reader(), proof=wrong)
    assert found is not None
    assert (found.smaller, found.larger, found.root) == (signed(7), fork, None)
    assert parse_conflict(found.to_bytes()) == found
    assert code_of(lambda: verify_conflict(found.to_bytes(), LOG)) == "record.no_conflict"


@pytest.mark.parametrize("size", [0, 1, 6, 7])
def test_an_older_head_of_the_same_history_is_no_fork(size: int) -> None:
    found = conflict(cosigned(7), signed(size), log=LOG, mirror=stored(7).reader(), proof=())
    assert found is None


def test_a_longer_log_that_shows_its_past_is_no_fork() -> None:
    proof = consistency_proof(stored(9).reader(), old=7, new=9)
    found = conflict(cosigned(7), signed(9), log=LOG, mirror=stored(7).reader(), proof=proof)
    assert found is None


def test_nobody_is_accused_with_a_head_he_did_not_sign() -> None:
    framed = sign_log(
        head(5, hashes=[leaf(1000), *leaves(5)[1:]]), signers=signers(A_LOG, key="x"), at=SIGNED_AT
    )
    found = code_of(
        lambda: conflict(cosigned(7), framed, log=LOG, mirror=stored(7).reader(), proof=())
    )
    assert found == "record.unsigned"


def test_two_heads_of_one_history_accuse_nobody() -> None:
    made = conflict(cosigned(7), forked(5), log=LOG, mirror=stored(7).reader(), proof=())
    assert made is not None
    honest = attrs.evolve(made, smaller=signed(5))
    assert code_of(lambda: verify_conflict(honest.to_bytes(), LOG)) == "record.no_conflict"
    unproven = attrs.evolve(made, root=leaf(5))
    assert code_of(lambda: verify_conflict(unproven.to_bytes(), LOG)) == "record.consistency"


@pytest.mark.parametrize("member", ["v", "smaller", "larger", "root", "proof"])
def test_evidence_with_a_member_of_another_form_is_refused(member: str) -> None:
    made = conflict(cosigned(7), forked(5), log=LOG, mirror=stored(7).reader(), proof=())
    assert made is not None
    value = parse(made.to_bytes(), bytes_max=1 << 20)
    assert isinstance(value, dict)
    code = "record.proof_form" if member == "proof" else "record.conflict_form"
    assert code_of(lambda: parse_conflict(canonical(value | {member: 7}))) == code
    assert code_of(lambda: parse_conflict(canonical(value | {"x": 1}))) == "record.conflict_form"


def test_a_conflict_may_be_found_with_the_cosignatures_of_both_times() -> None:
    later = cosign(cosigned(7), log=LOG, signers=B, at=COSIGNED_AT.plus(9))
    assert log_note(later, log=LOG) == signed(7)
    assert conflict(later, signed(7), log=LOG, mirror=reader_of(leaves(7)), proof=()) is None
