"""The file that asks a person for a signature, as the node hands it out."""

from collections.abc import Mapping
from typing import Final

from comity.foundation.canonical import JsonObject, parse
from comity.foundation.errors import PeerError

REQUEST_BYTES_MAX: Final = 128 << 20
TYPE: Final = "comity/signing-request"
MEMBERS: Final = (
    *("type", "request", "operation", "party", "party_name", "purpose", "capacity", "title"),
    *("shown", "document", "digest", "signers", "needed", "full_powers", "created", "context"),
    "attachments",
)


def read_envelope(data: bytes) -> JsonObject:
    """Return the request in a file; its document is not looked at yet.

    Raises:
        PeerError: ``sign.no_request``, ``sign.members``; ``json.*`` on the form.
    """
    value = parse(data, bytes_max=REQUEST_BYTES_MAX, what="The signing request")
    if not isinstance(value, Mapping) or value.get("type") != TYPE:
        raise PeerError(
            "sign.no_request",
            "That file is no signing request. The node writes one where a signature is needed;"
            " comity requests list shows those that wait.",
        )
    if set(value) != set(MEMBERS):
        other = sorted(set(value) ^ set(MEMBERS))
        raise PeerError(
            "sign.members",
            f"The signing request is not as the node writes it: look at {', '.join(other)[:200]}."
            " Ask for it anew with comity requests show.",
        )
    return value
