"""Which bytes of a file are asked for, and which came: HTTP ranges, read and written.

One range is understood, in bytes. Whatever else a ``Range`` header says (several ranges, another
unit, another form) is passed over and the whole is given, as the standard lets a server do; a range
that begins behind the end is answered as such. What an answer says of its part is read strictly.
Source: RFC 9110 sections 13.1.5 and 14; RFC 9530 section 3; ``docs/spec/07-sharing.md`` 7.7.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

from comity.foundation.errors import PeerError

#: 18 digits are enough for every file there is, and no more are read.
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)
_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_LENGTH: Final = re.compile(r"\d{1,18}", re.ASCII)


@attrs.frozen
class Span:
    """The bytes from ``start`` to before ``stop``."""

    start: int
    stop: int

    @property
    def bytes(self) -> int:
        """Return how many they are."""
        return self.stop - self.start

    def content_range(self, size: int) -> str:
        """Return the value of ``Content-Range`` of this part of ``size`` bytes."""
        return f"bytes {self.start}-{self.stop - 1}/{size}"


@attrs.frozen
class Whole:
    """All bytes are asked for."""

    span: Span


@attrs.frozen
class Part:
    """A part is asked for."""

    span: Span


@attrs.frozen
class Behind:
    """What is asked for begins behind the end: there is nothing to give."""


Asked: TypeAlias = Whole | Part | Behind


def asked(headers: Mapping[str, str], *, size: int, etag: str) -> Asked:
    """Return which bytes a request asks for.

    Args:
        headers: Of the request, names in lower case.
        size: Of what is served.
        etag: Its entity tag, with its quotation marks; ``If-Range`` counts only if it is
            this one, and strong.
    """
    whole = Whole(Span(0, size))
    found = _RANGE.fullmatch(headers.get("range", "").strip())
    condition = headers.get("if-range")
    if found is None or (condition is not None and (condition != etag or etag[:2] == "W/")):
        return whole
    first, last = found[1], found[2]
    if not first:
        if not last:
            return whole
        suffix = min(int(last), size)
        return Part(Span(size - suffix, size)) if suffix else Behind()
    start = int(first)
    if last and int(last) < start:
        return whole
    if start >= size:
        return Behind()
    return Part(Span(start, min(int(last) + 1, size) if last else size))


def given(status: int, headers: Mapping[str, str], *, size: int) -> Span:
    """Return which bytes an answer with status 200 or 206 carries.

    Args:
        status: Of the answer.
        headers: Of the answer, names in lower case.
        size: How many bytes the whole has by the contract.

    Raises:
        PeerError: ``sharing.range``: a part that does not say which, or of another whole.
    """
    if status == 200:
        return Span(0, size)
    found = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
    if found is None:
        raise PeerError(
            "sharing.range", "A part of the data came that does not say which part it is."
        )
    first, last, total = int(found[1]), int(found[2]), int(found[3])
    if total != size or not first <= last < total:
        raise PeerError(
            "sharing.range",
            f"A part came as bytes {first} to {last} of {total}; the whole has {size} bytes.",
        )
    return Span(first, last + 1)


def length(headers: Mapping[str, str]) -> int | None:
    """Return the number in ``Content-Length``, or None where there is none that can be read."""
    found = headers.get("content-length", "")
    return int(found) if _LENGTH.fullmatch(found) else None


def etag_of(sha256: str) -> str:
    """Return the strong entity tag of bytes with this SHA-256 (hexadecimal)."""
    return f'"{sha256}"'


def repr_digest(sha256: str) -> str:
    """Return the value of ``Repr-Digest`` of bytes with this SHA-256 (hexadecimal)."""
    return f"sha-256=:{b64encode(bytes.fromhex(sha256)).decode()}:"
