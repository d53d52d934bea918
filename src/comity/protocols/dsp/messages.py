"""The messages about contracts and transfers, both directions, every field the protocol defines.

``id`` is the message's own ``@id``: the protocol does not ask for one, but it is the only thing
that tells a repeated message from a second one. Source: Dataspace Protocol 2025-1, negotiation
and transfer process, schemas of 2025-08-29; dataspace-protocol 3.3, 3.4 and 12.
"""

from typing import Final, Self, TypeAlias

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.protocols.dsp.policies import Agreement, Offer
from comity.protocols.dsp.reading import Reader, reader, root, without_absent
from comity.sharing.reading import REASON_CHARS_MAX, line_of

#: Stands for a pid that the sender of an error does not know.
NIL_PID: Final = "urn:uuid:00000000-0000-0000-0000-000000000000"

NEGOTIATION_STATES: Final = (
    *("REQUESTED", "OFFERED", "ACCEPTED", "AGREED", "VERIFIED", "FINALIZED", "TERMINATED"),
)
TRANSFER_STATES: Final = ("REQUESTED", "STARTED", "SUSPENDED", "COMPLETED", "TERMINATED")


@attrs.frozen(kw_only=True)
class ContractRequestMessage:
    """A consumer's request; it opens (``callback``) or answers an offer (``provider_pid``)."""

    id: str | None
    consumer_pid: str
    offer: Offer
    callback: str | None = None
    provider_pid: str | None = None

    def json(self) -> JsonObject:
        """Return the object."""
        members: JsonObject = {
            "consumerPid": self.consumer_pid,
            "providerPid": self.provider_pid,
            "callbackAddress": self.callback,
            "offer": self.offer.json(),
        }
        return root(self, message_id=self.id, members=members)

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.opening``, ``dsp.*``.
        """
        _either(message, "callbackAddress", "providerPid")
        return cls(
            id=message.maybe_name("@id"),
            consumer_pid=message.name("consumerPid"),
            offer=Offer.read(message.inner("offer")),
            callback=message.maybe_text("callbackAddress"),
            provider_pid=message.maybe_name("providerPid"),
        )


@attrs.frozen(kw_only=True)
class ContractOfferMessage:
    """A provider's offer; it opens (``callback``) or answers a request (``consumer_pid``)."""

    id: str | None
    provider_pid: str
    offer: Offer
    callback: str | None = None
    consumer_pid: str | None = None

    def json(self) -> JsonObject:
        """Return the object."""
        members: JsonObject = {
            "providerPid": self.provider_pid,
            "consumerPid": self.consumer_pid,
            "callbackAddress": self.callback,
            "offer": self.offer.json(),
        }
        return root(self, message_id=self.id, members=members)

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.opening``, ``dsp.*``.
        """
        _either(message, "callbackAddress", "consumerPid")
        offer = message.inner("offer")
        offer.name("target")
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.name("providerPid"),
            offer=Offer.read(offer),
            callback=message.maybe_text("callbackAddress"),
            consumer_pid=message.maybe_name("consumerPid"),
        )


@attrs.frozen(kw_only=True)
class Addressed:
    """What every message about a process known to both sides carries."""

    id: str | None
    provider_pid: str
    consumer_pid: str

    def json(self) -> JsonObject:
        """Return the object."""
        pids: JsonObject = {"providerPid": self.provider_pid, "consumerPid": self.consumer_pid}
        return root(self, message_id=self.id, members={**pids, **self.members()})

    def members(self) -> JsonObject:
        """Return the members of the message's own."""
        return {}

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.name("providerPid"),
            consumer_pid=message.name("consumerPid"),
        )


@attrs.frozen(kw_only=True)
class ContractAgreementMessage(Addressed):
    """A provider's statement of the contract."""

    agreement: Agreement

    def members(self) -> JsonObject:
        """Return the members of the message's own."""
        return {"agreement": self.agreement.json()}

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.name("providerPid"),
            consumer_pid=message.name("consumerPid"),
            agreement=Agreement.read(message.inner("agreement")),
        )


@attrs.frozen(kw_only=True)
class ContractAgreementVerificationMessage(Addressed):
    """A consumer's word that it has checked the contract."""


@attrs.frozen(kw_only=True)
class ContractNegotiationEventMessage(Addressed):
    """ACCEPTED by a consumer, or FINALIZED by a provider."""

    event: str

    def members(self) -> JsonObject:
        """Return the members of the message's own."""
        return {"eventType": self.event}

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.name("providerPid"),
            consumer_pid=message.name("consumerPid"),
            event=message.fixed("eventType", "ACCEPTED", "FINALIZED"),
        )


@attrs.frozen(kw_only=True)
class Explained(Addressed):
    """A message that may say why: a code for programs, reasons for people."""

    code: str | None
    reasons: tuple[Json, ...]

    def members(self) -> JsonObject:
        """Return the members of the message's own."""
        return {"code": self.code, "reason": list(self.reasons)}

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.name("providerPid"),
            consumer_pid=message.name("consumerPid"),
            code=message.maybe_text("code"),
            reasons=message.values("reason", least=1),
        )

    def words(self) -> str:
        """Return the reasons that are text, for a person; bounded."""
        told = "; ".join(each for each in self.reasons if isinstance(each, str) and each)
        return line_of(told, chars_max=REASON_CHARS_MAX, otherwise="No reason was given.")


@attrs.frozen(kw_only=True)
class ContractNegotiationTerminationMessage(Explained):
    """Either side ends the negotiation."""


@attrs.frozen(kw_only=True)
class ContractNegotiation(Addressed):
    """The answer to a request: the process as its other side has it."""

    state: str

    def members(self) -> JsonObject:
        """Return the members of the message's own."""
        return {"state": self.state}

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.name("providerPid"),
            consumer_pid=message.name("consumerPid"),
            state=message.fixed("state", *NEGOTIATION_STATES),
        )


@attrs.frozen(kw_only=True)
class ProcessError(Explained):
    """An error about a process; other connectors leave the pids out, we never do."""

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.maybe_name("providerPid") or NIL_PID,
            consumer_pid=message.maybe_name("consumerPid") or NIL_PID,
            code=message.maybe_text("code"),
            reasons=message.values("reason", least=1),
        )


@attrs.frozen(kw_only=True)
class ContractNegotiationError(ProcessError):
    """What is answered when a negotiation message cannot be taken."""


@attrs.frozen(kw_only=True)
class DataAddress:
    """Where data is, or is wanted. Properties are name and value, in order."""

    endpoint_type: str
    endpoint: str | None
    properties: tuple[tuple[str, str], ...]

    def json(self) -> JsonObject:
        """Return the object."""
        listed = [
            {"@type": "EndpointProperty", "name": name, "value": value}
            for name, value in self.properties
        ]
        return without_absent(
            {
                "@type": "DataAddress",
                "endpointType": self.endpoint_type,
                "endpoint": self.endpoint,
                "endpointProperties": listed,
            }
        )

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the value of an opened object.

        Raises:
            PeerError: ``dsp.*``.
        """
        value.fixed("@type", "DataAddress")
        listed = value.inners("endpointProperties")
        for each in listed:
            each.fixed("@type", "EndpointProperty")
        return cls(
            endpoint_type=value.text("endpointType"),
            endpoint=value.maybe_text("endpoint"),
            properties=tuple((each.text("name"), each.text("value")) for each in listed),
        )


@attrs.frozen(kw_only=True)
class TransferRequestMessage:
    """A consumer asks for the data of a contract; with ``address`` it wants it pushed there."""

    id: str | None
    consumer_pid: str
    agreement_id: str
    format: str
    callback: str
    address: DataAddress | None = None

    def json(self) -> JsonObject:
        """Return the object."""
        members: JsonObject = {
            "consumerPid": self.consumer_pid,
            "agreementId": self.agreement_id,
            "format": self.format,
            "callbackAddress": self.callback,
            "dataAddress": None if self.address is None else self.address.json(),
        }
        return root(self, message_id=self.id, members=members)

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            consumer_pid=message.name("consumerPid"),
            agreement_id=message.name("agreementId"),
            format=message.text("format"),
            callback=message.text("callbackAddress"),
            address=_address(message),
        )


@attrs.frozen(kw_only=True)
class TransferStartMessage(Addressed):
    """A provider opens the door (``address`` for a pull); or either side resumes."""

    address: DataAddress | None

    def members(self) -> JsonObject:
        """Return the members of the message's own."""
        return {"dataAddress": None if self.address is None else self.address.json()}

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.name("providerPid"),
            consumer_pid=message.name("consumerPid"),
            address=_address(message),
        )


@attrs.frozen(kw_only=True)
class TransferCompletionMessage(Addressed):
    """Either side says that the data has arrived."""


@attrs.frozen(kw_only=True)
class TransferSuspensionMessage(Explained):
    """Either side pauses the transfer."""


@attrs.frozen(kw_only=True)
class TransferTerminationMessage(Explained):
    """Either side ends the transfer."""


@attrs.frozen(kw_only=True)
class TransferProcess(Addressed):
    """The answer to a transfer request: the process as its other side has it."""

    state: str

    def members(self) -> JsonObject:
        """Return the members of the message's own."""
        return {"state": self.state}

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            provider_pid=message.name("providerPid"),
            consumer_pid=message.name("consumerPid"),
            state=message.fixed("state", *TRANSFER_STATES),
        )


@attrs.frozen(kw_only=True)
class TransferError(ProcessError):
    """What is answered when a transfer message cannot be taken."""


NegotiationMessage: TypeAlias = (
    ContractRequestMessage
    | ContractOfferMessage
    | ContractAgreementMessage
    | ContractAgreementVerificationMessage
    | ContractNegotiationEventMessage
    | ContractNegotiationTerminationMessage
)
TransferMessage: TypeAlias = (
    TransferRequestMessage
    | TransferStartMessage
    | TransferCompletionMessage
    | TransferSuspensionMessage
    | TransferTerminationMessage
)


def _either(message: Reader, opening: str, answering: str) -> None:
    if message.has(opening) == message.has(answering):
        raise PeerError(
            "dsp.opening",
            f"{message.what} carries either {opening} (it opens a negotiation) or {answering}"
            " (it belongs to one), never both or neither.",
        )


def _address(message: Reader) -> DataAddress | None:
    if not message.has("dataAddress"):
        return None
    address = message.value["dataAddress"]
    return DataAddress.read(reader(address, what=f"{message.what}, dataAddress"))
