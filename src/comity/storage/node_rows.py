"""Facts, relationships, evidence and things on SQL.

The contracts are those of ``foundation.ports`` and ``record.ports``.
"""

from typing import Final, cast

import msgspec
import sqlalchemy as sa

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.ports import LIST_ROWS_MAX, Clock, ThingRow
from comity.record.ports import (
    EVIDENCE_BYTES_MAX,
    EVIDENCE_ROWS_MAX,
    EvidenceRow,
    RelationshipRow,
    RelationshipStatus,
)
from comity.storage.engine import Row
from comity.storage.session import Session, Statement, data, insert_into, whole, words
from comity.storage.tables import EVIDENCE, META, RELATIONSHIPS, THINGS

_at = sa.bindparam


_META: Final = Statement(sa.select(META.c.value).where(META.c.name == _at("name_")))
_ADD_META: Final = insert_into(META)
_SET_META: Final = Statement(
    sa.update(META).where(META.c.name == _at("name_")).values(value=_at("value"))
)


class SqlMeta:
    """``foundation.ports.Meta``."""

    def __init__(self, session: Session) -> None:
        self._sql = session

    def get(self, name: str) -> str | None:
        """Return the value."""
        found = self._sql.row(_META, name_=name)
        return None if found is None else words(found[0])

    def put(self, name: str, value: str) -> None:
        """Set the value."""
        if not self._sql.change(_SET_META, name_=name, value=value):
            self._sql.change(_ADD_META, name=name, value=value)


_R: Final = RELATIONSHIPS.c
_ADD_RELATIONSHIP: Final = insert_into(RELATIONSHIPS)
_RELATIONSHIPS: Final = Statement(sa.select(RELATIONSHIPS).order_by(_R.created, _R.rel_id))
_RELATIONSHIP: Final = Statement(sa.select(RELATIONSHIPS).where(_R.rel_id == _at("rel_id_")))
_BY_COUNTERPART: Final = Statement(
    sa.select(RELATIONSHIPS).where(_R.counterpart == _at("counterpart_"))
)
_SET_RELATIONSHIP: Final = Statement(
    sa.update(RELATIONSHIPS)
    .where(_R.rel_id == _at("rel_id_"))
    .values(status=_at("status"), reason=_at("reason"))
)


class SqlRelationships:
    """``record.ports.Relationships``."""

    def __init__(self, session: Session) -> None:
        self._sql = session

    def add(self, row: RelationshipRow) -> None:
        """Store a new relationship."""
        there = self.get(row.rel_id) or self.by_counterpart(row.counterpart)
        if there is not None:
            raise MisuseError(
                "storage.relationship_exists",
                f"There is a relationship with {there.counterpart} already ({there.rel_id}).",
            )
        self._sql.change(
            _ADD_RELATIONSHIP,
            rel_id=row.rel_id,
            counterpart=row.counterpart,
            own_origin=row.own_origin,
            peer_origin=row.peer_origin,
            status=row.status,
            reason=row.reason,
            created=row.created.seconds,
        )

    def get(self, rel_id: str) -> RelationshipRow | None:
        """Return the relationship."""
        found = self._sql.row(_RELATIONSHIP, rel_id_=rel_id)
        return None if found is None else _relationship(found)

    def by_counterpart(self, did: str) -> RelationshipRow | None:
        """Return the relationship with a party."""
        found = self._sql.row(_BY_COUNTERPART, counterpart_=did)
        return None if found is None else _relationship(found)

    def list(self) -> tuple[RelationshipRow, ...]:
        """Return all relationships."""
        return tuple(map(_relationship, self._sql.rows(_RELATIONSHIPS)))

    def update(self, row: RelationshipRow) -> None:
        """Replace status and reason."""
        changed = self._sql.change(
            _SET_RELATIONSHIP, rel_id_=row.rel_id, status=row.status, reason=row.reason
        )
        if not changed:
            raise MisuseError(
                "storage.no_relationship", f"There is no relationship {row.rel_id} here."
            )


def _relationship(row: Row) -> RelationshipRow:
    rel_id, counterpart, own_origin, peer_origin, status, reason, created = row
    return RelationshipRow(
        rel_id=words(rel_id),
        counterpart=words(counterpart),
        own_origin=words(own_origin),
        peer_origin=words(peer_origin),
        status=cast("RelationshipStatus", words(status)),
        reason=words(reason),
        created=Instant(whole(created)),
    )


_ADD_EVIDENCE: Final = insert_into(EVIDENCE, "id")
_EVIDENCE: Final = Statement(
    sa.select(EVIDENCE).where(EVIDENCE.c.rel_id == _at("rel_id_")).order_by(EVIDENCE.c.id)
)
_EVIDENCE_COUNT: Final = Statement(
    sa.select(sa.func.count()).where(EVIDENCE.c.rel_id == _at("rel_id_"))
)


class SqlEvidence:
    """``record.ports.Evidence``."""

    def __init__(self, session: Session) -> None:
        self._sql = session

    def add(self, rel_id: str, kind: str, data: bytes, *, at: Instant) -> bool:
        """Keep it if there is room."""
        (count,) = self._sql.row(_EVIDENCE_COUNT, rel_id_=rel_id) or (0,)
        if whole(count) >= EVIDENCE_ROWS_MAX or len(data) > EVIDENCE_BYTES_MAX:
            return False
        self._sql.change(_ADD_EVIDENCE, rel_id=rel_id, kind=kind, at=at.seconds, data=data)
        return True

    def list(self, rel_id: str) -> tuple[EvidenceRow, ...]:
        """Return the evidence of a relationship."""
        return tuple(
            EvidenceRow(
                id=whole(number),
                rel_id=words(rel),
                kind=words(kind),
                at=Instant(whole(at)),
                data=data(content),
            )
            for number, rel, kind, at, content in self._sql.rows(_EVIDENCE, rel_id_=rel_id)
        )


#: Things are signed by nobody and read by us alone: JSON in the quickest way there is.
_TO_TEXT: Final = msgspec.json.Encoder(enc_hook=dict)
_T: Final = THINGS.c
_THIS: Final = (_T.space == _at("space_"), _T.kind == _at("kind_"), _T.name == _at("name_"))
_AFTER: Final = (_T.space == _at("space_"), _T.kind == _at("kind_"), _T.name > _at("after"))
_ADD_THING: Final = insert_into(THINGS)
#: Written out, because the two databases spell it alike and their libraries do not.
_PUT_THING: Final = Statement(
    sa.text(
        "INSERT INTO things (space, kind, name, value, status, version, updated)"
        " VALUES (:space, :kind, :name, :value, :status, 1, :updated)"
        " ON CONFLICT (space, kind, name) DO UPDATE SET value = excluded.value,"
        " status = excluded.status, version = things.version + 1, updated = excluded.updated"
        " RETURNING version"
    )
)
_THING: Final = Statement(sa.select(THINGS).where(*_THIS))
_VERSION: Final = Statement(sa.select(_T.version).where(*_THIS).with_for_update())
_SET_THING: Final = Statement(
    sa.update(THINGS)
    .where(*_THIS)
    .values(
        value=_at("value"), status=_at("status"), version=_at("version"), updated=_at("updated")
    )
)
_THINGS: Final = Statement(
    sa.select(THINGS).where(*_AFTER).order_by(_T.name).limit(_at("rows", type_=sa.Integer))
)
_THINGS_OF_STATUS: Final = Statement(
    sa.select(THINGS)
    .where(*_AFTER, _T.status == _at("status_"))
    .order_by(_T.name)
    .limit(_at("rows", type_=sa.Integer))
)
_OF: Final = (_T.space == _at("space_"), _T.kind == _at("kind_"), _T.status == _at("status_"))
_LATEST: Final = Statement(
    sa.select(THINGS)
    .where(
        *_OF,
        sa.tuple_(_T.updated, _T.name)
        < sa.tuple_(_at("updated_", type_=sa.BigInteger), _at("name_", type_=sa.Text)),
    )
    .order_by(_T.updated.desc(), _T.name.desc())
    .limit(_at("rows", type_=sa.Integer))
)
_COUNT: Final = Statement(sa.select(sa.func.count()).select_from(THINGS).where(*_OF))
#: Later than every row.
_NEVER: Final = (1 << 62, "")
_DELETE_THING: Final = Statement(sa.delete(THINGS).where(*_THIS))


class SqlThings:
    """``foundation.ports.Things``."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._sql = session
        self._clock = clock

    def add(self, space: str, kind: str, name: str, *, value: JsonObject, status: str = "") -> int:
        """Store a new thing."""
        if self._version(space, kind, name):
            raise MisuseError("storage.exists", f"There is a {kind} {name} already.")
        return self.put(space, kind, name, value=value, status=status, expected_version=0)

    def put(
        self,
        space: str,
        kind: str,
        name: str,
        *,
        value: JsonObject,
        status: str = "",
        expected_version: int | None = None,
    ) -> int:
        """Store a thing, new or not."""
        if expected_version is None:
            return self._put(space, kind, name, value=value, status=status)
        there = self._version(space, kind, name)
        if there != expected_version:
            raise MisuseError(
                "storage.stale",
                f"The {kind} {name} has changed meanwhile (version {there}, you read"
                f" {expected_version}): look at it again, then decide.",
                {"version": there, "expected": expected_version},
            )
        text, now = _TO_TEXT.encode(value).decode(), self._clock.now().seconds
        if there:
            self._sql.change(
                _SET_THING,
                space_=space,
                kind_=kind,
                name_=name,
                value=text,
                status=status,
                version=there + 1,
                updated=now,
            )
        else:
            self._sql.change(
                _ADD_THING,
                space=space,
                kind=kind,
                name=name,
                value=text,
                status=status,
                version=1,
                updated=now,
            )
        return there + 1

    def _put(self, space: str, kind: str, name: str, *, value: JsonObject, status: str) -> int:
        """Store a thing, whatever is there, in one statement."""
        found = self._sql.row(
            _PUT_THING,
            space=space,
            kind=kind,
            name=name,
            value=_TO_TEXT.encode(value).decode(),
            status=status,
            updated=self._clock.now().seconds,
        )
        assert found is not None
        return whole(found[0])

    def get(self, space: str, kind: str, name: str) -> ThingRow | None:
        """Return the thing."""
        found = self._sql.row(_THING, space_=space, kind_=kind, name_=name)
        return None if found is None else _thing(found)

    def list(
        self,
        space: str,
        kind: str,
        *,
        status: str | None = None,
        after: str | None = None,
        limit: int = LIST_ROWS_MAX,
    ) -> tuple[ThingRow, ...]:
        """Return things by name."""
        start = after or ""
        if status is None:
            found = self._sql.rows(_THINGS, space_=space, kind_=kind, after=start, rows=limit)
        else:
            found = self._sql.rows(
                _THINGS_OF_STATUS,
                space_=space,
                kind_=kind,
                after=start,
                rows=limit,
                status_=status,
            )
        return tuple(map(_thing, found))

    def latest(
        self,
        space: str,
        kind: str,
        *,
        status: str,
        before: tuple[int, str] | None = None,
        limit: int = LIST_ROWS_MAX,
    ) -> tuple[ThingRow, ...]:
        """Return things, what changed last first."""
        updated, name = before or _NEVER
        found = self._sql.rows(
            _LATEST,
            space_=space,
            kind_=kind,
            status_=status,
            updated_=updated,
            name_=name,
            rows=limit,
        )
        return tuple(map(_thing, found))

    def count(self, space: str, kind: str, *, status: str) -> int:
        """Return how many there are."""
        found = self._sql.row(_COUNT, space_=space, kind_=kind, status_=status)
        assert found is not None
        return whole(found[0])

    def delete(self, space: str, kind: str, name: str) -> bool:
        """Remove the thing."""
        return self._sql.change(_DELETE_THING, space_=space, kind_=kind, name_=name) > 0

    def _version(self, space: str, kind: str, name: str) -> int:
        found = self._sql.row(_VERSION, space_=space, kind_=kind, name_=name)
        return 0 if found is None else whole(found[0])


def _thing(row: Row) -> ThingRow:
    space, kind, name, value, status, version, updated = row
    return ThingRow(
        space=words(space),
        kind=words(kind),
        name=words(name),
        value=msgspec.json.decode(words(value)),
        status=words(status),
        version=whole(version),
        updated=Instant(whole(updated)),
    )
