"""A statement as people look at it: texts, sentences with their marks, clearances, read-outs.

Source: agreements.md D2.4, D6 (journey 10); spec 13.
"""

from collections.abc import Iterator
from typing import Final

import attrs

from comity.agreements.model import print_text
from comity.coordination.sentences import departures, sentences_of, split
from comity.coordination.statement_acts import CLEARANCES, ENDS, FAMILY, OUT, STEPS, Mark, Status
from comity.coordination.statement_acts import admit as admit_statement
from comity.coordination.statement_values import (
    Erratum,
    ReadOut,
    Statement,
    commitment_id,
    waiting,
)
from comity.coordination.statements import apply as apply_to_statement
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Book, json_of
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.context import Context, counterpart_name
from comity.node.deeds import Deeds, Family, Place
from comity.node.statement_texts import StatementTexts
from comity.record.ports import RelationshipRow
from comity.relationship.matters import Matter
from comity.storage.tx import Tx

STATEMENTS: Final[Family[Statement]] = Family(
    name=FAMILY,
    what="statement",
    book=lambda state: state.coordination.statements,
    apply=apply_to_statement,
    admit=admit_statement,
    steps=STEPS,
    grounds=lambda one: (one.opening.instrument, one.opening.unit),
    title=lambda one: one.title,
)

#: Who of a side's people gives each clearance.
_CLEARERS: Final = {"press": "press_officer", "legal": "legal_adviser"}


@attrs.frozen(kw_only=True)
class StatementViews:
    """What is shown of statements."""

    ctx: Context
    deeds: Deeds
    texts: StatementTexts

    def row(self, tx: Tx, rel: RelationshipRow, one: Statement) -> JsonObject:
        """Return a statement as a list shows it."""
        parties = (self.ctx.config.party, rel.counterpart)
        waits = waiting(one, parties, at=self.ctx.now())
        whose = [] if waits is None else [self.deeds.whose(party) for party in waits.whose]
        order = one.order
        languages: list[Json] = []
        if one.texts is not None:
            languages = [each.language for each in one.texts.texts]
        return {
            "statement": one.id,
            "title": one.title,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "instrument": one.opening.instrument,
            "unit": one.opening.unit,
            "status": str(one.status),
            "ended": one.status in ENDS,
            "out": one.status in OUT,
            "languages": languages,
            "at": None if order is None else order.at,
            "released_by": [self.deeds.whose(party) for party in sorted(one.released)],
            "errata": len(one.errata),
            "readouts": len(one.readouts),
            "waits_for": ("both" if len(whose) > 1 else whose[0]) if whose else None,
            "waits_what": None if waits is None else waits.what,
        }

    def one(self, tx: Tx, place: Place[Statement]) -> JsonObject:
        """Return one statement with everything that was said of it."""
        one, rel = place.thing, place.rel
        acts: list[Json] = list(self.deeds.acts(tx, rel, place.chain))
        may: list[Json] = [*self.may(one)]
        recallable: list[Json] = [*one.recallable(self.ctx.config.party)]
        due = one.order is not None and self.ctx.now() >= Instant.parse(one.order.at)
        return {
            **self.row(tx, rel, one),
            "opened_by": self.deeds.whose(one.opener),
            "principal": None if one.texts is None else one.texts.principal,
            "texts": self._texts(tx, place),
            "sentences": self._sentences(tx, place),
            "unmarked": len(one.unmarked()),
            "content_digest": one.content_digest(),
            "clearances": {
                side: {by: by in one.clearances.get(party, {}) for by in CLEARANCES}
                for side, party in (("us", self.ctx.config.party), ("them", rel.counterpart))
            },
            "order": None if one.order is None else json_of(one.order),
            "due": due and one.status is Status.EMBARGOED,
            "release_digest": one.release_digest(),
            "said": {
                step: {self.deeds.whose(party): said for party, said in words.items()}
                for step, words in one.asked.items()
            },
            "reason": one.reason,
            "errata": [self._erratum(each) for each in one.errata],
            "offered": [self._erratum(each) for each in one.offered.values()],
            "readouts": [
                self._readout(number, each) for number, each in enumerate(one.readouts, 1)
            ],
            "commitments": [
                made for number in sorted(one.marks) if (made := self._became(one, number))
            ],
            "basis": self.deeds.basis(tx, rel, STATEMENTS.grounds(one)),
            "acts": acts,
            "may": may,
            "recallable": recallable,
        }

    def may(self, one: Statement) -> Iterator[str]:
        """Yield what our side may do with a statement now."""
        own = self.ctx.config.party
        ours = one.clearances.get(own, {})
        asked = {name for name in ("text", "mark", "order") if name in one.open_words(own)}
        theirs = any(party != own for party in one.offered)
        now = self.ctx.now()
        for step in STEPS.values():
            if one.status not in step.sources:
                continue
            if step.name in {"text", "mark", "order"} and one.released:
                continue
            if step.name in {"clear", "unclear", "pull", "release"} and own in one.released:
                continue
            held = {
                "clear": bool(one.unmarked()) or len(ours) == len(CLEARANCES),
                "unclear": not ours,
                "release": one.status is not Status.EMBARGOED
                or (bool(asked) and not one.released)
                or (one.order is not None and now < Instant.parse(one.order.at)),
                "accept_correction": not theirs,
                "recall": not one.recallable(own),
            }
            if not held.get(step.name, False):
                yield step.name

    def _texts(self, tx: Tx, place: Place[Statement]) -> list[Json]:
        one = place.thing
        if one.texts is None:
            return []
        found = self.texts.look(tx, place.rel, place.chain)
        made: list[Json] = []
        for version in one.texts.texts:
            seen = found.get(version.language)
            made.append(
                {
                    **json_of(version),
                    "title": None if seen is None else seen.opening.title,
                    "words": None if seen is None else print_text(seen.contents),
                    "stands": self.texts.stands(tx, place.rel, version),
                }
            )
        return made

    def _sentences(self, tx: Tx, place: Place[Statement]) -> list[Json]:
        one, own = place.thing, self.ctx.config.party
        made: list[Json] = []
        for number, words in enumerate(self.texts.sentences(tx, place.rel, place.chain), 1):
            said = one.said.get(number, {})
            theirs = next((mark for by, mark in said.items() if by != own), None)
            made.append(
                {
                    "number": number,
                    "words": words,
                    "commitment": self._became(one, number),
                    "agreed": self._mark(one.marks.get(number)),
                    "ours": self._mark(said.get(own)),
                    "theirs": self._mark(theirs),
                }
            )
        return made

    @staticmethod
    def _became(one: Statement, number: int) -> str | None:
        """Return the commitment that a sentence became by the release; None where it made none."""
        mark = one.marks.get(number)
        if one.completed is None or mark is None or mark.promise is None:
            return None
        return commitment_id(one.id, number)

    def _mark(self, mark: Mark | None) -> JsonObject | None:
        if mark is None:
            return None
        promise = mark.promise
        return {
            "mark": mark.mark,
            "promise": None
            if promise is None
            else {
                "title": promise.title,
                "test": promise.test,
                "performer": self.deeds.whose(promise.performer),
                "beneficiary": self.deeds.whose(promise.beneficiary),
                "due": promise.due.at,
            },
        }

    def _erratum(self, one: Erratum) -> JsonObject:
        return {
            "by": self.deeds.whose(one.by),
            "texts": {each.language: each.text for each in one.texts},
            "digest": one.digest,
            "accepted": one.accepted is not None,
        }

    def _readout(self, number: int, one: ReadOut) -> JsonObject:
        return {**one.json(), "number": number, "by": self.deeds.whose(one.by)}

    def departs(self, tx: Tx, place: Place[Statement], named: str) -> JsonObject:
        """Return a read-out beside the statement, sentence by sentence, in its language.

        Raises:
            MisuseError: ``statements.no_readout``; ``statements.nothing_to_compare``.
        """
        one = place.thing
        readout = _readout_of(one, named)
        found = self.texts.look(tx, place.rel, place.chain)
        principal = "" if one.texts is None else one.texts.principal
        language = readout.language if readout.language in found else principal
        if language not in found:
            raise MisuseError(
                "statements.nothing_to_compare",
                f"«{one.title}» has no agreed text yet that the read-out could depart from.",
            )
        agreed = sentences_of(found[language].contents)
        rows: list[Json] = [each.json() for each in departures(agreed, split(readout.text))]
        kinds = ("same", "changed", "added", "left_out")
        return {
            "statement": one.id,
            "title": one.title,
            "readout": readout.json(),
            "by": self.deeds.whose(readout.by),
            "language": language,
            "other_language": language != readout.language,
            "sentences": rows,
            "counts": {
                kind: sum(isinstance(row, dict) and row["kind"] == kind for row in rows)
                for kind in kinds
            },
        }


def still_to_clear(book: Book[Statement], matter: Matter, *, own: str) -> tuple[str, ...]:
    """Return the roles of ours that have yet to clear what a matter is about; none of others."""
    one = book.get(matter.thing)
    if one is None or matter.code != "statement.clear":
        return ()
    given = one.clearances.get(own, {})
    return tuple(_CLEARERS[by] for by in CLEARANCES if by not in given)


def _readout_of(one: Statement, named: str) -> ReadOut:
    for number, each in enumerate(one.readouts, 1):
        if named in {str(number), each.id, each.title} or (
            named == "last" and number == len(one.readouts)
        ):
            return each
    raise MisuseError(
        "statements.no_readout",
        f"No read-out of «{one.title}» is called {named[:80]!r}; name it by its number.",
    )
