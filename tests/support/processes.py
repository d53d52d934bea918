"""Two nodes as a user runs them: ``python -m comity serve``, real ports, TLS, killed at any moment.

The officials call the local API; a killer strikes one of the two processes with SIGKILL a random
moment after a call has begun. Whoever then gets no answer starts the dead node again and goes on.
"""

import asyncio
import random
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import UnavailableError
from comity.foundation.instants import Instant
from comity.node.clock import SystemClock
from comity.node.founding import Founding, found
from comity.sdk import Comity
from comity.storage.folder import PartyFolder
from support.two_nodes import PORTS, ROLES, Pair, Party, TickingClock, Wire, people_of

ROOT: Final = Path(__file__).parents[2]
WAIT_S: Final = 60
DELAY_S: Final = 0.1


@attrs.define(kw_only=True)
class Killer:
    """Strikes now and then, on a seed."""

    rng: random.Random
    left: int
    odds: float = 0.25
    victims: list["Served"] = attrs.field(factory=list)
    tasks: set[asyncio.Task[None]] = attrs.field(factory=set)

    def perhaps(self) -> None:
        """Strike one of the two a moment from now, or nobody."""
        if self.left and self.rng.random() < self.odds:
            self.left -= 1
            victim, delay = self.rng.choice(self.victims), self.rng.uniform(0, DELAY_S)
            task = asyncio.get_running_loop().create_task(self._strike(victim, delay))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _strike(self, victim: "Served", delay: float) -> None:
        await asyncio.sleep(delay)
        if victim.process is not None:
            victim.process.send_signal(signal.SIGKILL)
            victim.process.wait()


@attrs.define(kw_only=True)
class Served(Party):
    """A party whose node is a process."""

    killer: Killer
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def did(self) -> str:
        return PartyFolder.open(self.folder).config.party

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    async def serve(self) -> None:
        """Start the node and wait until it answers, or was killed on the way."""
        self.starts += 1
        ready = self.folder.parent / f"{self.name}-ready-{self.starts}"
        self._spawn(ready)
        async with asyncio.timeout(WAIT_S):
            while self.alive and not ready.exists():
                await asyncio.to_thread(self._a_moment)
        ended = self.process.poll() if self.process is not None else None
        assert ended in {None, -signal.SIGKILL}, f"{self.name} does not start: see {self.name}.log"

    def _spawn(self, ready: Path) -> None:
        command = [sys.executable, "-m", "comity", "serve", "--folder", str(self.folder)]
        with (self.folder.parent / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--ready-file", str(ready)],
                stdout=log,
                stderr=log,
                env={"PYTHONPATH": str(ROOT / "src")},
            )

    def _a_moment(self) -> None:
        """Wait a moment, or until the process has ended."""
        assert self.process is not None
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=0.02)

    async def call(
        self, operation: str, *, who: str | None = None, **members: object
    ) -> JsonObject:
        if not self.alive:
            raise UnavailableError("test.killed", f"the node of {self.name} was killed")
        client = self.client(who)
        self.killer.perhaps()
        return await asyncio.to_thread(client.call, operation, members)  # type: ignore[arg-type]  # JSON members

    def client(self, who: str | None = None) -> Comity:
        """Return the client of an official: one try, for whoever was killed is not waited for."""
        folder = PartyFolder.open(self.folder)
        url = f"http://localhost:{folder.config.local_port}"
        return Comity(url, token=folder.read_api_token(), as_=who, tries=1)


@attrs.define(kw_only=True)
class ServedPair(Pair):
    """Two parties whose nodes are processes."""

    async def settle(self) -> None:
        """Return once each holds all of the other's record, or the other has not met it."""
        await settled(self.a, self.b)


async def settled(*parties: Party) -> None:
    """Return once each holds all of the other's record, or the other has not met it."""
    async with asyncio.timeout(WAIT_S):
        while not all([await _delivered(party) for party in parties]):
            pass  # each look is a call to each


async def _delivered(party: Party) -> bool:
    rows = (await party.call("status"))["relationships"]
    assert isinstance(rows, list)
    return all(
        row["entries"] == row["held_by_counterpart"]
        or "peers." in str(row["trouble"])
        or "unknown" in str(row["trouble"])
        for row in rows
    )


class RealClock(TickingClock):
    """The machine's clock, as the nodes in their own processes have it."""

    def now(self) -> Instant:
        return SystemClock().now()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody uses now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def founded_pair(root: Path, killer: Killer) -> ServedPair:
    """Return two new parties on free ports; no node runs."""
    ports = free_ports(4)
    made = []
    for name in PORTS:
        people = people_of(name)
        found(
            root / name,
            Founding(
                name=name,
                form="state",
                purpose="demonstration",
                host="localhost",
                port=ports.pop(),
                local_port=ports.pop(),
            ),
            appointing=[people["mandate_holder"].card, people["legal_adviser"].card],
            clock=SystemClock(),
        )
        made.append(Served(name=name, folder=root / name, people=people, killer=killer))
    killer.victims = made
    a, b = made
    return ServedPair(a=a, b=b, wire=Wire(), clock=RealClock())


def end(parties: list[Served]) -> None:
    """End the processes that this test started."""
    for party in parties:
        if party.process is not None and party.alive:
            party.process.terminate()
            party.process.wait(timeout=30)


async def know_officials(pair: ServedPair) -> None:
    """Make the officials of both sides known to their nodes."""
    for party in (pair.a, pair.b):
        for role in ROLES:
            roles = ["signatory"] if role == "second" else [role]
            card = dict(party.people[role].card.to_json())
            await party.call("officials.add", card=card, roles=roles)
