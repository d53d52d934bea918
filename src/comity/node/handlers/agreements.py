"""Instruments, answers, conclusion."""

from comity.api import agreements as asks
from comity.api import operations as op
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import RefusedError
from comity.node.dispatch import PRIVATE_ROLES, Answer, Call, Handler, Looking
from comity.node.handlers.base import Desks, acting, names_of, read, write
from comity.node.instruments import Found, head
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    made = {**_agreements(node), **_answers(node), **_conclusion(node)}
    return {
        name: made[name] if isinstance(made[name], Looking) else hushed(made[name]) for name in made
    }


def hushed(handler: Handler) -> Handler:
    """Return the handler, silent about red lines towards whoever has no role or scope for them.

    That one forbids an act must be told to whoever acts; which one and why is the house's.
    """

    async def handle(call: Call) -> Answer:
        try:
            answer = await handler(call)
        except RefusedError as error:
            if call.private or error.code != "redlines.blocked":
                raise
            raise RefusedError(
                "redlines.blocked",
                "A private rule of our own side stands against it. Nothing has left. Ask the"
                " negotiator or the mandate holder: they see which and why.",
            ) from None
        if call.private or not isinstance(answer, dict) or "red_lines" not in answer:
            return answer
        return {**answer, "red_lines": []}

    return handle


def check_private(call: Call) -> None:
    """Refuse whoever has no role, or no scope, for what is private to our side.

    Raises:
        RefusedError: ``officials.private``.
    """
    if not call.private:
        raise RefusedError(
            "officials.private",
            "Red lines, notes and mandates are private to our side: for"
            f" {', '.join(sorted(PRIVATE_ROLES))}, and for tokens made with that scope.",
        )


def _agreements(node: Desks) -> dict[str, Handler]:
    desk = node.negotiating

    def listing(tx: Tx, _: op.Request) -> JsonObject:
        tabled = [_line(tx, one) for one in node.instruments.all(tx)]
        return {"agreements": [*tabled, *node.drafting.drafts(tx)]}

    def _line(tx: Tx, one: Found) -> JsonObject:
        whole = head(one, names=names_of(node, tx))
        keep = ("instrument", "title", "status", "relationship", "counterpart", "counts", "clean")
        dates = ("in_force_at", "ends_at", "void_attempts", "suspended", "suspended_units")
        about = ("register", "language", "statements", "to_sign")
        return {name: whole[name] for name in (*keep, *dates, *about)}

    def one(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, asks.ShowInstrument)
        return desk.showing.show(tx, request, private=call.private, names=names_of(node, tx))

    return {
        "agreements": read(node, op.Request, listing),
        "agreements.show": Looking(one),
        "agreements.states": read(node, asks.States, desk.states.states),
        "agreements.compare": read(node, asks.Compare, desk.states.compare),
        "agreements.rounds": read(node, op.OneInstrument, desk.states.rounds),
        "agreements.note": write(
            node,
            asks.Note,
            lambda tx, request, who: desk.showing.note(tx, request, official=acting(who)),
        ),
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

    def staged(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, asks.Staged)
        return desk.staged(tx, request, private=call.private)

    def counter(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, asks.PreviewCounter)
        return desk.preview_counter(tx, request, private=call.private)

    return {
        "agreements.answer": write(
            node,
            op.Answer,
            lambda tx, request, who: desk.answer(tx, request, official=acting(who)),
        ),
        "agreements.counter_unit": write(
            node,
            asks.CounterUnit,
            lambda tx, request, who: desk.counter_unit(tx, request, official=acting(who)),
        ),
        "agreements.counter_preview": Looking(counter),
        "agreements.counter": write(
            node,
            op.Counter,
            lambda tx, request, who: desk.counter(tx, request, official=acting(who)),
        ),
        "agreements.package": write(
            node,
            op.OfferPackage,
            lambda tx, request, who: desk.package(tx, request, official=acting(who)),
        ),
        "agreements.accept_package": write(
            node,
            op.AcceptPackage,
            lambda tx, request, who: desk.accept_package(tx, request, official=acting(who)),
        ),
        "agreements.withdraw_package": write(
            node,
            op.AcceptPackage,
            lambda tx, request, who: desk.withdraw_package(tx, request, official=acting(who)),
        ),
        "agreements.staged": Looking(staged),
        "agreements.unstage": write(
            node, asks.Unstage, lambda tx, request, _: desk.unstage(tx, request)
        ),
        "agreements.table": write(node, asks.Table, lambda tx, request, _: desk.table(tx, request)),
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
