"""Puts the repositories on a connection: what ``Store.open`` loads late, with SQLAlchemy."""

import functools
import os
from pathlib import Path

from comity.foundation.errors import MisuseError, UnavailableError
from comity.foundation.ports import Clock
from comity.storage.engine import Driver, driver, make_engine, translate
from comity.storage.log_rows import SqlBodies, SqlCheckpoints, SqlLogs
from comity.storage.migrating import is_behind, migrate
from comity.storage.node_rows import SqlEvidence, SqlMeta, SqlRelationships, SqlThings
from comity.storage.queue_rows import SqlNonces, SqlOutbox
from comity.storage.session import Session
from comity.storage.tx import Opened, Seat, Tx


def open_database(path: Path, *, clock: Clock, create: bool) -> Opened:
    """Return the database in ``path``; errors as ``Store.open``."""
    using = driver()
    _prepare(path, create=create)
    behind = is_behind(path, using=using)
    engine = make_engine(path, using=using, writes=True)
    try:
        if behind:
            migrate(engine)
        writing = Session(engine.raw_connection(), using=using, dialect=engine.dialect)
    except Exception as error:
        known = error.__cause__ if isinstance(error.__cause__, using.errors) else error
        if not isinstance(known, using.errors):
            raise
        raise translate(known) from error
    return Opened(
        writer=_seat(writing, clock=clock),
        connect=functools.partial(_connect_reader, path, using=using, clock=clock),
        note=using.note,
    )


def _connect_reader(path: Path, *, using: Driver, clock: Clock) -> Seat:
    engine = make_engine(path, using=using, writes=False)
    try:
        session = Session(engine.raw_connection(), using=using, dialect=engine.dialect)
    except using.errors as error:
        raise translate(error) from error
    return _seat(session, clock=clock)


def _seat(session: Session, *, clock: Clock) -> Seat:
    tx = Tx(
        meta=SqlMeta(session),
        relationships=SqlRelationships(session),
        logs=SqlLogs(session),
        bodies=SqlBodies(session),
        checkpoints=SqlCheckpoints(session),
        evidence=SqlEvidence(session),
        things=SqlThings(session, clock),
        outbox=SqlOutbox(session, clock),
        nonces=SqlNonces(session),
        connection=session,
    )
    return Seat(connection=session, tx=tx)


def _prepare(path: Path, *, create: bool) -> None:
    """See that the file is there, readable by its owner alone; SQLite's own files follow it."""
    try:
        if not path.exists():
            if not create:
                raise MisuseError(
                    "storage.no_database",
                    f"There is no database {path.name} in this folder. Is it the right folder? If"
                    " the file was lost, restore it from the backup.",
                )
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise UnavailableError(
            "storage.cannot_make",
            f"The database {path.name} cannot be made ({error.strerror}). Look at the folder's"
            " owner and permissions.",
        ) from error
