"""What acts on things that live by steps are called in the timeline, and what such an act is about.

Every kind of such acts stands in one of two tables: told in the timeline, or passed over there
because it is a stroke within something that is told. Source: agreements.md D2.4 to D2.8, D6
(journey 14).
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.relationship.model import Entry, Ref, Shared
from comity.relationship.promises import CODES
from comity.technology.plans import Planned
from comity.technology.projects import Project

_BODY: Final = {
    "propose": "body_proposed",
    "accept": "body_established",
    "decline": "body_declined",
    "withdraw": "body_withdrawn",
    "terms": "body_terms",
    "wind_up": "body_ending",
}
_MEETING: Final = {
    "propose": "meeting_proposed",
    "counter": "meeting_countered",
    "confirm": "meeting_confirmed",
    "decline": "meeting_declined",
    "postpone": "meeting_postponed",
    "cancel": "meeting_cancelled",
    "agree": "agenda_agreed",
    "open": "meeting_opened",
    "adjourn": "meeting_adjourned",
    "close": "meeting_closed",
    "seal": "record_agreed",
    "recall": "meeting_recalled",
}
_STATEMENT: Final = {
    "begin": "statement_begun",
    "text": "statement_texts_said",
    "clear": "statement_cleared",
    "unclear": "clearance_taken_back",
    "order": "release_ordered",
    "release": "statement_released",
    "pull": "statement_pulled",
    "correct": "erratum_proposed",
    "accept_correction": "statement_corrected",
    "readout": "readout_issued",
    "recall": "statement_recalled",
}
_CONTROL: Final = {
    "classify": "item_classified",
    "reclassify": "item_reclassified",
    "declassify": "item_declassified",
}
_AUTHORISATION: Final = {
    "request": "authorisation_asked",
    "withdraw": "authorisation_withdrawn",
    "review": "authorisation_in_review",
    "approve": "authorisation_approved",
    "deny": "authorisation_denied",
    "return": "authorisation_returned",
    "assure": "authorisation_assured",
    "accept": "provisos_accepted",
    "decline": "authorisation_declined",
    "suspend": "authorisation_suspended",
    "resume": "authorisation_resumed",
    "amend": "amendment_asked",
    "amend_withdraw": "amendment_withdrawn",
    "amend_approve": "authorisation_amended",
    "amend_deny": "amendment_denied",
    "revoke": "authorisation_revoked",
    "dispose": "disposal_reported",
    "report": "totals_reported",
}
_RETRANSFER: Final = {
    "request": "consent_asked",
    "withdraw": "consent_withdrawn",
    "again": "consent_asked_again",
    "grant": "consent_granted",
    "refuse": "consent_refused",
    "return": "consent_returned",
    "use": "consent_used",
    "close": "consent_closed",
}
_ENDCHECK: Final = {
    "request": "check_asked",
    "withdraw": "check_withdrawn",
    "arrange": "check_arranged",
    "done": "check_done",
    "conclude": "check_concluded",
    "follow_up": "check_followed_up",
}
_PROJECT: Final = {
    "propose": "project_proposed",
    "explore": "project_explored",
    "decline": "project_declined",
    "withdraw": "project_withdrawn",
    "intend": "project_intended",
    "sheet": "sheet_entered",
    "arrange": "arrangement_named",
    "plan": "plan_put_up",
    "agree_plan": "plan_agreed",
    "approve": "project_approved",
    "start": "project_started",
    "pause": "project_paused",
    "resume": "project_resumed",
    "claim": "milestone_claimed",
    "accept": "milestone_accepted",
    "reject": "milestone_rejected",
    "lend": "loan_made",
    "receive": "loan_received",
    "give_back": "loan_sent_back",
    "take_back": "loan_returned",
    "write_off": "loan_written_off",
    "confirm": "foreground_confirmed",
    "strike": "item_struck",
    "wind_up": "project_winding_up",
    "close": "project_closed",
    "hand_over": "project_handed_over",
    "abandon": "project_abandoned",
    "notice": "project_notice",
    "leave": "project_left",
    "recall": "project_recalled",
}
_FAMILIES: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    "commitment": (CODES, "coordination"),
    "body": (_BODY, "coordination"),
    "meeting": (_MEETING, "coordination"),
    "statement": (_STATEMENT, "coordination"),
    "control": (_CONTROL, "technology"),
    "authorisation": (_AUTHORISATION, "technology"),
    "retransfer": (_RETRANSFER, "technology"),
    "endcheck": (_ENDCHECK, "technology"),
    "project": (_PROJECT, "technology"),
}
#: By kind of act, what it is called, and its group.
THINGS: Final[Mapping[str, tuple[str, str]]] = {
    f"{family}.{step}": (code, group)
    for family, (codes, group) in _FAMILIES.items()
    for step, code in codes.items()
}
#: Acts that are not told, after which something stands that follows by computation.
ANCHORS: Final = frozenset(("authorisation.use", "authorisation.receive"))
#: Kinds that the timeline passes over: strokes within a text, an agenda, a list of people or a
#: register, which the thing's own page tells; and the count of an authorised transfer, which is
#: told where the item is sent and received.
PASSED_OVER: Final = frozenset(
    (
        *(f"meeting.{step}" for step in ("add", "consent", "drop", "attend", "outcome")),
        *(f"meeting.{step}" for step in ("retract", "concur", "draft", "version", "take")),
        *("statement.mark", "body.appoint", "commitment.progress"),
        *ANCHORS,
        *("project.name", "project.enter", "project.remark"),
    )
)


@attrs.frozen(kw_only=True)
class Named:
    """What an act is about: the instrument it stands on, and what people call it."""

    instrument: str
    title: str


def thing_facts(shared: Shared, entry: Entry, deeds: Mapping[Ref, Deed]) -> JsonObject:
    """Return which thing an act is about, and which part of it: both sides hold its words."""
    found = thing_named(shared, entry.kind.partition(".")[0], entry.of or "")
    if found is None:
        return {}
    made: dict[str, Json] = {
        "instrument": found.instrument,
        "thing": entry.of,
        "title": found.title,
    }
    deed, project = deeds.get(entry.ref), shared.technology.projects.get(entry.of or "")
    part = None if deed is None or project is None else _part(project, deed)
    return made if part is None else {**made, "part": part}


def deeds_of(shared: Shared) -> Mapping[Ref, Deed]:
    """Return the acts on projects by the entry they stand in: they name milestones and loans."""
    return {
        Ref(party=deed.party, n=deed.n): deed
        for chain in shared.technology.projects.chains.values()
        for deed in chain.deeds
    }


def _part(project: Project, deed: Deed) -> str | None:
    """Return what people call the milestone, the loan or the item that an act is about."""
    held, names = project.register, deed.data
    if isinstance(key := names.get("milestone"), str):
        return _milestone(project.plan, key)
    if "loan" in names:
        loan = held.loans.get(str(names["loan"]))
        return None if loan is None else loan.terms.what
    item = held.items.get(str(names.get("item")))
    return None if item is None else item.entry.title


def _milestone(plan: Planned, key: str) -> str:
    """Return what a milestone is called; its key, where a later plan has no such milestone."""
    found = plan.milestone(key)
    return key if found is None else found.title


def thing_named(shared: Shared, family: str, name: str) -> Named | None:
    """Return the instrument that a thing stands on, and what people call the thing."""
    coordination, technology = shared.coordination, shared.technology
    pair: tuple[str, str] | None = None  # of a control: what an item is called is said elsewhere
    match family:
        case "body":
            if group := coordination.bodies.get(name):
                pair = (group.founding.instrument, group.founding.name)
        case "meeting" | "statement":
            book = coordination.meetings if family == "meeting" else coordination.statements
            if met := book.get(name):
                pair = (met.opening.instrument, met.title)
        case "retransfer":
            onward = technology.retransfers.get(name)
            pair = None if onward is None else (onward.terms.instrument, onward.terms.third)
        case _:
            found = (
                coordination.commitments.get(name)
                or technology.authorisations.get(name)
                or technology.endchecks.get(name)
                or technology.projects.get(name)
            )
            pair = None if found is None else (found.terms.instrument, found.terms.title)
    return None if pair is None else Named(instrument=pair[0], title=pair[1])
