"""The operations on people and their accounts: roles, approvals by two persons, passkeys.

Source: design 13.4; identity-and-signatures 8.
"""

from typing import Annotated, Final

from msgspec import Meta

from comity.api.operation import Name, Operation, Request, Role, get, post

#: An answer of ``navigator.credentials``, as its ``toJSON`` writes it.
Credential = dict[str, object]
_HEADS: Final[tuple[Role, ...]] = ("mandate_holder", "engineer")
_APPROVERS: Final[tuple[Role, ...]] = ("mandate_holder", "legal_adviser", "engineer")


class OneOfficial(Request, frozen=True, kw_only=True):
    """One official."""

    official: Name


class SetRoles(Request, frozen=True, kw_only=True):
    """Set what an official may enter, all roles at once."""

    official: Name
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
    get("officials.show", "/api/officials/{official}", "One official", request=OneOfficial),
    post(
        "officials.roles",
        "/api/officials/{official}/roles",
        request=SetRoles,
        summary="Set what an official may enter; two persons approve",
        roles=_HEADS,
        founding=True,
    ),
    post(
        "officials.close",
        "/api/officials/{official}/close",
        request=OneOfficial,
        summary="Close an official's account; two persons approve",
        roles=_HEADS,
        founding=True,
    ),
    post(
        "officials.reopen",
        "/api/officials/{official}/reopen",
        request=OneOfficial,
        summary="Open a closed account again; two persons approve",
        roles=_HEADS,
        founding=True,
    ),
    get("approvals", "/api/approvals", "What two persons approve in the site"),
    get("approvals.show", "/api/approvals/{approval}", "One approval", request=OneApproval),
    post(
        "approvals.challenge",
        "/api/approvals/{approval}/challenge",
        request=OneApproval,
        summary="What the own passkey signs to approve this",
        secret=True,
        roles=_APPROVERS,
    ),
    post(
        "approvals.give",
        "/api/approvals/{approval}/give",
        request=GiveApproval,
        summary="Approve by the own passkey",
        secret=True,
        roles=_APPROVERS,
    ),
    post(
        "approvals.refuse",
        "/api/approvals/{approval}/refuse",
        request=OneApproval,
        summary="Refuse what is asked for",
        roles=_APPROVERS,
    ),
    get("passkeys", "/api/passkeys", "The own passkeys"),
    post(
        "passkeys.offer",
        "/api/passkeys/offer",
        request=Request,
        summary="What an authenticator needs to make a passkey",
        secret=True,
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
