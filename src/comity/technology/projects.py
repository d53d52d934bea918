"""Joint projects: proposed, checked for exportability early, arranged, run, closed.

Nothing is approved without both: the same arrangement, by the digest of its text, and the same
plan. Nothing is closed while a loan is open or a foreground item waits for a word. Silence is
shown as its age and comes to nothing. The table of steps stands in ``project_steps``, the forms of
the acts in ``project_forms``. Source: agreements.md B7, D2.7; spec 12.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

import attrs

from comity.foundation.canonical import JsonObject, canonical, digest
from comity.foundation.deeds import (
    OPENER,
    OTHER,
    Deed,
    begins,
    json_of,
    may,
    missing,
    read_act,
)
from comity.foundation.errors import PeerError, RefusedError
from comity.foundation.instants import Instant
from comity.technology import plans, register
from comity.technology.plans import Planned, plan_digest
from comity.technology.project_forms import (
    FORMS,
    AgreePlan,
    Approve,
    Arrange,
    Body,
    Claim,
    Close,
    Confirm,
    Enter,
    Explore,
    Foreseen,
    HandOver,
    Intend,
    Lend,
    Notice,
    OnItem,
    OnLoan,
    OnMilestone,
    People,
    Plan,
    Propose,
    Reasoned,
    Recall,
    RejectMilestone,
    Sheet,
    WriteOff,
)
from comity.technology.project_steps import FAMILY, KINDS, NOTICER, STEPS, Status, goes_on
from comity.technology.register import Register

V = TypeVar("V")

__all__ = ("FAMILY", "KINDS", "STEPS", "Project", "Status", "admit", "apply")


@attrs.frozen(kw_only=True)
class Project:
    """What the acts on one project come to.

    Attributes:
        id: Its id.
        terms: What was proposed.
        opener: Who proposed it.
        answerer: The other party, once it has answered; empty before.
        status: Where it stands by its acts.
        people: By party, who sponsors it there and who will use what it makes.
        sheets: By party, the controlled items it foresees.
        arrangement: The project arrangement, as last named.
        approved: What both approved.
        plan: Plan and milestones.
        register: Background, foreground, loans.
        notices: By party, from when it leaves and why; the last given comes last.
        left: The act by which a party left after notice.
        closing: What both said when it ended: register, authorisations, receiver.
        reason: The words of the last decline, pause, abandonment or notice.
        asked: By step that needs both, what each party has said so far.
        moved: The act that brought it into its state.
        last: The last act that counted.
    """

    id: str
    terms: Propose
    opener: str
    answerer: str = ""
    status: Status
    people: Mapping[str, tuple[str, str]]
    sheets: Mapping[str, Sheet] = attrs.field(factory=dict)
    arrangement: Arrange | None = None
    approved: Approve | None = None
    plan: Planned = attrs.field(factory=Planned)
    register: Register = attrs.field(factory=Register)
    notices: Mapping[str, Notice] = attrs.field(factory=dict)
    left: tuple[str, int] | None = None
    closing: JsonObject = attrs.field(factory=dict)
    reason: str = ""
    asked: Mapping[str, Mapping[str, JsonObject]] = attrs.field(factory=dict)
    moved: tuple[str, int]
    last: tuple[str, int]

    @property
    def parties(self) -> tuple[str, str]:
        """The two parties; the second is empty while the proposal has no answer."""
        return (self.opener, self.answerer)

    @property
    def grounds(self) -> tuple[str, str]:
        """The instrument and unit it stands on: its arrangement, once both approved that."""
        if self.approved is not None and self.arrangement is not None:
            return (self.arrangement.instrument, self.arrangement.unit)
        return (self.terms.instrument, self.terms.unit)

    def all_grounds(self, step: str) -> tuple[tuple[str, str], ...]:
        """Return every instrument and unit that must allow a step: the framework's, and its own.

        The arrangement is asked from the approval on: the first word for it is asked already.
        """
        made = [(self.terms.instrument, self.terms.unit)]
        if self.arrangement is not None and (self.approved is not None or step == "approve"):
            made.append((self.arrangement.instrument, self.arrangement.unit))
        return tuple(made)

    @property
    def intent(self) -> str:
        """The digest of terms and people of both sides: what a statement of intent names."""
        people: JsonObject = {
            party: {"sponsor": sponsor, "user": user}
            for party, (sponsor, user) in self.people.items()
        }
        return digest(canonical({"terms": json_of(self.terms), "people": people}))

    @property
    def named(self) -> bool:
        """Whether sponsor and user are named on both sides."""
        return len(self.people) == 2 and all(all(pair) for pair in self.people.values())

    def blocked(self) -> Iterator[tuple[str, str]]:
        """Yield the critical items that cannot be released: whose, and what."""
        for party, sheet in self.sheets.items():
            for item in sheet.items:
                if item.critical and item.release == "no":
                    yield party, item.name

    @property
    def exportable(self) -> bool:
        """Whether both sides have entered their sheets and neither stops the project."""
        return len(self.sheets) == 2 and not any(self.blocked())

    @property
    def ready(self) -> bool:
        """Whether everything is there that is approved: arrangement and plan.

        That both sheets are in without a stop is what ``arranging`` means.
        """
        return self.plan.agreed is not None and self.arrangement is not None

    @property
    def replanned(self) -> bool:
        """Whether the plan that counts is another than the one that both approved."""
        approved, plan = self.approved, self.plan.agreed
        return approved is not None and plan is not None and plan_digest(plan) != approved.plan

    def plays(self, party: str, part: str) -> bool:
        """Return whether a party has a part; those of items, loans and milestones: see there."""
        match part:
            case "opener":
                return self.opener == party
            case "other":
                return self.opener != party
            case "noticer":
                return party in self.notices
            case _:
                return True

    def recallable(self, party: str) -> Iterator[tuple[str, str | None]]:
        """Yield what a party said that does not count yet, and of a claim the milestone."""
        plan = self.plan
        yield from ((step, None) for step, words in self.asked.items() if party in words)
        if plan.put_up is not None and plan.by == party:
            yield "plan", None
        for key, reached in plan.reached.items():
            if reached.state == "claimed" and reached.by == party:
                yield "claim", key
        if party in self.notices:
            yield "notice", None


def terms_digest(terms: Propose) -> str:
    """Return the digest of the terms of a proposal: what an answer names."""
    return digest(canonical(json_of(terms)))


# --- reading ------------------------------------------------------------------------------------


def read(deed: Deed) -> Body:
    """Return what an act says.

    Raises:
        PeerError: ``deeds.form``, ``deeds.kind``, ``basics.*``.
    """
    return read_act(deed, FORMS, family=FAMILY)


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``, ``deeds.kind``; ``projects.twice``: two
            milestones of one name; ``projects.recall_form``: a claim without its milestone.
    """
    body = read(deed)
    match body:
        case Propose(answer_by=str(at)) | Lend(due=at) | Notice(leaves=at):
            Instant.parse(at)
        case Plan(milestones=milestones):
            for each in milestones:
                Instant.parse(each.due)
            if len({each.key for each in milestones}) != len(milestones):
                raise PeerError("projects.twice", "Two milestones of a plan have one name.")
        case Recall(of=what, milestone=key) if (what == "claim") != (key is not None):
            raise PeerError("projects.recall_form", "A recall names a milestone for a claim alone.")
        case _:
            pass


# --- applying -----------------------------------------------------------------------------------


def apply(project: Project | None, deed: Deed) -> Project:
    """Return the project after one more act.

    Raises:
        RefusedError: ``projects.*``: the act cannot count at its place, and why.
    """
    body, step = read(deed), STEPS[deed.step]
    if isinstance(body, Propose):
        return _begun(project, deed, body)
    if project is None:
        raise missing("project")
    plays = project.plays(deed.party, step.by)
    may(project.terms.title, project.status, step, plays=plays, whose=_WHOSE)
    _check(project, body)
    if goes_on(step):
        project = _going_on(project, deed.party)
    if step.both:
        return _by_both(project, deed, body)
    return _moved(project, deed, body)


#: What people call the parts that a step of this machine can want.
_WHOSE: Final[Mapping[str, str]] = {
    OPENER: "who proposed it",
    OTHER: "the party to which it was proposed",
    NOTICER: "who gave notice",
}


def _begun(project: Project | None, deed: Deed, body: Propose) -> Project:
    begins(project, "a project")
    return Project(
        id=body.project,
        terms=body,
        opener=deed.party,
        status=Status.PROPOSED,
        people={deed.party: (body.sponsor, body.user)},
        moved=(deed.party, deed.n),
        last=(deed.party, deed.n),
    )


def _check(project: Project, body: Body) -> None:
    """Pass if what must be so before this act is so."""
    match body:
        case Explore() if body.terms != terms_digest(project.terms):
            raise RefusedError("projects.other_terms", "What was answered is not the proposal.")
        case Intend():
            _check_intent(project, body)
        case Arrange() if body.instrument == project.terms.instrument:
            raise RefusedError(
                "projects.own_arrangement",
                "The arrangement of a project is an instrument of its own under the framework, not"
                " the framework itself.",
            )
        case Sheet() if unsaid := [each.name for each in body.items if _unsaid(each)]:
            raise RefusedError(
                "projects.no_conditions",
                f"Release on conditions, and none is named: {', '.join(unsaid)[:500]}.",
            )
        case Approve():
            _check_approval(project, body)
        case Close() | HandOver():
            _check_end(project, body)
        case Enter():
            register.check_owner(body, parties=project.parties)
        case _:
            pass


def _unsaid(item: Foreseen) -> bool:
    """Return whether an item is released on conditions that nobody can read. Source: 12.3.3."""
    return item.release == "conditional" and not item.conditions


def _check_intent(project: Project, body: Intend) -> None:
    if not project.named:
        raise RefusedError(
            "projects.unnamed", "Sponsor and user are named on both sides before the intent."
        )
    if body.intent != project.intent:
        raise RefusedError(
            "projects.other_intent",
            "What was signed is not what both say now: the terms with sponsor and user of both"
            " sides.",
        )


def _check_approval(project: Project, body: Approve) -> None:
    plan = project.plan.agreed
    named = project.arrangement
    if plan is None or named is None:
        raise RefusedError(
            "projects.not_ready",
            "Approval needs the arrangement, and a plan agreed by both.",
        )
    if named.instrument != body.instrument or plan_digest(plan) != body.plan:
        raise RefusedError(
            "projects.other_approval",
            "What was approved is not the arrangement and the plan that both agreed on.",
        )


def _check_end(project: Project, body: Close | HandOver) -> None:
    held = project.register
    if away := [loan.terms.what for loan in held.lent()]:
        raise RefusedError(
            "projects.loans_open", f"Still lent: {', '.join(away)[:500]}; nothing is closed before."
        )
    if waiting := [item.entry.title for item in held.waiting()]:
        raise RefusedError(
            "projects.register_open",
            f"Foreground that one party has not confirmed: {', '.join(waiting)[:500]}.",
        )
    if body.register != held.digest:
        raise RefusedError("projects.other_register", "The register reads otherwise by now.")


def _by_both(project: Project, deed: Deed, body: Body) -> Project:
    """Return the project with one party's word, moved if the other has said the same."""
    said = {name: value for name, value in deed.data.items() if name != "reason"}
    words: dict[str, JsonObject] = {**project.asked.get(deed.step, {}), deed.party: said}
    asked = {**project.asked, deed.step: words}
    if len(words) == 2 and all(each == said for each in words.values()):
        return _moved(project, deed, body)
    reason = body.reason if isinstance(body, Reasoned) else project.reason
    return attrs.evolve(project, asked=asked, reason=reason, last=(deed.party, deed.n))


def _going_on(project: Project, party: str) -> Project:
    """Return the project without a lone word of a party for abandoning (12.3.6)."""
    if party not in project.asked.get("abandon", {}):
        return project
    return attrs.evolve(project, asked=_but(project.asked, "abandon"), reason="")


def _moved(project: Project, deed: Deed, body: Body) -> Project:
    """Return the project after an act that counts."""
    target, place = STEPS[deed.step].target, (deed.party, deed.n)
    changed = _with(project, deed, body)
    if not target:
        return attrs.evolve(changed, last=place)
    same = target == project.status
    return attrs.evolve(
        changed,
        status=Status(target),
        asked=changed.asked if same else {},
        moved=project.moved if same else place,
        last=place,
    )


def _with(  # noqa: PLR0911  # one line a form
    project: Project, deed: Deed, body: Body
) -> Project:
    """Return the project with what an act says of itself, of its people and papers."""
    match body:
        case Explore():
            people = {**project.people, deed.party: (body.sponsor, body.user)}
            return attrs.evolve(project, people=people, answerer=deed.party)
        case People():
            people = {**project.people, deed.party: (body.sponsor, body.user)}
            return attrs.evolve(project, people=people)
        case Sheet():
            return _sheeted(project, deed, body)
        case Arrange():
            return attrs.evolve(_unapproved(project), arrangement=body)
        case Approve():
            return attrs.evolve(project, approved=body)
        case Reasoned():
            return attrs.evolve(project, reason=body.reason)
        case Notice():
            notices = _but(project.notices, deed.party) | {deed.party: body}
            return attrs.evolve(project, notices=notices, reason=body.reason)
        case Close() | HandOver():
            said = {name: value for name, value in json_of(body).items() if name != "project"}
            return attrs.evolve(project, closing=said)
        case Recall():
            return _recalled(project, deed.party, body)
        case _:
            return _held(project, deed, body)


def _held(project: Project, deed: Deed, body: Body) -> Project:
    """Return the project with what an act says of its plan and register."""
    plan, held = project.plan, project.register
    match body:
        case Plan():
            plan = plans.put_up(plan, deed, body, parties=project.parties)
        case AgreePlan():
            return attrs.evolve(_unapproved(project), plan=plans.agreed_to(plan, deed, body))
        case Claim():
            plan = plans.claimed(plan, deed, body)
        case OnMilestone() | RejectMilestone():
            plan = plans.answered(plan, deed, body)
        case Enter():
            held = register.entered(held, deed, body)
        case Confirm():
            held = register.confirmed(held, deed, body)
        case OnItem():
            held = register.struck(held, deed, body)
        case Lend():
            held = register.lent(held, deed, body)
        case OnLoan() | WriteOff():
            held = register.moved(held, deed, body)
        case _:
            place = (deed.party, deed.n)
            return attrs.evolve(project, left=place) if deed.step == "leave" else project
    return attrs.evolve(project, plan=plan, register=held)


def _recalled(project: Project, party: str, body: Recall) -> Project:
    """Return the project without what a party said and does not count yet. Source: 12.3.7."""
    if (body.of, body.milestone) not in project.recallable(party):
        raise RefusedError(
            "projects.nothing_to_recall",
            "Nothing of that waits any more, or yet; what counts is not taken back.",
        )
    if body.of in {"plan", "claim"}:
        return attrs.evolve(project, plan=plans.recalled(project.plan, body.milestone))
    if body.of == "notice":
        return attrs.evolve(project, notices=_but(project.notices, party), reason="")
    left = _but(project.asked[body.of], party)
    others = _but(project.asked, body.of)
    reason = "" if body.of == "abandon" else project.reason
    return attrs.evolve(project, asked=others | ({body.of: left} if left else {}), reason=reason)


def _sheeted(project: Project, deed: Deed, body: Sheet) -> Project:
    """Return the project with one side's sheet: both good lead on, a critical «no» stops here."""
    sheets = {**project.sheets, deed.party: body}
    made = attrs.evolve(_unapproved(project), sheets=sheets)
    status = project.status
    if not made.exportable:
        status = Status.INTENT_SIGNED
    elif status == Status.INTENT_SIGNED:
        status = Status.EXPORTABILITY_CHECKED
    if status == project.status:
        return made
    return attrs.evolve(made, status=status, moved=(deed.party, deed.n))


def _unapproved(project: Project) -> Project:
    """Return the project with no approval under way: what it was about has changed."""
    return attrs.evolve(project, asked=_but(project.asked, "approve"))


def _but(known: Mapping[str, V], name: str) -> dict[str, V]:
    """Return what is known without what has a name."""
    return {each: value for each, value in known.items() if each != name}
