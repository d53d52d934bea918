"""Which transfer message means which step, and where it leads.

The tables themselves stand in ``comity.sharing.lifecycle``, which may not import this room.
Source: Dataspace Protocol 2025-1, transfer process protocol; dataspace-protocol 5.
"""

from typing import Final

from comity.protocols.dsp.messages import (
    TransferCompletionMessage,
    TransferMessage,
    TransferRequestMessage,
    TransferStartMessage,
    TransferSuspensionMessage,
    TransferTerminationMessage,
)
from comity.sharing.lifecycle import TRANSFER_RESUMED, TRANSFER_SENDS, Step, after_receiving
from comity.sharing.model import Family, Role, State

SENDS: Final = TRANSFER_SENDS
TAKES: Final = TRANSFER_SENDS
RESUMED: Final = TRANSFER_RESUMED

_STEPS: Final = {
    TransferRequestMessage: Step.REQUEST,
    TransferStartMessage: Step.START,
    TransferSuspensionMessage: Step.SUSPEND,
    TransferCompletionMessage: Step.COMPLETE,
    TransferTerminationMessage: Step.TERMINATE,
}


def step_of(message: TransferMessage) -> Step:
    """Return the step that ``message`` is."""
    return _STEPS[type(message)]


def advance(state: State | None, *, sender: Role, message: TransferMessage) -> State:
    """Return the state after ``message`` of the counterpart.

    Args:
        state: Where the process stands; None where the message would open one.
        sender: The counterpart's role in it.
        message: What came.

    Raises:
        PeerError: ``dsp.out_of_order``: the state stays as it is.
    """
    return after_receiving(Family.TRANSFER, state, sender=sender, step=step_of(message))
