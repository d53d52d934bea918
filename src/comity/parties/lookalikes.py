"""Names that look like other names: what a person is told before pairing.

A letter proves who holds keys, never that the name in it is the right one. So a name that reads as
one we know is said to do so, and a name with characters that nobody sees is refused. A warning
decides nothing: the fingerprint does. The table holds the letters of other scripts, the digits and
the pairs of letters that most often stand for Latin ones.

Source: Unicode Technical Standard 39, sections 4 (confusable detection) and 5.1 (mixed scripts).
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

import attrs

from comity.foundation.errors import PeerError

_PAIRS: Final = {
    "a": "\u0430\u03b1\u0251",
    "b": "\u0432\u03b2\u0184",
    "c": "\u0441\u03f2\u1d04",
    "d": "\u0501\u056a",
    "e": "\u0435\u0454\u03b5\u0437\u04553",
    "g": "\u0261\u0581",
    "h": "\u043d\u04bb\u0570",
    "i": "1l|\u0456\u03b9\u04cf\u0131\u0142",
    "j": "\u0458\u03f3",
    "k": "\u043a\u03ba",
    "m": "\u043c\u03fb",
    "n": "\u0438\u043f\u03b7\u0578\u057c",
    "o": "0\u043e\u03bf\u03c3\u0585\u0665\u06f5\u00f8",
    "p": "\u0440\u03c1",
    "q": "\u051b\u0566",
    "r": "\u0433\u044f",
    "s": "5$\u0455\u03c2",
    "t": "\u0442\u03c4",
    "u": "\u057d\u03c5\u0446",
    "v": "\u03bd\u0475",
    "w": "\u0461\u051d\u0448\u03c9",
    "x": "\u0445\u03c7",
    "y": "\u0443\u04af\u03b3",
}
_LIKE: Final = {ord(other): latin for latin, others in _PAIRS.items() for other in others}
_TOGETHER: Final = (("rn", "m"), ("vv", "w"), ("ci", "d"))
#: Marks of direction and the soft hyphen: allowed in texts, never needed in a name.
_UNSEEN: Final = "\u00ad\u200e\u200f\u061c"
_JOINERS: Final = "\u200c\u200d"
_JOINING_FROM: Final = 0x0590
_NEAR_CHARS_MIN: Final = 5
_MIXED: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")


@attrs.frozen(kw_only=True)
class Likeness:
    """That a name reads like another.

    Attributes:
        how: ``same``, ``looks`` (other characters, same look) or ``near`` (one letter differs).
        name: The other name.
    """

    how: str
    name: str


def skeleton(name: str) -> str:
    """Return what a name looks like; names with one skeleton are taken for each other."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(one for one in folded if unicodedata.category(one)[0] in "LN" or one in "|$")
    seen = seen.translate(_LIKE)
    for pair, one in _TOGETHER:
        seen = seen.replace(pair, one)
    return seen


def likeness(name: str, known: Sequence[str]) -> tuple[Likeness, ...]:
    """Return which of the known names ``name`` can be taken for."""
    return tuple(
        Likeness(how=how, name=other) for other in known if (how := _how(name, other)) is not None
    )


def mixed_words(name: str) -> tuple[str, ...]:
    """Return the words that mix letters of several look-alike scripts."""
    return tuple(word for word in name.split() if len(_scripts(word)) > 1)


def check_seen(name: str) -> str:
    """Return a name unchanged if everything in it can be seen.

    Raises:
        PeerError: ``letters.name_unseen``: a mark of direction, a soft hyphen, or a joiner
            between letters that do not join.
    """
    for place, one in enumerate(name):
        beside = name[place - 1 : place] + name[place + 1 : place + 2]
        joins = any(ord(other) >= _JOINING_FROM for other in beside)
        if one in _UNSEEN or (one in _JOINERS and not joins):
            raise PeerError(
                "letters.name_unseen",
                "The name in the letter contains a character that nobody sees"
                f" (U+{ord(one):04X} {unicodedata.name(one)}). They must write a new letter with a"
                " name that is what it looks like.",
            )
    return name


def _how(name: str, other: str) -> str | None:
    if name == other:
        return "same"
    mine, theirs = skeleton(name), skeleton(other)
    if mine == theirs:
        return "looks"
    if min(len(mine), len(theirs)) >= _NEAR_CHARS_MIN and _one_apart(mine, theirs):
        return "near"
    return None


def _one_apart(one: str, other: str) -> bool:
    """Return whether one letter was changed, added, left out, or swapped with its neighbour."""
    if len(one) > len(other):
        one, other = other, one
    start = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    mine, theirs = one[start:], other[start:]
    if len(one) < len(other):
        return mine == theirs[1:]
    swapped = mine[:2] == theirs[:2][::-1] and mine[2:] == theirs[2:]
    return mine[1:] == theirs[1:] or swapped


def _scripts(word: str) -> set[str]:
    letters = (unicodedata.name(one, "").partition(" ")[0] for one in word if one.isalpha())
    return {script for script in letters if script in _MIXED}
