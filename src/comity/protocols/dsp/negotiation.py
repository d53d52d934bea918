"""Which negotiation message means which step, and where it leads.

The tables themselves stand in ``comity.sharing.lifecycle``, which may not import this room.
Source: Dataspace Protocol 2025-1, contract negotiation protocol; dataspace-protocol 4.
"""

from collections.abc import Mapping
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

_STEPS: Final[Mapping[type[NegotiationMessage], Step]] = {
    ContractRequestMessage: Step.REQUEST,
    ContractOfferMessage: Step.OFFER,
    ContractAgreementMessage: Step.AGREE,
    ContractAgreementVerificationMessage: Step.VERIFY,
    ContractNegotiationTerminationMessage: Step.TERMINATE,
}


def step_of(message: NegotiationMessage) -> Step:
    """Return the step that ``message`` is."""
    if isinstance(message, ContractNegotiationEventMessage):
        return Step.ACCEPT if message.event == "ACCEPTED" else Step.FINALIZE
    return _STEPS[type(message)]


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
