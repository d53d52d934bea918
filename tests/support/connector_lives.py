"""The life of a connector's node in this process, which names each moment and may end at one.

Moments are those around every commit that a message moves, and every answer that comes.
"""

import asyncio
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import attrs

from comity.foundation.canonical import JsonObject
from comity.node import conformance
from comity.node.courier import Errand
from comity.node.dataspace.book import row_of
from comity.node.dataspace.delivery import Delivery
from comity.node.dataspace.reacting import FETCH, MESSAGE, RULE, SEND, Reacting
from comity.node.node import Node
from comity.sharing.connectors.model import Exchange
from comity.sharing.connectors.openings import Moved
from comity.sharing.model import Family
from comity.storage.session import Session
from comity.storage.tx import Tx
from comity.transport.client import PeerAnswer
from comity.transport.serving import Door, bind, serve
from support.connector_nodes import operate, started
from support.connector_plays import CONSUMER, OPENED, PROVIDER, Play

Told: TypeAlias = dict[str, object]


@attrs.define(kw_only=True)
class Strike:
    """Tells of each moment and kills this process at one of them.

    Attributes:
        at: The moment; empty for none.
        report: Where moments are told.
    """

    at: str
    report: int
    _counts: Counter[str] = attrs.field(factory=Counter)
    _did: dict[int, list[str]] = attrs.field(factory=dict)
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def pass_by(self, moment: str) -> None:
        """Pass a moment, or end here."""
        tell(self.report, {"moment": moment})
        if moment == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(self, what: str) -> str:
        """Return what is done with its number, so that each time has a name."""
        with self._lock:
            self._counts[what] += 1
            return f"{what} {self._counts[what]}"

    def did(self, what: str) -> None:
        """Note what the transaction of this thread will commit."""
        self._did.setdefault(threading.get_ident(), []).append(self.counted(what))

    @contextmanager
    def committing(self) -> Iterator[None]:
        done = self._did.pop(threading.get_ident(), [])
        for what in done:
            self.pass_by(f"before the commit of {what}")
        yield
        for what in done:
            self.pass_by(f"after the commit of {what}")


def tell(report: int, what: Told) -> None:
    os.write(report, json.dumps(what).encode() + b"\n")


def watch(strike: Strike) -> None:
    """Have each moment of this process named."""
    _watch_commits(strike)
    _watch_steps(strike)
    _watch_answers(strike)


def _watch_commits(strike: Strike) -> None:
    command = Session.command

    def watched(self: Session, sql: str) -> None:
        if sql != "COMMIT":
            command(self, sql)
            return
        with strike.committing():
            command(self, sql)

    Session.command = watched  # type: ignore[method-assign]  # watched


def _watch_steps(strike: Strike) -> None:
    send, settle, delivered = Reacting.send, Reacting.settle, Reacting.delivered

    def watched_send(self: Reacting, tx: Tx, moved: Moved, *, how: JsonObject) -> Exchange:
        strike.did("the order to fetch" if moved.message is None else f"our {moved.message.step}")
        return send(self, tx, moved, how=how)

    def watched_settle(self: Reacting, tx: Tx, exchange: Exchange, *, how: JsonObject) -> None:
        if "came" in how:
            strike.did(f"their {how['came']}")
        settle(self, tx, exchange, how=how)

    def watched_delivered(
        self: Reacting, tx: Tx, exchange: Exchange, *, how: JsonObject
    ) -> Exchange:
        strike.did("the data")
        return delivered(self, tx, exchange, how=how)

    Reacting.send = watched_send  # type: ignore[method-assign]  # watched
    Reacting.settle = watched_settle  # type: ignore[method-assign]  # watched
    Reacting.delivered = watched_delivered  # type: ignore[method-assign]  # watched


def _watch_answers(strike: Strike) -> None:
    settle, taken, fire = Delivery._settle, Delivery._taken, Delivery.fire

    async def watched_answer(self: Delivery, errand: Errand, answer: PeerAnswer) -> None:
        strike.pass_by(strike.counted(f"their answer to our {errand.payload['step']}"))
        await settle(self, errand, answer)

    def watched_taken(self: Delivery, tx: Tx, errand: Errand, answer: PeerAnswer) -> None:
        strike.did(f"the receipt of our {errand.payload['step']}")
        taken(self, tx, errand, answer)

    async def watched_fire(self: Delivery, errand: Errand) -> None:
        strike.pass_by(strike.counted(f"the time to {errand.payload['do']}"))
        await fire(self, errand)

    Delivery._settle = watched_answer  # type: ignore[method-assign]  # watched
    Delivery._taken = watched_taken  # type: ignore[method-assign]  # watched
    Delivery.fire = watched_fire  # type: ignore[method-assign]  # watched


async def live(own: str, play: Play, folder: Path, *, port: int, strike: Strike) -> None:
    """Serve the node until SIGTERM; begin the play if nothing of it is there."""
    sock = bind("127.0.0.1", port, what="the connector", option="-")
    node = await started(folder)
    door = Door(name="node", app=conformance.conformance_site(node), sock=sock, tls=None)
    reacting, begun = node.dataspace.reacting, asyncio.Event()
    moved: set[str] = set()  # in this life; what was read from the database is older

    def state(exchange: Exchange) -> None:
        moved.add(exchange.pid)
        tell(strike.report, {"pid": exchange.pid, "ended": exchange.ended})

    async def begin() -> None:
        await begun.wait()
        found = await exchanges(node)
        for exchange in found:
            if exchange.pid not in moved:
                state(exchange)
        if not found and own == CONSUMER and play is not OPENED:
            await ask(node, play)

    reacting.listeners.append(state)
    task = asyncio.create_task(begin())

    def ready() -> None:
        tell(strike.report, {"ready": True})
        begun.set()

    await serve([door], ready=ready)
    await task
    tell(strike.report, {"left": await left(node)})
    await node.close()


async def exchanges(node: Node) -> list[Exchange]:
    return await node.ctx.store.read(lambda tx: list(node.dataspace.book.exchanges(tx)))


async def ask(node: Node, play: Play) -> None:
    """Do what a person does once."""
    if play.family is Family.NEGOTIATION:
        told: Told = {"counterpart": PROVIDER, "dataset": "chart-1", "offer": "offer-1"}
        await operate(node, "dataspace.negotiate", told)
    else:
        await operate(node, "dataspace.transfer", {"counterpart": PROVIDER, "contract": "given"})


async def left(node: Node) -> Told:
    """Return what the node holds."""
    book = node.dataspace.book

    def all_of_it(tx: Tx) -> Told:
        found = list(book.exchanges(tx))
        rows = [row for topic in (MESSAGE, RULE, FETCH, SEND) for row in tx.outbox.list(topic)]
        received = [book.received(tx, one.pid) for one in found]
        return {
            "exchanges": [dict(row_of(one)) for one in found],
            "contracts": sorted(one.id for one in book.contracts(tx)),
            "outbox": [f"{row.topic} {row.error}" for row in rows],
            "notes": [dict(note) for one in found if (note := book.note_of(tx, one.pid))],
            "bytes": [one["bytes"] for one in received if one is not None],
        }

    return await node.ctx.store.read(all_of_it)
