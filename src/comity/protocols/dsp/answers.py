"""What is answered over the Dataspace Protocol, and how a counterpart's answers are read.

The object of a process, the catalogue and its datasets, and errors. An error's ``code`` is the
ruling's where a ruling refused, so that both sides speak of the same thing; nothing private can be
in it. Source: Dataspace Protocol 2025-1; dataspace-protocol 2, 3.1 and 6.
"""

from collections.abc import Sequence

import attrs

from comity.foundation.errors import ComityError, PeerError
from comity.protocols.dsp import catalogue as wire
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp.odrl import read_terms, terms_rules
from comity.protocols.dsp.policies import Offer
from comity.protocols.dsp.reading import CATALOGUE_BYTES_MAX, parse_as, to_bytes
from comity.sharing.catalogue import Dataset
from comity.sharing.model import PULL, Family, Process, State
from comity.sharing.model import Offer as OurOffer
from comity.sharing.reading import CODE_CHARS_MAX, line_of


def process_bytes(process: Process) -> bytes:
    """Return the object that answers for ``process``: its state as acknowledged."""
    provider = process.provider_pid or dsp.NIL_PID
    consumer = process.consumer_pid or dsp.NIL_PID
    negotiating = process.family is Family.NEGOTIATION
    kind = dsp.ContractNegotiation if negotiating else dsp.TransferProcess
    return to_bytes(
        kind(id=None, provider_pid=provider, consumer_pid=consumer, state=process.state.value)
    )


@attrs.frozen(kw_only=True)
class Answered:
    """What a counterpart's answer says about a process."""

    provider_pid: str
    consumer_pid: str
    state: State


def read_process(body: bytes, *, family: Family) -> Answered:
    """Return what the answer to an opening message, or to a question for a state, says.

    Raises:
        PeerError: ``json.*``, ``dsp.*``.
    """
    told: dsp.ContractNegotiation | dsp.TransferProcess
    if family is Family.NEGOTIATION:
        told = parse_as(body, dsp.ContractNegotiation)
    else:
        told = parse_as(body, dsp.TransferProcess)
    return Answered(
        provider_pid=told.provider_pid, consumer_pid=told.consumer_pid, state=State(told.state)
    )


def error_bytes(
    error: ComityError,
    *,
    family: Family | None,
    provider_pid: str | None = None,
    consumer_pid: str | None = None,
) -> bytes:
    """Return the error object for ``error``.

    Args:
        error: What went wrong.
        family: Of the process; None for the catalogue.
        provider_pid: As far as known.
        consumer_pid: As far as known.
    """
    ruling = error.facts.get("ruling")
    code = ruling if isinstance(ruling, str) else error.code
    if family is None:
        return to_bytes(wire.CatalogError(id=None, code=code, reasons=(error.message,)))
    negotiating = family is Family.NEGOTIATION
    kind = dsp.ContractNegotiationError if negotiating else dsp.TransferError
    return to_bytes(
        kind(
            id=None,
            provider_pid=provider_pid or dsp.NIL_PID,
            consumer_pid=consumer_pid or dsp.NIL_PID,
            code=code,
            reasons=(error.message,),
        )
    )


@attrs.frozen(kw_only=True)
class Rejection:
    """Why the counterpart did not take a message of ours."""

    code: str
    reason: str


def read_error(body: bytes, *, family: Family | None) -> Rejection:
    """Return why the counterpart rejected something; a body that says nothing is no error.

    Args:
        body: Of an answer that is not a success; it may be empty or of any form.
        family: Of the process; None for the catalogue.
    """
    try:
        if family is None:
            told = parse_as(body, wire.CatalogError)
            given = dsp.ContractNegotiationError(
                id=None, provider_pid="", consumer_pid="", code=told.code, reasons=told.reasons
            )
            return Rejection(code=_shown(given.code), reason=given.words())
        kind: type[dsp.ContractNegotiationError | dsp.TransferError] = (
            dsp.ContractNegotiationError if family is Family.NEGOTIATION else dsp.TransferError
        )
        process = parse_as(body, kind)
    except PeerError:
        return Rejection(code="rejected", reason="The counterpart gave no reason that can be read.")
    return Rejection(code=_shown(process.code), reason=process.words())


def not_let_in(status: int, body: bytes) -> str | None:
    """Return why the counterpart's door stayed shut, in its words; None if it did not.

    Then nobody there has read the message, and the same one may be sent again later. Source: spec
    6.7.9.
    """
    told = [read_error(body, family=family) for family in (None, *Family)]
    shut = [one.reason for one in told if one.code.startswith("call.")]
    if status == 401 and not shut:
        return told[0].reason
    return shut[0] if status >= 400 and shut else None


def dataset_bytes(dataset: Dataset, *, service: str) -> bytes:
    """Return the object of one dataset; ``service`` is the id of the service that gives it."""
    return to_bytes(_dataset(dataset, service=service))


def catalogue_bytes(
    datasets: Sequence[Dataset], *, catalogue: str, participant: str, base: str
) -> bytes:
    """Return the catalogue of ``datasets``.

    Args:
        datasets: What the asking counterpart may see.
        catalogue: Id of the catalogue; its service has the same with ``#service`` behind.
        participant: Our did.
        base: Our base address.
    """
    service = f"{catalogue}#service"
    return to_bytes(
        wire.Catalog(
            id=catalogue,
            participant=participant,
            services=(wire.DataService(id=service, endpoint=base),),
            datasets=tuple(_dataset(each, service=service) for each in datasets),
        )
    )


@attrs.frozen(kw_only=True)
class Seen:
    """What a counterpart's catalogue offers; ``not_understood`` are ids with the reason."""

    datasets: tuple[Dataset, ...]
    not_understood: tuple[tuple[str, str], ...]


def read_catalogue(body: bytes, *, provider: str) -> Seen:
    """Return what is offered in our profile, and what is offered in terms we do not know.

    Raises:
        PeerError: ``json.*``, ``dsp.*``; ``dsp.participant``: it is somebody else's catalogue.
    """
    catalogue = parse_as(body, wire.Catalog, bytes_max=CATALOGUE_BYTES_MAX)
    if catalogue.participant != provider:
        raise PeerError(
            "dsp.participant",
            f"The catalogue is {str(catalogue.participant)[:120]}'s, not {provider}'s.",
        )
    known: list[Dataset] = []
    odd: list[tuple[str, str]] = []
    for dataset in catalogue.datasets:
        try:
            known.append(_offered(dataset))
        except PeerError as error:
            odd.append((dataset.id, error.message))
    return Seen(datasets=tuple(known), not_understood=tuple(odd))


def read_dataset(body: bytes) -> Dataset:
    """Return the dataset in ``body``.

    Raises:
        PeerError: ``json.*``, ``dsp.*``, ``odrl.*``, ``sharing.*``.
    """
    return _offered(parse_as(body, wire.Dataset))


def _dataset(dataset: Dataset, *, service: str) -> wire.Dataset:
    offer = Offer(id=dataset.offer.id, rules=terms_rules(dataset.offer.terms))
    way = wire.Distribution(format=PULL, service=service)
    return wire.Dataset(id=dataset.id, offers=(offer,), distributions=(way,))


def _offered(dataset: wire.Dataset) -> Dataset:
    if len(dataset.offers) != 1 or PULL not in {each.format for each in dataset.distributions}:
        raise PeerError(
            "dsp.dataset", f"Dataset {dataset.id[:80]} must have one offer and move by {PULL}."
        )
    offer = dataset.offers[0]
    terms = read_terms(offer.rules)
    return Dataset(id=dataset.id, offer=OurOffer(id=offer.id, target=dataset.id, terms=terms))


def _shown(code: str | None) -> str:
    return line_of(code or "", chars_max=CODE_CHARS_MAX, otherwise="rejected")
