"""Bringing messages to registered connectors, acting on rules whose delay is over.

A message is tried until it is taken, rejected for good, or its process has ended. What a rejection
is follows the peers there are: an answer of 5xx, 409 or 429, and 404 for a process that the peer
knows, are passing conditions. Source: dataspace-protocol 7; edc-on-the-wire, behaviour; spec 9.7.
"""

from collections.abc import Callable
from typing import Final

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError, UnavailableError
from comity.node.courier import Carrier, Courier, Errand
from comity.node.dataspace.book import Book
from comity.node.dataspace.reacting import MESSAGE, RULE, Reacting
from comity.protocols.dsp.answers import read_error, read_process
from comity.sharing.connectors import machine
from comity.sharing.connectors.model import Counterpart
from comity.sharing.connectors.playbook import Chosen, choose
from comity.sharing.lifecycle import Step
from comity.sharing.model import Role, State
from comity.storage.tx import Tx
from comity.transport.client import PeerAnswer
from comity.transport.connector import ConnectorClient

#: Answers below 500 that say "not now"; EDC says 409 while its own loop holds the process.
PASSING: Final = frozenset({408, 409, 425, 429})
#: After so many answers of 404 the counterpart is taken to have forgotten the process.
_FORGOTTEN: Final = 8


@attrs.define(kw_only=True)
class Delivery:
    """What carries out the work that ``Reacting`` orders.

    Attributes:
        client: The client to one counterpart.
        registered: The counterpart with that id as it was registered last; memory only.
    """

    book: Book
    reacting: Reacting
    client: Callable[[Counterpart], ConnectorClient]
    registered: Callable[[str], Counterpart | None]

    def carriers(self) -> dict[str, Carrier]:
        """Return what carries out which topic."""
        return {MESSAGE: self.bring, RULE: self.fire}

    # --- messages -----------------------------------------------------------------------------

    async def bring(self, errand: Errand) -> None:
        """Bring one message.

        Raises:
            UnavailableError: It is to be tried again.
        """
        counterpart = await self._goes_to(errand)
        if counterpart is None:
            return
        body = base64url.decode(str(errand.payload["body"]), what="A stored message")
        try:
            answer = await self.client(counterpart).post(str(errand.payload["path"]), body)
        except PeerError as error:
            code, reason = error.code, error.message
            await self.book.ctx.store.write(
                lambda tx: self._over(tx, errand, code=code, reason=reason)
            )
            return
        await self._settle(errand, answer)

    async def _goes_to(self, errand: Errand) -> Counterpart | None:
        """Return to whom a message goes; None where it is called off or overtaken.

        One that is sent the moment it was ordered is as it was ordered. One that has waited mostly
        is, too: it is looked at, and written only where something has to change.
        """
        if errand.fresh:
            known = self.registered(str(errand.payload["to"]))
            if known is not None:
                return known
        store = self.book.ctx.store
        changes, counterpart = await store.read(lambda tx: self._still(tx, errand, writes=False))
        if changes:
            _, counterpart = await store.write(lambda tx: self._still(tx, errand, writes=True))
        return counterpart

    def _still(self, tx: Tx, errand: Errand, *, writes: bool) -> tuple[bool, Counterpart | None]:
        """Return whether something is to be kept first, and to whom the message goes."""
        exchange = self.book.find(tx, str(errand.payload["pid"]))
        if exchange is None or exchange.ended:
            return False, None  # its work was called off when it ended
        if not errand.payload["opens"]:
            step = Step(str(errand.payload["step"]))
            sent = _sent(errand)
            ours = machine.again(exchange, sent=sent, step=step)
            if ours != exchange and not writes:
                return True, None
            if ours != exchange:
                self.book.keep(tx, ours or machine.overtaken(exchange, sent=sent))
            if ours is None:
                self.courier.done(tx, errand)
                return False, None
        return False, self.book.counterpart(tx, exchange.counterpart)

    async def _settle(self, errand: Errand, answer: PeerAnswer) -> None:
        store, status = self.book.ctx.store, answer.status
        opens = bool(errand.payload["opens"])
        if 200 <= status < 300:
            await store.write(lambda tx: self._taken(tx, errand, answer))
            return
        forgotten = status == 404 and (opens or errand.attempts >= _FORGOTTEN)
        if status >= 500 or status in PASSING or (status == 404 and not forgotten):
            await store.write(lambda tx: self._withheld(tx, errand))
            raise UnavailableError(
                "connectors.not_taken",
                f"The counterpart's node answered with status {status}; the message is sent again.",
            )

        def rejected(tx: Tx) -> None:
            exchange = self.book.find(tx, str(errand.payload["pid"]))
            assert exchange is not None
            told = read_error(answer.body, family=exchange.family)
            self._over(tx, errand, code=told.code, reason=told.reason)

        await store.write(rejected)

    def _taken(self, tx: Tx, errand: Errand, answer: PeerAnswer) -> None:
        """Book what our message brought; a process that has meanwhile ended stays ended."""
        self.courier.done(tx, errand)
        exchange = self.book.find(tx, str(errand.payload["pid"]))
        if exchange is None or exchange.ended:
            return
        peer_pid: str | None = None
        if errand.payload["opens"]:
            try:
                said = read_process(answer.body, family=exchange.family)
            except PeerError as error:
                self._over(tx, errand, code=error.code, reason=error.message)
                return
            peer_pid = said.provider_pid if exchange.role is Role.CONSUMER else said.consumer_pid
        before = exchange
        try:
            exchange = machine.acknowledged(
                exchange,
                sent=None if errand.payload["opens"] else _sent(errand),
                peer_pid=peer_pid,
                at=self.book.ctx.now(),
            )
        except PeerError as error:
            self._over(tx, errand, code=error.code, reason=error.message)
            return
        if exchange == before:
            return
        how: JsonObject = {"taken": str(errand.payload["path"])}
        if before.state is exchange.state is State.STARTED:
            self.reacting.renewed(tx, exchange, how=how)
        else:
            self.reacting.settle(tx, exchange, how=how)

    def _withheld(self, tx: Tx, errand: Errand) -> None:
        exchange = self.book.find(tx, str(errand.payload["pid"]))
        if exchange is not None and not exchange.ended and not errand.payload["opens"]:
            self.book.keep(tx, machine.withheld(exchange, sent=_sent(errand)))

    def _over(self, tx: Tx, errand: Errand, *, code: str, reason: str) -> None:
        self.courier.done(tx, errand)
        exchange = self.book.find(tx, str(errand.payload["pid"]))
        if exchange is None or exchange.ended:
            return
        if not errand.payload["opens"] and not machine.on_its_way(exchange, _sent(errand)):
            return  # the counterpart has acted on it, or an end has taken its place
        ended = machine.over(exchange, code=code, reason=reason, at=self.book.ctx.now())
        self.reacting.settle(tx, ended, how={"rejected": code})

    # --- rules --------------------------------------------------------------------------------

    async def fire(self, errand: Errand) -> None:
        """Do what a rule says whose delay is over, if nothing has happened meanwhile."""

        def work(tx: Tx) -> None:
            self.courier.done(tx, errand)
            told = errand.payload
            exchange = self.book.find(tx, str(told["pid"]))
            if exchange is None or exchange.ended or exchange.pending is not None:
                return
            moved = (str(exchange.state), exchange.times(exchange.state))
            if moved != (told["state"], told["times"]):
                return
            chosen = choose(self.book.rules(tx), exchange, on=str(told["on"]))
            if chosen is None or not _same(chosen, told):
                self.book.note(
                    tx,
                    exchange.pid,
                    why="The rule that would have acted was changed meanwhile; a person decides.",
                    rule=None,
                )
                return
            self.reacting.by_rule(tx, exchange, chosen)

        await self.book.ctx.store.write(work)

    @property
    def courier(self) -> Courier:
        """Return who plans the work."""
        return self.reacting.courier


def _sent(errand: Errand) -> int:
    """Return which message of ours in its process it is."""
    sent = errand.payload["sent"]
    assert isinstance(sent, int)
    return sent


def _same(chosen: Chosen, told: JsonObject) -> bool:
    return (chosen.number, str(chosen.rule.do)) == (told["number"], told["do"])
