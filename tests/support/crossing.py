"""Sharing between two nodes in one process: the wire of ``two_nodes`` carries its calls too.

Everything but the wire is the real thing: offers, contracts, tokens, both rulings, the bytes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import attrs

from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, UnavailableError
from comity.node.node import Node
from comity.node.peers import Peers, split
from comity.parties.keys import Signer
from comity.protocols.dsp.reading import to_bytes
from comity.protocols.dsp.wire import to_wire
from comity.protocols.problems import problem_of
from comity.sharing.catalogue import offer_of
from comity.sharing.messages import ContractOffer
from comity.storage.tx import Tx
from comity.transport.downloading import LargeAnswer
from comity.transport.gate import PEER
from support.stages import at_stage
from support.two_nodes import FakePeer, Pair, Party, Wire

AREA: Final = "information-sharing"
WORDS: Final = {"area": AREA, "kind": "report", "marking": "PARTNERS", "purpose": "planning"}
CONTENT: Final = b"A survey of the strait.\n" * 40


@attrs.frozen(kw_only=True)
class SharingPeer(FakePeer):
    """Calls the other node's sharing routes; the place of ``PeerClient`` for these."""

    origin: str = ""

    def under(self, base: str) -> "SharingPeer":
        return attrs.evolve(self, base=base)

    def with_tokens(self, *, issuer: str, audience: str, signer: Signer) -> "SharingPeer":
        assert (issuer, signer.public.alg) == (self.caller, "ES256")
        assert audience != issuer
        return self

    def path_of(self, url: str) -> str:
        assert url.startswith(self.origin + self.base)
        return url.removeprefix(self.origin + self.base)

    @asynccontextmanager
    async def download(
        self, method: str, path: str, *, headers: Mapping[str, str], bytes_max: int
    ) -> AsyncIterator[LargeAnswer]:
        """Give the other node's answer with its headers, the body in parts."""
        del bytes_max
        self.wire.pulls.append(dict(headers))
        if self.wire.no_data:
            raise UnavailableError("transport.unreachable", "lost on the way")
        node = self.target()
        assert node is not None
        scope: dict[str, object] = {
            "type": "http",
            "method": method,
            "path": self.base + path,
            "raw_path": (self.base + path).encode(),
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            PEER: self.caller,
        }
        said: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Mapping[str, object]) -> None:
            said.append(dict(message))

        try:
            await node.site(scope, receive, send)
        except ComityError as error:
            if said:
                raise UnavailableError("transport.unreachable", "broken off") from error
            problem = problem_of(error)
            said = [
                {"status": problem.status, "headers": []},
                {"body": problem.to_bytes()},
            ]
        start = said.pop(0)
        told, status = start["headers"], start["status"]
        assert isinstance(told, list)
        assert isinstance(status, int)

        async def chunks() -> AsyncIterator[bytes]:
            for message in said:
                body = message.get("body")
                if isinstance(body, bytes) and body:
                    yield body

        yield LargeAnswer(
            status=status,
            headers={name.decode().lower(): value.decode() for name, value in told},
            chunks=chunks(),
        )

    async def aclose(self) -> None:
        """Nothing is open."""


async def connect(pair: Pair) -> None:
    """Let the sharing calls of both nodes go over the wire of the pair."""
    for party in (pair.a, pair.b):
        await _connect(pair.wire, party, pair.other(party))


async def _connect(wire: Wire, party: Party, other: Party) -> None:
    node, rel = party.node, await party.relationship()
    letter = await node.ctx.store.read(lambda tx: node.introductions.letter_of(tx, rel))
    origin, base = split(letter.endpoints.dsp)

    def target() -> Node | None:
        return other.running

    peer = SharingPeer(wire=wire, target=target, caller=party.did, base=base, origin=origin)
    clients: dict[str, object] = vars_of(node.peers)
    clients[rel.rel_id] = peer


def vars_of(peers: Peers) -> dict[str, object]:
    """Return the kept clients of a node: the place where a wire is put in."""
    clients: object = peers._clients
    assert isinstance(clients, dict)
    return clients


async def sharing_pair(root: Path) -> Pair:
    """Return two nodes with an agreement in force, that can share."""
    pair = await at_stage("in_force", root)
    await connect(pair)
    return pair


async def bring_in(
    party: Party, content: bytes = CONTENT, *, words: Mapping[str, str] | None = None
) -> str:
    """Let a desk officer bring a file in; return the item's id."""
    operation = BY_NAME["items.add"]
    told = {"name": "survey.pdf", "title": "Survey", **WORDS, **(words or {})}
    request = operation.request(**told)
    stored = party.node.ctx.payloads.write(content)
    answer = await party.node.dispatch.call(
        operation, request, official="desk_officer", upload=stored
    )
    assert isinstance(answer, dict)
    return str(answer["id"])


async def release(pair: Pair, party: Party, item: str) -> JsonObject:
    """Let the release officer release an item to the other party, and let that arrive."""
    done = await party.call(
        "items.release", who="release_officer", item=item, counterpart=pair.other(party).did
    )
    await pair.settle()
    return done


async def suspend(pair: Pair, party: Party, unit: str = "Article 2") -> None:
    """Let a party suspend an article, and let that arrive."""
    request = await party.call(
        "agreements.suspend", who="signatory", instrument=pair.instrument, units=[unit]
    )
    await party.sign(request, "signatory")
    await pair.settle()


async def offer_unasked(pair: Pair, *, status: int = 201) -> None:
    """Let A's node offer its newest release to B without having been asked.

    Args:
        pair: The nodes.
        status: How B answers.
    """
    node, rel = pair.a.node, await pair.a.relationship()

    def made(tx: Tx) -> tuple[bytes, str]:
        (one,) = node.sharing.exchanges.releases(tx, rel, pair.a.did)
        facts = node.sharing.exchanges.facts(tx, rel)
        message = ContractOffer(
            id=facts.ids(),
            provider_pid=facts.ids(),
            callback=facts.own_base,
            offer=offer_of(one),
            sha256="00" * 32,
        )
        return to_bytes(to_wire(message)), "/negotiations/offers"

    body, path = await node.ctx.store.read(made)
    (peer,) = vars_of(node.peers).values()
    assert isinstance(peer, SharingPeer)
    answer = await peer.post(path, body, "application/json")
    assert answer.status == status, answer.body


async def until(
    pair: Pair, party: Party, done: Callable[[JsonObject], bool], *, tick_s: int = 1
) -> JsonObject:
    """Return the party's transfer once it is so; the clock goes on by so many seconds a look."""
    async with asyncio.timeout(90):
        while True:
            listed = (await party.call("transfers"))["transfers"]
            assert isinstance(listed, list)
            rows = [dict(row) for row in listed if row["family"] == "transfer"]
            if rows and rows[-1]["pending"] is None and done(rows[-1]):
                return rows[-1]
            pair.clock.tick(tick_s)
            for one in (pair.a, pair.b):
                one.node.sharing.post.wake()
            await party.node.sharing.post.moved(0.02)


async def data(pair: Pair, pid: str, token: str, **headers: str) -> tuple[int, bytes]:
    """Ask A for data as B's node would; return status and body."""
    (peer,) = vars_of(pair.b.node.peers).values()
    assert isinstance(peer, SharingPeer)
    told = {"authorization": f"Bearer {token}", **headers}
    heard = attrs.evolve(peer, wire=Wire())  # B's own node still hears nothing
    async with heard.download("GET", f"/data/{pid}", headers=told, bytes_max=1 << 20) as answer:
        return answer.status, b"".join([bytes(one) async for one in answer.chunks])


async def token_of(pair: Pair, pid: str) -> str:
    """Return the token that B's node holds for a transfer it is fetching."""
    rel = await pair.b.relationship()
    store = pair.b.node.ctx.store
    (row,) = await store.read(lambda tx: tx.outbox.list(f"fetch:{rel.rel_id}"))
    assert row.key == pid
    return row.payload.decode().partition('"token":"')[2][:43]
