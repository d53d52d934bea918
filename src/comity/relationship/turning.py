"""Joint projects between the two: what each waits for, and for whom.

What a project's own list shows as somebody's turn (``technology.project_turns``) and nothing else,
beside the notice that one side gave. Since when is the act that asked, or that brought the project
where it stands. Source: agreements.md B7, D7; spec 12.8.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from comity.foundation.deeds import Chain, Deed
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref
from comity.technology.project_turns import Next, anew, notice_of, turns
from comity.technology.projects import Project

#: By what comes next, the step that asked for it, and the member that names what it is about; of a
#: step that needs both, the word of the one that said it is what asks.
_ASKED_BY: Final[Mapping[str, tuple[str, str]]] = {
    "agree_plan": ("plan", ""),
    "accept": ("claim", "milestone"),
    "confirm": ("enter", "item"),
    "take_back": ("give_back", "loan"),
    "give_back": ("lend", "loan"),
    "loan_due": ("lend", "loan"),
    "leave": ("notice", ""),
}


def turning(
    picture: Picture,
) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref, Instant | None]]:
    """Yield what waits for somebody in projects.

    Each is a code, the instrument, the title, the id, whom it waits for, the act since which, and
    the day that the acts name for it.
    """
    shared = picture.shared
    for _, chain in sorted(shared.technology.projects.chains.items()):
        one = chain.thing
        if one is None:
            continue
        terms, void = one.terms, over(picture, one)
        for each in turns(one, at=shared.at, ended=void):
            whose = each.parties or (shared.other(one.opener),)
            until = None if each.by is None else Instant.parse(each.by)
            ref = _since(chain, one, each)
            title = _title(one, each)
            yield f"project.{each.step}", terms.instrument, title, one.id, whose, ref, until
        notice = notice_of(one, at=shared.at)
        if notice is not None and not void:
            party, leaves = notice
            ref = _place(_last(chain, "notice", {}) or chain.deeds[0])
            yield "project.notice", terms.instrument, terms.title, one.id, (party,), ref, leaves


def over(picture: Picture, project: Project) -> bool:
    """Return whether a project is void: an agreement that it stands on has ended."""
    views = (picture.views.get(name) for name, _ in project.all_grounds(""))
    at = picture.shared.at
    return any(
        view is not None and view.ends_at is not None and at >= view.ends_at for view in views
    )


def _title(one: Project, coming: Next) -> str:
    """Return what a person reads: the project, with what it is about where each stands alone."""
    loan = one.register.loans.get(coming.about)
    milestone = one.plan.milestone(coming.about)
    if loan is not None:
        return f"{one.terms.title}: {loan.terms.what}"
    return one.terms.title if milestone is None else f"{one.terms.title}: {milestone.title}"


def _since(chain: Chain[Project], one: Project, coming: Next) -> Ref:
    """Return the act that asked for what comes next; else the one that brought it to its state."""
    again = anew(coming.step)
    step, member = _ASKED_BY.get(coming.step, (again or coming.step, ""))
    if coming.step not in _ASKED_BY and step not in one.asked:
        return Ref(party=one.moved[0], n=one.moved[1])
    deed = _last(chain, step, {member: coming.about} if member else {})
    return Ref(party=one.moved[0], n=one.moved[1]) if deed is None else _place(deed)


def _last(chain: Chain[Project], step: str, about: Mapping[str, str]) -> Deed | None:
    """Return the last act of a step that counted, about what is named."""
    idle = {(each.party, each.n) for each in chain.idle}
    return next(
        (
            deed
            for deed in reversed(chain.deeds)
            if deed.step == step
            and (deed.party, deed.n) not in idle
            and all(deed.data.get(name) == value for name, value in about.items())
        ),
        None,
    )


def _place(deed: Deed) -> Ref:
    return Ref(party=deed.party, n=deed.n)
