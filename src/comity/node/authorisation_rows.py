"""Authorisations as an official sees them: all facts of a decision in one place.

What both nodes know, and nothing else. Uses are counted by the transfers themselves
(``controlling``). Source: agreements.md D2.8, D6 (journey 8); spec 11.3.
"""

from collections.abc import Collection, Iterator

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Chain, json_of
from comity.node import folding
from comity.node.authorisation_periods import period_of
from comity.node.authorisation_times import (
    COUNTED,
    asked_of_decider,
    crossings,
    limits_before,
    sentences,
    stopped_at,
    times_of,
)
from comity.node.authorisation_turns import turn
from comity.node.context import Context, counterpart_name
from comity.node.controlling import AUTHORISATION, Controlling
from comity.node.controls import Controls
from comity.node.deeds import Deeds, Place
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.technology import authorisations as room
from comity.technology.authorisation_acts import Terms, decision_digest
from comity.technology.authorisations import Authorisation, left, totals
from comity.technology.covering import Standing, standing
from comity.technology.provisos import provisos_digest


@attrs.frozen(kw_only=True)
class AuthorisationRows:
    """Shows authorisations."""

    ctx: Context
    deeds: Deeds
    controlling: Controlling
    controls: Controls

    def listed(
        self,
        tx: Tx,
        rel: RelationshipRow,
        chain: Chain[Authorisation],
        *,
        articles: dict[tuple[str, str], str],
    ) -> JsonObject:
        """Return a row with what a list says beside how it stands; known articles are kept."""
        one, row = chain.thing, self.one(tx, rel, chain)
        assert one is not None
        grounds = AUTHORISATION.grounds(one)
        if grounds not in articles:
            articles[grounds] = str(self.deeds.basis(tx, rel, grounds)["article"])
        marks = folding.marks_of(tx, rel, self.ctx.config.party)
        covers: list[Json] = [
            self._called(tx, rel, each.item, exporter=one.terms.exporter)
            for each in one.terms.items
        ]
        covers += [f"{each.scheme}: {each.code}" for each in one.terms.classes]
        return {
            **row,
            "project": one.terms.project,
            "covers": covers,
            "article": articles[grounds],
            "provisos": sentences(one),
            **limits_before(chain),
            **times_of(
                chain,
                status=str(row["status"]),
                attested=lambda party, n: marks[party].attested(n),
                now=self.ctx.now(),
            ),
        }

    def one(self, tx: Tx, rel: RelationshipRow, chain: Chain[Authorisation]) -> JsonObject:
        """Return how an authorisation stands: what every list and answer says of it."""
        one = chain.thing
        assert one is not None
        seen = self._standing(tx, rel, one)
        party, n = one.last
        since = folding.marks_of(tx, rel, self.ctx.config.party)[party].attested(n)
        most, limits, by = left(one, transfer=None), one.limits, one.decision or one.against
        return {
            "authorisation": one.id,
            "title": one.terms.title,
            "type": one.terms.type,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "exporter": self.deeds.whose(one.terms.exporter),
            "recipient": self.deeds.whose(one.terms.recipient),
            "asked_by": self.deeds.whose(one.opener),
            "instrument": one.terms.instrument,
            "unit": one.terms.unit,
            "status": seen.status,
            "state": str(one.status),
            "version": one.version,
            "number": None if by is None else by.number,
            "authority": None if one.review is None else one.review.authority,
            "case": None if one.review is None else one.review.case,
            "accepted": one.accepted,
            "quantity": None if limits.quantity is None else limits.quantity.amount,
            "quantity_unit": None if limits.quantity is None else limits.quantity.unit,
            "quantity_left": most[0],
            "used": len(one.counted()),
            "starts": None if limits.starts is None else str(limits.starts),
            "ends": None if limits.ends is None else str(limits.ends),
            "return_due": seen.return_due,
            "amendment": one.proposed is not None,
            "totals_said_by": self._which(one.asked),
            "waits_for": self._waits_for(one),
            "since": None if since is None else str(since),
        }

    def whole(self, tx: Tx, place: Place[Authorisation]) -> JsonObject:
        """Return one authorisation with everything that a decision on it needs."""
        one = place.thing
        counted = totals(one)
        acts: list[Json] = list(self.deeds.acts(tx, place.rel, place.chain))
        decision = one.decision
        by = None if one.amender is None else self.deeds.whose(one.amender)
        marks = folding.marks_of(tx, place.rel, self.ctx.config.party)
        period = period_of(
            place.chain, attested=lambda party, n: marks[party].attested(n), now=self.ctx.now()
        )
        return {
            **self.one(tx, place.rel, place.chain),
            "terms": json_of(one.terms),
            "use": one.terms.use,
            "area": one.terms.area,
            "project": one.terms.project,
            "items": self._items(tx, place.rel, one),
            **self._classes(tx, place.rel, one),
            "basis": self.deeds.basis(tx, place.rel, AUTHORISATION.grounds(one)),
            "review": None if one.review is None else json_of(one.review),
            "decision": None if decision is None else json_of(decision),
            "decision_digest": None if decision is None else decision_digest(decision),
            "provisos_digest": None if decision is None else provisos_digest(decision.provisos),
            "against": None if one.against is None else json_of(one.against),
            "assurance": None if one.assurance is None else json_of(one.assurance),
            "stopped": None if one.basis is None else json_of(one.basis),
            "stopped_at": stopped_at(acts),
            "proposed": None if one.proposed is None else json_of(one.proposed),
            "proposed_by": by,
            "replaced": None if one.replaced is None else json_of(one.replaced),
            "asked_limits": None if by is None else asked_of_decider(acts, by=by),
            "uses": self._uses(tx, place.rel, place.chain),
            "totals": {"transfers": counted[0], "received": counted[1], "bytes": counted[2]},
            "period": period.json(),
            "reports": [json_of(each) for each in one.reports],
            "asked": {self.deeds.whose(party): dict(said) for party, said in one.asked.items()},
            "disposals": [json_of(each) for each in one.disposals],
            "acts": acts,
            "may": [*self._may(one)],
        }

    def _may(self, one: Authorisation) -> Iterator[str]:
        """Yield what our side may do with an authorisation now."""
        own = self.ctx.config.party
        for step in room.STEPS.values():
            if one.status not in step.sources or step.name in COUNTED:
                continue
            if one.plays(own, step.by) and self._useful(one, step.name):
                yield step.name

    def _useful(self, one: Authorisation, step: str) -> bool:
        match step:
            case "accept":
                return not one.accepted
            case "decline":
                return one.version == 1
            case "amend_approve" | "amend_deny" | "amend_withdraw":
                return one.proposed is not None
            case "dispose":
                return bool(one.receipts)
            case _:
                return True

    def _items(self, tx: Tx, rel: RelationshipRow, one: Authorisation) -> list[Json]:
        """Return the items it covers by name or class, as far as either side classified them."""
        known = {each.digest: each.item for each in one.terms.items}
        rows: list[Json] = []
        for control in self.controls.of(tx, rel, one.terms.exporter):
            if one.covers(sha256=control.digest, scheme=control.now.scheme, code=control.now.code):
                known.pop(control.digest, None)
                rows.append(self.controls.row(tx, rel, control))
        rows += [
            {"item": item, "digest": sha256, "title": self.controls.title(tx, rel, item)}
            for sha256, item in known.items()
        ]
        return rows

    def _classes(self, tx: Tx, rel: RelationshipRow, one: Authorisation) -> JsonObject:
        """Return the classes it names, or an amendment would, and whether anything is of them.

        A class is its list and its code to the letter: spelled otherwise it covers nothing.
        """
        known = [each.now for each in self.controls.of(tx, rel, one.terms.exporter)]
        pairs = {(each.scheme, each.code) for each in known}

        def told(terms: Terms | None) -> list[Json]:
            named = [] if terms is None else [*terms.classes, *terms.excluded]
            return [
                {
                    "scheme": each.scheme,
                    "code": each.code,
                    "known": (each.scheme, each.code) in pairs,
                }
                for each in named
            ]

        return {
            "classes": told(one.terms),
            "proposed_classes": told(one.proposed),
            "lists_known": sorted({each.scheme for each in known}),
        }

    def _uses(self, tx: Tx, rel: RelationshipRow, chain: Chain[Authorisation]) -> list[Json]:
        one = chain.thing
        assert one is not None
        marks = folding.marks_of(tx, rel, self.ctx.config.party)
        told = crossings(chain, attested=lambda party, n: marks[party].attested(n))
        came = {each.transfer for each in one.receipts}
        sent = {each.transfer for each in one.uses}
        return [
            {
                "transfer": name,
                "item": use.item,
                "title": self.controls.title(tx, rel, use.item),
                "bytes": use.bytes,
                "value": None if use.value is None else json_of(use.value),
                "sent": name in sent,
                "received": name in came,
                **told[name],
            }
            for name, use in one.counted().items()
        ]

    def _called(self, tx: Tx, rel: RelationshipRow, item: str, *, exporter: str) -> str:
        """Return the words about an item; where there are none its class, and else its id."""
        known = self.controls.of(tx, rel, exporter)
        classes = (f"{each.now.scheme}: {each.now.code}" for each in known if each.item == item)
        return self.controls.title(tx, rel, item) or next(classes, item)

    def _standing(self, tx: Tx, rel: RelationshipRow, one: Authorisation) -> Standing:
        """Return how an authorisation stands at this moment."""
        return standing(one, at=self.ctx.now(), basis=self.controlling.basis(tx, rel, one))

    def _waits_for(self, one: Authorisation) -> str | None:
        """Return whose act comes next: us, them or both; None where nobody's must."""
        return self._which(turn(one, at=self.ctx.now()))

    def _which(self, parties: Collection[str]) -> str | None:
        return "both" if len(parties) > 1 else next(map(self.deeds.whose, parties), None)
