"""The operations on joint projects. Source: agreements.md B7, D2.7; spec 12."""

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from comity.api.operation import Name, Operation, Request, Role, get, post

Day = Annotated[str, Meta(max_length=40)]
Zone = Annotated[str, Meta(max_length=64)]
Says = Annotated[str, Meta(max_length=20_000)]
Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Title = Annotated[str, Meta(min_length=1, max_length=300)]
Short = Annotated[str, Meta(max_length=300)]
Whom = Literal["us", "them", "both"]
May = Literal["free", "consent", "no"]
Recalled = Literal[
    "intend",
    "approve",
    "resume",
    "wind_up",
    "close",
    "hand_over",
    "abandon",
    "plan",
    "claim",
    "notice",
]
Evidence = Annotated[list[Title], Meta(max_length=50)]

#: Who runs projects for the house.
OFFICERS: Final[tuple[Role, ...]] = ("project_officer",)
#: Who answers for the house at the beginning, signs its intent and approval, and takes back.
AUTHORITIES: Final[tuple[Role, ...]] = ("project_officer", "mandate_holder")
#: Who says what can be released, and keeps what we may disclose.
SECURITY: Final[tuple[Role, ...]] = ("technology_security_officer",)


class Projects(Request, frozen=True, kw_only=True):
    """Which projects: all, those that live, those that wait for us, ended ones."""

    state: Literal["all", "live", "ours", "ended"] = "all"
    counterpart: Short = ""


class OneProject(Request, frozen=True, kw_only=True):
    """One project: its id, the beginning of it, or its title."""

    project: Name


class ProposeProject(Request, frozen=True, kw_only=True):
    """What is to be done together, under which article, and who sponsors and uses it on our side.

    ``answer_by`` is a day (YYYY-MM-DD) or an instant; empty where none is asked for.
    """

    counterpart: Name
    instrument: Name
    unit: Name
    title: Title
    purpose: Text
    area: Short = ""
    sponsor: Short = ""
    user: Short = ""
    answer_by: Day = ""
    zone: Zone = "UTC"
    words: Says = ""


class OnProject(OneProject, frozen=True, kw_only=True):
    """One project, with words beside the act."""

    words: Says = ""


class ReasonedOnProject(OneProject, frozen=True, kw_only=True):
    """One project, and why."""

    reason: Text


class ExploreProject(OnProject, frozen=True, kw_only=True):
    """That we explore it, and who sponsors and uses it on our side; both can be named later."""

    sponsor: Short = ""
    user: Short = ""


class NameOnProject(OnProject, frozen=True, kw_only=True):
    """Who sponsors the project on our side, and who will use what it makes."""

    sponsor: Title
    user: Title


class ForeseenItem(Request, frozen=True, kw_only=True):
    """One controlled item: how our officer classifies it by which list, and whether it can go."""

    name: Title
    scheme: Title
    code: Title
    edition: Title
    decided_by: Title
    critical: bool
    release: Literal["yes", "conditional", "no"]
    conditions: Annotated[str, Meta(max_length=5_000)] = ""


class EnterSheet(OnProject, frozen=True, kw_only=True):
    """Every controlled item of ours that the project would need; none is an answer too."""

    items: Annotated[list[ForeseenItem], Meta(max_length=500)]


class ArrangeProject(OnProject, frozen=True, kw_only=True):
    """The project arrangement, an instrument of its own, and the unit that states the project."""

    instrument: Name
    unit: Name


class PlannedMilestone(Request, frozen=True, kw_only=True):
    """One milestone; without a key it is named by its place."""

    title: Title
    test: Text
    performer: Whom
    due: Day
    key: Annotated[str, Meta(max_length=40)] = ""


class PlannedShare(Request, frozen=True, kw_only=True):
    """What one side brings in: money with its currency, or something in kind."""

    party: Literal["us", "them"]
    amount: Annotated[str, Meta(max_length=20)] = "0"
    currency: Annotated[str, Meta(max_length=3)] = ""
    in_kind: Short = ""


class RightsIn(Request, frozen=True, kw_only=True):
    """What the other party may do with an item: in the project, outside it, passing it on."""

    within: May = "free"
    outside: May = "consent"
    onward: May = "no"


class PutUpPlan(OnProject, frozen=True, kw_only=True):
    """A plan for the project: milestones, what each side brings in, and rights."""

    milestones: Annotated[list[PlannedMilestone], Meta(min_length=1, max_length=500)]
    shares: Annotated[list[PlannedShare], Meta(min_length=1, max_length=50)]
    background: RightsIn = field(default_factory=RightsIn)
    foreground: RightsIn = field(default_factory=RightsIn)
    zone: Zone = "UTC"


class ClaimMilestone(OnProject, frozen=True, kw_only=True):
    """That a milestone (its key or title) is reached, and what shows it."""

    milestone: Name
    evidence: Evidence = field(default_factory=list)


class OnMilestone(OnProject, frozen=True, kw_only=True):
    """One milestone, by its key or title."""

    milestone: Name


class RejectMilestone(OneProject, frozen=True, kw_only=True):
    """One milestone whose claim is not right, and why."""

    milestone: Name
    reason: Text


class LendItem(OnProject, frozen=True, kw_only=True):
    """Something of ours that goes to the other party, and until when."""

    what: Title
    due: Day
    zone: Zone = "UTC"
    ref: Short = ""


class OnLoan(OnProject, frozen=True, kw_only=True):
    """One loan: its id, the beginning of it, or what is lent."""

    loan: Name


class WriteOffLoan(OneProject, frozen=True, kw_only=True):
    """One loan of ours that we no longer want back, and why."""

    loan: Name
    reason: Text


class EnterItem(OnProject, frozen=True, kw_only=True):
    """An item of the register: what we bring in, or what the project made."""

    ground: Literal["background", "foreground"]
    title: Title
    description: Says = ""
    ref: Short = ""
    owner: Whom = "us"
    within: May = "free"
    outside: May = "consent"
    onward: May = "no"


class OnItem(OnProject, frozen=True, kw_only=True):
    """One item of the register: its id, the beginning of it, or its title."""

    item: Name


class CloseProject(OnProject, frozen=True, kw_only=True):
    """How the transfer authorisations were left; register and loans the node knows."""

    authorisations: Literal["reconciled", "none"]


class HandOverProject(OnProject, frozen=True, kw_only=True):
    """To whom the result goes: procurement, an enterprise, an office."""

    to: Title


class LeaveProject(ReasonedOnProject, frozen=True, kw_only=True):
    """From which day we leave, and why."""

    leaves: Day
    zone: Zone = "UTC"


class RecallOnProject(OnProject, frozen=True, kw_only=True):
    """What of ours is taken back; of a claim the milestone, by its key or title."""

    of: Recalled
    milestone: Short = ""


class SetDisclosure(OneProject, frozen=True, kw_only=True):
    """What we may disclose in a project and to whom; the house's own, told to nobody else."""

    levels: Short = ""
    categories: Says = ""
    may: Says = ""
    may_not: Says = ""
    whom: Says = ""


def _act(
    name: str, request: type[Request], summary: str, *, roles: tuple[Role, ...] = OFFICERS
) -> Operation:
    path = f"/api/projects/{{project}}/{name}"
    return post(f"projects.{name}", path, request=request, summary=summary, roles=roles)


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("projects", "/api/projects", "Joint projects, and whose act comes next", request=Projects),
    get(
        "projects.show",
        "/api/projects/{project}",
        "One project with everything that was said of it",
        request=OneProject,
    ),
    post(
        "projects.propose",
        "/api/projects",
        request=ProposeProject,
        summary="Propose a project under an article in force",
        roles=OFFICERS,
    ),
    _act("explore", ExploreProject, "Answer that we explore a proposed project", roles=AUTHORITIES),
    _act("decline", ReasonedOnProject, "Decline a proposed project", roles=AUTHORITIES),
    _act("withdraw", OnProject, "Take back a proposal that is not answered"),
    _act("name", NameOnProject, "Name sponsor and user on our side"),
    _act("intend", OnProject, "Sign the statement of intent; counts with both", roles=AUTHORITIES),
    _act("sheet", EnterSheet, "Enter our exportability sheet", roles=SECURITY),
    _act("arrange", ArrangeProject, "Name the project arrangement that is being concluded"),
    _act("plan", PutUpPlan, "Put up a plan: milestones, cost shares, rights"),
    _act("agree_plan", OnProject, "Agree to the plan that the other party put up"),
    _act(
        "approve",
        OnProject,
        "Approve arrangement and plan; counts with both",
        roles=AUTHORITIES,
    ),
    _act("start", OnProject, "Begin the work of an approved project"),
    _act("pause", ReasonedOnProject, "Pause the work"),
    _act("resume", OnProject, "Take the work up again; counts once both said so"),
    _act("claim", ClaimMilestone, "Claim that a milestone is reached, as its performer"),
    _act("accept", OnMilestone, "Accept the claim of a milestone"),
    _act("reject", RejectMilestone, "Reject the claim of a milestone"),
    _act("lend", LendItem, "Lend something to the other party"),
    _act("receive", OnLoan, "Say that what was lent has arrived, as its borrower"),
    _act("give_back", OnLoan, "Say that it is on its way back, as its borrower"),
    _act("take_back", OnLoan, "Say that it is back, as its lender"),
    _act("write_off", WriteOffLoan, "Give up what was lent, as its lender"),
    _act("enter", EnterItem, "Enter an item of background or foreground"),
    _act("confirm", OnItem, "Confirm a foreground item that the other party entered"),
    _act("strike", OnItem, "Strike an entry of ours that nobody confirmed"),
    _act("wind_up", OnProject, "Begin to close the project; counts once both said so"),
    _act("close", CloseProject, "Close the project; counts once both said the same"),
    _act("hand_over", HandOverProject, "Hand the result over; counts once both said the same"),
    _act("abandon", ReasonedOnProject, "Abandon the project; counts once both said so"),
    _act("notice", LeaveProject, "Give notice that we leave"),
    _act("leave", OnProject, "Leave, after notice"),
    _act(
        "recall",
        RecallOnProject,
        "Take back what we said and does not count yet",
        roles=AUTHORITIES,
    ),
    _act("remark", OnProject, "Say how it goes"),
    Operation(
        name="projects.disclosure",
        method="GET",
        path="/api/projects/{project}/disclosure",
        request=OneProject,
        summary="What we may disclose in a project (private)",
        roles=(*SECURITY, "mandate_holder"),
    ),
    _act("set_disclosure", SetDisclosure, "Set what we may disclose (private)", roles=SECURITY),
)
