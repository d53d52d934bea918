"""The first schema.

Written out, not taken from ``tables``: what this made must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make everything."""
    _facts()
    _logs()
    _beside_logs()
    _things()
    _queues()
    if op.get_context().dialect.name == "sqlite":
        for table in ("entries", "checkpoints", "evidence"):
            _guard(table)


def _facts() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "relationships",
        sa.Column("rel_id", sa.Text, primary_key=True),
        sa.Column("counterpart", sa.Text, nullable=False, unique=True),
        sa.Column("own_origin", sa.Text, nullable=False),
        sa.Column("peer_origin", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rel_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_index("evidence_by_relationship", "evidence", ["rel_id", "id"])


def _logs() -> None:
    op.create_table(
        "logs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("origin", sa.Text, nullable=False, unique=True),
        sa.Column("rel_id", sa.Text),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("edge", sa.LargeBinary, nullable=False),
        sa.Column("lc", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), primary_key=True),
        sa.Column("n", sa.BigInteger, primary_key=True),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text),
        sa.Column("commitment", sa.Text, nullable=False),
        sa.CheckConstraint("length(leaf) = 32", name="entries_leaf"),
        sqlite_with_rowid=False,
    )
    op.create_index("entries_by_kind", "entries", ["log", "kind", "n"])
    op.create_index(
        "entries_by_about",
        "entries",
        ["log", "about", "n"],
        sqlite_where=sa.text("about IS NOT NULL"),
        postgresql_where=sa.text("about IS NOT NULL"),
    )


def _beside_logs() -> None:
    op.create_table(
        "tiles",
        sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), primary_key=True),
        sa.Column("level", sa.Integer, primary_key=True),
        sa.Column("place", sa.BigInteger, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "checkpoints",
        sa.Column("log", sa.Integer, sa.ForeignKey("logs.id"), primary_key=True),
        sa.Column("size", sa.BigInteger, primary_key=True),
        sa.Column("time", sa.BigInteger, primary_key=True),
        sa.Column("note", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "bodies",
        sa.Column("log", sa.Integer, primary_key=True),
        sa.Column("n", sa.BigInteger, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("inline", sa.LargeBinary),
        sa.Column("file", sa.Text),
        sa.ForeignKeyConstraint(["log", "n"], ["entries.log", "entries.n"]),
    )


def _things() -> None:
    op.create_table(
        "things",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
    )
    op.create_index("things_by_status", "things", ["space", "kind", "status", "name"])


def _queues() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("claimed_until", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_by_key", "outbox", ["topic", "key", "id"])
    op.create_index("outbox_by_due", "outbox", ["due", "id"])
    op.create_table(
        "nonces",
        sa.Column("keyid", sa.Text, primary_key=True),
        sa.Column("nonce", sa.Text, primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("nonces_by_expiry", "nonces", ["expires"])


def _guard(table: str) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
        )
