"""The house log's anchor: a commitment to its head, in the log that the counterpart mirrors.

What a node does alone (checks, approvals, reads) stands in its house log, which never leaves it. At
a fixed cadence a keyed commitment to the house log's checkpoint goes into the relationship's log;
in a dispute the owner opens an anchor by giving key and checkpoint. Source: record.md 4.1; spec
3.12.
"""

import hmac
import re
from typing import Final

from comity.foundation.errors import MisuseError, PeerError
from comity.record.body import BODY_KEY_BYTES
from comity.record.checkpoint import Checkpoint

_ANCHOR: Final = b"comity/anchor/v1\n"
_COMMITMENT: Final = re.compile(r"[0-9a-f]{96}", re.ASCII)


def house_origin(host: str, *, epoch: int) -> str:
    """Return the origin of a party's house log; ``host`` as in the origins of its other logs."""
    return f"{host}/comity/house/{epoch}"


def anchor(checkpoint: Checkpoint, key: bytes) -> str:
    """Return the commitment to a head of the house log, hexadecimal. Source: spec 3.12.2.

    Raises:
        MisuseError: ``record.anchor_key``: the key has not 32 bytes.
    """
    if len(key) != BODY_KEY_BYTES:
        raise MisuseError(
            "record.anchor_key", f"The key of an anchor has 32 bytes; given: {len(key)}."
        )
    return hmac.new(key, _ANCHOR + checkpoint.text(), "sha384").hexdigest()


def verify_anchor(commitment: str, checkpoint: Checkpoint, *, key: bytes) -> None:
    """Return if the commitment was made to this head with this key.

    Raises:
        PeerError: ``record.anchor``.
    """
    right = len(key) == BODY_KEY_BYTES and _COMMITMENT.fullmatch(commitment) is not None
    if not right or not hmac.compare_digest(anchor(checkpoint, key), commitment):
        raise PeerError(
            "record.anchor",
            f"The anchor does not open to the head of {checkpoint.origin} at size"
            f" {checkpoint.size} with this key.",
        )
