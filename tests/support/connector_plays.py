"""What two connectors say to each other by rules alone, message by message, to one end.

Nobody is at either node. Each play is a pair of playbooks; together they use every message of both
machines (spec 9.4), and a play ends where neither side has anything more to say.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import attrs

from comity.sharing.lifecycle import NEGOTIATION_SENDS, TRANSFER_SENDS, Step
from comity.sharing.model import Family, Role, State
from support.connector_nodes import rule

PROVIDER, CONSUMER = "urn:connector:provider", "urn:connector:consumer"
#: One line of a playbook: state, occurrence, what is done, after how long if not at once.
Line: TypeAlias = tuple[str, str, str] | tuple[str, str, str, str]


@attrs.frozen(kw_only=True)
class Play:
    """Two playbooks and where they lead.

    Attributes:
        gives: The provider's lines.
        takes: The consumer's.
        end: The state that both must reach.
        data: Whether the bytes must have come, because the end is said by who has them.
    """

    name: str
    family: Family
    gives: Sequence[Line]
    takes: Sequence[Line]
    end: State
    data: bool = False

    def rules(self, role: Role, *, after: str) -> str:
        """Return one side's playbook."""
        lines = self.gives if role is Role.PROVIDER else self.takes
        return "".join(
            rule(
                str(role),
                str(self.family),
                on,
                do,
                after=own[0] if own else after,
                more=f'occurrence = "{occurrence}"\n',
            )
            for on, occurrence, do, *own in lines
        )


#: Every message of a negotiation but its termination, counter-offer and counter-request too.
AGREES: Final = Play(
    name="agrees",
    family=Family.NEGOTIATION,
    gives=[
        ("REQUESTED", "any", "offer"),
        ("ACCEPTED", "any", "agree"),
        ("VERIFIED", "any", "finalize"),
    ],
    takes=[
        ("OFFERED", "first", "request"),
        ("OFFERED", "later", "accept"),
        ("AGREED", "any", "verify"),
    ],
    end=State.FINALIZED,
)
#: The provider pauses, and goes on; the consumer has it all, and says so.
PAUSED_BY_PROVIDER: Final = Play(
    name="paused-by-provider",
    family=Family.TRANSFER,
    gives=[
        ("REQUESTED", "any", "start"),
        ("STARTED", "first", "suspend"),
        ("SUSPENDED", "any", "start"),
    ],
    takes=[("STARTED", "later", "fetch"), ("DELIVERED", "any", "complete")],
    end=State.COMPLETED,
    data=True,
)
#: The consumer pauses, and wants to go on; the provider starts anew (9.4.3), and completes.
PAUSED_BY_CONSUMER: Final = Play(
    name="paused-by-consumer",
    family=Family.TRANSFER,
    gives=[
        ("REQUESTED", "any", "start"),
        ("STARTED", "later", "start"),
        ("DELIVERED", "any", "complete"),
    ],
    takes=[
        ("STARTED", "first", "suspend"),
        ("SUSPENDED", "any", "start"),
        ("STARTED", "later", "fetch"),
        # A provider that fell before it knew that all went out cannot complete.
        ("DELIVERED", "any", "complete", "600ms"),
    ],
    end=State.COMPLETED,
)

#: Nobody says anything but the counterpart, which is no node of ours.
OPENED: Final = Play(
    name="opened", family=Family.NEGOTIATION, gives=[], takes=[], end=State.OFFERED
)


def _ending(family: Family, state: State, role: Role) -> Play:
    """Return the play in which ``role`` ends the process as soon as it is in ``state``."""
    if family is Family.NEGOTIATION:
        gives = list(AGREES.gives)
        takes: list[Line] = [("OFFERED", "any", "accept"), ("AGREED", "any", "verify")]
    else:
        gives, takes = list(PAUSED_BY_PROVIDER.gives[:2]), []
    gives, takes = ([line for line in lines if line[0] != state] for lines in (gives, takes))
    ends = gives if role is Role.PROVIDER else takes
    ends.append((state.value, "any", "terminate"))
    return Play(
        name=f"{family}-{state.lower()}-ended-by-{role}",
        family=family,
        gives=gives,
        takes=takes,
        end=State.TERMINATED,
    )


#: Each termination that the tables let somebody send.
ENDED: Final = tuple(
    _ending(family, state, role)
    for family, table in (
        (Family.NEGOTIATION, NEGOTIATION_SENDS),
        (Family.TRANSFER, TRANSFER_SENDS),
    )
    for state, role, step in table
    if state is not None and step is Step.TERMINATE
)
PLAYS: Final = {
    play.name: play for play in (AGREES, PAUSED_BY_PROVIDER, PAUSED_BY_CONSUMER, *ENDED)
}
