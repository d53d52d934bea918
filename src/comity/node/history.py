"""Why something is in its state: the acts of both logs that made it so, and what decided.

One answer for every kind of thing: its acts in causal order with what each says, and ``because``,
the few that decided the present state, each with the article or the rule. Read off the record and
the folded state; nothing is stored for it. What the house adds is marked private and given only to
the roles that may read it. Source: agreements.md D6; issue 4, "Every object ...".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from comity.agreements.events import Place
from comity.agreements.reasons import Reason, reasons_of
from comity.api import record as asks
from comity.foundation.canonical import Json, JsonObject
from comity.node import history_house, history_sharing, history_units
from comity.node.acting import Reader, actor_of
from comity.node.context import HOUSE, counterpart_name, relationship
from comity.node.history_book import Asking, Book, Desks, Found, unknown, why
from comity.node.house_desk import beside
from comity.node.officials import Official
from comity.node.record_desk import told
from comity.node.saying import (
    UNITS_NAMED_MAX,
    Said,
    said_of,
    without_words,
)
from comity.parties.fold import Granted
from comity.record.envelope import parse_envelope
from comity.record.ports import EntryRow
from comity.storage.tx import Tx

#: Rules by which the node itself acts, by what it then records; nobody enters these.
_RULES: Final[Mapping[str, str]] = {
    "signing.conclude": "conclude-when-signed",
    "anchor.house": "anchor-daily",
    "sharing.contract": "ruling",
    "sharing.sent": "ruling",
    "sharing.received": "ruling",
}


def history(tx: Tx, node: Desks, request: asks.History, *, reader: Reader) -> JsonObject:
    """Return why a thing is in its state.

    Raises:
        MisuseError: ``history.unknown``: there is no such thing here; as the finders of
            instruments and relationships.
    """
    book, found = _FINDERS[request.kind](Asking(tx=tx, node=node, reader=reader), request.object)
    lines = [] if book is None else [_line(book, party, row) for party, row in found.rows]
    house = [(_after(line), line) for line in found.house]
    withheld = found.withheld
    if found.private:
        house, withheld = beside(tx, node.ctx, found.private, reader=reader)
    private = [((after, 1, "", n), _private(line)) for n, (after, line) in enumerate(house)]
    ordered = [line for _, line in sorted([*lines, *private], key=lambda pair: pair[0])]
    left_out = max(0, len(ordered) - request.limit)
    return {
        "kind": request.kind,
        "object": found.object,
        "title": found.title,
        "relationship": None if book is None else book.rel.rel_id,
        "counterpart": None if book is None else book.rel.counterpart,
        "counterpart_name": None if book is None else counterpart_name(tx, book.rel),
        "party": node.ctx.config.party,
        "party_name": node.ctx.config.name,
        "state": found.state,
        "because": list(found.because),
        "acts": list(ordered[left_out:]),
        "left_out": left_out,
        "private_withheld": withheld,
        "at": str(node.ctx.now()),
    }


_Key: TypeAlias = tuple[int, int, str, int]


def _line(book: Book, party: str, row: EntryRow) -> tuple[_Key, JsonObject]:
    """Return one act with its place in the causal order."""
    origin = book.rel.own_origin if party == book.own else book.rel.peer_origin
    envelope = parse_envelope(row.envelope)
    covering = book.tx.checkpoints.covering(origin, row.n)
    said = said_of(
        book.tx,
        row,
        origin=origin,
        party=party,
        folds=book.node.ctx.folding,
        parties=book.state.parties,
        labels=book.labels,
    )
    if not book.reader.words:
        said = without_words(said)
    line: JsonObject = {
        **book.place(party, row.n),
        "private": False,
        "kind": row.kind,
        **told(said),
        "who": _who(book, party, row, said=said),
        "seen": envelope.seen.size,
        "attested": None if covering is None else str(covering.time),
        "at": None,
    }
    return (envelope.lc, 0, origin, row.n), line


def _who(book: Book, party: str, row: EntryRow, *, said: Said) -> JsonObject:
    """Return who did it: party, signer as the record names them; of ours, who entered it."""
    own = party == book.own
    actor = None
    if own:
        actor = actor_of(book.tx, book.rel.rel_id, row.n)
    name = book.node.ctx.config.name if own else counterpart_name(book.tx, book.rel)
    signer = said.signers[0] if said.signers else {}
    return {
        "party": party,
        "name": name,
        "ours": own,
        "signer": signer.get("name"),
        "office": signer.get("office"),
        "entered_by": None if actor is None else actor["by"],
        "entered_by_name": None if actor is None else actor["name"],
        "rule": None if actor is not None else _RULES.get(row.kind),
    }


def _after(line: JsonObject) -> int:
    """Return after what of the shared records a house entry stands."""
    after = line["facts"].get("after") if isinstance(line["facts"], Mapping) else None
    return after if isinstance(after, int) else 0


def _private(line: JsonObject) -> JsonObject:
    """Return a house entry as a line of a history."""
    who: JsonObject = {
        "ours": True,
        "entered_by": line["by"],
        "entered_by_name": line["name"],
        "office": line["office"],
        "rule": line["facts"].get("rule") if isinstance(line["facts"], Mapping) else None,
    }
    return {**line, "private": True, "signers": [], "who": who, "attested": None}


# --- what is asked for -----------------------------------------------------------------------


def _instrument(asking: Asking, named: str) -> tuple[Book, Found]:
    found = asking.node.instruments.find(asking.tx, named)
    book = asking.book(found.rel)
    reasons = reasons_of(found.state.agreements, found.view)
    return book, Found(
        object=found.instrument,
        title=found.view.opening.title,
        state=str(found.view.status),
        because=[_because(book, one) for one in reasons],
        rows=book.about(found.instrument),
        private=found.instrument,
    )


def _because(book: Book, reason: Reason) -> JsonObject:
    named: list[Json] = [book.labels.get(unit, unit) for unit in reason.units[:UNITS_NAMED_MAX]]
    return why(
        reason.event.name.lower(),
        places=[_place(book, one) for one in reason.places],
        article=reason.article,
        at=None if reason.at is None else str(reason.at),
        units=named,
        units_more=len(reason.units) - len(named),
    )


def _place(book: Book, place: Place) -> JsonObject:
    return book.place(place.party, place.n)


def _relationship(asking: Asking, named: str) -> tuple[Book, Found]:
    rel = relationship(asking.tx, named)
    book = asking.book(rel)
    rows = book.of_kinds("letter.introduce", "letter.accept")
    accepted = [book.place(party, row.n) for party, row in rows if row.kind == "letter.accept"]
    because = [why("accepted" if len(accepted) < 2 else "both_accepted", places=accepted)]
    if rel.status == "frozen":
        because.append(why("frozen", reason=rel.reason))
    return book, Found(
        object=rel.rel_id,
        title=counterpart_name(asking.tx, rel),
        state=rel.status,
        because=because,
        rows=rows,
        private=rel.rel_id,
    )


def _powers(asking: Asking, named: str) -> tuple[Book, Found]:
    """Return full powers by their digest, or those of one of our officials, where last granted."""
    thing = asking.tx.things.get(HOUSE, "official", named)
    pair = None if thing is None else Official.read(thing.value).key
    key = None if pair is None else pair.id
    for book in reversed(asking.books()):
        found = [
            (party, one)
            for party, held in book.state.parties.powers.items()
            for one in held
            if (one.powers.key.id == key if key else one.powers.digest.startswith(named))
        ]
        if found and (key or len(found) == 1):
            return book, _of_powers(book, found)
    raise unknown("full powers", named)


def _of_powers(book: Book, found: Sequence[tuple[str, Granted]]) -> Found:
    party, last = found[-1]
    places = {(by, n) for by, one in found for n in (one.granted, one.revoked) if n is not None}
    rows = [
        (by, row)
        for by, row in book.of_kinds("powers.grant", "powers.revoke")
        if (by, row.n) in places
    ]
    over = book.node.ctx.now() > last.powers.valid_until
    if last.revoked is not None:
        state, because = "revoked", why("revoked", places=[book.place(party, last.revoked)])
    elif over:
        state, because = "ended", why("powers_ended", at=str(last.powers.valid_until))
    else:
        state = "granted"
        because = why(
            "granted",
            places=[book.place(party, last.granted)],
            at=str(last.powers.valid_until),
        )
    return Found(
        object=last.powers.digest,
        title=f"{last.powers.name}, {last.powers.office}",
        state=state,
        because=[because],
        rows=rows,
    )


_Finder: TypeAlias = Callable[[Asking, str], tuple[Book | None, Found]]
_FINDERS: Final[Mapping[str, _Finder]] = {
    "instrument": _instrument,
    "unit": history_units.unit,
    "item": history_sharing.item,
    "transfer": history_sharing.transfer,
    "release": history_sharing.release,
    "relationship": _relationship,
    "powers": _powers,
    "draft": history_house.draft,
    "official": history_house.official,
    "approval": history_house.approval,
    "pairing": history_house.pairing,
    "wish": history_house.wish,
    "request": history_house.request,
}
