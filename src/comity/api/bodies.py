"""The operations on bodies. Source: agreements.md B6; spec 10.3."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.coordination import COORDINATORS, Says, Title
from comity.api.operation import Name, Operation, Request, get, post

Level = Literal[
    "leaders", "ministers", "senior_officials", "group", "working_group", "steering_committee"
]
Line = Annotated[str, Meta(max_length=300)]


class Bodies(Request, frozen=True, kw_only=True):
    """Which bodies: all, or those that are established; of which counterpart."""

    state: Literal["all", "established", "proposed", "ended"] = "all"
    counterpart: Line = ""


class OneBody(Request, frozen=True, kw_only=True):
    """One body: its id, the beginning of it, or its name."""

    body: Name


class ProposeBody(Request, frozen=True, kw_only=True):
    """A body under an article: its level, rhythm, our co-chair, its terms of reference.

    ``rhythm`` is a period, such as P6M; ``parent`` a body it is part of; ``terms`` an instrument
    whose text both have agreed, such as negotiated terms of reference.
    """

    counterpart: Name
    instrument: Name
    unit: Name
    name: Title
    level: Level
    chair: Title
    contact: Line = ""
    parent: Line = ""
    rhythm: Annotated[str, Meta(max_length=20)] = ""
    terms: Line = ""
    words: Says = ""


class OnBody(OneBody, frozen=True, kw_only=True):
    """One body, with words beside the act."""

    words: Says = ""


class NameOurSide(OnBody, frozen=True, kw_only=True):
    """One body, and whom we name for it."""

    chair: Title
    contact: Line = ""


class NameTerms(OnBody, frozen=True, kw_only=True):
    """One body, and the instrument that is to be its terms of reference."""

    terms: Name


class ReasonedOnBody(OneBody, frozen=True, kw_only=True):
    """One body, and why."""

    reason: Annotated[str, Meta(min_length=1, max_length=20_000)]


def _act(name: str, request: type[Request], summary: str) -> Operation:
    path = f"/api/bodies/{{body}}/{name}"
    return post(f"bodies.{name}", path, request=request, summary=summary, roles=COORDINATORS)


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("bodies", "/api/bodies", "Bodies in which both parties meet", request=Bodies),
    get(
        "bodies.show",
        "/api/bodies/{body}",
        "One body: its people, its meetings, what was said of it",
        request=OneBody,
    ),
    post(
        "bodies.propose",
        "/api/bodies",
        request=ProposeBody,
        summary="Propose a body under an article in force",
        roles=COORDINATORS,
    ),
    _act("accept", NameOurSide, "Accept a body as it was proposed, and name our co-chair"),
    _act("decline", ReasonedOnBody, "Decline a proposed body"),
    _act("withdraw", OnBody, "Take back a proposal that is not answered"),
    _act("appoint", NameOurSide, "Name another co-chair or point of contact of our side"),
    _act("terms", NameTerms, "Name terms of reference of a body; count once both name the same"),
    _act("wind_up", ReasonedOnBody, "Wind a body up; counts once both say so"),
)
