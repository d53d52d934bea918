"""Lists come page by page: ``limit`` and ``cursor`` in, ``next`` and ``total`` out.

A cursor says after which row to go on, by the row's key, and where that row stood: rows that came
or went meanwhile neither repeat nor hide others. It is opaque, short, and checks itself; nothing
secret is in it. An operation whose answer is a list stands in ``LISTS``; nothing else is needed.
Source: design 13.5; docs/reference/api.md.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Final, NoReturn

import attrs
from msgspec import Meta, defstruct

from comity.api.operation import Operation, Request, Rows
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.errors import ComityError, MisuseError

ROWS_MAX: Final = 1000
CURSOR_CHARACTERS_MAX: Final = 200
_CHECK: Final = 8


#: Operations whose answer is a list, by name: its member, and the member of a row that names it
#: (empty: what the row says). The dispatch cuts the page; handlers return all rows.
LISTS: Final[Mapping[str, Rows]] = {
    name: Rows(member=member, key=key)
    for name, member, key in (
        ("agreements", "agreements", "instrument"),
        ("agreements.rounds", "rounds", "ref"),
        ("approvals", "approvals", "approval"),
        ("areas", "areas", ""),
        ("bodies", "bodies", "body"),
        ("meetings", "meetings", "meeting"),
        ("statements", "statements", "statement"),
        ("meetings.answers", "answers", "answer"),
        ("catalogue", "datasets", "dataset"),
        ("commitments", "commitments", "commitment"),
        ("controls", "controls", "control"),
        ("authorisations", "authorisations", "authorisation"),
        ("retransfers", "retransfers", "retransfer"),
        ("endchecks", "endchecks", "endcheck"),
        ("dataspace.catalogue", "datasets", "dataset"),
        ("dataspace.connectors", "connectors", "connector"),
        ("dataspace.contracts", "contracts", "contract"),
        ("dataspace.datasets", "datasets", "dataset"),
        ("dataspace.exchanges", "exchanges", "exchange"),
        ("dataspace.proposals", "proposals", "proposal"),
        ("dataspace.inbox", "inbox", "exchange"),
        ("dates", "dates", ""),
        ("drafts", "drafts", "draft"),
        ("held", "held", "held"),
        ("items", "items", "id"),
        ("letters.pairing", "pairings", "pairing"),
        ("officials", "officials", "id"),
        ("passkeys", "passkeys", "id"),
        ("projects", "projects", "project"),
        ("record.all", "records", "relationship"),
        ("relationships", "relationships", "relationship"),
        ("released", "released", ""),
        ("requests", "requests", "request"),
        ("requests.all", "requests", "request"),
        ("rulings", "rulings", ""),
        ("skeletons", "skeletons", "skeleton"),
        ("tokens", "tokens", "token"),
        ("transfers", "transfers", "transfer"),
        ("wishes", "wishes", "wish"),
    )
}


Limit = Annotated[int, Meta(ge=1, le=ROWS_MAX)]
Cursor = Annotated[str, Meta(max_length=CURSOR_CHARACTERS_MAX)]


class Page(Request, frozen=True, kw_only=True):
    """A page of a list: how many rows, and after which (``next`` of the page before)."""

    limit: Limit = ROWS_MAX
    cursor: Cursor = ""


def paged(operation: Operation) -> Operation:
    """Return the operation; where its answer is a list, its request takes a page."""
    rows = LISTS.get(operation.name)
    if rows is None:
        return operation
    if operation.request is Request:
        return attrs.evolve(operation, request=Page, rows=rows)
    made = defstruct(
        operation.request.__name__,
        [("limit", Limit, ROWS_MAX), ("cursor", Cursor, "")],
        bases=(operation.request,),
        kw_only=True,
        frozen=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": operation.request.__doc__},
    )
    assert issubclass(made, Request)
    return attrs.evolve(operation, request=made, rows=rows)


def page_of(operation: Operation, request: Request, answer: JsonObject) -> JsonObject:
    """Return the page of a list that was asked for; what is no list is returned as it is.

    Raises:
        MisuseError: ``api.cursor``: not a cursor of this list.
    """
    if operation.rows is None or "next" in answer:  # or its handler has cut the page itself
        return answer
    limit, cursor = int(getattr(request, "limit", ROWS_MAX)), str(getattr(request, "cursor", ""))
    rows = answer[operation.rows.member]
    assert isinstance(rows, Sequence)
    start = 0
    if cursor:
        place, mark = _read(operation, cursor)
        start = _after(operation.rows, rows, place=place, mark=mark)
    part = rows[start : start + limit]
    end = start + len(part)
    following = None if end >= len(rows) or not part else _write(operation, rows, end - 1)
    return {**answer, operation.rows.member: part, "next": following, "total": len(rows)}


def cursor_at(operation: str, updated: int, name: str) -> str:
    """Return the cursor of a list that its handler pages, after a row.

    Args:
        operation: Which list.
        updated: When the row changed last, in seconds.
        name: The row's name.
    """
    said = json.dumps([operation, updated, name]).encode()
    return base64url.encode(sha256(said).digest()[:_CHECK] + said)


def place_at(operation: str, cursor: str) -> tuple[int, str] | None:
    """Return what ``cursor_at`` was given; None for no cursor.

    Raises:
        MisuseError: ``api.cursor``.
    """
    return _place(operation, cursor) if cursor else None


def _after(what: Rows, rows: Sequence[Json], *, place: int, mark: str) -> int:
    """Return where to go on: after the row with that mark, or where it stood if it is gone."""
    if place < len(rows) and _mark(what, rows[place]) == mark:
        return place + 1
    found = (at for at, row in enumerate(rows) if _mark(what, row) == mark)
    return next((at + 1 for at in found), min(place, len(rows)))


def _mark(what: Rows, row: Json) -> str:
    assert isinstance(row, Mapping)
    said = canonical(row.get(what.key, row))
    return sha256(said).hexdigest()[:16]


def _write(operation: Operation, rows: Sequence[Json], place: int) -> str:
    assert operation.rows is not None
    said = json.dumps([operation.name, place, _mark(operation.rows, rows[place])]).encode()
    return base64url.encode(sha256(said).digest()[:_CHECK] + said)


def _read(operation: Operation, cursor: str) -> tuple[int, str]:
    return _place(operation.name, cursor)


def _place(operation: str, cursor: str) -> tuple[int, str]:
    try:
        data = base64url.decode(cursor, what="The cursor")
    except ComityError:
        _refuse(operation)
    said = data[_CHECK:]
    if sha256(said).digest()[:_CHECK] != data[:_CHECK]:
        _refuse(operation)
    name, place, mark = json.loads(said)
    if name != operation:
        _refuse(operation)
    return max(0, int(place)), str(mark)


def _refuse(operation: str) -> NoReturn:
    raise MisuseError(
        "api.cursor",
        f"That is no cursor of {operation}. Give the member next of the page before, or leave"
        " it out to begin.",
    )
