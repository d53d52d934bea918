"""Marks and lines become a tree: what is title, preamble and closing, and what stands in what.

Every character of the text lands in one unit, and the tree read from top to bottom is the text.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import attrs

from comity.agreements.bodies import Draft, fill, single
from comity.agreements.heading_words import CONTENTS, TESTIMONIA, TESTIMONIA_INSIDE
from comity.agreements.headings import read_heading
from comity.agreements.lines import Lines, is_ended, starts_lower
from comity.agreements.model import HEADING_CHARS_MAX, LAYOUT_CHARS_MAX
from comity.agreements.numerals import folded_word
from comity.agreements.outline import Mark, Outline
from comity.agreements.titles import run_in_heading, title_below

_LEAVES: Final = frozenset({"title", "preamble", "testimonium"})
_TITLE_CHARS_MAX: Final = 300
_TITLE_LINE_CHARS_MAX: Final = 80
_TITLE_BLOCKS_MAX: Final = 8
#: What a lead of blank lines and rules is made of.
_LEAD: Final = " \t\n\u00a0\u3000*_-=#~\u00b7\u2022\u2013\u2014"
_LEAD_CHARS_MAX: Final = 1_000


@attrs.frozen(kw_only=True)
class Tree:
    """The units of a text while they can still change, and its title."""

    title: str
    units: tuple[Draft, ...]


def build_tree(lines: Lines, outline: Outline) -> Tree:
    """Return the tree of a text."""
    marks = outline.marks
    ends = _ends(lines)
    first = marks[0].line if marks else len(lines.all)
    front, title = _front(lines, ends[:first], outline)
    lead = ""
    if marks and len(front) == 1 and _is_lead(front[0]):
        lead = front.pop().text
    roots: list[Draft] = list(front)
    ranks = _ranks(marks, lines)
    stack: list[tuple[float, Draft]] = []
    for at, mark in enumerate(marks):
        stop = marks[at + 1].line if at + 1 < len(marks) else len(lines.all)
        closes = at + 1 == len(marks) or marks[at + 1].kind == "annex"
        unit, closing = _unit(lines, ends, mark, stop=stop, closes=closes)
        if not at:
            unit.prefix = lead + unit.prefix
        rank = ranks[mark.kind]
        while stack and (stack[-1][0] >= rank or stack[-1][1].kind in _LEAVES):
            stack.pop()
        (stack[-1][1].children if stack else roots).append(unit)
        stack.append((rank, unit))
        if closing is not None:
            stack.clear()
            roots.append(closing)
    return Tree(title=title, units=tuple(roots))


def _ends(lines: Lines) -> list[str]:
    ends = [line + "\n" for line in lines.all]
    ends[-1] = lines.all[-1]
    return ends


def _ranks(marks: Sequence[Mark], lines: Lines) -> dict[str, float]:
    ranks: dict[str, float] = dict.fromkeys(("title", "preamble", "testimonium", "annex"), 0)
    ranks |= {"part": 1, "chapter": 2, "section": 3, "article": 4, "clause": 4}
    kinds = [mark.kind for mark in marks]
    if "part" in kinds and "chapter" in kinds[: kinds.index("part")]:
        ranks["part"] = 2.5
    inside = over = 0
    for upper, lower in pairwise(marks):
        if lines.next_full(upper.line + 1) >= lower.line - 2:
            inside += upper.kind == "article" and lower.kind == "section"
            over += upper.kind == "section" and lower.kind == "article"
    if inside > over:
        ranks["section"] = 5
    return ranks


def _front(lines: Lines, ends: Sequence[str], outline: Outline) -> tuple[list[Draft], str]:
    """Return what stands before the first heading, and the words of the title."""
    start = 0
    while start < len(ends) and lines.blank[start]:
        start += 1
    lead = "".join(ends[:start])
    if start == len(ends):
        return _lead_only(lead), ""
    marked = bool(outline.marks)
    kind = "preamble" if marked and outline.marks[0].kind != "preamble" else "paragraph"
    contents = lines.next_full(outline.contents_stop) if outline.contents_stop else 0
    title_end = contents and start + _contents_start(lines, start, contents)
    stop = _title_stop(lines, start, end=title_end or len(ends), marked=marked)
    made: list[Draft] = []
    if stop > start:
        made.append(_title(ends[start:stop], line=start))
    if stop < contents:
        made.append(Draft(kind="paragraph", line=stop))
        single(made[-1], ends[stop:contents])
    title = " ".join("".join(ends[start:stop]).replace("*", "").split())
    stop = max(stop, contents)
    if stop < len(ends):
        rest = Draft(kind=kind, line=stop)
        fill(rest, ends[stop:], line=stop, width=lines.width)
        if kind == "paragraph":
            made.extend([rest] if rest.text or rest.heading or not rest.children else [])
            made.extend(rest.children)
            rest.children = []
        else:
            made.append(rest)
    if len(lead) + len(made[0].prefix) > LAYOUT_CHARS_MAX:
        made[:0] = _lead_only(lead)
    else:
        made[0].prefix = lead + made[0].prefix
    return made, title.lstrip("#=- ").strip()[:HEADING_CHARS_MAX]


def _contents_start(lines: Lines, start: int, stop: int) -> int:
    """Return how many lines stand before a table of contents that ends before ``stop``."""
    return next(index - start for index in range(start, stop) if _is_listed(lines.all[index]))


def _is_listed(line: str) -> bool:
    shape = read_heading(line)
    is_heading = shape is not None and bool(shape.label)
    return is_heading or folded_word(line.strip(" \t*_#:")) in CONTENTS


def _is_lead(unit: Draft) -> bool:
    """Tell whether a unit is only the blank lines and rules above the first heading."""
    return 0 < len(unit.text) <= _LEAD_CHARS_MAX and not unit.text.strip(_LEAD)


def _lead_only(lead: str) -> list[Draft]:
    return [Draft(kind="paragraph", line=0, text=lead)] if lead else []


def _title(body: Sequence[str], *, line: int) -> Draft:
    unit = Draft(kind="title", line=line)
    single(unit, body)
    bare = unit.text.lstrip("#*_ ")
    core = bare.rstrip("*_# ")
    if "\n" not in unit.text and 0 < len(core) <= HEADING_CHARS_MAX:
        unit.prefix = unit.suffix + unit.text[: len(unit.text) - len(bare)]
        unit.suffix = bare[len(core) :]
        unit.heading, unit.text = core, ""
    return unit


def _title_stop(lines: Lines, start: int, *, end: int, marked: bool) -> int:
    """Return where the title ends that starts at ``start``: there, if there is none."""
    stop = at = start
    for _ in range(_TITLE_BLOCKS_MAX):
        block = at
        while at < end and not lines.blank[at]:
            at += 1
        words = lines.all[block:at]
        heads = bool(words) and words[0].lstrip().startswith("# ")
        if heads:
            at = block + 1
            while at < end and not lines.deliberate(at):
                at += 1
        if not words or not (heads or _is_title(words, first=stop == start)):
            break
        if not marked and stop > start:
            break
        while at < end and lines.blank[at]:
            at += 1
        stop = at
        if heads:
            break
    return stop if stop < end or marked else start


def _is_title(words: Sequence[str], *, first: bool) -> bool:
    whole = " ".join(words).strip()
    return (
        len(whole) <= _TITLE_CHARS_MAX
        and len(words) <= 4
        and not is_ended(whole)
        and not whole.endswith((",", "\uff0c", "\u060c", " and", " and,"))
        and (not starts_lower(words[0]) or (not first and len(whole) <= _TITLE_LINE_CHARS_MAX))
        and folded_word(whole.strip(" *_#:")) not in CONTENTS
        and not (len(words) > 1 and starts_lower(words[1]) and len(words[1]) > 60)
    )


def _unit(
    lines: Lines, ends: Sequence[str], mark: Mark, *, stop: int, closes: bool
) -> tuple[Draft, Draft | None]:
    """Return the unit a mark opens, with its body, and the closing clause behind it."""
    head = mark.heading
    kind = "article" if mark.kind == "clause" else mark.kind
    unit = Draft(kind=kind, line=mark.line, prefix=head.prefix, label=head.label)
    unit.infix, unit.number = head.infix, head.number
    line = lines.all[mark.line]
    rest = ends[mark.line][len(line) - len(head.trail) :]
    body_at = mark.line + 1
    if head.heading and head.label and run_in_heading(lines, mark, stop=stop):
        body = [head.heading + rest, *ends[body_at:stop]]
        closing = _closing(lines, ends[:stop], start=body_at) if closes else None
        _fill(unit, body[: (closing or stop) - mark.line], line=mark.line, lines=lines)
        return unit, _testimonium(ends[:stop], start=closing)
    unit.heading, unit.suffix = head.heading, rest
    below = None if head.heading else title_below(lines, mark, stop=stop)
    if below is not None:
        unit.infix += rest + "".join(ends[mark.line + 1 : below.line]) + below.prefix
        unit.heading = below.words
        unit.suffix = below.trail + ends[below.line][len(lines.all[below.line]) :]
        body_at = below.line + 1
    start = min(lines.next_full(body_at), stop)
    unit.suffix += "".join(ends[body_at:start])
    closing = _closing(lines, ends[:stop], start=start) if closes else None
    _fill(unit, ends[start : closing or stop], line=start, lines=lines)
    return unit, _testimonium(ends[:stop], start=closing)


def _fill(unit: Draft, body: Sequence[str], *, line: int, lines: Lines) -> None:
    fill(unit, body, line=line, width=lines.width)
    if unit.kind == "article":
        for child in unit.children:
            if child.text.startswith(TESTIMONIA_INSIDE) and child in unit.children[-2:]:
                child.kind = "testimonium"


def _closing(lines: Lines, ends: Sequence[str], *, start: int) -> int | None:
    """Return the line on which the closing clause of a text starts, or None."""
    for index in range(start, len(ends)):
        if lines.blank[index] or not lines.free(index):
            continue
        words = ends[index].lstrip(" \t\u3000*_>#\u200f\u200e").casefold()
        if index > start and words.startswith(TESTIMONIA):
            return index
    return None


def _testimonium(ends: Sequence[str], *, start: int | None) -> Draft | None:
    if start is None:
        return None
    made = Draft(kind="testimonium", line=start)
    single(made, ends[start:])
    return made
