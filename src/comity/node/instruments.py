"""Finding an instrument and its units, and showing how they stand: shared by the desks."""

from collections.abc import Mapping, Sequence

import attrs

from comity.agreements.attempts import Attempt
from comity.agreements.chains import Chains, opening_of
from comity.agreements.events import CONCLUDE, OPEN, Act
from comity.agreements.fold import InstrumentView, UnitView, admit, result_of, view, view_later
from comity.coordination.statement_values import speaking
from comity.foundation.attested import Marks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node import folding
from comity.node.context import Context, counterpart_name
from comity.node.ledger import NewAct
from comity.parties.fold import powers_at
from comity.parties.keys import PairKey
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class Found:
    """An instrument where it was found."""

    rel: RelationshipRow
    state: folding.Folded
    view: InstrumentView

    @property
    def instrument(self) -> str:
        """Its id."""
        return self.view.instrument

    def unit(self, named: str) -> UnitView:
        """Return the unit a person named: its id, its printed label, or its heading.

        Raises:
            MisuseError: ``agreements.no_unit``, ``agreements.unit_doubled``.
        """
        wanted = named.strip().casefold()
        for names in (_ids, _labels, _headings):
            found = [one for one in self.view.units if wanted in names(one)]
            if len(found) == 1:
                return found[0]
            if len(found) > 1:
                raise MisuseError(
                    "agreements.unit_doubled",
                    f"{len(found)} units are called {named!r}: name one by its id:"
                    f" {', '.join(one.id for one in found[:10])}.",
                )
        raise MisuseError(
            "agreements.no_unit",
            f"{self.view.opening.title} has no unit {named[:80]!r}; comity agreement show lists"
            " them.",
        )


def _ids(unit: UnitView) -> Sequence[str]:
    return (unit.id,)


def _labels(unit: UnitView) -> Sequence[str]:
    label = unit.face.label
    return tuple(each.casefold() for each in (unit.label, label, label.rstrip(".:")) if each)


def _headings(unit: UnitView) -> Sequence[str]:
    return (unit.face.heading.casefold(),) if unit.face.heading else ()


@attrs.frozen
class _Kept:
    """A view, and what it was computed from."""

    chains: Chains
    marks: Mapping[str, Marks]
    view: InstrumentView


@attrs.frozen(kw_only=True)
class Instruments:
    """Looks instruments up and records acts on them.

    A view is kept while both chains and all marks are those it was computed from: a text of 10,000
    units is not read anew for every look at one page of it.
    """

    ctx: Context
    _kept: dict[tuple[str, str], _Kept] = attrs.field(factory=dict)

    def all(self, tx: Tx) -> list[Found]:
        """Return every instrument that has been tabled, in every relationship."""
        made = []
        for rel in tx.relationships.list():
            state = self.ctx.folding.state(tx, rel)
            made += [
                self.look(tx, rel, state, instrument) for instrument in state.agreements.instruments
            ]
        return made

    def look(  # noqa: PLR0917  # transaction, place, state and name are one address
        self, tx: Tx, rel: RelationshipRow, state: folding.Folded, instrument: str
    ) -> Found:
        """Return how an instrument stands now."""
        marks = folding.marks_of(tx, rel, self.ctx.config.party)
        chains, at = state.agreements.instruments[instrument], self.ctx.now()
        kept = self._kept.get((rel.rel_id, instrument))
        if kept is None or kept.chains is not chains or kept.marks != marks:
            seen = view(state.agreements, instrument, marks=marks, at=at)
            kept = self._kept[rel.rel_id, instrument] = _Kept(chains, marks, seen)
        return Found(rel=rel, state=state, view=view_later(kept.view, state.agreements, at=at))

    def labels(self, tx: Tx, rel: RelationshipRow) -> dict[str, str]:
        """Return how people name the units of every instrument of a relationship, by unit id."""
        state = self.ctx.folding.state(tx, rel)
        return {
            unit.id: unit.label
            for name in state.agreements.instruments
            for unit in self.look(tx, rel, state, name).view.units
        }

    def signing(self, tx: Tx, rel: RelationshipRow) -> list[Found]:
        """Return the instruments with a signing window that we have not concluded yet."""
        state = self.ctx.folding.state(tx, rel)
        own = self.ctx.config.party
        found = []
        for name, chains in state.agreements.instruments.items():
            ours = chains[own].acts if own in chains else ()
            opened = any(act.kind == OPEN for chain in chains.values() for act in chain.acts)
            if opened and not any(act.kind == CONCLUDE for act in ours):
                found.append(self.look(tx, rel, state, name))
        return found

    def find(self, tx: Tx, named: str) -> Found:
        """Return the instrument by its id, the unique beginning of it, its title, or ``last``.

        Raises:
            MisuseError: ``agreements.no_instrument``.
        """
        places = [
            (rel, state, name, chains)
            for rel in tx.relationships.list()
            for state in (self.ctx.folding.state(tx, rel),)
            for name, chains in state.agreements.instruments.items()
        ]
        found = [
            place
            for place in places
            if place[2].removeprefix("urn:uuid:").startswith(named.removeprefix("urn:uuid:"))
            or named == title_of(place[3])
        ]
        if named == "last" and places:
            found = places[-1:]
        if len(found) != 1:
            known = ", ".join(title_of(place[3]) for place in places) or "none yet"
            raise MisuseError(
                "agreements.no_instrument",
                f"No tabled instrument is called {named[:80]!r}; there are: {known}.",
            )
        rel, state, name, _ = found[0]
        return self.look(tx, rel, state, name)

    def parties(self, tx: Tx, found: Found) -> list[Json]:
        """Return the two parties of an instrument with their names, in the order of the text."""
        names = {
            self.ctx.config.party: self.ctx.config.name,
            found.rel.counterpart: counterpart_name(tx, found.rel),
        }
        return [
            {"id": party, "name": names.get(party, party)} for party in found.view.opening.parties
        ]

    def record(self, tx: Tx, found: Found, act: NewAct) -> folding.RecordedAct:
        """Record one of our acts on an instrument, once it may stand in our log.

        Raises:
            RefusedError, MisuseError, PeerError: as ``agreements.fold.admit``.
        """
        return self.record_in(tx, found.rel, act)

    def record_in(self, tx: Tx, rel: RelationshipRow, act: NewAct) -> folding.RecordedAct:
        """Record one of our acts in a relationship; a tabling gets its ``result``."""
        state = self.ctx.folding.state(tx, rel)
        n = tx.logs.head(rel.own_origin).size
        seen = tx.logs.head(rel.peer_origin).size
        draft = Act(
            party=self.ctx.config.party,
            n=n,
            seen=seen,
            kind=act.kind,
            data=act.data,
            documents=act.documents,
        )
        if act.kind == "agreement.table":
            data = {**act.data, "result": result_of(state.agreements, draft)}
            act = attrs.evolve(act, data=data)
            draft = attrs.evolve(draft, data=data)
        self.check(state, draft, at=self.ctx.now())
        return self.ctx.ledger.append(tx, rel, act)

    def check(self, state: folding.Folded, act: Act, *, at: Instant | None) -> None:
        """Refuse an act that may not stand in its author's log; same for both parties' acts.

        Args:
            state: The relationship as folded so far.
            act: The act.
            at: Now for our own act; None for the counterpart's, whose time the record decides.
        """

        def seal_of(party: str) -> PairKey:
            return state.parties.letters[party].keys.seal

        admit(
            state.agreements,
            act,
            powers_of=lambda party, n: powers_at(state.parties, party, n),
            seal_of=seal_of,
            at=at,
        )


def title_of(chains: Chains) -> str:
    """Return what an instrument is called, from its first tabling."""
    opened = opening_of(chains, None)
    return opened[1].title if opened else ""


def head(found: Found, *, names: dict[str, str]) -> JsonObject:
    """Return how an instrument stands as a whole, for people and programs; its units apart.

    Args:
        found: The instrument.
        names: Party names by id.
    """
    seen = found.view
    latest = seen.attempts[-1] if seen.attempts else None
    return {
        "instrument": seen.instrument,
        "title": seen.opening.title,
        "register": seen.opening.register,
        "language": seen.opening.language,
        "parties": [
            {"id": party, "name": names.get(party, party)} for party in seen.opening.parties
        ],
        "counterpart": found.rel.counterpart,
        "relationship": found.rel.rel_id,
        "status": str(seen.status),
        "clean": seen.clean,
        "to_sign": seen.to_sign,
        "text": seen.text_digest,
        "state_digest": seen.state_digest,
        "counts": counts_of(seen),
        "packages": [
            {
                "package": package.package,
                "by": party,
                "gives": [list(pair) for pair in package.gives],
                "asks": [list(pair) for pair in package.asks],
            }
            for party, package in seen.packages
        ],
        "no_effects": [
            {"by": one.party, "what": one.what, "unit": one.unit, "message": one.message}
            for one in seen.no_effects
        ],
        "adopted": sorted(seen.adopted),
        "initialled": sorted(seen.initialled),
        "attempts": len(seen.attempts),
        "void_attempts": seen.void_attempts,
        "attempt": None if latest is None else _attempt(latest),
        "signed_at": _instant(seen.signed_at),
        "in_force_at": _instant(seen.in_force_at),
        "ends_at": _instant(seen.ends_at),
        "concluded": list(seen.concluded),
        "suspended": seen.suspended,
        "suspended_units": list(seen.suspended_units),
        "suspensions": [
            {
                "act": one.digest,
                "by": one.party,
                "units": list(one.units),
                "until": _instant(one.until),
                "article": one.article,
            }
            for one in seen.suspensions
        ],
        "contested": seen.contested,
        "reopened": seen.reopened,
        "statements": statements_of(found),
    }


def statements_of(found: Found) -> list[Json]:
    """Return the joint statements that say an instrument's text, for people and programs."""
    said = speaking(found.state.coordination.statements.things(), found.instrument)
    return [{"statement": one.id, "title": one.title, "status": str(one.status)} for one in said]


def counts_of(seen: InstrumentView) -> JsonObject:
    """Return how many units the text has, and how many stand at each status."""
    made: dict[str, Json] = {"units": len(seen.units)}
    for one in seen.units:
        key = str(one.status)
        before = made.get(key, 0)
        made[key] = (before if isinstance(before, int) else 0) + 1
    return made


def _attempt(latest: Attempt) -> JsonObject:
    return {
        "manifest": latest.manifest.digest,
        "outcome": str(latest.outcome),
        "opens": str(latest.manifest.opens),
        "closes": str(latest.manifest.closes),
        "ready": list(latest.ready),
        "signatures": [
            {
                "party": one.signatory.party,
                "name": one.signatory.name,
                "office": one.signatory.office,
                "signed": one.signer is not None,
                "attested": _instant(one.attested),
                "counts": one.counts,
            }
            for one in latest.signatures
        ],
        "conclusions": dict(latest.conclusions),
    }


def _instant(value: Instant | None) -> str | None:
    return None if value is None else str(value)
