"""Which token opens the data of a transfer, or takes data in, and until when (9.8.1, 9.8.5).

The token goes out once, in a start or in the request of a push; what is kept is its digest, bound
to transfer, counterpart and contract. Whether the data may be given at all is ruled on elsewhere,
each time.
"""

import hmac

from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.sharing.connectors.model import Exchange
from comity.sharing.model import State
from comity.sharing.tokens import token_digest


def bound_token(token: str, *, exchange: Exchange) -> str:
    """Return what is kept of a transfer's token; it is bound to transfer and counterpart."""
    return token_digest(
        token,
        transfer=exchange.pid,
        counterpart=exchange.counterpart,
        digest=exchange.contract or "",
    )


def check_data_token(token: str, *, exchange: Exchange, at: Instant) -> None:
    """Pass if ``token`` opens the data of a transfer now, or takes it in where it is pushed to us.

    Raises:
        RefusedError: ``sharing.token``: it does not; which of the reasons holds is not told.
    """
    kept, expires = exchange.token_digest, exchange.token_expires
    open_now = (
        exchange.standing is State.STARTED
        and kept is not None
        and expires is not None
        and at < expires
    )
    given = bound_token(token, exchange=exchange)
    if not hmac.compare_digest(given, kept or "") or not open_now:
        raise no_door()


def no_door() -> RefusedError:
    """Return the one refusal for whatever token does not open whatever data."""
    return RefusedError(
        "sharing.token", "This token opens nothing here, or no longer; ask for the data again."
    )
