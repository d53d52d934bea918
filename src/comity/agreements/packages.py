"""Package offers: several units settled together, or none of them.

X offers to accept the alternatives in ``gives`` if Y accepts those in ``asks``; Y accepts the
package by its digest. It holds while every alternative in it stands as its accepter had seen it;
one change, and the whole package is without effect. Source: agreements.md D3.5;
spec 5.4.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from comity.agreements.events import Place
from comity.agreements.moves import AcceptPackage, Package, PackageMove, WithdrawPackage
from comity.agreements.negotiation import NoEffect, Position


@attrs.frozen(kw_only=True)
class PackageAct:
    """One package move at its place."""

    place: Place
    move: PackageMove


@attrs.frozen(kw_only=True)
class Deal:
    """An acceptance with the offer it names, and why it does not hold (None: it holds).

    Attributes:
        package: Its id.
        offer: The newest offer under that id; None where it was taken back.
        accepted: The place of the acceptance.
        broken: The unit that changed and the reason; None while the package holds.
    """

    package: str
    offer: Package | None
    accepted: Place
    broken: tuple[str | None, str] | None

    def units(self) -> Mapping[str, str]:
        """Return the digest that the package puts on each of its units."""
        return {} if self.offer is None else dict(self.offer.gives + self.offer.asks)


@attrs.frozen(kw_only=True)
class Acceptance:
    """One acceptance of a package at its place."""

    place: Place
    move: AcceptPackage


Positions: TypeAlias = Callable[[str, str], Position]


def open_offers(
    acts: Mapping[str, Sequence[PackageAct]], heads: Mapping[str, int] | None
) -> dict[tuple[str, str], tuple[Place, Package]]:
    """Return the offers that stand: the newest of each party under each id, not taken back."""
    made: dict[tuple[str, str], tuple[Place, Package]] = {}
    for party, theirs in acts.items():
        for act in theirs:
            if not act.place.inside(heads):
                continue
            if isinstance(act.move, Package):
                made[party, act.move.package] = (act.place, act.move)
            elif isinstance(act.move, WithdrawPackage):
                made.pop((party, act.move.package), None)
    return made


def deals(
    acts: Mapping[str, Sequence[PackageAct]],
    position: Positions,
    heads: Mapping[str, int] | None,
) -> tuple[Deal, ...]:
    """Return every acceptance of a package, each with whether it holds.

    Args:
        acts: The package moves of each of the two parties.
        position: Position of a party (first) on a unit (second).
        heads: The log sizes up to which acts count; None for all.
    """
    offers = open_offers(acts, heads)
    found = [
        _deal(offers.get((other, accepted.move.package)), accepted, position=position)
        for party, other in _both_ways(tuple(acts))
        for accepted in _acceptances(acts[party], heads)
    ]
    wanted: dict[str, set[str]] = {}
    for deal in found:
        if deal.broken is None:
            for unit, digest in deal.units().items():
                wanted.setdefault(unit, set()).add(digest)
    torn = {unit for unit, digests in wanted.items() if len(digests) > 1}
    return tuple(_untangled(deal, torn) for deal in found)


def settled(found: Sequence[Deal]) -> Mapping[str, str]:
    """Return the digest that the packages which hold put on units."""
    return {
        unit: digest
        for deal in found
        if deal.broken is None
        for unit, digest in deal.units().items()
    }


def no_effects(found: Sequence[Deal]) -> Iterator[NoEffect]:
    """Yield one line for each acceptance that does not hold."""
    for deal in found:
        if deal.broken is not None:
            unit, reason = deal.broken
            where = "the offer itself" if unit is None else f"unit {unit}"
            yield NoEffect(
                party=deal.accepted.party,
                n=deal.accepted.n,
                unit=unit,
                what="accept_package",
                reason=reason,
                message=f"The acceptance of package {deal.package} has no effect as a whole:"
                f" {where} is {reason}.",
            )


def _both_ways(parties: tuple[str, ...]) -> tuple[tuple[str, str], tuple[str, str]]:
    first, second = parties
    return (first, second), (second, first)


def _acceptances(
    acts: Sequence[PackageAct], heads: Mapping[str, int] | None
) -> tuple[Acceptance, ...]:
    """Return the newest acceptance of each package."""
    newest = {
        act.move.package: Acceptance(place=act.place, move=act.move)
        for act in acts
        if isinstance(act.move, AcceptPackage) and act.place.inside(heads)
    }
    return tuple(newest.values())


def _deal(
    offered: tuple[Place, Package] | None, acceptance: Acceptance, *, position: Positions
) -> Deal:
    broken: tuple[str | None, str] | None
    if offered is None:
        offer, broken = None, (None, "withdrawn")
    else:
        place, offer = offered
        if offer.digest() != acceptance.move.digest or not acceptance.place.knew(place):
            broken = (None, "changed")
        else:
            broken = next(_breaks(offer, place, acceptance.place, position=position), None)
    return Deal(
        package=acceptance.move.package, offer=offer, accepted=acceptance.place, broken=broken
    )


def _breaks(
    offer: Package, offered: Place, accepted: Place, *, position: Positions
) -> Iterator[tuple[str, str]]:
    """Yield each unit of the package that no longer stands as it was accepted."""
    sides = ((offer.gives, accepted, offered), (offer.asks, offered, accepted))
    for pairs, owner, taker in sides:
        for unit, digest in pairs:
            owned, taken = position(owner.party, unit), position(taker.party, unit)
            changed = owned.own != digest or owned.own_n >= taker.seen
            if changed or (taken.moved_n > taker.n and _stands_elsewhere(taken, digest)):
                yield unit, "changed"
            elif owned.reopened_n > owner.n or taken.reopened_n > taker.n:
                yield unit, "reopened"


def _stands_elsewhere(position: Position, digest: str) -> bool:
    return position.stance is None or position.stance.digest != digest


def _untangled(deal: Deal, torn: set[str]) -> Deal:
    """Return the deal, broken where another deal puts a different digest on one of its units."""
    clash = next((unit for unit in deal.units() if unit in torn), None)
    if deal.broken is not None or clash is None:
        return deal
    return attrs.evolve(deal, broken=(clash, "package"))
