"""Our private red lines, of an instrument or a draft."""

from collections.abc import Mapping

from comity.agreements.model import Content
from comity.api import redlines as asks
from comity.api.operation import OneInstrument
from comity.foundation.canonical import JsonObject
from comity.node import draft_views as views
from comity.node.dispatch import Call, Handler, Looking
from comity.node.handlers.agreements import check_private
from comity.node.handlers.base import Desks, acting, write
from comity.node.officials import Official
from comity.node.red_line_forms import choices
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_looking(node), **_setting(node)}


def _looking(node: Desks) -> dict[str, Handler]:
    desk, lines = node.negotiating, node.negotiating.red_lines

    def look(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, OneInstrument)
        check_private(call)
        draft = desk.drafting.find(tx, request.instrument)
        if draft is not None:
            return lines.kept(tx, draft.name)
        return lines.show(tx, node.instruments.find(tx, request.instrument))

    def offered(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, OneInstrument)
        check_private(call)
        name, units = _text(node, tx, request.instrument)
        return {"instrument": name, **choices(units)}

    def tried(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, asks.PreviewRedLine)
        check_private(call)
        draft = desk.drafting.find(tx, request.instrument)
        if draft is not None:
            units = views.units_of(draft.value)
            return lines.tried_on_text(tx, draft.name, request.line, units=units)
        found = node.instruments.find(tx, request.instrument)
        moves = desk.tray.moves(tx, found.instrument)
        return lines.tried(tx, found, request.line, moves=moves)

    return {
        "redlines": Looking(look),
        "redlines.choices": Looking(offered),
        "redlines.preview": Looking(tried),
    }


def _setting(node: Desks) -> dict[str, Handler]:
    desk, lines = node.negotiating, node.negotiating.red_lines

    def put(tx: Tx, request: asks.PutRedLine, who: Official | None) -> JsonObject:
        name, units = _text(node, tx, request.instrument)
        return lines.put(tx, name, request, units=units, official=acting(who))

    def drop(tx: Tx, request: asks.DropRedLine, who: Official | None) -> JsonObject:
        name = desk.named(tx, request.instrument)
        return lines.drop(tx, name, request, official=acting(who))

    def replace(tx: Tx, request: asks.SetRedLines, who: Official | None) -> JsonObject:
        name = desk.named(tx, request.instrument)
        return lines.set(tx, name, request.lines, official=acting(who), version=request.version)

    def deviate(tx: Tx, request: asks.Deviate, who: Official | None) -> JsonObject:
        draft = node.drafting.find(tx, request.instrument)
        if draft is not None:
            return node.drafting.let_pass(
                tx, draft, line=request.line, unit=request.unit, official=acting(who)
            )
        found = node.instruments.find(tx, request.instrument)
        return lines.deviate(tx, found, request, official=acting(who))

    return {
        "redlines.put": write(node, asks.PutRedLine, put),
        "redlines.drop": write(node, asks.DropRedLine, drop),
        "redlines.set": write(node, asks.SetRedLines, replace),
        "redlines.deviate": write(node, asks.Deviate, deviate),
    }


def _text(node: Desks, tx: Tx, named: str) -> tuple[str, Mapping[str, Content]]:
    """Return the id of a draft or an instrument, and its text as we would stand by it."""
    draft = node.drafting.find(tx, named)
    if draft is not None:
        return draft.name, views.units_of(draft.value)
    found = node.instruments.find(tx, named)
    return found.instrument, node.negotiating.red_lines.standing(found)
