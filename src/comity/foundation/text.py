"""What may stand in a text that people read and sign. Source: design 13.10; spec 1.4."""

import re
import unicodedata
from typing import Final

from comity.foundation.errors import PeerError

#: The refused characters, written out so that every version of Python refuses the same ones: the
#: control, format, surrogate and private-use characters and the two separators (general categories
#: Cc, Cf, Cs, Co, Zl, Zp as of Unicode 15.1), and the noncharacters. Not refused: line feed, tab,
#: and what carries meaning in scripts and hyphenation: LRM, RLM, ALM, ZWJ, ZWNJ, soft hyphen. The
#: overrides and isolates can make a text read differently from what is signed.
_REFUSED: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b"
    r"\u2028-\u202e\u2060-\u2064\u2066-\u206f\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    r"\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000f0000-\U0010ffff"
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 15))
    + "]"
)


def refused_character(text: str) -> tuple[int, str] | None:
    """Return the 1-based line and the name of the first character that may not stand, or None."""
    found = _REFUSED.search(text)
    if found is None:
        return None
    name = unicodedata.name(found[0], "a control, private or undefined character")
    return text.count("\n", 0, found.start()) + 1, f"U+{ord(found[0]):04X} {name}"


def check_text(text: str, *, what: str) -> str:
    """Return ``text`` unchanged if every character in it may stand.

    Raises:
        PeerError: ``basics.character``: a control, override, surrogate or private character, or
            ``basics.normal_form``: text that is not in Unicode normal form C; the message names
            the line of the character.
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
