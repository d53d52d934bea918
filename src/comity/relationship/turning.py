"""Joint projects between the two: what each waits for, and for whom.

What a project's own list shows as somebody's turn (``technology.project_turns``) and nothing else,
beside the notice that one side gave. Since when is the act that asked, or that brought the project
where it stands. Source: agreements.md B7, D7; spec 12.8.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from comity.agreements.model import named_fields
from comity.agreements.views import InstrumentView
from comity.coordination.statement_values import speaking
from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Chain, Deed
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref
from comity.technology.project_steps import ARRANGED
from comity.technology.project_turns import Next, anew, by_each, notices_of, turns
from comity.technology.projects import Project

#: Where a text stands that may come into force as an arrangement, the one furthest away first.
UNDER_WAY: Final = (
    *("tabled", "negotiating", "clean", "agreed_ad_ref", "initialled", "signing", "signed"),
    "awaiting_entry",
)
#: By what comes next, the step that asked for it, and the member that names what it is about; of a
#: step that needs both, the word of the one that said it is what asks.
_ASKED_BY: Final[Mapping[str, tuple[str, str]]] = {
    "agree_plan": ("plan", ""),
    "accept": ("claim", "milestone"),
    "confirm": ("enter", "item"),
    "take_back": ("give_back", "loan"),
    "receive": ("lend", "loan"),
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
            step, title = _asked(picture, one, each)
            yield f"project.{step}", terms.instrument, title, one.id, whose, ref, until
        for party, leaves in () if void else notices_of(one, at=shared.at):
            ref = _place(_last(chain, "notice", {}, by=party) or chain.deeds[0])
            yield "project.notice", terms.instrument, terms.title, one.id, (party,), ref, leaves


def over(picture: Picture, project: Project) -> bool:
    """Return whether a project is void: an agreement that it stands on has ended."""
    views = (picture.views.get(name) for name, _ in project.all_grounds(""))
    at = picture.shared.at
    return any(
        view is not None and view.ends_at is not None and at >= view.ends_at for view in views
    )


def _asked(picture: Picture, one: Project, coming: Next) -> tuple[str, str]:
    """Return what is asked, and what a person reads of it.

    Nobody can name an arrangement while no agreement is in force that could be one: ``text`` where
    such a text is under way, ``draft`` where none is.
    """
    title = _title(one, coming)
    if coming.step != "arrange":
        return coming.step, title
    if any(str(view.status) == "in_force" for view in _candidates(picture, one)):
        return "arrange", title
    texts = _under_way(picture, one)
    return ("text", f"{title}: {texts[-1].opening.title}") if texts else ("draft", title)


def _under_way(picture: Picture, one: Project) -> tuple[InstrumentView, ...]:
    """Return the texts under way that may become the arrangement of a project, furthest last."""
    found = [view for view in _candidates(picture, one) if str(view.status) in UNDER_WAY]
    return tuple(sorted(found, key=lambda view: UNDER_WAY.index(str(view.status))))


def turn_facts(picture: Picture, code: str, name: str) -> JsonObject:
    """Return what else there is to say of what waits in a project.

    Whether each of the two has to do it, where it is for both. Of a text that is waited for: how
    many may become the arrangement, and how far the first is. Of the beginning: whether the plan is
    another than the one that both approved.
    """
    if code not in {"project.text", "project.start"}:
        return {"each": True} if by_each(code.removeprefix("project.")) else {}
    one = picture.shared.technology.projects.get(name)
    assert one is not None  # whoever asks has its matter
    if code == "project.start":
        return {"replanned": one.replanned}
    texts = _under_way(picture, one)
    return {"texts": len(texts), "status": str(texts[-1].status)}


def _candidates(picture: Picture, one: Project) -> Iterator[InstrumentView]:
    """Yield the texts that may be named: an own instrument, under no other agreement.

    None is what another project named that lives, was closed or handed over, nor what a joint
    statement says. Source: spec 12.1.5.
    """
    framework = one.terms.instrument
    taken = {
        each.arrangement.instrument
        for each in picture.shared.technology.projects.things()
        if each.arrangement is not None and each.status in ARRANGED and each.id != one.id
    }
    statements = tuple(picture.shared.coordination.statements.things())
    for name, view in picture.views.items():
        under = {value["instrument"] for _, value in named_fields(view.contents, "basis")}
        free = name not in {framework, *taken} and under <= {framework}
        if free and view.to_sign and not any(speaking(statements, name)):
            yield view


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


def _last(
    chain: Chain[Project], step: str, about: Mapping[str, str], *, by: str = ""
) -> Deed | None:
    """Return the last act of a step that counted, about what is named; by one party, if named."""
    idle = {(each.party, each.n) for each in chain.idle}
    return next(
        (
            deed
            for deed in reversed(chain.deeds)
            if deed.step == step
            and by in {"", deed.party}
            and (deed.party, deed.n) not in idle
            and all(deed.data.get(name) == value for name, value in about.items())
        ),
        None,
    )


def _place(deed: Deed) -> Ref:
    return Ref(party=deed.party, n=deed.n)
