"""The entries of an archive: each in its log, at its place, with the body it committed to.

An entry counts from here on only if its envelope is in a head that its log signed and the
counterpart cosigned, and its body is the one the envelope commits to. Its attested time is that of
this head: exporters bring the earliest one, and a later one can only harm whoever brings it.
Source: record.md 4.2 to 4.4; spec 1.6, 8.3.2.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import pairwise

import attrs

from comity.foundation.canonical import JsonObject, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.foundation.limits import TEXT_BYTES_MAX
from comity.record.body import Body, commit, unpack
from comity.record.envelope import Envelope, parse_envelope
from comity.record.kinds import check_body
from comity.record.proof_file import parse_proof_file
from comity.record.proofs import verify_inclusion
from comity.record.tree import leaf_hash
from comity.verify.history import Head, History
from comity.verify.layout import (
    Subject,
    entries_in,
    entry_folder,
)
from comity.verify.report import Book


@attrs.frozen(kw_only=True)
class Entry:
    """One entry that was proven.

    Attributes:
        party: Its author.
        n: Its place in the author's log.
        seen: How much of the other log the author had seen.
        lc: Its logical clock.
        kind: What kind of act.
        act: What it says.
        sections: The other sections of its body that are there.
        attested: When the counterpart held it.
        folder: Where it stands in the archive.
    """

    party: str
    n: int
    seen: int
    lc: int
    kind: str
    act: JsonObject
    sections: Mapping[str, bytes]
    attested: Instant
    folder: str

    @property
    def body(self) -> str:
        """The file of its body."""
        return f"{self.folder}/body.bin"

    def section(self, name: str) -> bytes:
        """Return a section that its kind requires."""
        return self.sections[name]

    def knew(self, other: "Entry") -> bool:
        """Return whether its author had seen ``other``. Source: record.md 4.4."""
        return other.n < (self.n if other.party == self.party else self.seen)


@attrs.frozen(kw_only=True)
class _Place:
    """Where an entry is said to stand, and its three files."""

    subject: Subject
    party: str
    n: int
    folder: str
    files: Mapping[str, bytes]

    def bytes_of(self, part: str) -> bytes:
        return self.files[f"{self.folder}/{part}"]


def check_entries(
    book: Book, files: Mapping[str, bytes], *, subject: Subject, history: History
) -> tuple[Entry, ...]:
    """Take down whether each entry is proven; return those that are, log by log, in order."""
    made: list[Entry] = []
    for side, places in entries_in(files).items():
        found: list[Entry] = []
        for n in places:
            place = _Place(
                subject=subject,
                party=subject.party(side),
                n=n,
                folder=entry_folder(side, n),
                files=files,
            )
            entry = _check_entry(book, place, history)
            found += [] if entry is None else [entry]
        for before, after in pairwise(found):
            book.expect(
                before.seen <= after.seen and before.lc < after.lc,
                "what an author has seen never grows less",
                file=f"{after.folder}/envelope.json",
                wrong=f"it had seen {after.seen} entries; {before.folder} had seen {before.seen}",
            )
        made += found
    return tuple(made)


def _check_entry(book: Book, place: _Place, history: History) -> Entry | None:
    envelope = book.attempt(
        "the envelope belongs to this log and place",
        file=f"{place.folder}/envelope.json",
        work=partial(_envelope, place, history),
    )
    attested = book.attempt(
        "the proof carries a head that both parties signed",
        file=f"{place.folder}/proof.txt",
        work=partial(_attested, place, history),
    )
    if envelope is None or attested is None:
        return None
    included = book.attempt(
        "the envelope is in that head",
        file=f"{place.folder}/envelope.json",
        work=partial(_included, place, history),
    )
    body = book.attempt(
        "the body is the one the envelope commits to",
        file=f"{place.folder}/body.bin",
        work=partial(_body, place, envelope),
    )
    if included is None or body is None:
        return None
    act, sections = body
    return Entry(
        party=place.party,
        n=place.n,
        seen=envelope.seen.size,
        lc=envelope.lc,
        kind=envelope.kind,
        act=act,
        sections=sections,
        attested=attested,
        folder=place.folder,
    )


def _envelope(place: _Place, history: History) -> Envelope:
    envelope = parse_envelope(place.bytes_of("envelope.json"))
    other = place.subject.other(place.party)
    wanted = (history.logs[place.party].origin, place.n, history.logs[other].origin)
    if (envelope.log, envelope.n, envelope.seen.log) != wanted:
        raise PeerError(
            "verify.place",
            f"The envelope says it is entry {envelope.n} of {envelope.log[:80]}; here should be"
            f" entry {place.n} of {wanted[0]}.",
        )
    if envelope.kind not in place.subject.kinds:
        raise PeerError(
            "verify.kind", f"An entry {envelope.kind} has no place in evidence of this subject."
        )
    head = Head(party=other, size=envelope.seen.size, root=bytes.fromhex(envelope.seen.root))
    history.see(head, file=f"{place.folder}/envelope.json")
    return envelope


def _attested(place: _Place, history: History) -> Instant:
    proof = parse_proof_file(place.bytes_of("proof.txt"))
    if proof.index != place.n or proof.extra is not None:
        raise PeerError(
            "verify.proof_index",
            f"The proof is for entry {proof.index} or carries more than a proof; here stands entry"
            f" {place.n}.",
        )
    file = f"{place.folder}/proof.txt"
    return history.cosigned(place.party, proof.note, file=file).time


def _included(place: _Place, history: History) -> bool:
    proof = parse_proof_file(place.bytes_of("proof.txt"))
    head = history.cosigned(place.party, proof.note, file="").checkpoint
    verify_inclusion(
        leaf_hash(place.bytes_of("envelope.json")),
        index=place.n,
        size=head.size,
        root=head.root,
        proof=proof.hashes,
    )
    return True


def _body(place: _Place, envelope: Envelope) -> tuple[JsonObject, dict[str, bytes]]:
    body: Body = unpack(place.bytes_of("body.bin"))
    if commit(body) != envelope.commitment:
        raise PeerError(
            "verify.commitment",
            "The body is not the one that the envelope commits to: one of the two was changed.",
        )
    check_body(envelope.kind, body)
    sections = {section.name: section.content for section in body.sections}
    act = parse_canonical(sections.pop("act"), bytes_max=TEXT_BYTES_MAX, what="The act")
    return act, sections


def of_kind(entries: Iterable[Entry], *kinds: str, party: str | None = None) -> tuple[Entry, ...]:
    """Return the entries of some kinds, of one party where one is named, in order."""
    return tuple(entry for entry in entries if entry.kind in kinds and party in {None, entry.party})
