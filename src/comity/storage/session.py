"""Statements, compiled once, run on the driver's cursor.

SQLAlchemy Core writes the SQL for either database, once per statement; running it through Core
each time would cost about 30 microseconds a statement, the cursor takes 5 (measured on the
machine of ``bench/RESULTS.md``). No type in ``tables`` needs conversion on the way: integers,
text, bytes.
"""

import sqlalchemy as sa

from comity.foundation.attested import Marks
from comity.foundation.errors import UnavailableError
from comity.storage.engine import Cursor, Driver, Raw, Row, Value, translate

#: What ``Session`` runs: any Core statement that changes or returns rows.
Clause = sa.Select[tuple[Value, ...]] | sa.Insert | sa.Update | sa.Delete


class Statement:
    """A Core statement and, once it ran, its SQL."""

    def __init__(self, clause: sa.ClauseElement) -> None:
        self._clause = clause
        self._compiled: dict[str, tuple[str, tuple[str, ...], dict[str, Value]]] = {}

    def compiled(self, dialect: sa.Dialect) -> tuple[str, tuple[str, ...], dict[str, Value]]:
        """Return the SQL, the order of its parameters, and their values where it has any."""
        known = self._compiled.get(dialect.name)
        if known is None:
            made = self._clause.compile(dialect=dialect)
            names = tuple(made.positiontup or made.params)  # type: ignore[attr-defined]  # of SQL compilers only
            given = {name: value for name, value in made.params.items() if value is not None}
            known = (made.string, names, given)
            self._compiled[dialect.name] = known
        return known


def insert_into(table: sa.Table, *left_out: str) -> Statement:  # type: ignore[explicit-any]  # the default of SQLAlchemy's own type parameter
    """Return the statement that adds a row; columns left out the database fills."""
    names = [name for name in table.columns.keys() if name not in left_out]  # noqa: SIM118  # no dict: iterating gives columns
    values: dict[str, sa.BindParameter[object]] = {name: sa.bindparam(name) for name in names}
    return Statement(sa.insert(table).values(values))


class Session:
    """One connection and its cursor; used by one thread at a time."""

    def __init__(
        self, connection: sa.PoolProxiedConnection, *, using: Driver, dialect: sa.Dialect
    ) -> None:
        self._connection = connection
        self._raw: Raw = connection.driver_connection  # type: ignore[assignment]  # typed by PEP 249 alone
        self._cursor: Cursor = self._raw.cursor()
        self._errors = using.errors
        self._dialect = dialect
        #: Ids of logs by origin; what was read in a unit that failed is forgotten.
        self.log_ids: dict[str, int] = {}
        #: Cosigned marks by id of the log; they are only ever added to.
        self.marks: dict[int, Marks] = {}

    def rows(self, statement: Statement, **values: Value) -> list[Row]:
        """Return all rows of a query."""
        self._run(statement, values)
        return self._cursor.fetchall()

    def row(self, statement: Statement, **values: Value) -> Row | None:
        """Return the first row of a query, or None."""
        self._run(statement, values)
        found = self._cursor.fetchall()
        return found[0] if found else None

    def change(self, statement: Statement, **values: Value) -> int:
        """Run a statement that changes rows; return how many."""
        self._run(statement, values)
        return self._cursor.rowcount

    def command(self, sql: str) -> None:
        """Run a command of the transaction: BEGIN, SAVEPOINT and so on."""
        try:
            self._cursor.execute(sql)
        except self._errors as error:
            raise translate(error) from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; after some failures the database ends it by itself."""
        return self._raw.in_transaction

    def forget(self) -> None:
        """Forget what was read in a unit that is undone."""
        self.log_ids.clear()
        self.marks.clear()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _run(self, statement: Statement, values: dict[str, Value]) -> None:
        sql, names, given = statement.compiled(self._dialect)
        if given:
            values = {**given, **values}
        ordered = tuple([values[name] for name in names])
        try:
            self._cursor.execute(sql, ordered if self._dialect.positional else values)
        except self._errors as error:
            raise translate(error) from error


def whole(value: Value) -> int:
    """Return a value that the schema says is an integer."""
    if not isinstance(value, int):
        raise _not(value, "a number")
    return value


def words(value: Value) -> str:
    """Return a value that the schema says is text."""
    if not isinstance(value, str):
        raise _not(value, "text")
    return value


def data(value: Value) -> bytes:
    """Return a value that the schema says is bytes."""
    if not isinstance(value, bytes):
        raise _not(value, "bytes")
    return value


def maybe_words(value: Value) -> str | None:
    """Return a value that the schema says is text or nothing."""
    return None if value is None else words(value)


def maybe_data(value: Value) -> bytes | None:
    """Return a value that the schema says is bytes or nothing."""
    return None if value is None else data(value)


def _not(value: Value, what: str) -> UnavailableError:
    return UnavailableError(
        "storage.wrong_type",
        f"The database holds {type(value).__name__} where {what} must stand: somebody changed it"
        " by other means. Stop the node and restore from the backup.",
    )
