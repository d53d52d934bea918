"""Our private red lines: a list in plain words, one form a line, all of them as text.

Before a line is set it can be tried: where it would fire now. Nothing of it leaves the house.
Source: agreements.md D3.6, D6 (journey 1); design 2 (idea 4).
"""

from collections.abc import Mapping
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.web import draft_words as say
from comity.web import red_line_words as lines
from comity.web.draft_words import Row
from comity.web.negotiation_words import RULE, SEVERITY
from comity.web.roles import ROLES, role_name
from comity.web.visit import Goto, Html, Page, Reply, Visit, Work, at, rows_of

_RED: Final = "/agreements/{instrument}/red-lines"
_NEW: Final = f"{_RED}/new/{{kind}}"
_LINE: Final = f"{_RED}/lines/{{line}}"
_FILE_BYTES_MAX: Final = 8 << 20


async def _list(visit: Visit) -> Reply:
    return Html(template="agreements/red_lines.html", context=await _known(visit))


async def _text(visit: Visit) -> Reply:
    known = await _known(visit)
    line = None if visit.problem is None else visit.problem.facts.get("line")
    typed = visit.typed("lines", known["toml"]).split("\n")
    return Html(
        template="agreements/red_lines_text.html", context={**known, "wrong": line, "typed": typed}
    )


async def _known(visit: Visit) -> dict[str, object]:
    """Return what every page of red lines shows: the lines in words, and whose text it is."""
    name = visit.at["instrument"]
    found = await visit.ask("redlines", instrument=name)
    sentences = {str(row["id"]): str(row["sentence"]) for row in rows_of(found, "red_lines")}
    return {
        "instrument": name,
        "title": found.get("title") or visit._("A draft"),
        "tabled": "title" in found,
        "toml": found["toml"],
        "version": _version(visit, found),
        "lines": [
            {**row, "asks": lines.sentence(visit, row)} for row in rows_of(found, "red_lines")
        ],
        "findings": list(rows_of(found, "findings")),
        "deviations": [
            {**row, "sentence": sentences.get(str(row["red_line"]), row["red_line"])}
            for row in rows_of(found, "deviations")
        ],
        "kinds": [(kind, visit._(RULE[kind]), visit._(said)) for kind, said in lines.KINDS.items()],
        "holds": visit.has("mandate_holder"),
        "rule_words": {code: visit._(word) for code, word in RULE.items()},
        "severity_words": {code: (kind, visit._(word)) for code, (kind, word) in SEVERITY.items()},
    }


def _version(visit: Visit, found: JsonObject) -> object:
    """Return the version that a form names: the one it came from, until it was refused."""
    typed = visit.form.get("version", "")
    return typed if typed and visit.problem is None else found["version"]


# --- one line -------------------------------------------------------------------------------------


async def _line(visit: Visit) -> Reply:
    """Show the form of one line, new or known; after a refusal with what was typed."""
    known = await _known(visit)
    row = _row(visit, known)
    tried: JsonObject = {}
    if visit.problem is None and "id" in row:
        beside = {"asks", "form", "value"}
        line = {name: each for name, each in row.items() if name not in beside}
        tried = await visit.ask("redlines.preview", instrument=known["instrument"], line=line)
    return await _form(visit, known, row, tried=tried)


async def _look(visit: Visit) -> Reply:
    """Show where the line would fire now; it is not kept."""
    known = await _known(visit)
    row = _row(visit, known)
    tried = await visit.ask(
        "redlines.preview", instrument=known["instrument"], line=_typed(visit, row)
    )
    return await _form(visit, known, row, tried=tried)


def _row(visit: Visit, known: Mapping[str, object]) -> Row:
    """Return the line that the address names: a known one, or an empty one of a kind."""
    kind = visit.at.get("kind")
    if kind is not None:
        if kind not in lines.KINDS:
            raise MisuseError("web.no_kind", "There is no such kind of red line.")
        field = visit.form.get("v-name") or visit.query.get("field", "")
        return {"kind": kind, "form": {"name": field if field in say.NAMES else ""}}
    for row in say.rows(known, "lines"):
        if row["id"] == visit.at["line"]:
            return row
    raise MisuseError(
        "web.no_red_line", "There is no such red line any more. Look at the list again."
    )


def _typed(visit: Visit, row: Row) -> dict[str, object]:
    return {**lines.given(visit, str(row["kind"])), "id": str(row.get("id", ""))}


async def _form(visit: Visit, known: Mapping[str, object], row: Row, *, tried: JsonObject) -> Reply:
    found = await visit.ask("redlines.choices", instrument=known["instrument"])
    offered = [str(each["label"]) for each in rows_of(found, "units")]
    stated = {str(each["name"]): each for each in rows_of(found, "fields")}
    line = tried.get("line")
    form = row.get("form")
    name = str(form.get("name", "")) if isinstance(form, Mapping) else ""
    if "id" not in row and name in stated:
        row = {**row, "form": stated[name]}
    place = (
        at("agreements", str(known["instrument"]), "red-lines", "lines", str(row["id"]))
        if "id" in row
        else at("agreements", str(known["instrument"]), "red-lines", "new", str(row["kind"]))
    )
    chosen = visit.chosen("labels") if "sentence" in visit.form else say.terms(row, "labels")
    return Html(
        template="agreements/red_line.html",
        context={
            **known,
            "row": row,
            "name": name,
            "field_name": say.name_of(visit, name) if name else "",
            "place": place,
            "tried": tried,
            "asks": lines.sentence(visit, line) if isinstance(line, Mapping) else "",
            "whose": lines.whose_words(visit),
            "labels": [*dict.fromkeys([*offered, *chosen])],
            "headings": {str(each["label"]): each["heading"] for each in rows_of(found, "units")},
            "chosen": chosen,
            "fields": [
                (each, say.name_of(visit, each), _says_now(visit, stated.get(each)))
                for each in say.NAMES
                if each != "areas" or each in stated
            ],
            "now": _says_now(visit, stated.get(name)),
            "tests": list(lines.limit_words(visit).items()),
            "effects": list(lines.effect_words(visit).items()),
            "roles": [(code, role_name(visit.words, code)) for code in ROLES],
            "passed": [
                each for each in say.rows(known, "deviations") if each["red_line"] == row.get("id")
            ],
        },
    )


def _says_now(visit: Visit, field: Row | None) -> str:
    return "" if field is None else say.sentence(visit, field)


async def _save(visit: Visit) -> Reply:
    known = await _known(visit)
    row = _row(visit, known)
    await visit.act(
        "redlines.put",
        instrument=known["instrument"],
        line=_typed(visit, row),
        version=_seen(visit),
        replaces=str(row.get("id", "")),
    )
    return _done(visit, visit._("The red line is set; nobody outside our side learns of it."))


async def _drop(visit: Visit) -> Reply:
    await visit.act(
        "redlines.drop",
        instrument=visit.at["instrument"],
        line=visit.at["line"],
        version=_seen(visit),
    )
    return _done(visit, visit._("The red line is taken away; the house log keeps that it was."))


def _seen(visit: Visit) -> int:
    text = visit.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _done(visit: Visit, notice: str) -> Goto:
    return Goto(path=at("agreements", visit.at["instrument"], "red-lines"), notice=notice)


# --- all of them, and letting pass ----------------------------------------------------------------


async def _set(visit: Visit) -> Reply:
    await visit.act(
        "redlines.set",
        instrument=visit.at["instrument"],
        lines=visit.form.get("lines", ""),
        version=_seen(visit),
    )
    return _done(visit, visit._("The red lines are set; nobody outside our side learns of it."))


async def _pass(visit: Visit) -> Reply:
    line, unit = visit.form.get("line", ""), visit.form.get("unit", "")
    await visit.act("redlines.deviate", instrument=visit.at["instrument"], line=line, unit=unit)
    return _done(visit, visit._("Let pass; kept in our own record with your name."))


def _post(path: str, work: Work, back: str) -> Page:
    return Page(
        method="POST", path=path, work=work, back=back, nav="agreements", body_max=_FILE_BYTES_MAX
    )


PAGES: Final = (
    Page(method="GET", path=_RED, work=_list, nav="agreements"),
    Page(method="GET", path=f"{_RED}/text", work=_text, nav="agreements"),
    Page(method="GET", path=_NEW, work=_line, nav="agreements"),
    Page(method="GET", path=_LINE, work=_line, nav="agreements"),
    _post(_NEW, _save, _NEW),
    _post(f"{_NEW}/look", _look, _NEW),
    _post(_LINE, _save, _LINE),
    _post(f"{_LINE}/look", _look, _LINE),
    _post(f"{_LINE}/drop", _drop, _LINE),
    _post(f"{_RED}/set", _set, f"{_RED}/text"),
    _post(f"{_RED}/pass", _pass, _RED),
)
