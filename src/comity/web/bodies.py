"""Bodies: the groups in which both parties meet, and one of them with its people and meetings.

Source: agreements.md B6, D2.5; spec 10.3.
"""

from collections.abc import Mapping
from typing import Final

from comity.foundation.errors import MisuseError
from comity.foundation.members import words
from comity.web.commitment_words import waits, whom
from comity.web.commitments import grounds, may, without_history
from comity.web.listing import Column, listing
from comity.web.meeting_words import body_state, body_steps, levels, rhythms, state_of
from comity.web.sharing import all_rows
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at, rows_of

#: Where a text stands that nobody can cite as agreed any more.
_GONE: Final = frozenset(("abandoned", "expired", "superseded", "terminated"))
_STATES: Final = ("all", "established", "proposed", "ended")


async def _list(visit: Visit) -> Reply:
    chosen = visit.query.get("state", "all")
    state = chosen if chosen in _STATES else "all"
    rows = await all_rows(visit, "bodies", "bodies", state=state)
    level = dict(levels(visit))
    columns = [
        Column(title=visit._("Body"), value=lambda row: row["name"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Level"), value=lambda row: level.get(str(row["level"]))),
        Column(title=visit._("State"), value=lambda row: body_state(visit, row)[1]),
        Column(title=visit._("Waits"), value=lambda row: waits(visit, row)[1]),
    ]
    found = listing(visit, rows, columns=columns, name="bodies")
    if isinstance(found, Plain):
        return found
    context = {"list": found, "state": state, **_said(visit)}
    return Html(template="bodies/list.html", context=context)


def _said(visit: Visit) -> dict[str, object]:
    return {
        "state_of": lambda row: body_state(visit, row),
        "meeting_state": lambda row: state_of(visit, row),
        "waits": lambda row: waits(visit, row),
        "whom": lambda party: whom(visit, party),
        "step_words": lambda step: body_steps(visit, step),
        "levels": dict(levels(visit)),
        "rhythms": dict(rhythms(visit)),
    }


async def _texts(visit: Visit, relationship: str = "") -> list[tuple[str, str]]:
    """Return the texts that both have agreed as choices, of one relationship or of all."""
    return [
        (str(row["instrument"]), str(row["title"]))
        for row in rows_of(await visit.ask("agreements"), "agreements")
        if row.get("clean")
        and str(row["status"]) not in _GONE
        and relationship in {"", row["relationship"]}
    ]


async def _new(visit: Visit) -> Reply:
    found = await visit.ask("relationships")
    known = await all_rows(visit, "bodies", "bodies", state="established")
    context = {
        "counterparts": [
            (str(row["relationship"]), str(row["name"])) for row in rows_of(found, "relationships")
        ],
        "grounds": await grounds(visit),
        "level_choices": levels(visit),
        "rhythm_choices": rhythms(visit),
        "parents": [
            ("", visit._("none: it stands alone")),
            *((str(row["body"]), str(row["name"])) for row in known),
        ],
        "texts": [("", visit._("none yet")), *await _texts(visit)],
        **may(visit, "bodies.propose"),
    }
    return Html(template="bodies/new.html", context=context)


async def _propose(visit: Visit) -> Reply:
    instrument, _, unit = visit.form.get("grounds", "").strip().partition(" ")
    if not unit:
        raise MisuseError("web.no_grounds", "Choose the article in force that it stands on.")
    members = (
        *("counterpart", "name", "level", "chair", "contact"),
        *("parent", "rhythm", "terms", "words"),
    )
    given: dict[str, object] = {
        name: visit.form.get(name, "").strip() for name in (*members, "words")
    }
    made = await visit.act(
        "bodies.propose", seen=None, upload=None, instrument=instrument, unit=unit, **given
    )
    return Goto(
        path=at("bodies", str(made["body"])),
        notice=visit._("Proposed. The body exists once they accept exactly this."),
    )


async def _show(visit: Visit) -> Reply:
    found = await visit.see("bodies.show", without_history, body=visit.at["group"])
    can = set(words(found, "may"))
    context = {
        "found": found,
        "can": can,
        "texts": await _texts(visit, str(found["relationship"])) if "terms" in can else [],
        "foreseen": await _foreseen(visit, found) if found["rhythm"] else None,
        **_said(visit),
        **may(visit, "bodies.accept"),
    }
    return Html(template="bodies/show.html", context=context)


async def _foreseen(visit: Visit, found: Mapping[str, object]) -> object:
    """Return by when the rhythm of a body foresees its next meeting; None: by no date."""
    known = await all_rows(visit, "dates", "dates", counterpart=found["relationship"])
    return next(
        (row["at"] for row in known if row["code"] == "foreseen" and row["thing"] == found["body"]),
        None,
    )


#: By step, the members of its form.
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "accept": ("chair", "contact", "words"),
    "appoint": ("chair", "contact", "words"),
    "terms": ("terms", "words"),
    "decline": ("reason",),
    "withdraw": ("words",),
    "wind_up": ("reason",),
}


async def _act(visit: Visit) -> Reply:
    name, step = visit.at["group"], visit.at["step"]
    members = _MEMBERS.get(step)
    if members is None:
        raise MisuseError("web.no_step", f"Nothing is called {step[:40]!r} here.")
    given: dict[str, object] = {member: visit.form.get(member, "").strip() for member in members}
    seen = ("bodies.show", {"body": name}, without_history)
    made = await visit.act(f"bodies.{step}", seen=seen, upload=None, body=name, **given)
    said = {
        "accept": visit._("Accepted. The body exists; meetings can be proposed of it."),
        "appoint": visit._("Named; they can read it."),
        "terms": visit._("Said. They count once both sides have named the same text.")
        if made["waits_for"]
        else visit._("These are its terms of reference now."),
        "decline": visit._("Declined; they read why."),
        "withdraw": visit._("The proposal is taken back."),
        "wind_up": visit._("Said. It is wound up once both have said so."),
    }
    return Goto(path=at("bodies", name), notice=said[step])


PAGES: Final = (
    Page(method="GET", path="/bodies", work=_list, nav="coordination"),
    Page(method="GET", path="/bodies/new", work=_new, nav="coordination"),
    Page(method="POST", path="/bodies", work=_propose, back="/bodies/new", nav="coordination"),
    Page(method="GET", path="/bodies/{group}", work=_show, nav="coordination"),
    Page(
        method="POST",
        path="/bodies/{group}/{step}",
        work=_act,
        back="/bodies/{group}",
        nav="coordination",
    ),
)
