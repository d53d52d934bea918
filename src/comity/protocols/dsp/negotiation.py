"""Which negotiation message means which step, and where it leads.

The tables themselves stand in ``comity.sharing.lifecycle``, which may not import this room.
Source: Dataspace Protocol 2025-1, contract negotiation protocol; dataspace-protocol 4.
"""

from typing import Final

from comity.protocols.dsp.messages import (
    ContractAgreementMessage,
    ContractAgreementVerificationMessage,
    ContractNegotiationEventMessage,
    ContractNegotiationTerminationMessage,
    ContractOfferMessage,
    ContractRequestMessage,
    NegotiationMessage,
)
from comity.sharing.lifecycle import (
    NEGOTIATION_SENDS,
    NEGOTIATION_TAKES,
    Step,
    after_receiving,
)
from comity.sharing.model import Family, Role, State

SENDS: Final = NEGOTIATION_SENDS
TAKES: Final = NEGOTIATION_TAKES


def step_of(message: NegotiationMessage) -> Step:
    """Return the step that ``message`` is."""
    match message:
        case ContractRequestMessage():
            return Step.REQUEST
        case ContractOfferMessage():
            return Step.OFFER
        case ContractAgreementMessage():
            return Step.AGREE
        case ContractAgreementVerificationMessage():
            return Step.VERIFY
        case ContractNegotiationEventMessage(event=event):
            return Step.ACCEPT if event == "ACCEPTED" else Step.FINALIZE
        case ContractNegotiationTerminationMessage():
            return Step.TERMINATE


def advance(state: State | None, *, sender: Role, message: NegotiationMessage) -> State:
    """Return the state after ``message`` of the counterpart.

    Args:
        state: Where the process stands; None where the message would open one.
        sender: The counterpart's role in it.
        message: What came.

    Raises:
        PeerError: ``dsp.out_of_order``: the state stays as it is.
    """
    return after_receiving(Family.NEGOTIATION, state, sender=sender, step=step_of(message))
