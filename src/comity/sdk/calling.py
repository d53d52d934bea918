"""What both clients share: which call an operation is, what its headers say, when to try again.

A call is tried again only where that cannot act twice: one that looks, or one that carries an
idempotency key. Source: design 13.5; docs/reference/api.md.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote, urlencode
from uuid import uuid4  # noqa: TID251  # a program's own keys: no test has to repeat them

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError, MisuseError
from comity.sdk.addresses import ADDRESSES

TRIES: Final = 3
#: How long to wait before the second try, in seconds; before each further one four times as long.
WAIT_FIRST_S: Final = 0.5

Members = Mapping[str, Json]


@attrs.frozen(kw_only=True)
class Who:
    """In whose name a client calls: the token it shows, and the official it names."""

    token: str
    official: str | None

    def headers(self, *, once: str | None, expects: JsonObject | str | None) -> dict[str, str]:
        """Return what a call says beside its members.

        Args:
            once: Its idempotency key.
            expects: The object's answer as it was seen, or its entity tag.
        """
        made = {"authorization": f"Bearer {self.token}"}
        if self.official is not None:
            made["x-comity-as"] = self.official
        if once is not None:
            made["idempotency-key"] = once
        if expects is not None:
            made["if-match"] = expects if isinstance(expects, str) else _tag(expects)
        return made


def new_key() -> str:
    """Return a new idempotency key."""
    return str(uuid4())


def address(operation: str, members: Members) -> tuple[str, str, Json]:
    """Return method, path with query, and body of a call; members that are None are left out.

    Raises:
        MisuseError: ``sdk.operation``: there is none of that name; ``sdk.empty``: a name that
            belongs into the path is empty.
    """
    found = ADDRESSES.get(operation)
    if found is None:
        raise MisuseError("sdk.operation", f"There is no operation {operation[:60]!r}.")
    method, path, form, _ = found
    rest = {}
    for name, value in members.items():
        if value is None:
            continue
        if "{" + name + "}" not in path:
            rest[name] = value
            continue
        if not isinstance(value, str) or not value.strip():
            raise MisuseError("sdk.empty", f"The name of the {name} is empty.")
        path = path.replace("{" + name + "}", quote(value, safe=""))
    if form == "json":
        return method, path, rest
    query = urlencode({name: _in_query(value) for name, value in rest.items()})
    return method, f"{path}?{query}" if query else path, None


def rows_of(operation: str) -> str:
    """Return the member of the answer that holds the rows of a list.

    Raises:
        MisuseError: ``sdk.no_list``: the answer of the operation is no list.
    """
    found = ADDRESSES.get(operation)
    if found is None or not found[3]:
        raise MisuseError("sdk.no_list", f"{operation[:60]!r} does not answer with a list.")
    return found[3]


def wait_before(
    operation: str, error: ComityError, *, once: str | None, tried: int
) -> float | None:
    """Return how long to wait before a call that failed is made again; None: it is not.

    A call that was cut off may have acted. A node that does not run at all is not waited for, but
    one that was cut off may be on its way up again.

    Args:
        operation: What was asked for.
        error: Why it failed.
        once: The idempotency key of the call.
        tried: How often it was made.
    """
    harmless = once is not None or ADDRESSES[operation][0] == "GET"
    away = error.code == "local.cut_off" or (error.code == "local.not_running" and tried > 1)
    return WAIT_FIRST_S * 4 ** (tried - 1) if harmless and away else None


def read_folder(path: Path) -> tuple[str, str]:
    """Return address and token of the node that runs in a party's folder.

    Raises:
        MisuseError: ``sdk.folder``: that is no party's folder, or its node never ran.
    """
    try:
        port = json.loads((path / "comity.json").read_text(encoding="utf-8"))["local_port"]
        token = (path / "api-token").read_text(encoding="ascii").strip()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MisuseError(
            "sdk.folder",
            f"{path} is not the folder of a party whose node runs ({error}). Name the folder in"
            " which comity.json stands, and start the node with comity serve.",
        ) from error
    return f"http://localhost:{port}", token


@contextmanager
def reading(source: str | Path | BinaryIO) -> Iterator[tuple[BinaryIO, int]]:
    """Give the file to send, and how many bytes are left in it."""
    if isinstance(source, str | Path):
        with Path(source).open("rb") as file, reading(file) as opened:
            yield opened
        return
    start = source.tell()
    length = source.seek(0, 2) - start
    source.seek(start)
    yield source, length


@contextmanager
def writing(target: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """Give the file to write; one that is named must not be there yet."""
    if isinstance(target, str | Path):
        with Path(target).open("xb") as file:
            yield file
        return
    yield target


def _in_query(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tag(seen: JsonObject) -> str:
    from comity.protocols.etags import etag_of  # noqa: PLC0415  # few calls need its encoder

    return etag_of(seen)
