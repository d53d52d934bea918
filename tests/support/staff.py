"""People of a party with accounts and passkeys, for tests of what they may do."""

from pathlib import Path

from comity.foundation.canonical import JsonObject
from support.authenticator import Authenticator
from support.two_nodes import Pair, Party, make_pair


async def staffed(root: Path) -> Pair:
    """Return a pair whose first party also has an engineer, who has no keys."""
    pair = await make_pair(root)
    await add(pair.a, "mechanic", ["engineer"])
    return pair


async def add(party: Party, name: str, roles: list[str], *, who: str | None = None) -> JsonObject:
    card = {"id": name, "name": f"{name.title()} of {party.name}", "office": "Office"}
    return await party.call("officials.add", who=who, card=card, roles=roles)


def device(party: Party) -> Authenticator:
    return Authenticator(origin=f"http://localhost:{party.node.ctx.config.local_port}")


async def equip(party: Party, who: str) -> Authenticator:
    """Let an official add a passkey from a new device."""
    made = device(party)
    options = await party.call("passkeys.offer", who=who)
    await party.call("passkeys.add", who=who, name="Key", credential=made.create(options))
    return made


async def approve(party: Party, who: str, made: Authenticator, approval: object) -> JsonObject:
    options = await party.call("approvals.challenge", who=who, approval=approval)
    return await party.call(
        "approvals.give", who=who, approval=approval, credential=made.get(options)
    )


async def set_roles(party: Party, who: str | None, official: str, *roles: str) -> JsonObject:
    return await party.call("officials.roles", who=who, person=official, roles=list(roles))
