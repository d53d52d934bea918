"""What the acts on an authorisation said: the details of its history, and its earlier decisions.

Source: agreements.md D2.8; spec 11.3.
"""

from collections.abc import Callable
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.members import number, one, rows, text
from comity.web.texts import parse_instant
from comity.web.visit import Visit
from comity.web.wording import person

_FOR: Final = frozenset({"approve", "amend_approve"})
_AGAINST: Final = frozenset({"deny", "amend_deny"})
_STOPS: Final = frozenset({"suspend", "resume", "revoke"})


def beside(visit: Visit, found: JsonObject) -> Callable[[JsonObject], str]:
    """Return what stands beside an act in the history: number, basis, what it replaced."""
    displaced = _displaced(visit, found)

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
        if step == "report":
            return totals_of(visit, act)
        if step == "review":
            return visit._(
                "%(authority)s, case %(case)s",
                authority=person(act["authority"]),
                case=person(act["case"]),
            )
        return displaced.get((text(each, "log"), text(each, "n")), "")

    return told


def totals_of(visit: Visit, said: JsonObject) -> str:
    """Return what a report of totals says: its period and its figures."""
    count = number(said, "transfers")
    words = visit.words.ngettext(
        "%(starts)s to %(ends)s: %(n)s transfer, %(came)s received, %(size)s",
        "%(starts)s to %(ends)s: %(n)s transfers, %(came)s received, %(size)s",
        count,
    ) % {
        "starts": text(said, "starts"),
        "ends": text(said, "ends"),
        "n": visit.words.number(count),
        "came": visit.words.number(number(said, "received")),
        "size": visit.words.size(number(said, "bytes")),
    }
    return visit._("%(totals)s; it is the last report", totals=words) if said["last"] else words


def pending(found: JsonObject) -> str:
    """Return whose amendment waits: that of us or of them; empty where none does."""
    return text(found, "proposed_by")


def earlier_decisions(found: JsonObject) -> list[JsonObject]:
    """Return the decisions for it that count no more, oldest first."""
    decided = [one(each, "act") for each in _effective(found) if each["step"] in _FOR]
    return decided[:-1] if found["decision"] else decided


def day(visit: Visit, written: str) -> str:
    """Return a day of a decision as the reader writes days."""
    at = parse_instant(f"{written}T00:00:00Z")
    return written if at is None else visit.words.bound(at)


def _effective(found: JsonObject) -> list[JsonObject]:
    return [each for each in rows(found, "acts") if each["no_effect"] is None]


def _displaced(visit: Visit, found: JsonObject) -> dict[tuple[str, str], str]:
    """Return what to say beside the acts by which an amendment took a place, or gave it back."""
    waits, made = set[str](), dict[tuple[str, str], str]()
    for each in _effective(found):
        log, step = text(each, "log"), each["step"]
        if step == "amend":
            if waits:
                made[log, text(each, "n")] = visit._("in place of the one that waited")
            waits.add(log)
        elif step == "amend_withdraw":
            waits.remove(log)
            if waits:
                made[log, text(each, "n")] = visit._("the one that it had replaced waits again")
        elif step in {"amend_approve", "amend_deny"}:
            waits.clear()
    return made
