"""The high-water mark: what was signed, kept outside the database.

A database restored from a backup forgets what it signed; signing again at the same place with
another content is a fork, provable to anybody. So before each signature the mark is advanced, by
compare-and-swap, and durable on disk; below it nothing is signed. One mark per own log, one per
log of a counterpart that is cosigned here. The file also says whether the last user of it ended
in order: after an unclean start, or on another machine, the counterpart is asked for its copy
before anything is signed.

Source: record.md 4.7, 12.2; design 5.
"""

import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

import attrs

from comity.foundation.canonical import Json, canonical, parse_canonical
from comity.foundation.errors import ComityError, UnavailableError
from comity.storage.files import write_durably

_FILE_BYTES_MAX: Final = 16 << 20
_ROOT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@attrs.frozen(kw_only=True)
class HighMark:
    """The highest head that was signed for a log.

    Attributes:
        size: Number of entries.
        root: Root of the tree over them, 32 bytes.
        counter: How often the mark was advanced.
        instance: Who advanced it.
    """

    size: int
    root: bytes
    counter: int
    instance: str


class HighWater:
    """The file of marks. One process at a time (``FolderLock``); any of its threads."""

    def __init__(
        self, path: Path, *, instance: str, marks: Mapping[str, HighMark], clean: bool
    ) -> None:
        self._path = path
        self._instance = instance
        self._marks = dict(marks)
        self._lock = threading.Lock()
        self.clean = clean

    @classmethod
    def open(cls, path: Path, *, instance: str, create: bool = False) -> Self:
        """Return the marks in ``path``; from now until ``close`` the file says "in use".

        Args:
            path: ``PartyFolder.high_water``.
            instance: A name of this machine or installation; another one than last time counts
                as an unclean start.
            create: Make the file where there is none: for a new folder only.

        Raises:
            UnavailableError: ``record.high_water_missing``, ``record.high_water_unreadable``: the
                node must not sign before the restore procedure.
        """
        if not path.exists():
            if not create:
                raise UnavailableError(
                    "record.high_water_missing",
                    f"The file {path.name} is missing. It says what this node has signed; without"
                    " it nothing may be signed. Follow the restore procedure.",
                )
            marks: Mapping[str, HighMark] = {}
            clean = True
        else:
            marks, last, closed = _read(path)
            clean = closed and last == instance
        for left in path.parent.glob(f".{path.name}-*"):
            left.unlink(missing_ok=True)  # half-written when a process was killed
        made = cls(path, instance=instance, marks=marks, clean=clean)
        made._write(made._marks, closed=False)  # it is our own
        return made

    def get(self, log: str) -> HighMark | None:
        """Return the mark of a log, or None."""
        with self._lock:
            return self._marks.get(log)

    def logs(self) -> tuple[str, ...]:
        """Return the logs that have a mark."""
        with self._lock:
            return tuple(self._marks)

    def advance(self, log: str, *, size: int, root: bytes) -> HighMark:
        """Return the mark once it stands durably at ``size`` and ``root``; then one may sign.

        Raises:
            UnavailableError: ``record.high_water``: more was signed already, or as much with
                another content; ``record.high_water_changed``: somebody else advanced the file;
                ``files.full``, ``files.failed``. Nothing may be signed.
        """
        with self._lock:
            there = self._marks.get(log)
            if there is not None and (size, root) == (there.size, there.root):
                return there
            if there is not None and size <= there.size:
                raise UnavailableError(
                    "record.high_water",
                    f"For {log} this node has signed {there.size} entries with root"
                    f" {there.root.hex()[:16]}; it is now asked to sign {size} with"
                    f" {root.hex()[:16]}. The database is older than what was signed: nothing is"
                    " signed. Get the missing entries from the counterpart (restore procedure).",
                    {"log": log, "signed": there.size, "asked": size},
                )
            self._check_unchanged()
            mark = HighMark(
                size=size,
                root=root,
                counter=1 if there is None else there.counter + 1,
                instance=self._instance,
            )
            marks = {**self._marks, log: mark}
            self._write(marks, closed=False)
            self._marks = marks
            return mark

    def close(self) -> None:
        """Say that this user ended in order; again: no effect."""
        with self._lock:
            self._check_unchanged()
            self._write(self._marks, closed=True)

    def _check_unchanged(self) -> None:
        """The swap's compare: the file must be what we last wrote, or two of us are running."""
        try:
            marks, instance, _ = _read(self._path)
            same = marks == self._marks and instance == self._instance
        except (OSError, ComityError):
            same = False
        if not same:
            raise UnavailableError(
                "record.high_water_changed",
                f"Somebody else changed {self._path.name} while this node was running: a second"
                " node, or a restored copy. Nothing is signed. Stop both, then start one.",
            )

    def _write(self, marks: Mapping[str, HighMark], *, closed: bool) -> None:
        logs: dict[str, Json] = {
            log: {
                "size": mark.size,
                "root": mark.root.hex(),
                "counter": mark.counter,
                "instance": mark.instance,
            }
            for log, mark in marks.items()
        }
        value: dict[str, Json] = {
            "v": 1,
            "instance": self._instance,
            "closed": closed,
            "logs": logs,
        }
        write_durably(self._path, canonical(value))


def _read(path: Path) -> tuple[Mapping[str, HighMark], str, bool]:
    try:
        data = path.read_bytes()
        value = parse_canonical(data, bytes_max=_FILE_BYTES_MAX, what=path.name)
        instance, closed, logs = value.get("instance"), value.get("closed"), value.get("logs")
    except (OSError, ComityError) as error:
        raise _unreadable(path, str(error)) from error
    if (
        value.get("v") != 1
        or not isinstance(instance, str)
        or not isinstance(closed, bool)
        or not isinstance(logs, Mapping)
    ):
        raise _unreadable(path, "members are missing")
    return {log: _mark(path, log, mark) for log, mark in logs.items()}, instance, closed


def _mark(path: Path, log: str, value: Json) -> HighMark:
    if isinstance(value, Mapping):
        size, root = value.get("size"), value.get("root")
        counter, instance = value.get("counter"), value.get("instance")
        if (
            isinstance(size, int)
            and isinstance(counter, int)
            and isinstance(instance, str)
            and isinstance(root, str)
            and _ROOT.fullmatch(root)
        ):
            return HighMark(size=size, root=bytes.fromhex(root), counter=counter, instance=instance)
    raise _unreadable(path, f"the mark of {log[:100]} is broken")


def _unreadable(path: Path, why: str) -> UnavailableError:
    return UnavailableError(
        "record.high_water_unreadable",
        f"The file {path.name} is damaged ({why}). It says what this node has signed; without it"
        " nothing may be signed. Follow the restore procedure.",
    )
