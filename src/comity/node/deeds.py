"""Acts on things that live by steps: commitments, and what coordination and technology add.

One way for all of them: the act is tried on the folded state by the room's own function, the
article it stands on is asked where the step says so (``rule_on``, the same at both ends), and only
then is it recorded. So nothing enters our log that would have no effect when written. What the
counterpart wrote stands in the record in any case; the fold says whether it counts. Source: spec
10.1.
"""

from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

import attrs

from comity.agreements.mandates import Conduct, Refused, Ruling, rule_on
from comity.agreements.model import in_order
from comity.agreements.views import agreement_in_force
from comity.api import coordination as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Book, Chain, Deed, Step
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.foundation.text import check_text
from comity.node import folding
from comity.node.context import Context, counterpart_name, relationship
from comity.node.instruments import Found, Instruments
from comity.node.ledger import NewAct
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

#: Later than every logical clock: our next act comes after all that we know.
_LAST: Final = 1 << 62

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Family(Generic[T]):
    """One family of things, as the desks need it.

    Attributes:
        name: The first part of the kinds of its acts, and the member that names a thing.
        what: What people call one: "commitment".
        book: Where its things stand in the folded state.
        apply: The room's function: a thing after one more act.
        admit: The room's check of an act's form.
        steps: The machine.
        grounds: The instrument and the unit a thing stands on.
        title: What people call a thing.
        also: Further units of instruments that a step asks, where it asks.
    """

    name: str
    what: str
    book: Callable[[folding.Folded], Book[T]]
    apply: Callable[[T | None, Deed], T]
    admit: Callable[[Deed], None]
    steps: Mapping[str, Step]
    grounds: Callable[[T], tuple[str, str]]
    title: Callable[[T], str]
    also: Callable[[T, str], tuple[tuple[str, str], ...]] = lambda _thing, _step: ()


@attrs.frozen(kw_only=True)
class Place(Generic[T]):
    """A thing where it was found: its relationship, its acts, and what they come to."""

    rel: RelationshipRow
    chain: Chain[T]
    thing: T


@attrs.frozen(kw_only=True)
class Deeds:
    """Finds things, and records our acts on them."""

    ctx: Context
    instruments: Instruments

    def find(self, tx: Tx, family: Family[T], named: str) -> Place[T]:
        """Return a thing by its id, the unique beginning of it, its title, or ``last``.

        Raises:
            MisuseError: ``deeds.no_thing``.
        """
        books = [(rel, self.book(tx, rel, family)) for rel in tx.relationships.list()]
        for rel, book in books:
            thing = book.get(named)
            if thing is not None:
                return Place(rel=rel, chain=book.chains[named], thing=thing)
        places = [
            Place(rel=rel, chain=chain, thing=chain.thing)
            for rel, book in books
            for name, chain in book.chains.items()
            if chain.thing is not None
            and (
                named == "last"
                or name.removeprefix("urn:uuid:").startswith(named.removeprefix("urn:uuid:"))
                or family.title(chain.thing) == named
            )
        ]
        if named == "last" and places:
            places = [max(places, key=lambda one: one.chain.deeds[0].place)]
        if len(places) != 1:
            several = "More than one" if places else "No"
            raise MisuseError(
                "deeds.no_thing",
                f"{several} {family.what} is called {named[:80]!r}; name it by its id or title.",
            )
        return places[0]

    def book(self, tx: Tx, rel: RelationshipRow, family: Family[T]) -> Book[T]:
        """Return all things of a family in a relationship."""
        return family.book(self.ctx.folding.state(tx, rel))

    def ruling(
        self, tx: Tx, rel: RelationshipRow, *, grounds: tuple[str, str], sender: str, stage: str
    ) -> Ruling:
        """Return the ruling on an act that stands on a unit of an instrument, made now.

        Args:
            tx: The transaction.
            rel: The relationship.
            grounds: The instrument and the unit.
            sender: The party whose act it is.
            stage: The kind of the act.
        """
        instrument, unit = grounds
        state = self.ctx.folding.state(tx, rel)
        if instrument not in state.agreements.instruments:
            return Refused(
                code="not_in_force",
                reason=f"There is no agreement {instrument[:60]!r} between the two parties.",
                article=None,
            )
        view = self.instruments.look(tx, rel, state, instrument).view
        own, theirs = self.ctx.config.party, rel.counterpart
        conduct = Conduct(
            sender=sender, recipient=theirs if sender == own else own, unit=unit, stage=stage
        )
        return rule_on(agreement_in_force(view), conduct, at=self.ctx.now())

    def over(self, tx: Tx, rel: RelationshipRow, instrument: str) -> bool:
        """Return whether an instrument between the two has ended by now."""
        state = self.ctx.folding.state(tx, rel)
        if instrument not in state.agreements.instruments:
            return False
        view = self.instruments.look(tx, rel, state, instrument).view
        return view.ends_at is not None and self.ctx.now() >= view.ends_at

    def record(  # an act is these
        self,
        tx: Tx,
        rel: RelationshipRow,
        family: Family[T],
        *,
        step: str,
        data: JsonObject,
        words: str = "",
    ) -> T:
        """Record one of our acts and return what the thing is after it.

        Args:
            tx: The transaction.
            rel: The relationship.
            family: What sort of thing.
            step: Which step of its machine.
            data: The section ``act``.
            words: Words of people beside it, kept in the erasable note.

        Raises:
            RefusedError: the room's code: the act would have no effect;
                ``deeds.not_permitted``: the article it stands on does not allow it now;
                ``record.frozen``.
            MisuseError: ``deeds.form`` and others: what was asked for has not the form of an act.
        """
        deed = Deed(
            party=self.ctx.config.party,
            n=tx.logs.head(rel.own_origin).size,
            seen=tx.logs.head(rel.peer_origin).size,
            lc=_LAST,
            kind=f"{family.name}.{step}",
            data=data,
        )
        try:
            family.admit(deed)
            check_text(words, what="The note")
        except PeerError as error:
            raise error.as_family(MisuseError) from error
        thing = family.apply(self.book(tx, rel, family).get(deed.thing), deed)
        if family.steps[step].ruled:
            for grounds in dict.fromkeys((family.grounds(thing), *family.also(thing, step))):
                self._permitted(tx, rel, grounds=grounds, stage=deed.kind)
        note: JsonObject | None = {"words": words} if words else None
        self.ctx.ledger.append(tx, rel, NewAct(kind=deed.kind, data=data, note=note, of=deed.thing))
        made = self.book(tx, rel, family).get(deed.thing)
        assert made is not None  # the act was tried before it was recorded
        return made

    def _permitted(
        self, tx: Tx, rel: RelationshipRow, *, grounds: tuple[str, str], stage: str
    ) -> None:
        own = self.ctx.config.party
        ruling = self.ruling(tx, rel, grounds=grounds, sender=own, stage=stage)
        if isinstance(ruling, Refused):
            raise RefusedError(
                "deeds.not_permitted",
                f"{ruling.reason} What stands on it cannot go on now.",
                {"reason": ruling.code, "article": ruling.article or ""},
            )

    # --- for the pages of every family --------------------------------------------------------

    def whose(self, party: str) -> str:
        """Return ``us`` or ``them``; ``both`` where an act names both together."""
        if party == "both":
            return party
        return "us" if party == self.ctx.config.party else "them"

    def names(self, tx: Tx, rel: RelationshipRow) -> dict[str, str]:
        """Return the names of both parties by id."""
        config = self.ctx.config
        return {config.party: config.name, rel.counterpart: counterpart_name(tx, rel)}

    def place(self, tx: Tx, instrument: str, unit: str) -> tuple[Found, str]:
        """Return an instrument and the id of one of its units, as people name both.

        Raises:
            MisuseError: ``agreements.no_instrument``, ``agreements.no_unit``.
        """
        found = self.instruments.find(tx, instrument)
        return found, found.unit(unit).id

    def grounds(self, tx: Tx, request: asks.Grounds) -> JsonObject:
        """Return the articles of every agreement in force, and how each is ruled on now."""
        rels = (
            [relationship(tx, request.counterpart)]
            if request.counterpart
            else tx.relationships.list()
        )
        made: list[Json] = []
        for rel in rels:
            for instrument in self.ctx.folding.state(tx, rel).agreements.instruments:
                made += self._articles(tx, rel, instrument)
        return {"grounds": made}

    def _articles(self, tx: Tx, rel: RelationshipRow, instrument: str) -> list[Json]:
        state = self.ctx.folding.state(tx, rel)
        view = self.instruments.look(tx, rel, state, instrument).view
        agreement, at = agreement_in_force(view), self.ctx.now()
        own = self.ctx.config.party
        found: list[Json] = []
        for unit in in_order(view.contents):
            content = view.contents[unit]
            if agreement.text is None or content.kind != "article":
                continue
            conduct = Conduct(sender=own, recipient=rel.counterpart, unit=unit, stage="show")
            ruling = rule_on(agreement, conduct, at=at)
            refused = isinstance(ruling, Refused)
            found.append(
                {
                    "relationship": rel.rel_id,
                    "instrument": instrument,
                    "title": agreement.title,
                    "unit": unit,
                    "article": agreement.labels[unit],
                    "heading": content.heading,
                    "permitted": not refused,
                    "code": ruling.code if isinstance(ruling, Refused) else None,
                    "reason": ruling.reason if isinstance(ruling, Refused) else None,
                }
            )
        return found

    def basis(self, tx: Tx, rel: RelationshipRow, grounds: tuple[str, str]) -> JsonObject:
        """Return what a thing stands on, in words, and how it is ruled on now."""
        instrument, unit = grounds
        own = self.ctx.config.party
        ruling = self.ruling(tx, rel, grounds=grounds, sender=own, stage="show")
        state = self.ctx.folding.state(tx, rel)
        title = label = ""
        if instrument in state.agreements.instruments:
            view = self.instruments.look(tx, rel, state, instrument).view
            title = view.opening.title
            label = agreement_in_force(view).labels.get(unit, "")
        refused = isinstance(ruling, Refused)
        return {
            "instrument": instrument,
            "title": title,
            "unit": unit,
            "article": label or unit,
            "permitted": not refused,
            "code": ruling.code if isinstance(ruling, Refused) else None,
            "reason": ruling.reason if isinstance(ruling, Refused) else None,
        }

    def acts(self, tx: Tx, rel: RelationshipRow, chain: Chain[T]) -> list[JsonObject]:
        """Return the acts on a thing in their order, with the words beside them."""
        marks = folding.marks_of(tx, rel, self.ctx.config.party)
        idle = {(each.party, each.n): each for each in chain.idle}
        made: list[JsonObject] = []
        for deed in chain.deeds:
            ours = deed.party == self.ctx.config.party
            without = idle.get((deed.party, deed.n))
            when = marks[deed.party].attested(deed.n)
            made.append(
                {
                    "party": deed.party,
                    "log": "ours" if ours else "theirs",
                    "n": deed.n,
                    "step": deed.step,
                    "at": None if when is None else str(when),
                    "act": deed.data,
                    "words": self._words(tx, rel.own_origin if ours else rel.peer_origin, deed.n),
                    "no_effect": None
                    if without is None
                    else {"code": without.code, "message": without.message},
                }
            )
        return made

    def _words(self, tx: Tx, origin: str, n: int) -> str | None:
        """Return the note beside an act; None where there is none or it was erased."""
        row = tx.logs.entry(origin, n)
        assert row is not None
        act = self.ctx.folding.act_of(tx, origin, row, party="")
        words = None if act.note is None else act.note.get("words")
        return words if isinstance(words, str) else None
