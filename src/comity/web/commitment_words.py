"""The words for commitments: states, steps, who owes what."""

from collections.abc import Mapping

from comity.web.visit import Visit

Row = Mapping[str, object]


def state_of(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for how a commitment stands."""
    words = {
        "proposed": ("wait", visit._("proposed, not answered")),
        "declined": ("closed", visit._("declined")),
        "withdrawn": ("closed", visit._("withdrawn")),
        "open": ("open", visit._("owed")),
        "in_progress": ("half", visit._("in progress")),
        "claimed": ("wait", visit._("claimed as fulfilled")),
        "disputed": ("bad", visit._("claim disputed")),
        "kept": ("good", visit._("kept")),
        "kept_late": ("good", visit._("kept late")),
        "partly_kept": ("half", visit._("partly kept")),
        "not_kept": ("bad", visit._("not kept")),
        "released": ("closed", visit._("released")),
        "void": ("closed", visit._("void: its agreement has ended")),
    }
    status = str(row["status"])
    return words.get(status, ("plain", status))


def whom(visit: Visit, party: object) -> str:
    """Return who a party is: us, them, or both together."""
    words = {"us": visit._("we"), "them": visit._("they"), "both": visit._("both together")}
    return words.get(str(party), "")


def waits(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for whose act comes next."""
    words = {
        "us": ("wait", visit._("for us")),
        "them": ("plain", visit._("for them")),
        "both": ("wait", visit._("for both")),
    }
    return words.get(str(row["waits_for"]), ("plain", ""))


def step_words(visit: Visit, step: object) -> str:
    """Return what was done to a commitment, without who did it."""
    words = {
        "arise": visit._("it arose from a joint statement: it is owed"),
        "propose": visit._("proposed it"),
        "accept": visit._("accepted it: it is owed"),
        "decline": visit._("declined it"),
        "withdraw": visit._("took the proposal back"),
        "progress": visit._("said how it goes"),
        "claim": visit._("claimed that it is fulfilled"),
        "acknowledge": visit._("said what the claim comes to"),
        "dispute": visit._("disputed the claim"),
        "redate": visit._("named another due date"),
        "release": visit._("released it"),
        "fail": visit._("found that it was not kept"),
        "recall_claim": visit._("took the claim back"),
        "recall_redate": visit._("took back the request for another due date"),
        "recall_acknowledge": visit._("took back what it had said of the claim"),
        "recall_release": visit._("took back the word that it is released"),
        "recall_fail": visit._("took back the finding that it was not kept"),
        **dict(result_words(visit)),
    }
    return words.get(str(step), str(step))


def result_words(visit: Visit) -> list[tuple[str, str]]:
    """Return what a claim may come to, as choices of a form."""
    return [
        ("kept", visit._("kept")),
        ("kept_late", visit._("kept late")),
        ("partly_kept", visit._("partly kept")),
    ]
