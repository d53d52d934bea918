"""Classified items, consent to pass on, and end-use checks."""

from typing import Final

import click

from comity.cli.commitments import brief
from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import held, table, when
from comity.foundation.canonical import JsonObject

_WORDS: Final = click.option("--words", default="", help="A word about it; it crosses, erasable.")
_WHY: Final = click.option("--because", "reason", required=True, help="Why; both sides read it.")
_TO: Final = click.option("--to", "counterpart", metavar="COUNTERPART", help="Else the only one.")
_RETRANSFER: Final = click.argument("retransfer", metavar="ID")
_ENDCHECK: Final = click.argument("endcheck", metavar="ID")
_REPORT: Final = click.option("--report", required=True, help="What was seen or done.")


@command("list", "controls list")
def listing(desk: Desk) -> None:
    """List items that are classified, ours and theirs."""
    answer = desk.whole("controls")
    lines = [
        [
            brief(text(row, "item")),
            "ours" if text(row, "whose") == "us" else "theirs",
            text(row, "status"),
            f"{text(row, 'code')} of {text(row, 'scheme')} ({text(row, 'list_version')})",
            text(row, "title"),
        ]
        for row in rows(answer, "controls")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["No item is classified."]))


@command(
    "classify",
    'controls classify last --scheme "Munitions List" --code "ML 9.c" --version 2026 \\',
    '    --by "Licensing Office" --as haddad',
)
@click.argument("item", metavar="ITEM")
@click.option("--scheme", required=True, help="Which list.")
@click.option("--code", required=True, help="The code on it.")
@click.option("--version", "list_version", required=True, help="Which version of the list.")
@click.option("--by", "decided_by", required=True, help="Who decided so.")
@click.option("--value", default="", help="What the item is worth.")
@click.option("--currency", default="", help="In which currency: three letters.")
@_TO
@_WORDS
def classify(  # a classification has these parts
    desk: Desk,
    *,
    item: str,
    scheme: str,
    code: str,
    list_version: str,
    decided_by: str,
    value: str,
    currency: str,
    counterpart: str | None,
    words: str,
) -> None:
    """Enter how an item of ours is classified; it crosses only under an authorisation then."""
    answer = desk.call(
        "controls.classify",
        counterpart=desk.counterpart(counterpart),
        item=item,
        scheme=scheme,
        code=code,
        list_version=list_version,
        decided_by=decided_by,
        value=value,
        currency=currency,
        words=words,
    )
    _classified(desk, answer)


@command("declassify", 'controls declassify 3f0c --because "The list has changed." --as haddad')
@click.argument("control", metavar="ITEM")
@_WHY
def declassify(desk: Desk, *, control: str, reason: str) -> None:
    """Enter that an item of ours is controlled no more."""
    _classified(desk, desk.call("controls.declassify", control=control, reason=reason))


def _classified(desk: Desk, answer: JsonObject) -> None:
    desk.show(
        answer,
        f"{brief(text(answer, 'item'))}  «{text(answer, 'title')}»: {text(answer, 'status')},"
        f" {text(answer, 'code')} of {text(answer, 'scheme')}."
        f" {held(answer.get('held_by_counterpart'))}",
    )


# --- consent to pass on ---------------------------------------------------------------------------


@command("list", "retransfers list")
def asked(desk: Desk) -> None:
    """List what is asked about passing on, and for how long there has been no answer."""
    answer = desk.whole("retransfers")
    lines = [
        [
            brief(text(row, "retransfer")),
            "we ask" if text(row, "asked_by") == "us" else "they ask",
            text(row, "status").replace("_", " "),
            f"{number(row, 'days_without_answer')} days without answer"
            if row.get("days_without_answer") is not None
            else "",
            text(row, "third"),
        ]
        for row in rows(answer, "retransfers")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["Nothing is asked about passing on."]))


def _told(desk: Desk, answer: JsonObject, *lines: str) -> None:
    """Print one thing: its facts, what was said of it, what we may do."""
    basis = one(answer, "basis")
    said = [*lines, f"  Under {text(basis, 'article')} of «{text(basis, 'title')}».", ""]
    for act in rows(answer, "acts"):
        who = "We" if text(act, "log") == "ours" else text(answer, "counterpart")
        at = when(text(act, "at")) if text(act, "at") else "not held by both yet"
        given = one(act, "act")
        why = text(given, "reason") or text(given, "report") or text(act, "words")
        said.append(
            f"  {at}  {who}  {': '.join(each for each in (text(act, 'step'), why) if each)}"
        )
        idle = one(act, "no_effect")
        if idle:
            said.append(f"    without effect: {text(idle, 'message')} [{text(idle, 'code')}]")
    desk.show(answer, *said)
    can = words(answer, "may")
    if can:
        desk.hint("", f"We may: {', '.join(can)}")


@command("show", "retransfers show last")
@_RETRANSFER
def show_asked(desk: Desk, *, retransfer: str) -> None:
    """Show one question about passing on with everything that was said of it."""
    answer = desk.call("retransfers.show", retransfer=retransfer)
    unfounded = "" if answer.get("founded") is True else " Their record shows no such receipt."
    _told(
        desk,
        answer,
        f"«{text(answer, 'title')}»  {text(answer, 'status').replace('_', ' ')}",
        f"  Item {brief(text(answer, 'item'))} «{text(answer, 'item_title')}».{unfounded}",
        f"  Use: {text(answer, 'use')}",
        *(f"  Proviso: {text(each, 'text')}" for each in rows(answer, "provisos")),
    )


@command(
    "request",
    'retransfers request last --under last --article "Article 7" --third "Navy Yard" \\',
    '    --use "Repair." --as lind',
)
@click.argument("transfer", metavar="TRANSFER")
@click.option("--under", "instrument", required=True, help="The agreement: its id or title.")
@click.option("--article", "unit", required=True, help="The article in force it stands on.")
@click.option("--third", required=True, help="To whom it is to go.")
@click.option("--use", required=True, help="For which use.")
@_WORDS
def ask(
    desk: Desk, *, transfer: str, instrument: str, unit: str, third: str, use: str, words: str
) -> None:
    """Ask whose item it is whether what we received may go on; no answer is no consent."""
    answer = desk.call(
        "retransfers.request",
        transfer=transfer,
        instrument=instrument,
        unit=unit,
        third=third,
        use=use,
        words=words,
    )
    _consent(desk, answer)


def _consent(desk: Desk, answer: JsonObject) -> None:
    desk.show(
        answer,
        f"{brief(text(answer, 'retransfer'))}  to {text(answer, 'third')}:"
        f" {text(answer, 'status').replace('_', ' ')}. {held(answer.get('held_by_counterpart'))}",
    )


@command("grant", 'retransfers grant last --proviso "Not beyond." --as haddad')
@_RETRANSFER
@click.option("--proviso", "provisos", multiple=True, help="A proviso in words, or several.")
@_WORDS
def grant(desk: Desk, *, retransfer: str, provisos: tuple[str, ...], words: str) -> None:
    """Consent, with provisos or none."""
    answer = desk.call(
        "retransfers.grant", retransfer=retransfer, provisos=list(provisos), words=words
    )
    _consent(desk, answer)


@command("refuse", 'retransfers refuse last --because "Not to them." --as haddad')
@_RETRANSFER
@_WHY
def refuse(desk: Desk, *, retransfer: str, reason: str) -> None:
    """Refuse consent."""
    _consent(desk, desk.call("retransfers.refuse", retransfer=retransfer, reason=reason))


@command("return", 'retransfers return last --because "Who is it?" --as haddad')
@_RETRANSFER
@_WHY
def give_back(desk: Desk, *, retransfer: str, reason: str) -> None:
    """Send it back for more."""
    _consent(desk, desk.call("retransfers.return", retransfer=retransfer, reason=reason))


@command("again", "retransfers again last --as lind")
@_RETRANSFER
@_WORDS
def again(desk: Desk, *, retransfer: str, words: str) -> None:
    """Ask again what came back to us."""
    _consent(desk, desk.call("retransfers.again", retransfer=retransfer, words=words))


@command("withdraw", "retransfers withdraw last --as lind")
@_RETRANSFER
@_WORDS
def take_back(desk: Desk, *, retransfer: str, words: str) -> None:
    """Take back what we asked."""
    _consent(desk, desk.call("retransfers.withdraw", retransfer=retransfer, words=words))


@command("use", 'retransfers use last --report "Handed over on 3 March." --as lind')
@_RETRANSFER
@_REPORT
def use(desk: Desk, *, retransfer: str, report: str) -> None:
    """Say that it went on, and accept the provisos of the consent by that."""
    _consent(desk, desk.call("retransfers.use", retransfer=retransfer, report=report))


@command("close", 'retransfers close last --because "Seen." --as haddad')
@_RETRANSFER
@_WHY
def close(desk: Desk, *, retransfer: str, reason: str) -> None:
    """Close it."""
    _consent(desk, desk.call("retransfers.close", retransfer=retransfer, reason=reason))


# --- end-use checks -------------------------------------------------------------------------------


@command("list", "endchecks list")
def checks(desk: Desk) -> None:
    """List end-use checks, ours and theirs."""
    answer = desk.whole("endchecks")
    lines = [
        [
            brief(text(row, "endcheck")),
            "we ask" if text(row, "asked_by") == "us" else "they ask",
            text(row, "status").replace("_", " "),
            text(row, "title"),
        ]
        for row in rows(answer, "endchecks")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["There is no end-use check."]))


@command("show", "endchecks show last")
@_ENDCHECK
def show_check(desk: Desk, *, endcheck: str) -> None:
    """Show one end-use check with everything that was said of it."""
    answer = desk.call("endchecks.show", endcheck=endcheck)
    fixed = one(answer, "arranged")
    _told(
        desk,
        answer,
        f"«{text(answer, 'title')}»  {text(answer, 'status').replace('_', ' ')}",
        f"  Of «{text(answer, 'authorisation_title')}»: {text(answer, 'what')}",
        *([f"  Arranged: {when(text(fixed, 'at'))}, {text(fixed, 'place')}"] if fixed else []),
    )


@command("request", 'endchecks request "Where the sonar is" --under last --what "On board?" --as h')
@click.argument("title", metavar="TITLE")
@click.option("--under", "authorisation", required=True, help="The authorisation: its id or title.")
@click.option("--what", required=True, help="What is to be seen.")
@_WORDS
def check(desk: Desk, *, title: str, authorisation: str, what: str, words: str) -> None:
    """Ask to see that use is as was assured."""
    answer = desk.call(
        "endchecks.request", authorisation=authorisation, title=title, what=what, words=words
    )
    _checked(desk, answer)


def _checked(desk: Desk, answer: JsonObject) -> None:
    desk.show(
        answer,
        f"{brief(text(answer, 'endcheck'))}  «{text(answer, 'title')}»:"
        f" {text(answer, 'status').replace('_', ' ')}. {held(answer.get('held_by_counterpart'))}",
    )


@command("arrange", 'endchecks arrange last 2027-03-01T09:00:00Z --place "Port" --as haddad')
@_ENDCHECK
@click.argument("at", metavar="WHEN")
@click.option("--place", required=True, help="Where.")
@click.option("--zone", default="UTC", show_default=True, help="The zone of a day or time.")
@_WORDS
def arrange(desk: Desk, *, endcheck: str, at: str, place: str, zone: str, words: str) -> None:
    """Say when and where; it counts once both have said the same."""
    answer = desk.call(
        "endchecks.arrange", endcheck=endcheck, at=at, place=place, zone=zone, words=words
    )
    _checked(desk, answer)


@command("done", 'endchecks done last --report "Seen on board." --as haddad')
@_ENDCHECK
@_REPORT
def done(desk: Desk, *, endcheck: str, report: str) -> None:
    """Say that it was done, and what was seen."""
    _checked(desk, desk.call("endchecks.done", endcheck=endcheck, report=report))


@command("conclude", 'endchecks conclude last favourable --report "As assured." --as haddad')
@_ENDCHECK
@click.argument("result", type=click.Choice(["favourable", "unfavourable", "inconclusive"]))
@_REPORT
def conclude(desk: Desk, *, endcheck: str, result: str, report: str) -> None:
    """Say what it comes to."""
    answer = desk.call("endchecks.conclude", endcheck=endcheck, result=result, report=report)
    _checked(desk, answer)


@command("follow-up", 'endchecks follow-up last --report "Once more in spring." --as haddad')
@_ENDCHECK
@_REPORT
def follow_up(desk: Desk, *, endcheck: str, report: str) -> None:
    """Say what is still to be done."""
    _checked(desk, desk.call("endchecks.follow_up", endcheck=endcheck, report=report))


@command("withdraw", "endchecks withdraw last --as haddad")
@_ENDCHECK
@_WORDS
def drop(desk: Desk, *, endcheck: str, words: str) -> None:
    """Take back what we asked."""
    _checked(desk, desk.call("endchecks.withdraw", endcheck=endcheck, words=words))
