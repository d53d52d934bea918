"""Our private red lines: kept in the house, checked before our own acts, answered to nobody else.

Nothing here makes a message or changes one. Source: agreements.md D3.6; design 2 (idea 4).
"""

from collections.abc import Mapping, Sequence

import attrs

from comity.agreements.fold import UnitView
from comity.agreements.model import Content, alternative_digest, label_path
from comity.agreements.moves import AcceptPackage, Move, Package, Propose
from comity.agreements.redlines import (
    LINES_MAX,
    Candidate,
    Deviation,
    Finding,
    KeepRule,
    RedLine,
    blocks,
    check,
    consents,
)
from comity.agreements.redlines_file import lines_toml, read_lines
from comity.api import operations as op
from comity.api import redlines as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.node.context import HOUSE, Context
from comity.node.instruments import Found
from comity.node.officials import Official
from comity.node.red_line_forms import candidates, line_of, named, on_table, row
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class RedLines:
    """The desk of the mandate holder."""

    ctx: Context
    _fired: dict[str, tuple[tuple[UnitView, ...], tuple[RedLine, ...], tuple[Json, ...]]] = (
        attrs.field(factory=dict)
    )

    def lines(self, tx: Tx, instrument: str) -> tuple[RedLine, ...]:
        """Return our red lines for one instrument."""
        thing = tx.things.get(HOUSE, "red_lines", instrument)
        if thing is None:
            return ()
        stored = thing.value["lines"]
        assert isinstance(stored, Sequence)
        return tuple(RedLine.read(one) for one in stored)

    def deviations(self, tx: Tx, instrument: str) -> tuple[Deviation, ...]:
        """Return the permissions given to pass our red lines for one instrument."""
        thing = tx.things.get(HOUSE, "deviations", instrument)
        stored = thing.value["deviations"] if thing else []
        assert isinstance(stored, Sequence)
        return tuple(Deviation.read(one) for one in stored)

    def set(  # who, on what, and what was seen of it
        self,
        tx: Tx,
        instrument: str,
        toml: str,
        *,
        official: Official,
        version: int | None = None,
    ) -> JsonObject:
        """Replace our red lines for one instrument."""
        if version is not None:
            self._check_seen(tx, instrument, version=version)
        return self._keep(tx, instrument, read_lines(toml), official=official)

    def put(
        self,
        tx: Tx,
        instrument: str,
        request: asks.PutRedLine,
        *,
        units: Mapping[str, Content],
        official: Official,
    ) -> JsonObject:
        """Set one red line: a new one, or in place of one that there is.

        Raises:
            MisuseError: ``redlines.stale``, ``redlines.taken``, ``redlines.full``, and as
                ``line_of``.
            RefusedError: ``redlines.unknown``.
        """
        self._check_seen(tx, instrument, version=request.version)
        lines = {line.id: line for line in self.lines(tx, instrument)}
        before = self._known(lines, request.replaces) if request.replaces else None
        line = line_of(request.line, units, before=before)
        if before is None and not request.line.id:
            line = attrs.evolve(line, id=named(line, lines.keys()))
        if line.id in lines and (before is None or before.id != line.id):
            raise MisuseError("redlines.taken", f"There is a red line {line.id!r} already.")
        if before is None and len(lines) >= LINES_MAX:
            raise MisuseError(
                "redlines.full", f"There are {LINES_MAX} red lines already: the most there can be."
            )
        kept = [line if each is before else each for each in lines.values()]
        made = kept if before is not None else [*kept, line]
        answer = self._keep(tx, instrument, made, official=official)
        return {**answer, "red_line": line.id}

    def drop(
        self, tx: Tx, instrument: str, request: asks.DropRedLine, *, official: Official
    ) -> JsonObject:
        """Take one red line away.

        Raises:
            MisuseError: ``redlines.stale``; RefusedError: ``redlines.unknown``.
        """
        self._check_seen(tx, instrument, version=request.version)
        lines = {line.id: line for line in self.lines(tx, instrument)}
        del lines[self._known(lines, request.line).id]
        return self._keep(tx, instrument, tuple(lines.values()), official=official)

    def _known(self, lines: Mapping[str, RedLine], line: str) -> RedLine:
        if line not in lines:
            raise RefusedError("redlines.unknown", f"We have no red line {line!r}.")
        return lines[line]

    def _keep(
        self, tx: Tx, instrument: str, lines: Sequence[RedLine], *, official: Official
    ) -> JsonObject:
        value: JsonObject = {"lines": [line.json() for line in lines]}
        version = tx.things.put(HOUSE, "red_lines", instrument, value={**value, "by": official.id})
        self.ctx.ledger.house(
            tx, "house.red_lines", {"instrument": instrument, "by": official.id, **value}
        )
        return {"instrument": instrument, "red_lines": len(lines), "version": version}

    def _check_seen(self, tx: Tx, instrument: str, *, version: int) -> None:
        """Refuse a change of red lines that somebody else has changed meanwhile.

        Raises:
            MisuseError: ``redlines.stale``.
        """
        thing = tx.things.get(HOUSE, "red_lines", instrument)
        now = 0 if thing is None else thing.version
        if now == version:
            return
        by = "" if thing is None else str(thing.value.get("by", ""))
        who = tx.things.get(HOUSE, "official", by)
        name = str(who.value["name"]) if who else "Somebody"
        raise MisuseError(
            "redlines.stale",
            f"{name} has changed these red lines since you looked at them. Nothing was changed now;"
            " what you typed is kept. Look at them as they stand, then decide.",
            {"version": now, "seen": version, "by": name},
        )

    # --- trying a line --------------------------------------------------------------------------

    def tried(  # a line, and all that it is tried on
        self,
        tx: Tx,
        found: Found,
        form: asks.RedLineForm,
        *,
        moves: Sequence[Move],
    ) -> JsonObject:
        """Return where a line would fire now on an instrument; nothing is kept."""
        own = self.ctx.config.party
        units = found.view.units
        ours = self.standing(found)
        line = line_of(form, ours, before=self._before(tx, found.instrument, form))
        theirs = tuple(on_table(units, lambda each: each.by != (own,)))
        stood = {one.id for one in units if any(own in each.by for each in one.alternatives)}
        mine = [
            one
            for one in check([line], candidates(ours), direction="outgoing")
            if one.unit is None or one.unit in stood or isinstance(line.rule, KeepRule)
        ]
        places = (
            ("theirs", check([line], theirs, direction="incoming")),
            ("ours", mine),
            ("tray", self._blocking(tx, found, moves, lines=[line])),
        )
        rows: list[Json] = []
        for whose, findings in places:
            for plain in self._plain(found, [line], findings):
                assert isinstance(plain, Mapping)  # made just now
                rows.append({**plain, "whose": whose})
        return {"instrument": found.instrument, "line": row(line), "findings": rows}

    def tried_on_text(
        self, tx: Tx, instrument: str, form: asks.RedLineForm, *, units: Mapping[str, Content]
    ) -> JsonObject:
        """Return where a line would fire now in a draft; nothing is kept."""
        line = line_of(form, units, before=self._before(tx, instrument, form))
        rows: list[Json] = []
        for plain in self._plain(
            None, [line], check([line], candidates(units), direction="outgoing")
        ):
            assert isinstance(plain, Mapping)  # made just now
            unit = plain["unit"]
            label = label_path(units, str(unit)) if unit else ""
            rows.append({**plain, "label": label, "whose": "ours"})
        return {"instrument": instrument, "line": row(line), "findings": rows}

    def standing(self, found: Found) -> dict[str, Content]:
        """Return the text of an instrument as our side would stand by it."""
        own = self.ctx.config.party
        return {one.id: _ours_or_face(one, own) for one in found.view.units}

    def _before(self, tx: Tx, instrument: str, form: asks.RedLineForm) -> RedLine | None:
        found = (each for each in self.lines(tx, instrument) if each.id == form.id)
        return next(found, None)

    def deviate(
        self, tx: Tx, found: Found, request: op.Deviate, *, official: Official
    ) -> JsonObject:
        """Let one red line pass for one unit; only the mandate holder can."""
        unit = found.unit(request.unit)
        answer = self.let_pass(
            tx, found.instrument, line=request.line, unit=unit.id, official=official
        )
        return {**answer, "unit": unit.label}

    def let_pass(
        self, tx: Tx, instrument: str, *, line: str, unit: str, official: Official
    ) -> JsonObject:
        """Let one red line pass for one unit of a tabled text or a draft, by the unit's id.

        Raises:
            RefusedError: ``redlines.unknown``.
        """
        if all(one.id != line for one in self.lines(tx, instrument)):
            raise RefusedError("redlines.unknown", f"We have no red line {line!r}.")
        deviation = Deviation(red_line=line, on=unit, by=official.id, at=self.ctx.now())
        kept = (*self.deviations(tx, instrument), deviation)
        value: JsonObject = {"deviations": [one.json() for one in kept]}
        tx.things.put(HOUSE, "deviations", instrument, value=value)
        self.ctx.ledger.house(tx, "house.deviation", {"instrument": instrument, **deviation.json()})
        return {"instrument": instrument, "red_line": line}

    def show(self, tx: Tx, found: Found) -> JsonObject:
        """Return our red lines and where they fire now."""
        labels = {one.id: one.label for one in found.view.units}
        return {
            **self.kept(tx, found.instrument),
            "title": found.view.opening.title,
            "findings": self.shown(tx, found),
            "deviations": [
                {**one.json(), "label": labels.get(one.on, "")}
                for one in self.deviations(tx, found.instrument)
            ],
        }

    def kept(self, tx: Tx, instrument: str) -> JsonObject:
        """Return our red lines for an instrument or a draft, also as the file that is edited."""
        lines = self.lines(tx, instrument)
        thing = tx.things.get(HOUSE, "red_lines", instrument)
        return {
            "instrument": instrument,
            "version": 0 if thing is None else thing.version,
            "red_lines": [row(line) for line in lines],
            "toml": lines_toml(lines),
            "findings": [],
            "deviations": [],
        }

    def shown(self, tx: Tx, found: Found) -> list[Json]:
        """Return where our red lines fire on what the counterpart has on the table."""
        lines, units = self.lines(tx, found.instrument), found.view.units
        kept = self._fired.get(found.instrument)
        if kept is None or kept[0] is not units or kept[1] != lines:
            kept = self._fired[found.instrument] = (units, lines, self._fire(found, lines))
        return list(kept[2])

    def _fire(self, found: Found, lines: Sequence[RedLine]) -> tuple[Json, ...]:
        own = self.ctx.config.party
        coming = tuple(on_table(found.view.units, lambda each: each.by != (own,)))
        return tuple(self._plain(found, lines, check(lines, coming, direction="incoming")))

    def _plain(
        self, found: Found | None, lines: Sequence[RedLine], findings: Sequence[Finding]
    ) -> list[Json]:
        labels = {one.id: one.label for one in found.view.units} if found else {}
        sentences = {line.id: line.sentence for line in lines}
        return [
            {
                "line": one.line,
                "severity": one.severity,
                "unit": one.unit,
                "label": labels.get(one.unit or "", ""),
                "sentence": sentences.get(one.line, ""),
                "why": one.why,
            }
            for one in findings
        ]

    def findings(self, tx: Tx, found: Found, moves: Sequence[Move]) -> list[Json]:
        """Return what stands against tabling these moves."""
        lines = self.lines(tx, found.instrument)
        return self._plain(found, lines, self._blocking(tx, found, moves, lines=lines))

    def _blocking(
        self, tx: Tx, found: Found, moves: Sequence[Move], *, lines: Sequence[RedLine]
    ) -> tuple[Finding, ...]:
        if not lines or not moves:
            return ()
        return blocks(
            lines,
            _opened(found, moves),
            units=_resulting(found, moves),
            deviations=self.deviations(tx, found.instrument),
            role="negotiator",
        )

    def check(self, tx: Tx, found: Found, moves: Sequence[Move]) -> None:
        """Refuse to table what our own red lines forbid.

        Raises:
            RefusedError: ``redlines.blocked``: names the line, the unit and who could let it pass.
        """
        lines = self.lines(tx, found.instrument)
        findings = self._blocking(tx, found, moves, lines=lines)
        self._refuse(found.instrument, self._plain(found, lines, findings))

    def check_text(self, tx: Tx, instrument: str, units: Mapping[str, Content]) -> None:
        """Refuse to table, adopt or initial a whole text that our own red lines forbid.

        Raises:
            RefusedError: ``redlines.blocked``.
        """
        self._refuse(instrument, self.text_findings(tx, instrument, units))

    def text_findings(self, tx: Tx, instrument: str, units: Mapping[str, Content]) -> list[Json]:
        """Return which of our own red lines forbid a whole text, and where."""
        lines = self.lines(tx, instrument)
        if not lines:
            return []
        findings = blocks(
            lines,
            (),
            units=candidates(units),
            deviations=self.deviations(tx, instrument),
            role="negotiator",
        )
        plain: list[Json] = []
        for one in self._plain(None, lines, findings):
            assert isinstance(one, Mapping)  # made just now
            unit = one["unit"]
            plain.append({**one, "label": label_path(units, str(unit)) if unit else ""})
        return plain

    def _refuse(self, instrument: str, findings: list[Json]) -> None:
        if not findings:
            return
        first = findings[0]
        assert isinstance(first, Mapping)
        where = first["label"] or first["unit"] or "the text"
        raise RefusedError(
            "redlines.blocked",
            f"Our own red line stands against it at {where}: «{first['sentence']}»"
            f" ({first['why']}). Nothing has left. Change the wording, or the mandate holder"
            f" lets it pass: comity redline deviate {instrument} {first['line']} UNIT.",
            {"findings": findings},
        )


def _opened(found: Found, moves: Sequence[Move]) -> tuple[Move, ...]:
    """Return the moves with an accepted package replaced by the offer that it accepts."""
    offers = {package.package: package for _, package in found.view.packages}
    opened: list[Move] = []
    for move in moves:
        offer: Package | None = None
        if isinstance(move, AcceptPackage):
            offer = offers.get(move.package)
        opened.append(offer or move)
    return tuple(opened)


def _resulting(found: Found, moves: Sequence[Move]) -> list[Candidate]:
    """Return the text as we would stand by it after these moves."""
    contents: dict[str, Content] = {one.id: one.face for one in found.view.units}
    known = {each.digest: each.content for one in found.view.units for each in one.alternatives}
    known |= {
        alternative_digest(move.unit, move.content): move.content
        for move in moves
        if isinstance(move, Propose)
    }
    for unit, digest in consents(_opened(found, moves)):
        if digest in known:
            contents[unit] = known[digest]
    return candidates(contents)


def _ours_or_face(unit: UnitView, own: str) -> Content:
    """Return the wording by which we stand, or the one on the table where we have none."""
    mine = next((each for each in unit.alternatives if own in each.by), None)
    return unit.face if mine is None else mine.content
