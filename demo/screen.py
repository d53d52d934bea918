"""The screen: two columns, A and B, at the width of the terminal; colours only on a terminal.

What stands in a column was read back from that party's node. Lines across both columns are the
narrator's. Nothing depends on colour, and no digest is shown whole.
"""

import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Final, TextIO

WIDTH_MIN: Final = 64
WIDTH_MAX: Final = 140
WIDTH_PLAIN: Final = 104

_BOLD, _DIM, _GREEN, _RED, _CYAN, _OFF = (
    *("\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[36m"),
    "\x1b[0m",
)
_SIGNS: Final = {"+": _GREEN, "=": _GREEN, "x": _RED, "!": _RED, ">": _CYAN}


class Screen:
    """Prints the play."""

    def __init__(self, *, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._colours = self._terminal and "NO_COLOR" not in os.environ
        wide = (
            shutil.get_terminal_size((WIDTH_PLAIN, 24)).columns if self._terminal else WIDTH_PLAIN
        )
        self.width = max(WIDTH_MIN, min(WIDTH_MAX, wide - 1))
        self._column = (self.width - 3) // 2
        self.lines: list[str] = []

    def title(self, words: str, a: str, b: str) -> None:
        """Print the head of the play."""
        self._line("")
        self._line(words, _BOLD)
        self._line("")
        self._row(a.upper(), b.upper(), style=_BOLD)
        self._line("─" * (self._column + 1) + "┬" + "─" * (self._column + 1), _DIM)

    def chapter(self, number: int, words: str) -> None:
        """Print the title of a chapter."""
        self._line("")
        head = f" {number}. {words} "
        self._line("━━" + head + "━" * max(0, self.width - 2 - _wide(head)), _BOLD)
        self._line("")

    def tell(self, words: str) -> None:
        """Print the narrator's words, across both columns."""
        if self.lines and self.lines[-1]:
            self._line("")
        for line in _wrapped(words, self.width - 2):
            self._line(f"  {line}", _DIM)
        self._line("")

    def a(self, *lines: str) -> None:
        """Print what A's node says."""
        self.sides(lines, ())

    def b(self, *lines: str) -> None:
        """Print what B's node says."""
        self.sides((), lines)

    def sides(self, a: Sequence[str], b: Sequence[str]) -> None:
        """Print what both nodes say, side by side."""
        left, right = self._cells(a), self._cells(b)
        for at in range(max(len(left), len(right))):
            self._row(
                left[at] if at < len(left) else "",
                right[at] if at < len(right) else "",
            )

    def plain(self, *lines: str) -> None:
        """Print lines as they are, outside the columns."""
        for line in lines:
            self._line(line)

    def wait(self) -> None:
        """Wait for Enter; goes on where nobody can press it."""
        self._out.write("\n  Enter goes on ")
        self._out.flush()
        sys.stdin.readline()

    def _cells(self, lines: Sequence[str]) -> list[str]:
        """Return lines wrapped to a column; a sign before the words hangs out to the left."""
        made: list[str] = []
        for line in lines:
            sign = line[:2] if line[:2] in {f"{sign} " for sign in _SIGNS} else "  "
            words = line[2:] if sign.strip() else line
            indent = " " * (len(words) - len(words.lstrip(" ")))
            for number, part in enumerate(_wrapped(words.strip(), self._column - 2 - len(indent))):
                lead = sign if number == 0 else "  "
                made.append(f"{lead}{indent}{'  ' if number and indent else ''}{part}")
        return made

    def _row(self, left: str, right: str, *, style: str = "") -> None:
        gap = " " * max(0, self._column - _wide(left))
        self._line(f"{self._shown(left, style)}{gap} │ {self._shown(right, style)}".rstrip())

    def _shown(self, cell: str, style: str) -> str:
        colour = style or _SIGNS.get(cell[:1], "") * (cell[1:2] == " ")
        return f"{colour}{cell}{_OFF}" if self._colours and colour and cell else cell

    def _line(self, words: str, style: str = "") -> None:
        self.lines.append(words)
        if self._colours and style and words:
            words = f"{style}{words}{_OFF}"
        self._out.write(f"{words}\n")
        self._out.flush()


def _wrapped(words: str, width: int) -> list[str]:
    """Return words in lines that fit, also where letters are two columns wide."""
    if _wide(words) == len(words):
        return textwrap.wrap(words, max(width, 10)) or [""]
    lines, line = [], ""
    for part in words.split(" "):
        joined = f"{line} {part}" if line else part
        while _wide(joined) > width:
            cut = line
            if not line or _wide(part) > width:
                cut = _head(joined, width)
            lines.append(cut)
            joined = joined[len(cut) :].lstrip(" ")
            line = ""
        line = joined
    return [*lines, line] if line or not lines else lines


def _head(words: str, width: int) -> str:
    taken = 0
    while taken < len(words) and _wide(words[: taken + 1]) <= width:
        taken += 1
    return words[: max(taken, 1)]


def _wide(words: str) -> int:
    """Return how many columns words take."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in words
    )


def when(instant: str | None) -> str:
    """Return an instant as people write it."""
    if not instant:
        return "-"
    day, _, time = instant.partition("T")
    year, month, number = day.split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]} {year}, {time.rstrip('Z')} UTC"


def date(instant: str | None) -> str:
    """Return the day of an instant as people write it."""
    return when(instant).partition(",")[0]


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    for unit, shift in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if count >> shift:
            return f"{count / (1 << shift):.1f} {unit}"
    return f"{count} bytes"


def short(digest: str) -> str:
    """Return the first groups of a digest, enough to compare by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4)) + " ..."


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
