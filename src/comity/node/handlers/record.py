"""The record, evidence, and how the node is."""

from collections.abc import Callable

from comity.api import operations as op
from comity.api import record as asks
from comity.foundation.canonical import JsonObject
from comity.node.acting import Reader
from comity.node.context import relationship
from comity.node.dispatch import Answer, Call, Handler, Looking
from comity.node.evidence import agreement_files, transfer_files
from comity.node.evidence_check import EvidenceCheck
from comity.node.handlers.base import Desks, R, acting, read
from comity.node.history import history
from comity.node.house_desk import house_entries
from comity.node.overview import overview
from comity.node.record_desk import (
    all_view,
    both_view,
    checkpoints_view,
    entries_view,
    entry_view,
    record_view,
)
from comity.node.replaying import replay
from comity.parties.letters import Letter
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.verify.archive import write_archive


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_record(node), **_readers(node), **_evidence(node)}


def _record(node: Desks) -> dict[str, Handler]:
    ctx = node.ctx

    async def recover(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, op.OfCounterpart)

        def find(tx: Tx) -> tuple[RelationshipRow, Letter]:
            rel = relationship(tx, request.counterpart)
            return rel, node.introductions.letter_of(tx, rel)

        rel, letter = await ctx.store.read(find)
        return await node.recovering.recover(rel, letter, by=acting(call.official).id)

    async def begin(call: Call) -> Answer:
        return await node.replays.start(await named(call))

    async def state(call: Call) -> Answer:
        return node.replays.state(await named(call))

    async def named(call: Call) -> RelationshipRow:
        request = call.request
        assert isinstance(request, op.OfCounterpart)
        return await ctx.store.read(lambda tx: relationship(tx, request.counterpart))

    return {
        "record.replay_start": begin,
        "record.replay_state": state,
        "record.recover": recover,
        "status": read(node, op.Request, lambda tx, _: overview(tx, node)),
        "health": read(node, op.Request, lambda tx, _: node.health.show(tx)),
        "record.all": read(node, op.Request, lambda tx, _: all_view(tx, node)),
        "record": read(node, op.OfCounterpart, lambda tx, request: record_view(tx, node, request)),
        "record.checkpoints": read(
            node, asks.Checkpoints, lambda tx, request: checkpoints_view(tx, node, request)
        ),
        "house.entries": read(
            node, asks.HouseEntries, lambda tx, request: house_entries(tx, ctx, request)
        ),
        "record.replay": read(
            node,
            op.OfCounterpart,
            lambda tx, request: replay(tx, ctx, relationship(tx, request.counterpart)),
        ),
    }


def _reading(kind: type[R], work: Callable[[Tx, R, Reader], JsonObject]) -> Handler:
    """Return a handler whose answer depends on who reads."""

    def look(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, kind)
        return work(tx, request, Reader.of(call.official, private=call.private))

    return Looking(look)


def _readers(node: Desks) -> dict[str, Handler]:
    return {
        "record.entries": _reading(
            asks.Entries,
            lambda tx, request, who: entries_view(tx, node, request, reader=who),
        ),
        "record.both": _reading(
            asks.BothLogs,
            lambda tx, request, who: both_view(tx, node, request, reader=who),
        ),
        "record.entry": _reading(
            asks.OneEntry,
            lambda tx, request, who: entry_view(tx, node, request, reader=who),
        ),
        "history": _reading(
            asks.History,
            lambda tx, request, who: history(tx, node, request, reader=who),
        ),
    }


def _evidence(node: Desks) -> dict[str, Handler]:
    ctx = node.ctx

    async def agreement(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, op.OneInstrument)

        def files(tx: Tx) -> dict[str, bytes]:
            found = node.instruments.find(tx, request.instrument)
            return agreement_files(tx, ctx=ctx, rel=found.rel, instrument=found.instrument)

        return write_archive(await ctx.store.read(files))

    async def transfer(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, op.OneTransfer)

        def files(tx: Tx) -> dict[str, bytes]:
            rel, process = node.sharing.found(tx, request.transfer)
            shared = process.provider_pid or process.pid
            return transfer_files(tx, ctx=ctx, rel=rel, transfer=shared)

        return write_archive(await ctx.store.read(files))

    return {
        "evidence.agreement": agreement,
        "evidence.transfer": transfer,
        "evidence.verify": EvidenceCheck(ctx=ctx).handle,
    }
