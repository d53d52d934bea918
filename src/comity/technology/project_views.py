"""How a project stands at an instant, and what a party could do with it.

Nothing here moves a project: what the calendar adds is computed at looking, equal at both nodes.
Whose act comes next stands in ``project_turns``. Source: spec 10.1.6, 12.7.
"""

from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Step
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.technology.project_steps import ENDS, STEPS, Status
from comity.technology.projects import Project

#: After how many days without an entry a live project is shown as dormant.
DORMANT_DAYS: Final = 90
_SECONDS_PER_DAY: Final = 86_400


@attrs.frozen(kw_only=True)
class Standing:
    """How a project stands at an instant: what its acts say, and what the calendar adds.

    Attributes:
        status: Its state; ``void`` where it was alive and what it stands on has ended.
        dormant: Whether nothing was entered for ``DORMANT_DAYS``; asks for a decision.
        late: Whether a proposal waits for its answer for longer than was asked.
        leaving: Whether the day has come from which a party that gave notice leaves.
        left_early: Whether a party left before the day that its notice named.
    """

    status: str
    dormant: bool = False
    late: bool = False
    leaving: bool = False
    left_early: bool = False


def standing(project: Project, *, at: Instant, last: Instant | None, ended: bool) -> Standing:
    """Return how a project stands; nothing here moves it.

    Args:
        project: The project.
        at: The instant of looking.
        last: When its last act was cosigned, if it was.
        ended: Whether the agreement it stands on has ended at that instant.
    """
    by, left = project.terms.answer_by, project.left
    if project.status in ENDS:
        early = False
        if left is not None and last is not None:
            early = last < Instant.parse(project.notices[left[0]].leaves)
        return Standing(status=str(project.status), left_early=early)
    if ended:
        return Standing(status="void")
    asked = project.status == Status.PROPOSED and by is not None
    return Standing(
        status=str(project.status),
        dormant=last is not None and at > last.plus(DORMANT_DAYS * _SECONDS_PER_DAY),
        late=asked and at > Instant.parse(by or ""),
        leaving=any(at >= Instant.parse(each.leaves) for each in project.notices.values()),
    )


def check_ahead(day: str, *, at: Instant) -> None:
    """Pass if a day that we name lies ahead; asked of our own side only.

    Raises:
        MisuseError: ``projects.past``.
    """
    if Instant.parse(day) <= at:
        raise MisuseError("projects.past", f"{day} has passed; name a day that lies ahead.")


def check_left(leaves: str, *, at: Instant) -> None:
    """Pass if the day has come from which our notice lets us leave; asked of our own side only.

    Raises:
        MisuseError: ``projects.too_soon``.
    """
    if at < Instant.parse(leaves):
        raise MisuseError(
            "projects.too_soon", f"Our notice names {leaves}; until then we take part."
        )


def recallable(project: Project, party: str, *, at: Instant) -> list[tuple[str, str | None]]:
    """Return what a party can take back now, and of a claim the milestone.

    A notice is taken back before its day alone.
    """
    if not can(project, party, STEPS["recall"]):
        return []
    notice = project.notices.get(party)
    came = notice is not None and Instant.parse(notice.leaves) <= at
    return [each for each in project.recallable(party) if each[0] != "notice" or not came]


def check_recalled(leaves: str, *, at: Instant) -> None:
    """Pass if the day of our notice has not come; asked of our own side only.

    Raises:
        MisuseError: ``projects.notice_came``.
    """
    if Instant.parse(leaves) <= at:
        raise MisuseError(
            "projects.notice_came",
            f"Our notice named {leaves}, and that has come; it is not taken back any more.",
        )


def outdated(project: Project, said: JsonObject) -> bool:
    """Return whether a word in a step that needs both is of something that has changed since."""
    now = {"intent": project.intent, "register": project.register.digest}
    return any(said.get(name, value) != value for name, value in now.items())


def can(project: Project, party: str, step: Step) -> bool:
    """Return whether a party could take a step now, with the right words."""
    if project.status not in step.sources or not project.plays(party, step.by):
        return False
    said, leaves = project.asked.get(step.name, {}), project.asked.get("abandon", {})
    # Where both said something else, or what was said is of something else by now, it is said anew.
    alone = set(said) == {party} and not outdated(project, said[party])
    if step.both and alone and (step.name == "abandon" or party not in leaves):
        return False
    return _open(project, party, step.name)


def _open(  # noqa: PLR0911  # one line for each thing a step is about
    project: Project, party: str, step: str
) -> bool:
    """Return whether what a step is about is there for a party."""
    plan, held = project.plan, project.register
    match step:
        case "intend":
            return project.named
        case "agree_plan":
            return plan.put_up is not None and plan.by != party
        case "approve":
            return project.ready
        case "claim":
            found = () if plan.agreed is None else plan.agreed.milestones
            return any(plan.may_claim(each, party) for each in found)
        case "accept" | "reject":
            return any(plan.may_answer(key, party) for key in plan.reached)
        case "receive" | "give_back" | "take_back" | "write_off":
            return any(loan.may(party, step) for loan in held.loans.values())
        case "confirm":
            return any(item.by != party for item in held.waiting())
        case "recall":
            return any(project.recallable(party))
        case "close" | "hand_over":
            return not any(held.lent()) and not any(held.waiting())
        case _:
            return True
