"""Bodies as an official sees them and acts on them. Source: agreements.md B6; spec 10.3."""

from collections.abc import Callable, Iterator
from typing import Final

import attrs

from comity.agreements.views import agreement_in_force
from comity.api import bodies as asks
from comity.coordination import bodies as room
from comity.coordination.bodies import Group, Status, Terms
from comity.coordination.meeting_values import numbers_in_series
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Period
from comity.node.context import Context, counterpart_name, relationship
from comity.node.deeds import Deeds, Family, Place
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

FAMILY: Final[Family[Group]] = Family(
    name=room.FAMILY,
    what="body",
    book=lambda state: state.coordination.bodies,
    apply=room.apply,
    admit=room.admit,
    steps=room.STEPS,
    grounds=lambda one: (one.founding.instrument, one.founding.unit),
    title=lambda one: str(one.founding.name),
)


@attrs.frozen(kw_only=True)
class Bodies:
    """The desk of bodies."""

    ctx: Context
    deeds: Deeds

    # --- looking ------------------------------------------------------------------------------

    def all(self, tx: Tx, request: asks.Bodies) -> JsonObject:
        """Return bodies, the established ones first, by name."""
        rels = (
            [relationship(tx, request.counterpart)]
            if request.counterpart
            else list(tx.relationships.list())
        )
        found = [
            self._row(tx, rel, chain.thing)
            for rel in rels
            for chain in self.deeds.book(tx, rel, FAMILY).chains.values()
            if chain.thing is not None and _wanted(chain.thing, request.state)
        ]
        found.sort(key=lambda row: (row["status"] != "established", str(row["name"])))
        rows: list[Json] = list(found)
        return {"bodies": rows}

    def show(self, tx: Tx, request: asks.OneBody) -> JsonObject:
        """Return one body with its parts, its meetings and everything that was said of it."""
        place = self.deeds.find(tx, FAMILY, request.body)
        group = place.thing
        book = self.deeds.book(tx, place.rel, FAMILY)
        parts: list[Json] = [
            {"body": each.id, "name": each.founding.name, "status": str(each.status)}
            for each in book.things()
            if each.founding.parent == group.id
        ]
        acts: list[Json] = list(self.deeds.acts(tx, place.rel, place.chain))
        may: list[Json] = [*self.may(group)]
        return {
            **self._row(tx, place.rel, group),
            "proposal": group.proposal,
            "parts": parts,
            "terms": None if group.terms is None else json_of(group.terms),
            "terms_title": self._terms_title(tx, place.rel, group.terms),
            "naming": self._naming(tx, place.rel, group),
            "meetings": self._meetings(tx, place.rel, group),
            "reason": group.reason,
            "basis": self.deeds.basis(tx, place.rel, FAMILY.grounds(group)),
            "acts": acts,
            "may": may,
        }

    def may(self, group: Group) -> Iterator[str]:
        """Yield what our side may do with a body now."""
        own = self.ctx.config.party
        for step in room.STEPS.values():
            said = step.name == "wind_up" and own in group.ending
            if group.status in step.sources and group.plays(own, step.by) and not said:
                yield step.name

    def _row(self, tx: Tx, rel: RelationshipRow, group: Group) -> JsonObject:
        own, founding = self.ctx.config.party, group.founding
        parent = None
        if founding.parent is not None:
            found = self.deeds.book(tx, rel, FAMILY).get(founding.parent)
            parent = None if found is None else found.founding.name
        waits = None
        if group.status == Status.PROPOSED:
            waits = "them" if group.opener == own else "us"
        elif group.status == Status.ESTABLISHED and (said := group.ending or group.naming):
            waits = "both" if len(said) == 2 else "them" if own in said else "us"
        return {
            "body": group.id,
            "name": founding.name,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "level": founding.level,
            "parent": founding.parent,
            "parent_name": parent,
            "rhythm": founding.rhythm,
            "rhythm_words": Period.parse(founding.rhythm).words() if founding.rhythm else "",
            "instrument": founding.instrument,
            "unit": founding.unit,
            "status": str(group.status),
            "proposed_by": self.deeds.whose(group.opener),
            "ours": json_of(group.sides[own]) if own in group.sides else None,
            "theirs": next(
                (json_of(side) for party, side in group.sides.items() if party != own), None
            ),
            "ending": {self.deeds.whose(party): why for party, why in group.ending.items()},
            "waits_for": waits,
        }

    def _naming(self, tx: Tx, rel: RelationshipRow, group: Group) -> list[Json]:
        """Return the terms of reference that one side named and the other did not, by whom."""
        return [
            {
                "by": self.deeds.whose(party),
                "title": self._terms_title(tx, rel, named),
                **json_of(named),
            }
            for party, named in sorted(group.naming.items())
        ]

    def _terms_title(self, tx: Tx, rel: RelationshipRow, terms: Terms | None) -> str:
        state = self.ctx.folding.state(tx, rel)
        if terms is None or terms.instrument not in state.agreements.instruments:
            return ""
        found = self.deeds.instruments.look(tx, rel, state, terms.instrument)
        return str(found.view.opening.title)

    def _meetings(self, tx: Tx, rel: RelationshipRow, group: Group) -> list[Json]:
        book = self.ctx.folding.state(tx, rel).coordination.meetings
        every = [each for each in book.things() if each.opening.body == group.id]
        every.sort(key=lambda one: one.slot.start, reverse=True)
        numbers = numbers_in_series(every)
        return [
            {
                "meeting": each.id,
                "title": each.title,
                "status": str(each.status),
                "start": each.slot.start,
                "zone": each.slot.zone,
                "number": numbers.get(each.id),
            }
            for each in every
        ]

    # --- acting -------------------------------------------------------------------------------

    def propose(self, tx: Tx, request: asks.ProposeBody) -> JsonObject:
        """Propose a body.

        Raises:
            MisuseError: ``bodies.no_parent``, ``bodies.rhythm``, ``bodies.terms``.
        """
        rel = relationship(tx, request.counterpart)
        found, unit = self.deeds.place(tx, request.instrument, request.unit)
        if request.rhythm:
            try:
                Period.parse(request.rhythm)
            except PeerError as error:
                raise MisuseError("bodies.rhythm", error.message) from error
        name = self.ctx.new_id()
        data: JsonObject = {
            "body": name,
            "instrument": found.instrument,
            "unit": unit,
            "name": request.name.strip(),
            "level": request.level,
            "parent": self._parent(tx, request.parent) if request.parent else None,
            "rhythm": request.rhythm,
            "terms": self._terms(tx, rel, request.terms) if request.terms else None,
            "side": _side(request.chair, request.contact),
        }
        made = self.deeds.record(
            tx, rel, FAMILY, step="propose", data=data, words=request.words.strip()
        )
        return self._row(tx, rel, made)

    def _parent(self, tx: Tx, named: str) -> str:
        place = self.deeds.find(tx, FAMILY, named)
        if place.thing.status != Status.ESTABLISHED:
            raise MisuseError(
                "bodies.no_parent",
                f"«{place.thing.founding.name}» is not established; nothing can be a part of it.",
            )
        return place.thing.id

    def _terms(self, tx: Tx, rel: RelationshipRow, named: str) -> JsonObject:
        found = self.deeds.instruments.find(tx, named)
        if found.rel.rel_id != rel.rel_id:
            raise MisuseError(
                "bodies.terms",
                f"«{found.view.opening.title}» is not between the two parties of the body.",
            )
        text = agreement_in_force(found.view).text or found.view.text_digest
        if text is None:
            raise MisuseError(
                "bodies.terms",
                f"«{found.view.opening.title}» has brackets or reserves still; terms of reference"
                " are a text that both have agreed.",
            )
        return {"instrument": found.instrument, "text": text}

    def accept(self, tx: Tx, request: asks.NameOurSide) -> JsonObject:
        """Accept a body as it was proposed."""

        def data(group: Group) -> JsonObject:
            parent = group.founding.parent
            if parent is not None:
                self._parent(tx, parent)
            return {"proposal": group.proposal, "side": _side(request.chair, request.contact)}

        return self._act(tx, request, step="accept", data=data)

    def appoint(self, tx: Tx, request: asks.NameOurSide) -> JsonObject:
        """Name another co-chair or point of contact of our side."""
        side = _side(request.chair, request.contact)
        return self._act(tx, request, step="appoint", data=lambda _: {"side": side})

    def terms(self, tx: Tx, request: asks.NameTerms) -> JsonObject:
        """Name terms of reference of a body that stands; they count once both named the same.

        Raises:
            MisuseError: ``bodies.terms``: the text is not agreed, or with another counterpart.
            RefusedError: ``bodies.same_terms``: the body has these.
        """
        rel = self.deeds.find(tx, FAMILY, request.body).rel
        named = self._terms(tx, rel, request.terms)
        return self._act(tx, request, step="terms", data=lambda _: {"terms": named})

    def withdraw(self, tx: Tx, request: asks.OnBody) -> JsonObject:
        """Take back a proposal that is not answered."""
        return self._act(tx, request, step="withdraw", data=lambda _: {})

    def reasoned(self, step: str) -> Callable[[Tx, asks.ReasonedOnBody], JsonObject]:
        """Return the work of a step that gives a reason."""

        def work(tx: Tx, request: asks.ReasonedOnBody) -> JsonObject:
            asked = asks.OnBody(body=request.body)
            return self._act(
                tx, asked, step=step, data=lambda _: {"reason": request.reason.strip()}
            )

        return work

    def _act(
        self, tx: Tx, request: asks.OnBody, *, step: str, data: Callable[[Group], JsonObject]
    ) -> JsonObject:
        place: Place[Group] = self.deeds.find(tx, FAMILY, request.body)
        made = self.deeds.record(
            tx,
            place.rel,
            FAMILY,
            step=step,
            data={"body": place.thing.id, **data(place.thing)},
            words=request.words.strip(),
        )
        return self._row(tx, place.rel, made)


def find_established(deeds: Deeds, tx: Tx, named: str) -> Group:
    """Return an established body.

    Raises:
        MisuseError: ``deeds.no_thing``, ``bodies.not_established``.
    """
    place = deeds.find(tx, FAMILY, named)
    if place.thing.status != Status.ESTABLISHED:
        raise MisuseError(
            "bodies.not_established",
            f"«{place.thing.founding.name}» is {place.thing.status.replace('_', ' ')}; it holds no"
            " meetings.",
        )
    return place.thing


def _side(chair: str, contact: str) -> JsonObject:
    return {"chair": chair.strip(), "contact": contact.strip()}


def _wanted(group: Group, state: str) -> bool:
    match state:
        case "established" | "proposed":
            return group.status == state
        case "ended":
            return group.status not in {Status.ESTABLISHED, Status.PROPOSED}
        case _:
            return True
