"""The words for joint statements: states, marks, steps, what comes next, how long until a time."""

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError

from comity.foundation.instants import Instant
from comity.web.relationship_words import span
from comity.web.visit import Visit

Row = Mapping[str, object]


def state_of(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for how a statement stands."""
    words = {
        "negotiating": ("wait", visit._("no text agreed yet")),
        "agreed": ("half", visit._("text agreed, not cleared")),
        "cleared": ("half", visit._("cleared by both, no time ordered")),
        "embargoed": ("open", visit._("under embargo")),
        "released": ("good", visit._("out, released by both")),
        "corrected": ("good", visit._("out, with an erratum")),
        "pulled": ("bad", visit._("pulled")),
    }
    status = str(row["status"])
    return words.get(status, ("plain", status))


def coming(visit: Visit, row: Row) -> str:
    """Return what it waits for, in a sentence; empty where it waits for nobody."""
    words = {
        "text": visit._("Both say which adopted texts it has."),
        "mark": visit._("Both say of every sentence what it is."),
        "text_differs": visit._("Each side named other texts: one says the same as the other."),
        "mark_differs": visit._("Each side marks it otherwise: one says the same as the other."),
        "order_differs": visit._("Each side orders another release: one agrees to the other's."),
        "clear": visit._("Press and legal people of both sides clear it."),
        "order": visit._("Both order the same time of release."),
        "release": visit._("Its time has come: both release it, or it is not out."),
        "correct": visit._("An erratum is asked for: it counts once it is accepted."),
    }
    return words.get(str(row["waits_what"]), "")


def marks(visit: Visit) -> list[tuple[str, str]]:
    """Return what a sentence can be, as choices of a form."""
    return [
        ("stated", visit._("stated: it says what is so")),
        ("welcomed", visit._("welcomed")),
        ("reaffirmed", visit._("reaffirmed")),
        ("committed", visit._("committed: it becomes a commitment")),
        ("aspiration", visit._("aspiration")),
    ]


def mark_words(visit: Visit, mark: object) -> str:
    """Return what a sentence is, in one word."""
    words = {
        "stated": visit._("stated"),
        "welcomed": visit._("welcomed"),
        "reaffirmed": visit._("reaffirmed"),
        "committed": visit._("committed"),
        "aspiration": visit._("aspiration"),
    }
    return words.get(str(mark), str(mark))


def promise_words(visit: Visit, promise: Row) -> str:
    """Return who owes to whom what a sentence promises."""
    words = {
        ("us", "them"): visit._("we owe it to them"),
        ("them", "us"): visit._("they owe it to us"),
        ("us", "both"): visit._("we owe it to both"),
        ("them", "both"): visit._("they owe it to both"),
        ("both", "us"): visit._("both owe it to us"),
        ("both", "them"): visit._("both owe it to them"),
        ("both", "both"): visit._("both owe it to each other"),
        ("us", "us"): visit._("we owe it to ourselves"),
        ("them", "them"): visit._("they owe it to themselves"),
    }
    return words.get((str(promise["performer"]), str(promise["beneficiary"])), "")


def step_words(visit: Visit, step: object) -> str:
    """Return what was done to a statement, without who did it."""
    words = {
        "begin": visit._("began it"),
        "text": visit._("said which texts it has"),
        "mark": visit._("marked sentences"),
        "clear_press": visit._("cleared it: press"),
        "clear_legal": visit._("cleared it: legal"),
        "unclear_press": visit._("took the clearance back: press"),
        "unclear_legal": visit._("took the clearance back: legal"),
        "order": visit._("ordered its release"),
        "pull": visit._("pulled it"),
        "release": visit._("released it"),
        "correct": visit._("asked for an erratum"),
        "accept_correction": visit._("accepted the erratum"),
        "readout": visit._("issued a read-out of its own"),
        "recall_text": visit._("took back the texts it had asked for"),
        "recall_mark": visit._("took back its marks of sentences"),
        "recall_order": visit._("took back the release it had ordered"),
        "recall_correct": visit._("took back the erratum it had asked for"),
    }
    return words.get(str(step), str(step))


def notice(visit: Visit, step: str, *, counted: bool) -> str:
    """Return what was done, said to who did it; and that it counts, where both have said it."""
    second = {
        "text": visit._("Both have said the same: these are its texts."),
        "mark": visit._("Both have said the same of these sentences: it counts."),
        "clear_press": visit._(
            "Cleared by our press people, exactly as it stands. All four clearances stand."
        ),
        "clear_legal": visit._(
            "Cleared by our legal people, exactly as it stands. All four clearances stand."
        ),
        "order": visit._("Both have ordered the same: it is released at that time."),
        "release": visit._("Both have released it: it is out."),
    }
    if counted and step in second:
        return second[step]
    words = {
        "text": visit._("Said. It counts once both have said the same texts."),
        "agree_text": visit._("Agreed: these are its texts."),
        "mark": visit._("Marked. A mark counts once both have said the same."),
        "agree_marks": visit._("Said the same as they do."),
        "clear_press": visit._("Cleared by our press people, exactly as it stands."),
        "clear_legal": visit._("Cleared by our legal people, exactly as it stands."),
        "unclear_press": visit._("The clearance is taken back; it is not released so."),
        "unclear_legal": visit._("The clearance is taken back; it is not released so."),
        "order": visit._("Ordered. It counts once both have ordered the same."),
        "agree_order": visit._("Agreed: both release it at that time."),
        "pull": visit._("Pulled. It is not released; another can be begun."),
        "release": visit._("Released for our side; it is out once both have."),
        "correct": visit._("Asked for. The erratum counts once they accept it."),
        "accept_correction": visit._("Accepted; the erratum stands beside the statement."),
        "readout": visit._("Issued, labelled as ours alone."),
        "recall": visit._("Taken back. Both sides see it, and nobody has to answer it."),
    }
    return words[step]


def departures(visit: Visit) -> Mapping[str, tuple[str, str]]:
    """Return by kind the badge and the words for a sentence of a read-out beside the statement."""
    return {
        "same": ("plain", visit._("the same")),
        "changed": ("wait", visit._("changed")),
        "added": ("half", visit._("added by the read-out")),
        "left_out": ("bad", visit._("left out by the read-out")),
    }


def language_name(visit: Visit, code: object) -> str:
    """Return a language by its name in the reader's; a code nobody knows stands for itself."""
    try:
        name = Locale.parse(str(code), sep="-").get_display_name(visit.words.language)
    except (UnknownLocaleError, ValueError):
        return str(code)
    return str(name or code)


def countdown(visit: Visit, at: Instant, *, now: Instant) -> str:
    """Return how long it is until a time, or since."""
    left = at.seconds - now.seconds
    if left > 0:
        return visit._("in %(span)s", span=span(visit, left))
    return visit._("its time came %(span)s ago", span=span(visit, -left))
