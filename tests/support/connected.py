"""Two nodes that are registered connectors to each other, over real calls on loopback.

They speak plain http, and the caller is known by being the only one registered; all else is the
real thing. Two served nodes with TLS and tokens are in ``tests/browser/test_connectors.py``.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError
from comity.node.dataspace.desk import BASE, Settings
from comity.node.node import Node, open_node
from comity.protocols.problems import PROBLEM_JSON, problem_of
from comity.transport.gate import STATUS, App, Receive, Scope, Send, answer
from comity.transport.serving import Door, bind, serve
from support.crossing import AREA
from support.stages import at_stage
from support.two_nodes import Pair, Party

NAMES: Final = {"Aldoria": "Port of Aldoria", "Berevan": "Berevan Harbour Office"}
#: A public key of P-256: a point of the curve, whose private half nobody kept.
KEY: Final = json.dumps(
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
)
#: What a consumer's node does by itself in these stories.
CONSUMER: Final = """
[[rule]]
role = "consumer"
process = "negotiation"
on = "AGREED"
do = "verify"
reason = "We confirm what is as we asked for it."

[[rule]]
role = "consumer"
process = "transfer"
on = "STARTED"
do = "fetch"
reason = "We fetch what is opened to us."
"""
WAIT_S: Final = 30


def own(name: str) -> str:
    """Return the participant id of a party as a connector."""
    return f"did:web:{name.lower()}.example"


@attrs.frozen(kw_only=True)
class Line:
    """Where the connectors of both parties answer."""

    ports: Mapping[str, int]

    def base(self, name: str) -> str:
        """Return the address of a party's connector."""
        return f"http://127.0.0.1:{self.ports[name]}{BASE}"

    def settings(self, name: str) -> Settings:
        """Return how a party's node stands towards connectors."""
        return Settings(own=own(name), base=self.base(name), plain=True)

    def registration(self, of: str) -> dict[str, object]:
        """Return what is entered to register a party as a connector."""
        return {
            "id": own(of),
            "name": NAMES[of],
            "base": self.base(of),
            "key": KEY,
            "agreement": "Harbour Arrangement",
            "article": "Article 6",
            "area": AREA,
            "kinds": ["report"],
            "scale": ["OPEN", "PARTNERS"],
            "marking_max": "PARTNERS",
            "purposes": ["planning"],
        }

    async def register(self, party: Party, of: str) -> None:
        """Let a party register the other one."""
        made = await party.call(
            "dataspace.register", who="release_officer", **self.registration(of)
        )
        await confirm(party, made)


async def confirm(party: Party, proposed: JsonObject) -> JsonObject:
    """Let the second person confirm a registration, or a change of one."""
    return await party.call(
        "dataspace.confirm",
        who="legal_adviser",
        proposal=proposed["proposal"],
        digest=proposed["digest"],
    )


def connector_door(node: Node) -> App:
    """Return what answers at a connector's port: to the only connector that is registered."""
    dataspace = node.dataspace

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        inside = str(scope["path"]).removeprefix(BASE)
        by_token = dataspace.site.by_token(unquote(inside))
        if by_token is not None:
            await told(by_token, scope, receive, send)
            return
        known = await node.ctx.store.read(dataspace.book.counterparts)
        if not known:
            await answer(send, status=404, body=b"{}", content_type="application/json")
            return
        await dataspace.site(scope, receive, send, known[0].id, inside)

    return door


async def told(door: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a call that moves data, a refusal as the gate writes it."""
    try:
        await door(scope, receive, send)
    except ComityError as error:
        problem = problem_of(error, status=STATUS.get(error.code))
        await answer(
            send,
            status=problem.status,
            body=problem.to_bytes(),
            content_type=PROBLEM_JSON,
            headers=[(b"connection", b"close")],
        )


@attrs.define(kw_only=True)
class Connected:
    """Two nodes whose connectors call each other.

    Attributes:
        aware: Whether each has registered the other.
    """

    pair: Pair
    line: Line

    @property
    def a(self) -> Party:
        """The party that gives."""
        return self.pair.a

    @property
    def b(self) -> Party:
        """The party that asks."""
        return self.pair.b


@asynccontextmanager
async def connected(root: Path, *, aware: bool = True) -> AsyncIterator[Connected]:
    """Give two nodes in this process that can be the registered connector of each other.

    Args:
        root: Where their folders are.
        aware: Whether each has registered the other already.
    """
    pair = await at_stage("in_force", root, started=False)
    sockets = {
        party.name: bind("127.0.0.1", 0, what="the connector", option="port")
        for party in (pair.a, pair.b)
    }
    line = Line(ports={name: int(sock.getsockname()[1]) for name, sock in sockets.items()})
    for party in (pair.a, pair.b):
        party.running = open_node(
            party.folder, clock=pair.clock, chance=pair.chance, dataspace=line.settings(party.name)
        )
        await party.running.dataspace.start()
    doors = [
        Door(name="connector", app=connector_door(party.node), sock=sockets[party.name], tls=None)
        for party in (pair.a, pair.b)
    ]
    ready, stop = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(serve(doors, ready=ready.set, stop=stop))
    try:
        await ready.wait()
        if aware:
            await line.register(pair.a, pair.b.name)
            await line.register(pair.b, pair.a.name)
        yield Connected(pair=pair, line=line)
    finally:
        stop.set()
        await serving
        await pair.close()


async def until(party: Party, exchange: str, fits: Callable[[JsonObject], bool]) -> JsonObject:
    """Return an exchange once it is as wanted; each look reads the database on another thread."""
    found: JsonObject = {}
    try:
        async with asyncio.timeout(WAIT_S):
            while True:
                found = await party.call("dataspace.exchange", exchange=exchange)
                if fits(found):
                    return found
    except TimeoutError as error:
        raise AssertionError(f"still {found}") from error


def is_state(state: str) -> Callable[[JsonObject], bool]:
    """Return what tells whether an exchange is in a state, and no message of ours on its way."""
    return lambda found: (
        (found["state"], found["pending"]) == (state, None) and found["theirs"] is not None
    )


async def ask(party: Party, dataset: str, *, of: str) -> JsonObject:
    """Let a party ask the other's connector for the first offer of a dataset there."""
    shown = await party.call("dataspace.catalogue", connector=own(of))
    datasets = shown["datasets"]
    assert isinstance(datasets, list)
    (row,) = [one for one in datasets if one["dataset"] == dataset]
    return await party.call(
        "dataspace.negotiate",
        who="desk_officer",
        counterpart=own(of),
        dataset=dataset,
        offer=row["offers"][0]["offer"],
        kind="report",
        marking="PARTNERS",
        purpose="planning",
    )
