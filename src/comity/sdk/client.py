"""The synchronous client: a method per operation, on the standard library alone."""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Self, TypeVar

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from comity.sdk.calling import (
    TRIES,
    Members,
    Who,
    address,
    new_key,
    read_folder,
    reading,
    rows_of,
    wait_before,
    writing,
)
from comity.sdk.methods import Methods
from comity.sdk.wire import WAIT_S, Place, Progress, Wire

T = TypeVar("T")


class Comity(Methods[JsonObject]):
    """One node, in the name of one official.

    Every operation of the node is a method with its members as arguments. What the node refuses is
    raised as the same ``ComityError``, with its code.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str,
        as_: str | None = None,
        timeout_s: float = WAIT_S,
        tries: int = TRIES,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare; nothing is connected before the first call.

        Args:
            url: ``https://HOST`` or, on this machine, ``http://localhost:PORT``.
            token: A personal access token, or what stands in the folder's ``api-token``.
            as_: The id of the official in whose name to act; a personal token knows its own.
            timeout_s: How long to wait for the node, in seconds.
            tries: How often a call is made that was cut off and cannot act twice.
            wait: How to wait before a further try.

        Raises:
            MisuseError: ``local.address``.
        """
        self._wire = Wire(Place(url), timeout_s=timeout_s)
        self._who = Who(token=token.strip(), official=as_)
        self._tries, self._wait = tries, wait

    @classmethod
    def from_folder(cls, path: str | Path, *, as_: str | None = None) -> Self:
        """Return the client of the node that runs in a party's folder on this machine.

        Args:
            path: The folder.
            as_: The id of the official in whose name to act.

        Raises:
            MisuseError: ``sdk.folder``.
        """
        url, token = read_folder(Path(path))
        return cls(url, token=token, as_=as_)

    @staticmethod
    def key() -> str:
        """Return a new idempotency key: with it, a call may be made again and acts once."""
        return new_key()

    def call(
        self,
        operation: str,
        members: Members,
        *,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> JsonObject:
        """Return the answer of an operation by its name.

        Args:
            operation: Its name, such as ``agreements.show``.
            members: Its members; those that are None are left out.
            once: An idempotency key.
            expects: The object's answer as it was seen (or its entity tag): if it is another one by
                now, nothing is done and ``api.changed`` raised.

        Raises:
            ComityError: what the node raised; ``local.*``, ``sdk.*``.
        """
        method, path, body = address(operation, members)
        headers = self._who.headers(once=once, expects=expects)
        if body is not None:
            headers["content-type"] = "application/json"
        return self._again(
            operation, lambda: self._wire.call(method, path, json=body, headers=headers), once=once
        )

    def each(self, operation: str, **members: Json) -> Iterator[JsonObject]:
        """Give all rows of a list, fetching page after page.

        Args:
            operation: A list, such as ``agreements``.
            members: Its members; ``limit`` is the size of a page.

        Raises: as ``call``; ``sdk.no_list``.
        """
        name = rows_of(operation)
        for page in self._pages(operation, members):
            yield from page[name]  # type: ignore[misc]  # what the node says is a list of objects

    def whole(self, operation: str, members: Members) -> JsonObject:
        """Return the answer of a list with all its rows; as ``each``."""
        name = rows_of(operation)
        first, *more = self._pages(operation, members)
        if not more:
            return first
        rows: list[Json] = [row for page in (first, *more) for row in page[name]]  # type: ignore[union-attr]  # as above
        return {**first, name: rows, "next": None}

    def _pages(self, operation: str, members: Members) -> Iterator[JsonObject]:
        asked = dict(members)
        while True:
            answer = self.call(operation, asked)
            yield answer
            following = answer.get("next")
            if not isinstance(following, str):
                return
            asked["cursor"] = following

    def upload(
        self,
        operation: str,
        source: str | Path | BinaryIO,
        members: Members,
        *,
        once: str | None = None,
        progress: Progress | None = None,
    ) -> JsonObject:
        """Return the answer to a file that is sent; it may be of any size.

        Args:
            operation: An operation that takes a file.
            source: The file, or what it is read from (seekable).
            members: What describes it.
            once: An idempotency key; an upload is not repeated by itself.
            progress: Called with the number of bytes sent so far.

        Raises: as ``call``; OSError of the file.
        """
        _, path, _ = address(operation, members)
        headers = self._who.headers(once=once, expects=None)
        headers["content-type"] = "application/octet-stream"
        with reading(source) as (file, length):
            return self._wire.upload(path, file, length=length, headers=headers, progress=progress)

    def download(
        self,
        operation: str,
        target: str | Path | BinaryIO,
        members: Members,
        *,
        progress: Progress | None = None,
    ) -> Mapping[str, str]:
        """Write a file that the node hands out, and return the headers it came with.

        Args:
            operation: An operation that hands out a file.
            target: Where it goes; a path must not exist yet.
            members: The members of the operation.
            progress: Called with the number of bytes received so far.

        Raises: as ``call``; OSError of the target.
        """
        _, path, _ = address(operation, members)
        headers = self._who.headers(once=None, expects=None)
        with writing(target) as file:
            return self._wire.download(path, file, headers=headers, progress=progress)

    def _again(self, operation: str, work: Callable[[], T], *, once: str | None) -> T:
        """Return what the work returns, trying again where that cannot act twice."""
        for tried in range(1, self._tries):
            try:
                return work()
            except ComityError as error:
                wait_s = wait_before(operation, error, once=once, tried=tried)
                if wait_s is None:
                    raise
            self._wait(wait_s)
        return work()

    def _call(
        self,
        operation: str,
        members: Members,
        *,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> JsonObject:
        return self.call(operation, members, once=once, expects=expects)

    def _upload(
        self,
        operation: str,
        source: str | Path | BinaryIO,
        members: Members,
        *,
        once: str | None = None,
        progress: Progress | None = None,
    ) -> JsonObject:
        return self.upload(operation, source, members, once=once, progress=progress)

    def _download(
        self,
        operation: str,
        target: str | Path | BinaryIO,
        members: Members,
        *,
        progress: Progress | None = None,
    ) -> JsonObject:
        return dict(self.download(operation, target, members, progress=progress))
