"""Sharing: the desk's own handlers; those that record say whether the counterpart holds it."""

from collections.abc import Mapping
from typing import Final

from comity.node.dispatch import Answer, Call, Handler
from comity.node.handlers.base import Desks, held

_RELEASING: Final = ("items.release", "items.withdraw")


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    own = node.sharing.handlers()
    return {**own, **{name: _held(node, own[name]) for name in _RELEASING}}


def _held(node: Desks, handler: Handler) -> Handler:
    """Return the handler with a word on whether the counterpart holds what it recorded."""

    async def handle(call: Call) -> Answer:
        answer = await handler(call)
        assert isinstance(answer, Mapping)
        return {**answer, "held_by_counterpart": await held(node, str(answer["relationship"]))}

    return handle
