"""The client of the officials' local API: small, synchronous, quick to start.

Only the standard library is used, and loaded when the first call is made: a command line must not
wait for an HTTP stack. Errors come back as the same ComityError that the node raised. Source:
design 13.5; spec 6.3.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, UnavailableError
from comity.protocols.problems import read_problem

OFFICIAL_HEADER: Final = "x-comity-as"
_WAIT_S: Final = 300.0
_CHUNK_BYTES: Final = 256 << 10
_ANSWER_BYTES_MAX: Final = 256 << 20


class LocalClient:
    """Calls the node that runs on this machine, each call on a connection of its own."""

    def __init__(self, base_url: str, token: str) -> None:
        """Prepare; nothing is connected before the first call.

        Args:
            base_url: ``http://localhost:port``.
            token: What stands in the folder's ``api-token`` file.

        Raises:
            MisuseError: ``local.address``: not plain http on this machine: the token must not
                leave it.
        """
        parts = urlsplit(base_url)
        if parts.scheme != "http" or not _is_loopback(parts.hostname or ""):
            raise MisuseError(
                "local.address",
                f"The node's own API is called at http://localhost:PORT; found {base_url!r}.",
            )
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._token = token.strip()

    def call(
        self, method: str, path: str, *, json: Json = None, as_official: str | None = None
    ) -> JsonObject:
        """Return the object that the node answers.

        Args:
            method: The HTTP method.
            path: Path and query, beginning with ``/api/``.
            json: The body; None for no body.
            as_official: In whose name; roles are checked by the node.

        Raises:
            ComityError: what the node raised; ``local.not_running``, ``local.cut_off``,
                ``local.answer``.
        """
        body = None if json is None else _dump(json)
        headers = self._headers(as_official, media="application/json" if body else None)
        with self._exchange(method, path, headers=headers, body=body) as response:
            return _object(response)

    def upload(
        self,
        path: str,
        source: BinaryIO,
        *,
        length: int,
        as_official: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> JsonObject:
        """POST ``length`` bytes of ``source`` and return the object that the node answers.

        Args:
            path: Path and query; names and options go into the query.
            source: Where to read from.
            length: How many bytes.
            as_official: In whose name.
            progress: Called with the number of bytes sent so far.

        Raises: as ``call``.
        """
        headers = self._headers(as_official, media="application/octet-stream")
        headers["content-length"] = str(length)
        body = _chunks(source, length, progress or _no_progress)
        with self._exchange("POST", path, headers=headers, body=body) as response:
            return _object(response)

    def download(
        self,
        path: str,
        target: BinaryIO,
        *,
        as_official: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Mapping[str, str]:
        """GET ``path``, write the body to ``target`` and return the headers, names lower-case.

        Args:
            path: Path and query.
            target: Where to write to.
            as_official: In whose name.
            progress: Called with the number of bytes received so far.

        Raises: as ``call``; an answer that breaks off is ``local.cut_off``.
        """
        told, done = progress or _no_progress, 0
        with self._exchange("GET", path, headers=self._headers(as_official)) as response:
            while chunk := _read(response, _CHUNK_BYTES):
                target.write(chunk)
                done += len(chunk)
                told(done)
            return {name.lower(): value for name, value in response.getheaders()}

    def _headers(self, as_official: str | None, *, media: str | None = None) -> dict[str, str]:
        headers = {
            "authorization": f"Bearer {self._token}",
            "accept-encoding": "identity",
            "connection": "close",
        }
        if as_official is not None:
            headers[OFFICIAL_HEADER] = as_official
        if media is not None:
            headers["content-type"] = media
        return headers

    @contextmanager
    def _exchange(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        body: bytes | Iterator[bytes] | None = None,
    ) -> Iterator[HTTPResponse]:
        """Give the answer to one call over a connection of its own."""
        connection = HTTPConnection(self._host, self._port, timeout=_WAIT_S)
        try:
            with _wire_errors():
                with suppress(BrokenPipeError, ConnectionResetError):  # refused before the end
                    connection.request(method, path, body=body, headers=headers)
                response = connection.getresponse()
            if response.status >= 400:
                raise read_problem(_read(response), status=response.status).error()
            yield response
        finally:
            connection.close()


@contextmanager
def _wire_errors() -> Iterator[None]:
    try:
        yield
    except ConnectionRefusedError as error:
        raise UnavailableError(
            "local.not_running", "The node is not running. Start it with `comity serve`."
        ) from error
    except (HTTPException, ConnectionError, TimeoutError) as error:
        raise _cut_off() from error


def _cut_off() -> UnavailableError:
    return UnavailableError(
        "local.cut_off",
        "The node ended the connection in mid call; look at it with `comity status` before you"
        " repeat the command.",
    )


def _read(response: HTTPResponse, bytes_max: int = _ANSWER_BYTES_MAX) -> bytes:
    with _wire_errors():
        data = response.read(bytes_max)
    if response.length and len(data) < bytes_max:
        raise _cut_off()  # asked for a part, the library takes an early end for the end
    return data


def _object(response: HTTPResponse) -> JsonObject:
    body = _read(response)
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UnavailableError("local.answer", "What answers on that port is not a Comity node.")
    return value


def _chunks(source: BinaryIO, length: int, progress: Callable[[int], None]) -> Iterator[bytes]:
    done = 0
    while done < length:
        chunk = source.read(min(_CHUNK_BYTES, length - done))
        if not chunk:
            raise MisuseError("local.file_changed", "The file became shorter while it was sent.")
        yield chunk
        done += len(chunk)
        progress(done)


def _dump(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _no_progress(done: int) -> None:
    del done


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
