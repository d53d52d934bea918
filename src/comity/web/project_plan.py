"""The plan of a project on its page: what was claimed, and what a form of a plan says."""

from collections.abc import Mapping
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import one, rows
from comity.web.project_sheet import lines_typed
from comity.web.visit import Visit

MILESTONE: Final = ("key", "title", "test", "performer", "due")


def claims(found: JsonObject) -> Mapping[str, JsonObject]:
    """Return by milestone the last act that claimed it and counted: when, and in which words."""
    acts = (act for act in rows(found, "acts") if act["step"] == "claim" and not act["no_effect"])
    return {str(one(act, "act")["milestone"]): act for act in acts}


def milestones_typed(visit: Visit) -> list[dict[str, object]]:
    """Return the milestones of a plan as they were typed; a line without words is none.

    Raises:
        MisuseError: ``web.milestone_untitled``: a line that says something and has no title.
    """
    made: list[dict[str, object]] = []
    for number in range(lines_typed(visit)):
        line = {name: visit.form.get(f"{name}-{number}", "").strip() for name in MILESTONE}
        if line["title"]:
            made.append(dict(line))
        elif line["test"] or line["due"]:
            raise MisuseError(
                "web.milestone_untitled",
                f"Milestone {number + 1} has no title. Nothing was put up: write it, or to leave"
                " the milestone out empty its test and its day too.",
                {"number": number + 1},
            )
    return made
