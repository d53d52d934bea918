"""The body under a heading: its own words, its paragraphs and their items.

A body is cut into blocks where a line break is meant. A block that starts with a label becomes a
paragraph or, below another label, an item; one block alone is the unit's own text. Every character
of the body lands in exactly one unit, in order. Source: ``docs/spec/04-text.md`` 4.2, 4.7.
"""

# ruff: noqa: RUF001  (marks of many scripts on purpose)
import re
from collections.abc import Sequence
from typing import Final

import attrs

from comity.agreements.labels import Label, Reading, is_rule, read_label
from comity.agreements.lines import Lines
from comity.agreements.model import LAYOUT_CHARS_MAX
from comity.agreements.numerals import Number

_DEPTH_MAX: Final = 6
_STEP_MAX: Final = 5
_FIRST_MAX: Final = 3
_PLAIN: Final = "plain"
#: Styles that number paragraphs; others list items below an unnumbered paragraph.
_PRIMARY: Final = frozenset({"1.", "1)", "1、", "1．", "I.", "A.", "§", "一、", "levels 2"})
_SPACE: Final = " \t\n\u00a0\u3000"
_MARKDOWN: Final = re.compile(r"(#{1,6}[ \t]{1,20})([^\n]{1,500}?)([ \t#]*\n?)$")


@attrs.define(kw_only=True)
class Draft:
    """A unit while the tree is being built; ``line`` is counted from 0."""

    kind: str
    line: int
    prefix: str = ""
    label: str = ""
    infix: str = ""
    heading: str = ""
    suffix: str = ""
    text: str = ""
    tail: str = ""
    reading: Reading | None = None
    number: Number | None = None
    children: list["Draft"] = attrs.Factory(list)


@attrs.frozen
class _Block:
    start: int
    stop: int
    label: Label | None


@attrs.define
class _Level:
    style: str
    value: int
    draft: Draft


def fill(unit: Draft, body: Sequence[str], *, line: int, width: int | None) -> None:
    """Put a body into ``unit``: its own text, its tail, its children.

    Args:
        unit: The unit under whose heading the body stands.
        body: The lines with their ends; the first is not blank.
        line: Index of the first line in the whole text.
        width: Width at which the text is hard-wrapped, or None.
    """
    if not body:
        return
    bare = [each.removesuffix("\n") for each in body]
    local = Lines(bare, [is_rule(each) for each in bare], width)
    blocks = _blocks(local)
    labelled = (n for n, block in enumerate(blocks) if _choose(block.label, []) is not None)
    leading = next(labelled, len(blocks))
    alone = leading == 1
    if alone:
        _place(unit, blocks[0], body, label=None)
    levels: list[_Level] = []
    for block in blocks[1:] if alone else blocks:
        reading = _choose(block.label, levels)
        draft = Draft(kind="paragraph", line=line + block.start, reading=reading)
        _place(draft, block, body, label=block.label if reading is not None else None)
        if reading is None:
            _add_plain(unit, draft, levels)
        else:
            _add_labelled(unit, draft, levels)


def single(unit: Draft, body: Sequence[str]) -> None:
    """Put a whole body into ``unit`` as its own text, without paragraphs."""
    _place(unit, _Block(0, len(body), None), body, label=None)


def fit(unit: Draft) -> Draft:
    """Return the unit with layout that is too long moved into its text."""
    if len(unit.suffix) > LAYOUT_CHARS_MAX:
        unit.text = unit.suffix[LAYOUT_CHARS_MAX:] + unit.text
        unit.suffix = unit.suffix[:LAYOUT_CHARS_MAX]
    if len(unit.tail) > LAYOUT_CHARS_MAX:
        unit.text += unit.tail[:-LAYOUT_CHARS_MAX]
        unit.tail = unit.tail[-LAYOUT_CHARS_MAX:]
    return unit


def _blocks(local: Lines) -> list[_Block]:
    starts: list[tuple[int, Label | None]] = []
    waiting = False
    for index, line in enumerate(local.all):
        if local.blank[index]:
            continue
        label = read_label(line)
        if label is not None and not _may_start(local, index, label):
            label = None
        apart = local.blank_before(index) or local.width is None or local.ended_before(index)
        new = label is not None or (
            apart and local.deliberate(index) and (not waiting or line.startswith("#"))
        )
        if not starts or new:
            starts.append((index, label))
        waiting = label is not None and label.size >= len(line.rstrip()) and bool(label.text)
    stops = [start for start, _ in starts[1:]] + [len(local.all)]
    return [
        _Block(start, stop, label if _has_words(local, start, stop, label=label) else None)
        for (start, label), stop in zip(starts, stops, strict=True)
    ]


def _has_words(local: Lines, start: int, stop: int, *, label: Label | None) -> bool:
    """Tell whether anything stands behind the label; "A." alone is a short text."""
    size = label.size if label is not None else 0
    return bool(local.all[start][size:].strip()) or not all(local.blank[start + 1 : stop])


def _may_start(local: Lines, index: int, label: Label) -> bool:
    if local.free(index):
        return True
    above = local.all[index - 1].rstrip()
    return label.text.startswith("(") and above.endswith((",", " and", " or", " et", " ou", " y"))


def _choose(label: Label | None, levels: Sequence[_Level]) -> Reading | None:
    """Return how the label reads after what went before; None where it is no label here."""
    if label is None:
        return None
    for step_max in (1, _STEP_MAX):
        for level in reversed(levels):
            for reading in label.readings:
                step = reading.value - level.value
                if reading.style == level.style and (
                    0 <= step <= step_max or _counts_freely(reading)
                ):
                    return reading
    for first_max in (1, _FIRST_MAX):
        for reading in label.readings:
            if reading.value <= first_max or _counts_freely(reading):
                return reading
    return None


def _counts_freely(reading: Reading) -> bool:
    return reading.style.startswith(("bullet", "levels"))


def _add_plain(unit: Draft, draft: Draft, levels: list[_Level]) -> None:
    unit.children.append(draft)
    if levels:
        del levels[1:]
        levels[0].draft = draft
    else:
        levels.append(_Level(_PLAIN, 0, draft))


def _add_labelled(unit: Draft, draft: Draft, levels: list[_Level]) -> None:
    reading = draft.reading
    assert reading is not None  # the caller has just chosen it
    depth = next((n for n, level in enumerate(levels) if level.style == reading.style), None)
    if depth is None:
        depth = len(levels)
        if levels and levels[0].style == _PLAIN and reading.style in _PRIMARY:
            depth = 0
        depth = min(depth, _DEPTH_MAX - 1)
    above = levels[depth - 1].draft if depth else unit
    above.children.append(draft)
    draft.kind = "item" if depth else "paragraph"
    del levels[depth:]
    levels.append(_Level(reading.style, reading.value, draft))


def _place(draft: Draft, block: _Block, body: Sequence[str], *, label: Label | None) -> None:
    """Put the characters of a block into label, text and layout."""
    last = block.stop
    while last > block.start + 1 and is_rule(body[last - 1].removesuffix("\n")):
        last -= 1
    words, after = "".join(body[block.start : last]), "".join(body[last : block.stop])
    if label is None:
        bare = words.lstrip(_SPACE)
        draft.suffix += words[: len(words) - len(bare)]
        words = bare
    else:
        draft.prefix, draft.label, draft.infix = label.prefix, label.text, label.gap
        words = words[label.size :]
    heading = _MARKDOWN.match(words) if label is None and not draft.label else None
    if heading is not None and not draft.heading:
        draft.prefix, draft.heading = draft.suffix + heading[1], heading[2]
        draft.suffix, words = heading[3], ""
    draft.text = words.rstrip(_SPACE)
    draft.tail = words[len(draft.text) :] + after
