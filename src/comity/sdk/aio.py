"""The asynchronous client: the same methods, awaited; on httpx2, with connections kept open."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import anyio
import httpx2

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError, UnavailableError
from comity.protocols.problems import read_problem
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
from comity.sdk.wire import (
    WAIT_S,
    Place,
    Progress,
    chunks,
    cut_off,
    dump,
    no_progress,
    not_running,
    object_in,
)


class AsyncComity(Methods[Awaitable[JsonObject]]):
    """One node, in the name of one official; as ``Comity``, but awaited.

    Use it in ``async with``, or close it.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str,
        as_: str | None = None,
        timeout_s: float = WAIT_S,
        tries: int = TRIES,
        wait: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        """Prepare; nothing is connected before the first call. Arguments as ``Comity``."""
        self._who = Who(token=token.strip(), official=as_)
        self._tries, self._wait = tries, wait
        self._http = httpx2.AsyncClient(
            base_url=Place(url).url,
            timeout=timeout_s,
            verify=ssl.create_default_context() if url.startswith("https") else False,
            follow_redirects=False,
            trust_env=False,
        )

    @classmethod
    def from_folder(cls, path: str | Path, *, as_: str | None = None) -> Self:
        """Return the client of the node that runs in a party's folder; as ``Comity``."""
        url, token = read_folder(Path(path))
        return cls(url, token=token, as_=as_)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    @staticmethod
    def key() -> str:
        """Return a new idempotency key: with it, a call may be made again and acts once."""
        return new_key()

    async def call(
        self,
        operation: str,
        members: Members,
        *,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> JsonObject:
        """Return the answer of an operation by its name; as ``Comity.call``."""
        method, path, body = address(operation, members)
        headers = self._who.headers(once=once, expects=expects)
        content = None
        if body is not None:
            content, headers["content-type"] = dump(body), "application/json"
        for tried in range(1, self._tries):
            try:
                return await self._exchange(method, path, content=content, headers=headers)
            except ComityError as error:
                wait_s = wait_before(operation, error, once=once, tried=tried)
                if wait_s is None:
                    raise
            await self._wait(wait_s)
        return await self._exchange(method, path, content=content, headers=headers)

    async def each(self, operation: str, **members: Json) -> AsyncIterator[JsonObject]:
        """Give all rows of a list, fetching page after page; as ``Comity.each``."""
        name, asked = rows_of(operation), dict(members)
        while True:
            answer = await self.call(operation, asked)
            rows = answer[name]
            assert isinstance(rows, list)
            for row in rows:
                yield row
            following = answer.get("next")
            if not isinstance(following, str):
                return
            asked["cursor"] = following

    async def upload(
        self,
        operation: str,
        source: str | Path | BinaryIO,
        members: Members,
        *,
        once: str | None = None,
        progress: Progress | None = None,
    ) -> JsonObject:
        """Return the answer to a file that is sent; as ``Comity.upload``."""
        _, path, _ = address(operation, members)
        headers = self._who.headers(once=once, expects=None)
        headers["content-type"] = "application/octet-stream"
        with reading(source) as (file, length):
            headers["content-length"] = str(length)
            parts = _parts(file, length=length, progress=progress or no_progress)
            return await self._exchange("POST", path, content=parts, headers=headers)

    async def download(
        self,
        operation: str,
        target: str | Path | BinaryIO,
        members: Members,
        *,
        progress: Progress | None = None,
    ) -> Mapping[str, str]:
        """Write a file that the node hands out, and return its headers; as ``Comity.download``."""
        _, path, _ = address(operation, members)
        headers = self._who.headers(once=None, expects=None)
        with writing(target) as file:
            try:
                async with self._http.stream("GET", path, headers=headers) as response:
                    return await _written(response, file, progress=progress or no_progress)
            except httpx2.TransportError as error:
                raise _told(error) from error

    async def _exchange(
        self,
        method: str,
        path: str,
        *,
        content: bytes | AsyncIterator[bytes] | None,
        headers: Mapping[str, str],
    ) -> JsonObject:
        try:
            answer = await self._http.request(method, path, content=content, headers=headers)
        except httpx2.TransportError as error:
            raise _told(error) from error
        if answer.status_code >= 400:
            raise read_problem(answer.content, status=answer.status_code).error()
        return object_in(answer.content)

    def _call(
        self,
        operation: str,
        members: Members,
        *,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> Awaitable[JsonObject]:
        return self.call(operation, members, once=once, expects=expects)

    def _upload(
        self,
        operation: str,
        source: str | Path | BinaryIO,
        members: Members,
        *,
        once: str | None = None,
        progress: Progress | None = None,
    ) -> Awaitable[JsonObject]:
        return self.upload(operation, source, members, once=once, progress=progress)

    async def _download(
        self,
        operation: str,
        target: str | Path | BinaryIO,
        members: Members,
        *,
        progress: Progress | None = None,
    ) -> JsonObject:
        return dict(await self.download(operation, target, members, progress=progress))


async def _written(
    response: httpx2.Response, file: BinaryIO, *, progress: Progress
) -> Mapping[str, str]:
    """Write the body of an answer and return its headers."""
    if response.status_code >= 400:
        raise read_problem(await response.aread(), status=response.status_code).error()
    done = 0
    async for part in response.aiter_bytes():
        await anyio.to_thread.run_sync(file.write, part)
        done += len(part)
        progress(done)
    return {name.lower(): value for name, value in response.headers.items()}


async def _parts(source: BinaryIO, *, length: int, progress: Progress) -> AsyncIterator[bytes]:
    for part in chunks(source, length, progress):
        yield part


def _told(error: httpx2.TransportError) -> UnavailableError:
    return not_running() if isinstance(error, httpx2.ConnectError) else cut_off()
