"""The labels of paragraphs and items: "1.", "(a)", "iv)", "4.2", "一、", "（甲）", "§ 3", bullets.

A label keeps its punctuation, as printed. Where it can be read in two ways ("(i)" is one and the
ninth letter) every reading is given; ``bodies`` chooses by what went before.
"""

# ruff: noqa: RUF001, RUF002  (marks of many scripts on purpose)
import re
from typing import Final

import attrs

from comity.agreements.numerals import chinese_value, roman_value

_PREFIX: Final = re.compile(
    r"[ \t\u00a0\u3000\u200e\u200f\u061c]{0,200}(?:>[ \t]?){0,3}(?:#{1,6}[ \t]{1,20})?"
    r"(?:\*{1,3}|_{1,3})?"
)
_LEVELS: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3}){1,5})[.)]?(?=[\s*_]|$)")
_DIGITS: Final = re.compile(r"(\d{1,3})(\\?[.)]|[．、])(?=[\s*_\"'“‘„«(（\[]|[^\W\d_]|$)")
_LETTERS: Final = re.compile(r"([^\W\d_]|[ivxlc]{1,6}|[IVXLC]{1,6})([.)])(?=[\s*_]|$)")
_BRACKETS: Final = re.compile(r"([(（\[])([^\W_]{1,4})[\u064b-\u0655]?([)）\]])")
_CHINESE: Final = re.compile(r"([〇零一二三四五六七八九十百]{1,5}|[甲乙丙丁戊己庚辛壬癸])[、．.]")
_PARAGRAPH_SIGN: Final = re.compile(r"(?:§|¶)[ \t]?(\d{1,3})(?=[\s.):])\.?")
_BULLET: Final = re.compile(r"([-*•·\u2013\u2014‣◦▪●○])[ \t\u3000]+(?=\S)")
_GAP: Final = re.compile(r"[ \t\u00a0\u3000*_]*")
_RULE: Final = re.compile(r"[ \t\u00a0\u3000*_\-=#~·•\u2013\u2014]*$")
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзиклмнопрстуфхцчшщэюя",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह",
    _STEMS,
    _BRANCHES,
)


@attrs.frozen
class Reading:
    """One way to read a label: its style (what its siblings share) and its place among them."""

    style: str
    value: int


@attrs.frozen
class Label:
    """A label at the start of a line.

    Attributes:
        prefix: White space and marks before it; a bullet counts as a mark.
        text: As printed, with its punctuation; empty for a bullet.
        gap: White space and marks behind it.
        readings: Likeliest first; never empty.
    """

    prefix: str
    text: str
    gap: str
    readings: tuple[Reading, ...]

    @property
    def size(self) -> int:
        """Return how many characters of the line it takes."""
        return len(self.prefix) + len(self.text) + len(self.gap)


def read_label(line: str) -> Label | None:
    """Return the label with which ``line`` starts, or None."""
    opening = _PREFIX.match(line)
    assert opening is not None  # every part of the pattern may be empty
    start = opening.end()
    for pattern, read in (
        (_LEVELS, _levels),
        (_DIGITS, _digits),
        (_BRACKETS, _brackets),
        (_CHINESE, _chinese),
        (_LETTERS, _letters),
        (_PARAGRAPH_SIGN, _sign),
    ):
        found = pattern.match(line, start)
        readings = read(found) if found is not None else ()
        if found is not None and readings:
            gap = _GAP.match(line, found.end())
            assert gap is not None  # the pattern may be empty
            return Label(opening[0], found[0], gap[0], readings)
    return _bullet(line)


def is_rule(line: str) -> bool:
    """Tell whether the line holds nothing but white space and ruling marks."""
    return _RULE.match(line) is not None


def _bullet(line: str) -> Label | None:
    start = len(line) - len(line.lstrip(" \t\u3000"))
    found = _BULLET.match(line, start) if start <= 200 else None
    if found is None or is_rule(line):
        return None
    return Label(line[: found.end()], "", "", (Reading(f"bullet {found[1]}", 0),))


def _levels(found: "re.Match[str]") -> tuple[Reading, ...]:
    steps = found[1].split(".")
    return (Reading(f"levels {len(steps)}", int(steps[-1])),)


def _digits(found: "re.Match[str]") -> tuple[Reading, ...]:
    return (Reading(f"1{found[2].removeprefix(chr(92))}", int(found[1])),)


def _sign(found: "re.Match[str]") -> tuple[Reading, ...]:
    return (Reading("§", int(found[1])),)


def _chinese(found: "re.Match[str]") -> tuple[Reading, ...]:
    if found[1] in _STEMS:
        return (Reading("甲、", _STEMS.index(found[1]) + 1),)
    return (Reading("一、", chinese_value(found[1])),)


def _brackets(found: "re.Match[str]") -> tuple[Reading, ...]:
    inner = found[2]
    if inner.isdecimal():
        return (Reading("(1)", int(inner)),) if len(inner) <= 3 else ()
    if all(char in "〇零一二三四五六七八九十" for char in inner):
        return (Reading("(一)", chinese_value(inner)),)
    return _letter_readings(inner, "({})")


def _letters(found: "re.Match[str]") -> tuple[Reading, ...]:
    return _letter_readings(found[1], "{}" + found[2])


def _letter_readings(inner: str, form: str) -> tuple[Reading, ...]:
    case = "A" if inner.isupper() else "a"
    folded = inner.casefold()
    readings: list[Reading] = []
    if len(set(folded)) == 1 and len(folded) <= 2:
        for alphabet in _ALPHABETS:
            place = alphabet.find(folded[0])
            if place >= 0:
                value = place + 1 + len(alphabet) * (len(folded) - 1)
                readings.append(Reading(form.format(case + alphabet[0]), value))
    roman = (
        roman_value(folded) if inner.isascii() and (inner.isupper() or inner.islower()) else None
    )
    if roman is not None:
        readings.append(Reading(form.format("I" if case == "A" else "i"), roman))
    return tuple(readings)
