"""Transfers on their straight path: request, start, the bytes, completion.

``rule_on`` is asked when the transfer is asked for, when it starts, again when the first byte is
about to leave and again before the first byte is taken in: a contract outlives a suspension, a
ruling does not. A sender may lie at any of these; the receiver holds what arrives against the
contract (the descriptor before the bytes, size and digest behind them) and keeps nothing that
differs.
Source: Dataspace Protocol 2025-1, transfer process protocol; design 7; ``docs/spec/07-sharing.md``
7.6 and 7.7.
"""

from typing import Final
from urllib.parse import urlsplit

import attrs

from comity.agreements.mandates import Permitted, Refused
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError, RefusedError
from comity.sharing.contracts import check_callback
from comity.sharing.descriptor import Descriptor
from comity.sharing.lifecycle import Step
from comity.sharing.messages import (
    TransferCompletion,
    TransferRequest,
    TransferStart,
    TransferTermination,
)
from comity.sharing.model import PULL, Contract, Family, Process, Role, State
from comity.sharing.pausing import reopened, taking_start
from comity.sharing.processes import on_termination as _on_termination
from comity.sharing.processes import (
    opened,
    refusing,
    sending,
    standing,
    taking,
)
from comity.sharing.reactions import (
    AcceptData,
    CountUse,
    DropData,
    Effect,
    Facts,
    FetchData,
    KeepData,
    Reaction,
    RecordAct,
    RevokeToken,
    SendMessage,
    ServeData,
    require,
    rule,
    ruling_json,
)
from comity.sharing.tokens import check_token

_ENDS: Final = frozenset({State.COMPLETED, State.TERMINATED})


def consumer_request(contract: Contract, *, facts: Facts) -> Reaction:
    """Return the reaction to a person's wish: ask for the bytes of ``contract``.

    Raises:
        RefusedError: ``sharing.refused``: no article lets us take them now.
    """
    require(contract.terms, role=Role.CONSUMER, stage="transfer", facts=facts)
    process = attrs.evolve(
        opened(
            family=Family.TRANSFER,
            role=Role.CONSUMER,
            state=State.REQUESTED,
            offer=contract.offer,
            facts=facts,
        ),
        contract=contract.id,
        agreed=contract.agreed,
    )
    message = TransferRequest(
        id=facts.ids(),
        consumer_pid=process.pid,
        contract=contract.id,
        format=PULL,
        callback=facts.own_base,
    )
    return Reaction(process=process, effects=(SendMessage(base=process.base, message=message),))


def provider_on_request(
    message: TransferRequest, *, contract: Contract | None, chance: bytes, facts: Facts
) -> Reaction:
    """Return the reaction to a request for the bytes: open the door for a while.

    The process is REQUESTED (what the answer to the request says), the start on its way. The node
    answers a repeated request of the same consumer and ``consumer_pid`` with the process it has.

    Args:
        message: What came.
        contract: Ours of the id that the message names, or None.
        chance: ``tokens.TOKEN_BYTES`` random bytes.
        facts: What holds now.

    Raises:
        PeerError: ``dsp.callback``, ``dsp.contract_unknown``, ``dsp.format``.
        RefusedError: ``sharing.refused``.
    """
    check_callback(message.callback, facts=facts)
    if (
        contract is None
        or contract.id != message.contract
        or (contract.provider, contract.consumer) != (facts.own, facts.counterpart)
    ):
        raise PeerError(
            "dsp.contract_unknown", f"There is no such contract: {message.contract[:80]}."
        )
    if message.format != PULL:
        raise PeerError("dsp.format", f"Items move by {PULL}, not by {message.format[:80]}.")
    require(contract.terms, role=Role.PROVIDER, stage="transfer", facts=facts)
    process = opened(
        family=Family.TRANSFER,
        role=Role.PROVIDER,
        state=State.REQUESTED,
        offer=contract.offer,
        facts=facts,
    )
    process = attrs.evolve(
        process,
        peer_pid=message.consumer_pid,
        contract=contract.id,
        agreed=contract.agreed,
    ).noted("request", message.sha256)
    process, start = reopened(process, chance=chance, facts=facts)
    return Reaction(process=sending(process, Step.START), effects=(start,))


def consumer_on_start(process: Process, message: TransferStart, *, facts: Facts) -> Reaction:
    """Return the reaction to the door being opened: fetch, or end the transfer and say why.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``;
            ``dsp.endpoint``: the data is said to be somewhere else than at the pinned counterpart.
        RefusedError: ``sharing.paused``.
    """
    check_endpoint(message.address.endpoint, facts=facts)
    moved = taking_start(process, message, facts=facts)
    ruling = rule(process.terms, role=Role.CONSUMER, stage="start", facts=facts)
    if isinstance(ruling, Refused):
        return refusing(moved, ruling, stage="start", facts=facts)
    fetch = FetchData(
        transfer=process.pid, endpoint=message.address.endpoint, token=message.address.token
    )
    return Reaction(process=moved, effects=(fetch,))


def provider_on_look(process: Process, *, token: str, facts: Facts) -> ServeData:
    """Return what a holder of the token may be told of the data before a byte leaves.

    Raises:
        RefusedError: ``sharing.not_started``, ``sharing.token``, ``sharing.refused``.
    """
    return _let_out(process, token=token, facts=facts)[1]


def provider_on_data(process: Process, *, token: str, facts: Facts) -> Reaction:
    """Return the reaction to the data being pulled: record that it was sent, then let it out.

    Raises:
        RefusedError: ``sharing.token``; ``sharing.refused``: permission has ended since. The
            reaction of ``cut`` then ends the transfer.
    """
    permitted, serve = _let_out(process, token=token, facts=facts)
    if process.sent:
        return Reaction(process=process, effects=(serve,))
    record = _moved_act("sharing.sent", process, permitted, stage="send")
    counted = _counted(process, permitted, sent=True)
    return Reaction(process=attrs.evolve(process, sent=True), effects=(record, *counted, serve))


def _let_out(process: Process, *, token: str, facts: Facts) -> tuple[Permitted, ServeData]:
    if standing(process) is not State.STARTED or process.role is not Role.PROVIDER:
        raise RefusedError("sharing.not_started", "This transfer is not open for data.")
    check_token(token, process=process, counterpart=facts.counterpart, at=facts.at)
    permitted = require(process.terms, role=Role.PROVIDER, stage="send", facts=facts)
    descriptor = Descriptor(
        transfer=process.pid,
        contract=process.contract or "",
        item=process.item,
        terms=process.terms,
    )
    return permitted, ServeData(digest=process.terms.digest, descriptor=descriptor.header())


def consumer_check_data(process: Process, descriptor: Descriptor, *, facts: Facts) -> Reaction:
    """Return the reaction to what the sender says it is about to send: take it in, or refuse.

    The descriptor is held against the contract first, then ruled on as it is: where a sender says
    something else than was agreed, the refusal names the difference; where it says nothing else
    and the agreement no longer permits it, the refusal is the agreement's.

    Raises:
        RefusedError: ``sharing.not_fetching``: we are not fetching anything.
    """
    if standing(process) is not State.STARTED or process.role is not Role.CONSUMER:
        raise RefusedError(
            "sharing.not_fetching",
            f"Transfer {process.pid} is not open for data ({process.state}).",
        )
    ruling = rule(descriptor.terms, role=Role.CONSUMER, stage="receive", facts=facts)
    if isinstance(ruling, Permitted) or ruling.code == "not_released":
        ruling = _other(process, descriptor) or ruling
    if isinstance(ruling, Refused):
        return _refusing_data(process, ruling, facts=facts)
    take = AcceptData(digest=process.terms.digest, bytes=process.terms.bytes)
    return Reaction(process=process, effects=(take,))


def consumer_on_bytes(process: Process, *, size: int, sha256: str, facts: Facts) -> Reaction:
    """Return the reaction to the end of the bytes: keep and record them, or drop them.

    Args:
        process: The transfer.
        size: Number of bytes that came.
        sha256: Their digest, lower-case hexadecimal.
        facts: What holds now.
    """
    terms = process.terms
    ruling: Permitted | Refused
    if (size, sha256) != (terms.bytes, terms.digest):
        ruling = Refused(
            code="bytes_differ",
            reason=f"What came is {size} bytes with SHA-256 {sha256}; agreed were {terms.bytes}"
            f" with {terms.digest}. It was not kept.",
            article=None,
        )
    else:
        ruling = rule(terms, role=Role.CONSUMER, stage="receive", facts=facts)
    if isinstance(ruling, Refused):
        return _refusing_data(process, ruling, facts=facts)
    done = TransferCompletion(
        id=facts.ids(), provider_pid=process.provider_pid or "", consumer_pid=process.pid
    )
    record = _moved_act("sharing.received", process, ruling, stage="receive")
    keep = KeepData(item=process.item, digest=terms.digest)
    return Reaction(
        process=attrs.evolve(sending(process, Step.COMPLETE), sent=True),
        effects=(
            record,
            *_counted(process, ruling, sent=False),
            keep,
            SendMessage(base=process.base, message=done),
        ),
    )


def cut(process: Process, *, facts: Facts) -> Reaction | None:
    """Return the reaction to permission ending under a live transfer, or None where it lasts.

    Asked by either side whenever the agreement or the release changes: the token dies at once, and
    what was taken in so far is dropped.
    """
    if standing(process) in _ENDS or process.peer_pid is None:
        return None
    stage = "send" if process.role is Role.PROVIDER else "receive"
    ruling = rule(process.terms, role=process.role, stage=stage, facts=facts)
    if isinstance(ruling, Permitted):
        return None
    if process.role is Role.CONSUMER:
        return _refusing_data(process, ruling, facts=facts)
    return refusing(process, ruling, stage=stage, facts=facts)


def on_completion(process: Process, message: TransferCompletion, *, facts: Facts) -> Reaction:
    """Return the reaction to the counterpart saying that the bytes are there: close the door.

    A completion that crossed our own pause on the way counts: the bytes are there.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    if standing(process) is State.SUSPENDED and process.paused_by is process.role:
        process = attrs.evolve(process, state=State.STARTED, pending=None)
    moved = taking(process, message, Step.COMPLETE, facts=facts)
    done = attrs.evolve(
        moved, token_digest=None, token_expires=None, paused_by=None, code=None, reason=None
    )
    return Reaction(process=done, effects=(RevokeToken(transfer=process.pid),))


def on_termination(process: Process, message: TransferTermination, *, facts: Facts) -> Reaction:
    """Return the reaction to the counterpart ending the transfer.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    reaction = _on_termination(process, message, facts=facts)
    ended = attrs.evolve(reaction.process, paused_by=None)
    drop = (DropData(transfer=process.pid),) if process.role is Role.CONSUMER else ()
    return attrs.evolve(reaction, process=ended, effects=(*reaction.effects, *drop))


def check_endpoint(address: str, *, facts: Facts) -> None:
    """Pass if ``address`` lies below the counterpart's pinned base.

    Raises:
        PeerError: ``dsp.endpoint``.
    """
    split = urlsplit(address)
    plain = not (split.query or split.fragment) and "/.." not in split.path
    if not address.startswith(f"{facts.counterpart_base}/") or not plain or len(address) > 2_000:
        raise PeerError(
            "dsp.endpoint",
            f"The data is said to be at {address[:120]}; it is fetched only below the"
            f" counterpart's pinned address, {facts.counterpart_base}.",
        )


def _other(process: Process, descriptor: Descriptor) -> Refused | None:
    told = descriptor.said()
    contracted = Descriptor(
        transfer=process.provider_pid or "",
        contract=process.contract or "",
        item=process.item,
        terms=process.terms,
    )
    for what, agreed in contracted.said().items():
        if told[what] != agreed:
            return Refused(
                code="data_differs",
                reason=f"The sender says {what} {told[what]}; the contract says {agreed}.",
                article=None,
            )
    return None


def _refusing_data(process: Process, refused: Refused, *, facts: Facts) -> Reaction:
    reaction = refusing(process, refused, stage="receive", facts=facts)
    return attrs.evolve(reaction, effects=(DropData(transfer=process.pid), *reaction.effects))


def _counted(process: Process, permitted: Permitted, *, sent: bool) -> tuple[Effect, ...]:
    """Return the use of an authorisation to count, where the item crosses under one."""
    if permitted.authorisation is None:
        return ()
    return (
        CountUse(
            authorisation=permitted.authorisation,
            transfer=process.provider_pid or "",
            item=process.item,
            digest=process.terms.digest,
            bytes=process.terms.bytes,
            sent=sent,
        ),
    )


def _moved_act(kind: str, process: Process, permitted: Permitted, *, stage: str) -> RecordAct:
    act: JsonObject = {
        "contract": process.contract,
        "transfer": process.provider_pid,
        "item": process.item,
        "bytes": process.terms.bytes,
        "sha256": process.terms.digest,
        "ruling": ruling_json(permitted, stage=stage),
    }
    return RecordAct(kind=kind, act=act, of=process.contract or "")
