"""Signing and verifying the heads of logs, under Ed25519 and ML-DSA-44 together.

The log signs its own checkpoint with a note signature (type 01) and an ML-DSA-44 signature (type
06, cosigner name = origin). The counterpart cosigns it, after it has checked and durably stored
everything below, with types 04 and 06; these carry the time that counts. Verification by a set of
keys is an OR in the note format; here every one of the named keys is needed, once. Policies for
other people's tools are in ``policy``. Source: C2SP tlog-cosignature v1.1; record.md 2.5; spec 3.6.
"""

from typing import Final, Self

import attrs

from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant
from comity.parties.keys import LogPair, PublicKey, Signer
from comity.record.checkpoint import Checkpoint, parse_checkpoint
from comity.record.note import (
    ED25519_COSIGNATURE,
    ED25519_NOTE,
    MLDSA44_COSIGNATURE,
    Note,
    SignatureLine,
    VKey,
    check_name,
    parse_note,
)
from comity.record.proofs import is_subtree

TIME_BYTES: Final = 8
#: 9999-12-31T23:59:59Z: a later time cannot be written (spec 1).
TIME_MAX: Final = 253_402_300_799

_SUBTREE_LABEL: Final = b"subtree/v1\n\0"
_SIGNATURE_BYTES: Final = {
    ED25519_NOTE: 64,
    ED25519_COSIGNATURE: TIME_BYTES + 64,
    MLDSA44_COSIGNATURE: TIME_BYTES + 2420,
}


@attrs.frozen(kw_only=True)
class LogKeys:
    """The keys that a log's own checkpoints must be signed with, both of them.

    Raises:
        PeerError: ``record.name``, ``keys.log_pair``.
    """

    origin: str
    ed: PublicKey
    pq: PublicKey

    def __attrs_post_init__(self) -> None:
        check_name(self.origin, what="The origin of a log")
        LogPair(ed=self.ed, pq=self.pq)

    @classmethod
    def of(cls, origin: str, pair: LogPair) -> Self:
        """Return the keys of a pair under a name."""
        return cls(origin=origin, ed=pair.ed, pq=pair.pq)

    def vkeys(self) -> tuple[VKey, VKey]:
        """Return the two keys in note form."""
        return (
            VKey(name=self.origin, kind=ED25519_NOTE, public=self.ed.raw),
            VKey(name=self.origin, kind=MLDSA44_COSIGNATURE, public=self.pq.raw),
        )


@attrs.frozen(kw_only=True)
class CosignerKeys:
    """The keys of the party that mirrors a log, both of them, and its name as a cosigner.

    Raises:
        PeerError: ``record.name``, ``keys.log_pair``.
    """

    name: str
    ed: PublicKey
    pq: PublicKey

    def __attrs_post_init__(self) -> None:
        check_name(self.name, what="The name of a cosigner")
        LogPair(ed=self.ed, pq=self.pq)

    @classmethod
    def of(cls, name: str, pair: LogPair) -> Self:
        """Return the keys of a pair under a name."""
        return cls(name=name, ed=pair.ed, pq=pair.pq)

    def vkeys(self) -> tuple[VKey, VKey]:
        """Return the two keys in note form."""
        return (
            VKey(name=self.name, kind=ED25519_COSIGNATURE, public=self.ed.raw),
            VKey(name=self.name, kind=MLDSA44_COSIGNATURE, public=self.pq.raw),
        )


@attrs.frozen(kw_only=True)
class HeadSigners:
    """Whoever signs heads: as a log (``name`` is its origin) or as a cosigner."""

    name: str
    ed: Signer
    pq: Signer

    def log_keys(self) -> LogKeys:
        """Return the public side, as a log."""
        return LogKeys(origin=self.name, ed=self.ed.public, pq=self.pq.public)

    def cosigner_keys(self) -> CosignerKeys:
        """Return the public side, as a cosigner."""
        return CosignerKeys(name=self.name, ed=self.ed.public, pq=self.pq.public)


@attrs.frozen(kw_only=True)
class Cosigned:
    """A head that its log signed and the counterpart held durably at ``time``."""

    checkpoint: Checkpoint
    time: Instant


def cosigner_name(origin: str) -> str:
    """Return the name under which a party cosigns, from the origin of any log of that party.

    A party has one cosigner for all its relationships: its Ed25519 cosignatures do not bind the
    name, so that a key may have one only. Source: spec 3.6.2.
    """
    return origin.partition("/comity/")[0] + "/comity/mirror"


def cosigned_text(checkpoint: Checkpoint, time: Instant) -> bytes:
    """Return what an Ed25519 cosignature signs."""
    return b"cosignature/v1\ntime %d\n" % time.seconds + checkpoint.text()


def subtree_message(
    checkpoint: Checkpoint, *, name: str, seconds: int, start: int = 0, end: int | None = None
) -> bytes:
    """Return what an ML-DSA-44 cosignature signs.

    Args:
        checkpoint: The head; for a subtree, its origin and the subtree's root count.
        name: The cosigner's name.
        seconds: The time, 0 where none is stated; always 0 for a subtree that starts later.
        start: First entry of the subtree.
        end: The entry after its last; None for the whole checkpoint.

    Raises:
        MisuseError: ``record.subtree_message``: no valid subtree, or a time for one.
    """
    stop = checkpoint.size if end is None else end
    if not is_subtree(start, stop) or (start and seconds):
        raise MisuseError(
            "record.subtree_message",
            f"The entries {start} to {stop} are no subtree that can be signed with time {seconds}.",
        )
    parts = (
        _SUBTREE_LABEL,
        _short(name),
        seconds.to_bytes(8, "big"),
        _short(checkpoint.origin),
        start.to_bytes(8, "big"),
        stop.to_bytes(8, "big"),
        checkpoint.root,
    )
    return b"".join(parts)


def sign_log(checkpoint: Checkpoint, *, signers: HeadSigners, at: Instant) -> bytes:
    """Return the checkpoint signed by its log: a note with two lines.

    Advance the high-water mark first (record.md 4.7). Source: spec 3.6.1.

    Raises:
        MisuseError: ``record.foreign_log``: the signers are those of another log.
    """
    if signers.name != checkpoint.origin:
        raise MisuseError(
            "record.foreign_log",
            f"The keys of {signers.name} cannot sign a head of {checkpoint.origin}.",
        )
    ed, pq = signers.log_keys().vkeys()
    lines = (
        SignatureLine.by(ed, signers.ed.sign(checkpoint.text())),
        SignatureLine.by(pq, _sign_pq(checkpoint, signers=signers, at=at)),
    )
    return Note(text=checkpoint.text(), signatures=lines).to_bytes()


def cosign(note: bytes, *, log: LogKeys, signers: HeadSigners, at: Instant) -> bytes:
    """Return a log-signed note with our two cosignatures below those of the log.

    Lines of others, older cosignatures too, are left out. Check and store everything below the
    head, and advance the high-water mark, before. Source: spec 3.6.2.

    Raises:
        PeerError: as ``verify_log_signed``.
    """
    checkpoint = verify_log_signed(note, log)
    ed, pq = signers.cosigner_keys().vkeys()
    time = at.seconds.to_bytes(TIME_BYTES, "big")
    own = (
        SignatureLine.by(ed, time + signers.ed.sign(cosigned_text(checkpoint, at))),
        SignatureLine.by(pq, _sign_pq(checkpoint, signers=signers, at=at)),
    )
    kept = _lines_of(parse_note(note), log)
    return Note(text=checkpoint.text(), signatures=(*kept, *own)).to_bytes()


def log_note(note: bytes, *, log: LogKeys) -> bytes:
    """Return the note with the two lines of its log only.

    Raises:
        PeerError: as ``verify_log_signed``.
    """
    checkpoint = verify_log_signed(note, log)
    return Note(text=checkpoint.text(), signatures=_lines_of(parse_note(note), log)).to_bytes()


def verify_log_signed(note: bytes, log: LogKeys) -> Checkpoint:
    """Return the head in a note that both keys of the log signed. Source: spec 3.6.3.

    Raises:
        PeerError: ``record.other_log``: the head of another log; ``record.unsigned``,
            ``record.signed_twice``, ``record.signature_form``, ``record.signature``; as
            ``parse_note`` and ``parse_checkpoint``.
    """
    parsed = parse_note(note)
    checkpoint = parse_checkpoint(parsed.text)
    if checkpoint.origin != log.origin:
        raise PeerError(
            "record.other_log",
            f"The head is of the log {checkpoint.origin}; expected is one of {log.origin}.",
        )
    for key, public in zip(log.vkeys(), (log.ed, log.pq), strict=True):
        verify_line(checkpoint, key, public, signature=_only(parsed, key))
    return checkpoint


def verify_cosigned(note: bytes, *, log: LogKeys, cosigner: CosignerKeys) -> Cosigned:
    """Return the head that both keys of the log and both of the cosigner signed.

    The two cosignatures state one and the same time. Source: spec 3.6.4.

    Raises:
        PeerError: ``record.cosigned_times``: the two state different times or none; as
            ``verify_log_signed``.
    """
    checkpoint = verify_log_signed(note, log)
    parsed = parse_note(note)
    seconds = {
        verify_line(checkpoint, key, public, signature=_only(parsed, key))
        for key, public in zip(cosigner.vkeys(), (cosigner.ed, cosigner.pq), strict=True)
    }
    if len(seconds) != 1 or 0 in seconds:
        raise PeerError(
            "record.cosigned_times",
            f"The two cosignatures of {cosigner.name} do not state one time: a pair is made at"
            " once or not at all.",
        )
    return Cosigned(checkpoint=checkpoint, time=Instant(seconds.pop()))


def verify_line(checkpoint: Checkpoint, key: VKey, public: PublicKey, *, signature: bytes) -> int:
    """Return the time in seconds that one valid signature states, 0 where it states none.

    Raises:
        PeerError: ``record.signature_form``, ``record.signature``.
    """
    if len(signature) != _SIGNATURE_BYTES[key.kind]:
        raise PeerError(
            "record.signature_form",
            f"A signature of type {key.kind} has {_SIGNATURE_BYTES[key.kind]} bytes; that of"
            f" {key.name} has {len(signature)}.",
        )
    seconds = 0
    message = checkpoint.text()
    if key.kind != ED25519_NOTE:
        seconds = int.from_bytes(signature[:TIME_BYTES], "big")
        signature = signature[TIME_BYTES:]
        if key.kind == ED25519_COSIGNATURE:
            message = cosigned_text(checkpoint, Instant(seconds))
        else:
            message = subtree_message(checkpoint, name=key.name, seconds=seconds)
    if seconds > TIME_MAX or not public.verify(signature, message):
        raise PeerError(
            "record.signature",
            f"The {public.alg} signature of {key.name} over the head of {checkpoint.origin} at"
            f" size {checkpoint.size} is not valid: note or key was changed.",
        )
    return seconds


def sign_subtree(checkpoint: Checkpoint, *, signers: HeadSigners, start: int, end: int) -> bytes:
    """Return the ML-DSA-44 signature over a subtree; ``checkpoint.root`` is the subtree's root."""
    message = subtree_message(checkpoint, name=signers.name, seconds=0, start=start, end=end)
    return signers.pq.sign(message)


def verify_subtree_signature(
    checkpoint: Checkpoint, signature: bytes, *, cosigner: CosignerKeys, start: int, end: int
) -> None:
    """Return if the cosigner signed the subtree; ``checkpoint.root`` is the subtree's root.

    Raises:
        PeerError: ``record.subtree_signature``.
    """
    message = subtree_message(checkpoint, name=cosigner.name, seconds=0, start=start, end=end)
    if not cosigner.pq.verify(signature, message):
        raise PeerError(
            "record.subtree_signature",
            f"{cosigner.name} has not signed these entries {start} to {end} of"
            f" {checkpoint.origin}.",
        )


def _sign_pq(checkpoint: Checkpoint, *, signers: HeadSigners, at: Instant) -> bytes:
    message = subtree_message(checkpoint, name=signers.name, seconds=at.seconds)
    return at.seconds.to_bytes(TIME_BYTES, "big") + signers.pq.sign(message)


def _lines_of(note: Note, log: LogKeys) -> tuple[SignatureLine, ...]:
    return tuple(SignatureLine.by(key, _only(note, key)) for key in log.vkeys())


def _only(note: Note, key: VKey) -> bytes:
    found = note.by(key)
    if not found:
        raise PeerError(
            "record.unsigned",
            f"The head lacks the signature of type {key.kind} of {key.name}: both algorithms are"
            " required.",
        )
    if len(found) > 1:
        raise PeerError(
            "record.signed_twice",
            f"The head carries {len(found)} signatures of type {key.kind} of {key.name}; one is"
            " expected.",
        )
    return found[0]


def _short(text: str) -> bytes:
    """Return a text of 1 to 255 bytes behind its length. Source: RFC 8446 section 3.4."""
    data = text.encode()
    return bytes([len(data)]) + data
