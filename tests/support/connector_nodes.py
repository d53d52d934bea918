"""A conformance node in this process, on a real port, and a small connector that faces it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import attrs
import httpx2

from comity.api.operation import Request
from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from comity.node import conformance
from comity.node.dataspace.desk import BASE, Settings
from comity.node.dataspace.profile import OPERATOR, load, read_profile
from comity.node.node import Node, open_node
from comity.protocols.dsp.reading import CONTEXT
from comity.sharing.connectors.model import Exchange
from comity.transport.connector import Waits
from comity.transport.gate import Receive, Scope, Send, answer, read_body
from comity.transport.serving import Door, bind
from support.processes import free_ports
from support.wire import served

OWN: Final = "urn:connector:own"
PEER, STRANGER = "urn:connector:peer", "urn:connector:stranger"
SECRETS: Final = {PEER: "peer-secret", STRANGER: "stranger-secret"}
TEXT: Final = "hello"
OFFER: Final[JsonObject] = {
    "@id": "offer-1",
    "@type": "Offer",
    "target": "chart-1",
    "permission": [{"action": "use"}],
}
#: An answer: status, body, and a header or none.
Reply = tuple[int, bytes, tuple[bytes, bytes] | None]


def profile_text(*, port: int, api_port: int, peer: str, rules: str = "", more: str = "") -> str:
    """Return a profile with two counterparts, a dataset and a contract in either role."""
    people = "".join(
        f'[[counterpart]]\nid = "{name}"\nbase = "{peer if name == PEER else peer + "/x"}"\n'
        f'identity = {{ kind = "static", header = "{secret}" }}\n'
        for name, secret in SECRETS.items()
    )
    return (
        f'[node]\nname = "Own"\nparticipant = "{OWN}"\nport = {port}\napi_port = {api_port}\n'
        + people
        + f'[[dataset]]\nid = "chart-1"\nsource = {{ kind = "text", text = "{TEXT}" }}\n'
        'offers = [{ id = "offer-1", policy = { permission = [{ action = "use" }] } }]\n'
        f'to = ["{PEER}"]\n'
        f'[[agreement]]\nid = "given"\nrole = "provider"\ncounterpart = "{PEER}"\n'
        'dataset = "chart-1"\n'
        f'[[agreement]]\nid = "taken"\nrole = "consumer"\ncounterpart = "{PEER}"\n'
        'dataset = "theirs-1"\n' + more + rules
    )


def rule(role: str, process: str, on: str, do: str, *, after: str = "0ms", more: str = "") -> str:
    """Return one rule of a playbook."""
    return (
        f'[[rule]]\nrole = "{role}"\nprocess = "{process}"\non = "{on}"\ndo = "{do}"\n'
        f'after = "{after}"\nreason = "Because of {on}."\n{more}'
    )


@attrs.define
class FakeConnector:
    """A connector that keeps what comes and answers what it was told, or what the protocol says.

    Attributes:
        replies: What is answered to the next calls; None: as the protocol says; afterwards always.
        came: Method, path, headers and body of each call.
    """

    base: str = ""
    replies: list[Reply | None] = attrs.field(factory=list)
    came: list[tuple[str, str, dict[str, str], bytes]] = attrs.field(factory=list)
    data: dict[str, Reply] = attrs.field(factory=dict)
    held: asyncio.Event | None = None
    _changed: asyncio.Condition = attrs.field(factory=asyncio.Condition)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await read_body(receive)
        headers = scope["headers"]
        assert isinstance(headers, list)
        named = {name.decode(): value.decode("latin-1") for name, value in headers}
        path = str(scope["path"])
        query = scope["query_string"]
        assert isinstance(query, bytes)
        place = path + (f"?{query.decode()}" if query else "")
        self.came.append((str(scope["method"]), place, named, body))
        async with self._changed:
            self._changed.notify_all()
        if self.held is not None:
            await self.held.wait()
        status, said, header = self._reply(path, body)
        await answer(
            send,
            status=status,
            body=said,
            content_type="application/json",
            headers=[] if header is None else [header],
        )

    def _reply(self, path: str, body: bytes) -> Reply:
        if path in self.data:
            return self.data[path]
        told = self.replies.pop(0) if self.replies else None
        if told is not None:
            return told
        if not path.endswith("/request") or "callbackAddress" not in json.loads(body):
            return 200, b"", None
        kind = "ContractNegotiation" if "/negotiations/" in path else "TransferProcess"
        return 201, process(kind, "their-pid", json.loads(body)["consumerPid"]), None

    async def calls(self, count: int) -> list[tuple[str, str, dict[str, str], bytes]]:
        """Wait until so many calls have come; return them."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.came) >= count)
        return self.came


def process(kind: str, provider: str, consumer: str, state: str = "REQUESTED") -> bytes:
    """Return the object of a process."""
    return message(kind, providerPid=provider, consumerPid=consumer, state=state)


def message(kind: str, **members: object) -> bytes:
    """Return a message of the protocol."""
    return json.dumps({"@context": [CONTEXT], "@type": kind, **members}).encode()


def rows_in(answer: JsonObject, name: str) -> list[JsonObject]:
    """Return the objects of a list in an answer."""
    found = answer[name]
    assert isinstance(found, list)
    return [row for row in found if isinstance(row, dict)]


@attrs.define(kw_only=True)
class Facing:
    """The node, the connector that faces it, and a way to call the node as any of them."""

    node: Node
    peer: FakeConnector
    http: httpx2.AsyncClient
    base: str

    async def call(
        self, method: str, path: str, body: bytes | None = None, *, who: str = PEER, **headers: str
    ) -> tuple[int, JsonObject]:
        """Return status and body of a call to the node."""
        told = {"authorization": SECRETS.get(who, who), "content-type": "application/json"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        found = await self.http.request(method, self.base + path, content=body, headers=told)
        said = json.loads(found.content)
        assert isinstance(said, dict)
        return found.status_code, said

    async def request(self, pid: str = "c-1", **members: object) -> tuple[int, JsonObject]:
        """Ask the node for its offer."""
        told = {"consumerPid": pid, "offer": OFFER, "callbackAddress": self.peer.base, **members}
        return await self.call(
            "POST", "/negotiations/request", message("ContractRequestMessage", **told)
        )

    async def request_data(self, pid: str = "t-1", **members: object) -> tuple[int, JsonObject]:
        """Ask the node for the data of its contract."""
        told = {
            "consumerPid": pid,
            "agreementId": "given",
            "format": "HttpData-PULL",
            "callbackAddress": self.peer.base,
            **members,
        }
        return await self.call(
            "POST", "/transfers/request", message("TransferRequestMessage", **told)
        )

    async def step(
        self, path: str, kind: str, said: JsonObject, *, who: str = PEER, **members: object
    ) -> tuple[int, JsonObject]:
        """Say something in a process that the node has answered with ``said``."""
        pids = {"providerPid": said["providerPid"], "consumerPid": said["consumerPid"]}
        family = "transfers" if "Transfer" in kind else "negotiations"
        ours = said["consumerPid"] if said["providerPid"] == "their-pid" else said["providerPid"]
        return await self.call(
            "POST", f"/{family}/{ours}/{path}", message(kind, **{**pids, **members}), who=who
        )

    async def ask(self, operation: str, **members: object) -> JsonObject:
        """Ask the node's operation as its operator; what fails raises."""
        return await operate(self.node, operation, members)

    async def exchange(self, pid: object) -> Exchange:
        """Return a process as the node keeps it now."""
        found = await self.node.ctx.store.read(
            lambda tx: self.node.dataspace.book.find(tx, str(pid))
        )
        assert found is not None
        return found

    async def quiet(self) -> None:
        """Wait until nothing is being carried out; what waits for its time goes on waiting."""
        courier = self.node.dataspace.courier
        for _ in range(1_000):
            await asyncio.sleep(0)
            await self.node.ctx.store.read(lambda _: None)
            if not courier._tasks:
                return
            await asyncio.wait(set(courier._tasks))
        raise AssertionError("it never comes to rest")


async def operate(node: Node, operation: str, members: dict[str, object]) -> JsonObject:
    """Carry out an operation as the operator of a conformance folder."""
    op = BY_NAME[operation]
    request: Request = op.request(**members)
    found = await node.dispatch.call(op, request, official=OPERATOR, upload=None)
    assert isinstance(found, dict)
    return found


@asynccontextmanager
async def facing(
    root: Path,
    *,
    rules: str = "",
    more: str = "",
    base: str | None = None,
    waits: Waits | None = None,
) -> AsyncIterator[Facing]:
    """Serve a conformance node and a connector on loopback until the block ends.

    Args:
        root: Where.
        rules: Its playbook.
        more: More of its profile.
        base: Where the connector is, if it is another than the fake one.
        waits: How long that one has for its answers.
    """
    peer = FakeConnector()
    theirs = bind("127.0.0.1", 0, what="the connector", option="-")
    ours = bind("127.0.0.1", 0, what="the counterparts", option="-")
    peer.base = base or f"http://127.0.0.1:{theirs.getsockname()[1]}/dsp"
    port = int(ours.getsockname()[1])
    (api_port,) = free_ports(1)
    text = profile_text(port=port, api_port=api_port, peer=peer.base, rules=rules, more=more)
    (root / "profile.toml").write_text(text, encoding="utf-8")
    node = await started(root, waits=waits)
    doors = (
        Door(name="connector", app=peer, sock=theirs, tls=None),
        Door(name="node", app=conformance.conformance_site(node), sock=ours, tls=None),
    )
    async with served(*doors), httpx2.AsyncClient(trust_env=False) as http:
        base = node.dataspace.settings.base
        try:
            yield Facing(node=node, peer=peer, http=http, base=base)
        finally:
            await node.close()


async def started(root: Path, *, waits: Waits | None = None) -> Node:
    """Return the node of ``root``'s profile, started; its folder is made if there is none."""
    profile = read_profile(root / "profile.toml")
    if not (root / "node").exists():
        conformance._found(profile, root / "node")
    told = profile.file.node
    base = f"http://127.0.0.1:{told.port}{BASE}"
    settings = Settings(own=told.participant, base=base, plain=True, waits=waits or Waits())
    node = open_node(root / "node", dataspace=settings)
    texts = {
        each.id: conformance._kept(node, each.source.text)
        for each in profile.file.dataset
        if each.source.kind == "text"
    }
    await node.ctx.store.write(lambda tx: load(tx, node.dataspace.book, profile, texts=texts))
    await node.start()
    return node
