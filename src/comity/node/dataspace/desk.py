"""Registered connectors, put together: who answers, who delivers, and what officials can ask for.

Source: issue 5; ``docs/spec/09-connectors.md``.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import attrs

from comity.api import dataspace as asks
from comity.api.operation import Request
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.node.context import Context
from comity.node.courier import Courier
from comity.node.dataplane.accesses import Pacing
from comity.node.dataspace.book import Book
from comity.node.dataspace.carrying import Carrying
from comity.node.dataspace.data import DataDoor, Sources
from comity.node.dataspace.dealing import Dealing
from comity.node.dataspace.delivery import Delivery
from comity.node.dataspace.identity import authorization, token_caller
from comity.node.dataspace.intake import Intake
from comity.node.dataspace.paging import Pages
from comity.node.dataspace.planning import Planning
from comity.node.dataspace.proposing import Proposing
from comity.node.dataspace.reacting import Reacting
from comity.node.dataspace.registering import Registering
from comity.node.dataspace.showing import Showing
from comity.node.dataspace.site import ConnectorSite
from comity.node.dispatch import Answer, Call, Handler, Looking
from comity.node.officials import Official
from comity.sharing.connectors.model import Counterpart, Identity
from comity.storage.tx import Tx
from comity.transport.connector import ConnectorClient, Waits
from comity.transport.gate import Caller

BASE: Final = "/dsp/2025-1"

R = TypeVar("R", bound=Request)


@attrs.frozen(kw_only=True)
class Settings:
    """How a node stands towards registered connectors.

    Attributes:
        own: Our participant id.
        base: Our base address, no slash at its end.
        plain: Whether plain http and the identities of tests exist: purpose *conformance* alone.
        waits: How long a connector has for its answers.
    """

    own: str
    base: str
    plain: bool = False
    waits: Waits = attrs.field(factory=Waits)


@attrs.define(kw_only=True)
class Dataspace:
    """The desk of registered connectors."""

    ctx: Context
    settings: Settings
    pacing: Pacing
    book: Book = attrs.field(init=False)
    reacting: Reacting = attrs.field(init=False)
    delivery: Delivery = attrs.field(init=False)
    courier: Courier = attrs.field(init=False)
    site: ConnectorSite = attrs.field(init=False)
    registering: Registering = attrs.field(init=False)
    proposing: Proposing = attrs.field(init=False)
    dealing: Dealing = attrs.field(init=False)
    planning: Planning = attrs.field(init=False)
    showing: Showing = attrs.field(init=False)
    _known: dict[str, Counterpart] = attrs.field(factory=dict)
    _callers: dict[str, Caller] = attrs.field(factory=dict)
    _clients: dict[str, tuple[Counterpart, ConnectorClient]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.book = Book(ctx=self.ctx, own=self.settings.own, base=self.settings.base)
        self.reacting = Reacting(book=self.book)
        sources = Sources(payloads=self.ctx.payloads)
        self.delivery = Delivery(
            book=self.book,
            reacting=self.reacting,
            client=self.client,
            registered=self.registered,
        )
        carrying = Carrying(
            reacting=self.reacting, client=self.client, sources=sources, pacing=self.pacing
        )
        self.courier = Courier(
            ctx=self.ctx, carriers={**self.delivery.carriers(), **carrying.carriers()}
        )
        self.reacting.courier = self.courier
        data = DataDoor(book=self.book, reacting=self.reacting, pacing=self.pacing, sources=sources)
        intake = Intake(book=self.book, reacting=self.reacting, pacing=self.pacing)
        self.site = ConnectorSite(
            book=self.book,
            reacting=self.reacting,
            data=data,
            intake=intake,
            pages=Pages(book=self.book),
        )
        self.registering = Registering(
            book=self.book,
            plain=self.settings.plain,
            reacting=self.reacting,
        )
        self.proposing = Proposing(
            book=self.book,
            registering=self.registering,
            registered=self._registered,
            reacting=self.reacting,
        )
        self.showing = Showing(book=self.book, moving=self.reacting.moving)
        self.dealing = Dealing(
            book=self.book, reacting=self.reacting, showing=self.showing, client=self.client
        )
        self.planning = Planning(book=self.book, showing=self.showing)

    async def start(self) -> None:
        """Begin to deliver."""
        self.reacting.loop = asyncio.get_running_loop()
        for counterpart in await self.ctx.store.read(self.book.counterparts):
            self._registered(counterpart)
        await self.courier.start()

    async def stop(self) -> None:
        """End in order."""
        await self.courier.stop()
        for _, client in self._clients.values():
            await client.aclose()

    def caller(self, issuer: str) -> Caller | None:
        """Return the registered counterpart with that id, for the gate; memory only."""
        return self._callers.get(issuer)

    def registered(self, name: str) -> Counterpart | None:
        """Return the counterpart with that id as it was registered last; memory only."""
        return self._known.get(name)

    def _registered(self, counterpart: Counterpart) -> None:
        self._known[counterpart.id] = counterpart
        caller = token_caller(counterpart)
        if caller is not None:  # in place of the one before: its key opens nothing from now on
            self._callers[counterpart.id] = caller

    def client(self, counterpart: Counterpart) -> ConnectorClient:
        """Return the client to a counterpart as it is registered now."""
        known = self._clients.get(counterpart.id)
        if known is None or _reached(known[0]) != _reached(counterpart):
            client = ConnectorClient(
                base=counterpart.base,
                identity=lambda: authorization(counterpart, self.settings.own, self.ctx),
                pin=counterpart.pin,
                plain=self.settings.plain,
                waits=self.settings.waits,
            )
            self._clients[counterpart.id] = known = (counterpart, client)
        return known[1]

    # --- operations ---------------------------------------------------------------------------

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of these operations."""
        showing, registering, dealing = self.showing, self.registering, self.dealing
        proposing = self.proposing
        return {
            "dataspace.own": _reading(Request, lambda _, __: showing.own()),
            "dataspace.connectors": _reading(Request, lambda tx, _: showing.connectors(tx)),
            "dataspace.connector": _reading(asks.OneConnector, showing.connector),
            "dataspace.register": _writing(asks.Register, proposing.register),
            "dataspace.change": _writing(asks.Change, proposing.change),
            "dataspace.proposals": _reading(Request, lambda tx, _: proposing.listing(tx)),
            "dataspace.proposal": _reading(asks.OneProposal, proposing.show),
            "dataspace.confirm": _writing(asks.Confirm, proposing.confirm),
            "dataspace.refuse": _writing(asks.RefuseProposal, proposing.refuse),
            "dataspace.suspend": _writing(asks.ChangeConnector, registering.suspend),
            "dataspace.catalogue": self._catalogue,
            "dataspace.datasets": _reading(Request, lambda tx, _: showing.datasets(tx)),
            "dataspace.release": _writing(asks.ReleaseDataset, registering.release),
            "dataspace.withdraw": _writing(asks.OneDataset, registering.withdraw),
            "dataspace.contracts": _reading(Request, lambda tx, _: showing.contracts(tx)),
            "dataspace.inbox": _reading(Request, lambda tx, _: showing.inbox(tx)),
            "dataspace.exchanges": _reading(asks.Exchanges, showing.exchanges),
            "dataspace.exchange": _reading(asks.OneExchange, showing.exchange),
            "dataspace.act": _writing(asks.ActIn, dealing.act),
            "dataspace.counter": _writing(asks.Counter, dealing.counter),
            "dataspace.counter_preview": _reading(asks.Counter, dealing.preview),
            "dataspace.negotiate": _writing(asks.Negotiate, dealing.negotiate),
            "dataspace.transfer": _writing(asks.AskForData, dealing.transfer),
            "dataspace.content": self._content,
            "dataspace.playbook": _reading(Request, lambda tx, _: self.planning.show(tx)),
            "dataspace.simulate": _reading(asks.SetPlaybook, self.planning.simulate),
            "dataspace.set_playbook": _writing(asks.SetPlaybook, self.planning.set),
        }

    async def _catalogue(self, call: Call) -> Answer:
        request = call.request
        assert isinstance(request, asks.OneConnector)
        counterpart = await self.ctx.store.read(lambda tx: self.book.named(tx, request.connector))
        return await self.dealing.catalogue(counterpart)

    async def _content(self, call: Call) -> Answer:
        request = call.request
        assert isinstance(request, asks.OneExchange)

        def path(tx: Tx) -> Path:
            exchange = self.showing.found(tx, request.exchange)
            received = self.book.received(tx, exchange.pid)
            if received is None:
                raise MisuseError("transfers.nothing", "Nothing was received by that transfer.")
            return self.ctx.payloads.path(str(received["digest"]))

        return await self.ctx.store.read(path)


def _reached(counterpart: Counterpart) -> tuple[str, Identity, str | None]:
    """Return what calls to a counterpart depend on: suspending it changes none of that."""
    return counterpart.base, counterpart.identity, counterpart.pin


def _reading(kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
    def look(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, kind)
        return work(tx, request)

    return Looking(look)


def _writing(kind: type[R], work: Callable[[Tx, R, Official], JsonObject]) -> Handler:
    async def handle(call: Call) -> Answer:
        request, official = call.request, call.official
        assert isinstance(request, kind)
        assert official is not None
        return await call.write(lambda tx: work(tx, request, official))

    return handle
