"""The plan of a project: milestones, cost shares and rights, agreed by both on one digest.

A plan is put up by one party and agreed to by the other. A later plan replaces it once it is agreed
to, but keeps every milestone that was claimed or accepted. A milestone is claimed by its performer
and accepted by the other party. Source: agreements.md D2.7; spec 12.4.
"""

from collections.abc import Mapping

import attrs

from comity.foundation.canonical import JsonObject, canonical, digest
from comity.foundation.deeds import Deed, json_of
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.technology.project_forms import (
    BOTH,
    AgreePlan,
    Claim,
    Milestone,
    OnMilestone,
    Plan,
    RejectMilestone,
)
from comity.technology.register import check_parties


@attrs.frozen(kw_only=True)
class Reached:
    """How far a milestone is: who claimed it with what, and what the other said.

    Attributes:
        state: ``claimed``, ``rejected`` or ``accepted``.
        by: Who claimed it.
        evidence: What shows it.
        reason: Why it was rejected.
    """

    state: str
    by: str
    evidence: tuple[str, ...]
    reason: str = ""

    def json(self) -> JsonObject:
        """Return it as JSON."""
        return {
            "state": self.state,
            "by": self.by,
            "evidence": list(self.evidence),
            "reason": self.reason,
        }


@attrs.frozen(kw_only=True)
class Planned:
    """The plan that both agreed to, the one that waits for an answer, and how far it is.

    Attributes:
        agreed: The plan that both agreed to.
        put_up: The plan that waits for the other's answer.
        by: Who put that up.
        replaced: The plan that waited when that was put up, and whose it was.
        reached: By milestone, how far it is; none: nothing was claimed.
    """

    agreed: Plan | None = None
    put_up: Plan | None = None
    by: str = ""
    replaced: tuple[str, Plan] | None = None
    reached: Mapping[str, Reached] = attrs.field(factory=dict)

    def milestone(self, key: str) -> Milestone | None:
        """Return a milestone of the agreed plan."""
        found = () if self.agreed is None else self.agreed.milestones
        return next((each for each in found if each.key == key), None)

    def state(self, key: str) -> str:
        """Return how far a milestone is: ``open``, ``claimed``, ``rejected``, ``accepted``."""
        reached = self.reached.get(key)
        return "open" if reached is None else reached.state

    def may_claim(self, milestone: Milestone, party: str) -> bool:
        """Return whether a party may claim a milestone now."""
        free = self.state(milestone.key) in {"open", "rejected"}
        return free and milestone.performer in {party, BOTH}

    def may_answer(self, key: str, party: str) -> bool:
        """Return whether a party may accept or reject the claim of a milestone now."""
        reached = self.reached.get(key)
        return reached is not None and reached.state == "claimed" and reached.by != party

    def overdue(self, milestone: Milestone, at: Instant) -> bool:
        """Return whether a milestone is due and not claimed; a flag, not an end."""
        waits = self.state(milestone.key) in {"open", "rejected"}
        return waits and at > Instant.parse(milestone.due)

    def json(self) -> JsonObject:
        """Return it as JSON: equal for equal plans."""
        return {
            "agreed": None if self.agreed is None else json_of(self.agreed),
            "put_up": None if self.put_up is None else json_of(self.put_up),
            "by": self.by,
            "replaced": None
            if self.replaced is None
            else [self.replaced[0], json_of(self.replaced[1])],
            "reached": {key: self.reached[key].json() for key in sorted(self.reached)},
        }


def plan_digest(plan: Plan) -> str:
    """Return the digest of a plan: what an agreement to it names."""
    return digest(canonical(json_of(plan)))


def put_up(planned: Planned, deed: Deed, body: Plan, *, parties: tuple[str, str]) -> Planned:
    """Return the plan with a proposal for it; a proposal before it is replaced.

    The plan that counts, put up once more, takes away what waits and asks nobody (12.4.4): a word
    for the approval would fall by agreeing to what is agreed.

    Raises:
        RefusedError: ``projects.strangers``; ``projects.plan_shares``: it does not say what each
            party brings in; ``projects.plan_drops``: a milestone that was claimed or accepted is
            missing in it or reads otherwise; ``projects.same_plan``: it is the one that counts, and
            none waits.
    """
    named = (*(each.performer for each in body.milestones), *(one.party for one in body.shares))
    check_parties(named, parties=parties)
    if {one.party for one in body.shares} != set(parties):
        raise RefusedError(
            "projects.plan_shares", "A plan says what each of the two parties brings in; zero too."
        )
    _check_kept(planned, body)
    if body == planned.agreed:
        if planned.put_up is None:
            raise RefusedError(
                "projects.same_plan",
                "This plan is the agreed one, word for word; nothing is put up by it.",
            )
        return attrs.evolve(planned, put_up=None, by="", replaced=None)
    replaced = None if planned.put_up is None else (planned.by, planned.put_up)
    return attrs.evolve(planned, put_up=body, by=deed.party, replaced=replaced)


def agreed_to(planned: Planned, deed: Deed, body: AgreePlan) -> Planned:
    """Return the plan once the other party agreed to what was put up.

    Raises:
        RefusedError: ``projects.no_plan``: nothing waits for this party's answer;
            ``projects.other_plan``, ``projects.plan_drops``.
    """
    plan = planned.put_up
    if plan is None or planned.by == deed.party:
        raise RefusedError("projects.no_plan", "No plan of the other party waits for an answer.")
    if plan_digest(plan) != body.plan:
        raise RefusedError("projects.other_plan", "What was agreed to is not the plan put up.")
    _check_kept(planned, plan)
    return attrs.evolve(planned, agreed=plan, put_up=None, by="", replaced=None)


def claimed(planned: Planned, deed: Deed, body: Claim) -> Planned:
    """Return the plan with a milestone that its performer claims to have reached.

    Raises:
        RefusedError: ``projects.no_milestone``, ``projects.milestone_not_now``.
    """
    milestone = _milestone(planned, body.milestone)
    if not planned.may_claim(milestone, deed.party):
        raise _not_now(planned, milestone, "claimed by its performer while it is open")
    reached = Reached(state="claimed", by=deed.party, evidence=tuple(body.evidence))
    return _with(planned, milestone.key, reached)


def answered(planned: Planned, deed: Deed, body: OnMilestone | RejectMilestone) -> Planned:
    """Return the plan with a claim that was accepted or rejected by the other party.

    Raises:
        RefusedError: ``projects.no_milestone``, ``projects.milestone_not_now``.
    """
    milestone = _milestone(planned, body.milestone)
    if not planned.may_answer(milestone.key, deed.party):
        raise _not_now(planned, milestone, "answered by the party that did not claim it")
    before = planned.reached[milestone.key]
    if isinstance(body, RejectMilestone):
        return _with(
            planned,
            milestone.key,
            attrs.evolve(before, state="rejected", reason=body.reason),
        )
    return _with(planned, milestone.key, attrs.evolve(before, state="accepted"))


def recalled(planned: Planned, key: str | None) -> Planned:
    """Return the plan without the claim of a milestone; without the plan put up, if none is named.

    Whoever asks has looked that it stands.
    """
    if key is None:
        return attrs.evolve(planned, put_up=None, by="", replaced=None)
    reached = {name: each for name, each in planned.reached.items() if name != key}
    return attrs.evolve(planned, reached=reached)


def _with(planned: Planned, key: str, reached: Reached) -> Planned:
    return attrs.evolve(planned, reached={**planned.reached, key: reached})


def _milestone(planned: Planned, key: str) -> Milestone:
    found = planned.milestone(key)
    if found is None:
        raise RefusedError("projects.no_milestone", f"The agreed plan has no milestone {key!r}.")
    return found


def _not_now(planned: Planned, milestone: Milestone, when: str) -> RefusedError:
    return RefusedError(
        "projects.milestone_not_now",
        f"«{milestone.title}» is {planned.state(milestone.key)}; a milestone is {when}.",
    )


def _check_kept(planned: Planned, plan: Plan) -> None:
    for known in () if planned.agreed is None else planned.agreed.milestones:
        state = planned.state(known.key)
        if state in {"claimed", "accepted"} and known not in plan.milestones:
            raise RefusedError(
                "projects.plan_drops",
                f"The milestone «{known.title}» is {state}; a new plan keeps it as it was agreed.",
            )
