"""Meetings: those that go on and were held; one with its agenda, outcomes and record side by side.

Source: agreements.md D2.5, D6 (journeys 6 and 7); spec 10.4.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.members import rows, text, words
from comity.protocols.etags import etag_of
from comity.web.commitment_words import state_of as promise_state
from comity.web.commitment_words import waits, whom
from comity.web.commitments import grounds, may
from comity.web.listing import Column, listing
from comity.web.meeting_grounds import named_acts, reached, rests_on, since
from comity.web.meeting_words import kinds, modes, notice, state_of, step_words
from comity.web.sharing import all_rows
from comity.web.texts import zone_for
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at, rows_of

_STATES: Final = ("all", "open", "ahead", "held")
#: How long the title of a commitment may be.
TITLE_MAX: Final = 300


async def _list(visit: Visit) -> Reply:
    chosen = visit.query.get("state", "all")
    state = chosen if chosen in _STATES else "all"
    found_rows = await all_rows(visit, "meetings", "meetings", state=state)
    columns = [
        Column(title=visit._("Meeting"), value=lambda row: row["title"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Begins"), value=lambda row: row["began"]),
        Column(title=visit._("State"), value=lambda row: state_of(visit, row)[1]),
        Column(title=visit._("Waits"), value=lambda row: waits(visit, row)[1]),
    ]
    found = listing(visit, found_rows, columns=columns, name="meetings")
    if isinstance(found, Plain):
        return found
    context = {"list": found, "state": state, **_said(visit)}
    return Html(template="meetings/list.html", context=context)


def _said(visit: Visit) -> dict[str, object]:
    return {
        "state_of": lambda row: state_of(visit, row),
        "waits": lambda row: waits(visit, row),
        "whom": lambda party: whom(visit, party),
        "step_words": lambda step: step_words(visit, step),
        "modes": dict(modes(visit)),
        "kinds": dict(kinds(visit)),
    }


async def _new(visit: Visit) -> Reply:
    found = await visit.ask("relationships")
    known = await all_rows(visit, "bodies", "bodies", state="established")
    context = {
        "counterparts": [
            (str(row["relationship"]), str(row["name"])) for row in rows_of(found, "relationships")
        ],
        "grounds": await grounds(visit),
        "bodies": [
            ("", visit._("none: a dialogue, or a meeting by itself")),
            *((str(row["body"]), str(row["name"])) for row in known),
        ],
        "mode_choices": modes(visit),
        "hosts": [("us", visit._("we")), ("them", visit._("they"))],
        "zone": str(visit.words.zone),
        **may(visit, "meetings.propose"),
    }
    return Html(template="meetings/new.html", context=context)


async def _propose(visit: Visit) -> Reply:
    instrument, _, unit = visit.form.get("grounds", "").strip().partition(" ")
    if not unit:
        raise MisuseError("web.no_grounds", "Choose the article in force that it is held under.")
    members = (
        *("counterpart", "title", "body", "series", "mode", "place"),
        *("start", "end", "zone", "host", "words"),
    )
    given: dict[str, object] = {name: visit.form.get(name, "").strip() for name in members}
    made = await visit.act(
        "meetings.propose", seen=None, upload=None, instrument=instrument, unit=unit, **given
    )
    return Goto(
        path=at("meetings", str(made["meeting"])),
        notice=visit._("Proposed. It stands once they confirm exactly this time and place."),
    )


async def _show(visit: Visit) -> Reply:
    name = visit.at["meeting"]
    seen = await visit.see("meetings.show", meeting=name)
    found: JsonObject = {**seen, "acts": named_acts(seen)}
    private: dict[str, Mapping[str, object]] = {}
    lacking = visit.node.allowed("meetings.notes", visit.person.roles)
    if not lacking:
        kept = await visit.ask("meetings.notes", meeting=name)
        private = {str(row["item"]): row for row in rows(kept, "notes")}
    context = {
        "found": found,
        "can": set(words(found, "may")),
        "notes": private,
        "early": Instant.parse(text(found, "start")) > await visit.node.now(),
        "noting": not lacking,
        "mode_choices": modes(visit),
        "kind_choices": kinds(visit),
        "items": [
            (str(row["item"]), f"{row['number']}. {row['title']}") for row in rows(found, "agenda")
        ],
        "sides": [("us", visit._("we")), ("them", visit._("they"))],
        "parties": [
            ("us", visit._("we")),
            ("them", visit._("they")),
            ("both", visit._("both together")),
        ],
        "concurred": {row["item"] for row in rows(found, "outcomes") if row["agreed"] is True},
        "tag": lambda step, thing: etag_of(rests_on(found, step, thing)),
        "reached": reached(found),
        "since": since(visit, found),
        "table": _table(found),
        "unanswered": _unanswered(found),
        "drafted": _drafted(visit, found),
        "doubts": {step: _doubts(visit, found, step) for step in _SURE},
        "owed": await _owed(visit, found),
        "became": await _became(visit, found),
        "asking": await visit.ask("meetings.calendar", meeting=name),
        **_said(visit),
        **may(visit, "meetings.confirm"),
    }
    return Html(template="meetings/show.html", context=context)


#: Steps that a person confirms where something is missing in the meeting.
_SURE: Final = ("close", "draft", "seal")


def _doubts(visit: Visit, found: JsonObject, step: str) -> list[str]:
    """Return what is missing where a meeting is closed, or its record drafted or agreed to."""
    made: list[str] = []
    outcomes, agenda = rows(found, "outcomes"), rows(found, "agenda")
    if step in {"close", "draft"}:
        lone = sum(row["agreed"] is not True for row in outcomes)
        if lone:
            made.append(
                visit.words.ngettext(
                    "%(n)s outcome is the word of one side alone: the other has not concurred,"
                    " and can do so only until the record is drafted.",
                    "%(n)s outcomes are the word of one side alone: the other has not concurred,"
                    " and can do so only until the record is drafted.",
                    lone,
                )
                % {"n": lone}
            )
        if step == "close" and not outcomes:
            made.append(visit._("Nothing is written down of what came of it."))
    if not agenda:
        made.append(visit._("Its agenda has no item: its record would be empty."))
    return made


def _table(found: JsonObject) -> dict[str, str]:
    """Return what a counter-proposal starts with: the times that were proposed last.

    They stand in the zone in which they were named; in UTC where its clocks, put back, show one of
    them twice.
    """
    moments = {name: Instant.parse(text(found, name)).datetime() for name in ("start", "end")}
    zone = zone_for(text(found, "zone"))
    if any(moment.astimezone(zone).fold for moment in moments.values()):
        zone = zone_for("UTC")
    local = {name: moment.astimezone(zone) for name, moment in moments.items()}
    times = {
        name: f"{moment:%Y-%m-%dT%H:%M:%S}" if moment.second else f"{moment:%Y-%m-%dT%H:%M}"
        for name, moment in local.items()
    }
    return {**times, "zone": zone.key}


def _unanswered(found: JsonObject) -> dict[str, list[JsonObject]]:
    """Return by side the items of a record that it has to answer, before the record is agreed."""
    lone = [
        row
        for row in rows(found, "record")
        if row["agreed"] is None and (row["ours"] is None or row["theirs"] is None)
    ]
    sides = {"us": [row for row in lone if row["ours"] is None]}
    sides["them"] = [row for row in lone if row["ours"] is not None]
    return {side: mine for side, mine in sides.items() if mine}


def _drafted(visit: Visit, found: JsonObject) -> dict[str, str]:
    """Return by item what its record starts with: the outcomes written down of it."""
    said = dict(kinds(visit))
    made: dict[str, list[str]] = {}
    for row in rows(found, "outcomes"):
        outcome, kind = text(row, "text"), said[text(row, "kind")].capitalize()
        line = (
            visit._("%(kind)s: %(said)s", kind=kind, said=outcome)
            if row["agreed"] is True
            else visit._("%(kind)s, not agreed by both: %(said)s", kind=kind, said=outcome)
        )
        made.setdefault(text(row, "item"), []).append(line)
    return {item: "\n".join(lines) for item, lines in made.items()}


async def _owed(visit: Visit, found: JsonObject) -> dict[str, dict[str, object]]:
    """Return by outcome what the commitment that it can become starts with.

    The words are those of the outcome; who owes it to whom until when stands only where the item is
    about a commitment that is owed already: a guess would promise it the wrong way round.
    """
    about = {text(row, "item"): row["about"] for row in rows(found, "agenda")}
    made: dict[str, dict[str, object]] = {}
    for row in rows(found, "outcomes"):
        if row["kind"] != "commitment" or row["agreed"] is not True or row["commitment"]:
            continue
        said = " ".join(text(row, "text").split())
        started: dict[str, object] = {
            "title": said[:TITLE_MAX],
            "test": text(row, "text"),
            "performer": "",
            "beneficiary": "",
            "due": "",
            "zone": str(found["zone"]),
        }
        named = about[text(row, "item")]
        known = await _held(visit, "commitments.show", commitment=named) if named else None
        if known is not None:
            started |= {name: known[name] for name in ("performer", "beneficiary")}
            started["due"] = known["due_day"] or str(known["due"])[:10]
            started["zone"] = known["due_zone"]
        made[text(row, "outcome")] = started
    return made


async def _became(visit: Visit, found: JsonObject) -> dict[str, tuple[str, str]]:
    """Return by id how the commitments stand that were proposed of its outcomes."""
    made: dict[str, tuple[str, str]] = {}
    for row in rows(found, "outcomes"):
        standing = text(row, "commitment") if row["commitment"] else None
        for name in (*words(row, "earlier"), *((standing,) if standing else ())):
            known = await _held(visit, "commitments.show", commitment=name)
            if known is not None:
                made[name] = promise_state(visit, known)
    return made


async def _held(visit: Visit, operation: str, **members: object) -> JsonObject | None:
    """Return what an operation shows; None where this node does not hold what an act names."""
    try:
        return await visit.ask(operation, **members)
    except MisuseError:
        return None


#: By step, the members of its form.
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("confirm", "agree", "open", "adjourn", "close", "seal"), ("words",)),
    **dict.fromkeys(("decline", "postpone", "cancel"), ("reason",)),
    **dict.fromkeys(("consent", "drop", "take"), ("item",)),
    **dict.fromkeys(("retract", "concur"), ("outcome",)),
    "counter": ("mode", "place", "start", "end", "zone", "host", "words"),
    "add": ("title", "about", "words"),
    "attend": ("people",),
    "outcome": ("item", "kind", "text"),
    "draft": (),
    "version": ("item", "text"),
    "recall": ("of", "item"),
    "commit": ("outcome", "title", "test", "performer", "beneficiary", "due", "zone"),
    "note": ("item", "text"),
    "invite": ("address", "by_mail"),
}
#: These change nothing that the other side sees: no form of theirs can be overtaken.
_OURS: Final = frozenset({"note", "invite"})


async def _act(visit: Visit) -> Reply:
    name, step = visit.at["meeting"], visit.at["step"]
    members = _MEMBERS.get(step)
    if members is None:
        raise MisuseError("web.no_step", f"Nothing is called {step[:40]!r} here.")
    given: dict[str, object] = {member: visit.form.get(member, "").strip() for member in members}
    if "by_mail" in given:
        given["by_mail"] = given["by_mail"] == "yes"
    if "people" in given:
        lines = str(given["people"]).splitlines()
        given["people"] = [line.strip() for line in lines if line.strip()]
    if step in _SURE:
        await _sure(visit, name, step)
    if step == "draft":
        given["texts"] = await _texts(visit, name)
    thing = str(given.get("item") or given.get("outcome") or "")
    part = partial(rests_on, step=step, thing=thing)
    seen = None if step in _OURS else ("meetings.show", {"meeting": name}, part)
    made = await visit.act(f"meetings.{step}", seen=seen, upload=None, meeting=name, **given)
    told = notice(visit, step, status=str(made.get("status", "")))
    if step == "invite" and not made["address"]:
        told = visit._("Your address is forgotten; the file asks for no answer.")
    return Goto(path=at("meetings", name), notice=told)


async def _sure(visit: Visit, name: str, step: str) -> None:
    """Pass if nothing is missing, or the person has said that it is meant so.

    Raises:
        MisuseError: ``web.not_sure``.
    """
    found = await visit.ask("meetings.show", meeting=name)
    doubts = _doubts(visit, found, step)
    if step in words(found, "may") and doubts and visit.form.get("sure") != "yes":
        raise MisuseError(
            "web.not_sure",
            "Something is missing, as is said beside the button. Tick that it is meant so and do it"
            " again, or add what is missing first; nothing was done.",
        )


async def _texts(visit: Visit, name: str) -> list[str]:
    """Return what was written of each item of a record, in the order of the agenda.

    Raises:
        MisuseError: ``web.no_item_text``.
    """
    found = await visit.ask("meetings.show", meeting=name)
    texts: list[str] = []
    for row in rows_of(found, "agenda"):
        written = visit.form.get(f"text-{row['number']}", "").strip()
        if not written:
            raise MisuseError(
                "web.no_item_text",
                f"Say of item {row['number']}, {row['title']}, what was said; nothing was drafted.",
            )
        texts.append(written)
    return texts


async def _file(visit: Visit) -> Reply:
    """Hand out a meeting as a file for the reader's calendar program."""
    made = await visit.ask("meetings.calendar", meeting=visit.at["meeting"])
    media = f"text/calendar; charset=utf-8; method={made['method']}"
    return Plain(data=str(made["text"]).encode(), media=media, name=str(made["file"]))


_ONE: Final = "/meetings/{meeting}"
PAGES: Final = (
    Page(method="GET", path="/meetings", work=_list, nav="coordination"),
    Page(method="GET", path="/meetings/new", work=_new, nav="coordination"),
    Page(method="POST", path="/meetings", work=_propose, back="/meetings/new", nav="coordination"),
    Page(method="GET", path=_ONE, work=_show, nav="coordination"),
    Page(method="GET", path="/meetings/{meeting}/calendar.ics", work=_file, nav="coordination"),
    Page(
        method="POST", path="/meetings/{meeting}/{step}", work=_act, back=_ONE, nav="coordination"
    ),
)
