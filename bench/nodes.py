"""Acts through two real nodes: from one node's command to the counterpart's cosigned entry.

The floor beside it is what the same act cannot do without, measured in the same run and one after
another: four durable commits, two high-water marks made durable, two pairs of signatures made and
checked. No HTTP, no TLS, no rule, no JSON.
"""

import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.node.clock import SystemClock
from comity.node.founding import Founding, found
from comity.parties.signatures import sign_document
from comity.sdk import Comity
from comity.storage.keyfiles import Personal, generate_personal, load_node_keys, load_personal
from lines import Line, NotYetError, milliseconds
from processes import BUILD, environment

ACTS: Final = 60
WARM_UP: Final = 5
WRITERS: Final = 8
START_S_MAX: Final = 30.0
_PASSPHRASE: Final = b"bench bench"
_TEXT: Final = "".join(
    f"Article {n}\nSubject {n}\n\n1. The Parties shall do the thing number {n}.\n\n"
    for n in range(1, 41)
)


class Party:
    """One party of the bench: folder, two appointing officials, node."""

    def __init__(self, root: Path, name: str) -> None:
        self.folder = root / name
        self.people: dict[str, Personal] = {}
        for role in ("mandate_holder", "legal_adviser"):
            folder = root / f"{name}-people" / role
            generate_personal(
                folder, id=role, name=f"{name} {role}", office=role, passphrase=_PASSPHRASE
            )
            self.people[role] = load_personal(folder, passphrase=_PASSPHRASE)
        self.port, self.local_port = _free_port(), _free_port()
        found(
            self.folder,
            Founding(
                name=name,
                form="state",
                purpose="demonstration",
                host="localhost",
                port=self.port,
                local_port=self.local_port,
            ),
            appointing=[one.card for one in self.people.values()],
            clock=SystemClock(),
        )
        self.did = f"did:web:localhost%3A{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        ready = self.folder / "ready"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comity", "--folder", str(self.folder), "serve",
             "--ready-file", str(ready)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
        )  # fmt: skip  # one line for each thing
        end = time.monotonic() + START_S_MAX
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                raise NotYetError("acts through two nodes: a node does not start")
            time.sleep(0.01)
        for role, person in self.people.items():
            roles = ["negotiator", role]
            self.call("officials.add", card=dict(person.card.to_json()), roles=roles)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(15)

    def call(self, name: str, who: str | None = None, **members: object) -> JsonObject:
        return Comity.from_folder(self.folder, as_=who).call(name, members)  # type: ignore[arg-type]  # the members are JSON

    def sign(self, request: JsonObject) -> None:
        for who, person in self.people.items():
            jws = sign_document(
                base64url.decode(str(request["document"]), what="document"),
                signer=person.signer,
                capacity=str(request["capacity"]),
                on_behalf_of=str(request["party"]),
                full_powers=None,
            )
            signatures = base64url.encode(jws)
            self.call(
                "requests.deliver", who=who, request=request["request"], signatures=signatures
            )


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def meet(a: Party, b: Party) -> None:
    """Let two parties accept each other's letters."""
    letters = {one.did: one.call("letters.export")["letter"] for one in (a, b)}
    for one, other in ((a, b), (b, a)):
        mark = one.call("letters.read", letter=letters[other.did])["fingerprint"]
        assert isinstance(mark, dict)
        request = one.call(
            "letters.accept",
            who="mandate_holder",
            letter=letters[other.did],
            fingerprint=mark["groups"],
        )
        one.sign(request)


def _act(party: Party, instrument: str, n: int) -> float:
    """Return how long the tabling of one word takes until the counterpart has cosigned it."""
    party.call(
        "agreements.answer",
        who="mandate_holder",
        instrument=instrument,
        answer="explain",
        units=["Article 1"],
        words=f"note {n}",
    )
    began = time.perf_counter()
    answer = party.call("agreements.table", who="mandate_holder", instrument=instrument)
    took = time.perf_counter() - began
    if not answer.get("held_by_counterpart"):
        raise NotYetError("acts through two nodes: the counterpart does not cosign")
    return took


def draft(party: Party, other: Party, title: str, *, text: str = _TEXT) -> str:
    """Return the instrument of a draft that was tabled."""
    answer = party.call(
        "agreements.draft", who="mandate_holder", text=text, title=title, counterpart=other.did
    )
    instrument = str(answer["instrument"])
    party.call("agreements.table", who="mandate_holder", instrument=instrument)
    return instrument


def _floor(root: Path, party: Party) -> float:
    """Return the median time of what one act cannot do without, in seconds."""
    keys = load_node_keys(party.folder / "keys")
    database = sqlite3.connect(root / "floor.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE entry (n INTEGER PRIMARY KEY, data BLOB)")
    head = b"head" * 50

    def commit() -> None:
        database.execute("INSERT INTO entry (data) VALUES (?)", (b"x" * 1500,))

    def mark() -> None:
        with (root / "mark").open("wb") as file:
            file.write(b"m" * 300)
            file.flush()
            os.fsync(file.fileno())

    def signatures() -> None:
        for signer in (keys.log.ed, keys.log.pq):
            signature = signer.sign(head)
            for _ in range(2):
                assert signer.public.verify(signature, head)

    steps: tuple[Callable[[], None], ...] = (
        commit, mark, signatures, commit, commit, mark, signatures, commit,
    )  # fmt: skip  # in the order in which an act does them
    samples = []
    for _ in range(ACTS):
        began = time.perf_counter()
        for step in steps:
            step()
        samples.append(time.perf_counter() - began)
    database.close()
    return statistics.median(samples)


def measure() -> list[Line]:
    """Return latency and rate of acts through two nodes, beside their floor."""
    BUILD.mkdir(exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="nodes-", dir=BUILD))
    parties = [Party(root, "Aldoria"), Party(root, "Berevan")]
    try:
        for party in parties:
            party.start()
        a, b = parties
        meet(a, b)
        instrument = draft(a, b, "One")
        for n in range(WARM_UP):
            _act(a, instrument, n)
        samples = [_act(a, instrument, n) for n in range(ACTS)]
        floor = _floor(root, a)
        many = [draft(a, b, f"Many {n}") for n in range(WRITERS)]
        began = time.perf_counter()
        with ThreadPoolExecutor(WRITERS) as pool:
            for done in [
                pool.submit(lambda one=one: [_act(a, one, n) for n in range(ACTS // 4)])  # type: ignore[misc]  # the default binds the loop's value
                for one in many
            ]:
                done.result()
        rate = WRITERS * (ACTS // 4) / (time.perf_counter() - began)
    finally:
        for party in parties:
            party.stop()
        shutil.rmtree(root, ignore_errors=True)
    median = statistics.median(samples)
    return [
        Line(
            what="one act, command to cosigned entry, through two nodes",
            figure=milliseconds(samples),
            beside=f"its floor: {floor * 1000:.1f} ms",
            ratio=f"{median / floor:.1f}",
        ),
        Line(
            what=f"acts through two nodes, {WRITERS} officials at once",
            figure=f"{rate:,.0f}/s",
            beside=f"one after another: {1 / median:,.0f}/s",
            ratio=f"{rate * median:.1f}",
        ),
    ]
