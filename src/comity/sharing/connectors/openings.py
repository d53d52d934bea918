"""What opens a process, in either direction: what must hold before there is one.

Source: Dataspace Protocol 2025-1; dataspace-protocol 2.5, 3.3 and 3.4;
``docs/spec/09-connectors.md`` 9.4.
"""

import attrs

from comity.agreements.mandates import Permitted
from comity.foundation.errors import MisuseError, PeerError
from comity.sharing.connectors.doors import bound_token
from comity.sharing.connectors.messages import Message
from comity.sharing.connectors.model import (
    PUSH,
    Address,
    Contract,
    Counterpart,
    Dataset,
    Exchange,
    ItemFacts,
    PolicyOffer,
)
from comity.sharing.connectors.rulings import Facts, require
from comity.sharing.lifecycle import Step
from comity.sharing.model import Family, Role, State
from comity.sharing.tokens import token_of


@attrs.frozen(kw_only=True)
class Moved:
    """The process with our message on its way; the ruling where one was asked."""

    exchange: Exchange
    message: Message | None
    permitted: Permitted | None


# --- the counterpart's --------------------------------------------------------------------


def opened_by(message: Message, *, facts: Facts) -> Exchange:
    """Return the new process that an opening message of the counterpart brings.

    Raises:
        PeerError: ``dsp.callback``, ``dsp.offer_unknown``, ``dsp.contract_unknown``,
            ``dsp.format``, ``dsp.push_address``.
        RefusedError: ``sharing.refused``: the framework does not permit it now.
    """
    check_callback(message.callback or "", counterpart=facts.counterpart)
    if message.step is Step.OFFER:
        return _offered(message, facts=facts)
    if message.family is Family.TRANSFER:
        return _transfer_requested(message, facts=facts)
    return _requested(message, facts=facts)


def _requested(message: Message, *, facts: Facts) -> Exchange:
    offer, dataset = message.offer, facts.dataset
    assert offer is not None
    known = None if dataset is None else offer_in(dataset, offer.id)
    if dataset is None or known is None:
        raise no_offer(offer.target)
    require(dataset.facts, role=Role.PROVIDER, stage="request", facts=facts)
    fresh = _fresh(message, role=Role.PROVIDER, item=dataset.facts, facts=facts)
    return attrs.evolve(
        fresh, dataset=dataset.id, offer=offer, odd=other_terms(known, offer)
    ).at_state(State.REQUESTED, facts.at)


def _transfer_requested(message: Message, *, facts: Facts) -> Exchange:
    contract = facts.contract
    if contract is None or contract.role is not Role.PROVIDER:
        raise PeerError(
            "dsp.contract_unknown",
            f"There is no contract {str(message.contract)[:80]} under which you can ask for data.",
        )
    if message.format not in contract.formats:
        raise PeerError(
            "dsp.format",
            f"This contract's data moves by {' or '.join(contract.formats)};"
            f" not by {str(message.format)[:80]}.",
        )
    push = message.format == PUSH
    if push:
        check_pushed_to(message.address, counterpart=facts.counterpart)
    require(contract.facts, role=Role.PROVIDER, stage="transfer", facts=facts)
    fresh = _fresh(message, role=Role.PROVIDER, item=contract.facts, facts=facts)
    return attrs.evolve(
        fresh,
        dataset=contract.dataset,
        contract=contract.id,
        agreed=contract.agreed,
        format=message.format,
        address=message.address if push else None,
    ).at_state(State.REQUESTED, facts.at)


def _offered(message: Message, *, facts: Facts) -> Exchange:
    """Return the process of an offer that nobody asked for; a person says what it is."""
    offer = message.offer
    assert offer is not None
    told = facts.counterpart.framework
    item = ItemFacts(area=told.area, kind="", marking="", purpose="", released=True)
    fresh = _fresh(message, role=Role.CONSUMER, item=item, facts=facts)
    odd = "It was offered without a request: say what it is before it is accepted."
    return attrs.evolve(fresh, dataset=offer.target, offer=offer, odd=odd).at_state(
        State.OFFERED, facts.at
    )


def _fresh(message: Message, *, role: Role, item: ItemFacts, facts: Facts) -> Exchange:
    peer = message.consumer_pid if role is Role.PROVIDER else message.provider_pid
    return blank(message.family, role, item, facts=facts, peer=peer).heard(
        message.id, message.sha256
    )


# --- ours ------------------------------------------------------------------------------------


def ask(offer: PolicyOffer, *, item: ItemFacts, facts: Facts) -> Moved:
    """Return a new negotiation of ours as consumer, with its request.

    Args:
        offer: What we ask for, under the provider's id of the offer.
        item: What our official says it is, in the framework's words.
        facts: What holds now.

    Raises:
        RefusedError: ``sharing.refused``.
    """
    permitted = require(item, role=Role.CONSUMER, stage="request", facts=facts)
    fresh = blank(Family.NEGOTIATION, Role.CONSUMER, item, facts=facts, peer=None)
    exchange = attrs.evolve(fresh, dataset=offer.target, offer=offer, asked=offer)
    message = Message(
        family=Family.NEGOTIATION,
        step=Step.REQUEST,
        id=facts.ids(),
        consumer_pid=exchange.pid,
        callback=facts.own_base,
        offer=offer,
    )
    return Moved(exchange=exchange, message=message, permitted=permitted)


def ask_for_data(contract: Contract, *, way: str, facts: Facts) -> Moved:
    """Return a new transfer of ours as consumer, with its request.

    For a push the request says where we take the data in, and with which token: it opens nothing
    before the provider's start.

    Args:
        contract: Under which.
        way: One of the contract's formats.
        facts: What holds now.

    Raises:
        MisuseError: ``connectors.format``, ``connectors.not_consumer``.
        RefusedError: ``sharing.refused``.
    """
    if contract.role is not Role.CONSUMER:
        raise MisuseError(
            "connectors.not_consumer",
            f"Under contract {contract.id} we give data; {facts.counterpart.name} asks for it.",
        )
    if way not in contract.formats:
        raise MisuseError(
            "connectors.format",
            f"Under contract {contract.id} data moves by {' or '.join(contract.formats)}.",
        )
    permitted = require(contract.facts, role=Role.CONSUMER, stage="transfer", facts=facts)
    fresh = blank(Family.TRANSFER, Role.CONSUMER, contract.facts, facts=facts, peer=None)
    exchange = attrs.evolve(
        fresh,
        dataset=contract.dataset,
        contract=contract.id,
        agreed=contract.agreed,
        format=way,
    )
    address = None
    if way == PUSH:
        token = token_of(facts.chance())
        exchange = attrs.evolve(exchange, token_digest=bound_token(token, exchange=exchange))
        endpoint = f"{facts.own_base}/intake/{exchange.pid}"
        address = Address(endpoint=endpoint, authorization=token)
    message = Message(
        family=Family.TRANSFER,
        step=Step.REQUEST,
        id=facts.ids(),
        consumer_pid=exchange.pid,
        callback=facts.own_base,
        contract=contract.id,
        format=way,
        address=address,
    )
    return Moved(exchange=exchange, message=message, permitted=permitted)


# --- both ------------------------------------------------------------------------------------


def check_callback(address: str, *, counterpart: Counterpart) -> None:
    """Pass if ``address`` is the counterpart's registered base, with one slash behind or none.

    Raises:
        PeerError: ``dsp.callback``.
    """
    if address.removesuffix("/") != counterpart.base:
        raise PeerError(
            "dsp.callback",
            f"The callback address {address[:120]} is not the one registered for"
            f" {counterpart.id}, {counterpart.base}.",
        )


def check_pushed_to(address: Address | None, *, counterpart: Counterpart) -> None:
    """Pass if data may be pushed to ``address``.

    Raises:
        PeerError: ``dsp.push_address``.
    """
    if address is None or not counterpart.pins(address.endpoint):
        raise PeerError(
            "dsp.push_address",
            "Data is pushed to an address at an origin that was pinned at registration; the message"
            " names none.",
        )


def blank(  # what tells one kind of process from the other
    family: Family, role: Role, item: ItemFacts, *, facts: Facts, peer: str | None
) -> Exchange:
    """Return a process in which nothing was said yet."""
    return Exchange(
        family=family,
        role=role,
        pid=facts.ids(),
        peer_pid=peer,
        counterpart=facts.counterpart.id,
        state=State.REQUESTED,
        pending=None,
        dataset="",
        offer=None,
        asked=None,
        agreed=None,
        contract=None,
        format=None,
        address=None,
        facts=item,
        reached={},
        messages=(),
        since=facts.at,
        opened=facts.at,
    )


def offer_in(dataset: Dataset, name: str) -> PolicyOffer | None:
    """Return the offer of ``dataset`` that is called ``name``, if there is one."""
    return next((each for each in dataset.offers if each.id == name), None)


def other_terms(known: PolicyOffer | None, offer: PolicyOffer) -> str | None:
    """Return what is odd about ``offer`` beside what was known, or None: they mean the same."""
    if known is None or known.meaning == offer.meaning:
        return None
    return "The rules proposed are not those that were offered or asked for; a person decides."


def no_offer(target: str) -> PeerError:
    """Return the error for an offer that is not there."""
    return PeerError(
        "dsp.offer_unknown",
        f"There is no such offer of {target[:80]}; ask for the catalogue again.",
    )
