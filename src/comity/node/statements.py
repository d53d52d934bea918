"""Joint statements: what officials do with them. What is shown stands in ``statement_views``.

Before our side says, clears, orders or releases anything, the text is looked at as our own node
holds it. At its time the node releases by itself what both ordered, because its own people said so;
not when it was asleep then, and nothing that somebody has taken back. Source: agreements.md D2.4,
D6 (journey 10); spec 13.
"""

from collections.abc import Callable, Iterator
from typing import Final

import attrs

from comity.api import statements as asks
from comity.coordination import statements as room
from comity.coordination.commitment_views import check_due
from comity.coordination.commitments import BOTH
from comity.coordination.sentences import words_digest
from comity.coordination.statement_acts import ENDS, OPEN, OUT, Mark, Promise, Status
from comity.coordination.statement_values import Statement
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.foundation.errors import ComityError, MisuseError, RefusedError
from comity.foundation.instants import Instant
from comity.node.context import HOUSE, Context, relationship
from comity.node.days import due_of, instant_of
from comity.node.deeds import Deeds, Place
from comity.node.statement_page import StatementPages
from comity.node.statement_texts import StatementTexts
from comity.node.statement_views import STATEMENTS, StatementViews
from comity.storage.tx import Tx

#: For how long after its time the node still releases by itself, in seconds. Later, a person does:
#: whoever ordered a time did not order any time after it.
BY_ITSELF_S: Final = 3_600
#: What an act names where there is nothing to name; the table refuses it in any case.
_NOTHING: Final = "0" * 64
_HELD: Final = "statement_held"


@attrs.frozen(kw_only=True)
class Statements:
    """The desk of joint statements."""

    ctx: Context
    deeds: Deeds
    texts: StatementTexts
    views: StatementViews
    pages: StatementPages

    # --- looking ------------------------------------------------------------------------------

    def all(self, tx: Tx, request: asks.Statements) -> JsonObject:
        """Return statements: those that go on first, the latest first."""
        rels = (
            [relationship(tx, request.counterpart)]
            if request.counterpart
            else list(tx.relationships.list())
        )
        found = [
            (chain.thing.status in ENDS, chain.deeds[0].place, row)
            for rel in rels
            for chain in self.deeds.book(tx, rel, STATEMENTS).chains.values()
            if chain.thing is not None
            and _wanted(chain.thing, row := self.views.row(tx, rel, chain.thing), request.state)
        ]
        found.sort(key=lambda each: (each[0], (-each[1][0], each[1][1])))
        rows: list[Json] = [row for _, _, row in found]
        return {"statements": rows, "at": str(self.ctx.now())}

    def show(self, tx: Tx, request: asks.OneStatement) -> JsonObject:
        """Return one statement with everything that was said of it."""
        return self.views.one(tx, self.find(tx, request.statement))

    def departs(self, tx: Tx, request: asks.OneReadout) -> JsonObject:
        """Return where a read-out departs from the statement."""
        return self.views.departs(tx, self.find(tx, request.statement), request.readout)

    def page(self, tx: Tx, request: asks.OnePage) -> bytes:
        """Return the signed page of a released statement."""
        place = self.find(tx, request.statement)
        return self.pages.page(tx, place, ours=request.alternate == "us")

    def find(self, tx: Tx, named: str) -> Place[Statement]:
        """Return a statement by its id, the beginning of it, its title, or ``last``."""
        return self.deeds.find(tx, STATEMENTS, named)

    # --- text and marks -----------------------------------------------------------------------

    def begin(self, tx: Tx, request: asks.BeginStatement) -> JsonObject:
        """Begin a statement."""
        rel = relationship(tx, request.counterpart)
        found, unit = self.deeds.place(tx, request.instrument, request.unit)
        data: JsonObject = {
            "statement": self.ctx.new_id(),
            "instrument": found.instrument,
            "unit": unit,
            "title": " ".join(request.title.split()),
            "salt": self.ctx.chance.token(32).hex(),
        }
        words = request.words.strip()
        made = self.deeds.record(tx, rel, STATEMENTS, step="begin", data=data, words=words)
        return self.views.row(tx, rel, made)

    def text(self, tx: Tx, request: asks.SayText) -> JsonObject:
        """Say which texts it has, or agree to what they said; each is one that both adopted.

        Raises:
            MisuseError: ``statements.nothing_said``, ``statements.no_principal``;
                RefusedError: ``statements.not_adopted``, ``statements.miscounted``.
        """
        place = self.find(tx, request.statement)
        if not request.texts:
            return self._act(
                tx, place, step="text", data=self._their_text(tx, place), words=request.words
            )
        found = [self.texts.adopted(tx, place.rel, named) for named in request.texts]
        principal = request.principal or found[0][0].language
        counts = {version.language: count for version, count in found}
        if principal not in counts:
            raise MisuseError(
                "statements.no_principal",
                f"None of these texts is in {principal[:40]!r}; there are: {', '.join(counts)}.",
            )
        data: JsonObject = {
            "texts": [json_of(version) for version, _ in found],
            "principal": principal,
            "sentences": counts[principal],
        }
        return self._act(tx, place, step="text", data=data, words=request.words)

    def _their_text(self, tx: Tx, place: Place[Statement]) -> JsonObject:
        said = self._theirs(place, "text")
        texts, count = said["texts"], 0
        assert isinstance(texts, list)  # it has the form of its act
        for each in texts:
            assert isinstance(each, dict)
            version, sentences = self.texts.adopted(tx, place.rel, str(each["instrument"]))
            if json_of(version) != each:
                raise RefusedError(
                    "statements.miscounted",
                    "What they said of a text is not what our node holds of it; nothing was"
                    " agreed.",
                )
            count = sentences if version.language == said["principal"] else count
        if said["sentences"] != count:
            raise RefusedError(
                "statements.miscounted_sentences",
                f"They count {said['sentences']} sentences, our node {count}; nothing was agreed.",
            )
        return {name: value for name, value in said.items() if name != "statement"}

    def _theirs(self, place: Place[Statement], step: str) -> JsonObject:
        """Return what the other side said of a step that needs both.

        Raises:
            MisuseError: ``statements.nothing_said``.
        """
        words = place.thing.asked.get(step, {})
        said = next((each for by, each in words.items() if by != self.ctx.config.party), None)
        if said is None:
            raise MisuseError(
                "statements.nothing_said",
                f"«{place.thing.title}»: the other side asks for nothing here that we could agree"
                " to; say it yourself.",
            )
        return said

    def mark(self, tx: Tx, request: asks.MarkSentences) -> JsonObject:
        """Mark sentences, or say of each what they said."""
        place = self.find(tx, request.statement)
        sentences = self.texts.sentences(tx, place.rel, place.chain)
        marks = (
            [
                self._mark(place, request, sentences=sentences, number=number)
                for number in request.sentences
            ]
            if request.sentences
            else self._their_marks(place, sentences)
        )
        data: JsonObject = {
            "texts": place.thing.texts_digest(),
            "marks": [json_of(each) for each in marks],
        }
        return self._act(tx, place, step="mark", data=data, words=request.words)

    def _mark(
        self,
        place: Place[Statement],
        request: asks.MarkSentences,
        *,
        sentences: tuple[str, ...],
        number: int,
    ) -> Mark:
        if not 1 <= number <= len(sentences):
            raise MisuseError(
                "statements.which_sentence",
                f"«{place.thing.title}» has {len(sentences)} sentences; there is no number"
                f" {number}.",
            )
        if request.mark is None:
            raise MisuseError(
                "statements.which_mark",
                "Say what it is: stated, welcomed, reaffirmed, committed or aspiration.",
            )
        promise = None
        if request.mark == "committed":
            promise = self._promise(place, request, sentences[number - 1])
        return Mark(
            sentence=number,
            words=words_digest(sentences[number - 1]),
            mark=request.mark,
            promise=promise,
        )

    def _promise(
        self, place: Place[Statement], request: asks.MarkSentences, sentence: str
    ) -> Promise:
        if request.performer is None or request.beneficiary is None or not request.due:
            raise MisuseError(
                "statements.who_does_what",
                "A sentence that commits says who does it, for whom and until when.",
            )
        due = due_of(request.due, request.zone)
        check_due(due, at=self.ctx.now())
        sides = {"us": self.ctx.config.party, "them": place.rel.counterpart, "both": BOTH}
        return Promise(
            title=" ".join(request.title.split()) or sentence[:300].strip(),
            test=request.test.strip() or "It is done as the statement says.",
            performer=sides[request.performer],
            beneficiary=sides[request.beneficiary],
            due=due,
        )

    def _their_marks(self, place: Place[Statement], sentences: tuple[str, ...]) -> list[Mark]:
        own = self.ctx.config.party
        found = [
            mark
            for _, words in sorted(place.thing.said.items())
            for by, mark in words.items()
            if by != own
        ]
        for each in found:
            if words_digest("".join(sentences[each.sentence - 1 : each.sentence])) != each.words:
                raise RefusedError(
                    "statements.other_words",
                    f"What they marked as sentence {each.sentence} has other words in our text;"
                    " nothing was agreed.",
                )
        if not found:
            raise MisuseError(
                "statements.nothing_marked",
                f"«{place.thing.title}»: the other side marks nothing otherwise than we do.",
            )
        return found

    # --- clearance and release ----------------------------------------------------------------

    def clear(self, by: str) -> Callable[[Tx, asks.OnStatement], JsonObject]:
        """Return the work of clearing it, as press or as legal people."""

        def work(tx: Tx, request: asks.OnStatement) -> JsonObject:
            place = self.find(tx, request.statement)
            self.texts.still(tx, place.rel, place.thing)
            data: JsonObject = {"by": by, "content": place.thing.content_digest()}
            return self._act(tx, place, step="clear", data=data, words=request.words)

        return work

    def unclear(self, by: str) -> Callable[[Tx, asks.ReasonedOnStatement], JsonObject]:
        """Return the work of taking a clearance back."""

        def work(tx: Tx, request: asks.ReasonedOnStatement) -> JsonObject:
            place = self.find(tx, request.statement)
            return self._act(
                tx, place, step="unclear", data={"by": by, "reason": request.reason.strip()}
            )

        return work

    def order(self, tx: Tx, request: asks.OrderRelease) -> JsonObject:
        """Order the release, or agree to what they ordered.

        Raises:
            MisuseError: ``statements.past``.
        """
        place = self.find(tx, request.statement)
        one = place.thing
        self.texts.still(tx, place.rel, one)
        if request.at:
            at = instant_of(request.at, request.zone)
            languages = [] if one.texts is None else [each.language for each in one.texts.texts]
            data: JsonObject = {
                "content": one.content_digest(),
                "at": str(at),
                "channels": [each.strip() for each in request.channels],
                "languages": [*(request.languages or languages)],
            }
        else:
            said = self._theirs(place, "order")
            at = Instant.parse(str(said["at"]))
            data = {name: value for name, value in said.items() if name != "statement"}
        if at <= self.ctx.now():
            raise MisuseError(
                "statements.past", f"The time {at} has passed; order one that lies ahead."
            )
        return self._act(tx, place, step="order", data=data, words=request.words)

    def pull(self, tx: Tx, request: asks.ReasonedOnStatement) -> JsonObject:
        """Pull it: it is not released."""
        place = self.find(tx, request.statement)
        return self._act(tx, place, step="pull", data={"reason": request.reason.strip()})

    def release(self, tx: Tx, request: asks.OnStatement) -> JsonObject:
        """Release it for our side."""
        return self._released(tx, self.find(tx, request.statement), words=request.words)

    def _released(self, tx: Tx, place: Place[Statement], *, words: str = "") -> JsonObject:
        one = place.thing
        if one.status in OPEN and self.ctx.config.party not in one.released:
            room.check_release(one, at=self.ctx.now())
        self.texts.still(tx, place.rel, place.thing)
        data: JsonObject = {"release": one.release_digest() or _NOTHING}
        return self._act(tx, place, step="release", data=data, words=words)

    def coming(self, tx: Tx) -> tuple[bool, Instant | None]:
        """Return whether one is to be released now, and the next time at which one is."""
        now = self.ctx.now()
        times = [at for _, at in self._ordered(tx)]
        ahead = [at for at in times if at > now]
        return len(ahead) < len(times), min(ahead, default=None)

    def release_due(self, tx: Tx) -> None:
        """Release, for our side, what both ordered for a time that has come.

        What is refused (an article suspended, a text opened again, the record frozen) waits for a
        person.
        """
        for place, at in list(self._ordered(tx)):
            if at > self.ctx.now():
                continue
            try:
                self._released(tx, place)
            except ComityError as error:
                self._held(tx, place, error)

    def _ordered(self, tx: Tx) -> Iterator[tuple[Place[Statement], Instant]]:
        """Yield what our node is to release by itself, with its time: no longer what is late."""
        own, now = self.ctx.config.party, self.ctx.now()
        for rel in tx.relationships.list():
            for chain in self.deeds.book(tx, rel, STATEMENTS).chains.values():
                one = chain.thing
                if one is None or one.status is not Status.EMBARGOED or own in one.released:
                    continue
                assert one.order is not None  # embargoed
                at = Instant.parse(one.order.at)
                late = now.seconds - at.seconds > BY_ITSELF_S
                if not late and not one.open_words(own) and not self._is_held(tx, one):
                    yield Place(rel=rel, chain=chain, thing=one), at

    def _held(self, tx: Tx, place: Place[Statement], error: ComityError) -> None:
        """Remember why our node did not release; it does not try this order again."""
        value: JsonObject = {"release": place.thing.release_digest(), "code": error.code}
        tx.things.put(HOUSE, _HELD, place.thing.id, value=value)

    def _is_held(self, tx: Tx, one: Statement) -> bool:
        kept = tx.things.get(HOUSE, _HELD, one.id)
        return kept is not None and kept.value["release"] == one.release_digest()

    # --- after it, and beside it --------------------------------------------------------------

    def correct(self, tx: Tx, request: asks.CorrectStatement) -> JsonObject:
        """Ask for an erratum."""
        place = self.find(tx, request.statement)
        texts: list[Json] = [
            {"language": language, "text": text.strip()}
            for language, text in sorted(request.texts.items())
        ]
        data: JsonObject = {"release": place.thing.release_digest() or _NOTHING, "texts": texts}
        return self._act(tx, place, step="correct", data=data, words=request.words)

    def accept(self, tx: Tx, request: asks.AcceptCorrection) -> JsonObject:
        """Accept the erratum that the other side asks for.

        Raises:
            MisuseError: ``statements.no_correction``.
        """
        place = self.find(tx, request.statement)
        own = self.ctx.config.party
        theirs = next((one for by, one in place.thing.offered.items() if by != own), None)
        if theirs is None:
            raise MisuseError(
                "statements.no_correction",
                f"«{place.thing.title}»: the other side asks for no erratum.",
            )
        data: JsonObject = {"erratum": theirs.digest}
        return self._act(tx, place, step="accept_correction", data=data, words=request.words)

    def recall(self, tx: Tx, request: asks.RecallOnStatement) -> JsonObject:
        """Take back what we asked for and does not count yet."""
        place = self.find(tx, request.statement)
        return self._act(tx, place, step="recall", data={"of": request.of}, words=request.words)

    def readout(self, tx: Tx, request: asks.IssueReadout) -> JsonObject:
        """Issue a read-out of our own."""
        place = self.find(tx, request.statement)
        texts = place.thing.texts
        data: JsonObject = {
            "readout": self.ctx.new_id(),
            "language": request.language or ("und" if texts is None else texts.principal),
            "title": " ".join(request.title.split()),
            "text": request.text.strip(),
        }
        return self._act(tx, place, step="readout", data=data, words=request.words)

    def _act(
        self, tx: Tx, place: Place[Statement], *, step: str, data: JsonObject, words: str = ""
    ) -> JsonObject:
        said: JsonObject = {"statement": place.thing.id, **data}
        made = self.deeds.record(
            tx, place.rel, STATEMENTS, step=step, data=said, words=words.strip()
        )
        return self.views.row(tx, place.rel, made)


def _wanted(one: Statement, row: JsonObject, state: str) -> bool:
    match state:
        case "open":
            return one.status in OPEN
        case "ours":
            return row["waits_for"] in {"us", "both"}
        case "out":
            return one.status in OUT
        case _:
            return True
