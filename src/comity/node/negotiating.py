"""Answering, countering, tabling: nothing leaves before «table».

Answers are staged in the house and can be dropped; private red lines are looked at before our own
act and answer nobody but us. Source: agreements.md D3.4 to D3.6; design 2 (ideas 2 and 4).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.comparing import Change, changes
from comity.agreements.events import Act
from comity.agreements.exporting import export_text, fields_toml
from comity.agreements.fold import UnitView, consolidated_text, fold_act, view
from comity.agreements.model import (
    Content,
    alternative_digest,
    read_content,
)
from comity.agreements.move_checks import check_moves
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
    WithdrawPackage,
    move_json,
)
from comity.api import agreements as asks
from comity.api import operations as op
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError, MisuseError
from comity.node import folding
from comity.node.context import Context
from comity.node.countering import content_of, looked, preview
from comity.node.drafting import Drafting
from comity.node.instruments import Found, Instruments, counts_of
from comity.node.ledger import NewAct
from comity.node.officials import Official
from comity.node.red_lines import RedLines
from comity.node.showing import Showing
from comity.node.text_states import TextStates
from comity.node.tray import Staged, Tray, mark_of, tray_mark
from comity.storage.tx import Tx

_PLAIN: Final[Mapping[str, Callable[[str], Move]]] = {
    "lift": lambda unit: Lift(unit=unit),
    "withdraw": lambda unit: Withdraw(unit=unit),
    "park": lambda unit: Park(unit=unit),
    "unpark": lambda unit: Unpark(unit=unit),
}


@attrs.frozen(kw_only=True)
class Negotiating:
    """The desk of the negotiators."""

    ctx: Context
    instruments: Instruments
    red_lines: RedLines
    drafting: Drafting
    tray: Tray
    showing: Showing
    states: TextStates

    @classmethod
    def seated(
        cls, *, ctx: Context, instruments: Instruments, red_lines: RedLines, drafting: Drafting
    ) -> "Negotiating":
        """Return the desk with what stands on it."""
        tray = Tray(ctx=ctx)
        return cls(
            ctx=ctx,
            instruments=instruments,
            red_lines=red_lines,
            drafting=drafting,
            tray=tray,
            showing=Showing(ctx=ctx, instruments=instruments, red_lines=red_lines, tray=tray),
            states=TextStates(ctx=ctx, instruments=instruments),
        )

    # --- answering ----------------------------------------------------------------------------

    def answer(self, tx: Tx, request: op.Answer, *, official: Official) -> JsonObject:
        """Stage one kind of answer to units."""
        found = self.instruments.find(tx, request.instrument)
        if request.answer != "confirm" and "negotiator" not in official.roles:
            raise MisuseError(
                "agreements.only_confirm",
                f"{official.name} may confirm what was accepted ad referendum; other answers are"
                " for the negotiator.",
            )
        units = self._meant(found, request)
        moves = [self._move(request, unit) for unit in units]
        if len(units) == 1:
            self._check_seen(tx, found, units[0], wanted=moves, seen=request.mark)
        return self._stage(tx, found, moves, official=official)

    def _meant(self, found: Found, request: op.Answer) -> list[UnitView]:
        own = self.ctx.config.party
        if request.units == ["all"]:
            if request.answer in {"accept", "accept_ad_ref"}:
                return [
                    one
                    for one in found.view.units
                    if own in one.turn and theirs_of(one, own) is not None
                ]
            if request.answer == "confirm":
                return [
                    one for one in found.view.units if one.stances.get(own, ("", ""))[1] == "ad_ref"
                ]
            if request.answer == "lift":
                return [one for one in found.view.units if own in one.reserves]
        return [found.unit(name) for name in dict.fromkeys(request.units)]

    def _move(  # noqa: PLR0911 - one line per kind of answer
        self, request: op.Answer, unit: UnitView
    ) -> Move:
        words = request.words
        if request.answer in {"accept", "accept_ad_ref", "object"}:
            digest = self._offered(unit)
            if request.answer == "object":
                return Object(unit=unit.id, digest=digest, reason=words or None)
            kind = Accept if request.answer == "accept" else AcceptAdRef
            return kind(unit=unit.id, digest=digest)
        if request.answer == "confirm":
            return self._confirm(unit)
        if request.answer in _PLAIN:
            return _PLAIN[request.answer](unit.id)
        if request.answer == "reserve":
            return Reserve(unit=unit.id, reserve=words or "substantive")
        if request.answer == "reopen":
            return Reopen(unit=unit.id, reason=words or "none given")
        return Explain(unit=unit.id, text=words)

    def _confirm(self, unit: UnitView) -> Move:
        stance = unit.stances.get(self.ctx.config.party)
        if stance is None or stance[1] != "ad_ref":
            raise MisuseError(
                "agreements.not_ad_referendum",
                f"{unit.label} was not accepted ad referendum by us.",
            )
        return Confirm(unit=unit.id, digest=stance[0])

    def _offered(self, unit: UnitView) -> str:
        digest = theirs_of(unit, self.ctx.config.party)
        if digest is None:
            raise MisuseError(
                "agreements.nothing_offered",
                f"The counterpart has no wording of {unit.label} on the table to answer.",
            )
        return digest

    # --- countering ---------------------------------------------------------------------------

    def counter(self, tx: Tx, request: op.Counter, *, official: Official) -> JsonObject:
        """Stage the difference between the text as it stands and an edited one."""
        found = self.instruments.find(tx, request.instrument)
        current = {one.id: _face_for(one, self.ctx.config.party) for one in found.view.units}
        made = changes(
            current,
            request.text.encode(),
            fields=request.fields.encode() if request.fields else None,
            new_id=self.ctx.new_unit,
        )
        moves = [_propose(change) for change in made]
        labels = {one.id: one.label for one in found.view.units}
        shown: list[Json] = [_change(change, labels) for change in made]
        if request.dry_run:
            return {"instrument": found.instrument, "changes": shown, "staged": 0, "dry_run": True}
        answer = self._stage(tx, found, moves, official=official)
        return {**answer, "changes": shown, "dry_run": False}

    def counter_unit(self, tx: Tx, request: asks.CounterUnit, *, official: Official) -> JsonObject:
        """Stage another wording of one unit, or its deletion."""
        found = self.instruments.find(tx, request.instrument)
        unit = found.unit(request.unit)
        current = {one.id: _face_for(one, self.ctx.config.party) for one in found.view.units}
        content = content_of(current, unit.id, request)
        moves: list[Move] = [Propose(unit=unit.id, content=content)]
        if request.why:
            moves.append(Explain(unit=unit.id, text=request.why))
        self._check_seen(tx, found, unit, wanted=moves, seen=request.mark)
        return self._stage(tx, found, moves, official=official)

    def preview_counter(self, tx: Tx, request: asks.PreviewCounter, *, private: bool) -> JsonObject:
        """Return what a counter of one unit would come to; nothing is staged."""
        found = self.instruments.find(tx, request.instrument)
        unit = found.unit(request.unit)
        current = {one.id: _face_for(one, self.ctx.config.party) for one in found.view.units}
        made = looked(current, unit.id, request)
        labels = {one.id: one.label for one in found.view.units}
        staged = [each for each in self.tray.read(tx, found.instrument) if each.unit == unit.id]
        lines: list[Json] = []
        if private and made.content is not None:
            moves = [Propose(unit=unit.id, content=made.content)]
            lines = self.red_lines.findings(tx, found, moves)
        return {
            "instrument": found.instrument,
            "title": found.view.opening.title,
            **preview(current, unit.id, request, found=made, labels=labels),
            "mark": mark_of(unit, staged),
            "red_lines": lines,
        }

    def withdraw_package(
        self, tx: Tx, request: asks.AcceptPackage, *, official: Official
    ) -> JsonObject:
        """Stage that we take back a package of ours."""
        found = self.instruments.find(tx, request.instrument)
        own = self.ctx.config.party
        mine = [each.package for party, each in found.view.packages if party == own]
        if request.package not in mine:
            raise MisuseError(
                "agreements.package_not_ours", "We have no such package on the table."
            )
        move = WithdrawPackage(package=request.package)
        return self._stage(tx, found, [move], official=official)

    def package(self, tx: Tx, request: op.OfferPackage, *, official: Official) -> JsonObject:
        """Stage a package: what we accept of theirs, against what they accept of ours."""
        found = self.instruments.find(tx, request.instrument)
        own = self.ctx.config.party
        gives = tuple((unit.id, self._offered(unit)) for unit in map(found.unit, request.gives))
        asks: list[tuple[str, str]] = []
        staged = self.tray.moves(tx, found.instrument)
        proposed = {
            move.unit: alternative_digest(move.unit, move.content)
            for move in staged
            if isinstance(move, Propose)
        }
        for unit in map(found.unit, request.asks):
            mine = proposed.get(unit.id) or _ours(unit, own)
            if mine is None:
                raise MisuseError(
                    "agreements.nothing_asked",
                    f"We have no wording of {unit.label} on the table that they could accept.",
                )
            asks.append((unit.id, mine))
        move = Package(package=self.ctx.new_id(), gives=gives, asks=tuple(asks))
        answer = self._stage(tx, found, [move], official=official)
        return {**answer, "package": move.package}

    def accept_package(
        self, tx: Tx, request: op.AcceptPackage, *, official: Official
    ) -> JsonObject:
        """Stage the acceptance of a package of the counterpart as it stands."""
        found = self.instruments.find(tx, request.instrument)
        offers = [
            package
            for party, package in found.view.packages
            if party != self.ctx.config.party
            and (
                package.package.removeprefix("urn:uuid:").startswith(request.package)
                or request.package in {package.package, "last"}
            )
        ]
        if not offers:
            raise MisuseError(
                "agreements.package_gone", "The counterpart has no such package on the table."
            )
        offer = offers[-1]
        move = AcceptPackage(package=offer.package, digest=offer.digest())
        return self._stage(tx, found, [move], official=official)

    # --- staging and tabling ------------------------------------------------------------------

    def _stage(  # transaction, instrument, moves and author are one act
        self, tx: Tx, found: Found, moves: Sequence[Move], *, official: Official
    ) -> JsonObject:
        self.tray.put(tx, found, moves, official=official)
        return self._shown(tx, found, private=True, touched=moves)

    def _check_seen(  # an answer to one unit, and what its author had seen of that
        self, tx: Tx, found: Found, unit: UnitView, *, wanted: Sequence[Move], seen: str
    ) -> None:
        staged = [each for each in self.tray.read(tx, found.instrument) if each.unit == unit.id]
        self.tray.check_seen(tx, unit, staged, seen=seen, wanted=wanted)

    def staged(self, tx: Tx, request: asks.Staged, *, private: bool) -> JsonObject:
        """Return what would be tabled, with the red lines it touches."""
        found = self.instruments.find(tx, request.instrument)
        staged = self.tray.read(tx, found.instrument)
        shown = self._shown(tx, found, private=private, staged=staged)
        if not request.preview:
            return shown
        moves = tuple(each.move for each in staged)
        return {**shown, "preview": self._preview(tx, found, moves=moves)}

    def _shown(
        self,
        tx: Tx,
        found: Found,
        *,
        private: bool,
        touched: Sequence[Move] | None = None,
        staged: Sequence[Staged] | None = None,
    ) -> JsonObject:
        """Return the tray.

        Args:
            tx: The transaction.
            found: The instrument.
            private: Whether the reader may see red lines.
            touched: The moves just staged: then red lines are shown for these alone.
            staged: What the tray holds, where it was read already: it may be ten thousand moves.
        """
        if staged is None:
            staged = self.tray.read(tx, found.instrument)
        moves = tuple(each.move for each in staged)
        looked = moves if touched is None else touched
        return {
            "instrument": found.instrument,
            "title": found.view.opening.title,
            "staged": len(moves),
            "mark": tray_mark(staged),
            "moves": [*self.tray.rows(tx, found, staged)],
            "red_lines": self.red_lines.findings(tx, found, looked) if private else [],
        }

    def _preview(self, tx: Tx, found: Found, *, moves: Sequence[Move]) -> JsonObject:
        """Return what tabling would come to: who may, where it is recorded, and the text then."""
        own = self.ctx.config.party
        draft = Act(
            party=own,
            n=tx.logs.head(found.rel.own_origin).size,
            seen=tx.logs.head(found.rel.peer_origin).size,
            kind="agreement.table",
            data={
                "instrument": found.instrument,
                "moves": [move_json(move) for move in moves],
                "result": "0" * 64,
            },
        )
        problem: JsonObject | None = None
        try:
            check_moves(moves, draft, chains=found.state.agreements.instruments[found.instrument])
        except ComityError as error:
            problem = {
                "code": error.code,
                "message": error.message,
                "unit": str(error.facts.get("unit", "")),
            }
        before = counts_of(found.view)
        after = before
        if problem is None:
            then = fold_act(found.state.agreements, draft)
            marks = folding.marks_of(tx, found.rel, own)
            after = counts_of(view(then, found.instrument, marks=marks, at=self.ctx.now()))
        return {
            "roles": ["negotiator", "mandate_holder"],
            "log": found.rel.own_origin,
            "n": draft.n,
            "kind": draft.kind,
            "counterpart": found.rel.counterpart,
            "before": before,
            "after": after,
            "problem": problem,
        }

    def unstage(self, tx: Tx, request: asks.Unstage) -> JsonObject:
        """Drop what is staged: all of it, or what is staged on some units and packages."""
        found = self.instruments.find(tx, request.instrument)
        left = self.tray.take(
            tx,
            found,
            units=[found.unit(name).id for name in request.units],
            packages=request.packages,
        )
        return {"instrument": found.instrument, "staged": left}

    def table(self, tx: Tx, request: asks.Table) -> JsonObject:
        """Table a draft, or what is staged; now it leaves."""
        draft = self.drafting.find(tx, request.instrument)
        note: JsonObject | None = {"words": request.reason} if request.reason else None
        if draft is not None:
            return self.drafting.table(tx, draft, note=note)
        found = self.instruments.find(tx, request.instrument)
        staged = self.tray.read(tx, found.instrument)
        self.tray.check_tray(staged, seen=request.tray)
        moves = tuple(each.move for each in staged)
        if not moves:
            raise MisuseError("agreements.nothing_staged", "Nothing is staged for that instrument.")
        self.red_lines.check(tx, found, moves)
        act = NewAct(
            kind="agreement.table",
            data={
                "instrument": found.instrument,
                "moves": [move_json(move) for move in moves],
            },
            note=note,
            of=found.instrument,
        )
        recorded = self.instruments.record(tx, found, act)
        self.tray.clear(tx, found.instrument)
        return {
            "instrument": found.instrument,
            "relationship": found.rel.rel_id,
            "entry": recorded.n,
            "tabled": len(moves),
        }

    def named(self, tx: Tx, named: str) -> str:
        """Return the id of a draft or a tabled instrument."""
        draft = self.drafting.find(tx, named)
        return draft.name if draft else self.instruments.find(tx, named).instrument

    def simple(self, tx: Tx, request: op.OneInstrument, *, kind: str) -> JsonObject:
        """Record an act on the whole instrument that needs no document: talk, reopen, abandon."""
        found = self.instruments.find(tx, request.instrument)
        reason = request.reason if isinstance(request, op.Reason) else ""
        act = NewAct(
            kind=kind,
            data={"instrument": found.instrument},
            note={"reason": reason} if reason else None,
            of=found.instrument,
        )
        recorded = self.instruments.record(tx, found, act)
        return {
            "instrument": found.instrument,
            "relationship": found.rel.rel_id,
            "entry": recorded.n,
        }

    def text(self, tx: Tx, request: op.InstrumentText) -> JsonObject:
        """Return the text of an instrument: clean, with brackets, or its fields."""
        draft = self.drafting.find(tx, request.instrument)
        if draft is not None:
            return self.drafting.text(draft, form=request.form)
        found = self.instruments.find(tx, request.instrument)
        faces = {one.id: one.face for one in found.view.units}
        printers = {
            "clean": lambda: export_text(faces),
            "fields": lambda: fields_toml(faces),
            "brackets": lambda: consolidated_text(found.view),
        }
        text = printers[request.form]()
        return {
            "instrument": found.instrument,
            "form": request.form,
            "clean": found.view.clean,
            "text": text,
        }


def theirs_of(unit: UnitView, own: str) -> str | None:
    """Return the alternative of the counterpart on the table; the agreed one where it is agreed."""
    for each in unit.alternatives:
        if each.by != (own,):
            return each.digest
    return None


def _ours(unit: UnitView, own: str) -> str | None:
    return next((each.digest for each in unit.alternatives if own in each.by), None)


def _face_for(unit: UnitView, own: str) -> Content:
    """Return the wording that an edit starts from: ours if we have one, else theirs."""
    mine = next((each for each in unit.alternatives if own in each.by), None)
    return mine.content if mine is not None and not mine.content.deleted else unit.face


def _propose(change: Change) -> Move:
    content = read_content({"deleted": True}) if change.after is None else change.after
    return Propose(unit=change.unit, content=content)


def _change(change: Change, labels: Mapping[str, str]) -> JsonObject:
    shown = change.after or change.before
    assert shown is not None
    return {
        "unit": change.unit,
        "kind": change.kind,
        "label": labels.get(change.unit) or shown.label or shown.heading or shown.kind,
        "before": None if change.before is None else change.before.words().strip(),
        "after": None if change.after is None else change.after.words().strip(),
        "new": change.unit not in labels,
    }
