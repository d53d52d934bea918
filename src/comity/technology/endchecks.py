"""End-use checks: the exporter asks to see that use is as was assured, and says the result.

Source: agreements.md D2.8; spec 11.7.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

import attrs
from msgspec import Meta, Struct

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import (
    EITHER,
    OPENER,
    Book,
    Deed,
    Id,
    Line,
    Step,
    Text,
    When,
    begins,
    json_of,
    may,
    missing,
    read_act,
    table,
)
from comity.foundation.instants import Instant
from comity.technology.machine import WHOSE

FAMILY: Final = "endcheck"


class Status(StrEnum):
    """Where a check stands by its acts."""

    REQUESTED = "requested"
    WITHDRAWN = "withdrawn"
    ARRANGED = "arranged"
    DONE = "done"
    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    INCONCLUSIVE = "inconclusive"
    FOLLOW_UP = "follow_up"


_ENDS: Final = (Status.FAVOURABLE, Status.UNFAVOURABLE, Status.INCONCLUSIVE)
STEPS: Final = table(
    Step(name="request", by=EITHER, target=Status.REQUESTED, ruled=True),
    Step(
        name="withdraw",
        by=OPENER,
        sources=(Status.REQUESTED, Status.ARRANGED),
        target=Status.WITHDRAWN,
    ),
    Step(
        name="arrange",
        by=EITHER,
        sources=(Status.REQUESTED, Status.ARRANGED),
        target=Status.ARRANGED,
        both=True,
        ruled=True,
    ),
    Step(name="done", by=OPENER, sources=(Status.ARRANGED,), target=Status.DONE),
    Step(name="conclude", by=OPENER, sources=(Status.DONE, Status.FOLLOW_UP)),
    Step(name="follow_up", by=OPENER, sources=_ENDS, target=Status.FOLLOW_UP),
)
KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)


class _Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    endcheck: Id


class Request(_Act, frozen=True, kw_only=True):
    """``endcheck.request``: under which authorisation, on what basis, what is to be seen."""

    instrument: Annotated[str, Meta(min_length=1, max_length=300)]
    unit: Annotated[str, Meta(min_length=1, max_length=100)]
    authorisation: Id
    title: Line
    what: Text


class Plain(_Act, frozen=True, kw_only=True):
    """``withdraw``: words go into the note."""


class Arrange(_Act, frozen=True, kw_only=True):
    """``arrange``: when and where; it counts once both have said the same."""

    at: When
    place: Line


class Report(_Act, frozen=True, kw_only=True):
    """``done``, ``follow_up``: what was seen, what is still to be done."""

    report: Text


class Conclude(_Act, frozen=True, kw_only=True):
    """``conclude``: the result."""

    result: Literal["favourable", "unfavourable", "inconclusive"]
    report: Text


Body: TypeAlias = Request | Plain | Arrange | Report | Conclude
FORMS: Final[Mapping[str, type[Body]]] = {
    "request": Request,
    "withdraw": Plain,
    "arrange": Arrange,
    "done": Report,
    "conclude": Conclude,
    "follow_up": Report,
}


@attrs.frozen(kw_only=True)
class EndCheck:
    """What the acts on one check come to."""

    id: str
    terms: Request
    opener: str
    status: Status
    arranged: Arrange | None = None
    asked: Mapping[str, JsonObject] = attrs.field(factory=dict)
    report: str = ""
    last: tuple[str, int]


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind.

    Raises:
        PeerError: ``deeds.kind``, ``deeds.form``, ``basics.*``.
    """
    body = read_act(deed, FORMS, family=FAMILY)
    if isinstance(body, Arrange):
        Instant.parse(body.at)


def apply(one: EndCheck | None, deed: Deed) -> EndCheck:
    """Return the check after one more act.

    Raises:
        RefusedError: ``technology.*``.
    """
    body, step = read_act(deed, FORMS, family=FAMILY), STEPS[deed.step]
    last = (deed.party, deed.n)
    if isinstance(body, Request):
        begins(one, "an end-use check")
        return EndCheck(
            id=body.endcheck,
            terms=body,
            opener=deed.party,
            status=Status.REQUESTED,
            last=last,
        )
    if one is None:
        raise missing("end-use check")
    plays = step.by == EITHER or deed.party == one.opener
    may(one.terms.title, one.status, step, plays=plays, whose=WHOSE)
    if isinstance(body, Arrange):
        return _arranged(one, deed, body)
    moved = attrs.evolve(one, status=Status(step.target) if step.target else one.status, last=last)
    match body:
        case Conclude():
            return attrs.evolve(moved, status=Status(body.result), report=body.report)
        case Report():
            return attrs.evolve(moved, report=body.report)
        case _:
            return moved


def _arranged(one: EndCheck, deed: Deed, body: Arrange) -> EndCheck:
    asked = {**one.asked, deed.party: deed.data}
    if len(asked) < 2 or any(said != deed.data for said in asked.values()):
        return attrs.evolve(one, asked=asked)
    return attrs.evolve(
        one,
        asked={},
        arranged=body,
        status=Status.ARRANGED,
        last=(deed.party, deed.n),
    )


def state_json(book: Book[EndCheck]) -> list[Json]:
    """Return every check as JSON: equal for equal states."""
    return [
        {
            "endcheck": each.id,
            "terms": json_of(each.terms),
            "opener": each.opener,
            "status": str(each.status),
            "arranged": None if each.arranged is None else json_of(each.arranged),
            "asked": dict(each.asked),
            "report": each.report,
            "last": list(each.last),
        }
        for each in book.things()
    ]
