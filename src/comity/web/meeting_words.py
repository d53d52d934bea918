"""The words for bodies and meetings: states, steps, levels, kinds of outcomes."""

from collections.abc import Mapping

from comity.web.visit import Visit

Row = Mapping[str, object]


def state_of(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for how a meeting stands."""
    words = {
        "proposed": ("wait", visit._("proposed, not answered")),
        "countered": ("wait", visit._("another time proposed")),
        "confirmed": ("open", visit._("confirmed, agenda open")),
        "agenda_agreed": ("good", visit._("agenda agreed")),
        "in_session": ("half", visit._("in session")),
        "adjourned": ("half", visit._("adjourned")),
        "closed": ("wait", visit._("closed, no record yet")),
        "record_drafted": ("wait", visit._("record drafted")),
        "record_agreed": ("good", visit._("record agreed")),
        "postponed": ("wait", visit._("postponed")),
        "declined": ("closed", visit._("declined")),
        "cancelled": ("closed", visit._("cancelled")),
    }
    status = str(row["status"])
    return words.get(status, ("plain", status))


def body_state(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for how a body stands."""
    words = {
        "proposed": ("wait", visit._("proposed, not answered")),
        "established": ("good", visit._("established")),
        "declined": ("closed", visit._("declined")),
        "withdrawn": ("closed", visit._("withdrawn")),
        "wound_up": ("closed", visit._("wound up")),
    }
    status = str(row["status"])
    return words.get(status, ("plain", status))


def step_words(visit: Visit, step: object) -> str:
    """Return what was done to a meeting, without who did it."""
    words = {
        "propose": visit._("proposed it"),
        "counter": visit._("proposed another time or place"),
        "confirm": visit._("confirmed time and place"),
        "decline": visit._("declined it"),
        "postpone": visit._("postponed it"),
        "cancel": visit._("cancelled it"),
        "add": visit._("added an item to the agenda"),
        "consent": visit._("consented to an item"),
        "drop": visit._("dropped an item"),
        "agree": visit._("agreed to the agenda"),
        "attend": visit._("said who takes part"),
        "open": visit._("opened the meeting"),
        "outcome": visit._("wrote down an outcome"),
        "retract": visit._("took an outcome back"),
        "concur": visit._("concurred in an outcome"),
        "adjourn": visit._("adjourned the meeting"),
        "close": visit._("closed the meeting"),
        "draft": visit._("drafted the record"),
        "version": visit._("wrote an own text of an item"),
        "take": visit._("took the other side's text of an item"),
        "seal": visit._("agreed to the record"),
        "recall_agree": visit._("took back the word that agreed to the agenda"),
        "recall_open": visit._("took back the word that opened the meeting"),
        "recall_adjourn": visit._("took back the word that adjourned the meeting"),
        "recall_close": visit._("took back the word that closed the meeting"),
        "recall_seal": visit._("took back the word that agreed to the record"),
        "recall_consent": visit._("took the consent to an item back"),
    }
    return words.get(str(step), str(step))


def body_steps(visit: Visit, step: object) -> str:
    """Return what was done to a body, without who did it."""
    words = {
        "propose": visit._("proposed it"),
        "accept": visit._("accepted it: it is established"),
        "decline": visit._("declined it"),
        "withdraw": visit._("took the proposal back"),
        "appoint": visit._("named other people of their side"),
        "terms": visit._("named terms of reference for it"),
        "wind_up": visit._("wants to wind it up"),
    }
    return words.get(str(step), str(step))


def levels(visit: Visit) -> list[tuple[str, str]]:
    """Return the levels at which a body meets, as choices of a form."""
    return [
        ("leaders", visit._("leaders")),
        ("ministers", visit._("ministers")),
        ("senior_officials", visit._("senior officials")),
        ("group", visit._("standing group")),
        ("working_group", visit._("working group")),
        ("steering_committee", visit._("steering committee")),
    ]


def rhythms(visit: Visit) -> list[tuple[str, str]]:
    """Return how often a body means to meet, as choices of a form; each is a period."""
    return [
        ("", visit._("as needed")),
        ("P7D", visit._("every week")),
        ("P14D", visit._("every two weeks")),
        ("P1M", visit._("every month")),
        ("P2M", visit._("every 2 months")),
        ("P3M", visit._("every 3 months")),
        ("P4M", visit._("every 4 months")),
        ("P6M", visit._("every 6 months")),
        ("P1Y", visit._("every year")),
        ("P2Y", visit._("every 2 years")),
    ]


def modes(visit: Visit) -> list[tuple[str, str]]:
    """Return how parties meet, as choices of a form."""
    return [
        ("in_person", visit._("in person")),
        ("online", visit._("online")),
        ("correspondence", visit._("by correspondence")),
    ]


def kinds(visit: Visit) -> list[tuple[str, str]]:
    """Return the kinds of outcomes, as choices of a form."""
    return [
        ("information", visit._("information")),
        ("decision", visit._("decision")),
        ("commitment", visit._("commitment")),
        ("deferred", visit._("deferred")),
    ]


def notice(visit: Visit, step: str, *, status: str) -> str:
    """Return what is said after an act on a meeting, given where the meeting stands by it."""
    second = {
        ("agree", "agenda_agreed"): visit._("Both have said so: the agenda is agreed."),
        ("open", "in_session"): visit._("Both have said so: the meeting is open."),
        ("adjourn", "adjourned"): visit._("Both have said so: it is adjourned."),
        ("close", "closed"): visit._("Both have said so: it is closed."),
        ("seal", "record_agreed"): visit._("Both have said so: the record is agreed."),
    }
    if (step, status) in second:
        return second[step, status]
    said = {
        "counter": visit._("Proposed. It stands once they confirm exactly this."),
        "confirm": visit._("Confirmed. The agenda is open: both sides add to it."),
        "decline": visit._("Declined; they read why."),
        "postpone": visit._("Postponed. It waits for another time, from either side."),
        "cancel": visit._("Cancelled; they read why."),
        "add": visit._("On the agenda, as raised by us until they consent."),
        "consent": visit._("Both sides want this item now."),
        "drop": visit._("The item is gone."),
        "agree": visit._("Said. The agenda is agreed once both have said so."),
        "attend": visit._("Said who takes part for us."),
        "open": visit._("Said. The meeting is open once both have said so."),
        "outcome": visit._("Written down. It counts once they concur."),
        "retract": visit._("Taken back."),
        "concur": visit._("Both sides agree to this outcome."),
        "adjourn": visit._("Said. It is adjourned once both have said so."),
        "close": visit._("Said. It is closed once both have said so."),
        "draft": visit._("Drafted. They answer it item by item."),
        "version": visit._("Our text stands beside theirs."),
        "take": visit._("Their text of this item is agreed."),
        "seal": visit._("Said. The record is agreed once both have said so."),
        "recall": visit._("Taken back. Both sides see it."),
        "commit": visit._("Proposed as a commitment; it is owed only once they accept it."),
        "note": visit._("Kept. Nobody else is told."),
        "invite": visit._("The file for your calendar program is ready below."),
    }
    return said[step]
