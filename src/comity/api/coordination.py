"""The operations on commitments. Source: agreements.md D2.6; spec 10.2."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.operation import Name, Operation, Request, Role, get, post

Day = Annotated[str, Meta(max_length=40)]
Zone = Annotated[str, Meta(max_length=64)]
Says = Annotated[str, Meta(max_length=20_000)]
Title = Annotated[str, Meta(min_length=1, max_length=300)]
Whom = Literal["us", "them", "both"]

#: Who enters acts of coordination for the house.
COORDINATORS: Final[tuple[Role, ...]] = ("liaison_officer", "desk_officer", "negotiator")


class Commitments(Request, frozen=True, kw_only=True):
    """Which commitments: all, those that are owed, overdue ones; whose."""

    state: Literal["all", "live", "overdue", "ended"] = "all"
    performer: Literal["", "us", "them", "both"] = ""
    counterpart: Annotated[str, Meta(max_length=200)] = ""


class OneCommitment(Request, frozen=True, kw_only=True):
    """One commitment: its id, the beginning of it, or its title."""

    commitment: Name


class ProposeCommitment(Request, frozen=True, kw_only=True):
    """What is to be done by whom for whom until when, and how one sees that it was done.

    ``due`` is a day (YYYY-MM-DD; it ends at midnight in ``zone``) or an instant in UTC.
    """

    counterpart: Name
    instrument: Name
    unit: Name
    title: Title
    test: Annotated[str, Meta(min_length=1, max_length=20_000)]
    performer: Whom
    beneficiary: Whom
    due: Day
    zone: Zone = "UTC"
    source: Literal["article", "meeting", "statement", "other"] = "article"
    source_ref: Annotated[str, Meta(max_length=300)] = ""
    source_item: Annotated[str, Meta(max_length=300)] = ""
    words: Says = ""


class OnCommitment(OneCommitment, frozen=True, kw_only=True):
    """One commitment, with words beside the act."""

    words: Says = ""


class ReasonedOnCommitment(OneCommitment, frozen=True, kw_only=True):
    """One commitment, and why."""

    reason: Annotated[str, Meta(min_length=1, max_length=20_000)]


class ClaimCommitment(OnCommitment, frozen=True, kw_only=True):
    """That it was fulfilled, when, and what shows it; no time: now."""

    fulfilled: Day = ""
    evidence: Annotated[tuple[Title, ...], Meta(max_length=50)] = ()


class AcknowledgeCommitment(OnCommitment, frozen=True, kw_only=True):
    """What the claim comes to."""

    result: Literal["kept", "kept_late", "partly_kept"]


class RedateCommitment(OnCommitment, frozen=True, kw_only=True):
    """Another due date; it counts once both have said the same."""

    due: Day
    zone: Zone = "UTC"


class RecallOnCommitment(OnCommitment, frozen=True, kw_only=True):
    """What of ours is taken back."""

    of: Literal["claim", "redate", "acknowledge", "release", "fail"]


def _act(name: str, request: type[Request], summary: str) -> Operation:
    path = f"/api/commitments/{{commitment}}/{name}"
    return post(f"commitments.{name}", path, request=request, summary=summary, roles=COORDINATORS)


class Grounds(Request, frozen=True, kw_only=True):
    """With whom; empty: with every counterpart."""

    counterpart: Annotated[str, Meta(max_length=200)] = ""


OPERATIONS: Final[tuple[Operation, ...]] = (
    get(
        "grounds",
        "/api/grounds",
        "The articles in force that a commitment, a meeting or a project can stand on",
        request=Grounds,
    ),
    get("commitments", "/api/commitments", "Commitments, and how they stand", request=Commitments),
    get(
        "commitments.show",
        "/api/commitments/{commitment}",
        "One commitment with everything that was said of it",
        request=OneCommitment,
    ),
    post(
        "commitments.propose",
        "/api/commitments",
        request=ProposeCommitment,
        summary="Propose a commitment under an article in force",
        roles=COORDINATORS,
    ),
    _act("accept", OnCommitment, "Accept a commitment as it was proposed"),
    _act("decline", ReasonedOnCommitment, "Decline a proposed commitment"),
    _act("withdraw", OnCommitment, "Take back a proposal that is not answered"),
    _act("progress", OnCommitment, "Say how it goes, as its performer"),
    _act("claim", ClaimCommitment, "Claim that it is fulfilled, as its performer"),
    _act("acknowledge", AcknowledgeCommitment, "Say what the claim comes to, as its beneficiary"),
    _act("dispute", ReasonedOnCommitment, "Dispute the claim, as its beneficiary"),
    _act("redate", RedateCommitment, "Ask for another due date, or agree to the one asked for"),
    _act("release", ReasonedOnCommitment, "Release the performer from it, as its beneficiary"),
    _act("fail", ReasonedOnCommitment, "Find that it was not kept; counts once both say so"),
    _act("recall", RecallOnCommitment, "Take back what we said and does not count yet"),
)
