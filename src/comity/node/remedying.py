"""What would let a refused controlled item through: for officials, with what to ask for.

``technology.remedies`` says which act is missing; here it gets the words us and them, the roles
that can do it, and what a request for an authorisation would hold at first. Source: spec 11.5.
"""

from typing import Self

import attrs

from comity.agreements.controlled import CODES, Wanted
from comity.api import technology as asks
from comity.foundation.canonical import Json, JsonObject
from comity.node.context import counterpart_name
from comity.node.controlling import Controlling
from comity.record.ports import RelationshipRow
from comity.sharing.model import Item, Process, Role, Terms
from comity.storage.tx import Tx
from comity.technology import remedies
from comity.technology.authorisations import left
from comity.technology.covering import Wish, control_of


@attrs.frozen(kw_only=True)
class Matter:
    """What is to cross, and what it is called; ``grounds`` is instrument and unit, or empty."""

    item: str
    title: str
    area: str
    grounds: str
    wish: Wish
    wanted: Wanted

    @classmethod
    def of_item(
        cls, item: Item, *, title: str, grounds: str, sender: str, recipient: str, onward: bool
    ) -> Self:
        """Return the matter of an item of ours."""
        return cls(
            item=item.id,
            title=title,
            area=item.area,
            grounds=grounds,
            wish=Wish(
                sha256=item.digest,
                bytes=item.bytes,
                sender=sender,
                recipient=recipient,
                transfer=None,
            ),
            wanted=Wanted(recipient=recipient, purpose=item.purpose, onward=onward),
        )

    @classmethod
    def of_terms(cls, terms: Terms, *, item: str, title: str, sender: str, recipient: str) -> Self:
        """Return the matter of the terms of a release or a transfer."""
        return cls(
            item=item,
            title=title,
            area=terms.area,
            grounds=f"{terms.instrument} {terms.unit}",
            wish=Wish(
                sha256=terms.digest,
                bytes=terms.bytes,
                sender=sender,
                recipient=recipient,
                transfer=None,
            ),
            wanted=Wanted(recipient=recipient, purpose=terms.purpose, onward=terms.onward),
        )


@attrs.frozen(kw_only=True)
class Remedying:
    """What of the refusals of controlled items is told to officials."""

    controlling: Controlling

    def classified(self, tx: Tx, rel: RelationshipRow, wish: Wish) -> JsonObject | None:
        """Return as what bytes are classified towards a counterpart; None: they are not."""
        found = control_of(self.controlling.ctx.folding.state(tx, rel).technology.controls, wish)
        if found is None:
            return None
        return {"control": found.id, "scheme": found.now.scheme, "code": found.now.code}

    def covering(self, tx: Tx, rel: RelationshipRow, wish: Wish) -> list[Json]:
        """Return the authorisations that speak of bytes which are classified; else none."""
        found = control_of(self.controlling.ctx.folding.state(tx, rel).technology.controls, wish)
        return [] if found is None else self.controlling.covering(tx, rel, found)

    def counts(
        self, tx: Tx, rel: RelationshipRow, authorisation: str | None, *, size: int
    ) -> JsonObject | None:
        """Return what one more transfer of so many bytes counts under an authorisation.

        None where nothing is authorised, or the authorisation has no quantity.
        """
        book = self.controlling.ctx.folding.state(tx, rel).technology.authorisations
        one = None if authorisation is None else book.get(authorisation)
        quantity = None if one is None else one.limits.quantity
        if one is None or quantity is None:
            return None
        rest, _ = left(one, transfer=None)
        return {
            "authorisation": one.id,
            "title": one.terms.title,
            "unit": quantity.unit,
            "amount": size if quantity.unit == "bytes" else 1,
            "used": quantity.amount - (rest or 0),
            "most": quantity.amount,
        }

    def of_process(
        self, tx: Tx, rel: RelationshipRow, process: Process, *, title: str, code: object
    ) -> JsonObject | None:
        """Return what would let through what a transfer was refused; as ``remedy``."""
        own, theirs = self.controlling.ctx.config.party, rel.counterpart
        sender, recipient = (own, theirs) if process.role is Role.PROVIDER else (theirs, own)
        matter = Matter.of_terms(
            process.terms, item=process.item, title=title, sender=sender, recipient=recipient
        )
        return self.remedy(tx, rel, matter, code=code)

    def remedy(
        self, tx: Tx, rel: RelationshipRow, matter: Matter, *, code: object
    ) -> JsonObject | None:
        """Return what would let it through, who acts, and what to ask for.

        ``who`` is us or them where one side must act; None where either can, or nobody need. None
        where the code of the refusal has nothing to do with authorisations, or nothing is missing.
        """
        if code not in CODES:
            return None
        state = self.controlling.ctx.folding.state(tx, rel).technology
        found = remedies.remedy(
            state.controls,
            state.authorisations,
            matter.wish,
            wanted=matter.wanted,
            basis=lambda one: self.controlling.basis(tx, rel, one),
            at=self.controlling.ctx.now(),
        )
        if found is None:
            return None
        one, whose = found.authorisation, self.controlling.deeds.whose
        terms = None if one is None else one.terms
        ask: JsonObject = {
            "counterpart": rel.rel_id,
            "exporter": whose(matter.wish.sender),
            "item": matter.item,
            "title": matter.title,
            "grounds": matter.grounds if terms is None else f"{terms.instrument} {terms.unit}",
            "project": "" if terms is None else terms.project,
            "use": "" if terms is None else terms.use,
        }
        asking = found.act in {"request", "amend"}
        return {
            "code": found.against.code,
            "reason": found.against.reason.replace(
                rel.counterpart, counterpart_name(tx, rel)
            ).replace(self.controlling.ctx.config.party, self.controlling.ctx.config.name),
            "act": found.act,
            "who": None if found.party is None else whose(found.party),
            "roles": [*(asks.ASKERS if asking else asks.SECURITY)],
            "authorisation": None if one is None else one.id,
            "title": None if terms is None else terms.title,
            "ask": ask,
        }
