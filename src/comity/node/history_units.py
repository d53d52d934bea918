"""The history of one unit of a text: the tablings that touched it, and who stands by which words.

Source: agreements.md D2, D3.3.
"""

from collections.abc import Mapping, Sequence

from comity.agreements import events
from comity.foundation.canonical import Json, JsonObject
from comity.node.context import counterpart_name
from comity.node.history_book import Asking, Book, Found, unknown, why
from comity.record.ports import EntryRow


def unit(asking: Asking, named: str) -> tuple[Book | None, Found]:
    """Return a unit, named ``INSTRUMENT/UNIT`` by the ids of both.

    Raises:
        MisuseError: ``history.unknown``; as the finder of instruments.
    """
    instrument, _, unit_id = named.rpartition("/")
    found = asking.node.instruments.find(asking.tx, instrument)
    shown = next((one for one in found.view.units if one.id == unit_id), None)
    if shown is None:
        raise unknown("unit", named)
    book = asking.book(found.rel)
    rows = [
        (party, row)
        for party, row in book.about(found.instrument)
        if row.kind == events.TABLE and _touches(book, party, row, unit=unit_id)
    ]
    last = {party: book.place(party, row.n) for party, row in rows}
    because = [why(f"unit_{shown.status}", places=list(last.values()))]
    if shown.turn:
        because.append(why("unit_turn", who=_parties(book, shown.turn)))
    return book, Found(
        object=f"{found.instrument}/{unit_id}",
        title=f"{found.view.opening.title}, {book.labels.get(unit_id, unit_id)}",
        state=f"unit_{shown.status}",
        because=because,
        rows=rows,
    )


def _touches(book: Book, party: str, row: EntryRow, *, unit: str) -> bool:
    """Return whether a tabling has a move on a unit, alone or in a package."""
    origin = book.rel.own_origin if party == book.own else book.rel.peer_origin
    act: JsonObject = book.node.ctx.folding.act_of(book.tx, origin, row, party=party).data
    moves = act.get("moves")
    return any(
        move.get("unit") == unit or any(unit in _units(value) for value in move.values())
        for move in (moves if isinstance(moves, list) else [])
        if isinstance(move, Mapping)
    )


def _units(value: Json) -> list[Json]:
    """Return the units of a member that lists pairs of unit and digest."""
    pairs = value if isinstance(value, list) else []
    return [pair[0] for pair in pairs if isinstance(pair, list) and pair]


def _parties(book: Book, parties: Sequence[str]) -> list[Json]:
    own, theirs = book.node.ctx.config.name, counterpart_name(book.tx, book.rel)
    return [own if party == book.own else theirs for party in parties]
