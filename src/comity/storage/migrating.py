"""Looks at a database file before anything is written, then brings its schema up to date.

Source: design 9; issue 3, bad input ("database of a newer version").
"""

from pathlib import Path

import sqlalchemy as sa

from comity.foundation.errors import MisuseError, UnavailableError
from comity.storage.engine import Driver, connect_read_only, translate
from comity.storage.migrations import REVISIONS


def is_behind(path: Path, *, using: Driver) -> bool:
    """Return whether the schema in the file is missing or older than ours; writes nothing.

    Raises:
        MisuseError: ``storage.newer_database``, ``storage.foreign_database``.
        UnavailableError: ``storage.cannot_open``.
    """
    if not path.stat().st_size:
        return True
    revision = _revision(path, using=using)
    if revision is None:
        return True
    if revision not in REVISIONS:
        raise MisuseError(
            "storage.newer_database",
            f"The database {path.name} was written by a newer Comity (schema {revision}, this one"
            f" knows up to {REVISIONS[-1]}). Nothing was changed; install that version or newer.",
            {"found": revision, "newest": REVISIONS[-1]},
        )
    return revision != REVISIONS[-1]


def _revision(path: Path, *, using: Driver) -> str | None:
    try:
        raw = connect_read_only(path, using=using)
        try:
            cursor = raw.cursor()
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = {name for (name,) in cursor.fetchall()}
            if not names:
                return None
            if "alembic_version" not in names:
                raise _foreign(path)
            cursor.execute("SELECT version_num FROM alembic_version")
            found = cursor.fetchone()
            return str(found[0]) if found else None
        finally:
            raw.close()
    except using.errors as error:
        if translate(error).code == "storage.damaged":
            raise _foreign(path) from error
        raise UnavailableError(
            "storage.cannot_open",
            f"The database {path.name} cannot be opened ({error}). Look at the folder's owner and"
            " permissions.",
        ) from error


def _foreign(path: Path) -> MisuseError:
    return MisuseError(
        "storage.foreign_database",
        f"The file {path.name} is no database of Comity, or is damaged. Nothing was changed; is"
        " it the right folder?",
    )


def migrate(engine: sa.Engine) -> None:
    """Bring the schema up to date, all of it or nothing.

    alembic is loaded here and only here: it takes longer to load than the node to start.
    """
    from alembic import command  # noqa: PLC0415  # see above
    from alembic.config import Config  # noqa: PLC0415  # see above

    config = Config()
    scripts = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
