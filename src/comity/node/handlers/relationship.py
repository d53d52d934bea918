"""The relationship as a whole, and what needs whom."""

from comity.api import operations as op
from comity.api import relationship as asks
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Call, Handler, Looking
from comity.node.handlers.base import Desks, read
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    relations = node.relations

    def needs(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, asks.Needs)
        return node.needs.show(tx, request, official=call.official)

    return {
        "dates": read(node, asks.Dates, node.due_dates.listing),
        "dates.calendar": read(node, asks.InLanguage, node.due_dates.file),
        "needs": Looking(needs),
        "relationships": read(node, op.Request, lambda tx, _: relations.listing(tx)),
        "relationship": read(node, asks.OfRelationship, relations.show),
        "relationship.timeline": read(node, asks.Timeline, relations.timeline),
        "relationship.evidence": read(node, asks.MeasureEvidence, relations.evidence),
    }
