"""The list of authorisations: for whom, how each stands, how long it took, what is left of it.

Source: agreements.md D2.8.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.web.authorisation_words import state_of
from comity.web.commitment_words import waits
from comity.web.listing import Column, Listing, holds, listing
from comity.web.sharing import all_rows
from comity.web.texts import parse_instant
from comity.web.visit import Html, Plain, Reply, Visit

Row = Mapping[str, object]

#: The tabs, and the states that each shows.
_TABS: Final[Mapping[str, frozenset[str]]] = {
    "waiting": frozenset(
        {
            *("requested", "in_review", "returned"),
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
    """Return the list as its tab, project, year and number leave it, or its CSV."""
    every = await all_rows(visit, "authorisations", "authorisations")
    state, sought = visit.query.get("state", "all"), _sought(visit)
    kept = [row for row in every if _in(row, state) and _is(visit, row, sought)]
    columns = _columns(visit)
    if visit.query.get("format") == "csv":  # the rows that the page shows, with more of each
        words = visit.query.get("q", "").strip()[:200].casefold()
        kept = [row for row in kept if holds(row, columns, words)]
        columns += _more(visit)
    found: Listing | Plain = listing(visit, kept, columns=columns, name="authorisations")
    if isinstance(found, Plain):
        return found
    context = {
        "list": found,
        "state": state if state in {*_TABS, "ours"} else "all",
        "projects": sorted({str(row["project"]) for row in every if row["project"]}),
        "years": sorted({year for row in every if (year := year_of(visit, row))}),
        "sought": sought,
        "took": lambda row: took(visit, row),
        "used": lambda row: used(visit, row),
        "quantity_was": lambda row: quantity_was(visit, row),
        "ends_was": lambda row: ends_was(visit, row),
        "covers": covers,
        **said,
    }
    return Html(template="technology/authorisations.html", context=context)


def _in(row: Row, state: str) -> bool:
    if state == "ours":
        return row["waits_for"] in {"us", "both"}
    states = _TABS.get(state)
    return states is None or row["status"] in states


def _sought(visit: Visit) -> dict[str, str]:
    """Return what the list is narrowed to beside its tab; empty where it is not."""
    given = {name: visit.query.get(name, "") for name in ("project", "year", "number")}
    return {**given, "number": given["number"].strip()[:200]}


def _is(visit: Visit, row: Row, sought: Mapping[str, str]) -> bool:
    return (
        sought["project"] in {"", row["project"]}
        and sought["year"] in {"", year_of(visit, row)}
        and sought["number"].casefold() in str(row["number"] or "").casefold()
    )


def year_of(visit: Visit, row: Row) -> str:
    """Return the year of the last day, as the reader reads that day; empty where it has none."""
    ends = parse_instant(row["ends"])
    return "" if ends is None else str(visit.words.date(ends).year)


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
        Column(
            title=visit._("Quantity before the amendment"),
            value=lambda row: quantity_was(visit, row),
        ),
        Column(
            title=visit._("Expiry before the amendment"), value=lambda row: ends_was(visit, row)
        ),
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


def quantity_was(visit: Visit, row: Row) -> str:
    """Return the quantity before the last amendment, where that changed it; else nothing."""
    was = row["was"]
    if not isinstance(was, Mapping) or _quantity(was) == _quantity(row):
        return ""
    most, unit = _quantity(was)
    if not isinstance(most, int):
        return visit._("without limit")
    count = visit.words.number(most)
    return visit._("%(n)s bytes", n=count) if unit == "bytes" else count


def _quantity(row: Row) -> tuple[object, object]:
    return row["quantity"], row["quantity_unit"]


def ends_was(visit: Visit, row: Row) -> str:
    """Return the last day before the last amendment, where that changed it; else nothing."""
    was = row["was"]
    if not isinstance(was, Mapping) or was["ends"] == row["ends"]:
        return ""
    ends = parse_instant(was["ends"])
    return visit._("without end") if ends is None else visit.words.bound(ends)
