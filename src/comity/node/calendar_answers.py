"""What an answer of a calendar program comes to, as its meeting stands now.

An answer is read at one time and done at another, and a person may have acted in between. One that
agrees with what stands already asks for nothing; one that nothing can follow from is refused with
what to do in its place. Source: spec 10.5.2.
"""

from typing import Final

from comity.coordination.meeting_acts import AHEAD, HELD, OFFERED, Status
from comity.coordination.meeting_values import Meeting
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import RefusedError

#: In place of a code: it can be done.
OPEN: Final = "open"
AGREES: Final = "calendars.agrees"
_OVERTAKEN: Final = "calendars.overtaken"
_OURS: Final = "calendars.ours"
_SETTLED: Final = "calendars.settled"
_POSTPONED: Final = "calendars.postponed"
_ENDED: Final = "calendars.ended"


def stands(one: Meeting, value: JsonObject, *, own: str) -> str:
    """Return whether an answer can be done (``OPEN``); or else the code of why it cannot.

    Args:
        one: The meeting as it is now.
        value: The answer as it is kept.
        own: Our party.
    """
    does = value["does"]
    if one.proposal != value["proposal"]:
        return _OVERTAKEN
    if one.status in OFFERED:
        ours = one.offered_by == own
        return {"confirm": AGREES, "decline": _OURS}.get(str(does), OPEN) if ours else OPEN
    if one.status in AHEAD:
        return AGREES if does == "confirm" or _same_time(one, value) else _SETTLED
    if does == ("confirm" if one.status in HELD else "decline"):
        return AGREES
    if one.status == Status.POSTPONED:
        return OPEN if does == "counter" else _POSTPONED
    return _ENDED


def _same_time(one: Meeting, value: JsonObject) -> bool:
    slot = value["slot"]
    if not isinstance(slot, dict):
        return False
    same = (slot["start"], slot["end"]) == (one.slot.start, one.slot.end)
    return same and slot["place"] in {"", one.slot.place}


def check_stands(one: Meeting, value: JsonObject, *, own: str) -> None:
    """Pass if an answer can be done.

    Raises:
        RefusedError: ``calendars.agrees``, ``calendars.overtaken``, ``calendars.ours``,
            ``calendars.settled``, ``calendars.postponed``, ``calendars.ended``.
    """
    match stands(one, value, own=own):
        case "calendars.agrees":
            raise RefusedError(
                "calendars.agrees",
                f"«{one.title}»: the answer agrees with what stands already. There is nothing to"
                " do; throw it away.",
            )
        case "calendars.overtaken":
            raise RefusedError(
                "calendars.overtaken",
                f"«{one.title}»: another time was proposed since this answer was read. Look at the"
                " one that stands, and answer that.",
            )
        case "calendars.ours":
            raise RefusedError(
                "calendars.ours",
                f"«{one.title}»: this time was proposed by us, and the other side answers it."
                " Cancel the meeting on its page, or propose another time there.",
            )
        case "calendars.settled":
            raise RefusedError(
                "calendars.settled",
                f"«{one.title}» is confirmed already. Postpone or cancel it on its page; once it is"
                " postponed, another time can be proposed.",
            )
        case "calendars.postponed":
            raise RefusedError(
                "calendars.postponed",
                f"«{one.title}» was postponed: that time stands no more. Propose another time on"
                " its page.",
            )
        case "calendars.ended":
            raise RefusedError(
                "calendars.ended",
                f"«{one.title}» was opened, or called off: no answer changes that. Propose a new"
                " meeting where one is wanted.",
            )
        case _:
            return
