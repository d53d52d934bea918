"""Our private red lines; nothing of them ever leaves this node."""

from collections.abc import Iterator
from pathlib import Path

import click

from comity.cli.desk import Desk
from comity.cli.files import read_words
from comity.cli.lazy import command
from comity.cli.values import number, rows, text
from comity.cli.words import plural
from comity.foundation.canonical import JsonObject

_FILE = click.Path(path_type=Path, dir_okay=False)


@command("set", "redline set last mandate.toml --as ito")
@click.argument("instrument", metavar="ID")
@click.argument("file", type=_FILE)
def replace(desk: Desk, *, instrument: str, file: Path) -> None:
    """Set our private red lines for an instrument, from a TOML file.

    They replace those that were there. From now on the node blocks our own acts that would cross
    one; the counterpart sees neither the lines nor that there are any.
    """
    answer = desk.call("redlines.set", instrument=instrument, lines=read_words(file))
    desk.show(
        answer, f"{plural(number(answer, 'red_lines'), 'red line')} set; nobody else is told."
    )


@command("show", "redline show last")
@click.argument("instrument", metavar="ID")
def show(desk: Desk, *, instrument: str) -> None:
    """Show our private red lines, and where they fire on what is on the table."""
    answer = desk.call("redlines", instrument=instrument)
    lines = [
        f"{text(line, 'id')}  ({text(line, 'severity')})  {text(line, 'sentence')}"
        for line in rows(answer, "red_lines")
    ]
    findings = list(finding_lines(rows(answer, "findings")))
    if findings:
        lines += ["", "They fire at:", *findings]
    lines += [
        f"Let pass: {text(row, 'red_line')} for {text(row, 'on')}, by {text(row, 'by')}"
        for row in rows(answer, "deviations")
    ]
    desk.show(answer, *(lines or ["No red line is set for this instrument."]))


def finding_lines(findings: list[JsonObject]) -> Iterator[str]:
    """Return a line for each place where a red line fires."""
    for one in findings:
        where = text(one, "label") or text(one, "unit") or "the text"
        yield (
            f"  ! {where}: our red line {text(one, 'line')} ({text(one, 'severity')})"
            f" «{text(one, 'sentence')}»"
        )
        yield f"      {text(one, 'why')}"


@command("deviate", "redline deviate last no-conditions u12ab34cd56ef --as ito")
@click.argument("instrument", metavar="ID")
@click.argument("line", metavar="LINE")
@click.argument("unit", metavar="UNIT")
def deviate(desk: Desk, *, instrument: str, line: str, unit: str) -> None:
    """Let one red line pass for one unit.

    Only the mandate holder can; it is kept in the house log with the name.
    """
    answer = desk.call("redlines.deviate", instrument=instrument, line=line, unit=unit)
    desk.show(
        answer, f"Red line {text(answer, 'red_line')} may be passed at {text(answer, 'unit')}."
    )
