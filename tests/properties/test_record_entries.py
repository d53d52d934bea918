"""Envelopes, bodies, requests and intake: any input is read in one way or refused.

Source: record.md 12.1 nos. 5, 9 (what the record contributes) and 12; 12.3 (parsers).
"""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.foundation.attested import Mark, Marks
from comity.foundation.errors import ComityError, PeerError
from comity.foundation.instants import Instant
from comity.record.body import Body, BodyReader, Section, commit, erase, pack, unpack
from comity.record.cosign import cosign, verify_cosigned
from comity.record.envelope import Envelope, Seen, parse_envelope
from comity.record.kinds import KINDS
from comity.record.mirror import MirrorHead, check_intake, parse_conflict
from comity.record.proof_file import parse_proof_file
from comity.record.sync import (
    SyncReader,
    parse_answer,
    parse_header,
    parse_holding,
    parse_request,
    sync_request,
)
from comity.record.tree import Edge, leaf_hash, root_of
from support.record import A_LOG, B_LOG, A, B, own_root, signed

hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
envelopes = st.builds(
    Envelope,
    kind=st.sampled_from(sorted(KINDS)),
    log=st.just(A_LOG),
    n=st.integers(0, (1 << 53) - 1),
    seen=st.builds(Seen, log=st.just(B_LOG), size=st.integers(0, (1 << 53) - 1), root=hexes),
    lc=st.integers(0, (1 << 53) - 1),
    of=st.none() | st.from_regex(r"[A-Za-z0-9:._~%/-]{1,128}", fullmatch=True),
    commitment=st.binary(min_size=48, max_size=48).map(bytes.hex),
)


@given(envelopes)
def test_every_envelope_comes_back(envelope: Envelope) -> None:
    assert parse_envelope(envelope.to_bytes()) == envelope


ONE = Envelope(
    kind="agreement.talk",
    log=A_LOG,
    n=0,
    seen=Seen.nothing(B_LOG),
    lc=1,
    of=None,
    commitment="ab" * 48,
).to_bytes()


def test_no_single_bit_of_an_entry_can_change_unseen() -> None:
    leaf = leaf_hash(ONE)
    for bit in range(8 * len(ONE)):
        data = bytearray(ONE)
        data[bit // 8] ^= 1 << bit % 8
        assert leaf_hash(bytes(data)) != leaf


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5), st.data())
def test_no_single_bit_of_a_body_can_change_unseen(
    contents: list[bytes], data: st.DataObject
) -> None:
    body = Body(
        key=b"k" * 32,
        sections=tuple(
            Section(name=f"s{n}", key=bytes([n]) * 32, content=content)
            for n, content in enumerate(contents)
        ),
    )
    container = pack(body)
    assert commit(unpack(container)) == commit(body)
    bit = data.draw(st.integers(0, 8 * len(container) - 1))
    changed = bytearray(container)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        assert commit(unpack(bytes(changed))) != commit(body)
    except PeerError:
        return


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5), st.sets(st.integers(0, 4)))
def test_what_is_erased_changes_no_commitment_and_is_nowhere(
    contents: list[bytes], gone: set[int]
) -> None:
    sections = tuple(
        Section(name=f"s{n}", key=leaf_hash(bytes([n])), content=b"private" + content)
        for n, content in enumerate(contents)
    )
    body = Body(key=b"k" * 32, sections=sections)
    rest = erase(body, [f"s{n}" for n in gone])
    container = pack(rest)
    assert commit(unpack(container)) == commit(body)
    for n in gone:
        if n < len(sections):
            assert sections[n].key.hex().encode() not in container
            assert rest.section(f"s{n}") is None


@given(st.binary(min_size=1, max_size=400), st.lists(st.integers(1, 90), min_size=1, max_size=9))
def test_a_body_reads_the_same_in_any_chunks(content: bytes, cuts: list[int]) -> None:
    body = Body(
        key=b"k" * 32,
        sections=(
            Section(name="act", key=b"a" * 32, content=content),
            Section(name="note", key=b"n" * 32, content=content[::-1]),
        ),
    )
    got: dict[str, bytes] = {}

    def sink(name: str, chunk: bytes) -> None:
        got[name] = got.get(name, b"") + chunk

    reader = BodyReader(sink)
    rest, turn = pack(body), 0
    while rest:
        cut = cuts[turn % len(cuts)]
        reader.feed(rest[:cut])
        rest, turn = rest[cut:], turn + 1
    assert reader.finish() == commit(body)
    assert got == {"act": content, "note": content[::-1]}


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=50), st.binary(min_size=1, max_size=50))))
def test_every_request_comes_back(entries: list[tuple[bytes, bytes]]) -> None:
    made = sync_request(entries[:256], log=A_LOG, start=2, held=0, note=signed(7), proof=())
    assert parse_request(made.to_bytes()) == made


def read_in_two(data: bytes) -> None:
    reader = SyncReader()
    for part in (data[: len(data) // 2], data[len(data) // 2 :]):
        list(reader.feed(part))
    reader.finish()


PARSERS: list[Callable[[bytes], object]] = [
    parse_envelope,
    unpack,
    parse_request,
    read_in_two,
    parse_header,
    parse_answer,
    parse_holding,
    parse_conflict,
    parse_proof_file,
]


@pytest.mark.parametrize("parser", PARSERS)
@given(data=st.binary(max_size=200))
@example(data=b"{}\n")
@example(data=b'{"v":1}')
@example(data=b"[[[[")
@example(data=b'"\xff"')
def test_whatever_comes_is_read_or_refused_with_a_reason(
    parser: Callable[[bytes], object], data: bytes
) -> None:
    code = "record.none"
    try:
        parser(data)
    except ComityError as error:
        code = error.code
    assert code.partition(".")[0] in {"record", "json"}


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.data())
def test_a_mirror_holds_exactly_a_beginning_of_the_log(
    steps: list[int], data: st.DataObject
) -> None:
    """Honest entries pass in any batches; the same with one left out, doubled or swapped do not."""
    ours = [leaf_hash(b"ours %d" % n) for n in range(sum(steps))]
    raw, seen, clock = [], 0, 0
    for n, step in enumerate(steps):
        seen += step
        clock = max(clock, seen) + 1
        head = Seen(log=B_LOG, size=seen, root=root_of(ours[:seen]).hex())
        raw.append(
            Envelope(
                kind="agreement.talk",
                log=A_LOG,
                n=n,
                seen=head,
                lc=clock,
                of=None,
                commitment=f"{n:096x}",
            ).to_bytes()
        )
    start = MirrorHead(log=A_LOG, own_log=B_LOG, edge=Edge.empty(), seen=0, lc=0)
    cut = data.draw(st.integers(0, len(raw)))
    half = check_intake(start, raw[:cut], own=own_root(ours)).head
    whole = check_intake(half, raw[cut:], own=own_root(ours)).head
    assert whole == check_intake(start, raw, own=own_root(ours)).head
    assert whole.edge.root() == root_of([leaf_hash(item) for item in raw])
    at = data.draw(st.integers(0, len(raw) - 1))
    wrong = data.draw(
        st.sampled_from([raw[:at] + raw[at + 1 :], raw[: at + 1] + raw[at:], raw[::-1]])
    )
    if wrong not in (raw[:-1], raw):
        with pytest.raises(PeerError):
            check_intake(start, wrong, own=own_root(ours))


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=8),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_a_date_is_decided_once_and_by_the_counterparts_time_only(
    pairs: list[tuple[int, int]], n: int, closes: int
) -> None:
    """No. 9: what was not attested when a later time was seen never comes to be in time."""
    size = time = 0
    marks: list[Mark] = []
    decided: bool | None = None
    for more, later in pairs:
        size, time = size + more, time + later
        marks.append(Mark(size, Instant(time)))
        found = Marks.of(marks)
        at = found.attested(n)
        if at is not None and at <= Instant(closes):
            now = True
        elif found.passed(Instant(closes)):
            now = False
        else:
            assert decided is None
            continue
        assert decided in {None, now}
        decided = now


def test_the_time_is_in_both_cosignatures_and_in_no_entry() -> None:
    for seconds in (1, 1_800_000_000, 253_402_300_799):
        note = cosign(signed(7), log=A.log_keys(), signers=B, at=Instant(seconds))
        found = verify_cosigned(note, log=A.log_keys(), cosigner=B.cosigner_keys())
        assert found.time == Instant(seconds)
    assert b"time" not in ONE
