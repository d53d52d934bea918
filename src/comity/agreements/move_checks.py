"""Which moves their author may make, given what that author could know.

A move that can mean nothing (accepting what is no longer on the table, lifting no reserve) is
refused before it is stored, and the message names the unit. A move that was sensible when made and
crossed a change is stored and has no effect. Source: spec 5.2.4.
"""

from collections.abc import Sequence
from typing import NoReturn

from comity.agreements import moves as m
from comity.agreements.chains import Chain, Chains
from comity.agreements.events import Act, Place, place_of
from comity.agreements.model import label_path
from comity.agreements.negotiation import NOBODY, Position, idle, step
from comity.agreements.packages import deals, open_offers, settled
from comity.foundation.errors import PeerError, RefusedError


def check_moves(moves: Sequence[m.Move], act: Act, *, chains: Chains) -> None:
    """Refuse moves that can mean nothing; each is judged after those before it.

    Raises:
        PeerError: ``agreements.unknown_unit``.
        RefusedError: ``agreements.digest_changed``, ``agreements.in_package`` and one code per
            kind of move.
    """
    table = _Table(place_of(act), chains=chains)
    for move in moves:
        if isinstance(move, m.Package | m.AcceptPackage | m.WithdrawPackage):
            _package(table, move)
        elif isinstance(move, m.Explain):
            table.check_known(move.unit)
        else:
            _unit_move(table, move)
            table.mine[move.unit] = step(table.position(move.unit), move, table.place)


class _Table:
    """The units as the author of a tabling knew them, own moves of this tabling included."""

    def __init__(self, place: Place, *, chains: Chains) -> None:
        other = next((party for party in chains if party != place.party), "")
        self.place = place
        self.own = chains.get(place.party, Chain())
        self.other = chains.get(other, Chain())
        self.mine: dict[str, Position] = {}
        self.reopened: set[str] = set()
        sides = {place.party: self.own, other: self.other}
        heads = {place.party: place.n, other: place.seen}
        acts = {party: chain.packages for party, chain in sides.items()}
        self.settled = settled(
            deals(acts, lambda party, unit: sides[party].position(unit, heads[party]), heads)
        )
        #: Open offers by whether they are the author's own, and id.
        self.offers = {
            (party == place.party, package): offer
            for (party, package), (_, offer) in open_offers(acts, heads).items()
        }

    def position(self, unit: str) -> Position:
        """Return the author's own position on a unit."""
        found = self.mine.get(unit)
        return found or self.own.position(unit, self.place.n)

    def theirs(self, unit: str) -> Position:
        """Return the counterpart's position as the author had seen it."""
        return self.other.position(unit, self.place.seen)

    def name(self, unit: str) -> str:
        """Return how a person names a unit."""
        face = self.own.faces.get(unit) or self.other.faces.get(unit)
        return unit if face is None else label_path({unit: face}, unit)

    def check_known(self, unit: str) -> None:
        """Refuse a unit on which nobody has said anything."""
        if self.position(unit) is NOBODY and self.theirs(unit) is NOBODY:
            raise PeerError(
                "agreements.unknown_unit", f"No unit {unit} has been proposed that could be meant."
            )

    def check_on_table(self, unit: str, digest: str, *, standing: set[str | None]) -> None:
        """Refuse a digest that is not among the alternatives ``standing``."""
        if digest not in standing:
            raise RefusedError(
                "agreements.digest_changed",
                f"{self.name(unit)} has changed: the alternative {digest[:16]}... is not on the"
                " table any more. Look at the unit again.",
                {"unit": unit, "digest": digest},
            )


def _unit_move(table: _Table, move: m.UnitMove) -> None:
    unit = move.unit
    if not (isinstance(move, m.Propose) and not move.content.deleted):
        table.check_known(unit)
    if isinstance(move, m.Reopen):
        table.reopened.add(unit)
    elif isinstance(move, m.Propose | m.Accept | m.AcceptAdRef | m.Withdraw):
        _check_not_settled(table, unit)
    _check_unit(table, move)


def _check_not_settled(table: _Table, unit: str) -> None:
    if unit in table.settled and unit not in table.reopened:
        raise RefusedError(
            "agreements.in_package",
            f"{table.name(unit)} is settled by a package; reopen it first, with a reason.",
            {"unit": unit},
        )


def _accept(table: _Table, move: m.Accept | m.AcceptAdRef) -> None:
    mine, theirs = table.position(move.unit), table.theirs(move.unit)
    stood = theirs.stance.digest if theirs.stance is not None else None
    table.check_on_table(move.unit, move.digest, standing={mine.own, theirs.own, stood})


def _confirm(table: _Table, move: m.Confirm) -> None:
    if idle(table.position(move.unit), move):
        _nothing(table, move.unit, code="agreements.nothing_to_confirm", what="accepted so")
    _accept(table, m.Accept(unit=move.unit, digest=move.digest))


def _object(table: _Table, move: m.Object) -> None:
    stance = table.position(move.unit).stance
    if stance is not None and stance.digest == move.digest:
        raise RefusedError(
            "agreements.objects_to_accepted",
            f"{table.name(move.unit)}: this side stands by that alternative; reopen or withdraw"
            " instead of objecting.",
            {"unit": move.unit},
        )
    table.check_on_table(move.unit, move.digest, standing={table.theirs(move.unit).own})


def _lift(table: _Table, move: m.Lift) -> None:
    if table.position(move.unit).reserve is None:
        _nothing(table, move.unit, code="agreements.nothing_to_lift", what="reserved")


def _withdraw(table: _Table, move: m.Withdraw) -> None:
    mine = table.position(move.unit)
    if mine.own is None and mine.stance is None:
        _nothing(table, move.unit, code="agreements.nothing_to_withdraw", what="proposed")


def _unpark(table: _Table, move: m.Unpark) -> None:
    if not table.position(move.unit).parked:
        _nothing(table, move.unit, code="agreements.not_parked", what="parked")


def _nothing(table: _Table, unit: str, *, code: str, what: str) -> NoReturn:
    raise RefusedError(
        code, f"{table.name(unit)}: this side has not {what} anything there.", {"unit": unit}
    )


def _check_unit(table: _Table, move: m.UnitMove) -> None:
    match move:
        case m.Accept() | m.AcceptAdRef():
            _accept(table, move)
        case m.Confirm():
            _confirm(table, move)
        case m.Object():
            _object(table, move)
        case m.Lift():
            _lift(table, move)
        case m.Withdraw():
            _withdraw(table, move)
        case m.Unpark():
            _unpark(table, move)
        case _:
            pass


def _package(table: _Table, move: m.PackageMove) -> None:
    match move:
        case m.Package():
            _check_pairs(table, gives=move.gives, asks=move.asks)
            table.offers[True, move.package] = move
        case m.AcceptPackage():
            offer = table.offers.get((False, move.package))
            if offer is None or offer.digest() != move.digest:
                raise RefusedError(
                    "agreements.package_changed",
                    "The package was changed or taken back; look at it again.",
                    {"package": move.package},
                )
            _check_pairs(table, gives=offer.asks, asks=offer.gives)
        case _:
            if table.offers.pop((True, move.package), None) is None:
                raise RefusedError(
                    "agreements.no_package",
                    "There is no package of this side to take back.",
                    {"package": move.package},
                )


def _check_pairs(table: _Table, *, gives: m.Pairs, asks: m.Pairs) -> None:
    """Refuse unless ``gives`` are the counterpart's alternatives and ``asks`` one's own."""
    for unit, digest in gives:
        table.check_on_table(unit, digest, standing={table.theirs(unit).own})
        _check_not_settled(table, unit)
    for unit, digest in asks:
        table.check_on_table(unit, digest, standing={table.position(unit).own})
        _check_not_settled(table, unit)
