"""The tree: what a log stores is enough, damaged storage is noticed. Spec 3.1, 3.3."""

import pytest

from comity.foundation.errors import MisuseError, PeerError
from comity.record.proofs import root_at
from comity.record.tiles import (
    TILE_BYTES,
    TileName,
    entry_bundle,
    parse_entry_bundle,
    parse_tile_path,
    partial_width,
    tile_bytes,
    tiles_of,
)
from comity.record.tree import EMPTY_ROOT, Edge, leaf_hash, node_hash, root_of
from support.record import StoredLog, leaf, leaves, stored


def test_leaves_and_nodes_cannot_be_taken_for_one_another() -> None:
    assert leaf_hash(leaf(0) + leaf(1)) != node_hash(leaf(0), leaf(1))


def test_an_empty_log_has_the_root_of_nothing() -> None:
    assert Edge.empty().root() == root_of([]) == EMPTY_ROOT


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 1000])
def test_the_stored_edge_of_a_log_comes_back(size: int) -> None:
    edge = stored(size).edge
    assert Edge.from_bytes(edge.to_bytes()) == edge


def test_storage_starts_a_log_with_no_edge_at_all() -> None:
    assert Edge.from_bytes(b"") == Edge.empty()


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"\0" * 7,
        (1).to_bytes(8, "big"),
        (1).to_bytes(8, "big") + b"x" * 31,
        (2).to_bytes(8, "big") + b"x" * 64,
        (1 << 63).to_bytes(8, "big") + b"x" * 32,
    ],
)
def test_a_damaged_edge_is_not_signed_over(data: bytes) -> None:
    with pytest.raises(MisuseError) as caught:
        Edge.from_bytes(data)
    assert caught.value.code == "record.edge"


def test_a_lost_tile_is_rebuilt_from_the_entries() -> None:
    log = stored(66_000)
    rebuilt = root_at(log.reader(with_tiles=False), 66_000)
    assert rebuilt == root_at(log.reader(), 66_000) == log.edge.root()


def test_what_was_rebuilt_once_is_not_rebuilt_for_the_same_question() -> None:
    log = StoredLog()
    log.append(leaves(3000))
    reader = log.reader(with_tiles=False)
    assert reader(8, 3) == reader(8, 3) == root_of(leaves(1024)[768:])
    assert log.read_leaves == 256


def test_a_log_of_full_tiles_has_no_partial_one() -> None:
    assert [name.path() for name in tiles_of(512)] == [
        "tile/0/000",
        "tile/0/001",
        "tile/1/000.p/2",
    ]


def test_an_old_root_is_read_from_tiles_not_from_every_entry() -> None:
    log = StoredLog()
    log.append(leaves(3000))
    log.read_leaves = log.read_tiles = 0
    assert root_at(log.reader(), 2900) == root_of(leaves(2900))
    assert log.read_leaves < 256
    assert 0 < log.read_tiles < 16


def test_a_hash_beyond_the_log_is_our_mistake() -> None:
    with pytest.raises(MisuseError) as caught:
        stored(300).reader()(8, 1)
    assert caught.value.code == "record.beyond_log"


def test_tiles_are_served_whole_and_cut() -> None:
    log = stored(66_000)
    served = {name.path(): tile_bytes(name, log.reader()) for name in tiles_of(66_000)}
    assert len(served["tile/0/000"]) == len(served["tile/1/000"]) == TILE_BYTES
    assert served["tile/0/000"] == log.tiles[0, 0]
    assert served["tile/2/000.p/1"] == root_of(leaves(65_536))
    assert [name.width for name in tiles_of(66_000) if name.width != 256] == [
        partial_width(0, 66_000),
        partial_width(1, 66_000),
        partial_width(2, 66_000),
    ]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(level=0, index=0), "tile/0/000"),
        (TileName(level=0, index=999), "tile/0/999"),
        (TileName(level=1, index=1000), "tile/1/x001/000"),
        (TileName(level=3, index=1_234_067), "tile/3/x001/x234/067"),
        (TileName(level=63, index=5, width=255), "tile/63/005.p/255"),
        (TileName(level=None, index=273, width=112), "tile/entries/273.p/112"),
        (TileName(level=None, index=0), "tile/entries/000"),
    ],
)
def test_a_tile_has_one_path(name: TileName, path: str) -> None:
    assert name.path() == path
    assert parse_tile_path(path) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/entrie/000",  # codespell:ignore entrie
        "tile/0/\u0660\u0660\u0660",
        "tile/0/" + "x001/" * 20 + "000",
        "/tile/0/000",
        "tile/0/000\n",
        "../tile/0/000",
    ],
)
def test_no_other_path_leads_to_a_tile(path: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse_tile_path(path)
    assert caught.value.code == "record.tile_path"


def test_a_bundle_of_entries_comes_back() -> None:
    entries = (b"", b"one", b"x" * 65_535)
    assert parse_entry_bundle(entry_bundle(entries)) == entries
    assert parse_entry_bundle(b"") == ()


def test_an_entry_too_large_for_a_bundle_is_never_written() -> None:
    with pytest.raises(MisuseError) as caught:
        entry_bundle([b"x" * 65_536])
    assert caught.value.code == "record.entry_size"


@pytest.mark.parametrize("data", [b"\0", b"\0\1", b"\0\2x", b"\0\0" * 257])
def test_a_bundle_cut_off_or_too_long_is_refused(data: bytes) -> None:
    with pytest.raises(PeerError) as caught:
        parse_entry_bundle(data)
    assert caught.value.code == "record.bundle"
