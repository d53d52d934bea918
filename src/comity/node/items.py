"""Our items: bringing them in, what may be sent, and what became of each.

An item is a file with the words of an agreement about it. Nothing leaves by being here. Source:
design 7; docs/spec/07-sharing.md 7.2.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from typing import Final

import attrs

from comity.agreements.mandates import Agreement, Refused
from comity.api import sharing as asks
from comity.api.operation import OfCounterpart
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.ports import ThingRow
from comity.foundation.text import check_text
from comity.node.context import HOUSE, counterpart_name, relationship
from comity.node.exchanges import Exchanges
from comity.node.officials import Official
from comity.node.remedying import Matter
from comity.record.ports import RelationshipRow
from comity.sharing.check import AskWhom, No, Wish, Yes, agreement_for, may_send
from comity.sharing.choices import Choice, choices, usual_action
from comity.sharing.model import Item, ItemNote, ReleaseDecision, Role
from comity.sharing.names import file_name
from comity.sharing.reactions import rule
from comity.sharing.reading import WORD_CHARS_MAX, is_line
from comity.storage.files import PAYLOAD_BYTES_MAX
from comity.storage.tx import Tx
from comity.technology import covering as technology

WISH: Final = "release_wish"
WAITING: Final = "waiting"
_PAGE: Final = 500
#: What follows from crossings and opens or shuts none.
_MOVES_NO_GATE: Final = frozenset({"sharing.contract", "sharing.sent", "sharing.received"})
#: Stands for the bytes of something that is not in the node yet; no ruling looks at them.
_NO_BYTES: Final = "0" * 64


@attrs.frozen(kw_only=True)
class Items:
    """The desk of those who bring files in and ask whether they may be sent."""

    exchanges: Exchanges

    # --- bringing in --------------------------------------------------------------------------

    def usual_action(self, tx: Tx, area: str, *, rel: RelationshipRow | None = None) -> str:
        """Return what is done with something of an area, by the agreements with one or with all."""
        rels = tx.relationships.list() if rel is None else [rel]
        return usual_action((one for each in rels for one in self._choices(tx, each)), area)

    def _choices(self, tx: Tx, rel: RelationshipRow) -> tuple[Choice, ...]:
        ctx = self.exchanges.ctx
        return choices(
            self.exchanges.agreements(tx, rel).values(),
            sender=ctx.config.party,
            recipient=rel.counterpart,
            at=ctx.now(),
        )

    def described(self, request: asks.UploadItem, upload: str) -> tuple[Item, ItemNote]:
        """Return the item that a person described, and the words about it.

        Raises:
            MisuseError: ``items.word``: a word is no line of text.
        """
        for what, word in (
            ("area", request.area),
            ("kind", request.kind),
            ("marking", request.marking),
            ("purpose", request.purpose),
            ("action", request.action),
            ("media type", request.media),
            ("title", request.title or "-"),
        ):
            if not is_line(word):
                raise MisuseError(
                    "items.word",
                    f"The {what} must be one line of 1 to {WORD_CHARS_MAX} characters, without"
                    f" control characters; found {word[:60]!r}.",
                )
        ctx, name = self.exchanges.ctx, file_name(request.name)
        item = Item(
            id=ctx.new_id(),
            digest=upload,
            bytes=ctx.payloads.size(upload),
            media=request.media,
            area=request.area,
            action=request.action,
            kind=request.kind,
            marking=request.marking,
            purpose=request.purpose,
        )
        title = check_text(request.title or name, what="The title")
        return item, ItemNote(title=title, file_name=name)

    def add(self, tx: Tx, item: Item, note: ItemNote, *, official: Official) -> JsonObject:
        """Keep an item; return what was kept."""
        value: JsonObject = {
            "item": item.to_json(),
            "note": note.to_json(),
            "by": official.id,
            "at": str(self.exchanges.ctx.now()),
        }
        count = sum(1 for _ in every(tx, HOUSE, "item"))
        tx.things.add(HOUSE, "item", item.id, value={**value, "number": count})
        return {**value, "id": item.id}

    def find(self, tx: Tx, named: str) -> ThingRow:
        """Return the item by its id, the beginning of it, or ``last``.

        Raises:
            MisuseError: ``items.unknown``.
        """
        known = tx.things.get(HOUSE, "item", named)
        if known is not None:
            return known
        part = named.removeprefix("urn:uuid:")
        rows = list(every(tx, HOUSE, "item"))
        found = [row for row in rows if row.name.removeprefix("urn:uuid:").startswith(part)]
        if named == "last" and rows:
            found = [max(rows, key=lambda row: int(str(row.value["number"])))]
        if len(found) != 1:
            raise MisuseError("items.unknown", f"There is no item {named[:60]!r}.")
        return found[0]

    def read(self, tx: Tx, named: str) -> tuple[Item, ItemNote]:
        """Return an item and the words about it. Raises as ``find``."""
        value = self.find(tx, named).value
        return Item.from_json(value["item"]), ItemNote.from_json(value["note"])

    # --- may I send this? ---------------------------------------------------------------------

    def agreement(self, tx: Tx, rel: RelationshipRow, wish: Wish) -> Agreement | None:
        """Return the agreement that a wish is about, if there is any."""
        made = list(self.exchanges.agreements(tx, rel).values())
        return agreement_for(made, wish, at=self.exchanges.ctx.now())

    def wish(self, tx: Tx, rel: RelationshipRow, item: Item, *, onward: bool) -> Wish:
        """Return the wish to send an item of ours to a counterpart, and what controls it."""
        own = self.exchanges.ctx.config.party
        control = self.exchanges.controlling.facts(tx, rel, self.bytes_of(rel, item))
        return Wish(
            item=item, sender=own, recipient=rel.counterpart, onward=onward, control=control
        )

    def bytes_of(self, rel: RelationshipRow, item: Item) -> technology.Wish:
        """Return the bytes of an item of ours as what controls them is asked about them."""
        return technology.Wish(
            sha256=item.digest,
            bytes=item.bytes,
            sender=self.exchanges.ctx.config.party,
            recipient=rel.counterpart,
            transfer=None,
        )

    def _remedy(
        self, tx: Tx, rel: RelationshipRow, wish: Wish, *, agreement: Agreement | None, refused: No
    ) -> JsonObject | None:
        """Return what would let a controlled item of ours through, as ``remedying.remedy``."""
        unit = _unit(agreement, refused.article)
        row = tx.things.get(HOUSE, "item", wish.item.id)
        matter = Matter.of_item(
            wish.item,
            title="" if row is None else ItemNote.from_json(row.value["note"]).title,
            grounds="" if agreement is None or unit is None else f"{agreement.instrument} {unit}",
            sender=wish.sender,
            recipient=wish.recipient,
            onward=wish.onward,
        )
        return self.exchanges.remedying.remedy(tx, rel, matter, code=refused.code)

    def standing_release(
        self, tx: Tx, rel: RelationshipRow, item: Item, *, onward: bool = False
    ) -> ReleaseDecision | None:
        """Return the release of an item to a counterpart that stands, for use as ``onward``."""
        found = [
            one
            for one in self.exchanges.releases(tx, rel, self.exchanges.ctx.config.party)
            if one.item.id == item.id and not one.withdrawn and (one.onward or not onward)
        ]
        return found[-1] if found else None

    def said(self, tx: Tx, rel: RelationshipRow, item: Item, *, onward: bool) -> JsonObject:
        """Return yes under which article, no and why, or whom to ask."""
        wish = self.wish(tx, rel, item, onward=onward)
        agreement = self.agreement(tx, rel, wish)
        release = self.standing_release(tx, rel, item, onward=onward)
        said = may_send(agreement, wish, release=release, at=self.exchanges.ctx.now())
        base: JsonObject = {
            "counterpart": counterpart_name(tx, rel),
            "relationship": rel.rel_id,
            "instrument": None if agreement is None else agreement.instrument,
            "agreement": None if agreement is None else agreement.title,
            "onward": onward,
            "control": None
            if wish.control is None
            else self.exchanges.remedying.classified(tx, rel, self.bytes_of(rel, item)),
        }
        told: JsonObject
        match said:
            case Yes():
                told = {"answer": "yes", "permitted": True, "released": True}
            case AskWhom():
                told = {"answer": "ask", "permitted": True, "released": False, "ask": said.office}
            case No():
                told = {
                    "answer": "no",
                    "permitted": False,
                    "code": said.code,
                    "reason": self.exchanges.named(tx, rel, said.reason),
                    "unit": _unit(agreement, said.article),
                    "remedy": self._remedy(tx, rel, wish, agreement=agreement, refused=said),
                }
        if not isinstance(said, No):
            told = {**told, "area": said.area, "unit": said.unit}
        return {**base, **told, "article": said.article}

    def check(self, tx: Tx, request: asks.OfferItem) -> JsonObject:
        """Return whether an item of ours may be sent to a counterpart now."""
        rel = relationship(tx, request.counterpart)
        item, note = self.read(tx, request.item)
        said = self.said(tx, rel, item, onward=request.onward)
        return {"item": item.id, "title": note.title, **said}

    def ask(self, tx: Tx, request: asks.MaySend) -> JsonObject:
        """Return whether something may be sent that is not in the node yet."""
        rel = relationship(tx, request.counterpart)
        item = Item(
            id="urn:uuid:00000000-0000-0000-0000-000000000000",
            digest=_NO_BYTES,
            bytes=0,
            media="application/octet-stream",
            area=request.area,
            action=request.action.strip() or self.usual_action(tx, request.area, rel=rel),
            kind=request.kind,
            marking=request.marking,
            purpose=request.purpose,
        )
        return self.said(tx, rel, item, onward=request.onward)

    def areas(self, tx: Tx, request: OfCounterpart) -> JsonObject:
        """Return what may be sent to a counterpart, area by area, and how large a file may be."""
        rel, ctx = relationship(tx, request.counterpart), self.exchanges.ctx
        found = self._choices(tx, rel)
        return {
            "counterpart": counterpart_name(tx, rel),
            "relationship": rel.rel_id,
            "areas": [
                _area(each, reason=self.exchanges.named(tx, rel, each.refused.reason))
                if each.refused
                else _area(each)
                for each in found
            ],
            "bytes_max": PAYLOAD_BYTES_MAX,
            "bytes_free": shutil.disk_usage(ctx.payloads.folder).free,
        }

    # --- looking ------------------------------------------------------------------------------

    def all(self, tx: Tx) -> JsonObject:
        """Return our items, what is released to whom, how often each came, what waits."""
        releases: dict[str, list[Json]] = {}
        delivered: Counter[str] = Counter()
        for rel in tx.relationships.list():
            for one in self.exchanges.releases(tx, rel, self.exchanges.ctx.config.party):
                releases.setdefault(one.item.id, []).append(
                    {
                        "counterpart": counterpart_name(tx, rel),
                        "relationship": rel.rel_id,
                        "release": one.n,
                        "withdrawn": one.withdrawn,
                    }
                )
            delivered.update(
                process.item
                for process in self.exchanges.all(tx, rel)
                if process.role is Role.PROVIDER and self.exchanges.both_recorded(tx, rel, process)
            )
        waiting: dict[str, list[Json]] = {}
        for row in every(tx, HOUSE, WISH, status=WAITING):
            waiting.setdefault(str(row.value["item"]), []).append(row.value)
        rows: list[Json] = [
            {
                **row.value,
                "id": row.name,
                "released": releases.get(row.name, []),
                "delivered": delivered[row.name],
                "waiting": waiting.get(row.name, []),
            }
            for row in every(tx, HOUSE, "item")
        ]
        return {"items": rows}

    def show(self, tx: Tx, request: asks.OneItem) -> JsonObject:
        """Return one item: words, releases, wishes, transfers, rulings, and what holds now."""
        row = self.find(tx, request.item)
        item = Item.from_json(row.value["item"])
        wishes = [one for one in every(tx, HOUSE, WISH) if one.value["item"] == item.id]
        answers: list[Json] = []
        transfers: list[Json] = []
        for rel in tx.relationships.list():
            answers.append(self.said(tx, rel, item, onward=False))
            transfers += [
                self.exchanges.shown(tx, rel, process)
                for process in self.exchanges.all(tx, rel)
                if process.item == item.id and process.role is Role.PROVIDER
            ]
        return {
            **row.value,
            "id": row.name,
            "by_whom": official_shown(tx, str(row.value["by"])),
            "answers": answers,
            "releases": self.released(tx, item),
            "wishes": [wish_shown(tx, one) for one in wishes],
            "transfers": transfers,
            "rulings": self.exchanges.rulings_on(tx, item.id),
        }

    def released(self, tx: Tx, item: Item) -> list[Json]:
        """Return every release of an item, and whether each gateway lets it through now."""
        own = self.exchanges.ctx.config.party
        return [
            {
                "counterpart": counterpart_name(tx, rel),
                "relationship": rel.rel_id,
                "release": one.n,
                "at": self._attested(tx, rel, one.n or 0),
                "instrument": one.instrument,
                "unit": one.unit,
                "article": self._label(tx, rel, one),
                "onward": one.onward,
                "withdrawn": one.withdrawn,
                **self.gateways(tx, rel, one),
            }
            for rel in tx.relationships.list()
            for one in self.exchanges.releases(tx, rel, own)
            if one.item.id == item.id
        ]

    def gateways(self, tx: Tx, rel: RelationshipRow, release: ReleaseDecision) -> JsonObject:
        """Return whether a release of ours opens our gateway now, and whether theirs knows it.

        Both nodes make the same ruling once both hold the same record; until the counterpart has
        cosigned all of our log, what its gateway knows is not certain.
        """
        facts = self.exchanges.facts(tx, rel, instrument=release.instrument, release=release)
        ruling = rule(release.terms(), role=Role.PROVIDER, stage="offer", facts=facts)
        refused = ruling if isinstance(ruling, Refused) else None
        ours = "open" if refused is None else "shut"
        return {
            "ours": ours,
            "theirs": ours if self._told(tx, rel, release.n or 0) else "not_told",
            "code": None if refused is None else refused.code,
            "reason": None if refused is None else self.exchanges.named(tx, rel, refused.reason),
        }

    def _told(self, tx: Tx, rel: RelationshipRow, n: int) -> bool:
        """Return whether the counterpart holds entry ``n`` and all since that moves a gateway."""
        latest = tx.checkpoints.latest(rel.own_origin)
        held = latest.size if latest is not None else 0
        size = tx.logs.head(rel.own_origin).size
        untold = tx.logs.entries(rel.own_origin, held, min(size, held + _PAGE))
        return n < held and all(row.kind in _MOVES_NO_GATE for row in untold)

    def _attested(self, tx: Tx, rel: RelationshipRow, n: int) -> str | None:
        at = tx.checkpoints.marks(rel.own_origin).attested(n)
        return None if at is None else str(at)

    def _label(self, tx: Tx, rel: RelationshipRow, release: ReleaseDecision) -> str:
        agreement = self.exchanges.agreements(tx, rel).get(release.instrument)
        return release.unit if agreement is None else agreement.labels.get(release.unit, "")


def every(tx: Tx, space: str, kind: str, *, status: str | None = None) -> Iterator[ThingRow]:
    """Yield all things of a kind in the order of their names, however many there are."""
    after: str | None = None
    while True:
        rows = tx.things.list(space, kind, status=status, after=after, limit=_PAGE)
        yield from rows
        if len(rows) < _PAGE:
            return
        after = rows[-1].name


def official_shown(tx: Tx, name: str) -> JsonObject:
    """Return the name and office of an official of ours, as far as we still know them."""
    row = tx.things.get(HOUSE, "official", name)
    value = row.value if row else {}
    return {"id": name, "name": value.get("name", name), "office": value.get("office", "")}


def wish_shown(tx: Tx, row: ThingRow) -> JsonObject:
    """Return a wish for a release with the names of the people in it."""
    decided = row.value.get("decided_by")
    return {
        **_UNDECIDED,
        **row.value,
        "wish": row.name,
        "status": row.status,
        "by_whom": official_shown(tx, str(row.value["by"])),
        "decided_by_whom": official_shown(tx, str(decided)) if decided else None,
    }


_UNDECIDED: Final[JsonObject] = dict.fromkeys(("decided_by", "decided_at", "reason", "entry"))


def _unit(agreement: Agreement | None, article: str | None) -> str | None:
    """Return the unit that people call ``article``."""
    if agreement is None or article is None:
        return None
    return next((unit for unit, label in agreement.labels.items() if label == article), None)


def _area(choice: Choice, *, reason: str | None = None) -> JsonObject:
    agreement, policy, refused = choice.agreement, choice.area.policy, choice.refused
    return {
        "instrument": agreement.instrument,
        "agreement": agreement.title,
        "unit": choice.unit,
        "area": choice.area.id,
        "title": choice.area.title,
        "articles": [{"unit": unit, "label": label} for unit, label in choice.articles()],
        "actions": list(policy.actions),
        "kinds": list(policy.kinds),
        "markings": list(choice.markings),
        "marking_max": policy.marking_max,
        "scale": list(agreement.scale),
        "purposes": list(policy.purposes),
        "recipients": list(policy.recipients),
        "onward": policy.onward,
        "in_force_at": str(agreement.in_force_at),
        "ends_at": None if agreement.ends_at is None else str(agreement.ends_at),
        "open": refused is None,
        "code": None if refused is None else refused.code,
        "reason": reason,
        "article": None if refused is None else refused.article,
    }
