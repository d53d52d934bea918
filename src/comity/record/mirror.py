"""What a node checks before it takes the counterpart's entries, and what it keeps of a lie.

A cosignature says: everything below this head was checked and is stored here. ``check_intake``
checks entry by entry that they continue the mirror and name only what this node really holds in its
own log; ``check_head`` that they make the root the counterpart signed; ``conflict`` turns two heads
that cannot both be true into evidence that a stranger verifies with the log's keys alone.
Source: record.md 4.4, 4.6, 13; spec 3.10.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import attrs

from comity.foundation.canonical import canonical, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.limits import NOTE_BYTES_MAX, SYNC_ENTRIES_MAX
from comity.record.body import ErasedSection, Header, SectionHead
from comity.record.checkpoint import Checkpoint
from comity.record.cosign import LogKeys, log_note, verify_log_signed
from comity.record.envelope import Envelope, clock, parse_envelope
from comity.record.kinds import check_sections, kind_of
from comity.record.proofs import (
    Proof,
    ReadHash,
    consistency_proof,
    hash_of_hex,
    hashes_of_hex,
    root_at,
    verify_consistency,
)
from comity.record.tree import Edge, leaf_hash

#: ``own_root(size)`` returns the root our own log had at ``size``; None if it is not that long.
OwnRoot: TypeAlias = Callable[[int], bytes | None]

CONFLICT_BYTES_MAX: Final = 2 * NOTE_BYTES_MAX + (32 << 10)


@attrs.frozen(kw_only=True)
class MirrorHead:
    """Where our mirror of the counterpart's log stands.

    Attributes:
        log: The origin of the mirrored log.
        own_log: The origin of our log, which its entries must name in ``seen``.
        edge: The edge of the mirrored tree.
        seen: ``seen.size`` of its last entry; 0 while it is empty.
        lc: The logical clock of its last entry; 0 while it is empty.
    """

    log: str
    own_log: str
    edge: Edge
    seen: int
    lc: int

    @property
    def size(self) -> int:
        """How many entries the mirror holds."""
        return self.edge.size


@attrs.frozen(kw_only=True)
class Received:
    """One entry as it came: the exact bytes, what they say, and the leaf hash."""

    raw: bytes
    envelope: Envelope
    leaf: bytes


@attrs.frozen(kw_only=True)
class Intake:
    """Entries that may be stored, and where the mirror stands after them."""

    entries: tuple[Received, ...]
    head: MirrorHead


def check_intake(head: MirrorHead, envelopes: Sequence[bytes], *, own: OwnRoot) -> Intake:
    """Return the entries if each of them may follow in the mirror. Source: spec 3.10.1.

    Their bodies and the kinds' contents are checked by those who know them; the head they make,
    by ``check_head``.

    Raises:
        PeerError: ``record.too_many_entries``, ``record.entry_log``, ``record.entry_index``,
            ``record.seen_log``, ``record.seen_back``, ``record.seen_beyond``,
            ``record.seen_root``, ``record.clock``; as ``parse_envelope`` and ``kind_of``.
    """
    if len(envelopes) > SYNC_ENTRIES_MAX:
        raise PeerError(
            "record.too_many_entries",
            f"At most {SYNC_ENTRIES_MAX} entries come at once; here are {len(envelopes)}.",
        )
    entries: list[Received] = []
    for raw in envelopes:
        envelope = parse_envelope(raw)
        kind_of(envelope.kind)
        _check_place(head, envelope)
        _check_seen(head, envelope, own=own)
        leaf = leaf_hash(raw)
        entries.append(Received(raw=raw, envelope=envelope, leaf=leaf))
        head = attrs.evolve(
            head, edge=head.edge.append(leaf), seen=envelope.seen.size, lc=envelope.lc
        )
    return Intake(entries=tuple(entries), head=head)


def check_head(intake: Intake, checkpoint: Checkpoint) -> None:
    """Return if the entries, after those held before, are exactly what the head covers.

    Raises:
        PeerError: ``record.head_log``, ``record.head_size``, ``record.head_root``.
    """
    head = intake.head
    if checkpoint.origin != head.log:
        raise PeerError(
            "record.head_log", f"The head is of {checkpoint.origin}, the entries of {head.log}."
        )
    if checkpoint.size != head.size:
        raise PeerError(
            "record.head_size",
            f"The head covers {checkpoint.size} entries, but {head.size} came: entries were"
            " withheld, or the head is not theirs.",
        )
    if checkpoint.root != head.edge.root():
        raise PeerError(
            "record.head_root",
            f"The {head.size} entries of {head.log} do not make the root that it signed: an entry"
            " was changed, withheld or swapped. Nothing was cosigned.",
        )


def check_received_body(envelope: Envelope, *, header: Header, commitment: str) -> None:
    """Return if the body that came with an entry is the one it commits to. Source: spec 3.10.3.

    Args:
        envelope: The entry.
        header: The header of the container that came.
        commitment: What ``BodyReader.finish`` returned for it.

    Raises:
        PeerError: ``record.body_commitment``; as ``check_sections``.
    """
    if commitment != envelope.commitment:
        raise PeerError(
            "record.body_commitment",
            f"The body that came with entry {envelope.n} of {envelope.log} is not the one that the"
            " entry commits to.",
        )
    erased = [part.name for part in header.sections if isinstance(part, ErasedSection)]
    present = [part.name for part in header.sections if isinstance(part, SectionHead)]
    check_sections(envelope.kind, present=present, erased=erased)


def _check_place(head: MirrorHead, envelope: Envelope) -> None:
    if envelope.log != head.log:
        raise PeerError(
            "record.entry_log",
            f"An entry of the log {envelope.log} came among those of {head.log}.",
        )
    if envelope.n != head.size:
        raise PeerError(
            "record.entry_index",
            f"Entry {head.size} of {head.log} is next; entry {envelope.n} came.",
        )
    latest = clock(n=envelope.n, seen=envelope.seen.size)
    if not head.lc < envelope.lc <= latest:
        raise PeerError(
            "record.clock",
            f"The logical clock of entry {envelope.n} is {envelope.lc}; after what it follows it"
            f" is from {head.lc + 1} to {latest}.",
        )


def _check_seen(head: MirrorHead, envelope: Envelope, *, own: OwnRoot) -> None:
    seen = envelope.seen
    if seen.log != head.own_log:
        raise PeerError(
            "record.seen_log",
            f"Entry {envelope.n} says it has seen the log {seen.log}; between us it can only be"
            f" {head.own_log}.",
        )
    if seen.size < head.seen:
        raise PeerError(
            "record.seen_back",
            f"Entry {envelope.n} says it has seen {seen.size} of our entries; the one before it"
            f" had seen {head.seen} already.",
        )
    root = own(seen.size)
    if root is None:
        raise PeerError(
            "record.seen_beyond",
            f"Entry {envelope.n} says it has seen {seen.size} of our entries; there are not as"
            " many. If our node was restored from a copy, it must recover from the counterpart.",
        )
    if root.hex() != seen.root:
        raise PeerError(
            "record.seen_root",
            f"Entry {envelope.n} names a root of our log at size {seen.size} that it never had.",
        )


@attrs.frozen(kw_only=True)
class Conflict:
    """Two heads of one log that are not shown to be one history, each signed by that log.

    Attributes:
        smaller: The note over fewer entries, with the log's signatures.
        larger: The note over more entries, or as many.
        root: The root that ``larger`` implies at the size of ``smaller``: proof of a fork. None
            where the log has not shown how the two belong together; then it must do so.
        proof: The consistency proof from ``root`` to ``larger``.
    """

    smaller: bytes
    larger: bytes
    root: bytes | None
    proof: Proof

    def to_bytes(self) -> bytes:
        """Return the evidence file. Source: spec 3.10.4."""
        return canonical(
            {
                "v": 1,
                "smaller": self.smaller.decode(),
                "larger": self.larger.decode(),
                "root": None if self.root is None else self.root.hex(),
                "proof": [item.hex() for item in self.proof],
            }
        )


def conflict(
    held: bytes, offered: bytes, *, log: LogKeys, mirror: ReadHash, proof: Proof
) -> Conflict | None:
    """Return the evidence if an offered head is not of the history we hold, else None.

    Args:
        held: The log-signed (or cosigned) note over the whole of our mirror.
        offered: The log-signed note that came.
        log: The keys of that log.
        mirror: Reads our mirror, up to the size of ``held``.
        proof: The consistency proof that came with ``offered``.

    Raises:
        PeerError: as ``verify_log_signed``: an unsigned head is evidence of nothing.
    """
    ours, theirs = verify_log_signed(held, log), verify_log_signed(offered, log)
    if theirs.size > ours.size:
        try:
            verify_consistency(
                proof, old=ours.size, old_root=ours.root, new=theirs.size, new_root=theirs.root
            )
        except PeerError:
            return Conflict(
                smaller=log_note(held, log=log),
                larger=log_note(offered, log=log),
                root=None,
                proof=(),
            )
        return None
    root = root_at(mirror, theirs.size)
    if root == theirs.root:
        return None
    return Conflict(
        smaller=log_note(offered, log=log),
        larger=log_note(held, log=log),
        root=root,
        proof=consistency_proof(mirror, old=theirs.size, new=ours.size),
    )


def parse_conflict(data: bytes) -> Conflict:
    """Return the conflict in an evidence file; nothing in it is verified yet.

    Raises:
        PeerError: ``record.conflict_form``; ``json.*``.
    """
    value = parse_canonical(data, bytes_max=CONFLICT_BYTES_MAX, what="Evidence of two heads")
    match dict(value):
        case {
            "v": 1,
            "smaller": str(smaller),
            "larger": str(larger),
            "root": None | str() as root,
            "proof": proof,
            **rest,
        } if not rest:
            return Conflict(
                smaller=smaller.encode(),
                larger=larger.encode(),
                root=None if root is None else hash_of_hex(root),
                proof=hashes_of_hex(proof),
            )
        case _:
            raise PeerError(
                "record.conflict_form", "The evidence of two heads is not as clause 3.10.4 says."
            )


def verify_conflict(data: bytes, log: LogKeys) -> Conflict:
    """Return the conflict if it proves, with the log's keys alone, that the log was forked.

    Raises:
        PeerError: ``record.no_conflict``: the two heads can both be true, or nothing shows that
            they cannot; as ``verify_log_signed``, ``verify_consistency`` and ``parse_conflict``.
    """
    found = parse_conflict(data)
    smaller = verify_log_signed(found.smaller, log)
    larger = verify_log_signed(found.larger, log)
    if found.root is None or found.root == smaller.root:
        raise PeerError(
            "record.no_conflict",
            f"The two heads of {log.origin} at {smaller.size} and {larger.size} entries are not"
            " shown to contradict each other.",
        )
    verify_consistency(
        found.proof,
        old=smaller.size,
        old_root=found.root,
        new=larger.size,
        new_root=larger.root,
    )
    return found
