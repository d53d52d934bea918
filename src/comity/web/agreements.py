"""Agreements: the list, one text unit by unit, its earlier states, its progress.

Reads only; what acts stands in ``negotiation.py``. Source: agreements.md D6 (journey 1).
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.web.charts import Bar, key, stacked_bars
from comity.web.listing import Column, Row, listing
from comity.web.negotiation_words import (
    GROUP,
    INSTRUMENT,
    KIND_OF_CHANGE,
    MOVE,
    RESERVE,
    UNIT,
    stage,
)
from comity.web.visit import Html, Page, Plain, Reply, Visit, rows_of
from comity.web.wording import person

#: Units on one page of a text: the first screen is quick however long the text is.
PER_PAGE: Final = 20
#: How many pages before and after the shown one the outline offers.
NEAR: Final = 5
#: Members of the address that say which units are shown; forms carry them along.
FILTERS: Final = ("start", "status", "turn", "words")
_TOP: Final = 1_000_000


def filters(visit: Visit) -> dict[str, str]:
    """Return which units the reader had before them, from the address or the form."""
    named = {name: visit.form.get(f"f_{name}", "") or visit.query.get(name, "") for name in FILTERS}
    return {name: value for name, value in named.items() if value}


def party_names(found: JsonObject) -> dict[str, str]:
    """Return what to call each party of an instrument."""
    return {str(one["id"]): str(one["name"]) for one in rows_of(found, "parties")}


def words_of(visit: Visit) -> dict[str, Mapping[str, object]]:
    """Return the tables of words that templates look codes up in, in the reader's language."""
    return {
        "instrument_words": {
            code: (kind, visit._(word)) for code, (kind, word) in INSTRUMENT.items()
        },
        "unit_words": {code: (kind, visit._(word)) for code, (kind, word) in UNIT.items()},
        "move_words": {code: visit._(word) for code, word in MOVE.items()},
        "reserve_words": {code: visit._(word) for code, word in RESERVE.items()},
        "change_words": {
            code: (kind, visit._(word)) for code, (kind, word) in KIND_OF_CHANGE.items()
        },
        "group_words": {code: visit._(word) for code, word in GROUP.items()},
    }


async def _all(visit: Visit) -> Reply:
    answer = await visit.ask("agreements")
    pairs = await visit.ask("status")
    names = {str(one["counterpart"]): str(one["name"]) for one in rows_of(pairs, "relationships")}
    of = {
        str(one["relationship"]): str(one["counterpart"]) for one in rows_of(pairs, "relationships")
    }

    def whom(row: Row) -> str:
        party = str(row.get("counterpart") or of.get(str(row["relationship"]), ""))
        return names.get(party, party)

    def units(row: Row) -> object:
        counts = row.get("counts")
        return counts.get("units", 0) if isinstance(counts, Mapping) else ""

    def agreed(row: Row) -> object:
        counts = row.get("counts")
        if not isinstance(counts, Mapping):
            return ""
        return sum(int(counts.get(name, 0)) for name in ("agreed", "closed"))

    words = words_of(visit)["instrument_words"]
    columns = [
        Column(title=visit._("Agreement"), value=lambda row: row["title"]),
        Column(title=visit._("With"), value=whom),
        Column(title=visit._("State"), value=lambda row: _word(words, stage(row))),
        Column(title=visit._("Units"), value=units),
        Column(title=visit._("Agreed"), value=agreed),
    ]
    found = listing(visit, rows_of(answer, "agreements"), columns=columns, name="agreements")
    if isinstance(found, Plain):
        return found
    return Html(
        template="agreements/list.html", context={"list": found, "whom": whom, **words_of(visit)}
    )


def _word(words: Mapping[str, object], code: object) -> object:
    found = words.get(str(code))
    return found[1] if isinstance(found, tuple) else code


async def _text(visit: Visit) -> Reply:
    name, asked = visit.at["instrument"], filters(visit)
    found = await visit.ask(
        "agreements.show",
        instrument=name,
        start=visit.number("start", top=_TOP),
        limit=PER_PAGE,
        status=asked.get("status", "")[:40],
        turn=asked["turn"] if asked.get("turn") in {"ours", "theirs"} else "",
        words=asked.get("words", "")[:200],
    )
    context = {
        **_shown(visit, found, asked),
        "near": _near(list(rows_of(found, "pages")), found),
        "open_here": _acceptable(found) if visit.has("negotiator") else [],
    }
    return Html(template="agreements/text.html", context=context)


def _acceptable(found: JsonObject) -> list[Row]:
    """Return the units shown that wait for us and can be accepted, if they are several."""
    rows = [
        one
        for one in rows_of(found, "units")
        if one["our_turn"] and "accept" in _list(one["answers"])
        if not one["staged"] and not one["red_lines"]
    ]
    return rows if len(rows) > 1 else []


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _near(pages: list[Row], found: JsonObject) -> list[Row]:
    """Return the pages to offer: the first, the last, and those around the one that is shown."""
    now = next((at for at, page in enumerate(pages) if page["start"] == found["start"]), 0)
    kept = {0, len(pages) - 1, *range(now - NEAR, now + NEAR + 1)}
    return [page for at, page in enumerate(pages) if at in kept]


async def _unit(visit: Visit) -> Reply:
    found = await visit.ask(
        "agreements.show", instrument=visit.at["instrument"], unit=visit.at["unit"], limit=1
    )
    named = f"{found['instrument']}/{next(rows_of(found, 'units'))['unit']}"
    context = {
        **_shown(visit, found, filters(visit)),
        "history": await visit.ask("history", kind="unit", object=named),
    }
    return Html(template="agreements/unit.html", context=context)


def _shown(visit: Visit, found: JsonObject, asked: Mapping[str, str]) -> dict[str, object]:
    return {
        "found": found,
        "names": party_names(found),
        "own": visit.house.party,
        "asked": asked,
        "per_page": PER_PAGE,
        "settled": _settled(found),
        "negotiates": visit.has("negotiator"),
        "confirms": visit.has("negotiator", "mandate_holder"),
        **words_of(visit),
    }


def _settled(found: JsonObject) -> bool:
    """Return whether every unit is closed: then people read an agreement, they do not negotiate."""
    counts = found["counts"]
    assert isinstance(counts, Mapping)
    return bool(counts["units"]) and counts.get("closed") == counts["units"]


async def _rounds(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    found = await visit.ask("agreements.rounds", instrument=name)
    head = await visit.ask("agreements.show", instrument=name, limit=1)
    names = party_names(head)
    series = {code: visit._(word) for code, word in GROUP.items()}
    rounds = list(rows_of(found, "rounds"))

    def count(row: Row, code: str) -> int:
        counts = row["counts"]
        value = counts.get(code, 0) if isinstance(counts, Mapping) else 0
        return int(value)

    columns = [
        Column(title=visit._("Round"), value=lambda row: row["number"]),
        Column(title=visit._("Tabled by"), value=lambda row: names.get(str(row["by"]), row["by"])),
        Column(title=visit._("Attested"), value=lambda row: row["attested"]),
        *(Column(title=word, value=partial(count, code=code)) for code, word in series.items()),
    ]
    table = listing(visit, reversed(rounds), columns=columns, name="rounds")
    if isinstance(table, Plain):
        return table
    bars = [
        Bar(name=str(row["number"]), parts={code: count(row, code) for code in series})
        for row in rounds
    ]
    chart = stacked_bars(
        bars, series=series, title=visit._("Units by state after each round of tabling")
    )
    return Html(
        template="agreements/rounds.html",
        context={
            "found": head,
            "names": names,
            "rounds": found,
            "list": table,
            "series": list(series),
            "chart": chart,
            "key": key(series),
            **words_of(visit),
        },
    )


async def _compare(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    head = await visit.ask("agreements.show", instrument=name, limit=1)
    states = await visit.ask("agreements.states", instrument=name, limit=200)
    newest = max((int(str(one["number"])) for one in rows_of(states, "states")), default=1)
    earlier, later = (
        visit.query.get(side, default)[:20] or default
        for side, default in (("earlier", str(max(1, newest - 1))), ("later", str(newest)))
    )
    found = await visit.ask(
        "agreements.compare",
        instrument=name,
        earlier=earlier,
        later=later,
        start=visit.number("start", top=_TOP),
        limit=PER_PAGE,
    )
    names = party_names(head)
    options = [
        ("ours", visit._("Our wording now")),
        ("theirs", visit._("Their wording now")),
        *(
            (
                str(one["ref"]),
                visit._(
                    "State %(number)s, tabled by %(party)s",
                    number=one["number"],
                    party=person(names.get(str(one["by"]), str(one["by"]))),
                ),
            )
            for one in rows_of(states, "states")
        ),
    ]
    return Html(
        template="agreements/compare.html",
        context={
            "found": head,
            "names": names,
            "made": found,
            "options": options,
            "earlier": earlier,
            "later": later,
            "per_page": PER_PAGE,
            **words_of(visit),
        },
    )


async def _history(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    head = await visit.ask("agreements.show", instrument=name, limit=1)
    history = await visit.ask("history", kind="instrument", object=str(head["instrument"]))
    return Html(template="agreements/history.html", context={"found": head, "history": history})


PAGES: Final = (
    Page(method="GET", path="/agreements", work=_all, nav="agreements"),
    Page(method="GET", path="/agreements/{instrument}", work=_text, nav="agreements"),
    Page(method="GET", path="/agreements/{instrument}/units/{unit}", work=_unit, nav="agreements"),
    Page(method="GET", path="/agreements/{instrument}/rounds", work=_rounds, nav="agreements"),
    Page(method="GET", path="/agreements/{instrument}/compare", work=_compare, nav="agreements"),
    Page(method="GET", path="/agreements/{instrument}/history", work=_history, nav="agreements"),
)
