"""Accounts: links, and what people set for themselves."""

import asyncio

from comity.api import accounts as asks
from comity.api.operation import Request
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Answer, Call, Handler, Looking
from comity.node.handlers.base import Desks, acting, write
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    desk = node.accounts

    def own(tx: Tx, call: Call) -> JsonObject:
        return desk.own(tx, acting(call.official).id)

    return {
        "accounts.link": write(
            node,
            asks.MakeLink,
            lambda tx, request, who: desk.link(tx, request.official, by=who),
        ),
        "accounts.invite": write(
            node,
            asks.Invite,
            lambda tx, request, who: node.people.invite(tx, request.person, by=who),
        ),
        "accounts.own": Looking(own),
        "accounts.password": _password(node),
        "accounts.preferences": write(
            node,
            asks.SetPreferences,
            lambda tx, request, who: desk.set_preferences(
                tx,
                acting(who).id,
                {"language": request.language, "zone": request.zone, "theme": request.theme},
            ),
        ),
        "accounts.end_sessions": write(
            node, Request, lambda tx, _, who: {"since": desk.end_sessions(tx, acting(who).id)}
        ),
    }


def _password(node: Desks) -> Handler:
    """Return the handler that checks and makes hashes, which takes long, outside the writer."""
    desk = node.accounts

    async def handle(call: Call) -> Answer:
        request, who = call.request, acting(call.official).id
        assert isinstance(request, asks.SetPassword)
        stored = await call.read(
            lambda tx: None if desk.may_reset(tx, who) else desk.stored_password(tx, who)
        )
        if stored is not None:
            await asyncio.to_thread(desk.check_password, who, request.current, stored=stored)
        hashed = await asyncio.to_thread(desk.hash_password, request.password)
        return await call.write(lambda tx: desk.set_password(tx, who, hashed))

    return handle
