"""Commands that are loaded only when they are used, so that help comes at once.

A branch knows the names and one-line descriptions of what is below it; a leaf is imported when it
is called or when its own help is asked for. Source: design 11 (CLI help in 150 ms).
"""

import functools
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import ParamSpec

import click

from comity.cli.settings import Settings

_Given = ParamSpec("_Given")


class Place:
    """One line of the table: where a command is defined, or what is below a group."""

    __slots__ = ("below", "short", "target")

    def __init__(self, short: str, target: str | Mapping[str, "Place"]) -> None:
        self.short = short
        self.target = target if isinstance(target, str) else ""
        self.below = {} if isinstance(target, str) else target


class Branch(click.Group):
    """A group of commands out of a table."""

    def __init__(
        self, name: str, *, table: Mapping[str, Place], words: str, epilog: str = ""
    ) -> None:
        super().__init__(name, help=words, epilog=epilog or None)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names below, in the order of the table."""
        del ctx
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loaded now; None if there is none of that name."""
        del ctx
        place = self._table.get(cmd_name)
        if place is None:
            return None
        if place.below:
            return Branch(cmd_name, table=place.below, words=place.short)
        module, _, attribute = place.target.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant, or name those that may have been."""
        if args[0] not in self._table and not args[0].startswith("-"):
            raise click.UsageError(_unknown(args[0], self._table), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.short) for name, place in self._table.items()])


class Leaf(click.Command):
    """A command that also takes the options of every command, before or after its own."""

    def __init__(self, name: str, **given: object) -> None:
        super().__init__(name, **given)  # type: ignore[arg-type]  # handed on as click gave it
        self.params.extend(everywhere(hidden=True))


def everywhere(*, hidden: bool) -> list[click.Parameter]:
    """Return the options that every command takes."""
    return [
        click.Option(
            ["--folder"],
            metavar="PATH",
            envvar=None if hidden else "COMITY_FOLDER",
            help="The party's folder; COMITY_FOLDER; else the current directory.",
            hidden=hidden,
            expose_value=False,
            callback=_keep,
        ),
        click.Option(
            ["--as", "acting"],
            metavar="OFFICIAL",
            envvar=None if hidden else "COMITY_AS",
            help="Who acts, by id; COMITY_AS. The node checks the role.",
            hidden=hidden,
            expose_value=False,
            callback=_keep,
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            help="Print exactly one JSON object, also for errors.",
            hidden=hidden,
            expose_value=False,
            callback=_keep,
        ),
        click.Option(
            ["--quiet"],
            is_flag=True,
            help="Print no progress and no hints.",
            hidden=hidden,
            expose_value=False,
            callback=_keep,
        ),
    ]


def _keep(context: click.Context, option: click.Parameter, value: object) -> None:
    if value:
        setattr(context.ensure_object(Settings), str(option.name), value)


def _example(line: str) -> str:
    """Return a line a person could type; one that begins with a space goes on with the last."""
    return f"  {line}" if line.startswith(" ") else f"  comity {line}"


def command(name: str, *examples: str) -> Callable[[Callable[_Given, None]], Leaf]:
    """Return a decorator that makes a command of a function, which gets a ``Desk`` first.

    Args:
        name: What it is called below its group.
        examples: Lines a person could type, without ``comity``.
    """
    lines = [_example(each) for each in examples]
    epilog = "\n".join(
        ["\b", "Example:", *lines, "", "\b", "Also: --folder PATH, --as OFFICIAL, --json, --quiet"]
    )

    def made(function: Callable[_Given, None]) -> Leaf:
        @functools.wraps(function)
        def run(**given: object) -> None:
            from comity.cli.desk import Desk  # noqa: PLC0415 - a command's help needs none

            settings = click.get_current_context().ensure_object(Settings)
            # Which members ``given`` has, the options beside the function say, not its type.
            function(Desk(settings), **given)  # type: ignore[arg-type]

        return click.command(name, cls=Leaf, epilog=epilog)(run)

    return made


def _unknown(name: str, table: Mapping[str, Place]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only after a mistake

    near = get_close_matches(name, table, n=3)
    return f"There is no command {name[:60]!r} here; " + (
        f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(table)}."
    )
