"""The first screen of the command line: views over everything."""

from typing import Protocol

from comity.foundation.canonical import Json, JsonObject
from comity.node.context import Context, counterpart_name
from comity.node.delivery import Delivery
from comity.node.instruments import Instruments, statements_of
from comity.node.needs import Needs
from comity.node.waiting import waiting
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx


class Desks(Protocol):
    """What the overview looks at."""

    ctx: Context
    delivery: Delivery
    instruments: Instruments
    needs: Needs


def overview(tx: Tx, node: Desks) -> JsonObject:
    """Return the first screen: relationships, instruments, and what waits for whom."""
    config = node.ctx.config
    instruments: list[Json] = [
        {
            "instrument": found.instrument,
            "title": found.view.opening.title,
            "status": str(found.view.status),
            "to_sign": found.view.to_sign,
            "counterpart": counterpart_name(tx, found.rel),
            "in_force_at": _text(found.view.in_force_at),
            "ends_at": _text(found.view.ends_at),
            "suspended": found.view.suspended,
            "suspended_units": list(found.view.suspended_units),
            "statements": statements_of(found),
        }
        for found in node.instruments.all(tx)
    ]
    return {
        "party": config.party,
        "name": config.name,
        "purpose": config.purpose,
        "relationships": [_relationship(tx, node, row) for row in tx.relationships.list()],
        "instruments": instruments,
        "waiting": waiting(node.needs.all(tx)),
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _relationship(tx: Tx, node: Desks, row: RelationshipRow) -> JsonObject:
    trouble = node.delivery.trouble(row.rel_id)
    own, latest = tx.logs.head(row.own_origin), tx.checkpoints.latest(row.own_origin)
    return {
        "relationship": row.rel_id,
        "counterpart": row.counterpart,
        "name": counterpart_name(tx, row),
        "status": row.status,
        "reason": row.reason,
        "entries": own.size,
        "held_by_counterpart": latest.size if latest else 0,
        "trouble": None
        if trouble is None
        else {"since": trouble.since, "code": trouble.code, "message": trouble.message},
    }
