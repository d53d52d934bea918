"""What a push to us announces, and how it goes on from what is here already.

A whole begins anew; a part goes on where what is here ends, if both belong to the same whole by its
digest. Source: ``docs/spec/09-connectors.md`` 9.8.6; RFC 9110 section 14.4; RFC 9530.
"""

import re
from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.errors import PeerError
from comity.sharing.ranges import length

_PART: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_SHA256: Final = re.compile(r"sha-256=(:[A-Za-z0-9+/]{43}=:)", re.ASCII)


@attrs.frozen(kw_only=True)
class Announced:
    """What the head of a push says of its body.

    Attributes:
        first: Place of its first byte in the whole.
        stop: The place behind its last byte; None where nothing is said.
        size: How many bytes the whole has; None where nothing is said.
        digest: The value of ``Repr-Digest`` for SHA-256 of the whole; empty where nothing is said.
    """

    first: int
    stop: int | None
    size: int | None
    digest: str

    def goes_on(self, have: int, *, digest: str) -> bool:
        """Return whether it can be taken after what is here.

        Args:
            have: How many bytes are here.
            digest: What was said of them.
        """
        return self.first == 0 or (self.first == have and bool(digest) and self.digest == digest)

    def is_whole(self, have: int) -> bool:
        """Return whether all is here with ``have`` bytes."""
        return self.size is None or have >= self.size


def announced(headers: Mapping[str, str]) -> Announced:
    """Return what the head of a push says.

    Args:
        headers: Names in lower case.

    Raises:
        PeerError: ``intake.form``.
    """
    if headers.get("content-encoding", "identity") != "identity":
        raise PeerError("intake.form", "Data is sent as it is, without a content coding.")
    size, whole = length(headers), _sha256(headers, "repr-digest")
    told = headers.get("content-range")
    if told is None:
        digest = whole or _sha256(headers, "content-digest")
        return Announced(first=0, stop=size, size=size, digest=digest)
    found = _PART.fullmatch(told)
    first, last, total = (int(each) for each in found.groups()) if found else (0, 0, 0)
    if not first <= last < total or size not in {None, last + 1 - first}:
        raise PeerError(
            "intake.form",
            f"The part {told[:80]!r} is none: Content-Range is bytes FIRST-LAST/SIZE, and the body"
            " has exactly these bytes.",
        )
    if not whole:
        raise PeerError(
            "intake.form", "A part names its whole by Repr-Digest, with sha-256; this one does not."
        )
    return Announced(first=first, stop=last + 1, size=total, digest=whole)


def _sha256(headers: Mapping[str, str], name: str) -> str:
    found = _SHA256.search(headers.get(name, ""))
    return "" if found is None else f"sha-256={found[1]}"
