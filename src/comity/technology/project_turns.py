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
from comity.technology.project_views import can, outdated
from comity.technology.projects import Project
from comity.technology.register import Loan

#: What is due within so many days is told: a milestone to its performer, a loan to its borrower.
SOON_DAYS: Final = 14
_SOON_S: Final = SOON_DAYS * 86_400
#: Of these each stands for itself.
_EACH: Final = frozenset(
    ("accept", "overdue", "due", "receive", "give_back", "take_back", "loan_due")
)
#: What both have to do, each for itself; of all else one of the two is enough.
_BY_EACH: Final = frozenset(
    ("name", "sheet", "blocked", *(step.name for step in STEPS.values() if step.both))
)
#: What a step that needs both is called where what was said of it cannot count any more.
_ANEW: Final = "_anew"


@attrs.frozen(kw_only=True)
class Next:
    """What would bring a project on: a step, and the parties that could take it.

    Attributes:
        step: A step of the machine; ``due`` and ``overdue`` for a milestone near or past its day
            that nobody claimed, ``loan_due`` for a loan that is due back soon; with ``_anew`` a
            step that both have to say again; ``blocked`` where a critical item stops it; ``answer``
            where a proposal waits.
        parties: Whose turn it is; of a proposal the one that did not make it, which is not named.
        about: The milestone, item or loan that it is about; empty else.
        by: The day that the acts name for it, if one.
    """

    step: str
    parties: tuple[str, ...] = ()
    about: str = ""
    by: str | None = None


def turns(project: Project, *, at: Instant, ended: bool = False) -> tuple[Next, ...]:
    """Return everything that somebody has to do at an instant, the first one first.

    Of several things of one kind for the same party the first stands for all; each claim, each
    milestone near or past its day and each loan that is to come home stands for itself. Of a
    project that has ended what is still lent is left, and nothing else.

    Args:
        project: The project.
        at: The instant of looking.
        ended: Whether an agreement that it stands on has ended: it is void.
    """
    found: dict[tuple[str, tuple[str, ...], str], Next] = {}
    for each in _all(project, at, ended=ended):
        own = each.about if each.step in _EACH else ""
        found.setdefault((each.step, each.parties, own), each)
    return tuple(found.values())


def anew(step: str) -> str:
    """Return the step of the machine that is to be said again; empty where it is none of those."""
    return step.removesuffix(_ANEW) if step.endswith(_ANEW) else ""


def by_each(step: str) -> bool:
    """Return whether what waits for both is for each of them to do, and not for one alone."""
    return (anew(step) or step) in _BY_EACH


def notices_of(project: Project, *, at: Instant) -> Iterator[tuple[str, Instant]]:
    """Yield who leaves from which day, while that day lies ahead."""
    for party, notice in project.notices.items():
        leaves = Instant.parse(notice.leaves)
        if project.status in LIVE and leaves > at:
            yield party, leaves


def _all(project: Project, at: Instant, *, ended: bool) -> Iterator[Next]:
    """Yield what waits: what was asked, the way on, a word for the end, what a day has brought."""
    if ended or project.status not in LIVE:
        yield from _loans(project, at, home=True)
        return
    if project.status == Status.PROPOSED:
        yield Next(step="answer", by=project.terms.answer_by)
        return
    asked = [_now(project, each) for each in _asked(project)]
    ends = [each for each in asked if each.step == "abandon"]  # a word for the end is no way on
    yield from (each for each in asked if each.parties and each not in ends)
    yield from _waiting(project)
    dated = tuple(_by_date(project, at))
    told = {each.about for each in dated if each.step in {"overdue", "due"}}
    onward = _onward(project)
    words = any(each.parties and each.step not in {"agree_plan", "abandon"} for each in asked)
    if onward is not None and not words and onward.about not in told:
        yield onward
    yield from (each for each in ends if each.parties)
    yield from dated


def _now(project: Project, coming: Next) -> Next:
    """Return what is awaited of those alone that can do it where the project stands now."""
    step = STEPS[anew(coming.step) or coming.step]
    able = tuple(each for each in coming.parties if can(project, each, step))
    return attrs.evolve(coming, parties=able)


def _by_date(project: Project, at: Instant) -> Iterator[Next]:
    """Yield what a day has brought, or brings: milestones, loans, the day of a notice."""
    plan = project.plan
    if project.status == Status.ACTIVE and plan.agreed is not None:
        soon = at.plus(_SOON_S)
        for one in sorted(plan.agreed.milestones, key=lambda each: (each.due, each.key)):
            if plan.overdue(one, soon):
                step = "overdue" if plan.overdue(one, at) else "due"
                whose = _performers(project, one)
                yield Next(step=step, parties=whose, about=one.key, by=one.due)
    yield from _loans(project, at, home=project.status == Status.CLOSING)
    for party, notice in project.notices.items():
        if Instant.parse(notice.leaves) <= at:
            yield Next(step="leave", parties=(party,), by=notice.leaves)


def _loans(project: Project, at: Instant, *, home: bool) -> Iterator[Next]:
    """Yield what is lent: on its way, past its day, soon due; all of it when it comes home."""
    for name, loan in project.register.loans.items():
        if loan.state == "sent_back" or (loan.open and home) or loan.overdue(at):
            yield _home(project, name, loan)
        elif loan.overdue(at.plus(_SOON_S)):
            yield attrs.evolve(_home(project, name, loan), step="loan_due")
        elif loan.state == "lent":
            yield Next(step="receive", parties=_but(project, loan.lender), about=name)


def _but(project: Project, party: str) -> tuple[str, ...]:
    return tuple(each for each in project.parties if each != party)


def _asked(project: Project) -> Iterator[Next]:
    """Yield what one party has said of the way, and the other answers, or both have to say anew."""
    for step, words in project.asked.items():
        fit = [party for party, said in words.items() if not outdated(project, said)]
        if len(fit) == 1:
            yield Next(step=step, parties=_but(project, *fit))
        else:
            yield Next(step=step + _ANEW, parties=project.parties)
    if project.plan.put_up is not None:
        yield Next(step="agree_plan", parties=_but(project, project.plan.by))


def _waiting(project: Project) -> Iterator[Next]:
    """Yield what one party has claimed or entered, and the other has to answer."""
    for key, reached in project.plan.reached.items():
        if reached.state == "claimed":
            yield Next(step="accept", parties=_but(project, reached.by), about=key)
    for item in project.register.waiting():
        yield Next(step="confirm", parties=_but(project, item.by), about=item.entry.item)


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


def _onward(project: Project) -> Next | None:
    """Return the next step of the way of a project that goes well, if what waits is none of it."""
    both = project.parties
    match project.status:
        case Status.EXPLORATORY:
            unnamed = tuple(each for each in both if not all(project.people[each]))
            return Next(step="name" if unnamed else "intend", parties=unnamed or both)
        case Status.INTENT_SIGNED:
            missing = tuple(each for each in both if each not in project.sheets)
            stopped = tuple(dict.fromkeys(party for party, _ in project.blocked()))
            return Next(step="blocked" if stopped else "sheet", parties=stopped or missing)
        case Status.ARRANGING:
            return _arranging(project)
        case Status.ACTIVE:
            return _working(project)
        case Status.CLOSING:
            held = project.register
            opens = any(held.lent()) or any(held.waiting()) or _claimed(project)
            return None if opens else Next(step="close", parties=both)
        case _:
            return Next(step=_ONWARD[project.status], parties=both)


def _arranging(project: Project) -> Next | None:
    if project.plan.put_up is not None:
        return None  # the answer to it comes first
    step = "plan" if project.plan.agreed is None else "approve"
    return Next(step=step, parties=project.parties)


def _claimed(project: Project) -> bool:
    return any(each.state == "claimed" for each in project.plan.reached.values())


def _working(project: Project) -> Next | None:
    plan = project.plan
    assert plan.agreed is not None  # nothing is approved without a plan
    ahead = [
        each for each in plan.agreed.milestones if plan.state(each.key) in {"open", "rejected"}
    ]
    if not ahead:
        return None if _claimed(project) else Next(step="wind_up", parties=project.parties)
    first = min(ahead, key=lambda each: (each.due, each.key))
    whose = _performers(project, first)
    return Next(step="claim", parties=whose, about=first.key, by=first.due)


def _performers(project: Project, milestone: Milestone) -> tuple[str, ...]:
    return project.parties if milestone.performer == BOTH else (milestone.performer,)
