"""What the histories of all kinds of things are told with: one relationship, and who asks."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.node import folding
from comity.node.acting import Reader
from comity.node.approving import Approving
from comity.node.context import Context
from comity.node.instruments import Instruments
from comity.node.officials import Officials
from comity.node.pairing import Pairing
from comity.record.ports import EntryRow, RelationshipRow
from comity.storage.tx import Tx


class Desks(Protocol):
    """What histories are read off."""

    ctx: Context
    instruments: Instruments
    officials: Officials
    approving: Approving
    pairing: Pairing


@attrs.frozen(kw_only=True)
class Book:
    """One relationship as one transaction sees it, and who is asking."""

    tx: Tx
    node: Desks
    rel: RelationshipRow
    reader: Reader

    @property
    def state(self) -> folding.Folded:
        """The relationship as folded."""
        return self.node.ctx.folding.state(self.tx, self.rel)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """How people name the units of the relationship's texts, by unit id."""
        return self.node.instruments.labels(self.tx, self.rel)

    @property
    def own(self) -> str:
        """Our party id."""
        return self.node.ctx.config.party

    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Return origin and author of both logs."""
        return (self.rel.own_origin, self.own), (self.rel.peer_origin, self.rel.counterpart)

    def about(self, *named: str) -> list[tuple[str, EntryRow]]:
        """Return the entries of both logs about any of some ids, each with its author."""
        return [
            (party, row)
            for origin, party in self.sides()
            for name in dict.fromkeys(named)
            for row in self.tx.logs.by_of(origin, name)
        ]

    def of_kinds(self, *kinds: str) -> list[tuple[str, EntryRow]]:
        """Return the entries of both logs of some kinds, each with its author."""
        return [
            (party, row)
            for origin, party in self.sides()
            for kind in kinds
            for row in self.tx.logs.by_kind(origin, kind)
        ]

    def side(self, party: str) -> str:
        """Return whose log a party writes."""
        return "ours" if party == self.own else "theirs"

    def place(self, party: str, n: int) -> JsonObject:
        """Return where an entry stands."""
        return {"log": self.side(party), "n": n}


@attrs.frozen(kw_only=True)
class Found:
    """One thing whose history is told.

    Attributes:
        object: Its id.
        title: What people call it.
        state: Its state, as a code.
        because: What decided it.
        rows: The entries that made it what it is, each with its author.
        private: The id under which house entries are about it; empty: none are.
        house: The house entries that are its history, as far as the reader may read them.
        withheld: Whether this reader lacks the roles to read all of these.
    """

    object: str
    title: str
    state: str
    because: Sequence[JsonObject]
    rows: Sequence[tuple[str, EntryRow]]
    private: str = ""
    house: Sequence[JsonObject] = ()
    withheld: bool = False


def why(code: str, *, places: Iterable[JsonObject] = (), **facts: Json) -> JsonObject:
    """Return one reason: a code to word, the acts, and what else the page needs."""
    plain: JsonObject = {"article": "", "at": None, "units": [], "units_more": 0}
    return {"code": code, "places": list(places), **plain, **facts}


@attrs.frozen(kw_only=True)
class Asking:
    """Who asks, of what: finders look through every relationship with it."""

    tx: Tx
    node: Desks
    reader: Reader

    def book(self, rel: RelationshipRow) -> Book:
        """Return one relationship to read in."""
        return Book(tx=self.tx, node=self.node, rel=rel, reader=self.reader)

    def books(self) -> tuple[Book, ...]:
        """Return every relationship, oldest first."""
        return tuple(self.book(rel) for rel in self.tx.relationships.list())


def unknown(what: str, named: str) -> MisuseError:
    """Return the error for a name that nothing here has."""
    return MisuseError(
        "history.unknown", f"The record has no {what} {named[:80]!r}; look its id up in its list."
    )


def short_id(name: str) -> str:
    """Return an id as people name it."""
    return name.removeprefix("urn:uuid:")


def last_part(name: str) -> str:
    """Return the id by which entries about a thing of sharing are found."""
    return name.rpartition(":")[2]
