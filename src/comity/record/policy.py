"""Policies in the format of other people's tools: whose signatures make a head good.

Notes verify by OR; that both algorithms are needed is said in an unmodified tlog-policy file by
listing the log's ML-DSA-44 key as a witness and requiring all (record.md 2.9). Nodes and verifier
use ``cosign.verify_cosigned``, which needs no policy; the file travels with evidence so that a
stranger's tool comes to the same verdict. Source: C2SP tlog-policy; spec 3.6.5.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from comity.foundation.errors import PeerError
from comity.parties.keys import PublicKey
from comity.record.checkpoint import Checkpoint, parse_checkpoint
from comity.record.cosign import CosignerKeys, LogKeys, verify_line
from comity.record.note import (
    ED25519_COSIGNATURE,
    ED25519_NOTE,
    MLDSA44_COSIGNATURE,
    Note,
    VKey,
    parse_note,
    parse_vkey,
)

POLICY_BYTES_MAX: Final = 256 << 10
#: At least 32 logs, 32 witnesses and 32 groups must be supported.
POLICY_LINES_MAX: Final = 1024

_LOG_KINDS: Final = frozenset({ED25519_NOTE, MLDSA44_COSIGNATURE})
_WITNESS_KINDS: Final = frozenset({ED25519_COSIGNATURE, MLDSA44_COSIGNATURE})


@attrs.frozen(kw_only=True)
class Group:
    """A group of witnesses and groups: it witnesses when ``least`` of its members do."""

    least: int
    members: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Policy:
    """Logs any one of which must have signed, and the quorum of witnesses.

    Attributes:
        logs: The keys of the logs; empty where the log is known otherwise.
        witnesses: The witnesses by their name in the policy.
        groups: The groups by name.
        quorum: The witness or group that must have witnessed; None for none.
    """

    logs: tuple[VKey, ...]
    witnesses: Mapping[str, VKey]
    groups: Mapping[str, Group]
    quorum: str | None


def hybrid_policy(*, log: LogKeys, cosigner: CosignerKeys) -> bytes:
    """Return the policy that requires both algorithms of the log and of its cosigner."""
    log_ed, log_pq = log.vkeys()
    cosigner_ed, cosigner_pq = cosigner.vkeys()
    lines = (
        f"log {log_ed}",
        f"witness log-pq {log_pq}",
        f"witness cosigner-ed {cosigner_ed}",
        f"witness cosigner-pq {cosigner_pq}",
        "group sealed all log-pq cosigner-ed cosigner-pq",
        "quorum sealed",
    )
    return "".join(f"{line}\n" for line in lines).encode()


def parse_policy(data: bytes) -> Policy:
    """Return the policy in a file.

    Raises:
        PeerError: ``record.policy_text``, ``record.policy``; as ``parse_vkey``.
    """
    # Octets above 7F are opaque: one octet, one character.
    text = data.decode("latin-1")
    lines = text.split("\n")
    control = any(ord(char) < 0x20 and char not in "\t\n" for char in text) or "\x7f" in text
    too_large = len(data) > POLICY_BYTES_MAX or len(lines) > POLICY_LINES_MAX
    if too_large or control or lines.pop():
        raise PeerError(
            "record.policy_text",
            "A policy is lines that end in LF, without control characters, of at most"
            f" {POLICY_LINES_MAX} lines and {POLICY_BYTES_MAX} bytes.",
        )
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#"):
            reader.read(words, number=number)
    return reader.policy()


def verify_policy(note: bytes, policy: Policy) -> Checkpoint:
    """Return the head in a note that the policy is satisfied with.

    Raises:
        PeerError: ``record.policy_log``: none of the logs signed; ``record.policy_quorum``: too
            few witnesses did; as ``parse_note``, ``parse_checkpoint`` and ``verify_line`` (a bad
            signature of a known key refuses the note).
    """
    parsed = parse_note(note)
    checkpoint = parse_checkpoint(parsed.text)
    logs = [
        key
        for key in policy.logs
        if key.name == checkpoint.origin and _signed(parsed, checkpoint, key)
    ]
    if policy.logs and not logs:
        raise PeerError(
            "record.policy_log",
            f"The head of {checkpoint.origin} is signed by none of the logs of the policy.",
        )
    present = {name for name, key in policy.witnesses.items() if _signed(parsed, checkpoint, key)}
    # Groups stand after their members.
    for name, group in policy.groups.items():
        if sum(member in present for member in group.members) >= group.least:
            present.add(name)
    if policy.quorum is not None and policy.quorum not in present:
        raise PeerError(
            "record.policy_quorum",
            f"The head of {checkpoint.origin} at size {checkpoint.size} lacks signatures that the"
            f" policy requires; present: {', '.join(sorted(present)) or 'none'}.",
        )
    return checkpoint


def _signed(note: Note, checkpoint: Checkpoint, key: VKey) -> bool:
    """Return whether ``key`` signed; a signature under it that is bad refuses the note."""
    found = note.by(key)
    public = PublicKey(
        alg="ML-DSA-44" if key.kind == MLDSA44_COSIGNATURE else "Ed25519", raw=key.public
    )
    for signature in found:
        verify_line(checkpoint, key, public, signature=signature)
    return bool(found)


class _Reader:
    """Reads the lines of a policy; every name must stand before it is used."""

    def __init__(self) -> None:
        self._logs: list[VKey] = []
        self._witnesses: dict[str, VKey] = {}
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: list[str] = []
        self._number = 0

    def read(self, words: list[str], *, number: int) -> None:
        """Take one line."""
        self._number = number
        match words:
            case ["log", key] | ["log", key, _]:
                self._log(key)
            case ["witness", name, key] | ["witness", name, key, _]:
                self._witness(name, key)
            case ["group", name, least, *members] if members:
                self._group(name, least, members)
            case ["quorum", name] if not self._quorum:
                self._known(name, or_none=True)
                self._quorum.append(name)
            case _:
                raise self._wrong("no line of a policy, or a second quorum")

    def policy(self) -> Policy:
        """Return what was read."""
        if not self._quorum:
            raise self._wrong("a policy names its quorum")
        quorum = self._quorum[0]
        return Policy(
            logs=tuple(self._logs),
            witnesses=self._witnesses,
            groups=self._groups,
            quorum=None if quorum == "none" else quorum,
        )

    def _log(self, text: str) -> None:
        key = _vkey(text)
        if key.kind not in _LOG_KINDS or not _unlike(key, self._logs):
            raise self._wrong("no key of a log, or one that stands twice")
        self._logs.append(key)

    def _witness(self, name: str, text: str) -> None:
        key = _vkey(text)
        self._new(name)
        if key.kind not in _WITNESS_KINDS or not _unlike(key, self._witnesses.values()):
            raise self._wrong("no key of a witness, or one that stands twice")
        self._witnesses[name] = key

    def _group(self, name: str, least: str, members: list[str]) -> None:
        self._new(name)
        for member in members:
            self._known(member, or_none=False)
            if member in self._grouped:
                raise self._wrong(f"{member!r} is a member twice")
            self._grouped.add(member)
        count = {"all": len(members), "any": 1}.get(least) or self._threshold(least)
        if not 1 <= count <= len(members):
            raise self._wrong(f"{least!r} of {len(members)} members")
        self._groups[name] = Group(least=count, members=tuple(members))

    def _threshold(self, text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or text.startswith("0") or len(text) > 4:
            raise self._wrong(f"{text[:20]!r} is no number of members")
        return int(text)

    def _new(self, name: str) -> None:
        if name == "none" or name in self._witnesses or name in self._groups:
            raise self._wrong(f"the name {name[:60]!r} is taken")

    def _known(self, name: str, *, or_none: bool) -> None:
        known = name in self._witnesses or name in self._groups
        if not known and not (or_none and name == "none"):
            raise self._wrong(f"{name[:60]!r} was not defined before")

    def _wrong(self, what: str) -> PeerError:
        return PeerError("record.policy", f"Line {self._number} of the policy: {what}.")


def _vkey(text: str) -> VKey:
    return parse_vkey(text.encode("latin-1").decode("utf-8", "replace"))


def _unlike(key: VKey, others: Iterable[VKey]) -> bool:
    """Return whether a key is new: neither its public key nor its name and id stood before."""
    return all(
        key.public != other.public and (key.name, key.key_id) != (other.name, other.key_id)
        for other in others
    )
