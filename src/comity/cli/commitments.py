"""Commitments: who owes what until when, and what becomes of it."""

from typing import Final

import click

from comity.cli.dates import DUE
from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import held, table, when
from comity.foundation.canonical import JsonObject

_WHICH: Final = click.argument("commitment", metavar="ID")
_WORDS: Final = click.option("--words", default="", help="A word about it; it crosses, erasable.")
_WHY: Final = click.option("--because", "reason", required=True, help="Why; both sides read it.")
_RECALLED: Final = ("claim", "redate", "acknowledge", "release", "fail")
_WHOM: Final = click.Choice(["us", "them", "both"])
_WHO: Final = {"us": "we", "them": "they", "both": "both"}
#: What a commitment is, in words.
STATES: Final = {
    "proposed": "proposed, not answered",
    "declined": "declined",
    "withdrawn": "withdrawn",
    "open": "open",
    "in_progress": "in progress",
    "claimed": "claimed as fulfilled",
    "disputed": "claim disputed",
    "kept": "kept",
    "kept_late": "kept late",
    "partly_kept": "partly kept",
    "not_kept": "not kept",
    "released": "released",
    "void": "void with its agreement",
}


def brief(name: str) -> str:
    """Return the beginning of an id, enough to name it."""
    return name.removeprefix("urn:uuid:")[:8]


def stands(row: JsonObject) -> str:
    """Return how a commitment stands, in words."""
    marks = [
        word
        for member, word in (("overdue", "overdue"), ("unanswered", "awaiting acknowledgement"))
        if row.get(member) is True
    ]
    return ", ".join([STATES.get(text(row, "status"), text(row, "status")), *marks])


def _line(row: JsonObject) -> list[str]:
    due = text(row, "due_day") or when(text(row, "due"))
    waits = text(row, "waits_for")
    return [
        brief(text(row, "commitment")),
        f"due {due}",
        f"{_WHO.get(text(row, 'performer'), '?')} owe",
        stands(row),
        f"waits for {waits}" if waits else "",
        text(row, "title"),
    ]


@command("list", "commitments list", "commitments list --state overdue --by them")
@click.option(
    "--state",
    type=click.Choice(["all", "live", "overdue", "ended"]),
    default="all",
    show_default=True,
    help="Which: all, those owed now, those overdue, those that ended.",
)
@click.option("--by", "performer", type=_WHOM, default=None, help="Only what they owe, or we.")
@click.option("--to", "counterpart", metavar="COUNTERPART", default="", help="With whom.")
def listing(desk: Desk, *, state: str, performer: str | None, counterpart: str) -> None:
    """List commitments: those owed first, of these the nearest due date first."""
    answer = desk.whole(
        "commitments", state=state, performer=performer or "", counterpart=counterpart
    )
    lines = [_line(row) for row in rows(answer, "commitments")]
    desk.show(answer, *(table(lines, indent=0) or ["There is no such commitment."]))


@command("show", "commitments show last")
@_WHICH
def show(desk: Desk, *, commitment: str) -> None:
    """Show one commitment: its terms, how it stands, who must act, everything that was said.

    ID is the beginning of its id, its title, or last.
    """
    answer = desk.call("commitments.show", commitment=commitment)
    basis = one(answer, "basis")
    zone = f" in {text(answer, 'due_zone')}" if text(answer, "due_zone") else ""
    day = f" ({text(answer, 'due_day')}{zone})" if text(answer, "due_day") else ""
    lines = [
        f"«{text(answer, 'title')}»  {stands(answer)}",
        (
            f"  With {text(answer, 'counterpart')}: performer {text(answer, 'performer')},"
            f" beneficiary {text(answer, 'beneficiary')}."
        ),
        f"  Due {when(text(answer, 'due'))}{day}"
        + (f", re-dated {number(answer, 'redated')} times." if number(answer, "redated") else "."),
        f"  Fulfilled when: {text(answer, 'test')}",
        f"  Under {text(basis, 'article')} of «{text(basis, 'title')}»."
        + ("" if basis.get("permitted") is True else f" Now refused: {text(basis, 'reason')}"),
        "",
    ]
    for act in rows(answer, "acts"):
        who = "We" if text(act, "log") == "ours" else text(answer, "counterpart")
        at = when(text(act, "at")) if text(act, "at") else "not held by both yet"
        reason = text(one(act, "act"), "reason") or text(one(act, "act"), "of")
        said = ": ".join(each for each in (text(act, "step"), reason or text(act, "words")) if each)
        lines.append(f"  {at}  {who}  {said}")
        idle = one(act, "no_effect")
        if idle:
            lines.append(f"    without effect: {text(idle, 'message')} [{text(idle, 'code')}]")
    desk.show(answer, *lines)
    can = words(answer, "may")
    if can:
        desk.hint("", f"We may: {', '.join(can)}")


@command(
    "propose",
    'commitments propose "A joint catalogue of charts" --under last --article "Article 7" \\',
    "    --by us --for them --due 2027-06-30 --zone Europe/Paris \\",
    '    --test "The catalogue lists all charts of both Parties." --as nakamura',
)
@click.argument("title", metavar="TITLE")
@click.option("--under", "instrument", required=True, help="The agreement: its id or title.")
@click.option("--article", "unit", required=True, help="The article in force it stands on.")
@click.option("--by", "performer", type=_WHOM, required=True, help="Who does it.")
@click.option("--for", "beneficiary", type=_WHOM, required=True, help="For whom.")
@click.option("--due", type=DUE, required=True, help="A day, an instant in UTC, or +30d from now.")
@click.option("--zone", default="UTC", show_default=True, help="The zone in which a day ends.")
@click.option("--test", required=True, help="By what both see that it was done.")
@click.option("--to", "counterpart", metavar="COUNTERPART", help="With whom; else the only one.")
@_WORDS
def propose(  # a commitment has these parts
    desk: Desk,
    *,
    title: str,
    instrument: str,
    unit: str,
    performer: str,
    beneficiary: str,
    due: str,
    zone: str,
    test: str,
    counterpart: str | None,
    words: str,
) -> None:
    """Propose a commitment; it is owed only once the other side accepts exactly this."""
    answer = desk.call(
        "commitments.propose",
        counterpart=desk.counterpart(counterpart),
        instrument=instrument,
        unit=unit,
        title=title,
        test=test,
        performer=performer,
        beneficiary=beneficiary,
        due=due,
        zone=zone,
        words=words,
    )
    _told(desk, answer)


def _told(desk: Desk, answer: JsonObject) -> None:
    desk.show(
        answer,
        f"{brief(text(answer, 'commitment'))}  «{text(answer, 'title')}»: {stands(answer)}."
        f" {held(answer.get('held_by_counterpart'))}",
    )


@command("accept", "commitments accept last --as okoye")
@_WHICH
@_WORDS
def accept(desk: Desk, *, commitment: str, words: str) -> None:
    """Accept a commitment exactly as it was proposed; from now on it is owed."""
    _told(desk, desk.call("commitments.accept", commitment=commitment, words=words))


@command("decline", 'commitments decline last --because "Not before the survey." --as okoye')
@_WHICH
@_WHY
def decline(desk: Desk, *, commitment: str, reason: str) -> None:
    """Decline a proposed commitment."""
    _told(desk, desk.call("commitments.decline", commitment=commitment, reason=reason))


@command("withdraw", "commitments withdraw last --as nakamura")
@_WHICH
@_WORDS
def withdraw(desk: Desk, *, commitment: str, words: str) -> None:
    """Take back a proposal of ours that nobody has answered."""
    _told(desk, desk.call("commitments.withdraw", commitment=commitment, words=words))


@command("progress", 'commitments progress last --words "Half of it is done." --as nakamura')
@_WHICH
@_WORDS
def progress(desk: Desk, *, commitment: str, words: str) -> None:
    """Say how it goes; only its performer can."""
    _told(desk, desk.call("commitments.progress", commitment=commitment, words=words))


@command("claim", 'commitments claim last --evidence "transfer 7f3a" --as nakamura')
@_WHICH
@click.option("--fulfilled", type=DUE, default="", help="When it was; else now.")
@click.option("--evidence", multiple=True, help="What shows it; may be given several times.")
@_WORDS
def claim(
    desk: Desk, *, commitment: str, fulfilled: str, evidence: tuple[str, ...], words: str
) -> None:
    """Claim that it is fulfilled; whether it was kept, only its beneficiary says."""
    answer = desk.call(
        "commitments.claim",
        commitment=commitment,
        fulfilled=fulfilled,
        evidence=list(evidence),
        words=words,
    )
    _told(desk, answer)


@command("acknowledge", "commitments acknowledge last kept --as okoye")
@_WHICH
@click.argument("result", type=click.Choice(["kept", "kept_late", "partly_kept"]))
@_WORDS
def acknowledge(desk: Desk, *, commitment: str, result: str, words: str) -> None:
    """Say what a claim comes to; only the beneficiary can, and nothing is kept by silence."""
    answer = desk.call("commitments.acknowledge", commitment=commitment, result=result, words=words)
    _told(desk, answer)


@command("dispute", 'commitments dispute last --because "Half the charts are missing." --as okoye')
@_WHICH
@_WHY
def dispute(desk: Desk, *, commitment: str, reason: str) -> None:
    """Dispute a claim; it comes up at the next meeting."""
    _told(desk, desk.call("commitments.dispute", commitment=commitment, reason=reason))


@command("redate", "commitments redate last 2027-12-31 --as nakamura")
@_WHICH
@click.argument("due", type=DUE)
@click.option("--zone", default="UTC", show_default=True, help="The zone in which a day ends.")
@_WORDS
def redate(desk: Desk, *, commitment: str, due: str, zone: str, words: str) -> None:
    """Ask for another due date, or agree to the one that was asked for.

    It counts once both sides have named the same; the old date is kept.
    """
    answer = desk.call("commitments.redate", commitment=commitment, due=due, zone=zone, words=words)
    _told(desk, answer)


@command("release", 'commitments release last --because "No longer needed." --as okoye')
@_WHICH
@_WHY
def release(desk: Desk, *, commitment: str, reason: str) -> None:
    """Release the performer from it; only the beneficiary can."""
    _told(desk, desk.call("commitments.release", commitment=commitment, reason=reason))


@command("fail", 'commitments fail last --because "Nothing came." --as okoye')
@_WHICH
@_WHY
def fail(desk: Desk, *, commitment: str, reason: str) -> None:
    """Find that it was not kept; it counts once both sides have said so."""
    _told(desk, desk.call("commitments.fail", commitment=commitment, reason=reason))


@command("recall", "commitments recall last --of claim --as nakamura")
@_WHICH
@click.option("--of", type=click.Choice(_RECALLED), required=True, help="What of ours.")
@_WORDS
def recall(desk: Desk, *, commitment: str, of: str, words: str) -> None:
    """Take back what we said and does not count yet: a claim, another date, a word."""
    _told(desk, desk.call("commitments.recall", commitment=commitment, of=of, words=words))
