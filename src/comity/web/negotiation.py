"""Answering, the tray, tabling; packages: what acts on a text before it is clean.

Everything but tabling stays in the house: an answer goes into the tray, and the tray is tabled as
it was confirmed or not at all. Source: agreements.md D3.4 to D3.6, D6 (journey 1).
"""

from collections.abc import Mapping
from typing import Final

from comity.foundation.errors import MisuseError
from comity.web.agreements import filters, party_names, words_of
from comity.web.listing import Column, Row, listing
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, Work, at, rows_of

_TEXT: Final = "/agreements/{instrument}"
_UNIT: Final = "/agreements/{instrument}/units/{unit}"
_TRAY: Final = "/agreements/{instrument}/tray"
_PACKAGES: Final = "/agreements/{instrument}/packages"
#: A text of a whole unit.
_WORDS_MAX: Final = 8 << 20
#: Units offered for a package; a person ticks a few.
_CHOICES_MAX: Final = 200
#: Digits of the place of a unit in a text.
_DIGITS_MAX: Final = 6


def _back(visit: Visit, notice: str) -> Goto:
    """Return to the unit among those that the reader had before them."""
    asked = filters(visit)
    path = at("agreements", visit.at["instrument"], **asked)
    return Goto(path=f"{path}#u-{visit.at['unit']}", notice=notice)


async def _answer(visit: Visit) -> Reply:
    answer = visit.form.get("answer", "")
    words = visit.form.get("reserve" if answer == "reserve" else "reason", "").strip()
    if not answer:
        raise MisuseError("web.no_answer", "Choose an answer to this unit first.")
    if answer in {"explain", "reopen"} and not words:
        raise MisuseError(
            "web.no_words", "Write the words first: an explanation or a reopening says why."
        )
    await visit.act(
        "agreements.answer",
        instrument=visit.at["instrument"],
        answer=answer,
        units=[visit.at["unit"]],
        words=words,
        mark=visit.form.get("mark", ""),
    )
    return _back(visit, visit._("In the tray. Nothing has left yet."))


async def _accept_all(visit: Visit) -> Reply:
    """Accept what the page had shown, each unit as it was shown: what changed since is refused."""
    name, seen = visit.at["instrument"], visit.chosen("seen")
    for each in seen:
        unit, _, mark = each.partition(" ")
        await visit.act(
            "agreements.answer", instrument=name, answer="accept", units=[unit], mark=mark
        )
    more = visit.form.get("more", "")
    if more.isdecimal():
        said = visit._(
            "%(n)s acceptances are in the tray. Nothing has left yet. The next page of the text"
            " follows.",
            n=len(seen),
        )
        asked = {**filters(visit), "start": more[:_DIGITS_MAX]}
        return Goto(path=at("agreements", name, **asked), notice=said)
    return Goto(
        path=at("agreements", name, "tray"),
        notice=visit._("%(n)s acceptances are in the tray. Nothing has left yet.", n=len(seen)),
    )


async def _remove(visit: Visit) -> Reply:
    await visit.act(
        "agreements.unstage", instrument=visit.at["instrument"], units=[visit.at["unit"]]
    )
    return _back(visit, visit._("Removed from the tray."))


async def _note(visit: Visit) -> Reply:
    words = visit.form.get("note", "").strip()
    if not words:
        raise MisuseError("web.no_words", "Write the note first.")
    await visit.act(
        "agreements.note",
        instrument=visit.at["instrument"],
        unit=visit.at["unit"],
        words=words,
    )
    return _back(visit, visit._("Noted; private to us."))


async def _talk(visit: Visit) -> Reply:
    await visit.act("agreements.talk", instrument=visit.at["instrument"])
    return Goto(
        path=at("agreements", visit.at["instrument"]),
        notice=visit._("We talk about this text now; nothing is accepted by that."),
    )


# --- the tray -------------------------------------------------------------------------------------


async def _tray(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    staged = await visit.ask("agreements.staged", instrument=name, preview=True)
    head = await visit.ask("agreements.show", instrument=name, limit=1)
    words = words_of(visit)

    def what(row: Row) -> object:
        answer = str(words["move_words"][str(row["move"])])
        if row.get("deleted"):
            return f"{answer}: [{visit._('to be deleted')}]"
        said = row.get("text") or row.get("words") or ""
        return f"{answer}: {said}" if said else answer

    columns = [
        Column(title=visit._("Unit"), value=lambda row: row["label"]),
        Column(title=visit._("Answer"), value=what),
        Column(title=visit._("By"), value=lambda row: row["by_name"]),
    ]
    if visit.query.get("format") != "csv":
        columns.append(Column(title=visit._("Remove"), value=lambda _: ""))
    found = listing(visit, rows_of(staged, "moves"), columns=columns, name="tray")
    if isinstance(found, Plain):
        return found
    return Html(
        template="agreements/tray.html",
        context={
            "found": head,
            "names": party_names(head),
            "staged": staged,
            "list": found,
            "may": visit.has("negotiator", "mandate_holder"),
            **words,
        },
    )


async def _table(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    done = await visit.act(
        "agreements.table",
        instrument=name,
        tray=visit.form.get("tray", ""),
        reason=visit.form.get("reason", "").strip(),
    )
    held = (
        visit._("The counterpart holds it.")
        if done.get("held_by_counterpart") is True
        else visit._("It is recorded and will be delivered as soon as they can be reached.")
    )
    said = visit._("Tabled: entry %(n)s of our record.", n=done["entry"])
    return Goto(path=at("agreements", name), notice=f"{said} {held}")


async def _drop(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    unit, package = visit.form.get("unit", ""), visit.form.get("package", "")
    await visit.act(
        "agreements.unstage",
        instrument=name,
        units=[unit] if unit else [],
        packages=[package] if package else [],
    )
    return Goto(path=at("agreements", name, "tray"), notice=visit._("Removed from the tray."))


# --- packages -------------------------------------------------------------------------------------


async def _packages(visit: Visit) -> Reply:
    found = await visit.ask(
        "agreements.show",
        instrument=visit.at["instrument"],
        status="unsettled",
        limit=_CHOICES_MAX,
    )
    open_ = list(rows_of(found, "units"))
    own = visit.house.party

    def has(one: Row, *, ours: bool) -> bool:
        rows = one["alternatives"]
        found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
        return any(bool(row["ours"]) is ours for row in found)

    return Html(
        template="agreements/packages.html",
        context={
            "found": found,
            "names": party_names(found),
            "own": own,
            "labels": found["labels"],
            "givable": [one for one in open_ if has(one, ours=False)],
            "askable": [one for one in open_ if has(one, ours=True)],
            "gives": visit.chosen("gives"),
            "asks": visit.chosen("asks"),
            "negotiates": visit.has("negotiator"),
            **words_of(visit),
        },
    )


async def _offer(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    await visit.act(
        "agreements.package",
        instrument=name,
        gives=list(visit.chosen("gives")),
        asks=list(visit.chosen("asks")),
    )
    return Goto(
        path=at("agreements", name, "tray"),
        notice=visit._("The package is in the tray. Nothing has left yet."),
    )


async def _accept_package(visit: Visit) -> Reply:
    name, what = visit.at["instrument"], visit.form.get("what", "")
    operation = "agreements.withdraw_package" if what == "withdraw" else "agreements.accept_package"
    await visit.act(operation, instrument=name, package=visit.form.get("package", ""))
    return Goto(
        path=at("agreements", name, "tray"),
        notice=visit._("In the tray. Nothing has left yet."),
    )


def _post(path: str, work: Work, back: str) -> Page:
    return Page(
        method="POST", path=path, work=work, back=back, nav="agreements", body_max=_WORDS_MAX
    )


PAGES: Final = (
    _post(f"{_UNIT}/answer", _answer, _UNIT),
    _post(f"{_UNIT}/remove", _remove, _UNIT),
    _post(f"{_UNIT}/note", _note, _UNIT),
    _post(f"{_TEXT}/talk", _talk, _TEXT),
    _post(f"{_TEXT}/accept-all", _accept_all, _TEXT),
    Page(method="GET", path=_TRAY, work=_tray, nav="agreements"),
    _post(f"{_TRAY}/table", _table, _TRAY),
    _post(f"{_TRAY}/remove", _drop, _TRAY),
    Page(method="GET", path=_PACKAGES, work=_packages, nav="agreements"),
    _post(f"{_PACKAGES}/offer", _offer, _PACKAGES),
    _post(f"{_PACKAGES}/answer", _accept_package, _PACKAGES),
)
