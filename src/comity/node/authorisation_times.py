"""What the acts on an authorisation say beside how it stands: its times, what its amendment asks.

Times are those at which both held the acts. Source: agreements.md D2.8.
"""

from collections.abc import Callable, Sequence
from typing import Final

import attrs
import msgspec

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Chain
from comity.foundation.instants import Instant
from comity.technology.asked_limits import asked_limits
from comity.technology.authorisations import Authorisation, Status
from comity.technology.provisos import Limits, Proviso, limits_of

_SECONDS_PER_DAY: Final = 86_400
_DECISIONS: Final = frozenset({"approve", "deny"})
_NUMBERED: Final = frozenset({"approve", "amend_approve"})
#: Steps that no official takes: the transfers take them.
COUNTED: Final = frozenset({"use", "receive"})
#: Steps that stop it, or let it go on.
_STOPS: Final = frozenset({"suspend", "resume", "revoke"})
_OPEN: Final = (Status.REQUESTED, Status.IN_REVIEW, Status.RETURNED)
_ENDED: Final = frozenset({"withdrawn", "denied", "revoked", "reconciled"})
#: How those stand under which nothing crosses any more.
OVER: Final = _ENDED | {"expired", "exhausted"}

#: Since when both hold an act, by its author and place.
Attested = Callable[[str, int], Instant | None]


def times_of(
    chain: Chain[Authorisation], *, status: str, attested: Attested, now: Instant
) -> JsonObject:
    """Return when an authorisation was asked for and decided, how long that took, how long is left.

    Args:
        chain: Its acts.
        status: How it stands at this moment.
        attested: Since when both hold an act.
        now: This moment.
    """
    one = chain.thing
    assert one is not None
    idle = {(each.party, each.n) for each in chain.idle}
    first = chain.deeds[0]
    asked = attested(first.party, first.n)
    decided = next(
        (
            attested(deed.party, deed.n)
            for deed in chain.deeds
            if deed.step in _DECISIONS and (deed.party, deed.n) not in idle
        ),
        None,
    )
    by = one.decision or one.against
    waits = one.status in _OPEN
    ends = None if status in _ENDED else one.limits.ends
    return {
        "asked": None if asked is None else str(asked),
        "decided": None if by is None else by.decided,
        "days_to_decide": _days(asked, decided),
        "days_undecided": _days(asked, now) if waits else None,
        "days_left": None if ends is None or ends < now else _days(now, ends),
    }


def asked_at(chain: Chain[Authorisation], *, amends: bool, attested: Attested) -> Instant | None:
    """Return since when both hold the request, or the amendment that waits."""
    assert chain.thing is not None
    idle = {(each.party, each.n) for each in chain.idle}
    step, by = ("amend", chain.thing.amender) if amends else ("request", None)
    found = [
        each
        for each in chain.deeds
        if each.step == step and by in {None, each.party} and (each.party, each.n) not in idle
    ]
    return attested(found[-1].party, found[-1].n) if found else None


def limits_before(chain: Chain[Authorisation]) -> JsonObject:
    """Return the quantity and the end that the last amendment changed, as they were before it."""
    idle = {(each.party, each.n) for each in chain.idle}
    versions: list[Limits] = []
    for deed in chain.deeds:
        if deed.step not in _NUMBERED or (deed.party, deed.n) in idle:
            continue
        if deed.step == "approve":  # entered anew it is no other version
            del versions[-1:]
        versions.append(limits_of(msgspec.convert(deed.data["provisos"], list[Proviso])))
    if len(versions) < 2:
        return {"quantity_before": None, "ends_before": None}
    before, now = versions[-2:]
    changed = before.quantity is not None and before.quantity != now.quantity
    ended = before.ends if before.ends != now.ends else None
    return {
        "quantity_before": before.quantity.amount if changed and before.quantity else None,
        "ends_before": None if ended is None else str(ended),
    }


def crossings(chain: Chain[Authorisation], *, attested: Attested) -> dict[str, JsonObject]:
    """Return of each transfer that was counted: when, under which number and version.

    Args:
        chain: Its acts.
        attested: Since when both hold an act; of a transfer its first count, at either end.
    """
    idle = {(each.party, each.n) for each in chain.idle}
    number, version = "", 1
    found: dict[str, JsonObject] = {}
    for deed in chain.deeds:
        if (deed.party, deed.n) in idle:
            continue
        if deed.step in _NUMBERED:
            number = str(deed.data["number"])
            version += deed.step == "amend_approve"
        elif deed.step in COUNTED and deed.data["transfer"] not in found:
            at = attested(deed.party, deed.n)
            found[str(deed.data["transfer"])] = {
                "at": None if at is None else str(at),
                "number": number,
                "version": version,
            }
    return found


def sentences(one: Authorisation) -> list[Json]:
    """Return the sentences of the provisos of the decision that counts."""
    return [] if one.decision is None else [each.text for each in one.decision.provisos]


def stopped_at(acts: Sequence[Json]) -> str | None:
    """Return since when both hold the act that suspended, resumed or revoked it last."""
    act = _last(acts, _STOPS)
    return None if act is None or act["at"] is None else str(act["at"])


def asked_of_decider(acts: Sequence[Json], *, by: str) -> JsonObject | None:
    """Return the limits that the amendment that waits asks for, as far as its note says any.

    Args:
        acts: The acts as they are shown.
        by: Who asked for that amendment: us or them; of each side its last one can wait.
    """
    log = "ours" if by == "us" else "theirs"
    mine = [each for each in acts if isinstance(each, dict) and each["log"] == log]
    act = _last(mine, frozenset({"amend"}))
    limits, _ = asked_limits("" if act is None else str(act["words"] or ""))
    return None if limits is None else attrs.asdict(limits)


def _last(acts: Sequence[Json], steps: frozenset[str]) -> JsonObject | None:
    """Return the last of these acts that has an effect."""
    found = [
        each
        for each in acts
        if isinstance(each, dict) and each["step"] in steps and each["no_effect"] is None
    ]
    return found[-1] if found else None


def _days(start: Instant | None, end: Instant | None) -> int | None:
    if start is None or end is None:
        return None
    return max(0, end.seconds - start.seconds) // _SECONDS_PER_DAY
