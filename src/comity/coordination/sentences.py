"""The sentences of a text, and where another text departs from them.

Sentences are counted the same by everybody: a statement's marks name them by number and by the
digest of their words. Where a read-out departs is shown, never judged. Source: spec 13.4, 13.8.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import attrs

from comity.agreements.model import Content, in_order
from comity.foundation.canonical import JsonObject, digest

#: Two sentences are shown beside each other from this share of common words on.
LIKE: Final = 0.4
#: Sentences of a read-out that are compared; what comes after them is shown as added.
COMPARED_MAX: Final = 1_000

_CLOSING: Final = "\"'\u00bb\u201d\u2019)\\]\u300d\u300f"
#: A full stop with white space behind it, or one of the scripts that need none.
_END: Final = re.compile(
    rf"(?:[.!?\u2026\u061f\u06d4\u0964][{_CLOSING}]*(?=\s)|[\u3002\uff01\uff1f][{_CLOSING}]*)"
)
#: Short for something, and no end: a single letter, or one of a few words, before the full stop.
_SHORT: Final = re.compile(r"(?:^|[\s(])(?:[^\W\d_]|No|Nos|Nr|Art|Arts|Mr|Mrs|Ms|Dr|St|para)\.$")
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n")

Kind = Literal["same", "changed", "added", "left_out"]


def sentences_of(units: Mapping[str, Content]) -> tuple[str, ...]:
    """Return the sentences of a text in printed order, white space made single.

    Titles, headings and labels are no sentences; a sentence ends with its unit or paragraph at the
    latest.
    """
    made: list[str] = []
    for unit in in_order(units):
        if units[unit].kind != "title":
            made += split(units[unit].text)
    return tuple(made)


def split(text: str) -> tuple[str, ...]:
    """Return the sentences of a passage."""
    return tuple(
        sentence
        for paragraph in _PARAGRAPH.split(text)
        for sentence in _sentences(" ".join(paragraph.split()))
    )


def _sentences(paragraph: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(paragraph):
        rest = paragraph[end.end() :].lstrip()
        if _SHORT.search(paragraph[start : end.end()]) or rest[:1].islower():
            continue
        yield paragraph[start : end.end()].strip()
        start = end.end()
    if paragraph[start:].strip():
        yield paragraph[start:].strip()


def words_digest(sentence: str) -> str:
    """Return the digest of the words of a sentence: what a mark names beside its number."""
    return digest(sentence.encode())


@attrs.frozen(kw_only=True)
class Departure:
    """One sentence of the statement, of the read-out, or of both beside each other.

    Attributes:
        kind: ``same``, ``changed``, ``added`` (the read-out's alone), ``left_out`` (the
            statement's alone).
        number: The number of the statement's sentence.
        agreed: What the statement says.
        said: What the read-out says.
    """

    kind: Kind
    number: int | None
    agreed: str
    said: str

    def json(self) -> JsonObject:
        """Return it for programs and people."""
        return {
            "kind": self.kind,
            "sentence": self.number,
            "agreed": self.agreed,
            "said": self.said,
        }


def departures(agreed: Sequence[str], said: Sequence[str]) -> tuple[Departure, ...]:
    """Return a statement and a read-out beside each other, sentence by sentence.

    Args:
        agreed: The sentences of the statement.
        said: The sentences of the read-out.
    """
    compared = said[:COMPARED_MAX]
    matcher = difflib.SequenceMatcher(None, agreed, compared, autojunk=False)
    made: list[Departure] = []
    for tag, first, after, start, stop in matcher.get_opcodes():
        if tag == "equal":
            made += [_same(agreed, number) for number in range(first, after)]
        else:
            made += _replaced(agreed, range(first, after), compared[start:stop])
    made += [_added(each) for each in said[COMPARED_MAX:]]
    return tuple(made)


def _same(agreed: Sequence[str], number: int) -> Departure:
    words = agreed[number]
    return Departure(kind="same", number=number + 1, agreed=words, said=words)


def _added(words: str) -> Departure:
    return Departure(kind="added", number=None, agreed="", said=words)


def _replaced(
    agreed: Sequence[str], numbers: Sequence[int], said: Sequence[str]
) -> Iterator[Departure]:
    """Yield what stands in place of some sentences: like ones beside each other, in order."""
    taken = 0
    for number in numbers:
        mine = _bag(agreed[number])
        place = next(
            (at for at in range(taken, len(said)) if _like(mine, _bag(said[at])) >= LIKE), None
        )
        if place is None:
            yield Departure(kind="left_out", number=number + 1, agreed=agreed[number], said="")
            continue
        yield from (_added(each) for each in said[taken:place])
        yield Departure(kind="changed", number=number + 1, agreed=agreed[number], said=said[place])
        taken = place + 1
    yield from (_added(each) for each in said[taken:])


def _bag(sentence: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", sentence.casefold()))


def _like(first: frozenset[str], second: frozenset[str]) -> float:
    both = first | second
    return len(first & second) / len(both) if both else 1.0
