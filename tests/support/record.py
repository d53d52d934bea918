"""Logs for the tests of the record: stored trees, keys from names, heads signed once."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import attrs

from comity.foundation.instants import Instant
from comity.record.checkpoint import Checkpoint
from comity.record.cosign import HeadSigners, cosign, sign_log
from comity.record.proofs import ReadHash
from comity.record.tiles import full_tiles, hash_reader
from comity.record.tree import Edge, leaf_hash, root_of
from support.parties import ed25519, ml_dsa_44

REL = "00112233445566778899aabbccddeeff"
A_LOG = f"a.example/comity/{REL}/0"
B_LOG = f"b.example/comity/{REL}/0"
B_COSIGNER = "b.example/comity/mirror"
SIGNED_AT = Instant.parse("2026-11-23T12:00:00Z")
COSIGNED_AT = Instant.parse("2026-11-23T12:00:05Z")


def signers(name: str, *, key: str | None = None) -> HeadSigners:
    """Return whoever signs heads under ``name``; the keys are made from ``key`` (or the name)."""
    return HeadSigners(name=name, ed=ed25519(key or name), pq=ml_dsa_44(key or name))


A = signers(A_LOG)
B = signers(B_COSIGNER)


@lru_cache(maxsize=100_000)
def leaf(n: int) -> bytes:
    return leaf_hash(b"entry %d" % n)


def leaves(count: int) -> list[bytes]:
    return [leaf(n) for n in range(count)]


@attrs.define
class StoredLog:
    """A log as storage keeps it: leaf hashes, full tiles, the edge."""

    hashes: list[bytes] = attrs.field(factory=list)
    tiles: dict[tuple[int, int], bytes] = attrs.field(factory=dict)
    edge: Edge = attrs.field(factory=Edge.empty)
    read_tiles: int = 0
    read_leaves: int = 0

    def append(self, more: Sequence[bytes]) -> None:
        before = self.edge.size
        self.hashes += more
        made = full_tiles(before, len(self.hashes), leaf=self.hashes.__getitem__, tile=self._tile)
        self.tiles |= {(row.level, row.index): row.data for row in made}
        self.edge = self.edge.extend(more)

    def _tile(self, level: int, index: int) -> bytes | None:
        self.read_tiles += 1
        return self.tiles.get((level, index))

    def _leaves(self, start: int, stop: int) -> Sequence[bytes]:
        self.read_leaves += stop - start
        return self.hashes[start:stop]

    def reader(self, *, size: int | None = None, with_tiles: bool = True) -> ReadHash:
        return hash_reader(
            size=len(self.hashes) if size is None else size,
            read_leaves=self._leaves,
            read_tile=self._tile if with_tiles else lambda _level, _index: None,
        )


@lru_cache(maxsize=64)
def stored(count: int) -> StoredLog:
    log = StoredLog()
    log.append(leaves(count))
    return log


def reader_of(hashes: Sequence[bytes]) -> ReadHash:
    """Return a reader by the definition of the tree alone."""
    return lambda level, index: root_of(hashes[index << level : (index + 1) << level])


def head(size: int, *, origin: str = A_LOG, hashes: Sequence[bytes] | None = None) -> Checkpoint:
    found = leaves(size) if hashes is None else hashes[:size]
    return Checkpoint(origin=origin, size=size, root=root_of(found))


@lru_cache(maxsize=64)
def signed(size: int) -> bytes:
    return sign_log(head(size), signers=A, at=SIGNED_AT)


@lru_cache(maxsize=64)
def cosigned(size: int) -> bytes:
    return cosign(signed(size), log=A.log_keys(), signers=B, at=COSIGNED_AT)


def own_root(hashes: Sequence[bytes]) -> Callable[[int], bytes | None]:
    """Return how a node knows its own past roots."""
    return lambda size: root_of(hashes[:size]) if size <= len(hashes) else None
