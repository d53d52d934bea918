"""Our private red lines: kept in the house, checked before our own acts, answered to nobody else.

Nothing here makes a message or changes one. Source: agreements.md D3.6; design 2 (idea 4).
"""

from collections.abc import Mapping, Sequence

import attrs

from comity.agreements.fold import UnitView
from comity.agreements.model import Content, alternative_digest, label_path
from comity.agreements.moves import AcceptPackage, Move, Package, Propose
from comity.agreements.redlines import (
    Candidate,
    Deviation,
    Finding,
    RedLine,
    blocks,
    check,
    consents,
)
from comity.agreements.redlines_file import lines_toml, read_lines
from comity.api import operations as op
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import RefusedError
from comity.node.context import HOUSE, Context
from comity.node.instruments import Found
from comity.node.officials import Official
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

    def set(self, tx: Tx, instrument: str, toml: str, *, official: Official) -> JsonObject:
        """Replace our red lines for one instrument."""
        lines = read_lines(toml)
        value: JsonObject = {"lines": [line.json() for line in lines]}
        tx.things.put(HOUSE, "red_lines", instrument, value=value)
        self.ctx.ledger.house(
            tx, "house.red_lines", {"instrument": instrument, "by": official.id, **value}
        )
        return {"instrument": instrument, "red_lines": len(lines)}

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
        return {
            "instrument": instrument,
            "red_lines": [line.json() for line in lines],
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
        coming = [
            Candidate(unit=unit.id, content=each.content)
            for unit in found.view.units
            for each in unit.alternatives
            if each.by != (own,)
        ]
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
        candidates = [Candidate(unit=unit, content=content) for unit, content in units.items()]
        findings = blocks(
            lines,
            (),
            units=candidates,
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
    return [
        Candidate(unit=unit, content=content)
        for unit, content in contents.items()
        if not content.deleted
    ]
