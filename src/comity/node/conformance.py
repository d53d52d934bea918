"""``comity conformance serve``: a node of purpose *conformance*, on this machine alone.

It speaks plain http on loopback, knows counterparts by the identities of tests, and can hold no
relationship. Everything else is the node that others run: the same routes, machines, playbook,
store. Source: issue 5, 7; design 13.11; ``docs/spec/09-connectors.md`` 9.9.
"""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast
from urllib.parse import unquote

from comity.foundation.errors import ComityError, MisuseError, PeerError, RefusedError
from comity.node.clock import SystemChance, SystemClock
from comity.node.dataspace.desk import BASE, Settings
from comity.node.dataspace.identity import caller_of
from comity.node.dataspace.profile import Profile, load, read_profile
from comity.node.founding import Founding, found
from comity.node.local_api import local_api
from comity.node.node import Node, open_node
from comity.node.serve import JsonLines
from comity.protocols.dsp.answers import error_bytes
from comity.protocols.dsp.versions import VERSION, ProtocolVersion, versions_bytes
from comity.protocols.problems import problem_of
from comity.sharing.model import Family
from comity.storage.files import write_durably
from comity.storage.folder import PartyFolder
from comity.storage.keyfiles import Card, throwaway_pair
from comity.transport.gate import STATUS, App, Message, Receive, Scope, Send, answer
from comity.transport.serving import Door, bind, run
from comity.transport.serving import serve as serve_doors

_log: Final = logging.getLogger(__name__)
_VERSIONS: Final = "/.well-known/dspace-version"
_JSON: Final = "application/json"


def serve_profile(
    path: Path,
    folder: Path,
    *,
    ready_file: Path | None = None,
    told: Callable[[str], None] | None = None,
) -> None:
    """Serve a conformance node until SIGTERM or SIGINT.

    Args:
        path: The profile.
        folder: The node's folder; made if there is none.
        ready_file: Written once both ports answer.
        told: Called with the base address once it answers.

    Raises:
        MisuseError: ``profile.*``, ``folder.*``, ``serve.port_taken``.
    """
    profile = read_profile(path)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    if not (folder / "comity.json").exists():
        _found(profile, folder)
    if PartyFolder.open(folder).config.purpose != "conformance":
        raise MisuseError(
            "profile.purpose",
            f"{folder} is a party's folder of another purpose; a profile is served only from a"
            " folder of purpose conformance. Name a folder that does not exist yet.",
        )
    told_node = profile.file.node
    settings = Settings(
        own=told_node.participant, base=f"http://127.0.0.1:{told_node.port}{BASE}", plain=True
    )
    node = open_node(folder, dataspace=settings)
    run(_serve(node, profile, ready_file=ready_file, told=told))


def _found(profile: Profile, folder: Path) -> None:
    """Make the folder. Nobody can appoint anybody in it: its two officials' keys are not kept."""
    cards = [
        Card(id=name, name=name, office="Nobody: a conformance folder", pair=throwaway_pair())
        for name in ("first", "second")
    ]
    told = profile.file.node
    founding = Founding(
        name=told.name,
        form="organisation",
        purpose="conformance",
        host="localhost",
        port=told.port,
        local_port=told.api_port,
    )
    found(folder, founding, appointing=cards, clock=SystemClock())


async def _serve(
    node: Node,
    profile: Profile,
    *,
    ready_file: Path | None,
    told: Callable[[str], None] | None,
) -> None:
    config = profile.file.node
    try:
        ours = bind("127.0.0.1", config.api_port, what="the API", option="api_port")
        theirs = bind("127.0.0.1", config.port, what="the counterparts", option="port")
        token = SystemChance().token(32).hex()
        node.ctx.folder.write_api_token(token)
        texts = {
            each.id: _kept(node, each.source.text)
            for each in profile.file.dataset
            if each.source.kind == "text"
        }
        await node.ctx.store.write(lambda tx: load(tx, node.dataspace.book, profile, texts=texts))
        await node.start()
        doors = [
            Door(name="API", app=cast(App, local_api(node, token=token)), sock=ours, tls=None),
            Door(name="counterparts", app=conformance_site(node), sock=theirs, tls=None),
        ]

        def ready() -> None:
            _log.info("serving a conformance node at port %s", config.port)
            if ready_file is not None:
                write_durably(ready_file, f"{config.api_port}\n".encode())
            if told is not None:
                told(node.dataspace.settings.base)

        await serve_doors(doors, ready=ready)
    finally:
        await node.close()


def _kept(node: Node, text: str) -> str:
    with node.ctx.payloads.writer() as writer:
        writer.write(text.encode())
        return writer.commit().name


def conformance_site(node: Node) -> App:
    """Return what answers at the counterparts' port of a conformance node."""
    dataspace = node.dataspace

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = str(scope["path"])
        if path == _VERSIONS and scope["method"] == "GET":
            document = versions_bytes(ProtocolVersion(version=VERSION, path=BASE))
            await answer(send, status=200, body=document, content_type=_JSON)
            return
        inside = path.removeprefix(BASE) if path.startswith(f"{BASE}/") else None
        if inside is None:
            await _nothing(send, None)
            return
        door = dataspace.site.by_token(unquote(inside))
        if door is not None:
            await _data(door, scope, receive, send)
            return
        rows = await node.ctx.store.read(dataspace.book.counterparts)
        caller = caller_of(_authorization(scope), rows, base=dataspace.settings.base)
        if caller is None:
            await _nothing(send, inside)
            return
        await dataspace.site(scope, receive, send, caller.id, inside)

    return site


async def _data(door: App, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917  # an ASGI call and where
    """Answer a call that moves data; what cannot be given is one answer, whatever the reason."""
    begun = False

    async def sent(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await door(scope, receive, sent)
    except ComityError as error:
        if begun:
            raise
        status = 404
        if scope["method"] not in {"GET", "HEAD"} and not isinstance(error, RefusedError):
            status = STATUS.get(error.code) or problem_of(error).status
        body = error_bytes(error, family=Family.TRANSFER)
        await answer(
            send,
            status=status,
            body=body,
            content_type=_JSON,
            headers=[(b"connection", b"close")],
        )


async def _nothing(send: Send, path: str | None) -> None:
    """Answer a call that nobody we know makes: without a word on what there is."""
    family: Family | None = None
    status = 404
    if path is not None and path.startswith("/catalog"):
        status = 401
    elif path is not None:
        family = Family.TRANSFER if path.startswith("/transfers") else Family.NEGOTIATION
    body = error_bytes(PeerError("dsp.no_process", "There is no such process."), family=family)
    await answer(send, status=status, body=body, content_type=_JSON)


def _authorization(scope: Scope) -> list[bytes]:
    headers = scope["headers"]
    assert isinstance(headers, list)
    return [bytes(value) for name, value in headers if name == b"authorization"]
