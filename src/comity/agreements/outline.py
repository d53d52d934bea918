"""Which lines of a text are headings, and of what level.

``headings`` says what a line looks like; here the lines around it decide. A line that goes on with
a sentence ("Article 51 of this Charter shall ...") stays text; so does a table of contents. In a
text without articles the next best division counts as articles: sections, clauses, numbered lines,
Markdown headings. The result is a list of marks in the order of the text.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from comity.agreements.contents import in_contents
from comity.agreements.headings import Heading, goes_on, is_contents_line, read_heading
from comity.agreements.labels import Label, read_label
from comity.agreements.lines import Lines, starts_lower
from comity.agreements.numerals import Number

_DIVISIONS: Final = ("clause", "section", "chapter", "part")
_NUMBERED_STYLES: Final = frozenset({"1.", "1)", "I.", "A.", "§", "一、", "levels 2", "(1)"})
_STEP_MAX: Final = 5
_CONTENTS: Final = "Looks like a line of a table of contents; kept as text."


@attrs.frozen(kw_only=True)
class Mark:
    """One heading: the line, the kind of unit it opens, and the parts of the line."""

    line: int
    kind: str
    heading: Heading


@attrs.frozen(kw_only=True)
class Finding:
    """Something the import did not understand; it is kept in place all the same.

    Attributes:
        line: Counted from 1.
        what: One sentence for the person who imports.
    """

    line: int
    what: str


@attrs.frozen
class Outline:
    """The marks of a text in order, and what was seen and not taken for a heading.

    Attributes:
        marks: The headings.
        findings: What looked like a heading and was kept as text.
        contents_stop: The line behind a table of contents before the first heading, or 0.
    """

    marks: tuple[Mark, ...]
    findings: tuple[Finding, ...]
    contents_stop: int


def read_outline(lines: Lines) -> Outline:
    """Return the headings of a text."""
    findings: list[Finding] = []
    shapes = [
        read_heading(line) if not lines.blank[n] else None for n, line in enumerate(lines.all)
    ]
    for index, shape in enumerate(shapes):
        if shape is not None and shape.label and is_contents_line(lines.all[index]):
            shapes[index] = None
            findings.append(_contents_finding(index))
    marks = _labelled(lines, shapes, findings)
    for index in in_contents(lines, [(mark.line, mark.heading) for mark in marks]):
        shapes[index] = None
        findings.append(_contents_finding(index))
    marks = [mark for mark in marks if shapes[mark.line] is not None]
    marks = _with_articles(lines, marks, shapes)
    marks = _with_groups(lines, marks, shapes)
    findings.sort(key=lambda finding: finding.line)
    first = marks[0].line if marks else len(lines.all)
    listed = [each.line for each in findings if each.what == _CONTENTS and each.line <= first]
    return Outline(tuple(marks), tuple(findings), max(listed, default=0))


def _contents_finding(index: int) -> Finding:
    return Finding(line=index + 1, what=_CONTENTS)


def _labelled(
    lines: Lines, shapes: Sequence[Heading | None], findings: list[Finding]
) -> list[Mark]:
    marks: list[Mark] = []
    last: dict[str, int] = {}
    for index, shape in enumerate(shapes):
        if shape is None or shape.kind == "group":
            continue
        expected = _is_expected(shape, last)
        after_mark = bool(marks) and lines.next_full(marks[-1].line + 1) == index
        if not _is_heading(lines, index, shape, expected=expected, after_mark=after_mark):
            if shape.number is not None and shape.kind != "clause":
                what = (
                    f"Starts like a heading ({shape.label}) but reads as a sentence; kept as text."
                )
                findings.append(Finding(line=index + 1, what=what))
            continue
        if shape.number is not None and shape.number.value is not None:
            last[shape.kind] = shape.number.value
        if shape.kind in {"annex", "part", "chapter"}:
            last.pop("section", None)
        if shape.kind == "annex":
            last.pop("article", None)
        marks.append(Mark(line=index, kind=shape.kind, heading=shape))
    return marks


def _is_expected(shape: Heading, last: dict[str, int]) -> bool:
    if shape.number is None or shape.number.value is None:
        return False
    return shape.number.value == last.get(shape.kind, 0) + 1


def _is_heading(
    lines: Lines, index: int, shape: Heading, *, expected: bool, after_mark: bool
) -> bool:
    if shape.level:
        return True
    free = after_mark or lines.free(index)
    if shape.kind == "preamble" or not shape.heading:
        return lines.blank_before(index) or (
            shape.kind != "preamble"
            and _is_lone_heading(lines, index, shape, free=free, expected=expected)
        )
    if shape.gap == "mark":
        return free or (shape.caps and expected)
    if shape.gap == "joined":
        return free and expected and not goes_on(shape.heading)
    apart = after_mark or lines.ended_before(index) or (free and expected)
    if shape.label[0] in "第제" and expected:
        return apart  # after a space, a heading may open with the same sign as a reference
    return apart and not goes_on(shape.heading) and (expected or len(shape.heading) <= 200)


def _is_lone_heading(
    lines: Lines, index: int, shape: Heading, *, free: bool, expected: bool
) -> bool:
    if shape.gap == "mark" and not (expected or shape.caps):
        return False
    if lines.ended_before(index):
        return True
    following = lines.all[index + 1] if index + 1 < len(lines.all) else ""
    if starts_lower(following):
        return False
    return free or (expected and (shape.caps or shape.bold or shape.gap == "none"))


def _with_articles(lines: Lines, marks: list[Mark], shapes: Sequence[Heading | None]) -> list[Mark]:
    """Let the next best division count as articles where a text has none."""
    if any(mark.kind == "article" for mark in marks):
        return [mark for mark in marks if mark.kind != "clause"]
    for kind in _DIVISIONS:
        found = [mark for mark in marks if mark.kind == kind]
        numbered = _numbered(lines, marks) if kind in {"chapter", "part"} and found else []
        if found and len(numbered) <= len(found):
            marks = [attrs.evolve(m, kind="article") if m.kind == kind else m for m in marks]
            return [mark for mark in marks if mark.kind != "clause"]
    marks = sorted(marks + _numbered(lines, marks), key=lambda mark: mark.line)
    if any(mark.kind == "article" for mark in marks):
        return marks
    return _markdown_articles(lines, marks, shapes)


def _numbered(lines: Lines, marks: Sequence[Mark]) -> list[Mark]:
    """Return numbered lines as articles: the style that counts first and from one."""
    taken = {mark.line for mark in marks}
    style, last = "", 0
    found: list[Mark] = []
    for index, line in enumerate(lines.all):
        label = read_label(line) if not lines.blank[index] and index not in taken else None
        if label is None or not label.text or not lines.free(index):
            continue
        value = next((each.value for each in label.readings if each.style == style), None)
        if not style:
            style = next(
                (e.style for e in label.readings if e.value == 1 and e.style in _NUMBERED_STYLES),
                "",
            )
            value = 1 if style else None
        if value is not None and last <= value <= last + _STEP_MAX:
            last = value
            found.append(Mark(line=index, kind="article", heading=_from_label(line, label)))
    return found if len(found) >= 2 else []


def _from_label(line: str, label: Label) -> Heading:
    rest = line[label.size :]
    heading = rest.rstrip(" \t\u00a0\u3000*_#")
    return Heading(
        kind="article",
        prefix=label.prefix,
        label=label.text,
        infix=label.gap,
        heading=heading,
        trail=rest[len(heading) :],
        number=Number(0, label.readings[0].value, "digit", ""),
        level=line.lstrip().count("#", 0, 6) if line.lstrip().startswith("#") else 0,
        bold="*" in label.prefix or "_" in label.prefix,
        caps=False,
        gap="mark",
        lang="",
    )


def _markdown_articles(
    lines: Lines, marks: list[Mark], shapes: Sequence[Heading | None]
) -> list[Mark]:
    taken = {mark.line for mark in marks}
    groups = [
        (index, shape)
        for index, shape in enumerate(shapes)
        if shape is not None and shape.kind == "group" and index not in taken
    ]
    if groups and groups[0][1].level == 1 and sum(s.level == 1 for _, s in groups) == 1:
        groups = groups[1:]  # the only heading of the first level is the title
    if not groups:
        return marks
    top = min(shape.level for _, shape in groups)
    tops = [index for index, shape in groups if shape.level == top]
    lines_of = {index for index, _ in groups}
    empty = sum(lines.next_full(index + 1) in lines_of for index in tops)
    kinds = {top: "article"} if empty < len(tops) else {top: "chapter", top + 1: "article"}
    made = [
        Mark(line=index, kind=kinds[shape.level], heading=shape)
        for index, shape in groups
        if shape.level in kinds
    ]
    return sorted(marks + made, key=lambda mark: mark.line)


def _with_groups(lines: Lines, marks: list[Mark], shapes: Sequence[Heading | None]) -> list[Mark]:
    """Add headings without a label that stand over articles: "VOTING", "### Final provisions"."""
    by_line = {mark.line: mark for mark in marks}
    articles = [mark for mark in marks if mark.kind == "article"]
    if not articles:
        return marks
    deepest = max(mark.heading.level for mark in articles)
    for index in range(marks[0].line + 1, articles[-1].line):
        shape = shapes[index]
        if index in by_line or lines.blank[index]:
            continue
        if shape is not None and shape.kind == "group":
            if shape.level < deepest:
                by_line[index] = Mark(line=index, kind="section", heading=shape)
            continue
        following = by_line.get(lines.next_full(index + 1))
        if following is not None and following.kind == "article":
            above = by_line.get(index - 1)
            if above is not None and not above.heading.heading:
                continue  # it is the heading of the mark above it
            over = _over(lines, index, marked=above is not None)
            if over is not None:
                by_line[index] = Mark(line=index, kind="section", heading=over)
    return [by_line[index] for index in sorted(by_line)]


def _over(lines: Lines, index: int, *, marked: bool) -> Heading | None:
    """Return the line as a heading over articles, if it is short and no sentence."""
    line = lines.all[index]
    words = line.strip(" \t\u00a0\u3000*_")
    if not words or len(words) > 80 or len(words.split()) > 8 or not words[-1].isalpha():
        return None
    caps = words.upper() == words and words.lower() != words
    mostly = 2 * sum(char.isupper() for char in words) > sum(char.isalpha() for char in words)
    caseless = words.upper() == words.lower() and len(words) <= 25
    if not (caps or mostly or caseless) or not (marked or lines.free(index)):
        return None
    start = line.index(words)
    return Heading(
        kind="group",
        prefix=line[:start],
        label="",
        infix="",
        heading=words,
        trail=line[start + len(words) :],
        number=None,
        level=0,
        bold=False,
        caps=caps,
        gap="none",
        lang="",
    )
