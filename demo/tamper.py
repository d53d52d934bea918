"""Evidence with one byte changed, its checksums and the archive made anew: as a forger would.

Whoever changes a byte can also make the list of checksums again, so those prove nothing. What
gives the change away are digests and signatures that cannot be made again without the keys.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias
from unicodedata import is_normalized

from stage import StageError

from comity.verify import read_archive, write_archive
from comity.verify.layout import MANIFEST_SIGNATURES, RENDERING, UNITS
from comity.verify.text import read_text

Files: TypeAlias = dict[str, bytes]


def tampered(evidence: bytes) -> dict[str, tuple[str, bytes]]:
    """Return archives that differ in one byte: by what was changed, the file and the archive."""
    made = {}
    for what, change in _CHANGES.items():
        files = dict(read_archive(evidence))
        name = change(files)
        made[what] = (name, write_archive(files))
        _check_one_byte(evidence, made[what][1], name)
    return made


def _text(files: Files) -> str:
    """Change one letter of the text; the rendering for readers follows, as checksums do."""
    units = json.loads(files[UNITS])["units"]
    words = max((unit["content"]["text"] for unit in units), key=len)
    start = files[UNITS].index(json.dumps(words, ensure_ascii=False)[1:-1].encode())
    at, other = _letter(words)
    data = bytearray(files[UNITS])
    at = start + len(json.dumps(words[:at], ensure_ascii=False)[1:-1].encode())
    data[at : at + len(other)] = other
    files[UNITS] = bytes(data)
    files[RENDERING] = read_text(files[UNITS]).printed().encode()
    return UNITS


def _letter(words: str) -> tuple[int, bytes]:
    """Return the place of a letter and another letter that differs from it in one byte."""
    for at, letter in enumerate(words):
        other = chr(ord(letter) ^ 1)
        whole = words[:at] + other + words[at + 1 :]
        same = len(other.encode()) == len(letter.encode())
        if letter.isalpha() and other.isalpha() and same and is_normalized("NFC", whole):
            return at, other.encode()
    raise StageError("The text has no letter that could be changed.")


def _signature(files: Files) -> str:
    """Change one letter in the middle of the first signature under the manifest."""
    signature = json.loads(files[MANIFEST_SIGNATURES])["signatures"][0]["signature"]
    start = files[MANIFEST_SIGNATURES].index(signature.encode())
    return _flip(files, MANIFEST_SIGNATURES, start + len(signature) // 2)


def _log_entry(files: Files) -> str:
    """Change one digit of the commitment of the first entry in the log of party a."""
    name = min(name for name in files if name.startswith("entries/a/") and name.endswith("e.json"))
    commitment = json.loads(files[name])["body"]["c"]
    return _flip(files, name, files[name].index(commitment.encode()) + 5)


def _flip(files: Files, name: str, at: int) -> str:
    """Change the byte of a file into another of its sort."""
    data = bytearray(files[name])
    data[at] = _OTHER.get(data[at], data[at] ^ 1)
    files[name] = bytes(data)
    return name


#: Digits and letters become the next of the same sort, so that the form of the file stays right.
_OTHER: Final[Mapping[int, int]] = {
    ord(one): ord(other)
    for row in ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for one, other in zip(row, row[1:] + row[0], strict=True)
}

_CHANGES: Final[Mapping[str, Callable[[Files], str]]] = {
    "one byte of the text": _text,
    "one byte of a signature": _signature,
    "one byte of a log entry": _log_entry,
}


def _check_one_byte(before: bytes, after: bytes, name: str) -> None:
    old, new = read_archive(before), read_archive(after)
    made_again = {"manifest.json", RENDERING}
    changed = [each for each in new if new[each] != old.get(each) and each not in made_again]
    differing = sum(a != b for a, b in zip(old[name], new[name], strict=True))
    if changed != [name] or differing != 1:
        raise StageError(f"More than one byte was changed: {changed}, {differing}")


def write(out: Path, evidence: Path) -> dict[str, tuple[str, Path]]:
    """Write the changed archives beside each other; return file and archive by what was changed."""
    out.mkdir(exist_ok=True)
    made = {}
    for what, (name, data) in tampered(evidence.read_bytes()).items():
        path = out / f"{what.replace(' ', '-')}{evidence.suffix}"
        path.write_bytes(data)
        made[what] = (name, path)
    return made
