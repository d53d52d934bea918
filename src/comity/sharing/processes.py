"""What every reaction does to a process: make it, move it, end it, match a message to it.

A message of ours moves the process when it is acknowledged (``acknowledged``); until then its state
stands in ``pending``. A message of the counterpart moves it at once. Source: Dataspace Protocol
2025-1; dataspace-protocol 4 and 7.
"""

import attrs

from comity.agreements.mandates import Refused
from comity.foundation.errors import MisuseError, PeerError
from comity.sharing.lifecycle import Step, after_receiving, after_sending
from comity.sharing.messages import (
    Addressed,
    ContractTermination,
    Message,
    TransferTermination,
)
from comity.sharing.model import Family, Offer, Process, Role, State
from comity.sharing.reactions import (
    Effect,
    Facts,
    NoteRefusal,
    Reaction,
    RevokeToken,
    SendMessage,
)
from comity.sharing.reading import CODE_CHARS_MAX, REASON_CHARS_MAX, line_of


def opened(*, family: Family, role: Role, state: State, offer: Offer, facts: Facts) -> Process:
    """Return a new process with an id of ours and everything else unknown."""
    return Process(
        family=family,
        role=role,
        pid=facts.ids(),
        peer_pid=None,
        counterpart=facts.counterpart,
        base=facts.counterpart_base,
        state=state,
        pending=None,
        offer=offer,
        contract=None,
        agreed=None,
        messages={},
        token_digest=None,
        token_expires=None,
        sent=False,
        code=None,
        reason=None,
    )


def standing(process: Process) -> State:
    """Return the state the counterpart may already have acted on."""
    return process.pending or process.state


def sending(process: Process, step: Step) -> Process:
    """Return the process with a message of ours on its way.

    Raises:
        MisuseError: ``sharing.not_sendable``.
    """
    state = after_sending(process.family, standing(process), sender=process.role, step=step)
    return attrs.evolve(process, state=standing(process), pending=state)


def taking(process: Process, message: Addressed, step: Step, *, facts: Facts) -> Process:
    """Return the process moved by a message of the counterpart that belongs to it.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    matched = matching(process, message, facts=facts)
    state = after_receiving(
        process.family, standing(process), sender=process.role.other(), step=step
    )
    return attrs.evolve(matched, state=state, pending=None).noted(step, message.sha256)


def repeats(process: Process, sha256: str) -> bool:
    """Return whether exactly these bytes came before: then the answer is the same, nothing moves.

    Two messages of one meaning differ in their ``@id``, and so in their digest.
    """
    return sha256 in process.messages.values()


def acknowledged(process: Process, *, peer_pid: str | None = None) -> Process:
    """Return the process after the counterpart answered our message with success.

    Args:
        process: As it was sent.
        peer_pid: The counterpart's id from its answer to an opening message; a later message
            may have told it already, and then both must agree.

    Raises:
        PeerError: ``dsp.pid_changed``: the counterpart names another id than before.
    """
    if peer_pid is not None and process.peer_pid not in {None, peer_pid}:
        raise PeerError(
            "dsp.pid_changed",
            f"The counterpart now calls process {process.pid} {peer_pid[:80]}, before it was"
            f" {process.peer_pid}: one of its two answers is wrong.",
        )
    return attrs.evolve(
        process, state=standing(process), pending=None, peer_pid=process.peer_pid or peer_pid
    )


def undelivered(process: Process, *, code: str, reason: str) -> Process:
    """Return the process after the counterpart rejected our message for good: it is over.

    A termination cannot be undone by its rejection; everything else ends too, since the two sides
    no longer mean the same state and the protocol asks for a new start then.
    """
    told = _why(code, reason)
    return attrs.evolve(process, state=State.TERMINATED, pending=None, code=told[0], reason=told[1])


def matching(process: Process, message: Addressed, *, facts: Facts) -> Process:
    """Return the process with the counterpart's id known, if the message belongs to it.

    Raises:
        PeerError: ``dsp.foreign_process``: it is not this counterpart's; ``dsp.pid_mismatch``:
            the ids in the message are not this process's.
    """
    if process.counterpart != facts.counterpart:
        raise PeerError("dsp.foreign_process", "There is no such process.")
    told = {Role.PROVIDER: message.provider_pid, Role.CONSUMER: message.consumer_pid}
    ours, theirs = told[process.role], told[process.role.other()]
    if ours != process.pid or process.peer_pid not in {None, theirs}:
        raise PeerError(
            "dsp.pid_mismatch",
            f"The message names {ours} and {theirs}; this is process {process.pid}"
            f" with {process.peer_pid}.",
        )
    return attrs.evolve(process, peer_pid=theirs)


def ending(process: Process, *, code: str, reason: str, facts: Facts) -> tuple[Process, Effect]:
    """Return the process with our termination on its way, and that message.

    Raises:
        MisuseError: ``sharing.not_sendable``; ``sharing.unanswered``: the counterpart has not told
            its id yet, so nothing can be addressed to it.
    """
    provider, consumer = process.provider_pid, process.consumer_pid
    if provider is None or consumer is None:
        raise MisuseError(
            "sharing.unanswered",
            f"Process {process.pid} can be ended once the counterpart has answered it.",
        )
    code, reason = _why(code, reason)
    negotiating = process.family is Family.NEGOTIATION
    kind = ContractTermination if negotiating else TransferTermination
    message: Message = kind(
        id=facts.ids(), provider_pid=provider, consumer_pid=consumer, code=code, reason=reason
    )
    ended = attrs.evolve(sending(process, Step.TERMINATE), code=code, reason=reason)
    return ended, SendMessage(base=process.base, message=message)


def refusing(process: Process, refused: Refused, *, stage: str, facts: Facts) -> Reaction:
    """Return the reaction to a refused crossing: end it, say why, show it to an official."""
    ended, send = ending(process, code=refused.code, reason=refused.reason, facts=facts)
    effects: list[Effect] = []
    if process.token_digest is not None:
        ended = attrs.evolve(ended, token_digest=None, token_expires=None)
        effects.append(RevokeToken(transfer=process.pid))
    effects += [NoteRefusal(stage=stage, refused=refused, item=process.item), send]
    return Reaction(process=ended, effects=tuple(effects), refused=refused)


def on_termination(
    process: Process, message: ContractTermination | TransferTermination, *, facts: Facts
) -> Reaction:
    """Return the reaction to the counterpart's termination: it is over, its token with it.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    moved = taking(process, message, Step.TERMINATE, facts=facts)
    code, reason = _why(message.code, message.reason)
    ended = attrs.evolve(moved, code=code, reason=reason, token_digest=None, token_expires=None)
    effects = (RevokeToken(transfer=process.pid),) if process.token_digest is not None else ()
    return Reaction(process=ended, effects=effects)


def _why(code: str, reason: str) -> tuple[str, str]:
    """Return both as they can be kept, sent and shown: a counterpart's words may be anything."""
    return (
        line_of(code, chars_max=CODE_CHARS_MAX, otherwise="none_given"),
        line_of(reason, chars_max=REASON_CHARS_MAX, otherwise="No reason was given."),
    )
