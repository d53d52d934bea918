"""Negotiations, transfers and catalogues between two nodes over the Dataspace Protocol.

The provider is a served node in a process of its own; the consumer lives in this one, behind its
own port. TLS with pinned keys, a fresh ID token on every call, a durable commit on both sides of
every message, the playbook of a registered connector, 10,000 finished negotiations in both stores.
Beside it, in the same run, the bare chain of the same four messages (``chain.py``).
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import attrs
import uvloop

import facts
from chain import Commits, End
from chain import serve as serve_chain
from comity.api import dataspace as asks
from comity.foundation.canonical import canonical
from comity.foundation.instants import Instant
from comity.node.dataspace.profile import AREA, KIND, MARKING, PURPOSE
from comity.node.dataspace.profile import facts as item_facts
from comity.node.dataspace.registering import USE
from comity.node.node import Node, open_node
from comity.node.officials import Official
from comity.node.serve import gate_of
from comity.protocols.dsp.connectors import policy_offer
from comity.sdk import Comity
from comity.sharing.connectors.model import (
    PULL,
    Counterpart,
    Dataset,
    Exchange,
    Framework,
    Identity,
    IdentityKind,
    Source,
)
from comity.sharing.connectors.playbook import Do, Rule
from comity.sharing.model import Family, Role, State
from comity.storage.tx import Tx
from comity.transport.serving import Door, bind
from comity.transport.serving import serve as serve_doors
from comity.transport.tls import server_context
from lines import Line
from nodes import Party
from processes import BUILD, environment

CHAIN: Final = Path(__file__).resolve().parent / "chain.py"
FINISHED: Final = 10_000
DATASETS: Final = 1_000
ONE_BY_ONE: Final = 200
AT_ONCE: Final = (8, 32)
TRANSFERS: Final = 60
CATALOGUES: Final = 15
IDLE_S: Final = 10.0
_WAIT_S: Final = 120.0
_OPERATOR: Final = Official(
    id="bench", name="Bench", office="Bench", roles=("desk_officer",), key=None
)


def median_ms(samples: list[float]) -> str:
    """Return median and p99 of durations in seconds."""
    ordered = sorted(samples)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return f"{statistics.median(samples) * 1000:.1f} ms (p99 {p99 * 1000:.0f})"


async def at_once(
    one: Callable[[], Awaitable[float]], *, number: int, in_flight: int
) -> tuple[float, list[float]]:
    """Return how many a second come to their end with so many in flight, and how long each took."""
    places = asyncio.Semaphore(in_flight)

    async def placed() -> float:
        async with places:
            return await one()

    began = time.perf_counter()
    took = await asyncio.gather(*[placed() for _ in range(number)])
    return number / (time.perf_counter() - began), list(took)


# --- the floor --------------------------------------------------------------------------------


async def floor(root: Path, party: Party) -> tuple[list[float], dict[int, float]]:
    """Return durations one by one and rates of the bare chain."""
    shutil.copy(party.folder / "keys" / "tls-certificate.pem", root / "cert.pem")
    shutil.copy(party.folder / "keys" / "tls-key.pem", root / "key.pem")
    ours, theirs = party.port, party.local_port
    other = subprocess.Popen(  # noqa: ASYNC220  # before anything is measured
        [sys.executable, str(CHAIN), "--port", str(theirs), "--peer", str(ours),
         "--folder", str(root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(),
    )  # fmt: skip  # one line for each thing
    try:
        assert other.stdout is not None
        await asyncio.to_thread(other.stdout.readline)
        end = End(Commits(root / "consumer.db"), f"https://127.0.0.1:{theirs}", root / "cert.pem")
        server = await serve_chain(end, ours, root)
        names = iter(range(1_000_000))

        async def one() -> float:
            return await end.negotiate(str(next(names)))

        for _ in range(20):
            await one()
        single = [await one() for _ in range(ONE_BY_ONE)]
        rates = {n: (await at_once(one, number=20 * n, in_flight=n))[0] for n in AT_ONCE}
        server.should_exit = True
        return single, rates
    finally:
        other.kill()
        other.wait(15)


# --- the two nodes ----------------------------------------------------------------------------


def registered(own: Node, other: Node) -> Counterpart:
    """Return ``other`` as ``own`` has registered it."""
    config = other.ctx.config
    key = canonical(other.ctx.keys.dsp.public.jwk()).decode()
    return Counterpart(
        id=config.party,
        name=config.name,
        base=other.dataspace.settings.base,
        identity=Identity(kind=IdentityKind.TOKEN, key=key),
        framework=Framework(
            title="Bench", article="the bench", area=AREA, kinds=(KIND,), scale=(MARKING,),
            marking_max=MARKING, purposes=(PURPOSE,), onward="refused", since=Instant(0),
            until=None,
        ),
        registered=own.ctx.now(),
        by=None,
        pin=other.ctx.keys.public.tls,
    )  # fmt: skip  # one line for each thing


def rules(role: Role, **acts: Do) -> tuple[Rule, ...]:
    """Return rules that act at once when a state is reached."""
    kind = {Do.START: Family.TRANSFER}
    return tuple(
        Rule(role=role, process=kind.get(do, Family.NEGOTIATION), on=on, do=do, reason="bench")
        for on, do in acts.items()
    )


async def prepare(node: Node, other: Node, *, provider: bool) -> None:
    """Put in what both sides would have after a long time together."""
    book = node.dataspace.book
    with node.ctx.payloads.writer() as writer:
        writer.write(b"x" * 1000)
        digest = writer.commit().name
    finished = Exchange(
        family=Family.NEGOTIATION, role=Role.PROVIDER if provider else Role.CONSUMER,
        pid="", peer_pid="", counterpart=other.ctx.config.party, state=State.FINALIZED,
        pending=None, dataset="D0000", offer=policy_offer("O0000", target="D0000", rules=USE),
        asked=None, agreed=Instant(0), contract="", format=None, address=None, facts=item_facts(),
        reached={"REQUESTED": 1, "AGREED": 1, "VERIFIED": 1, "FINALIZED": 1}, messages=(),
        since=Instant(0), opened=Instant(0),
    )  # fmt: skip  # one line for each thing

    def keep(tx: Tx) -> None:
        book.keep_counterpart(tx, registered(node, other))
        if provider:
            book.keep_rules(
                tx,
                rules(Role.PROVIDER, REQUESTED=Do.AGREE, VERIFIED=Do.FINALIZE)
                + rules(Role.PROVIDER, REQUESTED=Do.START),
            )
            for n in range(DATASETS):
                name = f"D{n:04d}"
                offer = policy_offer(f"O{n:04d}", target=name, rules=USE)
                book.keep_dataset(
                    tx,
                    Dataset(
                        id=name, title=name, source=Source(kind="payload", place=digest),
                        media="application/octet-stream", offers=(offer,), formats=(PULL,),
                        to=(other.ctx.config.party,), facts=item_facts(),
                    ),
                )  # fmt: skip  # one line for each thing
        else:
            book.keep_rules(tx, rules(Role.CONSUMER, AGREED=Do.VERIFY))
        for n in range(FINISHED):
            book.keep(tx, attrs.evolve(finished, pid=f"old-{n}", peer_pid=f"peer-{n}"))

    await node.ctx.store.write(keep)


@attrs.define(kw_only=True)
class Consumer:
    """The consumer's node in this process, and who waits for which of its processes."""

    node: Node
    waiting: dict[str, tuple[State, "asyncio.Future[Exchange]"]] = attrs.field(factory=dict)

    def moved(self, exchange: Exchange) -> None:
        wanted = self.waiting.get(exchange.pid)
        if wanted is not None and (exchange.state is wanted[0] or exchange.ended):
            del self.waiting[exchange.pid]
            wanted[1].set_result(exchange)

    async def until(self, state: State, begin: Callable[[Tx], str]) -> tuple[Exchange, float]:
        future: asyncio.Future[Exchange] = asyncio.get_running_loop().create_future()

        def work(tx: Tx) -> None:
            self.waiting[begin(tx)] = (state, future)

        began = time.perf_counter()
        await self.node.ctx.store.write(work)
        found = await asyncio.wait_for(future, _WAIT_S)
        return found, time.perf_counter() - began

    async def negotiate(self, provider: str, contracts: list[str]) -> float:
        request = asks.Negotiate(counterpart=provider, dataset="D0007", offer="O0007")

        def begin(tx: Tx) -> str:
            answer = self.node.dataspace.dealing.negotiate(tx, request, _OPERATOR)
            return str(answer["exchange"])

        found, took = await self.until(State.FINALIZED, begin)
        assert found.state is State.FINALIZED, found
        contracts.append(str(found.contract))
        return took

    async def transfer(self, provider: str, contract: str) -> float:
        request = asks.AskForData(counterpart=provider, contract=contract)

        def begin(tx: Tx) -> str:
            answer = self.node.dataspace.dealing.transfer(tx, request, _OPERATOR)
            return str(answer["exchange"])

        found, took = await self.until(State.STARTED, begin)
        assert found.state is State.STARTED, found
        return took


@attrs.frozen(kw_only=True)
class Found:
    """What was measured between the two nodes."""

    single: list[float]
    rates: dict[int, tuple[float, list[float]]]
    transfers: list[float]
    catalogues: list[float]
    wanted: int
    finalized: int
    memory_mib: float
    idle: float
    start_s: float


async def between(provider: Party, consumer: Party) -> Found:
    """Measure the two nodes."""
    a, b = open_node(provider.folder), open_node(consumer.folder)
    try:
        await prepare(a, b, provider=True)
        await prepare(b, a, provider=False)
    finally:
        await a.close()
    began = time.perf_counter()
    provider.start()
    start_s = time.perf_counter() - began
    stop, ready = asyncio.Event(), asyncio.Event()
    sock = bind("localhost", consumer.port, what="the counterparts", option="port")
    keys = b.ctx.keys
    tls = server_context(certificate=keys.tls_certificate_file, key=keys.tls_key_file)
    door = Door(name="consumer", app=gate_of(b), sock=sock, tls=tls)
    await b.start()
    serving = asyncio.create_task(serve_doors([door], ready=ready.set, stop=stop))
    try:
        await ready.wait()
        return await _measured(provider, Consumer(node=b), start_s=start_s)
    finally:
        stop.set()
        await serving
        await b.close()
        provider.stop()


async def _measured(provider: Party, consumer: Consumer, *, start_s: float) -> Found:
    assert provider.process is not None
    process = provider.process.pid
    idle = await _idle(process)
    consumer.node.dataspace.reacting.listeners.append(consumer.moved)
    contracts: list[str] = []

    async def one() -> float:
        return await consumer.negotiate(provider.did, contracts)

    for _ in range(20):
        await one()
    single = [await one() for _ in range(ONE_BY_ONE)]
    rates = {n: await at_once(one, number=20 * n, in_flight=n) for n in AT_ONCE}
    transfers = [
        await consumer.transfer(provider.did, contract) for contract in contracts[:TRANSFERS]
    ]
    dataspace = consumer.node.dataspace
    other = await consumer.node.ctx.store.read(lambda tx: dataspace.book.named(tx, provider.did))
    catalogues: list[float] = []
    for _ in range(CATALOGUES):
        began = time.perf_counter()
        answer = await dataspace.dealing.catalogue(other)
        catalogues.append(time.perf_counter() - began)
        assert isinstance(answer["datasets"], list)
        assert len(answer["datasets"]) == DATASETS
    listed = Comity.from_folder(provider.folder).whole("dataspace.contracts", {})["contracts"]
    assert isinstance(listed, list)
    return Found(
        single=single,
        rates=rates,
        transfers=transfers,
        catalogues=catalogues,
        wanted=len(contracts),
        finalized=len({str(row) for row in listed}),
        memory_mib=_memory_mib(process),
        idle=idle,
        start_s=start_s,
    )


async def _idle(process: int) -> float:
    """Return the share of one core that a served node takes while nothing happens."""
    await asyncio.sleep(2)
    before = _cpu_s(process)
    await asyncio.sleep(IDLE_S)
    return (_cpu_s(process) - before) / IDLE_S


def _cpu_s(process: int) -> float:
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mib(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def measure() -> list[Line]:
    """Return what was found, beside the bare chain."""
    BUILD.mkdir(exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="dsp-", dir=BUILD))
    try:
        provider, consumer = Party(root, "provider"), Party(root, "consumer")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            bare, bare_rates = runner.run(floor(root, Party(root, "chain")))
            found = runner.run(between(provider, consumer))
    finally:
        shutil.rmtree(root, ignore_errors=True)
    lines = [
        Line(
            what=f"negotiation, request to finalized, {FINISHED:,} in the store",
            figure=median_ms(found.single),
            beside=f"bare chain: {median_ms(bare)}",
            ratio=f"{statistics.median(found.single) / statistics.median(bare):.2f}",
        )
    ]
    for n in AT_ONCE:
        rate, took = found.rates[n]
        lines.append(
            Line(
                what=f"negotiations finalized per second, {n} in flight",
                figure=f"{rate:.0f}/s; each {median_ms(took)}",
                beside=f"bare chain: {bare_rates[n]:.0f}/s",
                ratio=f"{rate / bare_rates[n]:.2f}",
            )
        )
    lost = found.wanted - found.finalized
    lines += [
        Line(what="of these lost or doubled", figure=f"{lost} of {found.wanted}"),
        Line(what="transfer, request to started", figure=median_ms(found.transfers)),
        Line(what=f"catalogue of {DATASETS:,} datasets", figure=median_ms(found.catalogues)),
        Line(
            what="served node: memory after the run, idle CPU, start to serving",
            figure=f"{found.memory_mib:.0f} MiB, {100 * found.idle:.1f} %, {found.start_s:.1f} s",
        ),
    ]
    return lines


def main() -> None:
    for line in measure():
        print(f"{line.what}: {line.figure}  {line.beside}  {line.ratio}".rstrip())
    print("; ".join(f"{name} {value}" for name, value in facts.machine()))


if __name__ == "__main__":
    main()
