"""Write docs/reference/cli.md: what every command says about itself.

Run by ``make docs-cli``; tests/tidy checks that the committed page is what this prints.
"""

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "reference" / "cli.md"
HEAD: Final = """# Commands

Written by `make docs-cli` from the commands themselves; do not edit. `comity COMMAND --help` shows
the same on a terminal.
"""


def commands(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Context]]:
    """Yield the command and all below it, in the order in which help lists them."""
    parent = None
    for name in path[:-1]:
        parent = click.Context(click.Group(name), info_name=name, parent=parent)
    context = click.Context(command, info_name=path[-1], parent=parent, max_content_width=96)
    context.terminal_width = 96
    yield path, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from commands(below, (*path, name))


def page(root: click.Command) -> str:
    """Return the page for the whole tree of commands."""
    parts = [HEAD]
    for path, context in commands(root, ("comity",)):
        level = "#" * min(len(path) + 1, 4)
        text = "\n".join(line.rstrip() for line in context.get_help().splitlines())
        parts.append(f"\n{level} {' '.join(path)}\n\n```text\n{text}\n```\n")
    return "".join(parts)


def main(arguments: Sequence[str]) -> int:
    """Print the page, or write it."""
    os.environ["NO_COLOR"] = "1"
    sys.path.insert(0, str(ROOT / "src"))
    try:
        cli = importlib.import_module("comity.cli.main")
    except ModuleNotFoundError:
        sys.stderr.write("There is no command line yet to describe.\n")
        return 1
    root = next((value for value in vars(cli).values() if isinstance(value, click.Group)), None)
    if root is None:
        sys.stderr.write("comity.cli.main has no group of commands.\n")
        return 1
    if "--write" in arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(root), encoding="utf-8")
    else:
        sys.stdout.write(page(root))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
