"""Parts of a unit of work: one that fails is undone alone, and what came before it stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.foundation.errors import PeerError
from comity.storage.store import Store
from comity.storage.tx import Tx
from support.stores import ToldClock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "comity.db", clock=ToldClock()) as opened:
        yield opened


def fact(store: Store, name: str) -> str | None:
    return store.read_sync(lambda tx: tx.meta.get(name))


def fail(tx: Tx) -> None:
    tx.meta.put("half", "done")
    raise PeerError("test.bad", "a part that fails half way")


def test_a_part_that_fails_is_undone_alone(store: Store) -> None:
    seen: list[str] = []

    def failing(tx: Tx) -> None:
        tx.on_commit(lambda: seen.append("never"))
        fail(tx)

    def part(tx: Tx) -> str:
        tx.on_commit(lambda: seen.append("part"))
        tx.meta.put("inner", "kept")
        return "inner"

    def work(tx: Tx) -> str:
        tx.meta.put("before", "kept")
        try:
            tx.part(failing)
        except PeerError as error:
            tx.meta.put("after", error.code)
        return tx.part(part)

    assert store.write_sync(work) == "inner"
    names = ("before", "half", "after", "inner")
    assert [fact(store, name) for name in names] == ["kept", None, "test.bad", "kept"]
    assert seen == ["part"]


def test_a_unit_that_fails_takes_its_parts_with_it(store: Store) -> None:
    def work(tx: Tx) -> None:
        tx.part(lambda part: part.meta.put("part", "done"))
        fail(tx)

    with pytest.raises(PeerError):
        store.write_sync(work)
    assert fact(store, "part") is None
