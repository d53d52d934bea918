"""The plan of a project on its page: what was claimed, and what a form of a plan says."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from babel.numbers import is_currency

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.members import one, rows
from comity.web.project_sheet import LINES_MAX, lines_typed
from comity.web.texts import marked
from comity.web.visit import Visit

MILESTONE: Final = ("key", "title", "test", "performer", "due")
_SHARE: Final = ("amount", "currency", "in_kind")
_LAST_SECOND: Final = dt.time(23, 59, 59)
GROUNDS: Final = ("background", "foreground")
#: The members of an act that name what it is about.
_ABOUT: Final = ("milestone", "loan", "item")
#: The fields of a line that must be filled in beside its title, by their labels.
_NEEDED: Final = (("test", marked("How both see that it is reached")), ("due", marked("Due")))
#: What is wrong with a day of a milestone, and with what one side brings in.
_OF_A_DAY: Final = frozenset(("projects.milestone_day", "projects.milestone_past"))
_SHARES: Final = {"projects.our_share": "amount-us", "projects.their_share": "amount-them"}
#: What a plan states of a milestone, a share or a ground: not how far it is.
_STATED: Final = frozenset(
    (
        *("title", "test", "performer", "due", "amount", "currency", "in_kind"),
        *("within", "outside", "onward"),
    )
)


def claims(found: JsonObject) -> Mapping[str, JsonObject]:
    """Return by milestone the last act that claimed it and counted: when, and in which words."""
    acts = (act for act in rows(found, "acts") if act["step"] == "claim" and not act["no_effect"])
    return {str(one(act, "act")["milestone"]): act for act in acts}


def accepted(found: JsonObject) -> Mapping[str, JsonObject]:
    """Return by milestone the act that accepted its claim."""
    acts = (act for act in rows(found, "acts") if act["step"] == "accept" and not act["no_effect"])
    return {str(one(act, "act")["milestone"]): act for act in acts}


def changes(found: JsonObject) -> list[JsonObject] | None:
    """Return how the plan put up differs from another; None where there is no other.

    The other is the plan that counts; where none counts, the one that waited before it.
    """
    plan = one(found, "plan")
    return _compared(plan, plan["agreed"] or plan["replaced"])


def countered(found: JsonObject) -> list[JsonObject] | None:
    """Return how the plan put up differs from the one that waited before it, where another counts.

    None where no plan counts, or none waited before.
    """
    plan = one(found, "plan")
    return _compared(plan, plan["replaced"]) if plan["agreed"] else None


def _compared(plan: JsonObject, now: object) -> list[JsonObject] | None:
    """Return how the plan put up differs from another; None where either is not there.

    Each difference is of a milestone, a share or a ground of rights: its name, and ``new``,
    ``changed`` with what stands in the other, or ``left_out``.
    """
    wanted = plan["put_up"]
    if not isinstance(now, dict) or not isinstance(wanted, dict):
        return None
    made: list[JsonObject] = []
    for what, by in (("milestone", "key"), ("share", "party"), ("rights", "ground")):
        before, after = (_parts(each, what) for each in (now, wanted))
        made += ({"of": what, **each} for each in _differing(before, after, by=by))
    return made


def _parts(plan: JsonObject, what: str) -> Sequence[JsonObject]:
    if what == "rights":
        return [{"ground": each, **one(one(plan, "rights"), each)} for each in GROUNDS]
    return rows(plan, f"{what}s")


def _differing(
    before: Sequence[JsonObject], after: Sequence[JsonObject], *, by: str
) -> Iterator[JsonObject]:
    old = {str(row[by]): row for row in before}
    for row in after:
        known = old.pop(str(row[by]), None)
        differ = [name for name in row if name in _STATED and (known or {}).get(name) != row[name]]
        titled: JsonObject = {"title": row.get("title", "")}
        if known is None:
            yield {"how": "new", "name": row[by], "now": None, "differ": [], **titled}
        elif differ:
            yield {"how": "changed", "name": row[by], "now": known, "differ": [*differ], **titled}
    for row in old.values():
        yield {
            "how": "left_out",
            "name": row[by],
            "now": row,
            "differ": [],
            "title": row.get("title", ""),
        }


def days_late(found: JsonObject) -> Mapping[str, int]:
    """Return by milestone how many days after its due date it was accepted; only those late."""
    made: dict[str, int] = {}
    answered = accepted(found)
    for each in rows(one(one(found, "plan"), "agreed"), "milestones"):
        at = answered.get(str(each["key"]), {}).get("at")
        if isinstance(at, str) and each["state"] == "accepted":
            seconds = Instant.parse(at).seconds - Instant.parse(str(each["due"])).seconds
            made |= {str(each["key"]): -(-seconds // 86_400)} if seconds > 0 else {}
    return made


def last_words(found: JsonObject, step: str) -> str:
    """Return the words beside the last act of a step that counted; empty where it has none."""
    acts = [act for act in rows(found, "acts") if act["step"] == step and not act["no_effect"]]
    return str(acts[-1]["words"] or "") if acts else ""


def named_acts(found: JsonObject) -> list[JsonObject]:
    """Return the acts on a project, each with the name of what it is about; empty: of the whole.

    What was taken back is part of the name of its step.
    """
    known: dict[str, str] = {}
    made: list[JsonObject] = []
    for each in rows(found, "acts"):
        act = one(each, "act")
        known |= {str(row["key"]): str(row["title"]) for row in rows(act, "milestones")}
        for member, title in (("loan", "what"), ("item", "title")):
            if member in act and title in act:
                known[str(act[member])] = str(act[title])
        about = next((str(act[name]) for name in _ABOUT if name in act), "")
        step = f"recall_{act['of']}" if each["step"] == "recall" else each["step"]
        made.append({**each, "step": step, "named": known.get(about, str(act.get("to", "")))})
    return made


def milestones_typed(visit: Visit) -> list[dict[str, object]]:
    """Return the milestones of a plan as they were typed; a line without words is none.

    A new one gets a key that no line of the form has or had.

    Raises:
        MisuseError: ``web.milestone_untitled``: a line that says something and has no title;
            ``web.milestone_line``: a line lacks something.
    """
    made: list[dict[str, object]] = []
    count = lines_typed(visit)
    taken = {visit.form.get(f"key-{number}", "") for number in range(count)}
    for number in range(count):
        line = {name: visit.form.get(f"{name}-{number}", "").strip() for name in MILESTONE}
        if line["title"]:
            _check_line(visit, line, number + 1)
            line["key"] = line["key"] or next(
                key for n in range(1, 2 * LINES_MAX) if (key := f"m{n}") not in taken
            )
            taken.add(line["key"])
            made.append(dict(line))
        elif line["test"] or line["due"]:
            raise MisuseError(
                "web.milestone_untitled",
                f"Milestone {number + 1} has no title. Nothing was put up: write it, or to leave"
                " the milestone out empty its test and its day too.",
                {"number": number + 1, "at": f"title-{number}"},
            )
    return made


def shares_typed(visit: Visit) -> list[dict[str, object]]:
    """Return what each side brings in, as it was typed.

    Raises:
        MisuseError: ``web.currency``: no code of ISO 4217; the room knows three letters alone.
    """
    made: list[dict[str, object]] = []
    for party in ("us", "them"):
        share = {name: visit.form.get(f"{name}-{party}", "").strip() for name in _SHARE}
        currency = share["currency"]
        if currency and not is_currency(currency.upper()):
            raise MisuseError(
                "web.currency",
                f"{currency[:20]!r} is no currency of ISO 4217: write its code of three letters, as"
                " EUR. Nothing was put up.",
                {"currency": currency[:20], "at": f"currency-{party}"},
            )
        made.append({"party": party, **share})
    return made


def as_typed(visit: Visit, milestones: Sequence[JsonObject]) -> tuple[list[JsonObject], str]:
    """Return milestones with their days as they were typed, and the zone of these days.

    A plan says instants; the last second of a day in the reader's zone, or in UTC, was a day. In
    the zone in which more of them are days they are given back; what is none stays an instant.
    """
    dues = [str(each["due"]) for each in milestones]
    zones = (visit.words.zone, ZoneInfo("UTC"))
    zone = max(zones, key=lambda each: sum(day_of(due, each) != due for due in dues))
    return [{**each, "due": day_of(str(each["due"]), zone)} for each in milestones], zone.key


def day_of(due: str, zone: ZoneInfo) -> str:
    """Return the day of which an instant is the last second in a zone; the instant where none."""
    at = dt.datetime.fromtimestamp(Instant.parse(due).seconds, tz=zone)
    return at.date().isoformat() if at.time() == _LAST_SECOND else due


def _check_line(visit: Visit, line: Mapping[str, str], number: int) -> None:
    for name, label in _NEEDED:
        if not line[name]:
            raise MisuseError(
                "web.milestone_line",
                f"Milestone {number}: the field {label!r} is empty. Nothing was put up: fill it in,"
                " or empty the whole line.",
                {"number": number, "label": visit._(label), "at": f"{name}-{number - 1}"},
            )


def wrong_field(visit: Visit) -> str:
    """Return the name of the field of the plan's form that was refused; empty where none was."""
    problem = visit.problem
    if problem is None:
        return ""
    number = problem.facts.get("number")
    if problem.code in _OF_A_DAY and isinstance(number, int):  # it counts the lines filled in
        lines = (n for n in range(lines_typed(visit)) if visit.form.get(f"title-{n}", "").strip())
        return f"due-{next(islice(lines, number - 1, None), 0)}"
    return str(problem.facts.get("at", _SHARES.get(problem.code, "")))
