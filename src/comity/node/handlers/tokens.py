"""Personal access tokens: each official has and sees only the own."""

from comity.api import tokens as asks
from comity.api.operation import Request
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Call, Handler, Looking
from comity.node.handlers.base import Desks, acting, write
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    desk = node.tokens

    def listing(tx: Tx, call: Call) -> JsonObject:
        assert isinstance(call.request, Request)
        return desk.listing(tx, official=acting(call.official))

    return {
        "tokens": Looking(listing),
        "tokens.create": write(
            node,
            asks.CreateToken,
            lambda tx, request, who: desk.create(tx, request, official=acting(who)),
        ),
        "tokens.revoke": write(
            node,
            asks.OneToken,
            lambda tx, request, who: desk.revoke(tx, request.token, official=acting(who)),
        ),
    }
