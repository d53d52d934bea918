"""Which authorisations name a project, and which project an authorisation names.

An authorisation names its project in words that both sides read; a project is found by them where
exactly one with the same counterpart is called so.

Source: agreements.md D2.7, D2.8; spec 11.2.
"""

from collections.abc import Mapping

from comity.foundation.canonical import JsonObject
from comity.web.sharing import all_rows
from comity.web.visit import Visit


async def of_project(visit: Visit, found: JsonObject) -> list[Mapping[str, object]]:
    """Return the authorisations that were asked for in the name of a project."""
    return [
        row
        for row in await all_rows(visit, "authorisations", "authorisations")
        if row["relationship"] == found["relationship"] and row["project"] == found["title"]
    ]


async def project_of(visit: Visit, found: JsonObject) -> str:
    """Return the id of the project that an authorisation names; empty: none, or several."""
    if not found["project"]:
        return ""
    known = [
        str(row["project"])
        for row in await all_rows(visit, "projects", "projects", state="all")
        if row["relationship"] == found["relationship"] and row["title"] == found["project"]
    ]
    return known[0] if len(known) == 1 else ""
