"""How people name a unit in a file: by its printed labels, "Article 4" or "Article 4 2. (a)".

A path is the labels from some ancestor down to the unit, with spaces between; white space is
folded. A unit without a label is named by its heading. A unit id names its unit as well.
"""

import difflib
from collections.abc import Mapping
from typing import Final

import attrs

from comity.agreements.fields import fold
from comity.agreements.model import Content, in_order, label_path
from comity.foundation.errors import PeerError

_DEPTH_MAX: Final = 16
_SHOWN_MAX: Final = 5
_SUGGESTED_FROM_MAX: Final = 2_000


@attrs.frozen
class Paths:
    """The paths of a text and the units below each unit."""

    units: Mapping[str, Content]
    by_path: Mapping[str, tuple[str, ...]]
    longest: Mapping[str, str]
    below: Mapping[str, tuple[str, ...]]

    def find(self, path: str) -> tuple[str, ...]:
        """Return the units that ``path`` names, in printed order; empty if there is none."""
        if path in self.longest:
            return (path,)
        return self.by_path.get(fold(path), ())

    def one(self, path: str, *, where: str) -> str:
        """Return the only unit that ``path`` names.

        Raises:
            PeerError: ``paths.none`` or ``paths.many``; the message says what would do.
        """
        found = self.find(path)
        if not found:
            raise self.missing(path, where=where)
        if len(found) > 1:
            raise self.ambiguous(path, found, where=where)
        return found[0]

    def name(self, unit: str) -> str:
        """Return the path from the article down, or a longer one, that names only ``unit``.

        Where labels stand twice and no path tells the units apart, it is the unit's id.
        """
        steps = self.longest[unit].split("\n")
        usual = fold(label_path(self.units, unit))
        longer = (" ".join(steps[start:]) for start in range(len(steps) - 1, -1, -1))
        for path in (usual, *(each for each in longer if len(each) > len(usual))):
            if self.by_path.get(path) == (unit,):
                return path
        return unit

    def subtree(self, unit: str) -> tuple[str, ...]:
        """Return the unit and all below it, in printed order."""
        found: list[str] = []
        waiting = [unit]
        while waiting:
            at = waiting.pop()
            found.append(at)
            waiting.extend(reversed(self.below.get(at, ())))
        return tuple(found)

    def missing(self, path: str, *, where: str) -> PeerError:
        """Return the error that says that nothing is named ``path``."""
        known = list(self.by_path)[:_SUGGESTED_FROM_MAX]
        close = difflib.get_close_matches(fold(path)[:200], known, n=_SHOWN_MAX)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        return PeerError("paths.none", f"{where}: no unit is labelled {path[:80]!r}.{hint}")

    def ambiguous(self, path: str, found: tuple[str, ...], *, where: str) -> PeerError:
        """Return the error that says that several units are named ``path``."""
        shown = ", ".join(self.longest[unit].replace("\n", " ") for unit in found[:_SHOWN_MAX])
        return PeerError(
            "paths.many",
            f"{where}: {path[:80]!r} names {len(found)} units ({shown}); "
            "write the labels above it as well.",
        )


def read_paths(units: Mapping[str, Content]) -> Paths:
    """Return the paths of all units that stand."""
    by_path: dict[str, list[str]] = {}
    longest: dict[str, str] = {}
    below: dict[str, list[str]] = {}
    for unit in in_order(units):
        parent = units[unit].parent
        if parent is not None and parent in longest:
            below.setdefault(parent, []).append(unit)
        name = fold(units[unit].label or units[unit].heading)
        above = longest.get(parent or "", "").split("\n") if parent in longest else []
        steps = [step for step in (*above, name) if step][-_DEPTH_MAX:]
        longest[unit] = "\n".join(steps)
        if name:
            for start in range(len(steps)):
                by_path.setdefault(" ".join(steps[start:]), []).append(unit)
    return Paths(
        units,
        {path: tuple(found) for path, found in by_path.items()},
        longest,
        {unit: tuple(found) for unit, found in below.items()},
    )
