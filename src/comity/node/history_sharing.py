"""The history of what is shared: items, release decisions, transfers, by both parties' acts.

Source: agreements.md D6; ``docs/spec/07-sharing.md`` 7.3.
"""

from collections.abc import Iterator, Mapping, Sequence

from comity.foundation.canonical import Json, JsonObject
from comity.node.context import HOUSE
from comity.node.history_book import Asking, Book, Found, last_part, short_id, unknown, why
from comity.record.ports import EntryRow
from comity.sharing.fold import SharingState
from comity.sharing.model import ReleaseDecision


def item(asking: Asking, named: str) -> tuple[Book, Found]:
    """Return an item of either party: released, contracted and moved where the record says so.

    Raises:
        MisuseError: ``history.unknown``.
    """
    own = {row.name: str(_note_title(row.value)) for row in asking.tx.things.list(HOUSE, "item")}
    for book in asking.books():
        sharing = book.state.sharing
        known = {release.item.id for release in sharing.releases.values()} | set(own)
        known |= {act.item for act in sharing.contracts.values()}
        ids = [item for item in sorted(known) if short_id(item).startswith(short_id(named))]
        if len(ids) == 1 and (_touched(sharing, ids[0]) or _only(book)):
            return book, _of_item(book, ids[0], own.get(ids[0], ""))
    raise unknown("item", named)


def _note_title(value: JsonObject) -> Json:
    note = value.get("note")
    return note.get("title", "") if isinstance(note, Mapping) else ""


def _touched(sharing: SharingState, item: str) -> bool:
    return any(one.item.id == item for one in sharing.releases.values())


def _only(book: Book) -> bool:
    """Return whether this is the last relationship in which an item could still be found."""
    return book.tx.relationships.list()[-1].rel_id == book.rel.rel_id


def _of_item(book: Book, item: str, title: str) -> Found:
    sharing = book.state.sharing
    contracts = [act.contract for act in sharing.contracts.values() if act.item == item]
    rows = book.about(last_part(item), *map(last_part, contracts))
    releases = [
        (party, n, one) for (party, n), one in sharing.releases.items() if one.item.id == item
    ]
    return Found(
        object=item,
        title=title,
        state=_item_state(releases),
        because=list(_item_reasons(book, releases, rows=rows, contracts=contracts)),
        rows=rows,
        private=item,
    )


_Releases = Sequence[tuple[str, int, ReleaseDecision]]


def _item_state(releases: _Releases) -> str:
    if any(not one.withdrawn for _, _, one in releases):
        return "released"
    return "withdrawn" if releases else "not_released"


def _item_reasons(
    book: Book,
    releases: _Releases,
    *,
    rows: Sequence[tuple[str, EntryRow]],
    contracts: Sequence[str],
) -> Iterator[JsonObject]:
    for party, n, one in releases:
        code = "release_withdrawn" if one.withdrawn else "released"
        places = [book.place(party, n)]
        withdrawals = [row for by, row in rows if (by, row.kind) == (party, "sharing.withdraw")]
        if one.withdrawn:
            places += [book.place(party, row.n) for row in withdrawals[-1:]]
        yield why(
            code,
            places=places,
            units=[book.labels.get(one.unit, one.unit)],
            recipient=one.recipient,
        )
    sharing = book.state.sharing
    for act in sharing.sent.values():
        if act.contract in contracts:
            yield from _moved(book, act.transfer)


def transfer(asking: Asking, named: str) -> tuple[Book, Found]:
    """Return a transfer that at least one side recorded, by the id that either party uses.

    Raises:
        MisuseError: ``history.unknown``.
    """
    for book in asking.books():
        found = _transfer_in(book, named)
        if found is not None:
            return book, found
    raise unknown("transfer", named)


def _transfer_in(book: Book, named: str) -> Found | None:
    sharing = book.state.sharing
    moves = {name: act for (_, name), act in (*sharing.sent.items(), *sharing.received.items())}
    shared = _shared_id(book, named)
    ids = [name for name in sorted(moves) if short_id(name).startswith(short_id(shared))]
    if len(ids) != 1:
        return None
    act = moves[ids[0]]
    rows = book.about(last_part(act.contract), last_part(act.item))
    return Found(
        object=ids[0],
        title="",
        state="moved" if _both_say(book, ids[0]) else "moving",
        because=list(_moved(book, ids[0])),
        rows=[(party, row) for party, row in rows if _concerns(book, party, row, transfer=ids[0])],
    )


def _shared_id(book: Book, named: str) -> str:
    """Return the id under which both logs know a transfer that a person calls by our own id."""
    rows = book.tx.things.list(f"sharing:{book.rel.rel_id}", "process")
    for row in rows:
        if short_id(str(row.value.get("pid"))).startswith(short_id(named)):
            consumer = row.value.get("role") == "consumer"
            return str(row.value.get("peer_pid" if consumer else "pid") or named)
    return named


def _concerns(book: Book, party: str, row: EntryRow, *, transfer: str) -> bool:
    """Return whether an entry belongs to one transfer and not to another under its contract."""
    if row.kind not in {"sharing.sent", "sharing.received"}:
        return True
    origin = book.rel.own_origin if party == book.own else book.rel.peer_origin
    act = book.node.ctx.folding.act_of(book.tx, origin, row, party=party)
    return act.data.get("transfer") == transfer


def _both_say(book: Book, transfer: str) -> bool:
    parties = (book.own, book.rel.counterpart)
    return any(
        book.state.sharing.moved(transfer, sender=one, recipient=other)
        for one, other in (parties, parties[::-1])
    )


def _moved(book: Book, transfer: str) -> Iterator[JsonObject]:
    """Yield what each side recorded of one transfer, with the article it ruled by."""
    sharing = book.state.sharing
    for code, table in (("sent", sharing.sent), ("received", sharing.received)):
        for (party, name), act in table.items():
            if name == transfer:
                yield why(
                    code,
                    places=list(
                        _entries_of(book, party, kind=f"sharing.{code}", contract=act.contract)
                    ),
                    article=act.ruling.article,
                    area=act.ruling.area,
                    bytes=act.bytes,
                    ours=party == book.own,
                )


def _entries_of(book: Book, party: str, *, kind: str, contract: str) -> Iterator[JsonObject]:
    for by, row in book.about(last_part(contract)):
        if (by, row.kind) == (party, kind):
            yield book.place(party, row.n)


def release(asking: Asking, named: str) -> tuple[Book, Found]:
    """Return a release decision by relationship, log and entry.

    Raises:
        MisuseError: ``history.unknown``.
    """
    rel_id, side, number = (*named.split("/"), "", "")[:3]
    for book in asking.books():
        party = book.own if side == "ours" else book.rel.counterpart
        if book.rel.rel_id != rel_id or not number.isdecimal():
            continue
        n = int(number)
        release = book.state.sharing.releases.get((party, n))
        if release is not None:
            return book, _of_release(book, party, release)
    raise unknown("release", named)


def _of_release(book: Book, party: str, release: ReleaseDecision) -> Found:
    n = release.n or 0
    contracts = [act.contract for act in book.state.sharing.contracts.values() if act.release == n]
    about = book.about(last_part(release.item.id))
    rows = [
        (by, row)
        for by, row in about
        if by == party and (row.n == n or row.kind == "sharing.withdraw")
    ]
    return Found(
        object=f"{book.rel.rel_id}/{book.side(party)}/{n}",
        title="",
        state="withdrawn" if release.withdrawn else "released",
        because=list(_item_reasons(book, [(party, n, release)], rows=rows, contracts=())),
        rows=[*rows, *book.about(*map(last_part, contracts))],
        private=release.item.id if party == book.own else "",
    )
