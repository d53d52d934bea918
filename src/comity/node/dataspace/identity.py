"""Who calls, and who we say we are, between registered connectors. Source: spec 9.3."""

from collections.abc import Iterable, Sequence

from comity.foundation.canonical import parse
from comity.node.context import Context
from comity.parties.keys import PublicKey
from comity.protocols.dsp.identities import (
    EdcMockIdentity,
    Identity,
    NoIdentity,
    StaticIdentity,
    header_for,
    is_shown,
)
from comity.sharing.connectors.model import Counterpart, IdentityKind
from comity.transport.gate import Caller
from comity.transport.id_tokens import JTI_BYTES, bearer, mint


def authorization(counterpart: Counterpart, own: str, ctx: Context) -> str | None:
    """Return the ``Authorization`` value of one call of ours to a counterpart; None for none.

    Args:
        counterpart: Who is called.
        own: Our participant id towards it.
        ctx: The node, for the key of tokens, the time and chance.
    """
    if counterpart.identity.kind is not IdentityKind.TOKEN:
        return header_for(_unproven(counterpart), own=own, receiver=counterpart.base)
    token = mint(
        issuer=own,
        audience=counterpart.id,
        signer=ctx.keys.dsp,
        at=ctx.now(),
        chance=ctx.chance.token(JTI_BYTES),
    )
    return bearer(token)


def caller_of(
    values: Sequence[bytes], counterparts: Iterable[Counterpart], *, base: str
) -> Counterpart | None:
    """Return whose call carries these ``Authorization`` lines, in a folder of conformance.

    Args:
        values: The value of every line.
        counterparts: Those that are registered.
        base: Our own base address.
    """
    unproven = (one for one in counterparts if one.identity.kind is not IdentityKind.TOKEN)
    return next((one for one in unproven if is_shown(_unproven(one), values, base=base)), None)


def token_caller(counterpart: Counterpart) -> Caller | None:
    """Return a counterpart as the gate knows it: by the key that was pinned at registration."""
    key = counterpart.identity.key
    if counterpart.identity.kind is not IdentityKind.TOKEN or key is None:
        return None
    jwk = parse(key.encode(), what="A registered key")
    public = PublicKey.from_jwk(jwk, what="A registered key")
    return Caller(party=counterpart.id, key=public, pinned_by="registration")


def _unproven(counterpart: Counterpart) -> Identity:
    told = counterpart.identity
    match told.kind:
        case IdentityKind.STATIC:
            return StaticIdentity(value=told.header or "")
        case IdentityKind.EDC_MOCK:
            return EdcMockIdentity(client=counterpart.id)
        case _:
            return NoIdentity()
