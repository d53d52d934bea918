"""Sharing for officials: items, «may I send this?», release, catalogue, fetch.

The agreement permits, a person releases, a transfer moves: three things, kept apart. Nothing is
released by a rule. Source: design 7; docs/spec/07-sharing.md.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import attrs

from comity.agreements.mandates import Agreement, Permitted
from comity.api import operations as op
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, RefusedError, UnavailableError
from comity.foundation.text import check_text
from comity.node.context import HOUSE, Context, counterpart_name, relationship
from comity.node.dispatch import Answer, Call, Handler, Looking
from comity.node.exchanges import Exchanges, is_finalized
from comity.node.instruments import Instruments
from comity.node.introductions import Introductions
from comity.node.ledger import NewAct
from comity.node.officials import Official
from comity.node.peers import Peers
from comity.node.post import Post
from comity.node.sharing_site import SharingSite
from comity.protocols.dsp.answers import Seen, read_catalogue, read_error
from comity.protocols.dsp.catalogue import CatalogRequestMessage
from comity.protocols.dsp.reading import to_bytes
from comity.record.ports import RelationshipRow
from comity.sharing import contracts, transfers
from comity.sharing.check import AskWhom, No, Wish, Yes, decide, may_send
from comity.sharing.model import Family, Item, ItemNote, Process, ReleaseDecision, Role
from comity.sharing.reactions import rule
from comity.storage.tx import Tx

FETCH_WAIT_S: Final = 30.0


@attrs.define(kw_only=True)
class SharingDesk:
    """The desk of desk officers and release officers."""

    ctx: Context
    instruments: Instruments
    introductions: Introductions
    peers: Peers
    exchanges: Exchanges = attrs.field(init=False)
    site: SharingSite = attrs.field(init=False)
    post: Post = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.exchanges = Exchanges(
            ctx=self.ctx, instruments=self.instruments, introductions=self.introductions
        )
        self.site = SharingSite(exchanges=self.exchanges, advanced=self._advanced)
        self.post = Post(exchanges=self.exchanges, peers=self.peers, advanced=self._advanced)

    async def start(self) -> None:
        """Begin to deliver messages."""
        await self.post.start()

    async def stop(self) -> None:
        """End in order."""
        await self.post.stop()

    def _advanced(self, tx: Tx, rel: RelationshipRow, process: Process) -> None:
        """Go on with a fetch that a person asked for, once its contract stands."""
        space = f"sharing:{rel.rel_id}"
        wish = tx.things.get(space, "fetch", process.pid)
        if wish is None or not is_finalized(process) or wish.value["transfer"] is not None:
            return
        contract = self.exchanges.contract(tx, rel, process.contract or "")
        if contract is None:
            return
        facts = self.exchanges.facts_for(tx, rel, process)
        try:
            reaction = transfers.consumer_request(contract, facts=facts)
        except RefusedError as error:
            value = {**wish.value, "code": str(error.facts["ruling"]), "reason": error.message}
            tx.things.put(space, "fetch", process.pid, value=value)
            return
        started = self.exchanges.carry_out(tx, rel, reaction)
        tx.things.put(space, "fetch", process.pid, value={**wish.value, "transfer": started.pid})

    def cut(self, tx: Tx, rel: RelationshipRow) -> None:
        """End the transfers whose permission has ended: a suspension, an end, a withdrawal."""
        for process in self.exchanges.all(tx, rel):
            if process.family is Family.TRANSFER and not process.ended:
                facts = self.exchanges.facts_for(tx, rel, process)
                reaction = transfers.cut(process, facts=facts)
                if reaction is not None:
                    self.exchanges.carry_out(tx, rel, reaction)
                    self.site.stopped.add(process.pid)

    # --- operations ---------------------------------------------------------------------------

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of sharing's operations."""
        return {
            "items": self._reading(lambda tx, _: self._items(tx)),
            "items.add": self._add,
            "items.check": self._reading(self._check),
            "items.offer": self._writing(self._offer),
            "items.release": self._writing(self._release),
            "items.withdraw": self._writing(self._withdraw),
            "catalogue": self._catalogue,
            "fetch": self._fetch,
            "transfers": self._reading(lambda tx, _: self._transfers(tx)),
            "transfers.show": self._reading(self._transfer),
            "transfers.content": self._content,
            "rulings": self._reading(self._rulings),
        }

    def _reading(self, work: Callable[[Tx, op.Request], JsonObject]) -> Handler:
        return Looking(lambda tx, call: work(tx, call.request))

    def _writing(self, work: Callable[[Tx, op.ItemTo, Official], JsonObject]) -> Handler:
        async def handle(call: Call) -> Answer:
            request, official = call.request, call.official
            assert isinstance(request, op.ItemTo)
            assert official is not None
            return await call.write(lambda tx: work(tx, request, official))

        return handle

    # --- items --------------------------------------------------------------------------------

    async def _add(self, call: Call) -> Answer:
        request, official, upload = call.request, call.official, call.upload
        assert isinstance(request, op.UploadItem)
        assert official is not None
        if upload is None:
            raise MisuseError("items.no_file", "The request carries no file.")
        size = self.ctx.payloads.size(upload)
        item = Item(
            id=self.ctx.new_id(),
            digest=upload,
            bytes=size,
            media=request.media,
            area=request.area,
            action=request.action,
            kind=request.kind,
            marking=request.marking,
            purpose=request.purpose,
        )
        note = ItemNote(
            title=check_text(request.title or request.name, what="The title"),
            file_name=check_text(request.name, what="The file's name"),
        )
        value: JsonObject = {
            "item": item.to_json(),
            "note": note.to_json(),
            "by": official.id,
            "at": str(self.ctx.now()),
        }

        def keep(tx: Tx) -> JsonObject:
            number = len(tx.things.list(HOUSE, "item"))
            tx.things.add(HOUSE, "item", item.id, value={**value, "number": number})
            return {**value, "id": item.id}

        return await call.write(keep)

    def _items(self, tx: Tx) -> JsonObject:
        releases: dict[str, list[Json]] = {}
        for rel in tx.relationships.list():
            for one in self.exchanges.releases(tx, rel, self.ctx.config.party):
                releases.setdefault(one.item.id, []).append(
                    {
                        "counterpart": counterpart_name(tx, rel),
                        "release": one.n,
                        "withdrawn": one.withdrawn,
                    }
                )
        wishes = {row.name: row.value for row in tx.things.list(HOUSE, "release_wish")}
        rows: list[Json] = [
            {
                **row.value,
                "id": row.name,
                "released": releases.get(row.name, []),
                "waiting": [wish for wish in wishes.values() if wish["item"] == row.name],
            }
            for row in tx.things.list(HOUSE, "item")
        ]
        return {"items": rows}

    def _item(self, tx: Tx, named: str) -> tuple[Item, ItemNote]:
        rows = tx.things.list(HOUSE, "item")
        part = named.removeprefix("urn:uuid:")
        found = [row for row in rows if row.name.removeprefix("urn:uuid:").startswith(part)]
        if named == "last" and rows:
            found = [max(rows, key=lambda row: int(str(row.value["number"])))]
        if len(found) != 1:
            raise MisuseError("items.unknown", f"There is no item {named[:60]!r}.")
        value = found[0].value
        return Item.from_json(value["item"]), ItemNote.from_json(value["note"])

    def _agreement(self, tx: Tx, rel: RelationshipRow, item: Item) -> Agreement | None:
        """Return the agreement a question is about: the one in force with that area, if any."""
        made = list(self.exchanges.agreements(tx, rel).values())
        standing = [one for one in made if one.in_force_at is not None]
        fitting = [one for one in standing if any(a.id == item.area for _, a in one.areas)]
        candidates = fitting or standing or made
        return candidates[-1] if candidates else None

    def _wish(self, rel: RelationshipRow, item: Item) -> Wish:
        return Wish(
            item=item, sender=self.ctx.config.party, recipient=rel.counterpart, onward=False
        )

    def _standing_release(self, tx: Tx, rel: RelationshipRow, item: Item) -> ReleaseDecision | None:
        found = [
            one
            for one in self.exchanges.releases(tx, rel, self.ctx.config.party)
            if one.item.id == item.id and not one.withdrawn
        ]
        return found[-1] if found else None

    def _check(self, tx: Tx, request: op.Request) -> JsonObject:
        assert isinstance(request, op.ItemTo)
        rel = relationship(tx, request.counterpart)
        item, note = self._item(tx, request.item)
        said = may_send(
            self._agreement(tx, rel, item),
            self._wish(rel, item),
            release=self._standing_release(tx, rel, item),
            at=self.ctx.now(),
        )
        base: JsonObject = {
            "item": item.id,
            "title": note.title,
            "counterpart": counterpart_name(tx, rel),
        }
        match said:
            case Yes():
                return {
                    **base,
                    "answer": "yes",
                    "permitted": True,
                    "released": True,
                    "article": said.article,
                    "area": said.area,
                }
            case AskWhom():
                return {
                    **base,
                    "answer": "ask",
                    "permitted": True,
                    "released": False,
                    "article": said.article,
                    "area": said.area,
                    "ask": said.office,
                }
            case No():
                return {
                    **base,
                    "answer": "no",
                    "permitted": False,
                    "code": said.code,
                    "reason": said.reason,
                    "article": said.article,
                }

    def _offer(self, tx: Tx, request: op.ItemTo, official: Official) -> JsonObject:
        rel = relationship(tx, request.counterpart)
        item, note = self._item(tx, request.item)
        decide(self._agreement(tx, rel, item), self._wish(rel, item), at=self.ctx.now())
        value: JsonObject = {
            "item": item.id,
            "title": note.title,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "by": official.id,
            "since": str(self.ctx.now()),
        }
        tx.things.put(
            HOUSE, "release_wish", f"{item.id}/{rel.rel_id}", value=value, status="waiting"
        )
        return {**value, "waiting_for": "release officer"}

    def _release(self, tx: Tx, request: op.ItemTo, official: Official) -> JsonObject:
        rel = relationship(tx, request.counterpart)
        item, note = self._item(tx, request.item)
        if self._standing_release(tx, rel, item) is not None:
            raise MisuseError("items.released", "That item is released to them already.")
        release = decide(self._agreement(tx, rel, item), self._wish(rel, item), at=self.ctx.now())
        act = NewAct(
            kind="sharing.release",
            data=release.act(),
            note=note.to_json(),
            of=item.id.rpartition(":")[2],
        )
        recorded = self.ctx.ledger.append(tx, rel, act)
        tx.things.delete(HOUSE, "release_wish", f"{item.id}/{rel.rel_id}")
        self.ctx.ledger.house(
            tx, "house.release", {"item": item.id, "by": official.id, "entry": recorded.n}
        )
        return {
            "item": item.id,
            "release": recorded.n,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "unit": release.unit,
        }

    def _withdraw(self, tx: Tx, request: op.ItemTo, official: Official) -> JsonObject:
        rel = relationship(tx, request.counterpart)
        item, _ = self._item(tx, request.item)
        release = self._standing_release(tx, rel, item)
        if release is None or release.n is None:
            raise MisuseError("items.not_released", "That item is not released to them.")
        act = NewAct(
            kind="sharing.withdraw",
            data={"release": release.n},
            of=item.id.rpartition(":")[2],
        )
        recorded = self.ctx.ledger.append(tx, rel, act)
        self.ctx.ledger.house(tx, "house.withdrawn", {"item": item.id, "by": official.id})
        return {"item": item.id, "relationship": rel.rel_id, "entry": recorded.n}

    # --- what they offer ----------------------------------------------------------------------

    async def _seen(self, rel: RelationshipRow) -> Seen:
        letter = await self.ctx.store.read(lambda tx: self.introductions.letter_of(tx, rel))
        message = to_bytes(CatalogRequestMessage(id=self.ctx.new_id()))
        client = self.peers.dsp_client(rel, letter)
        answer = await client.post("/catalog/request", message, "application/json")
        if answer.status != 200:
            told = read_error(answer.body, family=None)
            raise UnavailableError(
                "sharing.no_catalogue", f"{letter.name} gives no catalogue: {told.reason}"
            )
        return read_catalogue(answer.body, provider=rel.counterpart)

    async def _catalogue(self, call: Call) -> Answer:
        request = call.request
        assert isinstance(request, op.OfCounterpart)
        rel = await self.ctx.store.read(lambda tx: relationship(tx, request.counterpart))
        seen = await self._seen(rel)

        def rulings(tx: Tx) -> list[Json]:
            rows: list[Json] = []
            for dataset in seen.datasets:
                terms = dataset.offer.terms
                facts = self.exchanges.facts(
                    tx,
                    rel,
                    instrument=terms.instrument,
                    release=self.exchanges.release(tx, rel, party=rel.counterpart, n=terms.release),
                )
                ruling = rule(terms, role=Role.CONSUMER, stage="request", facts=facts)
                permitted = isinstance(ruling, Permitted)
                rows.append(
                    {
                        "dataset": dataset.id,
                        "title": self._title(tx, rel, terms.release),
                        "offer": dataset.offer.id,
                        "permitted": permitted,
                        "article": ruling.article,
                        "code": None if isinstance(ruling, Permitted) else ruling.code,
                        **terms.to_json(),
                    }
                )
            return rows

        datasets = await self.ctx.store.read(rulings)
        return {
            "counterpart": rel.counterpart,
            "datasets": datasets,
            "not_understood": [list(one) for one in seen.not_understood],
        }

    def _title(self, tx: Tx, rel: RelationshipRow, n: int) -> str:
        """Return the title beside a release in the counterpart's log, while it is not erased."""
        row = tx.logs.entry(rel.peer_origin, n)
        if row is None:
            return ""
        act = self.ctx.folding.act_of(tx, rel.peer_origin, row, party=rel.counterpart)
        return str(act.note.get("title", "")) if act.note else ""

    async def _fetch(self, call: Call) -> Answer:
        request = call.request
        assert isinstance(request, op.Fetch)
        rel = await self.ctx.store.read(lambda tx: relationship(tx, request.counterpart))
        seen = await self._seen(rel)
        offered = [
            one
            for one in seen.datasets
            if one.id == request.dataset
            or one.id.removeprefix("urn:uuid:").startswith(request.dataset)
            or (request.dataset == "last" and one is seen.datasets[-1])
        ]
        if len(offered) != 1:
            raise MisuseError(
                "sharing.no_dataset", f"They offer no dataset {request.dataset[:60]!r} to us."
            )
        offer = offered[0].offer

        def begin(tx: Tx) -> Process:
            facts = self.exchanges.facts(
                tx,
                rel,
                instrument=offer.terms.instrument,
                release=self.exchanges.release(
                    tx, rel, party=rel.counterpart, n=offer.terms.release
                ),
            )
            reaction = contracts.consumer_start(offer, facts=facts)
            process = self.exchanges.carry_out(tx, rel, reaction)
            value: JsonObject = {"transfer": None, "dataset": offer.target}
            tx.things.add(f"sharing:{rel.rel_id}", "fetch", process.pid, value=value)
            return process

        process = await call.write(begin)
        self.post.wake()
        return await self._wait(rel, process.pid)

    async def _wait(self, rel: RelationshipRow, pid: str) -> JsonObject:
        """Return how a fetch stands once it ended, or after a while."""
        loop = asyncio.get_running_loop()
        end = loop.time() + FETCH_WAIT_S
        while True:
            shown = await self.ctx.store.read(lambda tx: self._fetched(tx, rel, pid))
            if shown["ended"] or loop.time() > end:
                return shown
            await self.post.moved(min(1.0, end - loop.time() + 0.01))

    def _fetched(self, tx: Tx, rel: RelationshipRow, pid: str) -> JsonObject:
        wish = tx.things.get(f"sharing:{rel.rel_id}", "fetch", pid)
        process = self.exchanges.find(tx, rel, pid)
        assert wish is not None
        assert process is not None
        transfer = wish.value["transfer"]
        negotiation = self.exchanges.shown(tx, rel, process)
        if transfer is None:
            stopped = "code" in wish.value or (process.ended and not is_finalized(process))
            merged = {
                **negotiation,
                **{k: wish.value[k] for k in ("code", "reason") if k in wish.value},
            }
            return {**merged, "negotiation": pid, "ended": stopped, "received": False}
        moving = self.exchanges.find(tx, rel, str(transfer))
        assert moving is not None
        shown = self.exchanges.shown(tx, rel, moving)
        return {**shown, "negotiation": pid, "received": shown["moved"] is not None}

    # --- transfers ----------------------------------------------------------------------------

    def _transfers(self, tx: Tx) -> JsonObject:
        rows: list[Json] = []
        for rel in tx.relationships.list():
            rows += [
                self.exchanges.shown(tx, rel, process) for process in self.exchanges.all(tx, rel)
            ]
        return {"transfers": rows}

    def found(self, tx: Tx, named: str) -> tuple[RelationshipRow, Process]:
        """Return a transfer by our id or theirs, the beginning of ours, or ``last``."""
        found = [
            (rel, process)
            for rel in tx.relationships.list()
            for process in self.exchanges.all(tx, rel)
            if process.family is Family.TRANSFER
            and (
                named in {process.pid, process.peer_pid, "last"}
                or process.pid.removeprefix("urn:uuid:").startswith(named)
            )
        ]
        if not found or (len(found) > 1 and named != "last"):
            raise MisuseError("transfers.unknown", f"There is no transfer {named[:60]!r}.")
        return found[-1]

    def _transfer(self, tx: Tx, request: op.Request) -> JsonObject:
        assert isinstance(request, op.OneTransfer)
        rel, process = self.found(tx, request.transfer)
        return self.exchanges.shown(tx, rel, process)

    async def _content(self, call: Call) -> Answer:
        request = call.request
        assert isinstance(request, op.OneTransfer)

        def find(tx: Tx) -> str:
            rel, process = self.found(tx, request.transfer)
            row = tx.things.get(f"sharing:{rel.rel_id}", "received", process.pid)
            if row is None:
                raise MisuseError("transfers.nothing", "Nothing was received by that transfer.")
            return str(row.value["digest"])

        name = await self.ctx.store.read(find)
        return self.ctx.payloads.path(name)

    def _rulings(self, tx: Tx, request: op.Request) -> JsonObject:
        assert isinstance(request, op.OfCounterpart)
        rel = relationship(tx, request.counterpart)
        return {"rulings": self.exchanges.rulings(tx, rel)}
