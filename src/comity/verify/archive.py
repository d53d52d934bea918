"""The container of evidence: a ZIP archive that comes out the same for the same files.

Whoever opens one has not looked into it yet: everything is bounded before it is unpacked, and a
name can lead nowhere but below the archive. What the files mean is for the other modules; an
archive that somebody unpacked and packed again, stored or deflated, is as good as the first.
Source: record.md 5; design 5; spec 8.1.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha512
from typing import Final

from comity.foundation.canonical import Json, JsonObject, canonical, digest, parse_canonical
from comity.foundation.errors import MisuseError, PeerError

EXTENSION: Final = ".comity-evidence"
MANIFEST: Final = "manifest.json"
ARCHIVE_BYTES_MAX: Final = 256 << 20
FILES_MAX: Final = 20_000
NAME_CHARS_MAX: Final = 200
#: A file may unpack to so many times its packed size, and a little more.
RATIO_MAX: Final = 200
SMALL_BYTES: Final = 4 << 10

_TYPE: Final = "comity/evidence-manifest"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*", re.ASCII)
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = (stat.S_IFREG | 0o644) << 16
_UNIX: Final = 3
_MANIFEST_BYTES_MAX: Final = 16 << 20

# The end of a ZIP archive: the fields that bound what follows from them (APPNOTE 4.3.16, 4.3.15).
_END: Final = struct.Struct("<4s4H2LH")
_END_MAGIC: Final = b"PK\x05\x06"
_END64_MAGIC: Final = b"PK\x06\x07"
_END64_BYTES: Final = 20
_DIRECTORY_BYTES_MAX: Final = FILES_MAX * 512
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError),
    *(NotImplementedError, RuntimeError),
)


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of ``files`` with a new ``manifest.json``; equal files, equal bytes.

    Raises:
        MisuseError: ``verify.file_name``: a file has a name that the reader would refuse.
    """
    content = {name: data for name, data in files.items() if name != MANIFEST}
    for name in content:
        if not _is_name(name):
            raise MisuseError(
                "verify.file_name", f"{name[:80]!r} is no name of a file in evidence."
            )
    content[MANIFEST] = manifest_of(content)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(content):
            info = zipfile.ZipInfo(name, date_time=_TIME)
            info.create_system, info.external_attr = _UNIX, _MODE
            archive.writestr(info, content[name])
    return buffer.getvalue()


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """Return ``manifest.json`` for ``files``: sizes and checksums of all but itself."""
    listed: dict[str, Json] = {
        name: {"bytes": len(data), "sha256": digest(data), "sha512": sha512(data).hexdigest()}
        for name, data in files.items()
        if name != MANIFEST
    }
    return canonical({"v": 1, "type": _TYPE, "files": listed})


def read_archive(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name, ``manifest.json`` among them; nothing is verified.

    Raises:
        PeerError: ``verify.archive_size``, ``verify.archive_form``, ``verify.archive_bounds``,
            ``verify.archive_name``, ``verify.archive_kind``, ``verify.archive_file``.
    """
    if len(data) > ARCHIVE_BYTES_MAX:
        raise PeerError(
            "verify.archive_size",
            f"The archive has {len(data)} bytes; at most {ARCHIVE_BYTES_MAX} are read.",
        )
    _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            _check_listed(listed)
            return {info.filename: archive.read(info) for info in listed if not info.is_dir()}
    except _UNREADABLE as error:
        raise PeerError(
            "verify.archive_file", f"A file in the archive cannot be unpacked: {str(error)[:200]}."
        ) from error


def differences(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Return the files that ``manifest.json`` does not describe as they are, each with why.

    Raises:
        PeerError: ``verify.manifest``; ``json.*``.
    """
    stated = parse_canonical(
        files.get(MANIFEST, b""), bytes_max=_MANIFEST_BYTES_MAX, what="manifest.json"
    )
    listed = stated.get("files")
    head = {name: value for name, value in stated.items() if name != "files"}
    if head != {"v": 1, "type": _TYPE} or not isinstance(listed, dict):
        raise PeerError("verify.manifest", "manifest.json is not the manifest of an archive.")
    real = _object(parse_canonical(manifest_of(files), bytes_max=_MANIFEST_BYTES_MAX)["files"])
    wrong = [(name, "it is listed but not there") for name in listed if name not in real]
    for name, facts in real.items():
        if name not in listed:
            wrong.append((name, "it is not listed in manifest.json"))
        elif listed[name] != facts:
            wrong.append((name, "its size or checksums are not those in manifest.json"))
    return sorted(wrong)


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _is_name(name: str) -> bool:
    return len(name) <= NAME_CHARS_MAX and _NAME.fullmatch(name) is not None


def _check_end(data: bytes) -> None:
    """Refuse before the list of files is read what would make that list long."""
    end = data[-_END.size :]
    fields = _END.unpack(end) if len(end) == _END.size else (b"",) * 8
    magic, _, _, here, total, directory, _, comment = fields
    whole = magic == _END_MAGIC and here == total and comment == 0
    before = len(data) - _END.size - _END64_BYTES
    if not whole or data[max(before, 0) :].startswith(_END64_MAGIC):
        raise PeerError(
            "verify.archive_form", "This is no archive of evidence: it does not end as a ZIP does."
        )
    if total > FILES_MAX or directory > _DIRECTORY_BYTES_MAX:
        raise PeerError(
            "verify.archive_bounds",
            f"The archive lists {total} files; at most {FILES_MAX} are read.",
        )


def _check_listed(listed: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in listed]
    if len({name.casefold() for name in names}) != len(names):
        raise PeerError("verify.archive_twice", "Two files in the archive have the same name.")
    left = ARCHIVE_BYTES_MAX
    for info in listed:
        name = info.filename
        if not _is_name(name.removesuffix("/") if info.is_dir() else name):
            raise PeerError(
                "verify.archive_name",
                f"The name {name[:80]!r} may not stand in an archive: plain letters, digits and"
                " .-_ between slashes, nothing that leads out of it.",
            )
        kind = stat.S_IFMT(info.external_attr >> 16)
        plain = kind == 0 or (stat.S_ISDIR(kind) if info.is_dir() else stat.S_ISREG(kind))
        packed = info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if not plain or not packed or info.flag_bits & 1 or (info.is_dir() and info.file_size):
            raise PeerError(
                "verify.archive_kind",
                f"{name[:80]!r} is no plain file: links, encryption and rare packing are refused.",
            )
        left -= info.file_size
        if left < 0 or info.file_size > SMALL_BYTES + RATIO_MAX * info.compress_size:
            raise PeerError(
                "verify.archive_unpacked",
                f"{name[:80]!r} unpacks to more than is read here: {ARCHIVE_BYTES_MAX} bytes in"
                f" all, {RATIO_MAX} times its packed size.",
            )
