"""What a joint statement is after its acts: texts, marks, clearances, order, releases, errata.

The content is what people clear: the texts and their marks. The release is what both sides publish:
the content with time, channels and languages. Each has one digest, which acts name. Source: spec
13.3 to 13.5.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import attrs

from comity.coordination import statement_acts as acts
from comity.coordination.statement_acts import CLEARANCES, Status
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.deeds import Book, json_of
from comity.foundation.instants import Instant

#: How many parties a statement is of.
_PARTIES = 2


@attrs.frozen(kw_only=True)
class Erratum:
    """A correction: who asked for it, what it says, its digest, and the act that accepted it."""

    by: str
    texts: tuple[acts.Corrected, ...]
    digest: str
    asked: tuple[str, int]
    accepted: tuple[str, int] | None = None

    def json(self) -> JsonObject:
        """Return it for the digest of the state."""
        return {
            "by": self.by,
            "texts": [json_of(each) for each in self.texts],
            "digest": self.digest,
            "accepted": None if self.accepted is None else list(self.accepted),
        }


@attrs.frozen(kw_only=True)
class ReadOut:
    """What one side alone says of a statement."""

    id: str
    by: str
    language: str
    title: str
    text: str
    entry: tuple[str, int]

    def json(self) -> JsonObject:
        """Return it for the digest of the state."""
        return {
            "readout": self.id,
            "by": self.by,
            "language": self.language,
            "title": self.title,
            "text": self.text,
        }


@attrs.frozen(kw_only=True)
class Statement:
    """What the acts on one statement come to.

    Attributes:
        id: Its id.
        opening: What it is issued under, and what it is called.
        opener: Who began it.
        texts: The texts that both agreed on.
        marks: By sentence, the mark that both agreed on.
        said: By sentence, what each side says it is, where they have not agreed.
        clearances: By party and kind, the digest of the content that was cleared.
        order: The release that both ordered.
        released: By party, the act of its release.
        completed: The act by which both had released.
        pulled: The act that pulled it.
        reason: The words of the last act that took something back.
        offered: By party, the erratum that it asks for.
        errata: The errata that both accepted, oldest first.
        readouts: The read-outs of both, oldest first.
        asked: By step that needs both, what each party has said so far.
        last: The act that brought it where it is.
    """

    id: str
    opening: acts.Begin
    opener: str
    texts: acts.SayText | None = None
    marks: Mapping[int, acts.Mark] = attrs.field(factory=dict)
    said: Mapping[int, Mapping[str, acts.Mark]] = attrs.field(factory=dict)
    clearances: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    order: acts.Order | None = None
    released: Mapping[str, tuple[str, int]] = attrs.field(factory=dict)
    completed: tuple[str, int] | None = None
    pulled: tuple[str, int] | None = None
    reason: str = ""
    offered: Mapping[str, Erratum] = attrs.field(factory=dict)
    errata: tuple[Erratum, ...] = ()
    readouts: tuple[ReadOut, ...] = ()
    asked: Mapping[str, Mapping[str, JsonObject]] = attrs.field(factory=dict)
    last: tuple[str, int]

    @property
    def title(self) -> str:
        """What the two call it."""
        return str(self.opening.title)

    @property
    def status(self) -> Status:
        """Where it stands; it follows from what stands, so that no act can leave it wrong."""
        if self.pulled is not None:
            return Status.PULLED
        if self.completed is not None:
            return Status.CORRECTED if self.errata else Status.RELEASED
        if self.texts is None:
            return Status.NEGOTIATING
        if not self.cleared:
            return Status.AGREED
        return Status.CLEARED if self.order is None else Status.EMBARGOED

    @property
    def cleared(self) -> bool:
        """Whether all four clearances stand."""
        return sum(len(each) for each in self.clearances.values()) == _PARTIES * len(CLEARANCES)

    def cleared_by(self, party: str) -> bool:
        """Return whether a party's press and legal people both cleared it."""
        return len(self.clearances.get(party, {})) == len(CLEARANCES)

    def word(self, step: str) -> JsonObject | None:
        """Return what stands of a step that needs both, in the form of its act."""
        standing = {"text": self.texts, "order": self.order}[step]
        return None if standing is None else json_of(standing)

    def open_words(self, party: str) -> tuple[str, ...]:
        """Return the steps in which a party asks for something else than what stands."""
        steps = {step for step, words in self.asked.items() if party in words}
        if any(party in words for words in self.said.values()):
            steps.add("mark")
        return tuple(sorted(steps))

    def recallable(self, party: str) -> tuple[str, ...]:
        """Return what a party asks for and can take back. Source: spec 13.3.7."""
        return (*self.open_words(party), *(("correct",) if party in self.offered else ()))

    def unmarked(self) -> tuple[int, ...]:
        """Return the sentences of which both have not said the same yet."""
        count = 0 if self.texts is None else self.texts.sentences
        return tuple(each for each in range(1, count + 1) if each not in self.marks)

    def texts_digest(self) -> str:
        """Return the digest of the texts: what an act on their sentences names."""
        return digest(canonical(None if self.texts is None else json_of(self.texts)))

    def marks_digest(self) -> str:
        """Return the digest of the marks; without the salt nobody can try which they are."""
        marks: list[Json] = [json_of(self.marks[each]) for each in sorted(self.marks)]
        return digest(canonical({"salt": self.opening.salt, "marks": marks}))

    def content(self) -> JsonObject:
        """Return what people clear; its digest is ``content_digest``. Source: spec 13.3.4."""
        texts = self.texts
        versions: list[Json] = [] if texts is None else [json_of(each) for each in texts.texts]
        return {
            "statement": self.id,
            "instrument": self.opening.instrument,
            "unit": self.opening.unit,
            "title": self.opening.title,
            "texts": versions,
            "principal": None if texts is None else texts.principal,
            "marks": self.marks_digest(),
        }

    def content_digest(self) -> str:
        """Return the digest of the content."""
        return digest(canonical(self.content()))

    def release(self) -> JsonObject | None:
        """Return what both publish; None while no release is ordered. Source: spec 13.5.1."""
        if self.order is None:
            return None
        return {
            "v": 1,
            "type": "comity/statement",
            "content": self.content(),
            "at": self.order.at,
            "channels": list(self.order.channels),
            "languages": list(self.order.languages),
        }

    def release_digest(self) -> str | None:
        """Return the digest of what both publish."""
        made = self.release()
        return None if made is None else digest(canonical(made))


def promises_of(statement: Statement) -> Iterator[JsonObject]:
    """Yield the terms of the commitments that a released statement makes, by sentence.

    Each sentence that both marked as committed is one; its id follows from statement and sentence.
    Source: agreements.md D2.6 (by release of the source); spec 13.6.
    """
    for number in sorted(statement.marks):
        promise = statement.marks[number].promise
        if promise is not None:
            yield {
                "commitment": commitment_id(statement.id, number),
                "instrument": statement.opening.instrument,
                "unit": statement.opening.unit,
                "title": promise.title,
                "test": promise.test,
                "performer": promise.performer,
                "beneficiary": promise.beneficiary,
                "due": json_of(promise.due),
                "source": {"kind": "statement", "ref": statement.id, "item": str(number)},
            }


def commitment_id(statement: str, sentence: int) -> str:
    """Return the id of the commitment that a sentence becomes (RFC 9562, version 8)."""
    raw = bytearray(
        hashlib.sha256(canonical({"statement": statement, "sentence": sentence})).digest()[:16]
    )
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@attrs.frozen(kw_only=True)
class Waiting:
    """What a statement waits for: a text, marks, clearances, an order, a release, an erratum.

    With ``_differs`` both have said what the text, a mark or the order is, and not the same.
    """

    what: str
    whose: tuple[str, ...]


def waiting(statement: Statement, parties: tuple[str, str], *, at: Instant) -> Waiting | None:
    """Return what a statement waits for, and for whom; None where it waits for nobody.

    Args:
        statement: The statement.
        parties: The two parties.
        at: The instant of looking: a release is awaited from its time on.
    """
    status, order, what = statement.status, statement.order, ""
    whose: list[str] = []
    # After a release of one side nobody changes them any more, whatever was asked for.
    words = {*statement.asked, *("mark" for _ in statement.said)}
    asked = frozenset[str]() if statement.released else words
    if statement.completed is not None:
        what, whose = "correct", [each for each in parties if _offered_to(statement, each)]
    elif status is Status.NEGOTIATING or "text" in asked:
        what, whose = _turn(statement, "text", parties)
    elif statement.unmarked() or "mark" in asked:
        what, whose = _turn(statement, "mark", parties)
    elif status is Status.AGREED:
        what, whose = "clear", [each for each in parties if not statement.cleared_by(each)]
    elif order is None or "order" in asked:
        what, whose = _turn(statement, "order", parties)
    elif at >= Instant.parse(order.at):
        what, whose = "release", [each for each in parties if each not in statement.released]
    if statement.pulled is not None or not whose:
        return None
    return Waiting(what=what, whose=tuple(whose))


def speaking(things: Iterable[Statement], instrument: str) -> Iterator[Statement]:
    """Yield the statements that say an instrument's text; what was pulled says nothing.

    Such a text is released, not signed: nobody waits for initials under it. Source: spec 13.3.
    """
    for one in things:
        said = () if one.texts is None or one.pulled is not None else one.texts.texts
        if any(version.instrument == instrument for version in said):
            yield one


def _turn(statement: Statement, step: str, parties: tuple[str, str]) -> tuple[str, list[str]]:
    """Return what a step that needs both waits for, and whom: who is silent, else both.

    Where neither is silent they differ: what both say alike counts, and is not asked any more.
    """
    words = statement.asked.get(step, {})
    silent = [
        party
        for party in parties
        if (_has_to_mark(statement, party) if step == "mark" else party not in words)
    ]
    return (step, silent) if silent else (f"{step}_differs", [*parties])


def _offered_to(statement: Statement, party: str) -> bool:
    return any(by != party for by in statement.offered)


def _has_to_mark(statement: Statement, party: str) -> bool:
    """Return whether a party has not said what a sentence is that both have not marked alike."""
    words = [statement.said.get(number, {}) for number in statement.unmarked()]
    return any(party not in said for said in (*words, *statement.said.values()))


def state_json(book: Book[Statement]) -> list[Json]:
    """Return every statement as JSON: equal for equal states."""
    return [
        {
            "opening": json_of(each.opening),
            "opener": each.opener,
            "status": str(each.status),
            "content": each.content_digest(),
            "release": each.release_digest(),
            "said": {
                str(number): {party: json_of(mark) for party, mark in words.items()}
                for number, words in each.said.items()
            },
            "clearances": {party: dict(by) for party, by in each.clearances.items()},
            "released": {party: list(entry) for party, entry in each.released.items()},
            "reason": each.reason,
            "offered": {party: erratum.json() for party, erratum in each.offered.items()},
            "errata": [erratum.json() for erratum in each.errata],
            "readouts": [readout.json() for readout in each.readouts],
            "asked": {step: dict(words) for step, words in each.asked.items()},
            "last": list(each.last),
        }
        for each in book.things()
    ]
