"""The operations on accounts: who may enter the site, and how.

Source: design 13.3 (no password exists by default), 13.5.
"""

from typing import Final

from comity.api.operation import Name, Operation, Request, post


class MakeLink(Request, frozen=True, kw_only=True):
    """Make a one-time link by which an official logs in to the site."""

    official: Name


OPERATIONS: Final[tuple[Operation, ...]] = (
    post(
        "accounts.link",
        "/api/accounts/link",
        request=MakeLink,
        summary="A one-time link by which an official logs in",
    ),
)
