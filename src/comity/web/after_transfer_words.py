"""The words for what follows a transfer: consent to pass on, and end-use checks."""

from collections.abc import Mapping

from comity.web.visit import Visit

Row = Mapping[str, object]


def consent_state(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for how a request for consent stands."""
    words = {
        "requested": ("wait", visit._("asked, not answered")),
        "withdrawn": ("closed", visit._("taken back")),
        "granted": ("good", visit._("consented")),
        "granted_with_provisos": ("good", visit._("consented, with provisos")),
        "refused": ("bad", visit._("refused")),
        "returned": ("wait", visit._("sent back for more")),
        "used": ("half", visit._("passed on, as they report")),
        "closed": ("closed", visit._("closed")),
    }
    status = str(row["status"])
    if status == "used" and row["asked_by"] == "us":
        return "half", visit._("passed on, as we report")
    return words.get(status, ("plain", status))


def consent_steps(visit: Visit, step: object) -> str:
    """Return what was done to a request for consent, without who did it."""
    words = {
        "request": visit._("asked to pass it on"),
        "withdraw": visit._("took the question back"),
        "again": visit._("asked again"),
        "grant": visit._("gave consent"),
        "refuse": visit._("refused consent"),
        "return": visit._("sent it back for more"),
        "use": visit._("reported that it went on"),
        "close": visit._("closed it"),
    }
    return words.get(str(step), str(step))


def consent_notice(visit: Visit, step: str) -> str:
    """Return what was done to a request for consent, said to who did it."""
    words = {
        "withdraw": visit._("The question is taken back; it does not go on."),
        "again": visit._("Asked again. It does not go on before they consent."),
        "grant": visit._("Consented. It may go on, under exactly these provisos."),
        "refuse": visit._("Refused; they read why. It does not go on."),
        "return": visit._("Sent back; they read why."),
        "use": visit._("Reported; they can read it."),
        "close": visit._("Closed; both sides see why."),
    }
    return words[step]


def check_state(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for how an end-use check stands."""
    words = {
        "requested": ("wait", visit._("asked for, no time yet")),
        "withdrawn": ("closed", visit._("taken back")),
        "arranged": ("open", visit._("arranged")),
        "done": ("half", visit._("done, not concluded")),
        "favourable": ("good", visit._("as was assured")),
        "unfavourable": ("bad", visit._("not as was assured")),
        "inconclusive": ("wait", visit._("inconclusive")),
        "follow_up": ("half", visit._("something is still to be done")),
    }
    status = str(row["status"])
    return words.get(status, ("plain", status))


def check_steps(visit: Visit, step: object) -> str:
    """Return what was done to an end-use check, without who did it."""
    words = {
        "request": visit._("asked for it"),
        "withdraw": visit._("took it back"),
        "arrange": visit._("named a time and place"),
        "done": visit._("reported what was seen"),
        "conclude": visit._("said what it comes to"),
        "follow_up": visit._("said what is still to be done"),
        **dict(results(visit)),
    }
    return words.get(str(step), str(step))


def check_notice(visit: Visit, step: str, made: Row) -> str:
    """Return what was done to an end-use check and what it came to, said to who did it."""
    if step == "arrange" and not made["asked"]:
        return visit._("Agreed: time and place stand, both have named the same.")
    words = {
        "withdraw": visit._("The check is taken back."),
        "arrange": visit._("Said. Time and place count once both have named the same."),
        "done": visit._("Reported. What it comes to is still to be said."),
        "conclude": visit._("Said what it comes to; both sides see it."),
        "follow_up": visit._("Said; they can read it."),
    }
    return words[step]


def results(visit: Visit) -> list[tuple[str, str]]:
    """Return what a check may come to, as choices of a form."""
    return [
        ("favourable", visit._("as was assured")),
        ("unfavourable", visit._("not as was assured")),
        ("inconclusive", visit._("inconclusive")),
    ]
