"""The words for joint projects: states, steps, what comes next, rights."""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one
from comity.web.project_acts import differing
from comity.web.visit import Visit

Row = Mapping[str, object]

#: The steps that count once both sides have said the same.
_BOTH: Final = frozenset(
    ("intend", "approve", "resume", "wind_up", "close", "hand_over", "abandon")
)


def state_words(visit: Visit, status: object) -> tuple[str, str]:
    """Return the badge and the words for a state of a project."""
    words = {
        "proposed": ("wait", visit._("proposed, not answered")),
        "exploratory": ("open", visit._("being explored")),
        "intent_signed": ("half", visit._("intent signed")),
        "exportability_checked": ("half", visit._("exportability checked")),
        "arranging": ("half", visit._("being arranged")),
        "approved": ("good", visit._("approved by both")),
        "active": ("good", visit._("at work")),
        "paused": ("parked", visit._("paused")),
        "closing": ("half", visit._("being closed")),
        "closed": ("closed", visit._("closed")),
        "declined": ("closed", visit._("declined")),
        "abandoned": ("closed", visit._("abandoned")),
        "handed_over": ("closed", visit._("handed over")),
        "void": ("closed", visit._("void: its agreement has ended")),
    }
    return words.get(str(status), ("plain", str(status)))


def flags(visit: Visit, row: Row) -> list[tuple[str, str]]:
    """Return what the calendar adds, and whether the plan is the approved one, as badges."""
    words = (
        (
            *("approved_plan_differs", "wait"),
            visit._("approved for an earlier plan; changed since"),
        ),
        ("late", "bad", visit._("answer overdue")),
        ("dormant", "wait", visit._("dormant: nothing was entered for 90 days")),
        ("leaving", "bad", visit._("the day of a notice to leave has come")),
        ("left_early", "bad", visit._("a party left before the day of its notice")),
    )
    return [(kind, word) for member, kind, word in words if row.get(member) is True]


def coming(visit: Visit, row: Row) -> str:
    """Return what would bring the project on."""
    words = {
        "answer": visit._("Answer the proposal"),
        "name": visit._("Name sponsor and user"),
        "intend": visit._("Sign the statement of intent"),
        "sheet": visit._("Enter the exportability sheet"),
        "blocked": visit._("A critical item cannot be released: it stops here"),
        "arrange": visit._("Name the arrangement"),
        "plan": visit._("Put up a plan"),
        "agree_plan": visit._("Answer the plan that is put up"),
        "approve": visit._("Approve arrangement and plan"),
        "start": visit._("Begin the work"),
        "claim": visit._("Reach the next milestone"),
        "overdue": visit._("Reach a milestone that is overdue"),
        "due": visit._("Reach a milestone that is due soon"),
        "receive": visit._("Say that what is lent has arrived"),
        "loan_due": visit._("Give back what is lent"),
        "give_back": visit._("Give back what is lent"),
        "leave": visit._("Leave, after the notice"),
        "accept": visit._("Answer the claim of a milestone"),
        "confirm": visit._("Confirm a foreground item"),
        "resume": visit._("Take the work up again"),
        "wind_up": visit._("Begin to close it"),
        "take_back": visit._("Get back what is lent"),
        "close": visit._("Close it"),
        "hand_over": visit._("Hand the result over"),
        "abandon": visit._("Abandon it"),
    }
    step = str(_member(row, "next").get("step"))
    again = words.get(step.removesuffix("_anew"), "")
    if step.endswith("_anew"):
        return visit._("Say it again, both the same: %(step)s", step=again)
    return again


def turn(visit: Visit, row: Row) -> str:
    """Return whose act comes next, and where it is for both, whether one of them is enough."""
    whose = _member(row, "next").get("whose")
    words = {
        ("us",): visit._("for us"),
        ("them",): visit._("for them"),
        ("us", "them"): visit._("for both: each of us has to do it")
        if row.get("next_by_each")
        else visit._("for both: one of us is enough"),
    }
    return words.get(tuple(whose) if isinstance(whose, list) else (), "")


def whom(visit: Visit, party: object) -> str:
    """Return who a party is: us, them, or both together."""
    words = {"us": visit._("we"), "them": visit._("they"), "both": visit._("both together")}
    return words.get(str(party), "")


def step_words(visit: Visit, step: object) -> str:
    """Return what was done to a project, without who did it."""
    words = {
        "propose": visit._("proposed it"),
        "explore": visit._("answered that it is explored"),
        "decline": visit._("declined it"),
        "withdraw": visit._("took the proposal back"),
        "name": visit._("named sponsor and user"),
        "intend": visit._("signed the statement of intent"),
        "sheet": visit._("entered the exportability sheet"),
        "arrange": visit._("named the arrangement"),
        "plan": visit._("put up a plan"),
        "agree_plan": visit._("agreed to the plan"),
        "approve": visit._("approved arrangement and plan"),
        "start": visit._("began the work"),
        "pause": visit._("paused it"),
        "resume": visit._("said that it is taken up again"),
        "claim": visit._("claimed a milestone"),
        "accept": visit._("accepted the claim of a milestone"),
        "reject": visit._("rejected the claim of a milestone"),
        "lend": visit._("lent something"),
        "receive": visit._("said that what was lent has arrived"),
        "give_back": visit._("said that what was lent is on its way back"),
        "take_back": visit._("said that what was lent is back"),
        "write_off": visit._("gave up what was lent"),
        "enter": visit._("entered an item"),
        "confirm": visit._("confirmed a foreground item"),
        "strike": visit._("struck an item"),
        "wind_up": visit._("said that it is to be closed"),
        "close": visit._("said that it is closed"),
        "hand_over": visit._("said that the result is handed over"),
        "abandon": visit._("said that it is abandoned"),
        "notice": visit._("gave notice to leave"),
        "leave": visit._("left"),
        "remark": visit._("said how it goes"),
        "recall_plan": visit._("took back the plan that was put up"),
        "recall_claim": visit._("took the claim of a milestone back"),
        "recall_notice": visit._("took the notice to leave back"),
    }
    code = str(step)
    if code not in words and code.startswith("recall_"):
        of = words.get(code.removeprefix("recall_"), "")
        return visit._("took back a word, which was: %(step)s", step=of)
    return words.get(code, code)


def part_words(visit: Visit, code: object) -> tuple[str, str]:
    """Return the badge and the words for a milestone, a loan or an item."""
    words = {
        "open": ("open", visit._("open")),
        "claimed": ("wait", visit._("claimed")),
        "rejected": ("bad", visit._("claim rejected")),
        "accepted": ("good", visit._("accepted")),
        "standing": ("good", visit._("stands")),
        "to_confirm": ("wait", visit._("to be confirmed")),
        "struck": ("closed", visit._("struck")),
        "lent": ("wait", visit._("on its way")),
        "received": ("half", visit._("arrived")),
        "sent_back": ("wait", visit._("on its way back")),
        "returned": ("good", visit._("back")),
        "written_off": ("closed", visit._("given up")),
    }
    return words.get(str(code), ("plain", str(code)))


def unreached_words(visit: Visit, code: object) -> str:
    """Return how far a milestone came that was not accepted in a project that has ended."""
    return visit._("not reached: %(state)s", state=part_words(visit, code)[1])


def late_words(visit: Visit, days: object) -> str:
    """Return how long after its day something was accepted."""
    if days == 1:
        return visit._("one day after it was due")
    return visit._("%(days)s days after it was due", days=visit.words.number(int(str(days))))


def rights_words(visit: Visit) -> list[tuple[str, str]]:
    """Return what may be done with an item, as choices of a form."""
    return [
        ("free", visit._("free")),
        ("consent", visit._("only with consent")),
        ("no", visit._("no")),
    ]


def release_words(visit: Visit) -> list[tuple[str, str]]:
    """Return how likely the release of an item is, as choices of a form."""
    return [
        ("yes", visit._("yes")),
        ("conditional", visit._("on conditions")),
        ("no", visit._("no")),
    ]


def differing_words(visit: Visit, names: Sequence[str]) -> str:
    """Return what the words of both sides on one step differ in."""
    words = {
        "register": visit._("the register"),
        "authorisations": visit._("the transfer authorisations"),
        "to": visit._("the receiver"),
        "intent": visit._("terms, sponsors and users"),
        "plan": visit._("the plan"),
        **dict.fromkeys(("instrument", "text"), visit._("the arrangement")),
    }
    return ", ".join(dict.fromkeys(words[name] for name in names if name in words))


def _both_words(visit: Visit, step: str, made: JsonObject) -> str:
    """Return what came of our word in a step that needs the words of both sides."""
    word = one(one(made, "said"), step)
    if not word:
        return visit._(
            "Said. Both have said the same; it counts: %(state)s.",
            state=state_words(visit, made["status"])[1],
        )
    what = differing_words(visit, differing(word))
    if not what:
        return visit._("Said. It counts once both have said the same.")
    if one(word, "them")["outdated"]:
        return visit._(
            "Said, and it does not count yet: both sides have said different things (%(what)s)."
            " Something has changed since their word: they say it anew, the same as we.",
            what=what,
        )
    return visit._(
        "Said, and it does not count: both sides have said different things (%(what)s). Both have"
        " to say the same: agree on it, then whoever changes its word says it anew.",
        what=what,
    )


def tone(step: str, made: JsonObject) -> str:
    """Return how the notice after an act is told: not as done where both have said other things."""
    return "wait" if step in _BOTH and differing(one(one(made, "said"), step)) else ""


def unsaid_words(visit: Visit, step: str, *, before: JsonObject, made: JsonObject) -> str:
    """Return that an act took our word for abandonment back; empty where it did not."""
    stood, stands = (bool(one(one(one(each, "said"), "abandon"), "us")) for each in (before, made))
    if step == "recall" or not stood or stands or made["status"] == "abandoned":
        return ""
    return visit._("Our word that it is abandoned is taken back by this.")


def notice_words(visit: Visit, step: str, made: JsonObject) -> str:
    """Return what is said after an act, given what it came to."""
    waits = bool(_member(made, "plan").get("put_up"))
    words = {
        "explore": visit._("Answered: we explore it."),
        "decline": visit._("Declined; they read why."),
        "withdraw": visit._("The proposal is taken back."),
        "sheet": visit._("Entered. They read our sheet; what we may disclose they never see."),
        "plan": visit._("Put up. It counts once they agree to exactly this plan.")
        if waits
        else visit._("The plan that counts stays, and no other waits any more."),
        "agree_plan": visit._("Agreed. The plan counts."),
        "claim": visit._("Claimed. They say whether the milestone is reached."),
        "lend": visit._("Said. It stays open until we say that it is back."),
        "notice": visit._("Notice is given. Nothing happens by itself when the day comes."),
        "recall": visit._("Taken back. Both sides see it, and nobody has to answer it."),
        "set_disclosure": visit._("Set. It is private to us, and nothing was sent."),
    }
    if step in _BOTH:
        return _both_words(visit, step, made)
    return words.get(step, visit._("Entered; both sides see it."))


def _member(row: Row, name: str) -> Row:
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}
