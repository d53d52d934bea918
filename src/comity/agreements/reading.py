"""What a legal adviser looks at beside each unit: duties, dealings with others, register, changes.

Fields and policies are read as data and are certain. Words are found by tables of words: another
wording passes unseen, so that every such point says "by words" and a person reads the unit. For
one's own delegation only; nothing here makes an act. Source: agreements.md D3.6, D6 (journey 3).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, Self, TypeAlias

import attrs

from comity.agreements.fields import areas_of, fields_plain_words, fold
from comity.agreements.model import Content
from comity.agreements.policies import PARTIES
from comity.agreements.reading_words import (
    BOTH,
    CONDITIONING,
    DENIED,
    DUTIES,
    EFFECTS,
    REGISTER,
    base_language,
    compiled,
)
from comity.agreements.texts import UnitView
from comity.foundation.canonical import JsonObject

QUOTE_CHARS_MAX: Final = 600
#: How many different texts of units are remembered with what was found in them.
REMEMBERED: Final = 20_000

Group: TypeAlias = Literal["duty", "third_party", "register", "change", "lost"]
Bearer: TypeAlias = Literal["ours", "theirs", "both", "unclear"]

#: Where one sentence ends: also where a list has its next line.
_SENTENCE: Final = re.compile(r"(?<=[.;:!?؟।])\s+|(?<=[。；！？])|\n\s*\n")  # noqa: RUF001 - the stops of other scripts


@attrs.frozen(kw_only=True)
class Point:
    """One thing to look at in a unit.

    Attributes:
        group: What it is about.
        code: What was found; a page words it.
        words: The words where it was found; empty where a field or the whole unit tells it.
        facts: The values behind it, by name.
        by_words: Whether only words tell it, so that it may be wrong and others may be missing.
        new: Whether the earlier state did not have it; True where there is none to compare with.
    """

    group: Group
    code: str
    words: str
    facts: JsonObject
    by_words: bool
    new: bool = True

    def json(self) -> JsonObject:
        """Return the point for people and programs."""
        return {
            "group": self.group,
            "code": self.code,
            "words": self.words,
            "facts": self.facts,
            "by_words": self.by_words,
            "new": self.new,
        }


@attrs.frozen(kw_only=True)
class Sides:
    """How a text may name each of the two, as far as we know: names of party and state."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Earlier:
    """An earlier state to compare with: what each unit said, and every sentence of the text."""

    faces: Mapping[str, Content]
    sentences: frozenset[str]

    @classmethod
    def of(cls, units: Iterable[UnitView]) -> Self:
        """Return the earlier state made of these units."""
        listed = tuple(units)
        return cls(faces={unit.id: unit.face for unit in listed}, sentences=sentences_of(listed))


def sentences_of(units: Iterable[UnitView]) -> frozenset[str]:
    """Return every sentence that stands in one of the alternatives, white space folded."""
    return frozenset(
        sentence
        for unit in units
        for each in unit.alternatives
        if not each.content.deleted
        for sentence in split(each.content.text)
    )


@lru_cache(maxsize=REMEMBERED)
def split(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, white space folded."""
    parts = (fold(part) for part in _SENTENCE.split(text))
    return tuple(part for part in parts if part)


def looked_for(language: str) -> tuple[str, ...]:
    """Return which groups of words are looked for in a language: the others nobody has looked for.

    Args:
        language: A BCP 47 tag.
    """
    base = base_language(language)
    tables = {"duty": DUTIES, "third_party": EFFECTS, "register": REGISTER["binding"]}
    return tuple(group for group, table in tables.items() if base in table)


def points_of(
    unit: UnitView, *, sides: Sides, register: str, earlier: Earlier | None, now: frozenset[str]
) -> tuple[Point, ...]:
    """Return what to look at in one unit of the text as it stands.

    Args:
        unit: The unit with its alternatives.
        sides: How the text may name the two parties.
        register: ``binding`` or ``political``.
        earlier: The state to compare with, if one was chosen.
        now: Every sentence of the text as it stands (``sentences_of``).
    """
    made: dict[tuple[str, str, str, str], Point] = {}
    for each in unit.alternatives:
        if each.content.deleted:
            continue
        for point in (
            *_duties(each.content, sides=sides),
            *_effects_by_field(each.content),
            *_effects_by_words(each.content, sides=sides),
            *_register(each.content, register=register),
        ):
            known = earlier is not None and _known(point, earlier, unit=unit.id)
            kept = attrs.evolve(point, new=not known)
            made.setdefault((point.group, point.code, point.words, str(point.facts)), kept)
    if earlier is not None:
        for point in _changes(unit, earlier, now=now):
            made[point.group, point.code, point.words, str(point.facts)] = point
    return tuple(made.values())


def gone(units: Iterable[UnitView], earlier: Earlier) -> tuple[str, ...]:
    """Return the ids of the units that the earlier state had and the text has not any more."""
    standing = {unit.id for unit in units if not all(a.content.deleted for a in unit.alternatives)}
    return tuple(unit for unit in earlier.faces if unit not in standing)


def _known(point: Point, earlier: Earlier, *, unit: str) -> bool:
    """Return whether the earlier state had it: the same sentence, or the same field there."""
    if point.by_words:
        sentence = point.facts.get("sentence")
        return (sentence if isinstance(sentence, str) else point.words) in earlier.sentences
    before = earlier.faces.get(unit)
    return before is not None and any(
        (each.code, each.facts) == (point.code, point.facts) for each in _effects_by_field(before)
    )


# --- duties -------------------------------------------------------------------------------------


def _duties(content: Content, *, sides: Sides) -> Iterator[Point]:
    language = base_language(content.lang)
    for sentence, word, before in _with_words(content.text, language, "duty"):
        bearer = _bearer(before or sentence, language, sides=sides)
        yield Point(
            group="duty",
            code=bearer,
            words=sentence[:QUOTE_CHARS_MAX],
            facts={"word": word, "sentence": sentence},
            by_words=True,
        )


@lru_cache(maxsize=REMEMBERED)
def _with_words(text: str, language: str, what: str) -> tuple[tuple[str, str, str], ...]:
    """Return each sentence that has one of the words, the first such word, and what is before."""
    pattern = _PATTERNS[what].get(language)
    if pattern is None:
        return ()
    found = ((sentence, pattern.search(sentence)) for sentence in split(text))
    return tuple(
        (sentence, match[0], sentence[: match.start()])
        for sentence, match in found
        if match is not None
    )


def _bearer(words: str, language: str, *, sides: Sides) -> Bearer:
    """Return on whom a duty lies, as far as the words before it name somebody."""
    folded = words.casefold()
    ours = any(name.casefold() in folded for name in sides.ours if name)
    theirs = any(name.casefold() in folded for name in sides.theirs if name)
    both = _PATTERNS["both"].get(language)
    if ours and theirs:
        return "both"
    if ours or theirs:
        return "ours" if ours else "theirs"
    return "both" if both is not None and both.search(words) else "unclear"


# --- dealings with others -----------------------------------------------------------------------


def _effects_by_field(content: Content) -> Iterator[Point]:
    def point(code: str, **facts: str) -> Point:
        return Point(group="third_party", code=code, words="", facts=dict(facts), by_words=False)

    others = _value(content, "third_parties")
    if others.get("relations") == "conditioned":
        yield point("conditioned")
    if others.get("onward") == "free":
        yield point("onward_free")
    areas = _value(content, "areas")
    for area in areas_of(areas) if areas else ():
        if area.policy.onward == "free":
            yield point("onward_free", area=area.title)
        if area.policy.recipients != (PARTIES,):
            yield point("recipients", area=area.title, recipients=", ".join(area.policy.recipients))


def _value(content: Content, name: str) -> JsonObject:
    value = content.fields.get(name, {}).get("value")
    return value if isinstance(value, Mapping) else {}


def _effects_by_words(content: Content, *, sides: Sides) -> Iterator[Point]:
    language = base_language(content.lang)
    denied = _PATTERNS["denied"].get(language)
    for code, _ in EFFECTS.get(language, ()):
        for sentence, word, before in _with_words(content.text, language, code):
            if denied is not None and denied.search(sentence):
                continue
            if code == "third_parties" and not _conditions(sentence, language):
                continue
            facts: dict[str, str | bool] = {"word": word, "sentence": sentence}
            if code == "audit":
                who = _bearer(before or sentence, language, sides=sides)
                facts |= {"who": who, "one_sided": who in {"ours", "theirs"}}
            yield Point(
                group="third_party",
                code=code,
                words=sentence[:QUOTE_CHARS_MAX],
                facts=dict(facts),
                by_words=True,
            )


def _conditions(sentence: str, language: str) -> bool:
    asked = _PATTERNS["conditioning"].get(language)
    return asked is None or asked.search(sentence) is not None


# --- register -----------------------------------------------------------------------------------


def _register(content: Content, *, register: str) -> Iterator[Point]:
    language = base_language(content.lang)
    pattern = _PATTERNS[register].get(language)
    if pattern is None:
        return
    for sentence in split(f"{content.heading}\n\n{content.text}"):
        found = tuple(dict.fromkeys(match[0].casefold() for match in pattern.finditer(sentence)))
        if found:
            yield Point(
                group="register",
                code="binding_words" if register == "political" else "political_words",
                words=sentence[:QUOTE_CHARS_MAX],
                facts={"found": list(found), "sentence": sentence},
                by_words=True,
            )


# --- changes ------------------------------------------------------------------------------------


def _changes(unit: UnitView, earlier: Earlier, *, now: frozenset[str]) -> Iterator[Point]:
    before = earlier.faces.get(unit.id)
    if before is None:
        yield _change("change", "added")
        return
    alternatives = [each.content for each in unit.alternatives]
    for after in alternatives:
        if after.deleted:
            yield _change("lost", "unit")
            continue
        if fold(after.words()) != fold(before.words()):
            yield _change("change", "words")
        if (after.parent, after.order) != (before.parent, before.order):
            yield _change("change", "moved")
        yield from _fields(before, after)
    duties = _PATTERNS["duty"].get(base_language(before.lang))
    for sentence in split(before.text):
        if sentence not in now:
            duty = duties is not None and duties.search(sentence) is not None
            yield _change("lost", "duty" if duty else "words", words=sentence)


def _fields(before: Content, after: Content) -> Iterator[Point]:
    for name in sorted({*before.fields, *after.fields}):
        was, now = (
            fields_plain_words({name: each.fields[name]}) if name in each.fields else ()
            for each in (before, after)
        )
        if was != now:
            yield _change(
                "change" if now else "lost", "field", name=name, before=list(was), after=list(now)
            )


def _change(group: Group, code: str, *, words: str = "", **facts: str | Sequence[str]) -> Point:
    return Point(
        group=group,
        code=code,
        words=words[:QUOTE_CHARS_MAX],
        facts=dict(facts),
        by_words=False,
    )


def _table(words: Mapping[str, tuple[str, ...]]) -> Mapping[str, re.Pattern[str]]:
    return {language: compiled(language, patterns) for language, patterns in words.items()}


_CODES: Final = tuple(dict.fromkeys(code for rows in EFFECTS.values() for code, _ in rows))
_PATTERNS: Final[Mapping[str, Mapping[str, re.Pattern[str]]]] = {
    "duty": _table(DUTIES),
    "both": _table(BOTH),
    "conditioning": _table(CONDITIONING),
    "denied": _table(DENIED),
    **{register: _table(words) for register, words in REGISTER.items()},
    **{
        code: _table({language: dict(rows)[code] for language, rows in EFFECTS.items()})
        for code in _CODES
    },
}
