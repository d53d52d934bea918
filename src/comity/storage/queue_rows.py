"""Outbox and nonces on SQL. The contracts are those of ``foundation.ports``."""

from typing import Final

import sqlalchemy as sa

from comity.foundation.instants import Instant
from comity.foundation.ports import LIST_ROWS_MAX, Clock, OutboxRow
from comity.storage.engine import Row
from comity.storage.session import Session, Statement, data, whole, words
from comity.storage.tables import NONCES, OUTBOX

_ERROR_CHARS_MAX: Final = 500
#: How many expired nonces one use clears away: more than it adds, few enough not to be felt.
_PURGE_ROWS_MAX: Final = 64

_at = sa.bindparam
_O: Final = OUTBOX.c
_EARLIER: Final = OUTBOX.alias("earlier")
_FIRST_OF_KEY: Final = ~sa.exists().where(
    _EARLIER.c.topic == _O.topic, _EARLIER.c.key == _O.key, _EARLIER.c.id < _O.id
)
_FREE: Final = sa.or_(_O.claimed_until.is_(None), _O.claimed_until <= _at("now"))

_PUT: Final = Statement(
    sa.insert(OUTBOX)
    .values({name: _at(name) for name in ("topic", "key", "payload", "due")})
    .values(attempts=0, error="")
    .returning(_O.id)
)
_DUE: Final = Statement(
    sa.select(OUTBOX)
    .where(_O.due <= _at("now"), _FREE, _FIRST_OF_KEY)
    .order_by(_O.due, _O.id)
    .limit(_at("rows", type_=sa.Integer))
)
_NEXT: Final = Statement(sa.select(_O.due, _O.claimed_until).where(_FIRST_OF_KEY))
_CLAIM: Final = Statement(
    sa.update(OUTBOX)
    .where(_O.id == _at("row"), _FREE)
    .values(claimed_until=_at("until"), attempts=_O.attempts + 1)
)
_DONE: Final = Statement(sa.delete(OUTBOX).where(_O.id == _at("row")))
_LATER: Final = Statement(
    sa.update(OUTBOX)
    .where(_O.id == _at("row"))
    .values(due=_at("due_"), error=_at("error_"), claimed_until=sa.null())
)
_CANCEL: Final = Statement(
    sa.delete(OUTBOX).where(_O.topic == _at("topic_"), _O.key == _at("key_"))
)
_RELEASE: Final = Statement(
    sa.update(OUTBOX).where(_O.claimed_until.is_not(None)).values(claimed_until=sa.null())
)
_ALL: Final = Statement(sa.select(OUTBOX).order_by(_O.id))
_ALL_OF_TOPIC: Final = Statement(sa.select(OUTBOX).where(_O.topic == _at("topic_")).order_by(_O.id))


class SqlOutbox:
    """``foundation.ports.Outbox``."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._sql = session
        self._clock = clock

    def put(self, topic: str, key: str, payload: bytes, *, due: Instant) -> int:
        """Add a row."""
        found = self._sql.row(_PUT, topic=topic, key=key, payload=payload, due=due.seconds)
        return whole((found or (None,))[0])

    def due(self, now: Instant, limit: int = LIST_ROWS_MAX) -> tuple[OutboxRow, ...]:
        """Return the rows that are due."""
        return tuple(map(_row, self._sql.rows(_DUE, now=now.seconds, rows=limit)))

    def next_due(self) -> Instant | None:
        """Return when something is due next."""
        times = [
            max(whole(due), 0 if claimed is None else whole(claimed))
            for due, claimed in self._sql.rows(_NEXT)
        ]
        return Instant(min(times)) if times else None

    def claim(self, row: int, until: Instant) -> bool:
        """Take a lease."""
        now = self._clock.now().seconds
        return self._sql.change(_CLAIM, row=row, until=until.seconds, now=now) > 0

    def done(self, row: int) -> None:
        """Remove the row."""
        self._sql.change(_DONE, row=row)

    def later(self, row: int, due: Instant, error: str) -> None:
        """Give the lease back."""
        self._sql.change(_LATER, row=row, due_=due.seconds, error_=error[:_ERROR_CHARS_MAX])

    def cancel(self, topic: str, key: str) -> int:
        """Remove all rows of a key."""
        return self._sql.change(_CANCEL, topic_=topic, key_=key)

    def release(self) -> int:
        """End every lease."""
        return self._sql.change(_RELEASE)

    def list(self, topic: str | None = None) -> tuple[OutboxRow, ...]:
        """Return what is left."""
        found = (
            self._sql.rows(_ALL) if topic is None else self._sql.rows(_ALL_OF_TOPIC, topic_=topic)
        )
        return tuple(map(_row, found))


def _row(row: Row) -> OutboxRow:
    number, topic, key, payload, due, attempts, error, claimed = row
    return OutboxRow(
        id=whole(number),
        topic=words(topic),
        key=words(key),
        payload=data(payload),
        due=Instant(whole(due)),
        attempts=whole(attempts),
        error=words(error),
        claimed_until=None if claimed is None else Instant(whole(claimed)),
    )


_N: Final = NONCES.c
#: Written out, because the two databases spell it alike and their libraries do not.
_USE: Final = Statement(
    sa.text(
        "INSERT INTO nonces (keyid, nonce, expires) VALUES (:keyid, :nonce, :expires)"
        " ON CONFLICT (keyid, nonce) DO NOTHING"
    )
)
_PURGE: Final = Statement(
    sa.delete(NONCES).where(
        sa.tuple_(_N.keyid, _N.nonce).in_(
            sa.select(_N.keyid, _N.nonce)
            .where(_N.expires < _at("now"))
            .order_by(_N.expires)
            .limit(sa.literal_column(str(_PURGE_ROWS_MAX)))
        )
    )
)


class SqlNonces:
    """``foundation.ports.Nonces``."""

    def __init__(self, session: Session) -> None:
        self._sql = session

    def use(self, keyid: str, nonce: str, *, expires: Instant, now: Instant) -> bool:
        """Use a nonce up."""
        self._sql.change(_PURGE, now=now.seconds)
        return self._sql.change(_USE, keyid=keyid, nonce=nonce, expires=expires.seconds) > 0
