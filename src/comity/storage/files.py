"""Large things as files: shared payloads, and body containers too large for the database.

A file is named by the SHA-256 of its content, so nothing is ever overwritten and a file that is
there is whole: bytes go to a temporary name with a running digest, in constant memory; only when
they are durable does the file get its name. What a crash left half-written is swept away at the
next start, except what is kept under a key to be gone on with. Names of people or of their files
never become names here.

Source: design 9; record.md 7.4.
"""

import errno
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import attrs

from comity.foundation.errors import MisuseError, PeerError, UnavailableError

CHUNK_BYTES: Final = 1 << 20
PAYLOAD_BYTES_MAX: Final = 1 << 40
BODY_BYTES_MAX: Final = 64 << 20

_NAME: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PART: Final = "part-"
_KEPT: Final = "kept-"


@attrs.frozen(kw_only=True)
class StoredFile:
    """A file that is durable: its name (SHA-256, hex) and its size."""

    name: str
    bytes: int


class FileWriter:
    """A file that comes into being: write, then ``commit``; leaving the ``with`` drops the rest."""

    def __init__(self, files: "ContentFiles", bytes_max: int) -> None:
        self._files = files
        self._bytes_max = bytes_max
        self._digest = sha256()
        self._size = 0
        try:
            number, name = tempfile.mkstemp(prefix=_PART, dir=files.folder)
        except OSError as error:
            raise _failed(error) from error
        self._path: Path | None = Path(name)
        self._file: BinaryIO = os.fdopen(number, "wb", buffering=CHUNK_BYTES)

    @property
    def size(self) -> int:
        """How many bytes were written so far."""
        return self._size

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written so far, hexadecimal."""
        return self._digest.hexdigest()

    def write(self, chunk: bytes | memoryview) -> None:
        """Add bytes at the end.

        Raises:
            PeerError: ``files.too_large``.
            UnavailableError: ``files.full``, ``files.failed``.
        """
        self._size += len(chunk)
        if self._size > self._bytes_max:
            raise PeerError(
                "files.too_large", f"More than {self._bytes_max} bytes came; that was the limit."
            )
        self._digest.update(chunk)
        try:
            self._file.write(chunk)
        except OSError as error:
            raise _failed(error) from error

    def sync(self) -> None:
        """Make what was written so far durable; the file has no name yet.

        Raises:
            UnavailableError: ``files.full``, ``files.failed``.
        """
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _failed(error) from error

    def commit(self, expected: str | None = None) -> StoredFile:
        """Make the file durable under its name and return it.

        Args:
            expected: The SHA-256 it must have, hex.

        Raises:
            PeerError: ``files.digest``: it is not what was announced; nothing is kept.
            UnavailableError: ``files.full``, ``files.failed``.
        """
        if self._path is None:
            raise MisuseError("files.finished", "This file was finished already.")
        name = self._digest.hexdigest()
        if expected is not None and name != expected:
            raise PeerError(
                "files.digest",
                f"What came has the SHA-256 {name}, announced was {expected}: it was changed or cut"
                " off on the way. Ask for it again.",
            )
        self.sync()
        try:
            self._file.close()
            self._path.replace(self._files.path(name))
            sync_folder(self._files.folder)
        except OSError as error:
            raise _failed(error) from error
        self._path = None
        return StoredFile(name=name, bytes=self._size)

    def drop(self) -> None:
        """Forget what was written and not committed; again: no effect."""
        path, self._path = self._path, None
        if path is not None:
            try:
                self._file.close()
            except OSError:  # a full disk cannot take the buffer's rest, which nobody wants
                path.unlink(missing_ok=True)
            path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.drop()


class KeptWriter(FileWriter):
    """A file that comes into being in several attempts: what came so far stays under its key.

    Leaving the ``with`` keeps it; ``drop`` forgets it. The digest of what is there already is
    computed anew at the beginning, at the speed of the disk: nobody has to trust a note about it.
    """

    def __init__(self, files: "ContentFiles", key: str, bytes_max: int) -> None:
        self._files = files
        self._bytes_max = bytes_max
        path = files.kept_path(key)
        self._path: Path | None = path
        self._size = 0
        try:
            self._file = path.open("ab+", buffering=CHUNK_BYTES)
            path.chmod(0o600)
            self._read_back()
        except OSError as error:
            raise _failed(error) from error

    def _read_back(self) -> None:
        self._digest, self._size = sha256(), 0
        self._file.seek(0)
        while chunk := self._file.read(CHUNK_BYTES):
            self._digest.update(chunk)
            self._size += len(chunk)
        if self._size > self._bytes_max:
            self.restart()

    def restart(self) -> None:
        """Forget what came and begin at the first byte.

        Raises:
            UnavailableError: ``files.full``, ``files.failed``.
        """
        try:
            self._file.seek(0)
            self._file.truncate()
        except OSError as error:
            raise _failed(error) from error
        self._digest, self._size = sha256(), 0

    def keep(self) -> None:
        """Close the file and leave it for the next attempt; again: no effect."""
        path, self._path = self._path, None
        if path is not None:
            with suppress(OSError):  # a full disk: the next attempt reads back what is there
                self._file.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.keep()


class ContentFiles:
    """A folder of files named by their content. One process at a time (``FolderLock``)."""

    BYTES_MAX = PAYLOAD_BYTES_MAX

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Return the files in ``folder``, made if need be, swept of what was left half-written.

        Raises:
            UnavailableError: ``files.full``, ``files.failed``.
        """
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            for left in folder.glob(f"{_PART}*"):
                left.unlink(missing_ok=True)
        except OSError as error:
            raise _failed(error) from error
        return cls(folder)

    def path(self, name: str) -> Path:
        """Return where the file of that name stands, or would stand.

        Raises:
            MisuseError: ``files.name``: that is no SHA-256 in lower-case hex.
        """
        if _NAME.fullmatch(name) is None:
            raise MisuseError("files.name", f"A stored file is named by 64 hex digits: {name[:80]}")
        return self.folder / name

    def exists(self, name: str) -> bool:
        """Return whether the file is here."""
        return self.path(name).is_file()

    def writer(self, *, bytes_max: int | None = None) -> FileWriter:
        """Return a new file to write, at most ``bytes_max`` bytes."""
        return FileWriter(self, self.BYTES_MAX if bytes_max is None else bytes_max)

    def kept_path(self, key: str) -> Path:
        """Return where what came so far under a key stands; the key may be any text."""
        return self.folder / f"{_KEPT}{sha256(key.encode()).hexdigest()}"

    def kept_size(self, key: str) -> int:
        """Return how many bytes came so far under a key."""
        path = self.kept_path(key)
        return path.stat().st_size if path.exists() else 0

    def kept_writer(self, key: str, *, bytes_max: int) -> KeptWriter:
        """Return the file under a key, to go on with after what came so far.

        Raises:
            UnavailableError: ``files.full``, ``files.failed``.
        """
        return KeptWriter(self, key, bytes_max)

    def forget(self, key: str) -> None:
        """Remove what came so far under a key, if anything did."""
        self.kept_path(key).unlink(missing_ok=True)

    def forget_all_but(self, keys: Iterable[str]) -> None:
        """Remove what came so far under all other keys."""
        wanted = {self.kept_path(key) for key in keys}
        for path in self.folder.glob(f"{_KEPT}*"):
            if path not in wanted:
                path.unlink(missing_ok=True)

    def write(self, content: bytes, *, expected: str | None = None) -> str:
        """Store bytes that are in memory; return the name. Errors as ``FileWriter``."""
        return self.add((content,), expected=expected).name

    def add(self, chunks: Iterable[bytes], *, expected: str | None = None) -> StoredFile:
        """Store what an iterator gives. Errors as ``FileWriter``."""
        with self.writer() as writer:
            for chunk in chunks:
                writer.write(chunk)
            return writer.commit(expected)

    def open_file(self, name: str) -> BinaryIO:
        """Return the file, open for reading.

        Raises:
            MisuseError: ``files.missing``.
            UnavailableError: ``files.failed``.
        """
        try:
            return self.path(name).open("rb")
        except FileNotFoundError as error:
            raise MisuseError(
                "files.missing", f"The file {name} is not here; restore it from the backup."
            ) from error
        except OSError as error:
            raise _failed(error) from error

    def size(self, name: str) -> int:
        """Return the size in bytes. Errors as ``open_file``."""
        with self.open_file(name) as file:
            return os.fstat(file.fileno()).st_size

    def read(self, name: str) -> bytes:
        """Return the whole content; for what fits into memory. Errors as ``open_file``."""
        with self.open_file(name) as file:
            return file.read()

    def chunks(self, name: str, *, start: int = 0) -> Iterator[bytes]:
        """Yield the content from byte ``start`` on. Errors as ``open_file``."""
        with self.open_file(name) as file:
            file.seek(start)
            while chunk := file.read(CHUNK_BYTES):
                yield chunk

    def delete(self, name: str) -> bool:
        """Remove a file; return whether it was there."""
        try:
            self.path(name).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _failed(error) from error
        sync_folder(self.folder)
        return True

    def names(self) -> Iterator[str]:
        """Yield the names of all files, in no order."""
        for path in self.folder.iterdir():
            if _NAME.fullmatch(path.name):
                yield path.name


class PayloadFiles(ContentFiles):
    """What is shared with the counterpart, and what came from it."""


class BodyFiles(ContentFiles):
    """Body containers above ``BODY_INLINE_BYTES_MAX``; the database keeps their names."""

    BYTES_MAX = BODY_BYTES_MAX


def sync_folder(folder: Path) -> None:
    """Make names in ``folder`` durable: a file is not there for good before its folder knows."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_durably(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace ``path`` by ``content``, all or nothing, durable when this returns.

    Raises:
        UnavailableError: ``files.full``, ``files.failed``.
    """
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(number, "wb") as file:
                os.fchmod(number, mode)
                file.write(content)
                file.flush()
                os.fsync(number)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise _failed(error) from error


def _failed(error: OSError) -> UnavailableError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UnavailableError(
            "files.full", "The disk is full: the file was not stored. Make room, then try again."
        )
    return UnavailableError(
        "files.failed",
        f"The file could not be read or written ({error.strerror}): look at the folder's owner and"
        " permissions, and at the disk.",
    )
