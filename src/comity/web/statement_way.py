"""The way of a statement from its first draft to its release; and whether a word of ours counted.

Source: agreements.md D2.4; spec 13.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows
from comity.web.visit import Visit

#: Where a text stands that the other side has seen and that both have not adopted.
_TABLED: Final = frozenset(("tabled", "negotiating", "clean"))
_CLEARANCES: Final = 4

Row = Mapping[str, object]


def way(
    visit: Visit, found: JsonObject, *, texts: Iterable[Row], adopted: bool
) -> list[JsonObject]:
    """Return every step to the release: what it is, who acts, and whether it is done, now or later.

    Args:
        visit: The visit.
        found: The statement.
        texts: The texts that may become its own and that both have not adopted.
        adopted: Whether one is adopted that no other statement says.
    """
    agreed = bool(rows(found, "texts"))
    tabled = any(each["status"] in _TABLED for each in texts)
    done = {
        "draft": agreed or adopted or tabled,
        "adopt": agreed or adopted,
        "text": agreed,
        "mark": agreed and not found["unmarked"],
        "clear": _cleared(found),
        "order": bool(found["order"]),
        "release": found["out"] is True,
    }
    now = next((step for step, each in done.items() if not each), "")
    return [
        {
            "said": said,
            "who": who,
            "stands": "done" if done[step] else "now" if step == now else "later",
        }
        for step, (said, who) in _said(visit).items()
    ]


def _said(visit: Visit) -> Mapping[str, tuple[str, str]]:
    """Return by step what is done, and who does it."""
    return {
        "draft": (
            visit._("A text is drafted and tabled"),
            visit._("Either side: a negotiator, one text for each language."),
        ),
        "adopt": (
            visit._("Both negotiate and adopt it"),
            visit._("Negotiators answer; then one signatory of each side, with the own key."),
        ),
        "text": (
            visit._("Both say that these are its texts"),
            visit._("A liaison officer, desk officer or negotiator of each side."),
        ),
        "mark": (
            visit._("Both mark every sentence alike"),
            visit._("A liaison officer, desk officer or negotiator of each side."),
        ),
        "clear": (
            visit._("Both clear it"),
            visit._("Press and legal people of each side: four clearances, after the marks."),
        ),
        "order": (
            visit._("Both order the same time"),
            visit._("A press officer, liaison officer, desk officer or negotiator of each side."),
        ),
        "release": (
            visit._("It is released"),
            visit._("Both nodes at that time; what they cannot, a person of each side."),
        ),
    }


def _cleared(found: JsonObject) -> bool:
    both = one(found, "clearances")
    given = [each for side in ("us", "them") for each in one(both, side).values() if each is True]
    return len(given) == _CLEARANCES


def counted(found: JsonObject, step: str, sentences: Iterable[str]) -> bool:
    """Return whether what our side said just now completed what both must say.

    Args:
        found: The statement after it.
        step: The step.
        sentences: The numbers of the sentences that were marked.
    """
    match step:
        case "text" | "order":
            return not one(one(one(found, "said"), step), "us")
        case "mark":
            chosen = set(sentences)
            told = (row for row in rows(found, "sentences") if str(row["number"]) in chosen)
            return all(row["agreed"] is not None and row["ours"] is None for row in told)
        case "release":
            return found["out"] is True
        case _:
            return step.startswith("clear_") and _cleared(found)
