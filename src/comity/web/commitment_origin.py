"""Where a commitment comes from, and where it comes up next, as links of its page.

A source is what the proposal says of it: it may name what this node does not hold. Source:
agreements.md D2.6; spec 10.2.5, 10.4.6.
"""

from collections.abc import Callable, Mapping
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import one, rows, text
from comity.web.sharing import all_rows
from comity.web.visit import Visit, at

_OWED: Final = frozenset({"open", "in_progress", "claimed", "disputed"})
#: While a meeting is one of these, commitments stand on its agenda by themselves.
_COMING: Final = frozenset(
    {"proposed", "countered", "confirmed", "agenda_agreed", "in_session", "adjourned"}
)


async def origin(visit: Visit, found: JsonObject) -> dict[str, object] | None:
    """Return the meeting or the statement that a commitment comes from; None where it names none.

    Its title, its address, and the item or the sentence with its words.
    """
    source = one(found, "source")
    kind, ref, item = (text(source, name) for name in ("kind", "ref", "item"))
    if kind not in _SHOWN or not ref:
        return None
    member, operation, told = _SHOWN[kind]
    try:
        thing = await visit.ask(operation, **{member: ref})
    except MisuseError:  # it names what nobody here knows
        thing = {}
    if thing.get(member) == ref:
        return told(thing, item)
    return {"kind": kind, "title": ref, "href": "", "item": item, "words": "", "number": ""}


def _of_meeting(meeting: JsonObject, outcome: str) -> dict[str, object]:
    row = next((each for each in rows(meeting, "outcomes") if each["outcome"] == outcome), None)
    return {
        "kind": "meeting",
        "title": text(meeting, "title"),
        "href": at("meetings", text(meeting, "meeting")) + "#outcomes",
        "item": "" if row is None else text(row, "on"),
        "words": "" if row is None else text(row, "text"),
        "number": "" if row is None else row["number"],
    }


def _of_statement(statement: JsonObject, number: str) -> dict[str, object]:
    sentences = rows(statement, "sentences")
    row = next((each for each in sentences if str(each["number"]) == number), None)
    start = max(0, int(number) - 1) if row is not None else 0
    path = at("statements", text(statement, "statement"), "sentences", start=start or "")
    return {
        "kind": "statement",
        "title": text(statement, "title"),
        "href": path if row is None else f"{path}#sentence-{number}",
        "item": "",
        "words": "" if row is None else text(row, "words"),
        "number": number,
    }


#: By kind of source, the member that names it, the operation that shows it, and what is said of it.
_SHOWN: Final[Mapping[str, tuple[str, str, Callable[[JsonObject, str], dict[str, object]]]]] = {
    "meeting": ("meeting", "meetings.show", _of_meeting),
    "statement": ("statement", "statements.show", _of_statement),
}


async def coming_up(visit: Visit, found: JsonObject) -> Mapping[str, object] | None:
    """Return the next meeting on whose agenda a commitment stands by itself; None where none is.

    What is owed comes up under its own agreement, what is disputed at any meeting between the two.
    """
    if found["status"] not in _OWED:
        return None
    known = await all_rows(
        visit, "meetings", "meetings", state="open", counterpart=str(found["relationship"])
    )
    return next(
        (
            row
            for row in known
            if row["status"] in _COMING
            and (found["status"] == "disputed" or row["instrument"] == found["instrument"])
        ),
        None,
    )
