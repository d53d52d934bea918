"""The lines of a text and how they hang together: sentences, blank lines, hard wrapping.

A text may be wrapped at a fixed width ("hard-wrapped") or have one line per paragraph; the same
line break means nothing in the first and everything in the second.
"""

# ruff: noqa: RUF001  (marks of many scripts on purpose)
from collections.abc import Sequence
from typing import Final

import attrs

from comity.agreements.labels import is_rule

_WRAPPED_CHARS_MAX: Final = 160
#: Lines up to this length may be bare labels, which say nothing about wrapping.
_LABEL_CHARS_MAX: Final = 12
_ENDS: Final = frozenset(".;:!?。；：！？।॥؛؟…")
_CLOSERS: Final = "\"'”’»)]）】*_ \t\u3000\u200e\u200f\u061c"


@attrs.frozen
class Lines:
    """The lines of a text without their ends, and the width at which it is wrapped, if it is."""

    all: Sequence[str]
    blank: Sequence[bool]
    width: int | None

    def blank_before(self, index: int) -> bool:
        """Tell whether nothing, or only a blank line or a rule, stands above the line."""
        return index == 0 or self.blank[index - 1]

    def next_full(self, index: int) -> int:
        """Return the index of the first line from ``index`` on that is not blank."""
        while index < len(self.all) and self.blank[index]:
            index += 1
        return index

    def deliberate(self, index: int) -> bool:
        """Tell whether the break above the line was meant, and is not the wrapping's."""
        if self.blank_before(index) or self.width is None:
            return True
        above = len(self.all[index - 1].rstrip())
        first = self.all[index].split(maxsplit=1)[:1]
        word = first[0] if first else ""
        room = 1 if word.upper() == word.lower() and len(word) > 20 else len(word)
        return above > self.width or above + 1 + room <= self.width

    def ended_before(self, index: int) -> bool:
        """Tell whether a sentence has ended above the line."""
        return self.blank_before(index) or is_ended(self.all[index - 1])

    def free(self, index: int) -> bool:
        """Tell whether something new may start on the line."""
        return self.ended_before(index) or self.deliberate(index)


def split_lines(text: str) -> Lines:
    """Return the lines of ``text``, with the width at which it is hard-wrapped."""
    every = text.split("\n")
    blank = [is_rule(line) for line in every]
    return Lines(every, blank, _width(every, blank))


def is_ended(line: str) -> bool:
    """Tell whether the line ends as a sentence, a clause or an introduction does."""
    bare = line.rstrip(_CLOSERS)
    return not bare or bare[-1] in _ENDS


def starts_lower(line: str) -> bool:
    """Tell whether the first character of the line is a lower-case letter."""
    bare = line.lstrip()
    return bool(bare) and bare[0].islower()


def _width(every: Sequence[str], blank: Sequence[bool]) -> int | None:
    pairs = longest = wrapped = goes_on = 0
    for index in range(len(every) - 1):
        if blank[index] or blank[index + 1]:
            continue
        pairs += 1
        longest = max(longest, len(every[index].rstrip()))
        if starts_lower(every[index + 1]) and not is_ended(every[index]):
            goes_on += 1
            wrapped = max(wrapped, len(every[index].rstrip()))
    if goes_on and goes_on * 7 >= pairs and wrapped <= _WRAPPED_CHARS_MAX:
        return wrapped
    if longest > _WRAPPED_CHARS_MAX:
        return None
    caseless = caseless_full = 0
    for index in range(len(every) - 1):
        line = every[index].rstrip()
        if len(line) > _LABEL_CHARS_MAX and not blank[index + 1] and line.upper() == line.lower():
            caseless += 1
            caseless_full += 5 * len(line) >= 4 * longest
    return longest if caseless >= 4 and caseless_full * 5 >= caseless * 3 else None
