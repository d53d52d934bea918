"""Messages between nodes: whole, in pieces, cut off, and too large. Spec 3.11."""

from collections.abc import Callable

import attrs
import pytest

from comity.foundation.canonical import Json, canonical, parse
from comity.foundation.errors import ComityError
from comity.record.sync import (
    CONFLICTS,
    BodyPart,
    EntrySize,
    EnvelopePart,
    Holding,
    Part,
    SyncAccepted,
    SyncAnswer,
    SyncConflict,
    SyncHeader,
    SyncReader,
    SyncRequest,
    parse_answer,
    parse_header,
    parse_holding,
    parse_request,
    sync_request,
)
from support.record import A_LOG, cosigned, leaf, signed

ENTRIES = ((b"envelope 5", b"body of 5"), (b"envelope 6", b"b"))


def request(*entries: tuple[bytes, bytes]) -> SyncRequest:
    return sync_request(
        entries, log=A_LOG, start=5, held=3, note=signed(7), proof=(leaf(1), leaf(2))
    )


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize("entries", [(), ENTRIES[:1], ENTRIES])
def test_a_request_comes_back(entries: tuple[tuple[bytes, bytes], ...]) -> None:
    made = request(*entries)
    assert parse_request(made.to_bytes()) == made
    assert made.header.to == 5 + len(entries)


@pytest.mark.parametrize("size", [1, 3, 9, 64, 100_000])
def test_a_request_streams_in_chunks_of_any_size(size: int) -> None:
    data = request(*ENTRIES).to_bytes()
    reader = SyncReader()
    parts: list[Part] = []
    for at in range(0, len(data), size):
        parts += reader.feed(data[at : at + size])
    reader.finish()
    assert parts[0] == request(*ENTRIES).header
    assert [part.n for part in parts if isinstance(part, EnvelopePart)] == [5, 6]
    bodies = [part for part in parts if isinstance(part, BodyPart)]
    assert b"".join(part.data for part in bodies if part.n == 5) == b"body of 5"
    assert [part.n for part in bodies if part.last] == [5, 6]
    assert max(len(part.data) for part in bodies) <= size


DATA = request(*ENTRIES).to_bytes()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "record.sync_cut"),
        (DATA[:50], "record.sync_cut"),
        (DATA.partition(b"\n")[0], "record.sync_cut"),
        (DATA[:-1], "record.sync_cut"),
        (DATA[:-8], "record.sync_cut"),
        (DATA[: -len(b"envelope 6b")], "record.sync_cut"),
        (DATA + b"x", "record.sync_trailing"),
        (request().to_bytes() + b"x", "record.sync_trailing"),
        (b"x" * ((1 << 20) + 1), "json.size"),
        (b"x" * ((1 << 20) + 1) + b"\n", "json.size"),
        (b"{}\n", "record.sync_header"),
    ],
)
def test_a_request_cut_off_or_with_more_in_it_is_refused(data: bytes, code: str) -> None:
    assert code_of(lambda: parse_request(data)) == code


def header_with(**members: Json) -> bytes:
    value = parse(request(*ENTRIES).header.to_bytes()[:-1])
    assert isinstance(value, dict)
    return canonical(value | {name.rstrip("_"): member for name, member in members.items()})


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (header_with(more=1), "record.sync_header"),
        (header_with(v=2), "record.sync_value"),
        (header_with(v=True), "record.sync_value"),
        (header_with(log=7), "record.sync_value"),
        (header_with(log="two words"), "record.name"),
        (header_with(from_=-1), "record.sync_value"),
        (header_with(from_=True), "record.sync_value"),
        (header_with(to="7"), "record.sync_value"),
        (header_with(to=8), "record.sync_entries"),
        (header_with(to=4), "record.sync_entries"),
        (header_with(held=None), "record.sync_value"),
        (header_with(note=None), "record.sync_value"),
        (header_with(note="x" * 65_537), "record.sync_value"),
        (header_with(proof=None), "record.proof_form"),
        (header_with(proof=["00"]), "record.hash"),
        (header_with(entries=None), "record.sync_entries"),
        (header_with(entries={}), "record.sync_entries"),
        (header_with(to=262, entries=[[1, 1]] * 257), "record.sync_entries"),
        (header_with(entries=[[1, 1], 1]), "record.sync_value"),
        (header_with(entries=[[1, 1], [1]]), "record.sync_value"),
        (header_with(entries=[[1, 1], [0, 1]]), "record.sync_value"),
        (header_with(entries=[[1, 1], [1, 0]]), "record.sync_value"),
        (header_with(entries=[[1, 1], [4097, 1]]), "record.sync_value"),
        (header_with(entries=[[1, 1], [1, 1 << 40]]), "record.sync_value"),
    ],
)
def test_a_header_of_another_form_is_refused(line: bytes, code: str) -> None:
    assert code_of(lambda: parse_header(line)) == code


def test_a_request_for_a_fresh_cosignature_carries_nothing_else() -> None:
    made = sync_request((), log=A_LOG, start=7, held=3, note=signed(7), proof=())
    assert (made.header.start, made.header.to, made.entries) == (7, 7, ())
    assert parse_request(made.to_bytes()) == made


@pytest.mark.parametrize(
    "header",
    [
        attrs.evolve(request().header, to=6),
        attrs.evolve(request().header, held=1 << 60),
        attrs.evolve(request().header, start=-1, to=-1),
        attrs.evolve(request(*ENTRIES).header, entries=(EntrySize(1, 1), EntrySize(0, 1))),
    ],
)
def test_a_request_nobody_could_read_is_never_sent(header: SyncHeader) -> None:
    assert code_of(header.to_bytes) == "record.sync_ours"


@pytest.mark.parametrize(
    "answer",
    [
        SyncAccepted(log=A_LOG, note=cosigned(7)),
        *(SyncConflict(log=A_LOG, code=code, size=7, note=cosigned(7)) for code in CONFLICTS),
        SyncConflict(log=A_LOG, code="size", size=0, note=None),
    ],
)
def test_an_answer_comes_back(answer: SyncAnswer) -> None:
    assert parse_answer(answer.to_bytes()) == answer


@pytest.mark.parametrize("note", [None, cosigned(7)])
def test_what_a_node_holds_comes_back(note: bytes | None) -> None:
    holding = Holding(log=A_LOG, size=7, note=note)
    assert parse_holding(holding.to_bytes()) == holding


CONFLICT: dict[str, Json] = {"v": 1, "log": A_LOG, "conflict": "size", "size": 7, "note": None}
HOLDING: dict[str, Json] = {"v": 1, "log": A_LOG, "size": 7, "note": None}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "record.sync_value"),
        (CONFLICT | {"v": 2}, "record.sync_value"),
        (CONFLICT | {"conflict": "because"}, "record.sync_answer"),
        (CONFLICT | {"conflict": 7}, "record.sync_answer"),
        (CONFLICT | {"more": 7}, "record.sync_answer"),
        (CONFLICT | {"size": -1}, "record.sync_value"),
        (CONFLICT | {"note": 7}, "record.sync_value"),
        (CONFLICT | {"log": 7}, "record.sync_value"),
        (HOLDING, "record.sync_answer"),
        ({"v": 1, "log": A_LOG, "note": None}, "record.sync_value"),
    ],
)
def test_an_answer_of_another_form_is_refused(value: dict[str, Json], code: str) -> None:
    assert code_of(lambda: parse_answer(canonical(value))) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "record.sync_value"),
        (CONFLICT, "record.holding"),
        (HOLDING | {"v": 0}, "record.sync_value"),
        (HOLDING | {"size": "7"}, "record.sync_value"),
        (HOLDING | {"note": []}, "record.sync_value"),
    ],
)
def test_what_a_node_claims_to_hold_in_another_form_is_refused(
    value: dict[str, Json], code: str
) -> None:
    assert code_of(lambda: parse_holding(canonical(value))) == code
