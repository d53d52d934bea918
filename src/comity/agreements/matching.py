"""Which unit of an edited text is which unit of the text as it stands.

People edit a file; the file carries no ids. Units are matched first where label and words are the
same, then by equal words under another number, then by label path, then, among what is left under
the same parent, by similarity. What stays unmatched is new or gone. The number of comparisons is
bounded.
"""

import difflib
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Final

from comity.agreements.fields import fold
from comity.agreements.model import Content
from comity.agreements.paths import Paths, read_paths

_LIKENESS_MIN: Final = 0.5
_TELLING_CHARS: Final = 20
_COMPARED_CHARS_MAX: Final = 2_000
_COMPARISONS_MAX: Final = 20_000


def match_units(old: Mapping[str, Content], new: Mapping[str, Content]) -> dict[str, str]:
    """Return the old unit for every new unit that has one, by new unit id."""
    before, after = read_paths(old), read_paths(new)
    found: dict[str, str] = {}

    def same_words(paths: Paths, unit: str) -> Hashable:
        return paths.longest[unit], _words(paths.units[unit])

    def same_path(paths: Paths, unit: str) -> Hashable:
        return (paths.longest[unit],) if paths.units[unit].label else None

    def same_text(paths: Paths, unit: str) -> Hashable:
        content = paths.units[unit]
        heading, text = fold(content.heading), fold(content.text)
        return (content.kind, heading, text) if heading or len(text) > _TELLING_CHARS else None

    # Words before labels: a new Article 5 moves the numbers of all that follow, not their words.
    for key in (same_words, same_text, same_path):
        _pair(before, after, found, key=key)
    _pair_alike(before, after, found)
    return found


def _pair(
    before: Paths,
    after: Paths,
    found: dict[str, str],
    *,
    key: Callable[[Paths, str], Hashable],
) -> None:
    taken = set(found.values())
    free: defaultdict[Hashable, list[str]] = defaultdict(list)
    for unit in before.longest:
        if unit not in taken:
            free[key(before, unit)].append(unit)
    for queue in free.values():
        queue.reverse()
    for unit in after.longest:
        made = key(after, unit) if unit not in found else None
        if made is not None and free.get(made):
            found[unit] = free[made].pop()


def _pair_alike(before: Paths, after: Paths, found: dict[str, str]) -> None:
    """Match what is left to the likest unit under the same parent, then anywhere."""
    budget = _COMPARISONS_MAX
    for anywhere in (False, True):
        taken = set(found.values())
        left = [unit for unit in before.longest if unit not in taken]
        by_parent: defaultdict[str | None, list[str]] = defaultdict(list)
        for unit in left:
            by_parent[None if anywhere else before.units[unit].parent].append(unit)
        for unit in after.longest:
            if unit in found or budget <= 0:
                continue
            parent = after.units[unit].parent
            place = None if anywhere or parent is None else found.get(parent)
            candidates = by_parent[place]
            budget -= len(candidates)
            likest = _likest(after.units[unit], candidates, before.units)
            if likest is not None:
                found[unit] = likest
                candidates.remove(likest)


def _likest(
    content: Content, candidates: Sequence[str], units: Mapping[str, Content]
) -> str | None:
    words = _words(content)[:_COMPARED_CHARS_MAX]
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(words.split())
    best, likeness = None, _LIKENESS_MIN
    for unit in candidates[:_COMPARISONS_MAX]:
        if units[unit].kind != content.kind:
            continue
        matcher.set_seq1(_words(units[unit])[:_COMPARED_CHARS_MAX].split())
        if matcher.quick_ratio() > likeness and matcher.ratio() > likeness:
            best, likeness = unit, matcher.ratio()
    return best


def _words(content: Content) -> str:
    return fold(f"{content.label} {content.heading} {content.text}")
