"""A running transfer paused, gone on with, or ended, by a person of either side.

Whoever paused goes on: the other side's officials wait. A pause kills the token at once; going on
brings a fresh one from the provider, whoever had paused. A pause that crosses the other side's
pause, or its completion, on the way is taken for what it is, and ends nothing; where both paused,
the provider's pause is the one that counts. A token that has died of age is renewed by the
consumer's node in the same way, without a person: it pauses and goes on in one breath. Source:
Dataspace Protocol 2025-1, transfer process protocol; ``docs/spec/07-sharing.md`` 7.5.9 to 7.5.12.
"""

from typing import Final

import attrs

from comity.agreements.mandates import Refused
from comity.foundation.errors import MisuseError, RefusedError
from comity.sharing.lifecycle import Step, after_resuming
from comity.sharing.messages import (
    DataAddress,
    TransferResumption,
    TransferStart,
    TransferSuspension,
)
from comity.sharing.model import Family, Process, Role, State
from comity.sharing.processes import ending, matching, refusing, sending, standing, taking
from comity.sharing.reactions import (
    DropData,
    Effect,
    Facts,
    Reaction,
    RevokeToken,
    SendMessage,
    StopFetch,
    require,
    rule,
)
from comity.sharing.reading import CODE_CHARS_MAX, REASON_CHARS_MAX, line_of
from comity.sharing.tokens import TOKEN_S, token_digest, token_of

#: What a counterpart is told where a person paused or ended a transfer.
PAUSED: Final = "paused"
ENDED: Final = "ended_by_a_person"
RENEWING: Final = "token_renewal"


def data_endpoint(base: str, transfer: str) -> str:
    """Return where the bytes of a transfer are pulled from."""
    return f"{base}/data/{transfer}"


def suspend(process: Process, *, reason: str, facts: Facts, code: str = PAUSED) -> Reaction:
    """Return the reaction to a person's wish: pause the transfer, from now on.

    Raises:
        MisuseError: ``sharing.not_sendable``: it does not run.
    """
    provider, consumer = _both(process)
    paused = _paused(sending(process, Step.SUSPEND), by=process.role, code=code, reason=reason)
    message = TransferSuspension(
        id=facts.ids(),
        provider_pid=provider,
        consumer_pid=consumer,
        code=paused.code or code,
        reason=paused.reason or reason,
    )
    return Reaction(
        process=paused, effects=(_stop(process), SendMessage(base=process.base, message=message))
    )


def on_suspension(process: Process, message: TransferSuspension, *, facts: Facts) -> Reaction:
    """Return the reaction to the counterpart's pause: the token dies, what came so far is kept.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    matched = matching(process, message, facts=facts).noted(Step.SUSPEND, message.sha256)
    if process.pending is State.COMPLETED:
        return Reaction(process=matched, effects=())  # our completion is on its way
    if standing(process) is State.SUSPENDED and process.paused_by is process.role:
        if process.role is Role.CONSUMER:
            matched = attrs.evolve(
                matched, state=State.SUSPENDED, pending=None, paused_by=Role.PROVIDER
            )
        return Reaction(process=matched, effects=())
    moved = taking(process, message, Step.SUSPEND, facts=facts)
    paused = _paused(moved, by=process.role.other(), code=message.code, reason=message.reason)
    return Reaction(process=paused, effects=(_stop(process),))


def resume(process: Process, *, chance: bytes, facts: Facts) -> Reaction:
    """Return the reaction to a person's wish: go on with a transfer that our side paused.

    Args:
        process: The transfer.
        chance: ``tokens.TOKEN_BYTES`` random bytes; a provider's fresh token is made of them.
        facts: What holds now.

    Raises:
        MisuseError: ``sharing.not_sendable``: it is not paused; ``transfers.paused_by_them``.
        RefusedError: ``sharing.refused``: no article permits it now; it stays paused.
    """
    sending(process, Step.START)
    if process.paused_by is not process.role:
        raise MisuseError(
            "transfers.paused_by_them",
            "The counterpart paused this transfer; it goes on when their official lets it.",
        )
    require(process.terms, role=process.role, stage="transfer", facts=facts)
    if process.role is Role.PROVIDER:
        opened, start = reopened(process, chance=chance, facts=facts)
        started = attrs.evolve(
            opened, state=standing(process), pending=State.STARTED, paused_by=None
        )
        return Reaction(process=started, effects=(start,))
    provider, consumer = _both(process)
    message = TransferResumption(id=facts.ids(), provider_pid=provider, consumer_pid=consumer)
    going = attrs.evolve(sending(process, Step.START), code=None, reason=None)
    return Reaction(process=going, effects=(SendMessage(base=process.base, message=message),))


def renew(process: Process, *, facts: Facts) -> Reaction:
    """Return the reaction to a token that died of age in mid pull: pause and go on in one breath.

    Raises:
        MisuseError: ``sharing.not_sendable``: the transfer does not run.
        RefusedError: ``sharing.refused``.
    """
    paused = suspend(
        process, reason="The token has expired; a fresh one is asked for.", facts=facts,
        code=RENEWING,
    )  # fmt: skip  # one line of words
    going = resume(paused.process, chance=b"", facts=facts)
    return Reaction(process=going.process, effects=(*paused.effects, *going.effects))


def provider_on_resumption(
    process: Process, message: TransferResumption, *, chance: bytes, facts: Facts
) -> Reaction:
    """Return the reaction to the consumer going on: open the door anew, with a fresh token.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    if standing(process) is State.SUSPENDED and process.paused_by is Role.PROVIDER:
        matched = matching(process, message, facts=facts)
        return Reaction(process=matched.noted("resumption", message.sha256), effects=())
    moved = taking(process, message, Step.START, facts=facts).noted("resumption", message.sha256)
    ruling = rule(process.terms, role=Role.PROVIDER, stage="transfer", facts=facts)
    if isinstance(ruling, Refused):
        return refusing(moved, ruling, stage="transfer", facts=facts)
    opened, start = reopened(moved, chance=chance, facts=facts)
    started = attrs.evolve(opened, state=State.STARTED, pending=State.STARTED, paused_by=None)
    return Reaction(process=started, effects=(start,))


def taking_start(process: Process, message: TransferStart, *, facts: Facts) -> Process:
    """Return the consumer's process after a start that opens the door, or opens it again.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
        RefusedError: ``sharing.paused``: our own official paused it and has not gone on.
    """
    ours = process.paused_by is Role.CONSUMER
    if ours and standing(process) is State.SUSPENDED:
        raise RefusedError("sharing.paused", "This transfer is paused on our side.")
    if ours:
        matched = matching(process, message, facts=facts).noted(Step.START, message.sha256)
        state = after_resuming(standing(process), sender=Role.PROVIDER, step=Step.START)
        moved = attrs.evolve(matched, state=state, pending=None)
    else:
        moved = taking(process, message, Step.START, facts=facts)
    return attrs.evolve(moved, paused_by=None, code=None, reason=None)


def end(process: Process, *, reason: str, facts: Facts, code: str = ENDED) -> Reaction:
    """Return the reaction to a person's wish: end the transfer for good.

    Raises:
        MisuseError: ``sharing.not_sendable``, ``sharing.unanswered``.
    """
    ended, message = ending(process, code=code, reason=reason, facts=facts)
    ended = attrs.evolve(ended, token_digest=None, token_expires=None, paused_by=None)
    provider = process.role is Role.PROVIDER
    gone = RevokeToken(transfer=process.pid) if provider else DropData(transfer=process.pid)
    return Reaction(process=ended, effects=(gone, message))


def reopened(process: Process, *, chance: bytes, facts: Facts) -> tuple[Process, SendMessage]:
    """Return the provider's process with a fresh token, and the start that carries it."""
    provider, consumer = _both(process)
    token = token_of(chance)
    kept = token_digest(
        token, transfer=process.pid, counterpart=facts.counterpart, digest=process.terms.digest
    )
    opened = attrs.evolve(
        process, token_digest=kept, token_expires=facts.at.plus(TOKEN_S), code=None, reason=None
    )
    start = TransferStart(
        id=facts.ids(),
        provider_pid=provider,
        consumer_pid=consumer,
        address=DataAddress(endpoint=data_endpoint(facts.own_base, process.pid), token=token),
    )
    return opened, SendMessage(base=process.base, message=start)


def _paused(process: Process, *, by: Role, code: str, reason: str) -> Process:
    return attrs.evolve(
        process,
        token_digest=None,
        token_expires=None,
        paused_by=by,
        code=line_of(code, chars_max=CODE_CHARS_MAX, otherwise=PAUSED),
        reason=line_of(reason, chars_max=REASON_CHARS_MAX, otherwise="No reason was given."),
    )


def _stop(process: Process) -> Effect:
    if process.role is Role.PROVIDER:
        return RevokeToken(transfer=process.pid)
    return StopFetch(transfer=process.pid)


def _both(process: Process) -> tuple[str, str]:
    """Return the ids of both sides; a negotiation is never paused.

    Raises:
        MisuseError: ``sharing.unanswered``.
    """
    provider, consumer = process.provider_pid, process.consumer_pid
    if process.family is not Family.TRANSFER or provider is None or consumer is None:
        raise MisuseError(
            "sharing.unanswered",
            f"Process {process.pid} can be paused once the counterpart has answered it.",
        )
    return provider, consumer
