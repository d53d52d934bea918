"""Two texts word by word and unit by unit: what a redline shows.

Only for people: nothing here is signed, digested or sent. White space alone is no difference. A
stretch in which too much differs is shown as a whole, gone and new, so that the work stays bounded.
Source: agreements.md D6 (journey 1).
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import attrs

from comity.agreements.fields import fields_plain_words
from comity.agreements.model import Content, in_order, label_path

What: TypeAlias = Literal["same", "gone", "new"]
Kind: TypeAlias = Literal["added", "removed", "changed", "moved"]

#: At most so many pairs of words are compared in one stretch.
_PAIRS_MAX: Final = 250_000
_MARKS: Final = (
    "!-/:-@\\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3011\uff01-\uff0f"
)
_CHUNK: Final = re.compile(rf"([^\s{_MARKS}]+|[{_MARKS}])(\s*)")
#: Scripts that write no space between words: there every character is compared.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


@attrs.frozen
class Run:
    """A stretch of words that stays, goes or comes."""

    what: What
    words: str


@attrs.frozen(kw_only=True)
class Difference:
    """One unit that two texts word or place differently.

    Attributes:
        unit: Its id.
        kind: ``added``, ``removed``, ``changed`` (words or fields) or ``moved`` (only its place).
        label: How a person names it, in the later text where it stands there.
        before: What the earlier text says, None where it is added.
        after: What the later text says, None where it is removed.
    """

    unit: str
    kind: Kind
    label: str
    before: Content | None
    after: Content | None

    def runs(self) -> tuple[Run, ...]:
        """Return label, heading and text as a redline."""
        return word_runs(_said(self.before), _said(self.after))

    def fields_gone(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """Return in plain words what the fields of the earlier text lay down and the later's not.

        Args:
            labels: How a person names each unit.
        """
        return _only(self.before, self.after, labels)

    def fields_new(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """Return in plain words what the fields of the later text lay down and the earlier's not.

        Args:
            labels: How a person names each unit.
        """
        return _only(self.after, self.before, labels)


def differences(
    before: Mapping[str, Content], after: Mapping[str, Content]
) -> tuple[Difference, ...]:
    """Return the units in which two texts differ, in the order of the later text.

    A unit that is gone stands after the one it used to follow.
    """
    labels: dict[str, str] = {}
    made = []
    for unit in _merged(in_order(before), in_order(after)):
        old, new = (_standing(text, unit) for text in (before, after))
        kind = _kind(old, new)
        if kind is not None:
            labels[unit] = label_path(before if new is None else after, unit)
            made.append(Difference(unit=unit, kind=kind, label=labels[unit], before=old, after=new))
    return tuple(made)


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """Return how ``before`` becomes ``after``, word by word; each run in one piece."""
    old, new = _words(before), _words(after)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    parts: tuple[tuple[What, Sequence[_Word]], ...] = (
        ("same", new[:start]),
        *_stretch(old[start : len(old) - end], new[start : len(new) - end]),
        ("same", new[len(new) - end :]),
    )
    return tuple(
        Run(what, "".join(word.letters + word.space for word in words))
        for what, words in parts
        if words
    )


def _stretch(
    old: Sequence["_Word"], new: Sequence["_Word"]
) -> Iterator[tuple[What, Sequence["_Word"]]]:
    if len(old) * len(new) > _PAIRS_MAX:
        yield "gone", old
        yield "new", new
        return
    matcher = difflib.SequenceMatcher(
        a=[word.letters for word in old], b=[word.letters for word in new], autojunk=False
    )
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            yield "same", new[start:end]
        else:
            yield "gone", old[first:last]
            yield "new", new[start:end]


@attrs.frozen
class _Word:
    """What is compared, and the white space after it, which is only shown."""

    letters: str
    space: str


def _words(text: str) -> list[_Word]:
    made: list[_Word] = []
    for letters, space in _CHUNK.findall(text):
        if _UNSPACED.search(letters):
            parts = _characters(letters)
            made.extend(_Word(part, "") for part in parts[:-1])
            made.append(_Word(parts[-1], space))
        else:
            made.append(_Word(letters, space))
    return made


def _characters(letters: str) -> list[str]:
    """Return the characters, each with the marks that stand on it."""
    made: list[str] = []
    for each in letters:
        if made and unicodedata.category(each).startswith("M"):
            made[-1] += each
        else:
            made.append(each)
    return made


def _alike(old: Sequence[_Word], new: Sequence[_Word]) -> int:
    """Return how many words at the beginning are the same."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one.letters != other.letters:
            break
        count += 1
    return count


def _merged(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return the units of both texts: the later's order, each gone one after its predecessor."""
    standing = set(after)
    following: dict[str | None, list[str]] = {}
    last: str | None = None
    for unit in before:
        if unit in standing:
            last = unit
        else:
            following.setdefault(last, []).append(unit)
    made = following.get(None, [])
    for unit in after:
        made += [unit, *following.get(unit, ())]
    return made


def _standing(text: Mapping[str, Content], unit: str) -> Content | None:
    content = text.get(unit)
    return None if content is None or content.deleted else content


def _kind(before: Content | None, after: Content | None) -> Kind | None:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    if before == after:
        return None
    if (_bare(before), before.fields) != (_bare(after), after.fields):
        return "changed"
    moved = (before.parent, before.order) != (after.parent, after.order)
    return "moved" if moved else None


def _bare(content: Content) -> str:
    return "".join(_said(content).split())


def _said(content: Content | None) -> str:
    """Return what a person reads of a unit: label, heading and text."""
    if content is None or content.deleted:
        return ""
    head = " ".join(part for part in (content.label, content.heading) if part)
    return "\n".join(part for part in (head, content.text.strip()) if part)


def _only(
    here: Content | None, there: Content | None, labels: Mapping[str, str]
) -> tuple[str, ...]:
    if here is None:
        return ()
    known = () if there is None else fields_plain_words(there.fields, labels=labels)
    return tuple(
        line for line in fields_plain_words(here.fields, labels=labels) if line not in known
    )
