"""Base64url without padding, with one spelling for every value. Source: RFC 7515, section 2."""

import base64
import binascii

from comity.foundation.errors import PeerError


def encode(data: bytes) -> str:
    """Return ``data`` as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str, *, what: str) -> bytes:
    """Return the bytes whose only spelling is ``text``.

    Raises:
        PeerError: ``basics.base64url``: padding, another alphabet, white space, or bits that
            belong to no byte.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if encode(data) != text:
        raise PeerError(
            "basics.base64url", f"{what} is not base64url without padding: {text[:40]!r}."
        )
    return data
