"""Proofs that a leaf, an older tree or a subtree belongs to a tree: made and verified.

One generator and one verifier serve all three: the inclusion of leaf ``i`` is the subtree
``[i, i+1)``, the consistency with an older tree of size ``m`` is the subtree ``[0, m)``. A proof
says nothing about the *size* of the tree by itself: take size and root together from one verified
checkpoint, never from two places. Source: Merkle Tree Certificates draft, section 4; RFC 9162
2.1.3 and 2.1.4; spec 3.2.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from comity.foundation.canonical import Json
from comity.foundation.errors import MisuseError, PeerError
from comity.record.tree import EMPTY_ROOT, HASH_BYTES, SIZE_MAX, node_hash, split_point

#: ``read_hash(level, index)`` returns the root of the complete subtree over the leaves from
#: ``index << level`` to ``(index + 1) << level``; level 0 is the leaf hashes.
ReadHash: TypeAlias = Callable[[int, int], bytes]
Proof: TypeAlias = tuple[bytes, ...]

#: The longest proof of a tree within ``SIZE_MAX`` leaves; longer ones are refused unread.
PROOF_HASHES_MAX: Final = 64
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def is_subtree(start: int, end: int) -> bool:
    """Return whether ``[start, end)`` is a valid subtree. Source: spec 3.2.1."""
    if not 0 <= start <= end:
        return False
    return start == end or start % (1 << (end - start - 1).bit_length()) == 0


def covering_pair(start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return two adjacent subtrees that together cover ``[start, end)``.

    The second ends at ``end``; the first may begin before ``start`` by less than half of its
    length. Source: Merkle Tree Certificates draft, section 4.5.
    """
    if end - start <= 1:
        return (start, end), (end, end)
    last = end - 1
    split = (start ^ last).bit_length() - 1
    below = (1 << split) - 1
    middle = last & ~below
    height = (~start & below).bit_length()
    return (start >> height << height, middle), (middle, end)


def root_at(read_hash: ReadHash, size: int) -> bytes:
    """Return the root that the tree had at ``size``."""
    return _range_hash(read_hash, 0, size) if size else EMPTY_ROOT


def inclusion_proof(read_hash: ReadHash, *, index: int, size: int) -> Proof:
    """Return the proof that leaf ``index`` is in the tree of ``size``. Source: spec 3.2.2."""
    return subtree_proof(read_hash, start=index, end=index + 1, size=size)


def consistency_proof(read_hash: ReadHash, *, old: int, new: int) -> Proof:
    """Return the proof that the tree of size ``old`` is the beginning of that of size ``new``.

    From size 0 it is empty. Source: spec 3.2.3.
    """
    return subtree_proof(read_hash, start=0, end=old, size=new)


def subtree_proof(read_hash: ReadHash, *, start: int, end: int, size: int) -> Proof:
    """Return the proof that the subtree ``[start, end)`` belongs to the tree of ``size``.

    Raises:
        MisuseError: ``record.proof_range``: no valid subtree, or beyond the tree.
    """
    if not is_subtree(start, end) or end > size:
        raise MisuseError(
            "record.proof_range",
            f"No proof exists for the entries {start} to {end} in a log of {size} entries.",
        )
    hashes: list[bytes] = []
    if start == end:
        return ()
    low, high = 0, size
    whole = True
    # From the root down to the subtree; the hashes beside the way are the proof, in reverse.
    while (low, high) != (start, end):
        middle = low + split_point(high - low)
        if end <= middle:
            hashes.append(_range_hash(read_hash, middle, high))
            high = middle
        else:
            hashes.append(_range_hash(read_hash, low, middle))
            if start < middle:
                # The subtree straddles the split; what is left of it lies to the right, and its
                # own root is no node of the tree, so the verifier must be given the last hash.
                start, whole = middle, False
            low = middle
    if not whole:
        hashes.append(_range_hash(read_hash, low, high))
    return tuple(reversed(hashes))


def verify_inclusion(leaf: bytes, *, index: int, size: int, root: bytes, proof: Proof) -> None:
    """Return if leaf ``index`` with hash ``leaf`` is in the tree of ``size`` with ``root``.

    Raises:
        PeerError: ``record.inclusion``.
    """
    if index < 0 or not _proves(proof, (index, index + 1), leaf, tree=(size, root)):
        raise PeerError(
            "record.inclusion",
            f"The proof does not show entry {index} in the log of {size} entries with root"
            f" {root.hex()[:16]}: entry, proof and checkpoint do not belong together.",
        )


def verify_in_subtree(
    leaf: bytes, *, index: int, start: int, end: int, root: bytes, proof: Proof
) -> None:
    """Return if leaf ``index`` is in the subtree ``[start, end)`` with ``root``.

    Raises:
        PeerError: ``record.subtree_inclusion``.
    """
    valid = is_subtree(start, end) and start <= index < end
    place = (index - start, index - start + 1)
    if not valid or not _proves(proof, place, leaf, tree=(end - start, root)):
        raise PeerError(
            "record.subtree_inclusion",
            f"The proof does not show entry {index} among the entries {start} to {end}.",
        )


def verify_consistency(
    proof: Proof, *, old: int, old_root: bytes, new: int, new_root: bytes
) -> None:
    """Return if the tree of ``old`` is the beginning of the tree of ``new``.

    From size 0 the proof must be empty (C2SP tlog-witness). Source: spec 3.2.3.

    Raises:
        PeerError: ``record.consistency``.
    """
    if not _proves(proof, (0, old), old_root, tree=(new, new_root)):
        raise PeerError(
            "record.consistency",
            f"The log of {new} entries is not shown to continue the log of {old} entries:"
            " earlier entries may have been changed. Keep both checkpoints as evidence.",
        )


def verify_subtree(
    proof: Proof, *, start: int, end: int, node: bytes, size: int, root: bytes
) -> None:
    """Return if the subtree ``[start, end)`` with root ``node`` belongs to the tree of ``size``.

    Raises:
        PeerError: ``record.subtree``.
    """
    if not _proves(proof, (start, end), node, tree=(size, root)):
        raise PeerError(
            "record.subtree",
            f"The proof does not show the entries {start} to {end} in the log of {size} entries.",
        )


def hash_of_hex(text: Json) -> bytes:
    """Return a hash written as 64 lower-case hexadecimal digits.

    Raises:
        PeerError: ``record.hash``.
    """
    if not isinstance(text, str) or _HASH.fullmatch(text) is None:
        raise PeerError("record.hash", f"A hash is {2 * HASH_BYTES} lower-case hexadecimal digits.")
    return bytes.fromhex(text)


def hashes_of_hex(value: Json) -> Proof:
    """Return a proof written as a list of hexadecimal hashes.

    Raises:
        PeerError: ``record.proof_form``: no list, or longer than any proof; ``record.hash``.
    """
    if not isinstance(value, list) or len(value) > PROOF_HASHES_MAX:
        raise PeerError(
            "record.proof_form", f"A proof is a list of at most {PROOF_HASHES_MAX} hashes."
        )
    return tuple(hash_of_hex(item) for item in value)


def _range_hash(read_hash: ReadHash, low: int, high: int) -> bytes:
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read_hash(level, low >> level)
    middle = low + split_point(count)
    return node_hash(_range_hash(read_hash, low, middle), _range_hash(read_hash, middle, high))


def _proves(
    proof: Sequence[bytes], place: tuple[int, int], node: bytes, *, tree: tuple[int, bytes]
) -> bool:
    """Return the verdict of the draft's section 4.4.3; the comments carry its steps."""
    (start, end), (size, root) = place, tree
    hashes = (node, root, *proof)
    well_formed = len(proof) <= PROOF_HASHES_MAX and all(len(h) == HASH_BYTES for h in hashes)
    # 1.
    if not well_formed or not is_subtree(start, end) or not end <= size <= SIZE_MAX:
        return False
    # 2.; a tree without leaves has one root only.
    if start == end:
        return not proof and node == EMPTY_ROOT and (size > 0 or root == EMPTY_ROOT)
    # 3. to 5.
    shift = _levels_shared(start, end - 1, size - 1)
    place_in = (start >> shift, (end - 1) >> shift, (size - 1) >> shift)
    # 6.
    if place_in[0] == place_in[1]:
        return _climb(proof, place_in, node) == (node, root)
    if not proof:
        return False
    return _climb(proof[1:], place_in, proof[0]) == (node, root)


def _levels_shared(first: int, last: int, last_of_tree: int) -> int:
    """Return how many levels up the walk begins: steps 4 and 5."""
    shift = 0
    while first >> shift != last >> shift:
        if last != last_of_tree and not last >> shift & 1:
            break
        shift += 1
    return shift


def _climb(
    proof: Sequence[bytes], place: tuple[int, int, int], node: bytes
) -> tuple[bytes, bytes] | None:
    """Return the computed subtree root and tree root, or None where the length is wrong."""
    first, last, last_of_tree = place
    subtree = tree = node
    # 7.
    for beside in proof:
        if last_of_tree == 0:
            return None
        if last & 1 or last == last_of_tree:
            if first < last:
                subtree = node_hash(beside, subtree)
            tree = node_hash(beside, tree)
            while not last & 1:
                first, last, last_of_tree = first >> 1, last >> 1, last_of_tree >> 1
        else:
            tree = node_hash(tree, beside)
        first, last, last_of_tree = first >> 1, last >> 1, last_of_tree >> 1
    # 8.
    return (subtree, tree) if last_of_tree == 0 else None
