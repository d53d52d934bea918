"""Classified items as an official sees them and enters them. Source: spec 11.2."""

from collections.abc import Iterator

import attrs

from comity.api import technology as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.foundation.errors import MisuseError
from comity.node.context import Context, counterpart_name, relationship
from comity.node.controlling import CONTROL
from comity.node.deciding import money_of
from comity.node.deeds import Deeds
from comity.node.items import Items
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.technology.controls import Control, Status, control_id


@attrs.frozen(kw_only=True)
class Controls:
    """The desk where a technology security officer says how items are classified."""

    ctx: Context
    deeds: Deeds
    items: Items

    # --- looking ------------------------------------------------------------------------------

    def all(self, tx: Tx, request: asks.Of) -> JsonObject:
        """Return what is classified, on both sides."""
        rels = (
            [relationship(tx, request.counterpart)]
            if request.counterpart
            else list(tx.relationships.list())
        )
        rows: list[Json] = [
            {
                **self.row(tx, rel, one),
                "authorisations": self.items.exchanges.controlling.covering(tx, rel, one),
            }
            for rel in rels
            for one in self.deeds.book(tx, rel, CONTROL).things()
        ]
        return {"controls": rows}

    def of(self, tx: Tx, rel: RelationshipRow, party: str) -> Iterator[Control]:
        """Yield what of a party's is controlled now."""
        for one in self.deeds.book(tx, rel, CONTROL).things():
            if one.party == party and one.status is Status.CONTROLLED:
                yield one

    def row(self, tx: Tx, rel: RelationshipRow, one: Control) -> JsonObject:
        """Return a classified item for people and programs."""
        return {
            "control": one.id,
            "item": one.item,
            "title": self.title(tx, rel, one.item),
            "digest": one.digest,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "whose": self.deeds.whose(one.party),
            "status": str(one.status),
            "scheme": one.now.scheme,
            "code": one.now.code,
            "list_version": one.now.list_version,
            "decided_by": one.now.decided_by,
            "value": None if one.now.value is None else json_of(one.now.value),
            "before": [json_of(each) for each in one.before],
            "reason": one.reason,
        }

    def title(self, tx: Tx, rel: RelationshipRow, item: str) -> str:
        """Return the words about an item: ours, or those beside their release; or none."""
        row = tx.things.get("house", "item", item)
        if row is not None:
            note = row.value["note"]
            return str(note.get("title", "")) if isinstance(note, dict) else ""
        exchanges = self.items.exchanges
        for one in exchanges.releases(tx, rel, rel.counterpart):
            if one.item.id == item and one.n is not None:
                return exchanges.words_of(tx, rel, one.n).title
        return ""

    def covered(self, tx: Tx, rel: RelationshipRow, named: str, *, exporter: str) -> JsonObject:
        """Return an item of the exporter's as a request names it: its id and digest.

        Raises:
            MisuseError: ``items.unknown``; ``controls.unknown``: theirs, and not classified.
        """
        if exporter == self.ctx.config.party:
            item, _ = self.items.read(tx, named)
            return {"item": item.id, "digest": item.digest}
        found = [
            one
            for one in self.of(tx, rel, exporter)
            if one.item.removeprefix("urn:uuid:").startswith(named.removeprefix("urn:uuid:"))
        ]
        if len(found) != 1:
            raise MisuseError(
                "controls.unknown",
                f"No classified item of {counterpart_name(tx, rel)} is called {named[:60]!r}.",
            )
        return {"item": found[0].item, "digest": found[0].digest}

    # --- acting -------------------------------------------------------------------------------

    def classify(self, tx: Tx, request: asks.ClassifyItem) -> JsonObject:
        """Enter the class of an item of ours, or another one."""
        rel = relationship(tx, request.counterpart)
        item, _ = self.items.read(tx, request.item)
        name = control_id(self.ctx.config.party, item.digest)
        value = json_of(money_of(request.value, request.currency)) if request.value else None
        data: JsonObject = {
            "control": name,
            "scheme": " ".join(request.scheme.split()),
            "code": " ".join(request.code.split()),
            "list_version": " ".join(request.list_version.split()),
            "decided_by": " ".join(request.decided_by.split()),
            "value": value,
        }
        known = self.deeds.book(tx, rel, CONTROL).get(name)
        step = "classify" if known is None else "reclassify"
        if known is None:
            data = {**data, "item": item.id, "digest": item.digest}
        words = request.words.strip()
        done = self.deeds.record(tx, rel, CONTROL, step=step, data=data, words=words)
        return self.row(tx, rel, done)

    def declassify(self, tx: Tx, request: asks.DeclassifyItem) -> JsonObject:
        """Enter that an item is controlled no more."""
        rel, one = self._found(tx, request.control)
        data: JsonObject = {"control": one.id, "reason": request.reason.strip()}
        return self.row(tx, rel, self.deeds.record(tx, rel, CONTROL, step="declassify", data=data))

    def _found(self, tx: Tx, named: str) -> tuple[RelationshipRow, Control]:
        part = named.removeprefix("urn:uuid:")
        found = [
            (rel, one)
            for rel in tx.relationships.list()
            for one in self.deeds.book(tx, rel, CONTROL).things()
            if any(each.removeprefix("urn:uuid:").startswith(part) for each in (one.id, one.item))
        ]
        if len(found) != 1:
            raise MisuseError(
                "controls.unknown",
                f"No classified item, or more than one, is called {named[:60]!r}.",
            )
        return found[0]
