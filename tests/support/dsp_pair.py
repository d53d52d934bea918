"""Two conformance nodes as processes, facing each other by playbooks, killed at any moment.

Nobody is at either node: the consumer is told once, by a key for the act, what to ask for; all that
follows is rules. Whoever was killed is started again in its folder, and goes on.
"""

import asyncio
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError
from comity.sdk import Comity
from support.connector_nodes import rows_in, rule
from support.processes import ROOT, free_ports

WAIT_S: Final = 60
PROVIDER, CONSUMER = "urn:connector:provider", "urn:connector:consumer"
#: Offer, acceptance, agreement, verification, finalization; start, data, completion.
GIVES: Final = (
    rule("provider", "negotiation", "REQUESTED", "offer", after="40ms")
    + rule("provider", "negotiation", "ACCEPTED", "agree", after="40ms")
    + rule("provider", "negotiation", "VERIFIED", "finalize", after="40ms")
    + rule("provider", "transfer", "REQUESTED", "start", after="40ms")
)
TAKES: Final = (
    rule("consumer", "negotiation", "OFFERED", "accept", after="40ms")
    + rule("consumer", "negotiation", "AGREED", "verify", after="40ms")
    + rule("consumer", "transfer", "STARTED", "fetch", after="40ms")
    + rule("consumer", "transfer", "DELIVERED", "complete", after="40ms")
)


@attrs.define(kw_only=True)
class Alone:
    """A conformance node that is a process."""

    name: str
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    async def serve(self) -> None:
        """Start it and wait until it answers."""
        self.starts += 1
        ready = self.folder / f"ready-{self.starts}"
        self._spawn(ready)
        async with asyncio.timeout(WAIT_S):
            while self.alive and not ready.exists():
                await asyncio.to_thread(self._a_moment)
        assert self.alive, f"it does not start: see {self.folder / 'log'}"

    def _spawn(self, ready: Path) -> None:
        command = [sys.executable, "-m", "comity", "conformance", "serve"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(*command, str(self.folder / "profile.toml")),
                    *("--folder", str(self.folder / "node"), "--ready-file", str(ready)),
                ],
                stdout=log,
                stderr=log,
                env={"PYTHONPATH": str(ROOT / "src")},
            )

    def _a_moment(self) -> None:
        assert self.process is not None
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=0.02)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """End it in order."""
        if self.process is not None and self.alive:
            self.process.terminate()
            self.process.wait(timeout=30)

    async def call(self, operation: str, **members: object) -> JsonObject:
        """Ask an operation of it, once."""
        client = Comity.from_folder(self.folder / "node", as_="operator")
        found = await asyncio.to_thread(client.call, operation, members)  # type: ignore[arg-type]  # JSON members
        assert isinstance(found, dict)
        return found

    async def exchanges(self) -> list[JsonObject]:
        """Return its processes, or none while it cannot be asked."""
        with suppress(ComityError, OSError):
            return rows_in(await self.call("dataspace.exchanges"), "exchanges")
        return []


@attrs.define(kw_only=True)
class FacingPair:
    """The two, and who strikes them."""

    provider: Alone
    consumer: Alone
    rng: random.Random
    left: int

    @property
    def both(self) -> tuple[Alone, Alone]:
        return self.provider, self.consumer

    async def begin(self) -> None:
        """Start both and ask for everything, once."""
        for node in self.both:
            await node.serve()
        await self.consumer.call(
            "dataspace.negotiate", counterpart=PROVIDER, dataset="chart-1", offer="offer-1"
        )
        await self.consumer.call("dataspace.transfer", counterpart=PROVIDER, contract="given")

    async def strike(self) -> None:
        """Kill one of them a moment from now, and start it again."""
        victim = self.rng.choice(self.both)
        delay = self.rng.uniform(0, 0.15)
        assert victim.process is not None
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(victim.process.wait, delay)
        victim.kill()
        await victim.serve()

    async def live(self) -> None:
        """Let the two go on, struck now and then, until everything has ended at both."""
        await self.begin()
        while self.left:
            self.left -= 1
            await self.strike()
        async with asyncio.timeout(WAIT_S):
            while not await self._over():
                await asyncio.to_thread(self.provider._a_moment)

    async def _over(self) -> bool:
        found = [await node.exchanges() for node in self.both]
        return all(len(rows) >= 2 and all(row["ended"] for row in rows) for rows in found)


def facing_pair(root: Path, *, seed: int, kills: int) -> FacingPair:
    """Return two nodes in new folders on free ports; none runs."""
    ports = free_ports(4)
    made = {}
    places = {PROVIDER: ports[:2], CONSUMER: ports[2:]}
    for own, other, rules in ((PROVIDER, CONSUMER, GIVES), (CONSUMER, PROVIDER, TAKES)):
        folder = root / own.rpartition(":")[2]
        folder.mkdir()
        text = _profile(own, other, rules=rules, ports=places[own], theirs=places[other][0])
        (folder / "profile.toml").write_text(text, encoding="utf-8")
        made[own] = Alone(name=own, folder=folder)
    return FacingPair(
        provider=made[PROVIDER], consumer=made[CONSUMER], rng=random.Random(seed), left=kills
    )


def _profile(own: str, other: str, *, rules: str, ports: list[int], theirs: int) -> str:
    gives = own == PROVIDER
    dataset = (
        '[[dataset]]\nid = "chart-1"\nsource = { kind = "text", text = "hello" }\n'
        'offers = [{ id = "offer-1", policy = { permission = [{ action = "use" }] } }]\n'
        f'to = ["{other}"]\n'
    )
    return (
        f'[node]\nname = "{own}"\nparticipant = "{own}"\nport = {ports[0]}\n'
        f"api_port = {ports[1]}\n"
        f'[[counterpart]]\nid = "{other}"\nbase = "http://127.0.0.1:{theirs}/dsp/2025-1"\n'
        'identity = { kind = "static", header = "secret" }\n'
        + (dataset if gives else "")
        + f'[[agreement]]\nid = "given"\nrole = "{"provider" if gives else "consumer"}"\n'
        f'counterpart = "{other}"\ndataset = "chart-1"\n' + rules
    )
