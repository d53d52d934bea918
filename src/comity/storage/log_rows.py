"""Logs, bodies and checkpoints on SQL. The contract is that of ``record.ports``."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, cast

import sqlalchemy as sa

from comity.foundation.attested import Mark, Marks
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.record.ports import (
    BODY_INLINE_BYTES_MAX,
    BodyRef,
    BodyState,
    CheckpointRow,
    EntryQuery,
    EntryRow,
    LogHead,
    LogRole,
    LogRow,
    TileRow,
)
from comity.record.tree import Edge
from comity.storage.engine import Row
from comity.storage.session import (
    Session,
    Statement,
    data,
    insert_into,
    maybe_data,
    maybe_words,
    whole,
    words,
)
from comity.storage.tables import BODIES, CHECKPOINTS, ENTRIES, LOGS, TILES

_at = sa.bindparam


def _entries(*conditions: sa.ColumnElement[bool]) -> "sa.Select[tuple[object, ...]]":
    c = ENTRIES.c
    return (
        sa.select(c.n, c.envelope, c.leaf, c.kind, c.about, c.commitment)
        .where(c.log == _at("log_"), *conditions)
        .order_by(c.n)
    )


_ID: Final = Statement(sa.select(LOGS.c.id).where(LOGS.c.origin == _at("origin")))
_CREATE: Final = insert_into(LOGS, "id")
_LIST: Final = Statement(sa.select(LOGS.c.origin, LOGS.c.rel_id, LOGS.c.role).order_by(LOGS.c.id))
_LIST_OF: Final = Statement(
    sa.select(LOGS.c.origin, LOGS.c.rel_id, LOGS.c.role)
    .where(LOGS.c.rel_id == _at("rel_id"))
    .order_by(LOGS.c.id)
)
_SHARED: Final = sa.select(sa.func.max(LOGS.c.lc)).where(LOGS.c.role != "house")
_CLOCK: Final = Statement(_SHARED)
_CLOCK_OF: Final = Statement(_SHARED.where(LOGS.c.rel_id == _at("rel_id")))
#: FOR UPDATE serialises one log on PostgreSQL; SQLite has one writer and leaves it out.
_HEAD: Final = Statement(
    sa.select(LOGS.c.id, LOGS.c.size, LOGS.c.root, LOGS.c.edge, LOGS.c.lc)
    .where(LOGS.c.origin == _at("origin"))
    .with_for_update()
)
_SET_HEAD: Final = Statement(
    sa.update(LOGS)
    .where(LOGS.c.id == _at("log_"))
    .values(size=_at("size"), root=_at("root"), edge=_at("edge"), lc=_at("lc"))
)
_ADD_ENTRY: Final = insert_into(ENTRIES)
_ADD_TILE: Final = insert_into(TILES)
_TILE: Final = Statement(
    sa.select(TILES.c.data).where(
        TILES.c.log == _at("log_"), TILES.c.level == _at("level"), TILES.c.place == _at("place")
    )
)
_RANGE: Final = Statement(_entries(ENTRIES.c.n >= _at("start"), ENTRIES.c.n < _at("stop")))
_BY_KIND: Final = Statement(_entries(ENTRIES.c.kind == _at("kind")))
_BY_ABOUT: Final = Statement(_entries(ENTRIES.c.about == _at("about")))
_LEAVES: Final = Statement(
    sa.select(ENTRIES.c.leaf)
    .where(ENTRIES.c.log == _at("log_"), ENTRIES.c.n >= _at("start"), ENTRIES.c.n < _at("stop"))
    .order_by(ENTRIES.c.n)
)


@cache
def _selection(*, back: bool, kind: bool, family: bool, about: bool) -> Statement:
    """Return the query for a page of entries, for one of its few shapes."""
    c = ENTRIES.c
    where: list[sa.ColumnElement[bool]] = [c.n < _at("at") if back else c.n >= _at("at")]
    if kind:
        where.append(c.kind == _at("kind"))
    if family:
        where += [c.kind >= _at("kind"), c.kind < _at("after")]
    if about:
        where.append(c.about == _at("about"))
    order = c.n.desc() if back else c.n
    return Statement(_entries(*where).order_by(None).order_by(order).limit(_at("limit_")))


class SqlLogs:
    """``record.ports.Logs``."""

    def __init__(self, session: Session) -> None:
        self._sql = session

    def create(self, origin: str, *, rel_id: str | None, role: LogRole) -> LogHead:
        """Store an empty log."""
        if self.exists(origin):
            raise MisuseError("storage.log_exists", f"The log {origin} is here already.")
        edge = Edge.empty()
        head = LogHead(origin=origin, size=0, root=edge.root(), edge=edge.to_bytes(), lc=0)
        self._sql.change(
            _CREATE,
            origin=origin,
            rel_id=rel_id,
            role=role,
            size=0,
            root=head.root,
            edge=head.edge,
            lc=0,
        )
        return head

    def exists(self, origin: str) -> bool:
        """Return whether that log is here."""
        return self._sql.row(_ID, origin=origin) is not None

    def list(self, rel_id: str | None = None) -> tuple[LogRow, ...]:
        """Return the logs."""
        chosen, values = (_LIST, {}) if rel_id is None else (_LIST_OF, {"rel_id": rel_id})
        found = self._sql.rows(chosen, **values)
        return tuple(
            LogRow(origin=words(origin), rel_id=maybe_words(rel), role=cast("LogRole", words(role)))
            for origin, rel, role in found
        )

    def clock(self, rel_id: str | None = None) -> int:
        """Return the largest logical clock."""
        chosen, values = (_CLOCK, {}) if rel_id is None else (_CLOCK_OF, {"rel_id": rel_id})
        found = self._sql.row(chosen, **values)
        return 0 if found is None or found[0] is None else whole(found[0])

    def head(self, origin: str) -> LogHead:
        """Return where the log stands."""
        return self._head(origin)[1]

    def append(
        self, origin: str, rows: Sequence[EntryRow], *, head: LogHead, tiles: Sequence[TileRow]
    ) -> None:
        """Add entries, tiles and the new head."""
        log, there = self._head(origin)
        size = there.size
        if [row.n for row in rows] != [*range(size, head.size)] or head.origin != origin:
            raise MisuseError(
                "storage.gap",
                f"The log {origin} has {size} entries; given were"
                f" {[row.n for row in rows][:5]} (the first five) for a head of {head.size} of"
                f" {head.origin}. Read the head again, then append.",
            )
        for row in rows:
            self._sql.change(
                _ADD_ENTRY,
                log=log,
                n=row.n,
                envelope=row.envelope,
                leaf=row.leaf,
                kind=row.kind,
                about=row.of,
                commitment=row.commitment,
            )
        for tile in tiles:
            self._sql.change(_ADD_TILE, log=log, level=tile.level, place=tile.index, data=tile.data)
        self._sql.change(
            _SET_HEAD, log_=log, size=head.size, root=head.root, edge=head.edge, lc=head.lc
        )

    def entry(self, origin: str, n: int) -> EntryRow | None:
        """Return one entry."""
        found = self.entries(origin, n, n + 1)
        return found[0] if found else None

    def entries(self, origin: str, start: int, stop: int) -> tuple[EntryRow, ...]:
        """Return a range of entries."""
        log = log_id(self._sql, origin)
        return tuple(map(_entry, self._sql.rows(_RANGE, log_=log, start=start, stop=stop)))

    def select(self, origin: str, query: EntryQuery) -> tuple[EntryRow, ...]:
        """Return a page of entries."""
        family = query.kind.endswith(".")
        statement = _selection(
            back=query.back,
            kind=bool(query.kind) and not family,
            family=family,
            about=bool(query.of),
        )
        values: dict[str, str | int] = {"at": query.at, "limit_": query.limit}
        if query.kind:
            values["kind"] = query.kind
        if family:
            values["after"] = f"{query.kind[:-1]}/"  # the character after the point
        if query.of:
            values["about"] = query.of
        found = self._sql.rows(statement, log_=log_id(self._sql, origin), **values)
        return tuple(map(_entry, found))

    def leaves(self, origin: str, start: int, stop: int) -> tuple[bytes, ...]:
        """Return a range of leaf hashes."""
        log = log_id(self._sql, origin)
        found = self._sql.rows(_LEAVES, log_=log, start=start, stop=stop)
        return tuple(data(leaf) for (leaf,) in found)

    def tile(self, origin: str, level: int, index: int) -> bytes | None:
        """Return a full tile."""
        log = log_id(self._sql, origin)
        found = self._sql.row(_TILE, log_=log, level=level, place=index)
        return None if found is None else data(found[0])

    def by_of(self, origin: str, of: str) -> tuple[EntryRow, ...]:
        """Return the entries about ``of``."""
        log = log_id(self._sql, origin)
        return tuple(map(_entry, self._sql.rows(_BY_ABOUT, log_=log, about=of)))

    def by_kind(self, origin: str, kind: str) -> tuple[EntryRow, ...]:
        """Return the entries of a kind."""
        log = log_id(self._sql, origin)
        return tuple(map(_entry, self._sql.rows(_BY_KIND, log_=log, kind=kind)))

    def _head(self, origin: str) -> tuple[int, LogHead]:
        found = self._sql.row(_HEAD, origin=origin)
        if found is None:
            raise _no_log(origin)
        log, size, root, edge, lc = found
        head = LogHead(
            origin=origin, size=whole(size), root=data(root), edge=data(edge), lc=whole(lc)
        )
        return whole(log), head


def log_id(session: Session, origin: str) -> int:
    """Return the database's id of a log. A log is never removed, so the session remembers.

    Raises:
        MisuseError: ``storage.no_log``.
    """
    known = session.log_ids.get(origin)
    if known is not None:
        return known
    found = session.row(_ID, origin=origin)
    if found is None:
        raise _no_log(origin)
    made = session.log_ids[origin] = whole(found[0])
    return made


def _no_log(origin: str) -> MisuseError:
    return MisuseError("storage.no_log", f"There is no log {origin} here.")


def _entry(row: Row) -> EntryRow:
    n, envelope, leaf, kind, about, commitment = row
    return EntryRow(
        n=whole(n),
        envelope=data(envelope),
        leaf=data(leaf),
        kind=words(kind),
        of=maybe_words(about),
        commitment=words(commitment),
    )


_BODY: Final = Statement(
    sa.select(BODIES.c.state, BODIES.c.inline, BODIES.c.file).where(
        BODIES.c.log == _at("log_"), BODIES.c.n == _at("n_")
    )
)
_ADD_BODY: Final = insert_into(BODIES)
#: Written out, because the two databases spell it alike and their libraries do not.
_NEW_BODY: Final = Statement(
    sa.text(
        "INSERT INTO bodies (log, n, state, inline, file)"
        " SELECT log, n, 'held', :inline, :file FROM entries WHERE log = :log AND n = :n"
        " ON CONFLICT (log, n) DO NOTHING"
    )
)
_SET_BODY: Final = Statement(
    sa.update(BODIES)
    .where(BODIES.c.log == _at("log_"), BODIES.c.n == _at("n_"))
    .values(state=_at("state"), inline=_at("inline"), file=_at("file"))
)
_HAS_ENTRY: Final = Statement(
    sa.select(ENTRIES.c.n).where(ENTRIES.c.log == _at("log_"), ENTRIES.c.n == _at("n_"))
)
_MISSING: Final = BodyRef(state="missing", inline=None, file=None)


class SqlBodies:
    """``record.ports.Bodies``."""

    def __init__(self, session: Session) -> None:
        self._sql = session

    def put(self, origin: str, n: int, container: bytes) -> None:
        """Keep a small container."""
        _check_inline(container)
        self._put(origin, n, BodyRef(state="held", inline=container, file=None))

    def put_file(self, origin: str, n: int, name: str) -> None:
        """Keep the name of a large container."""
        self._put(origin, n, BodyRef(state="held", inline=None, file=name))

    def get(self, origin: str, n: int) -> BodyRef:
        """Return where the body is."""
        found = self._sql.row(_BODY, log_=log_id(self._sql, origin), n_=n)
        if found is None:
            return _MISSING
        state, inline, file = found
        return BodyRef(
            state=cast("BodyState", words(state)), inline=maybe_data(inline), file=maybe_words(file)
        )

    def erase(self, origin: str, n: int, container: bytes | None) -> None:
        """Forget the body, keep what is left of it."""
        if container is not None:
            _check_inline(container)
        log = self._log_with_entry(origin, n)
        wanted = BodyRef(state="erased", inline=container, file=None)
        there = self.get(origin, n).state != "missing"
        self._store(log, n, wanted, there=there)

    def _put(self, origin: str, n: int, wanted: BodyRef) -> None:
        log = log_id(self._sql, origin)
        if self._sql.change(_NEW_BODY, log=log, n=n, inline=wanted.inline, file=wanted.file):
            return
        log = self._log_with_entry(origin, n)
        there = self.get(origin, n)
        if there.state == "missing":
            self._store(log, n, wanted, there=False)
        elif there.state == "erased":
            raise MisuseError(
                "storage.body_erased",
                f"The body of entry {n} of {origin} was erased; it does not come back.",
            )
        elif there != wanted:
            raise MisuseError(
                "storage.body_differs", f"Entry {n} of {origin} has another body already."
            )

    def _store(self, log: int, n: int, wanted: BodyRef, *, there: bool) -> None:
        if there:
            self._sql.change(
                _SET_BODY,
                log_=log,
                n_=n,
                state=wanted.state,
                inline=wanted.inline,
                file=wanted.file,
            )
        else:
            self._sql.change(
                _ADD_BODY,
                log=log,
                n=n,
                state=wanted.state,
                inline=wanted.inline,
                file=wanted.file,
            )

    def _log_with_entry(self, origin: str, n: int) -> int:
        log = log_id(self._sql, origin)
        if self._sql.row(_HAS_ENTRY, log_=log, n_=n) is None:
            raise MisuseError(
                "storage.no_entry", f"Entry {n} of {origin} is not here: store it before its body."
            )
        return log


def _check_inline(container: bytes) -> None:
    if len(container) > BODY_INLINE_BYTES_MAX:
        raise MisuseError(
            "storage.body_too_large",
            f"A body of {len(container)} bytes belongs in a file; at most"
            f" {BODY_INLINE_BYTES_MAX} stand in the database.",
        )


_NOTES: Final = CHECKPOINTS.c
_ADD_NOTE: Final = insert_into(CHECKPOINTS)
_NOTE: Final = Statement(
    sa.select(_NOTES.size).where(
        _NOTES.log == _at("log_"), _NOTES.size == _at("size_"), _NOTES.time == _at("time_")
    )
)
_LATEST: Final = Statement(
    sa.select(_NOTES.size, _NOTES.time, _NOTES.note)
    .where(_NOTES.log == _at("log_"))
    .order_by(_NOTES.size.desc(), _NOTES.time.desc())
    .limit(1)
)
_MARKS: Final = Statement(
    sa.select(_NOTES.size, _NOTES.time)
    .where(_NOTES.log == _at("log_"))
    .where(
        sa.or_(
            _NOTES.size > _at("size_"),
            sa.and_(_NOTES.size == _at("size_"), _NOTES.time > _at("time_")),
        )
    )
    .order_by(_NOTES.size, _NOTES.time)
)
#: Times never go back while sizes grow (``Marks.of``), so the smallest size is the earliest.
_COVERING: Final = Statement(
    sa.select(_NOTES.size, _NOTES.time, _NOTES.note)
    .where(_NOTES.log == _at("log_"), _NOTES.size > _at("n_"))
    .order_by(_NOTES.size, _NOTES.time)
    .limit(1)
)
_EVERY_NOTE: Final = Statement(
    sa.select(_NOTES.size, _NOTES.time, _NOTES.note)
    .where(_NOTES.log == _at("log_"))
    .order_by(_NOTES.size, _NOTES.time)
)
_NEWEST: Final = Statement(
    sa.select(_NOTES.size, _NOTES.time, _NOTES.note)
    .where(_NOTES.log == _at("log_"))
    .order_by(_NOTES.size.desc(), _NOTES.time.desc())
    .limit(_at("limit_"))
    .offset(_at("skip_"))
)
_COUNT: Final = Statement(sa.select(sa.func.count()).where(_NOTES.log == _at("log_")))


class SqlCheckpoints:
    """``record.ports.Checkpoints``."""

    def __init__(self, session: Session) -> None:
        self._sql = session

    def put(self, origin: str, size: int, *, time: Instant, note: bytes) -> None:
        """Keep a note."""
        log = log_id(self._sql, origin)
        if self._sql.row(_NOTE, log_=log, size_=size, time_=time.seconds) is None:
            self._sql.change(_ADD_NOTE, log=log, size=size, time=time.seconds, note=note)

    def latest(self, origin: str) -> CheckpointRow | None:
        """Return the note of the largest size."""
        found = self._sql.row(_LATEST, log_=log_id(self._sql, origin))
        return None if found is None else _checkpoint(origin, found)

    def marks(self, origin: str) -> Marks:
        """Return sizes and times; those that were read before are not read again."""
        log, count = log_id(self._sql, origin), self.count(origin)
        for kept in (self._sql.marks.get(log, Marks()), Marks()):
            last = kept.marks[-1] if kept.marks else Mark(-1, Instant(0))
            found = self._sql.rows(_MARKS, log_=log, size_=last.size, time_=last.time.seconds)
            made = self._sql.marks[log] = kept.later(_marks(found))
            if len(made.marks) == count:  # else one came late and stands between others
                break
        return self._sql.marks[log]

    def covering(self, origin: str, n: int) -> CheckpointRow | None:
        """Return the earliest note over entry ``n``."""
        found = self._sql.row(_COVERING, log_=log_id(self._sql, origin), n_=n)
        return None if found is None else _checkpoint(origin, found)

    def notes(self, origin: str) -> tuple[CheckpointRow, ...]:
        """Return all notes."""
        found = self._sql.rows(_EVERY_NOTE, log_=log_id(self._sql, origin))
        return tuple(_checkpoint(origin, row) for row in found)

    def newest(self, origin: str, *, skip: int, limit: int) -> tuple[CheckpointRow, ...]:
        """Return a page of notes, newest first."""
        log = log_id(self._sql, origin)
        found = self._sql.rows(_NEWEST, log_=log, skip_=skip, limit_=limit)
        return tuple(_checkpoint(origin, row) for row in found)

    def count(self, origin: str) -> int:
        """Return how many notes there are."""
        found = self._sql.row(_COUNT, log_=log_id(self._sql, origin))
        return 0 if found is None else whole(found[0])


def _marks(rows: Iterable[Row]) -> Iterator[Mark]:
    return (Mark(whole(size), Instant(whole(time))) for size, time in rows)


def _checkpoint(origin: str, row: Row) -> CheckpointRow:
    size, time, note = row
    return CheckpointRow(
        origin=origin, size=whole(size), time=Instant(whole(time)), note=data(note)
    )
