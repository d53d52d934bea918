"""Verifying an archive of evidence: stage by stage, each resting on the one before.

A stage in which something fails is the last: what rests on it is not looked at, and the report
says where it stopped. Source: record.md 5; design 5; spec 8.3.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import attrs

from comity.foundation.errors import ComityError
from comity.parties.letters import Letter
from comity.verify import archive, layout
from comity.verify.agreement import Signed, check_agreement
from comity.verify.entries import check_entries
from comity.verify.history import History, check_history, logs_of
from comity.verify.keyring import check_keys, key_files
from comity.verify.layout import Subject, misplaced, read_subject
from comity.verify.persons import check_letters, check_parties, read_trusted
from comity.verify.readme import readme
from comity.verify.report import Authenticity, Book, Report
from comity.verify.transfer import Transfer, check_transfer


@attrs.define
class _Run:
    """One verification while it goes on."""

    trusted: Sequence[Letter]
    book: Book = attrs.field(factory=Book)
    authenticity: Authenticity = "not_established"
    facts: tuple[str, ...] = ()


def verify_archive(data: bytes, *, trust: Sequence[bytes]) -> Report:
    """Return the report on an archive of evidence.

    Args:
        data: The archive, from wherever it came.
        trust: The letters of introduction that the user trusts, each as its packed file. Letters
            of other parties among them do no harm.

    Raises:
        PeerError: ``letters.*``, ``signatures.*``, ``json.*``: one of the letters in ``trust`` is
            no letter. What is wrong with the archive is in the report.
    """
    run = _Run(trusted=read_trusted(trust))
    try:
        _verify(run, data)
    except ComityError as error:  # what no stage expected is a failure, never a silence
        run.book.fail("the archive can be understood", file=None, wrong=error.message)
    holds = not run.book.failed()
    return Report(
        ok=holds and run.authenticity == "established",
        authenticity=run.authenticity,
        checks=tuple(run.book.checks),
        facts=run.facts if holds else (),
    )


def _verify(run: _Run, data: bytes) -> None:
    book = run.book
    files = book.attempt(
        "the archive can be unpacked", file=None, work=partial(archive.read_archive, data)
    )
    if files is None:
        return
    _check_files(book, files)
    if book.failed():
        return
    book.stage = "subject"
    subject = book.attempt(
        "the archive says what it is about",
        file=layout.SUBJECT,
        work=partial(read_subject, files[layout.SUBJECT]),
    )
    if subject is None:
        return
    book.stage = "letters"
    letters, run.authenticity = check_letters(book, files, subject=subject, trusted=run.trusted)
    if book.failed():
        return
    _check_record(run, files, subject=subject, letters=letters)


def _check_files(book: Book, files: Mapping[str, bytes]) -> None:
    """Take down whether the files are those that the manifest lists and the format asks for."""
    wrong = book.attempt(
        "manifest.json lists every file",
        file=archive.MANIFEST,
        work=partial(archive.differences, files),
    )
    for name, why in wrong or ():
        book.fail("the file is as manifest.json says", file=name, wrong=why)
    missing, odd = misplaced(files)
    for name in missing:
        book.fail("the file is there", file=name, wrong="it is missing")
    for name in odd:
        book.fail("every file has its place", file=name, wrong="it has no place in evidence")


def _check_record(
    run: _Run, files: Mapping[str, bytes], *, subject: Subject, letters: Mapping[str, Letter]
) -> None:
    book = run.book
    book.stage = "entries"
    history = History(logs=logs_of(subject, letters))
    entries = check_entries(book, files, subject=subject, history=history)
    if book.failed():
        return
    book.stage = "heads"
    check_history(book, files, subject=subject, history=history)
    if book.failed():
        return
    book.stage = "parties"
    parties = check_parties(book, entries, subject=subject, letters=letters)
    if book.failed():
        return
    book.stage = "agreement"
    signed = check_agreement(book, files, subject=subject, entries=entries, parties=parties)
    if signed is None:
        return
    transfer = None
    if subject.transfer is not None:
        book.stage = "transfer"
        transfer = check_transfer(book, entries, subject=subject, signed=signed)
    book.stage = "rest"
    signers = (one.act.powers.key for one in signed.signatures)
    check_keys(book, files, key_files(letters.values(), signers))
    book.expect(
        files[layout.README] == readme(subject, signed.text.title),
        "the README is the one of this format",
        file=layout.README,
        wrong="it was changed; do not follow it",
    )
    run.facts = _facts(signed, transfer, letters=letters)


def _facts(
    signed: Signed, transfer: Transfer | None, *, letters: Mapping[str, Letter]
) -> tuple[str, ...]:
    names = {party: letter.name for party, letter in letters.items()}
    conclusion, text = signed.conclusion, signed.text
    ends = "without an end" if conclusion.ends_at is None else f"until {conclusion.ends_at}"
    between = f"between {names[text.parties[0]]} and {names[text.parties[1]]}"
    facts = [
        f"{text.title}: {between}, {len(text.units)} units, digest {text.digest}.",
        *(
            f"Signed by {one.signatory.name}, {one.signatory.office}, for"
            f" {names[one.signatory.party]}; attested {one.entry.attested}."
            for one in signed.signatures
        ),
        f"Signed on {conclusion.signed_at}, in force from {conclusion.in_force_at} {ends}.",
    ]
    for kind, word in (("agreement.adopt", "Adopted"), ("agreement.initial", "Initialled")):
        by = [
            names[p] for k, t, p in sorted(signed.acts.statements) if (k, t) == (kind, text.digest)
        ]
        if by:
            facts.append(f"{word} by {' and '.join(by)}.")
    facts += [
        f"Suspended by {names[entry.party]} on {entry.attested},"
        f" {'in part' if suspension.units else 'as a whole'}."
        for entry, suspension in signed.acts.suspensions
    ]
    if transfer is not None:
        sent = transfer.sent.act
        facts.append(
            f"Shared under {transfer.article}: {sent['bytes']} bytes, SHA-256 {sent['sha256']};"
            f" sent by {names[transfer.sent.party]} (attested {transfer.sent.attested}), received"
            f" by {names[transfer.received.party]} (attested {transfer.received.attested})."
        )
    return tuple(facts)
