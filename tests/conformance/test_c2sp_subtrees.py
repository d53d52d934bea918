"""Accumulated test vectors of the Merkle Tree Certificates draft: every input for trees to 130.

Each is the SHA-256 over one line for each input; the four values are those of the appendix
"Subtree Test Vectors" of draft-ietf-plants-merkle-tree-certs (after -05: empty parts are valid).
Spec 3.2.1, 3.2.2 and 3.2.4.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

import pytest

from comity.record.proofs import (
    Proof,
    covering_pair,
    inclusion_proof,
    is_subtree,
    subtree_proof,
    verify_in_subtree,
    verify_subtree,
)
from comity.record.tree import leaf_hash, root_of
from support.record import reader_of

LAST: Final = 130
LEAVES: Final = [leaf_hash(bytes([n])) for n in range(LAST + 1)]
ROOTS: Final = {
    (start, end): root_of(LEAVES[start:end])
    for end in range(LAST + 1)
    for start in range(end + 1)
    if is_subtree(start, end)
}


def line(what: str, proof: Proof) -> bytes:
    return " ".join([what, *(item.hex() for item in proof)]).encode() + b"\n"


def accumulated(lines: Iterator[bytes]) -> str:
    total = sha256()
    for item in lines:
        total.update(item)
    return total.hexdigest()


def read_hash(level: int, index: int) -> bytes:
    return ROOTS[index << level, (index + 1) << level]


@pytest.mark.conformance("MTC appendix, subtree hashes")
def test_roots_of_all_parts() -> None:
    found = accumulated(
        f"[{start}, {end}) {root.hex()}\n".encode() for (start, end), root in ROOTS.items()
    )
    assert found == "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81"


@pytest.mark.conformance("MTC appendix, subtree inclusion proofs")
def test_all_entries_of_all_parts() -> None:
    def lines() -> Iterator[bytes]:
        for (start, end), root in ROOTS.items():
            reader = reader_of(LEAVES[start:end])
            for index in range(start, end):
                proof = inclusion_proof(reader, index=index - start, size=end - start)
                verify_in_subtree(
                    LEAVES[index], index=index, start=start, end=end, root=root, proof=proof
                )
                yield line(f"{index} [{start}, {end})", proof)

    found = accumulated(lines())
    assert found == "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f"


@pytest.mark.conformance("MTC appendix, subtree consistency proofs")
def test_all_parts_of_all_logs() -> None:
    def lines() -> Iterator[bytes]:
        for size in range(LAST + 1):
            for (start, end), node in ROOTS.items():
                if end <= size:
                    proof = subtree_proof(read_hash, start=start, end=end, size=size)
                    root = ROOTS[0, size]
                    verify_subtree(proof, start=start, end=end, node=node, size=size, root=root)
                    yield line(f"[{start}, {end}) {size}", proof)

    found = accumulated(lines())
    assert found == "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74"


@pytest.mark.conformance("MTC appendix, efficient covering subtrees")
def test_all_covering_pairs() -> None:
    def lines() -> Iterator[bytes]:
        for end in range(LAST + 1):
            for start in range(end + 1):
                left, right = covering_pair(start, end)
                yield f"[{left[0]}, {left[1]}) [{right[0]}, {right[1]})\n".encode()

    found = accumulated(lines())
    assert found == "7fd9c8b926e9d2b5cf831560e8ce295a5ef97ad5c5ede4ea0dea28a8c8fc8bb0"
