"""What was said on a project: whose word counts still, what two words differ in, earlier claims."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows, words

#: By state, the step whose reason is why it stands there.
_BROUGHT: Final = {"declined": "decline", "paused": "pause", "abandoned": "abandon"}
#: The steps that end a project otherwise than both together have wished.
_ALONE: Final = frozenset(("withdraw", "leave"))
#: By step, where a lent thing is after it.
_MOVED: Final = {
    "lend": "lent",
    "receive": "received",
    "give_back": "sent_back",
    "take_back": "returned",
    "write_off": "written_off",
}


def set_aside(found: JsonObject) -> list[JsonObject]:
    """Return the words for the approval that stand alone: another agreed plan takes them back."""
    return _last(found, "approve", of=words(one(found, "asked"), "approve"))


def approved_on(found: JsonObject) -> JsonObject | None:
    """Return when both had approved, and when the plan was last agreed; None while they have not.

    A day is None while the act of it is not cosigned.
    """
    if not found["approved"]:
        return None
    last = {str(a["step"]): a["at"] for a in rows(found, "acts") if not a["no_effect"]}
    return {"at": last["approve"], "changed": last["agree_plan"]}


def reasons(found: JsonObject) -> list[JsonObject]:
    """Return the reasons that hold now: of a lone word to abandon it, and of its present state.

    The reason of a notice stands with the notice.
    """
    lone = _last(found, "abandon", of=words(one(found, "asked"), "abandon"))
    step = _BROUGHT.get(str(found["status"]), "")
    counted = [str(act["step"]) for act in rows(found, "acts") if not act["no_effect"]]
    if not step or (step == "abandon" and _ALONE & set(counted)):
        return lone
    brought = _last(found, step)
    return [*lone, *(brought if step == "abandon" else brought[-1:])]


def differing(word: JsonObject) -> list[str]:
    """Return by which members the words of both sides on one step differ; none: they do not."""
    ours, theirs = one(word, "us"), one(word, "them")
    if not ours or not theirs:
        return []
    names = dict.fromkeys((*ours, *theirs))
    return [name for name in names if name != "outdated" and ours.get(name) != theirs.get(name)]


def unreached(found: JsonObject) -> list[JsonObject]:
    """Return the milestones of the agreed plan that were not accepted."""
    agreed = rows(one(one(found, "plan"), "agreed"), "milestones")
    return [each for each in agreed if each["state"] != "accepted"]


def earlier_claims(found: JsonObject) -> Mapping[str, Sequence[JsonObject]]:
    """Return by milestone its claims before the one that stands, each with what ended it."""
    made: dict[str, list[JsonObject]] = {}
    for each in rows(found, "acts"):
        act = one(each, "act")
        ends = each["step"] == "reject" or (each["step"] == "recall" and act["of"] == "claim")
        if each["no_effect"] or not (ends or each["step"] == "claim"):
            continue
        said = made.setdefault(str(act["milestone"]), [])
        if ends:
            said[-1] = {**said[-1], "ended": each}
        else:
            said.append({"claim": each, "ended": None})
    for row in rows(one(one(found, "plan"), "agreed"), "milestones"):
        if row["state"] != "open":
            made[str(row["key"])].pop()  # that one stands with the state
    return made


def loan_ways(found: JsonObject) -> Mapping[str, Sequence[tuple[str, object]]]:
    """Return by loan where the thing was, each with since when.

    A time is None while the act of it is not cosigned.
    """
    made: dict[str, list[tuple[str, object]]] = {}
    for each in rows(found, "acts"):
        state = _MOVED.get(str(each["step"]))
        if state and not each["no_effect"]:
            made.setdefault(str(one(each, "act")["loan"]), []).append((state, each["at"]))
    return made


def _last(
    found: JsonObject, step: str, *, of: Collection[str] = ("us", "them")
) -> list[JsonObject]:
    """Return by side its last act of a step that counted: whose, the day and the reason."""
    last: dict[str, JsonObject] = {}
    for each in rows(found, "acts"):
        whose = "us" if each["log"] == "ours" else "them"
        if each["step"] == step and whose in of and not each["no_effect"]:
            last.pop(whose, None)  # the order is that of the acts
            reason = one(each, "act").get("reason", "")
            last[whose] = {"step": step, "whose": whose, "at": each["at"], "reason": reason}
    return [*last.values()]
