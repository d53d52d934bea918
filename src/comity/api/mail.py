"""The operations on mail to our own people. Source: agreements.md D6 (journey 6); spec 10.5."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.operation import Operation, Request, Role, get, post

_Host = Annotated[str, Meta(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$(?!\n)")]
_Domain = Annotated[
    str, Meta(min_length=1, max_length=253, pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$(?!\n)")
]


class SetMail(Request, frozen=True, kw_only=True):
    """The house's own mail relay, who writes, and the domains in which our people have addresses.

    ``plain`` sends without encryption: only to a relay on this machine.
    """

    host: _Host
    port: Annotated[int, Meta(ge=1, le=65_535)] = 25
    security: Literal["starttls", "tls", "plain"] = "starttls"
    sender: Annotated[str, Meta(min_length=1, max_length=254)]
    domains: Annotated[tuple[_Domain, ...], Meta(min_length=1, max_length=20)]


_WHO: Final[tuple[Role, ...]] = ("engineer", "mandate_holder")

OPERATIONS: Final[tuple[Operation, ...]] = (
    get("mail", "/api/mail", "Whether meetings are sent to our own people by mail, and how"),
    post(
        "mail.set",
        "/api/mail",
        request=SetMail,
        summary="Send meetings to our own people by the house's mail relay",
        roles=_WHO,
    ),
    post(
        "mail.off",
        "/api/mail/off",
        request=Request,
        summary="Send no mail any more",
        roles=_WHO,
    ),
)
