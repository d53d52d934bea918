"""Whether both parties released a joint statement, exactly this one, each cleared by its people.

Computed again from the record and the specification alone, without the room ``coordination``.
Source: agreements.md D2.4; spec 13.5, 13.7.4.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, digest, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.foundation.limits import CLOCK_SKEW_S_MAX
from comity.parties.documents import members, string_of, text_of
from comity.parties.identifiers import check_hex
from comity.verify import layout
from comity.verify.entries import Entry, of_kind
from comity.verify.layout import Subject
from comity.verify.report import Book
from comity.verify.text import Text, read_text

CLEARANCES: Final = ("press", "legal")
_WHAT: Final = "statement/release.json"
_LANGUAGES_MAX: Final = 12
_CHANNELS_MAX: Final = 20


@attrs.frozen(kw_only=True)
class Release:
    """What both parties released.

    Attributes:
        content: What both sides' people cleared.
        at: The time that both ordered.
        channels: Where.
        languages: In which languages, in the order of the page.
        texts: By language, the instrument and the digest of its text.
        digest: The digest of all this, which both acts of release name.
    """

    content: JsonObject
    title: str
    at: Instant
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    texts: Mapping[str, tuple[str, str]]
    digest: str

    @property
    def content_digest(self) -> str:
        """The digest that every clearance names."""
        return digest(canonical(self.content))


@attrs.frozen(kw_only=True)
class Erratum:
    """A correction that both sides agreed on: by language, what it says, and since when."""

    texts: Mapping[str, str]
    at: Instant


@attrs.frozen(kw_only=True)
class Stated:
    """A statement that was proven to be released."""

    release: Release
    texts: Mapping[str, Text]
    releases: tuple[Entry, ...]
    errata: tuple[Erratum, ...]


def read_release(data: bytes, *, statement: str) -> Release:
    """Return what ``statement/release.json`` says.

    Raises:
        PeerError: ``verify.release``: it has not the form of clause 13.5.1, or is of another
            statement; ``documents.*``, ``json.*``.
    """
    value = members(
        parse_canonical(data, what=_WHAT),
        ("v", "type", "content", "at", "channels", "languages"),
        what=_WHAT,
    )
    content = members(
        value["content"],
        ("statement", "instrument", "unit", "title", "texts", "principal", "marks"),
        what=f"{_WHAT}: content",
    )
    listed = content["texts"]
    texts = dict(map(_version, listed)) if isinstance(listed, list) else {}
    languages = _lines(value["languages"], _LANGUAGES_MAX)
    if (
        (value["v"], value["type"]) != (1, "comity/statement")
        or content["statement"] != statement
        or not isinstance(listed, list)
        or not 0 < len(listed) == len(texts) <= _LANGUAGES_MAX
        or not languages
        or set(languages) - set(texts)
    ):
        raise PeerError("verify.release", f"{_WHAT} is not as clause 13.5.1 says.")
    return Release(
        content=content,
        title=text_of(content, "title", what=_WHAT),
        at=Instant.parse(string_of(value, "at", what=_WHAT)),
        channels=_lines(value["channels"], _CHANNELS_MAX),
        languages=languages,
        texts=texts,
        digest=digest(canonical(value)),
    )


def _version(value: Json) -> tuple[str, tuple[str, str]]:
    found = members(value, ("language", "instrument", "text"), what=f"{_WHAT}: a text")
    what = f"{_WHAT}: a text"
    named = check_hex(string_of(found, "text", what=what), size=32, what="The digest of a text")
    return string_of(found, "language", what=what), (
        string_of(found, "instrument", what=what),
        named,
    )


def _lines(value: Json, most: int) -> tuple[str, ...]:
    found = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    if found != value or len(set(found)) != len(found) or len(found) > most:
        raise PeerError("verify.release_list", f"{_WHAT}: a list is too long, or names one twice.")
    return tuple(found)


def check_statement(
    book: Book, files: Mapping[str, bytes], *, subject: Subject, entries: Sequence[Entry]
) -> Stated | None:
    """Take down whether both released it; return it, or None where a check failed."""
    statement = subject.statement
    assert statement is not None  # the archive is about one
    release = book.attempt(
        "what was released is in its one form",
        file=layout.RELEASE,
        work=partial(read_release, files[layout.RELEASE], statement=statement),
    )
    if release is None:
        return None
    texts = _check_texts(book, files, subject=subject, release=release)
    about = [each for each in entries if each.kind in layout.STATEMENT_KINDS]
    for each in about:
        book.expect(
            each.act.get("statement") == statement,
            "the act is about this statement",
            file=each.body,
            wrong="it is about another one",
        )
    releases = [
        one
        for party in subject.parties
        for one in _check_side(book, about, party=party, release=release)
    ]
    errata = _check_errata(book, about, release=release)
    if book.failed():
        return None
    return Stated(release=release, texts=texts, releases=tuple(releases), errata=errata)


def _check_texts(
    book: Book, files: Mapping[str, bytes], *, subject: Subject, release: Release
) -> dict[str, Text]:
    """Take down that every language's text is there, and is the one that was released."""
    there = layout.languages_in(files)
    book.expect(
        set(there) == set(release.languages),
        "a text is there for every language of the release, and for no other",
        file=layout.RELEASE,
        wrong=f"released in {', '.join(release.languages)}; there is {', '.join(there) or 'none'}",
    )
    made: dict[str, Text] = {}
    for language in release.languages:
        file = layout.language_file(language)
        if file not in files:
            continue
        text = book.attempt(
            f"the text in {language} is in its one form",
            file=file,
            work=partial(read_text, files[file]),
        )
        if text is None:
            continue
        book.expect(
            (text.instrument, text.digest) == release.texts[language]
            and set(text.parties) == set(subject.parties),
            f"the text in {language} is the one that was released",
            file=file,
            wrong=f"its digest is {text.digest}; both released {release.texts[language][1]}",
        )
        made[language] = text
    return made


def _check_side(
    book: Book, about: Sequence[Entry], *, party: str, release: Release
) -> tuple[Entry, ...]:
    """Take down that a party's people cleared it, that it ordered this release, and released."""
    released = of_kind(about, "statement.release", party=party)
    if not book.expect(
        [one.act.get("release") for one in released] == [release.digest],
        f"{party} released exactly this",
        file=released[0].body if released else layout.RELEASE,
        wrong=f"its acts of release name {[one.act.get('release') for one in released]}; this is"
        f" {release.digest}",
    ):
        return ()
    (last,) = released
    book.expect(
        last.attested.plus(CLOCK_SKEW_S_MAX) >= release.at,
        f"{party} released it when its time had come",
        file=last.body,
        wrong=f"the other party held its release at {last.attested}; ordered was {release.at}",
    )
    for by in CLEARANCES:
        cleared = [
            one for one in of_kind(about, "statement.clear", party=party) if one.act.get("by") == by
        ]
        book.expect(
            [one.act.get("content") for one in cleared] == [release.content_digest]
            and all(one.n < last.n for one in cleared),
            f"the {by} people of {party} cleared it before",
            file=cleared[0].body if cleared else last.body,
            wrong="their clearance is missing, of another content, or came later",
        )
    ordered = of_kind(about, "statement.order", party=party)
    wanted = (
        release.content_digest,
        str(release.at),
        list(release.channels),
        list(release.languages),
    )
    book.expect(
        [_order(one.act) for one in ordered] == [wanted] and all(one.n < last.n for one in ordered),
        f"{party} ordered this time, these channels and languages",
        file=ordered[0].body if ordered else last.body,
        wrong="its order is missing, another one, or came later",
    )
    return released


def _order(act: JsonObject) -> tuple[Json, Json, Json, Json]:
    return (act.get("content"), act.get("at"), act.get("channels"), act.get("languages"))


def _check_errata(book: Book, about: Sequence[Entry], *, release: Release) -> tuple[Erratum, ...]:
    """Take down that each erratum was asked by one side and accepted by the other."""
    asked = {digest(canonical(one.act)): one for one in of_kind(about, "statement.correct")}
    accepted = sorted(
        of_kind(about, "statement.accept_correction"), key=lambda one: (one.lc, one.party)
    )
    made: list[Erratum] = []
    for one in accepted:
        wanted = asked.pop(str(one.act.get("erratum")), None)
        texts = {} if wanted is None else _corrected(wanted.act)
        if book.expect(
            wanted is not None
            and wanted.party != one.party
            and one.knew(wanted)
            and wanted.act.get("release") == release.digest
            and set(texts) == set(release.languages),
            "the erratum was asked by one side and accepted by the other",
            file=one.body,
            wrong="what it accepts is not in the archive, is its own, or is of another release",
        ):
            made.append(Erratum(texts=texts, at=one.attested))
    for left in asked.values():
        book.fail("every erratum was accepted", file=left.body, wrong="nobody accepted this one")
    return tuple(made)


def _corrected(act: JsonObject) -> dict[str, str]:
    texts = act.get("texts")
    made: dict[str, str] = {}
    for each in texts if isinstance(texts, list) else ():
        if isinstance(each, Mapping):
            language, text = each.get("language"), each.get("text")
            if isinstance(language, str) and isinstance(text, str):
                made[language] = text
    return made
