"""The root of the command line: its options, and what becomes of errors.

Every command ends with one of the documented exit codes. An error is one clear paragraph with its
code; nothing prints a stack trace unless ``COMITY_DEBUG=1`` asks for it. Source: design 13.5.
"""

import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Final

import click

from comity.cli.lazy import Branch, everywhere
from comity.cli.tree import TREE
from comity.foundation.errors import ComityError

OK: Final = 0
FAULT: Final = 1
MISUSE: Final = 2
REFUSED: Final = 3
PEER: Final = 4
UNAVAILABLE: Final = 5
NOT_VERIFIED: Final = 6
INTERRUPTED: Final = 130

_BY_FAMILY: Final = {
    "misuse": MISUSE,
    "refused": REFUSED,
    "peer": PEER,
    "unavailable": UNAVAILABLE,
}
_HELP: Final = """A framework agreement between two sovereign organisations, as a working thing.

Most commands talk to the running node of a party's folder (comity serve). Making a folder or a
personal folder, looking at a text, signing and verifying need no node."""
_EPILOG: Final = """\b
Start here:
  comity init FOLDER --help       make a party
  comity status                   what waits for whom, and why
  comity demo                     watch two parties live through an agreement
  comity completion bash          let the shell complete commands

\b
Exit codes:
  0  done
  1  a fault of the program; COMITY_DEBUG=1 shows more
  2  the command cannot be carried out as given: correct it
  3  refused: no article, role, power or red line allows it
  4  what the counterpart or a file says is broken or altered
  5  not possible now: try again, nothing has changed
  6  the evidence does not verify
  7  it agrees with itself, but nobody's letters say whose it is
  130  stopped from the keyboard"""

root: Final = Branch("comity", table=TREE, words=_HELP, epilog=_EPILOG)
root.params.extend(everywhere(hidden=False))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: The words after ``comity``; those of the process if not given.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    try:
        returned: object = root.main(given, prog_name="comity", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away
        return OK
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a person gets words
        return _failed(error, as_json=as_json)
    return returned if isinstance(returned, int) else OK


def _failed(error: BaseException, *, as_json: bool) -> int:
    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message())
            return MISUSE
        case click.ClickException():
            return _misuse(error, as_json=as_json)
        case ComityError():
            return _comity(error, as_json=as_json)
        case KeyboardInterrupt() | click.Abort():
            message = "Stopped. What the node has begun goes on; comity status shows it."
            return _told(INTERRUPTED, "cli.stopped", message, family="misuse", as_json=as_json)
        case _:
            return _fault(error, as_json=as_json)


def _misuse(error: click.ClickException, *, as_json: bool) -> int:
    message = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        message = f"{message} See: {context.command_path} --help"
    return _told(MISUSE, "cli.usage", message, family="misuse", as_json=as_json)


def _comity(error: ComityError, *, as_json: bool) -> int:
    if os.environ.get("COMITY_DEBUG"):
        traceback.print_exc()
    known = _BY_FAMILY.get(error.family, FAULT)
    code = FAULT if error.code == "api.fault" else known
    found = error.family if error.family in _BY_FAMILY else "fault"
    return _told(code, error.code, error.message, family=found, as_json=as_json, facts=error.facts)


def _fault(error: BaseException, *, as_json: bool) -> int:
    if os.environ.get("COMITY_DEBUG"):
        traceback.print_exc()
    what = f"{type(error).__name__}: {str(error)[:200]}"
    message = f"This is a fault of the program ({what}). COMITY_DEBUG=1 shows where; please report."
    return _told(FAULT, "cli.fault", message, family="fault", as_json=as_json)


def _told(
    exit_code: int,
    code: str,
    message: str,
    *,
    family: str,
    as_json: bool,
    facts: Mapping[str, object] | None = None,
) -> int:
    if as_json:
        error: dict[str, object] = {"code": code, "message": message, "family": family}
        if facts:
            error["facts"] = facts
        click.echo(json.dumps({"error": error}, ensure_ascii=False, indent=2, default=str))
    else:
        text = click.wrap_text(
            f"comity: {message} [{code}]", width=_width(), subsequent_indent="  "
        )
        click.echo(text, err=True)
    return exit_code


def _width() -> int:
    try:
        return max(40, min(100, os.get_terminal_size(2).columns))
    except OSError:
        return 100


if __name__ == "__main__":
    sys.exit(main())
