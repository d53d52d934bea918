"""The table that binds each operation to its desk, one module per room.

A handler runs its desk in one unit of work and then waits a moment for the counterpart, so that the
person learns whether they hold it yet; nothing depends on that wait. Source: design 13.5.
"""

from comity.node.dispatch import Handler
from comity.node.handlers import (
    accounts,
    agreements,
    coordination,
    drafting,
    legal,
    meetings,
    pairing,
    parties,
    people,
    projects,
    record,
    redlines,
    relationship,
    sharing,
    statements,
    technology,
    tokens,
)
from comity.node.handlers.base import Desks


def handlers_of(node: Desks) -> dict[str, Handler]:
    """Return the handler of every operation, by name."""
    return {
        **parties.handlers(node),
        **pairing.handlers(node),
        **people.handlers(node),
        **accounts.handlers(node),
        **agreements.handlers(node),
        **redlines.handlers(node),
        **drafting.handlers(node),
        **legal.handlers(node),
        **sharing.handlers(node),
        **node.dataspace.handlers(),
        **record.handlers(node),
        **tokens.handlers(node),
        **relationship.handlers(node),
        **coordination.handlers(node),
        **technology.handlers(node),
        **projects.handlers(node),
        **meetings.handlers(node),
        **statements.handlers(node),
    }
