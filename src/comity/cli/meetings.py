"""Meetings: arranged by both, with an agenda both build."""

from collections.abc import Iterator
from typing import Final

import click

from comity.cli.commitments import brief
from comity.cli.dates import DUE
from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import held, table, when
from comity.foundation.canonical import JsonObject

WHICH: Final = click.argument("meeting", metavar="ID")
ITEM: Final = click.argument("item", metavar="ITEM")
WORDS: Final = click.option("--words", default="", help="A word about it; it crosses, erasable.")
_WHY: Final = click.option("--because", "reason", required=True, help="Why; both sides read it.")
_MODES: Final = click.Choice(["in_person", "online", "correspondence"])
_RECALLED: Final = click.Choice(["agree", "open", "adjourn", "close", "seal", "consent"])
_SIDES: Final = click.Choice(["us", "them"])
#: How a meeting stands, in words.
STATES: Final = {
    "proposed": "proposed, not answered",
    "countered": "another time proposed",
    "confirmed": "confirmed, agenda open",
    "agenda_agreed": "agenda agreed",
    "in_session": "in session",
    "adjourned": "adjourned",
    "closed": "closed, no record yet",
    "record_drafted": "record drafted",
    "record_agreed": "record agreed",
    "postponed": "postponed",
    "declined": "declined",
    "cancelled": "cancelled",
}


def stands(row: JsonObject) -> str:
    """Return how a meeting stands, in words."""
    return STATES.get(text(row, "status"), text(row, "status"))


def told(desk: Desk, answer: JsonObject) -> None:
    """Say how a meeting stands after an act."""
    sure = held(answer.get("held_by_counterpart"))
    desk.show(
        answer,
        f"{brief(text(answer, 'meeting'))}  «{text(answer, 'title')}»: {stands(answer)}. {sure}",
    )


def _line(row: JsonObject) -> list[str]:
    waits = text(row, "waits_for")
    no = f"no. {number(row, 'number')}" if row.get("number") is not None else ""
    return [
        brief(text(row, "meeting")),
        when(text(row, "start")),
        stands(row),
        f"waits for {waits}" if waits else "",
        no,
        text(row, "title"),
    ]


@command("list", "meetings list", 'meetings list --state ahead --of "Harbour Group"')
@click.option(
    "--state",
    type=click.Choice(["all", "open", "ahead", "held"]),
    default="all",
    show_default=True,
    help="Which: all, those that go on, those ahead, those that were held.",
)
@click.option("--of", "body", default="", help="Only the meetings of this body.")
@click.option("--to", "counterpart", metavar="COUNTERPART", default="", help="With whom.")
def listing(desk: Desk, *, state: str, body: str, counterpart: str) -> None:
    """List meetings: those that go on first, the next one first."""
    answer = desk.whole("meetings", state=state, body=body, counterpart=counterpart)
    lines = [_line(row) for row in rows(answer, "meetings")]
    desk.show(answer, *(table(lines, indent=0) or ["There is no such meeting."]))


@command("show", "meetings show last")
@WHICH
def show(desk: Desk, *, meeting: str) -> None:
    """Show one meeting: when and where, its agenda, outcomes and record, all that was said.

    ID is the beginning of its id, its title, or last.
    """
    answer = desk.call("meetings.show", meeting=meeting)
    basis = one(answer, "basis")
    series = text(answer, "body_name") or text(answer, "series")
    no = f", no. {number(answer, 'number')}" if answer.get("number") is not None else ""
    place = f", {text(answer, 'place')}" if text(answer, "place") else ""
    lines = [
        f"«{text(answer, 'title')}»  {stands(answer)}",
        (
            f"  {when(text(answer, 'start'))} to {when(text(answer, 'end'))}"
            f" (named in {text(answer, 'zone')}){place}; hosted by {text(answer, 'host')}."
        ),
        (
            f"  With {text(answer, 'counterpart')}, under {text(basis, 'article')}"
            f" of «{text(basis, 'title')}»."
        ),
        *([f"  {series}{no}"] if series else []),
        *_agenda(answer),
        *_results(answer),
        *_acts(answer),
    ]
    desk.show(answer, *lines)
    numbers = {text(item, "item"): number(item, "number") for item in rows(answer, "agenda")}
    for each in rows(answer, "recallable"):
        item = f" --item {numbers[text(each, 'item')]}" if each.get("item") else ""
        desk.hint(f"Ours to take back: --of {text(each, 'of')}{item}")
    can = words(answer, "may")
    if can:
        desk.hint("", f"We may: {', '.join(can)}")


def _agenda(answer: JsonObject) -> Iterator[str]:
    for item in rows(answer, "agenda"):
        raised = "" if item.get("consented") is True else f"  (raised by {text(item, 'by')})"
        yield f"  {number(item, 'number')}. {text(item, 'title')}{raised}"
    for each in rows(answer, "pulled"):
        yield f"  *  {text(each, 'title')}: {text(each, 'status').replace('_', ' ')}"
    for whose, names in one(answer, "people").items():
        if isinstance(names, list) and names:
            yield f"  Present for {whose}: {', '.join(str(name) for name in names)}"


def _results(answer: JsonObject) -> Iterator[str]:
    for each in rows(answer, "outcomes"):
        state = "agreed" if each.get("agreed") is True else f"written by {text(each, 'by')}"
        became = text(each, "commitment")
        more = f", commitment {brief(became)}" if became else ""
        yield (
            f"  Outcome {number(each, 'number')} ({text(each, 'kind')}, {state}{more}),"
            f" on {text(each, 'on')}: {text(each, 'text')}"
        )
    for each in rows(answer, "record"):
        yield f"  Record of {number(each, 'number')}. {text(each, 'title')}:"
        if text(each, "agreed"):
            yield f"    agreed: {text(each, 'agreed')}"
        else:
            yield from (
                f"    {whose}: {text(each, member)}"
                for whose, member in (("our text", "ours"), ("their text", "theirs"))
                if text(each, member)
            )


def _acts(answer: JsonObject) -> Iterator[str]:
    yield ""
    for act in rows(answer, "acts"):
        who = "We" if text(act, "log") == "ours" else text(answer, "counterpart")
        at = when(text(act, "at")) if text(act, "at") else "not held by both yet"
        reason = text(one(act, "act"), "reason")
        said = ": ".join(each for each in (text(act, "step"), reason or text(act, "words")) if each)
        yield f"  {at}  {who}  {said}"
        idle = one(act, "no_effect")
        if idle:
            yield f"    without effect: {text(idle, 'message')} [{text(idle, 'code')}]"


@command(
    "propose",
    'meetings propose "First talks on charts" --under last --article "Article 7" \\',
    "    --start 2027-02-01T10:00 --end 2027-02-01T12:00 --zone Europe/Paris \\",
    '    --place "Harbour House" --as nakamura',
)
@click.argument("title", metavar="TITLE")
@click.option("--under", "instrument", required=True, help="The agreement: its id or title.")
@click.option("--article", "unit", required=True, help="The article in force it is held under.")
@click.option("--of", "body", default="", help="The body whose meeting it is.")
@click.option("--series", default="", help="The dialogue it belongs to, where there is no body.")
@click.option("--mode", type=_MODES, default="in_person", show_default=True, help="How we meet.")
@click.option("--place", default="", help="Where; online: how one joins.")
@click.option(
    "--start", type=DUE, required=True, help="2027-02-01T10:00 there, a UTC time, or +2d."
)
@click.option("--end", type=DUE, required=True, help="As the beginning.")
@click.option("--zone", default="UTC", show_default=True, help="The zone of both times.")
@click.option("--host", type=_SIDES, default="us", show_default=True, help="Who hosts it.")
@click.option("--to", "counterpart", metavar="COUNTERPART", help="With whom; else the only one.")
@WORDS
def propose(desk: Desk, *, counterpart: str | None, **given: str) -> None:
    """Propose a meeting; it stands once the other side confirms exactly this time and place."""
    told(desk, desk.call("meetings.propose", counterpart=desk.counterpart(counterpart), **given))


@command("counter", "meetings counter last --start 2027-02-01T14:00 --as okoye")
@WHICH
@click.option("--start", type=DUE, default="", help="Another beginning; the length stays.")
@click.option("--end", type=DUE, default="", help="Another end.")
@click.option("--zone", default="", help="The zone of both times, else as before.")
@click.option("--mode", type=_MODES, default=None, help="How we meet, else as before.")
@click.option("--place", default="", help="Where, else as before.")
@click.option("--host", type=_SIDES, default=None, help="Who hosts it, else as before.")
@WORDS
def counter(desk: Desk, *, mode: str | None, host: str | None, **given: str) -> None:
    """Propose another time or place; of two proposals that cross, the first stands."""
    told(desk, desk.call("meetings.counter", mode=mode or "", host=host or "", **given))


@command("confirm", "meetings confirm last --as okoye")
@WHICH
@WORDS
def confirm(desk: Desk, **given: str) -> None:
    """Confirm the time and place that were proposed last."""
    told(desk, desk.call("meetings.confirm", **given))


@command("decline", 'meetings decline last --because "Not this month." --as okoye')
@WHICH
@_WHY
def decline(desk: Desk, **given: str) -> None:
    """Decline a proposed meeting."""
    told(desk, desk.call("meetings.decline", **given))


@command("postpone", 'meetings postpone last --because "Elections." --as okoye')
@WHICH
@_WHY
def postpone(desk: Desk, **given: str) -> None:
    """Postpone a confirmed meeting; it waits for another time, and keeps its agenda."""
    told(desk, desk.call("meetings.postpone", **given))


@command("cancel", 'meetings cancel last --because "No longer needed." --as okoye')
@WHICH
@_WHY
def cancel(desk: Desk, **given: str) -> None:
    """Cancel a meeting that was not opened."""
    told(desk, desk.call("meetings.cancel", **given))


@command("add", 'meetings add last "Charts of the strait" --as okoye')
@WHICH
@click.argument("title", metavar="TITLE")
@click.option("--about", default="", help="A commitment it is about.")
@WORDS
def add(desk: Desk, **given: str) -> None:
    """Add an item to the agenda, until both have agreed to it."""
    told(desk, desk.call("meetings.add", **given))


@command("consent", "meetings consent last 2 --as nakamura")
@WHICH
@ITEM
@WORDS
def consent(desk: Desk, **given: str) -> None:
    """Consent to an item that the other side raised."""
    told(desk, desk.call("meetings.consent", **given))


@command("drop", "meetings drop last 1 --as nakamura")
@WHICH
@ITEM
@WORDS
def drop(desk: Desk, **given: str) -> None:
    """Drop an item that we raised."""
    told(desk, desk.call("meetings.drop", **given))


@command("agree", "meetings agree last --as nakamura")
@WHICH
@WORDS
def agree(desk: Desk, **given: str) -> None:
    """Agree to the agenda as it is; it counts once both have."""
    told(desk, desk.call("meetings.agree", **given))


@command("attend", 'meetings attend last --who "Minister of Ports" --as nakamura')
@WHICH
@click.option("--who", "people", multiple=True, required=True, help="One of ours; repeatable.")
@WORDS
def attend(desk: Desk, *, meeting: str, people: tuple[str, ...], words: str) -> None:
    """Say who takes part for our side; it replaces the list before."""
    told(desk, desk.call("meetings.attend", meeting=meeting, people=list(people), words=words))


@command("open", "meetings open last --as nakamura")
@WHICH
@WORDS
def open_it(desk: Desk, **given: str) -> None:
    """Open the meeting; it counts once both have."""
    told(desk, desk.call("meetings.open", **given))


@command("adjourn", "meetings adjourn last --as nakamura")
@WHICH
@WORDS
def adjourn(desk: Desk, **given: str) -> None:
    """Adjourn the meeting; it counts once both have."""
    told(desk, desk.call("meetings.adjourn", **given))


@command("close", "meetings close last --as nakamura")
@WHICH
@WORDS
def close(desk: Desk, **given: str) -> None:
    """Close the meeting; it counts once both have."""
    told(desk, desk.call("meetings.close", **given))


@command("recall", "meetings recall last --of agree --as nakamura")
@WHICH
@click.option("--of", type=_RECALLED, required=True, help="What of ours.")
@click.option("--item", default="", help="Of a consent: the item, by its number or title.")
@WORDS
def recall(desk: Desk, **given: str) -> None:
    """Take back what we said and does not count yet: a word that waits, a consent."""
    told(desk, desk.call("meetings.recall", **given))
