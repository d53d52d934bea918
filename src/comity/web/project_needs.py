"""The words for what waits in joint projects: for us, for them, and for both.

Sentences hold no words of people; the title of the project stands beside them.
"""

from collections.abc import Mapping

from comity.web.negotiation_words import INSTRUMENT
from comity.web.visit import Visit


def project_sentences(visit: Visit, facts: Mapping[str, object]) -> dict[str, str]:
    """Return the sentences by code; ``.them`` and ``.both`` where it is not for us alone."""
    return {
        "project.answer": visit._("They propose a project: explore it, or decline it."),
        "project.answer.them": visit._("We propose a project; they have not answered."),
        "project.name": visit._("Sponsor and user on our side are not named."),
        "project.name.them": visit._("Sponsor and user on their side are not named."),
        "project.name.both": visit._("Sponsor and user are not named on either side."),
        "project.intend": visit._("They have signed the statement of intent; we have not."),
        "project.intend.them": visit._("We have signed the statement of intent; they have not."),
        "project.intend_anew": visit._(
            "A sponsor or user was changed after the intent was signed: each side signs it again."
        ),
        "project.intend.both": visit._("The statement of intent is to be signed by both."),
        "project.sheet": visit._("Our exportability sheet is due."),
        "project.sheet.them": visit._("Their exportability sheet is due."),
        "project.sheet.both": visit._("The exportability sheets of both sides are due."),
        "project.blocked": visit._("It stops here: an item of ours cannot be released."),
        "project.blocked.them": visit._("It stops here: an item of theirs cannot be released."),
        "project.blocked.both": visit._("It stops here: items of both sides cannot be released."),
        "project.arrange": visit._("Both sheets are in: the arrangement is to be named."),
        "project.draft": visit._("Both sheets are in: no text for an arrangement is tabled yet."),
        "project.text": _text(visit, facts),
        "project.plan": visit._("The arrangement is named: a plan is to be put up."),
        **_working(visit, facts),
        **_ending(visit),
    }


def _text(visit: Visit, facts: Mapping[str, object]) -> str:
    """Return how far the text is that may become the arrangement, or the furthest of several."""
    count = facts.get("texts")
    _, stage = INSTRUMENT.get(str(facts.get("status")), ("", ""))
    return visit.words.ngettext(
        "Its arrangement can be named once it is in force; the text under way: %(stage)s.",
        "Its arrangement can be named once it is in force; the furthest of %(texts)s texts under"
        " way: %(stage)s.",
        count if isinstance(count, int) else 1,
    ) % {"texts": count, "stage": visit._(stage) if stage else ""}


def _working(visit: Visit, facts: Mapping[str, object]) -> dict[str, str]:
    return {
        "project.agree_plan": visit._("They put up a plan: agree to it, or put up another."),
        "project.agree_plan.them": visit._("We put up a plan; they have not answered."),
        "project.approve": visit._("They have approved arrangement and plan; we have not."),
        "project.approve.them": visit._("We have approved arrangement and plan; they have not."),
        "project.approve_anew": visit._(
            "Both have approved, but not the same text of the arrangement: say it again."
        ),
        "project.approve.both": visit._("The plan is agreed: both are to approve the project."),
        "project.start": visit._("Both approved it for an earlier plan: the work can begin.")
        if facts.get("replanned")
        else visit._("It is approved by both: the work can begin."),
        "project.claim": visit._("The next milestone is ours to reach."),
        "project.claim.them": visit._("The next milestone is theirs to reach."),
        "project.claim.both": visit._("The next milestone is to be reached by both."),
        "project.overdue": visit._("This milestone is ours, overdue, and not claimed."),
        "project.overdue.them": visit._("This milestone is theirs, overdue, and not claimed."),
        "project.overdue.both": visit._("This milestone of both is overdue and not claimed."),
        "project.due": visit._("This milestone is ours and soon due."),
        "project.due.them": visit._("This milestone is theirs and soon due."),
        "project.due.both": visit._("This milestone of both is soon due."),
        "project.receive": visit._("They lent us something: say when it has arrived."),
        "project.receive.them": visit._("We lent them something; they have not said that it came."),
        "project.loan_due": visit._("What they lent us is due back soon."),
        "project.loan_due.them": visit._("What we lent them is due back soon."),
        "project.accept": visit._("They claim a milestone: accept the claim, or reject it."),
        "project.accept.them": visit._("We claim a milestone; they have not answered."),
        "project.confirm": visit._("They entered foreground: confirm it, if it is so."),
        "project.confirm.them": visit._("We entered foreground; they have not confirmed it."),
        "project.give_back": visit._("What they lent us is to be given back."),
        "project.give_back.them": visit._("What we lent them is to be given back."),
        "project.take_back": visit._("What we lent is on its way back: say when it is here."),
        "project.take_back.them": visit._("What they lent is on its way back to them."),
    }


def _ending(visit: Visit) -> dict[str, str]:
    return {
        "project.resume": visit._("They want to take the work up again; we have not said so."),
        "project.resume.them": visit._("We want to take the work up again; they have not said so."),
        "project.resume.both": visit._("The work is paused; it goes on once both say so."),
        "project.wind_up": visit._("They want to begin to close it; we have not said so."),
        "project.wind_up.them": visit._("We want to begin to close it; they have not said so."),
        "project.wind_up.both": visit._(
            "All milestones are reached: it can be brought to its end."
        ),
        "project.close": visit._("They have closed it for their part; we have not."),
        "project.close.them": visit._("We have closed it for our part; they have not."),
        "project.close.both": visit._(
            "No loan, claim or foreground is open any more: both are to close it."
        ),
        "project.close_anew": visit._(
            "It is closed once both say the same of the register as it stands: say it again."
        ),
        "project.hand_over": visit._("They hand the result over; we have not said the same."),
        "project.hand_over.them": visit._("We hand the result over; they have not said the same."),
        "project.hand_over_anew": visit._(
            "Both hand it over, but not to the same, or the register has changed: say it again."
        ),
        "project.abandon": visit._("They want to abandon it; we have not said the same."),
        "project.abandon.them": visit._("We want to abandon it; they have not said the same."),
        "project.leave": visit._("The day of our notice has come: leaving is a second act."),
        "project.leave.them": visit._("The day of their notice has come; they have not left yet."),
        "project.notice": visit._("We gave notice that we leave it; its day lies ahead."),
        "project.notice.them": visit._("They gave notice that they leave it; its day lies ahead."),
    }


def project_nothing(visit: Visit, code: str) -> str:
    """Return what happens to a project if nobody acts; empty for other codes."""
    waits = visit._("Nothing by itself; the project stays where it is.")
    lent = visit._("Nothing by itself; what is lent stays on the list until it is back.")
    words = {
        "project.answer": visit._("Nothing by itself; both sides see how long it waits."),
        "project.receive": lent,
        "project.give_back": lent,
        "project.take_back": lent,
        "project.abandon": visit._("Nothing by itself; the project goes on."),
        "project.leave": visit._("Nothing by itself; whoever gave notice is still part of it."),
        "project.notice": visit._("Nothing by itself; when the day comes, leaving is an act."),
    }
    return words.get(code, waits if code.startswith("project.") else "")
