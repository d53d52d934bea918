"""What the acts on an authorisation said: the details of its history, and its earlier decisions.

Source: agreements.md D2.8; spec 11.3.
"""

from collections.abc import Callable
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows, text
from comity.web.texts import parse_instant
from comity.web.visit import Visit
from comity.web.wording import person

_FOR: Final = frozenset({"approve", "amend_approve"})
_AGAINST: Final = frozenset({"deny", "amend_deny"})
_STOPS: Final = frozenset({"suspend", "resume", "revoke"})


def beside(visit: Visit, found: JsonObject) -> Callable[[JsonObject], str]:
    """Return what stands beside an act in the history: number, basis, what it replaced."""
    replacing = {(each["log"], each["n"]) for each in _replacing(found)}

    def told(each: JsonObject) -> str:
        act, step = one(each, "act"), each["step"]
        if step in _FOR | _AGAINST:
            return visit._(
                "%(number)s of %(day)s",
                number=person(act["number"]),
                day=day(visit, text(act, "decided")),
            )
        if step in _STOPS:
            return person(act["basis"])
        if step == "review":
            return visit._(
                "%(authority)s, case %(case)s",
                authority=person(act["authority"]),
                case=person(act["case"]),
            )
        if (each["log"], each["n"]) in replacing:
            return visit._("in place of the one that waited")
        return ""

    return told


def pending(found: JsonObject) -> str:
    """Return whose amendment waits: that of us or of them; empty where none does."""
    waiting = _amendments(found)[-1:] if found["proposed"] else []
    return "".join("us" if each["log"] == "ours" else "them" for each in waiting)


def earlier_decisions(found: JsonObject) -> list[JsonObject]:
    """Return the decisions for it that another one has replaced, oldest first."""
    decided = [one(each, "act") for each in _effective(found) if each["step"] in _FOR]
    return decided[:-1]


def day(visit: Visit, written: str) -> str:
    """Return a day of a decision as the reader writes days."""
    at = parse_instant(f"{written}T00:00:00Z")
    return written if at is None else visit.words.bound(at)


def _effective(found: JsonObject) -> list[JsonObject]:
    return [each for each in rows(found, "acts") if each["no_effect"] is None]


def _amendments(found: JsonObject) -> list[JsonObject]:
    return [each for each in _effective(found) if each["step"] == "amend"]


def _replacing(found: JsonObject) -> list[JsonObject]:
    """Return the requests for an amendment that took the place of one that waited."""
    waits, made = False, []
    for each in _effective(found):
        if each["step"] == "amend":
            made += [each] if waits else []
            waits = True
        elif each["step"] in {"amend_withdraw", "amend_approve", "amend_deny"}:
            waits = False
    return made
