"""Exchanges with registered connectors: the inbox, all of them, and one with why it waits.

What is done here the node rules on again before anything is sent. Source: issue 5, 9 and «why does
this wait».
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import attrs

from comity.sharing.names import file_name
from comity.web.connector_words import (
    REASONED,
    about,
    do_words,
    effect_words,
    state_of,
    step_of,
    turn_of,
    what_of,
    why_of,
    worked,
)
from comity.web.connectors import words
from comity.web.listing import (
    PER_PAGE,
    Column,
    Listing,
    csv_lines,
    holds,
    listing,
    to_csv,
)
from comity.web.sharing import all_rows
from comity.web.sharing_words import Row, code_words, percent
from comity.web.visit import Goto, Handout, Html, Page, Plain, Reply, Stream, Visit, at, rows_of

_STATES: Final = ("open", "ended", "all")
#: So many pages back are remembered in the address; from further on, back is the beginning.
_BACK_MAX: Final = 20


def _columns(visit: Visit) -> list[Column]:
    return [
        Column(title=visit._("What"), value=about),
        Column(title=visit._("With"), value=lambda row: row["name"]),
        Column(title=visit._("Exchange"), value=lambda row: what_of(visit, row)),
        Column(title=visit._("State"), value=lambda row: state_of(visit, row)[1]),
        Column(title=visit._("Waits for"), value=lambda row: turn_of(visit, row)[1]),
        Column(title=visit._("Since"), value=lambda row: row["since"]),
    ]


async def _list(visit: Visit) -> Reply:
    chosen = visit.query.get("state", "open")
    state = chosen if chosen in _STATES else "open"
    words_of = visit.query.get("q", "").strip()[:200].casefold()
    if visit.query.get("format") == "csv":
        chunks = _csv(visit, state, words_of)
        return Stream(chunks=chunks, media="text/csv; charset=utf-8", name="exchanges.csv")
    found = await (_filtered(visit, state, words_of) if words_of else _page(visit, state))
    return Html(
        template="connectors/exchanges.html",
        context={"list": found, "state": state, **words(visit)},
    )


async def _pages(visit: Visit, state: str) -> AsyncIterator[Sequence[Row]]:
    """Yield the rows page by page; none is kept longer than whoever asks keeps it."""
    cursor: object = ""
    while isinstance(cursor, str):
        answer = await visit.ask("dataspace.exchanges", state=state, cursor=cursor)
        yield list(rows_of(answer, "exchanges"))
        cursor = answer["next"]


async def _csv(visit: Visit, state: str, sought: str) -> AsyncIterator[bytes]:
    columns = _columns(visit)
    yield to_csv((), columns)
    async for rows in _pages(visit, state):
        yield csv_lines((row for row in rows if holds(row, columns, sought)), columns)


async def _page(visit: Visit, state: str) -> Listing:
    """Return the page that the address names, as the node cuts it."""
    here, start = visit.query.get("cursor", ""), visit.number("start")
    behind = [one for one in visit.query.get("back", "").split(".") if one]
    answer = await visit.ask("dataspace.exchanges", state=state, cursor=here, limit=PER_PAGE)
    rows, following, total = list(rows_of(answer, "exchanges")), answer["next"], answer["total"]
    assert isinstance(total, int)
    back = ".".join([*behind, here][-_BACK_MAX:]) if here else None
    before = {
        "cursor": behind[-1] if behind else None,
        "back": ".".join(behind[:-1]) or None,
        "start": max(0, start - PER_PAGE) if behind else None,
    }
    return Listing(
        rows=rows,
        columns=_columns(visit),
        total=total,
        all=total,
        start=start if here else 0,
        query="",
        next=visit.here(cursor=following, back=back, start=start + len(rows)) if following else "",
        previous=visit.here(**before) if here else "",
        csv=visit.here(format="csv", start=None, cursor=None, back=None),
    )


async def _filtered(visit: Visit, state: str, sought: str) -> Listing:
    """Return a page of those that hold what is sought; only these are kept."""
    columns, start = _columns(visit), visit.number("start")
    shown: list[Row] = []
    total = every = 0
    async for rows in _pages(visit, state):
        every += len(rows)
        for row in rows:
            if holds(row, columns, sought):
                shown += [row] if start <= total < start + PER_PAGE else []
                total += 1
    return Listing(
        rows=shown,
        columns=columns,
        total=total,
        all=every,
        start=start,
        query=visit.query.get("q", "").strip()[:200],
        next=visit.here(start=start + PER_PAGE) if start + PER_PAGE < total else "",
        previous=visit.here(start=max(0, start - PER_PAGE) or None) if start else "",
        csv=visit.here(format="csv", start=None),
    )


async def _inbox(visit: Visit) -> Reply:
    rows = await all_rows(visit, "dataspace.inbox", "inbox")
    columns = [
        *_columns(visit),
        Column(title=visit._("Why it waits"), value=lambda row: why_of(visit, row)),
    ]
    found = listing(visit, rows, columns=columns, name="inbox")
    if isinstance(found, Plain):
        return found
    return Html(
        template="connectors/inbox.html",
        context={
            "list": found,
            "why_of": lambda row: why_of(visit, row),
            "acts": lambda row: [do for do in _can(row) if do not in REASONED],
            "do_words": lambda do: do_words(visit, do),
            **_may(visit),
            **words(visit),
        },
    )


def _can(row: Row) -> list[str]:
    waits = row["waits"]
    can = waits["can"] if isinstance(waits, Mapping) else ()
    return [str(do) for do in can]


def _may(visit: Visit) -> dict[str, object]:
    return {"may": not visit.node.allowed("dataspace.act", visit.person.roles)}


async def _show(visit: Visit) -> Reply:
    found = await visit.see("dataspace.exchange", exchange=visit.at["exchange"])
    steps = [(step, *step_of(visit, step)) for step in rows_of(found, "steps")]
    return Html(
        template="connectors/exchange.html",
        context={
            "found": found,
            "waits": found["waits"],
            "why": why_of(visit, found),
            "work": list(worked(visit, found)),
            "steps": steps,
            "acts": [do for do in _can(found) if do not in REASONED],
            "counters": "request" in _can(found) and bool(found["policy"]),
            "reasoned": [do for do in _can(found) if do in REASONED],
            "do_words": lambda do: do_words(visit, do),
            "effect_words": lambda do: effect_words(visit, do),
            "code_words": lambda code: code_words(visit, code),
            "percent": percent,
            **_may(visit),
            **words(visit),
        },
    )


async def _act(visit: Visit) -> Reply:
    name = visit.at["exchange"]
    # What is only paused or ended carries no tag: a transfer that runs must not hold it up.
    done = await visit.act(
        "dataspace.act",
        seen=("dataspace.exchange", {"exchange": name}),
        exchange=name,
        do=visit.form.get("do", ""),
        reason=visit.form.get("reason", "").strip(),
    )
    notice = (
        visit._("Done. Our message is on its way to %(name)s's node.", name=done["name"])
        if done["pending"]
        else visit._("Done.")
    )
    return Goto(path=at("exchanges", name), notice=notice)


async def _counter(visit: Visit) -> Reply:
    """Show the form for other rules than those on the table."""
    return await _form(visit, shown=None)


async def _preview(visit: Visit) -> Reply:
    """Show what would leave, beside what is on the table; nothing has left."""
    shown = await visit.ask(
        "dataspace.counter_preview",
        exchange=visit.at["exchange"],
        policy=visit.form.get("policy", ""),
    )
    return await _form(visit, shown=shown)


async def _form(visit: Visit, *, shown: Row | None) -> Reply:
    found = await visit.see("dataspace.exchange", exchange=visit.at["exchange"])
    return Html(
        template="connectors/counter.html",
        context={
            "found": found,
            "shown": shown,
            "lines": _lines,
            "can": "request" in _can(found) and bool(found["policy"]),
            **_may(visit),
            **words(visit),
        },
    )


def _lines(policy: object) -> str:
    """Return rules as people read JSON; what is on the table was read by the node before."""
    return json.dumps(json.loads(str(policy or "{}")), indent=2, ensure_ascii=False)


async def _send(visit: Visit) -> Reply:
    name = visit.at["exchange"]
    done = await visit.act(
        "dataspace.counter",
        seen=("dataspace.exchange", {"exchange": name}),
        exchange=name,
        policy=visit.form.get("policy", ""),
    )
    notice = visit._("Done. Our message is on its way to %(name)s's node.", name=done["name"])
    return Goto(path=at("exchanges", name), notice=notice)


async def _file(visit: Visit) -> Reply:
    """Hand the received file out; its name is ours, for a connector gives none."""
    shown = await visit.ask("dataspace.exchange", exchange=visit.at["exchange"])
    handed = await visit.file("dataspace.content", exchange=visit.at["exchange"])
    name = file_name(about(shown), otherwise="received")
    return Handout(sent=attrs.evolve(handed.sent, name=name))


PAGES: Final = (
    Page(method="GET", path="/exchanges", work=_list, nav="share"),
    Page(method="GET", path="/exchanges/inbox", work=_inbox, nav="share"),
    Page(method="GET", path="/exchanges/{exchange}", work=_show, nav="share"),
    Page(method="GET", path="/exchanges/{exchange}/counter", work=_counter, nav="share"),
    Page(
        method="POST",
        path="/exchanges/{exchange}/counter/preview",
        work=_preview,
        back="/exchanges/{exchange}/counter",
        nav="share",
    ),
    Page(
        method="POST",
        path="/exchanges/{exchange}/counter",
        work=_send,
        back="/exchanges/{exchange}/counter",
        nav="share",
    ),
    Page(method="GET", path="/exchanges/{exchange}/file", work=_file, nav="share"),
    Page(
        method="POST",
        path="/exchanges/{exchange}/act",
        work=_act,
        back="/exchanges/{exchange}",
        nav="share",
    ),
)
