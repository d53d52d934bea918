"""Bodies: the groups in which both parties meet."""

from typing import Final

import click

from comity.cli.commitments import brief
from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import one, rows, text, words
from comity.cli.words import held, table, when
from comity.foundation.canonical import JsonObject

_WHICH: Final = click.argument("body", metavar="ID")
_WORDS: Final = click.option("--words", default="", help="A word about it; it crosses, erasable.")
_WHY: Final = click.option("--because", "reason", required=True, help="Why; both sides read it.")
_CHAIR: Final = click.option("--chair", required=True, help="Our co-chair: a name or an office.")
_CONTACT: Final = click.option("--contact", default="", help="Our point of contact.")
_LEVELS: Final = click.Choice(
    ["leaders", "ministers", "senior_officials", "group", "working_group", "steering_committee"]
)


def _said(row: JsonObject) -> str:
    return text(row, "status").replace("_", " ")


def _line(row: JsonObject) -> list[str]:
    waits = text(row, "waits_for")
    return [
        brief(text(row, "body")),
        text(row, "level").replace("_", " "),
        _said(row),
        f"waits for {waits}" if waits else "",
        text(row, "name"),
    ]


@command("list", "bodies list", "bodies list --state established")
@click.option(
    "--state",
    type=click.Choice(["all", "established", "proposed", "ended"]),
    default="all",
    show_default=True,
    help="Which bodies.",
)
@click.option("--to", "counterpart", metavar="COUNTERPART", default="", help="With whom.")
def listing(desk: Desk, *, state: str, counterpart: str) -> None:
    """List the bodies in which both parties meet."""
    answer = desk.whole("bodies", state=state, counterpart=counterpart)
    lines = [_line(row) for row in rows(answer, "bodies")]
    desk.show(answer, *(table(lines, indent=0) or ["There is no such body."]))


@command("show", "bodies show last")
@_WHICH
def show(desk: Desk, *, body: str) -> None:
    """Show one body: its co-chairs, its parts and its meetings. ID may be its name, or last."""
    answer = desk.call("bodies.show", body=body)
    basis = one(answer, "basis")
    lines = [
        f"«{text(answer, 'name')}»  {_said(answer)}, {text(answer, 'level').replace('_', ' ')}",
        (
            f"  With {text(answer, 'counterpart')}, under {text(basis, 'article')}"
            f" of «{text(basis, 'title')}»."
        ),
    ]
    for whose, member in (("Our", "ours"), ("Their", "theirs")):
        side = one(answer, member)
        if side:
            contact = f", contact {text(side, 'contact')}" if text(side, "contact") else ""
            lines.append(f"  {whose} co-chair: {text(side, 'chair')}{contact}.")
    if text(answer, "rhythm_words"):
        lines.append(f"  Means to meet every {text(answer, 'rhythm_words')}.")
    if text(answer, "terms_title"):
        lines.append(f"  Terms of reference: «{text(answer, 'terms_title')}».")
    lines += [
        f"  Named as terms of reference by {text(each, 'by')}: «{text(each, 'title')}»."
        for each in rows(answer, "naming")
    ]
    lines += [f"  Part: {text(part, 'name')}" for part in rows(answer, "parts")]
    for each in rows(answer, "meetings"):
        title, state = text(each, "title"), text(each, "status").replace("_", " ")
        lines.append(f"  {when(text(each, 'start'))}  {title}: {state}")
    desk.show(answer, *lines)
    can = words(answer, "may")
    if can:
        desk.hint("", f"We may: {', '.join(can)}")


@command(
    "propose",
    'bodies propose "Harbour Group" --under last --article "Article 7" --level group \\',
    '    --chair "Director of Ports" --rhythm P6M --as nakamura',
)
@click.argument("name", metavar="NAME")
@click.option("--under", "instrument", required=True, help="The agreement: its id or title.")
@click.option("--article", "unit", required=True, help="The article in force it stands on.")
@click.option("--level", type=_LEVELS, required=True, help="At which level it meets.")
@_CHAIR
@_CONTACT
@click.option("--part-of", "parent", default="", help="The body it is a part of.")
@click.option("--rhythm", default="", help="How often it means to meet, such as P6M.")
@click.option("--terms", default="", help="The instrument with its terms of reference.")
@click.option("--to", "counterpart", metavar="COUNTERPART", help="With whom; else the only one.")
@_WORDS
def propose(  # a body has these parts
    desk: Desk, *, counterpart: str | None, name: str, **given: str
) -> None:
    """Propose a body; it exists once the other side accepts exactly this."""
    answer = desk.call(
        "bodies.propose", counterpart=desk.counterpart(counterpart), name=name, **given
    )
    _told(desk, answer)


def _told(desk: Desk, answer: JsonObject) -> None:
    name, state = text(answer, "name"), _said(answer)
    sure = held(answer.get("held_by_counterpart"))
    desk.show(answer, f"{brief(text(answer, 'body'))}  «{name}»: {state}. {sure}")


@command("accept", 'bodies accept last --chair "Harbour Master" --as okoye')
@_WHICH
@_CHAIR
@_CONTACT
@_WORDS
def accept(desk: Desk, **given: str) -> None:
    """Accept a body as it was proposed, and name our co-chair."""
    _told(desk, desk.call("bodies.accept", **given))


@command("decline", 'bodies decline last --because "Too many groups." --as okoye')
@_WHICH
@_WHY
def decline(desk: Desk, **given: str) -> None:
    """Decline a proposed body."""
    _told(desk, desk.call("bodies.decline", **given))


@command("withdraw", "bodies withdraw last --as nakamura")
@_WHICH
@_WORDS
def withdraw(desk: Desk, **given: str) -> None:
    """Take back a proposal of ours that nobody has answered."""
    _told(desk, desk.call("bodies.withdraw", **given))


@command("appoint", 'bodies appoint "Harbour Group" --chair "Deputy Director" --as nakamura')
@_WHICH
@_CHAIR
@_CONTACT
@_WORDS
def appoint(desk: Desk, **given: str) -> None:
    """Name another co-chair or point of contact of our side; it needs no answer."""
    _told(desk, desk.call("bodies.appoint", **given))


@command("terms", 'bodies terms "Harbour Group" --text "Terms of the Harbour Group" --as okoye')
@_WHICH
@click.option("--text", "terms", required=True, help="The instrument: its id or title.")
@_WORDS
def terms(desk: Desk, **given: str) -> None:
    """Name the terms of reference of a body; they count once both sides name the same."""
    _told(desk, desk.call("bodies.terms", **given))


@command("wind-up", 'bodies wind-up "Harbour Group" --because "Its work is done." --as okoye')
@_WHICH
@_WHY
def wind_up(desk: Desk, **given: str) -> None:
    """Wind a body up; it counts once both sides have said so."""
    _told(desk, desk.call("bodies.wind_up", **given))
