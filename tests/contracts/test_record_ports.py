"""The contract of ``record.ports``, on every backend."""

import functools
from collections.abc import Callable

import attrs
import pytest

from comity.foundation.attested import Mark
from comity.foundation.errors import ComityError, MisuseError
from comity.record.ports import (
    BODY_INLINE_BYTES_MAX,
    EVIDENCE_BYTES_MAX,
    EVIDENCE_ROWS_MAX,
    BodyRef,
    EntryQuery,
    RelationshipRow,
    TileRow,
)
from comity.record.tree import EMPTY_ROOT, Edge
from comity.storage.store import Store
from comity.storage.tx import Tx
from support.stores import START, append, entry

OWN, PEER = "a.example/comity/ab/0", "b.example/comity/ab/0"
ROW = RelationshipRow(
    rel_id="ab" * 16,
    counterpart="did:web:b.example",
    own_origin=OWN,
    peer_origin=PEER,
    status="introduced",
    reason="",
    created=START,
)


@pytest.fixture
def logs(store: Store) -> Store:
    store.write_sync(lambda tx: tx.logs.create(OWN, rel_id=ROW.rel_id, role="own"))
    store.write_sync(lambda tx: tx.logs.create(PEER, rel_id=ROW.rel_id, role="mirror"))
    return store


def test_a_relationship_comes_back_as_it_was_stored(store: Store) -> None:
    store.write_sync(lambda tx: tx.relationships.add(ROW))
    assert store.read_sync(lambda tx: tx.relationships.get(ROW.rel_id)) == ROW
    assert store.read_sync(lambda tx: tx.relationships.by_counterpart(ROW.counterpart)) == ROW
    assert store.read_sync(lambda tx: tx.relationships.list()) == (ROW,)
    assert store.read_sync(lambda tx: tx.relationships.get("cd" * 16)) is None
    assert store.read_sync(lambda tx: tx.relationships.by_counterpart("did:web:c")) is None


@pytest.mark.parametrize(
    "again",
    [
        attrs.evolve(ROW, counterpart="did:web:c.example"),
        attrs.evolve(ROW, rel_id="cd" * 16),
    ],
    ids=["same id", "same counterpart"],
)
def test_one_counterpart_has_one_relationship(store: Store, again: RelationshipRow) -> None:
    store.write_sync(lambda tx: tx.relationships.add(ROW))
    with pytest.raises(MisuseError) as caught:
        store.write_sync(lambda tx: tx.relationships.add(again))
    assert caught.value.code == "storage.relationship_exists"


def test_freezing_keeps_the_reason_and_changes_nothing_else(store: Store) -> None:
    store.write_sync(lambda tx: tx.relationships.add(ROW))
    wanted = attrs.evolve(ROW, status="frozen", reason="two heads", own_origin="x")
    store.write_sync(lambda tx: tx.relationships.update(wanted))
    found = store.read_sync(lambda tx: tx.relationships.get(ROW.rel_id))
    assert found == attrs.evolve(ROW, status="frozen", reason="two heads")
    with pytest.raises(MisuseError) as caught:
        store.write_sync(lambda tx: tx.relationships.update(attrs.evolve(ROW, rel_id="cd")))
    assert caught.value.code == "storage.no_relationship"


def test_a_new_log_is_empty_and_is_made_once(logs: Store) -> None:
    head = logs.read_sync(lambda tx: tx.logs.head(OWN))
    assert (head.size, head.root, Edge.from_bytes(head.edge), head.lc) == (
        0,
        EMPTY_ROOT,
        Edge.empty(),
        0,
    )
    assert logs.read_sync(lambda tx: tx.logs.exists(OWN))
    with pytest.raises(MisuseError) as caught:
        logs.write_sync(lambda tx: tx.logs.create(OWN, rel_id=None, role="house"))
    assert caught.value.code == "storage.log_exists"


def test_logs_are_listed_oldest_first(logs: Store) -> None:
    logs.write_sync(lambda tx: tx.logs.create("a.example/house", rel_id=None, role="house"))
    everything = logs.read_sync(lambda tx: tx.logs.list())
    assert [(row.origin, row.role, row.rel_id) for row in everything] == [
        (OWN, "own", ROW.rel_id),
        (PEER, "mirror", ROW.rel_id),
        ("a.example/house", "house", None),
    ]
    assert logs.read_sync(lambda tx: tx.logs.list(ROW.rel_id)) == everything[:2]


def test_the_clock_is_the_latest_of_the_shared_logs(logs: Store) -> None:
    def work(tx: Tx) -> tuple[int, int, int, int]:
        empty = tx.logs.clock()
        tx.logs.create("house", rel_id=None, role="house")
        for origin, number in ((OWN, 2), (PEER, 3), ("house", 9)):
            append(tx, origin, [entry(n) for n in range(number)])
        heads = max(tx.logs.head(origin).lc for origin in (OWN, PEER))
        assert tx.logs.clock() == tx.logs.clock(ROW.rel_id) == heads
        assert tx.logs.head("house").lc > heads
        return empty, heads, tx.logs.clock("cd" * 16), tx.logs.clock()

    empty, heads, others, whole = logs.write_sync(work)
    assert (empty, others) == (0, 0)
    assert whole == heads > 0


def test_a_log_that_is_not_here_is_named(store: Store) -> None:
    assert not store.read_sync(lambda tx: tx.logs.exists("x"))
    calls: list[Callable[[Tx], object]] = [
        lambda tx: tx.logs.head("x"),
        lambda tx: tx.logs.entries("x", 0, 1),
        lambda tx: tx.bodies.get("x", 0),
        lambda tx: tx.checkpoints.latest("x"),
    ]
    for call in calls:
        with pytest.raises(MisuseError) as caught:
            store.read_sync(call)
        assert caught.value.code == "storage.no_log"
        assert "x" in caught.value.message


def test_entries_come_back_byte_for_byte_and_in_order(logs: Store) -> None:
    rows = [
        entry(0),
        entry(1, kind="sharing.release", of="urn:uuid:1"),
        entry(2, of="urn:uuid:1"),
        entry(3, kind="sharing.release"),
    ]
    head = logs.write_sync(lambda tx: append(tx, OWN, rows[:3]))
    head = logs.write_sync(lambda tx: append(tx, OWN, rows[3:]))
    logs.write_sync(lambda tx: append(tx, PEER, [entry(0, of="urn:uuid:1")]))

    assert logs.read_sync(lambda tx: tx.logs.head(OWN)) == head
    assert logs.read_sync(lambda tx: tx.logs.entries(OWN, 0, 99)) == tuple(rows)
    assert logs.read_sync(lambda tx: tx.logs.entries(OWN, 1, 3)) == tuple(rows[1:3])
    assert logs.read_sync(lambda tx: tx.logs.entries(OWN, 3, 3)) == ()
    assert logs.read_sync(lambda tx: tx.logs.entry(OWN, 2)) == rows[2]
    assert logs.read_sync(lambda tx: tx.logs.entry(OWN, 4)) is None
    assert logs.read_sync(lambda tx: tx.logs.leaves(OWN, 1, 9)) == tuple(r.leaf for r in rows[1:])
    assert logs.read_sync(lambda tx: tx.logs.by_of(OWN, "urn:uuid:1")) == (rows[1], rows[2])
    assert logs.read_sync(lambda tx: tx.logs.by_kind(OWN, "sharing.release")) == (rows[1], rows[3])


@pytest.mark.parametrize("numbers", [[1], [3], [2, 4], [2, 2], [3, 2]], ids=str)
def test_no_gap_and_no_second_entry_at_a_place(logs: Store, numbers: list[int]) -> None:
    before = logs.write_sync(lambda tx: append(tx, OWN, [entry(0), entry(1)]))
    with pytest.raises(MisuseError) as caught:
        logs.write_sync(lambda tx: append(tx, OWN, [entry(n) for n in numbers]))
    assert caught.value.code == "storage.gap"
    assert logs.read_sync(lambda tx: tx.logs.head(OWN)) == before
    assert len(logs.read_sync(lambda tx: tx.logs.entries(OWN, 0, 9))) == 2


def test_a_head_of_another_log_is_refused(logs: Store) -> None:
    row = entry(0)
    edge = Edge.empty().append(row.leaf)
    head = logs.read_sync(lambda tx: tx.logs.head(PEER))
    wrong = attrs.evolve(head, size=1, root=edge.root(), edge=edge.to_bytes())
    with pytest.raises(MisuseError) as caught:
        logs.write_sync(lambda tx: tx.logs.append(OWN, [row], head=wrong, tiles=()))
    assert caught.value.code == "storage.gap"


def test_full_tiles_are_found_by_level_and_index(logs: Store) -> None:
    tile = TileRow(level=1, index=7, data=b"h" * 8192)
    head = logs.read_sync(lambda tx: tx.logs.head(OWN))
    logs.write_sync(lambda tx: tx.logs.append(OWN, (), head=head, tiles=[tile]))
    assert logs.read_sync(lambda tx: tx.logs.tile(OWN, 1, 7)) == tile.data
    assert logs.read_sync(lambda tx: tx.logs.tile(OWN, 7, 1)) is None
    assert logs.read_sync(lambda tx: tx.logs.tile(PEER, 1, 7)) is None


def test_a_body_is_held_in_the_database_or_in_a_file(logs: Store) -> None:
    logs.write_sync(lambda tx: append(tx, OWN, [entry(0), entry(1), entry(2)]))
    logs.write_sync(lambda tx: tx.bodies.put(OWN, 0, b"container"))
    logs.write_sync(lambda tx: tx.bodies.put(OWN, 0, b"container"))
    logs.write_sync(lambda tx: tx.bodies.put_file(OWN, 1, "f" * 64))
    found = logs.read_sync(lambda tx: [tx.bodies.get(OWN, n) for n in range(3)])
    assert found == [
        BodyRef(state="held", inline=b"container", file=None),
        BodyRef(state="held", inline=None, file="f" * 64),
        BodyRef(state="missing", inline=None, file=None),
    ]


def test_an_erased_body_is_gone_and_does_not_come_back(logs: Store) -> None:
    logs.write_sync(lambda tx: append(tx, OWN, [entry(0), entry(1)]))
    logs.write_sync(lambda tx: tx.bodies.put(OWN, 0, b"container with names"))
    logs.write_sync(lambda tx: tx.bodies.erase(OWN, 0, b"container"))
    logs.write_sync(lambda tx: tx.bodies.erase(OWN, 1, None))
    assert logs.read_sync(lambda tx: tx.bodies.get(OWN, 0)) == BodyRef(
        state="erased", inline=b"container", file=None
    )
    assert logs.read_sync(lambda tx: tx.bodies.get(OWN, 1)).state == "erased"
    with pytest.raises(MisuseError) as caught:
        logs.write_sync(lambda tx: tx.bodies.put(OWN, 0, b"container with names"))
    assert caught.value.code == "storage.body_erased"


def test_a_body_that_does_not_fit_is_refused(logs: Store) -> None:
    big = bytes(BODY_INLINE_BYTES_MAX + 1)
    logs.write_sync(lambda tx: append(tx, OWN, [entry(0)]))
    logs.write_sync(lambda tx: tx.bodies.put(OWN, 0, big[:-1]))
    refused: list[tuple[str, Callable[[Tx], None]]] = [
        ("storage.body_differs", lambda tx: tx.bodies.put(OWN, 0, b"another")),
        ("storage.body_differs", lambda tx: tx.bodies.put_file(OWN, 0, "f" * 64)),
        ("storage.body_too_large", lambda tx: tx.bodies.put(OWN, 0, big)),
        ("storage.body_too_large", lambda tx: tx.bodies.erase(OWN, 0, big)),
        ("storage.no_entry", lambda tx: tx.bodies.put(OWN, 1, b"early")),
        ("storage.no_entry", lambda tx: tx.bodies.erase(OWN, 1, None)),
    ]
    for code, call in refused:
        with pytest.raises(MisuseError) as caught:
            logs.write_sync(call)
        assert caught.value.code == code


def _put_note(tx: Tx, *, size: int, seconds: int, note: bytes) -> None:
    tx.checkpoints.put(OWN, size, time=START.plus(seconds), note=note)


def test_notes_date_what_they_cover(logs: Store) -> None:
    assert logs.read_sync(lambda tx: tx.checkpoints.latest(OWN)) is None
    for size, seconds in [(2, 10), (5, 20), (5, 30)]:
        note = f"{size} {seconds}".encode()
        put = functools.partial(_put_note, size=size, seconds=seconds, note=note)
        logs.write_sync(put)
    logs.write_sync(lambda tx: tx.checkpoints.put(OWN, 5, time=START.plus(20), note=b"other"))

    latest = logs.read_sync(lambda tx: tx.checkpoints.latest(OWN))
    assert latest is not None
    assert (latest.size, latest.time, latest.note) == (5, START.plus(30), b"5 30")
    covering = logs.read_sync(lambda tx: [tx.checkpoints.covering(OWN, n) for n in (1, 2, 5)])
    assert [row and row.note for row in covering] == [b"2 10", b"5 20", None]
    assert logs.read_sync(lambda tx: tx.checkpoints.marks(OWN)).marks == (
        Mark(2, START.plus(10)),
        Mark(5, START.plus(20)),
        Mark(5, START.plus(30)),
    )


def _marks(tx: Tx) -> list[tuple[int, int]]:
    found = tx.checkpoints.marks(OWN).marks
    return [(one.size, one.time.seconds - START.seconds) for one in found]


def test_a_mark_counts_at_once_also_one_that_comes_late_and_none_of_a_unit_that_failed(
    logs: Store,
) -> None:
    def put(tx: Tx, size: int, seconds: int) -> None:
        _put_note(tx, size=size, seconds=seconds, note=b"n")

    def fails(tx: Tx) -> None:
        put(tx, 6, 50)
        assert _marks(tx) == [(2, 10), (5, 30), (6, 50)]
        raise MisuseError("test.undone", "It is undone.")

    assert logs.read_sync(_marks) == []
    logs.write_sync(lambda tx: put(tx, 2, 10))
    assert logs.write_sync(_marks) == logs.read_sync(_marks) == [(2, 10)]
    logs.write_sync(lambda tx: put(tx, 5, 30))
    assert logs.write_sync(_marks) == logs.read_sync(_marks) == [(2, 10), (5, 30)]
    with pytest.raises(MisuseError):
        logs.write_sync(fails)
    assert logs.write_sync(_marks) == [(2, 10), (5, 30)]
    logs.write_sync(lambda tx: put(tx, 6, 60))
    logs.write_sync(lambda tx: put(tx, 4, 20))
    wanted = [(2, 10), (4, 20), (5, 30), (6, 60)]
    assert logs.write_sync(_marks) == logs.read_sync(_marks) == wanted


def test_evidence_is_kept_until_it_is_enough(store: Store) -> None:
    assert store.write_sync(lambda tx: tx.evidence.add("ab", "fork", b"two heads", at=START))
    too_large = bytes(EVIDENCE_BYTES_MAX + 1)
    assert not store.write_sync(lambda tx: tx.evidence.add("ab", "fork", too_large, at=START))
    found = store.read_sync(lambda tx: tx.evidence.list("ab"))
    assert [(row.rel_id, row.kind, row.data, row.at) for row in found] == [
        ("ab", "fork", b"two heads", START)
    ]
    store.write_sync(
        lambda tx: [
            tx.evidence.add("ab", "fork", b"", at=START) for _ in range(EVIDENCE_ROWS_MAX - 1)
        ]
    )
    assert not store.write_sync(lambda tx: tx.evidence.add("ab", "fork", b"", at=START))
    assert store.write_sync(lambda tx: tx.evidence.add("cd", "fork", b"", at=START))


def test_a_unit_that_fails_leaves_nothing_of_a_log(logs: Store) -> None:
    with pytest.raises(ComityError):
        logs.write_sync(
            lambda tx: (
                tx.logs.create("new", rel_id=None, role="own"),
                append(tx, "new", [entry(0)]),
                tx.logs.entries("new", 0, 1),
                append(tx, "new", [entry(5)]),
            )
        )
    assert not logs.read_sync(lambda tx: tx.logs.exists("new"))
    logs.write_sync(lambda tx: tx.logs.create("newer", rel_id=None, role="own"))
    assert logs.write_sync(lambda tx: append(tx, "newer", [entry(0)])).size == 1
    with pytest.raises(MisuseError):
        logs.write_sync(lambda tx: tx.logs.entries("new", 0, 1))


SELECTIONS = {
    "forwards": (EntryQuery(at=2, back=False, limit=3), [2, 3, 4]),
    "backwards": (EntryQuery(at=6, back=True, limit=2), [5, 4]),
    "one kind": (EntryQuery(at=0, back=False, limit=9, kind="agreement.talk"), [1, 4]),
    "a family of kinds": (EntryQuery(at=9, back=True, limit=9, kind="agreement."), [4, 3, 1, 0]),
    "about one thing": (EntryQuery(at=0, back=False, limit=9, of="urn:x"), [2, 3]),
    "kind and thing": (EntryQuery(at=4, back=True, limit=9, kind="sharing.", of="urn:x"), [2]),
    "nothing": (EntryQuery(at=6, back=False, limit=9), []),
}


@pytest.mark.parametrize("name", SELECTIONS)
def test_a_reader_leafs_through_a_log_both_ways_and_by_kind(logs: Store, name: str) -> None:
    query, wanted = SELECTIONS[name]
    kinds = ("agreement.table", "agreement.talk", "sharing.sent") * 2
    rows = [
        attrs.evolve(entry(n), kind=kind, of="urn:x" if n in {2, 3} else None)
        for n, kind in enumerate(kinds)
    ]
    logs.write_sync(lambda tx: append(tx, OWN, rows))
    assert [row.n for row in logs.read_sync(lambda tx: tx.logs.select(OWN, query))] == wanted


def test_a_reader_leafs_through_cosigned_heads_newest_first(logs: Store) -> None:
    assert logs.read_sync(lambda tx: tx.checkpoints.count(OWN)) == 0
    for size, seconds in [(2, 10), (5, 20), (5, 30)]:
        logs.write_sync(functools.partial(_put_note, size=size, seconds=seconds, note=b"n"))
    found = logs.read_sync(lambda tx: tx.checkpoints.newest(OWN, skip=1, limit=5))
    assert [(row.size, row.time) for row in found] == [(5, START.plus(20)), (2, START.plus(10))]
    assert logs.read_sync(lambda tx: tx.checkpoints.count(OWN)) == 3
