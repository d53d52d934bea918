"""What comes of a meeting: outcomes, the record item by item, our own notes, calendar programs."""

from pathlib import Path
from typing import Final

import click

from comity.cli.commitments import brief
from comity.cli.dates import DUE
from comity.cli.desk import Desk
from comity.cli.files import read_words, write_new
from comity.cli.lazy import command
from comity.cli.meetings import ITEM, WHICH, WORDS, told
from comity.cli.values import one, rows, text
from comity.cli.words import held, when
from comity.foundation.canonical import JsonObject

_KINDS: Final = click.Choice(["information", "decision", "commitment", "deferred"])
_OUTCOME: Final = click.argument("outcome", metavar="OUTCOME")
_SAYS: Final = click.option("--text", required=True, help="What it says.")
_WHOM: Final = click.Choice(["us", "them", "both"])


@command("outcome", 'meetings outcome last 1 decision --text "One common chart." --as nakamura')
@WHICH
@ITEM
@click.argument("kind", type=_KINDS)
@_SAYS
@WORDS
def outcome(desk: Desk, **given: str) -> None:
    """Write down what came of an item; it counts once the other side concurs."""
    told(desk, desk.call("meetings.outcome", **given))


@command("retract", "meetings retract last 1 --as nakamura")
@WHICH
@_OUTCOME
@WORDS
def retract(desk: Desk, **given: str) -> None:
    """Take back an outcome that we wrote."""
    told(desk, desk.call("meetings.retract", **given))


@command("concur", "meetings concur last 1 --as okoye")
@WHICH
@_OUTCOME
@WORDS
def concur(desk: Desk, **given: str) -> None:
    """Concur in an outcome that the other side wrote."""
    told(desk, desk.call("meetings.concur", **given))


@command(
    "commit",
    'meetings commit last 2 "Send the charts" --test "They are here." --by us --for them \\',
    "    --due 2027-06-30 --as nakamura",
)
@WHICH
@_OUTCOME
@click.argument("title", metavar="TITLE")
@click.option("--test", required=True, help="By what both see that it was done.")
@click.option("--by", "performer", type=_WHOM, required=True, help="Who does it.")
@click.option("--for", "beneficiary", type=_WHOM, required=True, help="For whom.")
@click.option("--due", type=DUE, required=True, help="A day, an instant in UTC, or +30d from now.")
@click.option("--zone", default="UTC", show_default=True, help="The zone in which a day ends.")
@WORDS
def commit(desk: Desk, **given: str) -> None:
    """Propose the commitment that an agreed outcome becomes."""
    answer = desk.call("meetings.commit", **given)
    sure = held(answer.get("held_by_counterpart"))
    desk.show(
        answer,
        f"{brief(text(answer, 'commitment'))}  «{text(answer, 'title')}»: proposed. {sure}",
    )


@command("draft", 'meetings draft last --text "They spoke of charts." --as nakamura')
@WHICH
@click.option("--text", "texts", multiple=True, required=True, help="One for each item, in order.")
@WORDS
def draft(desk: Desk, *, meeting: str, texts: tuple[str, ...], words: str) -> None:
    """Draft the record of a closed meeting, as its host."""
    told(desk, desk.call("meetings.draft", meeting=meeting, texts=list(texts), words=words))


@command("version", 'meetings version last 1 --text "They did not." --as okoye')
@WHICH
@ITEM
@_SAYS
@WORDS
def version(desk: Desk, **given: str) -> None:
    """Write our own text of an item of the record beside theirs."""
    told(desk, desk.call("meetings.version", **given))


@command("take", "meetings take last 1 --as okoye")
@WHICH
@ITEM
@WORDS
def take(desk: Desk, **given: str) -> None:
    """Take the other side's text of an item: it is agreed then."""
    told(desk, desk.call("meetings.take", **given))


@command("seal", "meetings seal last --as okoye")
@WHICH
@WORDS
def seal(desk: Desk, **given: str) -> None:
    """Agree to the record as it is; it counts once both have."""
    told(desk, desk.call("meetings.seal", **given))


@command("note", 'meetings note last 1 --text "They hesitated." --as nakamura')
@WHICH
@ITEM
@click.option("--text", default="", help="What to keep; nothing takes the note away.")
def note(desk: Desk, **given: str) -> None:
    """Keep a private note on an item; it never leaves this node."""
    answer = desk.call("meetings.note", **given)
    kept = answer.get("kept") is True
    desk.show(answer, "Kept; nobody else is told." if kept else "The note is gone.")


@command("notes", "meetings notes last --as nakamura")
@WHICH
def notes(desk: Desk, *, meeting: str) -> None:
    """Show our private notes on the items of a meeting."""
    answer = desk.call("meetings.notes", meeting=meeting)
    lines = [f"{text(row, 'by')}: {text(row, 'text')}" for row in rows(answer, "notes")]
    desk.show(answer, *(lines or ["There is none."]))


@command(
    "calendar",
    "meetings calendar last --address nakamura@aldoria.example \\",
    "    --out talks.ics --as nakamura",
)
@click.option("--mail", is_flag=True, help="Send it there by mail too, now and when it changes.")
@WHICH
@click.option("--address", default="", help="Your mail address there: the file asks for an answer.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where."
)
def calendar(desk: Desk, *, meeting: str, address: str, mail: bool, out: Path) -> None:
    """Write a meeting as a file for your own calendar program."""
    if address:
        desk.call("meetings.invite", meeting=meeting, address=address, by_mail=mail)
    answer = desk.call("meetings.calendar", meeting=meeting)
    write_new(out, text(answer, "text").encode())
    desk.show({"file": str(out), "method": text(answer, "method")}, f"Written: {out}")


@command("answer", "meetings answer reply.ics --as nakamura")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def answer_of(desk: Desk, *, file: Path) -> None:
    """Read the answer of a calendar program; nothing is done before you confirm it."""
    answer = desk.call("meetings.answer", message=read_words(file))
    _answers(desk, answer, [answer])


@command("answers", "meetings answers --as nakamura")
def answers(desk: Desk) -> None:
    """Show the answers of your calendar program that wait for you."""
    answer = desk.whole("meetings.answers")
    _answers(desk, answer, rows(answer, "answers"))


def _answers(desk: Desk, answer: JsonObject, found: list[JsonObject]) -> None:
    lines = []
    for row in found:
        slot = one(row, "slot")
        to = f" to {when(text(slot, 'start'))}" if slot else ""
        name, title = brief(text(row, "answer")), text(row, "title")
        if text(row, "stands") == "calendars.agrees":
            lines.append(f"{name}  agrees with what stands already of «{title}»: nothing to do")
            continue
        cannot = "" if text(row, "stands") == "open" else "; that cannot be done any more"
        lines.append(f"{name}  would {text(row, 'does')} «{title}»{to}{cannot}")
    desk.show(answer, *(lines or ["None waits for you."]))


@command("do-answer", "meetings do-answer ANSWER --as nakamura")
@click.argument("answer", metavar="ANSWER")
def do_answer(desk: Desk, *, answer: str) -> None:
    """Do what an answer of your calendar program says."""
    told(desk, desk.call("meetings.answer_confirm", answer=answer))


@command("drop-answer", "meetings drop-answer ANSWER --as nakamura")
@click.argument("answer", metavar="ANSWER")
def drop_answer(desk: Desk, *, answer: str) -> None:
    """Throw an answer of your calendar program away."""
    desk.show(desk.call("meetings.answer_drop", answer=answer), "Thrown away; nothing was done.")


@command("feed", "meetings feed --as nakamura", "meetings feed --new --as nakamura")
@click.option("--new", is_flag=True, help="A new secret address; the old one ends.")
@click.option("--end", is_flag=True, help="End it.")
def feed(desk: Desk, *, new: bool, end: bool) -> None:
    """Show, renew or end the feed of meetings for your own calendar program."""
    if new:
        answer = desk.call("meetings.feed_new")
        desk.show(answer, f"On the officials' site: {text(answer, 'path')}", "Keep it to yourself.")
        return
    answer = desk.call("meetings.feed_end" if end else "meetings.feed")
    since = text(answer, "since")
    desk.show(answer, f"A feed since {when(since)}." if since else "You have no feed.")
