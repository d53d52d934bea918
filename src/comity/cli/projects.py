"""Joint projects: proposed, answered, checked, arranged, run, closed."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from comity.cli.dates import DUE
from comity.cli.desk import Desk
from comity.cli.files import read_words
from comity.cli.lazy import command
from comity.cli.project_words import brief, coming, line, paragraphs, state
from comity.cli.values import rows, text, words
from comity.cli.words import held, table
from comity.foundation.canonical import Json
from comity.foundation.errors import MisuseError

WHICH: Final = click.argument("project", metavar="ID")
WORDS: Final = click.option("--words", default="", help="A word about it; it crosses, erasable.")
WHY: Final = click.option("--because", "reason", required=True, help="Why; both sides read it.")
ZONE: Final = click.option(
    "--zone", default="UTC", show_default=True, help="The zone in which a day ends."
)
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_SPONSOR: Final = click.option("--sponsor", default="", help="The office of ours that answers.")
_USER: Final = click.option("--user", default="", help="The office of ours that will use it.")


def told(desk: Desk, step: str, project: str, **members: Json) -> None:
    """Carry out a step and say where the project stands after it."""
    answer = desk.call(f"projects.{step}", project=project, **members)
    desk.show(
        answer,
        f"{brief(text(answer, 'project'))}  «{text(answer, 'title')}»: {state(answer)}."
        f" {held(answer.get('held_by_counterpart'))}",
    )
    desk.hint(f"Next: {coming(answer)}")


@command("list", "projects list", "projects list --state ours")
@click.option(
    "--state",
    "which",
    type=click.Choice(["all", "live", "ours", "ended"]),
    default="all",
    show_default=True,
    help="Which: all, living ones, those where the next act is ours, ended ones.",
)
@click.option("--with", "counterpart", metavar="COUNTERPART", default="", help="With whom.")
def listing(desk: Desk, *, which: str, counterpart: str) -> None:
    """List joint projects: how they stand, for how long, and whose act comes next."""
    answer = desk.whole("projects", state=which, counterpart=counterpart)
    lines = [line(row) for row in rows(answer, "projects")]
    desk.show(answer, *(table(lines, indent=0) or ["There is no such project."]))


@command("show", "projects show last")
@WHICH
def show(desk: Desk, *, project: str) -> None:
    """Show one project: people, sheets, arrangement, plan, register, and what we may do.

    ID is the beginning of its id, its title, or last.
    """
    answer = desk.call("projects.show", project=project)
    desk.show(answer, *paragraphs(answer))
    for each in rows(answer, "recallable"):
        key = each.get("milestone")
        of = text(each, "of").replace("_", "-")
        desk.hint(f"Ours to take back: --of {of}{f' --milestone {key}' if key else ''}")
    can = [step.replace("_", "-") for step in words(answer, "may")]
    if can:
        desk.hint("", f"We may: {', '.join(can)}")


@command(
    "propose",
    'projects propose "Drifting buoys that report ice" --under last --article "Article 8" \\',
    '    --purpose "Twelve buoys warn both coasts." --sponsor "Ministry of Ports" \\',
    '    --user "Coast Guard" --answer-by 2027-01-31 --as nakamura',
)
@click.argument("title", metavar="TITLE")
@click.option("--under", "instrument", required=True, help="The agreement: its id or title.")
@click.option("--article", "unit", required=True, help="The article in force it stands on.")
@click.option("--purpose", required=True, help="What it is for.")
@click.option("--area", default="", help="The area of the agreement it belongs to.")
@_SPONSOR
@_USER
@click.option("--answer-by", type=DUE, default="", help="By when we ask for an answer.")
@ZONE
@click.option("--to", "counterpart", metavar="COUNTERPART", help="With whom; else the only one.")
@WORDS
def propose(  # a proposal has these parts
    desk: Desk, *, counterpart: str | None, **members: str
) -> None:
    """Propose a joint project; its age is seen on both sides until it is answered."""
    answer = desk.call(
        "projects.propose", counterpart=desk.counterpart(counterpart), **dict(members)
    )
    desk.show(
        answer,
        f"{brief(text(answer, 'project'))}  «{text(answer, 'title')}»: {state(answer)}."
        f" {held(answer.get('held_by_counterpart'))}",
    )


@command("explore", 'projects explore last --sponsor "Fisheries Board" --as okoye')
@WHICH
@_SPONSOR
@_USER
@WORDS
def explore(desk: Desk, *, project: str, sponsor: str, user: str, words: str) -> None:
    """Answer that we explore what was proposed; sponsor and user can be named later."""
    told(desk, "explore", project, sponsor=sponsor, user=user, words=words)


@command("decline", 'projects decline last --because "Not this year." --as okoye')
@WHICH
@WHY
def decline(desk: Desk, *, project: str, reason: str) -> None:
    """Decline a proposed project."""
    told(desk, "decline", project, reason=reason)


@command("withdraw", "projects withdraw last --as nakamura")
@WHICH
@WORDS
def withdraw(desk: Desk, *, project: str, words: str) -> None:
    """Take back a proposal of ours that nobody has answered."""
    told(desk, "withdraw", project, words=words)


@command("name", 'projects name last --sponsor "Ministry of Ports" --user "Coast Guard" --as ito')
@WHICH
@click.option("--sponsor", required=True, help="The office of ours that answers for it.")
@click.option("--user", required=True, help="The office of ours that will use what it makes.")
@WORDS
def name_people(desk: Desk, *, project: str, sponsor: str, user: str, words: str) -> None:
    """Name sponsor and user on our side."""
    told(desk, "name", project, sponsor=sponsor, user=user, words=words)


@command("intend", "projects intend last --as nakamura")
@WHICH
@WORDS
def intend(desk: Desk, *, project: str, words: str) -> None:
    """Sign the statement of intent: terms, sponsors and users as they stand; counts with both."""
    told(desk, "intend", project, words=words)


@command("sheet", "projects sheet last sheet.toml --as moreau", "projects sheet last --nil")
@WHICH
@click.argument("file", metavar="FILE", type=_FILE, required=False)
@click.option("--nil", is_flag=True, help="We foresee no controlled item.")
@WORDS
def sheet(desk: Desk, *, project: str, file: Path | None, nil: bool, words: str) -> None:
    """Enter our exportability sheet, in place of one before.

    FILE is TOML: for each controlled item a table [[items]] with name, scheme, code, edition,
    decided_by, critical (true or false), release (yes, conditional or no) and conditions.
    """
    if (file is None) != nil:
        raise MisuseError("cli.sheet", "Give a file with our controlled items, or --nil: not both.")
    items = [] if file is None else _table(file).get("items")
    told(desk, "sheet", project, items=items, words=words)


@command("arrange", 'projects arrange last --under "Arrangement on buoys" --article "Article 1"')
@WHICH
@click.option("--under", "instrument", required=True, help="The arrangement: its id or title.")
@click.option("--article", "unit", required=True, help="Its article that states the project.")
@WORDS
def arrange(desk: Desk, *, project: str, instrument: str, unit: str, words: str) -> None:
    """Name the project arrangement: an instrument of its own under the framework."""
    told(desk, "arrange", project, instrument=instrument, unit=unit, words=words)


@command("plan", "projects plan last plan.toml --as nakamura")
@WHICH
@click.argument("file", metavar="FILE", type=_FILE)
@ZONE
@WORDS
def plan(desk: Desk, *, project: str, file: Path, zone: str, words: str) -> None:
    """Put up a plan: milestones, what each side brings in, rights.

    FILE is TOML: tables [[milestones]] with title, test, performer (us, them or both), due and
    perhaps key; tables [[shares]] with party (us or them), amount, currency, in_kind; tables
    [background] and [foreground] with within, outside and onward (free, consent or no).
    """
    found = _table(file)
    told(desk, "plan", project, zone=zone, words=words, **found)


def _table(file: Path) -> Mapping[str, Json]:
    try:
        return tomllib.loads(read_words(file))
    except tomllib.TOMLDecodeError as error:
        raise MisuseError("cli.not_toml", f"{file} is not TOML: {error}.") from error


@command("disclosure", "projects disclosure last --as moreau")
@WHICH
def disclosure(desk: Desk, *, project: str) -> None:
    """Show what we may disclose in a project; nobody else learns of it."""
    answer = desk.call("projects.disclosure", project=project)
    if answer.get("set") is not True:
        desk.show(answer, "Nothing is set yet.")
        return
    names = ("levels", "categories", "may", "may_not", "whom")
    lines = [[name.replace("_", " "), text(answer, name)] for name in names if text(answer, name)]
    desk.show(answer, f"«{text(answer, 'title')}»: private to us", *table(lines))


@command(
    "set-disclosure", 'projects set-disclosure last --may "Hull" --may-not "Sonar" --as moreau'
)
@WHICH
@click.option("--levels", default="", help="Up to which levels.")
@click.option("--categories", default="", help="Of which categories.")
@click.option("--may", default="", help="What may be disclosed.")
@click.option("--may-not", default="", help="What may not.")
@click.option("--whom", default="", help="To whom.")
def set_disclosure(desk: Desk, *, project: str, **members: str) -> None:
    """Set what we may disclose in a project, in place of what was set; nothing is sent."""
    answer = desk.call("projects.set_disclosure", project=project, **dict(members))
    desk.show(answer, "Set; it is private to us, and nothing was sent.")
