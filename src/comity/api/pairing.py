"""The operations by which a page leads through pairing and sees whom we reach.

Source: design 13.3.
"""

from typing import Final

from comity.api.operation import Name, Operation, Request, Role, get, post
from comity.api.parties import GivenLetter

_WHO: Final[tuple[Role, ...]] = ("mandate_holder", "legal_adviser", "engineer")


class OnePairing(Request, frozen=True, kw_only=True):
    """One letter of a counterpart, by its digest."""

    pairing: Name


class Compare(Request, frozen=True, kw_only=True):
    """The fingerprint as the counterpart read it out."""

    pairing: Name
    fingerprint: Name


class CheckPeer(Request, frozen=True, kw_only=True):
    """Call a counterpart now."""

    counterpart: Name


OPERATIONS: Final[tuple[Operation, ...]] = (
    post(
        "peers.check",
        "/api/peers/check",
        request=CheckPeer,
        summary="Call a counterpart now, and see what answers",
    ),
    get("letters.pairing", "/api/letters/pairings", "How far our letter and each pairing is"),
    get(
        "letters.pairing.show",
        "/api/letters/pairings/{pairing}",
        "How far one pairing is, and our fingerprint to read out",
        request=OnePairing,
    ),
    post(
        "letters.receive",
        "/api/letters/receive",
        request=GivenLetter,
        summary="Keep a counterpart's letter to be compared",
        roles=_WHO,
    ),
    post(
        "letters.compare",
        "/api/letters/pairings/{pairing}/compare",
        request=Compare,
        summary="Compare the fingerprint as they read it out, and ask two officials to accept",
        roles=_WHO,
    ),
    post(
        "letters.forget",
        "/api/letters/pairings/{pairing}/forget",
        request=OnePairing,
        summary="Put a letter aside that was not accepted",
        roles=_WHO,
    ),
)
