"""What crosses to the counterpart about contracts and transfers, as values without a wire format.

``comity.protocols.dsp.wire`` turns each into a Dataspace Protocol message and back. ``id`` is the
message's own identity, ``sha256`` the digest of the exact bytes that came (empty on the way out).
Source: Dataspace Protocol 2025-1, contract negotiation and transfer messages.
"""

from typing import TypeAlias

import attrs

from comity.foundation.instants import Instant
from comity.sharing.model import Offer, Terms


@attrs.frozen(kw_only=True)
class ContractRequest:
    """A consumer asks for one offer; ``callback`` is where it wants to hear about it."""

    id: str
    consumer_pid: str
    callback: str
    offer: Offer
    sha256: str = ""


@attrs.frozen(kw_only=True)
class ContractOffer:
    """A provider offers without having been asked."""

    id: str
    provider_pid: str
    callback: str
    offer: Offer
    sha256: str = ""


@attrs.frozen(kw_only=True)
class ContractAgreement:
    """A provider states the contract: who releases to whom, what, on which terms, when."""

    id: str
    provider_pid: str
    consumer_pid: str
    contract: str
    target: str
    assigner: str
    assignee: str
    agreed: Instant
    terms: Terms
    sha256: str = ""


@attrs.frozen(kw_only=True)
class ContractVerification:
    """A consumer has checked the contract and ruled on it."""

    id: str
    provider_pid: str
    consumer_pid: str
    sha256: str = ""


@attrs.frozen(kw_only=True)
class ContractFinalized:
    """A provider says that the contract stands."""

    id: str
    provider_pid: str
    consumer_pid: str
    sha256: str = ""


@attrs.frozen(kw_only=True)
class ContractTermination:
    """Either side ends the negotiation; ``code`` is a ruling's or an error's."""

    id: str
    provider_pid: str
    consumer_pid: str
    code: str
    reason: str
    sha256: str = ""


@attrs.frozen(kw_only=True)
class DataAddress:
    """Where the bytes are, and the token that opens the door once."""

    endpoint: str
    token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class TransferRequest:
    """A consumer asks for the bytes of a contract."""

    id: str
    consumer_pid: str
    contract: str
    format: str
    callback: str
    sha256: str = ""


@attrs.frozen(kw_only=True)
class TransferStart:
    """A provider opens the door."""

    id: str
    provider_pid: str
    consumer_pid: str
    address: DataAddress
    sha256: str = ""


@attrs.frozen(kw_only=True)
class TransferSuspension:
    """Either side pauses the transfer; its token is dead."""

    id: str
    provider_pid: str
    consumer_pid: str
    code: str
    reason: str
    sha256: str = ""


@attrs.frozen(kw_only=True)
class TransferResumption:
    """A consumer goes on: a start without an address, answered by a start with a fresh one."""

    id: str
    provider_pid: str
    consumer_pid: str
    sha256: str = ""


@attrs.frozen(kw_only=True)
class TransferCompletion:
    """The bytes are there, and their digest is right."""

    id: str
    provider_pid: str
    consumer_pid: str
    sha256: str = ""


@attrs.frozen(kw_only=True)
class TransferTermination:
    """Either side ends the transfer; ``code`` is a ruling's or an error's."""

    id: str
    provider_pid: str
    consumer_pid: str
    code: str
    reason: str
    sha256: str = ""


NegotiationMessage: TypeAlias = (
    ContractRequest
    | ContractOffer
    | ContractAgreement
    | ContractVerification
    | ContractFinalized
    | ContractTermination
)
TransferMessage: TypeAlias = (
    TransferRequest
    | TransferStart
    | TransferSuspension
    | TransferResumption
    | TransferCompletion
    | TransferTermination
)
Message: TypeAlias = NegotiationMessage | TransferMessage
#: Messages about a process that both sides know.
Addressed: TypeAlias = (
    ContractAgreement
    | ContractVerification
    | ContractFinalized
    | ContractTermination
    | TransferStart
    | TransferSuspension
    | TransferResumption
    | TransferCompletion
    | TransferTermination
)
