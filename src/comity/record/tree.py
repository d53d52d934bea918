"""The Merkle tree of a log: hashes of leaves and nodes, and the right edge that grows.

A log keeps only its ``Edge`` (the roots of the complete subtrees along the right side) to append
and to know its root. ``root_of`` computes the same root by the definition, recursively, from all
leaves: it is the second path that an audit compares with. Leaves that are asked for by place come
from ``tiles``; proofs from ``proofs``. Source: RFC 9162 2.1.1; RFC 6962 2.1; spec 3.1.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, Self

import attrs

from comity.foundation.errors import MisuseError

HASH_BYTES: Final = 32
#: Sizes and indices fit in the signed 64 bits that other implementations use.
SIZE_MAX: Final = (1 << 63) - 1
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf. Source: spec 3.1.1."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children. Source: spec 3.1.1."""
    return sha256(b"\x01" + left + right).digest()


def split_point(count: int) -> int:
    """Return the largest power of two smaller than ``count`` (at least 2). Source: spec 3.1.2."""
    return 1 << ((count - 1).bit_length() - 1)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over all leaf hashes, by the recursive definition. Source: spec 3.1.2."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    middle = split_point(len(leaves))
    return node_hash(root_of(leaves[:middle]), root_of(leaves[middle:]))


@attrs.frozen(kw_only=True)
class Edge:
    """The right edge of a tree: enough to append to it and to know its root.

    Attributes:
        size: How many leaves the tree has.
        nodes: The roots of its complete subtrees, from the left (largest) to the right; one for
            each bit that is set in ``size``.
    """

    size: int
    nodes: tuple[bytes, ...]

    @classmethod
    def empty(cls) -> Self:
        """Return the edge of the tree without leaves."""
        return cls(size=0, nodes=())

    def append(self, leaf: bytes) -> "Edge":
        """Return the edge with one more leaf hash at the right."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> "Edge":
        """Return the edge with more leaf hashes at the right, in their order."""
        nodes = list(self.nodes)
        size = self.size
        for leaf in leaves:
            node = leaf
            carry = size
            while carry & 1:
                node = node_hash(nodes.pop(), node)
                carry >>= 1
            nodes.append(node)
            size += 1
        return Edge(size=size, nodes=tuple(nodes))

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.nodes:
            return EMPTY_ROOT
        *rest, root = self.nodes
        for node in reversed(rest):
            root = node_hash(node, root)
        return root

    def to_bytes(self) -> bytes:
        """Return the edge for storage: the size in 8 bytes, big-endian, then the nodes."""
        return self.size.to_bytes(8, "big") + b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the edge that ``to_bytes`` wrote; nothing at all is the edge of an empty log.

        Raises:
            MisuseError: ``record.edge``: the length does not fit the size; the store is damaged.
        """
        size = int.from_bytes(data[:8], "big")
        nodes = data[8:]
        expected = 8 + HASH_BYTES * size.bit_count()
        if data and (size > SIZE_MAX or len(data) != expected):
            raise MisuseError(
                "record.edge",
                f"The stored edge of a log has {len(data)} bytes where its size asks for"
                f" {expected}: the store is damaged. Rebuild the edge from the entries.",
            )
        return cls(
            size=size,
            nodes=tuple(nodes[at : at + HASH_BYTES] for at in range(0, len(nodes), HASH_BYTES)),
        )
