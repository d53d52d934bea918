"""The first page, until a room has a better one."""

from typing import Final

from comity.web.listing import Column, Listing, listing
from comity.web.visit import Html, Page, Plain, Reply, Visit, rows_of


async def _first(visit: Visit) -> Reply:
    status = await visit.ask("status")
    columns = [Column(title=visit._("What"), value=lambda row: row["what"])]
    found = listing(visit, rows_of(status, "waiting"), columns=columns, name="needs")
    return found if isinstance(found, Plain) else _page(found)


def _page(found: Listing) -> Html:
    return Html(template="home/first.html", context={"list": found})


PAGES: Final = (Page(method="GET", path="/", work=_first, nav="needs"),)
