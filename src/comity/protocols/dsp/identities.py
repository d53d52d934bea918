"""Identities that prove nothing, for a folder of purpose conformance: none, a literal, EDC's mock.

Test kits and connectors in a laboratory say who they are without proof. A folder that can hold a
relationship never asks here: there only ID tokens count (``transport.id_tokens``). What is said in
one of these ways is compared as a whole. Source: edc-on-the-wire, "Identity"; dataspace-protocol
10.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import attrs

from comity.foundation.canonical import JsonObject, canonical, parse
from comity.foundation.errors import PeerError

IDENTITY_BYTES_MAX: Final = 8 << 10
#: What EDC's mock writes for every party; EDC 0.14.1 fails where it is absent.
_REGION: Final = "eu"


@attrs.frozen
class NoIdentity:
    """No ``authorization`` header, either way."""


@attrs.frozen(kw_only=True)
class StaticIdentity:
    """One literal value of the ``authorization`` header, both ways."""

    value: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class EdcMockIdentity:
    """EDC's ``iam-mock``: a JSON object without a scheme; ``client`` is how EDC calls itself."""

    client: str


Identity: TypeAlias = NoIdentity | StaticIdentity | EdcMockIdentity


@attrs.frozen(kw_only=True)
class EdcMock:
    """What a header of EDC's mock says; the two that may be absent or null are None then."""

    client: str
    audience: str | None
    region: str | None


def header_for(identity: Identity, *, own: str, receiver: str) -> str | None:
    """Return the ``authorization`` value to send to a counterpart, or None for no header.

    Args:
        identity: The counterpart's, as registered.
        own: Our participant id.
        receiver: The counterpart's base address, no slash at its end.
    """
    if isinstance(identity, NoIdentity):
        return None
    if isinstance(identity, StaticIdentity):
        return identity.value
    said: JsonObject = {"region": _REGION, "audience": receiver, "clientId": own}
    return canonical(said).decode("utf-8")


def is_shown(identity: Identity, values: Sequence[bytes], *, base: str) -> bool:
    """Return whether the ``authorization`` lines of a call are exactly that identity.

    Args:
        identity: The counterpart's, as registered.
        values: The value of every ``authorization`` line.
        base: Our own base address, no slash at its end: whom EDC's mock must mean, if it says so.
    """
    match identity, tuple(values):
        case NoIdentity(), ():
            return True
        case StaticIdentity(value=expected), (one,):
            return one == expected.encode("utf-8")
        case EdcMockIdentity(client=client), (one,):
            try:
                said = read_edc_mock(one)
            except PeerError:
                return False
            return said.client == client and said.audience in {None, base, f"{base}/"}
        case _:
            return False


def read_edc_mock(value: bytes) -> EdcMock:
    """Return what a header of EDC's mock says.

    Raises:
        PeerError: ``json.*``; ``dsp.mock_identity``: not an object with ``clientId`` as a text, or
            ``audience`` or ``region`` of another kind than text and null.
    """
    said = parse(value, bytes_max=IDENTITY_BYTES_MAX, what="The identity")
    if isinstance(said, dict):
        match said.get("clientId"), said.get("audience"), said.get("region"):
            case str(client), (str() | None) as audience, (str() | None) as region if client:
                return EdcMock(client=client, audience=audience, region=region)
            case _:
                pass
    raise PeerError(
        "dsp.mock_identity",
        "An identity of EDC's mock is an object with clientId, and audience and region as texts"
        " or null.",
    )
