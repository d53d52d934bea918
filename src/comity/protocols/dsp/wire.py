"""From the values of ``comity.sharing`` to the bytes and paths of the Dataspace Protocol.

``deliver`` prints what a reaction sends and notes the digest of the exact bytes in the process, so
that both sides can cite them; ``incoming`` is the other direction, ``answers`` what is replied.
Source: Dataspace Protocol 2025-1, HTTPS bindings; dataspace-protocol 2 and 3;
``docs/spec/07-sharing.md`` 7.8.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import attrs

from comity.foundation.canonical import digest
from comity.foundation.errors import MisuseError
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp.odrl import terms_rules
from comity.protocols.dsp.policies import Agreement, Offer
from comity.protocols.dsp.reading import Readable, to_bytes
from comity.sharing import messages as ours
from comity.sharing.model import Family, Process
from comity.sharing.model import Offer as OurOffer
from comity.sharing.reactions import Reaction, SendMessage

#: What the HTTP pull of this profile is called, and the names of its two properties.
HTTP_ENDPOINT: Final = "https://w3id.org/idsa/v4.1/HTTP"
TOKEN_PROPERTY: Final = "authorization"  # noqa: S105 -- the name of a property, no secret
TYPE_PROPERTY: Final = "authType"
BEARER: Final = "bearer"

#: What stands in the act and the process for each message of ours.
_NAMES: Final = {
    ours.ContractRequest: "request",
    ours.ContractOffer: "offer",
    ours.ContractAgreement: "agreement",
    ours.ContractVerification: "verification",
    ours.ContractFinalized: "finalization",
    ours.ContractTermination: "termination",
    ours.TransferRequest: "request",
    ours.TransferStart: "start",
    ours.TransferSuspension: "suspension",
    ours.TransferResumption: "resumption",
    ours.TransferCompletion: "completion",
    ours.TransferTermination: "termination",
}

#: Where a message goes that opens a process, and how the path ends of those about a known one.
_OPENINGS: Final[Mapping[type[ours.Message], str]] = {
    ours.ContractRequest: "/negotiations/request",
    ours.ContractOffer: "/negotiations/offers",
    ours.TransferRequest: "/transfers/request",
}
_PATH_ENDS: Final[Mapping[type[ours.Message], str]] = {
    ours.ContractAgreement: "agreement",
    ours.ContractVerification: "agreement/verification",
    ours.ContractFinalized: "events",
    ours.ContractTermination: "termination",
    ours.TransferStart: "start",
    ours.TransferSuspension: "suspension",
    ours.TransferResumption: "start",
    ours.TransferCompletion: "completion",
    ours.TransferTermination: "termination",
}


@attrs.frozen(kw_only=True)
class Outgoing:
    """One message ready to leave: POST ``body`` to ``base`` + ``path``."""

    name: str
    base: str
    path: str
    body: bytes

    @property
    def url(self) -> str:
        """Return the whole address."""
        return f"{self.base}{self.path}"


def deliver(reaction: Reaction) -> tuple[Process, tuple[Outgoing, ...]]:
    """Return the process with the digests of its outgoing messages, and these messages."""
    process = reaction.process
    ready: list[Outgoing] = []
    for effect in reaction.effects:
        if isinstance(effect, SendMessage):
            body = to_bytes(to_wire(effect.message))
            name = _NAMES[type(effect.message)]
            path = path_of(effect.message, process=process)
            ready.append(Outgoing(name=name, base=effect.base, path=path, body=body))
            process = process.noted(name, digest(body))
    return process, tuple(ready)


def path_of(message: ours.Message, *, process: Process) -> str:
    """Return where ``message`` is posted, below the counterpart's base.

    Raises:
        MisuseError: ``dsp.addressee``: the counterpart's id of the process is not known yet.
    """
    opening = _OPENINGS.get(type(message))
    if opening is not None:
        return opening
    if process.peer_pid is None:
        raise MisuseError(
            "dsp.addressee", f"The counterpart has not yet told its id of {process.pid}."
        )
    place = "negotiations" if process.family is Family.NEGOTIATION else "transfers"
    end = _PATH_ENDS[type(message)]
    return f"/{place}/{quote(process.peer_pid, safe=':')}/{end}"


def to_wire(message: ours.Message) -> Readable:  # noqa: PLR0911 -- one line per message
    """Return ``message`` in the words of the protocol."""
    match message:
        case ours.ContractRequest(id=id_, consumer_pid=consumer, callback=callback):
            return dsp.ContractRequestMessage(
                id=id_, consumer_pid=consumer, callback=callback, offer=offer_out(message.offer)
            )
        case ours.ContractOffer(id=id_, provider_pid=provider, callback=callback):
            return dsp.ContractOfferMessage(
                id=id_, provider_pid=provider, callback=callback, offer=offer_out(message.offer)
            )
        case ours.ContractAgreement():
            return _agreement_out(message)
        case ours.ContractVerification(id=id_, provider_pid=provider, consumer_pid=consumer):
            return dsp.ContractAgreementVerificationMessage(
                id=id_, provider_pid=provider, consumer_pid=consumer
            )
        case ours.ContractFinalized(id=id_, provider_pid=provider, consumer_pid=consumer):
            return dsp.ContractNegotiationEventMessage(
                id=id_, provider_pid=provider, consumer_pid=consumer, event="FINALIZED"
            )
        case ours.ContractTermination():
            return dsp.ContractNegotiationTerminationMessage(
                id=message.id,
                provider_pid=message.provider_pid,
                consumer_pid=message.consumer_pid,
                code=message.code,
                reasons=(message.reason,),
            )
        case _:
            return _transfer_out(message)


def _transfer_out(message: ours.TransferMessage) -> Readable:
    match message:
        case ours.TransferRequest():
            return dsp.TransferRequestMessage(
                id=message.id,
                consumer_pid=message.consumer_pid,
                agreement_id=message.contract,
                format=message.format,
                callback=message.callback,
            )
        case ours.TransferStart():
            properties = ((TOKEN_PROPERTY, message.address.token), (TYPE_PROPERTY, BEARER))
            return dsp.TransferStartMessage(
                id=message.id,
                provider_pid=message.provider_pid,
                consumer_pid=message.consumer_pid,
                address=dsp.DataAddress(
                    endpoint_type=HTTP_ENDPOINT,
                    endpoint=message.address.endpoint,
                    properties=properties,
                ),
            )
        case ours.TransferResumption(id=id_, provider_pid=provider, consumer_pid=consumer):
            return dsp.TransferStartMessage(
                id=id_, provider_pid=provider, consumer_pid=consumer, address=None
            )
        case ours.TransferSuspension():
            return dsp.TransferSuspensionMessage(
                id=message.id,
                provider_pid=message.provider_pid,
                consumer_pid=message.consumer_pid,
                code=message.code,
                reasons=(message.reason,),
            )
        case ours.TransferCompletion(id=id_, provider_pid=provider, consumer_pid=consumer):
            return dsp.TransferCompletionMessage(
                id=id_, provider_pid=provider, consumer_pid=consumer
            )
        case ending:
            return dsp.TransferTerminationMessage(
                id=ending.id,
                provider_pid=ending.provider_pid,
                consumer_pid=ending.consumer_pid,
                code=ending.code,
                reasons=(ending.reason,),
            )


def offer_out(offer: OurOffer) -> Offer:
    """Return ``offer`` as it stands in a message."""
    return Offer(id=offer.id, target=offer.target, rules=terms_rules(offer.terms))


def _agreement_out(message: ours.ContractAgreement) -> dsp.ContractAgreementMessage:
    agreement = Agreement(
        id=message.contract,
        rules=terms_rules(message.terms),
        target=message.target,
        assigner=message.assigner,
        assignee=message.assignee,
        timestamp=str(message.agreed),
    )
    return dsp.ContractAgreementMessage(
        id=message.id,
        provider_pid=message.provider_pid,
        consumer_pid=message.consumer_pid,
        agreement=agreement,
    )
