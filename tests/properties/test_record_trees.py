"""Trees, tiles and proofs for every size and place. Source: record.md 12.1 nos. 1, 2 and 4."""

import bisect

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.foundation.errors import PeerError
from comity.record.proofs import (
    Proof,
    consistency_proof,
    covering_pair,
    inclusion_proof,
    is_subtree,
    root_at,
    subtree_proof,
    verify_consistency,
    verify_inclusion,
    verify_subtree,
)
from comity.record.tiles import became_full, parse_tile_path, tiles_of
from comity.record.tree import Edge, root_of
from support.record import leaf, leaves, reader_of, stored

ALL = 600
LARGE = stored(100_000)
LARGE_READER = LARGE.reader()


def test_the_growing_edge_always_has_the_root_of_the_definition() -> None:
    edge = Edge.empty()
    for size in range(ALL + 1):
        assert edge.root() == root_of(leaves(size))
        assert len(edge.nodes) == size.bit_count()
        assert Edge.from_bytes(edge.to_bytes()) == edge
        edge = edge.append(leaf(size))


@given(st.integers(0, 100_000))
@example(65_536)
@example(65_535)
def test_a_large_log_has_at_every_size_the_root_of_the_definition(size: int) -> None:
    assert Edge.empty().extend(LARGE.hashes[:size]).root() == root_at(LARGE_READER, size)


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_it_does_not_matter_in_how_many_steps_a_log_grew(steps: list[int]) -> None:
    size, tiles = 0, set[tuple[int, int]]()
    for step in steps:
        new = set(became_full(size, size + step))
        assert not new & tiles, "a full tile never changes"
        size, tiles = size + step, tiles | new
    full = {(name.level or 0, name.index) for name in tiles_of(size) if name.width == 256}
    assert tiles == full
    assert {place: LARGE.tiles[place] for place in full} == stored(size).tiles


@given(st.integers(0, 1 << 40), st.integers(0, 1 << 30))
def test_every_tile_of_every_log_has_one_path(size: int, index: int) -> None:
    names = list(tiles_of(size % 200_000))
    assert len({name.path() for name in names}) == len(names)
    for name in names[index % (len(names) + 1) :: 97]:
        assert parse_tile_path(name.path()) == name


def included(proof: Proof, *, index: int, size: int, root: bytes, found: bytes) -> bool:
    try:
        verify_inclusion(found, index=index, size=size, root=root, proof=proof)
    except PeerError:
        return False
    return True


def expected_inclusion_hashes(index: int, size: int) -> int:
    """RFC 9162 2.1.3: full levels beside the leaf, then one hash for each set bit to the left."""
    inner = (index ^ (size - 1)).bit_length()
    return inner + (index >> inner).bit_count()


def test_every_entry_of_every_small_log_is_proven_and_no_other() -> None:
    for size in range(1, 40):
        root = root_of(leaves(size))
        reader = reader_of(leaves(size))
        for index in range(size):
            proof = inclusion_proof(reader, index=index, size=size)
            assert len(proof) == expected_inclusion_hashes(index, size)
            for other in range(size):
                right = other == index
                assert (
                    included(proof, index=other, size=size, root=root, found=leaf(index)) is right
                )


sizes = st.integers(1, 100_000)


@st.composite
def _place(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(sizes)
    return draw(st.integers(0, size - 1)), size


@given(_place(), st.data())
def test_no_changed_proof_of_an_entry_passes(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    root = root_at(LARGE_READER, size)
    proof = inclusion_proof(LARGE_READER, index=index, size=size)
    verify_inclusion(leaf(index), index=index, size=size, root=root, proof=proof)
    bad = data.draw(changed(proof))
    assert not included(bad, index=index, size=size, root=root, found=leaf(index))
    bit = data.draw(st.integers(0, 255))
    assert not included(proof, index=index, size=size, root=flip(root, bit), found=leaf(index))
    assert not included(proof, index=index, size=size, root=root, found=flip(leaf(index), bit))
    other = data.draw(st.integers(0, size + 2).filter(lambda n: n != index))
    assert not included(proof, index=other, size=size, root=root, found=leaf(index))


def flip(value: bytes, bit: int) -> bytes:
    data = bytearray(value)
    data[bit // 8] ^= 1 << bit % 8
    return bytes(data)


@st.composite
def changed(draw: st.DrawFn, proof: Proof) -> Proof:
    """Draw a proof that differs: a bit, one hash more or less, two swapped, one cut short."""
    how = draw(st.sampled_from(["bit", "drop", "insert", "swap", "cut", "double"]))
    at = draw(st.integers(0, max(len(proof) - 1, 0)))
    if how == "insert" or not proof:
        return (*proof[:at], draw(st.binary(min_size=32, max_size=32)), *proof[at:])
    if how == "drop":
        return proof[:at] + proof[at + 1 :]
    if how == "swap" and len(proof) > 1:
        first = at % (len(proof) - 1)
        return (*proof[:first], proof[first + 1], proof[first], *proof[first + 2 :])
    if how == "cut":
        return (*proof[:at], proof[at][:31], *proof[at + 1 :])
    if how == "double":
        return (*proof[: at + 1], *proof[at:])
    return (*proof[:at], flip(proof[at], draw(st.integers(0, 255))), *proof[at + 1 :])


def consistent(proof: Proof, *, old: int, old_root: bytes, new: int, new_root: bytes) -> bool:
    try:
        verify_consistency(proof, old=old, old_root=old_root, new=new, new_root=new_root)
    except PeerError:
        return False
    return True


def test_every_small_log_continues_every_smaller_one() -> None:
    roots = [root_of(leaves(size)) for size in range(34)]
    reader = reader_of(leaves(33))
    for new in range(34):
        for old in range(new + 1):
            proof = consistency_proof(reader, old=old, new=new)
            for claimed in range(new + 1):
                right = claimed == old
                assert (
                    consistent(
                        proof,
                        old=old,
                        old_root=roots[claimed],
                        new=new,
                        new_root=roots[new],
                    )
                    is right
                )


@given(_place(), st.data())
def test_no_changed_proof_of_a_past_passes(place: tuple[int, int], data: st.DataObject) -> None:
    old, new = place[0] + 1, place[1]
    old_root, new_root = root_at(LARGE_READER, old), root_at(LARGE_READER, new)
    proof = consistency_proof(LARGE_READER, old=old, new=new)
    assert consistent(proof, old=old, old_root=old_root, new=new, new_root=new_root)
    bad = data.draw(changed(proof))
    assert not consistent(bad, old=old, old_root=old_root, new=new, new_root=new_root)
    bit = data.draw(st.integers(0, 255))
    assert not consistent(proof, old=old, old_root=flip(old_root, bit), new=new, new_root=new_root)
    assert not consistent(proof, old=old, old_root=old_root, new=new, new_root=flip(new_root, bit))


def test_every_part_of_a_small_log_is_proven_and_its_neighbours_are_not() -> None:
    hashes = leaves(21)
    reader, root = reader_of(hashes), root_of(hashes)
    for end in range(22):
        for start in range(end + 1):
            if not is_subtree(start, end):
                continue
            node = root_of(hashes[start:end])
            proof = subtree_proof(reader, start=start, end=end, size=21)
            verify_subtree(proof, start=start, end=end, node=node, size=21, root=root)
            if start < end:
                with pytest.raises(PeerError):
                    verify_subtree(
                        proof, start=start, end=end, node=flip(node, 7), size=21, root=root
                    )


bounds = st.one_of(
    st.integers(0, 1 << 10),
    st.integers(0, 64).flatmap(lambda n: st.integers(max((1 << n) - 2, 0), (1 << n) + 2)),
)


@given(bounds, bounds)
@example(0, 1 << 64)
@example((1 << 64) - 1, 1 << 64)
def test_a_part_of_a_log_is_what_the_definition_says(start: int, end: int) -> None:
    powers = [1 << n for n in range(67)]
    valid = start <= end and (
        start == end or start % powers[bisect.bisect_left(powers, end - start)] == 0
    )
    assert is_subtree(start, end) is valid


@given(bounds, bounds)
@example(0, (1 << 64) - 1)
def test_two_parts_cover_any_range_with_little_beside_it(start: int, end: int) -> None:
    start, end = min(start, end), max(start, end)
    (left, middle), (right, last) = covering_pair(start, end)
    assert is_subtree(left, middle)
    assert is_subtree(right, last)
    assert (middle, last) == (right, end)
    assert left <= start
    if start < end:
        assert start - left < middle - start
