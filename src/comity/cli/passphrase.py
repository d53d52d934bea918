"""Where a passphrase comes from: the terminal, or a file that its owner names."""

import os
import sys
from pathlib import Path
from typing import Final

import click

from comity.cli.files import read_file
from comity.foundation.errors import MisuseError

FILE_VARIABLE: Final = "COMITY_PASSPHRASE_FILE"


def passphrase(prompt: str) -> bytes:
    """Return the passphrase of existing keys.

    Raises:
        MisuseError: ``cli.no_terminal``, ``cli.passphrase_file``.
    """
    return _from_file() or _asked(prompt, twice=False)


def new_passphrase(prompt: str) -> bytes:
    """Return a passphrase for new keys; on a terminal it is asked for twice. Raises: as above."""
    return _from_file() or _asked(prompt, twice=True)


def _from_file() -> bytes:
    named = os.environ.get(FILE_VARIABLE)
    if not named:
        return b""
    lines = read_file(Path(named), bytes_max=4 << 10).splitlines()
    if not lines or not lines[0]:
        raise MisuseError(
            "cli.passphrase_file",
            f"The file that {FILE_VARIABLE} names holds no passphrase in its first line.",
        )
    return lines[0]


def _asked(prompt: str, *, twice: bool) -> bytes:
    if not sys.stdin.isatty():
        raise MisuseError(
            "cli.no_terminal",
            "There is no terminal to ask for a passphrase. Start the command from one, or name a"
            f" file with {FILE_VARIABLE}.",
        )
    again = f"{prompt}, again" if twice else False
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=again, err=True)).encode()
