"""How it stands between the two: clock, measures, open matters, what happened; equal at both."""

from typing import Final

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text
from comity.cli.words import short, size, table, when
from comity.foundation.canonical import JsonObject

_WHO: Final = click.argument("counterpart", metavar="COUNTERPART", required=False)
_DAY_S: Final = 86_400
#: What is open between the two, by code.
MATTERS: Final = {
    "text.talk": "whether to talk about the text",
    "text.turn": "an answer to units of the text",
    "text.confirm": "the confirmation of what was accepted ad referendum",
    "text.adopt": "adoption of the clean text",
    "text.initial": "initials under the adopted text",
    "window.propose": "a signing window",
    "window.ready": "an answer to the proposed signing window",
    "window.sign": "a signature in the open window",
    "suspension.standing": "a suspension that stands",
    "commitment.answer": "an answer to the proposed commitment",
    "commitment.acknowledge": "what its claim comes to",
    "commitment.redate": "an answer to another due date",
    "commitment.disputed": "a disputed claim",
    "commitment.fail": "the second word on whether it was kept",
    "commitment.release": "the second word for releasing it",
    "commitment.overdue": "overdue",
    "commitment.due": "due soon",
    "body.answer": "an answer to the proposed body",
    "body.terms": "the second word for its terms of reference",
    "meeting.answer": "an answer to its time",
    "meeting.again": "a word for its changed agenda",
    "meeting.agree": "the second word for its agenda",
    "meeting.open": "the second word for opening it",
    "meeting.concur": "a word on what came of it",
    "meeting.close": "the second word for closing it",
    "meeting.record": "its record",
    "meeting.time": "another time for it",
    "meeting.agenda": "its agenda",
    "meeting.begin": "its opening",
    "meeting.conclude": "its close",
    "meeting.resume": "its going on, or its close",
    "meeting.commit": "the proposal of a commitment agreed in it",
    "statement.draft": "a text for a joint statement",
    "statement.text": "agreement on its text",
    "statement.mark": "the marks of its sentences",
    "statement.text_differs": "the same word of both on its text",
    "statement.mark_differs": "the same word of both on its marks",
    "statement.order_differs": "the same word of both on its release",
    "statement.clear": "clearance by press and legal people",
    "statement.order": "the order of its release",
    "statement.release": "its release",
    "statement.correct": "an answer about an erratum",
    "retransfer.answer": "an answer to a question about passing on",
    "retransfer.returned": "a question about passing on that came back",
    "endcheck.arrange": "a time and place for an end-use check",
    "endcheck.agree": "agreement on the time and place of an end-use check",
    "endcheck.report": "a report on an end-use check",
    "endcheck.conclude": "what an end-use check comes to",
    "project.answer": "an answer to the proposed project",
    "project.name": "sponsor and user of a project",
    "project.intend": "a statement of intent",
    "project.sheet": "an exportability sheet",
    "project.blocked": "an item of a project that cannot be released",
    "project.arrange": "the arrangement of a project",
    "project.draft": "a text for the arrangement of a project",
    "project.text": "the text that may become the arrangement of a project",
    "project.plan": "a plan for a project",
    "project.agree_plan": "an answer to a plan",
    "project.approve": "the approval of a project",
    "project.start": "the beginning of a project's work",
    "project.claim": "the next milestone of a project",
    "project.overdue": "an overdue milestone of a project",
    "project.accept": "an answer to the claim of a milestone",
    "project.confirm": "the confirmation of foreground",
    "project.resume": "a paused project",
    "project.wind_up": "the close of a project's work",
    "project.due": "a milestone of a project that is soon due",
    "project.receive": "a word that a loan has arrived",
    "project.loan_due": "a loan of a project that is soon due back",
    "project.give_back": "the return of a loan",
    "project.take_back": "a word that a loan is back",
    "project.close": "the closing of a project",
    "project.hand_over": "the handing over of a result",
    "project.intend_anew": "a statement of intent to be signed again",
    "project.approve_anew": "an approval to be said again",
    "project.close_anew": "a closing to be said again",
    "project.hand_over_anew": "a hand-over to be said again",
    "project.abandon": "an answer about abandoning a project",
    "project.leave": "leaving a project after notice",
    "project.notice": "a notice to leave a project",
    "authorisation.decide": "the decision on a controlled item",
    "authorisation.returned": "a request that the authority sent back",
    "authorisation.declined": "another decision after one that was declined",
    "authorisation.amend": "the decision on an amendment of an authorisation",
    "authorisation.assure": "the assurance of the recipient",
    "authorisation.accept": "the acceptance of provisos by the recipient",
    "authorisation.assure_anew": "the assurance of the recipient after an amendment",
    "authorisation.suspended": "an authorisation that is suspended",
    "authorisation.revoked": "what became of items after a revocation",
    "authorisation.report": "a report of totals that the other side has given",
    "authorisation.totals": "totals in which the two differ",
    "review.due": "a review that is due",
    "term.ends": "the end of the term",
}


@command("show", "relationship show", 'relationship show "Ministry B"')
@_WHO
def show(desk: Desk, *, counterpart: str | None) -> None:
    """Show how it stands: instruments, measures of both directions, what is open.

    The digest is the same at both nodes when both show the same; read it out to compare.
    """
    answer = desk.call("relationship", counterpart=desk.counterpart(counterpart))
    names = {text(row, "party"): text(row, "name") for row in rows(answer, "parties")}
    lines = [
        f"{text(answer, 'own_name')} and {text(answer, 'name')}, at {when(text(answer, 'at'))}",
        f"  digest {short(text(answer, 'digest'))}",
        "",
    ]
    lines += [
        f"  «{text(row, 'title')}»: {text(row, 'status').replace('_', ' ')}"
        for row in rows(answer, "instruments")
    ]
    lines += ["", "Measures, each with its denominator:"]
    lines += table(
        [
            [text(measure, "measure").replace("_", " "), _about(line, names), _value(measure, line)]
            for measure in rows(answer, "measures")
            for line in rows(measure, "lines")
        ]
    )
    open_ = [
        f"  «{text(row, 'title')}»: {MATTERS.get(text(row, 'code'), text(row, 'code'))}"
        + (f", until {when(text(row, 'until'))}" if text(row, "until") else "")
        for row in rows(answer, "matters")
    ]
    desk.show(answer, *lines, "", *(["Open:", *open_] if open_ else ["Nothing is open."]))


def _about(line: JsonObject, names: dict[str, str]) -> str:
    whose = names.get(text(line, "party"), "")
    subject = text(line, "name") or text(line, "subject").rpartition(" ")[2].replace("_", " ")
    return ", ".join(each for each in (whose, subject) if each)


def _value(measure: JsonObject, line: JsonObject) -> str:
    if line.get("value") is None:
        return "nothing yet"
    unit = text(measure, "unit")
    value = text(line, "value")
    if unit == "seconds":
        value = f"{number(line, 'value') / _DAY_S:.1f} days"
    elif unit == "bytes":
        value = size(number(line, "value"))
    return value if line.get("of") is None else f"{value} of {number(line, 'of')}"


@command("timeline", "relationship timeline --newest")
@_WHO
@click.option("--newest", is_flag=True, help="The newest first.")
@click.option(
    "--group",
    default="",
    type=click.Choice(
        [
            *("", "introduction", "negotiation", "conclusion", "life", "sharing"),
            *("coordination", "technology"),
        ]
    ),
    help="Only what belongs to one group.",
)
@click.option("--since", default="", help="Not before this day, as 2026-11-30.")
@click.option("--until", default="", help="Not after this day.")
@click.option("--zone", default="UTC", show_default=True, help="The zone of the days.")
def timeline(
    desk: Desk,
    *,
    counterpart: str | None,
    newest: bool,
    group: str,
    since: str,
    until: str,
    zone: str,
) -> None:
    """Show everything public that happened between the two."""
    answer = desk.call(
        "relationship.timeline",
        counterpart=desk.counterpart(counterpart),
        newest_first=newest,
        group=group,
        since=since,
        until=until,
        zone=zone,
    )
    lines = [
        [
            when(text(row, "at")) if text(row, "at") else "not held by both yet",
            {"ours": "we", "theirs": "they"}.get(text(row, "log"), "by computation"),
            text(row, "code").replace("_", " "),
            _told(one(row, "facts")) or text(row, "title"),
        ]
        for row in rows(answer, "happenings")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["Nothing has happened yet."]))


def _told(facts: JsonObject) -> str:
    """Return what a happening is about, and which part of it."""
    return ": ".join(each for each in (text(facts, "title"), text(facts, "part")) if each)
