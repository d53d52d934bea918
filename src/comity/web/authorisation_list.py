"""The list of authorisations: for whom, how each stands, how long it took, what is left of it.

Source: agreements.md D2.8.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.web.authorisation_words import state_of
from comity.web.commitment_words import waits
from comity.web.listing import Column, Listing, holds, listing
from comity.web.sharing import all_rows
from comity.web.visit import Html, Plain, Reply, Visit

Row = Mapping[str, object]

#: The tabs, and the states that each shows.
_TABS: Final[Mapping[str, frozenset[str]]] = {
    "waiting": frozenset(
        {
            *("requested", "in_review", "returned", "declined"),
            *("approved", "approved_with_provisos", "waits_for_provisos"),
        }
    ),
    "active": frozenset({"active"}),
    "stopped": frozenset({"suspended", "basis_stopped", "not_begun"}),
    "ended": frozenset(
        {"withdrawn", "denied", "revoked", "reconciled", "expired", "exhausted"},
    ),
}


async def page(visit: Visit, said: Mapping[str, object]) -> Reply:
    """Return the list as its tab, its project and its year leave it, or its CSV."""
    every = await all_rows(visit, "authorisations", "authorisations")
    state, project, year = (visit.query.get(name, "") for name in ("state", "project", "year"))
    projects = sorted({str(row["project"]) for row in every if row["project"]})
    years = sorted({_year(row) for row in every if row["ends"]})
    kept = [
        row
        for row in every
        if _in(row, state) and project in {"", row["project"]} and year in {"", _year(row)}
    ]
    columns = _columns(visit)
    if visit.query.get("format") == "csv":  # the rows that the page shows, with more of each
        words = visit.query.get("q", "").strip()[:200].casefold()
        kept = [row for row in kept if holds(row, columns, words)]
        columns += _more(visit)
    found: Listing | Plain = listing(visit, kept, columns=columns, name="authorisations")
    if isinstance(found, Plain):
        return found
    context = {
        "list": attrs.evolve(found, columns=_on_the_page(visit)),
        "state": state if state in {*_TABS, "ours"} else "all",
        "projects": projects,
        "project": project,
        "years": years,
        "year": year,
        "took": lambda row: took(visit, row),
        "used": lambda row: used(visit, row),
        "covers": covers,
        **said,
    }
    return Html(template="technology/authorisations.html", context=context)


def _in(row: Row, state: str) -> bool:
    if state == "ours":
        return row["waits_for"] in {"us", "both"}
    states = _TABS.get(state)
    return states is None or row["status"] in states


def _year(row: Row) -> str:
    """Return the year in which an authorisation expires; empty: it has no end."""
    return str(row["ends"] or "")[:4]


def _on_the_page(visit: Visit) -> list[Column]:
    """Return the columns of the page: what belongs together stands in one cell, one line each."""
    kept = ("Authorisation", "With", "Items", "State", "Asked for on", "Expires on", "Used")
    titles = {visit._(title) for title in kept}
    return [column for column in _columns(visit) if column.title in titles]


def _columns(visit: Visit) -> list[Column]:
    return [
        Column(title=visit._("Authorisation"), value=lambda row: row["title"]),
        Column(title=visit._("Number of the decision"), value=lambda row: row["number"]),
        Column(title=visit._("Case number"), value=lambda row: row["case"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Items"), value=covers),
        Column(title=visit._("Project"), value=lambda row: row["project"]),
        Column(title=visit._("State"), value=lambda row: state_of(visit, row)[1]),
        Column(title=visit._("Asked for on"), value=lambda row: row["asked"]),
        Column(title=visit._("Decided on"), value=lambda row: row["decided"]),
        Column(title=visit._("Days to decide"), value=lambda row: took(visit, row)),
        Column(title=visit._("Expires on"), value=lambda row: row["ends"]),
        Column(title=visit._("Days left"), value=lambda row: row["days_left"]),
        Column(title=visit._("Used"), value=lambda row: used(visit, row)),
        Column(title=visit._("Waits"), value=lambda row: waits(visit, row)[1]),
    ]


def _more(visit: Visit) -> list[Column]:
    """Return the columns for which a page has no room: of the decision, as a register wants it."""
    return [
        Column(title=visit._("Licensing authority"), value=lambda row: row["authority"]),
        Column(title=visit._("Article"), value=lambda row: row["article"]),
        Column(title=visit._("Provisos"), value=provisos),
    ]


def provisos(row: Row) -> str:
    """Return the sentences of its provisos on one line."""
    sentences = row["provisos"]
    return "; ".join(str(each) for each in sentences) if isinstance(sentences, Sequence) else ""


def covers(row: Row) -> str:
    """Return the items and classes of a row on one line."""
    members = row["covers"]
    return ", ".join(str(each) for each in members) if isinstance(members, Sequence) else ""


def took(visit: Visit, row: Row) -> str:
    """Return how many days the decision took, or how long it is waited for already."""
    days, waiting = row["days_to_decide"], row["days_undecided"]
    if isinstance(days, int):
        return visit.words.number(days)
    if isinstance(waiting, int):
        return visit._("%(n)s so far", n=visit.words.number(waiting))
    return ""


def used(visit: Visit, row: Row) -> str:
    """Return how much of its quantity is used, or how many transfers where it has none."""
    most, rest = row["quantity"], row["quantity_left"]
    if not isinstance(most, int) or not isinstance(rest, int):
        return visit.words.number(int(str(row["used"])))
    facts = {"n": visit.words.number(most - rest), "most": visit.words.number(most)}
    if row["quantity_unit"] == "bytes":
        return visit._("%(n)s of %(most)s bytes", **facts)
    return visit._("%(n)s of %(most)s", **facts)
