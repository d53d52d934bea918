"""Verifying an archive of evidence: stage by stage, each resting on the one before.

A stage in which something fails is the last: what rests on it is not looked at, and the report
says where it stopped. Source: record.md 5; design 5; spec 8.3.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import attrs

from comity.foundation.errors import ComityError, MisuseError
from comity.parties.letters import Letter
from comity.verify import archive, layout
from comity.verify.agreement import Signed, check_agreement
from comity.verify.entries import Entry, check_entries
from comity.verify.history import History, check_history, logs_of
from comity.verify.keyring import check_keys, key_files
from comity.verify.layout import SIDES, Side, Subject, misplaced, read_subject
from comity.verify.page import archive_in, build_page, check_page, is_page
from comity.verify.persons import check_letters, check_parties, read_trusted
from comity.verify.readme import readme
from comity.verify.report import Authenticity, Book, Report
from comity.verify.statement import Stated, check_statement
from comity.verify.transfer import Transfer, check_transfer


@attrs.define
class _Run:
    """One verification while it goes on."""

    trusted: Sequence[Letter]
    book: Book = attrs.field(factory=Book)
    authenticity: Authenticity = "not_established"
    facts: tuple[str, ...] = ()
    stated: Stated | None = None


def verify_archive(data: bytes, *, trust: Sequence[bytes]) -> Report:
    """Return the report on an archive of evidence, or on the page of a joint statement.

    Args:
        data: The archive or the page, from wherever it came.
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


def page_of(files: Mapping[str, bytes], *, first: Side) -> bytes:
    """Return the page of a joint statement that follows from its evidence.

    Args:
        files: The files of its archive, without the manifest.
        first: Whose alternate it is.

    Raises:
        MisuseError: ``verify.not_proven``: the files do not prove that it was released.
    """
    run, whole = _Run(trusted=()), archive.read_archive(archive.write_archive(files))
    letters = _check_archive(run, whole)
    if letters is None or run.stated is None:
        wrong = next((f"{one.file}: {one.detail}" for one in run.book.checks if not one.ok), "")
        raise MisuseError(
            "verify.not_proven", f"This does not prove a released statement: {wrong[:300]}"
        )
    return _page(whole, run.stated, letters=letters, first=first)


def _page(
    files: Mapping[str, bytes], stated: Stated, *, letters: Mapping[str, Letter], first: Side
) -> bytes:
    subject = read_subject(files[layout.SUBJECT])
    names: dict[Side, str] = {side: letters[subject.party(side)].name for side in SIDES}
    return build_page(files, stated, names=names, first=first)


def _verify(run: _Run, data: bytes) -> None:
    book = run.book
    page, first = None, SIDES[0]
    if is_page(data):
        found = book.attempt(
            "the page carries its evidence", file=None, work=partial(archive_in, data)
        )
        if found is None:
            return
        page, (data, first) = data, found
    files = book.attempt(
        "the archive can be unpacked", file=None, work=partial(archive.read_archive, data)
    )
    if files is None:
        return
    letters = _check_archive(run, files)
    if page is not None and letters is not None:
        _check_page(run, files, page=page, first=first, letters=letters)


def _check_archive(run: _Run, files: Mapping[str, bytes]) -> Mapping[str, Letter] | None:
    """Take down whether an archive holds; return the letters in it, or None where it does not."""
    book = run.book
    _check_files(book, files)
    if book.failed():
        return None
    book.stage = "subject"
    subject = book.attempt(
        "the archive says what it is about",
        file=layout.SUBJECT,
        work=partial(read_subject, files[layout.SUBJECT]),
    )
    if subject is None:
        return None
    book.stage = "letters"
    letters, run.authenticity = check_letters(book, files, subject=subject, trusted=run.trusted)
    if book.failed():
        return None
    _check_record(run, files, subject=subject, letters=letters)
    return None if book.failed() else letters


def _check_page(  # what a page is made from
    run: _Run,
    files: Mapping[str, bytes],
    *,
    page: bytes,
    first: Side,
    letters: Mapping[str, Letter],
) -> None:
    """Take down whether the page around an archive that holds is the one that follows from it."""
    run.book.stage = "page"
    if run.stated is None:
        run.book.fail(
            "the page is of a joint statement",
            file=None,
            wrong="it carries evidence of something else; read that, not this page",
        )
        return
    wanted = _page(files, run.stated, letters=letters, first=first)
    run.book.attempt(
        "what stands on the page is what both released",
        file=None,
        work=partial(check_page, page, wanted),
    )


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
    if subject.statement is not None:
        _check_stated(run, files, subject=subject, entries=entries, letters=letters)
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


def _check_stated(
    run: _Run,
    files: Mapping[str, bytes],
    *,
    subject: Subject,
    entries: Sequence[Entry],
    letters: Mapping[str, Letter],
) -> None:
    book = run.book
    book.stage = "statement"
    stated = check_statement(book, files, subject=subject, entries=entries)
    if stated is None:
        return
    book.stage = "rest"
    check_keys(book, files, key_files(letters.values(), ()))
    book.expect(
        files[layout.README] == readme(subject, stated.release.title),
        "the README is the one of this format",
        file=layout.README,
        wrong="it was changed; do not follow it",
    )
    run.stated = stated
    names = {party: letter.name for party, letter in letters.items()}
    a, b = (names[party] for party in subject.parties)
    run.facts = (
        (
            f"Joint statement of {a} and {b}: {stated.release.title}, in"
            f" {', '.join(stated.release.languages)}, digest {stated.release.digest}."
        ),
        *(
            f"Released by {names[one.party]} (attested {one.attested}), after its press and legal"
            " people had cleared it."
            for one in stated.releases
        ),
        *(f"An erratum, agreed by both; attested {one.at}." for one in stated.errata),
    )


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
