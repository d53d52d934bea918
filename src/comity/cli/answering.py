"""Answers to units: each is staged here and leaves only with ``comity agreement table``."""

from collections.abc import Sequence

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.tabling import INSTRUMENT, show_staged

_UNITS = click.argument("units", metavar="UNIT...", nargs=-1, required=True)
_UNIT = click.argument("unit", metavar="UNIT")


def _answer(
    desk: Desk, instrument: str, answer: str, *, units: Sequence[str], words: str = ""
) -> None:
    staged = desk.call(
        "agreements.answer", instrument=instrument, answer=answer, units=list(units), words=words
    )
    show_staged(desk, staged)


@command(
    "accept",
    'agreement accept last "Article 1" "Article 2" --as keller',
    "agreement accept last --all-open --as keller",
)
@INSTRUMENT
@click.argument("units", metavar="[UNIT...]", nargs=-1)
@click.option(
    "--ad-referendum",
    is_flag=True,
    help="Accepted by us negotiators, to be confirmed by the mandate holder.",
)
@click.option("--all-open", is_flag=True, help="Everything of theirs that waits for us.")
def accept(
    desk: Desk, *, instrument: str, units: tuple[str, ...], ad_referendum: bool, all_open: bool
) -> None:
    """Stage the acceptance of units as the counterpart words them now.

    A UNIT is named by its printed label ("Article 4", "Article 4 2."), its heading or its id. If
    the wording has changed before the acceptance arrives, it has no effect, and you are told.
    """
    if all_open == bool(units):
        raise click.UsageError("Name the units, or use --all-open.")
    kind = "accept_ad_ref" if ad_referendum else "accept"
    _answer(desk, instrument, kind, units=["all"] if all_open else units)


@command("confirm", 'agreement confirm last "Article 9" --as ito', "agreement confirm last all")
@INSTRUMENT
@_UNITS
def confirm(desk: Desk, *, instrument: str, units: tuple[str, ...]) -> None:
    """Stage the confirmation of what was accepted ad referendum.

    UNIT may be all: everything that we accepted ad referendum.
    """
    _answer(desk, instrument, "confirm", units=units)


@command("object", 'agreement object last "Article 9" --because "It conditions other relations."')
@INSTRUMENT
@_UNIT
@click.option("--because", required=True, metavar="WORDS", help="The reason; they will read it.")
def object_to(desk: Desk, *, instrument: str, unit: str, because: str) -> None:
    """Stage an objection to a unit as the counterpart words it now."""
    _answer(desk, instrument, "object", units=[unit], words=because)


@command("reserve", 'agreement reserve last "Article 6" --kind parliamentary')
@INSTRUMENT
@_UNIT
@click.option("--kind", required=True, help="What kind of reserve, in a word.")
def reserve(desk: Desk, *, instrument: str, unit: str, kind: str) -> None:
    """Stage a reserve on a unit: a hold that we place and that only we lift."""
    _answer(desk, instrument, "reserve", units=[unit], words=kind)


@command("lift", 'agreement lift last "Article 6"', "agreement lift last all")
@INSTRUMENT
@_UNITS
def lift(desk: Desk, *, instrument: str, units: tuple[str, ...]) -> None:
    """Stage the lifting of our reserves.

    UNIT may be all: every unit on which we hold one.
    """
    _answer(desk, instrument, "lift", units=units)


@command("withdraw", 'agreement withdraw last "Article 9"')
@INSTRUMENT
@_UNITS
def withdraw(desk: Desk, *, instrument: str, units: tuple[str, ...]) -> None:
    """Stage the withdrawal of our own wording of units."""
    _answer(desk, instrument, "withdraw", units=units)


@command("park", 'agreement park last "Article 9"')
@INSTRUMENT
@_UNITS
def park(desk: Desk, *, instrument: str, units: tuple[str, ...]) -> None:
    """Stage to leave units for later."""
    _answer(desk, instrument, "park", units=units)


@command("unpark", 'agreement unpark last "Article 9"')
@INSTRUMENT
@_UNITS
def unpark(desk: Desk, *, instrument: str, units: tuple[str, ...]) -> None:
    """Stage to take parked units up again."""
    _answer(desk, instrument, "unpark", units=units)


@command("reopen-unit", 'agreement reopen-unit last "Article 4" --because "New instructions."')
@INSTRUMENT
@_UNIT
@click.option("--because", required=True, metavar="WORDS", help="The reason; they will read it.")
def reopen_unit(desk: Desk, *, instrument: str, unit: str, because: str) -> None:
    """Stage to reopen an agreed unit; how often that happens is counted."""
    _answer(desk, instrument, "reopen", units=[unit], words=because)


@command("explain", 'agreement explain last "Article 4" "Ten years, as in our other treaties."')
@INSTRUMENT
@_UNIT
@click.argument("words", metavar="WORDS")
def explain(desk: Desk, *, instrument: str, unit: str, words: str) -> None:
    """Stage words of explanation beside a unit; they are no part of the text."""
    _answer(desk, instrument, "explain", units=[unit], words=words)
