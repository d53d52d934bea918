"""What falls due between the two: every date that the record names and that still lies open.

A date is shown, it decides nothing. Only what both nodes know. Source: agreements.md D6 (journey
5); design 13.7.
"""

from collections.abc import Iterator
from typing import Final

import attrs

from comity.agreements.attempts import Outcome
from comity.agreements.views import InstrumentView
from comity.coordination.commitments import BOTH, LIVE
from comity.coordination.meeting_acts import AHEAD
from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant
from comity.relationship.model import Picture
from comity.relationship.promises import promises
from comity.relationship.rhythm import next_foreseen
from comity.relationship.terms import term_of
from comity.relationship.turning import over
from comity.technology.authorisations import Status as Leave
from comity.technology.endchecks import Status as Check
from comity.technology.project_steps import ENDS
from comity.technology.project_steps import Status as Stage
from comity.technology.projects import Project

#: While an authorisation can still be used, or be again.
_GIVEN: Final = (
    *(Leave.APPROVED, Leave.APPROVED_WITH_PROVISOS, Leave.ASSURED),
    Leave.SUSPENDED,
)


@attrs.frozen(kw_only=True)
class Date:
    """One date.

    Attributes:
        code: commitment, answer, milestone, loan, notice, review, term, window, authorisation,
            return, destroy, check, release, foreseen (the next meeting of a body) or meeting (one
            that both confirmed begins).
        at: The instant.
        instrument: The instrument it stands on.
        title: What people call what falls due.
        thing: The id of a commitment, a project, an authorisation, a check, a statement, a body or
            a meeting; empty else.
        part: Which of several of this code on the same thing: a milestone, a loan, a review.
        whose: Who has to have done something by then; both where it is for both.
        zone: In which zone people named the time of a meeting; empty else.
        day: The day that people named, where the act says it; empty else.
    """

    code: str
    at: Instant
    instrument: str
    title: str
    thing: str = ""
    part: str = ""
    whose: tuple[str, ...]
    zone: str = ""
    day: str = ""

    def json(self) -> JsonObject:
        """Return it for programs and people."""
        return {
            "code": self.code,
            "at": str(self.at),
            "instrument": self.instrument,
            "title": self.title,
            "thing": self.thing,
            "whose": list(self.whose),
            "zone": self.zone,
        }


def dates(picture: Picture) -> tuple[Date, ...]:
    """Return every date, the nearest first; those that passed and lie open stand before them."""
    found = (
        *(*_owed(picture), *_projects(picture), *_leaves(picture), *_checks(picture)),
        *(*_statements(picture), *_texts(picture), *_bodies(picture), *_meetings(picture)),
    )
    return tuple(sorted(found, key=lambda each: (each.at, each.code, each.thing, each.instrument)))


def _owed(picture: Picture) -> Iterator[Date]:
    for promise in promises(picture, only=LIVE):
        one = promise.one
        if promise.seen.status != "void":
            yield Date(
                code="commitment",
                at=one.due_at,
                instrument=one.terms.instrument,
                title=one.terms.title,
                thing=one.id,
                whose=_parties(picture, one.terms.performer),
                day=one.due.day or "",
            )


def _projects(picture: Picture) -> Iterator[Date]:
    """Yield the days of projects: an answer asked for, milestones, loans, a notice to leave."""
    for project in picture.shared.technology.projects.things():
        for code, at, title, whose, part in _of_project(picture, project):
            yield Date(
                code=code,
                at=Instant.parse(at),
                instrument=project.terms.instrument,
                title=title,
                thing=project.id,
                part=part,
                whose=_parties(picture, whose),
            )


def _of_project(picture: Picture, project: Project) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield a code, the day, what people call it, whose it is, and which of several it is.

    What is lent comes home whatever became of the project (spec 12.6.2).
    """
    terms, plan, other = project.terms, project.plan, picture.shared.other
    for loan in project.register.lent():
        whose = loan.lender if loan.state == "sent_back" else other(loan.lender)
        yield "loan", loan.terms.due, loan.terms.what, whose, loan.terms.loan
    if project.status in ENDS or over(picture, project):
        return
    if project.status == Stage.PROPOSED and terms.answer_by is not None:
        yield "answer", terms.answer_by, terms.title, other(project.opener), ""
    for milestone in () if plan.agreed is None else plan.agreed.milestones:
        if plan.state(milestone.key) != "accepted":
            yield "milestone", milestone.due, milestone.title, milestone.performer, milestone.key
    for party, notice in project.notices.items():
        yield "notice", notice.leaves, terms.title, party, ""


def _leaves(picture: Picture) -> Iterator[Date]:
    for one in picture.shared.technology.authorisations.things():
        ends = one.limits.ends
        if ends is not None and one.status in _GIVEN:
            yield Date(
                code="authorisation",
                at=ends,
                instrument=one.terms.instrument,
                title=one.terms.title,
                thing=one.id,
                whose=picture.shared.parties,
            )
        back = one.limits.return_by
        if back is not None and one.receipts and not one.disposals:  # also once it has ended
            yield Date(
                code=back.how,
                at=Instant.parse(back.at),
                instrument=one.terms.instrument,
                title=one.terms.title,
                thing=one.id,
                whose=(one.terms.recipient,),
            )


def _checks(picture: Picture) -> Iterator[Date]:
    """Yield the times of end-use checks that both named, until it is said that one was made."""
    for one in picture.shared.technology.endchecks.things():
        if one.status == Check.ARRANGED and one.arranged is not None:
            yield Date(
                code="check",
                at=Instant.parse(one.arranged.at),
                instrument=one.terms.instrument,
                title=str(one.terms.title),
                thing=one.id,
                whose=picture.shared.parties,
            )


def _statements(picture: Picture) -> Iterator[Date]:
    for one in picture.shared.coordination.statements.things():
        if one.order is not None and one.completed is None and one.pulled is None:
            yield Date(
                code="release",
                at=Instant.parse(one.order.at),
                instrument=one.opening.instrument,
                title=one.title,
                thing=one.id,
                whose=picture.shared.parties,
            )


def _bodies(picture: Picture) -> Iterator[Date]:
    for name, chain in picture.shared.coordination.bodies.chains.items():
        by = next_foreseen(picture, chain)
        if by is not None and chain.thing is not None:
            yield Date(
                code="foreseen",
                at=by,
                instrument=chain.thing.founding.instrument,
                title=chain.thing.founding.name,
                thing=name,
                whose=picture.shared.parties,
            )


def _meetings(picture: Picture) -> Iterator[Date]:
    """Yield when meetings that both confirmed begin, until both have opened them."""
    for one in picture.shared.coordination.meetings.things():
        if one.status in AHEAD:
            yield Date(
                code="meeting",
                at=Instant.parse(one.slot.start),
                instrument=one.opening.instrument,
                title=one.title,
                thing=one.id,
                whose=picture.shared.parties,
                zone=one.slot.zone,
            )


def _texts(picture: Picture) -> Iterator[Date]:
    for seen in picture.views.values():
        for at, code, part in _of_text(seen, at=picture.shared.at):
            yield Date(
                code=code,
                at=at,
                instrument=seen.instrument,
                title=seen.opening.title,
                part=part,
                whose=picture.shared.parties,
            )


def _of_text(seen: InstrumentView, *, at: Instant) -> Iterator[tuple[Instant, str, str]]:
    open_now = (each for each in seen.attempts if each.outcome is Outcome.SIGNING)
    yield from ((each.manifest.closes, "window", "") for each in open_now)
    term = term_of(seen, at=at)
    if term is not None and str(seen.status) in {"in_force", "suspended"}:
        reviews = enumerate(term.reviews, 1)
        yield from ((review, "review", str(n)) for n, review in reviews if review > at)
        yield from ((ends, "term", "") for ends in (term.ends_at,) if ends is not None)


def _parties(picture: Picture, named: str) -> tuple[str, ...]:
    return picture.shared.parties if named == BOTH else (named,)
