"""From the bytes of the Dataspace Protocol to the values of ``comity.sharing``: the straight path.

What a message may say by the protocol and we do not do (counter terms, push, policies outside our
profile) is refused here with a reason. Each value carries the digest of the exact bytes.
Source: Dataspace Protocol 2025-1, message types; ``docs/spec/07-sharing.md`` 7.8.
"""

import datetime as dt
from typing import Final

from comity.foundation.canonical import digest
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp.odrl import read_terms
from comity.protocols.dsp.policies import Offer
from comity.protocols.dsp.reading import parse_as
from comity.protocols.dsp.wire import TOKEN_PROPERTY
from comity.sharing import messages as ours
from comity.sharing.model import PULL
from comity.sharing.model import Offer as OurOffer
from comity.sharing.reading import CODE_CHARS_MAX, line_of

#: Stands for the code of a termination that came without one.
NO_CODE: Final = "none_given"

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
#: An offset can lead out of the years that can be written.
_FIRST: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_LAST: Final = dt.datetime.max.replace(tzinfo=dt.UTC)


def offer_in(offer: Offer) -> OurOffer:
    """Return the offer of a message as ours.

    Raises:
        PeerError: ``dsp.target``: it names no dataset; ``odrl.*``, ``sharing.*``: its policy says
            anything that our profile does not know.
    """
    if offer.target is None:
        raise PeerError("dsp.target", f"The offer {offer.id[:80]} names no dataset as its target.")
    return OurOffer(id=offer.id, target=offer.target, terms=read_terms(offer.rules))


def read_contract_request(body: bytes) -> ours.ContractRequest:
    """Return the opening request in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``, ``odrl.*``, ``sharing.*``; ``dsp.counter_request``: it
            counters an offer of ours, which rule set 1 does not negotiate over the wire.
    """
    came = parse_as(body, dsp.ContractRequestMessage)
    if came.callback is None:
        raise PeerError(
            "dsp.counter_request", "Terms are not negotiated here; they follow from the agreement."
        )
    return ours.ContractRequest(
        id=came.id or "",
        consumer_pid=came.consumer_pid,
        callback=came.callback,
        offer=offer_in(came.offer),
        sha256=digest(body),
    )


def read_contract_offer(body: bytes) -> ours.ContractOffer:
    """Return the opening offer in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``, ``odrl.*``, ``sharing.*``; ``dsp.counter_offer``: it
            counters a request of ours, which rule set 1 does not negotiate over the wire.
    """
    came = parse_as(body, dsp.ContractOfferMessage)
    if came.callback is None:
        raise PeerError(
            "dsp.counter_offer", "Terms are not negotiated here; they follow from the agreement."
        )
    return ours.ContractOffer(
        id=came.id or "",
        provider_pid=came.provider_pid,
        callback=came.callback,
        offer=offer_in(came.offer),
        sha256=digest(body),
    )


def read_contract_agreement(body: bytes) -> ours.ContractAgreement:
    """Return the contract in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``, ``odrl.*``, ``sharing.*``; ``dsp.undated``: it does not
            say when it was concluded.
    """
    came = parse_as(body, dsp.ContractAgreementMessage)
    agreement = came.agreement
    if agreement.timestamp is None:
        raise PeerError("dsp.undated", f"The contract {agreement.id[:80]} has no timestamp.")
    return ours.ContractAgreement(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        contract=agreement.id,
        target=agreement.target,
        assigner=agreement.assigner,
        assignee=agreement.assignee,
        agreed=instant_of(agreement.timestamp),
        terms=read_terms(agreement.rules),
        sha256=digest(body),
    )


def read_contract_verification(body: bytes) -> ours.ContractVerification:
    """Return the verification in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``.
    """
    came = parse_as(body, dsp.ContractAgreementVerificationMessage)
    return ours.ContractVerification(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        sha256=digest(body),
    )


def read_contract_finalized(body: bytes) -> ours.ContractFinalized:
    """Return the provider's last word in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``; ``dsp.event``: it is the other event, which is a
            consumer's and out of order on the straight path.
    """
    came = parse_as(body, dsp.ContractNegotiationEventMessage)
    if came.event != "FINALIZED":
        raise PeerError("dsp.event", f"Expected the event FINALIZED; found {came.event}.")
    return ours.ContractFinalized(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        sha256=digest(body),
    )


def read_contract_termination(body: bytes) -> ours.ContractTermination:
    """Return the end of a negotiation in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``.
    """
    came = parse_as(body, dsp.ContractNegotiationTerminationMessage)
    return ours.ContractTermination(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        code=_code(came.code),
        reason=came.words(),
        sha256=digest(body),
    )


def read_transfer_request(body: bytes) -> ours.TransferRequest:
    """Return the request for data in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``; ``dsp.push``: data is to be pushed somewhere, which is
            not done.
    """
    came = parse_as(body, dsp.TransferRequestMessage)
    if came.address is not None:
        raise PeerError("dsp.push", f"Items move by {PULL}: the data is pulled, never pushed.")
    return ours.TransferRequest(
        id=came.id or "",
        consumer_pid=came.consumer_pid,
        contract=came.agreement_id,
        format=came.format,
        callback=came.callback,
        sha256=digest(body),
    )


def read_transfer_start(body: bytes) -> ours.TransferStart:
    """Return the opened door in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``; ``dsp.address``: it does not say where and with what.
    """
    came = parse_as(body, dsp.TransferStartMessage)
    address = came.address
    told = {} if address is None else dict(address.properties)
    if address is None or address.endpoint is None or TOKEN_PROPERTY not in told:
        raise PeerError(
            "dsp.address", "The start of a pull must carry a dataAddress with endpoint and token."
        )
    return ours.TransferStart(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        address=ours.DataAddress(endpoint=address.endpoint, token=told[TOKEN_PROPERTY]),
        sha256=digest(body),
    )


def read_transfer_resumption(body: bytes) -> ours.TransferResumption:
    """Return the consumer's start in ``body``: it goes on with a transfer that it had paused.

    Raises:
        PeerError: ``json.*``, ``dsp.*``; ``dsp.push``: it carries an address to push to.
    """
    came = parse_as(body, dsp.TransferStartMessage)
    if came.address is not None:
        raise PeerError("dsp.push", f"Items move by {PULL}: the data is pulled, never pushed.")
    return ours.TransferResumption(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        sha256=digest(body),
    )


def read_transfer_suspension(body: bytes) -> ours.TransferSuspension:
    """Return the pause of a transfer in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``.
    """
    came = parse_as(body, dsp.TransferSuspensionMessage)
    return ours.TransferSuspension(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        code=_code(came.code),
        reason=came.words(),
        sha256=digest(body),
    )


def read_transfer_completion(body: bytes) -> ours.TransferCompletion:
    """Return the completion in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``.
    """
    came = parse_as(body, dsp.TransferCompletionMessage)
    return ours.TransferCompletion(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        sha256=digest(body),
    )


def read_transfer_termination(body: bytes) -> ours.TransferTermination:
    """Return the end of a transfer in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``.
    """
    came = parse_as(body, dsp.TransferTerminationMessage)
    return ours.TransferTermination(
        id=came.id or "",
        provider_pid=came.provider_pid,
        consumer_pid=came.consumer_pid,
        code=_code(came.code),
        reason=came.words(),
        sha256=digest(body),
    )


def instant_of(timestamp: str) -> Instant:
    """Return the whole second of an xsd:dateTime; fractions are cut off, an offset is needed.

    Raises:
        PeerError: ``dsp.timestamp_value``, ``dsp.timestamp_zone``: no such moment, or no zone.
    """
    try:
        when = dt.datetime.fromisoformat(timestamp)
    except ValueError as error:
        raise PeerError(
            "dsp.timestamp_value", f"{timestamp[:60]!r} is no moment that can be computed with."
        ) from error
    if when.tzinfo is None:
        raise PeerError("dsp.timestamp_zone", f"{timestamp[:60]!r} does not say in which zone.")
    if not _FIRST <= when <= _LAST:
        raise PeerError(
            "dsp.timestamp_value", f"{timestamp[:60]!r} is no moment that can be computed with."
        )
    return Instant(int((when - _EPOCH) // dt.timedelta(seconds=1)))


def _code(code: str | None) -> str:
    return line_of(code or "", chars_max=CODE_CHARS_MAX, otherwise=NO_CODE)
