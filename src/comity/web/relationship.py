"""The relationship on one page: clock, timeline, areas, measures, open matters; and the digest.

Every number is the operation's; this module orders and words them, ours first. Source:
agreements.md D6 (journey 14), D7.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.instants import Instant
from comity.relationship.things import THINGS
from comity.web.listing import PER_PAGE, Column, Listing, listing, to_csv
from comity.web.meeting_needs import meeting_matters
from comity.web.need_words import consequence
from comity.web.needs import instrument_words
from comity.web.relationship_summary import summary
from comity.web.relationship_words import (
    direction_words,
    group_words,
    happening,
    measure_words,
    status_words,
    subject_words,
    value_words,
)
from comity.web.texts import parse_instant
from comity.web.timeline import WIDTH, chart, clock
from comity.web.visit import Html, Page, Plain, Reply, Visit, at, rows_of
from comity.web.wording import kind

GROUPS: Final = (
    "introduction",
    "negotiation",
    "conclusion",
    "life",
    "sharing",
    "coordination",
    "technology",
)
#: Happenings that the chart is drawn from, and those listed below it.
CHARTED_MAX: Final = 1000
LATEST: Final = 10
_CSV_MAX: Final = 100_000

Row = Mapping[str, object]


async def _list(visit: Visit) -> Reply:
    answer = await visit.ask("relationships")
    rows = [{**row, "stands": status_words(visit, row)} for row in rows_of(answer, "relationships")]
    columns = [
        Column(title=visit._("Counterpart"), value=lambda row: row["name"]),
        Column(title=visit._("State"), value=_stands),
        Column(title=visit._("Instruments"), value=lambda row: row["instruments"]),
        Column(title=visit._("Our entries"), value=lambda row: row["entries"]),
        Column(title=visit._("Held by them"), value=lambda row: row["held_by_counterpart"]),
        Column(title=visit._("Cosigned"), value=lambda row: row["cosigned"]),
    ]
    found = listing(visit, rows, columns=columns, name="relationships")
    if isinstance(found, Plain):
        return found
    return Html(template="relationship/list.html", context={"list": found})


def _stands(row: Row) -> object:
    stands = row["stands"]
    return stands[1] if isinstance(stands, tuple) else ""


def _cut(visit: Visit) -> dict[str, object]:
    """Return the cut that the address asks for: sizes of both logs and an instant."""
    made: dict[str, object] = {}
    for name in ("ours", "theirs"):
        if visit.query.get(name, "").strip():
            made[name] = visit.number(name)
    moment = visit.query.get("at", "").strip()
    if moment:
        made["at"] = moment[:20]
    return made


def _looked(visit: Visit) -> dict[str, object]:
    """Return what a page asks for: the cut of its address, or what is computed already."""
    return _cut(visit) or {"ready": True}


async def _show(visit: Visit) -> Reply:
    name = visit.at["relationship"]
    found = await visit.ask("relationship", counterpart=name, **_looked(visit))
    told = await visit.ask(
        "relationship.timeline",
        counterpart=name,
        newest_first=True,
        limit=CHARTED_MAX,
        **_looked(visit),
    )
    moment = parse_instant(found["at"])
    assert moment is not None  # the operation wrote it
    happenings = [_worded(visit, row, found) for row in rows_of(told, "happenings")]
    matters = [_matter(visit, row, found) for row in rows_of(found, "matters")]
    cut = bool(_cut(visit))
    return Html(
        template="relationship/show.html",
        context={
            "found": found,
            "history": await visit.ask(
                "history", kind="relationship", object=str(found["relationship"])
            ),
            "cut": cut,
            "summary": [] if cut else await summary(visit, found, matters),
            "stands": status_words(visit, found),
            "width": WIDTH,
            "clocks": _clocks(found, moment),
            "chart": chart(list(reversed(happenings)), groups=GROUPS, at=moment),
            "happenings": happenings[:LATEST],
            "told": told["total"],
            "groups": group_words(visit),
            "states": instrument_words(visit),
            "areas": _areas(visit, found),
            "measures": _measures(visit, found),
            "matters": matters,
        },
    )


def _clocks(found: Row, moment: Instant) -> list[Row]:
    made: list[Row] = []
    for row in rows_of(found, "instruments"):
        term = row["term"]
        if isinstance(term, Mapping):
            made.append({**row, "clock": clock(term, at=moment)})
    return made


def _worded(visit: Visit, row: Row, found: Row) -> Row:
    """Return a happening with its words and the entry behind it."""
    entry = ""
    if row["party"] is not None:
        entry = entry_address(str(found["relationship"]), str(row["log"]), row["n"])
    return {
        **row,
        "says": happening(visit, str(row["code"])),
        "who": party_name(found, row["party"]),
        "entry": entry,
        "thing": _thing_address(row),
    }


def entry_address(relationship: str, log: str, n: object) -> str:
    """Return where an entry of the record is shown."""
    return at("record", relationship, log, str(n))


def party_name(found: Row, party: object) -> str:
    """Return a party's name: ours or the counterpart's; empty where nobody did it."""
    if party is None:
        return ""
    return str(found["own_name"] if party == found["own"] else found["name"])


def _areas(visit: Visit, found: Row) -> list[Row]:
    made: list[Row] = []
    for row in rows_of(found, "areas"):
        directions = [
            {
                **each,
                "from": party_name(found, each["sender"]),
                "to": party_name(found, each["recipient"]),
                "badge": direction_words(visit, str(each["code"])),
            }
            for each in rows_of(row, "directions")
        ]
        directions.sort(key=lambda each: each["sender"] != found["own"])
        made.append({**row, "directions": directions})
    return made


def _measures(visit: Visit, found: Row) -> list[tuple[str, list[Row]]]:
    """Return the measures by group; of each its lines, both directions side by side."""
    words, groups = measure_words(visit), group_words(visit)
    made: dict[str, list[Row]] = {}
    for measure in rows_of(found, "measures"):
        name, formula = words[str(measure["measure"])]
        lines: dict[str, dict[str, object]] = {}
        for line in rows_of(measure, "lines"):
            cells = lines.setdefault(str(line["subject"]), {"name": line["name"]})
            cells["about"] = subject_words(visit, measure, line)
            cells["rounds"] = _rounds(measure, line)
            side = _side(found, line["party"])
            cells[side] = {
                "says": value_words(visit, measure, line),
                "acts": line["evidence"],
                "href": _evidence_address(found, measure, line, side=side),
            }
        for place, cells in enumerate(lines.values()):
            row = {"measure": name, "formula": formula, "first": place == 0, **cells}
            made.setdefault(str(measure["group"]), []).append(row)
    return [(groups[group], rows) for group, rows in made.items()]


def _rounds(measure: Row, line: Row) -> str:
    """Return where what a measure counts is shown: a text round by round, or the projects."""
    if measure["measure"] in {"projects", "stages"}:
        return at("projects")
    if measure["measure"] != "units":
        return ""
    return at("agreements", str(line["subject"]).partition(" ")[0], "rounds")


def _side(found: Row, party: object) -> str:
    if party is None:
        return "both"
    return "us" if party == found["own"] else "them"


def _evidence_address(found: Row, measure: Row, line: Row, *, side: str) -> str:
    return at(
        "relationships",
        str(found["relationship"]),
        "evidence",
        str(measure["measure"]),
        subject=line["subject"],
        by="" if side == "both" else side,
    )


def _matter(visit: Visit, row: Row, found: Row) -> Row:
    waits = row["waits_for"]
    parties = [str(each) for each in waits] if isinstance(waits, Sequence) else []
    code = str(row["code"])
    turns = code.startswith(("project.", "meeting.")) or code == "commitment.disputed"
    together = len(parties) == 2 and turns
    who = "both" if together else "us" if found["own"] in parties else "them"
    return {
        **row,
        "href": _matter_address(row),
        "names": [party_name(found, each) for each in parties],
        "hangs": consequence(visit, {**row, "who": who}),
        "says": matter_words(visit).get(str(row["code"]), str(row["code"])),
    }


#: Where things that live by steps are shown, by the first part of a matter's code.
_THINGS: Final[Mapping[str, str]] = {
    "commitment": "commitments",
    "body": "bodies",
    "meeting": "meetings",
    "project": "projects",
    "authorisation": "authorisations",
    "retransfer": "retransfers",
    "statement": "statements",
    "endcheck": "endchecks",
}


#: By what happened, the sort of thing that it happened to.
_FAMILIES: Final[Mapping[str, str]] = {
    code: act.partition(".")[0] for act, (code, _) in THINGS.items()
}


def _thing_address(row: Row) -> str:
    """Return where the thing is shown that something happened to; empty where it is none."""
    code, facts = str(row["code"]), row["facts"]
    place = _THINGS.get(_FAMILIES.get(code) or code.partition("_")[0])
    thing = facts.get("thing") if isinstance(facts, Mapping) else None
    return at(place, str(thing)) if place and thing else ""


def _matter_address(row: Row) -> str:
    place = _THINGS.get(str(row["code"]).partition(".")[0])
    if place is None or not row["thing"]:
        return at("agreements", str(row["instrument"]))
    return at(place, str(row["thing"]))


def matter_words(visit: Visit) -> Mapping[str, str]:
    """Return open matters as both sides would put them."""
    return {
        "text.talk": visit._("whether to talk about the text"),
        "text.turn": visit._("an answer to units of the text"),
        "text.confirm": visit._("the confirmation of what was accepted ad referendum"),
        "text.adopt": visit._("adoption of the clean text"),
        "text.initial": visit._("initials under the adopted text"),
        "window.propose": visit._("a signing window"),
        "window.ready": visit._("an answer to the proposed signing window"),
        "window.sign": visit._("a signature in the open window"),
        "suspension.standing": visit._("a suspension that stands"),
        "commitment.answer": visit._("an answer to a proposed commitment"),
        "commitment.acknowledge": visit._("what the claim of a commitment comes to"),
        "commitment.redate": visit._("an answer to another due date"),
        "commitment.disputed": visit._("a commitment whose claim is disputed"),
        "commitment.fail": visit._("the second word on whether a commitment was kept"),
        "commitment.release": visit._("the second word for releasing a commitment"),
        "commitment.overdue": visit._("a commitment that is overdue"),
        "commitment.due": visit._("a commitment that comes due"),
        "body.answer": visit._("an answer to a proposed body"),
        "body.terms": visit._("the second word for the terms of reference of a body"),
        **meeting_matters(visit),
        "statement.draft": visit._("a text for a joint statement"),
        "statement.text": visit._("agreement on the text of a statement"),
        "statement.mark": visit._("the marks of a statement's sentences"),
        "statement.text_differs": visit._("the same word of both on the texts of a statement"),
        "statement.mark_differs": visit._("the same word of both on the marks of a statement"),
        "statement.order_differs": visit._("the same word of both on a statement's release"),
        "statement.clear": visit._("the clearance of a statement"),
        "statement.order": visit._("the order of a statement's release"),
        "statement.release": visit._("the release of a statement"),
        "statement.correct": visit._("an answer about an erratum to a statement"),
        "retransfer.answer": visit._("an answer to a question about passing on"),
        "retransfer.returned": visit._("a question about passing on that came back"),
        "endcheck.arrange": visit._("a time and place for an end-use check"),
        "endcheck.agree": visit._("agreement on the time and place of an end-use check"),
        "endcheck.report": visit._("a report on an end-use check"),
        "endcheck.conclude": visit._("what an end-use check comes to"),
        **_of_projects(visit),
        "authorisation.decide": visit._("the decision on a controlled item"),
        "authorisation.returned": visit._("a request that the authority sent back"),
        "authorisation.declined": visit._("another decision after one that was declined"),
        "authorisation.amend": visit._("the decision on an amendment of an authorisation"),
        "authorisation.assure": visit._("the assurance of the recipient"),
        "authorisation.accept": visit._("the acceptance of provisos by the recipient"),
        "authorisation.assure_anew": visit._("the assurance of the recipient after an amendment"),
        "authorisation.suspended": visit._("an authorisation that is suspended"),
        "authorisation.revoked": visit._("what became of items after a revocation"),
        "authorisation.report": visit._("a report of totals that the other side has given"),
        "authorisation.totals": visit._("totals in which the two differ"),
        "review.due": visit._("a review that is due"),
        "term.ends": visit._("the end of the term"),
    }


def _of_projects(visit: Visit) -> Mapping[str, str]:
    """Return what is open in projects."""
    return {
        "project.answer": visit._("an answer to a proposed project"),
        "project.name": visit._("sponsor and user of a project"),
        "project.intend": visit._("a statement of intent"),
        "project.sheet": visit._("an exportability sheet"),
        "project.blocked": visit._("an item of a project that cannot be released"),
        "project.arrange": visit._("the arrangement of a project"),
        "project.draft": visit._("a text for the arrangement of a project"),
        "project.text": visit._("the text that may become the arrangement of a project"),
        "project.plan": visit._("a plan for a project"),
        "project.agree_plan": visit._("an answer to a plan"),
        "project.approve": visit._("the approval of a project"),
        "project.start": visit._("the beginning of a project's work"),
        "project.claim": visit._("the next milestone of a project"),
        "project.overdue": visit._("an overdue milestone of a project"),
        "project.due": visit._("a milestone of a project that is soon due"),
        "project.accept": visit._("an answer to the claim of a milestone"),
        "project.confirm": visit._("the confirmation of foreground"),
        "project.resume": visit._("a paused project"),
        "project.wind_up": visit._("the close of a project's work"),
        "project.receive": visit._("a word that a loan has arrived"),
        "project.loan_due": visit._("a loan of a project that is soon due back"),
        "project.give_back": visit._("the return of a loan"),
        "project.take_back": visit._("a word that a loan is back"),
        "project.close": visit._("the closing of a project"),
        "project.hand_over": visit._("the handing over of a result"),
        "project.intend_anew": visit._("a statement of intent to be signed again"),
        "project.approve_anew": visit._("an approval to be said again"),
        "project.close_anew": visit._("a closing to be said again"),
        "project.hand_over_anew": visit._("a hand-over to be said again"),
        "project.abandon": visit._("an answer about abandoning a project"),
        "project.leave": visit._("leaving a project after notice"),
        "project.notice": visit._("a notice to leave a project"),
    }


async def _timeline(visit: Visit) -> Reply:
    name = visit.at["relationship"]
    csv = visit.query.get("format") == "csv"
    looked = _cut(visit) if csv else _looked(visit)
    found = await visit.ask("relationship", counterpart=name, **looked)
    start = 0 if csv else visit.number("start")
    group = visit.query.get("group", "")
    members: dict[str, object] = {
        **looked,
        "counterpart": name,
        "group": group if group in GROUPS else "",
        "by": visit.query.get("by", "") if visit.query.get("by", "") in {"us", "them"} else "",
        "newest_first": visit.query.get("order", "") != "oldest",
        "since": visit.query.get("since", "").strip()[:40],
        "until": visit.query.get("until", "").strip()[:40],
        "zone": str(visit.words.zone),
    }
    rows: list[Row] = []
    following: object = start
    total = 0
    while isinstance(following, int) and len(rows) < (_CSV_MAX if csv else 1):
        told = await visit.ask(
            "relationship.timeline", start=following, limit=1000 if csv else PER_PAGE, **members
        )
        rows += [_worded(visit, row, found) for row in rows_of(told, "happenings")]
        following, total = told["next"], int(str(told["total"]))
    columns = _happening_columns(visit)
    if csv:
        return Plain(
            data=to_csv(rows, columns), media="text/csv; charset=utf-8", name="timeline.csv"
        )
    found_list = Listing(
        rows=rows,
        columns=columns,
        total=total,
        all=total,
        start=start,
        query="",
        next=visit.here(start=following) if isinstance(following, int) else "",
        previous=visit.here(start=max(0, start - PER_PAGE) or None) if start else "",
        csv=visit.here(format="csv", start=None),
    )
    context = {"found": found, "list": found_list, "groups": group_words(visit), "order": GROUPS}
    return Html(template="relationship/timeline.html", context=context)


def _happening_columns(visit: Visit) -> list[Column]:
    groups = group_words(visit)
    return [
        Column(title=visit._("When"), value=lambda row: row["at"]),
        Column(title=visit._("Who"), value=lambda row: row["who"]),
        Column(title=visit._("What"), value=lambda row: row["says"]),
        Column(title=visit._("About"), value=_about),
        Column(title=visit._("Instrument"), value=lambda row: row["title"]),
        Column(title=visit._("Group"), value=lambda row: groups[str(row["group"])]),
        Column(title=visit._("Entry"), value=lambda row: row["n"]),
    ]


def _about(row: Row) -> str:
    """Return which thing a happening is about, and which part of it."""
    facts = row["facts"]
    if not isinstance(facts, Mapping) or "thing" not in facts:
        return ""
    return ": ".join(str(facts[name]) for name in ("title", "part") if name in facts)


async def _evidence(visit: Visit) -> Reply:
    name, measure = visit.at["relationship"], visit.at["measure"]
    looked = _cut(visit) if visit.query.get("format") == "csv" else _looked(visit)
    found = await visit.ask("relationship", counterpart=name, **looked)
    by = visit.query.get("by", "")
    rows: list[Row] = []
    following: object = 0
    while isinstance(following, int) and len(rows) < _CSV_MAX:
        answer = await visit.ask(
            "relationship.evidence",
            counterpart=name,
            measure=measure,
            subject=visit.query.get("subject", ""),
            by=by if by in {"us", "them"} else "",
            start=following,
            limit=1000,
            **looked,
        )
        rows += list(rows_of(answer, "acts"))
        following = answer["next"]
    acts = [
        {
            **row,
            "who": party_name(found, row["party"]),
            "what": kind(visit.words, row["kind"]),
            "entry": entry_address(str(found["relationship"]), str(row["log"]), row["n"]),
        }
        for row in rows
    ]
    columns = [
        Column(title=visit._("Cosigned"), value=lambda row: row["attested"]),
        Column(title=visit._("Who"), value=lambda row: row["who"]),
        Column(title=visit._("Kind"), value=lambda row: row["what"]),
        Column(title=visit._("Entry"), value=lambda row: row["n"]),
    ]
    made = listing(visit, acts, columns=columns, name=f"{measure}-evidence")
    if isinstance(made, Plain):
        return made
    words = measure_words(visit)[measure]
    context = {"found": found, "list": made, "name": words[0], "formula": words[1]}
    return Html(template="relationship/evidence.html", context=context)


PAGES: Final = (
    Page(method="GET", path="/relationships", work=_list, nav="relationships"),
    Page(method="GET", path="/relationships/{relationship}", work=_show, nav="relationships"),
    Page(
        method="GET",
        path="/relationships/{relationship}/timeline",
        work=_timeline,
        nav="relationships",
    ),
    Page(
        method="GET",
        path="/relationships/{relationship}/evidence/{measure}",
        work=_evidence,
        nav="relationships",
    ),
)
