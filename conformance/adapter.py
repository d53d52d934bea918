"""The kit tells a connector to begin by two calls of its own; this hands them on to a node's API.

The calls are no part of the Dataspace Protocol, so they are no part of the product: the adapter
stands outside, on a port of its own, and uses what any program of an official uses. A call that is
repeated begins nothing again. It never answers 4xx, which the kit would repeat; what the node
refuses is a 502 here, with the node's words. Source: dataspace-protocol 10.4.
"""

import argparse
import json
import sys
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, TypeAlias

from comity.foundation.errors import ComityError
from comity.sdk import Comity

Asked: TypeAlias = Mapping[str, str]
BODY_BYTES_MAX: Final = 1 << 16
#: The one official of a conformance node.
OPERATOR: Final = "operator"


def begin_negotiation(node: Comity, asked: Asked) -> None:
    """Start a negotiation as consumer, with the offer that was named: the kit has no catalogue."""
    node.call(
        "dataspace.negotiate",
        {
            "counterpart": asked["providerId"],
            "dataset": asked["datasetId"],
            "offer": asked["offerId"],
        },
    )


def begin_transfer(node: Comity, asked: Asked) -> None:
    """Request a transfer as consumer under a contract that is there."""
    node.call(
        "dataspace.transfer",
        {
            "counterpart": asked["providerId"],
            "contract": asked["agreementId"],
            "format": asked["format"],
        },
    )


#: Given the path of a call and what was asked, has a connector begin.
Begins: TypeAlias = Callable[[str, Asked], None]
ROUTES: Final[Mapping[str, Callable[[Comity, Asked], None]]] = {
    "/negotiations": begin_negotiation,
    "/transfers": begin_transfer,
}


def begin_at(node: Comity) -> Begins:
    """Return what has a node begin."""
    return lambda path, asked: ROUTES[path](node, asked)


class Adapter(ThreadingHTTPServer):
    """The two routes on a port of this machine.

    Args:
        port: The port; 0 for one that is free.
        begins: What has the connector begin.
    """

    daemon_threads = True

    def __init__(self, port: int, begins: Begins) -> None:
        super().__init__(("127.0.0.1", port), _Call)
        self._begins = begins
        self._lock = threading.Lock()
        self._begun: set[tuple[str, str]] = set()

    def begin(self, path: str, body: bytes) -> tuple[HTTPStatus, str]:
        """Hand a call on, unless it was handed on before; return what to answer."""
        if path not in ROUTES:
            return HTTPStatus.BAD_GATEWAY, f"there is no {path}; there are: {', '.join(ROUTES)}"
        try:
            asked = json.loads(body)
            this = (path, json.dumps(asked, sort_keys=True))
            with self._lock:
                if this not in self._begun:
                    self._begins(path, asked)
                    self._begun.add(this)
        except ComityError as error:
            return HTTPStatus.BAD_GATEWAY, f"{error.code}: {error}"
        except (ValueError, KeyError, TypeError) as error:
            return HTTPStatus.BAD_GATEWAY, f"not a call of the kit: {error!r}"
        return HTTPStatus.OK, ""


class _Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer one call."""
        assert isinstance(self.server, Adapter)
        size = min(int(self.headers.get("content-length") or 0), BODY_BYTES_MAX)
        status, reason = self.server.begin(self.path, self.rfile.read(size))
        if reason:
            print(f"adapter: POST {self.path}: {status.value}: {reason}", file=sys.stderr)
        answer = json.dumps({"reason": reason} if reason else {}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base's
        """Say nothing of calls that went well."""


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description="Hand the kit's two calls on to a node.")
    parser.add_argument("--folder", type=Path, required=True, help="the node's folder")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--as", dest="official", default=OPERATOR, help="in whose name")
    told = parser.parse_args()
    node = Comity.from_folder(told.folder, as_=told.official)
    with Adapter(told.port, begin_at(node)) as adapter:
        adapter.serve_forever()


if __name__ == "__main__":
    main()
