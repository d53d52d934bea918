"""Where a text states a field: sentences whose words could, and what they seem to say.

A help for the person who drafts and nothing else: what is found here is offered, never taken over
by itself, and no rule reads it. The table knows English and French; in other languages a person
picks the words. Source: design 13.9.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.fields import fold
from comity.agreements.forms import Form, members_of, read_form
from comity.agreements.model import Content, in_order
from comity.agreements.paths import read_paths
from comity.foundation.canonical import Json
from comity.foundation.instants import Period

OFFERED_MAX: Final = 5
PERIODS: Final = frozenset({"term", "notice", "review"})
QUOTED_CHARS_MAX: Final = 600
#: What a sentence needs where words were quoted before, and where none were.
_SCORE_MIN: Final = 2.0
_SCORE_MIN_UNQUOTED: Final = 1.0

_SENTENCE_END: Final = re.compile(r"(?<=[.;!?\u3002\uff1b])\s+|\n\s*\n")
_WORD: Final = re.compile(r"\w+")
_SMALL: Final = 3

_NUMBER_WORDS: Final[Mapping[str, int]] = {
    word: value
    for value, words in {
        1: "one un une",
        2: "two deux",
        3: "three trois",
        4: "four quatre",
        5: "five cinq",
        6: "six",
        7: "seven sept",
        8: "eight huit",
        9: "nine neuf",
        10: "ten dix",
        11: "eleven onze",
        12: "twelve douze",
        14: "fourteen quatorze",
        15: "fifteen quinze",
        18: "eighteen dix-huit",
        20: "twenty vingt",
        24: "twenty-four vingt-quatre",
        25: "twenty-five vingt-cinq",
        30: "thirty trente",
        60: "sixty soixante",
        90: "ninety quatre-vingt-dix",
        99: "ninety-nine quatre-vingt-dix-neuf",
    }.items()
    for word in words.split()
}
_UNIT_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("year", "years", "an", "ans", "année", "années"), "years"),
    **dict.fromkeys(("month", "months", "mois"), "months"),
    **dict.fromkeys(("day", "days", "jour", "jours"), "days"),
}
_N: Final = r"(?P<number>\d{1,4}|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + ")"
_U: Final = "(?P<unit>" + "|".join(sorted(_UNIT_WORDS, key=len, reverse=True)) + ")"
_PERIOD: Final = rf"\b{_N}(?: \(\w+\))? (?:calendar |full )?{_U}\b"
_ANY_PERIOD: Final = re.compile(_PERIOD, re.IGNORECASE)

#: Words of sentences that usually state a field; each that stands counts once.
_TELLING: Final[Mapping[str, tuple[str, ...]]] = {
    "term": ("remain", "in force for", "duration", "period of", "durée", "en vigueur pendant"),
    "notice": ("notice", "withdraw", "terminate", "préavis", "dénoncer", "retirer"),
    "review": ("review", "every", "once a year", "examen", "réexamin", "chaque année"),
    "entry": ("enter", "into force", "last signature", "en vigueur", "dernière signature"),
    "marking_scale": ("mark", "level", "lowest", "highest", "niveau", "marquage", "classif"),
    "signatories": ("signed", "signator", "signé", "signataire"),
    "suspension": ("suspend", "suspension", "suspendre"),
    "third_parties": ("third part", "relations", "affect", "tiers", "other states"),
    "basis": ("under the", "rests on", "pursuant to", "framework", "sur la base", "en vertu"),
    "areas": (
        "area",
        " may ",
        "share",
        "exchange",
        "meet",
        "cooperat",
        "transfer",
        "domaine",
        "échang",
    ),
}


@attrs.frozen(kw_only=True)
class Statement:
    """Words of a unit that could state a field: the unit, its label path, the words."""

    unit: str
    path: str
    quote: str


def could_state(units: Mapping[str, Content], form: Form) -> tuple[Statement, ...]:
    """Return the sentences that could state what the form says, the likeliest first."""
    paths = read_paths(units)
    said = _period_of(form)
    quoted = {word.casefold() for word in _WORD.findall(form.quote) if len(word) > _SMALL}
    scored: list[tuple[float, int, str, str]] = []
    for place, (unit, sentence) in enumerate(_sentences(units)):
        folded = sentence.casefold()
        score = float(sum(word in folded for word in _TELLING[form.name]))
        if said and said in {str(each) for each in periods_in(sentence)}:
            score += 3
        if quoted:
            words = {word.casefold() for word in _WORD.findall(sentence)}
            score += 3 * len(quoted & words) / len(quoted)
        if score >= (_SCORE_MIN if quoted else _SCORE_MIN_UNQUOTED):
            scored.append((-score, place, unit, sentence))
    scored.sort()
    return tuple(
        Statement(unit=unit, path=paths.name(unit), quote=sentence)
        for _, _, unit, sentence in scored[:OFFERED_MAX]
    )


def suggested_forms(units: Mapping[str, Content]) -> tuple[Form, ...]:
    """Return the fields that sentences of the text seem to state, one of each name at most.

    Only what is said in the usual words is found; areas never are.
    """
    paths = read_paths(units)
    found: dict[str, Form] = {}
    for unit, sentence in _sentences(units):
        folded = fold(sentence)
        for name, pattern, values in _USUAL:
            said = pattern.search(folded) if name not in found else None
            read = None if said is None else values(said)
            if said is not None and read is not None:
                found[name] = read_form(
                    {"name": name, "unit": paths.name(unit), "quote": _around(said), **read}
                )
    return tuple(found[name] for name in sorted(found))


def periods_in(sentence: str) -> tuple[Period, ...]:
    """Return the periods that a sentence states in figures or in words."""
    return tuple(_period(found) for found in _ANY_PERIOD.finditer(fold(sentence)))


def _sentences(units: Mapping[str, Content]) -> Iterator[tuple[str, str]]:
    for unit in in_order(units):
        text = units[unit].text
        for part in _SENTENCE_END.split(text):
            sentence = part.strip().removesuffix(".")
            if sentence and len(sentence) <= QUOTED_CHARS_MAX:
                yield unit, sentence


def _around(found: "re.Match[str]") -> str:
    """Return the words that state it and no more: a quote survives edits around it."""
    return found[0].strip(" .;,")


def _period_of(form: Form) -> str:
    if form.name not in PERIODS:
        return ""
    return str(members_of(form)["period"])


def _period(found: "re.Match[str]") -> Period:
    number, unit = found["number"].casefold(), found["unit"].casefold()
    count = _NUMBER_WORDS[number] if number in _NUMBER_WORDS else int(number)
    name = _UNIT_WORDS[unit]
    return Period(
        count if name == "years" else 0,
        count if name == "months" else 0,
        count if name == "days" else 0,
    )


def _period_values(found: "re.Match[str]") -> dict[str, Json] | None:
    period = _period(found)
    if period == Period(0, 0, 0):
        return None
    return {"years": period.years, "months": period.months, "days": period.days}


def _yearly(found: "re.Match[str]") -> dict[str, Json]:
    del found
    return {"years": 1}


def _entry_days(found: "re.Match[str]") -> dict[str, Json] | None:
    period = _period(found)
    return {"days": period.days} if period.days else None


def _at_once(found: "re.Match[str]") -> dict[str, Json]:
    del found
    return {"days": 0}


def _signatories(found: "re.Match[str]") -> dict[str, Json] | None:
    number = found["number"].casefold()
    count = _NUMBER_WORDS[number] if number in _NUMBER_WORDS else int(number)
    return {"per_party": count} if count else None


def _suspension(found: "re.Match[str]") -> dict[str, Json]:
    said = found[0].casefold()
    scope: list[Json] = ["whole"]
    if "article" in said or "part" in said.split("as a whole")[-1]:
        scope.append("unit")
    return {"by": "either", "scope": scope}


def _unaffected(found: "re.Match[str]") -> dict[str, Json]:
    del found
    return {"relations": "unaffected", "onward": "consent"}


def _levels(found: "re.Match[str]") -> dict[str, Json] | None:
    levels: list[Json] = [*dict.fromkeys(re.findall(r"\b[A-Z][A-Z-]+\b", found["levels"]))]
    return {"levels": levels} if len(levels) > 1 else None


def _usual(
    name: str, pattern: str, values: "Callable[[re.Match[str]], dict[str, Json] | None]"
) -> "tuple[str, re.Pattern[str], Callable[[re.Match[str]], dict[str, Json] | None]]":
    return name, re.compile(pattern, re.IGNORECASE), values


#: (field, how texts usually state it, what that says), the surer ones first.
_USUAL: Final[
    Sequence["tuple[str, re.Pattern[str], Callable[[re.Match[str]], dict[str, Json] | None]]"]
] = (
    _usual("term", rf"in force for (?:a period of )?{_PERIOD}", _period_values),
    _usual("term", rf"en vigueur (?:pendant|pour) (?:une (?:période|durée) de )?{_PERIOD}",
           _period_values),
    _usual("notice", rf"{_PERIOD}['\u2019]?s? (?:prior |written )*notice\b", _period_values),
    _usual("notice", rf"\bnotice of {_PERIOD}", _period_values),
    _usual("notice", rf"préavis (?:écrit )?de {_PERIOD}", _period_values),
    _usual("review", rf"\breview[^.;]*?every {_PERIOD}", _period_values),
    _usual("review", r"\breview[^.;]*?(?:every year|once a year|each year|annually)", _yearly),
    _usual("review", r"\bexamin[^.;]*?(?:chaque année|tous les ans)", _yearly),
    _usual("entry", rf"{_PERIOD} after the (?:date of the )?last signature", _entry_days),
    _usual("entry", rf"{_PERIOD} après la (?:date de la )?dernière signature", _entry_days),
    _usual("entry", r"into force on the (?:date|day) of the last signature", _at_once),
    _usual("entry", r"en vigueur à la date de la dernière signature", _at_once),
    _usual("signatories", rf"\b{_N} signator(?:y|ies)\b", _signatories),
    _usual("signatories", rf"\b{_N} signataires?\b", _signatories),
    _usual("suspension", r"\beither (?:party|participant|side|team) may suspend\b[^.;]*",
           _suspension),
    _usual("third_parties",
           r"does not affect the relations of either \w+ with third (?:parties|states)",
           _unaffected),
    _usual("marking_scale", r"from the lowest to the highest(?: level)?,? (?P<levels>[^.;]{3,200})",
           _levels),
)  # fmt: skip
