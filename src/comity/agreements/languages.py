"""In which language a text is written, as far as its headings, script and small words tell.

The answer is a help for people and for the ``lang`` of units; no rule depends on it.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

UNKNOWN: Final = "und"
_SAMPLE_CHARS: Final = 20_000
_SCRIPTS: Final = (
    ("ja", 0x3040, 0x30FF),
    ("ko", 0xAC00, 0xD7A3),
    ("zh", 0x4E00, 0x9FFF),
    ("ar", 0x0600, 0x06FF),
    ("ru", 0x0400, 0x04FF),
    ("hi", 0x0900, 0x097F),
    ("bn", 0x0980, 0x09FF),
    ("el", 0x0370, 0x03FF),
    ("he", 0x0590, 0x05FF),
    ("th", 0x0E00, 0x0E7F),
)
_SMALL_WORDS: Final = {
    word: language
    for language, words in {
        "en": "the of and shall this which",
        "fr": "le les des du et présente aux",
        "es": "el los las del y por presente",
        "pt": "o os das dos e presente ao",
        "it": "il gli della delle e presente",
        "de": "der die das und werden dieses",
        "nl": "het een van deze en worden",
        "pl": "w oraz się na niniejszej przez",
        "tr": "ve bir bu ile için olarak",
        "sv": "och att detta ska av skall",
        "vi": "và của các trong này được",
        "id": "dan yang dari dengan dalam ini",
    }.items()
    for word in words.split()
}


def language_of(text: str, heading_languages: Iterable[str]) -> str:
    """Return the BCP 47 tag of the language in which most of ``text`` is written, or ``und``.

    Args:
        text: The whole text; only its beginning is looked at.
        heading_languages: What the words of its headings tell, empty strings where nothing.
    """
    sample = text[:_SAMPLE_CHARS]
    counts = Counter(_script(ord(char)) for char in sample if char.isalpha())
    if not counts:
        return UNKNOWN
    script = counts.most_common(1)[0][0]
    if counts.get("ja", 0) * 10 > counts.get("zh", 0) and counts.get("ja", 0) > 20:
        return "ja"
    told = Counter(each for each in heading_languages if each)
    if script != "latin":
        close = [each for each in told if each in _SAME_SCRIPT.get(script, ())]
        return close[0] if close else script
    small = Counter(
        _SMALL_WORDS[word] for word in sample.casefold().split() if word in _SMALL_WORDS
    )
    if small:
        return small.most_common(1)[0][0]
    return told.most_common(1)[0][0] if told else UNKNOWN


_SAME_SCRIPT: Final = {
    "ar": ("fa", "ur"),
    "ru": ("uk", "bg", "sr", "be"),
    "hi": ("ne", "mr"),
}


def _script(code: int) -> str:
    for language, first, last in _SCRIPTS:
        if first <= code <= last:
            return language
    return "latin"
