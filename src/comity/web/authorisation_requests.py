"""The form that asks for an authorisation: what it offers, and what it asks about once more.

Whose items are meant follows from the item that is named. A class that nobody has classified
anything as covers nothing: it is asked about once more, and then taken as it is.
Source: agreements.md D2.8, D6 (journey 8); spec 11.3.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.errors import MisuseError
from comity.web.commitments import fitting_grounds, may
from comity.web.sharing import all_rows
from comity.web.visit import Goto, Html, Reply, Visit, at, rows_of

Row = Mapping[str, object]
Options = Sequence[tuple[str, str]]

_KNOWN_MAX: Final = 20


async def counterparts(visit: Visit) -> list[tuple[str, str]]:
    """Return those with whom we stand in a relationship as choices."""
    found = await visit.ask("relationships")
    return [(str(row["relationship"]), str(row["name"])) for row in rows_of(found, "relationships")]


async def our_items(visit: Visit) -> list[tuple[str, str]]:
    """Return our items as choices: those brought in last first."""
    made = []
    for row in await all_rows(visit, "items", "items"):
        note = row["note"]
        title = str(note.get("title", "")) if isinstance(note, Mapping) else ""
        made.append((str(row["id"]), title or str(row["id"])))
    return list(reversed(made))


async def new(visit: Visit) -> Reply:
    """Show the form."""
    known = await all_rows(visit, "controls", "controls")
    theirs = [
        (str(row["item"]), visit._("theirs: %(title)s", title=row["title"] or _unnamed(visit, row)))
        for row in _theirs(known)
    ]
    others = await counterparts(visit)
    context = {
        "counterparts": others,
        "articles": await fitting_grounds(visit, [code for code, _ in others]),
        "items": [*await our_items(visit), *theirs],
        "known": known,
        "projects": await _projects(visit, several=len(others) > 1),
        **may(visit, "authorisations.request"),
    }
    return Html(template="technology/new_authorisation.html", context=context)


def _theirs(known: Sequence[Row]) -> list[Row]:
    return [row for row in known if row["whose"] == "them" and row["status"] == "controlled"]


def _unnamed(visit: Visit, row: Row) -> str:
    """Return what tells one item of theirs that has no name here from another."""
    short = str(row["item"]).removeprefix("urn:uuid:")[:8]
    return visit._("not released yet, %(code)s (%(short)s)", code=row["code"], short=short)


async def _projects(visit: Visit, *, several: bool) -> Options:
    """Return the projects as choices: none, each with its counterpart where there are several."""
    known = await all_rows(visit, "projects", "projects")
    titles = {
        str(row["title"]): f"{row['title']} ({row['counterpart']})"
        if several
        else str(row["title"])
        for row in known
    }
    typed = visit.typed("project").strip()
    if typed:  # asked for from elsewhere, or written before
        titles.setdefault(typed, typed)
    return [("", visit._("none")), *titles.items()]


async def ask(visit: Visit) -> Reply:
    """Ask for it, as the form was filled in."""
    instrument, _, unit = visit.form.get("grounds", "").strip().partition(" ")
    if not unit:
        raise MisuseError(
            "web.no_grounds", "Choose the article in force that the authorisation stands on."
        )
    known = await all_rows(visit, "controls", "controls")
    item, members = _line(visit, "item"), visit.lines("members")
    classes = visit.lines("classes")
    _check_classes(visit, classes, known)
    made = await visit.act(
        "authorisations.request",
        seen=None,
        upload=None,
        instrument=instrument,
        unit=unit,
        items=[item] if item else [],
        classes=classes,
        type="community" if members else "licence",
        members=members,
        excluded=visit.lines("excluded"),
        exporter=_line(visit, "exporter") or _exporter(item, known),
        project=_line(visit, "other_project") or _line(visit, "project"),
        **{name: _line(visit, name) for name in ("counterpart", "title", "use", "words")},
    )
    return Goto(
        path=at("authorisations", str(made["authorisation"])),
        notice=visit._("Asked for. Nothing crosses by that."),
    )


def _line(visit: Visit, name: str) -> str:
    return visit.form.get(name, "").strip()


def _exporter(item: str, known: Sequence[Row]) -> str:
    """Return whose item it is.

    Raises:
        MisuseError: ``web.no_exporter``: no item is named that would say it.
    """
    if not item:
        raise MisuseError(
            "web.no_exporter", "Name an item, or say whose items are meant: ours or theirs."
        )
    return "them" if any(row["item"] == item for row in _theirs(known)) else "us"


def _check_classes(visit: Visit, classes: Sequence[str], known: Sequence[Row]) -> None:
    """Pass if every class is one that either side has entered, or is to be asked for all the same.

    What is no class at all is refused by the node.

    Raises:
        MisuseError: ``web.unknown_class``.
    """
    with_them = [row for row in known if row["relationship"] == _line(visit, "counterpart")]
    entered = {f"{row['scheme']}: {row['code']}": None for row in with_them}
    for each in classes:
        scheme, colon, code = (part.strip() for part in each.partition(":"))
        if colon and f"{scheme}: {code}" not in entered and not visit.form.get("all_the_same"):
            listed = "; ".join(list(entered)[:_KNOWN_MAX])
            raise MisuseError(
                "web.unknown_class",
                f"Neither side has classified anything as {each[:60]!r}: it covers nothing yet."
                f" Entered are: {listed or 'none'}. Correct it, or say that it is right.",
            )
