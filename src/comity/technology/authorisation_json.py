"""Authorisations as JSON: what both nodes come to is compared by it. Source: spec 11.3."""

from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.deeds import Book, json_of
from comity.technology.authorisation_acts import decision_digest
from comity.technology.authorisations import Authorisation


def state_json(book: Book[Authorisation]) -> list[Json]:
    """Return every authorisation as JSON: equal for equal states."""
    return [_json(each) for each in book.things()]


def _json(one: Authorisation) -> JsonObject:
    return {
        "authorisation": one.id,
        "terms": json_of(one.terms),
        "opener": one.opener,
        "status": str(one.status),
        "version": one.version,
        "review": None if one.review is None else json_of(one.review),
        "decision": None if one.decision is None else decision_digest(one.decision),
        "against": None if one.against is None else json_of(one.against),
        "assurance": None if one.assurance is None else digest(canonical(json_of(one.assurance))),
        "accepted": one.accepted,
        "held": None if one.held is None else str(one.held),
        "basis": None if one.basis is None else json_of(one.basis),
        "proposed": None if one.proposed is None else json_of(one.proposed),
        "amender": one.amender,
        "replaced": None if one.replaced is None else json_of(one.replaced),
        "uses": [json_of(each) for each in one.uses],
        "receipts": [json_of(each) for each in one.receipts],
        "disposals": [json_of(each) for each in one.disposals],
        "reports": [json_of(each) for each in one.reports],
        "settled": one.settled,
        "asked": dict(one.asked),
        "last": list(one.last),
    }
