"""Skeletons and drafts."""

from comity.api import drafting as asks
from comity.api.operation import Request
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.node import draft_edits as edits
from comity.node import draft_views as views
from comity.node import skeletons
from comity.node.context import counterpart_name, relationship
from comity.node.dispatch import Call, Handler, Looking
from comity.node.handlers.agreements import check_private, hushed
from comity.node.handlers.base import Desks, acting, read, write
from comity.node.officials import Official
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_beginning(node), **_looking(node), **_changing(node), **_ending(node)}


def _beginning(node: Desks) -> dict[str, Handler]:
    desk = node.drafting

    def skeleton(tx: Tx, request: asks.OneSkeleton) -> JsonObject:
        theirs = (
            counterpart_name(tx, relationship(tx, request.counterpart))
            if request.counterpart
            else "{B}"
        )
        found = skeletons.opened(request.skeleton, ours=node.ctx.config.name, theirs=theirs)
        return {**found.about, "text": found.text, "fields": found.fields}

    def start(tx: Tx, request: asks.StartDraft, who: Official | None) -> JsonObject:
        rel = relationship(tx, request.counterpart)
        begun = edits.beginning(
            request,
            ours=node.ctx.config.name,
            theirs=counterpart_name(tx, rel),
            under=desk.under(tx, rel, request.under) if request.under else None,
        )
        value: JsonObject = {
            "title": begun.title,
            "register": begun.register,
            "relationship": rel.rel_id,
            **desk.made(text=begun.text, name=begun.title, forms=begun.forms),
        }
        draft = desk.begin(tx, value, official=acting(who))
        return {"draft": draft, "title": begun.title, "version": 1}

    return {
        "skeletons": read(node, Request, lambda _, __: {"skeletons": [*skeletons.listed()]}),
        "skeletons.show": read(node, asks.OneSkeleton, skeleton),
        "drafts.start": write(node, asks.StartDraft, start),
    }


def _looking(node: Desks) -> dict[str, Handler]:
    desk = node.drafting

    def show(tx: Tx, request: asks.ShowDraft) -> JsonObject:
        row = desk.one(tx, request.draft, also=("dropped",))
        return desk.show(tx, row, offers=request.offers)

    def lines(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, asks.OneDraft)
        check_private(call)
        row = desk.one(tx, request.draft)
        units = views.units_of(row.value)
        return {
            "draft": row.name,
            "red_lines": len(desk.red_lines.lines(tx, row.name)),
            "findings": desk.red_lines.text_findings(tx, row.name, units),
        }

    def units(tx: Tx, request: asks.DraftUnits) -> JsonObject:
        row = desk.one(tx, request.draft)
        found = views.units_of(row.value)
        if request.unit and request.unit not in found:
            raise MisuseError(
                "drafts.no_unit", "The draft has no such unit any more; look at it again."
            )
        rows = views.unit_rows(found, start=request.start, limit=request.limit, unit=request.unit)
        return {
            "draft": row.name,
            "version": row.version,
            "total": len(found),
            "start": request.start,
            "units": rows,
        }

    return {
        "drafts": read(node, Request, lambda tx, _: desk.listed(tx)),
        "drafts.show": read(node, asks.ShowDraft, show),
        "redlines.draft": Looking(lines),
        "drafts.units": read(node, asks.DraftUnits, units),
        "drafts.preview": read(node, asks.PreviewDraft, lambda _, request: edits.preview(request)),
        "drafts.read_file": read(node, asks.ReadFile, lambda _, request: edits.read_file(request)),
    }


def _changing(node: Desks) -> dict[str, Handler]:
    desk = node.drafting

    def update(tx: Tx, request: asks.UpdateDraft, who: Official | None) -> JsonObject:
        row = desk.seen(tx, request.draft, version=request.version)
        forms = edits.given_forms(request)
        units = views.units_of(row.value)
        text = edits.edited_text(request, units)
        value = row.value
        if text is not None:
            value = desk.retexted(row, text, forms=forms)
        elif forms is not None:
            value = {**value, **edits.refilled(units, forms)}
        if request.title is not None:
            value = {**value, "title": edits.check_title(request.title)}
        if request.register is not None:
            value = {**value, "register": request.register}
        what = "text" if text is not None else "fields" if forms is not None else "title"
        return desk.save(tx, row, value, official=acting(who), what=what)

    def field(tx: Tx, request: asks.SetField, who: Official | None) -> JsonObject:
        row = desk.seen(tx, request.draft, version=request.version)
        units, forms = views.units_of(row.value), list(views.stored_forms(row.value))
        form = edits.form_of(request.field)
        text = edits.placed(request, forms, form, units=units)
        if text is not None:
            value = desk.retexted(row, text, forms=forms)
        else:
            value = {**row.value, **edits.refilled(units, forms)}
        return desk.save(tx, row, value, official=acting(who), what="field")

    def drop_field(tx: Tx, request: asks.DropField, who: Official | None) -> JsonObject:
        row = desk.seen(tx, request.draft, version=request.version)
        units, forms = views.units_of(row.value), list(views.stored_forms(row.value))
        edits.check_index(forms, request.index)
        del forms[request.index]
        value: JsonObject = {**row.value, **edits.refilled(units, forms)}
        return desk.save(tx, row, value, official=acting(who), what="field")

    return {
        "drafts.update": write(node, asks.UpdateDraft, update),
        "drafts.field": write(node, asks.SetField, field),
        "drafts.drop_field": write(node, asks.DropField, drop_field),
    }


def _ending(node: Desks) -> dict[str, Handler]:
    desk = node.drafting

    def back(tx: Tx, request: asks.BackDraft, who: Official | None) -> JsonObject:
        row = desk.seen(tx, request.draft, version=request.version, also=("dropped",))
        return desk.back(tx, row, to=request.to, official=acting(who))

    def drop(tx: Tx, request: asks.SeenDraft, who: Official | None) -> JsonObject:
        row = desk.seen(tx, request.draft, version=request.version)
        return desk.drop(tx, row, official=acting(who))

    def table(tx: Tx, request: asks.TableDraft, _: Official | None) -> JsonObject:
        row = desk.seen(tx, request.draft, version=request.version)
        note: JsonObject | None = {"words": request.reason} if request.reason else None
        return desk.table(tx, row, note=note)

    return {
        "drafts.back": write(node, asks.BackDraft, back),
        "drafts.drop": write(node, asks.SeenDraft, drop),
        "drafts.table": hushed(write(node, asks.TableDraft, table)),
    }
