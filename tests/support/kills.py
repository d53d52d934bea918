"""Two nodes that live their story in a process which is killed at a chosen moment.

The process names every moment around a commit, a high-water mark and a send, and kills itself with
SIGKILL at the one it was told. Officials then go on from where the record stands: ``go_on`` does
what is still missing, whatever was done before, as people after a power cut would.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant
from comity.node import syncing
from comity.node.ledger import Ledger, NewAct, store_entries
from comity.node.node import Node
from comity.record.body import Body
from comity.record.envelope import Envelope, Seen
from comity.record.ports import LogHead
from comity.storage.highwater import HighMark, HighWater
from comity.storage.tx import Tx
from comity.transport.client import PeerAnswer
from support import stages
from support.two_nodes import FakePeer, Pair, Party, TickingClock, Wire, accept_letter, grant
from support.two_nodes import people_of as people

POWERS_S: Final = 300 * 24 * 3600
#: What each side's log holds when the story is over: nothing lost, nothing twice.
WHOLE: Final = {
    "Aldoria": {
        "letter.introduce": 1, "letter.accept": 1, "powers.grant": 2, "agreement.table": 1,
        "agreement.adopt": 1, "agreement.initial": 1, "signing.open": 1, "signing.ready": 1,
        "signing.signature": 2, "signing.conclude": 1, "agreement.suspend": 1,
        "agreement.resume": 1,
    },
    "Berevan": {
        "letter.introduce": 1, "letter.accept": 1, "powers.grant": 2, "agreement.table": 1,
        "agreement.talk": 1, "agreement.adopt": 1, "agreement.initial": 1, "signing.ready": 1,
        "signing.signature": 2, "signing.conclude": 1, "agreement.resume": 1,
    },
}  # fmt: skip  # a table


@attrs.define(kw_only=True)
class Reaper:
    """Counts moments and kills the process at one of them.

    Attributes:
        kill: Whether to end now; called with the moment's name.
        seen: Told of each moment.
    """

    kill: Callable[[str], bool]
    seen: Callable[[str], None]
    _done: dict[int, list[str]] = attrs.field(factory=dict)

    def at(self, moment: str) -> None:
        """Pass a moment, or end here."""
        self.seen(moment)
        if self.kill(moment):
            os.kill(os.getpid(), signal.SIGKILL)

    def did(self, what: str) -> None:
        """Note what the transaction of this thread will commit."""
        self._done.setdefault(threading.get_ident(), []).append(what)

    @contextmanager
    def committing(self) -> Iterator[None]:
        names = dict.fromkeys(self._done.pop(threading.get_ident(), []))
        if names:
            self.at(f"before the commit of {', '.join(names)}")
        yield
        if names:
            self.at(f"after the commit of {', '.join(names)}")


def watch(reaper: Reaper, node: Node) -> None:
    """Tell the reaper of every moment of all nodes in this process; ``node`` is one of them."""
    writer = node.ctx.store._writer
    _watch_commits(reaper, type(writer._database))
    _watch_heads(reaper, type(writer._tx.checkpoints))
    _watch_entries(reaper)
    _watch_marks(reaper)
    _watch_sends(reaper)


def _watch_commits(reaper: Reaper, database: type) -> None:
    command: Callable[[object, str], object] = getattr(database, "command")  # noqa: B009  # a class of the store

    def watched(self: object, sql: str) -> object:
        if sql != "COMMIT":
            return command(self, sql)
        with reaper.committing():
            return command(self, sql)

    setattr(database, "command", watched)  # noqa: B010  # a class of the store


class _Put(Protocol):
    """``Checkpoints.put`` before it is bound."""

    def __call__(
        self, checkpoints: object, origin: str, size: int, *, time: Instant, note: bytes
    ) -> object: ...


def _watch_heads(reaper: Reaper, checkpoints: type) -> None:
    put: _Put = getattr(checkpoints, "put")  # noqa: B009  # a class of the store

    def watched(self: object, origin: str, size: int, *, time: Instant, note: bytes) -> object:
        reaper.did("a cosigned head")
        return put(self, origin, size, time=time, note=note)

    setattr(checkpoints, "put", watched)  # noqa: B010  # a class of the store


def _watch_entries(reaper: Reaper) -> None:
    entry = Ledger._entry

    def watched_entry(
        self: Ledger, tx: Tx, origin: str, act: NewAct, *, seen: Seen, lc_floor: int
    ) -> tuple[Envelope, Body]:
        reaper.did(act.kind)
        return entry(self, tx, origin, act, seen=seen, lc_floor=lc_floor)

    def watched_store(
        tx: Tx, origin: str, raw: Sequence[bytes], *, envelopes: Sequence[Envelope]
    ) -> LogHead:
        for envelope in envelopes:
            reaper.did(f"their {envelope.kind}")
        return store_entries(tx, origin, raw, envelopes=envelopes)

    Ledger._entry = watched_entry  # type: ignore[method-assign]  # watched
    setattr(syncing, "store_entries", watched_store)  # noqa: B010  # where it is called from


def _watch_marks(reaper: Reaper) -> None:
    advance = HighWater.advance

    def watched(self: HighWater, log: str, *, size: int, root: bytes) -> HighMark:
        reaper.at("before the mark")
        mark = advance(self, log, size=size, root=root)
        reaper.at("after the mark")
        return mark

    HighWater.advance = watched  # type: ignore[method-assign]  # watched


def _watch_sends(reaper: Reaper) -> None:
    arrive = FakePeer.arrive

    async def watched(
        self: FakePeer, method: str, path: str, *, content: bytes, media: str
    ) -> PeerAnswer:
        what = "a request" if method == "POST" else "a question"
        reaper.at(f"before {what} is sent")
        answer = await arrive(self, method, path, content=content, media=media)
        reaper.at(f"after {what} was answered")
        return answer

    FakePeer.arrive = watched  # type: ignore[method-assign]  # watched


# --- the story, from wherever it stands -----------------------------------------------------------


async def go_on(pair: Pair) -> None:
    """Do what is still missing until the story is over."""
    await _meet(pair)
    await _table(pair)
    for status, step in (
        ("tabled", _talk),
        ("negotiating", _accept),
        ("clean", _adopt),
        ("agreed_ad_ref", _initial),
        ("initialled", _open_window),
        ("signing", _sign),
        ("in_force", _suspend_and_resume),
    ):
        if await stages.status(pair.a, pair.instrument) == status:
            await step(pair)
            await pair.settle()
    assert await stages.both(pair, "status") == ["in_force", "in_force"]


async def _meet(pair: Pair) -> None:
    for party in (pair.a, pair.b):
        if not (await party.call("status"))["relationships"]:
            letter = await pair.other(party).call("letters.export")
            await party.call("letters.export")
            await accept_letter(party, str(letter["letter"]))
    await pair.settle()
    for party in (pair.a, pair.b):
        listed = (await party.call("officials"))["officials"]
        assert isinstance(listed, list)
        held = {str(one["id"]) for one in listed if one["full_powers"]}
        for who in ("signatory", "second"):
            if who not in held:
                until = str(pair.clock.now().plus(POWERS_S))
                await grant(party, who, until=until)
    await pair.settle()


async def _table(pair: Pair) -> None:
    if await find_instrument(pair) is None:
        await stages.draft(pair)
    if await find_instrument(pair) == "drafting":
        await stages.table(pair, pair.a)
    await pair.settle()


async def find_instrument(pair: Pair) -> str | None:
    """Find the story's instrument at Aldoria; return its status there."""
    listed = (await pair.a.call("agreements"))["agreements"]
    assert isinstance(listed, list)
    for one in listed:
        pair.instrument = str(one["instrument"])
        return str(one["status"])
    return None


async def _talk(pair: Pair) -> None:
    await pair.b.call("agreements.talk", who="negotiator", instrument=pair.instrument)


async def _accept(pair: Pair) -> None:
    await stages.answer(pair, pair.b, "accept", "all")
    await stages.table(pair, pair.b)


async def _adopt(pair: Pair) -> None:
    await _each(pair, "adopt", "adopted")


async def _initial(pair: Pair) -> None:
    await _each(pair, "initial", "initialled")


async def _each(pair: Pair, operation: str, member: str) -> None:
    for party in (pair.a, pair.b):
        if party.did not in str((await stages.show(party, pair.instrument))[member]):
            await stages.act(pair, party, operation)


async def _open_window(pair: Pair) -> None:
    for party in (pair.a, pair.b):
        await party.call("agreements.clear", who="mandate_holder", instrument=pair.instrument)
    if (await stages.show(pair.a, pair.instrument))["attempt"] is None:
        now = pair.clock.now()
        times = {"opens": str(now), "closes": str(now.plus(stages.HOUR_S))}
        await pair.a.call(
            "agreements.window", who="negotiator", instrument=pair.instrument, **times
        )
        await pair.settle()
    await pair.b.call("agreements.ready", who="negotiator", instrument=pair.instrument)


async def _sign(pair: Pair) -> None:
    for party in (pair.a, pair.b):
        for who in ("signatory", "second"):
            attempt = (await stages.show(party, pair.instrument))["attempt"]
            assert isinstance(attempt, dict)
            name = party.people[who].card.name
            lines = attempt["signatures"]
            assert isinstance(lines, list)
            if not any(one["name"] == name and one["signed"] for one in lines):
                await stages.act(pair, party, "sign", who=who)


async def _suspend_and_resume(pair: Pair) -> None:
    kinds = await kinds_of(pair, pair.a)
    if "agreement.suspend" not in kinds:
        await stages.act(pair, pair.a, "suspend", units=["Article 2"])
    for party in (pair.a, pair.b):
        if "agreement.resume" not in await kinds_of(pair, party):
            await stages.act(pair, party, "resume")


async def kinds_of(pair: Pair, party: Party) -> dict[str, int]:
    """Return how many entries of each kind a party's own log holds."""
    made: dict[str, int] = {}
    page = await party.call(
        "record.entries", counterpart=pair.other(party).did, log="ours", limit=1000
    )
    rows = page["entries"]
    assert isinstance(rows, list)
    for row in rows:
        made[str(row["kind"])] = made.get(str(row["kind"]), 0) + 1
    return made


# --- the process that is killed -------------------------------------------------------------------


class Acknowledging(Party):
    """A party whose acknowledged acts are written to a file at once."""

    acks: int = 2

    async def call(
        self, operation: str, *, who: str | None = None, **members: object
    ) -> JsonObject:
        answer = await super().call(operation, who=who, **members)
        outcome = answer.get("outcome")
        entry = (outcome if isinstance(outcome, dict) else answer).get("entry")
        if isinstance(entry, int):
            os.write(self.acks, f"{self.name} {entry}\n".encode())
        return answer


async def opened(root: Path) -> Pair:
    """Return both nodes of the folders below ``root``, started."""
    a, b = (Party(name=name, folder=root / name, people=people(name)) for name in WHOLE)
    pair = Pair(a=a, b=b, wire=Wire(), clock=TickingClock())
    for party in (a, b):
        await pair.start(party)
    return pair


async def live(root: Path, reaper: Reaper) -> None:
    """Live on until the reaper strikes or the story is over."""
    acks = os.open(root / "acknowledged", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def make(name: str) -> Party:
        party = Acknowledging(name=name, folder=root / name, people=people(name))
        party.acks = acks
        return party

    a, b = make("Aldoria"), make("Berevan")
    pair = Pair(a=a, b=b, wire=Wire(), clock=TickingClock())
    watch(reaper, pair.open(a))
    pair.open(b)
    for party in (a, b):
        await party.node.start()
    await pair.settle()
    await go_on(pair)
    await pair.close()


def first_of_each(root: Path) -> Reaper:
    """Return a reaper that strikes at each moment's name once, in all the lives together."""
    struck = root / "struck"
    before = set(struck.read_text().splitlines()) if struck.exists() else set()
    number = os.open(struck, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    once = threading.Lock()  # never given back: of two threads that meet a moment, one strikes

    def kill(moment: str) -> bool:
        if moment in before or not once.acquire(blocking=False):
            return False
        os.write(number, f"{moment}\n".encode())
        return True

    return Reaper(kill=kill, seen=lambda _: None)


def nth(root: Path, place: int) -> Reaper:
    """Return a reaper that strikes at one moment by its place, and only in the first life."""
    struck = root / "struck"
    counted = [0]

    def kill(moment: str) -> bool:
        counted[0] += 1
        if struck.exists() or counted[0] != place:
            return False
        struck.write_text(moment)
        return True

    return Reaper(kill=kill, seen=lambda _: None)


def lives(root: Path, make: Callable[[], Reaper], *, most: int) -> int:
    """Fork one life after another until one comes to the end of the story; return how many."""
    for life in range(1, most + 1):
        child = os.fork()
        if child == 0:
            asyncio.run(live(root, make()))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            return life
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"life {life} ended by itself with status {status}")
    sys.exit(f"the story has no end after {most} lives")


def main() -> None:
    """Run the lives; the arguments are the folder and «each» or the place of one moment."""
    root, which = Path(sys.argv[1]), sys.argv[2]
    if which == "each":
        count = lives(root, lambda: first_of_each(root), most=200)
    else:
        count = lives(root, lambda: nth(root, int(which)), most=2)
    os.write(1, f"{count}\n".encode())
