"""What a call over HTTP says beside its members: who calls, once or again, about which state.

Source: design 13.5; draft-ietf-httpapi-idempotency-key-header-07; RFC 9110 section 13.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import attrs
import msgspec

from comity.api.operation import Expected, Operation, Request
from comity.api.scopes import Scope
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, RefusedError

PATH_MEMBER: Final = re.compile(r"\{([a-z_]+)\}")
TOKEN_PREFIX: Final = "comity_pat_"  # noqa: S105  # what every one begins with, so that scanners find it


@attrs.frozen(kw_only=True)
class Caller:
    """Who calls.

    Attributes:
        official: The id of the acting official, where one is known.
        scopes: What the shown token is for; None for whoever holds the folder.
    """

    official: str | None
    scopes: tuple[Scope, ...] | None


@attrs.frozen(kw_only=True)
class Ask:
    """One call, read and checked in its form.

    Attributes:
        operation: What is asked for.
        request: With which members.
        caller: By whom.
        upload: The name of the kept upload, where there is one.
        once: The idempotency key, if one was sent.
        expects: The state that the caller has seen, if one was named.
    """

    operation: Operation
    request: Request
    caller: Caller
    upload: str | None = None
    once: str | None = None
    expects: Expected | None = None


@attrs.frozen(kw_only=True)
class Download:
    """An answer that is saved as a file and never shown by a browser itself.

    Attributes:
        name: What the file is called.
        path: Where its bytes stand; None where they are in ``data``.
        data: Its bytes, where they are made for the answer and small.
        media: Its media type.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    media: str = "application/octet-stream"


Answer: TypeAlias = JsonObject | bytes | Download
#: Carries out one call.
Carry: TypeAlias = Callable[[Ask], Awaitable[Answer]]
#: Keeps the body of an upload durably and returns its name.
Spool: TypeAlias = Callable[[AsyncIterator[bytes]], Awaitable[str]]
#: Returns whose personal access token that is; None if it is nobody's, or not any more.
Admit: TypeAlias = Callable[[str], Awaitable[Caller | None]]


def no_token() -> RefusedError:
    """Return the one answer to every call whose token does not count, whatever the reason."""
    return RefusedError(
        "api.token",
        "This call carries no valid token. For a command: name the folder of the running node, or"
        " start it as the user who owns the folder. For a program: its token is unknown, expired or"
        " revoked; make a new one.",
    )


def in_person(caller: Caller, *, named: str | None) -> Caller:
    """Return the caller by a personal token, who may be named but nobody else.

    Raises:
        RefusedError: ``api.other_official``.
    """
    if named is not None and named != caller.official:
        raise RefusedError(
            "api.other_official",
            f"This token is {caller.official}'s; it cannot act as {named[:60]}. Leave the header"
            " X-Comity-As out.",
        )
    return caller


def key_of(header: str | None) -> str | None:
    """Return the idempotency key; the quotation marks of a structured field are optional."""
    if header is None:
        return None
    quoted = len(header) >= 2 and header[0] == header[-1] == '"'
    return header[1:-1] if quoted else header


def objects_of(operations: Sequence[Operation]) -> Mapping[str, Operation]:
    """Return for each operation that acts below an object the one that shows the object.

    That is the GET with the longest path that begins its own and needs nothing but what stands
    there.
    """
    shown = {
        operation.path: operation
        for operation in operations
        if operation.method == "GET" and operation.answer == "json" and _needs_path_only(operation)
    }
    found = {}
    for operation in operations:
        if operation.method == "POST":
            parts = operation.path.split("/")
            starts = ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]
            start = next((one for one in starts if "{" in one and one in shown), None)
            if start is not None:
                found[operation.name] = shown[start]
    return found


def _needs_path_only(operation: Operation) -> bool:
    members = set(PATH_MEMBER.findall(operation.path))
    fields = msgspec.structs.fields(operation.request)
    return all(field.name in members or not field.required for field in fields)


def expected(
    header: str | None, shown: Operation | None, values: Mapping[str, str]
) -> Expected | None:
    """Return the state that an ``If-Match`` header stands for.

    Args:
        header: The header, if it was sent.
        shown: The operation that shows the object.
        values: The members in the path of the call.

    Raises:
        MisuseError: ``api.no_object``: the call is about no object with a state of its own.
    """
    if header is None:
        return None
    if shown is None:
        raise MisuseError(
            "api.no_object",
            "If-Match compares the object whose address the call begins with; this call is about"
            " none. Leave the header out.",
        )
    members = {name: values[name] for name in PATH_MEMBER.findall(shown.path)}
    return Expected(operation=shown.name, members=members, etag=header)
