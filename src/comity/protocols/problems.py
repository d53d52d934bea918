"""Errors on the wire: RFC 9457 problem details, there and back.

The ``type`` holds family and code, so that the other end gets the same class of error. Source:
spec 6.3; RFC 9457 section 3. Facts are not sent to a counterpart: they may
hold what is private. It stands below both doors that send it, which is why HTTP numbers stand here.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import (
    ComityError,
    MisuseError,
    PeerError,
    RefusedError,
    UnavailableError,
)

PROBLEM_JSON: Final = "application/problem+json"
PROBLEM_BYTES_MAX: Final = 16 << 10
_TYPE: Final = re.compile(r"urn:comity:problem:([a-z]{1,20}):([a-z0-9_.]{1,80})", re.ASCII)

#: Family -> (class, status, title). A family that is not here is a fault of our own.
_FAMILIES: Final[Mapping[str, tuple[type[ComityError], int, str]]] = {
    "misuse": (MisuseError, 400, "The request has to be corrected"),
    "peer": (PeerError, 400, "What was sent breaks the agreed form"),
    "refused": (RefusedError, 403, "This is not allowed"),
    "unavailable": (UnavailableError, 503, "This cannot be done now"),
}
#: Codes by their last word: what a program reacts to differently. Everything else by family.
_STATUS_BY_ENDING: Final[Mapping[str, int]] = {
    "stale": 409,
    "exists": 409,
    "changed": 412,
    "key_reused": 422,
    "not_found": 404,
    "too_large": 413,
}


@attrs.frozen(kw_only=True)
class Problem:
    """One problem as it stands on the wire."""

    status: int
    family: str
    code: str
    detail: str
    facts: JsonObject | None = None

    def to_bytes(self) -> bytes:
        """Return the ``application/problem+json`` body."""
        members: dict[str, Json] = {
            "type": f"urn:comity:problem:{self.family}:{self.code}",
            "title": _FAMILIES[self.family][2] if self.family in _FAMILIES else "Internal fault",
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.facts:
            members["facts"] = self.facts
        return json.dumps(members, ensure_ascii=False).encode()

    def error(self) -> ComityError:
        """Return the error it stands for, of the same family and code."""
        kind = _FAMILIES[self.family][0] if self.family in _FAMILIES else UnavailableError
        return kind(self.code, self.detail, self.facts)


def problem_of(error: ComityError, *, status: int | None = None, facts: bool = False) -> Problem:
    """Return the problem for ``error``.

    Args:
        error: What happened.
        status: HTTP status where the door knows better than the family.
        facts: Whether the facts go along: only to this party's own officials.
    """
    family = error.family if error.family in _FAMILIES else "fault"
    if status is None:
        by_ending = _STATUS_BY_ENDING.get(error.code.rpartition(".")[2])
        status = by_ending or (_FAMILIES[family][1] if family in _FAMILIES else 500)
    return Problem(
        status=status,
        family=family,
        code=error.code,
        detail=error.message,
        facts={name: _plain(value) for name, value in error.facts.items()} if facts else None,
    )


def read_problem(body: bytes, *, status: int) -> Problem:
    """Return the problem in an answer's body; an unreadable body gives a problem all the same.

    What stands in it was written by the other side: it is shown, never obeyed.

    Args:
        body: The answer's body, at most ``PROBLEM_BYTES_MAX`` of it are looked at.
        status: The answer's HTTP status.
    """
    try:
        members = json.loads(body[:PROBLEM_BYTES_MAX])
        found = _TYPE.fullmatch(members["type"])
        detail, facts = members["detail"], members.get("facts")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found, detail, facts = None, None, None
    if found is not None and isinstance(detail, str):
        return Problem(
            status=status,
            family=found[1],
            code=found[2],
            detail=detail[:2000],
            facts=facts if isinstance(facts, dict) else None,
        )
    return Problem(
        status=status,
        family="unavailable" if status >= 500 else "peer",
        code="transport.answer",
        detail=f"The other side answered with HTTP status {status} and gave no readable reason.",
    )


def _plain(value: object) -> Json:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(member) for member in value]
    return str(value)
