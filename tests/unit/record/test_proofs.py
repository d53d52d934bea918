"""Proofs: what they show, and what they do not. Spec 3.2."""

import pytest

from comity.foundation.canonical import Json
from comity.foundation.errors import MisuseError, PeerError
from comity.record.proofs import (
    consistency_proof,
    covering_pair,
    hash_of_hex,
    hashes_of_hex,
    inclusion_proof,
    is_subtree,
    root_at,
    subtree_proof,
    verify_consistency,
    verify_in_subtree,
    verify_inclusion,
    verify_subtree,
)
from comity.record.tree import EMPTY_ROOT, root_of
from support.record import leaf, leaves, stored


def test_a_proof_does_not_tell_the_size_of_the_log() -> None:
    """Why size and root are taken together from one checkpoint (spec 3.2.5)."""
    proof = inclusion_proof(stored(3).reader(), index=0, size=3)
    root = root_of(leaves(3))
    for size in (3, 4):
        verify_inclusion(leaf(0), index=0, size=size, root=root, proof=proof)


def test_the_past_of_an_empty_log_is_empty() -> None:
    reader = stored(5).reader()
    assert root_at(reader, 0) == EMPTY_ROOT
    assert consistency_proof(reader, old=0, new=5) == ()
    root = root_of(leaves(5))
    verify_consistency((), old=0, old_root=EMPTY_ROOT, new=5, new_root=root)
    verify_consistency((), old=0, old_root=EMPTY_ROOT, new=0, new_root=EMPTY_ROOT)


@pytest.mark.parametrize(
    ("old", "old_root", "new", "new_root", "proof"),
    [
        (0, root_of(leaves(1)), 5, root_of(leaves(5)), ()),
        (0, EMPTY_ROOT, 5, root_of(leaves(5)), (leaf(0),)),
        (0, EMPTY_ROOT, 0, leaf(0), ()),
        (-1, EMPTY_ROOT, 5, root_of(leaves(5)), ()),
        (6, root_of(leaves(6)), 5, root_of(leaves(5)), ()),
        (2, leaf(0), 1, leaf(0), ()),
        (5, root_of(leaves(5)), 5, root_of(leaves(4)), ()),
        (5, root_of(leaves(5)), 5, root_of(leaves(5)), (leaf(0),)),
        (3, root_of(leaves(3)), 5, root_of(leaves(5)), ()),
        (1, b"short", 1, b"short", ()),
        (1, leaf(0), 1 << 64, leaf(0), (leaf(0),) * 64),
        (1, leaf(0), 5, root_of(leaves(5)), (leaf(0),) * 65),
    ],
)
def test_what_continues_nothing_is_refused(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: tuple[bytes, ...]
) -> None:
    with pytest.raises(PeerError) as caught:
        verify_consistency(proof, old=old, old_root=old_root, new=new, new_root=new_root)
    assert caught.value.code == "record.consistency"


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_an_entry_outside_the_log_is_not_in_it(index: int) -> None:
    proof = inclusion_proof(stored(5).reader(), index=4, size=5)
    with pytest.raises(PeerError) as caught:
        verify_inclusion(leaf(4), index=index, size=5, root=root_of(leaves(5)), proof=proof)
    assert caught.value.code == "record.inclusion"


@pytest.mark.parametrize(("start", "end"), [(1, 3), (2, 1), (-2, 0), (4, 9), (8, 12)])
def test_no_proof_is_made_for_what_is_no_part_of_the_log(start: int, end: int) -> None:
    with pytest.raises(MisuseError) as caught:
        subtree_proof(stored(8).reader(), start=start, end=end, size=8)
    assert caught.value.code == "record.proof_range"


def test_a_part_of_a_log_is_proven_and_nothing_beside_it() -> None:
    hashes = leaves(14)
    for start, end in ((4, 6), (8, 13), (0, 0), (14, 14)):
        node, root = root_of(hashes[start:end]), root_of(hashes)
        proof = subtree_proof(stored(14).reader(), start=start, end=end, size=14)
        verify_subtree(proof, start=start, end=end, node=node, size=14, root=root)
        with pytest.raises(PeerError) as caught:
            verify_subtree(proof, start=start, end=end, node=leaf(99), size=14, root=root)
        assert caught.value.code == "record.subtree"


def test_an_entry_is_found_in_a_part_of_the_log() -> None:
    hashes = leaves(13)
    root = root_of(hashes[8:13])
    proof = inclusion_proof(stored(5).reader(), index=2, size=5)
    real = (hashes[11], root_of(hashes[8:10]), hashes[12])
    verify_in_subtree(hashes[10], index=10, start=8, end=13, root=root, proof=real)
    for index, start, end in ((10, 7, 13), (7, 8, 13), (13, 8, 13), (9, 8, 13)):
        with pytest.raises(PeerError) as caught:
            verify_in_subtree(hashes[10], index=index, start=start, end=end, root=root, proof=real)
        assert caught.value.code == "record.subtree_inclusion"
    assert len(proof) == len(real)


@pytest.mark.parametrize(
    ("start", "end", "valid"),
    [
        (0, 0, True),
        (7, 7, True),
        (0, 1 << 63, True),
        (0, (1 << 64) - 1, True),
        (1 << 63, 1 << 64, True),
        ((1 << 63) + 1, 1 << 64, False),
        (1 << 62, (1 << 63) + 1, False),
        ((1 << 64) - 1, 1 << 64, True),
        ((1 << 64) - 3, 1 << 64, False),
        (4, 3, False),
        (-4, 0, False),
    ],
)
def test_parts_of_a_log_at_the_bounds(start: int, end: int, *, valid: bool) -> None:
    assert is_subtree(start, end) is valid


def test_the_two_parts_of_the_drafts_example() -> None:
    assert covering_pair(5, 13) == ((4, 8), (8, 13))
    assert covering_pair(7, 9) == ((7, 8), (8, 9))
    assert covering_pair(3, 3) == ((3, 3), (3, 3))


@pytest.mark.parametrize(
    "text", ["", "00" * 31, "00" * 33, "0G" * 32, "AB" * 32, "\u0660" * 64, 7, None]
)
def test_a_hash_has_one_spelling(text: Json) -> None:
    with pytest.raises(PeerError) as caught:
        hash_of_hex(text)
    assert caught.value.code == "record.hash"


def test_a_proof_of_a_million_hashes_is_refused_unread() -> None:
    assert hashes_of_hex(["00" * 32]) == (bytes(32),)
    for value in (["00" * 32] * 65, "00" * 32, None):
        with pytest.raises(PeerError) as caught:
            hashes_of_hex(value)
        assert caught.value.code == "record.proof_form"
