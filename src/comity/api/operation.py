"""What an operation is: its name, address, typed request, and who may ask for it.

Unknown members of a request are refused. A member named in the path of an operation comes from
there. Bounds are those of design 13.14 and of sense: a person names few things at a time. Source:
design 13.4, 13.5.
"""

from collections.abc import Callable
from typing import Annotated, Literal

import attrs
from msgspec import Meta, Struct

from comity.foundation.canonical import JsonObject

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Words = Annotated[str, Meta(max_length=20_000)]
Many = Annotated[list[str], Meta(max_length=20_000)]
Role = Literal[
    "negotiator",
    "legal_adviser",
    "mandate_holder",
    "signatory",
    "desk_officer",
    "release_officer",
    "liaison_officer",
    "project_officer",
    "technology_security_officer",
    "press_officer",
    "engineer",
]


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request without members."""


class OneInstrument(Request, frozen=True, kw_only=True):
    """One instrument."""

    instrument: Name


class OfCounterpart(Request, frozen=True, kw_only=True):
    """One counterpart: relationship id, party id or name."""

    counterpart: Name


class OneTransfer(Request, frozen=True, kw_only=True):
    """One transfer."""

    transfer: Name


@attrs.frozen(kw_only=True)
class Rows:
    """Where an answer that is a list holds its rows, and which member names a row."""

    member: str
    key: str


@attrs.frozen(kw_only=True)
class Operation:
    """One operation: where it is called, with what, by whom; no roles: every official.

    Attributes:
        secret: The answer is told once and never kept.
        founding: Whether the holder of the node's folder may do it without naming an official, for
            the time before anybody is known or after everybody was locked out.
    """

    name: str
    method: Literal["GET", "POST"]
    path: str
    request: type[Request]
    summary: str
    roles: tuple[Role, ...] = ()
    body: Literal["json", "upload"] = "json"
    answer: Literal["json", "bytes"] = "json"
    secret: bool = False
    founding: bool = False
    rows: Rows | None = None


@attrs.frozen(kw_only=True)
class Expected:
    """The state that the caller has seen.

    Attributes:
        operation: Name of the operation (a GET) that showed it.
        members: Its members, as it was asked.
        etag: The tag of its answer (``protocols.etags.etag_of``), or an ``If-Match`` header.
        part: Takes what counts of the answer, and was tagged; None where all of it does.
    """

    operation: str
    members: JsonObject
    etag: str
    part: Callable[[JsonObject], JsonObject] | None = None


def get(name: str, path: str, summary: str, *, request: type[Request] = Request) -> Operation:
    """Return an operation that changes nothing, for every official."""
    return Operation(name=name, method="GET", path=path, request=request, summary=summary)


def post(
    name: str, path: str, *, request: type[Request], summary: str, roles: tuple[Role, ...] = ()
) -> Operation:
    """Return an operation that acts."""
    return Operation(
        name=name, method="POST", path=path, request=request, summary=summary, roles=roles
    )


def founding(operation: Operation) -> Operation:
    """Return the operation, open to the holder of the node's folder too."""
    return attrs.evolve(operation, founding=True)


def told_once(operation: Operation) -> Operation:
    """Return the operation with an answer that is told once and never kept."""
    return attrs.evolve(operation, secret=True)
