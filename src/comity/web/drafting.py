"""Drafts: from a skeleton, a file or a pasted text to the first tabling.

Source: agreements.md D6 (journey 2); design 10, 13.9.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.web import draft_words as say
from comity.web.draft_words import Row
from comity.web.listing import Column, listing
from comity.web.problem_words import Said
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at, rows_of

FILE_BYTES_MAX: Final = 32 << 20
FORM_BYTES_MAX: Final = 70 << 20
#: A longer text has a page of its own, so that the draft's page stays light.
TEXT_BESIDE_CHARS_MAX: Final = 60_000
UNITS_PER_PAGE: Final = 50
UNITS_OFFERED_MAX: Final = 400
_CONTEXT_LINES: Final = 1
#: The skeleton that says under which agreement its text stands.
_ARRANGEMENT: Final = "project-arrangement"


async def _list(visit: Visit) -> Reply:
    answer = await visit.ask("drafts")
    columns = [
        Column(title=visit._("Title"), value=lambda row: row["title"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart_name"]),
        Column(title=visit._("Last changed"), value=lambda row: row["updated"]),
        Column(title=visit._("By"), value=lambda row: row["by"]),
    ]
    found = listing(visit, rows_of(answer, "drafts"), columns=columns, name="drafts")
    if isinstance(found, Plain):
        return found
    return Html(template="drafting/list.html", context={"list": found})


# --- beginning ----------------------------------------------------------------------------------


async def _new(visit: Visit) -> Reply:
    counterparts = [
        row
        for row in rows_of(await visit.ask("relationships"), "relationships")
        if row["status"] != "frozen"
    ]
    skeletons = list(rows_of(await visit.ask("skeletons"), "skeletons"))
    facts = visit.problem.facts if visit.problem is not None else {}
    line = facts.get("line")
    text = visit.form.get("text", "").split("\n")
    return Html(
        template="drafting/new.html",
        context={
            "counterparts": counterparts,
            "skeletons": skeletons,
            "arrangement": _ARRANGEMENT,
            "standing": await _standing(visit),
            "line": line if isinstance(line, int) else 0,
            "excerpt": text[line - 1][:200]
            if isinstance(line, int) and 0 < line <= len(text)
            else "",
        },
    )


async def _start(visit: Visit) -> Reply:
    way, title = visit.form.get("way", ""), visit.form.get("title", "").strip()
    members: dict[str, object] = {
        "counterpart": visit.form.get("counterpart", ""),
        "register": visit.form.get("register") or None,
    }
    if way == "file":
        what = visit._("a text file")
        data = await visit.file_bytes("file", top=FILE_BYTES_MAX, what=what)
        named = " ".join(visit.files["file"].filename.split())[:200] or "file"
        read = await visit.ask("drafts.read_file", name=named, content=base64url.encode(data))
        members["text"] = read["text"]
        title = title or str(read["title"])
    elif way == "paste":
        members["text"] = visit.form.get("text", "")
        if not visit.form.get("text", "").strip():
            raise MisuseError("web.no_text", "Paste the text first; nothing was kept.")
    elif way.startswith("skeleton:"):
        members["skeleton"] = way.removeprefix("skeleton:")
        if members["skeleton"] == _ARRANGEMENT:
            members["under"] = visit.form.get("under", "")
            members["project"] = visit.form.get("project", "")
    else:
        raise MisuseError(
            "web.no_way",
            "Choose which text to start from: a skeleton, a file or a text that you paste."
            " Nothing was kept.",
        )
    made = await visit.act("drafts.start", seen=None, upload=None, title=title, **members)
    return Goto(
        path=at("drafts", str(made["draft"])),
        notice=visit._("The draft is kept in this house. Nothing of it has left."),
    )


async def _skeleton(visit: Visit) -> Reply:
    found = await visit.ask("skeletons.show", skeleton=visit.at["skeleton"])
    return Html(template="drafting/skeleton.html", context={"found": found})


# --- one draft ----------------------------------------------------------------------------------


async def _show(visit: Visit) -> Reply:
    draft = await visit.ask("drafts.show", draft=visit.at["draft"])
    history = await visit.ask("history", kind="draft", object=str(draft["draft"]))
    if draft["status"] == "dropped":
        context = {"draft": draft, "history": history}
        return Html(template="drafting/dropped.html", context=context)
    text = str(draft["text"])
    stated = {str(row["name"]) for row in rows_of(draft, "fields")}
    return Html(
        template="drafting/show.html",
        context={
            "draft": draft,
            "history": history,
            "fields": [_field_row(visit, row) for row in rows_of(draft, "fields")],
            "suggested": [_field_row(visit, row) for row in rows_of(draft, "suggested")],
            "open": [
                (name, say.name_of(visit, name))
                for name in say.NAMES
                if name == "areas" or name not in stated
            ],
            "checks": _checks(visit, draft),
            "beside": len(text) <= TEXT_BESIDE_CHARS_MAX,
            "findings": _findings(draft, text),
            "drafts": visit.has("negotiator", "desk_officer"),
            "tables": visit.has("negotiator", "mandate_holder"),
        },
    )


async def _text_page(visit: Visit) -> Reply:
    draft = await visit.ask("drafts.show", draft=visit.at["draft"])
    findings = _findings(draft, str(draft["text"]))
    return Html(template="drafting/text.html", context={"draft": draft, "findings": findings})


async def _save_text(visit: Visit) -> Reply:
    made = await _act(visit, "drafts.update", text=visit.form.get("text", ""))
    wrong = say.number(made, "wrong")
    notice = visit._("Kept as version %(n)s.", n=made["version"])
    if wrong:
        notice += " " + visit._("Some fields do not stand in the text any more: look beside it.")
    return Goto(path=at("drafts", visit.at["draft"]), notice=notice)


async def _save_title(visit: Visit) -> Reply:
    await _act(
        visit,
        "drafts.update",
        title=visit.form.get("title", ""),
        register=visit.form.get("register", "binding"),
    )
    return Goto(path=at("drafts", visit.at["draft"]), notice=visit._("Kept."))


async def _units(visit: Visit) -> Reply:
    name, start = visit.at["draft"], visit.number("start")
    draft = await visit.ask("drafts.units", draft=name, start=start, limit=UNITS_PER_PAGE)
    total = say.number(draft, "total")
    return Html(
        template="drafting/units.html",
        context={
            "draft": draft,
            "units": list(rows_of(draft, "units")),
            "start": start,
            "total": total,
            "next": visit.here(start=start + UNITS_PER_PAGE)
            if start + UNITS_PER_PAGE < total
            else "",
            "previous": visit.here(start=max(0, start - UNITS_PER_PAGE) or None) if start else "",
        },
    )


async def _unit(visit: Visit) -> Reply:
    draft = await visit.ask("drafts.units", draft=visit.at["draft"], unit=visit.at["unit"])
    (unit,) = rows_of(draft, "units")
    return Html(template="drafting/unit.html", context={"draft": draft, "unit": unit})


async def _save_unit(visit: Visit) -> Reply:
    await _act(
        visit,
        "drafts.update",
        unit=visit.at["unit"],
        heading=visit.form.get("heading", ""),
        words=visit.form.get("words", ""),
    )
    return Goto(
        path=at("drafts", visit.at["draft"]), notice=visit._("The unit is changed in the draft.")
    )


# --- fields -------------------------------------------------------------------------------------


async def _field(visit: Visit) -> Reply:
    name = visit.at["draft"]
    added = visit.at["field"].removeprefix("new-")
    new = visit.at["field"] != added and added in say.NAMES
    draft = await visit.ask("drafts.show", draft=name, offers=added if new else "")
    row, kind = _named_field(draft, visit.at["field"])
    offered = say.rows(draft if new else row, "offered")
    units = await visit.ask("drafts.units", draft=name, limit=UNITS_OFFERED_MAX)
    scale = next((each for each in rows_of(draft, "fields") if each["name"] == "marking_scale"), {})
    return Html(
        template="drafting/field.html",
        context={
            "draft": draft,
            "row": row,
            "kind": kind,
            "title": say.name_of(visit, kind),
            "about": say.about(visit, kind),
            "problem": _problem(visit, row, "problem") or _problem(visit, row, "doubt"),
            "new": visit.at["field"].startswith("new-"),
            "offered": offered,
            "units": [unit["path"] for unit in rows_of(units, "units") if unit["text"]],
            "articles": [
                unit["label"] for unit in rows_of(units, "units") if unit["kind"] == "article"
            ],
            "levels": say.terms(scale, "levels"),
            "instruments": await _standing(visit) if kind == "basis" else [],
        },
    )


async def _standing(visit: Visit) -> list[tuple[str, str]]:
    """Return the agreements that a text could stand under, by id: those in force."""
    known = rows_of(await visit.ask("agreements"), "agreements")
    return [
        (str(row["instrument"]), str(row["title"])) for row in known if row["status"] == "in_force"
    ]


async def _save_field(visit: Visit) -> Reply:
    draft = await visit.ask("drafts.show", draft=visit.at["draft"])
    row, kind = _named_field(draft, visit.at["field"])
    field = say.given(visit, kind)
    picked = visit.form.get("pick", "")
    if picked:
        field["unit"], _, field["quote"] = picked.partition("\n")
    members: dict[str, object] = {"field": field, "reword": bool(visit.form.get("reword"))}
    if "index" in row:
        members["index"] = row["index"]
    made = await _act(visit, "drafts.field", **members)
    if say.number(made, "wrong"):
        notice = visit._("Kept, but not every field holds: what is wrong stands at its place.")
    else:
        notice = visit._("Kept. Every field stands in the words it quotes.")
    return Goto(path=at("drafts", visit.at["draft"]), notice=notice)


async def _drop_field(visit: Visit) -> Reply:
    index = visit.at["field"]
    members = {"index": int(index) if index.isascii() and index.isdecimal() else 10**6}
    await _act(visit, "drafts.drop_field", **members)
    return Goto(
        path=at("drafts", visit.at["draft"]),
        notice=visit._("The field is taken away; the text stays as it is."),
    )


async def _take(visit: Visit) -> Reply:
    """Take over what the text seems to state: one field, or all that the page showed."""
    draft = await visit.ask("drafts.show", draft=visit.at["draft"])
    wanted = {visit.form.get("name", "")}
    if "all" in wanted:
        wanted = {str(row["name"]) for row in rows_of(draft, "suggested")}
    forms = [say.kept(row) for row in rows_of(draft, "fields")]
    forms += [say.kept(row) for row in rows_of(draft, "suggested") if row["name"] in wanted]
    await _act(visit, "drafts.update", forms=forms)
    return Goto(path=at("drafts", visit.at["draft"]), notice=visit._("Taken over; look at them."))


# --- going back, dropping, tabling --------------------------------------------------------------


async def _back(visit: Visit) -> Reply:
    to = visit.form.get("to", "")
    members = {"to": int(to) if to.isascii() and to.isdecimal() else 0}
    await _act(visit, "drafts.back", **members)
    return Goto(
        path=at("drafts", visit.at["draft"]),
        notice=visit._("The draft is as it was in version %(n)s.", n=to),
    )


async def _drop(visit: Visit) -> Reply:
    await _act(
        visit,
        "drafts.drop",
    )
    return Goto(path=at("drafts", visit.at["draft"]))


async def _tabling(visit: Visit) -> Reply:
    name = visit.at["draft"]
    draft = await visit.ask("drafts.show", draft=name)
    lines: JsonObject = {}
    if visit.has("negotiator", "legal_adviser", "mandate_holder"):
        lines = await visit.ask("redlines.draft", draft=name)
    checks = _checks(visit, draft)
    tables = visit.has("negotiator", "mandate_holder")
    stopped = any(row["state"] == "must" for row in checks) or bool(lines.get("findings"))
    text = str(draft["text"])
    return Html(
        template="drafting/table.html",
        context={
            "draft": draft,
            "fields": [_field_row(visit, row) for row in rows_of(draft, "fields")],
            "checks": checks,
            "lines": list(rows_of(lines, "findings")),
            "known": say.number(lines, "red_lines"),
            "tables": tables,
            "stopped": stopped,
            "whole": len(text) <= TEXT_BESIDE_CHARS_MAX,
            "able": [row["name"] for row in rows_of(_one(draft, "tabling"), "officials")],
        },
    )


async def _pass(visit: Visit) -> Reply:
    await visit.act(
        "redlines.deviate",
        instrument=visit.at["draft"],
        line=visit.form.get("line", ""),
        unit=visit.form.get("unit", ""),
    )
    return Goto(
        path=at("drafts", visit.at["draft"], "table"),
        notice=visit._("Let pass for this unit; kept in our own record with your name."),
    )


async def _table(visit: Visit) -> Reply:
    made = await _act(visit, "drafts.table", reason=visit.form.get("reason", "").strip())
    held = (
        visit._("The counterpart holds it.")
        if made.get("held_by_counterpart")
        else visit._("It is on its way to the counterpart and will arrive by itself.")
    )
    notice = visit._("Tabled: entry %(n)s of our log.", n=made["entry"])
    return Goto(path=at("agreements", str(made["instrument"])), notice=f"{notice} {held}")


async def _file(visit: Visit) -> Reply:
    draft = await visit.ask("drafts.show", draft=visit.at["draft"])
    if visit.at["form"] == "fields":
        data, name = str(draft["toml"]), "draft.fields.toml"
    else:
        data, name = str(draft["text"]), "draft.txt"
    return Plain(data=data.encode(), media="text/plain; charset=utf-8", name=name)


# --- helpers ------------------------------------------------------------------------------------


async def _act(visit: Visit, operation: str, **members: object) -> JsonObject:
    """Return the answer of an act on the draft, in the version that the form was made from."""
    text = visit.form.get("version", "")
    good = text.isascii() and text.isdecimal() and len(text) < 10
    members = {"draft": visit.at["draft"], "version": int(text) if good else 1, **members}
    return await visit.act(operation, seen=None, upload=None, **members)


def _field_row(visit: Visit, row: Row) -> Row:
    return {
        **row,
        "title": say.name_of(visit, str(row["name"])),
        "sentence": say.sentence(visit, row),
        "wrong": _problem(visit, row, "problem"),
        "doubtful": _problem(visit, row, "doubt"),
    }


def _problem(visit: Visit, row: Row, member: str) -> Said | None:
    problem = row.get(member)
    if not isinstance(problem, Mapping):
        return None
    return say.problem_words(visit, str(problem["code"]), str(problem["message"]))


def _checks(visit: Visit, draft: Row) -> list[dict[str, object]]:
    rows = draft["ready"]
    assert isinstance(rows, Sequence)
    order = {"must": 0, "look": 1, "ok": 2}
    checks: list[dict[str, object]] = [
        {"state": str(row["state"]), "words": say.check_words(visit, row)}
        for row in rows
        if isinstance(row, Mapping)
    ]
    return sorted(checks, key=lambda row: order[str(row["state"])])


def _findings(draft: Row, text: str) -> list[dict[str, object]]:
    """Return what was not understood, each with the lines around it."""
    rows = draft["not_understood"]
    assert isinstance(rows, Sequence)
    lines = text.split("\n")
    made: list[dict[str, object]] = []
    for row in rows:
        assert isinstance(row, Mapping)
        line = say.number(row, "line")
        first = max(1, line - _CONTEXT_LINES)
        last = min(len(lines), line + _CONTEXT_LINES)
        around = [(n, lines[n - 1][:400], n == line) for n in range(first, last + 1)]
        made.append({"line": line, "what": row["what"], "around": around})
    return made


def _named_field(draft: JsonObject, named: str) -> tuple[Row, str]:
    """Return the field that an address names: its index, or ``new-`` and its name."""
    kind = named.removeprefix("new-")
    if named.startswith("new-") and kind in say.NAMES:
        return {"name": kind, "unit": "", "quote": ""}, kind
    for row in rows_of(draft, "fields"):
        if str(row["index"]) == named:
            return row, str(row["name"])
    raise MisuseError(
        "web.no_field", "The draft has no such field any more. Open the draft and look again."
    )


def _one(row: JsonObject, name: str) -> JsonObject:
    found = row[name]
    assert isinstance(found, Mapping)
    return found


_DRAFT: Final = "/drafts/{draft}"

PAGES: Final = (
    Page(method="GET", path="/drafts", work=_list, nav="agreements"),
    Page(method="GET", path="/drafts/new", work=_new, nav="agreements"),
    Page(
        method="POST",
        path="/drafts/new",
        work=_start,
        back="/drafts/new",
        body_max=FORM_BYTES_MAX,
        nav="agreements",
    ),
    Page(method="GET", path="/drafts/skeletons/{skeleton}", work=_skeleton, nav="agreements"),
    Page(method="GET", path=_DRAFT, work=_show, nav="agreements"),
    Page(method="GET", path=_DRAFT + "/text", work=_text_page, nav="agreements"),
    Page(method="GET", path=_DRAFT + "/units", work=_units, nav="agreements"),
    Page(method="GET", path=_DRAFT + "/units/{unit}", work=_unit, nav="agreements"),
    Page(method="GET", path=_DRAFT + "/fields/{field}", work=_field, nav="agreements"),
    Page(method="GET", path=_DRAFT + "/table", work=_tabling, nav="agreements"),
    Page(method="GET", path=_DRAFT + "/files/{form}", work=_file, nav="agreements"),
    *(
        Page(
            method="POST",
            path=_DRAFT + path,
            work=work,
            back=_DRAFT + back,
            body_max=FORM_BYTES_MAX,
            nav="agreements",
        )
        for path, work, back in (
            ("/text", _save_text, "/text"),
            ("/title", _save_title, ""),
            ("/units/{unit}", _save_unit, "/units/{unit}"),
            ("/fields/{field}", _save_field, "/fields/{field}"),
            ("/fields/{field}/drop", _drop_field, ""),
            ("/take", _take, ""),
            ("/back", _back, ""),
            ("/drop", _drop, ""),
            ("/pass", _pass, "/table"),
            ("/table", _table, "/table"),
        )
    ),
)
