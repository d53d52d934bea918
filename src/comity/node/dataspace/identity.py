"""Who calls, and who we say we are, between registered connectors. Source: spec 9.3."""

from collections.abc import Callable

from comity.node.context import Context
from comity.sharing.connectors.model import Counterpart, IdentityKind


def authorization(counterpart: Counterpart, own: str, ctx: Context) -> str | None:
    """Return the ``Authorization`` value of one call of ours to a counterpart; None for none."""
    del own, ctx
    return counterpart.identity.header


def caller_of(
    header: str | None, counterparts: Callable[[], list[Counterpart]]
) -> Counterpart | None:
    """Return whose call carries that ``Authorization`` value, in a folder of conformance."""
    for each in counterparts():
        kind = each.identity.kind
        if kind is IdentityKind.NONE or (
            kind is IdentityKind.STATIC and header == each.identity.header
        ):
            return each
    return None
