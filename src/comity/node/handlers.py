"""The table that binds each operation to its desk.

A handler runs its desk in one unit of work and then waits a moment for the counterpart, so that the
person learns whether they hold it yet; nothing depends on that wait. Source: design 13.5.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeVar

from comity.api import operations as op
from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.node.concluding import Concluding
from comity.node.context import Context, counterpart_name, relationship
from comity.node.delivery import Delivery
from comity.node.dispatch import Answer, Call, Handler
from comity.node.evidence import agreement_files, transfer_files
from comity.node.instruments import Found, Instruments, show
from comity.node.introductions import Introductions
from comity.node.negotiating import Negotiating
from comity.node.officials import Official, Officials
from comity.node.overview import entries_view, health, overview, record_view, replay
from comity.node.recovering import Recovering
from comity.node.requests import Requests
from comity.node.sharing_desk import SharingDesk
from comity.parties.letters import Letter
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.verify.archive import write_archive

#: How long a command waits for the counterpart to hold what was recorded, in seconds.
HELD_WAIT_S: Final = 5.0

R = TypeVar("R", bound=op.Request)


class Desks(Protocol):
    """What the handlers need of a node."""

    ctx: Context
    officials: Officials
    introductions: Introductions
    requests: Requests
    instruments: Instruments
    negotiating: Negotiating
    concluding: Concluding
    sharing: SharingDesk
    delivery: Delivery
    recovering: Recovering


def handlers_of(node: Desks) -> dict[str, Handler]:
    """Return the handler of every operation, by name."""
    return {
        **_letters(node),
        **_people(node),
        **_agreements(node),
        **_answers(node),
        **_red_lines(node),
        **_red_lines(node),
        **_conclusion(node),
        **_record(node),
        **_evidence(node),
        **node.sharing.handlers(),
        **{name: _held(node, node.sharing.handlers()[name]) for name in _RELEASING},
    }


_RELEASING: Final = ("items.release", "items.withdraw")


def _held(node: Desks, handler: Handler) -> Handler:
    """Return the handler with a word on whether the counterpart holds what it recorded."""

    async def handle(call: Call) -> Answer:
        answer = await handler(call)
        assert isinstance(answer, Mapping)
        return {**answer, "held_by_counterpart": await held(node, str(answer["relationship"]))}

    return handle


def _write(
    node: Desks, kind: type[R], work: Callable[[Tx, R, Official | None], JsonObject]
) -> Handler:
    """Return a handler that writes; it says whether the counterpart holds it."""

    async def handle(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, kind)
        answer = await node.ctx.store.write(lambda tx: work(tx, request, call.official))
        rel_id = answer.get("relationship")
        outcome = answer.get("outcome")
        if rel_id is None and isinstance(outcome, dict):
            rel_id = outcome.get("relationship")
        if not isinstance(rel_id, str):
            return answer
        return {**answer, "held_by_counterpart": await held(node, rel_id)}

    return handle


async def held(node: Desks, rel_id: str) -> bool:
    """Return whether the counterpart holds all of our record, waiting a moment for it."""

    async def delivered() -> bool:
        def read(tx: Tx) -> bool:
            rel = tx.relationships.get(rel_id)
            if rel is None:
                return True
            latest = tx.checkpoints.latest(rel.own_origin)
            return latest is not None and latest.size == tx.logs.head(rel.own_origin).size

        return await node.ctx.store.read(read)

    node.delivery.wake(rel_id)
    return await node.delivery.flush(rel_id, delivered=delivered, timeout_s=HELD_WAIT_S)


def _read(node: Desks, kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
    async def handle(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, kind)
        return await node.ctx.store.read(lambda tx: work(tx, request))

    return handle


def _acting(official: Official | None) -> Official:
    if official is None:
        raise MisuseError("officials.who", "Say who acts: --as OFFICIAL.")
    return official


def _letters(node: Desks) -> dict[str, Handler]:
    desk = node.introductions
    return {
        "letters.export": _write(
            node, op.ExportLetter, lambda tx, request, _: desk.export(tx, new=request.new)
        ),
        "letters.read": _read(
            node, op.GivenLetter, lambda tx, request: desk.read(tx, request.letter)
        ),
        "letters.accept": _write(
            node,
            op.AcceptLetter,
            lambda tx, request, _: desk.ask(tx, request.letter, request.fingerprint),
        ),
    }


def _people(node: Desks) -> dict[str, Handler]:
    desk, requests = node.officials, node.requests
    return {
        "officials": _read(node, op.Request, lambda tx, _: desk.listing(tx)),
        "officials.add": _write(node, op.AddOfficial, lambda tx, request, _: desk.add(tx, request)),
        "officials.powers": _write(
            node,
            op.GrantPowers,
            lambda tx, request, _: desk.ask_powers(tx, request, letter=requests.own_letter(tx)),
        ),
        "officials.revoke": _write(
            node,
            op.RevokePowers,
            lambda tx, request, _: desk.ask_revocation(tx, request, letter=requests.own_letter(tx)),
        ),
        "requests": _read(
            node,
            op.Request,
            lambda tx, _: {"requests": [_brief(one) for one in requests.waiting(tx)]},
        ),
        "requests.show": _read(
            node, op.OneRequest, lambda tx, request: requests.show(tx, request.request)
        ),
        "requests.drop": _write(
            node, op.OneRequest, lambda tx, request, _: requests.drop(tx, request.request)
        ),
        "requests.deliver": _write(
            node,
            op.DeliverSignature,
            lambda tx, request, _: requests.deliver(
                tx,
                request.request,
                base64url.decode(request.signatures, what="The signature file"),
            ),
        ),
    }


def _brief(request: JsonObject) -> JsonObject:
    names = ("request", "operation", "title", "capacity", "signers", "needed", "created")
    signatures = request["signatures"]
    assert isinstance(signatures, dict)
    return {**{name: request[name] for name in names}, "signed_by": sorted(signatures)}


def _agreements(node: Desks) -> dict[str, Handler]:
    desk = node.negotiating

    def listing(tx: Tx, _: op.Request) -> JsonObject:
        tabled = [_line(tx, one) for one in node.instruments.all(tx)]
        return {"agreements": [*tabled, *desk.drafts(tx)]}

    def _line(tx: Tx, one: Found) -> JsonObject:
        whole = show(one, own=node.ctx.config.party, names=names_of(node, tx))
        keep = ("instrument", "title", "status", "relationship", "counterpart", "counts", "clean")
        more = ("in_force_at", "ends_at", "void_attempts", "suspended", "suspended_units")
        return {name: whole[name] for name in (*keep, *more)}

    def one(tx: Tx, request: op.OneInstrument) -> JsonObject:
        found = node.instruments.find(tx, request.instrument)
        whole = show(found, own=node.ctx.config.party, names=names_of(node, tx))
        private = desk.red_lines.shown(tx, found)
        return {**whole, "red_lines": private}

    return {
        "agreements": _read(node, op.Request, listing),
        "agreements.show": _read(node, op.OneInstrument, one),
        "agreements.text": _read(node, op.InstrumentText, desk.text),
        "agreements.draft": _write(node, op.Draft, lambda tx, request, _: desk.draft(tx, request)),
        "agreements.talk": _write(
            node,
            op.OneInstrument,
            lambda tx, request, _: desk.simple(tx, request, kind="agreement.talk"),
        ),
        "agreements.reopen": _write(
            node,
            op.Reason,
            lambda tx, request, _: desk.simple(tx, request, kind="agreement.reopen"),
        ),
        "agreements.abandon": _write(
            node,
            op.Reason,
            lambda tx, request, _: desk.simple(tx, request, kind="agreement.abandon"),
        ),
    }


def _answers(node: Desks) -> dict[str, Handler]:
    desk = node.negotiating
    return {
        "agreements.answer": _write(
            node,
            op.Answer,
            lambda tx, request, who: desk.answer(tx, request, official=_acting(who)),
        ),
        "agreements.counter": _write(
            node, op.Counter, lambda tx, request, _: desk.counter(tx, request)
        ),
        "agreements.package": _write(
            node, op.OfferPackage, lambda tx, request, _: desk.package(tx, request)
        ),
        "agreements.accept_package": _write(
            node, op.AcceptPackage, lambda tx, request, _: desk.accept_package(tx, request)
        ),
        "agreements.staged": _read(node, op.OneInstrument, desk.staged),
        "agreements.unstage": _write(
            node, op.OneInstrument, lambda tx, request, _: desk.unstage(tx, request)
        ),
        "agreements.table": _write(node, op.Reason, lambda tx, request, _: desk.table(tx, request)),
    }


def _red_lines(node: Desks) -> dict[str, Handler]:
    desk = node.negotiating
    return {
        "redlines": _read(
            node,
            op.OneInstrument,
            lambda tx, request: desk.red_lines.show(
                tx, node.instruments.find(tx, request.instrument)
            ),
        ),
        "redlines.set": _write(
            node,
            op.SetRedLines,
            lambda tx, request, who: desk.red_lines.set(
                tx, desk.named(tx, request.instrument), request.lines, official=_acting(who)
            ),
        ),
        "redlines.deviate": _write(
            node,
            op.Deviate,
            lambda tx, request, who: desk.red_lines.deviate(
                tx, node.instruments.find(tx, request.instrument), request, official=_acting(who)
            ),
        ),
    }


def _conclusion(node: Desks) -> dict[str, Handler]:
    desk = node.concluding
    return {
        "agreements.adopt": _write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.adopt(tx, request, official=_acting(who)),
        ),
        "agreements.initial": _write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.initial(tx, request, official=_acting(who)),
        ),
        "agreements.clear": _write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.clear(tx, request, official=_acting(who)),
        ),
        "agreements.window": _write(
            node, op.OpenWindow, lambda tx, request, _: desk.window(tx, request)
        ),
        "agreements.ready": _write(
            node, op.OneInstrument, lambda tx, request, _: desk.ready(tx, request)
        ),
        "agreements.sign": _write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.sign(tx, request, official=_acting(who)),
        ),
        "agreements.suspend": _write(
            node,
            op.Suspend,
            lambda tx, request, who: desk.suspend(tx, request, official=_acting(who)),
        ),
        "agreements.resume": _write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.resume(tx, request, official=_acting(who)),
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


def _record(node: Desks) -> dict[str, Handler]:
    ctx = node.ctx

    async def recover(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, op.OfCounterpart)

        def find(tx: Tx) -> tuple[RelationshipRow, Letter]:
            rel = relationship(tx, request.counterpart)
            return rel, node.introductions.letter_of(tx, rel)

        rel, letter = await ctx.store.read(find)
        return await node.recovering.recover(rel, letter, by=_acting(call.official).id)

    return {
        "record.recover": recover,
        "status": _read(node, op.Request, lambda tx, _: overview(tx, node)),
        "health": _read(node, op.Request, lambda tx, _: health(tx, node)),
        "record": _read(
            node,
            op.OfCounterpart,
            lambda tx, request: record_view(tx, ctx, relationship(tx, request.counterpart)),
        ),
        "record.entries": _read(
            node,
            op.Entries,
            lambda tx, request: entries_view(tx, ctx, request),
        ),
        "record.replay": _read(
            node,
            op.OfCounterpart,
            lambda tx, request: replay(tx, ctx, relationship(tx, request.counterpart)),
        ),
    }


def names_of(node: Desks, tx: Tx) -> dict[str, str]:
    """Return the names of the parties we know, by party id."""
    config = node.ctx.config
    rows = tx.relationships.list()
    return {
        config.party: config.name,
        **{row.counterpart: counterpart_name(tx, row) for row in rows},
    }
