"""How calls go to a node: one connection per call, nothing but the standard library.

Only what is needed is loaded, and when the first call is made: a command line must not wait for an
HTTP stack. Errors come back as the same ComityError that the node raised. A token goes in the clear
to this machine alone; further away only over TLS, to whom the system's authorities vouch for.
Source: design 13.5, 13.15; spec 6.3.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, UnavailableError
from comity.protocols.problems import read_problem

WAIT_S: Final = 300.0
CHUNK_BYTES: Final = 256 << 10
ANSWER_BYTES_MAX: Final = 256 << 20

Progress = Callable[[int], None]


class Place:
    """Where a node is called: scheme, host and port."""

    def __init__(self, url: str) -> None:
        """Read the address.

        Raises:
            MisuseError: ``local.address``: not https, and not plain http on this machine.
        """
        parts = urlsplit(url)
        plain = parts.scheme == "http" and _is_loopback(parts.hostname or "")
        if not plain and not (parts.scheme == "https" and parts.hostname):
            raise MisuseError(
                "local.address",
                "A node is called at http://localhost:PORT on this machine, or at https://HOST;"
                f" found {url!r}.",
            )
        self.secure = parts.scheme == "https"
        self.host, self.port = parts.hostname or "", parts.port or (443 if self.secure else 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.url = f"{parts.scheme}://{host}:{self.port}"

    def connection(self, *, timeout_s: float) -> HTTPConnection:
        """Return a connection that is not open yet."""
        if not self.secure:
            return HTTPConnection(self.host, self.port, timeout=timeout_s)
        import ssl  # noqa: PLC0415  # a command on this machine needs none

        context = ssl.create_default_context()
        return HTTPSConnection(self.host, self.port, timeout=timeout_s, context=context)


class Wire:
    """Carries calls to one node."""

    def __init__(self, place: Place, *, timeout_s: float = WAIT_S) -> None:
        self._place, self._timeout_s = place, timeout_s

    def call(
        self, method: str, path: str, *, json: Json = None, headers: Mapping[str, str]
    ) -> JsonObject:
        """Return the object that the node answers.

        Args:
            method: The HTTP method.
            path: Path and query, beginning with ``/api/``.
            json: The body; None for no body.
            headers: What else the call says.

        Raises:
            ComityError: what the node raised; ``local.not_running``, ``local.cut_off``,
                ``local.answer``.
        """
        body = None if json is None else dump(json)
        with self._exchange(method, path, headers=headers, body=body) as response:
            return object_in(_read(response))

    def upload(
        self,
        path: str,
        source: BinaryIO,
        *,
        length: int,
        headers: Mapping[str, str],
        progress: Progress | None = None,
    ) -> JsonObject:
        """POST ``length`` bytes of ``source`` and return the object that the node answers.

        Args:
            path: Path and query; names and options go into the query.
            source: Where to read from.
            length: How many bytes.
            headers: What else the call says.
            progress: Called with the number of bytes sent so far.

        Raises: as ``call``.
        """
        told = {**headers, "content-length": str(length)}
        body = chunks(source, length, progress or no_progress)
        with self._exchange("POST", path, headers=told, body=body) as response:
            return object_in(_read(response))

    def download(
        self,
        path: str,
        target: BinaryIO,
        *,
        headers: Mapping[str, str],
        progress: Progress | None = None,
    ) -> Mapping[str, str]:
        """GET ``path``, write the body to ``target`` and return the headers, names lower-case.

        Args:
            path: Path and query.
            target: Where to write to.
            headers: What else the call says.
            progress: Called with the number of bytes received so far.

        Raises: as ``call``; an answer that breaks off is ``local.cut_off``.
        """
        told, done = progress or no_progress, 0
        with self._exchange("GET", path, headers=headers) as response:
            while chunk := _read(response, CHUNK_BYTES):
                target.write(chunk)
                done += len(chunk)
                told(done)
            return {name.lower(): value for name, value in response.getheaders()}

    @contextmanager
    def _exchange(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | Iterator[bytes] | None = None,
    ) -> Iterator[HTTPResponse]:
        """Give the answer to one call over a connection of its own."""
        connection = self._place.connection(timeout_s=self._timeout_s)
        headers = {**headers, "accept-encoding": "identity", "connection": "close"}
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
        raise not_running() from error
    except (HTTPException, ConnectionError, TimeoutError) as error:
        raise cut_off() from error
    except OSError as error:
        raise unreachable(error) from error


def not_running() -> UnavailableError:
    """Return what is said when nobody takes the call."""
    return UnavailableError(
        "local.not_running", "The node is not running. Start it with `comity serve`."
    )


def unreachable(error: Exception) -> UnavailableError:
    """Return what is said when there is no way to the node."""
    return UnavailableError("local.unreachable", f"The node cannot be reached: {error}.")


def cut_off() -> UnavailableError:
    """Return what is said when the call ends before its answer."""
    return UnavailableError(
        "local.cut_off",
        "The node ended the connection in mid call; look at it with `comity status` before you"
        " repeat the command.",
    )


def _read(response: HTTPResponse, bytes_max: int = ANSWER_BYTES_MAX) -> bytes:
    with _wire_errors():
        data = response.read(bytes_max)
    if response.length and len(data) < bytes_max:
        raise cut_off()  # asked for a part, the library takes an early end for the end
    return data


def object_in(body: bytes) -> JsonObject:
    """Return the object that a body holds.

    Raises:
        UnavailableError: ``local.answer``: it holds none.
    """
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UnavailableError("local.answer", "What answers on that port is not a Comity node.")
    return value


def chunks(source: BinaryIO, length: int, progress: Progress) -> Iterator[bytes]:
    """Give the parts of a file.

    Raises:
        MisuseError: ``local.file_changed``: it became shorter.
    """
    done = 0
    while done < length:
        chunk = source.read(min(CHUNK_BYTES, length - done))
        if not chunk:
            raise MisuseError("local.file_changed", "The file became shorter while it was sent.")
        yield chunk
        done += len(chunk)
        progress(done)


def dump(value: Json) -> bytes:
    """Return the JSON of a body."""
    return json.dumps(value, ensure_ascii=False).encode()


def no_progress(done: int) -> None:
    """Tell nobody."""
    del done


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
