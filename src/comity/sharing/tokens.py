"""Access tokens for one transfer: opaque, short-lived, kept only as their SHA-256.

A token opens one transfer's data to one counterpart until it expires; it dies with the transfer.
The counterpart's authenticated channel is checked besides: a stolen token is of no use to a third.
Source: design 7; ``docs/spec/07-sharing.md`` 7.6.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final

from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.instants import Instant
from comity.sharing.model import Process

#: Random bytes that a token is made of.
TOKEN_BYTES: Final = 32
#: How long a token opens the door, in seconds, unless the node says less.
TOKEN_S: Final = 900

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def token_of(chance: bytes) -> str:
    """Return the token written from ``TOKEN_BYTES`` random bytes.

    Raises:
        MisuseError: ``sharing.token_bytes``: another number of bytes.
    """
    if len(chance) != TOKEN_BYTES:
        raise MisuseError(
            "sharing.token_bytes", f"A token takes {TOKEN_BYTES} random bytes, not {len(chance)}."
        )
    return urlsafe_b64encode(chance).rstrip(b"=").decode("ascii")


def token_digest(token: str, *, transfer: str, counterpart: str, digest: str) -> str:
    """Return what is kept of a token: it binds transfer, counterpart and the item's digest."""
    bound = f"comity/token/v1\n{transfer}\n{counterpart}\n{digest}\n{token}"
    return sha256(bound.encode("utf-8", "surrogatepass")).hexdigest()


def check_token(token: str, *, process: Process, counterpart: str, at: Instant) -> None:
    """Pass if ``token`` opens ``process`` to ``counterpart`` at ``at``.

    Raises:
        RefusedError: ``sharing.token``: it does not, never did, or no longer does; which of the
            three is not told.
    """
    kept, expires = process.token_digest, process.token_expires
    shaped = token if _TOKEN.fullmatch(token) else ""
    given = token_digest(
        shaped, transfer=process.pid, counterpart=counterpart, digest=process.terms.digest
    )
    live = kept is not None and expires is not None and at < expires
    if not hmac.compare_digest(given, kept or "") or not live:
        raise RefusedError(
            "sharing.token", "This token opens nothing here, or no longer; ask for the data again."
        )
