"""The operations on people and their accounts: roles, approvals by two persons, passkeys.

Source: design 13.4; identity-and-signatures 8.
"""

from typing import Annotated, Final

from msgspec import Meta

from comity.api.operation import Name, Operation, Request, Role, founding, get, post, told_once

#: An answer of ``navigator.credentials``, as its ``toJSON`` writes it.
Credential = dict[str, object]
_HEADS: Final[tuple[Role, ...]] = ("mandate_holder", "engineer")
_APPROVERS: Final[tuple[Role, ...]] = ("mandate_holder", "legal_adviser", "engineer")


class OnePerson(Request, frozen=True, kw_only=True):
    """One official."""

    person: Name


class SetRoles(Request, frozen=True, kw_only=True):
    """Set what an official may enter, all roles at once."""

    person: Name
    roles: Annotated[list[Role], Meta(min_length=1, max_length=7)]


class OneApproval(Request, frozen=True, kw_only=True):
    """One approval by two persons."""

    approval: Name


class GiveApproval(Request, frozen=True, kw_only=True):
    """Approve by a passkey that signed the challenge of this approval."""

    approval: Name
    credential: Credential


class AddPasskey(Request, frozen=True, kw_only=True):
    """A new passkey of one's own."""

    name: Name
    credential: Credential


class OnePasskey(Request, frozen=True, kw_only=True):
    """One of one's own passkeys."""

    passkey: Annotated[str, Meta(min_length=1, max_length=2000)]


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("officials.show", "/api/officials/{person}", "One official", request=OnePerson),
    founding(
        post(
            "officials.roles",
            "/api/officials/{person}/roles",
            request=SetRoles,
            summary="Set what an official may enter; two persons approve",
            roles=_HEADS,
        )
    ),
    founding(
        post(
            "officials.close",
            "/api/officials/{person}/close",
            request=OnePerson,
            summary="Close an official's account; two persons approve",
            roles=_HEADS,
        )
    ),
    founding(
        post(
            "officials.reopen",
            "/api/officials/{person}/reopen",
            request=OnePerson,
            summary="Open a closed account again; two persons approve",
            roles=_HEADS,
        )
    ),
    get("approvals", "/api/approvals", "What two persons approve in the site"),
    get("approvals.show", "/api/approvals/{approval}", "One approval", request=OneApproval),
    told_once(
        post(
            "approvals.challenge",
            "/api/approvals/{approval}/challenge",
            request=OneApproval,
            summary="What the own passkey signs to approve this",
            roles=_APPROVERS,
        )
    ),
    told_once(
        post(
            "approvals.give",
            "/api/approvals/{approval}/give",
            request=GiveApproval,
            summary="Approve by the own passkey",
            roles=_APPROVERS,
        )
    ),
    post(
        "approvals.refuse",
        "/api/approvals/{approval}/refuse",
        request=OneApproval,
        summary="Refuse what is asked for",
        roles=_APPROVERS,
    ),
    get("passkeys", "/api/passkeys", "The own passkeys"),
    told_once(
        post(
            "passkeys.offer",
            "/api/passkeys/offer",
            request=Request,
            summary="What an authenticator needs to make a passkey",
        )
    ),
    post(
        "passkeys.add",
        "/api/passkeys/add",
        request=AddPasskey,
        summary="Add a passkey of one's own",
    ),
    post(
        "passkeys.remove",
        "/api/passkeys/remove",
        request=OnePasskey,
        summary="Remove a passkey of one's own",
    ),
)
