"""Whose act comes next in a project: what was asked and waits, the way on, what a day has brought.

One function for everybody who lists what waits, so that no two lists differ. Nothing here moves a
project. Source: spec 12.8.
"""

from collections.abc import Iterator
from typing import Final

import attrs

from comity.foundation.instants import Instant
from comity.technology.project_forms import BOTH, Milestone
from comity.technology.project_steps import LIVE, STEPS, Status
from comity.technology.project_views import can
from comity.technology.projects import Project
from comity.technology.register import Loan

#: A loan that is due back within so many days is told to both.
LOAN_SOON_DAYS: Final = 14
_SOON_S: Final = LOAN_SOON_DAYS * 86_400
#: Of these each stands for itself.
_EACH: Final = frozenset(("overdue", "loan_due"))


@attrs.frozen(kw_only=True)
class Next:
    """What would bring a project on: a step, and the parties that could take it.

    Attributes:
        step: A step of the machine; ``overdue`` for a milestone past its day that nobody claims,
            ``loan_due`` for a loan that is due back soon; ``blocked`` where a critical item stops
            it; ``answer`` where a proposal waits; empty where nothing is to be done any more.
        parties: Whose turn it is; of a proposal the one that did not make it, which is not named.
        about: The milestone, item or loan that it is about; empty else.
        by: The day that the acts name for it, if one.
    """

    step: str
    parties: tuple[str, ...] = ()
    about: str = ""
    by: str | None = None


def turns(project: Project, *, at: Instant) -> tuple[Next, ...]:
    """Return everything that somebody has to do at an instant, the first one first.

    Of several things of one kind for the same party the first stands for all; each milestone that
    is overdue and each loan that is soon due stands for itself. Of a project that
    has ended, or that is void, nobody has to do anything; that it is void, the caller knows.
    """
    found: dict[tuple[str, tuple[str, ...], str], Next] = {}
    dated = tuple(_by_date(project, at))
    late = {each.about for each in dated if each.step == "overdue"}
    for each in (*_by_acts(project), *dated):
        own = each.about if each.step in _EACH else ""
        if each.step != "claim" or each.about not in late:
            found.setdefault((each.step, each.parties, own), each)
    return tuple(found.values())


def next_of(project: Project) -> Next:
    """Return what comes next by the acts: first what one party waits for, then the way on."""
    return next(iter(_by_acts(project)), Next(step=""))


def notice_of(project: Project, *, at: Instant) -> tuple[str, Instant] | None:
    """Return who leaves from which day, while that day lies ahead; None where nobody does."""
    if project.notice is None or project.status not in LIVE:
        return None
    party, notice = project.notice
    leaves = Instant.parse(notice.leaves)
    return (party, leaves) if leaves > at else None


def _by_acts(project: Project) -> tuple[Next, ...]:
    if project.status not in LIVE:
        return ()
    if project.status == Status.PROPOSED:
        return (Next(step="answer", by=project.terms.answer_by),)
    awaited = [_now(project, each) for each in _awaited(project)]
    found = [each for each in awaited if each.parties]
    ends = [each for each in found if each.step == "abandon"]  # a word for the end is no way on
    return (*([each for each in found if each not in ends] or [_onward(project)]), *ends)


def _now(project: Project, coming: Next) -> Next:
    """Return what is awaited of those alone that can do it where the project stands now."""
    step = STEPS[coming.step]
    able = tuple(each for each in coming.parties if can(project, each, step))
    return attrs.evolve(coming, parties=able)


def _by_date(project: Project, at: Instant) -> Iterator[Next]:
    """Yield what a day has brought, or brings: milestones, loans, the day of a notice."""
    if project.status not in LIVE:
        return
    plan = project.plan
    if project.status == Status.ACTIVE and plan.agreed is not None:
        for one in sorted(plan.agreed.milestones, key=lambda each: (each.due, each.key)):
            if plan.overdue(one, at):
                whose = _performers(project, one)
                yield Next(step="overdue", parties=whose, about=one.key, by=one.due)
    for name, loan in project.register.loans.items():
        if loan.state == "sent_back":
            continue
        if loan.overdue(at):
            yield _home(project, name, loan)
        elif project.status != Status.CLOSING and loan.overdue(at.plus(_SOON_S)):
            yield attrs.evolve(_home(project, name, loan), step="loan_due")
    if project.notice is not None and Instant.parse(project.notice[1].leaves) <= at:
        yield Next(step="leave", parties=project.notice[:1], by=project.notice[1].leaves)


def _but(project: Project, party: str) -> tuple[str, ...]:
    return tuple(each for each in project.parties if each != party)


def _awaited(project: Project) -> Iterator[Next]:
    """Yield what one party has done and the other has to answer, or both have to say anew."""
    for step, words in project.asked.items():
        parties = _but(project, *words) if len(words) == 1 else project.parties
        yield Next(step=step, parties=parties)
    if project.plan.put_up is not None:
        yield Next(step="agree_plan", parties=_but(project, project.plan.by))
    for key, reached in project.plan.reached.items():
        if reached.state == "claimed":
            yield Next(step="accept", parties=_but(project, reached.by), about=key)
    for item in project.register.waiting():
        yield Next(step="confirm", parties=_but(project, item.by), about=item.entry.item)
    for name, loan in project.register.loans.items():
        if loan.state == "sent_back":
            yield _home(project, name, loan)


def _home(project: Project, name: str, loan: Loan) -> Next:
    """Return what brings a loan home: its borrower sends it, then its lender says that it came."""
    if loan.state == "sent_back":
        return Next(step="take_back", parties=(loan.lender,), about=name, by=loan.terms.due)
    parties = _but(project, loan.lender)
    return Next(step="give_back", parties=parties, about=name, by=loan.terms.due)


#: Where nothing else is to be looked at, the step by which both can go on.
_ONWARD: Final = {
    Status.EXPORTABILITY_CHECKED: "arrange",
    Status.APPROVED: "start",
    Status.PAUSED: "resume",
}


def _onward(project: Project) -> Next:
    """Return the next step of the way of a project that goes well."""
    both = project.parties
    match project.status:
        case Status.EXPLORATORY:
            unnamed = tuple(each for each in both if not all(project.people[each]))
            made = Next(step="name" if unnamed else "intend", parties=unnamed or both)
        case Status.INTENT_SIGNED:
            missing = tuple(each for each in both if each not in project.sheets)
            stopped = tuple(dict.fromkeys(party for party, _ in project.blocked()))
            made = Next(step="blocked" if stopped else "sheet", parties=stopped or missing)
        case Status.ARRANGING:
            made = Next(step="plan" if project.plan.agreed is None else "approve", parties=both)
        case Status.ACTIVE:
            made = _working(project)
        case Status.CLOSING:
            made = _closing(project)
        case _:
            made = Next(step=_ONWARD[project.status], parties=both)
    return made


def _closing(project: Project) -> Next:
    away = ((name, loan) for name, loan in project.register.loans.items() if loan.open)
    first = next(away, None)
    if first is not None:
        return _home(project, *first)
    return Next(step="close", parties=project.parties)


def _working(project: Project) -> Next:
    plan = project.plan
    assert plan.agreed is not None  # nothing is approved without a plan
    ahead = [
        each for each in plan.agreed.milestones if plan.state(each.key) in {"open", "rejected"}
    ]
    if not ahead:
        return Next(step="wind_up", parties=project.parties)
    first = min(ahead, key=lambda each: (each.due, each.key))
    whose = _performers(project, first)
    return Next(step="claim", parties=whose, about=first.key, by=first.due)


def _performers(project: Project, milestone: Milestone) -> tuple[str, ...]:
    return project.parties if milestone.performer == BOTH else (milestone.performer,)
