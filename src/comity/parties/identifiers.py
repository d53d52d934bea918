"""How parties, logs, hosts and addresses are written; each has one spelling.

Source: design 13.3; did:web method specification; spec 2.1. IP addresses are no names of parties.
"""

import re
from typing import Final

from comity.foundation.errors import PeerError

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = rf"(?:localhost|(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?)"
_PORT: Final = r"[1-9][0-9]{0,4}"
_PARTY: Final = re.compile(rf"did:web:({_HOST})(?:%3A({_PORT}))?", re.ASCII)
_OCTET: Final = r"(?:0|[1-9][0-9]{0,2})"
_ADDRESS: Final = re.compile(
    rf"https://(?:{_HOST}|{_OCTET}(?:\.{_OCTET}){{3}})(?::({_PORT}))?"
    r"((?:/[A-Za-z0-9][A-Za-z0-9._~-]*)*)",
    re.ASCII,
)
_HEX: Final = re.compile(r"[0-9a-f]+", re.ASCII)
_URN: Final = re.compile(
    r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII
)

PARTY_CHARS_MAX: Final = 270
ADDRESS_CHARS_MAX: Final = 500


def check_party(text: str) -> str:
    """Return ``text`` if it names a party: ``did:web:`` and a host, a port as ``%3A``.

    Raises:
        PeerError: ``parties.identifier``.
    """
    found = _PARTY.fullmatch(text)
    if found is None or len(text) > PARTY_CHARS_MAX or int(found[2] or 1) > 65_535:
        raise PeerError(
            "parties.identifier",
            "A party is written did:web:host.example or did:web:host.example%3A8443, in lower"
            f" case; found {text[:60]!r}.",
        )
    return text


def host_of(party: str) -> str:
    """Return the host of a party, with ``:`` before its port."""
    return check_party(party).removeprefix("did:web:").replace("%3A", ":")


def check_address(text: str, *, what: str) -> str:
    """Return ``text`` if it is an https address without user, query, fragment or final slash.

    Raises:
        PeerError: ``parties.address``.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or len(text) > ADDRESS_CHARS_MAX or int(found[1] or 1) > 65_535:
        raise PeerError(
            "parties.address",
            f"{what} is written like https://host.example:8443/path, in lower case and without a"
            f" final slash; found {text[:60]!r}.",
        )
    return text


def check_hex(text: str, *, size: int, what: str) -> str:
    """Return ``text`` if it is ``size`` bytes in lower-case hexadecimal.

    Raises:
        PeerError: ``parties.hex``.
    """
    if len(text) != 2 * size or _HEX.fullmatch(text) is None:
        raise PeerError(
            "parties.hex",
            f"{what} is written as {2 * size} lower-case hexadecimal digits; found {text[:70]!r}.",
        )
    return text


def check_urn(text: str, *, what: str) -> str:
    """Return ``text`` if it is a ``urn:uuid:`` in lower case.

    Raises:
        PeerError: ``parties.urn``.
    """
    if _URN.fullmatch(text) is None:
        raise PeerError("parties.urn", f"{what} is written urn:uuid:...; found {text[:60]!r}.")
    return text
