"""What needs somebody as sentences, each with the command to type: what ``comity status`` prints.

One sentence per code of ``needs``; which matters there are is decided there alone.
"""

import shlex
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from comity.api.operations import BY_NAME
from comity.foundation.canonical import Json, JsonObject
from comity.node.needs import Need

_ORDER: Final = {"trouble": 0, "us": 1, "them": 2, "both": 2}


def waiting(needs: Iterable[Need]) -> list[Json]:
    """Return what needs somebody as sentences: what is in trouble, then us, then them."""
    rows = sorted(needs, key=lambda one: _ORDER[one.who])
    return [_sentence(one) for one in rows]


def _sentence(need: Need) -> JsonObject:
    what, act = _SENTENCES[need.code](need)
    return {"who": need.who, "what": what, "act": act}


def _request(need: Need) -> tuple[str, str]:
    return (
        (
            f"«{need.title}» waits for the signature of {' and '.join(need.persons)},"
            f" since {need.since}."
        ),
        f"comity requests show {need.id}",
    )


def _frozen(need: Need) -> tuple[str, str]:
    return f"Frozen for new acts with {need.counterpart}: {need.facts['reason']}", "officials"


def _not_accepted(need: Need) -> tuple[str, str]:
    return f"{need.counterpart} has not accepted our letter yet.", "wait"


def _unreachable(need: Need) -> tuple[str, str]:
    facts = need.facts
    return (
        (
            f"Nothing gets through to {need.counterpart} since {need.since}"
            f" ({facts['attempts']} attempts): {facts['message']} [{facts['code']}]"
        ),
        "engineer",
    )


def _talk(need: Need) -> tuple[str, str]:
    who = "we" if need.who == "us" else need.counterpart
    return (
        f"«{need.title}» is tabled; {who} must say whether to talk about it.",
        f"comity agreement talk {_short(need.id)}",
    )


def _turn(need: Need) -> tuple[str, str]:
    ours = need.who == "us"
    return (
        f"«{need.title}»: {_some(need.facts)} wait for {'us' if ours else need.counterpart}.",
        f"comity agreement show {_short(need.id)}" if ours else "wait",
    )


def _confirm(need: Need) -> tuple[str, str]:
    ours = need.who == "us"
    whose = f"it waits for confirmation by {'us' if ours else need.counterpart}"
    return (
        f"«{need.title}»: {_some(need.facts)} accepted ad referendum; {whose}.",
        f"comity agreement confirm {_short(need.id)} all" if ours else "wait",
    )


def _statement(act: str, done: str) -> Callable[[Need], tuple[str, str]]:
    def say(need: Need) -> tuple[str, str]:
        return f"«{need.title}» is to be {done}.", f"comity agreement {act} {_short(need.id)}"

    return say


def _propose(need: Need) -> tuple[str, str]:
    return (
        f"«{need.title}» is initialled; a signing window is to be proposed.",
        f"comity agreement window {_short(need.id)}",
    )


def _ready(need: Need) -> tuple[str, str]:
    return (
        f"«{need.title}»: a signing window until {need.until} is proposed and to be agreed.",
        f"comity agreement ready {_short(need.id)}",
    )


def _sign(need: Need) -> tuple[str, str]:
    return (
        (
            f"«{need.title}» waits for the signature of {' and '.join(need.persons)}"
            f" until {need.until}."
        ),
        f"comity agreement sign {_short(need.id)}",
    )


def _suspension(need: Need) -> tuple[str, str]:
    what = "the whole" if need.facts["whole"] else _some(need.facts)
    by = "us" if need.who == "us" else need.counterpart
    return (
        f"«{need.title}»: {what} suspended by {by}.",
        f"comity agreement resume {_short(need.id)}",
    )


def _review(need: Need) -> tuple[str, str]:
    return f"«{need.title}»: a review is due at {need.until}.", "agree on it"


def _term(need: Need) -> tuple[str, str]:
    return f"«{need.title}»: its term ends at {need.until}.", "agree on what follows"


def _release(need: Need) -> tuple[str, str]:
    what = f"«{need.title}» waits for the release officer's decision for {need.counterpart}"
    item = _short(str(need.facts["item"]))
    return f"{what}, since {need.since}.", f'comity share release {item} --to "{need.counterpart}"'


def _held(need: Need) -> tuple[str, str]:
    return f"{need.counterpart}: {need.facts['why']}", "desk officer"


def _connector(need: Need) -> tuple[str, str]:
    facts = need.facts
    what = f"{need.counterpart}: the {facts['family']} about «{need.title}» is {facts['state']}"
    return (
        f"{what} and waits for a person of ours, since {need.since}.",
        f"comity exchanges show {_short(need.id)}",
    )


def _proposed(need: Need) -> tuple[str, str]:
    waits = f"waits for another person since {need.since}; it lapses at {need.until}."
    return (
        f"The registration of {need.title}, which {need.facts['by']} proposed, {waits}",
        "comity connectors proposals",
    )


def _no_connector(need: Need) -> tuple[str, str]:
    facts = need.facts
    return (
        (
            f"Nothing gets through to the connector {need.counterpart} since {need.since}"
            f" ({facts['attempts']} attempts): {facts['message']}"
        ),
        f"comity connectors show {shlex.quote(need.id)}",
    )


def _approval(need: Need) -> tuple[str, str]:
    what = BY_NAME[str(need.facts["operation"])].summary.partition(";")[0]
    able = " or ".join(need.persons)
    said = f"{what} ({need.title}) waits for the approval of {able} until {need.until}."
    return said, "approve on the site"


def _draft(need: Need) -> tuple[str, str]:
    return f"The draft «{need.title}» is not tabled yet.", "table"


def _commitment(what: str, act: str) -> Callable[[Need], tuple[str, str]]:
    def say(need: Need) -> tuple[str, str]:
        who = "both" if need.facts["both"] else "us" if need.who == "us" else need.counterpart
        said = f"The commitment «{need.title}» {what} (due {need.until}); it waits for {who}."
        ours = need.who == "us" or need.facts["both"]
        return said, f"comity commitments {act} {_short(need.id)}" if ours else "wait"

    return say


def _told(what: str) -> Callable[[Need], tuple[str, str]]:
    def say(need: Need) -> tuple[str, str]:
        place = "bodies" if need.kind == "body" else f"{need.kind}s"
        said = f"{need.counterpart} {what} the {need.kind} «{need.title}»."
        return said, f"comity {place} show {_short(need.id)}"

    return say


def _replanned(need: Need) -> tuple[str, str]:
    said = f"The plan of «{need.title}» with {need.counterpart} changed after both approved it."
    return said, f"comity projects show {_short(need.id)}"


def _thing(family: str, what: str, command: str) -> Callable[[Need], tuple[str, str]]:
    def say(need: Need) -> tuple[str, str]:
        who = "both" if need.facts["both"] else "us" if need.who == "us" else need.counterpart
        ours = need.who == "us" or need.facts["both"]
        by = f" (by {need.until})" if need.until is not None else ""
        said = f"The {family} «{need.title}» {what}{by}; it waits for {who}."
        return said, f"comity {command} {_short(need.id)}" if ours else "wait"

    return say


_PROJECTS: Final = {
    f"project.{step}": _thing("project", what, "projects show")
    for step, what in (
        ("answer", "is proposed"),
        ("name", "has no sponsor and user on one side"),
        ("intend", "has a statement of intent to sign"),
        ("sheet", "has an exportability sheet to be entered"),
        ("blocked", "stops at an item that cannot be released"),
        ("arrange", "has no arrangement named"),
        ("draft", "needs an arrangement, and no text for one is tabled"),
        ("text", "waits for a text under way that may become its arrangement"),
        ("plan", "has no plan"),
        ("agree_plan", "has a plan to be answered"),
        ("approve", "is to be approved"),
        ("start", "is approved and can begin"),
        ("claim", "has a milestone to be reached"),
        ("overdue", "has a milestone that is overdue"),
        ("due", "has a milestone that is due soon"),
        ("receive", "has a loan on its way to its borrower"),
        ("loan_due", "has a loan that is due back soon"),
        ("accept", "has a claimed milestone to be answered"),
        ("confirm", "has foreground to be confirmed"),
        ("resume", "is paused and can be taken up again"),
        ("wind_up", "can be brought to its close"),
        ("give_back", "has a loan to be given back"),
        ("take_back", "has a loan on its way back"),
        ("close", "is to be closed"),
        ("hand_over", "has its result handed over by one side"),
        ("intend_anew", "has an intent that both have to say again"),
        ("approve_anew", "has an approval that both have to say again"),
        ("close_anew", "has a close that both have to say again"),
        ("hand_over_anew", "has a hand-over that both have to say again"),
        ("abandon", "is to be abandoned, as one side says"),
        ("leave", "has a notice whose day has come"),
        ("notice", "has a notice to leave that names a day"),
    )
}

_SENTENCES: Final[Mapping[str, Callable[[Need], tuple[str, str]]]] = {
    "request.sign": _request,
    "relationship.frozen": _frozen,
    "relationship.not_accepted": _not_accepted,
    "relationship.unreachable": _unreachable,
    "text.talk": _talk,
    "text.turn": _turn,
    "text.confirm": _confirm,
    "text.adopt": _statement("adopt", "adopted"),
    "text.initial": _statement("initial", "initialled"),
    "window.propose": _propose,
    "window.ready": _ready,
    "window.sign": _sign,
    "suspension.standing": _suspension,
    "body.answer": _thing("body", "is proposed", "bodies show"),
    "body.terms": _thing("body", "has terms of reference that one side named", "bodies show"),
    "meeting.answer": _thing("meeting", "has a time that waits for an answer", "meetings show"),
    "meeting.again": _thing(
        "meeting", "has an agenda that was changed after somebody agreed to it", "meetings show"
    ),
    "meeting.agree": _thing("meeting", "has an agenda that one side agreed to", "meetings show"),
    "meeting.open": _thing("meeting", "is opened by one side", "meetings show"),
    "meeting.concur": _thing("meeting", "has outcomes of one side alone", "meetings show"),
    "meeting.close": _thing("meeting", "is closed or adjourned by one side", "meetings show"),
    "meeting.record": _thing("meeting", "has no agreed record yet", "meetings show"),
    "meeting.time": _thing("meeting", "is postponed and has no other time", "meetings show"),
    "meeting.agenda": _thing("meeting", "is near and has no agreed agenda", "meetings show"),
    "meeting.begin": _thing("meeting", "is not open though its time has come", "meetings show"),
    "meeting.conclude": _thing("meeting", "is in session, to be closed by both", "meetings show"),
    "meeting.resume": _thing("meeting", "is adjourned, to be opened or closed", "meetings show"),
    "meeting.commit": _thing("meeting", "has a commitment to be proposed", "meetings show"),
    "statement.draft": _thing("statement", "has no text on the table", "statements show"),
    "statement.text": _thing("statement", "has no agreed text", "statements show"),
    "statement.mark": _thing("statement", "has sentences to be marked", "statements show"),
    "statement.text_differs": _thing(
        "statement", "has texts on which the two sides differ", "statements show"
    ),
    "statement.mark_differs": _thing(
        "statement", "has sentences that the two sides mark otherwise", "statements show"
    ),
    "statement.order_differs": _thing(
        "statement", "has two orders of its release that differ", "statements show"
    ),
    "statement.clear": _thing("statement", "is to be cleared", "statements show"),
    "statement.order": _thing("statement", "is to be released at a time", "statements show"),
    "statement.release": _thing("statement", "is due for release", "statements show"),
    "statement.correct": _thing("statement", "has an erratum to answer", "statements show"),
    "authorisation.decide": _thing("authorisation", "is to be decided", "authorisations show"),
    "authorisation.returned": _thing(
        "authorisation", "came back from the authority", "authorisations show"
    ),
    "authorisation.declined": _thing(
        "authorisation", "was declined by its recipient", "authorisations show"
    ),
    "authorisation.amend": _thing(
        "authorisation", "has an amendment to be decided", "authorisations show"
    ),
    "authorisation.assure": _thing("authorisation", "is to be assured", "authorisations show"),
    "authorisation.accept": _thing(
        "authorisation", "has provisos to be accepted", "authorisations show"
    ),
    "authorisation.assure_anew": _thing(
        "authorisation", "is amended and is to be assured anew", "authorisations show"
    ),
    "authorisation.suspended": _thing("authorisation", "is suspended", "authorisations show"),
    "authorisation.revoked": _thing(
        "authorisation", "is revoked, and what came is still there", "authorisations show"
    ),
    "authorisation.report": _thing(
        "authorisation", "has totals that one side alone reported", "authorisations show"
    ),
    "authorisation.totals": _thing(
        "authorisation", "has totals in which the two differ", "authorisations show"
    ),
    "retransfer.answer": _thing("retransfer", "is to be answered", "retransfers show"),
    "retransfer.returned": _thing(
        "retransfer", "was sent back and can be asked again", "retransfers show"
    ),
    "endcheck.arrange": _thing("endcheck", "has no time that both named", "endchecks show"),
    "endcheck.agree": _thing("endcheck", "has a time that one side named", "endchecks show"),
    "endcheck.report": _thing("endcheck", "was to be made and is to be reported", "endchecks show"),
    "endcheck.conclude": _thing("endcheck", "was made and is to be concluded", "endchecks show"),
    **_PROJECTS,
    "commitment.answer": _commitment("is proposed", "accept"),
    "commitment.acknowledge": _commitment("is claimed as fulfilled", "acknowledge"),
    "commitment.redate": _commitment("is to be due on another day", "redate"),
    "commitment.disputed": _commitment("has a disputed claim", "show"),
    "commitment.fail": _commitment("was not kept, as one side finds", "fail"),
    "commitment.release": _commitment("is to be released, as one side says", "release"),
    "commitment.overdue": _commitment("is overdue", "claim"),
    "commitment.due": _commitment("comes due", "claim"),
    "review.due": _review,
    "term.ends": _term,
    "release.decide": _release,
    "transfer.held": _held,
    "connector.decide": _connector,
    "connector.confirm": _proposed,
    "connector.unreachable": _no_connector,
    "approval.decide": _approval,
    "draft.untabled": _draft,
    "told.declined": _told("declined"),
    "told.withdrawn": _told("took back"),
    "told.accepted": _told("accepted the claim of a milestone in"),
    "told.rejected": _told("rejected the claim of a milestone in"),
    "told.recalled": _told("took back what it had said on"),
    "told.replanned": _replanned,
    "told.struck": _told("struck an item from the register of"),
    "told.ended": _told("ended, by its word or leaving,"),
    "told.owed": _told("accepted"),
    "told.kept": _told("acknowledged as kept"),
    "told.kept_late": _told("acknowledged as kept late"),
    "told.partly_kept": _told("acknowledged as partly kept"),
    "told.not_kept": _told("found, as we did, not kept"),
    "told.let_off": _told("released, by its last word,"),
    "told.body": _told("accepted"),
    "told.confirmed": _told("confirmed"),
    "told.off": _told("declined or cancelled"),
    "told.postponed": _told("postponed"),
    "told.text": _told("agreed to the texts of"),
    "told.pulled": _told("pulled"),
    "told.readout": _told("published a read-out of"),
    "told.denied": _told("decided against"),
    "told.amend_denied": _told("decided against the amendment of"),
    "told.amend_unasked": _told("took back the amendment it had asked for of"),
    "told.amend_replaced": _told("asked for an amendment in place of ours of"),
    "told.amend_restored": _told("took its amendment back, so that ours waits again, of"),
    "told.unasked": _told("took its request back for"),
    "told.case": _told("took its request back, so recall the case at the authority, for"),
    "told.used_up": _told("received all that may cross under"),
    "told.check_off": _told("took back"),
    "told.active": _told("made active, by its assurance,"),
    "told.released": _told("released an item to us under"),
    "told.sent": _told("sent an item under"),
    "told.came": _told("sent an item, which came, under"),
    "told.disposed": _told("said what became of what came under"),
    "told.settled": _told("reported the same totals as we did of"),
    "told.resumed": _told("let go on"),
    "told.revoked": _told("revoked"),
    "told.consented": _told("consented to"),
    "told.refused": _told("refused"),
    "told.arranged": _told("agreed to the time and place of"),
    "told.concluded": _told("said what came of"),
}


def _short(name: str) -> str:
    """Return the beginning of an id, which commands take for the whole."""
    return name.removeprefix("urn:uuid:")[:8]


def _some(facts: JsonObject) -> str:
    labels, units = facts["labels"], facts["units"]
    assert isinstance(labels, list)
    assert isinstance(units, int)
    more = f" and {units - len(labels)} more" if units > len(labels) else ""
    return ", ".join(str(label) for label in labels) + more
