"""What one line would be if it were a heading: its label, its number and its heading words.

Only the shape of the line is judged here ("Article 2. Terms", "ARTICLE IV", "**Art. 3 - Scope**",
"第一章：宗旨", "## Annex"). Whether it is a heading where it stands, or the end of a sentence that
happens to begin a line with "Article 51", is judged by ``outline``, which sees the lines around it.
Every function takes time in proportion to the line.
"""

# ruff: noqa: RUF001, RUF002  (marks of many scripts on purpose)
import re
from typing import Final

import attrs

from comity.agreements.heading_words import (
    AFTER,
    BEFORE,
    PREAMBLES,
    REFERENCE_SIGNS,
    REFERENCE_WORDS,
    SIGN_ANNEXES,
    SIGNS,
)
from comity.agreements.model import HEADING_CHARS_MAX
from comity.agreements.numerals import Number, folded_word, read_number

#: A heading is never longer than this; longer lines are not looked at.
LINE_CHARS_MAX: Final = HEADING_CHARS_MAX

_PREFIX: Final = re.compile(
    r"[ \t\u00a0\u3000\u200e\u200f\u061c]{0,80}(?:>[ \t]?){0,3}(#{1,6}(?=[ \t]|$)[ \t]{0,20})?"
    r"(\*{1,3}|_{1,3})?[ \t\u200e\u200f\u061c]{0,20}"
)
_TAIL: Final = re.compile(r"[ \t\u00a0\u3000\u200e\u200f\u061c*_#]*$")
_TOKEN: Final = re.compile(
    r"§{1,2}|[^\s\d.:,;()\[\]/\\\u2013\u2014\-*_#|\"'\u201c\u201d«»：、。（）]+"
)
_GAP: Final = re.compile(r"[.\s*_\u200e\u200f\u061c]{0,10}(?:(?:[Nn][or]?[.°º]|№)[ \t]*)?")
_INFIX: Final = re.compile(
    r"[ \t\u00a0\u3000*_.:)|/\\·•>=~\-\u2010-\u2015\u2212\uff0e\uff1a\u3001\u3002\u30fb\u200e\u200f"
    r"\u061c]*"
)
_STRONG_SEPARATORS: Final = frozenset(".:)|/\\·•>=~-‐‑‒–—―−．：、。・")
_CJK: Final = re.compile(
    r"(?:第|제)[ \t\u3000]{0,3}([\d〇零一二三四五六七八九十百千兩两]{1,9})[ \t\u3000]{0,3}"
    r"([条條조章장节節절编編篇部편부])(?:(?:之|の|의[ ]?)[\d一二三四五六七八九十]{1,3})?"
)
_REFERENCE: Final = re.compile(r"[(（\[](?:[0-9]{1,3}|[a-z]{1,4})[)）\]]")
_CONTENTS_LINE: Final = re.compile(
    r"(?:\.{3}|…|(?:\. ){3}|·{3}|_{3}|\t| {3})[.…·_\s]*[0-9]{1,4}\s*$"
)


@attrs.frozen(kw_only=True)
class Heading:
    """The parts of one line that has the shape of a heading; together they are the line.

    Attributes:
        kind: ``article``, ``clause``, ``chapter``, ``part``, ``section``, ``annex``, ``preamble``,
            or ``group`` (a Markdown heading without a label).
        prefix: White space and marks before the label.
        label: As printed; empty for ``group`` and ``preamble``.
        infix: What stands between label and heading.
        heading: The rest of the line as printed.
        trail: Marks and white space at the end of the line.
        number: The number in the label.
        level: Depth of a Markdown heading, 0 where it is none.
        bold: The line or its label is set in bold or italics.
        caps: The word of the label is in capitals.
        gap: How label and heading are set apart: ``none``, ``space`` or ``mark``.
        lang: Language the word tells, or empty.
    """

    kind: str
    prefix: str
    label: str
    infix: str
    heading: str
    trail: str
    number: Number | None
    level: int
    bold: bool
    caps: bool
    gap: str
    lang: str


@attrs.frozen
class _Label:
    end: int
    kind: str
    number: Number | None
    caps: bool = False
    lang: str = ""
    joined: bool = False


def read_heading(line: str) -> Heading | None:
    """Return the parts of ``line`` if it has the shape of a heading, else None."""
    if len(line) > LINE_CHARS_MAX:
        return None
    opening = _PREFIX.match(line)
    assert opening is not None  # every part of the pattern may be empty
    tail = _TAIL.search(line, opening.end())
    core_end = tail.start() if tail is not None else len(line)
    core = line[opening.end() : core_end]
    level = len((opening[1] or "").strip())
    if not core:
        return None
    found = _label_at(core)
    if found is None:
        return _plain_heading(core, opening=opening, trail=line[core_end:], level=level)
    end = _second_label(core, found.end)
    infix = _INFIX.match(core, end)
    assert infix is not None  # the pattern may be empty
    gap = _gap(infix[0], joined=found.joined and infix.end() < len(core))
    label, heading = core[:end], core[infix.end() :]
    if heading and gap == "none":
        return None
    return Heading(
        kind=found.kind,
        prefix=opening[0],
        label=label,
        infix=infix[0],
        heading=heading,
        trail=line[core_end:],
        number=found.number,
        level=level,
        bold=bool(opening[2]),
        caps=found.caps,
        gap=gap,
        lang=found.lang,
    )


def is_contents_line(line: str) -> bool:
    """Tell whether the line ends like one of a table of contents: dots or a gap, and a page."""
    return len(line) <= LINE_CHARS_MAX and _CONTENTS_LINE.search(line) is not None


def goes_on(heading: str) -> bool:
    """Tell whether words behind a label go on about it, as in "Article 51 of this ..."."""
    first = heading[0]
    if first.islower():
        return True
    if first in "(（[":
        return _REFERENCE.match(heading) is not None
    token = _TOKEN.match(heading)
    word = folded_word(token[0]) if token is not None else first
    return first in ",;،" or first in REFERENCE_SIGNS or word in REFERENCE_WORDS


def _plain_heading(
    core: str, *, opening: "re.Match[str]", trail: str, level: int
) -> Heading | None:
    word = folded_word(core.rstrip(" :.：．"))
    preamble = word in PREAMBLES
    if not preamble and not level:
        return None
    return Heading(
        kind="preamble" if preamble else "group",
        prefix=opening[0],
        label="",
        infix="",
        heading=core,
        trail=trail,
        number=None,
        level=level,
        bold=bool(opening[2]),
        caps=False,
        gap="none",
        lang="",
    )


def _label_at(core: str) -> _Label | None:
    sign = _CJK.match(core)
    if sign is not None:
        number = read_number(sign[1], 0)
        following = core[sign.end() : sign.end() + 1]
        joined = following.isalpha() or following in {"(", "（"}
        return _Label(sign.end(), SIGNS[sign[2]], number, joined=joined)
    for word in SIGN_ANNEXES:
        if core.startswith(word):
            number = read_number(core, len(word) + (core[len(word) : len(word) + 1] == " "))
            return _Label(number.end if number else len(word), "annex", number)
    return _word_first(core) or _number_first(core)


def _word_first(core: str) -> _Label | None:
    token = _TOKEN.match(core)
    if token is None or token[0][0].islower():
        return None
    known = BEFORE.get(folded_word(token[0]))
    if known is None:
        return _ordinal_first(core, token)
    kind, lang = known
    caps = len(token[0]) > 1 and token[0].isupper()
    gap = _GAP.match(core, token.end())
    assert gap is not None  # the pattern may be empty
    number = read_number(core, gap.end()) if gap.end() > token.end() or token[0][0] == "§" else None
    if number is not None:
        return _Label(number.end, kind, number, caps=caps, lang=lang)
    if kind == "annex" and (caps or core[token.end() :].strip(" :.-–—*") == ""):
        return _Label(token.end(), kind, None, caps=caps, lang=lang)
    return None


def _ordinal_first(core: str, token: "re.Match[str]") -> _Label | None:
    """Read "First Part", "PRIMERA PARTE": a number word and then the word of the part."""
    number = read_number(core, 0)
    if number is None or number.style != "word":
        return None
    word = _TOKEN.match(core, token.end() + 1)
    known = BEFORE.get(folded_word(word[0])) if word is not None else None
    if word is None or known is None or known[0] not in {"part", "chapter", "section"}:
        return None
    return _Label(word.end(), known[0], number, caps=token[0].isupper(), lang=known[1])


def _number_first(core: str) -> _Label | None:
    number = read_number(core, 0)
    if number is None or number.style not in {"digit", "roman"}:
        return None
    at = number.end
    while at < len(core) and at < number.end + 3 and core[at] in ". -":
        at += 1
    word = _TOKEN.match(core, at)
    kind = AFTER.get(folded_word(word[0])) if word is not None else None
    if word is None or kind is None:
        return None
    return _Label(word.end(), kind, number, caps=word[0].isupper() and len(word[0]) > 1)


def _second_label(core: str, end: int) -> int:
    """Return where the label ends when the same label follows in a second language."""
    infix = _INFIX.match(core, end)
    assert infix is not None  # the pattern may be empty
    marks = infix[0].strip(" \t\u00a0\u3000")
    if not marks or marks in {".", ":", "："}:
        return end
    second = _label_at(core[infix.end() :])
    if second is None or second.number is None:
        return end
    stop = infix.end() + second.end
    after = core[stop : stop + 1]
    return stop if not after or after in " \t\u3000.:：*_|/" else end


def _gap(infix: str, *, joined: bool) -> str:
    if any(char in _STRONG_SEPARATORS for char in infix):
        return "mark"
    if infix or joined:
        return "space" if infix else "joined"
    return "none"
