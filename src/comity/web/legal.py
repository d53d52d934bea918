"""The legal adviser's pages: the text with what to look at beside each unit, clear or hold.

Private to the house; the node decides who may read and sign off. Source: agreements.md D6
(journey 3).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import number, rows, text
from comity.web.legal_words import FILTERS, count_of, point_row, severity, standing
from comity.web.listing import Column, to_csv
from comity.web.texts import parse_instant
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at
from comity.web.wording import person

PER_PAGE: Final = 40
CSV_ROWS: Final = 200
_READING: Final = "/agreements/{instrument}/reading"


async def _show(visit: Visit) -> Reply:
    if visit.query.get("format") == "csv":
        return await _csv(visit)
    name = visit.at["instrument"]
    states = await visit.ask("agreements.states", instrument=name, limit=200)
    against = _against(visit, number(states, "total"))
    show = visit.query.get("show", "all")
    show = show if show in {code for code, _, _ in FILTERS} else "all"
    found = await visit.ask(
        "agreements.reading",
        instrument=name,
        against=against,
        show=show,
        start=visit.number("start") // PER_PAGE * PER_PAGE,
        limit=PER_PAGE,
    )
    units = [_row(visit, each) for each in rows(found, "units")]
    start, total = number(found, "start"), number(found, "total")
    done = sum(count_of(found, each) for each in ("clear", "overruled"))
    clean = {
        str(each["unit"]): str(each["wording"])
        for each in units
        if each["plain"] and each["standing"] in {"unread", "changed"}
    }
    return Html(
        template="legal/reading.html",
        context={
            "found": found,
            "name": name,
            "units": units,
            "against": against,
            "states": [_state(visit, each) for each in rows(states, "states")],
            "show": show,
            "filters": [
                (code, visit._(label), count_of(found, count)) for code, label, count in FILTERS
            ],
            "breaches": [_breach(visit, each) for each in rows(found, "breaches")],
            "done": done,
            "whole": count_of(found, "units"),
            "clean": clean,
            "previous": visit.here(start=max(0, start - PER_PAGE) or None) if start else "",
            "next": visit.here(start=start + PER_PAGE) if start + PER_PAGE < total else "",
            "kept": _kept(visit),
        },
    )


async def _csv(visit: Visit) -> Reply:
    """Return everything that was found as a list, one line for each finding."""
    name, lines = visit.at["instrument"], list[dict[str, object]]()
    states = number(await visit.ask("agreements.states", instrument=name, limit=1), "total")
    show, start, total = visit.query.get("show", "all"), 0, 1
    while start < total:
        found = await visit.ask(
            "agreements.reading",
            instrument=name,
            against=_against(visit, states),
            show=show,
            start=start,
            limit=CSV_ROWS,
        )
        total, start = number(found, "total"), start + CSV_ROWS
        for unit in rows(found, "units"):
            row = _row(visit, unit)
            lines += [{**row, **each} for each in _findings(visit, row)]
    columns = [
        Column(title=visit._("Unit"), value=lambda row: row["label"]),
        Column(title=visit._("Legal reading"), value=lambda row: row["standing_word"]),
        Column(title=visit._("What about"), value=lambda row: row["group"]),
        Column(title=visit._("Finding"), value=lambda row: row["said"]),
        Column(title=visit._("Words"), value=lambda row: row["quote"]),
    ]
    return Plain(
        data=to_csv(lines, columns), media="text/csv; charset=utf-8", name="legal-reading.csv"
    )


def _findings(visit: Visit, row: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the lines of one unit: its breaches, its findings; one line where it has none."""
    made = [
        {
            "group": visit._("Red lines"),
            "said": each["sentence"],
            "quote": each["why"],
        }
        for each in _listed(row["breaches"])
    ]
    made += [dict(each) for each in _listed(row["points"])]
    word = standing(visit, row["standing"])[1]
    for each in made or [{"group": "", "said": "", "quote": ""}]:
        yield {**each, "standing_word": word}


def _listed(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _against(visit: Visit, states: int) -> int:
    """Return the state to compare with: the one chosen, else the one before the newest."""
    if "against" in visit.query:
        return min(visit.number("against"), states)
    return max(0, states - 1)


def _state(visit: Visit, state: JsonObject) -> tuple[str, str]:
    ref = text(state, "ref")
    who = visit._("us") if state.get("ours") is True else visit._("them")
    attested = parse_instant(state.get("attested"))
    when = visit._("not yet countersigned") if attested is None else visit.words.local(attested)
    return ref, visit._(
        "State %(number)s, tabled by %(who)s, %(when)s", number=ref, who=who, when=when
    )


def _kept(visit: Visit) -> dict[str, str]:
    """Return what of the address is kept over a form."""
    return {
        each: visit.query[each] for each in ("against", "show", "start") if visit.query.get(each)
    }


def _row(visit: Visit, unit: JsonObject) -> dict[str, object]:
    points = [point_row(visit, each) for each in rows(unit, "points")]
    breaches = [_breach(visit, each) for each in rows(unit, "breaches")]
    return {
        **unit,
        "points": points,
        "breaches": breaches,
        "badge": standing(visit, unit["standing"]),
        "plain": not breaches and not any(each["new"] for each in points),
        "sides": {"ours": visit._("our wording"), "theirs": visit._("their wording")},
    }


def _breach(visit: Visit, breach: JsonObject) -> Mapping[str, object]:
    return {**breach, "badge": severity(visit, breach["severity"])}


async def _review(visit: Visit) -> Reply:
    unit = visit.form.get("unit", "")
    verdict = visit.form.get("verdict", "")
    if verdict not in {"clear", "hold"}:
        raise MisuseError("web.verdict", "Say whether you clear the unit or hold it.")
    made = await visit.act(
        "agreements.review_unit",
        instrument=visit.at["instrument"],
        unit=unit,
        wording=visit.form.get("wording", ""),
        verdict=verdict,
        words=visit.form.get(f"words-{unit}", ""),
    )
    said = visit._("Cleared: %(label)s.") if verdict == "clear" else visit._("Held: %(label)s.")
    return _back(visit, said % {"label": person(made["label"])}, visit.form.get("next", ""))


async def _clear(visit: Visit) -> Reply:
    units = dict(each.rpartition(":")[::2] for each in visit.chosen("unit"))
    if not units:
        raise MisuseError("web.units", "Choose at least one unit; nothing was cleared.")
    made = await visit.act("agreements.clear_units", instrument=visit.at["instrument"], units=units)
    return _back(visit, visit._("%(n)s units cleared.", n=number(made, "cleared")), "")


async def _overrule(visit: Visit) -> Reply:
    unit = visit.form.get("unit", "")
    made = await visit.act(
        "agreements.overrule_hold",
        instrument=visit.at["instrument"],
        unit=unit,
        wording=visit.form.get("wording", ""),
        words=visit.form.get(f"over-{unit}", ""),
    )
    label = text(made, "label")
    return _back(visit, visit._("The hold on %(label)s is overruled.", label=person(label)), unit)


def _back(visit: Visit, said: str, unit: str) -> Goto:
    """Go back to where the reader was: the same filter, the same page, the next unit."""
    place = f"#u-{unit}" if unit and unit.replace("-", "").isalnum() else ""
    path = at("agreements", visit.at["instrument"], "reading", **_kept(visit))
    return Goto(path=f"{path}{place}", notice=said)


PAGES: Final = (
    Page(method="GET", path=_READING, work=_show, nav="agreements"),
    Page(method="POST", path=_READING + "/review", work=_review, back=_READING, nav="agreements"),
    Page(method="POST", path=_READING + "/clear", work=_clear, back=_READING, nav="agreements"),
    Page(
        method="POST", path=_READING + "/overrule", work=_overrule, back=_READING, nav="agreements"
    ),
)
