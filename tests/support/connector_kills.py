"""Two connectors, two processes, SIGKILL at a moment that is named: every one of them in turn.

A play runs once unharmed and names each moment around the commits and sends of both nodes. Then it
runs once for each of them: the node whose moment it is kills itself there, is started again in its
folder, and both must come to the end of the play without anybody's help. Nodes are forked from a
process that has loaded everything, so that a life costs milliseconds.

Run as a program by the fault tests: ``connector_kills.py FOLDER``, what to play on stdin as JSON;
one JSON line per life of a play on stdout.
"""

import asyncio
import faulthandler
import gc
import http.client
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import attrs

from comity.sharing.model import Role, State
from support.connector_lives import Strike, Told, live, watch
from support.connector_nodes import OFFER, TEXT, message, started
from support.connector_plays import CONSUMER, OPENED, PLAYS, PROVIDER, Play

#: How long a play may take, and a node to say something.
WAIT_S: Final = 90.0


# --- the process that forks it ----------------------------------------------------------------


@attrs.define(kw_only=True)
class Place:
    """One node's folder and port, and the process that lives there now."""

    own: str
    play: Play
    folder: Path
    port: int
    pid: int = 0
    pipe: int = -1
    moments: list[str] = attrs.field(factory=list)
    ended: dict[str, bool] = attrs.field(factory=dict)
    left: Told = attrs.field(factory=dict)
    ready: bool = False
    _read: bytes = b""

    def start(self, moment: str = "") -> None:
        """Fork a life; it ends at ``moment`` if that comes."""
        self.pipe, report = os.pipe()
        self.ready = False
        self.pid = os.fork()
        if self.pid == 0:
            self._be(moment, report)
        os.close(report)

    def _be(self, moment: str, report: int) -> None:
        log = os.open(self.folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(log, 2)
        faulthandler.enable()
        try:
            strike = Strike(at=moment, report=report)
            watch(strike)
            asyncio.run(live(self.own, self.play, self.folder, port=self.port, strike=strike))
            os._exit(0)
        except BaseException:  # noqa: BLE001  # the child must not go on as its parent
            traceback.print_exc()
            os._exit(1)

    def hear(self) -> bool:
        """Take in what the node says; return whether it still lives."""
        came = os.read(self.pipe, 1 << 16)
        *lines, self._read = (self._read + came).split(b"\n")
        for line in lines:
            told = json.loads(line)
            if "moment" in told:
                self.moments.append(told["moment"])
            elif "pid" in told:
                self.ended[told["pid"]] = told["ended"]
            elif "left" in told:
                self.left = told["left"]
            else:
                self.ready = True
        return bool(came)

    def reap(self) -> int:
        """Return how the process ended."""
        os.close(self.pipe)
        self._read = b""
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return status

    def end(self, number: int) -> None:
        """Send the process a signal and wait for its end; what it says meanwhile is heard."""
        if self.pid:
            os.kill(self.pid, number)
            while self.hear():
                pass
            self.reap()

    def called(self, method: str, path: str, body: bytes | None = None) -> tuple[int, Told]:
        """Return status and body of the answer to a call; 0 and nothing: there was none."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        headers = {"authorization": "secret", "content-type": "application/json"}
        with suppress(OSError, http.client.HTTPException):
            wire.request(method, f"/dsp/2025-1{path}", body=body, headers=headers)
            answer = wire.getresponse()
            told = json.loads(answer.read())
            assert isinstance(told, dict)
            return answer.status, told
        return 0, {}


@attrs.define(kw_only=True)
class Case:
    """One life of a play.

    Attributes:
        victim: Who is killed; empty for nobody.
        moment: Where.
    """

    play: Play
    after: str
    victim: str = ""
    moment: str = ""

    def run(self, root: Path, template: Path, ports: Sequence[int]) -> Told:
        """Live it; return what was seen and what is wrong with it."""
        shutil.rmtree(root, ignore_errors=True)
        places = []
        for own, role in ((PROVIDER, Role.PROVIDER), (CONSUMER, Role.CONSUMER)):
            folder = root / own.rpartition(":")[2]
            shutil.copytree(template / own.rpartition(":")[2], folder)
            text = profile(own, rules=self.play.rules(role, after=self.after), ports=ports)
            (folder / "profile.toml").write_text(text, encoding="utf-8")
            port = ports[own == CONSUMER]
            places.append(Place(own=own, play=self.play, folder=folder, port=port))
        wrong = self._live(places)
        return {
            "play": self.play.name,
            "after": self.after,
            "victim": self.victim,
            "moment": self.moment,
            "wrong": wrong,
            "moments": {place.own: place.moments for place in places},
        }

    def _live(self, places: Sequence[Place]) -> list[str]:
        killed = not self.victim
        until = time.monotonic() + WAIT_S
        try:
            with selectors.DefaultSelector() as waiting:
                for place in places:
                    self._start(place, waiting, until)
                while time.monotonic() < until:
                    if killed and all(one.ended and all(one.ended.values()) for one in places):
                        break
                    for key, _ in waiting.select(timeout=0.5):
                        place = key.data
                        if place.hear():
                            continue
                        waiting.unregister(place.pipe)
                        status = place.reap()
                        if place.own != self.victim or killed or status != signal.SIGKILL:
                            log = (place.folder / "log").read_text(errors="replace")
                            return [
                                f"{place.own} ended by itself with status {status}",
                                log[-6000:],
                            ]
                        killed = True
                        self._start(place, waiting, until, again=True)
                else:
                    return [
                        "it never ends" if killed else "the moment never came",
                        *self._why(places),
                    ]
            return self._compared(places)
        finally:
            for place in places:
                place.end(signal.SIGKILL)

    def _start(
        self,
        place: Place,
        waiting: selectors.BaseSelector,
        until: float,
        *,
        again: bool = False,
    ) -> None:
        """Start a node and wait until it answers, or is dead already."""
        armed = place.own == self.victim and not again
        place.start(self.moment if armed else "")
        while not place.ready and time.monotonic() < until:
            if not place.hear():
                break
        waiting.register(place.pipe, selectors.EVENT_READ, place)

    def _why(self, places: Sequence[Place]) -> list[str]:
        for place in places:
            place.end(signal.SIGTERM)
        return [json.dumps({one.own: one.left}, sort_keys=True)[:3000] for one in places]

    def _compared(self, places: Sequence[Place]) -> list[str]:
        """Return what is not alike at both ends, or not as the play ends."""
        gives, takes = places
        states = [
            place.called("GET", f"/{self.play.family}s/{pid}")[1].get("state")
            for place in places
            for pid in place.ended
        ]
        for place in places:
            place.end(signal.SIGTERM)
        both = [rows_of(one.left) for one in places]
        wrong = [] if states == [self.play.end] * 2 else [f"asked, they say {states}"]
        if [len(rows) for rows in both] != [1, 1]:
            return [*wrong, f"processes: {[len(rows) for rows in both]}"]
        (given,), (taken,) = both
        expected: dict[str, tuple[object, object]] = {
            "states": ([given["state"], taken["state"]], [self.play.end] * 2),
            "pids": ([given["pid"], taken["pid"]], [taken["peer_pid"], given["peer_pid"]]),
            "on its way": ([one["pending"] for one in (given, taken)], [None, None]),
            "withheld": ([one["withheld"] for one in (given, taken)], [False, False]),
            "contract": (given["contract"], taken["contract"]),
            "contracts": (gives.left["contracts"], takes.left["contracts"]),
            "outbox": ([one.left["outbox"] for one in places], [[], []]),
            "notes": ([one.left["notes"] for one in places], [[], []]),
            "delivered": (taken["delivered"], takes.left["bytes"] == [len(TEXT)]),
        }
        if self.play.end is not State.TERMINATED:  # an end does not show that ours arrived
            expected["reached"] = (given["reached"], taken["reached"])
        if self.play.data:
            expected["data"] = (taken["delivered"], True)
        wrong += [f"{what}: {a} / {b}" for what, (a, b) in expected.items() if a != b]
        return wrong


def rows_of(left: Told) -> list[Told]:
    """Return the processes that a node holds."""
    rows = left["exchanges"]
    assert isinstance(rows, list)
    return rows


def profile(own: str, *, rules: str, ports: Sequence[int]) -> str:
    """Return a node's profile."""
    gives = own == PROVIDER
    other, role = (CONSUMER, "provider") if gives else (PROVIDER, "consumer")
    dataset = (
        f'[[dataset]]\nid = "chart-1"\nsource = {{ kind = "text", text = "{TEXT}" }}\n'
        'offers = [{ id = "offer-1", policy = { permission = [{ action = "use" }] } }]\n'
        f'to = ["{other}"]\n'
    )
    return (
        f'[node]\nname = "{own}"\nparticipant = "{own}"\nport = {ports[not gives]}\n'
        f"api_port = {ports[2]}\n"
        f'[[counterpart]]\nid = "{other}"\nbase = "http://127.0.0.1:{ports[gives]}/dsp/2025-1"\n'
        'identity = { kind = "static", header = "secret" }\n'
        + (dataset if gives else "")
        + f'[[agreement]]\nid = "given"\nrole = "{role}"\ncounterpart = "{other}"\n'
        f'dataset = "chart-1"\n{rules}'
    )


@attrs.define(kw_only=True)
class Opening:
    """A negotiation that a provider opens, which our own never does: said until it is answered.

    Attributes:
        moment: Where the consumer is killed.
    """

    moment: str

    def run(self, root: Path, template: Path, ports: Sequence[int]) -> Told:
        """Live it; return what was seen and what is wrong with it."""
        shutil.rmtree(root, ignore_errors=True)
        folder = root / "consumer"
        shutil.copytree(template / "consumer", folder)
        (folder / "profile.toml").write_text(profile(CONSUMER, rules="", ports=ports))
        place = Place(own=CONSUMER, play=OPENED, folder=folder, port=ports[1])
        body = message(
            "ContractOfferMessage",
            **{"@id": "urn:x:offer", "providerPid": "p-1", "offer": OFFER},
            callbackAddress=f"http://127.0.0.1:{ports[0]}/dsp/2025-1",
        )
        statuses: list[int] = []
        pid, state = "", None
        try:
            for moment in (self.moment, "", ""):
                if not place.pid:
                    place.start(moment)
                    while not place.ready and place.hear():
                        pass
                status, told = place.called("POST", "/negotiations/offers", body)
                statuses.append(status)
                if not status:
                    place.end(signal.SIGKILL)
                pid = str(told.get("consumerPid", pid))
            state = place.called("GET", f"/negotiations/{pid}")[1].get("state")
        finally:
            place.end(signal.SIGTERM)
        again = 200 if self.moment.startswith("after") else 201
        expected = ([0, again, 200], "OFFERED", [["p-1", "OFFERED", {"OFFERED": 1}]])
        found = [
            [row[name] for name in ("peer_pid", "state", "reached")] for row in rows_of(place.left)
        ]
        wrong = [] if (statuses, state, found) == expected else [f"{statuses} {state} {found}"]
        return {"play": "opened-by-provider", "moment": self.moment, "wrong": wrong}


# --- all of them ------------------------------------------------------------------------------


def template(root: Path) -> Path:
    """Make both folders once; each life gets copies."""

    async def make(folder: Path) -> None:
        node = await started(folder)
        await node.close()

    for own in (PROVIDER, CONSUMER):
        folder = root / "template" / own.rpartition(":")[2]
        folder.mkdir(parents=True)
        (folder / "profile.toml").write_text(profile(own, rules="", ports=(1, 2, 3)))
        child = os.fork()  # who forks lives later has no database, loop or thread of its own
        if child == 0:
            asyncio.run(make(folder))
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    return root / "template"


def ports_for(worker: int) -> list[int]:
    """Return ports outside the range from which the system takes those of callers."""
    found: list[int] = []
    number = 15_000 + (os.getpid() * 37 + worker * 401) % 16_000
    while len(found) < 3:
        number += 1
        with socket.socket() as sock, suppress(OSError):
            sock.bind(("127.0.0.1", number))
            found.append(number)
    return found


def run_all(root: Path, cases: Sequence[Case | Opening], made: Path, *, jobs: int) -> list[Told]:
    """Run cases, ``jobs`` at a time; return what came of them."""
    workers = []
    for worker in range(jobs):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            ports = ports_for(worker)
            try:
                for case in cases[worker::jobs]:
                    tell_all(writing, case.run(root / f"worker-{worker}", made, ports))
                os._exit(0)
            except BaseException:  # noqa: BLE001  # the child must not go on as its parent
                traceback.print_exc()
                os._exit(1)
        os.close(writing)
        workers.append((child, reading))
    results: list[Told] = []
    for child, reading in workers:
        with open(reading, "rb") as lines:  # noqa: PTH123  # a pipe
            results += [json.loads(line) for line in lines]
        if os.waitpid(child, 0)[1]:
            sys.exit("a worker has failed")
    return results


def tell_all(report: int, what: Told) -> None:
    """Write a line of any length."""
    rest = json.dumps(what).encode() + b"\n"
    while rest:
        rest = rest[os.write(report, rest) :]


def main() -> None:
    """Play what stdin names; unharmed first, then once per moment.

    ``plays``: names, each with the delay of its rules; ``moments``: ``each`` of them, the ``first``
    of each kind, ``none``, or those of an ``opening`` by a provider; ``jobs``: so many at a time.
    """
    root = Path(sys.argv[1])
    wanted = json.loads(sys.stdin.read())
    made = template(root)
    gc.freeze()  # forked processes leave alone what is never collected
    jobs = int(wanted["jobs"])
    unharmed = [Case(play=PLAYS[name], after=after) for name, after in wanted["plays"]]
    first = run_all(root, unharmed, made, jobs=jobs)
    for told in first:
        tell_all(1, told)
    seen: set[str] = set()
    cases: list[Case] = []
    for told in first:
        moments = told["moments"]
        assert isinstance(moments, dict)
        for own, named in {} if wanted["moments"] == "none" else moments.items():
            for moment in dict.fromkeys(named):
                known = f"{own} {moment.rpartition(' ')[0]}"
                if wanted["moments"] == "each" or known not in seen:
                    seen.add(known)
                    play = PLAYS[str(told["play"])]
                    cases.append(
                        Case(play=play, after=str(told["after"]), victim=own, moment=moment)
                    )
    opened = [
        Opening(moment=f"{point} the commit of their offer 1")
        for point in (("before", "after") if wanted["moments"] == "opening" else ())
    ]
    for told in run_all(root, [*opened, *cases], made, jobs=jobs):
        tell_all(1, told)


if __name__ == "__main__":
    main()
