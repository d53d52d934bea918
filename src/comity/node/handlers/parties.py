"""Letters, officials, full powers, signing requests."""

from comity.api import operations as op
from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Handler
from comity.node.handlers.base import Desks, read, write


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_letters(node), **_people(node)}


def _letters(node: Desks) -> dict[str, Handler]:
    desk = node.introductions
    return {
        "letters.export": write(
            node, op.ExportLetter, lambda tx, request, _: desk.export(tx, new=request.new)
        ),
        "letters.read": read(
            node, op.GivenLetter, lambda tx, request: desk.read(tx, request.letter)
        ),
        "letters.accept": write(
            node,
            op.AcceptLetter,
            lambda tx, request, _: desk.ask(tx, request.letter, request.fingerprint),
        ),
    }


def _people(node: Desks) -> dict[str, Handler]:
    desk, requests = node.officials, node.requests
    return {
        "officials": read(node, op.Request, lambda tx, _: desk.listing(tx)),
        "officials.add": write(
            node, op.AddOfficial, lambda tx, request, who: node.people.add(tx, request, by=who)
        ),
        "officials.powers": write(
            node,
            op.GrantPowers,
            lambda tx, request, _: desk.ask_powers(tx, request, letter=requests.own_letter(tx)),
        ),
        "officials.revoke": write(
            node,
            op.RevokePowers,
            lambda tx, request, _: desk.ask_revocation(tx, request, letter=requests.own_letter(tx)),
        ),
        "requests": read(
            node,
            op.Request,
            lambda tx, _: {"requests": [_brief(one) for one in requests.waiting(tx)]},
        ),
        "requests.show": read(
            node, op.OneRequest, lambda tx, request: requests.show(tx, request.request)
        ),
        "requests.drop": write(
            node,
            op.OneRequest,
            lambda tx, request, who: requests.drop(
                tx, request.request, by=None if who is None else who.id
            ),
        ),
        "requests.deliver": write(
            node,
            op.DeliverSignature,
            lambda tx, request, _: requests.deliver(
                tx,
                request.request,
                base64url.decode(request.signatures, what="The signature file"),
            ),
        ),
    }


def _brief(request: JsonObject) -> JsonObject:
    names = ("request", "operation", "title", "capacity", "signers", "needed", "created")
    signatures = request["signatures"]
    assert isinstance(signatures, dict)
    return {**{name: request[name] for name in names}, "signed_by": sorted(signatures)}
