"""The operations on personal access tokens. Source: design 13.5; docs/reference/api.md."""

from typing import Annotated, Final

from msgspec import Meta

from comity.api.operation import Name, Operation, Request, get, post
from comity.api.scopes import Scope


class CreateToken(Request, frozen=True, kw_only=True):
    """Make a token of one's own for programs: what it is for, and until when (at most a year)."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=16)]
    expires: Name


class OneToken(Request, frozen=True, kw_only=True):
    """One of the own tokens, by its id."""

    token: Name


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("tokens", "/api/tokens", "One's own personal access tokens"),
    Operation(
        name="tokens.create",
        method="POST",
        path="/api/tokens",
        request=CreateToken,
        summary="Make a personal access token; its secret is told once",
        secret=True,
    ),
    post(
        "tokens.revoke",
        "/api/tokens/{token}/revoke",
        request=OneToken,
        summary="End a personal access token",
    ),
)
