"""A whole node of one party, put together from its folder.

``open_node`` makes it; ``Node.start`` begins delivering; ``Node.close`` ends in order. Tests use it
in process, ``serve`` puts the two ports before it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import attrs

from comity.agreements.events import MEMBERS
from comity.coordination import fold as coordination_fold
from comity.foundation.errors import PeerError
from comity.foundation.ports import Chance, Clock
from comity.node import folding
from comity.node.accounts import Accounts
from comity.node.after_transfer import AfterTransfer
from comity.node.approving import Approving
from comity.node.authorisations import Authorisations
from comity.node.binding import BindingActs
from comity.node.bodies import Bodies
from comity.node.calendars import Calendars
from comity.node.clock import SystemChance, SystemClock
from comity.node.commitments import Commitments
from comity.node.concluding import Concluding
from comity.node.context import Context
from comity.node.controlling import Controlling
from comity.node.controls import Controls
from comity.node.dataspace.desk import BASE, Dataspace, Settings
from comity.node.deeds import Deeds
from comity.node.delivery import Delivery
from comity.node.dispatch import Dispatch
from comity.node.drafting import Drafting
from comity.node.due_dates import DueDates
from comity.node.folding import Folding
from comity.node.founding import instance_name
from comity.node.handlers import handlers_of
from comity.node.health import Health
from comity.node.instruments import Instruments
from comity.node.introductions import Introductions
from comity.node.ledger import Ledger
from comity.node.legal_desk import LegalDesk
from comity.node.mailing import Mailing
from comity.node.meeting_views import MeetingViews
from comity.node.meetings import Meetings
from comity.node.needs import Needs
from comity.node.negotiating import Negotiating
from comity.node.officials import Officials
from comity.node.pairing import Pairing
from comity.node.passkeys import Passkeys
from comity.node.peer_site import PeerSite
from comity.node.peers import Peers
from comity.node.people import People
from comity.node.projects import Projects
from comity.node.recovering import Recovering
from comity.node.red_lines import RedLines
from comity.node.relations_desk import RelationsDesk
from comity.node.renewing import Renewals
from comity.node.replaying import Replays
from comity.node.requests import Requests
from comity.node.sharing_desk import SharingDesk
from comity.node.statement_page import StatementPages
from comity.node.statement_texts import StatementTexts
from comity.node.statement_views import StatementViews
from comity.node.statements import Statements
from comity.node.syncing import RecordPeer, Syncing
from comity.node.timers import Timers
from comity.node.tokens import Tokens
from comity.parties.identifiers import host_of
from comity.record.house import house_origin
from comity.record.kinds import kind_of
from comity.record.ports import RelationshipRow
from comity.sharing import fold as sharing_fold
from comity.storage.files import BodyFiles, PayloadFiles
from comity.storage.folder import FolderLock, PartyFolder
from comity.storage.highwater import HighWater
from comity.storage.keyfiles import load_node_keys
from comity.storage.store import Store
from comity.storage.tx import Tx
from comity.technology import fold as technology_fold


@attrs.define(kw_only=True)
class Node:
    """A running node."""

    ctx: Context
    lock: FolderLock
    high_water: HighWater
    introductions: Introductions
    officials: Officials
    accounts: Accounts
    requests: Requests
    instruments: Instruments
    drafting: Drafting
    negotiating: Negotiating
    concluding: Concluding
    sharing: SharingDesk
    dataspace: Dataspace
    syncing: Syncing
    recovering: Recovering
    delivery: Delivery
    peers: Peers
    timers: Timers
    tokens: Tokens
    site: PeerSite
    people: People = attrs.field(init=False)
    pairing: Pairing = attrs.field(init=False)
    health: Health = attrs.field(init=False)
    approving: Approving = attrs.field(init=False)
    passkeys: Passkeys = attrs.field(init=False)
    relations: RelationsDesk = attrs.field(init=False)
    deeds: Deeds = attrs.field(init=False)
    commitments: Commitments = attrs.field(init=False)
    controls: Controls = attrs.field(init=False)
    authorisations: Authorisations = attrs.field(init=False)
    after_transfer: AfterTransfer = attrs.field(init=False)
    projects: Projects = attrs.field(init=False)
    bodies: Bodies = attrs.field(init=False)
    meetings: Meetings = attrs.field(init=False)
    due_dates: DueDates = attrs.field(init=False)
    mailing: Mailing = attrs.field(init=False)
    calendars: Calendars = attrs.field(init=False)
    statements: Statements = attrs.field(init=False)
    needs: Needs = attrs.field(init=False)
    replays: Replays = attrs.field(init=False)
    dispatch: Dispatch = attrs.field(init=False)
    renewals: Renewals = attrs.field(
        init=False, default=attrs.Factory(lambda self: Renewals(renew=self._renew), takes_self=True)
    )
    _follow: set[asyncio.Task[None]] = attrs.field(factory=set)
    _loop: asyncio.AbstractEventLoop | None = None

    def __attrs_post_init__(self) -> None:
        for desk in (self.introductions, self.officials, self.concluding):
            self.requests.completions.update(desk.completions())
        self.passkeys = Passkeys(ctx=self.ctx)
        self.approving = Approving(ctx=self.ctx, officials=self.officials, passkeys=self.passkeys)
        self.people = People(
            ctx=self.ctx,
            officials=self.officials,
            approving=self.approving,
            accounts=self.accounts,
        )
        self.approving.kinds.update(self.people.kinds())
        self.health = Health(
            ctx=self.ctx,
            delivery=self.delivery,
            introductions=self.introductions,
            requests=self.requests,
        )
        self.pairing = Pairing(
            ctx=self.ctx, introductions=self.introductions, requests=self.requests
        )
        self.relations = RelationsDesk(
            ctx=self.ctx, delivery=self.delivery, instruments=self.instruments
        )
        self.deeds = Deeds(ctx=self.ctx, instruments=self.instruments)
        self.commitments = Commitments(ctx=self.ctx, deeds=self.deeds)
        self.controls = Controls(ctx=self.ctx, deeds=self.deeds, items=self.sharing.items)
        self.authorisations = Authorisations(
            ctx=self.ctx,
            deeds=self.deeds,
            controlling=self.sharing.controlling,
            controls=self.controls,
        )
        self.after_transfer = AfterTransfer(
            ctx=self.ctx,
            deeds=self.deeds,
            authorisations=self.authorisations,
            moving=self.sharing.moving,
        )
        self.projects = Projects(ctx=self.ctx, deeds=self.deeds)
        self.bodies = Bodies(ctx=self.ctx, deeds=self.deeds)
        self.meetings = Meetings(
            ctx=self.ctx,
            deeds=self.deeds,
            commitments=self.commitments,
            views=MeetingViews(ctx=self.ctx, deeds=self.deeds),
        )
        self.due_dates = DueDates(ctx=self.ctx, relations=self.relations)
        self.calendars = Calendars(ctx=self.ctx, meetings=self.meetings, due=self.due_dates)
        self.mailing = Mailing(ctx=self.ctx, calendars=self.calendars)
        texts = StatementTexts(ctx=self.ctx, instruments=self.instruments)
        self.statements = Statements(
            ctx=self.ctx,
            deeds=self.deeds,
            texts=texts,
            views=StatementViews(ctx=self.ctx, deeds=self.deeds, texts=texts),
            pages=StatementPages(ctx=self.ctx, texts=texts),
        )
        self.timers.dated = self.statements
        self.needs = Needs(
            ctx=self.ctx,
            delivery=self.delivery,
            drafting=self.drafting,
            requests=self.requests,
            approving=self.approving,
            relations=self.relations,
            connectors=self.dataspace.showing,
        )
        self.replays = Replays(ctx=self.ctx)
        self.dispatch = Dispatch(ctx=self.ctx, officials=self.officials, handlers=handlers_of(self))

    async def start(self) -> None:
        """Begin to deliver what is recorded and to watch the dates that the record names."""
        self._loop = asyncio.get_running_loop()
        rows = await self.ctx.store.read(lambda tx: tx.relationships.list())
        await self.peers.load()
        self.delivery.start([row.rel_id for row in rows])
        self.timers.start()
        self.mailing.start()
        await self.sharing.start()
        await self.dataspace.start()

    def changed(self, rel_id: str) -> None:
        """React to a commit that changed a relationship; called on the writer's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed, rel_id)

    def _changed(self, rel_id: str) -> None:
        task = asyncio.get_running_loop().create_task(self._after(rel_id))
        self._follow.add(task)
        task.add_done_callback(self._follow.discard)

    async def _after(self, rel_id: str) -> None:
        """Do what follows by computation, then deliver."""

        def work(tx: Tx) -> bool:
            rel = tx.relationships.get(rel_id)
            if rel is None:
                return False
            self.sharing.cut(tx, rel)
            self.mailing.look(tx)
            return self.concluding.conclude(tx, rel)

        await self.peers.load()
        await self.ctx.store.write(work)
        self.delivery.wake(rel_id)
        self.timers.wake()
        self.sharing.post.wake()
        await self.sharing.post.tell()
        self.renewals.soon(rel_id)

    async def _renew(self, rel_id: str) -> bool:
        return await self.ctx.store.read(lambda tx: self.relations.renew(tx, rel_id))

    async def close(self) -> None:
        """End in order; what is not delivered is delivered after the next start."""
        await self.replays.stop()
        await self.dataspace.stop()
        await self.sharing.stop()
        await self.mailing.stop()
        await self.timers.stop()
        await self.delivery.stop()
        await self.renewals.stop()
        for task in list(self._follow):
            task.cancel()
        await asyncio.gather(*self._follow, return_exceptions=True)
        await self.peers.close()
        await asyncio.to_thread(self.ctx.store.close)
        with contextlib.suppress(PeerError):
            self.high_water.close()
        self.lock.release()


class Relay:
    """Passes changes on to the node once there is one."""

    def __init__(self) -> None:
        self.to: Callable[[str], None] | None = None

    def __call__(self, rel_id: str) -> None:
        """Pass one change on."""
        if self.to is not None:
            self.to(rel_id)


def open_node(
    path: Path,
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    record_peer: RecordPeer | None = None,
    dataspace: Settings | None = None,
) -> Node:
    """Return the node of a party's folder, ready to start.

    Args:
        path: The folder.
        clock: Another clock than the machine's, for tests.
        chance: Another source of chance, for tests.
        record_peer: Another way to call a counterpart's record routes, for tests.
        dataspace: How it stands towards registered connectors, for purpose *conformance*.

    Raises:
        MisuseError: as ``PartyFolder.open``, ``Store.open``; ``folder.in_use``.
    """
    folder = PartyFolder.open(path)
    lock = folder.lock()
    try:
        return _assemble(
            folder,
            lock,
            clock=clock or SystemClock(),
            chance=chance or SystemChance(),
            record_peer=record_peer,
            dataspace=dataspace,
        )
    except BaseException:
        lock.release()
        raise


def _context(folder: PartyFolder, *, clock: Clock, chance: Chance, changed: "Relay") -> Context:
    """Return what every desk works with, opened from the folder."""
    store = Store.open(folder.database, clock=clock, create=False)
    bodies = BodyFiles.open(folder.bodies)
    folds = Folding(party=folder.config.party, bodies=bodies)
    return Context(
        config=folder.config,
        folder=folder,
        store=store,
        clock=clock,
        chance=chance,
        keys=load_node_keys(folder.keys),
        folding=folds,
        ledger=Ledger(
            party=folder.config.party,
            house_origin=house_origin(host_of(folder.config.party), epoch=0),
            clock=clock,
            chance=chance,
            bodies=bodies,
            folds=folds,
            changed=changed,
        ),
        bodies=bodies,
        payloads=PayloadFiles.open(folder.payloads),
        changed=changed,
    )


def _assemble(
    folder: PartyFolder,
    lock: FolderLock,
    *,
    clock: Clock,
    chance: Chance,
    record_peer: RecordPeer | None,
    dataspace: Settings | None,
) -> Node:
    relay = Relay()
    ctx = _context(folder, clock=clock, chance=chance, changed=relay)
    high_water = HighWater.open(folder.high_water, instance=instance_name())
    requests = Requests(ctx=ctx)
    officials = Officials(ctx=ctx, requests=requests)
    introductions = Introductions(ctx=ctx, requests=requests, officials=officials)
    instruments = Instruments(ctx=ctx)
    red_lines = RedLines(ctx=ctx)
    drafting = Drafting(ctx=ctx, instruments=instruments, red_lines=red_lines)
    peers = Peers(ctx=ctx, introductions=introductions)
    syncing = Syncing(
        ctx=ctx,
        introductions=introductions,
        high_water=high_water,
        admit=lambda tx, rel, state, act: _admit(instruments, introductions, tx, rel, state, act),
        peer=record_peer or peers.record_client,
        changed=relay,
    )
    recovering = Recovering(ctx=ctx, syncing=syncing, changed=relay)
    delivery = Delivery(push=syncing.push, clock=clock, chance=chance)
    sharing = _sharing(ctx, instruments, introductions, peers=peers)
    registered = Dataspace(
        ctx=ctx,
        settings=dataspace or Settings(own=ctx.config.party, base=f"{ctx.config.origin}{BASE}"),
        pacing=sharing.site.pacing,
    )
    sharing.post.keeps.append(registered.book.coming)
    node = Node(
        ctx=ctx,
        lock=lock,
        high_water=high_water,
        introductions=introductions,
        officials=officials,
        accounts=Accounts(ctx=ctx, officials=officials),
        requests=requests,
        instruments=instruments,
        drafting=drafting,
        negotiating=Negotiating.seated(
            ctx=ctx, instruments=instruments, red_lines=red_lines, drafting=drafting
        ),
        concluding=_concluding(ctx, instruments, officials, requests=requests, red_lines=red_lines),
        sharing=sharing,
        dataspace=registered,
        syncing=syncing,
        delivery=delivery,
        peers=peers,
        timers=Timers(ctx=ctx, instruments=instruments, delivery=delivery),
        recovering=recovering,
        tokens=Tokens(ctx=ctx),
        site=PeerSite(
            ctx=ctx,
            syncing=syncing,
            recovering=recovering,
            sharing=sharing.site,
            heard=delivery.heard,
            dataspace=registered,
        ),
    )
    relay.to = node.changed
    return node


def _sharing(
    ctx: Context, instruments: Instruments, introductions: Introductions, *, peers: Peers
) -> SharingDesk:
    return SharingDesk(
        ctx=ctx,
        instruments=instruments,
        introductions=introductions,
        peers=peers,
        controlling=Controlling(ctx=ctx, deeds=Deeds(ctx=ctx, instruments=instruments)),
    )


def _concluding(  # the desks that concluding works with
    ctx: Context,
    instruments: Instruments,
    officials: Officials,
    *,
    requests: Requests,
    red_lines: RedLines,
) -> Concluding:
    return Concluding(
        ctx=ctx,
        instruments=instruments,
        officials=officials,
        binding=BindingActs(ctx=ctx, instruments=instruments, requests=requests),
        red_lines=red_lines,
        legal=LegalDesk(ctx=ctx, instruments=instruments, red_lines=red_lines),
    )


def _admit(  # noqa: PLR0917  # the place of an act, and the desks that know it
    instruments: Instruments,
    introductions: Introductions,
    tx: Tx,
    rel: RelationshipRow,
    state: folding.Folded,
    act: folding.RecordedAct,
) -> None:
    """Refuse an act of the counterpart that may not stand in its log."""
    kind_of(act.kind)
    if act.kind in MEMBERS:
        instruments.check(state, folding.agreement_act(act), at=None)
    elif act.kind.startswith("sharing."):
        sharing_fold.admit(folding.sharing_act(act))
    elif act.kind.partition(".")[0] in coordination_fold.FAMILIES:
        coordination_fold.admit(folding.deed_of(act))
    elif act.kind.partition(".")[0] in technology_fold.FAMILIES:
        technology_fold.admit(folding.deed_of(act))
    elif act.kind == "letter.introduce":
        letter = introductions.letter_of(tx, rel)
        if act.data.get("letter") != letter.digest:
            raise PeerError(
                "record.other_letter",
                f"The log of {letter.name} begins with another letter than the one we accepted.",
            )
