"""Tables of contents: headings that are listed before they stand over anything."""

from collections.abc import Sequence
from typing import Final

from comity.agreements.heading_words import CONTENTS
from comity.agreements.headings import Heading
from comity.agreements.lines import Lines
from comity.agreements.numerals import folded_word

_LISTED_MIN: Final = 3
_ENTRY_LINES_MAX: Final = 2


def in_contents(lines: Lines, headings: Sequence[tuple[int, Heading]]) -> set[int]:
    """Return the lines of headings that only list what comes later.

    A list is recognised where headings follow one another with next to nothing between them, and
    the same labels stand again later, in the same order. Under the word "Contents" two are enough.
    """
    keyed = [(line, _key(heading)) for line, heading in headings if heading.label]
    if len(keyed) < 4:
        return set()
    first_key = keyed[0][1]
    again = next((at for at in range(1, len(keyed)) if keyed[at][1] == first_key), None)
    if again is None:
        return set()
    listed, later = keyed[:again], iter(keyed[again:])
    if len(listed) < (2 if _announced(lines, listed[0][0]) else _LISTED_MIN):
        return set()
    later_keys = [key for _, key in later]
    at = 0
    for _, key in listed:
        while at < len(later_keys) and later_keys[at] != key:
            at += 1
        if at == len(later_keys):
            return set()
        at += 1
    ends = [line for line, _ in listed[1:]]
    thin = all(
        sum(not blank for blank in lines.blank[start + 1 : end]) < _ENTRY_LINES_MAX
        and all(len(text) <= 200 for text in lines.all[start + 1 : end])
        for (start, _), end in zip(listed, ends, strict=False)
    )
    return {line for line, _ in listed} if thin else set()


def _key(heading: Heading) -> tuple[str, str]:
    return heading.kind, folded_word(heading.label)


def _announced(lines: Lines, first: int) -> bool:
    above = (line for line in reversed(lines.all[max(0, first - 6) : first]) if line.strip())
    nearest = next(above, "")
    return folded_word(nearest.strip(" \t*_#:")) in CONTENTS
