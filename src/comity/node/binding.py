"""How a person's own key comes to bind the party: the request, the full powers, the act.

Shared by every act that an official signs. Source: design 13.4; agreements.md D3.7.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.fields import fields_plain_words
from comity.agreements.lifecycle import check_allowed
from comity.agreements.model import Content, content_json, in_order
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import RefusedError
from comity.node.context import Context, text_of
from comity.node.instruments import Found, Instruments
from comity.node.ledger import NewAct
from comity.node.officials import Official
from comity.node.requests import NewRequest, Requests, Signed
from comity.parties.fold import powers_at
from comity.parties.powers import FullPowers
from comity.parties.signatures import Capacity
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class BindingActs:
    """Makes requests for binding acts, and records them once they are signed."""

    ctx: Context
    instruments: Instruments
    requests: Requests

    def ask(  # noqa: PLR0913  # one request has these facts
        self,
        tx: Tx,
        found: Found,
        official: Official,
        *,
        kind: str,
        capacity: Capacity,
        document: bytes,
        shown: Sequence[str] = (),
        attachments: JsonObject | None = None,
    ) -> JsonObject:
        """Return the request by which an official signs a document about an instrument.

        Raises:
            RefusedError: ``agreements.not_now``, ``agreements.no_full_powers``.
        """
        if kind in {"agreement.adopt", "agreement.initial"}:
            check_allowed(kind, found.view.status)
        powers = self.powers(found, official, capacity)
        units = found.view.contents
        labels = {one.id: one.label for one in found.view.units}
        words = [
            line
            for unit in in_order(units)
            for line in fields_plain_words(units[unit].fields, labels=labels)
        ]
        return self.requests.create(
            tx,
            NewRequest(
                operation=kind,
                capacity=str(capacity),
                document=document,
                signers=(official.id,),
                needed=1,
                title=f"{_WHAT[kind]}: {found.view.opening.title}",
                shown=(*shown, *words),
                full_powers={official.id: powers.digest},
                context={"instrument": found.instrument, "relationship": found.rel.rel_id},
                attachments=attachments or _text_attachment(found),
            ),
        )

    def powers(self, found: Found, official: Official, capacity: Capacity) -> FullPowers:
        """Return the full powers under which an official may sign in this capacity now.

        Raises:
            RefusedError: ``agreements.no_full_powers``: names those who hold them.
        """
        party = self.ctx.config.party
        given, revoked = powers_at(found.state.parties, party, 1 << 53)
        held = [
            one
            for one in given
            if one.digest not in revoked
            and official.key is not None
            and one.key.id == official.key.id
            and capacity in one.acts
            and (one.instruments == "any" or found.instrument in one.instruments)
            and one.valid_from <= self.ctx.now() <= one.valid_until
        ]
        if not held:
            able = sorted(
                {
                    one.name
                    for one in given
                    if capacity in one.acts
                    and one.digest not in revoked
                    and self.ctx.now() <= one.valid_until
                }
            )
            raise RefusedError(
                "agreements.no_full_powers",
                f"{official.name} holds no full powers in force to {capacity.replace('_', ' ')}"
                f" this instrument; those who do: {', '.join(able) or 'nobody'}.",
            )
        return held[-1]

    def found(self, tx: Tx, signed: Signed) -> Found:
        """Return the instrument that a signed request is about."""
        return self.instruments.find(tx, text_of(signed.context, "instrument"))

    def recorded(self, tx: Tx, found: Found, act: NewAct) -> JsonObject:
        """Record an act and say where it stands."""
        recorded = self.instruments.record(tx, found, act)
        return {
            "instrument": found.instrument,
            "relationship": found.rel.rel_id,
            "kind": act.kind,
            "entry": recorded.n,
        }


_WHAT: Final = {
    "agreement.adopt": "Adoption of the text",
    "agreement.initial": "Initials on the text",
    "signing.signature": "Signature",
    "agreement.suspend": "Suspension",
    "agreement.resume": "Resumption",
}


def _text_attachment(found: Found) -> JsonObject:
    """Return the exact text that the document's digest covers, for whoever signs to read."""
    units: Mapping[str, Content] = found.view.contents
    listed: list[Json] = [
        {"unit": unit, "content": content_json(units[unit])} for unit in in_order(units)
    ]
    return {
        "instrument": found.instrument,
        "open": found.view.opening.json(),
        "units": listed,
    }
