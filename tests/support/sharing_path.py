"""The straight path step by step, over the real bytes, for tests that begin somewhere on it."""

from collections.abc import Mapping

import attrs

from comity.protocols.dsp import incoming
from comity.protocols.dsp.wire import Outgoing, deliver
from comity.sharing import contracts, transfers
from comity.sharing.catalogue import offer_of
from comity.sharing.descriptor import Descriptor, read_header
from comity.sharing.messages import (
    ContractAgreement,
    ContractOffer,
    ContractRequest,
    TransferRequest,
    TransferStart,
)
from comity.sharing.model import Contract, Process, State, Terms
from comity.sharing.processes import acknowledged
from comity.sharing.reactions import FetchData, Reaction, RecordAct, SendMessage, ServeData
from support.sharing import AT, BASE, CHANCE, RELEASE, A, B, changed, facts

OFFER = offer_of(RELEASE)


def with_member(terms: Terms, member: str, value: str | int) -> Terms:
    return Terms.from_json({**terms.to_json(), member: value})


def unasked(lie: Mapping[str, str | int] | None = None) -> ContractOffer:
    terms = OFFER.terms
    for member, value in (lie or {}).items():
        terms = with_member(terms, member, value)
    offer = attrs.evolve(OFFER, terms=terms)
    return ContractOffer(id="m", provider_pid="p", callback=BASE[A], offer=offer, sha256="ab" * 32)


def post(reaction: Reaction) -> tuple[Process, Outgoing]:
    """Return the process with its one message acknowledged, and that message."""
    process, (out,) = deliver(reaction)
    return process, out


def kinds(reaction: Reaction) -> list[type]:
    return [type(effect) for effect in reaction.effects]


def requested() -> tuple[Process, ContractRequest]:
    consumer, out = post(contracts.consumer_start(OFFER, facts=facts(B)))
    assert out.url == f"{BASE[A]}/negotiations/request"
    return consumer, incoming.read_contract_request(out.body)


def agreed() -> tuple[Process, Process, ContractAgreement]:
    consumer, request = requested()
    provider, out = post(contracts.provider_on_request(request, facts=facts(A)))
    assert (provider.state, provider.pending) == (State.REQUESTED, State.AGREED)
    assert out.url == f"{BASE[B]}/negotiations/{consumer.pid}/agreement"
    consumer = acknowledged(consumer, peer_pid=provider.pid)
    return consumer, acknowledged(provider), incoming.read_contract_agreement(out.body)


def finalized() -> tuple[Reaction, Reaction]:
    consumer, provider, agreement = agreed()
    consumer, out = post(contracts.consumer_on_agreement(consumer, agreement, facts=facts(B)))
    assert out.url == f"{BASE[A]}/negotiations/{provider.pid}/agreement/verification"
    verification = incoming.read_contract_verification(out.body)
    ended = contracts.provider_on_verification(provider, verification, facts=facts(A))
    assert kinds(ended) == [RecordAct, SendMessage]
    _, out = post(ended)
    assert out.url == f"{BASE[B]}/negotiations/{consumer.pid}/events"
    final = incoming.read_contract_finalized(out.body)
    return ended, contracts.consumer_on_finalized(acknowledged(consumer), final, facts=facts(B))


def contract() -> Contract:
    return contracts.contract_of(finalized()[1].process, own=B)


def transferring() -> tuple[Process, Process, TransferStart]:
    consumer, out = post(transfers.consumer_request(contract(), facts=facts(B)))
    assert out.url == f"{BASE[A]}/transfers/request"
    request = incoming.read_transfer_request(out.body)
    opened = transfers.provider_on_request(
        request, contract=contract_like(request), chance=CHANCE, facts=facts(A)
    )
    provider, out = post(opened)
    assert out.url == f"{BASE[B]}/transfers/{consumer.pid}/start"
    start = incoming.read_transfer_start(out.body)
    consumer = acknowledged(consumer, peer_pid=provider.pid)
    return consumer, acknowledged(provider), start


def contract_like(request: TransferRequest, **changes: str) -> Contract:
    made = Contract(id=request.contract, offer=OFFER, provider=A, consumer=B, agreed=AT)
    return changed(made, changes)


def started() -> tuple[Process, Process, FetchData]:
    consumer, provider, start = transferring()
    reaction = transfers.consumer_on_start(consumer, start, facts=facts(B))
    (fetch,) = reaction.effects
    assert isinstance(fetch, FetchData)
    return reaction.process, provider, fetch


def described() -> tuple[Process, Process, Descriptor]:
    consumer, provider, fetch = started()
    reaction = transfers.provider_on_data(provider, token=fetch.token, facts=facts(A))
    assert kinds(reaction) == [RecordAct, ServeData]
    serve = reaction.effects[1]
    assert isinstance(serve, ServeData)
    return consumer, reaction.process, read_header(serve.descriptor)
