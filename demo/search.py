"""Is a secret anywhere? Searches folders and recorded bytes, in every form it could have there.

Looked into: every file as it stands; every value of every SQLite database; archives and compressed
values, unpacked, some layers deep. Looked for: the words as UTF-8 and UTF-16, in any case, escaped,
in hexadecimal, and in Base64 at each of its three alignments. A search that finds nothing proves
something only if the same search finds what is known to be there: the play sees to that.
"""

import base64
import bz2
import contextlib
import gzip
import io
import json
import lzma
import mmap
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

LAYERS: Final = 4
UNPACKED_BYTES_MAX: Final = 64 << 20
WHOLE_BYTES_MAX: Final = 64 << 20
_RUN: Final = re.compile(rb"[A-Za-z0-9+/_-]{40,}={0,2}")


def find(secrets: Iterable[str], places: Iterable[Path]) -> list[str]:
    """Return where any of the secrets stands: file, and table where it is in a database."""
    patterns = [pattern for secret in secrets for pattern in forms(secret)]
    found: dict[str, None] = {}
    for place in places:
        for file in _files(place):
            for where in _in_file(file, patterns):
                found[where] = None
    return list(found)


def forms(secret: str) -> list[bytes]:
    """Return the lower-case forms in which a secret could stand somewhere."""
    made: list[bytes] = []
    escaped = json.dumps(secret)[1:-1]
    for words in {secret, escaped, quote(secret, safe=""), quote_plus(secret)}:
        made += [words.encode(), words.encode("utf-16-le"), words.encode("utf-16-be")]
    plain = secret.encode()
    made.append(plain.hex().encode())
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        # Letters that also depend on the neighbours are left out at both ends.
        first = 0 if shift == 0 else shift + 1
        whole = coded.rstrip(b"=")
        last = len(whole) - (0 if (len(plain) + shift) % 3 == 0 else 1)
        made += [whole[first:last], whole[first:last].replace(b"+", b"-").replace(b"/", b"_")]
    return sorted({one.lower() for one in made if len(one) >= 8})


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from sorted(path for path in place.rglob("*") if path.is_file())


def _in_file(file: Path, patterns: list[bytes]) -> Iterator[str]:
    size = file.stat().st_size
    if size == 0:
        return
    if size <= WHOLE_BYTES_MAX:
        data = file.read_bytes()
        if _has(data, patterns, layers=LAYERS):
            yield str(file)
    elif _in_large(file, patterns):
        yield str(file)
    if _starts(file, b"SQLite format 3\0"):
        yield from _in_database(file, patterns)


def _in_large(file: Path, patterns: list[bytes]) -> bool:
    """Return whether a large file has one of the patterns; read in parts that overlap."""
    overlap = max(map(len, patterns))
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        for at in range(0, len(whole), WHOLE_BYTES_MAX):
            part = whole[at : at + WHOLE_BYTES_MAX + overlap].lower()
            if any(pattern in part for pattern in patterns):
                return True
    return False


def _starts(file: Path, magic: bytes) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(magic)) == magic


def _in_database(file: Path, patterns: list[bytes]) -> Iterator[str]:
    """Look at every value of every table, unpacked where it is packed."""
    with tempfile.TemporaryDirectory() as folder:
        for each in file.parent.glob(f"{file.name}*"):  # with what is not yet in the file itself
            shutil.copy(each, folder)
        yield from _in_copy(Path(folder) / file.name, file, patterns)


def _in_copy(copy: Path, file: Path, patterns: list[bytes]) -> Iterator[str]:
    with contextlib.closing(sqlite3.connect(copy)) as database:
        database.text_factory = bytes
        names = [
            row[0].decode()
            for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for name in names:
            for row in database.execute(f'SELECT * FROM "{name}"'):
                values = [value for value in row if isinstance(value, bytes)]
                if any(_has(value, patterns, layers=LAYERS) for value in values):
                    yield f"{file}, table {name}"
                    break


def _has(data: bytes, patterns: list[bytes], *, layers: int) -> bool:
    """Return whether data has one of the patterns, as it is or unpacked."""
    small = data.lower()
    if any(pattern in small for pattern in patterns):
        return True
    return layers > 0 and any(_has(inner, patterns, layers=layers - 1) for inner in _unpacked(data))


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Yield what is packed in data: archives, compressed values, long runs of Base64."""
    if data[:4] == b"PK\x03\x04":
        with contextlib.suppress(zipfile.BadZipFile, OSError, NotImplementedError):
            archive = zipfile.ZipFile(io.BytesIO(data))
            yield from (archive.read(name) for name in archive.namelist())
    for magic, unpack in _PACKERS:
        if data.startswith(magic):
            with contextlib.suppress(OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
                yield unpack(data)
    if len(data) <= UNPACKED_BYTES_MAX:
        for run in _RUN.finditer(data):
            coded = run[0].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
            with contextlib.suppress(ValueError):
                inner = base64.b64decode(coded + b"=" * (-len(coded) % 4))
                if any(inner.startswith(magic) for magic in _MAGIC):
                    yield inner


def _inflated(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, UNPACKED_BYTES_MAX)


def _gunzipped(data: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        return file.read(UNPACKED_BYTES_MAX)


_PACKERS: Final = (
    (b"\x1f\x8b", _gunzipped),
    (b"\x78\x01", _inflated),
    (b"\x78\x5e", _inflated),
    (b"\x78\x9c", _inflated),
    (b"\x78\xda", _inflated),
    (b"BZh", bz2.decompress),
    (b"\xfd7zXZ\0", lzma.decompress),
)
_MAGIC: Final = (b"PK\x03\x04", *(magic for magic, _ in _PACKERS))
