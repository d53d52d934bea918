"""The heads an archive rests on: signed, cosigned, never going back, all of one history per log.

Every proof of an entry brings a cosigned head, and every envelope names a head of the other log
that its author had seen. Each of them must be consistent with the newest head in the archive;
otherwise somebody has shown two histories. Source: record.md 4.4, 4.6; spec 8.3.3, 8.3.4.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

import attrs

from comity.foundation.attested import Mark, Marks
from comity.foundation.canonical import Json, canonical, parse_canonical
from comity.foundation.errors import PeerError
from comity.parties.documents import members
from comity.parties.letters import Letter, fingerprint, log_origin, rel_id
from comity.record.cosign import Cosigned, CosignerKeys, LogKeys, cosigner_name, verify_cosigned
from comity.record.note import parse_note
from comity.record.policy import hybrid_policy
from comity.record.proofs import Proof, hashes_of_hex, verify_consistency
from comity.record.tree import EMPTY_ROOT
from comity.verify.layout import SIDES, Side, Subject, consistency_file, latest_file, policy_file
from comity.verify.report import Book

_LINES: Final = 4
_PROOFS_BYTES_MAX: Final = 64 << 20


@attrs.frozen(kw_only=True)
class Log:
    """One log as the letters of both parties make it: its name, its keys, who cosigns it."""

    party: str
    origin: str
    keys: LogKeys
    cosigner: CosignerKeys


def logs_of(subject: Subject, letters: Mapping[str, Letter]) -> dict[str, Log]:
    """Return the log of each party. Source: spec 2.4.7, 3.6.1, 3.6.2.

    Raises:
        PeerError: ``letters.own_letter``.
    """
    first, second = (letters[party] for party in subject.parties)
    relationship = rel_id(fingerprint(first.document, second.document))
    made: dict[str, Log] = {}
    for party in subject.parties:
        origin = log_origin(party, relationship, 0)
        other = subject.other(party)
        name = cosigner_name(log_origin(other, relationship, 0))
        made[party] = Log(
            party=party,
            origin=origin,
            keys=LogKeys.of(origin, letters[party].keys.log),
            cosigner=CosignerKeys.of(name, letters[other].keys.cosigner),
        )
    return made


@attrs.frozen(kw_only=True)
class Head:
    """A size and root that some file says a log had."""

    party: str
    size: int
    root: bytes


@attrs.define
class History:
    """Collects the heads that are used, so that each is checked, and each note only once."""

    logs: Mapping[str, Log]
    used: dict[Head, str] = attrs.field(factory=dict)
    marks: dict[str, set[Mark]] = attrs.field(factory=dict)
    _notes: dict[tuple[str, bytes], Cosigned] = attrs.field(factory=dict)

    def cosigned(self, party: str, note: bytes, *, file: str) -> Cosigned:
        """Return the head of the log of ``party`` in a note that both parties signed.

        Raises:
            PeerError: ``verify.note_lines``; as ``record.cosign.verify_cosigned``.
        """
        found = self._notes.get((party, note))
        if found is None:
            log = self.logs[party]
            found = verify_cosigned(note, log=log.keys, cosigner=log.cosigner)
            if len(parse_note(note).signatures) != _LINES:
                raise PeerError(
                    "verify.note_lines",
                    "A head in evidence carries the two signatures of its log and the two of the"
                    " counterpart, and no other.",
                )
            self._notes[party, note] = found
        checkpoint = found.checkpoint
        self.see(Head(party=party, size=checkpoint.size, root=checkpoint.root), file=file)
        self.marks.setdefault(party, set()).add(Mark(checkpoint.size, found.time))
        return found

    def see(self, head: Head, *, file: str) -> None:
        """Remember that ``file`` names this head of a log."""
        self.used.setdefault(head, file)


def consistency_document(log: str, size: int, proofs: Mapping[int, Proof]) -> bytes:
    """Return ``consistency.json``: from every size used, the proof to the newest head."""
    listed: list[Json] = [
        {"size": old, "hashes": [one.hex() for one in proofs[old]]} for old in sorted(proofs)
    ]
    return canonical({"v": 1, "log": log, "size": size, "proofs": listed})


def check_history(
    book: Book, files: Mapping[str, bytes], *, subject: Subject, history: History
) -> None:
    """Take down whether every head used lies on one history per log, and times never go back."""
    for side in SIDES:
        party = subject.party(side)
        log = history.logs[party]
        file = latest_file(side)
        newest = book.attempt(
            "the newest head is signed by its log and cosigned by the counterpart",
            file=file,
            work=partial(history.cosigned, party, files[file], file=file),
        )
        if newest is not None:
            book.attempt(
                "every head used lies on one history",
                file=consistency_file(side),
                work=partial(_check_consistent, files, side, history=history, newest=newest),
            )
        book.attempt(
            "the times of the cosignatures never go back",
            file=file,
            work=partial(Marks.of, history.marks.get(party, ())),
        )
        book.expect(
            files[policy_file(side)] == hybrid_policy(log=log.keys, cosigner=log.cosigner),
            "the policy asks for all four keys of the letters",
            file=policy_file(side),
            wrong="it is not the policy that follows from the letters; use no tool with it",
        )


def _check_consistent(
    files: Mapping[str, bytes], side: Side, *, history: History, newest: Cosigned
) -> None:
    log, new = newest.checkpoint.origin, newest.checkpoint
    party = next(one.party for one in history.logs.values() if one.origin == log)
    proofs = _read_proofs(files[consistency_file(side)], log=log, size=new.size)
    used = {head: file for head, file in history.used.items() if head.party == party and head.size}
    if {head.size for head in used} != set(proofs):
        raise PeerError(
            "verify.consistency_sizes",
            f"Proofs are there from the sizes {sorted(proofs)[:20]}; the heads used have the sizes"
            f" {sorted({head.size for head in used})[:20]}.",
        )
    for head, file in used.items():
        try:
            verify_consistency(
                proofs[head.size],
                old=head.size,
                old_root=head.root,
                new=new.size,
                new_root=new.root,
            )
        except PeerError as error:
            raise PeerError(
                "verify.two_histories", f"{error.message} The older head stands in {file}."
            ) from error
    for head, file in history.used.items():
        if head.party == party and not head.size and head.root != EMPTY_ROOT:
            raise PeerError(
                "verify.empty_root", f"{file} names a root for a log that had no entries."
            )


def _read_proofs(data: bytes, *, log: str, size: int) -> dict[int, Proof]:
    what = "consistency.json"
    value = members(
        parse_canonical(data, bytes_max=_PROOFS_BYTES_MAX, what=what),
        ("v", "log", "size", "proofs"),
        what=what,
    )
    listed = value["proofs"]
    head = (value["v"], value["log"], value["size"])
    if head != (1, log, size) or not isinstance(listed, list):
        raise PeerError("verify.consistency_form", f"{what} is not about {log} at size {size}.")
    made: dict[int, Proof] = {}
    for one in listed:
        found = members(one, ("size", "hashes"), what="A proof")
        old = found["size"]
        if not isinstance(old, int) or isinstance(old, bool) or old <= max(made, default=0):
            raise PeerError(
                "verify.consistency_order", f"{what}: the sizes stand in order, each once."
            )
        made[old] = hashes_of_hex(found["hashes"])
    return made
