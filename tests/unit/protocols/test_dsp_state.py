"""Each message as a step of its process."""

import pytest

from comity.foundation.errors import PeerError
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp import negotiation, transfer
from comity.protocols.dsp.policies import Agreement, Offer, Rule, Rules
from comity.sharing.lifecycle import NEGOTIATION_TAKES, TRANSFER_SENDS, Step
from comity.sharing.model import Role, State

RULES = Rules(permission=(Rule(action="use", constraints=()),))
OFFER = Offer(id="o", rules=RULES, target="d")
PIDS = {"provider_pid": "p", "consumer_pid": "c"}
AGREEMENT = Agreement(id="a", rules=RULES, target="d", assigner="A", assignee="B", timestamp=None)

NEGOTIATION: list[tuple[dsp.NegotiationMessage, Step]] = [
    (dsp.ContractRequestMessage(id="m", consumer_pid="c", offer=OFFER, callback="x"), Step.REQUEST),
    (dsp.ContractOfferMessage(id="m", provider_pid="p", offer=OFFER, callback="x"), Step.OFFER),
    (dsp.ContractAgreementMessage(id="m", agreement=AGREEMENT, **PIDS), Step.AGREE),
    (dsp.ContractAgreementVerificationMessage(id="m", **PIDS), Step.VERIFY),
    (dsp.ContractNegotiationEventMessage(id="m", event="ACCEPTED", **PIDS), Step.ACCEPT),
    (dsp.ContractNegotiationEventMessage(id="m", event="FINALIZED", **PIDS), Step.FINALIZE),
    (
        dsp.ContractNegotiationTerminationMessage(id="m", code=None, reasons=(), **PIDS),
        Step.TERMINATE,
    ),
]
TRANSFER: list[tuple[dsp.TransferMessage, Step]] = [
    (
        dsp.TransferRequestMessage(
            id="m", consumer_pid="c", agreement_id="a", format="f", callback="x"
        ),
        Step.REQUEST,
    ),
    (dsp.TransferStartMessage(id="m", address=None, **PIDS), Step.START),
    (dsp.TransferSuspensionMessage(id="m", code=None, reasons=(), **PIDS), Step.SUSPEND),
    (dsp.TransferCompletionMessage(id="m", **PIDS), Step.COMPLETE),
    (dsp.TransferTerminationMessage(id="m", code=None, reasons=(), **PIDS), Step.TERMINATE),
]


@pytest.mark.parametrize("sender", list(Role))
@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize(("message", "step"), NEGOTIATION)
def test_a_negotiation_message_moves_what_the_table_says(
    sender: Role, state: State | None, message: dsp.NegotiationMessage, step: Step
) -> None:
    expected = NEGOTIATION_TAKES.get((state, sender, step))
    if expected is None:
        with pytest.raises(PeerError, match="cannot follow"):
            negotiation.advance(state, sender=sender, message=message)
    else:
        assert negotiation.advance(state, sender=sender, message=message) is expected


@pytest.mark.parametrize("sender", list(Role))
@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize(("message", "step"), TRANSFER)
def test_a_transfer_message_moves_what_the_table_says(
    sender: Role, state: State | None, message: dsp.TransferMessage, step: Step
) -> None:
    expected = TRANSFER_SENDS.get((state, sender, step))
    if expected is None:
        with pytest.raises(PeerError, match="cannot follow"):
            transfer.advance(state, sender=sender, message=message)
    else:
        assert transfer.advance(state, sender=sender, message=message) is expected
