"""What crosses between us and a registered counterpart, as one value without a wire format.

``comity.protocols.dsp.connectors`` turns it into a Dataspace Protocol message and back.
Source: Dataspace Protocol 2025-1, contract negotiation and transfer messages.
"""

import attrs

from comity.foundation.instants import Instant
from comity.sharing.connectors.model import Address, PolicyOffer
from comity.sharing.lifecycle import Step
from comity.sharing.model import Family


@attrs.frozen(kw_only=True)
class Agreed:
    """What an agreement message says: who gives what to whom under which rules, since when."""

    id: str
    target: str
    assigner: str
    assignee: str
    policy: str
    meaning: str
    timestamp: Instant | None


@attrs.frozen(kw_only=True)
class Message:
    """One message, in either direction; a member that its step does not have is None.

    Attributes:
        id: The message's own ``@id``; empty where it has none.
        callback: Where its sender wants to hear about a process that it opens.
        offer: Of a request or an offer.
        agreed: Of an agreement.
        contract: Of a transfer request: under which contract.
        format: Of a transfer request: how the data is to move.
        address: Of a transfer request (push) or a start (pull).
        code: Of a suspension or termination.
        reason: The same for a person.
        sha256: Digest of the exact bytes that came.
    """

    family: Family
    step: Step
    id: str
    provider_pid: str | None = None
    consumer_pid: str | None = None
    callback: str | None = None
    offer: PolicyOffer | None = None
    agreed: Agreed | None = None
    contract: str | None = None
    format: str | None = None
    address: Address | None = None
    code: str | None = None
    reason: str | None = None
    sha256: str = ""
