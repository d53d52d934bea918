"""Controlled items, their authorisations, and what follows a transfer."""

from collections.abc import Callable

from comity.api import technology as asks
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Handler
from comity.node.handlers.base import Desks, R, read, write
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""

    def acting(kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
        return write(node, kind, lambda tx, request, _: work(tx, request))

    desk, controls = node.authorisations, node.controls
    based = asks.BasedOnAuthorisation
    return {
        "controls": read(node, asks.Of, controls.all),
        "controls.classify": acting(asks.ClassifyItem, controls.classify),
        "controls.declassify": acting(asks.DeclassifyItem, controls.declassify),
        "authorisations": read(node, asks.Of, desk.all),
        "authorisations.show": read(node, asks.OneAuthorisation, desk.show),
        "authorisations.request": acting(asks.RequestAuthorisation, desk.request),
        "authorisations.withdraw": acting(asks.OnAuthorisation, desk.withdraw),
        "authorisations.review": acting(asks.ReviewAuthorisation, desk.review),
        "authorisations.approve": acting(asks.ApproveAuthorisation, desk.approving("approve")),
        "authorisations.deny": acting(asks.DenyAuthorisation, desk.denying("deny")),
        "authorisations.return": acting(asks.ReasonedOnAuthorisation, desk.return_),
        "authorisations.assure": acting(asks.AssureAuthorisation, desk.assure),
        "authorisations.accept": acting(asks.AcceptProvisos, desk.accept),
        "authorisations.decline": acting(asks.ReasonedOnAuthorisation, desk.decline),
        "authorisations.suspend": acting(based, desk.based("suspend")),
        "authorisations.resume": acting(based, desk.based("resume")),
        "authorisations.amend": acting(asks.AmendAuthorisation, desk.amend),
        "authorisations.amend_withdraw": acting(asks.OnAuthorisation, desk.amend_withdraw),
        "authorisations.amend_approve": acting(
            asks.ApproveAuthorisation, desk.approving("amend_approve")
        ),
        "authorisations.amend_deny": acting(asks.DenyAuthorisation, desk.denying("amend_deny")),
        "authorisations.revoke": acting(based, desk.based("revoke")),
        "authorisations.dispose": acting(asks.DisposeItems, desk.dispose),
        "authorisations.report": acting(asks.ReportAuthorisation, desk.report),
        **_after(node),
    }


def _after(node: Desks) -> dict[str, Handler]:
    def acting(kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
        return write(node, kind, lambda tx, request, _: work(tx, request))

    desk = node.after_transfer
    return {
        "retransfers": read(node, asks.Of, desk.retransfers),
        "retransfers.show": read(node, asks.OneRetransfer, desk.retransfer),
        "retransfers.request": acting(asks.RequestRetransfer, desk.ask),
        "retransfers.withdraw": acting(asks.OnRetransfer, desk.withdraw),
        "retransfers.again": acting(asks.OnRetransfer, desk.again),
        "retransfers.grant": acting(asks.GrantRetransfer, desk.grant),
        "retransfers.refuse": acting(asks.ReasonedOnRetransfer, desk.reasoned("refuse")),
        "retransfers.return": acting(asks.ReasonedOnRetransfer, desk.reasoned("return")),
        "retransfers.use": acting(asks.UseRetransfer, desk.use),
        "retransfers.close": acting(asks.ReasonedOnRetransfer, desk.reasoned("close")),
        "endchecks": read(node, asks.Of, desk.endchecks),
        "endchecks.show": read(node, asks.OneEndCheck, desk.endcheck),
        "endchecks.request": acting(asks.RequestEndCheck, desk.check),
        "endchecks.withdraw": acting(asks.OnEndCheck, desk.take_back),
        "endchecks.arrange": acting(asks.ArrangeEndCheck, desk.arrange),
        "endchecks.done": acting(asks.ReportEndCheck, desk.done),
        "endchecks.conclude": acting(asks.ConcludeEndCheck, desk.conclude),
        "endchecks.follow_up": acting(asks.ReportEndCheck, desk.follow_up),
    }
