"""What follows when a process has moved: rules act, contracts stand, work is called off.

Whatever is done, by a person or a rule, goes through ``Reacting.carry_out``: the room says whether
it may be done, and process, house log and message are one unit of work. Source: design 2 (ideas 2
and 5); ``docs/spec/09-connectors.md`` 9.5 to 9.7.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, MisuseError
from comity.node.courier import Courier
from comity.node.dataplane.accesses import Accesses
from comity.node.dataspace.book import Book
from comity.protocols.dsp.connectors import message_bytes, path_of
from comity.sharing.connectors import machine
from comity.sharing.connectors.model import FORMATS, PUSH, Exchange, PolicyOffer
from comity.sharing.connectors.openings import Moved
from comity.sharing.connectors.playbook import DELIVERED, Chosen, Do, choose
from comity.sharing.connectors.rulings import Facts
from comity.sharing.lifecycle import Step
from comity.sharing.model import Family, Role, State
from comity.storage.tx import Tx

MESSAGE: Final = "dataspace.message"
RULE: Final = "dataspace.rule"
FETCH: Final = "dataspace.fetch"
SEND: Final = "dataspace.push"


@attrs.define(kw_only=True)
class Reacting:
    """Moves processes on: by rules, and for persons.

    Attributes:
        courier: Brings messages, waits for delays, moves bytes.
        accesses: The runs of data, cut once their transfer is no longer started.
        sizes: How many bytes what runs at this moment has in all, where that is known.
        listeners: Called in the event loop after a process has moved.
        loop: That event loop, once there is one.
    """

    book: Book
    courier: Courier = attrs.field(init=False)
    accesses: Accesses = attrs.field(factory=Accesses)
    sizes: dict[str, int | None] = attrs.field(factory=dict)
    listeners: list[Callable[[Exchange], None]] = attrs.field(factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    def settle(self, tx: Tx, exchange: Exchange, *, how: JsonObject) -> None:
        """Keep a process that has come to a state, write it down, and do what follows.

        Args:
            tx: The unit of work.
            exchange: The process in its new state.
            how: What moved it, for the house log.
        """
        exchange = self._step(tx, exchange, how, house="taken" not in how)
        self.book.forget_note(tx, exchange.pid)
        self._guard_data(tx, exchange)
        if exchange.state is State.FINALIZED:
            self._contract(tx, exchange)
        if exchange.ended:
            for topic in (MESSAGE, RULE, FETCH, SEND):
                self.courier.cancel(tx, topic, exchange.pid)
            tx.on_commit(partial(self.book.ctx.payloads.forget, exchange.pid))
            return
        if exchange.state is State.STARTED and exchange.role is Role.PROVIDER:
            self._push(tx, exchange)
        # All bytes may have gone out before our start was acknowledged.
        gone = exchange.delivered and exchange.state is State.STARTED
        self.react(tx, exchange, on=DELIVERED if gone else exchange.state.value)

    def renewed(self, tx: Tx, exchange: Exchange, *, how: JsonObject) -> None:
        """Keep that a fresh address was taken: no state was reached by it, and no rule asked."""
        exchange = self._step(tx, exchange, how, house=False)
        self.book.forget_note(tx, exchange.pid)
        if exchange.delivered:  # all bytes may have gone out before that
            self.react(tx, exchange, on=DELIVERED)

    def react(self, tx: Tx, exchange: Exchange, *, on: str) -> None:
        """Ask the playbook what to do now that ``on`` is reached; nothing: a person decides."""
        chosen = choose(self.book.rules(tx), exchange, on=on)
        if chosen is None:
            return
        delay = chosen.rule.after_ms
        if delay == 0:
            self.by_rule(tx, exchange, chosen)
            return
        payload: JsonObject = {
            "pid": exchange.pid,
            "on": on,
            "state": str(exchange.state),
            "times": exchange.times(exchange.state),
            "number": chosen.number,
            "do": str(chosen.rule.do),
            "reason": chosen.rule.reason,
        }
        self.courier.cancel(tx, RULE, exchange.pid)
        self.courier.put(tx, RULE, exchange.pid, payload=payload, delay_ms=delay)

    def by_rule(self, tx: Tx, exchange: Exchange, chosen: Chosen) -> None:
        """Do what a rule says, if it may be done; else a person sees why not."""
        how: JsonObject = {"by_rule": chosen.number, "reason": chosen.rule.reason}
        try:
            self.carry_out(
                tx,
                exchange,
                chosen.rule.do,
                person=False,
                how=how,
                code="by_rule",
                reason=chosen.rule.reason,
            )
        except ComityError as error:
            code = str(error.facts.get("ruling") or error.code)
            self.book.note(tx, exchange.pid, why=error.message, rule=chosen.number, code=code)

    def carry_out(  # noqa: PLR0913  # what is done in which process, by whom, with which words
        self,
        tx: Tx,
        exchange: Exchange,
        do: Do,
        *,
        person: bool,
        how: JsonObject,
        code: str = "",
        reason: str = "",
        facts: Facts | None = None,
        offer: PolicyOffer | None = None,
    ) -> Exchange:
        """Do one thing in a process and send what it says; return the process.

        Raises:
            MisuseError: as ``machine.act``; ``connectors.ended``.
            RefusedError: ``sharing.refused``.
        """
        if exchange.ended:
            raise MisuseError(
                "connectors.ended", f"{exchange.pid} has ended: it is {exchange.state}."
            )
        moved = machine.act(
            exchange,
            do,
            facts=facts or self.book.facts_for(tx, exchange),
            person=person,
            code=code,
            reason=reason,
            offer=offer,
        )
        return self.send(tx, moved, how={"do": str(do), **how})

    def send(self, tx: Tx, moved: Moved, *, how: JsonObject) -> Exchange:
        """Keep what an act of ours brought, and order its message; return the process."""
        message, permitted = moved.message, moved.permitted
        body = None if message is None else message_bytes(message)
        ruling: JsonObject = (
            {} if permitted is None else {"article": permitted.article, "area": permitted.area}
        )
        exchange = self._step(tx, moved.exchange, {**how, "ruling": ruling}, house=True)
        self._guard_data(tx, exchange)
        if message is None or body is None:
            self.courier.put(tx, FETCH, exchange.pid, payload={"pid": exchange.pid})
            return exchange
        if message.step is Step.TERMINATE:  # it takes the place of what was not yet taken
            self.courier.cancel(tx, MESSAGE, exchange.pid)
        payload: JsonObject = {
            "pid": exchange.pid,
            "to": exchange.counterpart,
            "path": path_of(message, peer_pid=exchange.peer_pid),
            "body": base64url.encode(body),
            "step": str(message.step),
            "sent": exchange.sent,
            "opens": message.callback is not None,
        }
        self.courier.put(tx, MESSAGE, exchange.pid, payload=payload)
        return exchange

    def moving(self, pid: str) -> tuple[int, int | None] | None:
        """Return how many bytes of a transfer moved so far, and of how many; None: nothing runs."""
        so_far = self.accesses.moved(pid)
        return None if so_far is None else (so_far, self.sizes.get(pid))

    def noted(self, tx: Tx, exchange: Exchange, *, how: JsonObject) -> Exchange:
        """Write down what happened in a process that moves it nowhere; return the process."""
        return self._step(tx, exchange, how, house=True)

    def stop_data(self, tx: Tx, *, counterpart: str | None = None, dataset: str = "") -> None:
        """Cut the data that runs to a counterpart, or out of a dataset, once ``tx`` is durable."""
        for one in self.book.exchanges(tx, live=True):
            if one.family is Family.TRANSFER and (
                one.counterpart == counterpart or one.dataset == dataset
            ):
                tx.on_commit(partial(self.accesses.cut, one.pid))

    def delivered(self, tx: Tx, exchange: Exchange, *, how: JsonObject) -> Exchange:
        """Keep that all bytes went out, or came in and are right; then ask the playbook."""
        kept = attrs.evolve(exchange, delivered=True)
        kept = self._step(tx, kept, {"delivered": True, **how}, house=True)
        if not exchange.delivered and not kept.ended and kept.pending is None:
            self.react(tx, kept, on=DELIVERED)
        return kept

    def _push(self, tx: Tx, exchange: Exchange) -> None:
        if exchange.format == PUSH and exchange.address is not None:
            self.courier.cancel(tx, SEND, exchange.pid)
            self.courier.put(tx, SEND, exchange.pid, payload={"pid": exchange.pid})

    def _contract(self, tx: Tx, exchange: Exchange) -> None:
        formats: tuple[str, ...] = FORMATS
        if exchange.role is Role.PROVIDER:
            dataset = self.book.dataset(tx, exchange.dataset)
            formats = FORMATS if dataset is None else dataset.formats
        self.book.keep_contract(tx, machine.contract_of(exchange, formats=formats))

    def _guard_data(self, tx: Tx, exchange: Exchange) -> None:
        """Shut the door to the data once a transfer is not started; open it when it is again."""
        if exchange.family is not Family.TRANSFER:
            return
        pid, open_now = exchange.pid, exchange.standing is State.STARTED
        if not open_now:
            tx.on_commit(lambda: self.accesses.cut(pid))

    def _step(self, tx: Tx, exchange: Exchange, how: JsonObject, *, house: bool) -> Exchange:
        """Keep a process and what moved it; in the house log too, where that is no mere receipt."""
        exchange = attrs.evolve(exchange, serial=exchange.serial + 1)
        self.book.keep(tx, exchange)
        value: JsonObject = {
            "process": exchange.pid,
            "family": str(exchange.family),
            "role": str(exchange.role),
            "counterpart": exchange.counterpart,
            "dataset": exchange.dataset,
            "state": str(exchange.state),
            **how,
        }
        n = self.book.ctx.ledger.house(tx, "house.dataspace", value) if house else None
        self.book.keep_step(tx, exchange, n=n, how=value)
        if self.listeners:
            tx.on_commit(lambda: self._tell(exchange))
        return exchange

    def _tell(self, exchange: Exchange) -> None:
        if self.loop is not None and not self.loop.is_closed():
            for listener in self.listeners:
                self.loop.call_soon_threadsafe(listener, exchange)
