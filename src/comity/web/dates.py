"""What falls due: every date that both nodes know, also for the reader's calendar program.

Source: agreements.md D6 (journey 5); spec 10.5.4.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.commitment_words import whom
from comity.web.listing import Column, listing
from comity.web.sharing import all_rows
from comity.web.visit import Html, Page, Plain, Reply, Visit, at

Row = Mapping[str, object]

#: Where a thing of a kind is looked at; all else stands on its instrument.
_PLACES: Final[Mapping[str, str]] = {
    "commitment": "commitments",
    "milestone": "projects",
    "answer": "projects",
    "loan": "projects",
    "notice": "projects",
    "authorisation": "authorisations",
    "return": "authorisations",
    "destroy": "authorisations",
    "check": "endchecks",
    "release": "statements",
    "foreseen": "bodies",
    "meeting": "meetings",
}


def date_words(visit: Visit) -> Mapping[str, str]:
    """Return by code why something has a date."""
    return {
        "commitment": visit._("A commitment is due"),
        "milestone": visit._("A milestone is due"),
        "answer": visit._("An answer to a proposed project was asked for"),
        "loan": visit._("A loan is due back"),
        "notice": visit._("The day of a notice to leave a project"),
        "review": visit._("A review is due by the text"),
        "term": visit._("The term ends"),
        "window": visit._("A signing window closes"),
        "authorisation": visit._("An authorisation ends"),
        "return": visit._("What crossed under an authorisation is to be returned"),
        "destroy": visit._("What crossed under an authorisation is to be destroyed"),
        "check": visit._("An end-use check is to take place"),
        "release": visit._("A joint statement is released"),
        "foreseen": visit._("The next meeting of a body is foreseen by then"),
        "meeting": visit._("A meeting that both confirmed begins"),
    }


async def _list(visit: Visit) -> Reply:
    what = date_words(visit)
    found = await all_rows(visit, "dates", "dates")
    rows = [{**row, "says": what[str(row["code"])], "href": date_address(row)} for row in found]
    columns = [
        Column(title=visit._("When"), value=lambda row: row["at"]),
        Column(title=visit._("What"), value=lambda row: row["title"]),
        Column(title=visit._("Why it has a date"), value=lambda row: row["says"]),
        Column(title=visit._("For whom"), value=lambda row: whom(visit, row["whose"])),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
    ]
    page = listing(visit, rows, columns=columns, name="dates")
    if isinstance(page, Plain):
        return page
    context = {"list": page, "whom": lambda party: whom(visit, party)}
    return Html(template="needs/dates.html", context=context)


def date_address(row: Row) -> str:
    """Return where what falls due is looked at."""
    folder = _PLACES.get(str(row["code"]))
    if folder is None:
        return at("agreements", str(row["instrument"]))
    return at(folder, str(row["thing"]))


async def _file(visit: Visit) -> Reply:
    made = await visit.ask("dates.calendar", language=visit.words.language)
    media = "text/calendar; charset=utf-8; method=PUBLISH"
    return Plain(data=str(made["text"]).encode(), media=media, name=str(made["file"]))


PAGES: Final = (
    Page(method="GET", path="/dates", work=_list, nav="needs"),
    Page(method="GET", path="/dates.ics", work=_file, nav="needs"),
)
