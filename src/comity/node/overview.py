"""The first screen of the command line, and what the record looks like: views over everything."""

from typing import Protocol

from comity.api import operations as op
from comity.foundation.canonical import Json, JsonObject
from comity.node import folding
from comity.node.context import Context, counterpart_name, relationship
from comity.node.delivery import Delivery
from comity.node.instruments import Instruments
from comity.node.needs import Needs
from comity.node.waiting import waiting
from comity.record.cosign import cosigner_name
from comity.record.envelope import parse_envelope
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
            "counterpart": counterpart_name(tx, found.rel),
            "in_force_at": _text(found.view.in_force_at),
            "ends_at": _text(found.view.ends_at),
            "suspended": found.view.suspended,
            "suspended_units": list(found.view.suspended_units),
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


def health(tx: Tx, node: Desks) -> JsonObject:
    """Return how the node itself is: what is queued, what does not get through."""
    troubles: list[Json] = []
    for row in tx.relationships.list():
        found = node.delivery.trouble(row.rel_id)
        if found is not None:
            troubles.append(
                {"counterpart": row.counterpart, "code": found.code, "since": found.since}
            )
    return {
        "ok": not troubles,
        "party": node.ctx.config.party,
        "at": str(node.ctx.now()),
        "queued": len(tx.outbox.list()),
        "troubles": troubles,
    }


def record_view(tx: Tx, ctx: Context, rel: RelationshipRow) -> JsonObject:
    """Return both logs of a relationship: size, root, and who cosigned when."""
    return {
        "relationship": rel.rel_id,
        "counterpart": rel.counterpart,
        "status": rel.status,
        "reason": rel.reason,
        "ours": _log(tx, rel.own_origin, cosigner=cosigner_name(rel.peer_origin)),
        "theirs": _log(tx, rel.peer_origin, cosigner=cosigner_name(rel.own_origin)),
        "evidence": [
            {"kind": one.kind, "at": str(one.at), "bytes": len(one.data)}
            for one in tx.evidence.list(rel.rel_id)
        ],
        "at": str(ctx.now()),
    }


def _log(tx: Tx, origin: str, *, cosigner: str) -> JsonObject:
    head, latest = tx.logs.head(origin), tx.checkpoints.latest(origin)
    return {
        "origin": origin,
        "size": head.size,
        "root": head.root.hex(),
        "cosigned_size": latest.size if latest else 0,
        "cosigned_at": str(latest.time) if latest else None,
        "cosigned_by": cosigner,
    }


def entries_view(tx: Tx, ctx: Context, request: op.Entries) -> JsonObject:
    """Return a page of entries with what each says in a few words."""
    rel = relationship(tx, request.counterpart)
    ours = request.log == "ours"
    origin = rel.own_origin if ours else rel.peer_origin
    party = ctx.config.party if ours else rel.counterpart
    marks = tx.checkpoints.marks(origin)
    size = tx.logs.head(origin).size
    stop = min(size, request.start + request.limit)
    rows: list[Json] = []
    for row in tx.logs.entries(origin, request.start, stop):
        envelope = parse_envelope(row.envelope)
        attested = marks.attested(row.n)
        rows.append(
            {
                "n": row.n,
                "kind": row.kind,
                "of": row.of,
                "seen": envelope.seen.size,
                "attested": None if attested is None else str(attested),
                "leaf": row.leaf.hex(),
            }
        )
    return {
        "log": origin,
        "party": party,
        "size": size,
        "entries": rows,
        "next": stop if stop < size else None,
    }


def replay(tx: Tx, ctx: Context, rel: RelationshipRow) -> JsonObject:
    """Rebuild the state from both logs and compare it with the one the node works with."""
    own, peer = tx.logs.head(rel.own_origin), tx.logs.head(rel.peer_origin)
    in_use = folding.fingerprint_of(ctx.folding.state(tx, rel))
    anew = folding.fingerprint_of(ctx.folding.replay(tx, rel))
    stored = tx.things.get(f"state:{rel.rel_id}", "digest", "all")
    written: dict[str, Json] = dict(stored.value) if stored else {}
    sizes = (written.pop("ours", 0), written.pop("theirs", 0))
    cut = tuple(size for size in sizes if isinstance(size, int))
    then = folding.fingerprint_of(ctx.folding.replay(tx, rel, sizes=(cut[0], cut[1])))
    return {
        "relationship": rel.rel_id,
        "entries": {"ours": own.size, "theirs": peer.size},
        "equal": in_use == anew and (not written or written == then),
        "in_use": in_use,
        "replayed": anew,
        "database": {"ours": cut[0], "theirs": cut[1], **written},
        "replayed_to_database": then,
    }
