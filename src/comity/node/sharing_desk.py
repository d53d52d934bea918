"""Sharing, put together: which desk carries out which operation, and what goes on by itself.

The agreement permits, a person releases, a transfer moves: three things, kept apart. Nothing is
released by a rule. Source: design 7; docs/spec/07-sharing.md.
"""

from collections.abc import Callable
from typing import TypeVar

import attrs
import msgspec

from comity.api import sharing as asks
from comity.api.operation import OfCounterpart, OneTransfer, Request
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.node.clock import steady_s
from comity.node.context import Context
from comity.node.controlling import Controlling
from comity.node.dataplane.accesses import Pacing
from comity.node.dispatch import Answer, Call, Handler, Looking
from comity.node.exchanges import Exchanges
from comity.node.fetching import Fetching
from comity.node.instruments import Instruments
from comity.node.introductions import Introductions
from comity.node.items import Items
from comity.node.moving import Moving
from comity.node.officials import Official
from comity.node.peers import Peers
from comity.node.post import Post
from comity.node.releasing import Releasing
from comity.node.sharing_site import SharingSite
from comity.node.taking import Taking
from comity.record.ports import RelationshipRow
from comity.sharing import transfers
from comity.sharing.model import Process
from comity.sharing.pace import Rate
from comity.storage.tx import Tx

R = TypeVar("R", bound=Request)


@attrs.define(kw_only=True)
class SharingDesk:
    """The desks of desk officers and release officers."""

    ctx: Context
    instruments: Instruments
    introductions: Introductions
    peers: Peers
    controlling: Controlling
    exchanges: Exchanges = attrs.field(init=False)
    site: SharingSite = attrs.field(init=False)
    post: Post = attrs.field(init=False)
    items: Items = attrs.field(init=False)
    releasing: Releasing = attrs.field(init=False)
    fetching: Fetching = attrs.field(init=False)
    moving: Moving = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.exchanges = Exchanges(
            ctx=self.ctx,
            instruments=self.instruments,
            introductions=self.introductions,
            controlling=self.controlling,
        )
        pace = self.ctx.config.pace
        pacing = Pacing.of(
            each=_rate(pace.transfer if pace else None),
            node=_rate(pace.node if pace else None),
            now_s=steady_s,
        )
        self.site = SharingSite(exchanges=self.exchanges, advanced=self._advanced, pacing=pacing)
        taking = Taking(exchanges=self.exchanges, peers=self.peers, advanced=self._advanced)
        self.post = Post(
            exchanges=self.exchanges, peers=self.peers, taking=taking, advanced=self._advanced
        )
        self.items = Items(exchanges=self.exchanges)
        self.releasing = Releasing(exchanges=self.exchanges, items=self.items)
        self.fetching = Fetching(exchanges=self.exchanges, peers=self.peers, post=self.post)
        self.moving = Moving(exchanges=self.exchanges)

    async def start(self) -> None:
        """Begin to deliver messages."""
        await self.post.start()

    async def stop(self) -> None:
        """End in order."""
        await self.post.stop()

    def found(self, tx: Tx, named: str) -> tuple[RelationshipRow, Process]:
        """Return a transfer; as ``Moving.found``."""
        return self.moving.found(tx, named)

    def _advanced(self, tx: Tx, rel: RelationshipRow, process: Process) -> None:
        self.fetching.advanced(tx, rel, process)

    def cut(self, tx: Tx, rel: RelationshipRow) -> None:
        """End the transfers whose permission has ended: a suspension, an end, a withdrawal."""
        for process in self.exchanges.transfers(tx, rel, live=True):
            facts = self.exchanges.facts_for(tx, rel, process)
            reaction = transfers.cut(process, facts=facts)
            if reaction is not None:
                self.exchanges.carry_out(tx, rel, reaction)

    # --- operations ---------------------------------------------------------------------------

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of sharing's operations."""
        items, releasing, moving = self.items, self.releasing, self.moving
        return {
            "items": self._reading(Request, lambda tx, _: items.all(tx)),
            "items.add": self._add,
            "items.show": self._reading(asks.OneItem, items.show),
            "areas": self._reading(OfCounterpart, items.areas),
            "items.ask": self._reading(asks.MaySend, items.ask),
            "items.check": self._reading(asks.OfferItem, items.check),
            "items.offer": self._writing(asks.OfferItem, releasing.offer),
            "items.cancel": self._writing(asks.ItemTo, releasing.cancel),
            "wishes": self._reading(asks.Wishes, releasing.wishes),
            "wishes.show": self._reading(asks.OneWish, releasing.show),
            "items.release": self._writing(asks.ReleaseItem, releasing.release),
            "items.decline": self._writing(asks.DeclineItem, releasing.decline),
            "items.withdraw": self._writing(asks.ItemTo, releasing.withdraw),
            "catalogue": self.fetching.catalogue,
            "released": self._reading(OfCounterpart, self.fetching.released),
            "fetch": self.fetching.fetch,
            "fetch.show": self._reading(asks.OneFetch, self.fetching.show),
            "held": self._reading(Request, lambda tx, _: moving.held(tx)),
            "held.settle": self._writing(asks.SettleHeld, moving.settle),
            "transfers": self._reading(Request, lambda tx, _: moving.all(tx)),
            "transfers.show": self._reading(OneTransfer, moving.show),
            "transfers.content": self._content,
            "transfers.suspend": self._writing(asks.StopTransfer, moving.suspend),
            "transfers.resume": self._writing(OneTransfer, moving.resume),
            "transfers.terminate": self._writing(asks.StopTransfer, moving.terminate),
            "rulings": self._reading(OfCounterpart, moving.rulings),
        }

    def _reading(self, kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
        def look(tx: Tx, call: Call) -> JsonObject:
            request = call.request
            assert isinstance(request, kind)
            return work(tx, request)

        return Looking(look)

    def _writing(self, kind: type[R], work: Callable[[Tx, R, Official], JsonObject]) -> Handler:
        async def handle(call: Call) -> Answer:
            request, official = call.request, call.official
            assert isinstance(request, kind)
            assert official is not None
            return await call.write(lambda tx: work(tx, request, official))

        return handle

    async def _add(self, call: Call) -> Answer:
        request, official, upload = call.request, call.official, call.upload
        assert isinstance(request, asks.UploadItem)
        assert official is not None
        if upload is None:
            raise MisuseError("items.no_file", "The request carries no file.")
        if not request.action.strip():
            area = request.area
            action = await self.ctx.store.read(lambda tx: self.items.usual_action(tx, area))
            request = msgspec.structs.replace(request, action=action)
        item, note = self.items.described(request, upload)
        return await call.write(lambda tx: self.items.add(tx, item, note, official=official))

    async def _content(self, call: Call) -> Answer:
        request = call.request
        assert isinstance(request, OneTransfer)
        return await self.ctx.store.read(lambda tx: self.moving.content(tx, request))


def _rate(bytes_per_s: int | None) -> Rate | None:
    """Return the rate of a setting: one second's worth may go at once after a rest."""
    return None if bytes_per_s is None else Rate(bytes_per_s=bytes_per_s, burst_bytes=bytes_per_s)
