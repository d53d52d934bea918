"""Talking, countering, packages, and what is staged: nothing leaves before it is tabled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from comity.cli.desk import Desk
from comity.cli.files import read_words
from comity.cli.lazy import command
from comity.cli.redlines import finding_lines
from comity.cli.values import number, rows, text
from comity.cli.words import MOVE, held, plural, table
from comity.foundation.canonical import JsonObject

_FILE = click.Path(path_type=Path, dir_okay=False)
INSTRUMENT: Final = click.argument("instrument", metavar="ID")
_BECAUSE: Final = click.option(
    "--because", default="", metavar="WORDS", help="A reason that the counterpart reads."
)
_REASON: Final = click.option(
    "--because", required=True, metavar="WORDS", help="The reason; they will read it."
)


def show_staged(desk: Desk, answer: JsonObject) -> None:
    """Print what is staged, and how it leaves."""
    desk.show(answer, *_staged(answer))
    if number(answer, "staged"):
        desk.hint("", "Nothing has left this node. To table it: comity agreement table last")


def _staged(answer: JsonObject) -> Iterator[str]:
    moves = rows(answer, "moves")
    yield f"{plural(len(moves), 'answer')} staged" if moves else "Nothing is staged."
    yield from table([_move(row) for row in moves])
    findings = rows(answer, "red_lines")
    if findings:
        yield "Our own red lines stand against tabling this; nobody else knows:"
    yield from finding_lines(findings)


def _move(row: JsonObject) -> list[str]:
    name = text(row, "move")
    what = text(row, "label") or text(row, "package").removeprefix("urn:uuid:")[:8]
    return [MOVE.get(name, name), what or text(row, "unit")]


def _recorded(desk: Desk, answer: JsonObject, what: str) -> None:
    lines = [f"{what} (entry {number(answer, 'entry')} of our log)."]
    if "held_by_counterpart" in answer:
        lines.append(f"  {held(answer['held_by_counterpart'])}")
    desk.show(answer, *lines)


@command("talk", "agreement talk last --as keller")
@INSTRUMENT
def talk(desk: Desk, *, instrument: str) -> None:
    """Agree to talk about a tabled text; that agrees to nothing in it."""
    answer = desk.call("agreements.talk", instrument=instrument)
    _recorded(desk, answer, "We agree to talk about the text, not to the text")


@command(
    "counter",
    "agreement counter last edited.md --dry-run --as keller",
    "agreement counter edited.md --as keller",
)
@click.argument("words", metavar="[ID] EDITED", nargs=-1, required=True)
@click.option("--fields", type=_FILE, help="The edited fields, as TOML; else they stay.")
@click.option("--dry-run", is_flag=True, help="Only show the changes; stage nothing.")
def counter(desk: Desk, *, words: tuple[str, ...], fields: Path | None, dry_run: bool) -> None:
    """Stage the changes of an edited text.

    EDITED is the text as comity agreement text --clean wrote it, with your changes. Each unit that
    differs becomes a proposal of ours; everything else stays as it stands.
    """
    if len(words) > 2:
        raise click.UsageError("Give one instrument and one edited text.")
    instrument = words[0] if len(words) == 2 else "last"
    answer = desk.call(
        "agreements.counter",
        instrument=instrument,
        text=read_words(Path(words[-1])),
        fields=read_words(fields) if fields else "",
        dry_run=dry_run,
    )
    desk.show(answer, *_changes(answer))
    if not dry_run:
        desk.hint("", "Nothing has left this node. To table it: comity agreement table last")


def _changes(answer: JsonObject) -> Iterator[str]:
    changes = rows(answer, "changes")
    if not changes:
        yield "The edited text changes nothing."
    for row in changes:
        yield f"{text(row, 'label')}: {text(row, 'kind').replace('_', ' ')}"
        for sign, member in (("-", "before"), ("+", "after")):
            body = " ".join(text(row, member).split())
            if body:
                yield f"  {sign} {body if len(body) <= 400 else f'{body[:400]}...'}"
    yield from finding_lines(rows(answer, "red_lines"))


@command("offer", 'agreement package offer last --give "Article 4" --ask "Article 12"')
@INSTRUMENT
@click.option(
    "--give", "gives", multiple=True, metavar="UNIT", help="We accept their wording of it."
)
@click.option("--ask", "asks", multiple=True, metavar="UNIT", help="If they accept ours of it.")
def offer(desk: Desk, *, instrument: str, gives: tuple[str, ...], asks: tuple[str, ...]) -> None:
    """Stage a package: we accept these if they accept those; all or nothing."""
    answer = desk.call(
        "agreements.package", instrument=instrument, gives=list(gives), asks=list(asks)
    )
    show_staged(desk, answer)


@command("accept", "agreement package accept last last")
@INSTRUMENT
@click.argument("package", metavar="PACKAGE")
def take(desk: Desk, *, instrument: str, package: str) -> None:
    """Stage the acceptance of the counterpart's package as it stands.

    PACKAGE is the beginning of its id, as comity agreement show prints it, or last.
    """
    answer = desk.call("agreements.accept_package", instrument=instrument, package=package)
    show_staged(desk, answer)


@command("staged", "agreement staged last")
@INSTRUMENT
def staged(desk: Desk, *, instrument: str) -> None:
    """Show what would be tabled, and which of our red lines stand against it."""
    show_staged(desk, desk.call("agreements.staged", instrument=instrument))


@command("unstage", "agreement unstage last --as keller")
@INSTRUMENT
def unstage(desk: Desk, *, instrument: str) -> None:
    """Drop what is staged; nobody ever learns of it."""
    desk.show(desk.call("agreements.unstage", instrument=instrument), "Nothing is staged.")


@command("table", "agreement table last --as keller")
@INSTRUMENT
@_BECAUSE
def table_it(desk: Desk, *, instrument: str, because: str) -> None:
    """Table the draft, or what is staged: now it leaves.

    All of it takes effect together or not at all. Our own red lines are looked at first.
    """
    answer = desk.call("agreements.table", instrument=instrument, reason=because)
    _recorded(desk, answer, f"Tabled: {plural(number(answer, 'tabled'), 'move')}")


@command("reopen", 'agreement reopen last --because "An error in Article 4."')
@INSTRUMENT
@_REASON
def reopen(desk: Desk, *, instrument: str, because: str) -> None:
    """Reopen a text that both adopted; the reason is recorded, and how often."""
    answer = desk.call("agreements.reopen", instrument=instrument, reason=because)
    _recorded(desk, answer, "Reopened")


@command("abandon", 'agreement abandon last --because "The political basis is gone."')
@INSTRUMENT
@_REASON
def abandon(desk: Desk, *, instrument: str, because: str) -> None:
    """Abandon an instrument that is not signed."""
    answer = desk.call("agreements.abandon", instrument=instrument, reason=because)
    _recorded(desk, answer, "Abandoned, for our part")
