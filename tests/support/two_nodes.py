"""Two parties with folders, people and nodes, in one process; the wire between them is a fake.

The wire calls the other node's site as the gate would, and can lose, repeat, hold back and reorder
what it carries, on a seed. Everything else is the real thing: databases, keys, both logs. Folders
are founded once per process and copied, and people keep their keys in memory, so that a pair of
nodes stands in a fraction of a second.
"""

import asyncio
import atexit
import itertools
import random
import shutil
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Final

import attrs

from comity.api.operations import BY_NAME, Request
from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, UnavailableError
from comity.foundation.instants import Instant
from comity.foundation.ports import Chance
from comity.node.founding import Founding, found
from comity.node.node import Node, open_node
from comity.parties.keys import PairSigner
from comity.parties.letters import Letter
from comity.parties.signatures import sign_document
from comity.protocols.problems import problem_of
from comity.record.ports import RelationshipRow
from comity.storage.keyfiles import Card
from comity.storage.tx import Tx
from comity.transport.client import PeerAnswer
from comity.transport.gate import PEER, PROOF
from comity.transport.id_tokens import IdToken
from support import parties

ROLES: Final = {
    "negotiator": "Chief Negotiator",
    "legal_adviser": "Legal Adviser",
    "mandate_holder": "Director of Policy",
    "signatory": "Minister",
    "second": "Chief of Staff",
    "desk_officer": "Desk Officer",
    "release_officer": "Release Officer",
    "project_officer": "Project Officer",
    "technology_security_officer": "Technology Security Officer",
    "press_officer": "Press Officer",
}
PORTS: Final = {"Aldoria": 9443, "Berevan": 9543}
START: Final = Instant.parse("2026-11-23T09:00:00Z")
POWERS: Final = ("adopt", "initial", "sign", "suspend", "resume", "release")
POWERS_UNTIL: Final = "2028-01-01T00:00:00Z"
BASE: Final = "/comity/v1"
SETTLE_S_MAX: Final = 30
_CALLS: Final = itertools.count()


@attrs.define
class TickingClock:
    """A clock that a test moves by hand."""

    at: Instant = START

    def now(self) -> Instant:
        return self.at

    def tick(self, seconds: int = 1) -> None:
        self.at = self.at.plus(seconds)


@attrs.define
class SeededChance:
    """Chance that a seed repeats: for tests alone, since whoever knows it can guess."""

    rng: random.Random

    def token(self, n: int) -> bytes:
        return self.rng.randbytes(n)


@attrs.frozen(kw_only=True)
class Carried:
    """One call as it went over the wire, and its answer."""

    caller: str
    method: str
    path: str
    content: bytes
    status: int
    answer: bytes


@attrs.define(kw_only=True)
class Wire:
    """What happens to messages between the nodes; the four odds are per message."""

    rng: random.Random = attrs.field(factory=lambda: random.Random(0))
    lose: float = 0.0
    lose_answer: float = 0.0
    repeat: float = 0.0
    delay: float = 0.0
    down: bool = False
    no_data: bool = False
    pulls: list[dict[str, str]] = attrs.field(factory=list)  # the headers of calls for data
    sent: list[bytes] = attrs.field(factory=list)
    carried: list[Carried] = attrs.field(factory=list)
    held: list[Callable[[], Awaitable[PeerAnswer]]] = attrs.field(factory=list)
    answers: dict[str, bytes] = attrs.field(factory=dict)  # lies by path, in place of the node's

    def calm(self) -> None:
        """Carry everything from now on."""
        self.lose = self.lose_answer = self.repeat = self.delay = 0.0
        self.down = False

    async def release(self) -> None:
        """Let everything that was held back arrive now, in any order; nobody hears the answers."""
        held, self.held = self.held, []
        self.rng.shuffle(held)
        for arrive in held:
            await arrive()


@attrs.frozen(kw_only=True)
class FakePeer:
    """Calls the other node's site; the place of ``PeerClient``."""

    wire: Wire
    target: Callable[[], Node | None]
    caller: str
    base: str = BASE

    async def get(self, path: str, *, bytes_max: int = 0) -> PeerAnswer:
        del bytes_max
        return await self._call("GET", path, content=b"", media="")

    async def post(self, path: str, content: bytes, content_type: str) -> PeerAnswer:
        return await self._call("POST", path, content=content, media=content_type)

    async def _call(self, method: str, path: str, *, content: bytes, media: str) -> PeerAnswer:
        wire = self.wire

        async def arrive() -> PeerAnswer:
            return await self.arrive(method, path, content=content, media=media)

        wire.sent.append(content)
        if wire.down or wire.rng.random() < wire.lose:
            raise UnavailableError("transport.unreachable", "lost on the way")
        if wire.rng.random() < wire.delay:
            wire.held.append(arrive)
            raise UnavailableError("transport.timeout", "nothing came back in time")
        answer = await arrive()
        if wire.rng.random() < wire.repeat:
            answer = await arrive()
        if wire.rng.random() < wire.lose_answer:
            raise UnavailableError("transport.timeout", "the answer was lost")
        return answer

    async def arrive(self, method: str, path: str, *, content: bytes, media: str) -> PeerAnswer:
        """Return the other node's answer to one call, as its gate would pass it on."""
        node = self.target()
        if path in self.wire.answers:
            answer = PeerAnswer(status=200, headers={}, body=self.wire.answers[path])
        elif node is None:
            answer = PeerAnswer(status=503, headers={}, body=b"")
        else:
            answer = await self._ask(node, method, path, content=content, media=media)
        self.wire.carried.append(
            Carried(
                caller=self.caller,
                method=method,
                path=path,
                content=content,
                status=answer.status,
                answer=answer.body,
            )
        )
        return answer

    async def _ask(  # a call has these parts
        self, node: Node, method: str, path: str, *, content: bytes, media: str
    ) -> PeerAnswer:
        place, _, query = path.partition("?")
        scope: dict[str, object] = {
            "type": "http",
            "method": method,
            "path": self.base + place,
            "raw_path": (self.base + place).encode(),
            "query_string": query.encode(),
            "headers": [(b"content-type", media.encode())],
            PEER: self.caller,
            PROOF: IdToken(
                issuer=self.caller, jti=f"call-{next(_CALLS)}", expires=node.ctx.now().plus(240)
            ),
        }
        parts = [content[at : at + 65536] for at in range(0, len(content), 65536)] or [b""]
        status: list[int] = []
        said = bytearray()

        async def receive() -> dict[str, object]:
            body = parts.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(parts)}

        async def send(message: MutableMapping[str, object]) -> None:
            if isinstance(number := message.get("status"), int):
                status.append(number)
            if isinstance(body := message.get("body"), bytes):
                said.extend(body)

        try:
            await node.site(scope, receive, send)
        except ComityError as error:
            problem = problem_of(error)
            return PeerAnswer(status=problem.status, headers={}, body=problem.to_bytes())
        return PeerAnswer(status=status[0], headers={}, body=bytes(said))


@attrs.frozen(kw_only=True)
class Person:
    """An official with their own keys, kept in memory."""

    card: Card
    signer: PairSigner


@attrs.define(kw_only=True)
class Party:
    """One party: its folder, its people and its node while it runs."""

    name: str
    folder: Path
    people: dict[str, Person]
    running: Node | None = None

    @property
    def did(self) -> str:
        return f"did:web:localhost%3A{PORTS[self.name]}"

    @property
    def node(self) -> Node:
        assert self.running is not None, f"{self.name}'s node is stopped"
        return self.running

    async def call(
        self, operation: str, *, who: str | None = None, **members: object
    ) -> JsonObject:
        """Call an operation as an official."""
        op = BY_NAME[operation]
        request: Request = op.request(**members)
        answer = await self.node.dispatch.call(op, request, official=who, upload=None)
        assert isinstance(answer, dict)
        return answer

    def signature(self, request: JsonObject, who: str) -> bytes:
        """Return a person's signature file for a request, as ``comity sign`` makes it."""
        powers = request["full_powers"]
        assert isinstance(powers, dict)
        named = powers.get(who)
        return sign_document(
            base64url.decode(str(request["document"]), what="document"),
            signer=self.people[who].signer,
            capacity=str(request["capacity"]),
            on_behalf_of=str(request["party"]),
            full_powers=None if named is None else str(named),
        )

    async def sign(self, request: JsonObject, who: str) -> JsonObject:
        """Sign a request with a person's own key and hand it in."""
        return await self.deliver(request, self.signature(request, who))

    async def deliver(self, request: JsonObject, jws: bytes) -> JsonObject:
        """Hand in a signature file."""
        return await self.call(
            "requests.deliver", request=str(request["request"]), signatures=base64url.encode(jws)
        )

    async def relationship(self) -> RelationshipRow:
        """Return the only relationship of this party."""
        (row,) = await self.node.ctx.store.read(lambda tx: tx.relationships.list())
        return row


@attrs.define(kw_only=True)
class Pair:
    """Two parties and the wire between them."""

    a: Party
    b: Party
    wire: Wire
    clock: TickingClock
    chance: Chance | None = None
    instrument: str = ""

    def other(self, party: Party) -> Party:
        return self.b if party is self.a else self.a

    def peer(self, party: Party) -> FakePeer:
        """Return how ``party`` calls the other one."""
        other = self.other(party)
        return FakePeer(wire=self.wire, target=lambda: other.running, caller=party.did)

    def open(self, party: Party) -> Node:
        """Open a party's node without starting it: it answers, but delivers only when pushed."""

        def peer(rel: RelationshipRow, letter: Letter) -> FakePeer:
            del rel, letter
            return self.peer(party)

        party.running = open_node(
            party.folder, clock=self.clock, chance=self.chance, record_peer=peer
        )
        return party.running

    async def start(self, party: Party) -> None:
        await self.open(party).start()

    async def stop(self, party: Party) -> None:
        node, party.running = party.node, None
        await node.close()

    async def close(self) -> None:
        """Stop whoever still runs."""
        for party in (self.a, self.b):
            if party.running is not None:
                await self.stop(party)

    async def settle(self) -> None:
        """Return once neither node has anything for the other that could be delivered."""
        async with asyncio.timeout(SETTLE_S_MAX):
            while not (await self._quiet(self.a) and await self._quiet(self.b)):
                pass  # each look reads both databases on another thread

    async def later(self, seconds: int) -> None:
        """Let time pass, and both nodes notice, one after the other."""
        self.clock.tick(seconds)
        for party in (self.a, self.b):
            await party.node.ctx.store.write(party.node.timers._anchor)
            party.node.timers.wake()
            await self.settle()

    async def _quiet(self, party: Party) -> bool:
        node = party.running
        if node is None:
            return True
        waiting = await node.ctx.store.read(self._undelivered)
        overdue, _ = await node.ctx.store.read(node.timers._look)
        troubles = {name: node.delivery.trouble(name) for name in waiting | overdue}
        stuck = {name: trouble.code for name, trouble in troubles.items() if trouble is not None}
        away = self.wire.down or self.other(party).running is None
        for name, code in stuck.items():
            if away or code == "peers.unknown":  # they have not accepted our letter yet
                waiting, overdue = waiting - {name}, overdue - {name}
            else:
                node.delivery.wake(name)
        due = node._loop is not None and (await node.ctx.store.read(node.statements.coming))[0]
        if due:
            node.timers.wake()
        return not (waiting or overdue or due or node._follow)

    def _undelivered(self, tx: Tx) -> set[str]:
        waiting = set()
        for rel in tx.relationships.list():
            latest = tx.checkpoints.latest(rel.own_origin)
            held = latest is not None and latest.size == tx.logs.head(rel.own_origin).size
            if not held and rel.status != "frozen":
                waiting.add(rel.rel_id)
        return waiting


def people_of(name: str) -> dict[str, Person]:
    """Return a party's officials; the same keys at every call."""
    made: dict[str, Person] = {}
    for role, office in ROLES.items():
        signer = parties.pair(f"{name} {role}")
        card = Card(id=role, name=f"{name} {office}", office=office, pair=signer.pair)
        made[role] = Person(card=card, signer=signer)
    return made


@cache
def kept() -> Path:
    """Return the folder of this process where prepared parties are kept to be copied."""
    folder = tempfile.TemporaryDirectory(prefix="comity-pairs-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@cache
def _founded(name: str) -> Path:
    people = people_of(name)
    found(
        kept() / name,
        Founding(
            name=name,
            form="state",
            purpose="demonstration",
            host="localhost",
            port=PORTS[name],
            local_port=PORTS[name] + 1,
        ),
        appointing=[people["mandate_holder"].card, people["legal_adviser"].card],
        clock=TickingClock(),
    )
    return kept() / name


def copied(root: Path, sources: tuple[Path, Path]) -> tuple[Party, Party]:
    """Return both parties with copies of their folders below ``root``."""
    made = []
    for source, name in zip(sources, PORTS, strict=True):
        shutil.copytree(source, root / name)
        made.append(Party(name=name, folder=root / name, people=people_of(name)))
    return made[0], made[1]


def strangers(root: Path, *, wire: Wire | None = None, chance: Chance | None = None) -> Pair:
    """Return two parties that know nobody, not even their own officials; no node runs."""
    a, b = copied(root, (_founded("Aldoria"), _founded("Berevan")))
    return Pair(a=a, b=b, wire=wire or Wire(), clock=TickingClock(), chance=chance)


async def make_pair(root: Path, *, wire: Wire | None = None) -> Pair:
    """Return two started nodes that know their officials and have not met."""
    pair = strangers(root, wire=wire)
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
    for party in (pair.a, pair.b):
        await accept_letter(party, letters[pair.other(party).name])
    await pair.settle()
    for party in (pair.a, pair.b):
        for who in ("signatory", "second"):
            await grant(party, who)
    await pair.settle()


async def accept_letter(party: Party, letter: str) -> JsonObject:
    """Compare the fingerprint of a letter and let both appointing officials accept it."""
    read = await party.call("letters.read", letter=letter)
    mark = read["fingerprint"]
    assert isinstance(mark, dict)
    request = await party.call(
        "letters.accept", who="mandate_holder", letter=letter, fingerprint=str(mark["groups"])
    )
    await party.sign(request, "mandate_holder")
    return await party.sign(request, "legal_adviser")


async def grant(
    party: Party, who: str, *, acts: tuple[str, ...] = POWERS, until: str = POWERS_UNTIL
) -> JsonObject:
    """Let both appointing officials give a person full powers."""
    request = await party.call(
        "officials.powers", who="mandate_holder", official=who, acts=list(acts), valid_until=until
    )
    await party.sign(request, "mandate_holder")
    return await party.sign(request, "legal_adviser")
