"""Joint statements."""

from collections.abc import Callable

from comity.api import statements as asks
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Answer, Call, Handler
from comity.node.handlers.base import Desks, R, read, write
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    desk = node.statements

    def acting(kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
        return write(node, kind, lambda tx, request, _: work(tx, request))

    async def page(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, asks.OnePage)
        return await node.ctx.store.read(lambda tx: desk.page(tx, request))

    plain, reasoned = asks.OnStatement, asks.ReasonedOnStatement
    return {
        "statements": read(node, asks.Statements, desk.all),
        "statements.show": read(node, asks.OneStatement, desk.show),
        "statements.departs": read(node, asks.OneReadout, desk.departs),
        "statements.page": page,
        "statements.begin": acting(asks.BeginStatement, desk.begin),
        "statements.text": acting(asks.SayText, desk.text),
        "statements.mark": acting(asks.MarkSentences, desk.mark),
        "statements.clear_press": acting(plain, desk.clear("press")),
        "statements.clear_legal": acting(plain, desk.clear("legal")),
        "statements.unclear_press": acting(reasoned, desk.unclear("press")),
        "statements.unclear_legal": acting(reasoned, desk.unclear("legal")),
        "statements.order": acting(asks.OrderRelease, desk.order),
        "statements.pull": acting(reasoned, desk.pull),
        "statements.release": acting(plain, desk.release),
        "statements.correct": acting(asks.CorrectStatement, desk.correct),
        "statements.accept_correction": acting(asks.AcceptCorrection, desk.accept),
        "statements.recall": acting(asks.RecallOnStatement, desk.recall),
        "statements.readout": acting(asks.IssueReadout, desk.readout),
    }
