"""The words of the legal reading: what was found beside a unit, and how a unit stands.

Facts and codes come from ``agreements.reading``; only their wording is here.
"""

from collections.abc import Mapping
from typing import Final

from comity.foundation.members import one, text, words
from comity.web.texts import marked
from comity.web.visit import Visit

#: How a unit stands with the legal adviser: sign and word.
STANDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "unread": ("open", marked("to read")),
    "changed": ("wait", marked("changed since it was cleared")),
    "clear": ("good", marked("clear")),
    "hold": ("bad", marked("held")),
    "overruled": ("wait", marked("held, overruled for this wording")),
}
SEVERITIES: Final[Mapping[str, tuple[str, str]]] = {
    "red": ("bad", marked("red line")),
    "amber": ("wait", marked("amber line")),
    "note": ("plain", marked("note")),
}
#: What can be shown, in the order of its weight, with the count that stands beside it.
FILTERS: Final[tuple[tuple[str, str, str], ...]] = (
    ("all", marked("All units"), "units"),
    ("breaches", marked("Breaches"), "breaches"),
    ("duties", marked("New duties"), "duties"),
    ("third_parties", marked("Third parties"), "third_parties"),
    ("register", marked("Register"), "register"),
    ("changes", marked("Changed or lost"), "changes"),
    ("to_read", marked("Not yet read"), "to_read"),
    ("held", marked("Held"), "held"),
)
_SAID: Final[Mapping[tuple[str, str], str]] = {
    ("duty", "ours"): marked("A duty of ours"),
    ("duty", "theirs"): marked("A duty of theirs"),
    ("duty", "both"): marked("A duty of both, or of each"),
    ("duty", "unclear"): marked("A duty; the words do not tell whose"),
    ("third_party", "conditioned"): marked(
        "The field says that relations with others are made subject to conditions"
    ),
    ("third_party", "onward_free"): marked(
        "The field lets what is shared be passed on to others freely"
    ),
    ("third_party", "recipients"): marked("The policy names recipients beyond the two parties"),
    ("third_party", "exclusive"): marked("Words of exclusivity"),
    ("third_party", "renewal"): marked("Words of a renewal that comes by itself"),
    ("third_party", "silence"): marked("Words by which silence might count as consent"),
    ("third_party", "audit"): marked("A right to audit or inspect"),
    ("third_party", "third_parties"): marked("Words that condition dealings with others"),
    ("register", "binding_words"): marked("Binding words in a political text"),
    ("register", "political_words"): marked("Words that bind nobody, in a binding text"),
    ("change", "added"): marked("This unit is new"),
    ("change", "words"): marked("The words changed"),
    ("change", "moved"): marked("It stands in another place"),
    ("change", "field"): marked("A field changed"),
    ("lost", "unit"): marked("It is proposed that this unit goes"),
    ("lost", "field"): marked("A field is gone"),
    ("lost", "duty"): marked("A duty is gone"),
    ("lost", "words"): marked("Words are gone"),
}
_GROUPS: Final[Mapping[str, str]] = {
    "duty": marked("Duties"),
    "third_party": marked("Dealings with others"),
    "register": marked("Register"),
    "change": marked("Changes"),
    "lost": marked("Lost"),
}


def point_row(visit: Visit, point: Mapping[str, object]) -> dict[str, object]:
    """Return one finding as the page shows it."""
    group, code = str(point["group"]), str(point["code"])
    facts = point["facts"]
    assert isinstance(facts, Mapping)
    said = visit._(_SAID.get((group, code), code))
    if code == "audit" and facts.get("one_sided"):
        whose = {"ours": visit._("we"), "theirs": visit._("they")}[str(facts["who"])]
        said = visit._("A right to audit or inspect that only one side has (%(side)s)", side=whose)
    if code == "recipients":
        said = f"{said}: {text(facts, 'recipients')}"
    if code == "onward_free" and facts.get("area"):
        said = f"{said} ({text(facts, 'area')})"
    return {
        "group": visit._(_GROUPS.get(group, group)),
        "said": said,
        "quote": point["words"],
        "before": words(facts, "before"),
        "after": words(facts, "after"),
        "found": words(facts, "found") or [word for word in (text(facts, "word"),) if word],
        "by_words": point["by_words"] is True,
        "new": point["new"] is True,
    }


def standing(visit: Visit, code: object) -> tuple[str, str]:
    """Return the sign and the word for how a unit stands."""
    sign, word = STANDINGS.get(str(code), ("plain", str(code)))
    return sign, visit._(word)


def severity(visit: Visit, code: object) -> tuple[str, str]:
    """Return the sign and the word for a red line's weight."""
    sign, word = SEVERITIES.get(str(code), ("plain", str(code)))
    return sign, visit._(word)


def count_of(found: Mapping[str, object], name: str) -> int:
    """Return the number beside a filter."""
    counts = one(found, "counts")  # type: ignore[arg-type]  # an answer is a JSON object
    names = {"to_read": ("unread", "changed"), "held": ("hold", "overruled")}.get(name, (name,))
    return sum(value for each in names if isinstance(value := counts.get(each), int))
