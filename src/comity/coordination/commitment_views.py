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
