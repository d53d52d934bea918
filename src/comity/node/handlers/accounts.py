"""Accounts: links, and what people set for themselves."""

from comity.api import accounts as asks
from comity.node.dispatch import Handler
from comity.node.handlers.base import Desks, write


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {
        "accounts.link": write(
            node,
            asks.MakeLink,
            lambda tx, request, who: node.accounts.link(tx, request.official, by=who),
        ),
    }
