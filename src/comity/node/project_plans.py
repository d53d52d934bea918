"""A plan as our own official writes it: each row is checked, and one that is wrong is named.

What the counterpart puts up is read by the room alone; what is asked here is asked of our own side.
Source: agreements.md D2.7; spec 12.4.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from comity.api import projects as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.days import due_of
from comity.technology.plans import Planned

_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{2})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_SHARE: Final = (
    "an amount is written as 40000 or 40000.50, without spaces and commas, with its currency in"
    " three letters; where no money is brought in, both stay empty."
)


def plan_data(
    request: asks.PutUpPlan, planned: Planned, *, whose: Mapping[str, str], at: Instant
) -> JsonObject:
    """Return a plan as it stands in an act.

    Args:
        request: What was typed.
        planned: What is planned already: what stands there is not asked about again.
        whose: The parties by what the official calls them.
        at: The instant; a new day lies after it.

    Raises:
        MisuseError: ``projects.milestone_day``, ``projects.milestone_past``,
            ``projects.our_share``, ``projects.their_share``.
    """
    keys = _keys(request)
    plans = (each for each in (planned.agreed, planned.put_up) if each is not None)
    known = {(one.key, one.due) for each in plans for one in each.milestones}
    milestones: list[Json] = []
    for number, each in enumerate(request.milestones, start=1):
        due = _due(each, request.zone, number=number)
        if (keys[number - 1], due) not in known and Instant.parse(due) <= at:
            raise MisuseError(
                "projects.milestone_past",
                f"Milestone {number}, «{each.title[:80]}»: {due} has passed; name a day that lies"
                " ahead. Nothing was put up.",
                {"number": number, "title": each.title[:80]},
            )
        milestones.append(
            {
                "key": keys[number - 1],
                "title": line(each.title),
                "test": each.test.strip(),
                "performer": whose[each.performer],
                "due": due,
            }
        )
    rights: JsonObject = {
        "background": rights_of(request.background),
        "foreground": rights_of(request.foreground),
    }
    shares: list[Json] = [_share(each, whose) for each in request.shares]
    return {"milestones": milestones, "shares": shares, "rights": rights}


def _keys(request: asks.PutUpPlan) -> list[str]:
    """Return the key of each milestone: its own, else one by its place that no other has."""
    taken = {each.key for each in request.milestones if each.key}

    def free(number: int) -> Iterator[str]:
        while True:
            yield f"m{number}"
            number += 1

    made: list[str] = []
    for number, each in enumerate(request.milestones, start=1):
        key = each.key or next(key for key in free(number) if key not in taken)
        taken.add(key)
        made.append(key)
    return made


def _due(given: asks.PlannedMilestone, zone: str, *, number: int) -> str:
    try:
        return due_of(given.due, zone).at
    except MisuseError as error:
        if error.code == "days.zone":
            raise  # it is of the whole plan
        raise MisuseError(
            "projects.milestone_day",
            f"Milestone {number}, «{given.title[:80]}»: {error.message} Nothing was put up.",
            {"number": number, "title": given.title[:80]},
        ) from error


def _share(given: asks.PlannedShare, whose: Mapping[str, str]) -> JsonObject:
    amount, currency = given.amount.strip() or "0", given.currency.strip().upper()
    money = any(digit in amount for digit in "123456789")
    formed = _AMOUNT.fullmatch(amount) and (not currency or _CURRENCY.fullmatch(currency))
    if not formed or money != bool(currency):
        ours = given.party == "us"
        raise MisuseError(
            "projects.our_share" if ours else "projects.their_share",
            f"What {'we' if ours else 'they'} bring in: {_SHARE} Nothing was put up.",
        )
    return {
        "party": whose[given.party],
        "amount": amount,
        "currency": currency,
        "in_kind": line(given.in_kind),
    }


def rights_of(given: asks.RightsIn | asks.EnterItem) -> JsonObject:
    """Return rights as they stand in an act."""
    return {"within": given.within, "outside": given.outside, "onward": given.onward}


def line(given: str) -> str:
    """Return what was typed as one line."""
    return " ".join(given.split())
