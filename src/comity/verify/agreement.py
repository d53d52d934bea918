"""Whether the agreement was signed, and since when it is in force: computed again from the record.

The text is the one everybody signed; every listed signatory signed in time; the conclusion says
what follows from that and nothing else, and both parties sealed it.
Source: design 13.6; page 5 of the specification; spec 8.3.6 to 8.3.9.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from comity.foundation.canonical import Json, canonical, digest
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant, Period
from comity.parties.acts import SignedAct
from comity.parties.fold import PartiesState
from comity.parties.signatures import merge
from comity.verify import layout
from comity.verify.documents import (
    Conclusion,
    Manifest,
    Signatory,
    read_conclusion,
    read_manifest,
)
from comity.verify.entries import Entry, of_kind
from comity.verify.layout import Subject
from comity.verify.report import Book
from comity.verify.signing import Acts, check_acts
from comity.verify.text import Text, read_text

_SECONDS_PER_DAY: Final = 86_400
_DAYS_MAX: Final = 3_660
#: What a text may state once only, for one agreement has one of each.
_ONCE: Final = (*("entry", "term", "signatories", "suspension", "third_parties", "marking_scale"),)


@attrs.frozen(kw_only=True)
class Signature:
    """One listed signatory and the signature that counts."""

    signatory: Signatory
    entry: Entry
    act: SignedAct


@attrs.frozen(kw_only=True)
class Signed:
    """An agreement that was proven to be signed."""

    text: Text
    manifest: Manifest
    conclusion: Conclusion
    signatures: tuple[Signature, ...]
    acts: Acts


def check_agreement(
    book: Book,
    files: Mapping[str, bytes],
    *,
    subject: Subject,
    entries: Sequence[Entry],
    parties: PartiesState,
) -> Signed | None:
    """Take down whether the agreement was signed; return it, or None where a check failed."""
    text = book.attempt(
        "the text is in its one form", file=layout.UNITS, work=partial(_text, files, subject)
    )
    acts = check_acts(book, entries, instrument=subject.instrument, parties=parties)
    manifest = book.attempt(
        "the signing manifest is in its one form",
        file=layout.SIGNING_MANIFEST,
        work=partial(read_manifest, files[layout.SIGNING_MANIFEST]),
    )
    conclusion = book.attempt(
        "the conclusion is in its one form",
        file=layout.CONCLUSION,
        work=partial(read_conclusion, files[layout.CONCLUSION]),
    )
    if text is None or manifest is None or conclusion is None or book.failed():
        return None
    _check_manifest(book, files, text=text, manifest=manifest, acts=acts)
    book.expect(
        files[layout.RENDERING] == text.printed().encode(),
        "the text for reading is the text that was signed",
        file=layout.RENDERING,
        wrong="it is not what the signed units print; read the units, not this file",
    )
    signatures = _check_signatures(book, files, manifest=manifest, acts=acts)
    _check_undisturbed(book, entries, manifest=manifest, signatures=signatures, acts=acts)
    signed = Signed(
        text=text, manifest=manifest, conclusion=conclusion, signatures=signatures, acts=acts
    )
    _check_conclusion(book, files, signed=signed, entries=entries)
    return None if book.failed() else signed


def _text(files: Mapping[str, bytes], subject: Subject) -> Text:
    text = read_text(files[layout.UNITS])
    if (text.instrument, text.parties) != (subject.instrument, subject.parties):
        raise PeerError(
            "verify.text_subject", "The text is of another instrument, or between other parties."
        )
    for name in _ONCE:
        text.field(name)
    return text


def _check_manifest(
    book: Book, files: Mapping[str, bytes], *, text: Text, manifest: Manifest, acts: Acts
) -> None:
    file = layout.SIGNING_MANIFEST
    opened = acts.manifests.get(manifest.digest)
    book.expect(
        opened is not None and opened[1] == files[file],
        "the manifest is one that a party opened for signing in the record",
        file=file,
        wrong="no entry signing.open of the archive carries these bytes",
    )
    book.expect(
        manifest.text == text.digest,
        "what was signed is this text",
        file=layout.UNITS,
        wrong=f"its digest is {text.digest}; the manifest that everybody signed names"
        f" {manifest.text}",
    )
    wanted: Mapping[str, tuple[object, object]] = {
        "instrument": (manifest.instrument, text.instrument),
        "title": (manifest.title, text.title),
        "parties": (manifest.parties, text.parties),
        "policies": (manifest.policies, _policies(text)),
        "entry": (manifest.entry, text.field("entry")),
    }
    for name, (found, right) in wanted.items():
        book.expect(
            found == right,
            f"the manifest's {name} is that of the text",
            file=file,
            wrong=f"the manifest says {str(found)[:100]}, the text {str(right)[:100]}",
        )
    needed = _per_party(text)
    for party in manifest.parties:
        listed = [one.name.casefold() for one in manifest.signatories if one.party == party]
        book.expect(
            len(set(listed)) == len(listed) == needed,
            f"the manifest lists as many signatories of {party} as the text asks for",
            file=file,
            wrong=f"the text asks for {needed} persons, the manifest lists {len(listed)}",
        )
    book.expect(
        manifest.opens < manifest.closes
        and {one.party for one in manifest.signatories} == set(manifest.parties),
        "the window has a length and the signatories are of the two parties",
        file=file,
        wrong="the window ends before it begins, or somebody else is listed",
    )


def _policies(text: Text) -> str:
    areas: list[Json] = [[unit, value] for unit, value in text.fields("areas")]
    return digest(canonical(areas))


def _per_party(text: Text) -> int:
    field = text.field("signatories")
    number = 1 if field is None else field.get("per_party")
    return number if isinstance(number, int) else 0


def _check_signatures(
    book: Book, files: Mapping[str, bytes], *, manifest: Manifest, acts: Acts
) -> tuple[Signature, ...]:
    """Take down whether every listed signatory signed inside the window. Source: spec 1.6."""
    made: list[Signature] = []
    for signatory in manifest.signatories:
        given = [
            (entry, act)
            for entry, act in acts.signed
            if entry.act.get("manifest") == manifest.digest
            and act.powers.digest == signatory.powers
            and (act.powers.party, act.powers.name, act.powers.office)
            == (signatory.party, signatory.name, signatory.office)
        ]
        timely = [
            (entry, act)
            for entry, act in given
            if manifest.opens <= entry.attested <= manifest.closes
        ]
        if book.expect(
            bool(timely),
            f"{signatory.name} ({signatory.office}) signed inside the window",
            file=given[0][0].body if given else layout.SIGNING_MANIFEST,
            wrong=_not_in_time(given, manifest),
        ):
            entry, act = timely[0]
            made.append(Signature(signatory=signatory, entry=entry, act=act))
    if len(made) == len(manifest.signatories):
        merged = book.attempt(
            "the signatures that count are of different keys",
            file=layout.SIGNING_MANIFEST,
            work=lambda: merge(*(one.entry.section("signatures") for one in made)),
        )
        book.expect(
            files[layout.MANIFEST_SIGNATURES] == merged,
            "the signatures beside the manifest are those of the record",
            file=layout.MANIFEST_SIGNATURES,
            wrong="it is not the signatures of the entries that count, put together",
        )
    return tuple(made)


def _not_in_time(given: Sequence[tuple[Entry, SignedAct]], manifest: Manifest) -> str:
    window = f"the window is {manifest.opens} to {manifest.closes}"
    if not given:
        return f"no signature by this person is in the archive; {window}"
    return f"the counterpart held it at {given[0][0].attested}; {window}"


def _check_undisturbed(
    book: Book,
    entries: Sequence[Entry],
    *,
    manifest: Manifest,
    signatures: Sequence[Signature],
    acts: Acts,
) -> None:
    """Take down that nobody took the attempt back before all had signed."""
    opened = acts.manifests.get(manifest.digest)
    for end in of_kind(entries, "signing.revoke", "agreement.reopen", "agreement.abandon"):
        other = end.kind == "signing.revoke" and end.act.get("manifest") != manifest.digest
        if other or opened is None or opened[0].knew(end):
            continue
        book.expect(
            all(end.knew(one.entry) for one in signatures),
            f"{end.kind} by {end.party} came after all had signed",
            file=end.body,
            wrong="its author had not seen every signature: the attempt was taken back, or crossed"
            " it and is contested; it binds nobody",
        )


def _check_conclusion(
    book: Book, files: Mapping[str, bytes], *, signed: Signed, entries: Sequence[Entry]
) -> None:
    file, conclusion, manifest = layout.CONCLUSION, signed.conclusion, signed.manifest
    about = (conclusion.instrument, conclusion.text, conclusion.manifest)
    book.expect(
        about == (manifest.instrument, manifest.text, manifest.digest),
        "the conclusion is about this text and this manifest",
        file=file,
        wrong="it names another instrument, text or manifest",
    )
    listed = sorted(one for each in signed.signatures for one in each.act.signature.digests)
    book.expect(
        list(conclusion.signatures) == listed,
        "the conclusion lists every signature, and no other",
        file=file,
        wrong="signatures were added to it or left out of it",
    )
    times = book.attempt(
        "entry into force and end follow from the text",
        file=layout.UNITS,
        work=partial(_times, signed.text, signed.signatures),
    )
    stated = (conclusion.signed_at, conclusion.in_force_at, conclusion.ends_at)
    if times is not None:
        book.expect(
            stated == times,
            "the conclusion's times are those of the record and the text",
            file=file,
            wrong=f"it says {_said(stated)}; computed is {_said(times)}",
        )
    _check_seals(book, files, entries)


def _times(text: Text, signatures: Sequence[Signature]) -> tuple[Instant, Instant, Instant | None]:
    """Return when it was signed, enters into force and ends, by the clauses."""
    signed_at = max((one.entry.attested for one in signatures), default=Instant(0))
    entry, term = text.field("entry"), text.field("term")
    days = None if entry is None else entry.get("days")
    when = None if entry is None else entry.get("when")
    if when != "last_signature" or not isinstance(days, int) or not 0 <= days <= _DAYS_MAX:
        raise PeerError("verify.entry", "The text does not say when it enters into force.")
    in_force_at = signed_at.plus(days * _SECONDS_PER_DAY)
    if term is None:
        return signed_at, in_force_at, None
    return signed_at, in_force_at, Period.parse(str(term.get("period"))).after(in_force_at)


def _said(times: tuple[Instant, Instant, Instant | None]) -> str:
    signed_at, in_force_at, ends_at = times
    return f"signed {signed_at}, in force {in_force_at}, end {ends_at or 'none'}"


def _check_seals(book: Book, files: Mapping[str, bytes], entries: Sequence[Entry]) -> None:
    document = files[layout.CONCLUSION]
    sealed = {
        entry.party: entry.section("signatures")
        for entry in of_kind(entries, "signing.conclude")
        if entry.section("document") == document
    }
    if book.expect(
        len(sealed) == len(layout.SIDES),
        "both parties sealed this conclusion in the record",
        file=layout.CONCLUSION,
        wrong=f"entries signing.conclude with these bytes are there of: {', '.join(sealed) or '-'}",
    ):
        book.expect(
            files[layout.SEALS] == merge(*sealed.values()),
            "the seals beside the conclusion are those of the record",
            file=layout.SEALS,
            wrong="it is not the seals of the two entries, put together",
        )
