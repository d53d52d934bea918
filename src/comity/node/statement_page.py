"""The signed page of a released statement, made from the record as it is.

Nothing is signed or computed anew: entries, bodies and cosigned heads are taken from both logs.
What no cosigned head covers yet proves nothing, so it is said and no page is made. Source: spec
13.7.
"""

from collections.abc import Iterator
from typing import Final

import attrs

from comity.coordination.statement_acts import CLEARANCES
from comity.coordination.statement_values import Statement
from comity.foundation.canonical import canonical
from comity.foundation.deeds import Chain, Deed, json_of
from comity.foundation.errors import RefusedError, UnavailableError
from comity.node.context import Context
from comity.node.deeds import Place
from comity.node.evidence import Source, record_files, text_file
from comity.node.statement_texts import StatementTexts
from comity.storage.tx import Tx
from comity.verify import layout
from comity.verify.keyring import key_files
from comity.verify.layout import Subject
from comity.verify.readme import readme
from comity.verify.verifier import page_of

_LETTER_KINDS: Final = ("letter.introduce", "letter.accept")


@attrs.frozen(kw_only=True)
class StatementPages:
    """Makes the pages of released statements."""

    ctx: Context
    texts: StatementTexts

    def page(self, tx: Tx, place: Place[Statement], *, ours: bool) -> bytes:
        """Return the page, in our alternate or in theirs.

        Raises:
            RefusedError: ``statements.not_released``.
            UnavailableError: ``statements.no_text``; ``evidence.not_cosigned``, ``evidence.seen``.
        """
        own = self.ctx.config.party
        files, subject = self._files(tx, place)
        return page_of(files, first=subject.side(own if ours else subject.other(own)))

    def _files(self, tx: Tx, place: Place[Statement]) -> tuple[dict[str, bytes], Subject]:
        one, release = place.thing, place.thing.release()
        if one.completed is None or one.order is None or one.texts is None or release is None:
            raise RefusedError(
                "statements.not_released",
                f"«{one.title}» is not released: there is no page of it.",
            )
        seen = self.texts.look(tx, place.rel, place.chain)
        missing = set(one.order.languages) - set(seen)
        if missing or one.texts.principal not in seen:
            raise UnavailableError(
                "statements.no_text",
                f"Our node does not hold the text in {', '.join(sorted(missing)) or 'full'}.",
            )
        subject = Subject(
            instrument=one.opening.instrument,
            transfer=None,
            parties=seen[one.texts.principal].opening.parties,
            statement=one.id,
        )
        state = self.ctx.folding.state(tx, place.rel)
        source = Source(tx=tx, ctx=self.ctx, rel=place.rel, subject=subject, state=state)
        acts = [act for party in subject.parties for act in source.acts(party, _LETTER_KINDS)]
        for deed in _proving(place.chain, one):
            origin = source.origin(deed.party)
            row = tx.logs.entry(origin, deed.n)
            assert row is not None  # the act was folded from it
            acts.append(self.ctx.folding.act_of(tx, origin, row, party=deed.party))
        letters = (state.parties.letters[party] for party in subject.parties)
        files = {
            **record_files(source, acts),
            **key_files(letters, ()),
            **{
                layout.language_file(language): text_file(seen[language])
                for language in one.order.languages
            },
            layout.RELEASE: canonical(release),
            layout.SUBJECT: subject.to_bytes(),
            layout.README: readme(subject, one.title),
        }
        return files, subject


def _proving(chain: Chain[Statement], one: Statement) -> Iterator[Deed]:
    """Yield the acts that a page needs, each once. Source: spec 13.7.3."""
    idle = {(each.party, each.n) for each in chain.idle}
    deeds = [each for each in chain.deeds if (each.party, each.n) not in idle]
    order = None if one.order is None else json_of(one.order)
    content = one.content_digest()
    for party, entry in sorted(one.released.items()):
        before = [each for each in deeds if each.party == party and each.n < entry[1]]
        for by in CLEARANCES:
            said = {"by": by, "content": content}
            cleared = [each for each in before if said.items() <= each.data.items()]
            yield cleared[-1]
        yield [each for each in before if each.data == order][-1]
        yield next(each for each in deeds if (each.party, each.n) == entry)
    for erratum in one.errata:
        wanted = {erratum.asked, erratum.accepted}
        yield from (each for each in deeds if (each.party, each.n) in wanted)
