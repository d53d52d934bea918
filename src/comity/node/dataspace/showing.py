"""Registered connectors and what moves with them, as officials see it, and why it waits.

Source: issue 5, «why does this wait»; spec 9.6.
"""

import attrs

from comity.api import dataspace as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.node.dataspace.book import Book
from comity.node.dataspace.reacting import FETCH, MESSAGE, RULE, SEND
from comity.sharing.connectors.model import Contract, Counterpart, Dataset, Exchange
from comity.sharing.connectors.waits import Whose, wait_of
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class Showing:
    """The desk that shows; it changes nothing."""

    book: Book

    def connectors(self, tx: Tx) -> JsonObject:
        """Return the registered connectors."""
        return {"connectors": [_counterpart(one) for one in self.book.counterparts(tx)]}

    def connector(self, tx: Tx, request: asks.OneConnector) -> JsonObject:
        """Return one of them, with what is under way."""
        found = self.book.named(tx, request.connector)
        live = [one for one in self.book.exchanges(tx, live=True) if one.counterpart == found.id]
        return {**_counterpart(found), "open": [self._line(tx, one) for one in live]}

    def datasets(self, tx: Tx) -> JsonObject:
        """Return what we offer to registered connectors."""
        return {"datasets": [_dataset(one) for one in self.book.datasets(tx)]}

    def contracts(self, tx: Tx) -> JsonObject:
        """Return the contracts with registered connectors."""
        names = self._names(tx)
        return {"contracts": [_contract(one, names) for one in self.book.contracts(tx)]}

    def exchanges(self, tx: Tx) -> JsonObject:
        """Return all negotiations and transfers, what came to its state last first."""
        found = sorted(self.book.exchanges(tx), key=lambda one: (-one.since.seconds, one.pid))
        return {"exchanges": [self._line(tx, one) for one in found]}

    def inbox(self, tx: Tx) -> JsonObject:
        """Return what waits for a person of ours, the oldest first."""
        waiting = [
            one
            for one in self.book.exchanges(tx, live=True)
            if wait_of(one).whose is Whose.US or self.book.note_of(tx, one.pid) is not None
        ]
        waiting.sort(key=lambda one: (one.since.seconds, one.pid))
        return {"inbox": [self._line(tx, one) for one in waiting]}

    def found(self, tx: Tx, named: str) -> Exchange:
        """Return a process by our id or theirs, the beginning of ours, or ``last``.

        Raises:
            MisuseError: ``connectors.no_exchange``.
        """
        exact = self.book.find(tx, named)
        if exact is not None:
            return exact
        alike = [
            one
            for one in self.book.exchanges(tx)
            if named in {one.peer_pid, "last"}
            or one.pid.removeprefix("urn:uuid:").startswith(named)
        ]
        if not alike or (len(alike) > 1 and named != "last"):
            raise MisuseError(
                "connectors.no_exchange", f"There is no negotiation or transfer {named[:60]!r}."
            )
        return max(alike, key=lambda one: (one.opened.seconds, one.since.seconds))

    def exchange(self, tx: Tx, request: asks.OneExchange) -> JsonObject:
        """Return one process: what moved it, who must act, and what could be done."""
        found = self.found(tx, request.exchange)
        offer = found.offer
        return {
            **self._line(tx, found),
            "theirs": found.peer_pid,
            "offer": None if offer is None else offer.id,
            "policy": None if offer is None else offer.policy,
            "address": None if found.address is None else found.address.endpoint,
            "opened": str(found.opened),
            "delivered": found.delivered,
            "received": self.book.received(tx, found.pid),
            "steps": list(self.book.steps(tx, found.pid)),
        }

    def _line(self, tx: Tx, exchange: Exchange) -> JsonObject:
        wait = wait_of(exchange)
        names = self._names(tx)
        return {
            "exchange": exchange.pid,
            "family": str(exchange.family),
            "role": str(exchange.role),
            "counterpart": exchange.counterpart,
            "name": names.get(exchange.counterpart, exchange.counterpart),
            "dataset": exchange.dataset,
            "contract": exchange.contract,
            "format": exchange.format,
            "state": str(exchange.state),
            "pending": None if exchange.pending is None else str(exchange.pending),
            "ended": exchange.ended,
            "since": str(exchange.since),
            "code": exchange.code,
            "reason": exchange.reason,
            "waits": {
                "for": str(wait.whose),
                "since": str(wait.since),
                "why": wait.why,
                "can": [str(each) for each in wait.can],
                "odd": exchange.odd,
                "note": self.book.note_of(tx, exchange.pid),
                "work": self._work(tx, exchange),
            },
        }

    def _work(self, tx: Tx, exchange: Exchange) -> list[Json]:
        """Return our work that is left: what it is, how often it was tried, what was said."""
        if exchange.ended:
            return []
        return [
            {
                "what": topic.partition(".")[2],
                "attempts": row.attempts,
                "error": row.error or None,
                "next": str(row.due),
            }
            for topic in (MESSAGE, RULE, FETCH, SEND)
            for row in tx.outbox.list(topic)
            if row.key == exchange.pid
        ]

    def _names(self, tx: Tx) -> dict[str, str]:
        return {one.id: one.name for one in self.book.counterparts(tx)}


def _counterpart(one: Counterpart) -> JsonObject:
    told = one.framework
    return {
        "connector": one.id,
        "name": one.name,
        "base": one.base,
        "origins": list(one.origins),
        "identity": str(one.identity.kind),
        "key": one.identity.key,
        "pin": one.pin,
        "agreement": told.title,
        "article": told.article,
        "area": told.area,
        "kinds": list(told.kinds),
        "scale": list(told.scale),
        "marking_max": told.marking_max,
        "purposes": list(told.purposes),
        "onward": told.onward,
        "since": str(told.since),
        "until": None if told.until is None else str(told.until),
        "suspended": told.suspended,
        "registered": str(one.registered),
        "by": one.by,
    }


def _dataset(one: Dataset) -> JsonObject:
    return {
        "dataset": one.id,
        "title": one.title,
        "source": one.source.kind,
        "offers": [{"offer": each.id, "policy": each.policy} for each in one.offers],
        "formats": list(one.formats),
        "to": list(one.to),
        "kind": one.facts.kind,
        "marking": one.facts.marking,
        "purpose": one.facts.purpose,
        "by": one.by,
    }


def _contract(one: Contract, names: dict[str, str]) -> JsonObject:
    return {
        "contract": one.id,
        "role": str(one.role),
        "counterpart": one.counterpart,
        "name": names.get(one.counterpart, one.counterpart),
        "dataset": one.dataset,
        "policy": one.policy,
        "agreed": str(one.agreed),
        "negotiation": one.negotiation,
        "formats": list(one.formats),
    }
