"""The first page: what needs me, then what needs others of us, then what waits for them.

The rows are those of the operation ``needs``, gravest first; this module only words them and knows
the place to act. Source: agreements.md D6 (journey 5).
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Final

from comity.web.listing import Column, listing
from comity.web.need_words import address, by_whom, consequence, nothing, sentence
from comity.web.visit import Html, Page, Plain, Reply, Visit, at, rows_of

#: Rows of each part on the first screen; the rest is one click away.
FIRST_MAX: Final = 12
#: How many needs are asked for at a time.
PAGE: Final = 1000

Row = Mapping[str, object]


async def _first(visit: Visit) -> Reply:
    rows = [worded(visit, row) async for row in _needs(visit)]
    parts = _parts(visit, rows)
    chosen = visit.query.get("whose", "")
    if chosen or visit.query.get("format") == "csv" or visit.query.get("q"):
        kept = dict(_whose(rows)).get(chosen, rows)
        found = listing(visit, kept, columns=_columns(visit), name="needs")
        if isinstance(found, Plain):
            return found
        return Html(
            template="needs/list.html",
            context={"list": found, "whose": chosen, "tabs": _tabs(visit, rows)},
        )
    status = await visit.ask("status")
    return Html(
        template="needs/first.html",
        context={
            "parts": parts,
            "tabs": _tabs(visit, rows),
            "first": FIRST_MAX,
            "instruments": list(rows_of(status, "instruments")),
            "relationships": list(rows_of(status, "relationships")),
            "states": instrument_words(visit),
        },
    )


async def _needs(visit: Visit) -> AsyncIterator[Row]:
    """Yield every need; the operation gives them in pages."""
    following: object = 0
    while isinstance(following, int):
        answer = await visit.ask("needs", start=following, limit=PAGE)
        for row in rows_of(answer, "needs"):
            yield row
        following = answer["next"]


def worded(visit: Visit, row: Row) -> Row:
    """Return a need with its words in the reader's language, and where to act on it."""
    thing = row["object"]
    assert isinstance(thing, Mapping)
    return {
        **row,
        "title": thing["title"],
        "href": address(row),
        "says": sentence(visit, row),
        "by": by_whom(visit, row),
        "hangs": consequence(visit, row),
        "otherwise": nothing(visit, row),
    }


def _whose(rows: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Yield the parts of the first screen; every row stands in exactly one."""
    yield "mine", [row for row in rows if row["mine"]]
    yield "ours", [row for row in rows if not row["mine"] and row["who"] != "them"]
    yield "theirs", [row for row in rows if row["who"] == "them"]


def _parts(visit: Visit, rows: Sequence[Row]) -> list[Row]:
    heads = {
        "mine": (visit._("For you"), visit._("Nothing waits for you.")),
        "ours": (visit._("For others of us"), visit._("Nothing waits for others of us.")),
        "theirs": (visit._("Waits for the other side"), visit._("Nothing waits for them.")),
    }
    return [
        {
            "whose": whose,
            "head": heads[whose][0],
            "empty": heads[whose][1],
            "rows": found[:FIRST_MAX],
            "total": len(found),
            "all": at("", whose=whose),
        }
        for whose, found in _whose(rows)
    ]


def _tabs(visit: Visit, rows: Sequence[Row]) -> list[tuple[str, str, str, int]]:
    words = {
        "mine": visit._("For you"),
        "ours": visit._("For others of us"),
        "theirs": visit._("Waits for the other side"),
    }
    return [
        ("", at(""), visit._("Overview"), len(rows)),
        *((name, at("", whose=name), words[name], len(found)) for name, found in _whose(rows)),
    ]


def _columns(visit: Visit) -> list[Column]:
    return [
        Column(title=visit._("What"), value=lambda row: f"{row['title']}: {row['says']}"),
        Column(title=visit._("By whom"), value=lambda row: row["by"]),
        Column(title=visit._("Since"), value=lambda row: row["since"]),
        Column(title=visit._("Until"), value=lambda row: row["until"]),
        Column(title=visit._("What hangs on it"), value=_hangs),
        Column(title=visit._("If nobody acts"), value=lambda row: row["otherwise"]),
    ]


def _hangs(row: Row) -> object:
    hangs = row["hangs"]
    assert isinstance(hangs, tuple)
    return hangs[1]


def instrument_words(visit: Visit) -> Mapping[str, tuple[str, str]]:
    """Return by state of an instrument its badge and its words."""
    return {
        "drafting": ("open", visit._("being drafted")),
        "tabled": ("wait", visit._("tabled")),
        "negotiating": ("wait", visit._("being negotiated")),
        "clean": ("half", visit._("clean, not adopted")),
        "agreed_ad_ref": ("half", visit._("adopted, to be initialled")),
        "said": ("half", visit._("adopted, text of a joint statement")),
        "initialled": ("half", visit._("initialled, to be signed")),
        "signing": ("wait", visit._("in a signing window")),
        "signed": ("half", visit._("signed")),
        "awaiting_entry": ("half", visit._("signed, not yet in force")),
        "in_force": ("good", visit._("in force")),
        "suspended": ("bad", visit._("suspended")),
        "expired": ("closed", visit._("term over")),
        "terminated": ("closed", visit._("ended")),
        "abandoned": ("closed", visit._("given up")),
        "lapsed": ("closed", visit._("lapsed")),
    }


PAGES: Final = (Page(method="GET", path="/", work=_first, nav="needs"),)
