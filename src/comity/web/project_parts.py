"""Every milestone and every loan of all projects in one list: whose, due when, and how far.

Source: agreements.md D2.7, D6 (journey 11).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant
from comity.foundation.members import one, rows
from comity.web import project_words as said
from comity.web.listing import Column, listing
from comity.web.project_plan import days_late
from comity.web.sharing import all_rows
from comity.web.visit import Html, Plain, Reply, Visit

_STATES: Final = ("live", "done", "all")
_SIDES: Final = ("", "us", "them", "both")
#: Where nobody has to do anything any more.
_DONE: Final = frozenset(("accepted", "returned", "written_off"))


async def parts_page(visit: Visit) -> Reply:
    """Return the list of milestones and loans, by day: under way, done or all, and by side."""
    chosen, side = visit.query.get("state", ""), visit.query.get("side", "")
    state = chosen if chosen in _STATES else "live"
    side = side if side in _SIDES else ""
    found: list[JsonObject] = []
    for row in await all_rows(visit, "projects", "projects", state="all"):
        whole = await visit.ask("projects.show", project=row["project"])
        found += (each for each in _parts(visit, whole) if _wanted(each, state, side))
    found.sort(key=lambda row: (Instant.parse(str(row["due"])), str(row["what"])))
    columns = [
        Column(title=visit._("What"), value=lambda row: row["what"]),
        Column(title=visit._("Kind"), value=lambda row: _kind(visit, row)),
        Column(title=visit._("Project"), value=lambda row: row["title"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Who does it"), value=lambda row: said.whom(visit, row["whose"])),
        Column(title=visit._("Lender"), value=lambda row: said.whom(visit, row["lender"])),
        Column(title=visit._("Due"), value=lambda row: row["due"]),
        Column(title=visit._("State"), value=lambda row: row["says"]),
    ]
    shown = listing(visit, found, columns=columns, name="milestones")
    if isinstance(shown, Plain):
        return shown
    context = {
        "list": shown,
        "state": state,
        "side": side,
        "kind": lambda row: _kind(visit, row),
        "whom": lambda party: said.whom(visit, party),
        "part_words": lambda code: said.part_words(visit, code),
    }
    return Html(template="projects/milestones.html", context=context)


def _kind(visit: Visit, row: Mapping[str, object]) -> str:
    return visit._("milestone") if row["kind"] == "milestone" else visit._("loan")


def _wanted(row: JsonObject, state: str, side: str) -> bool:
    """Return whether a part is asked for; what is lent is under way until it is back."""
    done = row["state"] in _DONE
    open_now = not done and (bool(row["live"]) or row["kind"] == "loan")
    kept = {"live": open_now, "done": done, "all": True}[state]
    return kept and side in {"", row["whose"]}


def _parts(visit: Visit, whole: JsonObject) -> Iterator[JsonObject]:
    """Yield the milestones of the agreed plan of a project, and its loans, by whose they are."""
    late = days_late(whole)
    known: JsonObject = {name: whole[name] for name in ("project", "title", "counterpart", "live")}
    for each in rows(one(one(whole, "plan"), "agreed"), "milestones"):
        made: JsonObject = {
            **known,
            **{name: each[name] for name in ("due", "state", "overdue")},
            "kind": "milestone",
            "what": each["title"],
            "whose": each["performer"],
            "lender": "",
            "late": late.get(str(each["key"]), 0),
        }
        yield {**made, "says": _says(visit, made)}
    for each in rows(whole, "loans"):
        loan: JsonObject = {
            **known,
            **{name: each[name] for name in ("due", "state", "overdue", "what")},
            "kind": "loan",
            "whose": _holder(each),
            "lender": each["lender"],
            "late": 0,
        }
        yield {**loan, "says": _says(visit, loan)}


def _holder(loan: JsonObject) -> str:
    """Return who has to do something about a loan: on its way back it is its lender."""
    ours = (loan["lender"] == "us") == (loan["state"] == "sent_back")
    return "us" if ours else "them"


def _says(visit: Visit, row: JsonObject) -> str:
    ended = row["kind"] == "milestone" and not row["live"] and row["state"] != "accepted"
    words = said.part_words(visit, row["state"])[1]
    said_of = said.unreached_words(visit, row["state"]) if ended else words
    if row["overdue"]:
        return f"{said_of}, {visit._('overdue')}"
    return f"{said_of}, {said.late_words(visit, row['late'])}" if row["late"] else said_of
