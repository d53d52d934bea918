"""What waits for whom and why, and what the record looks like: views over everything.

Sorted by consequence: what is broken, what waits for us, what waits for them.
"""

from collections.abc import Iterator
from typing import Final, Protocol

from comity.agreements.attempts import Outcome
from comity.agreements.views import InstrumentView
from comity.api import operations as op
from comity.foundation.canonical import Json, JsonObject
from comity.node import folding
from comity.node.context import HOUSE, Context, counterpart_name, relationship
from comity.node.delivery import Delivery
from comity.node.drafting import Drafting
from comity.node.instruments import Found, Instruments
from comity.node.requests import Requests
from comity.record.cosign import cosigner_name
from comity.record.envelope import parse_envelope
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

_ORDER: Final = {"trouble": 0, "us": 1, "them": 2, "both": 2}


class Desks(Protocol):
    """What the overview looks at."""

    ctx: Context
    delivery: Delivery
    instruments: Instruments
    drafting: Drafting
    requests: Requests


def overview(tx: Tx, node: Desks) -> JsonObject:
    """Return the first screen: relationships, instruments, and what waits for whom."""
    config = node.ctx.config
    waiting = [*_of_requests(tx, node), *_of_relationships(tx, node)]
    instruments: list[Json] = []
    for found in node.instruments.all(tx):
        waiting += list(_of_instrument(tx, found, own=config.party))
        instruments.append(
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
        )
    waiting += list(_of_sharing(tx))
    for draft in node.drafting.drafts(tx):
        waiting.append(_wait("us", f"The draft «{draft['title']}» is not tabled yet.", "table"))
    waiting.sort(key=lambda one: _ORDER[str(one["who"])])
    return {
        "party": config.party,
        "name": config.name,
        "purpose": config.purpose,
        "relationships": [_relationship(tx, node, row) for row in tx.relationships.list()],
        "instruments": instruments,
        "waiting": waiting,
    }


def _wait(who: str, what: str, act: str) -> JsonObject:
    return {"who": who, "what": what, "act": act}


def _of_requests(tx: Tx, node: Desks) -> Iterator[JsonObject]:
    for request in node.requests.waiting(tx):
        signatures, signers = request["signatures"], request["signers"]
        assert isinstance(signatures, dict)
        assert isinstance(signers, list)
        missing = [str(one) for one in signers if one not in signatures]
        yield _wait(
            "us",
            f"«{request['title']}» waits for the signature of {' and '.join(missing)},"
            f" since {request['created']}.",
            f"comity requests show {request['request']}",
        )


def _of_sharing(tx: Tx) -> Iterator[JsonObject]:
    for row in tx.things.list(HOUSE, "release_wish", status="waiting"):
        yield _wait(
            "us",
            f"«{row.value['title']}» waits for the release officer's decision for"
            f" {row.value['counterpart']}, since {row.value['since']}.",
            f"comity share release {_short(str(row.value['item']))} --to"
            f' "{row.value["counterpart"]}"',
        )
    for rel in tx.relationships.list():
        for row in tx.things.list(f"sharing:{rel.rel_id}", "held"):
            yield _wait("us", f"{counterpart_name(tx, rel)}: {row.value['why']}", "desk officer")


def _of_relationships(tx: Tx, node: Desks) -> Iterator[JsonObject]:
    for row in tx.relationships.list():
        name = counterpart_name(tx, row)
        trouble = node.delivery.trouble(row.rel_id)
        if row.status == "frozen":
            yield _wait("trouble", f"Frozen for new acts with {name}: {row.reason}", "officials")
        elif row.status == "introduced":
            yield _wait("them", f"{name} has not accepted our letter yet.", "wait")
        waiting = row.status == "introduced" and trouble is not None
        if trouble is not None and not (waiting and trouble.code == "call.not_authenticated"):
            yield _wait(
                "trouble",
                f"Nothing gets through to {name} since {trouble.since}"
                f" ({trouble.attempts} attempts): {trouble.message} [{trouble.code}]",
                "engineer",
            )


def _of_instrument(tx: Tx, found: Found, *, own: str) -> Iterator[JsonObject]:
    name = counterpart_name(tx, found.rel)
    status = str(found.view.status)
    if status in {"tabled", "negotiating"}:
        yield from _of_text(found, name, own=own)
    elif status in {"clean", "agreed_ad_ref", "initialled", "signing"}:
        yield from _of_conclusion(found, status, own=own)
    yield from _of_suspension(found, name, own=own)


def _of_text(found: Found, name: str, *, own: str) -> Iterator[JsonObject]:
    seen, title = found.view, found.view.opening.title
    if str(seen.status) == "tabled":
        ours = seen.opening.parties[0] == own
        yield _wait(
            "them" if ours else "us",
            f"«{title}» is tabled; {name if ours else 'we'} must say whether to talk about it.",
            f"comity agreement talk {_short(found.instrument)}",
        )
    mine = [one.label for one in seen.units if own in one.turn]
    theirs = [one.label for one in seen.units if one.turn and own not in one.turn]
    show = f"comity agreement show {_short(found.instrument)}"
    if mine:
        yield _wait("us", f"«{title}»: {_some(mine)} wait for us.", show)
    if theirs:
        yield _wait("them", f"«{title}»: {_some(theirs)} wait for {name}.", "wait")


def _of_conclusion(found: Found, status: str, *, own: str) -> Iterator[JsonObject]:
    seen, title, short = found.view, found.view.opening.title, _short(found.instrument)
    for state, done, act, said in (
        ("clean", seen.adopted, "adopt", "adopted"),
        ("agreed_ad_ref", seen.initialled, "initial", "initialled"),
    ):
        if status == state:
            who = "them" if own in done else "us"
            yield _wait(who, f"«{title}» is to be {said}.", f"comity agreement {act} {short}")
    if status == "initialled":
        yield _of_window(seen, own=own, short=short)
    if status == "signing":
        closes = seen.attempts[-1].manifest.closes
        for line in seen.attempts[-1].signatures:
            if line.signer is None:
                yield _wait(
                    "us" if line.signatory.party == own else "them",
                    f"«{title}» waits for the signature of {line.signatory.name} until {closes}.",
                    f"comity agreement sign {short}",
                )


def _of_window(seen: InstrumentView, *, own: str, short: str) -> JsonObject:
    title = seen.opening.title
    proposed = [one for one in seen.attempts if one.outcome is Outcome.PROPOSED]
    if not proposed:
        what = f"«{title}» is initialled; a signing window is to be proposed."
        return _wait("both", what, f"comity agreement window {short}")
    who = "them" if own in proposed[-1].ready else "us"
    closes = proposed[-1].manifest.closes
    what = f"«{title}»: a signing window until {closes} is proposed and to be agreed."
    return _wait(who, what, f"comity agreement ready {short}")


def _of_suspension(found: Found, name: str, *, own: str) -> Iterator[JsonObject]:
    for suspension in found.view.suspensions:
        units = [one.label for one in found.view.units if one.id in suspension.units]
        ours = suspension.party == own
        yield _wait(
            "us" if ours else "them",
            f"«{found.view.opening.title}»: {_some(units) if units else 'the whole'} suspended by"
            f" {'us' if ours else name}.",
            f"comity agreement resume {_short(found.instrument)}",
        )


def _short(name: str) -> str:
    """Return the beginning of an id, which commands take for the whole."""
    return name.removeprefix("urn:uuid:")[:8]


def _some(labels: list[str]) -> str:
    more = f" and {len(labels) - 4} more" if len(labels) > 4 else ""
    return ", ".join(labels[:4]) + more


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
