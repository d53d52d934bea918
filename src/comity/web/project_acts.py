"""What was said on a project and counts still: whose word, and of which day."""

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows


def set_aside(found: JsonObject) -> list[JsonObject]:
    """Return the words for the approval that stand alone: another agreed plan takes them back."""
    said = one(found, "asked").get("approve") or ()
    return [each for each in _last(found, "approve") if each["whose"] in said]


def _last(found: JsonObject, step: str) -> list[JsonObject]:
    """Return by side its last act of a step that counted: whose, the day and the reason."""
    last: dict[str, JsonObject] = {}
    for each in rows(found, "acts"):
        if each["step"] == step and not each["no_effect"]:
            whose = "us" if each["log"] == "ours" else "them"
            reason = one(each, "act").get("reason", "")
            last[whose] = {"step": step, "whose": whose, "at": each["at"], "reason": reason}
    return [*last.values()]
