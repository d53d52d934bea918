"""The tables, as SQLAlchemy Core sees them; ``migrations`` makes them.

Instants are whole seconds since 1970. Entries, checkpoints and evidence cannot be changed or
removed: triggers refuse it whoever asks. A test proves that the migrations make exactly this.
Source: record.md 7.2.
"""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

META: Final = sa.Table(
    "meta",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
RELATIONSHIPS: Final = sa.Table(
    "relationships",
    METADATA,
    sa.Column("rel_id", sa.Text, primary_key=True),
    sa.Column("counterpart", sa.Text, nullable=False, unique=True),
    sa.Column("own_origin", sa.Text, nullable=False),
    sa.Column("peer_origin", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
)
LOGS: Final = sa.Table(
    "logs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("origin", sa.Text, nullable=False, unique=True),
    sa.Column("rel_id", sa.Text),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("edge", sa.LargeBinary, nullable=False),
    sa.Column("lc", sa.BigInteger, nullable=False),
)
ENTRIES: Final = sa.Table(
    "entries",
    METADATA,
    sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), primary_key=True),
    sa.Column("n", sa.BigInteger, primary_key=True),
    sa.Column("envelope", sa.LargeBinary, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.Text),
    sa.Column("commitment", sa.Text, nullable=False),
    sa.CheckConstraint("length(leaf) = 32", name="entries_leaf"),
    sa.Index("entries_by_kind", "log", "kind", "n"),
    sqlite_with_rowid=False,
)
#: Most entries are about nothing else: only those that are stand in the index.
sa.Index(
    "entries_by_about",
    ENTRIES.c.log,
    ENTRIES.c.about,
    ENTRIES.c.n,
    sqlite_where=ENTRIES.c.about.is_not(None),
    postgresql_where=ENTRIES.c.about.is_not(None),
)
TILES: Final = sa.Table(
    "tiles",
    METADATA,
    sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), primary_key=True),
    sa.Column("level", sa.Integer, primary_key=True),
    sa.Column("place", sa.BigInteger, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
CHECKPOINTS: Final = sa.Table(
    "checkpoints",
    METADATA,
    sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), primary_key=True),
    sa.Column("size", sa.BigInteger, primary_key=True),
    sa.Column("time", sa.BigInteger, primary_key=True),
    sa.Column("note", sa.LargeBinary, nullable=False),
)
BODIES: Final = sa.Table(
    "bodies",
    METADATA,
    sa.Column("log", sa.Integer, primary_key=True),
    sa.Column("n", sa.BigInteger, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("inline", sa.LargeBinary),
    sa.Column("file", sa.Text),
    sa.ForeignKeyConstraint(["log", "n"], ["entries.log", "entries.n"]),
)
EVIDENCE: Final = sa.Table(
    "evidence",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("rel_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index("evidence_by_relationship", "rel_id", "id"),
)
THINGS: Final = sa.Table(
    "things",
    METADATA,
    sa.Column("space", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("updated", sa.BigInteger, nullable=False),
    sa.Index("things_by_status", "space", "kind", "status", "name"),
    sa.Index("things_by_change", "space", "kind", "status", "updated", "name"),
)
OUTBOX: Final = sa.Table(
    "outbox",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("due", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("claimed_until", sa.BigInteger),
    sa.Index("outbox_by_key", "topic", "key", "id"),
    sa.Index("outbox_by_due", "due", "id"),
    sqlite_autoincrement=True,
)
NONCES: Final = sa.Table(
    "nonces",
    METADATA,
    sa.Column("keyid", sa.Text, primary_key=True),
    sa.Column("nonce", sa.Text, primary_key=True),
    sa.Column("expires", sa.BigInteger, nullable=False),
    sa.Index("nonces_by_expiry", "expires"),
    sqlite_with_rowid=False,
)

#: Tables whose rows nobody changes or removes.
APPEND_ONLY: Final = ("entries", "checkpoints", "evidence")


def guards(table: str) -> tuple[str, ...]:
    """Return the SQLite triggers that keep the rows of ``table`` as they are."""
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
        for verb in ("UPDATE", "DELETE")
    )


for _trigger in (trigger for table in APPEND_ONLY for trigger in guards(table)):
    _ddl = sa.DDL(_trigger)  # type: ignore[no-untyped-call]  # so it is in SQLAlchemy 2.1
    sa.event.listen(METADATA, "after_create", _ddl.execute_if(dialect="sqlite"))
