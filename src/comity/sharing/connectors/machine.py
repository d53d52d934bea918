"""Both machines, both roles: what a message does to a process, and what an act of ours sends.

The tables of ``comity.sharing.lifecycle`` say which step may follow; this module adds what else
must hold: the ids, the offer, the agreement, the format, and the ruling at each stage, asked afresh
of the registered framework. Nothing here answers a message: that is the playbook's, or a person's.
Source: Dataspace Protocol 2025-1; dataspace-protocol 3 to 5; ``docs/spec/09-connectors.md`` 9.4.
"""

from typing import Final

import attrs

from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant
from comity.sharing.connectors.doors import bound_token
from comity.sharing.connectors.messages import Agreed, Message
from comity.sharing.connectors.model import PULL, PUSH, Address, Contract, Exchange, PolicyOffer
from comity.sharing.connectors.openings import (
    Moved,
    check_pushed_to,
    no_offer,
    offer_in,
    other_terms,
)
from comity.sharing.connectors.playbook import STEPS, Do
from comity.sharing.connectors.rulings import Facts, require
from comity.sharing.lifecycle import Step, after_receiving, after_resuming, after_sending
from comity.sharing.model import Family, Role, State
from comity.sharing.reading import CODE_CHARS_MAX, REASON_CHARS_MAX, line_of
from comity.sharing.tokens import TOKEN_S, token_of

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


# --- what comes in ----------------------------------------------------------------------------


def repeated(exchange: Exchange, message: Message) -> bool:
    """Return whether this very message came before: then the answer is the same, nothing moves.

    A message is known by its ``@id``. One without is known by its bytes, and is a second message
    where it could follow now: a peer that names none may well suspend twice in the same words.

    Raises:
        PeerError: ``dsp.other_message``: the id came before, with other bytes.
    """
    for known, sha256 in exchange.messages:
        if sha256 == message.sha256:
            return bool(message.id) or not _follows(exchange, message)
        if message.id and known == message.id:
            raise PeerError(
                "dsp.other_message",
                f"The message id {message.id[:80]} was used before for another message.",
            )
    return False


def received(exchange: Exchange, message: Message, *, facts: Facts) -> Exchange:
    """Return the process after a message of the counterpart about it.

    Raises:
        PeerError: ``dsp.pid_mismatch``, ``dsp.out_of_order``, ``dsp.other_target``,
            ``dsp.offer_unknown``, ``dsp.push_address``; nothing has changed then.
    """
    exchange = _addressed(exchange, message)
    state, shows = _after(exchange, message.step)
    heard = _shown(exchange, shows=shows, at=facts.at).heard(message.id, message.sha256)
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


def _after(exchange: Exchange, step: Step) -> tuple[State, bool]:
    """Return where ``step`` of the counterpart leads, and whether it shows that ours arrived.

    It is judged by the state that a message of ours on its way brings: the counterpart may have
    acted on it already, and has if the step could not follow without. If both said the same at the
    same time (both complete, both end it), the two messages cross, and each side takes the other's.
    """
    try:
        state = _taken_in(exchange, exchange.standing, step)
    except PeerError:
        if exchange.pending is None:
            raise
        crossed = _taken_in(exchange, exchange.state, step)
        if crossed is not exchange.pending:
            raise
        return crossed, False
    if exchange.pending is None:
        return state, False
    try:
        _taken_in(exchange, exchange.state, step)
    except PeerError:
        return state, True
    return state, False


def _taken_in(exchange: Exchange, state: State, step: Step) -> State:
    sender = exchange.role.other()
    if exchange.resumed and sender is Role.PROVIDER:
        return after_resuming(state, sender=sender, step=step)
    return after_receiving(exchange.family, state, sender=sender, step=step)


def _shown(exchange: Exchange, *, shows: bool, at: Instant) -> Exchange:
    """Return the process with what a message of the counterpart shows of ours: that they arrived.

    The state that ours brought was reached then, also where its answer never came.
    """
    if not exchange.reached:
        exchange = exchange.at_state(exchange.state, at)
    return _arrived(exchange, at) if shows else exchange


def _arrived(exchange: Exchange, at: Instant) -> Exchange:
    """Return the process where a message of ours has brought it; a fresh address moves nothing."""
    assert exchange.pending is not None
    if exchange.state is exchange.pending is State.STARTED:
        return attrs.evolve(exchange, pending=None)
    return exchange.at_state(exchange.pending, at)


def _follows(exchange: Exchange, message: Message) -> bool:
    try:
        _after(exchange, message.step)
    except PeerError:
        return False
    return True


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
    assert offer is not None
    if offer.target != exchange.dataset:
        raise PeerError(
            "dsp.other_target",
            f"This negotiation is about {exchange.dataset}; another cannot be put in.",
        )
    if exchange.role is Role.CONSUMER:
        return attrs.evolve(exchange, offer=offer, odd=other_terms(exchange.asked, offer))
    known = None if facts.dataset is None else offer_in(facts.dataset, offer.id)
    if known is None:
        raise no_offer(offer.target)
    return attrs.evolve(exchange, offer=offer, odd=other_terms(known, offer))


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
    assert offer is not None
    if told.target != exchange.dataset:
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
    if exchange.pushed_to_us:
        return attrs.evolve(moved, resumed=False)
    if exchange.role is Role.CONSUMER:
        return attrs.evolve(moved, address=message.address or exchange.address, resumed=False)
    if exchange.format == PUSH and message.address is not None:
        check_pushed_to(message.address, counterpart=facts.counterpart)
        return attrs.evolve(moved, address=message.address, delivered=False)
    # A start of ours that crosses it carries the fresh address already.
    return attrs.evolve(moved, resumed=exchange.pending is not State.STARTED)


# --- what goes out ----------------------------------------------------------------------------


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

    While a message of ours is on its way, nothing but an end can be said: it takes the message's
    place.

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
    under_way = exchange.pending is not None or exchange.withheld
    if under_way and (do is not Do.TERMINATE or exchange.pending is State.TERMINATED):
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
    state = _leads(exchange, step)
    return attrs.evolve(exchange, pending=state, withheld=False, sent=exchange.sent + 1)


def _leads(exchange: Exchange, step: Step) -> State:
    """Return where ``step`` of ours leads; a resumed provider may start once more."""
    resumed = exchange.resumed and exchange.role is Role.PROVIDER
    if resumed and (exchange.state, step) == (State.STARTED, Step.START):
        return State.STARTED
    return after_sending(exchange.family, exchange.state, sender=exchange.role, step=step)


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
            moved = attrs.evolve(exchange, offer=told, asked=told, odd=None)
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
        case Step.ACCEPT:
            return attrs.evolve(exchange, odd=None), plain
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
    moved = attrs.evolve(exchange, contract=agreed.id, agreed=facts.at, odd=None)
    return moved, attrs.evolve(plain, agreed=agreed)


def _start(exchange: Exchange, plain: Message, *, facts: Facts) -> tuple[Exchange, Message]:
    pull, consumes = exchange.format == PULL, exchange.role is Role.CONSUMER
    if pull is consumes:  # the token is made by whoever is called for the data
        return attrs.evolve(exchange, resumed=consumes), plain
    token = token_of(facts.chance())
    opened = attrs.evolve(
        exchange,
        token_digest=bound_token(token, exchange=exchange),
        token_expires=facts.at.plus(TOKEN_S),
        resumed=consumes,
    )
    place = "intake" if consumes else "data"
    address = Address(endpoint=f"{facts.own_base}/{place}/{exchange.pid}", authorization=token)
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
            f" that was pinned when {facts.counterpart.name} was registered. Nothing is called: ask"
            " its operator where its data is; end this transfer if that is somewhere else.",
        )
    return exchange


# --- what became of it ------------------------------------------------------------------------


def acknowledged(
    exchange: Exchange, *, sent: int | None, peer_pid: str | None, at: Instant
) -> Exchange:
    """Return the process after the counterpart took a message of ours.

    Args:
        exchange: As it is now.
        sent: Which message of ours; None for the one that opened the process. Where a later one has
            been said by now, the counterpart's own messages have shown before that this one was
            taken, or an end has taken its place: then it moves nothing.
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
    if sent is None:
        return known if known.reached else known.at_state(known.state, at)
    return _arrived(known, at) if on_its_way(known, sent) else known


def on_its_way(exchange: Exchange, sent: int) -> bool:
    """Return whether that message of ours is the last one, and its answer is still waited for."""
    return exchange.sent == sent and exchange.pending is not None


def withheld(exchange: Exchange, *, sent: int) -> Exchange:
    """Return the process after a message of ours was answered with an error, to be sent again.

    Until it is taken the counterpart's messages meet the state before: what follows from it is no
    proof that it arrived.

    Args:
        exchange: As it is now.
        sent: Which message of ours; where a later one was said, nothing changes.
    """
    if not on_its_way(exchange, sent):
        return exchange
    return attrs.evolve(exchange, pending=None, withheld=True)


def again(exchange: Exchange, *, sent: int, step: Step) -> Exchange | None:
    """Return the process with a message of ours on its way once more; None: it is overtaken.

    It is overtaken when the counterpart has acted on it meanwhile, or has said something after
    which it cannot be said any more.

    Args:
        exchange: As it is now.
        sent: Which message of ours.
        step: What the message says.
    """
    if on_its_way(exchange, sent):
        return exchange
    if exchange.sent != sent or not exchange.withheld:
        return None
    try:
        state = _leads(exchange, step)
    except MisuseError:
        return None
    return attrs.evolve(exchange, pending=state, withheld=False)


def overtaken(exchange: Exchange, *, sent: int) -> Exchange:
    """Return the process after a message of ours was given up because another went before it."""
    return attrs.evolve(exchange, withheld=exchange.withheld and exchange.sent != sent)


def over(exchange: Exchange, *, code: str, reason: str, at: Instant) -> Exchange:
    """Return the process ended on our side: the counterpart rejected our message for good.

    What it said before is forgotten: brought again, it gets no answer from which the counterpart
    could take the process to be alive.
    """
    blank = attrs.evolve(exchange, pending=None, withheld=False, messages=())
    ended = _told_why(blank, code, reason)
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


def _told_why(exchange: Exchange, code: str, reason: str) -> Exchange:
    return attrs.evolve(
        exchange,
        code=line_of(code, chars_max=CODE_CHARS_MAX, otherwise="none_given"),
        reason=line_of(reason, chars_max=REASON_CHARS_MAX, otherwise="No reason was given."),
    )
