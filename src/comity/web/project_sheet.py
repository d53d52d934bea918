"""What was typed into the form of an exportability sheet, read once.

A sheet without an item is a word of its own, so it wants its own tick: an empty form says nothing.
A line begun is a line wanted: what it lacks is named by its number and the label of its field.
"""

from typing import Final

from comity.foundation.errors import MisuseError
from comity.web.texts import marked
from comity.web.visit import Visit

LINES_MAX: Final = 500
ITEM: Final = ("name", "scheme", "code", "edition", "decided_by", "release", "conditions")
#: The fields of a line that must be filled in, by the labels that stand beside them.
_NEEDED: Final = (
    ("name", marked("Item")),
    ("scheme", marked("Control list")),
    ("code", marked("Code on that list")),
    ("edition", marked("Edition of the list")),
    ("decided_by", marked("Who decided")),
)
_CONDITIONS: Final = ("conditions", marked("On which conditions"))


def lines_typed(visit: Visit) -> int:
    """Return how many lines the form had that was sent; 0 where it does not say."""
    typed = visit.form.get("lines", "")
    count = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0
    return min(count, LINES_MAX)


def items_typed(visit: Visit) -> list[dict[str, object]]:
    """Return the items of a sheet as they were typed.

    Raises:
        MisuseError: ``web.sheet_empty``: neither an item nor the tick that there is none;
            ``web.sheet_both``: both; ``web.sheet_line``: a line lacks something.
    """
    made = [item for number in range(lines_typed(visit)) if (item := _item(visit, number))]
    none = visit.form.get("none_foreseen", "") == "yes"
    if made and none:
        raise MisuseError(
            "web.sheet_both",
            "Items are filled in, and the tick says that none is foreseen. Nothing was entered:"
            " take away the one or the other.",
        )
    if not made and not none:
        raise MisuseError(
            "web.sheet_empty",
            "No item is filled in. Nothing was entered: fill in the items, or tick that no"
            " controlled item is foreseen.",
        )
    return made


def _item(visit: Visit, number: int) -> dict[str, object]:
    """Return one line of the sheet; nothing where nobody wrote into it."""
    line = {name: visit.form.get(f"{name}-{number}", "").strip() for name in ITEM}
    wanted = (*_NEEDED, _CONDITIONS) if line["release"] == "conditional" else _NEEDED
    if not any(line[name] for name, _ in (*_NEEDED, _CONDITIONS)):
        return {}
    for name, label in wanted:
        if not line[name]:
            raise MisuseError(
                "web.sheet_line",
                f"Item {number + 1}: the field {label!r} is empty. Nothing was entered: fill it in,"
                " or empty the whole line.",
                {"line": number + 1, "label": visit._(label)},
            )
    return {**line, "critical": visit.form.get(f"critical-{number}", "") == "yes"}
