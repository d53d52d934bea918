"""The texts of a statement as our node holds them: instruments that both adopted.

A statement names each by its digest. What it names can be read for ever, also when the instrument
was opened again since: at the acts that its authors knew. Source: spec 13.3.
"""

from collections.abc import Mapping

import attrs

from comity.agreements.fold import InstrumentView, view
from comity.coordination import statement_acts as acts
from comity.coordination.sentences import sentences_of
from comity.coordination.statement_values import Statement
from comity.foundation.deeds import Chain, json_of
from comity.foundation.errors import MisuseError, RefusedError
from comity.node import folding
from comity.node.context import Context
from comity.node.instruments import Found, Instruments
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class StatementTexts:
    """Finds the texts of statements."""

    ctx: Context
    instruments: Instruments

    def adopted(self, tx: Tx, rel: RelationshipRow, named: str) -> tuple[acts.Version, int]:
        """Return a text as a statement names it, and how many sentences it has.

        Raises:
            RefusedError: ``statements.not_adopted``; MisuseError: ``agreements.no_instrument``,
                ``statements.other_counterpart``, ``statements.no_sentences``.
        """
        found = self.instruments.find(tx, named)
        if found.rel.rel_id != rel.rel_id:
            raise MisuseError(
                "statements.other_counterpart",
                f"«{found.view.opening.title}» is negotiated with another counterpart.",
            )
        digest = _adopted(found)
        count = len(sentences_of(found.view.contents))
        if not 0 < count <= acts.SENTENCES_MAX:
            raise MisuseError(
                "statements.no_sentences",
                f"«{found.view.opening.title}» has {count} sentences; a statement has at least one"
                f" and at most {acts.SENTENCES_MAX}.",
            )
        version = acts.Version(
            language=found.view.opening.language, instrument=found.instrument, text=digest
        )
        return version, count

    def still(self, tx: Tx, rel: RelationshipRow, statement: Statement) -> None:
        """Pass if both still adopt every text of a statement, and no other.

        Raises:
            RefusedError: ``statements.not_adopted``, ``statements.text_moved``.
        """
        for version in () if statement.texts is None else statement.texts.texts:
            now, _ = self.adopted(tx, rel, version.instrument)
            if now != version:
                raise RefusedError(
                    "statements.text_moved",
                    f"«{statement.title}»: both have adopted another text in {version.language}"
                    " since; agree on that one, or begin another statement.",
                )

    def stands(self, tx: Tx, rel: RelationshipRow, version: acts.Version) -> bool:
        """Return whether both adopt this text as it is named."""
        known = self.ctx.folding.state(tx, rel).agreements.instruments
        if version.instrument not in known:
            return False
        found = self.instruments.find(tx, version.instrument)
        both = len(found.view.adopted) == len(found.view.opening.parties)
        return both and found.view.text_digest == version.text

    def look(
        self, tx: Tx, rel: RelationshipRow, chain: Chain[Statement]
    ) -> Mapping[str, InstrumentView]:
        """Return, by language, the texts a statement names; one we cannot find is left out."""
        one = chain.thing
        if one is None or one.texts is None:
            return {}
        wanted = json_of(one.texts)
        deed = next(each for each in reversed(chain.deeds) if each.data == wanted)
        own, theirs = self.ctx.config.party, rel.counterpart
        other = theirs if deed.party == own else own
        heads = {deed.party: deed.n, other: deed.seen}
        state = self.ctx.folding.state(tx, rel)
        marks = folding.marks_of(tx, rel, own)
        made: dict[str, InstrumentView] = {}
        for version in one.texts.texts:
            if version.instrument not in state.agreements.instruments:
                continue
            try:
                seen = view(
                    state.agreements,
                    version.instrument,
                    marks=marks,
                    at=self.ctx.now(),
                    heads=heads,
                )
            except MisuseError:  # they name a text that was not tabled when they wrote
                continue
            if seen.text_digest == version.text:
                made[version.language] = seen
        return made

    def sentences(self, tx: Tx, rel: RelationshipRow, chain: Chain[Statement]) -> tuple[str, ...]:
        """Return the sentences of the principal text."""
        one = chain.thing
        if one is None or one.texts is None:
            return ()
        seen = self.look(tx, rel, chain).get(one.texts.principal)
        return () if seen is None else sentences_of(seen.contents)


def _adopted(found: Found) -> str:
    seen = found.view
    missing = [party for party in seen.opening.parties if party not in seen.adopted]
    if seen.text_digest is None or missing:
        raise RefusedError(
            "statements.not_adopted",
            f"«{seen.opening.title}» is {str(seen.status).replace('_', ' ')}: a statement takes a"
            " text that both have adopted.",
            {"status": str(seen.status)},
        )
    return seen.text_digest
