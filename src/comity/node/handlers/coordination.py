"""Commitments."""

from collections.abc import Callable

from comity.api import coordination as asks
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Handler
from comity.node.handlers.base import Desks, R, read, write
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    desk = node.commitments

    def acting(kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
        return write(node, kind, lambda tx, request, _: work(tx, request))

    plain, reasoned = asks.OnCommitment, asks.ReasonedOnCommitment
    return {
        "grounds": read(node, asks.Grounds, node.deeds.grounds),
        "commitments": read(node, asks.Commitments, desk.all),
        "commitments.show": read(node, asks.OneCommitment, desk.show),
        "commitments.propose": acting(asks.ProposeCommitment, desk.propose),
        "commitments.accept": acting(plain, desk.accept),
        "commitments.decline": acting(reasoned, desk.reasoned("decline")),
        "commitments.withdraw": acting(plain, desk.plain("withdraw")),
        "commitments.progress": acting(plain, desk.plain("progress")),
        "commitments.claim": acting(asks.ClaimCommitment, desk.claim),
        "commitments.acknowledge": acting(asks.AcknowledgeCommitment, desk.acknowledge),
        "commitments.dispute": acting(reasoned, desk.reasoned("dispute")),
        "commitments.redate": acting(asks.RedateCommitment, desk.redate),
        "commitments.release": acting(reasoned, desk.reasoned("release")),
        "commitments.fail": acting(reasoned, desk.reasoned("fail")),
        "commitments.recall": acting(asks.RecallOnCommitment, desk.recall),
    }
