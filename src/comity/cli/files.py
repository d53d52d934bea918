"""The user's files: read with a bound, written whole and never over another file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from comity.foundation.errors import MisuseError, UnavailableError

TEXT_FILE_BYTES_MAX: Final = 64 << 20
SMALL_FILE_BYTES_MAX: Final = 8 << 20


def read_file(path: Path, *, bytes_max: int = SMALL_FILE_BYTES_MAX) -> bytes:
    """Return the contents of a file.

    Raises:
        MisuseError: ``cli.file_unreadable``, ``cli.file_large``.
    """
    try:
        with path.open("rb") as file:
            data = file.read(bytes_max + 1)
    except OSError as error:
        raise MisuseError(
            "cli.file_unreadable", f"{path} cannot be read: {error.strerror or error}."
        ) from error
    if len(data) > bytes_max:
        raise MisuseError(
            "cli.file_large",
            f"{path} has more than {bytes_max >> 20} MiB; that cannot be the right file.",
        )
    return data


def read_words(path: Path) -> str:
    """Return the contents of a text file as the node takes it.

    Raises:
        MisuseError: as ``read_file``; ``cli.not_utf8``.
    """
    data = read_file(path, bytes_max=TEXT_FILE_BYTES_MAX)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise MisuseError(
            "cli.not_utf8",
            f"{path}, line {line}: not UTF-8. Save it as plain text in UTF-8; if it is a word"
            " processor's file, export it first.",
        ) from error


def check_new(path: Path) -> None:
    """See that a file can be written there; nothing is written.

    Raises:
        MisuseError: ``cli.file_exists``, ``cli.no_place``.
    """
    if path.exists():
        raise MisuseError(
            "cli.file_exists",
            f"{path} exists and is not written over: give another name with -o, or remove it.",
        )
    if not path.absolute().parent.is_dir():
        raise MisuseError("cli.no_place", f"{path.absolute().parent} is not a folder.")


def write_new(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all; one with these contents may be there already.

    Raises:
        MisuseError: as ``check_new``.
        UnavailableError: ``files.full``, ``files.failed``.
    """
    from comity.storage.files import write_durably  # noqa: PLC0415 - help and refusals need none

    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return
    check_new(path)
    write_durably(path.absolute(), content)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to that appears under its name only when it is complete.

    Raises:
        MisuseError: as ``check_new``.
        UnavailableError: ``cli.not_written``.
    """
    check_new(path)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise UnavailableError(
            "cli.not_written", f"{path} could not be written: {error.strerror or error}."
        ) from error
    finally:
        part.unlink(missing_ok=True)
