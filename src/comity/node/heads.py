"""What the stored logs say about heads: hashes to prove from, where a mirror ends, what goes on.

Reads of one transaction and pure checks; ``syncing`` decides with them. Source: spec 3.10.
"""

from comity.foundation.errors import PeerError
from comity.record.cosign import LogKeys, verify_log_signed
from comity.record.envelope import parse_envelope
from comity.record.mirror import MirrorHead
from comity.record.ports import LogHead, RelationshipRow
from comity.record.proofs import ReadHash, root_at, verify_consistency
from comity.record.sync import SyncHeader
from comity.record.tiles import hash_reader
from comity.record.tree import Edge
from comity.storage.tx import Tx


def reader_of(tx: Tx, origin: str) -> ReadHash:
    """Return the hashes of a log as this transaction sees it."""
    return hash_reader(
        size=tx.logs.head(origin).size,
        read_leaves=lambda start, stop: tx.logs.leaves(origin, start, stop),
        read_tile=lambda level, index: tx.logs.tile(origin, level, index),
    )


def mirror_head(tx: Tx, rel: RelationshipRow, head: LogHead) -> MirrorHead:
    """Return where the mirror of the counterpart's log ends, as the intake rules need it."""
    seen = 0
    if head.size:
        last = tx.logs.entry(rel.peer_origin, head.size - 1)
        assert last is not None
        seen = parse_envelope(last.envelope).seen.size
    return MirrorHead(
        log=rel.peer_origin,
        own_log=rel.own_origin,
        edge=Edge.from_bytes(head.edge),
        seen=seen,
        lc=head.lc,
    )


def continues(mirror: ReadHash, header: SyncHeader, *, held: int, log: LogKeys) -> bool:
    """Return whether a head beyond ours continues our mirror from where its sender thinks it ends.

    The entries between are still to come; then they must make that head (``check_head``).
    """
    head = verify_log_signed(header.note, log)
    if head.size <= held:
        return False
    try:
        verify_consistency(
            header.proof,
            old=header.start,
            old_root=root_at(mirror, header.start),
            new=head.size,
            new_root=head.root,
        )
    except PeerError:
        return False
    return True
