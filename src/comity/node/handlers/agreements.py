"""Instruments, answers, red lines, conclusion."""

from comity.api import operations as op
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Call, Handler, Looking
from comity.node.handlers.base import Desks, acting, names_of, read, write
from comity.node.instruments import Found, show
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_agreements(node), **_answers(node), **_red_lines(node), **_conclusion(node)}


def _agreements(node: Desks) -> dict[str, Handler]:
    desk = node.negotiating

    def listing(tx: Tx, _: op.Request) -> JsonObject:
        tabled = [_line(tx, one) for one in node.instruments.all(tx)]
        return {"agreements": [*tabled, *node.drafting.drafts(tx)]}

    def _line(tx: Tx, one: Found) -> JsonObject:
        whole = show(one, own=node.ctx.config.party, names=names_of(node, tx))
        keep = ("instrument", "title", "status", "relationship", "counterpart", "counts", "clean")
        more = ("in_force_at", "ends_at", "void_attempts", "suspended", "suspended_units")
        return {name: whole[name] for name in (*keep, *more)}

    def one(tx: Tx, call: Call) -> JsonObject:
        assert isinstance(call.request, op.OneInstrument)
        found = node.instruments.find(tx, call.request.instrument)
        whole = show(found, own=node.ctx.config.party, names=names_of(node, tx))
        private = desk.red_lines.shown(tx, found) if call.private else []
        return {**whole, "red_lines": private}

    return {
        "agreements": read(node, op.Request, listing),
        "agreements.show": Looking(one),
        "agreements.text": read(node, op.InstrumentText, desk.text),
        "agreements.draft": write(
            node,
            op.Draft,
            lambda tx, request, who: node.drafting.draft(tx, request, official=acting(who)),
        ),
        "agreements.talk": write(
            node,
            op.OneInstrument,
            lambda tx, request, _: desk.simple(tx, request, kind="agreement.talk"),
        ),
        "agreements.reopen": write(
            node,
            op.Reason,
            lambda tx, request, _: desk.simple(tx, request, kind="agreement.reopen"),
        ),
        "agreements.abandon": write(
            node,
            op.Reason,
            lambda tx, request, _: desk.simple(tx, request, kind="agreement.abandon"),
        ),
    }


def _answers(node: Desks) -> dict[str, Handler]:
    desk = node.negotiating
    return {
        "agreements.answer": write(
            node,
            op.Answer,
            lambda tx, request, who: desk.answer(tx, request, official=acting(who)),
        ),
        "agreements.counter": write(
            node, op.Counter, lambda tx, request, _: desk.counter(tx, request)
        ),
        "agreements.package": write(
            node, op.OfferPackage, lambda tx, request, _: desk.package(tx, request)
        ),
        "agreements.accept_package": write(
            node, op.AcceptPackage, lambda tx, request, _: desk.accept_package(tx, request)
        ),
        "agreements.staged": read(node, op.OneInstrument, desk.staged),
        "agreements.unstage": write(
            node, op.OneInstrument, lambda tx, request, _: desk.unstage(tx, request)
        ),
        "agreements.table": write(node, op.Reason, lambda tx, request, _: desk.table(tx, request)),
    }


def _red_lines(node: Desks) -> dict[str, Handler]:
    desk = node.negotiating
    return {
        "redlines": read(
            node,
            op.OneInstrument,
            lambda tx, request: desk.red_lines.show(
                tx, node.instruments.find(tx, request.instrument)
            ),
        ),
        "redlines.set": write(
            node,
            op.SetRedLines,
            lambda tx, request, who: desk.red_lines.set(
                tx, desk.named(tx, request.instrument), request.lines, official=acting(who)
            ),
        ),
        "redlines.deviate": write(
            node,
            op.Deviate,
            lambda tx, request, who: desk.red_lines.deviate(
                tx, node.instruments.find(tx, request.instrument), request, official=acting(who)
            ),
        ),
    }


def _conclusion(node: Desks) -> dict[str, Handler]:
    desk = node.concluding
    return {
        "agreements.adopt": write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.adopt(tx, request, official=acting(who)),
        ),
        "agreements.initial": write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.initial(tx, request, official=acting(who)),
        ),
        "agreements.clear": write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.clear(tx, request, official=acting(who)),
        ),
        "agreements.window": write(
            node, op.OpenWindow, lambda tx, request, _: desk.window(tx, request)
        ),
        "agreements.ready": write(
            node, op.OneInstrument, lambda tx, request, _: desk.ready(tx, request)
        ),
        "agreements.sign": write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.sign(tx, request, official=acting(who)),
        ),
        "agreements.suspend": write(
            node,
            op.Suspend,
            lambda tx, request, who: desk.suspend(tx, request, official=acting(who)),
        ),
        "agreements.resume": write(
            node,
            op.OneInstrument,
            lambda tx, request, who: desk.resume(tx, request, official=acting(who)),
        ),
    }
