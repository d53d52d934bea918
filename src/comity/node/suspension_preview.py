"""What a suspension would stop at both gateways, before anybody asks for one.

Ruled by the same function that rules when something crosses; nothing is asked for and nothing is
done. Source: agreements.md D6 (journey 12: a dry run before the notice is sent); design 6.
"""

import attrs

from comity.agreements import clauses
from comity.agreements.mandates import (
    Agreement,
    Crossing,
    Permitted,
    Refused,
    Suspension,
    rule_on,
)
from comity.agreements.policies import Area
from comity.agreements.signing import SuspensionDocument
from comity.agreements.suspensions import allowed_scope
from comity.agreements.views import agreement_in_force
from comity.api import legal as asks
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant
from comity.node.conclusion import clause_of
from comity.node.context import Context
from comity.node.instruments import Found, Instruments
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class SuspensionPreviews:
    """The desk that says what a suspension would do."""

    ctx: Context
    instruments: Instruments

    def preview(self, tx: Tx, request: asks.SuspensionPreview) -> JsonObject:
        """Return what a suspension would stop; nothing is asked for and nothing is done.

        Raises:
            MisuseError: ``suspension.until``: its end is no instant, or has passed.
        """
        found = self.instruments.find(tx, request.instrument)
        units = tuple(sorted({found.unit(name).id for name in request.units}))
        until = self._until(request.until)
        clause = clauses.suspension_of(found.view.contents)
        own = self.ctx.config.party
        wished = SuspensionDocument(
            instrument=found.instrument,
            text=found.view.text_digest or "",
            party=own,
            units=units,
            until=until,
            article="" if clause is None else clause[0],
        )
        supposed = Suspension(
            digest="", party=own, units=units, until=until, article=wished.article
        )
        now = agreement_in_force(found.view)
        then = attrs.evolve(now, suspensions=(*now.suspensions, supposed))
        labels = {one.id: one.label for one in found.view.units}
        return {
            "instrument": found.instrument,
            "units": [{"unit": one, "label": labels.get(one, one)} for one in units],
            "until": None if until is None else str(until),
            "clause": clause_of(found),
            "allowed": clause is not None and allowed_scope(wished, clause[2]),
            "needs_both": clause is not None and clause[1] == "both",
            "in_force": found.view.in_force_at is not None,
            "areas": [self._stopped(found, area, now=now, then=then) for _, area in now.areas],
        }

    def _until(self, until: str) -> Instant | None:
        if not until:
            return None
        try:
            made = Instant.parse(until)
        except PeerError as error:
            raise MisuseError("suspension.until", f"The end of the suspension: {error}") from None
        if made <= self.ctx.now():
            raise MisuseError(
                "suspension.until", f"The suspension would end at {made}, which has passed."
            )
        return made

    def _stopped(self, found: Found, area: Area, *, now: Agreement, then: Agreement) -> JsonObject:
        """Return what of one area would stop, by the one function that rules at both gateways."""
        own, other = self.ctx.config.party, found.rel.counterpart
        before = self._ruling(now, area, sender=own, recipient=other)
        after = self._ruling(then, area, sender=own, recipient=other)
        releases = [
            one
            for one in found.state.sharing.releases.values()
            if one.instrument == found.instrument and one.item.area == area.id and not one.withdrawn
        ]
        ours = sum(one.party == own for one in releases)
        return {
            "area": area.id,
            "title": area.title,
            "articles": [now.labels.get(unit, unit) for unit in area.policy.articles],
            "actions": list(area.policy.actions),
            "kinds": list(area.policy.kinds),
            "stopped_already": isinstance(before, Refused),
            "stops": isinstance(before, Permitted) and isinstance(after, Refused),
            "code": after.code if isinstance(after, Refused) else "",
            "reason": after.reason if isinstance(after, Refused) else "",
            "released_by_us": ours,
            "released_by_them": len(releases) - ours,
        }

    def _ruling(
        self, agreement: Agreement, area: Area, *, sender: str, recipient: str
    ) -> Permitted | Refused:
        policy = area.policy
        crossing = Crossing(
            sender=sender,
            recipient=recipient,
            area=area.id,
            action=policy.actions[0],
            kind=policy.kinds[0],
            marking=policy.marking_max,
            purpose=policy.purposes[0],
            onward=False,
            control=None,
            release=None,
            stage="check",
        )
        return rule_on(agreement, crossing, at=self.ctx.now())
