"""Between the bytes of the Dataspace Protocol and the messages of ``comity.sharing.connectors``.

What is read is exactly the protocol, whoever wrote it; what is written is narrower: one context,
absolute addresses, every message with an ``@id``. EDC's spelling of a data address is read beside
the protocol's own, and both are written. Source: Dataspace Protocol 2025-1; dataspace-protocol 2, 3
and 9; edc-on-the-wire, facts on the wire.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import attrs

from comity.foundation.canonical import JsonObject, canonical, digest, parse
from comity.foundation.errors import PeerError
from comity.protocols.dsp import catalogue as wire
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp import negotiation, transfer
from comity.protocols.dsp.incoming import instant_of
from comity.protocols.dsp.policies import Agreement, Offer, Rules, normal_form
from comity.protocols.dsp.reading import (
    MESSAGE_BYTES_MAX,
    Readable,
    parse_as,
    reader,
    to_bytes,
)
from comity.protocols.dsp.wire import BEARER, HTTP_ENDPOINT, TOKEN_PROPERTY, TYPE_PROPERTY
from comity.sharing.connectors.messages import Agreed, Message
from comity.sharing.connectors.model import Address, Dataset, Exchange, PolicyOffer
from comity.sharing.lifecycle import Step
from comity.sharing.model import Family

EDC: Final = "https://w3id.org/edc/v0.0.1/ns/"
_POLICY_BYTES_MAX: Final = 64 << 10
_ENDPOINT: Final = re.compile(r"[!-~]{1,2000}", re.ASCII)
_TOKEN: Final = re.compile(r"[!-~](?:[ -~]{0,7998}[!-~])?", re.ASCII)

#: What may be posted where: the end of the path below a process, or an opening path.
OPENINGS: Final[Mapping[str, type[dsp.NegotiationMessage | dsp.TransferMessage]]] = {
    "/negotiations/request": dsp.ContractRequestMessage,
    "/negotiations/offers": dsp.ContractOfferMessage,
    "/transfers/request": dsp.TransferRequestMessage,
}
STEPS: Final[Mapping[tuple[Family, str], type[dsp.NegotiationMessage | dsp.TransferMessage]]] = {
    (Family.NEGOTIATION, "request"): dsp.ContractRequestMessage,
    (Family.NEGOTIATION, "offers"): dsp.ContractOfferMessage,
    (Family.NEGOTIATION, "agreement"): dsp.ContractAgreementMessage,
    (Family.NEGOTIATION, "agreement/verification"): dsp.ContractAgreementVerificationMessage,
    (Family.NEGOTIATION, "events"): dsp.ContractNegotiationEventMessage,
    (Family.NEGOTIATION, "termination"): dsp.ContractNegotiationTerminationMessage,
    (Family.TRANSFER, "start"): dsp.TransferStartMessage,
    (Family.TRANSFER, "suspension"): dsp.TransferSuspensionMessage,
    (Family.TRANSFER, "completion"): dsp.TransferCompletionMessage,
    (Family.TRANSFER, "termination"): dsp.TransferTerminationMessage,
}
_ENDS: Final = {
    Step.REQUEST: "request",
    Step.OFFER: "offers",
    Step.AGREE: "agreement",
    Step.VERIFY: "agreement/verification",
    Step.ACCEPT: "events",
    Step.FINALIZE: "events",
    Step.TERMINATE: "termination",
    Step.START: "start",
    Step.SUSPEND: "suspension",
    Step.COMPLETE: "completion",
}


# --- reading ----------------------------------------------------------------------------------


def read_opening(path: str, body: bytes) -> Message:
    """Return the message that opens a process.

    Args:
        path: One of ``OPENINGS``.
        body: As it came.

    Raises:
        PeerError: ``json.*``, ``dsp.*``; ``dsp.not_opening``: it belongs to a process.
    """
    message = _message(parse_as(body, OPENINGS[path]), body)
    if message.callback is None:
        raise PeerError(
            "dsp.not_opening",
            "A message that opens a process names its callbackAddress; this one names a process,"
            " and is posted below that process.",
        )
    return message


def read_step(family: Family, end: str, body: bytes) -> Message:
    """Return the message about a known process.

    Args:
        family: Of the process.
        end: What follows the process in the path.
        body: As it came.

    Raises:
        PeerError: ``json.*``, ``dsp.*``; ``dsp.no_message``: there is no such message;
            ``dsp.opening_again``: it would open another process.
    """
    kind = STEPS.get((family, end))
    if kind is None:
        raise PeerError("dsp.no_message", "There is no such message for this process.")
    message = _message(parse_as(body, kind), body)
    if message.callback is not None:
        raise PeerError(
            "dsp.opening_again", "The message names a callbackAddress: it would open a process."
        )
    return message


def _message(came: dsp.NegotiationMessage | dsp.TransferMessage, body: bytes) -> Message:
    sha256 = digest(body)
    if isinstance(came, dsp.TransferRequestMessage):
        return Message(
            family=Family.TRANSFER,
            step=Step.REQUEST,
            id=came.id or "",
            consumer_pid=came.consumer_pid,
            callback=came.callback,
            contract=came.agreement_id,
            format=came.format,
            address=address_in(came.address),
            sha256=sha256,
        )
    explained = came if isinstance(came, dsp.Explained) else None
    message = Message(
        family=Family.NEGOTIATION,
        step=Step.TERMINATE,
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        code=None if explained is None else explained.code,
        reason=None if explained is None else explained.words(),
        sha256=sha256,
    )
    if not isinstance(came, dsp.NegotiationMessage):
        start = came if isinstance(came, dsp.TransferStartMessage) else None
        return attrs.evolve(
            message,
            family=Family.TRANSFER,
            step=transfer.step_of(came),
            address=None if start is None else address_in(start.address),
        )
    message = attrs.evolve(message, step=negotiation.step_of(came))
    if isinstance(came, dsp.ContractRequestMessage | dsp.ContractOfferMessage):
        return attrs.evolve(message, callback=came.callback, offer=offer_in(came.offer))
    if isinstance(came, dsp.ContractAgreementMessage):
        return attrs.evolve(message, agreed=_agreed(came.agreement))
    return message


def offer_in(offer: Offer) -> PolicyOffer:
    """Return the offer of a message as ours.

    Raises:
        PeerError: ``dsp.target``: it names no dataset.
    """
    if offer.target is None:
        raise PeerError("dsp.target", f"The offer {offer.id[:80]} names no dataset as its target.")
    return policy_offer(offer.id, target=offer.target, rules=offer.rules)


def policy_offer(name: str, *, target: str, rules: Rules) -> PolicyOffer:
    """Return an offer of ``rules``.

    Raises:
        PeerError: ``dsp.policy_size``: more than can be kept and said again.
    """
    policy = canonical(rules.json())
    if len(policy) > _POLICY_BYTES_MAX:
        raise PeerError(
            "dsp.policy_size",
            f"The policy of {name[:80]} has {len(policy)} bytes; at most {_POLICY_BYTES_MAX}.",
        )
    return PolicyOffer(
        id=name,
        target=target,
        policy=policy.decode(),
        meaning=digest(canonical(normal_form(rules))),
    )


def read_policy(policy: JsonObject, *, what: str) -> Rules:
    """Return the rules of a policy that a person or a profile wrote.

    Raises:
        PeerError: ``dsp.*``.
    """
    return Rules.read(reader(policy, what=what))


def address_in(address: dsp.DataAddress | None) -> Address | None:
    """Return where data is, or is wanted; None where no address can be made out.

    EDC writes neither a top-level endpoint nor short names: its properties are full addresses.

    Raises:
        PeerError: ``dsp.address``: it, or what opens it, cannot stand in a call.
    """
    if address is None:
        return None
    told = {name.removeprefix(EDC): value for name, value in address.properties}
    endpoint = address.endpoint or told.get("endpoint")
    if endpoint is None:
        return None
    token = told.get(TOKEN_PROPERTY)
    if not _ENDPOINT.fullmatch(endpoint) or not (token is None or _TOKEN.fullmatch(token)):
        raise PeerError(
            "dsp.address",
            "A data address is printable ASCII without spaces, at most 2000 characters; its"
            " authorization at most 8000.",
        )
    return Address(endpoint=endpoint, authorization=token)


def _agreed(agreement: Agreement) -> Agreed:
    offer = policy_offer(agreement.id, target=agreement.target, rules=agreement.rules)
    return Agreed(
        id=agreement.id,
        target=agreement.target,
        assigner=agreement.assigner,
        assignee=agreement.assignee,
        policy=offer.policy,
        meaning=offer.meaning,
        timestamp=None if agreement.timestamp is None else instant_of(agreement.timestamp),
    )


# --- writing ----------------------------------------------------------------------------------


def path_of(message: Message, *, peer_pid: str | None) -> str:
    """Return where ``message`` is posted, below the counterpart's base."""
    place = "negotiations" if message.family is Family.NEGOTIATION else "transfers"
    if message.callback is not None:
        return f"/{place}/{_ENDS[message.step]}"
    assert peer_pid is not None
    return f"/{place}/{quote(peer_pid, safe=':')}/{_ENDS[message.step]}"


def message_bytes(message: Message) -> bytes:
    """Return the exact bytes of a message of ours."""
    negotiating = message.family is Family.NEGOTIATION
    return to_bytes(_negotiation_out(message) if negotiating else _transfer_out(message))


def _negotiation_out(message: Message) -> Readable:
    provider, consumer = message.provider_pid or "", message.consumer_pid or ""
    match message.step:
        case Step.REQUEST:
            return dsp.ContractRequestMessage(
                id=message.id,
                consumer_pid=consumer,
                provider_pid=message.provider_pid,
                callback=message.callback,
                offer=_offer_out(message.offer),
            )
        case Step.OFFER:
            return dsp.ContractOfferMessage(
                id=message.id,
                provider_pid=provider,
                consumer_pid=message.consumer_pid,
                callback=message.callback,
                offer=_offer_out(message.offer),
            )
        case Step.AGREE:
            return dsp.ContractAgreementMessage(
                id=message.id,
                provider_pid=provider,
                consumer_pid=consumer,
                agreement=_agreement_out(message.agreed),
            )
        case Step.VERIFY:
            return dsp.ContractAgreementVerificationMessage(
                id=message.id, provider_pid=provider, consumer_pid=consumer
            )
        case Step.TERMINATE:
            return dsp.ContractNegotiationTerminationMessage(
                id=message.id,
                provider_pid=provider,
                consumer_pid=consumer,
                code=message.code,
                reasons=(message.reason,),
            )
        case _:
            event = "ACCEPTED" if message.step is Step.ACCEPT else "FINALIZED"
            return dsp.ContractNegotiationEventMessage(
                id=message.id, provider_pid=provider, consumer_pid=consumer, event=event
            )


def _transfer_out(message: Message) -> Readable:
    provider, consumer = message.provider_pid or "", message.consumer_pid or ""
    match message.step:
        case Step.REQUEST:
            return dsp.TransferRequestMessage(
                id=message.id,
                consumer_pid=consumer,
                agreement_id=message.contract or "",
                format=message.format or "",
                callback=message.callback or "",
                address=_address_out(message.address),
            )
        case Step.START:
            return dsp.TransferStartMessage(
                id=message.id,
                provider_pid=provider,
                consumer_pid=consumer,
                address=_address_out(message.address),
            )
        case Step.COMPLETE:
            return dsp.TransferCompletionMessage(
                id=message.id, provider_pid=provider, consumer_pid=consumer
            )
        case step:
            kind = (
                dsp.TransferSuspensionMessage
                if step is Step.SUSPEND
                else dsp.TransferTerminationMessage
            )
            return kind(
                id=message.id,
                provider_pid=provider,
                consumer_pid=consumer,
                code=message.code,
                reasons=(message.reason,),
            )


@lru_cache(maxsize=4096)
def rules_of(policy: str) -> Rules:
    """Return the rules that were kept as text; many datasets are offered under the same."""
    value = parse(policy.encode(), bytes_max=_POLICY_BYTES_MAX, what="A stored policy")
    return Rules.read(reader(value, what="A stored policy"))


def _offer_out(offer: PolicyOffer | None) -> Offer:
    assert offer is not None
    return Offer(id=offer.id, target=offer.target, rules=rules_of(offer.policy))


def _agreement_out(agreed: Agreed | None) -> Agreement:
    assert agreed is not None
    return Agreement(
        id=agreed.id,
        rules=rules_of(agreed.policy),
        target=agreed.target,
        assigner=agreed.assigner,
        assignee=agreed.assignee,
        timestamp=None if agreed.timestamp is None else str(agreed.timestamp),
    )


def _address_out(address: Address | None) -> dsp.DataAddress | None:
    if address is None:
        return None
    properties = [
        (f"{EDC}endpoint", address.endpoint),
        (f"{EDC}endpointType", HTTP_ENDPOINT),
    ]
    if address.authorization is not None:
        properties += [
            (TOKEN_PROPERTY, address.authorization),
            (TYPE_PROPERTY, BEARER),
            (f"{EDC}{TOKEN_PROPERTY}", address.authorization),
            (f"{EDC}{TYPE_PROPERTY}", BEARER),
        ]
    return dsp.DataAddress(
        endpoint_type=HTTP_ENDPOINT, endpoint=address.endpoint, properties=tuple(properties)
    )


def exchange_bytes(exchange: Exchange) -> bytes:
    """Return the object that answers for a process: its state as acknowledged."""
    negotiating = exchange.family is Family.NEGOTIATION
    kind = dsp.ContractNegotiation if negotiating else dsp.TransferProcess
    return to_bytes(
        kind(
            id=None,
            provider_pid=exchange.provider_pid or dsp.NIL_PID,
            consumer_pid=exchange.consumer_pid or dsp.NIL_PID,
            state=exchange.state.value,
        )
    )


def catalogue_bytes(
    datasets: Sequence[Dataset], *, catalogue: str, participant: str, base: str
) -> bytes:
    """Return the catalogue of ``datasets``; those of a group stand in a catalogue of their own.

    Args:
        datasets: What the asking counterpart may see.
        catalogue: Id of the catalogue; its service has the same with ``#service`` behind.
        participant: Our participant id.
        base: Our base address.
    """
    service = wire.DataService(id=f"{catalogue}#service", endpoint=base)
    groups: dict[str | None, list[wire.Dataset]] = {None: []}
    for each in datasets:
        groups.setdefault(each.group, []).append(_dataset(each, service=service.id))
    nested = tuple(
        wire.Catalog(
            id=f"{catalogue}/{quote(name, safe='')}",
            participant=None,
            services=(service,),
            datasets=tuple(inside),
        )
        for name, inside in groups.items()
        if name is not None
    )
    return to_bytes(
        wire.Catalog(
            id=catalogue,
            participant=participant,
            services=(service,),
            datasets=tuple(groups[None]),
            catalogs=nested,
        )
    )


def dataset_bytes(dataset: Dataset, *, service: str) -> bytes:
    """Return the object of one dataset; ``service`` is the id of the service that gives it."""
    return to_bytes(_dataset(dataset, service=service))


def _dataset(dataset: Dataset, *, service: str) -> wire.Dataset:
    return wire.Dataset(
        id=dataset.id,
        offers=tuple(Offer(id=each.id, rules=rules_of(each.policy)) for each in dataset.offers),
        distributions=tuple(
            wire.Distribution(format=each, service=service) for each in dataset.formats
        ),
    )


def named_pids(body: bytes) -> tuple[str | None, str | None]:
    """Return the provider's and the consumer's id that a message names, as far as it can be read.

    An error repeats them to its sender; a message that cannot be read names none.
    """
    try:
        value = parse(body, bytes_max=MESSAGE_BYTES_MAX, what="A message")
        message = reader(value, what="A message")
        return message.maybe_name("providerPid"), message.maybe_name("consumerPid")
    except PeerError:
        return None, None
