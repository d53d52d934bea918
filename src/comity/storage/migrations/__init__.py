"""The schema's history: alembic scripts, run when a store is opened that is behind."""

from typing import Final

#: Every revision, oldest first. Kept by hand so that opening a database that is up to date need
#: not load alembic (a third of a second); a test compares it with the scripts.
REVISIONS: Final = ("0001", "0002")
