"""Both machines, both roles: what a message does to a process, and what an act of ours sends.

The tables of ``comity.sharing.lifecycle`` say which step may follow; this module adds what else
must hold: the ids, the offer, the agreement, the format, and the ruling at each stage, asked afresh
of the registered framework. Nothing here answers a message: that is the playbook's, or a person's.
Source: Dataspace Protocol 2025-1; dataspace-protocol 3 to 5; ``docs/spec/09-connectors.md`` 9.4.
"""

import hmac
from collections.abc import Callable
from typing import Final

import attrs

from comity.agreements.mandates import Crossing, Permitted, Refused, ReleaseFacts, rule_on
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.foundation.instants import Instant
from comity.sharing.connectors.messages import Agreed, Message
from comity.sharing.connectors.model import (
    PULL,
    PUSH,
    Address,
    Contract,
    Counterpart,
    Dataset,
    Exchange,
    ItemFacts,
    PolicyOffer,
    agreement_of,
)
from comity.sharing.connectors.playbook import STEPS, Do
from comity.sharing.lifecycle import Step, after_receiving, after_resuming, after_sending
from comity.sharing.model import Family, Role, State
from comity.sharing.reactions import refusal
from comity.sharing.reading import CODE_CHARS_MAX, REASON_CHARS_MAX, line_of
from comity.sharing.tokens import TOKEN_S, token_digest, token_of

#: At which stage of a ruling an act stands; the others bring nothing nearer to crossing.
_STAGES: Final = {
    Do.REQUEST: "request",
    Do.OFFER: "offer",
    Do.AGREE: "agreement",
    Do.ACCEPT: "offer",
    Do.VERIFY: "agreement",
    Do.FINALIZE: "finalization",
    Do.START: "start",
    Do.FETCH: "receive",
}
#: What no rule may do while something in the process is not as agreed, and what nobody may.
_NOT_BY_RULE: Final = frozenset({Do.AGREE, Do.ACCEPT, Do.VERIFY})
_NOT_AT_ALL: Final = frozenset({Do.VERIFY})


@attrs.frozen(kw_only=True)
class Facts:
    """What holds at the moment of a step, told by the node.

    Attributes:
        own: Our participant id towards this counterpart.
        own_base: Our Dataspace Protocol base address, no slash at its end.
        counterpart: Who it is with, as registered now.
        dataset: Ours that the process or message is about (provider); None if there is none that
            this counterpart may see.
        contract: Ours that the process or message names; None if there is none with it.
        at: Now.
        ids: Draws a new ``urn:uuid``.
        chance: Draws ``tokens.TOKEN_BYTES`` random bytes.
    """

    own: str
    own_base: str
    counterpart: Counterpart
    dataset: Dataset | None
    contract: Contract | None
    at: Instant
    ids: Callable[[], str]
    chance: Callable[[], bytes]


@attrs.frozen(kw_only=True)
class Moved:
    """The process with our message on its way; the ruling where one was asked."""

    exchange: Exchange
    message: Message | None
    permitted: Permitted | None


def ruling(item: ItemFacts, *, role: Role, stage: str, facts: Facts) -> Permitted | Refused:
    """Return the ruling on ``item`` under the registered framework, as it stands now.

    Args:
        item: What would cross.
        role: Our part; the provider sends.
        stage: One of ``reactions.STAGES``.
        facts: What holds now.
    """
    sender, recipient = facts.own, facts.counterpart.id
    if role is Role.CONSUMER:
        sender, recipient = recipient, sender
    released = ReleaseFacts(release=0, digest="", recipient=recipient) if item.released else None
    crossing = Crossing(
        sender=sender,
        recipient=recipient,
        area=item.area,
        action=item.action,
        kind=item.kind,
        marking=item.marking,
        purpose=item.purpose,
        onward=item.onward,
        release=released,
        stage=stage,
    )
    return rule_on(agreement_of(facts.counterpart, own=facts.own), crossing, at=facts.at)


def require(item: ItemFacts, *, role: Role, stage: str, facts: Facts) -> Permitted:
    """Return the permission, or raise the refusal.

    Raises:
        RefusedError: ``sharing.refused``.
    """
    found = ruling(item, role=role, stage=stage, facts=facts)
    if isinstance(found, Refused):
        raise refusal(found)
    return found


# --- what comes in ----------------------------------------------------------------------------


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
    known = None if dataset is None or offer is None else _offer_in(dataset, offer.id)
    if offer is None or dataset is None or known is None:
        raise _no_offer("" if offer is None else offer.target)
    require(dataset.facts, role=Role.PROVIDER, stage="request", facts=facts)
    fresh = _fresh(message, role=Role.PROVIDER, item=dataset.facts, facts=facts)
    return attrs.evolve(
        fresh, dataset=dataset.id, offer=offer, odd=_other_terms(known, offer)
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
    if push and (message.address is None or not facts.counterpart.pins(message.address.endpoint)):
        raise PeerError(
            "dsp.push_address",
            "Data is pushed to an address at an origin that was pinned at registration; the request"
            " names none.",
        )
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
    if offer is None:
        raise _no_offer("")
    told = facts.counterpart.framework
    item = ItemFacts(area=told.area, kind="", marking="", purpose="", released=True)
    fresh = _fresh(message, role=Role.CONSUMER, item=item, facts=facts)
    odd = "It was offered without a request: say what it is before it is accepted."
    return attrs.evolve(fresh, dataset=offer.target, offer=offer, odd=odd).at_state(
        State.OFFERED, facts.at
    )


def _fresh(message: Message, *, role: Role, item: ItemFacts, facts: Facts) -> Exchange:
    peer = message.consumer_pid if role is Role.PROVIDER else message.provider_pid
    return _blank(message.family, role, item, facts=facts, peer=peer).heard(
        message.id, message.sha256
    )


def _blank(  # what tells one kind of process from the other
    family: Family, role: Role, item: ItemFacts, *, facts: Facts, peer: str | None
) -> Exchange:
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


def repeated(exchange: Exchange, message: Message) -> bool:
    """Return whether this very message came before: then the answer is the same, nothing moves.

    A message is known by its ``@id``; one without is known by its bytes.

    Raises:
        PeerError: ``dsp.other_message``: the id came before, with other bytes.
    """
    for known, sha256 in exchange.messages:
        if sha256 == message.sha256:
            return True
        if message.id and known == message.id:
            raise PeerError(
                "dsp.other_message",
                f"The message id {message.id[:80]} was used before for another message.",
            )
    return False


def received(exchange: Exchange, message: Message, *, facts: Facts) -> Exchange:
    """Return the process after a message of the counterpart about it.

    Raises:
        PeerError: ``dsp.pid_mismatch``, ``dsp.out_of_order``, ``dsp.target``,
            ``dsp.offer_unknown``; nothing has changed then.
    """
    exchange = _addressed(exchange, message)
    sender = exchange.role.other()
    if exchange.resumed and sender is Role.PROVIDER:
        state = after_resuming(exchange.standing, sender=sender, step=message.step)
    else:
        state = after_receiving(
            exchange.family, exchange.standing, sender=sender, step=message.step
        )
    heard = exchange.heard(message.id, message.sha256)
    match message.step:
        case Step.REQUEST | Step.OFFER:
            heard = _proposed(heard, message, facts=facts)
        case Step.AGREE:
            heard = _agreed(heard, message, facts=facts)
        case Step.START:
            return _started(heard, message, facts=facts)
        case Step.SUSPEND | Step.TERMINATE:
            heard = _told_why(heard, message.code or "", message.reason or "")
        case _:
            pass
    return heard.at_state(state, facts.at)


def _addressed(exchange: Exchange, message: Message) -> Exchange:
    told = {Role.PROVIDER: message.provider_pid, Role.CONSUMER: message.consumer_pid}
    ours, theirs = told[exchange.role], told[exchange.role.other()]
    if ours != exchange.pid or exchange.peer_pid not in {None, theirs}:
        raise PeerError(
            "dsp.pid_mismatch",
            f"The message names {ours} and {theirs}; this is process {exchange.pid}"
            f" with {exchange.peer_pid}.",
        )
    return attrs.evolve(exchange, peer_pid=theirs)


def _proposed(exchange: Exchange, message: Message, *, facts: Facts) -> Exchange:
    offer = message.offer
    if offer is None or offer.target != exchange.dataset:
        raise PeerError(
            "dsp.target", f"This negotiation is about {exchange.dataset}; another cannot be put in."
        )
    if exchange.role is Role.CONSUMER:
        return attrs.evolve(exchange, offer=offer, odd=_other_terms(exchange.asked, offer))
    known = None if facts.dataset is None else _offer_in(facts.dataset, offer.id)
    if known is None:
        raise _no_offer(offer.target)
    return attrs.evolve(exchange, offer=offer, odd=_other_terms(known, offer))


def _agreed(exchange: Exchange, message: Message, *, facts: Facts) -> Exchange:
    told = message.agreed
    assert told is not None
    return attrs.evolve(
        exchange,
        contract=told.id,
        agreed=told.timestamp or facts.at,
        odd=_differs(exchange, told, facts=facts),
    )


def _differs(exchange: Exchange, told: Agreed, *, facts: Facts) -> str | None:
    """Return what of an agreement is not what was on the table, or None."""
    offer = exchange.offer
    if offer is None or told.target != exchange.dataset:
        return f"The agreement is about {told.target}, the offer was about {exchange.dataset}."
    if (told.assigner, told.assignee) != (facts.counterpart.id, facts.own):
        return f"The agreement is between {told.assigner} and {told.assignee}, not between us."
    if told.meaning != offer.meaning:
        return "The agreement's rules are not those of the last offer."
    return None


def _started(exchange: Exchange, message: Message, *, facts: Facts) -> Exchange:
    """Return the process started: by the provider with its address, or resumed by the consumer."""
    fresh_address = exchange.state is State.STARTED and exchange.pending is None
    moved = exchange if fresh_address else exchange.at_state(State.STARTED, facts.at)
    if exchange.role is Role.PROVIDER:
        return attrs.evolve(moved, resumed=True)
    return attrs.evolve(moved, address=message.address or exchange.address, resumed=False)


# --- what goes out ----------------------------------------------------------------------------


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
    blank = _blank(Family.NEGOTIATION, Role.CONSUMER, item, facts=facts, peer=None)
    exchange = attrs.evolve(blank, dataset=offer.target, offer=offer, asked=offer)
    message = Message(
        family=Family.NEGOTIATION,
        step=Step.REQUEST,
        id=facts.ids(),
        consumer_pid=exchange.pid,
        callback=facts.own_base,
        offer=offer,
    )
    return Moved(exchange=exchange, message=message, permitted=permitted)


def ask_for_data(contract: Contract, *, way: str, address: Address | None, facts: Facts) -> Moved:
    """Return a new transfer of ours as consumer, with its request.

    Args:
        contract: Under which.
        way: One of the contract's formats.
        address: Where it is to be pushed; None for a pull.
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
    blank = _blank(Family.TRANSFER, Role.CONSUMER, contract.facts, facts=facts, peer=None)
    exchange = attrs.evolve(
        blank,
        dataset=contract.dataset,
        contract=contract.id,
        agreed=contract.agreed,
        format=way,
    )
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


def act(  # noqa: PLR0913  # what a person or a rule decides, and who of the two it was
    exchange: Exchange,
    do: Do,
    *,
    facts: Facts,
    person: bool,
    code: str = "",
    reason: str = "",
    offer: PolicyOffer | None = None,
) -> Moved:
    """Return the process with what a person or a rule does in it.

    Args:
        exchange: The process.
        do: What is done; not ``hold``.
        facts: What holds now.
        person: Whether a person decided.
        code: Of a suspension or termination.
        reason: The same in words; chosen for the counterpart's eyes.
        offer: Of a counter-proposal; None repeats our own.

    Raises:
        MisuseError: ``sharing.not_sendable``, ``sharing.unanswered``, ``connectors.busy``,
            ``connectors.odd``, ``connectors.no_offer``, ``connectors.nothing_to_fetch``,
            ``connectors.not_pinned``.
        RefusedError: ``sharing.refused``.
    """
    if exchange.pending is not None:
        raise MisuseError(
            "connectors.busy",
            f"A message of ours is on its way in {exchange.pid}; wait for its answer.",
        )
    if exchange.odd is not None and do in (_NOT_AT_ALL if person else _NOT_BY_RULE):
        raise MisuseError("connectors.odd", exchange.odd)
    stage = _STAGES.get(do)
    permitted = None
    if stage is not None:
        permitted = require(exchange.facts, role=exchange.role, stage=stage, facts=facts)
    if do is Do.FETCH:
        return Moved(exchange=_to_fetch(exchange, facts=facts), message=None, permitted=permitted)
    exchange = _brings(exchange, STEPS[do])
    moved, message = _message(exchange, STEPS[do], facts=facts, offer=offer)
    if do in {Do.SUSPEND, Do.TERMINATE}:
        moved = _told_why(moved, code, reason)
        message = attrs.evolve(message, code=moved.code, reason=moved.reason)
    return Moved(exchange=moved, message=message, permitted=permitted)


def _brings(exchange: Exchange, step: Step) -> Exchange:
    """Return the process with ``step`` of ours on its way, if the table lets us send it."""
    if exchange.peer_pid is None:
        raise MisuseError(
            "sharing.unanswered",
            f"The counterpart has not yet answered what opened {exchange.pid}: nothing else can be"
            " said in it before.",
        )
    fresh = (
        exchange.resumed
        and exchange.role is Role.PROVIDER
        and (exchange.state, step) == (State.STARTED, Step.START)
    )
    state = (
        State.STARTED
        if fresh
        else after_sending(exchange.family, exchange.state, sender=exchange.role, step=step)
    )
    return attrs.evolve(exchange, pending=state)


def _message(
    exchange: Exchange, step: Step, *, facts: Facts, offer: PolicyOffer | None
) -> tuple[Exchange, Message]:
    plain = Message(
        family=exchange.family,
        step=step,
        id=facts.ids(),
        provider_pid=exchange.provider_pid,
        consumer_pid=exchange.consumer_pid,
    )
    match step:
        case Step.REQUEST:
            told = offer or exchange.asked or exchange.offer
            assert told is not None
            moved = attrs.evolve(exchange, offer=told, asked=told)
            return moved, attrs.evolve(plain, offer=told)
        case Step.OFFER:
            told = offer or (None if facts.dataset is None else facts.dataset.offers[0])
            if told is None:
                raise MisuseError(
                    "connectors.no_offer",
                    f"{exchange.dataset} is no longer offered to {facts.counterpart.name}.",
                )
            return attrs.evolve(exchange, offer=told, odd=None), attrs.evolve(plain, offer=told)
        case Step.AGREE:
            return _agreement(exchange, plain, facts=facts)
        case Step.START:
            return _start(exchange, plain, facts=facts)
        case _:
            return exchange, plain


def _agreement(exchange: Exchange, plain: Message, *, facts: Facts) -> tuple[Exchange, Message]:
    offer = exchange.offer
    assert offer is not None
    agreed = Agreed(
        id=facts.ids(),
        target=exchange.dataset,
        assigner=facts.own,
        assignee=facts.counterpart.id,
        policy=offer.policy,
        meaning=offer.meaning,
        timestamp=facts.at,
    )
    moved = attrs.evolve(exchange, contract=agreed.id, agreed=facts.at)
    return moved, attrs.evolve(plain, agreed=agreed)


def _start(exchange: Exchange, plain: Message, *, facts: Facts) -> tuple[Exchange, Message]:
    if exchange.role is Role.CONSUMER:
        return attrs.evolve(exchange, resumed=True), plain
    if exchange.format != PULL:
        return exchange, plain
    token = token_of(facts.chance())
    kept = bound_token(token, exchange=exchange)
    opened = attrs.evolve(
        exchange, token_digest=kept, token_expires=facts.at.plus(TOKEN_S), resumed=False
    )
    address = Address(endpoint=f"{facts.own_base}/data/{exchange.pid}", authorization=token)
    return opened, attrs.evolve(plain, address=address)


def _to_fetch(exchange: Exchange, *, facts: Facts) -> Exchange:
    started = exchange.role is Role.CONSUMER and exchange.state is State.STARTED
    if not started or exchange.family is not Family.TRANSFER or exchange.address is None:
        raise MisuseError(
            "connectors.nothing_to_fetch",
            f"There is nothing to fetch in {exchange.pid}: it is {exchange.state}, and the address"
            " of the data comes with the provider's start.",
        )
    if not facts.counterpart.pins(exchange.address.endpoint):
        raise MisuseError(
            "connectors.not_pinned",
            f"The data is said to be at {exchange.address.endpoint[:200]}, which is at no origin"
            f" that was pinned when {facts.counterpart.name} was registered. Nothing is called. An"
            " engineer can add the origin to the registration, if the counterpart confirms it.",
        )
    return exchange


# --- what became of it ------------------------------------------------------------------------


def acknowledged(
    exchange: Exchange, *, brings: State, peer_pid: str | None, at: Instant
) -> Exchange:
    """Return the process after the counterpart took our message.

    The counterpart may go on before we have read that it took the message, and so may we: what is
    on its way by now can be a later message, of which this answer says nothing.

    Args:
        exchange: As it is now.
        brings: The state that the message brings.
        peer_pid: The counterpart's id from its answer to an opening message.
        at: Now.

    Raises:
        PeerError: ``dsp.pid_changed``: it names another id than before.
    """
    if peer_pid is not None and exchange.peer_pid not in {None, peer_pid}:
        raise PeerError(
            "dsp.pid_changed",
            f"The counterpart now calls process {exchange.pid} {peer_pid[:80]}, before it was"
            f" {exchange.peer_pid}: one of its two answers is wrong.",
        )
    known = attrs.evolve(exchange, peer_pid=exchange.peer_pid or peer_pid)
    if known.pending is None:
        return known if known.times(known.state) else known.at_state(known.state, at)
    return known.at_state(brings, at) if known.pending is brings else known


def withheld(exchange: Exchange, *, brings: State) -> Exchange:
    """Return the process after a message of ours was answered with an error, to be sent again.

    Until it is taken the counterpart's messages meet the state before: what follows from it is no
    proof that it arrived.

    Args:
        exchange: As it is now.
        brings: The state that the message brings; another message on its way stays there.
    """
    return attrs.evolve(exchange, pending=None) if exchange.pending is brings else exchange


def over(exchange: Exchange, *, code: str, reason: str, at: Instant) -> Exchange:
    """Return the process ended on our side: the counterpart rejected our message for good."""
    ended = _told_why(attrs.evolve(exchange, pending=None), code, reason)
    return ended.at_state(State.TERMINATED, at)


def contract_of(exchange: Exchange, *, formats: tuple[str, ...]) -> Contract:
    """Return the contract that a finalized negotiation has brought.

    Args:
        exchange: The negotiation, finalized or with its finalization on the way.
        formats: How its data may move.
    """
    assert exchange.contract is not None
    assert exchange.offer is not None
    assert exchange.agreed is not None
    return Contract(
        id=exchange.contract,
        role=exchange.role,
        counterpart=exchange.counterpart,
        dataset=exchange.dataset,
        policy=exchange.offer.policy,
        meaning=exchange.offer.meaning,
        agreed=exchange.agreed,
        negotiation=exchange.pid,
        facts=exchange.facts,
        formats=formats,
    )


def bound_token(token: str, *, exchange: Exchange) -> str:
    """Return what is kept of a transfer's token; it is bound to transfer and counterpart."""
    return token_digest(
        token,
        transfer=exchange.pid,
        counterpart=exchange.counterpart,
        digest=exchange.contract or "",
    )


def check_data_token(token: str, *, exchange: Exchange, at: Instant) -> None:
    """Pass if ``token`` opens the data of a transfer now.

    Raises:
        RefusedError: ``sharing.token``: it does not; which of the reasons holds is not told.
    """
    kept, expires = exchange.token_digest, exchange.token_expires
    open_now = (
        exchange.standing is State.STARTED
        and kept is not None
        and expires is not None
        and at < expires
    )
    given = bound_token(token, exchange=exchange)
    if not hmac.compare_digest(given, kept or "") or not open_now:
        raise RefusedError(
            "sharing.token", "This token opens nothing here, or no longer; ask for the data again."
        )


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


def _offer_in(dataset: Dataset, name: str) -> PolicyOffer | None:
    return next((each for each in dataset.offers if each.id == name), None)


def _other_terms(known: PolicyOffer | None, offer: PolicyOffer) -> str | None:
    if known is None or known.meaning == offer.meaning:
        return None
    return "The rules proposed are not those that were offered or asked for; a person decides."


def _no_offer(target: str) -> PeerError:
    return PeerError(
        "dsp.offer_unknown",
        f"There is no such offer of {target[:80]}; ask for the catalogue again.",
    )


def _told_why(exchange: Exchange, code: str, reason: str) -> Exchange:
    return attrs.evolve(
        exchange,
        code=line_of(code, chars_max=CODE_CHARS_MAX, otherwise="none_given"),
        reason=line_of(reason, chars_max=REASON_CHARS_MAX, otherwise="No reason was given."),
    )
