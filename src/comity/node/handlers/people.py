"""People and accounts, approvals by two persons, passkeys."""

from comity.api import people as asks
from comity.api.operation import Request
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Call, Handler, Looking
from comity.node.handlers.base import Desks, acting, read, write
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_people(node), **_approvals(node), **_passkeys(node)}


def _people(node: Desks) -> dict[str, Handler]:
    desk = node.people
    return {
        "officials.show": read(
            node, asks.OnePerson, lambda tx, request: desk.show(tx, request.person)
        ),
        "officials.roles": write(
            node, asks.SetRoles, lambda tx, request, who: desk.roles(tx, request, by=who)
        ),
        "officials.close": write(
            node,
            asks.OnePerson,
            lambda tx, request, who: desk.close(tx, request.person, by=who),
        ),
        "officials.reopen": write(
            node,
            asks.OnePerson,
            lambda tx, request, who: desk.reopen(tx, request.person, by=who),
        ),
    }


def _approvals(node: Desks) -> dict[str, Handler]:
    desk = node.approving
    return {
        "approvals": read(node, Request, lambda tx, _: desk.listing(tx)),
        "approvals.show": read(
            node, asks.OneApproval, lambda tx, request: desk.show(tx, request.approval)
        ),
        "approvals.challenge": write(
            node,
            asks.OneApproval,
            lambda tx, request, who: desk.challenge(tx, request.approval, acting(who)),
        ),
        "approvals.give": write(
            node,
            asks.GiveApproval,
            lambda tx, request, who: desk.give(
                tx, request.approval, official=acting(who), credential=request.credential
            ),
        ),
        "approvals.refuse": write(
            node,
            asks.OneApproval,
            lambda tx, request, who: desk.drop(tx, request.approval, acting(who)),
        ),
    }


def _passkeys(node: Desks) -> dict[str, Handler]:
    desk = node.passkeys

    def own(tx: Tx, call: Call) -> JsonObject:
        return {"passkeys": list(desk.of(tx, acting(call.official).id))}

    return {
        "passkeys": Looking(own),
        "passkeys.offer": write(node, Request, lambda tx, _, who: desk.offer(tx, acting(who))),
        "passkeys.add": write(
            node,
            asks.AddPasskey,
            lambda tx, request, who: desk.add(
                tx, acting(who), credential=request.credential, name=request.name
            ),
        ),
        "passkeys.remove": write(
            node,
            asks.OnePasskey,
            lambda tx, request, who: desk.remove(
                tx,
                acting(who),
                request.passkey,
                other_ways=int(node.accounts.own(tx, acting(who).id)["password"] is True),
            ),
        ),
    }
