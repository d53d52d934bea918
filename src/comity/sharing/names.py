"""Names of files as they can be kept, shown and written down on any system.

A file's name comes from outside: a browser, a disk, a counterpart. It decides nothing and is no
path. What cannot stand in a text (controls, overrides that make a name read differently from what
it is) is left out, never guessed at. Source: design 13.10; style 3, rule 6.
"""

import re
import unicodedata
from typing import Final

from comity.foundation.limits import NAME_CHARS_MAX
from comity.sharing.reading import line_of

#: The longest name that common file systems take.
FILE_NAME_BYTES_MAX: Final = 255
ENDING_CHARS_MAX: Final = 16
TITLE_CHARS_MAX: Final = NAME_CHARS_MAX

#: Marks of direction may stand in a text; in a name they could hide which ending it has.
_DIRECTION: Final = re.compile("[\u061c\u200e\u200f]")
#: What some system takes for a path, a drive, a stream or a pattern.
_NOT_IN_A_NAME: Final = re.compile(r'[<>:"|?*]')
_DEVICES: Final = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")


def file_name(told: str, *, otherwise: str = "file") -> str:
    """Return the name of a file as it can be kept: one line, no path, a bounded length.

    The ending is kept where a name is cut, so that people still see what it claims to be.

    Args:
        told: What a browser, a disk or a counterpart calls it.
        otherwise: What it is called where nothing of that can stand.
    """
    last = re.split(r"[/\\]", told)[-1]
    plain = _DIRECTION.sub("", unicodedata.normalize("NFC", last))
    line = line_of(plain, chars_max=len(plain), otherwise="")
    name = _NOT_IN_A_NAME.sub("_", line).strip(". ")
    if not name or _DEVICES.fullmatch(name):
        name = f"{otherwise}-{name}" if name else otherwise
    return _cut(name)


def title_of(told: str, *, otherwise: str) -> str:
    """Return a counterpart's title of an item as it can be shown: one line of bounded length."""
    line = line_of(told, chars_max=len(told), otherwise="")
    return unicodedata.normalize("NFC", line)[:TITLE_CHARS_MAX].strip() or otherwise


def _cut(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending) > ENDING_CHARS_MAX:
        stem, ending = name, ""
    tail = dot + ending if ending else ""
    stem = stem[: NAME_CHARS_MAX - len(tail)]
    room = FILE_NAME_BYTES_MAX - len(tail.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + tail
