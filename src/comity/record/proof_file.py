"""A proof in one file: entry, way to the root, and the signed head.

Offline, with the leaf's bytes and the keys of log and cosigner, it shows that the entry was
recorded, and by when the counterpart held it. Source: C2SP tlog-proof; spec 3.6.6.
"""

from typing import Final

import attrs

from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.limits import NOTE_BYTES_MAX
from comity.record.checkpoint import parse_size
from comity.record.cosign import Cosigned, CosignerKeys, LogKeys, verify_cosigned
from comity.record.note import decode, encode
from comity.record.proofs import PROOF_HASHES_MAX, Proof, verify_inclusion
from comity.record.tree import HASH_BYTES, leaf_hash

EXTRA_BYTES_MAX: Final = 4 << 10
FILE_BYTES_MAX: Final = NOTE_BYTES_MAX + (16 << 10)
SUFFIX: Final = ".tlog-proof"

_FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"


@attrs.frozen(kw_only=True)
class ProofFile:
    """Where an entry stands, the hashes that lead to the root, and the signed head.

    Attributes:
        index: Index of the entry.
        hashes: The inclusion proof, the leaf's side first.
        note: The signed head, as it came.
        extra: Data beside the proof that nothing authenticates, or None.
    """

    index: int
    hashes: Proof
    note: bytes
    extra: bytes | None

    def to_bytes(self) -> bytes:
        """Return the file.

        Raises:
            MisuseError: ``record.proof_extra``: empty or too large.
        """
        lines = [_FIRST_LINE]
        if self.extra is not None:
            if not 1 <= len(self.extra) <= EXTRA_BYTES_MAX:
                raise MisuseError(
                    "record.proof_extra", f"Extra data has 1 to {EXTRA_BYTES_MAX} bytes."
                )
            lines.append(f"extra {encode(self.extra)}")
        lines += [f"index {self.index}", *(encode(item) for item in self.hashes), "", ""]
        return "\n".join(lines).encode() + self.note


def parse_proof_file(data: bytes) -> ProofFile:
    """Return the proof in a file; nothing in it is verified yet.

    Raises:
        PeerError: ``record.proof_file``; ``record.base64``.
    """
    head, blank, note = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    extra: bytes | None = None
    if len(data) > FILE_BYTES_MAX or not blank or lines.pop(0) != _FIRST_LINE:
        raise _wrong(f"it begins with {_FIRST_LINE} and is at most {FILE_BYTES_MAX} bytes long")
    if lines and lines[0].startswith("extra "):
        extra = decode(lines.pop(0).removeprefix("extra "), what="Extra data")
        if len(extra) > EXTRA_BYTES_MAX:
            raise _wrong(f"its extra data has at most {EXTRA_BYTES_MAX} bytes")
    if not lines or not lines[0].startswith("index "):
        raise _wrong("it says the index of the entry")
    index = parse_size(lines.pop(0).removeprefix("index "))
    if index is None or len(lines) > PROOF_HASHES_MAX:
        raise _wrong(f"it has an index in decimal and at most {PROOF_HASHES_MAX} hashes")
    hashes = tuple(decode(line, what="A hash of a proof") for line in lines)
    if any(len(item) != HASH_BYTES for item in hashes):
        raise _wrong(f"its hashes have {HASH_BYTES} bytes")
    return ProofFile(index=index, hashes=hashes, note=note, extra=extra)


def verify_proof_file(
    data: bytes, entry: bytes, *, log: LogKeys, cosigner: CosignerKeys
) -> Cosigned:
    """Return the cosigned head that contains ``entry``, at the index the file says.

    Compare that index with the one in the envelope: the same bytes elsewhere are no entry.

    Raises:
        PeerError: as ``parse_proof_file``, ``verify_cosigned`` and ``verify_inclusion``.
    """
    proof = parse_proof_file(data)
    cosigned = verify_cosigned(proof.note, log=log, cosigner=cosigner)
    verify_inclusion(
        leaf_hash(entry),
        index=proof.index,
        size=cosigned.checkpoint.size,
        root=cosigned.checkpoint.root,
        proof=proof.hashes,
    )
    return cosigned


def _wrong(what: str) -> PeerError:
    return PeerError("record.proof_file", f"This is no proof of C2SP tlog-proof: {what}.")
