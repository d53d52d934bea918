"""Positions of each party on each unit, and what follows from two of them.

Each party's positions are folded from its own moves alone. The joint status of a unit is a pure
function of the two positions, so it cannot depend on which node computes it or in which order acts
arrived. A stance counts only while the alternative it names stands as its author had seen it;
nothing is carried over to a changed text. Source: agreements.md D3.1, D3.3, D3.4;
spec 5.3.
"""

import enum
from collections.abc import Mapping
from typing import Final

import attrs

from comity.agreements import moves as m
from comity.agreements.events import Place
from comity.agreements.model import alternative_digest


class Status(enum.StrEnum):
    """Where a unit stands. Source: agreements.md D3.3."""

    NEW = "new"
    OPEN = "open"
    BRACKETED = "bracketed"
    RESERVED = "reserved"
    AGREED_AD_REF = "agreed_ad_ref"
    AGREED = "agreed"
    PARKED = "parked"
    CLOSED = "closed"


@attrs.frozen(kw_only=True)
class Stance:
    """What a party stands by: a digest, fully or ad referendum, as said in act ``n``."""

    digest: str
    ad_ref: bool
    n: int
    seen: int


@attrs.frozen(kw_only=True)
class Position:
    """One party's position on one unit after its act ``n``.

    Attributes:
        n: The act that made this position.
        seen: What its author had then seen of the counterpart's log.
        own: Digest of the party's own alternative, while it has one.
        own_n: The act that last changed ``own``; -1: none.
        moved_n: The act that last proposed, accepted or withdrew; -1: none.
        stance: What the party stands by.
        reserve: The kind of its reserve, while it holds one.
        parked: Whether it wishes to come back later.
        reopened_n: The act that last reopened the unit; -1: none.
        reopened: How often it reopened the unit.
        objection: The digest it last said no to.
    """

    n: int
    seen: int
    own: str | None = None
    own_n: int = -1
    moved_n: int = -1
    stance: Stance | None = None
    reserve: str | None = None
    parked: bool = False
    reopened_n: int = -1
    reopened: int = 0
    objection: str | None = None


NOBODY: Final = Position(n=-1, seen=0)


@attrs.frozen(kw_only=True)
class NoEffect:
    """Something a party did that does not count, and why.

    Attributes:
        party: Who did it.
        n: Its act.
        unit: The unit it concerned; None for acts on the whole instrument.
        what: The name of the move or act.
        reason: ``changed``, ``withdrawn``, ``reopened``, ``not_ad_ref``, ``package``, ``text``,
            ``superseded``, ``concluded``, ``not_allowed``, ``conclusion``.
        message: The same for a person.
    """

    party: str
    n: int
    unit: str | None
    what: str
    reason: str
    message: str


def step(position: Position | None, move: m.UnitMove, place: Place) -> Position:
    """Return a party's position on a unit after one more of its own moves.

    A move that does not apply (a confirmation of nothing) leaves the position as it was, but for
    its place; ``idle`` tells which those are.
    """
    before = NOBODY if position is None else position
    now = attrs.evolve(before, n=place.n, seen=place.seen)
    match move:
        case m.Propose():
            return _set(now, alternative_digest(move.unit, move.content), place=place)
        case m.Accept() | m.AcceptAdRef():
            ad_ref = isinstance(move, m.AcceptAdRef)
            own = now.own if now.own == move.digest else None
            return _set(now, own, place=place, stance=move.digest, ad_ref=ad_ref)
        case m.Withdraw():
            return _set(now, None, place=place)
        case m.Confirm():
            stance = Stance(digest=move.digest, ad_ref=False, n=place.n, seen=place.seen)
            return now if idle(before, move) else attrs.evolve(now, stance=stance)
        case m.Reopen():
            count = now.reopened + 1
            return attrs.evolve(now, stance=None, reopened_n=place.n, reopened=count)
        case _:
            return _flagged(now, move)


def _flagged(now: Position, move: m.Flag) -> Position:
    match move:
        case m.Object():
            return attrs.evolve(now, objection=move.digest)
        case m.Reserve():
            return attrs.evolve(now, reserve=move.reserve)
        case m.Lift():
            return attrs.evolve(now, reserve=None)
        case m.Park():
            return attrs.evolve(now, parked=True)
        case _:
            return attrs.evolve(now, parked=False)


def idle(position: Position, move: m.UnitMove) -> bool:
    """Return whether ``move`` confirms something that its author has not accepted ad referendum."""
    stance = position.stance
    return isinstance(move, m.Confirm) and (
        stance is None or not stance.ad_ref or stance.digest != move.digest
    )


def _set(
    now: Position,
    own: str | None,
    *,
    place: Place,
    stance: str | None = None,
    ad_ref: bool = False,
) -> Position:
    """Return the position with the alternative ``own`` and a stance (on ``own`` if not given)."""
    on = own if stance is None else stance
    return attrs.evolve(
        now,
        own=own,
        own_n=now.own_n if own == now.own else place.n,
        moved_n=place.n,
        stance=None if on is None else Stance(digest=on, ad_ref=ad_ref, n=place.n, seen=place.seen),
    )


def at_head(history: tuple[Position, ...], head: int | None) -> Position | None:
    """Return the position below the log size ``head`` (None: the newest)."""
    if head is None:
        return history[-1] if history else None
    return next((each for each in reversed(history) if each.n < head), None)


def broken(mine: Position, theirs: Position) -> str | None:
    """Return why the stance in ``mine`` does not count, or None where it does (or there is none).

    On one's own alternative only a reopening that one had not seen breaks it; on the counterpart's
    also any change of that alternative. Source: spec 5.3.4.
    """
    stance = mine.stance
    if stance is None:
        return None
    if stance.digest != mine.own:
        standing = {theirs.own, theirs.stance.digest if theirs.stance else None}
        if stance.digest not in standing or theirs.own_n >= stance.seen:
            return "withdrawn" if theirs.own is None and theirs.stance is None else "changed"
    return "reopened" if theirs.reopened_n >= stance.seen else None


@attrs.frozen(kw_only=True)
class Joint:
    """What follows from two positions on one unit.

    Attributes:
        status: Where the unit stands.
        agreed: The digest both stand by, ad referendum or not, reserved or not.
        alternatives: The alternatives on the table: digest to the parties that propose it.
        stances: What counts of what each party stands by.
        turn: Whose position is awaited.
    """

    status: Status
    agreed: str | None
    alternatives: Mapping[str, tuple[str, ...]]
    stances: Mapping[str, Stance]
    turn: tuple[str, ...]

    def gone(self) -> bool:
        """Return whether no alternative is left: the unit is not part of the text."""
        return not self.alternatives and self.agreed is None


def joint(positions: Mapping[str, Position], *, packaged: str | None) -> Joint:
    """Return the joint status of one unit.

    Args:
        positions: By party, for exactly the two parties; ``NOBODY`` where it has said nothing.
        packaged: The digest that an accepted package puts on this unit, if one holds.
    """
    first, second = positions
    counted: dict[str, Stance] = {}
    for mine, theirs in ((first, second), (second, first)):
        stance = positions[mine].stance
        if packaged is not None:
            counted[mine] = Stance(digest=packaged, ad_ref=False, n=-1, seen=0)
        elif stance is not None and broken(positions[mine], positions[theirs]) is None:
            counted[mine] = stance
    digests = {stance.digest for stance in counted.values()}
    agreed = digests.pop() if len(counted) == 2 and len(digests) == 1 else None
    alternatives = _alternatives(positions, agreed)
    status = _status(positions, counted, agreed=agreed, brackets=len(alternatives))
    return Joint(
        status=status,
        agreed=agreed,
        alternatives=alternatives,
        stances=counted,
        turn=_turn(positions, counted, status=status),
    )


def _alternatives(
    positions: Mapping[str, Position], agreed: str | None
) -> Mapping[str, tuple[str, ...]]:
    if agreed is not None:
        return {agreed: tuple(positions)}
    made: dict[str, tuple[str, ...]] = {}
    for party, position in positions.items():
        if position.own is not None:
            made[position.own] = (*made.get(position.own, ()), party)
    return made


def _status(
    positions: Mapping[str, Position],
    counted: Mapping[str, Stance],
    *,
    agreed: str | None,
    brackets: int,
) -> Status:
    if all(position.parked for position in positions.values()):
        return Status.PARKED
    if agreed is None:
        if brackets > 1:
            return Status.BRACKETED
        unanswered = any(position.n < 0 for position in positions.values())
        return Status.NEW if unanswered else Status.OPEN
    if any(position.reserve is not None for position in positions.values()):
        return Status.RESERVED
    ad_ref = any(stance.ad_ref for stance in counted.values())
    return Status.AGREED_AD_REF if ad_ref else Status.AGREED


def _turn(
    positions: Mapping[str, Position], counted: Mapping[str, Stance], *, status: Status
) -> tuple[str, ...]:
    """Return whose position is awaited: who holds back, or who has not answered the last word."""
    if status in {Status.AGREED, Status.PARKED}:
        return ()
    if status is Status.RESERVED:
        return tuple(party for party, each in positions.items() if each.reserve is not None)
    if status is Status.AGREED_AD_REF:
        return tuple(party for party, stance in counted.items() if stance.ad_ref)
    first, second = positions
    pairs = ((first, second), (second, first))
    return tuple(
        mine
        for mine, theirs in pairs
        if positions[mine].n < 0 or positions[theirs].n >= positions[mine].seen
    )
