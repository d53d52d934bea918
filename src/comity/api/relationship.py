"""The operations on the relationship as a whole, and on what needs whom.

Source: agreements.md D6 (journeys 5 and 14), D7.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.coordination import Day, Zone
from comity.api.operation import Name, OfCounterpart, Operation, Request, get

Size = Annotated[int, Meta(ge=0)]
Start = Annotated[int, Meta(ge=0)]
Limit = Annotated[int, Meta(ge=1, le=1000)]


class Needs(Request, frozen=True, kw_only=True):
    """What needs somebody, the gravest first."""

    whose: Literal["all", "mine", "ours", "theirs"] = "all"
    counterpart: Annotated[str, Meta(max_length=200)] = ""
    start: Start = 0
    limit: Limit = 100


class OfRelationship(OfCounterpart, frozen=True, kw_only=True):
    """One relationship, as far as both nodes hold it; or up to an earlier cut, to compare.

    Sizes and instant are those that the other side's page shows. With ``ready`` what was computed
    last is enough, where there is such of today: ``behind`` says how many acts it does not count.
    """

    ours: Size | None = None
    theirs: Size | None = None
    at: Annotated[str, Meta(max_length=20)] = ""
    ready: bool = False


class Timeline(OfRelationship, frozen=True, kw_only=True):
    """A page of what happened between the two parties.

    ``since`` and ``until`` are days in ``zone``, both of which belong to what is asked for, or
    instants in UTC. What both do not hold yet has no time: it stands where ``until`` is empty.
    """

    group: Literal[
        "",
        "introduction",
        "negotiation",
        "conclusion",
        "life",
        "sharing",
        "coordination",
        "technology",
    ] = ""
    instrument: Annotated[str, Meta(max_length=200)] = ""
    by: Literal["", "us", "them"] = ""
    since: Day = ""
    until: Day = ""
    zone: Zone = "UTC"
    newest_first: bool = False
    start: Start = 0
    limit: Limit = 100


class MeasureEvidence(OfRelationship, frozen=True, kw_only=True):
    """The acts behind a measure, or behind one line of it."""

    measure: Name
    subject: Annotated[str, Meta(max_length=200)] = ""
    by: Literal["", "us", "them"] = ""
    start: Start = 0
    limit: Limit = 100


class Dates(Request, frozen=True, kw_only=True):
    """What falls due, the nearest first."""

    counterpart: Annotated[str, Meta(max_length=200)] = ""


class InLanguage(Request, frozen=True, kw_only=True):
    """In which language its words are, by code (en, fr); empty, or one there is not: English."""

    language: Annotated[str, Meta(max_length=10)] = ""


OPERATIONS: Final[tuple[Operation, ...]] = (
    get(
        "dates",
        "/api/dates",
        "What falls due: commitments, milestones, reviews, ends of terms and authorisations",
        request=Dates,
    ),
    get(
        "dates.calendar",
        "/api/dates/calendar",
        "What falls due, as a file for a calendar",
        request=InLanguage,
    ),
    get(
        "needs",
        "/api/needs",
        "What needs me: by whom, since when, and what hangs on it",
        request=Needs,
    ),
    get("relationships", "/api/relationships", "Every relationship, and how it stands"),
    get(
        "relationship",
        "/api/relationship",
        "One relationship: clock, areas, measures, open matters, and the digest to compare",
        request=OfRelationship,
    ),
    get(
        "relationship.timeline",
        "/api/relationship/timeline",
        "What happened between the two parties",
        request=Timeline,
    ),
    get(
        "relationship.evidence",
        "/api/relationship/evidence",
        "The acts behind a measure",
        request=MeasureEvidence,
    ),
)
