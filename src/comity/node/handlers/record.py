"""The record, evidence, and how the node is."""

from comity.api import operations as op
from comity.node.context import relationship
from comity.node.dispatch import Answer, Call, Handler
from comity.node.evidence import agreement_files, transfer_files
from comity.node.handlers.base import Desks, acting, read
from comity.node.overview import entries_view, health, overview, record_view, replay
from comity.parties.letters import Letter
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.verify.archive import write_archive


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_record(node), **_evidence(node)}


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

    return {
        "record.recover": recover,
        "status": read(node, op.Request, lambda tx, _: overview(tx, node)),
        "health": read(node, op.Request, lambda tx, _: health(tx, node)),
        "record": read(
            node,
            op.OfCounterpart,
            lambda tx, request: record_view(tx, ctx, relationship(tx, request.counterpart)),
        ),
        "record.entries": read(
            node,
            op.Entries,
            lambda tx, request: entries_view(tx, ctx, request),
        ),
        "record.replay": read(
            node,
            op.OfCounterpart,
            lambda tx, request: replay(tx, ctx, relationship(tx, request.counterpart)),
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

    return {"evidence.agreement": agreement, "evidence.transfer": transfer}
