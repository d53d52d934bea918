"""Registered connectors and what moves with them, as officials see it, and why it waits.

Source: issue 5, «why does this wait»; spec 9.6.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Final, TypeAlias

import attrs

from comity.api import dataspace as asks
from comity.api.paging import ROWS_MAX, cursor_at, place_at
from comity.foundation.canonical import JsonObject, canonical
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.members import one
from comity.foundation.ports import OutboxRow
from comity.node.dataspace.book import Book
from comity.node.dataspace.reacting import FETCH, MESSAGE, RULE, SEND
from comity.sharing.connectors.model import Contract, Counterpart, Dataset, Exchange
from comity.sharing.connectors.waits import Wait, Whose, wait_of
from comity.sharing.model import Family, Role
from comity.storage.tx import Tx

#: Who can act in a process, as the operation ``dataspace.act`` says.
ROLES: Final = asks.ACTING
#: Which rows a list of exchanges is made of.
_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "all": ("open", "ended"),
    "open": ("open",),
    "ended": ("ended",),
}
#: Of so many that ended and changed last, and of all under way, *last* is the one opened last.
_LAST: Final = 50
#: What of our work is left, by process.
_Work: TypeAlias = Mapping[str, list[JsonObject]]


@attrs.frozen(kw_only=True)
class Showing:
    """The desk that shows; it changes nothing.

    Attributes:
        moving: As ``Reacting.moving``.
    """

    book: Book
    moving: Callable[[str], tuple[int, int | None] | None]

    def own(self) -> JsonObject:
        """Return what the operator of another connector needs to register ours."""
        keys = self.book.ctx.keys.public
        return {
            "participant": self.book.own,
            "base": self.book.base,
            "key": canonical(keys.dsp.jwk()).decode(),
            "pin": keys.tls,
        }

    def connectors(self, tx: Tx) -> JsonObject:
        """Return the registered connectors."""
        return {"connectors": [counterpart_row(one) for one in self.book.counterparts(tx)]}

    def connector(self, tx: Tx, request: asks.OneConnector) -> JsonObject:
        """Return one of them, with what is under way."""
        found = self.book.named(tx, request.connector)
        live = [one for one in self.book.exchanges(tx, live=True) if one.counterpart == found.id]
        return {
            **counterpart_row(found),
            "open": self._lines(tx, live),
            "history": self.book.history(tx, found.id),
        }

    def datasets(self, tx: Tx) -> JsonObject:
        """Return what we offer to registered connectors."""
        return {"datasets": [_dataset(one) for one in self.book.datasets(tx)]}

    def contracts(self, tx: Tx) -> JsonObject:
        """Return the contracts with registered connectors, the newest first."""
        names = self._names(tx)
        found = sorted(self.book.contracts(tx), key=lambda one: (-one.agreed.seconds, one.id))
        return {"contracts": [_contract(one, names, title=self._title(tx, one)) for one in found]}

    def exchanges(self, tx: Tx, request: asks.Exchanges) -> JsonObject:
        """Return a page of negotiations and transfers, what changed last first.

        No more rows are read than the page has, however many there are.

        Raises:
            MisuseError: ``api.cursor``.
        """
        operation, states = "dataspace.exchanges", _STATES[request.state]
        limit = int(getattr(request, "limit", ROWS_MAX))
        before = place_at(operation, str(getattr(request, "cursor", "")))
        found = self.book.latest(tx, states, before=before, limit=limit + 1)
        page, more = found[:limit], len(found) > limit
        return {
            "exchanges": self._lines(tx, [one for _, one in page]),
            "next": cursor_at(operation, page[-1][0], page[-1][1].pid) if more else None,
            "total": self.book.count(tx, states),
        }

    def inbox(self, tx: Tx) -> JsonObject:
        """Return what waits for a person of ours, the oldest first."""
        return {"inbox": self.waiting(tx)}

    def waiting(self, tx: Tx) -> list[JsonObject]:
        """Return the lines of what waits for a person of ours, the oldest first."""
        live = sorted(
            self.book.exchanges(tx, live=True), key=lambda one: (one.since.seconds, one.pid)
        )
        return [row for row in self._lines(tx, live) if _for_a_person(row)]

    def proposed(self, tx: Tx) -> list[JsonObject]:
        """Return the registrations and changes that wait for a second person.

        Each with its id, the connector's name, who proposed it, since when and until when.
        """
        return [
            {
                "proposal": row["proposal"],
                "name": one(row, "registration")["name"],
                "by": row["by"],
                "since": row["at"],
                "until": row["lapses"],
            }
            for row in self.book.proposals(tx)
        ]

    def stuck(self, tx: Tx) -> list[JsonObject]:
        """Return the connectors to which nothing gets through at this moment.

        Each with its name, since when the oldest process waits for that, how often was tried, and
        what was said last.
        """
        names = self._names(tx)
        found: dict[str, tuple[Instant, OutboxRow]] = {}
        for topic in (MESSAGE, FETCH, SEND):
            for row in tx.outbox.list(topic):
                exchange = self.book.find(tx, row.key) if row.error else None
                if exchange is None or exchange.ended:
                    continue
                since, most = found.get(exchange.counterpart, (exchange.since, row))
                most = max(most, row, key=lambda each: each.attempts)
                found[exchange.counterpart] = (min(since, exchange.since), most)
        return [
            {
                "connector": name,
                "name": names.get(name, name),
                "since": str(since),
                "attempts": row.attempts,
                "message": row.error,
            }
            for name, (since, row) in found.items()
        ]

    def found(self, tx: Tx, named: str) -> Exchange:
        """Return a process by our id or theirs, the beginning of ours, or ``last``.

        Raises:
            MisuseError: ``connectors.no_exchange``.
        """
        exact = self.book.find(tx, named)
        if exact is not None:
            return exact
        if named == "last":
            alike = list(self.book.exchanges(tx, live=True))
            ended = self.book.latest(tx, ("ended",), before=None, limit=_LAST)
            alike += [one for _, one in ended]
        else:
            alike = [*self._by_theirs(tx, named), *self.book.beginning(tx, named)]
        if not alike or (len(alike) > 1 and named != "last"):
            raise MisuseError(
                "connectors.no_exchange", f"There is no negotiation or transfer {named[:60]!r}."
            )
        return max(alike, key=lambda one: (one.opened.seconds, one.since.seconds))

    def _by_theirs(self, tx: Tx, named: str) -> Iterator[Exchange]:
        for counterpart, family, role in product(self.book.counterparts(tx), Family, Role):
            found = self.book.by_peer(tx, counterpart.id, named, family=family, role=role)
            if found is not None:
                yield found

    def exchange(self, tx: Tx, request: asks.OneExchange) -> JsonObject:
        """Return one process: what moved it, who must act, and what could be done."""
        found = self.found(tx, request.exchange)
        offer = found.offer
        moving = self.moving(found.pid)
        return {
            **self._line(tx, found, names=self._names(tx), work=self._work(tx)),
            "theirs": found.peer_pid,
            "offer": None if offer is None else offer.id,
            "policy": None if offer is None else offer.policy,
            "what": {
                "area": found.facts.area,
                "kind": found.facts.kind,
                "marking": found.facts.marking,
                "purpose": found.facts.purpose,
            },
            "address": self._address(found),
            "opened": str(found.opened),
            "moving": None if moving is None else {"so_far": moving[0], "bytes": moving[1]},
            "received": self.book.received(tx, found.pid),
            "steps": list(self.book.steps(tx, found.pid)),
        }

    def _address(self, exchange: Exchange) -> str | None:
        if exchange.pushed_to_us:
            return f"{self.book.base}/intake/{exchange.pid}"
        return None if exchange.address is None else exchange.address.endpoint

    def _lines(self, tx: Tx, exchanges: Iterable[Exchange]) -> list[JsonObject]:
        names, work = self._names(tx), self._work(tx)
        return [self._line(tx, one, names=names, work=work) for one in exchanges]

    def _line(
        self, tx: Tx, exchange: Exchange, *, names: Mapping[str, str], work: _Work
    ) -> JsonObject:
        left = [] if exchange.ended else work.get(exchange.pid, [])
        wait = _planned(wait_of(exchange), left)
        return {
            "exchange": exchange.pid,
            "family": str(exchange.family),
            "role": str(exchange.role),
            "counterpart": exchange.counterpart,
            "name": names.get(exchange.counterpart, exchange.counterpart),
            "dataset": exchange.dataset,
            "title": self._title(tx, exchange),
            "contract": exchange.contract,
            "format": exchange.format,
            "state": str(exchange.state),
            "pending": None if exchange.pending is None else str(exchange.pending),
            "ended": exchange.ended,
            "delivered": exchange.delivered,
            "since": str(exchange.since),
            "code": exchange.code,
            "reason": exchange.reason,
            "waits": {
                "for": str(wait.whose),
                "roles": list(ROLES) if wait.whose is Whose.US else [],
                "since": str(wait.since),
                "why": wait.why,
                "can": [str(each) for each in wait.can],
                "odd": exchange.odd,
                "note": self.book.note_of(tx, exchange.pid),
                "work": left,
            },
        }

    def _work(self, tx: Tx) -> _Work:
        """Return our work that is left: what it is, how often it was tried, what was said."""
        made: dict[str, list[JsonObject]] = {}
        for topic in (MESSAGE, RULE, FETCH, SEND):
            for row in tx.outbox.list(topic):
                left: JsonObject = {
                    "what": topic.partition(".")[2],
                    "attempts": row.attempts,
                    "error": row.error or None,
                    "next": str(row.due),
                }
                made.setdefault(row.key, []).append(left)
        return made

    def _names(self, tx: Tx) -> dict[str, str]:
        return {one.id: one.name for one in self.book.counterparts(tx)}

    def _title(self, tx: Tx, about: Exchange | Contract) -> str | None:
        """Return what we call the dataset of ours that it is about; None: it is theirs."""
        dataset = self.book.dataset(tx, about.dataset) if about.role is Role.PROVIDER else None
        return None if dataset is None else dataset.title


def _planned(wait: Wait, work: Iterable[JsonObject]) -> Wait:
    """Return the wait as our own work makes it: what our node is about to do needs no person."""
    kinds = {str(each["what"]) for each in work}
    if wait.whose is Whose.US and "rule" in kinds:
        return attrs.evolve(wait, whose=Whose.DELIVERY, why="planned")
    if kinds & {"fetch", "push"}:
        return attrs.evolve(wait, whose=Whose.DELIVERY, why="moving")
    return wait


def _for_a_person(row: JsonObject) -> bool:
    waits = one(row, "waits")
    return waits["for"] == str(Whose.US) or waits["note"] is not None


def counterpart_row(one: Counterpart) -> JsonObject:
    """Return a registration as officials read it."""
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


def _contract(one: Contract, names: Mapping[str, str], *, title: str | None) -> JsonObject:
    return {
        "contract": one.id,
        "role": str(one.role),
        "counterpart": one.counterpart,
        "name": names.get(one.counterpart, one.counterpart),
        "dataset": one.dataset,
        "title": title,
        "policy": one.policy,
        "agreed": str(one.agreed),
        "negotiation": one.negotiation,
        "formats": list(one.formats),
    }
