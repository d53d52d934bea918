"""Two parties with folders, people and nodes, in one process; the wire between them is a fake.

The wire calls the other node's site as the gate would, and can lose, repeat, delay and reorder what
it carries, on a seed. Everything else is the real thing: databases, keys, both logs.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import attrs

from comity.api.operations import BY_NAME, Request
from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import UnavailableError
from comity.foundation.instants import Instant
from comity.node.clock import SystemChance
from comity.node.founding import Founding, found
from comity.node.node import Node, open_node
from comity.parties.letters import Letter
from comity.parties.signatures import sign_document
from comity.record.ports import RelationshipRow
from comity.storage.keyfiles import Personal, generate_personal, load_personal
from comity.transport.client import PeerAnswer
from comity.transport.gate import PEER
from comity.transport.problems import problem_of

ROLES = {
    "negotiator": "Chief Negotiator",
    "legal_adviser": "Legal Adviser",
    "mandate_holder": "Director of Policy",
    "signatory": "Minister",
    "second": "Chief of Staff",
    "desk_officer": "Desk Officer",
    "release_officer": "Release Officer",
}
PASSPHRASE = b"correct horse"


@attrs.define
class TickingClock:
    """A clock that a test moves by hand."""

    at: Instant = Instant.parse("2026-11-23T09:00:00Z")

    def now(self) -> Instant:
        return self.at

    def tick(self, seconds: int = 1) -> None:
        self.at = self.at.plus(seconds)


@attrs.define(kw_only=True)
class Wire:
    """What happens to messages between the nodes."""

    rng: random.Random = attrs.field(factory=lambda: random.Random(0))
    lose: float = 0.0
    lose_answer: float = 0.0
    repeat: float = 0.0
    down: bool = False
    carried: list[tuple[str, str, bytes]] = attrs.field(factory=list)


@attrs.define(kw_only=True)
class FakePeer:
    """Calls the other node's site; the place of ``PeerClient``."""

    wire: Wire
    target: Callable[[], Node]
    caller: str
    base: str

    async def get(self, path: str) -> PeerAnswer:
        return await self._call("GET", path, b"", "")

    async def post(self, path: str, content: bytes, content_type: str) -> PeerAnswer:
        return await self._call("POST", path, content, content_type)

    async def _call(self, method: str, path: str, content: bytes, media: str) -> PeerAnswer:
        wire = self.wire
        if wire.down or wire.rng.random() < wire.lose:
            raise UnavailableError("transport.unreachable", "lost on the way")
        wire.carried.append((self.caller, path, content))
        answer = await self._once(method, path, content, media)
        if wire.rng.random() < wire.repeat:
            answer = await self._once(method, path, content, media)
        if wire.rng.random() < wire.lose_answer:
            raise UnavailableError("transport.timeout", "the answer was lost")
        return answer

    async def _once(self, method: str, path: str, content: bytes, media: str) -> PeerAnswer:
        node = self.target()
        if node.introductions.ctx.store is None:  # pragma: no cover
            raise UnavailableError("transport.unreachable", "stopped")
        scope: dict[str, object] = {
            "type": "http",
            "method": method,
            "path": self.base + path,
            "raw_path": (self.base + path).encode(),
            "query_string": b"",
            "headers": [(b"content-type", media.encode())],
            PEER: self.caller,
        }
        parts = [content[at : at + 65536] for at in range(0, len(content), 65536)] or [b""]
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            body = parts.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(parts)}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        from comity.foundation.errors import ComityError

        try:
            await node.site(scope, receive, send)  # type: ignore[arg-type]
        except ComityError as error:
            problem = problem_of(error)
            return PeerAnswer(status=problem.status, headers={}, body=problem.to_bytes())
        status = int(str(sent[0]["status"]))
        body = b"".join(bytes(one.get("body", b"")) for one in sent[1:])  # type: ignore[arg-type]
        return PeerAnswer(status=status, headers={}, body=body)


@attrs.define(kw_only=True)
class Party:
    """One party: its folder, its people and its node while it runs."""

    folder: Path
    people: dict[str, Personal]
    clock: TickingClock
    node: Node | None = None
    name: str = ""

    @property
    def did(self) -> str:
        assert self.node is not None
        return self.node.ctx.config.party

    async def call(self, operation: str, *, who: str | None = None, **members: object) -> JsonObject:
        """Call an operation as an official."""
        assert self.node is not None
        op = BY_NAME[operation]
        request = op.request(**members)  # type: ignore[arg-type]
        assert isinstance(request, Request)
        answer = await self.node.dispatch.call(op, request, official=who, upload=None)
        assert not isinstance(answer, bytes)
        return answer

    async def sign(self, request: JsonObject, who: str) -> JsonObject:
        """Sign a request with a person's own key and hand it in."""
        powers = request["full_powers"]
        assert isinstance(powers, dict)
        jws = sign_document(
            base64url.decode(str(request["document"]), what="document"),
            signer=self.people[who].signer,
            capacity=str(request["capacity"]),
            on_behalf_of=str(request["party"]),
            full_powers=powers.get(who),
        )
        return await self.call(
            "requests.deliver",
            who=who,
            request=str(request["request"]),
            signatures=base64url.encode(jws),
        )


@attrs.define(kw_only=True)
class Pair:
    """Two parties and the wire between them."""

    a: Party
    b: Party
    wire: Wire
    clock: TickingClock

    def peer(self, party: Party, other: Party) -> Callable[[RelationshipRow, Letter], FakePeer]:
        def target() -> Node:
            if other.node is None:
                raise UnavailableError("transport.unreachable", "their node is stopped")
            return other.node

        def made(rel: RelationshipRow, letter: Letter) -> FakePeer:
            return FakePeer(wire=self.wire, target=target, caller=party.did, base="/comity/v1")

        return made

    async def start(self, party: Party) -> None:
        other = self.b if party is self.a else self.a
        party.node = open_node(party.folder, clock=self.clock, record_peer=self.peer(party, other))
        await party.node.start()

    async def stop(self, party: Party) -> None:
        assert party.node is not None
        node, party.node = party.node, None
        await node.close()

    async def settle(self, rounds: int = 200) -> None:
        """Return once neither node has anything for the other."""
        for _ in range(rounds):
            await asyncio.sleep(0.005)
            if await self._quiet(self.a) and await self._quiet(self.b):
                return
        raise AssertionError("the nodes do not come to rest")

    async def _quiet(self, party: Party) -> bool:
        if party.node is None:
            return True
        node = party.node

        def read(tx):  # type: ignore[no-untyped-def]
            rows = tx.relationships.list()
            for rel in rows:
                latest = tx.checkpoints.latest(rel.own_origin)
                if latest is None or latest.size != tx.logs.head(rel.own_origin).size:
                    return False
            return True

        return not node._follow and await node.ctx.store.read(read)


def make_party(root: Path, name: str, port: int, clock: TickingClock) -> Party:
    people: dict[str, Personal] = {}
    for role, office in ROLES.items():
        folder = root / f"{name}-people" / role
        generate_personal(
            folder, id=role, name=f"{name} {office}", office=office, passphrase=PASSPHRASE
        )
        people[role] = load_personal(folder, passphrase=PASSPHRASE)
    folder = root / name
    found(
        folder,
        Founding(
            name=name,
            form="state",
            purpose="demonstration",
            host="localhost",
            port=port,
            local_port=port + 1,
        ),
        appointing=[people["mandate_holder"].card, people["legal_adviser"].card],
        clock=clock,
    )
    return Party(folder=folder, people=people, clock=clock, name=name)


async def make_pair(root: Path, *, wire: Wire | None = None) -> Pair:
    """Return two started nodes that have not met."""
    clock = TickingClock()
    pair = Pair(
        a=make_party(root, "Aldoria", 9443, clock),
        b=make_party(root, "Berevan", 9543, clock),
        wire=wire or Wire(),
        clock=clock,
    )
    for party in (pair.a, pair.b):
        await pair.start(party)
        for role in ROLES:
            roles = ["signatory"] if role == "second" else [role]
            await party.call(
                "officials.add", card=dict(party.people[role].card.to_json()), roles=roles
            )
    return pair


async def introduce(pair: Pair) -> None:
    """Let the two parties meet: letters, fingerprints, two persons each, full powers."""
    letters = {p.name: str((await p.call("letters.export"))["letter"]) for p in (pair.a, pair.b)}
    for party, other in ((pair.a, pair.b), (pair.b, pair.a)):
        read = await party.call("letters.read", letter=letters[other.name])
        mark = read["fingerprint"]
        assert isinstance(mark, dict)
        request = await party.call(
            "letters.accept",
            who="mandate_holder",
            letter=letters[other.name],
            fingerprint=str(mark["groups"]),
        )
        for who in ("mandate_holder", "legal_adviser"):
            await party.sign(request, who)
    await pair.settle()
    for party in (pair.a, pair.b):
        for who in ("signatory", "second"):
            request = await party.call(
                "officials.powers",
                who="mandate_holder",
                official=who,
                acts=["adopt", "initial", "sign", "suspend", "resume", "release"],
                valid_until="2028-01-01T00:00:00Z",
            )
            for signer in ("mandate_holder", "legal_adviser"):
                await party.sign(request, signer)
    await pair.settle()


Follow = Awaitable[None]
CHANCE = SystemChance()
