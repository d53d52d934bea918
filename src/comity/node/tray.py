"""The tray: what our side has prepared on an instrument and not tabled yet.

One tray per instrument, for the whole delegation; each move says who put it there. An answer names
what its author saw (a *mark*), so that two officials who answer at once do not write over each
other. Nothing here leaves the house. Source: agreements.md D3.4; design 2 (ideas 2 and 4).
"""

from collections.abc import Mapping, Sequence

import attrs

from comity.agreements.fields import fields_plain_words
from comity.agreements.fold import UnitView
from comity.agreements.model import Content
from comity.agreements.moves import (
    Accept,
    AcceptAdRef,
    AcceptPackage,
    Confirm,
    Explain,
    Lift,
    Move,
    Object,
    Package,
    Park,
    Propose,
    Reopen,
    Reserve,
    Unpark,
    Withdraw,
    move_json,
    read_moves,
)
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.node.context import HOUSE, Context
from comity.node.instruments import Found
from comity.node.officials import Official
from comity.storage.tx import Tx

KIND = "staged"


@attrs.frozen(kw_only=True)
class Staged:
    """One move in the tray, who put it there and when."""

    move: Move
    by: str
    at: str

    @property
    def unit(self) -> str:
        """The unit it is about; empty for a package."""
        return str(getattr(self.move, "unit", ""))


@attrs.frozen(kw_only=True)
class Tray:
    """Keeps what is staged."""

    ctx: Context

    def read(self, tx: Tx, instrument: str) -> tuple[Staged, ...]:
        """Return what is staged for an instrument, in the order in which it was put there."""
        thing = tx.things.get(HOUSE, KIND, instrument)
        if thing is None:
            return ()
        moves = read_moves(thing.value["moves"])
        by = thing.value.get("by")
        names = (
            by if isinstance(by, Sequence) and len(by) == len(moves) else [["", ""]] * len(moves)
        )
        return tuple(
            Staged(move=move, by=str(who[0]), at=str(who[1]))
            for move, who in zip(moves, names, strict=True)
            if isinstance(who, Sequence)
        )

    def moves(self, tx: Tx, instrument: str) -> tuple[Move, ...]:
        """Return the moves that would be tabled."""
        return tuple(each.move for each in self.read(tx, instrument))

    def put(self, tx: Tx, found: Found, moves: Sequence[Move], *, official: Official) -> None:
        """Put moves into the tray; each takes the place of one that it contradicts.

        Raises:
            MisuseError: a move that the counterpart would refuse, with the reader's code.
        """
        at = str(self.ctx.now())
        fresh = [Staged(move=move, by=official.id, at=at) for move in moves]
        kept = {slot(each.move): each for each in (*self.read(tx, found.instrument), *fresh)}
        self._write(tx, found.instrument, tuple(kept.values()))

    def take(self, tx: Tx, found: Found, *, units: Sequence[str], packages: Sequence[str]) -> int:
        """Take moves out of the tray, all of them where none is named; return how many are left.

        Args:
            tx: The transaction.
            found: The instrument.
            units: Ids of units whose moves go.
            packages: Ids of packages whose moves go.
        """
        gone = {*units, *packages}
        kept = tuple(
            each
            for each in self.read(tx, found.instrument)
            if gone and not gone & {each.unit, str(getattr(each.move, "package", ""))}
        )
        self._write(tx, found.instrument, kept)
        return len(kept)

    def clear(self, tx: Tx, instrument: str) -> None:
        """Empty the tray."""
        tx.things.delete(HOUSE, KIND, instrument)

    def _write(self, tx: Tx, instrument: str, kept: Sequence[Staged]) -> None:
        if not kept:
            self.clear(tx, instrument)
            return
        made: list[Json] = [move_json(each.move) for each in kept]
        try:
            read_moves(made)
        except PeerError as error:  # the counterpart would refuse it
            raise error.as_family(MisuseError) from None
        value: JsonObject = {"moves": made, "by": [[each.by, each.at] for each in kept]}
        tx.things.put(HOUSE, KIND, instrument, value=value)

    # --- two officials at once ----------------------------------------------------------------

    def check_seen(  # what was shown, what is there, what is wanted
        self, tx: Tx, unit: UnitView, staged: Sequence[Staged], *, seen: str, wanted: Sequence[Move]
    ) -> None:
        """Refuse an answer to a unit that is not any more what its author looked at.

        The same answer once more is no conflict: somebody pressed twice.

        Raises:
            RefusedError: ``unit.stale``: says what has changed, and by whom.
        """
        here = mark_of(unit, staged)
        if not seen or seen == here or all(each in [one.move for one in staged] for each in wanted):
            return
        by = staged[-1].by if staged else ""
        if seen.partition(".")[0] != here.partition(".")[0]:
            why, said = "table", "its positions on the table have changed"
        elif by:
            why, said = "tray", f"{self._name(tx, by)} has put an answer into the tray"
        else:
            why, said = "tray", "its answer in the tray was removed"
        raise RefusedError(
            "unit.stale",
            f"{unit.label} is not as you saw it: {said}. Nothing was staged; what you typed is"
            " kept. Look at the unit as it stands now and answer again.",
            {"unit": unit.id, "why": why, "by": by, "mark": here},
        )

    def check_tray(self, staged: Sequence[Staged], *, seen: str) -> None:
        """Refuse to table a tray that is not any more what was confirmed.

        Raises:
            RefusedError: ``tray.stale``.
        """
        if seen and seen != tray_mark(staged):
            raise RefusedError(
                "tray.stale",
                "The tray is not as you saw it: somebody has added or removed an answer. Nothing"
                " has left. Look at the tray as it stands now and table again.",
                {"mark": tray_mark(staged)},
            )

    def _name(self, tx: Tx, official: str) -> str:
        thing = tx.things.get(HOUSE, "official", official)
        return str(thing.value["name"]) if thing else official or "somebody"

    # --- for people ---------------------------------------------------------------------------

    def rows(self, tx: Tx, found: Found, staged: Sequence[Staged]) -> list[JsonObject]:
        """Return what is staged, for people and programs."""
        units = {one.id: one for one in found.view.units}
        labels = {unit: one.label for unit, one in units.items()}
        names = {by: self._name(tx, by) for by in {each.by for each in staged}}
        return [
            {
                **_said(each.move, labels),
                "unit": each.unit or None,
                "label": labels.get(each.unit, ""),
                "package": getattr(each.move, "package", None),
                "by": each.by,
                "by_name": names[each.by] if each.by else "",
                "at": each.at,
                "stale": _gone(each.move, units.get(each.unit)),
            }
            for each in staged
        ]


def _said(move: Move, labels: Mapping[str, str]) -> JsonObject:
    """Return what a move says: its name, and its words or wording."""
    made: dict[str, Json] = {"move": str(move_json(move)["move"]), "words": ""}
    match move:
        case Propose():
            made |= wording(move.content, labels)
        case Reserve():
            made["words"] = move.reserve
        case Object() | Reopen():
            made["words"] = move.reason or ""
        case Explain():
            made["words"] = move.text
        case Package():
            made["gives"] = [labels.get(unit, unit) for unit, _ in move.gives]
            made["asks"] = [labels.get(unit, unit) for unit, _ in move.asks]
        case _:
            pass
    return made


def wording(content: Content, labels: Mapping[str, str]) -> JsonObject:
    """Return what a unit would say, with its fields in plain words."""
    return {
        "deleted": content.deleted,
        "kind": content.kind,
        "heading": content.heading,
        "text": content.text,
        "lang": content.lang,
        "fields": dict(content.fields),
        "says": list(fields_plain_words(content.fields, labels=labels)),
    }


def _gone(move: Move, unit: UnitView | None) -> bool:
    """Return whether a move answers wording that is not on the table any more."""
    if not isinstance(move, Accept | AcceptAdRef | Object | Confirm):
        return False
    standing = () if unit is None else {each.digest for each in unit.alternatives}
    return move.digest not in standing


def slot(move: Move) -> tuple[str, str]:
    """Return what a later staged move replaces: one stance, one reserve... per unit."""
    match move:
        case Propose() | Accept() | AcceptAdRef() | Confirm() | Withdraw():
            return "stance", move.unit
        case Reserve() | Lift():
            return "reserve", move.unit
        case Park() | Unpark():
            return "park", move.unit
        case Object() | Reopen() | Explain():
            return type(move).__name__, move.unit
        case AcceptPackage() | Package():
            return type(move).__name__, move.package
        case _:
            return "withdraw", move.package


def mark_of(unit: UnitView, staged: Sequence[Staged]) -> str:
    """Return the mark of a unit as one official sees it: its positions, then its staged moves."""
    table: JsonObject = {
        "alternatives": [[each.digest, *each.by] for each in unit.alternatives],
        "status": str(unit.status),
        "stances": {party: list(stance) for party, stance in unit.stances.items()},
        "reserves": dict(unit.reserves),
        "parked": list(unit.parked),
        "reopened": unit.reopened,
    }
    return f"{digest(canonical(table))[:16]}.{tray_mark(staged)}"


def tray_mark(staged: Sequence[Staged]) -> str:
    """Return the mark of staged moves: equal for equal moves."""
    return digest(canonical([move_json(each.move) for each in staged]))[:16]
