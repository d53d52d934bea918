"""Authorisations for controlled items: asked for, decided, assured, accounted for."""

from hashlib import file_digest
from pathlib import Path
from typing import Final

import click

from comity.cli.commitments import brief
from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import held, table, when
from comity.foundation.canonical import Json, JsonObject

_WHICH: Final = click.argument("authorisation", metavar="ID")
_WORDS: Final = click.option("--words", default="", help="A word about it; it crosses, erasable.")
_WHY: Final = click.option("--because", "reason", required=True, help="Why; both sides read it.")
_BASIS: Final = click.option("--basis", required=True, help="On which article or condition.")
_TO: Final = click.option("--to", "counterpart", metavar="COUNTERPART", help="Else the only one.")
_NUMBER: Final = click.option("--number", required=True, help="The decision's number.")
_DECIDED: Final = click.option("--decided", required=True, metavar="DAY", help="Its day.")
_AGAIN: Final = click.option(
    "--number-again", is_flag=True, help="The authority uses that number for another one too."
)
_DOCUMENT: Final = click.option(
    "--document",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The decision as a file; its digest alone is recorded.",
)
#: How an authorisation stands, in words.
STATES: Final = {
    "requested": "asked for",
    "withdrawn": "taken back",
    "in_review": "with the licensing authority",
    "returned": "sent back",
    "denied": "denied",
    "declined": "declined by its recipient",
    "approved": "approved, not assured",
    "approved_with_provisos": "approved with provisos, not assured",
    "active": "active",
    "waits_for_provisos": "assured, provisos not accepted",
    "basis_stopped": "stopped: what it stands on is not in force",
    "not_begun": "not begun",
    "expired": "expired",
    "exhausted": "used up",
    "suspended": "suspended",
    "revoked": "revoked",
    "reconciled": "closed, both reported the same",
}


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def stands(row: JsonObject) -> str:
    """Return how an authorisation stands, in words."""
    status = text(row, "status")
    marks = [STATES.get(status, status)]
    if row.get("quantity") is not None:
        left, most = number(row, "quantity_left"), number(row, "quantity")
        marks.append(f"{left} of {most} {text(row, 'quantity_unit')} left")
    if row.get("return_due") is True:
        marks.append("return due")
    if row.get("totals_said_by") == "both":
        marks.append("the totals of the two differ")
    return ", ".join(marks)


def _told(desk: Desk, answer: JsonObject) -> None:
    desk.show(
        answer,
        f"{brief(text(answer, 'authorisation'))}  «{text(answer, 'title')}»: {stands(answer)}."
        f" {held(answer.get('held_by_counterpart'))}",
    )


@command("list", "authorisations list")
@click.option("--with", "counterpart", metavar="COUNTERPART", default="", help="With whom.")
def listing(desk: Desk, *, counterpart: str) -> None:
    """List authorisations: those that wait for us first."""
    answer = desk.whole("authorisations", counterpart=counterpart)
    lines = [
        [
            brief(text(row, "authorisation")),
            "we export" if text(row, "exporter") == "us" else "they export",
            stands(row),
            f"waits for {text(row, 'waits_for')}" if text(row, "waits_for") else "",
            text(row, "title"),
        ]
        for row in rows(answer, "authorisations")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["There is no authorisation."]))


@command("show", "authorisations show last")
@_WHICH
def show(desk: Desk, *, authorisation: str) -> None:
    """Show one authorisation with all facts of its decision.

    ID is the beginning of its id, its title, or last.
    """
    answer = desk.call("authorisations.show", authorisation=authorisation)
    basis, decision = one(answer, "basis"), one(answer, "decision")
    lines = [f"«{text(answer, 'title')}»  {stands(answer)}"]
    lines.append(
        f"  From {text(answer, 'exporter')} to {text(answer, 'recipient')}, with"
        f" {text(answer, 'counterpart')}. Use: {text(answer, 'use')}"
    )
    lines.append(
        f"  Under {text(basis, 'article')} of «{text(basis, 'title')}»."
        + ("" if basis.get("permitted") is True else f" Now refused: {text(basis, 'reason')}")
    )
    if text(answer, "project"):
        lines.append(f"  Project: {text(answer, 'project')}")
    for item in rows(answer, "items"):
        said = f"{text(item, 'code')} of {text(item, 'scheme')} ({text(item, 'list_version')})"
        lines.append(f"  Item {brief(text(item, 'item'))} «{text(item, 'title')}»: {said}")
    if text(answer, "case"):
        lines.append(f"  {text(answer, 'authority')}, case {text(answer, 'case')}")
    if decision:
        lines.append(f"  Decision {text(decision, 'number')} of {text(decision, 'decided')}")
        lines.append(f"  Assurance asked: {text(decision, 'assurance')}")
        for proviso in rows(decision, "provisos"):
            mark = "checked" if proviso.get("check") else "in words"
            lines.append(f"  Proviso ({mark}): {text(proviso, 'text')}")
        lines.append(f"  Digest of the provisos: {text(answer, 'provisos_digest')}")
    for use in rows(answer, "uses"):
        came = "received" if use.get("received") is True else "not received yet"
        lines.append(
            f"  Used: {brief(text(use, 'transfer'))}, {number(use, 'bytes')} bytes, {came}"
        )
    lines.append("")
    for act in rows(answer, "acts"):
        who = "We" if text(act, "log") == "ours" else text(answer, "counterpart")
        at = when(text(act, "at")) if text(act, "at") else "not held by both yet"
        lines.append(f"  {at}  {who}  {text(act, 'step')}")
        idle = one(act, "no_effect")
        if idle:
            lines.append(f"    without effect: {text(idle, 'message')} [{text(idle, 'code')}]")
    desk.show(answer, *lines)
    can = words(answer, "may")
    if can:
        desk.hint("", f"We may: {', '.join(can)}")


@command(
    "request",
    'authorisations request "A sonar for the survey" --under last --article "Article 7" \\',
    '    --item last --use "The survey of the strait." --as haddad',
)
@click.argument("title", metavar="TITLE")
@click.option("--under", "instrument", required=True, help="The agreement: its id or title.")
@click.option("--article", "unit", required=True, help="The article in force it stands on.")
@click.option("--item", "items", multiple=True, help="An item, or several.")
@click.option("--class", "classes", multiple=True, help="A class of items, as LIST: CODE.")
@click.option("--use", required=True, help="For which use.")
@click.option("--area", default="", help="The area it is in.")
@click.option("--project", default="", help="The project it is for.")
@click.option(
    "--exporter",
    type=click.Choice(["us", "them"]),
    default="us",
    show_default=True,
    help="Whose items they are.",
)
@click.option("--member", "members", multiple=True, help="A member: makes it a community.")
@click.option("--exclude", "excluded", multiple=True, help="A class that stays outside.")
@_TO
@_WORDS
def request(  # an authorisation has these parts
    desk: Desk,
    *,
    title: str,
    instrument: str,
    unit: str,
    items: tuple[str, ...],
    classes: tuple[str, ...],
    use: str,
    area: str,
    project: str,
    exporter: str,
    members: tuple[str, ...],
    excluded: tuple[str, ...],
    counterpart: str | None,
    words: str,
) -> None:
    """Ask for an authorisation; with members it is an authorised community."""
    answer = desk.call(
        "authorisations.request",
        counterpart=desk.counterpart(counterpart),
        instrument=instrument,
        unit=unit,
        title=title,
        use=use,
        type="community" if members else "licence",
        exporter=exporter,
        area=area,
        project=project,
        items=list(items),
        classes=list(classes),
        members=list(members),
        excluded=list(excluded),
        words=words,
    )
    _told(desk, answer)


@command("withdraw", "authorisations withdraw last --as haddad")
@_WHICH
@click.option("--amendment", is_flag=True, help="Take back the amendment that waits, no more.")
@_WORDS
def withdraw(desk: Desk, *, authorisation: str, amendment: bool, words: str) -> None:
    """Take back what our side asked for."""
    operation = "authorisations.amend_withdraw" if amendment else "authorisations.withdraw"
    _told(desk, desk.call(operation, authorisation=authorisation, words=words))


@command("review", 'authorisations review last --authority "Licensing Office" --case C-17 --as h')
@_WHICH
@click.option("--authority", required=True, help="Which licensing authority has it.")
@click.option("--case", required=True, help="Its case number there.")
@_AGAIN
@_WORDS
def review(
    desk: Desk,
    *,
    authorisation: str,
    authority: str,
    case: str,
    number_again: bool,
    words: str,
) -> None:
    """Enter which authority has it, also one outside this system."""
    answer = desk.call(
        "authorisations.review",
        authorisation=authorisation,
        authority=authority,
        case=case,
        number_again=number_again,
        words=words,
    )
    _told(desk, answer)


@command(
    "approve",
    "authorisations approve last --number L-4 --decided 2027-01-12 --document decision.pdf \\",
    '    --assurance "For the stated use only." --quantity 1 --until 2027-12-31 --as haddad',
)
@_WHICH
@_NUMBER
@_DECIDED
@_DOCUMENT
@click.option("--assurance", required=True, help="The text that the recipient must give.")
@click.option("--cosigned", is_flag=True, help="A government must co-sign the assurance.")
@click.option("--proviso", "provisos", multiple=True, help="A proviso in words, or several.")
@click.option("--quantity", type=int, default=0, help="No more than so many in all.")
@click.option("--unit", default="transfers", show_default=True, help="Of what: transfers, bytes.")
@click.option("--value", default="", help="No more than this value in all.")
@click.option("--currency", default="", help="In which currency: three letters.")
@click.option("--recipient", "recipients", multiple=True, help="Only to this party.")
@click.option("--purpose", "purposes", multiple=True, help="Only for this purpose.")
@click.option("--from", "starts", default="", metavar="DAY", help="Not before.")
@click.option("--until", "ends", default="", metavar="DAY", help="Not after.")
@click.option("--no-onward", is_flag=True, help="Never with leave to pass it on.")
@click.option("--return-by", default="", metavar="DAY", help="To return by that day.")
@click.option("--destroy-by", default="", metavar="DAY", help="To destroy by that day.")
@click.option("--zone", default="UTC", show_default=True, help="The zone in which days end.")
@click.option("--amendment", is_flag=True, help="It is the decision for the amendment.")
@_AGAIN
def approve(
    desk: Desk,
    *,
    authorisation: str,
    document: Path,
    return_by: str,
    destroy_by: str,
    amendment: bool,
    **said: Json,
) -> None:
    """Enter the decision for it, with its provisos: in words, or checked at both ends.

    Entered again before the assurance it takes the place of what was entered wrongly.
    """
    members: dict[str, Json] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in said.items()
    }
    answer = desk.call(
        "authorisations.amend_approve" if amendment else "authorisations.approve",
        authorisation=authorisation,
        document=_digest(document),
        return_by=return_by or destroy_by,
        return_how="destroy" if destroy_by else "return",
        **members,
    )
    _told(desk, answer)


@command("deny", "authorisations deny last --number D-1 --decided 2027-01-12 \\",
         '    --document decision.pdf --because "The end use is open." --as haddad')  # fmt: skip
@_WHICH
@_NUMBER
@_DECIDED
@_DOCUMENT
@_WHY
@click.option("--amendment", is_flag=True, help="It is the decision against the amendment.")
@_AGAIN
def deny(
    desk: Desk,
    *,
    authorisation: str,
    number: str,
    decided: str,
    document: Path,
    reason: str,
    amendment: bool,
    number_again: bool,
) -> None:
    """Enter the decision against it."""
    answer = desk.call(
        "authorisations.amend_deny" if amendment else "authorisations.deny",
        authorisation=authorisation,
        number=number,
        decided=decided,
        document=_digest(document),
        reason=reason,
        number_again=number_again,
    )
    _told(desk, answer)


@command("return", 'authorisations return last --because "The end use is missing." --as haddad')
@_WHICH
@_WHY
def send_back(desk: Desk, *, authorisation: str, reason: str) -> None:
    """Enter that the authority sent it back; it can be handed in again by review."""
    _told(desk, desk.call("authorisations.return", authorisation=authorisation, reason=reason))


@command("assure", 'authorisations assure last --text "For the stated use only." --as lind')
@_WHICH
@click.option("--text", "assurance", required=True, help="Word by word the text that was asked.")
@click.option(
    "--document",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The document that co-signs it, where one is wanted.",
)
@_WORDS
def assure(
    desk: Desk, *, authorisation: str, assurance: str, document: Path | None, words: str
) -> None:
    """Give the assurance that was asked, as the recipient; nothing crosses before."""
    answer = desk.call(
        "authorisations.assure",
        authorisation=authorisation,
        assurance=assurance,
        document="" if document is None else _digest(document),
        words=words,
    )
    _told(desk, answer)


@command("accept", "authorisations accept last --provisos 3f0c... --as lind")
@_WHICH
@click.option("--provisos", required=True, help="The digest of the provisos, as show says it.")
@_WORDS
def accept(desk: Desk, *, authorisation: str, provisos: str, words: str) -> None:
    """Accept the provisos, exactly those that you read."""
    answer = desk.call(
        "authorisations.accept", authorisation=authorisation, provisos=provisos, words=words
    )
    _told(desk, answer)


@command("decline", 'authorisations decline last --because "We cannot return it." --as lind')
@_WHICH
@_WHY
def decline(desk: Desk, *, authorisation: str, reason: str) -> None:
    """Decline the decision as its recipient, before any assurance; they read why."""
    _told(desk, desk.call("authorisations.decline", authorisation=authorisation, reason=reason))


@command("amend", 'authorisations amend last --title "Two sonars" --as haddad')
@_WHICH
@click.option("--title", default="", help="Another title.")
@click.option("--use", default="", help="Another use.")
@click.option("--item", "items", multiple=True, help="Other items.")
@click.option("--class", "classes", multiple=True, help="Other classes, as LIST: CODE.")
@click.option("--whole", is_flag=True, help="Items and classes not named here fall away.")
@click.option("--quantity", type=int, default=0, help="Ask for no more than so many.")
@click.option("--unit", default="transfers", show_default=True, help="Of transfers, or bytes.")
@click.option("--starts", default="", metavar="DAY", help="Ask for it not before that day.")
@click.option("--ends", default="", metavar="DAY", help="Ask for it not after that day.")
@_WORDS
def amend(desk: Desk, *, authorisation: str, **said: Json) -> None:
    """Ask for an amendment; until it is decided the authorisation stands as it is."""
    members: dict[str, Json] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in said.items()
    }
    _told(desk, desk.call("authorisations.amend", authorisation=authorisation, **members))


@command("suspend", 'authorisations suspend last --basis "Condition 4" --because "…" --as haddad')
@_WHICH
@_BASIS
@_WHY
def suspend(desk: Desk, *, authorisation: str, basis: str, reason: str) -> None:
    """Stop it at both ends; what is on its way is cut."""
    _based(desk, "suspend", authorisation, basis=basis, reason=reason)


@command("resume", 'authorisations resume last --basis "Condition 4" --because "…" --as haddad')
@_WHICH
@_BASIS
@_WHY
def resume(desk: Desk, *, authorisation: str, basis: str, reason: str) -> None:
    """Let it go on as it stood."""
    _based(desk, "resume", authorisation, basis=basis, reason=reason)


@command("revoke", 'authorisations revoke last --basis "Article 9" --because "…" --as haddad')
@_WHICH
@_BASIS
@_WHY
def revoke(desk: Desk, *, authorisation: str, basis: str, reason: str) -> None:
    """End it for good at both ends; what is on its way is cut."""
    _based(desk, "revoke", authorisation, basis=basis, reason=reason)


def _based(desk: Desk, step: str, authorisation: str, *, basis: str, reason: str) -> None:
    answer = desk.call(
        f"authorisations.{step}", authorisation=authorisation, basis=basis, reason=reason
    )
    _told(desk, answer)


@command("dispose", 'authorisations dispose last returned --report "By courier." --as lind')
@_WHICH
@click.argument("how", type=click.Choice(["returned", "destroyed"]))
@click.option("--report", required=True, help="What became of it.")
def dispose(desk: Desk, *, authorisation: str, how: str, report: str) -> None:
    """Say that what came was returned or destroyed, as the recipient."""
    answer = desk.call(
        "authorisations.dispose", authorisation=authorisation, how=how, report=report
    )
    _told(desk, answer)


@command("report", "authorisations report last --from 2027-01-01 --until 2027-03-31 --as haddad")
@_WHICH
@click.option("--from", "starts", required=True, metavar="DAY", help="The first day.")
@click.option("--until", "ends", required=True, metavar="DAY", help="The last day.")
@click.option("--last", is_flag=True, help="It is the last report: it closes it.")
@_WORDS
def report(
    desk: Desk, *, authorisation: str, starts: str, ends: str, last: bool, words: str
) -> None:
    """Report what our record counted since the last report; nil too.

    It counts once both sides have reported the same.
    """
    answer = desk.call(
        "authorisations.report",
        authorisation=authorisation,
        starts=starts,
        ends=ends,
        last=last,
        words=words,
    )
    _told(desk, answer)
