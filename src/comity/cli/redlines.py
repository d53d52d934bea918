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


@command("try", "redline try last mandate.toml --as ito")
@click.argument("instrument", metavar="ID")
@click.argument("file", type=_FILE)
def try_lines(desk: Desk, *, instrument: str, file: Path) -> None:
    """Show where the red lines of a TOML file would fire now; nothing is set.

    On their wording, on ours, and on what waits in our tray.
    """
    lines = _read(file)
    found = [desk.call("redlines.preview", instrument=instrument, line=line) for line in lines]
    findings = [row for answer in found for row in rows(answer, "findings")]
    desk.show(
        {"findings": findings},
        *(finding_lines(findings) if findings else ["None of them would fire now."]),
    )


@command("add", "redline add last one.toml --as ito")
@click.argument("instrument", metavar="ID")
@click.argument("file", type=_FILE)
def add(desk: Desk, *, instrument: str, file: Path) -> None:
    """Add the red lines of a TOML file to those that there are."""
    known = desk.call("redlines", instrument=instrument)
    version, answer = number(known, "version"), known
    for line in _read(file):
        answer = desk.call("redlines.put", instrument=instrument, line=line, version=version)
        version = number(answer, "version")
    desk.show(
        answer, f"{plural(number(answer, 'red_lines'), 'red line')} set; nobody else is told."
    )


@command("drop", "redline drop last no-conditions --as ito")
@click.argument("instrument", metavar="ID")
@click.argument("line", metavar="LINE")
def drop(desk: Desk, *, instrument: str, line: str) -> None:
    """Take one red line away; the house log keeps that it was there."""
    known = desk.call("redlines", instrument=instrument)
    answer = desk.call(
        "redlines.drop", instrument=instrument, line=line, version=number(known, "version")
    )
    desk.show(answer, f"{plural(number(answer, 'red_lines'), 'red line')} left.")


def _read(file: Path) -> list[JsonObject]:
    """Return the red lines of a file as the node takes them one by one."""
    from comity.agreements.redlines_file import read_lines  # noqa: PLC0415 - help is quick

    return [line.json() for line in read_lines(read_words(file))]


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
