"""What every desk of the node works with: one value, made once at start."""

from collections.abc import Callable

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.ports import Chance, Clock
from comity.node.folding import Folding
from comity.node.ledger import Ledger
from comity.record.ports import RelationshipRow
from comity.storage.files import BodyFiles, PayloadFiles
from comity.storage.folder import PartyConfig, PartyFolder
from comity.storage.keyfiles import NodeKeys
from comity.storage.store import Store
from comity.storage.tx import Tx

HOUSE = "house"


@attrs.frozen(kw_only=True)
class Context:
    """The parts of a running node."""

    config: PartyConfig
    folder: PartyFolder
    store: Store
    clock: Clock
    chance: Chance
    keys: NodeKeys
    folding: Folding
    ledger: Ledger
    bodies: BodyFiles
    payloads: PayloadFiles
    changed: Callable[[str], None]

    def new_id(self) -> str:
        """Return a new ``urn:uuid:`` identifier (RFC 9562, version 4)."""
        raw = bytearray(self.chance.token(16))
        raw[6] = raw[6] & 0x0F | 0x40
        raw[8] = raw[8] & 0x3F | 0x80
        text = raw.hex()
        return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def new_unit(self) -> str:
        """Return a new unit id."""
        return "u" + self.chance.token(6).hex()

    def now(self) -> Instant:
        """Return the current instant."""
        return self.clock.now()


def relationship(tx: Tx, named: str) -> RelationshipRow:
    """Return the relationship by its id, by the counterpart's party id, or by their name.

    Raises:
        MisuseError: ``node.no_counterpart``: nobody, or more than one, is called that.
    """
    rows = tx.relationships.list()
    found = [
        row
        for row in rows
        if named in {row.rel_id, row.counterpart} or counterpart_name(tx, row) == named
    ]
    if len(found) != 1:
        known = ", ".join(counterpart_name(tx, row) for row in rows) or "none yet"
        raise MisuseError(
            "node.no_counterpart", f"No counterpart is called {named[:80]!r}; known: {known}."
        )
    return found[0]


def counterpart_name(tx: Tx, row: RelationshipRow) -> str:
    """Return the counterpart's name from the letter we accepted."""
    thing = tx.things.get(HOUSE, "introduction", row.rel_id)
    return str(thing.value["name"]) if thing else row.counterpart


def text_of(value: JsonObject, name: str) -> str:
    """Return a member that our own node stored as text."""
    member = value[name]
    assert isinstance(member, str)
    return member
