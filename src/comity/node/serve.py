"""``comity serve``: both ports of a party's node in one process, until it is told to stop.

The counterparts' port is TLS with the pinned key; the officials' port is plain HTTP on loopback and
wants the token that only the folder's owner can read. Source: design 9, 13.5, 13.15.
"""

import logging
import socket
import ssl
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, cast

import msgspec

from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.local_api import local_api
from comity.node.node import Node, open_node
from comity.node.peer_site import by_key, by_token, open_to_all, refusal, streams
from comity.node.site import SiteNode, house_of
from comity.storage.files import write_durably
from comity.transport.gate import (
    App,
    Gate,
    GatePorts,
    Receive,
    RefusedCall,
    Scope,
    Send,
    TokenRoutes,
)
from comity.transport.serving import Door, bind, run
from comity.transport.serving import serve as serve_doors
from comity.transport.tls import server_context
from comity.web.site import make_site
from comity.web.visit import Page

_log: Final = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """One JSON object per line; never the words of people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": str(Instant(int(record.created))),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def serve(
    folder: Path, *, ready_file: Path | None = None, told: Callable[[str], None] | None = None
) -> None:
    """Serve a party's node until SIGTERM or SIGINT.

    Args:
        folder: The party's folder.
        ready_file: Written once both ports answer, for whoever waits for it.
        told: Called with the address of the officials' site once it answers.

    Raises:
        MisuseError: ``serve.port_taken``, ``folder.*``, ``storage.newer_database``: said before
            anything is written.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    node = open_node(folder)
    run(_serve(node, ready_file=ready_file, told=told))


async def _serve(
    node: Node, *, ready_file: Path | None, told: Callable[[str], None] | None
) -> None:
    config, folder = node.ctx.config, node.ctx.folder
    try:
        ours = bind("127.0.0.1", config.local_port, what="the officials' site", option="local_port")
        host, port = config.listen
        theirs = bind(host, port, what="the counterparts", option="port")
        beyond = _bind_beyond(node)
        token = node.ctx.chance.token(32).hex()
        folder.write_api_token(token)
        await node.start()
        doors = [
            Door(name="officials", app=await _officials(node, token), sock=ours, tls=None),
            Door(
                name="counterparts",
                app=gate_of(node),
                sock=theirs,
                tls=server_context(
                    certificate=node.ctx.keys.tls_certificate_file,
                    key=node.ctx.keys.tls_key_file,
                ),
            ),
            *([] if beyond is None else [await _beyond(node, beyond)]),
        ]

        def ready() -> None:
            _log.info("serving %s at port %s", config.party, config.port)
            if ready_file is not None:
                write_durably(ready_file, f"{config.local_port}\n".encode())
            if told is not None:
                told(f"http://localhost:{config.local_port}/")

        await serve_doors(doors, ready=ready)
    finally:
        await node.close()


def _bind_beyond(node: Node) -> socket.socket | None:
    """Return the socket of the site for other machines, where ``comity.json`` names one."""
    site = node.ctx.config.site
    if site is None:
        return None
    return bind(site.host, site.port, what="the officials' site", option="site.port")


async def _beyond(node: Node, sock: socket.socket) -> Door:
    """Return the door to the site for other machines: https, and no token of the folder.

    Raises:
        MisuseError: ``serve.certificate``.
    """
    site = node.ctx.config.site
    assert site is not None
    folder = node.ctx.folder.path
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(folder / site.certificate, folder / site.key)
    except (OSError, ssl.SSLError) as error:
        raise MisuseError(
            "serve.certificate",
            f"The certificate or key of the officials' site cannot be used ({error}); look at"
            f" «site» in comity.json: {site.certificate} and {site.key}.",
        ) from error
    nobody = node.ctx.chance.token(32).hex()  # from other machines nobody owns the folder
    app = await _officials(node, nobody, host=site.host)
    return Door(name="officials, from other machines", app=app, sock=sock, tls=context)


async def _officials(node: Node, token: str, *, host: str | None = None) -> App:
    """Return what answers at the officials' port: the API below ``/api``, pages elsewhere."""
    api = cast(App, local_api(node, token=token))
    site = await site_of(node, host=host)

    async def officials(scope: Scope, receive: Receive, send: Send) -> None:
        inside = str(scope.get("path", "")).startswith("/api/")
        await (api if inside else site)(scope, receive, send)

    return officials


async def site_of(node: Node, *, host: str | None = None, more: Sequence[Page] = ()) -> App:
    """Return the officials' site of a node.

    Args:
        node: The node.
        host: The name it is reached by over https; None: by this machine's own browsers.
        more: Further pages, for tests.
    """
    behind = SiteNode(
        ctx=node.ctx,
        dispatch=node.dispatch,
        accounts=node.accounts,
        passkeys=node.passkeys,
        calendars=node.calendars,
    )
    return cast(App, make_site(behind, await house_of(behind, host=host), more=more))


def gate_of(node: Node) -> Gate:
    """Return what stands at the counterparts' port before a node."""
    config = node.ctx.config

    async def first_use(keyid: str, nonce: str, expires: Instant) -> bool:
        now = node.ctx.now()
        return await node.ctx.store.write(
            lambda tx: tx.nonces.use(keyid, nonce, expires=expires, now=now)
        )

    def note(refused: RefusedCall) -> None:
        _log.warning("a call was refused: %s from %s", refused.code, refused.address)

    return Gate(
        node.site,
        origin=config.origin,
        ports=GatePorts(
            now=node.ctx.now,
            caller=node.peers.caller,
            first_use=first_use,
            tokens=TokenRoutes(
                audience=config.party,
                has=by_token,
                by_issuer=lambda issuer: (
                    node.peers.by_issuer(issuer) or node.dataspace.caller(issuer)
                ),
                refusal=refusal,
            ),
            open=open_to_all,
            by_key=by_key,
            note=note,
            streams=streams,
        ),
    )
