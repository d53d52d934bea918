"""The words for controlled items and authorisations: states, steps, checks."""

from collections.abc import Mapping

from comity.web.visit import Visit

Row = Mapping[str, object]


def state_of(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for how an authorisation stands."""
    words = {
        "requested": ("wait", visit._("asked for")),
        "withdrawn": ("closed", visit._("taken back")),
        "in_review": ("wait", visit._("with the licensing authority")),
        "returned": ("wait", visit._("sent back")),
        "denied": ("bad", visit._("denied")),
        "declined": ("bad", visit._("declined by the recipient")),
        "approved": ("half", visit._("approved, not assured yet")),
        "approved_with_provisos": ("half", visit._("approved with provisos, not assured yet")),
        "active": ("good", visit._("active")),
        "waits_for_provisos": ("half", visit._("assured, provisos not accepted yet")),
        "basis_stopped": ("bad", visit._("stopped: what it stands on is not in force")),
        "not_begun": ("wait", visit._("not begun yet")),
        "expired": ("closed", visit._("expired")),
        "exhausted": ("closed", visit._("used up")),
        "suspended": ("bad", visit._("suspended")),
        "revoked": ("bad", visit._("revoked")),
        "reconciled": ("closed", visit._("closed, both reported the same")),
    }
    status = str(row["status"])
    return words.get(status, ("plain", status))


def flags(visit: Visit, row: Row) -> list[tuple[str, str]]:
    """Return what else there is to know of how it stands: badges and words."""
    made = []
    if row["return_due"]:
        made.append(("bad", visit._("return due")))
    if row["amendment"]:
        made.append(("wait", visit._("amendment asked for")))
    if row["totals_said_by"] == "both":
        made.append(("wait", visit._("the totals of the two differ")))
    return made


def step_words(visit: Visit, step: object) -> str:
    """Return what was done to an authorisation, without who did it."""
    words = {
        "request": visit._("asked for it"),
        "withdraw": visit._("took the request back"),
        "review": visit._("said which authority has it"),
        "approve": visit._("entered the decision for it"),
        "deny": visit._("entered the decision against it"),
        "return": visit._("entered that it came back"),
        "assure": visit._("gave the assurance"),
        "accept": visit._("accepted the provisos"),
        "decline": visit._("declined the decision"),
        "use": visit._("counted a transfer that left"),
        "receive": visit._("counted a transfer that came"),
        "suspend": visit._("suspended it"),
        "resume": visit._("let it go on"),
        "amend": visit._("asked for an amendment"),
        "amend_withdraw": visit._("took the amendment back"),
        "amend_approve": visit._("entered the decision for the amendment"),
        "amend_deny": visit._("entered the decision against the amendment"),
        "revoke": visit._("revoked it"),
        "dispose": visit._("said what became of what came"),
        "report": visit._("reported the totals"),
    }
    return words.get(str(step), str(step))


def notice(visit: Visit, step: str, made: Row) -> str:
    """Return what was done and what it came to, said to who did it."""
    reported = {
        "us": visit._("Reported. It counts once both have reported the same."),
        "both": visit._(
            "Reported. They reported otherwise: it counts once both have reported the same."
        ),
    }
    words = {
        "withdraw": visit._("The request is taken back."),
        "review": visit._("Entered. The decision is the authority's."),
        "approve": visit._(
            "Entered. Nothing crosses before the recipient has given the assurance."
        ),
        "deny": visit._("Entered; they read why."),
        "return": visit._("Entered; they read why."),
        "assure": visit._("The assurance is given."),
        "accept": visit._("The provisos are accepted."),
        "decline": visit._("Declined; they read why."),
        "suspend": visit._("Suspended. Nothing crosses under it at either end."),
        "resume": visit._("It goes on as it stood."),
        "amend": visit._("Asked for. Until it is decided the authorisation stands as it is."),
        "amend_withdraw": visit._("The amendment is taken back; theirs waits again.")
        if made["amendment"]
        else visit._("The amendment is taken back. It stands as it was."),
        "amend_approve": visit._(
            "Entered. Nothing crosses before the recipient has given the assurance anew."
        ),
        "amend_deny": visit._("Entered; they read why. It stands as it was."),
        "revoke": visit._("Revoked. Nothing crosses under it any more."),
        "dispose": visit._("Said; they can read it."),
        "report": reported.get(
            str(made["totals_said_by"]), visit._("Reported. Both have said the same: it counts.")
        ),
    }
    return words.get(step, visit._("Done."))
