"""Commitments: who owes what to whom until when; one of them with everything that was said of it.

Source: agreements.md D2.6, D6 (journey 5); spec 10.2.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import one, words
from comity.web.commitment_origin import coming_up, origin
from comity.web.commitment_words import result_words, state_of, step_words, waits, whom
from comity.web.listing import Column, listing
from comity.web.roles import role_names
from comity.web.sharing import all_rows
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at, rows_of

Row = Mapping[str, object]
_STATES: Final = ("all", "live", "overdue", "ended")


async def _list(visit: Visit) -> Reply:
    chosen = visit.query.get("state", "all")
    state = chosen if chosen in _STATES else "all"
    found_rows = await all_rows(visit, "commitments", "commitments", state=state)
    columns = [
        Column(title=visit._("Commitment"), value=lambda row: row["title"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Who owes it"), value=lambda row: whom(visit, row["performer"])),
        Column(title=visit._("Due"), value=lambda row: row["due"]),
        Column(title=visit._("State"), value=lambda row: state_of(visit, row)[1]),
        Column(title=visit._("Waits"), value=lambda row: waits(visit, row)[1]),
    ]
    found = listing(visit, found_rows, columns=columns, name="commitments")
    if isinstance(found, Plain):
        return found
    context = {"list": found, "state": state, **_said(visit)}
    return Html(template="coordination/commitments.html", context=context)


def _said(visit: Visit) -> dict[str, object]:
    return {
        "state_of": lambda row: state_of(visit, row),
        "waits": lambda row: waits(visit, row),
        "whom": lambda party: whom(visit, party),
        "step_words": lambda step: step_words(visit, step),
    }


def may(visit: Visit, operation: str) -> dict[str, object]:
    """Return whether the reader may do it, and who may where not."""
    lacking = visit.node.allowed(operation, visit.person.roles)
    return {"may": not lacking, "lacking": role_names(visit.words, lacking)}


async def grounds(visit: Visit) -> list[tuple[str, str]]:
    """Return the articles of agreements in force as choices: instrument and unit, and words."""
    found = rows_of(await visit.ask("grounds"), "grounds")
    return [
        (
            f"{row['instrument']} {row['unit']}",
            f"{row['article']} {row['heading']}, {row['title']}",
        )
        for row in found
        if row["permitted"] is True
    ]


async def fitting_grounds(
    visit: Visit, others: Sequence[str]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the same in groups, those first that permit what crosses; empty if there is none.

    Args:
        visit: The visit.
        others: The counterparts whose agreements are looked at.
    """
    found = [await visit.ask("areas", counterpart=other) for other in others]
    first = {
        f"{row['instrument']} {article['unit']}"
        for areas in found
        for row in rows_of(areas, "areas")
        for article in rows_of(row, "articles")
    }
    articles = await grounds(visit)
    groups = [
        (
            visit._("Articles under which something crosses"),
            [one for one in articles if one[0] in first],
        ),
        (visit._("Other articles"), [one for one in articles if one[0] not in first]),
    ]
    return [(label, within) for label, within in groups if within]


async def _new(visit: Visit) -> Reply:
    parties = [("us", visit._("we")), ("them", visit._("they")), ("both", visit._("both together"))]
    found = await visit.ask("relationships")
    context = {
        "counterparts": [
            (str(row["relationship"]), str(row["name"])) for row in rows_of(found, "relationships")
        ],
        "grounds": await grounds(visit),
        "parties": parties,
        "zone": str(visit.words.zone),
        **may(visit, "commitments.propose"),
    }
    return Html(template="coordination/new_commitment.html", context=context)


async def _propose(visit: Visit) -> Reply:
    def typed(name: str) -> str:
        return visit.form.get(name, "").strip()

    instrument, _, unit = typed("grounds").partition(" ")
    if not unit:
        raise MisuseError(
            "web.no_grounds", "Choose the article in force that the commitment stands on."
        )
    made = await visit.act(
        "commitments.propose",
        counterpart=typed("counterpart"),
        instrument=instrument,
        unit=unit,
        title=typed("title"),
        test=typed("test"),
        performer=typed("performer"),
        beneficiary=typed("beneficiary"),
        due=typed("due"),
        zone=typed("zone") or "UTC",
        words=typed("words"),
    )
    return Goto(
        path=at("commitments", str(made["commitment"])),
        notice=visit._("Proposed. It is owed only once they accept exactly this."),
    )


#: By problem, the field that it is with.
_WRONG: Final = {
    "commitments.ahead": "fulfilled",
    "commitments.before": "fulfilled",
    "commitments.unlike_claim": "result",
}


async def _show(visit: Visit) -> Reply:
    name = visit.at["commitment"]
    found = await visit.see("commitments.show", without_history, commitment=name)
    own = visit.house.party
    visit.wrong = "" if visit.problem is None else _WRONG.get(visit.problem.code, "")
    asked = {
        party: one(said, "due")
        for party, said in one(one(found, "asked"), "redate").items()
        if isinstance(said, Mapping)
    }
    context = {
        "found": {**found, "acts": [_told_as(act) for act in rows_of(found, "acts")]},
        "can": set(words(found, "may")),
        "their_ask": next((due for party, due in asked.items() if party != own), None),
        "our_ask": asked.get(own),
        "results": result_words(visit),
        "origin": await origin(visit, found),
        "coming": await coming_up(visit, found),
        "zone": str(found["due_zone"] if found["due_day"] else visit.words.zone),
        **_said(visit),
        **may(visit, "commitments.accept"),
    }
    return Html(template="coordination/commitment.html", context=context)


def _told_as(act: Row) -> Row:
    """Return an act with the step by which it is told: of a recall, also what was taken back."""
    if act["step"] != "recall":
        return act
    said = act["act"]
    of = said.get("of", "") if isinstance(said, Mapping) else ""
    return {**act, "step": f"recall_{of}"}


def without_history(found: JsonObject) -> JsonObject:
    """Return how a thing stands, without its acts and what is only listed beside it.

    An act that was merely cosigned since, or a meeting that was proposed, overtakes no form.
    """
    beside = {"acts", "meetings", "parts"}
    return {name: value for name, value in found.items() if name not in beside}


async def _act(visit: Visit) -> Reply:
    name, step = visit.at["commitment"], visit.at["step"]
    members = _MEMBERS.get(step)
    if members is None:
        raise MisuseError("web.no_step", f"Nothing is called {step[:40]!r} here.")
    given: dict[str, object] = {member: visit.form.get(member, "").strip() for member in members}
    if "evidence" in given:
        lines = str(given["evidence"]).splitlines()
        given["evidence"] = [line.strip() for line in lines if line.strip()]
    seen = ("commitments.show", {"commitment": name}, without_history)
    made = await visit.act(f"commitments.{step}", seen=seen, upload=None, commitment=name, **given)
    told = _notice(visit, step)
    if step == "redate" and str(made.get("due", "")) == given["due"]:
        told = visit._("Both have named it: it is due then.")
    return Goto(path=at("commitments", name), notice=told)


#: By step, the members of its form.
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "accept": ("words",),
    "withdraw": ("words",),
    "progress": ("words",),
    "decline": ("reason",),
    "dispute": ("reason",),
    "release": ("reason",),
    "fail": ("reason",),
    "claim": ("fulfilled", "evidence", "words"),
    "acknowledge": ("result", "words"),
    "redate": ("due", "zone", "words"),
    "recall": ("of", "words"),
}


def _notice(visit: Visit, step: str) -> str:
    said = {
        "accept": visit._("Accepted. From now on it is owed."),
        "decline": visit._("Declined; they read why."),
        "withdraw": visit._("The proposal is taken back."),
        "progress": visit._("Said; they can read it."),
        "claim": visit._("Claimed. Whether it was kept, only its beneficiary says."),
        "acknowledge": visit._("Said what the claim comes to."),
        "dispute": visit._("Disputed; they read why."),
        "redate": visit._("Said. The new date counts once both have named the same."),
        "release": visit._("Released."),
        "fail": visit._("Said. It counts once both sides have found so."),
        "recall": visit._("Taken back. Both sides see it, and nobody has to answer it."),
    }
    return said[step]


_BACK: Final = "/commitments/{commitment}"
PAGES: Final = (
    Page(method="GET", path="/commitments", work=_list, nav="coordination"),
    Page(method="GET", path="/commitments/new", work=_new, nav="coordination"),
    Page(
        method="POST",
        path="/commitments",
        work=_propose,
        back="/commitments/new",
        nav="coordination",
    ),
    Page(method="GET", path=_BACK, work=_show, nav="coordination"),
    Page(
        method="POST",
        path="/commitments/{commitment}/{step}",
        work=_act,
        back=_BACK,
        nav="coordination",
    ),
)
