"""What may stand in a text that people read and sign. Source: design 13.10."""

import unicodedata
from typing import Final

from comity.foundation.errors import PeerError

#: LRM, RLM, ALM, ZWJ and ZWNJ carry meaning in scripts; the overrides and isolates can make a
#: text read differently from what is signed.
_ALLOWED_FORMAT: Final = frozenset("\u200e\u200f\u061c\u200d\u200c\u00ad")
_ALLOWED_CONTROL: Final = frozenset("\n\t")


def refused_character(text: str) -> tuple[int, str] | None:
    """Return the 1-based line and the name of the first character that may not stand, or None."""
    line = 1
    for char in text:
        if char == "\n":
            line += 1
            continue
        if char in _ALLOWED_CONTROL or char in _ALLOWED_FORMAT:
            continue
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            return line, f"U+{ord(char):04X} {unicodedata.name(char, 'control character')}"
    return None


def check_text(text: str, *, what: str) -> str:
    """Return ``text`` unchanged if every character in it may stand.

    Raises:
        PeerError: ``basics.character``: a control, override, surrogate or private character, or
            text that is not in Unicode normal form C; the message names the line.
    """
    found = refused_character(text)
    if found is not None:
        line, name = found
        raise PeerError("basics.character", f"{what}, line {line}: {name} may not stand in a text.")
    if not unicodedata.is_normalized("NFC", text):
        raise PeerError(
            "basics.normal_form", f"{what} is not in Unicode normal form C; save it as NFC."
        )
    return text
