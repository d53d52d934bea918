"""What each act on a meeting rests on, of all that its page shows; and what was done, and since.

A form is refused as overtaken where that reads otherwise by now, and only there: an item that the
other side adds does not refuse the names of those who take part. What is answered is compared by
its words, not by its id alone. Source: agreements.md D2.5; spec 10.4.
"""

from collections.abc import Mapping
from typing import Final

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.members import number, one, rows, text, words
from comity.web.visit import CHANGED, Visit

#: By step, the members of a meeting that it rests on, besides that it is open to us.
_WHOLE: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("confirm", "counter", "decline", "postpone", "cancel"), ("proposal",)),
    "agree": ("agenda_digest",),
    "open": ("status", "proposal"),
    "adjourn": ("status",),
    "close": ("status",),
    "draft": ("agenda_digest",),
    "seal": ("record_digest",),
    "recall": ("recallable",),
}
_ITEM: Final = ("item", "title", "about", "by", "consented")
_OUTCOME: Final = ("outcome", "item", "kind", "text", "by", "agreed")
_MINUTE: Final = ("item", "agreed", "ours", "theirs")
#: By step, a list of a meeting that it rests on, and what counts of each row of it; the first
#: member names the row. Where the step is about one thing, that row alone counts.
_ROWS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    **dict.fromkeys(("consent", "drop"), ("agenda", _ITEM)),
    **dict.fromkeys(("retract", "concur", "commit", "close", "draft"), ("outcomes", _OUTCOME)),
    **dict.fromkeys(("version", "take"), ("record", _MINUTE)),
}


_LOGS: Final = ("ours", "theirs")
_DIGITS: Final = 12
#: How much of an outcome a line of the history says.
_NAME_MAX: Final = 100


def rests_on(found: JsonObject, step: str, thing: str) -> JsonObject:
    """Return what an act of ours rests on, of a meeting as it is shown.

    Args:
        found: The meeting.
        step: The step.
        thing: The item or outcome that the act is about; empty where it is about none.
    """
    made: dict[str, Json] = {"may": step in words(found, "may")}
    made |= {name: found[name] for name in _WHOLE.get(step, ())}
    if step == "attend":
        made["people"] = one(found, "people")["us"]  # the other side names its own
    if step in _ROWS:
        listed, counted = _ROWS[step]
        made[listed] = [
            {name: row[name] for name in counted}
            for row in rows(found, listed)
            if not thing or row[counted[0]] == thing
        ]
    return made


def reached(found: JsonObject) -> str:
    """Return how many entries of either side a page has seen: ``4.7``."""
    counts = [
        max((number(act, "n") + 1 for act in rows(found, "acts") if act["log"] == log), default=0)
        for log in _LOGS
    ]
    return ".".join(map(str, counts))


def named_acts(found: JsonObject) -> list[Json]:
    """Return the acts on a meeting, each with the item or the outcome that it is about.

    What was dropped or taken back since is named by the act that brought it.
    """
    known: dict[str, str] = {}
    made: list[Json] = []
    for each in rows(found, "acts"):
        act = one(each, "act")
        thing = str(act.get("outcome", act.get("item", "")))
        named = known.get(thing, "")
        if each["step"] in {"add", "outcome"}:
            said = " ".join(text(act, "title" if each["step"] == "add" else "text").split())
            named = said if len(said) <= _NAME_MAX else f"{said[: _NAME_MAX - 1]}…"
            known |= {} if each["no_effect"] else {thing: named}
        step = f"recall_{act['of']}" if each["step"] == "recall" else each["step"]
        made.append({**each, "step": step, "named": named})
    return made


def since(visit: Visit, found: JsonObject) -> JsonObject | None:
    """Return a meeting with the acts that a form which was overtaken had not seen; else None."""
    if visit.problem is None or visit.problem.code != CHANGED:
        return None
    ours, _, theirs = visit.form.get("_reached", "").partition(".")
    seen = {"ours": _count(ours), "theirs": _count(theirs)}
    acts: list[Json] = [
        act for act in rows(found, "acts") if number(act, "n") >= seen[text(act, "log")]
    ]
    return {**found, "acts": acts} if acts else None


def _count(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _DIGITS else 0
