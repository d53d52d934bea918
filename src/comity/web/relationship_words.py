"""The words for the relationship page: measures, happenings, spans of time, small numbers."""

from collections.abc import Mapping
from typing import Final

from comity.web.authorisation_words import state_of
from comity.web.happening_words import HAPPENINGS
from comity.web.project_words import state_words
from comity.web.texts import marked
from comity.web.visit import Visit

Row = Mapping[str, object]

#: Measures whose lines are about a state.
_BY_STATE: Final = frozenset(
    {"units", "promises", "projects", "authorisations", "endchecks", "stages"}
)
#: By measure, what its two numbers count.
_OF: Final[Mapping[str, str]] = {
    "instruments_in_force": marked("%(value)s of %(of)s signed"),
    "areas_used": marked("%(value)s of %(of)s agreed"),
    "releases": marked("%(value)s of %(of)s ever made"),
    "transfers": marked("%(value)s of %(of)s sent"),
    "tablings": marked("%(value)s of %(of)s by both"),
    "units": marked("%(value)s of %(of)s units"),
    "suspensions": marked("%(value)s now; ever made: %(of)s"),
    "promises": marked("%(value)s of %(of)s ever owed"),
    "overdue": marked("%(value)s of %(of)s owed now"),
    "redatings": marked("%(value)s; ever owed: %(of)s"),
    "provisos": marked("%(value)s; authorisations given: %(of)s"),
    "meetings": marked("%(value)s held, %(of)s foreseen"),
    "projects": marked("%(value)s of %(of)s proposed"),
    "authorisations": marked("%(value)s of %(of)s asked for"),
    "uses": marked("%(value)s of %(of)s sent"),
    "consents": marked("%(value)s of %(of)s asked for"),
    "endchecks": marked("%(value)s of %(of)s asked for"),
    "totals": marked("%(value)s of %(of)s said"),
}
#: From this number on both numbers of a line stand in figures.
_FIGURES: Final = 10
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def group_words(visit: Visit) -> Mapping[str, str]:
    """Return the groups of happenings and of measures in words."""
    return {
        "introduction": visit._("Introduction"),
        "negotiation": visit._("Negotiation"),
        "conclusion": visit._("Conclusion"),
        "life": visit._("Life"),
        "sharing": visit._("Sharing"),
        "coordination": visit._("Coordination"),
        "reliability": visit._("Reliability"),
        "rhythm": visit._("Rhythm"),
        "technology": visit._("Technology"),
        "assurance": visit._("Assurance"),
        "depth": visit._("Depth"),
        "responsiveness": visit._("Responsiveness"),
        "fairness": visit._("Fairness"),
        "conduct": visit._("Conduct"),
        "record": visit._("Record"),
    }


def measure_words(visit: Visit) -> Mapping[str, tuple[str, str]]:
    """Return by measure its name and its formula in words."""
    return {
        "instruments_in_force": (
            visit._("Instruments in force"),
            visit._("In force now and not suspended as a whole, of those signed."),
        ),
        "areas_used": (
            visit._("Areas used"),
            visit._("With a release or a transfer in the last 12 months, of the areas agreed."),
        ),
        "releases": (
            visit._("Releases"),
            visit._("Releases that stand, of all ever made, by who released."),
        ),
        "highest_marking": (
            visit._("Highest marking released"),
            visit._("Among the releases made under an instrument, by who released."),
        ),
        "transfers": (
            visit._("Transfers"),
            visit._("Recorded alike by both sides, of those recorded as sent, by sender."),
        ),
        "bytes_moved": (
            visit._("Volume"),
            visit._("Of the transfers that both sides recorded alike, by sender."),
        ),
        "answer_time": (
            visit._("Time to answer"),
            visit._("How long what asked this side for an answer waited: the lower median."),
        ),
        "oldest_wait": (
            visit._("Oldest wait"),
            visit._("The longest wait for an answer of this side alone, of all such waits."),
        ),
        **_measures_of_things(visit),
        "tablings": (visit._("Tablings"), visit._("Of this side, of the tablings of both.")),
        "units": (
            visit._("Units under negotiation"),
            visit._("By where they stand, of all units of the text."),
        ),
        "reopenings": (
            visit._("Reopenings"),
            visit._("How often this side reopened an instrument, with a reason."),
        ),
        "suspensions": (
            visit._("Suspensions of agreements"),
            visit._(
                "Of a whole agreement or of articles, by this side: how many stand now, and how"
                " many it ever made. A suspended authorisation is counted among the authorisations."
            ),
        ),
        "suspended_for": (
            visit._("Time that agreements were suspended"),
            visit._("By this side, in whole or in part, added up over all that it made."),
        ),
        "last_cosigned": (
            visit._("Newest entry cosigned"),
            visit._("How long ago the other side first cosigned this side's newest entry."),
        ),
    }


def _measures_of_things(visit: Visit) -> Mapping[str, tuple[str, str]]:
    return {
        "meetings": (
            visit._("Meetings held"),
            visit._("Opened by both; by body, of those that its rhythm foresaw."),
        ),
        "last_met": (visit._("Last met"), visit._("How long ago a body last met.")),
        "projects": (
            visit._("Projects"),
            visit._("By where they stand, of all that were ever proposed."),
        ),
        "authorisations": (
            visit._("Transfer authorisations"),
            visit._("By where they stand, of all asked for, by whose items they are about."),
        ),
        "uses": (
            visit._("Authorised transfers"),
            visit._("Counted by the recipient, of those counted by the sender."),
        ),
        "deciding": (
            visit._("Time to decide"),
            visit._("From the request for an authorisation to the decision: the median."),
        ),
        "provisos": (
            visit._("Provisos"),
            visit._("In this side's authorisations, of the authorisations that it gave."),
        ),
        "consents": (
            visit._("Consents to pass on"),
            visit._("Of those that this side was asked for."),
        ),
        "consenting": (
            visit._("Time to consent"),
            visit._("From the request to pass on to this side's answer: the median."),
        ),
        "endchecks": (
            visit._("End-use checks"),
            visit._("Made by this side and what they found, of those that it asked for."),
        ),
        "totals": (
            visit._("Totals compared"),
            visit._("Said alike by both sides, of those that either has said."),
        ),
        "stages": (
            visit._("Time in a stage"),
            visit._("How long projects stayed in a stage that they have left: the median."),
        ),
        "promises": (
            visit._("Promises"),
            visit._("Commitments by what they came to, of all that this side ever owed."),
        ),
        "overdue": (
            visit._("Overdue"),
            visit._("Commitments past their due date and not claimed, of all owed now."),
        ),
        "delay": (
            visit._("Delay"),
            visit._("How long after the first due date what was acknowledged was fulfilled."),
        ),
        "redatings": (
            visit._("Due dates moved"),
            visit._("How often the due date of what this side owes was moved."),
        ),
    }


def happening(visit: Visit, code: str) -> str:
    """Return what happened, without who did it and without the words of people."""
    return visit._(HAPPENINGS[code]) if code in HAPPENINGS else code


def small(visit: Visit, value: int) -> str:
    """Return a small number as a word, a larger one in figures."""
    words = (
        visit._("none"),
        visit._("one"),
        visit._("two"),
        visit._("three"),
        visit._("four"),
        visit._("five"),
        visit._("six"),
        visit._("seven"),
        visit._("eight"),
        visit._("nine"),
    )
    return words[value] if 0 <= value < len(words) else visit.words.number(value)


def span(visit: Visit, seconds: int) -> str:
    """Return a span of time in its two largest words, rounded down."""
    for size, one, many in (
        (_DAY, visit._("one day"), visit._("%(n)s days")),
        (_HOUR, visit._("one hour"), visit._("%(n)s hours")),
        (_MINUTE, visit._("one minute"), visit._("%(n)s minutes")),
    ):
        count = seconds // size
        if count:
            return one if count == 1 else many % {"n": visit.words.number(count)}
    return visit._("less than a minute")


def value_words(visit: Visit, measure: Row, line: Row) -> str:
    """Return the value of a line with its denominator, in words."""
    value, of, unit = line["value"], line["of"], str(measure["unit"])
    if value is None:
        waiting = measure["measure"] == "oldest_wait"
        return visit._("nothing waits") if waiting else visit._("nothing yet")
    if unit == "level":
        return str(value)
    assert isinstance(value, int)
    if unit == "bytes":
        return visit.words.size(value)
    if unit == "seconds":
        return _seconds(visit, str(measure["measure"]), value, of=of)
    if not of or not isinstance(of, int):
        return small(visit, value)
    both = [small(visit, each) for each in (value, of)]
    if max(value, of) >= _FIGURES:
        both = [visit.words.number(each) for each in (value, of)]
    said = visit._(_OF.get(str(measure["measure"]), "%(value)s of %(of)s"))
    return said % {"value": both[0], "of": both[1]}


def _seconds(visit: Visit, name: str, value: int, *, of: object) -> str:
    count = of if isinstance(of, int) else 0
    if name == "suspended_for" and not count:
        return small(visit, 0)
    number = small(visit, count)
    said = {
        "delay": visit._("%(span)s on average; acknowledged: %(number)s"),
        "last_met": visit._("%(span)s ago; meetings: %(number)s"),
        "answer_time": visit._("%(span)s; answers: %(number)s"),
        "deciding": visit._("%(span)s; decided: %(number)s"),
        "consenting": visit._("%(span)s; answers: %(number)s"),
        "stages": visit._("%(span)s; projects: %(number)s"),
        "oldest_wait": visit._("%(span)s; waiting: %(number)s"),
        "suspended_for": visit._("%(span)s; suspensions: %(number)s"),
        "last_cosigned": visit._("%(span)s ago; entries: %(number)s"),
    }
    return said[name] % {"span": span(visit, value), "number": number}


def subject_words(visit: Visit, measure: Row, line: Row) -> str:
    """Return what a line is about besides its name: where units stand, an area's id."""
    subject = str(line["subject"])
    if measure["measure"] not in _BY_STATE:
        return ""
    if measure["measure"] in {"projects", "stages"}:
        return state_words(visit, subject.rpartition(" ")[2])[1]
    if measure["measure"] == "authorisations":
        return state_of(visit, {"status": subject})[1]
    words = {
        "withdrawn": visit._("taken back"),
        "favourable": visit._("favourable"),
        "unfavourable": visit._("unfavourable"),
        "inconclusive": visit._("inconclusive"),
        "proposed": visit._("proposed"),
        "approved": visit._("approved"),
        "declined": visit._("declined"),
        "abandoned": visit._("abandoned"),
        "kept": visit._("kept"),
        "kept_late": visit._("kept late"),
        "partly_kept": visit._("partly kept"),
        "not_kept": visit._("not kept"),
        "released": visit._("released"),
        "new": visit._("not answered"),
        "open": visit._("open"),
        "bracketed": visit._("in brackets"),
        "reserved": visit._("reserved"),
        "agreed_ad_ref": visit._("agreed ad referendum"),
        "agreed": visit._("agreed"),
        "parked": visit._("parked"),
        "closed": visit._("closed"),
    }
    status = subject.rpartition(" ")[2]
    return words.get(status, status)


def direction_words(visit: Visit, code: str) -> tuple[str, str]:
    """Return the badge and the words for whether an area permits crossings now."""
    words = {
        "permitted": ("good", visit._("permitted")),
        "suspended": ("bad", visit._("suspended")),
        "not_in_force": ("wait", visit._("not yet in force")),
        "ended": ("closed", visit._("ended")),
        "recipient_not_allowed": ("plain", visit._("not in this direction")),
    }
    return words.get(code, ("plain", visit._("needs a decision")))


def status_words(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for how a relationship stands at this node."""
    if row["trouble"] is not None:
        return "bad", visit._("not reached")
    words = {
        "introduced": ("wait", visit._("they have not accepted our letter")),
        "open": ("good", visit._("open")),
        "frozen": ("bad", visit._("frozen for new acts")),
    }
    return words.get(str(row["status"]), ("plain", str(row["status"])))
