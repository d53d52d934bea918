"""What the calendar adds to a commitment, and what our own side may name.

Source: agreements.md D2.6; spec 10.1.6, 10.2.6.
"""

from typing import Final

import attrs

from comity.coordination.commitments import LIVE, Commitment, Due, Status
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant

#: After how many days a claim without an answer is marked as waiting for one.
ANSWER_DAYS: Final = 30
_SECONDS_PER_DAY: Final = 86_400
#: How an instant ends that a day was named for.
_A_DAY: Final = "T23:59:59Z"


@attrs.frozen(kw_only=True)
class Standing:
    """How a commitment stands at an instant: what its acts say, and what the calendar adds.

    Attributes:
        status: Its state; ``void`` where it was owed and what it stands on has ended.
        overdue: Whether its due date passed while it is owed.
        unanswered: Whether its claim waits for the beneficiary for longer than ``ANSWER_DAYS``.
    """

    status: str
    overdue: bool
    unanswered: bool


def standing(
    commitment: Commitment, *, at: Instant, since: Instant | None, ended: bool
) -> Standing:
    """Return how a commitment stands; nothing here ends it but the end of its source.

    Args:
        commitment: The commitment.
        at: The instant of looking.
        since: When its last act was cosigned, if it was.
        ended: Whether the agreement it stands on has ended at that instant.
    """
    owed = commitment.status in LIVE or commitment.status == Status.PROPOSED
    if ended and owed:
        return Standing(status="void", overdue=False, unanswered=False)
    waited = since is not None and at > since.plus(ANSWER_DAYS * _SECONDS_PER_DAY)
    return Standing(
        status=str(commitment.status),
        overdue=commitment.overdue(at),
        unanswered=waited and commitment.status == Status.CLAIMED,
    )


def check_due(due: Due, *, at: Instant) -> None:
    """Pass if a due date lies ahead; asked of our own side only.

    Raises:
        MisuseError: ``commitments.past``.
    """
    if Instant.parse(due.at) <= at:
        raise MisuseError(
            "commitments.past", f"The due date {due.at} has passed; a commitment is for the future."
        )


def claimed_late(commitment: Commitment) -> bool | None:
    """Return whether it was fulfilled after its due date, as its claim says; None without one.

    A claim of a day stands for its last second in UTC, whatever zone the due date names: one of the
    day on which it was due is in time.
    """
    if commitment.claim is None:
        return None
    fulfilled, due = commitment.claim.fulfilled, commitment.due
    in_time = fulfilled.endswith(_A_DAY) and fulfilled[:10] <= (due.day or due.at[:10])
    return Instant.parse(fulfilled) > commitment.due_at and not in_time


def check_result(commitment: Commitment, result: str, *, words: str) -> None:
    """Pass if a result says of the time what the claim says, or words say why it does not.

    Asked of our own side only: what a claim comes to is its beneficiary's to say.

    Raises:
        MisuseError: ``commitments.unlike_claim``.
    """
    late = claimed_late(commitment)
    said = {Status.KEPT: False, Status.KEPT_LATE: True}.get(Status(result))
    if late is None or said is None or said == late or words.strip():
        return
    claim = commitment.claim
    assert claim is not None  # otherwise nobody can tell
    due = commitment.due.day or commitment.due.at
    raise MisuseError(
        "commitments.unlike_claim",
        f"The claim says that it was fulfilled on {claim.fulfilled[:10]}, and it was due on"
        f" {due[:10]}: that is {'late' if late else 'in time'}. Choose the result that says so, or"
        " say in a word about it why you see it otherwise.",
        {"fulfilled": claim.fulfilled[:10], "due": due[:10], "late": late},
    )
