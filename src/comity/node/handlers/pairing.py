"""Pairing step by step."""

from comity.api import pairing as asks
from comity.api.operation import Request
from comity.api.parties import GivenLetter
from comity.node.context import relationship
from comity.node.dispatch import Answer, Call, Handler
from comity.node.handlers.base import Desks, acting, read, write


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    desk = node.pairing

    async def check(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, asks.CheckPeer)
        rel = await call.read(lambda tx: relationship(tx, request.counterpart))
        return await node.health.ask(node.syncing.peer, rel.rel_id)

    return {
        "peers.check": check,
        "letters.pairing": read(node, Request, lambda tx, _: desk.listing(tx)),
        "letters.pairing.show": read(
            node, asks.OnePairing, lambda tx, request: desk.show(tx, request.pairing)
        ),
        "letters.receive": write(
            node,
            GivenLetter,
            lambda tx, request, who: desk.receive(tx, request.letter, by=acting(who)),
        ),
        "letters.compare": write(
            node,
            asks.Compare,
            lambda tx, request, who: desk.compare(
                tx, request.pairing, request.fingerprint, by=acting(who)
            ),
        ),
        "letters.forget": write(
            node,
            asks.OnePairing,
            lambda tx, request, who: desk.forget(tx, request.pairing, by=acting(who)),
        ),
    }
