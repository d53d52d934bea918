"""Re-transfer: whoever received an item asks its originator whether it may go on to a third.

Nothing goes on while the originator has said nothing: no answer is no consent, and how long it has
been out is shown. Source: agreements.md D2.8; spec 11.6.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import attrs
from msgspec import Meta, Struct

from comity.foundation.canonical import Json
from comity.foundation.deeds import (
    EITHER,
    OPENER,
    OTHER,
    Book,
    Deed,
    Hex,
    Id,
    Line,
    Step,
    Text,
    begins,
    json_of,
    may,
    missing,
    read_act,
    table,
)
from comity.foundation.errors import RefusedError
from comity.technology.machine import WHOSE
from comity.technology.provisos import Provisos, check_provisos, provisos_digest

FAMILY: Final = "retransfer"


class Status(StrEnum):
    """Where a request for consent stands by its acts."""

    REQUESTED = "requested"
    WITHDRAWN = "withdrawn"
    GRANTED = "granted"
    GRANTED_WITH_PROVISOS = "granted_with_provisos"
    REFUSED = "refused"
    RETURNED = "returned"
    USED = "used"
    CLOSED = "closed"


_GRANTED: Final = (Status.GRANTED, Status.GRANTED_WITH_PROVISOS)
STEPS: Final = table(
    Step(name="request", by=EITHER, target=Status.REQUESTED, ruled=True),
    Step(
        name="withdraw",
        by=OPENER,
        sources=(Status.REQUESTED, Status.RETURNED),
        target=Status.WITHDRAWN,
    ),
    Step(
        name="again",
        by=OPENER,
        sources=(Status.RETURNED,),
        target=Status.REQUESTED,
        ruled=True,
    ),
    Step(name="grant", by=OTHER, sources=(Status.REQUESTED,), ruled=True),
    Step(name="refuse", by=OTHER, sources=(Status.REQUESTED,), target=Status.REFUSED),
    Step(name="return", by=OTHER, sources=(Status.REQUESTED,), target=Status.RETURNED),
    Step(name="use", by=OPENER, sources=_GRANTED, target=Status.USED, ruled=True),
    Step(name="close", by=OTHER, sources=(*_GRANTED, Status.USED), target=Status.CLOSED),
)
KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)


class _Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    retransfer: Id


class Request(_Act, frozen=True, kw_only=True):
    """``retransfer.request``: which item, by which transfer it came, to whom it is to go, why."""

    instrument: Annotated[str, Meta(min_length=1, max_length=300)]
    unit: Annotated[str, Meta(min_length=1, max_length=100)]
    transfer: Id
    item: Id
    third: Line
    use: Text


class Plain(_Act, frozen=True, kw_only=True):
    """``withdraw``, ``again``: words go into the note."""


class Grant(_Act, frozen=True, kw_only=True):
    """``grant``: consent, with provisos or none."""

    provisos: Provisos


class Use(_Act, frozen=True, kw_only=True):
    """``use``: it went on; the provisos are accepted by their digest."""

    provisos: Hex
    report: Text


class Reasoned(_Act, frozen=True, kw_only=True):
    """``refuse``, ``return``, ``close``: why."""

    reason: Text


Body: TypeAlias = Request | Plain | Grant | Use | Reasoned
FORMS: Final[Mapping[str, type[Body]]] = {
    "request": Request,
    "withdraw": Plain,
    "again": Plain,
    "grant": Grant,
    "refuse": Reasoned,
    "return": Reasoned,
    "use": Use,
    "close": Reasoned,
}


@attrs.frozen(kw_only=True)
class Retransfer:
    """What the acts on one request for consent come to."""

    id: str
    terms: Request
    opener: str
    status: Status
    grant: Grant | None = None
    reason: str = ""
    report: str = ""
    last: tuple[str, int]

    @property
    def title(self) -> str:
        """What people call it."""
        return f"Passing on to {self.terms.third}"


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind.

    Raises:
        PeerError: ``deeds.kind``, ``deeds.form``, ``basics.*``, ``authorisations.*``.
    """
    body = read_act(deed, FORMS, family=FAMILY)
    if isinstance(body, Grant):
        check_provisos(body.provisos)


def apply(one: Retransfer | None, deed: Deed) -> Retransfer:
    """Return the request after one more act.

    Raises:
        RefusedError: ``technology.*``, ``retransfers.other_provisos``.
    """
    body, step = read_act(deed, FORMS, family=FAMILY), STEPS[deed.step]
    last = (deed.party, deed.n)
    if isinstance(body, Request):
        begins(one, "a request for consent")
        return Retransfer(
            id=body.retransfer,
            terms=body,
            opener=deed.party,
            status=Status.REQUESTED,
            last=last,
        )
    if one is None:
        raise missing("request for consent")
    plays = step.by == EITHER or (deed.party == one.opener) == (step.by == OPENER)
    may(one.title, one.status, step, plays=plays, whose=WHOSE)
    moved = attrs.evolve(one, status=Status(step.target) if step.target else one.status, last=last)
    match body:
        case Grant():
            status = Status.GRANTED_WITH_PROVISOS if body.provisos else Status.GRANTED
            return attrs.evolve(moved, status=status, grant=body)
        case Use():
            return _used(moved, body)
        case Reasoned():
            return attrs.evolve(moved, reason=body.reason)
        case _:
            return moved


def _used(moved: Retransfer, body: Use) -> Retransfer:
    assert moved.grant is not None  # it was granted
    if body.provisos != provisos_digest(moved.grant.provisos):
        raise RefusedError(
            "retransfers.other_provisos", "What was accepted are not the provisos of the consent."
        )
    return attrs.evolve(moved, report=body.report)


def state_json(book: Book[Retransfer]) -> list[Json]:
    """Return every request as JSON: equal for equal states."""
    return [
        {
            "retransfer": each.id,
            "terms": json_of(each.terms),
            "opener": each.opener,
            "status": str(each.status),
            "grant": None if each.grant is None else json_of(each.grant),
            "reason": each.reason,
            "report": each.report,
            "last": list(each.last),
        }
        for each in book.things()
    ]
