"""The legal reading, sign-offs, the way to force, signing requests as people read them."""

from comity.api import legal as asks
from comity.api import operations as op
from comity.foundation.canonical import JsonObject
from comity.node.conclusion import Conclusion
from comity.node.dispatch import Call, Handler, Looking
from comity.node.handlers.base import Desks, acting, read, write
from comity.node.request_pages import RequestPages
from comity.node.suspension_preview import SuspensionPreviews
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_reading(node), **_way(node), **_requests(node)}


def _reading(node: Desks) -> dict[str, Handler]:
    desk = node.concluding.legal
    return {
        "agreements.reading": read(node, asks.Reading, desk.reading),
        "agreements.review_unit": write(
            node,
            asks.ReviewUnit,
            lambda tx, request, who: desk.review(tx, request, official=acting(who)),
        ),
        "agreements.clear_units": write(
            node,
            asks.ClearUnits,
            lambda tx, request, who: desk.clear_units(tx, request, official=acting(who)),
        ),
        "agreements.overrule_hold": write(
            node,
            asks.OverruleHold,
            lambda tx, request, who: desk.overrule(tx, request, official=acting(who)),
        ),
    }


def _way(node: Desks) -> dict[str, Handler]:
    desk = Conclusion(
        ctx=node.ctx,
        instruments=node.instruments,
        requests=node.requests,
        legal=node.concluding.legal,
    )

    previews = SuspensionPreviews(ctx=node.ctx, instruments=node.instruments)

    def show(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, op.OneInstrument)
        found = node.instruments.find(tx, request.instrument)
        return desk.show(tx, found, official=call.official)

    return {
        "agreements.conclusion": Looking(show),
        "agreements.suspend_preview": read(node, asks.SuspensionPreview, previews.preview),
    }


def _requests(node: Desks) -> dict[str, Handler]:
    desk = RequestPages(ctx=node.ctx, requests=node.requests, instruments=node.instruments)
    return {
        "requests.all": read(node, asks.ListRequests, desk.listing),
        "requests.summary": read(node, asks.RequestText, desk.summary),
        "requests.text": read(node, asks.RequestText, desk.text),
    }
