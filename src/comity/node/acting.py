"""Who did it, on our own side, and who reads: what the house knows and the counterpart never does.

An entry that crosses names no official but by what they sign. So that we can say later which of our
people entered an act, the house log keeps who acted and which entries came of it, and a lookup by
entry stands beside it. Source: agreements.md D6 ("why is it in this state"); record.md 4.1.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.node.context import HOUSE, Context
from comity.node.officials import Official
from comity.storage.tx import Tx

CONFIDANTS: Final = frozenset({"negotiator", "legal_adviser", "mandate_holder"})
_KIND: Final = "actor"


@attrs.frozen(kw_only=True)
class Acting:
    """One official's doing, from before a unit of work to its end."""

    ctx: Context
    official: Official
    operation: str

    def ends(self, tx: Tx) -> Mapping[str, int]:
        """Return how long our logs are, by relationship, before the work."""
        return {row.rel_id: tx.logs.head(row.own_origin).size for row in tx.relationships.list()}

    def keep(self, tx: Tx, before: Mapping[str, int]) -> None:
        """Write down in the house who entered what the work recorded, if it recorded anything."""
        for rel_id, end in self.ends(tx).items():
            start = before.get(rel_id, 0)
            if start < end:
                self._keep(tx, rel_id, range(start, end))

    def _keep(self, tx: Tx, rel_id: str, entries: range) -> None:
        value: JsonObject = {
            "relationship": rel_id,
            "operation": self.operation,
            "by": self.official.id,
            "office": self.official.office,
        }
        said: JsonObject = {**value, "first": entries[0], "last": entries[-1]}
        self.ctx.ledger.house(tx, "house.acted", said)
        for n in entries:
            tx.things.put(HOUSE, _KIND, f"{rel_id}/{n:012d}", value=value)


def actor_of(tx: Tx, rel_id: str, n: int) -> JsonObject | None:
    """Return who of ours entered entry ``n`` of our log, or None where nobody is kept."""
    thing = tx.things.get(HOUSE, _KIND, f"{rel_id}/{n:012d}")
    if thing is None:
        return None
    known = tx.things.get(HOUSE, "official", str(thing.value["by"]))
    name = "" if known is None else str(known.value["name"])
    return {**thing.value, "name": name}


@attrs.frozen(kw_only=True)
class Reader:
    """Who reads, by what their roles let them see of the house and of the words of people."""

    roles: frozenset[str]

    @classmethod
    def of(cls, official: Official | None, *, private: bool) -> "Reader":
        """Return the reader.

        Args:
            official: The official; None for who holds the folder and names nobody.
            private: Whether what is private to the house may stand in the answer.
        """
        roles = frozenset() if official is None else frozenset(official.roles)
        if not private:
            return cls(roles=roles - CONFIDANTS)
        return cls(roles=roles if roles & CONFIDANTS else roles | CONFIDANTS)

    @property
    def confidant(self) -> bool:
        """Whether the private part of the house is theirs to read."""
        return bool(self.roles & CONFIDANTS)

    @property
    def accounts(self) -> bool:
        """Whether ways in (links, passwords, passkeys) are theirs to look after."""
        return self.confidant or "engineer" in self.roles

    @property
    def words(self) -> bool:
        """Whether their work needs the words of people, not only the machine's part."""
        return bool(self.roles - {"engineer"})
