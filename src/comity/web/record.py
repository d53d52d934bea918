"""The record for its readers: both logs side by side, single entries, cosigned heads, checks.

Lists are paged by the node, because a log of many years is never read whole for one page; the CSV
of a list is the filtered list up to a bound, and says so where it ends. Source: agreements.md D6,
13.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.web import why_words, wording
from comity.web.listing import Column, Listing, Row, listing, to_csv
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at, rows_of

PER_PAGE: Final = 50
#: How many rows one CSV holds, and how many the node is asked for at once.
CSV_ROWS_MAX: Final = 20_000
_CSV_PAGE: Final = 1_000
_SIDES: Final = ("ours", "theirs")
_FILTERS: Final = ("kind", "about", "text")


async def _all(visit: Visit) -> Reply:
    found = await visit.ask("record.all")
    columns = [
        Column(title=visit._("With"), value=lambda row: row["counterpart_name"]),
        Column(title=visit._("State"), value=lambda row: row["status"]),
        Column(title=visit._("Our entries"), value=lambda row: row["ours"]),
        Column(title=visit._("Cosigned by them"), value=lambda row: row["ours_cosigned"]),
        Column(title=visit._("Their entries"), value=lambda row: row["theirs"]),
        Column(title=visit._("Cosigned by us"), value=lambda row: row["theirs_cosigned"]),
    ]
    rows = listing(visit, rows_of(found, "records"), columns=columns, name="records")
    if isinstance(rows, Plain):
        return rows
    return Html(template="record/all.html", context={"list": rows})


# --- both logs --------------------------------------------------------------------------------


async def _both(visit: Visit) -> Reply:
    rel = visit.at["rel"]
    filters = _filters(visit)
    if visit.query.get("format") == "csv":
        return await _both_csv(visit, rel, filters)
    order = "oldest" if visit.query.get("order") == "oldest" else "newest"
    places: dict[str, object] = {
        side: visit.number(side) for side in _SIDES if visit.query.get(side, "").isdecimal()
    }
    found = await visit.ask(
        "record.both", counterpart=rel, order=order, limit=PER_PAGE, **filters, **places
    )
    return Html(
        template="record/both.html",
        context={
            "found": found,
            "filters": filters,
            "order": order,
            "kinds": _kinds(visit),
            "next": _moved(visit, found.get("next")),
            "previous": _moved(visit, found.get("previous")),
            "csv": visit.here(format="csv", ours=None, theirs=None),
        },
    )


def _filters(visit: Visit) -> dict[str, str]:
    return {name: visit.query.get(name, "").strip()[:200] for name in _FILTERS}


def _kinds(visit: Visit) -> list[tuple[str, str]]:
    """Return what may be chosen as kind: everything, families, single kinds."""
    families = [
        ("", visit._("Everything")),
        ("letter.", visit._("Letters")),
        ("powers.", visit._("Full powers")),
        ("agreement.", visit._("Texts and suspensions")),
        ("signing.", visit._("Signing")),
        ("sharing.", visit._("Sharing")),
        ("anchor.", visit._("Anchors of house logs")),
    ]
    single = [(code, f"- {name}") for code, name in wording.kinds(visit.words)]
    return [*families, *single]


def _moved(visit: Visit, places: object) -> str:
    """Return the address of the page at other places of the logs; empty where there is none."""
    if not isinstance(places, Mapping):
        return ""
    return visit.here(**{side: places[side] for side in _SIDES})


def _entry_columns(visit: Visit, names: Mapping[str, str]) -> list[Column]:
    """Return the columns of entries, as in the CSV."""
    words = visit.words

    def said(row: Row) -> str:
        return wording.bare(wording.told(words, row, who=names[str(row["log"])]))

    return [
        Column(title=visit._("Log"), value=lambda row: names[str(row["log"])]),
        Column(title=visit._("Entry"), value=lambda row: row["n"]),
        Column(title=visit._("Kind"), value=lambda row: row["kind"]),
        Column(title=visit._("What it says"), value=said),
        Column(title=visit._("Words beside it"), value=wording.reason),
        Column(title=visit._("Had seen of the other log"), value=lambda row: row["seen"]),
        Column(title=visit._("Attested (UTC)"), value=lambda row: row["attested"]),
        Column(title=visit._("About"), value=lambda row: row["of"]),
        Column(title=visit._("Digest"), value=lambda row: row["leaf"]),
    ]


async def _both_csv(visit: Visit, rel: str, filters: Mapping[str, str]) -> Plain:
    rows: list[Row] = []
    places: dict[str, object] = {}
    while True:
        found = await visit.ask(
            "record.both", counterpart=rel, order="oldest", limit=_CSV_PAGE, **filters, **places
        )
        rows += rows_of(found, "entries")
        after = found.get("next")
        if not isinstance(after, Mapping) or len(rows) >= CSV_ROWS_MAX:
            break
        places = {side: after[side] for side in _SIDES}
    names = {"ours": str(found["party_name"]), "theirs": str(found["counterpart_name"])}
    return _csv(
        visit, rows, columns=_entry_columns(visit, names), whole=after is None, name="record"
    )


def _csv(
    visit: Visit, rows: Sequence[Row], *, columns: Sequence[Column], whole: bool, name: str
) -> Plain:
    """Return rows as CSV; where the list goes on, the last line says so."""
    data = to_csv(rows, columns)
    if not whole:
        said = visit._("The list goes on after these %(n)s rows; filter it.", n=len(rows))
        data += to_csv([], [Column(title=said, value=lambda _: "")])[3:]
    return Plain(data=data, media="text/csv; charset=utf-8", name=f"{name}.csv")


# --- one entry --------------------------------------------------------------------------------


async def _entry(visit: Visit) -> Reply:
    found = await _one(visit)
    return Html(template="record/entry.html", context={"found": found})


async def _proof(visit: Visit) -> Reply:
    found = await _one(visit)
    proof = found.get("proof")
    if not isinstance(proof, Mapping):
        raise MisuseError(
            "web.no_proof",
            "The other side has not cosigned this entry yet, so there is no proof to hand out.",
        )
    name = f"{visit.at['log']}-{visit.at['n']}.tlog-proof"
    return Plain(data=str(proof["file"]).encode(), media="text/plain; charset=utf-8", name=name)


async def _one(visit: Visit) -> Mapping[str, object]:
    n, log = visit.at["n"], visit.at["log"]
    if not (n.isascii() and n.isdecimal() and len(n) < 12) or log not in _SIDES:
        raise MisuseError("web.no_page", "There is no such page here.")
    return await visit.ask("record.entry", counterpart=visit.at["rel"], log=log, n=int(n))


# --- heads ------------------------------------------------------------------------------------


async def _heads(visit: Visit) -> Reply:
    log = "theirs" if visit.query.get("log") == "theirs" else "ours"
    columns = [
        Column(title=visit._("Entries covered"), value=lambda row: row["size"]),
        Column(title=visit._("Cosigned (UTC)"), value=lambda row: row["time"]),
        Column(title=visit._("Root"), value=lambda row: row["root"]),
        Column(title=visit._("Signed by"), value=_joined),
    ]
    if visit.query.get("format") == "csv":
        rows: list[Row] = []
        skip: object = 0
        while isinstance(skip, int) and len(rows) < CSV_ROWS_MAX:
            found = await _asked_heads(visit, log, skip=skip, limit=_CSV_PAGE)
            rows += rows_of(found, "checkpoints")
            skip = found["next"]
        return _csv(visit, rows, columns=columns, whole=skip is None, name=f"heads-{log}")
    start = visit.number("start")
    found = await _asked_heads(visit, log, skip=start, limit=PER_PAGE)
    total = found["total"]
    assert isinstance(total, int)
    after, before = found["next"], found["previous"]
    shown = Listing(
        rows=list(rows_of(found, "checkpoints")),
        columns=columns,
        total=total,
        all=total,
        start=start,
        query="",
        next="" if after is None else visit.here(start=after),
        previous="" if before is None else visit.here(start=before or None),
        csv=visit.here(format="csv", start=None),
    )
    return Html(template="record/heads.html", context={"found": found, "list": shown, "log": log})


def _joined(row: Row) -> str:
    signers = row["signed_by"]
    return " ".join(str(one) for one in signers) if isinstance(signers, list | tuple) else ""


async def _asked_heads(visit: Visit, log: str, *, skip: int, limit: int) -> JsonObject:
    return await visit.ask(
        "record.checkpoints", counterpart=visit.at["rel"], log=log, skip=skip, limit=limit
    )


# --- checks: heads equal, replay, recover -----------------------------------------------------


async def _checks(visit: Visit) -> Reply:
    rel = visit.at["rel"]
    return Html(
        template="record/checks.html",
        context={
            "found": await visit.ask("record", counterpart=rel),
            "replay": await visit.ask("record.replay_state", counterpart=rel),
            "history": await visit.ask("history", kind="relationship", object=rel),
            "may_recover": visit.has("engineer", "mandate_holder", "legal_adviser"),
        },
    )


async def _replay(visit: Visit) -> Reply:
    rel = visit.at["rel"]
    await visit.act("record.replay_start", counterpart=rel)
    return Goto(path=at("record", rel, "checks") + "#replay")


async def _recover(visit: Visit) -> Reply:
    rel = visit.at["rel"]
    done = await visit.act("record.recover", counterpart=rel)
    return Goto(
        path=at("record", rel, "checks"),
        notice=visit._(
            "%(n)s entries of ours came back from the counterpart.", n=done.get("recovered", 0)
        ),
    )


# --- the house log, and why anything is in its state ------------------------------------------


async def _house(visit: Visit) -> Reply:
    filters = _filters(visit)
    columns = [
        Column(title=visit._("Entry"), value=lambda row: row["n"]),
        Column(title=visit._("Time (UTC)"), value=lambda row: row["at"]),
        Column(title=visit._("What it says"), value=lambda row: why_words.house(visit.words, row)),
        Column(title=visit._("By"), value=lambda row: row["name"] or row["by"]),
        Column(title=visit._("Kind"), value=lambda row: row["kind"]),
        Column(title=visit._("About"), value=lambda row: row["of"]),
    ]
    if visit.query.get("format") == "csv":
        rows: list[Row] = []
        start: object = None
        while True:
            page = await visit.ask("house.entries", start=start, limit=_CSV_PAGE, **filters)
            rows += rows_of(page, "entries")
            start = page["next"]
            if start is None or len(rows) >= CSV_ROWS_MAX:
                break
        return _csv(visit, rows, columns=columns, whole=start is None, name="house")
    place = visit.number("start") if visit.query.get("start", "").isdecimal() else None
    found = await visit.ask("house.entries", start=place, limit=PER_PAGE, **filters)
    after, before = found["next"], found["previous"]
    return Html(
        template="record/house.html",
        context={
            "found": found,
            "filters": filters,
            "kinds": [("", visit._("Everything")), *why_words.house_kinds(visit.words)],
            "next": "" if after is None else visit.here(start=after),
            "previous": "" if before is None else visit.here(start=before),
            "csv": visit.here(format="csv", start=None),
        },
    )


async def _why(visit: Visit) -> Reply:
    kind, name = visit.at["kind"], visit.query.get("object", "")
    found = await visit.ask("history", kind=kind, object=name or "-", limit=1_000)
    return Html(template="record/why.html", context={"found": found})


_REL: Final = "/record/{rel}"

PAGES: Final = (
    Page(method="GET", path="/record", work=_all, nav="record"),
    Page(method="GET", path=_REL, work=_both, nav="record"),
    Page(method="GET", path=f"{_REL}/heads", work=_heads, nav="record"),
    Page(method="GET", path=f"{_REL}/checks", work=_checks, nav="record"),
    Page(
        method="POST",
        path=f"{_REL}/checks/replay",
        work=_replay,
        back=f"{_REL}/checks",
        nav="record",
    ),
    Page(
        method="POST",
        path=f"{_REL}/checks/recover",
        work=_recover,
        back=f"{_REL}/checks",
        nav="record",
    ),
    Page(method="GET", path=f"{_REL}/{{log}}/{{n}}", work=_entry, nav="record"),
    Page(method="GET", path=f"{_REL}/{{log}}/{{n}}/proof", work=_proof, nav="record"),
    Page(method="GET", path="/house", work=_house, nav="record"),
    Page(method="GET", path="/why/{kind}", work=_why, nav="record"),
)
