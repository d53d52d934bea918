"""Who calls on sharing's routes, on two whole nodes: tokens of the letters' keys, used once."""

import asyncio
from pathlib import Path

import attrs
import pytest

from comity.foundation.errors import PeerError
from comity.node.peer_site import refusal
from comity.node.serve import gate_of
from comity.protocols.dsp.answers import not_let_in
from comity.protocols.dsp.catalogue import CatalogRequestMessage
from comity.protocols.dsp.reading import to_bytes
from comity.transport.client import PeerAnswer
from comity.transport.gate import Gate
from comity.transport.id_tokens import JTI_BYTES, mint
from support.crossing import SharingPeer, bring_in, release, sharing_pair, vars_of
from support.gates import Answered, ask
from support.loops import on_a_loop
from support.two_nodes import Pair, Party

BASE = "/dsp/2025-1"
ASKING = to_bytes(CatalogRequestMessage(id="urn:uuid:00000000-0000-4000-8000-000000000001"))


def token_of(pair: Pair, party: Party, *, to: Party | None = None, number: int = 0) -> str:
    return mint(
        issuer=party.did,
        audience=(to or pair.other(party)).did,
        signer=party.node.ctx.keys.dsp,
        at=pair.clock.now(),
        chance=bytes([number] * JTI_BYTES),
    )


async def catalogue(gate: Gate, token: str, body: bytes = ASKING) -> Answered:
    return await ask(gate, f"{BASE}/catalog/request", [token], method="POST", body=body)


@on_a_loop
async def test_a_party_gets_in_with_the_key_of_its_letter_and_once(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    gate, token = gate_of(pair.a.node), token_of(pair, pair.b)
    assert (await catalogue(gate, token)).status == 200
    again = await catalogue(gate, token)
    assert (again.status, again.error("CatalogError")) == (401, "call.repeated")
    assert (await catalogue(gate, token_of(pair, pair.b, number=1))).status == 200
    await pair.stop(pair.a)
    await pair.start(pair.a)
    later = await catalogue(gate_of(pair.a.node), token)
    assert later.error("CatalogError") == "call.repeated", "a restart forgets nothing"
    await pair.close()


@on_a_loop
async def test_a_token_whose_call_was_refused_is_used_up_too(tmp_path: Path) -> None:
    """Spec 6.7.7: whoever caught it can do nothing with it, and nothing of the call is left."""
    pair = await sharing_pair(tmp_path)
    gate = gate_of(pair.a.node)
    for number, (path, body, status) in enumerate(
        [
            ("/catalog/request", b"{}", 400),
            ("/negotiations/request", b"not json", 400),
            ("/negotiations/urn:uuid:1/agreement", b"{}", 404),
            ("/elsewhere", ASKING, 404),
        ]
    ):
        token = token_of(pair, pair.b, number=number)
        refused = await ask(gate, BASE + path, [token], method="POST", body=body)
        assert refused.status == status
        again = await catalogue(gate, token)
        assert again.error("CatalogError") == "call.repeated"
    await pair.close()


@on_a_loop
async def test_a_question_and_its_proof_are_one_commit(tmp_path: Path) -> None:
    """What proves the caller is kept with what the call changes, not before it."""
    pair = await sharing_pair(tmp_path)
    store, units = pair.a.node.ctx.store, []
    submit = store._writer.submit

    def counted(unit: object) -> None:
        units.append(unit)
        submit(unit)  # type: ignore[arg-type]  # handed on as it came

    store._writer.submit = counted  # type: ignore[method-assign]  # counts units
    assert (await catalogue(gate_of(pair.a.node), token_of(pair, pair.b))).status == 200
    assert len(units) == 1
    await pair.close()


@on_a_loop
async def test_what_is_not_there_and_what_is_not_theirs_look_the_same(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    done = await pair.b.call("fetch", who="desk_officer", counterpart=pair.a.did, dataset=item)
    gate = gate_of(pair.a.node)
    stranger = token_of(pair, pair.b, to=pair.b)  # meant for somebody else: nobody is let in
    told = {
        (found := await ask(gate, f"{BASE}/negotiations/{pid}", [stranger], method="GET")).status
        for pid in (str(done["negotiation"]), "urn:uuid:nothing")
    }
    assert told == {404}
    assert found.error("ContractNegotiationError") == "call.token_audience"
    good = token_of(pair, pair.b, number=1)
    missing = await ask(gate, f"{BASE}/negotiations/urn:uuid:nothing", [good], method="GET")
    assert (missing.status, missing.error("ContractNegotiationError")) == (404, "dsp.no_process")
    await pair.close()


@on_a_loop
async def test_keys_of_strangers_and_of_other_uses_are_of_no_use(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    gate, keys = gate_of(pair.a.node), pair.b.node.ctx.keys
    for signer in (keys.network, keys.seal.ed, pair.a.node.ctx.keys.dsp):
        token = mint(
            issuer=pair.b.did,
            audience=pair.a.did,
            signer=signer,
            at=pair.clock.now(),
            chance=bytes(JTI_BYTES),
        )
        assert (await catalogue(gate, token)).error("CatalogError") == "call.not_authenticated"
    own = token_of(pair, pair.a, to=pair.a)
    assert (await catalogue(gate, own)).error("CatalogError") == "call.not_authenticated"
    await pair.close()


@attrs.frozen(kw_only=True)
class Shut(SharingPeer):
    """A counterpart whose door stays shut from the second call on."""

    calls: list[str]
    error: PeerError

    async def arrive(self, method: str, path: str, *, content: bytes, media: str) -> PeerAnswer:
        self.calls.append(path)
        if len(self.calls) == 1:
            return await super().arrive(method, path, content=content, media=media)
        status, body = refusal(self.base + path, self.error, 401)
        return PeerAnswer(status=status, headers={}, body=body)


@on_a_loop
async def test_a_shut_door_ends_nothing(tmp_path: Path) -> None:
    """A clock that is wrong for an hour must cost an hour, and no negotiation."""
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    clients = vars_of(pair.b.node.peers)
    ((name, peer),) = clients.items()
    assert isinstance(peer, SharingPeer)
    early = PeerError("call.early", "The token is dated ahead of this node's clock.")
    clients[name] = Shut(**attrs.asdict(peer, recurse=False), calls=[], error=early)
    begun = await pair.b.call(
        "fetch", who="desk_officer", counterpart=pair.a.did, dataset=item, wait=False
    )
    shown, waiting = begun, begun["waiting"]
    async with asyncio.timeout(20):
        while not (isinstance(waiting, dict) and waiting["error"]):
            await pair.b.node.sharing.post.moved(0.05)
            shown = await pair.b.call("fetch.show", fetch=begun["negotiation"])
            waiting = shown["waiting"]
    assert "dated ahead of this node's clock" in str(waiting["error"])
    assert shown["ended"] is False
    clients[name] = peer
    pair.clock.tick(120)
    pair.b.node.sharing.post.wake()
    async with asyncio.timeout(20):
        while not shown["received"]:
            await pair.b.node.sharing.post.moved(0.05)
            shown = await pair.b.call("fetch.show", fetch=begun["negotiation"])
    await pair.close()


SHUT = refusal(f"{BASE}/negotiations/1", PeerError("call.expired", "Too old."), 401)[1]
NO = refusal(f"{BASE}/negotiations/1", PeerError("dsp.out_of_order", "Not now."), 400)[1]


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (404, SHUT, "Too old."),
        (401, SHUT, "Too old."),
        (401, b"", "The counterpart gave no reason that can be read."),
        (401, NO, "The counterpart gave no reason that can be read."),
        (400, NO, None),
        (404, b"", None),
        (200, SHUT, None),
    ],
    ids=map(str, range(7)),
)
def test_a_shut_door_is_told_from_a_no(status: int, body: bytes, why: str | None) -> None:
    assert not_let_in(status, body) == why
