"""Releasing: a desk officer wishes it, a release officer decides with all facts before the eyes.

A wish is an object of the house with an address that lasts; it is decided once. Nothing is released
by a rule, and nothing of a wish, or of why it was declined, is ever told to the counterpart.
Source: design 7; docs/spec/07-sharing.md 7.3.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from comity.agreements.mandates import Agreement
from comity.agreements.model import Content, in_order, printed
from comity.api import sharing as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.ports import ThingRow
from comity.foundation.text import check_text
from comity.node.context import HOUSE, counterpart_name, relationship
from comity.node.exchanges import Exchanges
from comity.node.items import WAITING, WISH, Items, every, wish_shown
from comity.node.ledger import NewAct
from comity.node.officials import Official
from comity.record.ports import RelationshipRow
from comity.sharing.check import decide
from comity.sharing.model import Item
from comity.storage.tx import Tx

RELEASED: Final = "released"
DECLINED: Final = "declined"
CANCELLED: Final = "cancelled"
WORDS_SHOWN_CHARS: Final = 20_000


@attrs.frozen(kw_only=True)
class Releasing:
    """The desk of the release officer."""

    exchanges: Exchanges
    items: Items

    # --- wishes -------------------------------------------------------------------------------

    def offer(self, tx: Tx, request: asks.OfferItem, official: Official) -> JsonObject:
        """Put an item before the release officer.

        Raises:
            RefusedError: ``sharing.refused``: no article permits it.
            MisuseError: ``items.released``, ``items.waiting``: it is released, or waits already.
        """
        rel = relationship(tx, request.counterpart)
        item, note = self.items.read(tx, request.item)
        wish = self.items.wish(tx, rel, item, onward=request.onward)
        decide(self.items.agreement(tx, rel, wish), wish, at=self.exchanges.ctx.now())
        self._not_released(tx, rel, item)
        waiting = self._waiting(tx, rel, item)
        if waiting is not None:
            raise MisuseError(
                "items.waiting",
                f"That item waits for the release officer already, since {waiting.value['since']}.",
            )
        value: JsonObject = {
            "item": item.id,
            "title": note.title,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "by": official.id,
            "since": str(self.exchanges.ctx.now()),
            "onward": request.onward,
        }
        name = self.exchanges.ctx.new_id()
        tx.things.add(HOUSE, WISH, name, value=value, status=WAITING)
        return {**value, "wish": name, "status": WAITING, "waiting_for": "release officer"}

    def cancel(self, tx: Tx, request: asks.ItemTo, official: Official) -> JsonObject:
        """Take a wish back before it is decided; only whoever had it can.

        Raises:
            MisuseError: ``items.not_waiting``.
            RefusedError: ``items.wish_of_another``.
        """
        rel = relationship(tx, request.counterpart)
        item, _ = self.items.read(tx, request.item)
        row = self._still_waiting(tx, rel, item)
        if row.value["by"] != official.id:
            raise RefusedError(
                "items.wish_of_another",
                f"{row.value['by']} asked for this release and can take that back; a release"
                " officer can decline it.",
            )
        return self._settle(tx, row, CANCELLED, official=official)

    def wishes(self, tx: Tx, request: asks.Wishes) -> JsonObject:
        """Return what waits for the release officer, oldest first; or all that ever waited."""
        status = WAITING if request.status == "waiting" else None
        rows = [self._row(tx, row) for row in every(tx, HOUSE, WISH, status=status)]
        rows.sort(key=lambda row: str(row["since"]), reverse=status is None)
        return {"wishes": rows}

    def show(self, tx: Tx, request: asks.OneWish) -> JsonObject:
        """Return one wish with everything that a release officer needs in order to decide.

        Raises:
            MisuseError: ``items.no_wish``.
        """
        row = self._wish(tx, request.wish)
        rel, item, onward = self._about(tx, row)
        agreement = self.items.agreement(tx, rel, self.items.wish(tx, rel, item, onward=onward))
        return {
            **self._row(tx, row),
            "released": self.items.released(tx, item),
            "authorisations": self.exchanges.remedying.covering(
                tx, rel, self.items.bytes_of(rel, item)
            ),
            "basis": None if agreement is None else self._basis(tx, rel, agreement, item=item),
        }

    def _row(self, tx: Tx, row: ThingRow) -> JsonObject:
        rel, item, onward = self._about(tx, row)
        kept = self.items.find(tx, item.id).value
        return {
            **wish_shown(tx, row),
            "what": kept["item"],
            "note": kept["note"],
            "brought_in": kept["at"],
            "ruling": self.items.said(tx, rel, item, onward=onward),
        }

    def _about(self, tx: Tx, row: ThingRow) -> tuple[RelationshipRow, Item, bool]:
        rel = relationship(tx, str(row.value["relationship"]))
        item, _ = self.items.read(tx, str(row.value["item"]))
        return rel, item, row.value["onward"] is True

    def _basis(
        self, tx: Tx, rel: RelationshipRow, agreement: Agreement, *, item: Item
    ) -> JsonObject:
        """Return the agreement a release would rest on, and the words of its articles."""
        area = next((one for _, one in agreement.areas if one.id == item.area), None)
        units = area.policy.articles if area is not None else ()
        state = self.exchanges.ctx.folding.state(tx, rel)
        view = self.exchanges.instruments.look(tx, rel, state, agreement.instrument).view
        return {
            "instrument": agreement.instrument,
            "title": agreement.title,
            "status": str(view.status),
            "in_force_at": None if agreement.in_force_at is None else str(agreement.in_force_at),
            "ends_at": None if agreement.ends_at is None else str(agreement.ends_at),
            "area": None if area is None else {"id": area.id, "title": area.title},
            "policy": None if area is None else area.policy.json(),
            "suspensions": [
                {
                    "party": one.party,
                    "until": None if one.until is None else str(one.until),
                    "article": one.article,
                    "units": [
                        {"unit": unit, "label": agreement.labels.get(unit, unit)}
                        for unit in one.units
                    ],
                }
                for one in agreement.suspensions
                if one.holds(self.exchanges.ctx.now())
            ],
            "articles": [
                {
                    "unit": unit,
                    "label": agreement.labels.get(unit, unit),
                    **_words(view.contents, unit),
                }
                for unit in units
            ],
        }

    # --- deciding -----------------------------------------------------------------------------

    def release(self, tx: Tx, request: asks.ReleaseItem, official: Official) -> JsonObject:
        """Record that an item is released to a counterpart.

        Raises:
            RefusedError: ``sharing.refused``: no article permits it.
            MisuseError: ``items.released``; ``items.not_waiting``: the wish is decided already.
        """
        rel = relationship(tx, request.counterpart)
        item, note = self.items.read(tx, request.item)
        waiting = self._waiting(tx, rel, item)
        onward = request.onward
        if request.wish:
            waiting = self._still_waiting(tx, rel, item, wish=request.wish)
            onward = waiting.value["onward"] is True
        self._not_released(tx, rel, item)
        wish = self.items.wish(tx, rel, item, onward=onward)
        agreement = self.items.agreement(tx, rel, wish)
        release = decide(agreement, wish, at=self.exchanges.ctx.now())
        act = NewAct(
            kind="sharing.release",
            data=release.act(),
            note=note.to_json(),
            of=item.id.rpartition(":")[2],
        )
        recorded = self.exchanges.ctx.ledger.append(tx, rel, act)
        if waiting is not None:
            self._settle(tx, waiting, RELEASED, official=official, entry=recorded.n)
        self.exchanges.ctx.ledger.house(
            tx, "house.release", {"item": item.id, "by": official.id, "entry": recorded.n}
        )
        return {
            "item": item.id,
            "release": recorded.n,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "instrument": release.instrument,
            "unit": release.unit,
            "article": "" if agreement is None else agreement.labels.get(release.unit, ""),
            "onward": release.onward,
        }

    def decline(self, tx: Tx, request: asks.DeclineItem, official: Official) -> JsonObject:
        """Decide against a wish; the one who asked sees why, the counterpart never hears of it.

        Raises:
            MisuseError: ``items.not_waiting``.
        """
        rel = relationship(tx, request.counterpart)
        item, _ = self.items.read(tx, request.item)
        row = self._still_waiting(tx, rel, item, wish=request.wish)
        reason = check_text(request.reason.strip(), what="The reason")
        if not reason:
            raise MisuseError(
                "items.no_reason", "Say why it is not released: the officer who asked reads it."
            )
        self.exchanges.ctx.ledger.house(
            tx, "house.declined", {"item": item.id, "wish": row.name, "by": official.id}
        )
        return self._settle(tx, row, DECLINED, official=official, reason=reason)

    def withdraw(self, tx: Tx, request: asks.ItemTo, official: Official) -> JsonObject:
        """Record that a release is taken back.

        Raises:
            MisuseError: ``items.not_released``.
        """
        rel = relationship(tx, request.counterpart)
        item, _ = self.items.read(tx, request.item)
        release = self.items.standing_release(tx, rel, item)
        if release is None or release.n is None:
            raise MisuseError("items.not_released", "That item is not released to them.")
        act = NewAct(
            kind="sharing.withdraw",
            data={"release": release.n},
            of=item.id.rpartition(":")[2],
        )
        recorded = self.exchanges.ctx.ledger.append(tx, rel, act)
        self.exchanges.ctx.ledger.house(tx, "house.withdrawn", {"item": item.id, "by": official.id})
        return {
            "item": item.id,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "entry": recorded.n,
        }

    def _not_released(self, tx: Tx, rel: RelationshipRow, item: Item) -> None:
        if self.items.standing_release(tx, rel, item) is not None:
            raise MisuseError("items.released", "That item is released to them already.")

    def _waiting(self, tx: Tx, rel: RelationshipRow, item: Item) -> ThingRow | None:
        """Return the wish that waits for this item and this counterpart, if one does."""
        for row in every(tx, HOUSE, WISH, status=WAITING):
            if row.value["item"] == item.id and row.value["relationship"] == rel.rel_id:
                return row
        return None

    def _still_waiting(
        self, tx: Tx, rel: RelationshipRow, item: Item, *, wish: str = ""
    ) -> ThingRow:
        row = self._waiting(tx, rel, item)
        if row is not None and wish in {"", row.name}:
            return row
        settled = tx.things.get(HOUSE, WISH, wish) if wish else None
        if settled is not None:
            value = settled.value
            raise MisuseError(
                "items.not_waiting",
                f"That wish does not wait any more: {settled.status} by"
                f" {value.get('decided_by', 'an official')} at {value.get('decided_at', '-')}.",
            )
        raise MisuseError(
            "items.not_waiting", "Nobody waits for a decision on that item and counterpart."
        )

    def _wish(self, tx: Tx, named: str) -> ThingRow:
        known = tx.things.get(HOUSE, WISH, named)
        if known is not None:
            return known
        part = named.removeprefix("urn:uuid:")
        found = [
            row
            for row in every(tx, HOUSE, WISH)
            if row.name.removeprefix("urn:uuid:").startswith(part)
        ]
        if len(found) != 1:
            raise MisuseError("items.no_wish", f"There is no wish for a release {named[:60]!r}.")
        return found[0]

    def _settle(
        self, tx: Tx, row: ThingRow, status: str, *, official: Official, **more: Json
    ) -> JsonObject:
        value: JsonObject = {
            **row.value,
            "decided_by": official.id,
            "decided_at": str(self.exchanges.ctx.now()),
            **more,
        }
        tx.things.put(
            HOUSE, WISH, row.name, value=value, status=status, expected_version=row.version
        )
        return {**value, "wish": row.name, "status": status}


def _words(contents: Mapping[str, Content], unit: str) -> JsonObject:
    """Return the words of an article and of all that stands in it, as printed and bounded."""
    text = "".join(printed(contents[one]) for one in _within(contents, unit))
    return {
        "words": text.strip()[:WORDS_SHOWN_CHARS],
        "lang": contents[unit].lang,
        "cut": len(text) > WORDS_SHOWN_CHARS,
    }


def _within(contents: Mapping[str, Content], unit: str) -> Iterator[str]:
    inside = {unit}
    for one in in_order(contents):
        if one in inside or contents[one].parent in inside:
            inside.add(one)
            yield one
