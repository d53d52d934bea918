"""Numbers that stand twice, are missing or go back: kept as printed and reported by line."""

from collections.abc import Sequence

from comity.agreements.bodies import Draft
from comity.agreements.outline import Finding

_DIVISIONS = frozenset({"part", "chapter", "section", "article"})


def check_numbers(units: Sequence[Draft]) -> list[Finding]:
    """Return a finding for every doubled, missing or backward number of a tree."""
    findings: list[Finding] = []
    _check_divisions(units, findings)
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        _check_paragraphs(unit.children, findings)
        waiting.extend(unit.children)
    return findings


class _Count:
    """The numbers of one kind in one scope, as far as they have been read."""

    def __init__(self) -> None:
        self.last = 0
        self.label = ""
        self.above: object = None
        self.seen: dict[tuple[int, str], tuple[str, int]] = {}

    def see(self, unit: Draft, above: object, findings: list[Finding]) -> None:
        """Compare the number of a unit with those before it."""
        number = unit.number
        if number is None or number.value is None:
            return
        value, suffix = number.value, number.suffix
        if value == 1 and self.last and (above is not self.above or _word(unit) != self.label):
            self.last = 0
            self.seen.clear()
        first = self.seen.get((value, suffix))
        if first is not None:
            what = f"{unit.label} stands twice (first on line {first[1] + 1}); both are kept."
            findings.append(Finding(line=unit.line + 1, what=what))
        elif value < self.last:
            what = f"{unit.label} comes after number {self.last}; it is kept where it stands."
            findings.append(Finding(line=unit.line + 1, what=what))
        elif value > self.last + 1:
            missing = (
                str(self.last + 1) if value == self.last + 2 else f"{self.last + 1} to {value - 1}"
            )
            what = f"Number {missing} is missing before {unit.label}; nothing is renumbered."
            findings.append(Finding(line=unit.line + 1, what=what))
        self.seen.setdefault((value, suffix), (unit.label, unit.line))
        self.last, self.label, self.above = max(self.last, value), _word(unit), above


def _check_divisions(units: Sequence[Draft], findings: list[Finding]) -> None:
    """Count each kind of division through a whole text, and through each annex on its own."""
    counts: dict[str, _Count] = {}
    waiting: list[tuple[Draft, object]] = [(unit, None) for unit in reversed(units)]
    while waiting:
        unit, above = waiting.pop()
        if unit.kind == "annex":
            _check_divisions(unit.children, findings)
            continue
        if unit.kind in _DIVISIONS:
            count = counts.setdefault(unit.kind, _Count())
            count.see(unit, above, findings)
        waiting.extend((child, unit) for child in reversed(unit.children))


def _check_paragraphs(units: Sequence[Draft], findings: list[Finding]) -> None:
    last: dict[str, int] = {}
    for unit in units:
        reading = unit.reading
        if reading is None or reading.style.startswith("bullet"):
            continue
        before = last.get(reading.style, 0)
        if reading.value == before:
            what = f"{unit.label} stands twice; both are kept."
            findings.append(Finding(line=unit.line + 1, what=what))
        elif reading.value > before + 1 and not reading.style.startswith("levels"):
            what = f"A number is missing before {unit.label}; nothing is renumbered."
            findings.append(Finding(line=unit.line + 1, what=what))
        last[reading.style] = reading.value


def _word(unit: Draft) -> str:
    return unit.label.split(" ")[0].casefold()
