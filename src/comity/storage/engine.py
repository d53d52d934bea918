"""Which SQLite, with which settings, and what its errors mean.

The library is pysqlite3, which brings a SQLite without the WAL-reset bug. Where it cannot be
installed (there is no wheel for Linux on arm64), the standard library's is used: from SQLite
3.51.3 on it has no such bug; before, it is safe because one connection alone writes and
checkpoints (``Store``), which holds here with either. ``Driver.note`` says which it is.

Source: record.md 7.3; dependencies.md 3 ("Facts that decide").
"""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Final, Protocol
from urllib.parse import quote

import attrs
import sqlalchemy as sa

from comity.foundation.errors import ComityError, MisuseError, UnavailableError

_FIXED_SQLITE: Final = (3, 51, 3)

#: FULL: a commit that was acknowledged and then signed must not vanish with the power.
_SETTINGS: Final = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
)
_WRITER_SETTINGS: Final = (*_SETTINGS, "PRAGMA journal_mode = WAL")
_READER_SETTINGS: Final = (*_SETTINGS, "PRAGMA query_only = ON", "PRAGMA wal_autocheckpoint = 0")

Value = int | str | bytes | None
Row = tuple[Value, ...]


class Cursor(Protocol):
    """What we use of a database cursor (PEP 249)."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        ...

    def execute(self, sql: str, values: tuple[Value, ...] | dict[str, Value] = ..., /) -> object:
        """Run one statement."""
        ...

    def fetchone(self) -> Row | None:
        """Return the next row."""
        ...

    def fetchall(self) -> list[Row]:
        """Return the rows that are left."""
        ...


class Raw(Protocol):
    """What we use of a database connection (PEP 249, and sqlite3's ``in_transaction``)."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def cursor(self) -> Cursor:
        """Return a new cursor."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


@attrs.frozen(kw_only=True)
class Driver:
    """The database library in use.

    Attributes:
        module: A module after PEP 249.
        errors: Its base class of errors.
        note: Name and version for people, with the rule that makes it safe.
    """

    module: ModuleType
    errors: type[Exception]
    note: str


def driver() -> Driver:
    """Return pysqlite3 if it is installed, the standard library's sqlite3 otherwise."""
    try:
        module = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        module = importlib.import_module("sqlite3")
    return describe(module)


def describe(module: ModuleType) -> Driver:
    """Return what there is to know about a module of the sqlite3 family."""
    version: str = module.sqlite_version
    errors: type[Exception] = module.Error
    fixed = tuple(int(part) for part in version.split(".")) >= _FIXED_SQLITE
    safe = "without the WAL-reset bug" if fixed else "safe by the single-writer rule"
    return Driver(
        module=module, errors=errors, note=f"SQLite {version} ({module.__name__}), {safe}"
    )


def make_engine(path: Path, *, using: Driver, writes: bool) -> sa.Engine:
    """Return an engine for the file; every connection it opens has the settings above."""
    engine = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=str(path)),
        module=using.module,
        poolclass=sa.NullPool,
        connect_args={"check_same_thread": False},
    )
    settings = _WRITER_SETTINGS if writes else _READER_SETTINGS

    def set_up(raw: Raw, _record: object) -> None:
        raw.isolation_level = None  # type: ignore[attr-defined]  # we alone begin and commit
        cursor = raw.cursor()
        for setting in settings:
            cursor.execute(setting)

    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    sa.event.listen(engine, "connect", set_up)
    sa.event.listen(engine, "begin", begin)
    return engine


def connect_read_only(path: Path, *, using: Driver) -> Raw:
    """Return a connection that cannot write the file, not even to tidy up after a crash."""
    raw: Raw = using.module.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    return raw


def translate(error: Exception) -> ComityError:
    """Return what an error of the database library means to a person.

    Source: sqlite.org/rescode.html, primary result codes.
    """
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    family, name, message = _MEANINGS.get(code, _OTHER)
    return family(name, message.format(error))


_NOTHING: Final = "Nothing of this step was stored."
_OTHER: Final = (UnavailableError, "storage.failed", "The database refused: {}. " + _NOTHING)
_DAMAGED: Final = (
    UnavailableError,
    "storage.damaged",
    "The database file is damaged ({}). Stop the node and restore from the backup.",
)
_LOCKED: Final = (
    UnavailableError,
    "storage.locked",
    "Another process holds the database ({}); stop it, then try again.",
)
_MEANINGS: Final = {
    5: _LOCKED,
    6: _LOCKED,
    8: (MisuseError, "storage.read_only", "A read may not change anything ({}): use a write."),
    10: (
        UnavailableError,
        "storage.disk",
        "The disk failed ({}). Nothing more is written until the node starts again: look at it.",
    ),
    11: _DAMAGED,
    13: (UnavailableError, "storage.full", "No room is left ({}). " + _NOTHING + " Make room."),
    19: (MisuseError, "storage.constraint", "The database keeps what it has: {}."),
    26: _DAMAGED,
}
