"""The lines at the top of the relationship page: what waits, what falls due, when they meet.

Facts of both nodes alone, worded for one side; each leads to the place to act. Source:
agreements.md D6 (journey 14).
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from comity.web.dates import date_address, date_words
from comity.web.relationship_words import small
from comity.web.sharing import all_rows
from comity.web.visit import Visit, at

Row = Mapping[str, object]


@attrs.frozen(kw_only=True)
class Point:
    """One thing that a line leads to: its title, its address, and what is said before and after."""

    title: str
    href: str
    at: str = ""
    says: str = ""


@attrs.frozen(kw_only=True)
class Line:
    """One line: what it is about, a count in words, and what it leads to."""

    label: str
    counted: str = ""
    points: tuple[Point, ...] = ()
    empty: str = ""


async def summary(visit: Visit, found: Row, matters: Sequence[Row]) -> list[Line]:
    """Return the lines for a relationship as it stands now.

    Args:
        visit: Who looks.
        found: What the operation ``relationship`` answered.
        matters: What is open, with the words and addresses of the page.
    """
    name, own = str(found["relationship"]), found["own"]
    alone = [row for row in matters if len(_parties(row)) == 1]
    ours = [row for row in alone if own in _parties(row)]
    theirs = [row for row in alone if own not in _parties(row)]
    both = [row for row in matters if len(_parties(row)) > 1]
    nothing = visit._("nothing")
    return [
        _waiting(visit, visit._("Waits for us"), ours, empty=nothing),
        _waiting(visit, visit._("Waits for them"), theirs, empty=nothing),
        _waiting(visit, visit._("Waits for both"), both, empty=nothing),
        Line(
            label=visit._("Waiting the longest"),
            points=tuple(_oldest(alone)),
            empty=visit._("nothing waits for one side alone"),
        ),
        Line(
            label=visit._("Falls due next"),
            points=tuple(await _due(visit, name, now=str(found["at"]))),
            empty=nothing,
        ),
        Line(
            label=visit._("Meetings"),
            points=tuple(await _meetings(visit, name)),
            empty=visit._("none held, none arranged"),
        ),
    ]


def _parties(row: Row) -> Sequence[object]:
    waits = row["waits_for"]
    return waits if isinstance(waits, Sequence) else ()


def _waiting(visit: Visit, label: str, rows: Sequence[Row], *, empty: str) -> Line:
    first = tuple(Point(title=str(row["title"]), href=str(row["href"])) for row in rows[:1])
    counted = small(visit, len(rows)) if rows else ""
    if len(rows) > 1:
        counted = visit._("%(count)s, the gravest", count=counted)
    return Line(label=label, counted=counted, points=first, empty=empty)


def _oldest(rows: Iterable[Row]) -> Iterable[Point]:
    dated = [row for row in rows if row["since"]]
    for row in sorted(dated, key=lambda row: str(row["since"]))[:1]:
        yield Point(
            title=str(row["title"]),
            href=str(row["href"]),
            at=str(row["since"]),
            says=str(row["says"]),
        )


async def _due(visit: Visit, relationship: str, *, now: str) -> list[Point]:
    words = date_words(visit)
    rows = await all_rows(visit, "dates", "dates", counterpart=relationship)
    return [
        Point(
            title=str(row["title"]),
            href=date_address(row),
            at=str(row["at"]),
            says=words[str(row["code"])],
        )
        for row in rows
        if str(row["at"]) >= now and row["code"] != "meeting"  # ``_meetings`` shows the next one
    ][:1]


async def _meetings(visit: Visit, relationship: str) -> list[Point]:
    rows = await all_rows(visit, "meetings", "meetings", counterpart=relationship)
    held = [row for row in rows if row["held"] is True]
    ahead = [row for row in rows if row["status"] in {"confirmed", "agenda_agreed"}]
    chosen = (
        (visit._("last"), sorted(held, key=_start)[-1:]),
        (visit._("next"), sorted(ahead, key=_start)[:1]),
    )
    return [
        Point(
            title=str(row["title"]),
            href=at("meetings", str(row["meeting"])),
            at=_start(row),
            says=says,
        )
        for says, found in chosen
        for row in found
    ]


def _start(row: Row) -> str:
    return str(row["began"])
