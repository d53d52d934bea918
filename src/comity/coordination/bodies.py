"""Bodies: the groups in which the two parties meet, set up by both under an article.

A body has a level, co-chairs and points of contact of each side, the rhythm in which it means to
meet, and terms of reference: a text of its own, cited by instrument and digest. Each side names its
own people and changes them alone; both name other terms, and both wind it up.
Source: agreements.md B6, D2.5; spec 10.3.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

import attrs
import msgspec
from msgspec import Meta

from comity.foundation.canonical import Json, canonical, digest
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
    begins,
    json_of,
    may,
    missing,
    read_act,
    table,
)
from comity.foundation.errors import PeerError, RefusedError
from comity.foundation.instants import Period

FAMILY: Final = "body"


class Status(StrEnum):
    """Where a body stands by its acts."""

    PROPOSED = "proposed"
    ESTABLISHED = "established"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    WOUND_UP = "wound_up"


_HERE: Final = (Status.ESTABLISHED,)

#: The machine (agreements.md D2.5; spec 10.3.2).
STEPS: Final = table(
    Step(name="propose", by=EITHER, target=Status.PROPOSED, ruled=True),
    Step(
        name="accept",
        by=OTHER,
        sources=(Status.PROPOSED,),
        target=Status.ESTABLISHED,
        ruled=True,
    ),
    Step(name="decline", by=OTHER, sources=(Status.PROPOSED,), target=Status.DECLINED),
    Step(name="withdraw", by=OPENER, sources=(Status.PROPOSED,), target=Status.WITHDRAWN),
    Step(name="appoint", by=EITHER, sources=_HERE, target=Status.ESTABLISHED),
    Step(
        name="terms",
        by=EITHER,
        sources=_HERE,
        target=Status.ESTABLISHED,
        both=True,
        ruled=True,
    ),
    Step(name="wind_up", by=EITHER, sources=_HERE, target=Status.WOUND_UP, both=True),
)

Level = Literal[
    "leaders", "ministers", "senior_officials", "group", "working_group", "steering_committee"
]
Note = Annotated[str, Meta(max_length=300, pattern=r"^[^\n\t]*$(?!\n)")]


class Side(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a party names: its co-chair and its point of contact, by name or office."""

    chair: Line
    contact: Note


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Terms of reference: the text of an instrument, by its digest."""

    instrument: Annotated[str, Meta(min_length=1, max_length=300)]
    text: Hex


class _Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    body: Id


class ProposeBody(_Act, frozen=True, kw_only=True):
    """``body.propose``: what the body is, and whom its proposer names."""

    instrument: Annotated[str, Meta(min_length=1, max_length=300)]
    unit: Annotated[str, Meta(min_length=1, max_length=100)]
    name: Line
    level: Level
    parent: Id | None
    rhythm: Annotated[str, Meta(max_length=20)]
    terms: Terms | None
    side: Side


class AcceptBody(_Act, frozen=True, kw_only=True):
    """``body.accept``: the digest of what is accepted, and whom the other party names."""

    proposal: Hex
    side: Side


class PlainOnBody(_Act, frozen=True, kw_only=True):
    """``body.withdraw``."""


class ReasonedOnBody(_Act, frozen=True, kw_only=True):
    """``body.decline``, ``body.wind_up``: why."""

    reason: Annotated[str, Meta(min_length=1, max_length=20_000)]


class Appoint(_Act, frozen=True, kw_only=True):
    """``body.appoint``: a party's own co-chair and point of contact from now on."""

    side: Side


class NameTerms(_Act, frozen=True, kw_only=True):
    """``body.terms``: the terms of reference that the body is to have."""

    terms: Terms


Act: TypeAlias = ProposeBody | AcceptBody | PlainOnBody | ReasonedOnBody | Appoint | NameTerms

FORMS: Final[Mapping[str, type[Act]]] = {
    "propose": ProposeBody,
    "accept": AcceptBody,
    "decline": ReasonedOnBody,
    "withdraw": PlainOnBody,
    "appoint": Appoint,
    "terms": NameTerms,
    "wind_up": ReasonedOnBody,
}
KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)


@attrs.frozen(kw_only=True)
class Group:
    """What the acts on one body come to.

    Attributes:
        id: Its id.
        founding: What was proposed.
        proposal: The digest of that.
        opener: Who proposed it.
        status: Where it stands.
        sides: By party, whom it names now.
        terms: Its terms of reference: those of its founding, or those that both named since.
        naming: By party, which other terms it named; they stand once both have named the same.
        ending: By party, why it wants to wind it up; the body ends when both have said so.
        reason: The words of a refusal or of the end.
        last: The act that brought it where it is.
    """

    id: str
    founding: ProposeBody
    proposal: str
    opener: str
    status: Status
    sides: Mapping[str, Side]
    terms: Terms | None = None
    naming: Mapping[str, Terms] = attrs.field(factory=dict)
    ending: Mapping[str, str] = attrs.field(factory=dict)
    reason: str = ""
    last: tuple[str, int]

    def plays(self, party: str, part: str) -> bool:
        """Return whether ``party`` has that part: opener, other, either."""
        return part == EITHER or (part == OPENER) == (self.opener == party)


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``; ``bodies.own_parent``: it names itself.
    """
    act = read(deed)
    if isinstance(act, ProposeBody):
        if act.rhythm:
            Period.parse(act.rhythm)
        if act.parent == act.body:
            raise PeerError("bodies.own_parent", "A body is no part of itself.")


def read(deed: Deed) -> Act:
    """Return what an act says.

    Raises:
        PeerError: ``deeds.form``, ``deeds.kind``, ``basics.*``.
    """
    return read_act(deed, FORMS, family=FAMILY)


def apply(group: Group | None, deed: Deed) -> Group:
    """Return the body after one more act.

    Raises:
        RefusedError: ``bodies.*``: the act cannot count at its place, and why.
    """
    act, step = read(deed), STEPS[deed.step]
    if isinstance(act, ProposeBody):
        begins(group, "a body")
        return _begun(deed, act)
    if group is None:
        raise missing("body")
    plays = group.plays(deed.party, step.by)
    may(group.founding.name, group.status, step, plays=plays, whose=_WHOSE)
    return _moved(group, deed, act)


#: What people call the parts that a step of this machine can want.
_WHOSE: Final[Mapping[str, str]] = {
    OPENER: "who proposed it",
    OTHER: "the party to which it was proposed",
}


def _begun(deed: Deed, act: ProposeBody) -> Group:
    return Group(
        id=act.body,
        founding=act,
        proposal=digest(canonical(deed.data)),
        opener=deed.party,
        status=Status.PROPOSED,
        sides={deed.party: act.side},
        terms=act.terms,
        last=(deed.party, deed.n),
    )


def _moved(group: Group, deed: Deed, act: Act) -> Group:
    moved = attrs.evolve(group, status=Status(STEPS[deed.step].target), last=(deed.party, deed.n))
    match act:
        case AcceptBody():
            if act.proposal != group.proposal:
                raise RefusedError(
                    "bodies.other_proposal", "What was accepted is not what was proposed."
                )
            return attrs.evolve(moved, sides={**group.sides, deed.party: act.side})
        case Appoint():
            return attrs.evolve(moved, sides={**group.sides, deed.party: act.side})
        case NameTerms():
            return _named(moved, deed.party, act.terms)
        case ReasonedOnBody() if deed.step == "wind_up":
            ending = {**group.ending, deed.party: act.reason}
            both = len(ending) == 2
            return attrs.evolve(
                moved, status=Status.WOUND_UP if both else group.status, ending=ending
            )
        case ReasonedOnBody():
            return attrs.evolve(moved, reason=act.reason)
        case _:
            return moved


def _named(group: Group, party: str, terms: Terms) -> Group:
    others = {each: named for each, named in group.naming.items() if each != party}
    if terms == group.terms:
        if party not in group.naming:
            raise RefusedError(
                "bodies.same_terms",
                f"«{group.founding.name}» has these terms of reference already.",
            )
        return attrs.evolve(group, naming=others)
    if terms in others.values():
        return attrs.evolve(group, terms=terms, naming={})
    return attrs.evolve(group, naming={**others, party: terms})


def state_json(book: Book[Group]) -> list[Json]:
    """Return every body as JSON: equal for equal states."""
    return [
        {
            "body": each.id,
            "founding": json_of(each.founding),
            "opener": each.opener,
            "status": str(each.status),
            "sides": {party: json_of(side) for party, side in each.sides.items()},
            "terms": None if each.terms is None else json_of(each.terms),
            "naming": {party: json_of(terms) for party, terms in each.naming.items()},
            "ending": dict(each.ending),
            "reason": each.reason,
            "last": list(each.last),
        }
        for each in book.things()
    ]
