"""The operations on letters, officials, full powers and signing requests.

Source: design 13.3, 13.4.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from comity.api.operation import (
    Name,
    Operation,
    Request,
    Role,
    founding,
    get,
    post,
)

PersonalAct = Literal[
    "adopt",
    "initial",
    "sign",
    "sign_ad_referendum",
    "certify_language",
    "suspend",
    "resume",
    "withdraw",
    "renew",
    "release",
]


class ExportLetter(Request, frozen=True, kw_only=True):
    """Export our letter of introduction."""

    new: bool = False


class GivenLetter(Request, frozen=True, kw_only=True):
    """A counterpart's letter, as the file came (base64url)."""

    letter: str


class AcceptLetter(Request, frozen=True, kw_only=True):
    """Accept a letter whose fingerprint was compared over a second channel."""

    letter: str
    fingerprint: Name


class AddOfficial(Request, frozen=True, kw_only=True):
    """Make an official known to the node by the card from their personal folder.

    A card without keys makes a person known who can enter acts and sign nothing.
    """

    card: dict[str, object]
    roles: Annotated[list[Role], Meta(min_length=1, max_length=7)]


class GrantPowers(Request, frozen=True, kw_only=True):
    """Ask the two appointing officials to give an official full powers."""

    official: Name
    acts: Annotated[list[PersonalAct], Meta(min_length=1, max_length=16)]
    valid_until: Name
    instruments: Annotated[list[str], Meta(max_length=100)] = field(default_factory=list)


class RevokePowers(Request, frozen=True, kw_only=True):
    """Ask an appointing official to end an official's full powers."""

    official: Name
    reason: Literal["ended", "key_lost", "key_stolen", "replaced", "mistake"] = "ended"


class OneRequest(Request, frozen=True, kw_only=True):
    """One signing request."""

    request: Name


class DeliverSignature(Request, frozen=True, kw_only=True):
    """Hand in a signature file (base64url) for a signing request."""

    request: Name
    signatures: str


OPERATIONS: Final[tuple[Operation, ...]] = (
    post(
        "letters.export",
        "/api/letters/export",
        request=ExportLetter,
        summary="Our letter of introduction as a file",
    ),
    post(
        "letters.read",
        "/api/letters/read",
        request=GivenLetter,
        summary="Read a counterpart's letter and show the fingerprint to compare",
    ),
    post(
        "letters.accept",
        "/api/letters/accept",
        request=AcceptLetter,
        summary="Ask two officials to accept a letter",
        roles=("mandate_holder", "legal_adviser", "engineer"),
    ),
    get("officials", "/api/officials", "The officials this node knows"),
    founding(
        post(
            "officials.add",
            "/api/officials/add",
            request=AddOfficial,
            summary="Make an official known by their card, or by name and office alone",
            roles=("mandate_holder", "engineer"),
        )
    ),
    post(
        "officials.powers",
        "/api/officials/powers",
        request=GrantPowers,
        summary="Ask for full powers for an official",
        roles=("mandate_holder", "legal_adviser"),
    ),
    post(
        "officials.revoke",
        "/api/officials/revoke",
        request=RevokePowers,
        summary="Ask to end an official's full powers",
        roles=("mandate_holder", "legal_adviser"),
    ),
    get("requests", "/api/requests", "What waits for a personal signature"),
    get(
        "requests.show",
        "/api/requests/{request}",
        "One signing request, as a file",
        request=OneRequest,
    ),
    post(
        "requests.drop",
        "/api/requests/{request}/drop",
        request=OneRequest,
        summary="Drop a signing request that is not settled",
    ),
    post(
        "requests.deliver",
        "/api/requests/{request}/signatures",
        request=DeliverSignature,
        summary="Hand in a signature",
    ),
)
