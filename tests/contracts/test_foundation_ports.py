"""The contract of ``foundation.ports``, on every backend."""

from collections.abc import Callable

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.ports import ThingRow
from comity.storage.store import Store
from comity.storage.tx import Tx
from support.stores import START, ToldClock


def test_a_fact_is_set_and_set_again(store: Store) -> None:
    assert store.read_sync(lambda tx: tx.meta.get("house")) is None
    store.write_sync(lambda tx: tx.meta.put("house", "one"))
    store.write_sync(lambda tx: tx.meta.put("house", "two"))
    assert store.read_sync(lambda tx: tx.meta.get("house")) == "two"


def test_a_thing_comes_back_with_its_version_and_date(store: Store, clock: ToldClock) -> None:
    value: JsonObject = {"text": "Überblick \u0628", "n": 2**53 - 1, "list": [1, None, True, {}]}
    assert store.write_sync(lambda tx: tx.things.add("ab", "draft", "x", value=value)) == 1
    clock.at = START.plus(60)
    assert (
        store.write_sync(
            lambda tx: tx.things.put("ab", "draft", "x", value={}, status="s", expected_version=1)
        )
        == 2
    )
    found = store.read_sync(lambda tx: tx.things.get("ab", "draft", "x"))
    assert found is not None
    assert (found.value, found.status, found.version, found.updated) == ({}, "s", 2, START.plus(60))
    store.write_sync(lambda tx: tx.things.put("ab", "draft", "y", value=value))
    other = store.read_sync(lambda tx: tx.things.get("ab", "draft", "y"))
    assert other is not None
    assert other.value == value
    assert other.status == ""


def test_nothing_is_added_twice(store: Store) -> None:
    store.write_sync(lambda tx: tx.things.add("ab", "draft", "x", value={}))
    with pytest.raises(MisuseError) as caught:
        store.write_sync(lambda tx: tx.things.add("ab", "draft", "x", value={}))
    assert caught.value.code == "storage.exists"


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_change_over_somebody_elses_is_refused(store: Store, expected: int) -> None:
    store.write_sync(lambda tx: tx.things.put("ab", "draft", "x", value={"by": "me"}))
    store.write_sync(lambda tx: tx.things.put("ab", "draft", "x", value={"by": "you"}))
    with pytest.raises(MisuseError) as caught:
        store.write_sync(
            lambda tx: tx.things.put("ab", "draft", "x", value={}, expected_version=expected)
        )
    assert caught.value.code == "storage.stale"
    assert caught.value.facts == {"version": 2, "expected": expected}
    found = store.read_sync(lambda tx: tx.things.get("ab", "draft", "x"))
    assert found is not None
    assert found.value == {"by": "you"}


def test_things_are_listed_by_name_page_by_page(store: Store) -> None:
    rows = [("c", "open"), ("a", "open"), ("b", "done"), ("B", "open")]
    store.write_sync(
        lambda tx: [
            tx.things.put("ab", "draft", name, value={}, status=status) for name, status in rows
        ]
    )
    store.write_sync(lambda tx: tx.things.put("cd", "draft", "z", value={}, status="open"))
    store.write_sync(lambda tx: tx.things.put("ab", "other", "z", value={}, status="open"))

    listings: list[tuple[Callable[[Tx], tuple[ThingRow, ...]], list[str]]] = [
        (lambda tx: tx.things.list("ab", "draft"), ["B", "a", "b", "c"]),
        (lambda tx: tx.things.list("ab", "draft", limit=2), ["B", "a"]),
        (lambda tx: tx.things.list("ab", "draft", after="a", limit=2), ["b", "c"]),
        (lambda tx: tx.things.list("ab", "draft", status="open"), ["B", "a", "c"]),
        (lambda tx: tx.things.list("ab", "draft", status="open", after="B", limit=1), ["a"]),
    ]
    for listing, expected in listings:
        assert [row.name for row in store.read_sync(listing)] == expected


def test_things_that_changed_last_come_first_page_by_page(store: Store, clock: ToldClock) -> None:
    for number in (3, 1, 2, 4):
        clock.at = clock.at.plus(number % 2)
        store.write_sync(
            lambda tx, number=number: tx.things.put(  # type: ignore[misc]  # bound now
                "ab", "draft", f"n{number}", value={"n": number}, status="open"
            )
        )
    clock.at = clock.at.plus(5)
    store.write_sync(lambda tx: tx.things.put("ab", "draft", "n3", value={}, status="open"))
    store.write_sync(lambda tx: tx.things.put("ab", "draft", "z", value={}, status="done"))
    store.write_sync(lambda tx: tx.things.put("cd", "draft", "y", value={}, status="open"))
    seen: list[str] = []
    before: tuple[int, str] | None = None
    for _ in range(4):
        page = store.read_sync(
            lambda tx, before=before: tx.things.latest(  # type: ignore[misc]  # bound now
                "ab", "draft", status="open", before=before, limit=2
            )
        )
        seen += [row.name for row in page]
        if not page:
            break
        before = (page[-1].updated.seconds, page[-1].name)
    assert seen == ["n3", "n4", "n2", "n1"]
    assert store.read_sync(lambda tx: tx.things.count("ab", "draft", status="open")) == 4
    assert store.read_sync(lambda tx: tx.things.count("ab", "draft", status="gone")) == 0


def put(store: Store, topic: str, key: str, *, due: int = 0) -> int:
    return store.write_sync(
        lambda tx: tx.outbox.put(topic, key, f"{topic} {key}".encode(), due=START.plus(due))
    )


def due(store: Store, at: int) -> list[int]:
    return [row.id for row in store.read_sync(lambda tx: tx.outbox.due(START.plus(at)))]


def test_work_of_one_key_is_due_in_order_and_of_others_beside_it(store: Store) -> None:
    first, second, other, timer = (
        put(store, "sync", "b"),
        put(store, "sync", "b"),
        put(store, "sync", "c"),
        put(store, "window", "b", due=100),
    )
    assert due(store, 0) == [first, other]
    assert due(store, 100) == [first, other, timer]
    store.write_sync(lambda tx: tx.outbox.done(first))
    store.write_sync(lambda tx: tx.outbox.done(first))
    assert due(store, 0) == [second, other]


def test_work_that_waits_is_not_overtaken(store: Store) -> None:
    first, second = put(store, "sync", "b"), put(store, "sync", "b")
    store.write_sync(lambda tx: tx.outbox.later(first, START.plus(50), "e" * 900))
    assert due(store, 49) == []
    assert store.read_sync(lambda tx: tx.outbox.next_due()) == START.plus(50)
    assert due(store, 50) == [first]
    row = store.read_sync(lambda tx: tx.outbox.list())[0]
    assert (row.error, row.claimed_until, row.attempts) == ("e" * 500, None, 0)
    assert second > first


def test_what_one_worker_holds_no_other_takes_until_the_lease_ends(
    store: Store, clock: ToldClock
) -> None:
    row = put(store, "sync", "b")
    assert store.write_sync(lambda tx: tx.outbox.claim(row, START.plus(30)))
    assert not store.write_sync(lambda tx: tx.outbox.claim(row, START.plus(60)))
    assert due(store, 29) == []
    assert store.read_sync(lambda tx: tx.outbox.next_due()) == START.plus(30)
    assert due(store, 30) == [row]
    clock.at = START.plus(30)
    assert store.write_sync(lambda tx: tx.outbox.claim(row, START.plus(60)))
    assert store.read_sync(lambda tx: tx.outbox.list())[0].attempts == 2
    assert not store.write_sync(lambda tx: tx.outbox.claim(row + 1, START.plus(60)))


def test_a_node_that_starts_alone_takes_up_what_the_last_one_held(store: Store) -> None:
    row = put(store, "sync", "b")
    store.write_sync(lambda tx: tx.outbox.claim(row, START.plus(3000)))
    assert store.write_sync(lambda tx: tx.outbox.release()) == 1
    assert store.write_sync(lambda tx: tx.outbox.release()) == 0
    assert due(store, 0) == [row]


def test_cancelled_work_is_gone_and_its_number_is_not_used_again(store: Store) -> None:
    assert store.read_sync(lambda tx: tx.outbox.next_due()) is None
    put(store, "window", "m1", due=9)
    last = put(store, "window", "m1", due=9)
    assert store.write_sync(lambda tx: tx.outbox.cancel("window", "m1")) == 2
    assert store.write_sync(lambda tx: tx.outbox.cancel("window", "m1")) == 0
    assert put(store, "sync", "b") > last
    assert [row.topic for row in store.read_sync(lambda tx: tx.outbox.list())] == ["sync"]
    assert store.read_sync(lambda tx: tx.outbox.list("window")) == ()


def test_as_many_rows_are_due_as_were_asked_for_longest_waiting_first(store: Store) -> None:
    rows = [put(store, "sync", f"k{n}", due=10 - n) for n in range(4)]
    found = store.read_sync(lambda tx: tx.outbox.due(START.plus(60), 2))
    assert [row.id for row in found] == [rows[3], rows[2]]


def use(store: Store, keyid: str, nonce: str, *, now: int = 0, expires: int = 300) -> bool:
    return store.write_sync(
        lambda tx: tx.nonces.use(keyid, nonce, expires=START.plus(expires), now=START.plus(now))
    )


def test_a_nonce_serves_once_per_key_until_it_expires(store: Store) -> None:
    assert use(store, "k1", "n")
    assert not use(store, "k1", "n")
    assert use(store, "k2", "n")
    assert use(store, "k1", "m")
    assert not use(store, "k1", "n", now=300), "still valid in the second it expires"
    assert use(store, "k1", "n", now=301, expires=900)


def test_expired_nonces_do_not_pile_up(store: Store) -> None:
    store.write_sync(
        lambda tx: [
            tx.nonces.use("k", f"{n}", expires=START.plus(1), now=START) for n in range(100)
        ]
    )
    for n in range(2):
        assert use(store, "k", f"later {n}", now=2)
    # Everything old is forgotten after two uses, so every old nonce counts as new again.
    assert all(use(store, "k", f"{n}", now=2) for n in range(100))
