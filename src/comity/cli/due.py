"""What falls due, at a terminal and as a file for a calendar program."""

from pathlib import Path

import click

from comity.cli.desk import Desk
from comity.cli.files import write_new
from comity.cli.lazy import command
from comity.cli.values import rows, text
from comity.cli.words import table, when

_WHAT = {
    "commitment": "due",
    "milestone": "milestone",
    "answer": "answer to a proposed project",
    "loan": "loan is due back",
    "notice": "notice to leave",
    "review": "review",
    "term": "term ends",
    "window": "signing window closes",
    "authorisation": "authorisation ends",
    "return": "what crossed is to be returned",
    "destroy": "what crossed is to be destroyed",
    "check": "end-use check",
    "release": "statement is released",
    "foreseen": "next meeting foreseen",
    "meeting": "meeting begins",
}
_WHOSE = {"us": "for us", "them": "for them", "both": "for both"}


@command("dates", "dates", "dates --with Berevan --calendar due.ics")
@click.option("--with", "counterpart", default="", help="Of one counterpart alone.")
@click.option(
    "--calendar",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write all of it as a file for your calendar program.",
)
def dates(desk: Desk, *, counterpart: str, calendar: Path | None) -> None:
    """Show what falls due, the nearest first.

    What has passed and still lies open stands before it. A date decides nothing.
    """
    if calendar is not None:
        answer = desk.call("dates.calendar")
        write_new(calendar, text(answer, "text").encode())
        desk.show({"file": str(calendar)}, f"Written: {calendar}")
        return
    answer = desk.whole("dates", counterpart=counterpart)
    lines = [
        [
            ("! " if row.get("passed") is True else "  ") + when(text(row, "at")),
            _WHAT[text(row, "code")],
            text(row, "title"),
            _WHOSE[text(row, "whose")],
            text(row, "counterpart"),
        ]
        for row in rows(answer, "dates")
    ]
    desk.show(answer, *(table(lines) if lines else ["Nothing falls due."]))
