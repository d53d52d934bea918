"""An instrument as one official looks at it: a page of its units, each with all that stands beside.

What is private to our side (red lines, notes) is there for those alone who have a role for it.
Source: agreements.md D3.1, D3.3, D6 (journey 1).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.differing import Difference, differences
from comity.agreements.exporting import fields_toml
from comity.agreements.fold import AlternativeView, UnitView
from comity.agreements.lifecycle import State
from comity.agreements.negotiation import Status
from comity.agreements.rounds import GROUPS
from comity.api import agreements as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.node.context import HOUSE, Context
from comity.node.instruments import Found, Instruments, head
from comity.node.officials import Official
from comity.node.red_lines import RedLines
from comity.node.tray import Staged, Tray, mark_of, tray_mark, wording
from comity.storage.tx import Tx

#: In these states units are answered.
ANSWERED_IN: Final = frozenset({State.TABLED, State.NEGOTIATING, State.CLEAN, State.AGREED_AD_REF})
#: What can be asked for besides a single status.
FILTERS: Final[Mapping[str, tuple[str, ...]]] = {
    **GROUPS,
    "open": (Status.OPEN,),
    "unsettled": tuple(one for one in Status if one not in GROUPS["agreed"]),
}
NOTE: Final = "note"
NOTES_MAX: Final = 200


@attrs.frozen(kw_only=True)
class Beside:
    """What stands beside the units of an instrument for one official.

    Attributes:
        own: Our party.
        labels: How a person names each unit.
        depths: How deep each unit stands in the tree of the text.
        staged: The tray, by unit.
        rows: The tray in words, by unit.
        red_lines: Findings, by unit.
        notes: Private notes, by unit.
        answerable: Whether the instrument is at a stage where units are answered.
    """

    own: str
    labels: Mapping[str, str]
    depths: Mapping[str, int]
    staged: Mapping[str, Sequence[Staged]]
    rows: Mapping[str, Sequence[JsonObject]]
    red_lines: Mapping[str, Sequence[JsonObject]]
    notes: Mapping[str, Sequence[JsonObject]]
    answerable: bool


@attrs.frozen(kw_only=True)
class Whole:
    """What follows from all units of a text: computed once per change, not once per page.

    Attributes:
        units: The units it follows from.
        labels: How a person names each.
        depths: How deep each stands in the tree of the text.
        turns: For how many we, and they, are awaited.
    """

    units: Sequence[UnitView]
    labels: Mapping[str, str]
    depths: Mapping[str, int]
    turns: JsonObject


@attrs.frozen(kw_only=True)
class Showing:
    """Shows instruments unit by unit, and keeps private notes beside them."""

    ctx: Context
    instruments: Instruments
    red_lines: RedLines
    tray: Tray
    _wholes: dict[str, Whole] = attrs.field(factory=dict)

    def show(
        self,
        tx: Tx,
        request: asks.ShowInstrument,
        *,
        private: bool,
        names: dict[str, str],
    ) -> JsonObject:
        """Return an instrument with the units that were asked for.

        Args:
            tx: The transaction.
            request: Which instrument, and which of its units.
            private: Whether the reader may see red lines and notes.
            names: Party names by id.
        """
        found = self.instruments.find(tx, request.instrument)
        own = self.ctx.config.party
        wanted = self._sought(found, request)
        end = None if request.limit is None else request.start + request.limit
        page = wanted[request.start : end]
        findings = self.red_lines.shown(tx, found) if private else []
        whole = self._whole(found)
        beside = self._beside(tx, found, page, findings=findings)
        if private:
            beside = attrs.evolve(beside, notes=self._notes(tx, found, page))
        here = {one.id for one in page} | {None}
        shown = [_row(one, beside) for one in page]
        if request.unit:
            shown = [{**row, "fields_file": self._fields_of(found, row["unit"])} for row in shown]
        return {
            **head(found, names=names),
            "units": shown,
            "red_lines": [
                each for each in findings if isinstance(each, Mapping) and each["unit"] in here
            ],
            "private": private,
            "total": len(wanted),
            "start": request.start,
            "pages": _pages(wanted, own=own, size=request.limit),
            "turns": whole.turns,
            "labels": {
                unit: whole.labels[unit]
                for _, package in found.view.packages
                for unit, _ in package.gives + package.asks
                if unit in whole.labels
            },
            "answerable": beside.answerable,
            "staged": len(self.tray.read(tx, found.instrument)),
            "tray": tray_mark(self.tray.read(tx, found.instrument)),
        }

    def _whole(self, found: Found) -> Whole:
        units, own = found.view.units, self.ctx.config.party
        kept = self._wholes.get(found.instrument)
        if kept is None or kept.units is not units:
            kept = self._wholes[found.instrument] = Whole(
                units=units,
                labels={one.id: one.label for one in units},
                depths=_depths(units),
                turns={
                    "ours": sum(own in one.turn for one in units),
                    "theirs": sum(any(party != own for party in one.turn) for one in units),
                },
            )
        return kept

    def _fields_of(self, found: Found, unit: Json) -> str:
        """Return the fields of one unit as the file that is edited, named as in the whole text."""
        own = self.ctx.config.party
        meant = next(one for one in found.view.units if one.id == unit)
        mine = next((each for each in meant.alternatives if own in each.by), None)
        content = meant.face if mine is None or mine.content.deleted else mine.content
        if not content.fields:
            return ""
        units = {one.id: attrs.evolve(one.face, fields={}) for one in found.view.units}
        return fields_toml({**units, meant.id: content})

    def note(self, tx: Tx, request: asks.Note, *, official: Official) -> JsonObject:
        """Keep a private note beside a unit; it never leaves the house."""
        found = self.instruments.find(tx, request.instrument)
        unit = found.unit(request.unit)
        name = f"{found.instrument}/{unit.id}"
        thing = tx.things.get(HOUSE, NOTE, name)
        kept = thing.value["notes"] if thing else []
        assert isinstance(kept, Sequence)
        if len(kept) >= NOTES_MAX:
            raise MisuseError(
                "agreements.notes_full", f"{unit.label} has {NOTES_MAX} notes already: the most."
            )
        made: JsonObject = {
            "by": official.id,
            "name": official.name,
            "at": str(self.ctx.now()),
            "words": request.words,
        }
        value: JsonObject = {"notes": [*kept, made]}
        tx.things.put(HOUSE, NOTE, name, value=value, status=found.instrument)
        self.ctx.ledger.house(
            tx, "house.note", {"instrument": found.instrument, "unit": unit.id, **made}
        )
        return {"instrument": found.instrument, "unit": unit.id, "notes": len(kept) + 1}

    def _sought(self, found: Found, request: asks.ShowInstrument) -> list[UnitView]:
        """Return the units that a person looks for, in printed order."""
        own = self.ctx.config.party
        tests: list[Callable[[UnitView], bool]] = []
        if request.unit:
            unit = found.unit(request.unit)
            tests.append(lambda one: one.id == unit.id)
        if request.status:
            statuses = FILTERS.get(request.status, (request.status,))
            if not set(statuses) <= set(Status):
                known = ", ".join(dict.fromkeys([*FILTERS, *Status]))
                raise MisuseError(
                    "agreements.no_status",
                    f"A unit's status is one of {known}; found {request.status[:40]!r}.",
                )
            tests.append(lambda one: one.status in statuses)
        if request.turn:
            tests.append(
                (lambda one: own in one.turn)
                if request.turn == "ours"
                else (lambda one: any(party != own for party in one.turn))
            )
        if words := " ".join(request.words.split()).casefold():
            tests.append(lambda one: _says(one, words))
        return [one for one in found.view.units if all(test(one) for test in tests)]

    def _beside(
        self, tx: Tx, found: Found, page: Sequence[UnitView], *, findings: Sequence[Json]
    ) -> Beside:
        staged = self.tray.read(tx, found.instrument)
        by_unit: dict[str, list[Staged]] = {}
        for each in staged:
            by_unit.setdefault(each.unit, []).append(each)
        here = {one.id for one in page}
        shown = [each for each in staged if each.unit in here]
        fired: dict[str, list[JsonObject]] = {}
        for finding in findings:
            assert isinstance(finding, Mapping)
            fired.setdefault(str(finding["unit"]), []).append(finding)
        rows: dict[str, list[JsonObject]] = {}
        for row in self.tray.rows(tx, found, shown):
            rows.setdefault(str(row["unit"]), []).append(row)
        return Beside(
            own=self.ctx.config.party,
            labels=self._whole(found).labels,
            depths=self._whole(found).depths,
            staged=by_unit,
            rows=rows,
            red_lines=fired,
            notes={},
            answerable=found.view.status in ANSWERED_IN,
        )

    def _notes(
        self, tx: Tx, found: Found, page: Sequence[UnitView]
    ) -> Mapping[str, Sequence[JsonObject]]:
        made: dict[str, Sequence[JsonObject]] = {}
        noted = tx.things.list(HOUSE, NOTE, status=found.instrument, limit=1)
        for one in page if noted else ():
            thing = tx.things.get(HOUSE, NOTE, f"{found.instrument}/{one.id}")
            kept = thing.value["notes"] if thing else []
            assert isinstance(kept, Sequence)
            made[one.id] = [each for each in kept if isinstance(each, Mapping)]
        return made


def _says(one: UnitView, words: str) -> bool:
    contents = [one.face, *(each.content for each in one.alternatives)]
    return any(
        words in " ".join(text.split()).casefold()
        for content in contents
        for text in (one.label, content.heading, content.text)
    )


def _depths(units: Sequence[UnitView]) -> dict[str, int]:
    made: dict[str, int] = {}
    for one in units:
        made[one.id] = min(made.get(one.face.parent or "", -1) + 1, 9)
    return made


def _pages(wanted: Sequence[UnitView], *, own: str, size: int | None) -> list[Json]:
    """Return one line for each page: its first and last unit, and how many wait for us."""
    if size is None:
        return []
    made: list[Json] = []
    for start in range(0, len(wanted), size):
        page = wanted[start : start + size]
        made.append(
            {
                "start": start,
                "first": page[0].label,
                "last": page[-1].label,
                "ours": sum(own in one.turn for one in page),
            }
        )
    return made


def _row(one: UnitView, beside: Beside) -> JsonObject:
    own = beside.own
    mine, theirs = _side(one, own, mine=True), _side(one, own, mine=False)
    staged = beside.staged.get(one.id, ())
    return {
        "unit": one.id,
        "label": one.label,
        "kind": one.face.kind,
        "heading": one.face.heading,
        "lang": one.face.lang,
        "depth": beside.depths.get(one.id, 0),
        "status": str(one.status),
        "alternatives": [_alternative(each, one, beside) for each in one.alternatives],
        "difference": _difference(one, (mine, theirs), beside),
        "agreed": one.agreed,
        "stances": {party: list(stance) for party, stance in one.stances.items()},
        "reserves": dict(one.reserves),
        "objections": dict(one.objections),
        "parked": list(one.parked),
        "turn": list(one.turn),
        "our_turn": own in one.turn,
        "reopened": one.reopened,
        "explanations": [list(each) for each in one.explanations],
        "fields": dict(one.face.fields),
        "answers": list(_answers(one, own, theirs)) if beside.answerable else [],
        "red_lines": [*beside.red_lines.get(one.id, ())],
        "staged": [*beside.rows.get(one.id, ())],
        "notes": [*beside.notes.get(one.id, ())],
        "mark": mark_of(one, staged),
    }


def _alternative(each: AlternativeView, one: UnitView, beside: Beside) -> JsonObject:
    return {
        "digest": each.digest,
        "by": list(each.by),
        "ours": beside.own in each.by,
        **wording(each.content, beside.labels),
        "label": each.content.label or one.face.label,
    }


def _side(one: UnitView, own: str, *, mine: bool) -> AlternativeView | None:
    found = (each for each in one.alternatives if (own in each.by if mine else each.by != (own,)))
    return next(found, None)


def _difference(
    one: UnitView, sides: tuple[AlternativeView | None, AlternativeView | None], beside: Beside
) -> JsonObject | None:
    """Return how the counterpart's wording differs from ours, where both are on the table."""
    mine, theirs = sides
    if mine is None or theirs is None or mine.digest == theirs.digest:
        return None
    for found in differences({one.id: mine.content}, {one.id: theirs.content}):
        return redline(found, labels=beside.labels)
    return None


def redline(found: Difference, *, labels: Mapping[str, str]) -> JsonObject:
    """Return a difference for people and programs."""
    return {
        "unit": found.unit,
        "kind": found.kind,
        "label": labels.get(found.unit, found.label),
        "lang": _language(found),
        "runs": [[run.what, run.words] for run in found.runs()],
        "says_gone": list(found.fields_gone(labels)),
        "says_new": list(found.fields_new(labels)),
    }


def _language(found: Difference) -> str:
    """Return the language of the later wording; where it is gone, of the earlier."""
    said = [each for each in (found.after, found.before) if each is not None and not each.deleted]
    return said[0].lang if said else "und"


def _answers(one: UnitView, own: str, theirs: AlternativeView | None) -> list[str]:
    """Return which answers make sense now, the usual ones first."""
    stance = one.stances.get(own)
    tests = {
        "confirm": stance is not None and stance[1] == "ad_ref",
        "accept": theirs is not None and (stance is None or stance[0] != theirs.digest),
        "accept_ad_ref": theirs is not None and (stance is None or stance[0] != theirs.digest),
        "counter": True,
        "lift": own in one.reserves,
        "reserve": own not in one.reserves,
        "object": theirs is not None
        and own not in theirs.by
        and (stance is None or stance[0] != theirs.digest),
        "explain": True,
        "park": own not in one.parked,
        "unpark": own in one.parked,
        "withdraw": one.agreed is None and any(own in each.by for each in one.alternatives),
        "reopen": one.agreed is not None,
    }
    return [name for name, holds in tests.items() if holds]
