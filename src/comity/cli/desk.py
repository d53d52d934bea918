"""What a command works with: the party's folder, its node, and where the answer is printed.

A command asks for what it needs; nothing is loaded or connected before. Progress appears on a
terminal, after a second, and never on the standard output.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Final

import click

from comity.cli.files import new_file
from comity.cli.settings import Settings
from comity.cli.values import rows, text
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.sdk import Comity
from comity.storage.folder import PartyFolder

_PATIENCE_S: Final = 1.0
_TURN_S: Final = 0.2


class Desk:
    """One command's view of the party's folder, its node and the terminal."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def folder(self) -> PartyFolder:
        """Return the party's folder.

        Raises:
            MisuseError: ``cli.no_folder``; as ``PartyFolder.open``.
        """
        named = self.settings.folder
        if named is None and not Path("comity.json").exists():
            raise MisuseError(
                "cli.no_folder",
                "Say which party: --folder PATH, or COMITY_FOLDER, or change into the party's"
                " folder. To make one: comity init --help.",
            )
        return PartyFolder.open(Path(named or "."))

    def _client(self) -> Comity:
        folder = self.folder
        return Comity(
            f"http://localhost:{folder.config.local_port}",
            token=folder.read_api_token(),
            as_=self.settings.acting,
            tries=1,  # whoever types can repeat what was cut off, and is told so at once
        )

    def call(self, operation: str, **members: Json) -> JsonObject:
        """Return the node's answer to an operation; members that are None are left out.

        Raises:
            ComityError: what the node raised; ``folder.*``, ``local.*``.
        """
        with self.patience("The node is working"):
            return self._client().call(operation, members)

    def whole(self, operation: str, **members: Json) -> JsonObject:
        """Return a list with all its rows, however many pages they are.

        Raises: as ``call``.
        """
        with self.patience("The node is working"):
            return self._client().whole(operation, members)

    def upload(self, operation: str, source: Path, **members: Json) -> JsonObject:
        """Return the node's answer to a file that is sent to it.

        Raises: as ``call``; ``cli.file_unreadable``.
        """
        try:
            length, file = source.stat().st_size, source.open("rb")
        except OSError as error:
            raise MisuseError(
                "cli.upload_unreadable", f"{source} cannot be read: {error.strerror or error}."
            ) from error
        with file, self.patience("Sending", of=length) as told:
            return self._client().upload(operation, file, members, progress=told)

    def download(self, operation: str, target: Path, **members: Json) -> int:
        """Write what the node sends to a new file and return the number of bytes.

        Raises: as ``call``; ``cli.file_exists``, ``cli.not_written``.
        """
        with new_file(target) as file, self.patience("Receiving") as told:
            self._client().download(operation, file, members, progress=told)
            return file.tell()

    def counterpart(self, named: str | None) -> str:
        """Return whom the user named, or the only counterpart there is.

        Raises:
            MisuseError: ``cli.which_counterpart``: there are several, or none.
        """
        if named is not None:
            return named
        known = rows(self.call("status"), "relationships")
        if len(known) != 1:
            names = ", ".join(text(row, "name") for row in known) or "none yet"
            raise MisuseError(
                "cli.which_counterpart", f"Say which counterpart; known here: {names}."
            )
        return text(known[0], "relationship")

    # --- output ---------------------------------------------------------------------------------

    def show(self, answer: JsonObject, *lines: str) -> None:
        """Print the answer: as JSON, or these lines."""
        if self.settings.json:
            click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for line in lines:
                click.echo(line)

    def hint(self, *lines: str) -> None:
        """Print what a person may want to know next."""
        if not (self.settings.json or self.settings.quiet):
            for line in lines:
                click.echo(line, err=True)

    @contextmanager
    def patience(self, words: str, *, of: int = 0) -> Iterator[Callable[[int], None]]:
        """Show on a terminal that something takes its time; give what to call with the bytes done.

        Args:
            words: What is being done.
            of: How many bytes there are to do, where that is known.
        """
        done = 0

        def told(count: int) -> None:
            nonlocal done
            done = count

        if self.settings.quiet or not sys.stderr.isatty():
            yield told
            return
        over = threading.Event()

        def turn() -> None:
            if over.wait(_PATIENCE_S):
                return
            for mark in cycle("|/-\\"):
                click.echo(f"\r{mark} {words} {_amount(done, of)}   ", nl=False, err=True)
                if over.wait(_TURN_S):
                    break
            click.echo("\r\x1b[K", nl=False, err=True)

        turning = threading.Thread(target=turn, daemon=True)
        turning.start()
        try:
            yield told
        finally:
            over.set()
            turning.join()


def _amount(done: int, of: int) -> str:
    if not done:
        return "..."
    if of:
        return f"{100 * done // of} %"
    return f"{done >> 20} MiB" if done >> 20 else f"{done >> 10} KiB"
