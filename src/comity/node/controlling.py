"""What controls an item and what authorises it, at this moment; and counting each use once.

Every ruling of sharing asks here (spec 11.5), at the sender's node and at the receiver's, by the
same function over both logs. The transaction that lets the first byte out counts the use.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.agreements.controlled import ControlFacts
from comity.agreements.mandates import Ruling
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.foundation.errors import RefusedError
from comity.node.authorisation_turns import OVER
from comity.node.context import Context
from comity.node.deeds import Deeds, Family
from comity.record.ports import RelationshipRow
from comity.sharing.reactions import CountUse
from comity.storage.tx import Tx
from comity.technology import authorisation_acts, controls
from comity.technology import authorisations as room
from comity.technology.authorisations import Authorisation
from comity.technology.controls import Control
from comity.technology.covering import Wish, control_facts, control_of, covering, standing

CONTROL: Final[Family[Control]] = Family(
    name=controls.FAMILY,
    what="classified item",
    book=lambda state: state.technology.controls,
    apply=controls.apply,
    admit=controls.admit,
    steps=controls.STEPS,
    grounds=lambda _: ("", ""),  # restricting an item of one's own asks no article
    title=lambda one: one.now.called,
)
AUTHORISATION: Final[Family[Authorisation]] = Family(
    name=room.FAMILY,
    what="authorisation",
    book=lambda state: state.technology.authorisations,
    apply=room.apply,
    admit=authorisation_acts.admit,
    steps=room.STEPS,
    grounds=lambda one: (one.terms.instrument, one.terms.unit),
    title=lambda one: str(one.terms.title),
)


@attrs.frozen(kw_only=True)
class Controlling:
    """What a ruling is told of controls, and the count of uses."""

    ctx: Context
    deeds: Deeds

    def facts(self, tx: Tx, rel: RelationshipRow, wish: Wish) -> ControlFacts | None:
        """Return what controls these bytes between the two parties and what authorises them."""
        state = self.ctx.folding.state(tx, rel).technology
        return control_facts(
            state.controls,
            state.authorisations,
            wish,
            basis=lambda one: self.basis(tx, rel, one),
        )

    def basis(self, tx: Tx, rel: RelationshipRow, one: Authorisation) -> Ruling:
        """Return how what an authorisation stands on is ruled on now."""
        return self.deeds.ruling(
            tx,
            rel,
            grounds=AUTHORISATION.grounds(one),
            sender=one.terms.exporter,
            stage="authorisation",
        )

    def covering(self, tx: Tx, rel: RelationshipRow, control: Control) -> list[Json]:
        """Return the authorisations that speak of a classified item and are not over, oldest first.

        For officials: what each has left, until when it is, and its provisos.
        """
        own, theirs = self.ctx.config.party, rel.counterpart
        wish = Wish(
            sha256=control.digest,
            bytes=0,
            sender=control.party,
            recipient=theirs if control.party == own else own,
            transfer=None,
        )
        book = self.ctx.folding.state(tx, rel).technology.authorisations
        return [
            self._covers(tx, rel, one)
            for one in covering(book, control, wish)
            if one.status not in OVER
        ]

    def _covers(self, tx: Tx, rel: RelationshipRow, one: Authorisation) -> JsonObject:
        limits, decision = one.limits, one.decision
        seen = standing(one, at=self.ctx.now(), basis=self.basis(tx, rel, one))
        return {
            "authorisation": one.id,
            "title": one.terms.title,
            "number": None if decision is None else decision.number,
            "version": one.version,
            "status": seen.status,
            "quantity": None if limits.quantity is None else limits.quantity.amount,
            "quantity_unit": None if limits.quantity is None else limits.quantity.unit,
            "quantity_left": seen.left,
            "ends": None if limits.ends is None else str(limits.ends),
            "provisos": [] if decision is None else [each.text for each in decision.provisos],
            "checked": [] if decision is None else [json_of(each) for each in decision.provisos],
            "terms": {"exporter": one.terms.exporter, "recipient": one.terms.recipient},
        }

    def count(self, tx: Tx, rel: RelationshipRow, use: CountUse) -> None:
        """Record one use at our end; once for each transfer.

        At the receiving end the bytes are there: what cannot be counted any more is written down
        in the house log and shows as a difference at the next report.

        Raises:
            RefusedError: ``authorisations.*``: it is used up, at the sending end.
        """
        own, theirs = self.ctx.config.party, rel.counterpart
        wish = Wish(
            sha256=use.digest,
            bytes=use.bytes,
            sender=own if use.sent else theirs,
            recipient=theirs if use.sent else own,
            transfer=use.transfer,
        )
        control = control_of(self.ctx.folding.state(tx, rel).technology.controls, wish)
        value = None if control is None else control.now.value
        data: JsonObject = {
            "authorisation": use.authorisation,
            "transfer": use.transfer,
            "item": use.item,
            "digest": use.digest,
            "bytes": use.bytes,
            "value": None if value is None else json_of(value),
        }
        try:
            self.deeds.record(
                tx, rel, AUTHORISATION, step="use" if use.sent else "receive", data=data
            )
        except RefusedError as error:
            if use.sent:
                raise
            note: JsonObject = {**data, "code": error.code}
            self.ctx.ledger.house(tx, "house.uncounted", note)


def controlled_bytes(ctx: Context, tx: Tx) -> Mapping[str, ControlFacts]:
    """Return what of ours is controlled towards anybody, by digest: for registered connectors.

    An authorisation stands between two parties with a record; none can cover a connector.
    """
    return {
        one.digest: ControlFacts(control=one.id, called=one.now.called, grants=())
        for rel in tx.relationships.list()
        for one in ctx.folding.state(tx, rel).technology.controls.things()
        if one.party == ctx.config.party and one.status is controls.Status.CONTROLLED
    }
