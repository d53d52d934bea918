"""The house log for its few readers: what this party did alone, and when.

It never leaves the node, and within the party it is for those who answer for it: mandate holder and
legal adviser. Single entries of it also stand in the history of what they are about, for the roles
that work with them. Source: record.md 4.1; agreements.md D6.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from comity.api import record as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from comity.node.acting import CONFIDANTS, Reader
from comity.node.context import HOUSE, Context
from comity.node.record_desk import Wanted, leaf
from comity.node.saying import Said
from comity.record.ports import EntryRow
from comity.storage.tx import Tx

#: How long a text of an entry is shown; the entry itself stands in the log.
FACT_SHOWN: Final = 500

_SHARERS: Final = CONFIDANTS | {"desk_officer", "release_officer"}
_ENGINEERS: Final = CONFIDANTS | {"engineer"}
#: Who may read a house entry beside what it is about; kinds not named here: confidants alone.
_READERS: Final[Mapping[str, frozenset[str]]] = {
    "house.release": _SHARERS,
    "house.declined": _SHARERS,
    "house.withdrawn": _SHARERS,
    "house.ruling": _SHARERS,
    "house.access": _SHARERS,
    "house.transfer": _SHARERS,
    "house.uncounted": _SHARERS,
    "house.frozen": _ENGINEERS,
    "house.recovered": _ENGINEERS,
    "house.account": _ENGINEERS,
    "house.passkey_added": _ENGINEERS,
    "house.passkey_removed": _ENGINEERS,
    "house.fingerprint_differed": _ENGINEERS,
}
#: What the pages of drafts, approvals and pairings tell every official here in any case.
_OPEN: Final = frozenset(
    {
        "house.approval_asked",
        "house.approval_given",
        "house.approval_refused",
        "house.draft",
        "house.letter_accepted",
        "house.letter_read",
        "house.official",
    }
)
#: One house entry as it is shown.
Line: TypeAlias = JsonObject
#: Kinds that stand in a history in another form: who entered what.
_ELSEWHERE: Final = frozenset({"house.acted"})


def house_entries(tx: Tx, ctx: Context, request: asks.HouseEntries) -> JsonObject:
    """Return a page of the house log; who may ask is in the table of operations."""
    origin, wanted = ctx.ledger.house_origin, Wanted.of_request(request)
    size = tx.logs.head(origin).size
    start = request.start
    if start is None:
        start = size if wanted.back else 0

    def say(row: EntryRow) -> Said:
        return _said(tx, ctx, row)

    page = leaf(tx, origin, wanted, at=start, say=say)
    other = Wanted(
        back=not wanted.back,
        limit=wanted.limit,
        kind=wanted.kind,
        of=wanted.of,
        text=wanted.text,
    )
    before = leaf(tx, origin, other, at=start, say=say)
    return {
        "log": origin,
        "size": size,
        "entries": [_line(tx, row, said) for row, said in page.rows],
        "next": None if page.over else page.at,
        "previous": before.at if before.rows or not before.over else None,
    }


def beside(
    tx: Tx, ctx: Context, about: str, *, reader: Reader
) -> tuple[list[tuple[int, JsonObject]], bool]:
    """Return the house entries about one thing that a reader may read, each after which clock.

    The second value says whether this reader lacks the roles to read all of them, if there are
    any: whether there are is not told either.
    """
    found: list[tuple[int, JsonObject]] = []
    for row in tx.logs.by_of(ctx.ledger.house_origin, about):
        if row.kind in _ELSEWHERE:
            continue
        if not reader.roles & _READERS.get(row.kind, CONFIDANTS):
            continue
        said = _said(tx, ctx, row)
        after = said.facts.get("after")
        line = _line(tx, row, said)
        found.append((after if isinstance(after, int) else 0, line))
    return found, not reader.confidant


def of_kinds(tx: Tx, ctx: Context, *kinds: str, reader: Reader) -> list[Line]:
    """Return the house entries of some kinds that a reader may read, in their order.

    For things of the house alone: few entries are of these kinds, and they are found by what they
    say, because an envelope holds no name of a person.
    """
    rows = [
        row
        for kind in kinds
        if kind in _OPEN or reader.roles & _READERS.get(kind, CONFIDANTS)
        for row in tx.logs.by_kind(ctx.ledger.house_origin, kind)
    ]
    rows.sort(key=lambda row: row.n)
    return [_line(tx, row, _said(tx, ctx, row)) for row in rows]


def _said(tx: Tx, ctx: Context, row: EntryRow) -> Said:
    """Return what a house entry says: the plain members of its act, cut to what people read."""
    try:
        act = ctx.folding.act_of(tx, ctx.ledger.house_origin, row, party=ctx.config.party)
    except ComityError:
        return Said(code=row.kind, facts={}, body="missing")
    return Said(code=row.kind, facts={name: _plain(value) for name, value in act.data.items()})


def _plain(value: Json) -> Json:
    if isinstance(value, str):
        return value[:FACT_SHOWN]
    if isinstance(value, Mapping):
        return {name: each for name, each in value.items() if not isinstance(each, Mapping)}
    if isinstance(value, Sequence):
        return len(value)
    return value


def _line(tx: Tx, row: EntryRow, said: Said) -> JsonObject:
    by = said.facts.get("by")
    known = tx.things.get(HOUSE, "official", by) if isinstance(by, str) else None
    return {
        "log": "house",
        "n": row.n,
        "kind": row.kind,
        "of": row.of,
        "leaf": row.leaf.hex(),
        "code": said.code,
        "facts": said.facts,
        "body": said.body,
        "at": said.facts.get("at"),
        "by": by,
        "name": None if known is None else known.value["name"],
        "office": None if known is None else known.value["office"],
    }
