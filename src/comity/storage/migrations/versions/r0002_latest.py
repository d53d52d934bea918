"""Things by when they changed last, so that a long list is read page by page."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index."""
    op.create_index("things_by_change", "things", ["space", "kind", "status", "updated", "name"])
