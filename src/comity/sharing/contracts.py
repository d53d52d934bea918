"""Contract negotiation on its straight path: request, agreement, verification, finalization.

Nothing but the provider's own release decision answers a request, and the act that is recorded
names it. ``rule_on`` is asked at each step on both sides, so a suspension that arrives on the way
stops it there. The consumer takes an agreement only if it says exactly what was requested: same
item, same terms, released by the counterpart, to us. An offer that nobody asked for is ruled on and
held; it is never accepted by itself. Source: Dataspace Protocol 2025-1, contract negotiation
protocol; design 7; ``docs/spec/07-sharing.md`` 7.5.
"""

from typing import Final

import attrs

from comity.agreements.mandates import Permitted, Refused
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, PeerError
from comity.sharing.catalogue import offer_of
from comity.sharing.lifecycle import Step
from comity.sharing.messages import (
    ContractAgreement,
    ContractFinalized,
    ContractOffer,
    ContractRequest,
    ContractTermination,
    ContractVerification,
)
from comity.sharing.model import Contract, Family, Offer, Process, Role, State
from comity.sharing.processes import (
    ending,
    opened,
    refusing,
    sending,
    standing,
    taking,
)
from comity.sharing.processes import on_termination as _on_termination
from comity.sharing.reactions import (
    Facts,
    HoldForPerson,
    Reaction,
    RecordAct,
    SendMessage,
    require,
    rule,
    ruling_json,
)

#: The messages whose digests an act ``sharing.contract`` carries: both sides know all three.
CITED: Final = ("request", "agreement", "verification")


def consumer_start(offer: Offer, *, facts: Facts) -> Reaction:
    """Return the reaction to a person's wish: ask the provider for ``offer``.

    Raises:
        RefusedError: ``sharing.refused``: no article lets us take it.
    """
    require(offer.terms, role=Role.CONSUMER, stage="request", facts=facts)
    process = opened(
        family=Family.NEGOTIATION,
        role=Role.CONSUMER,
        state=State.REQUESTED,
        offer=offer,
        facts=facts,
    )
    message = ContractRequest(
        id=facts.ids(), consumer_pid=process.pid, callback=facts.own_base, offer=offer
    )
    return Reaction(process=process, effects=(SendMessage(base=process.base, message=message),))


def provider_on_request(message: ContractRequest, *, facts: Facts) -> Reaction:
    """Return the reaction to a request: because of our release decision, the agreement.

    The process is REQUESTED (what the answer to the request says), the agreement on its way. The
    node answers a repeated request of the same consumer and ``consumer_pid`` with the process it
    already has and never comes here twice.

    Raises:
        PeerError: ``dsp.callback``: an address we are not pinned to; ``dsp.offer_unknown``: no
            release of ours stands behind the offer, or it was altered.
        RefusedError: ``sharing.refused``.
    """
    check_callback(message.callback, facts=facts)
    release = facts.release
    if (
        release is None
        or release.withdrawn
        or release.party != facts.own
        or release.recipient != facts.counterpart
        or message.offer != offer_of(release)
    ):
        raise PeerError(
            "dsp.offer_unknown",
            f"There is no such offer of {message.offer.target[:80]}; ask for the catalogue again.",
        )
    require(message.offer.terms, role=Role.PROVIDER, stage="request", facts=facts)
    process = opened(
        family=Family.NEGOTIATION,
        role=Role.PROVIDER,
        state=State.REQUESTED,
        offer=message.offer,
        facts=facts,
    )
    contract = facts.ids()
    process = attrs.evolve(
        process, peer_pid=message.consumer_pid, contract=contract, agreed=facts.at
    ).noted("request", message.sha256)
    answer = ContractAgreement(
        id=facts.ids(),
        provider_pid=process.pid,
        consumer_pid=message.consumer_pid,
        contract=contract,
        target=process.item,
        assigner=facts.own,
        assignee=facts.counterpart,
        agreed=facts.at,
        terms=process.terms,
    )
    return Reaction(
        process=sending(process, Step.AGREE),
        effects=(SendMessage(base=process.base, message=answer),),
    )


def consumer_on_agreement(
    process: Process, message: ContractAgreement, *, facts: Facts
) -> Reaction:
    """Return the reaction to an agreement: verify it, or end the negotiation and say why.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    moved = taking(process, message, Step.AGREE, facts=facts)
    moved = attrs.evolve(moved, contract=message.contract, agreed=message.agreed)
    ruling = _differing(process, message, facts=facts) or rule(
        process.terms, role=Role.CONSUMER, stage="agreement", facts=facts
    )
    if isinstance(ruling, Refused):
        return refusing(moved, ruling, stage="agreement", facts=facts)
    answer = ContractVerification(
        id=facts.ids(), provider_pid=message.provider_pid, consumer_pid=process.pid
    )
    return Reaction(
        process=sending(moved, Step.VERIFY),
        effects=(SendMessage(base=process.base, message=answer),),
    )


def _differing(process: Process, message: ContractAgreement, *, facts: Facts) -> Refused | None:
    told = {
        "item": message.target,
        "assigner": message.assigner,
        "assignee": message.assignee,
        **message.terms.to_json(),
    }
    agreed = {
        "item": process.item,
        "assigner": facts.counterpart,
        "assignee": facts.own,
        **process.terms.to_json(),
    }
    for what, wanted in agreed.items():
        found = told[what]
        if found != wanted:
            return Refused(
                code="agreement_differs",
                reason=f"The contract says {what} {found}; the offer said {wanted}.",
                article=None,
            )
    return None


def provider_on_verification(
    process: Process, message: ContractVerification, *, facts: Facts
) -> Reaction:
    """Return the reaction to a verification: record the contract and finalize it.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    moved = taking(process, message, Step.VERIFY, facts=facts)
    ruling = rule(process.terms, role=Role.PROVIDER, stage="finalization", facts=facts)
    if isinstance(ruling, Refused):
        return refusing(moved, ruling, stage="finalization", facts=facts)
    answer = ContractFinalized(
        id=facts.ids(), provider_pid=process.pid, consumer_pid=message.consumer_pid
    )
    final = sending(moved, Step.FINALIZE)
    record = _contract_act(final, ruling, facts=facts)
    return Reaction(process=final, effects=(record, SendMessage(base=process.base, message=answer)))


def consumer_on_finalized(
    process: Process, message: ContractFinalized, *, facts: Facts
) -> Reaction:
    """Return the reaction to the provider's last word: record the contract.

    A refusal at this point (a suspension has arrived) leaves a contract that nothing can be moved
    under; there is no message that could undo it, so it is recorded nowhere and shown to a person.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    moved = taking(process, message, Step.FINALIZE, facts=facts)
    ruling = rule(process.terms, role=Role.CONSUMER, stage="finalization", facts=facts)
    if isinstance(ruling, Refused):
        held = HoldForPerson(process=process.pid, why=ruling.reason)
        return Reaction(process=moved, effects=(held,), refused=ruling)
    return Reaction(process=moved, effects=(_contract_act(moved, ruling, facts=facts),))


def consumer_on_offer(message: ContractOffer, *, facts: Facts) -> Reaction:
    """Return the reaction to an offer nobody asked for: held for a person, or refused.

    Raises:
        PeerError: ``dsp.callback``.
        RefusedError: ``sharing.refused``: no article lets us take it; no process is made.
    """
    check_callback(message.callback, facts=facts)
    require(message.offer.terms, role=Role.CONSUMER, stage="offer", facts=facts)
    process = opened(
        family=Family.NEGOTIATION,
        role=Role.CONSUMER,
        state=State.OFFERED,
        offer=message.offer,
        facts=facts,
    )
    process = attrs.evolve(process, peer_pid=message.provider_pid).noted("offer", message.sha256)
    held = HoldForPerson(process=process.pid, why="The counterpart offers this without a request.")
    return Reaction(process=process, effects=(held,))


def consumer_refuses_offer(process: Process, *, reason: str, facts: Facts) -> Reaction:
    """Return the reaction to a person's no to an offer that nobody asked for.

    Args:
        process: The negotiation, in the state OFFERED.
        reason: What the counterpart is told; chosen for its eyes.
        facts: What holds now.

    Raises:
        MisuseError: ``sharing.not_held``: it is no offer that waits for a person.
    """
    if process.role is not Role.CONSUMER or standing(process) is not State.OFFERED:
        raise MisuseError(
            "sharing.not_held",
            f"Nothing waits for a person in {process.pid}: it is {standing(process)}.",
        )
    ended, send = ending(process, code="declined", reason=reason, facts=facts)
    return Reaction(process=ended, effects=(send,))


def on_termination(process: Process, message: ContractTermination, *, facts: Facts) -> Reaction:
    """Return the reaction to the counterpart ending the negotiation.

    Raises:
        PeerError: ``dsp.foreign_process``, ``dsp.pid_mismatch``, ``dsp.out_of_order``.
    """
    return _on_termination(process, message, facts=facts)


def contract_of(process: Process, *, own: str) -> Contract:
    """Return the contract that a finalized negotiation has brought.

    Raises:
        MisuseError: ``dsp.no_contract``: it is not finalized.
    """
    state = process.pending or process.state
    if state is not State.FINALIZED or process.contract is None or process.agreed is None:
        raise MisuseError(
            "dsp.no_contract", f"Negotiation {process.pid} has not brought a contract ({state})."
        )
    provider, consumer = own, process.counterpart
    if process.role is Role.CONSUMER:
        provider, consumer = consumer, provider
    return Contract(
        id=process.contract,
        offer=process.offer,
        provider=provider,
        consumer=consumer,
        agreed=process.agreed,
    )


def check_callback(address: str, *, facts: Facts) -> None:
    """Pass if ``address`` is the one the counterpart's letter pins; no other is ever contacted.

    It is compared character for character and never taken apart or resolved: no other spelling of
    the same host, and no name that leads elsewhere tomorrow, can be the one that people pinned.
    One slash may follow. Source: spec 7.5.8.

    Raises:
        PeerError: ``dsp.callback``.
    """
    if address not in {facts.counterpart_base, f"{facts.counterpart_base}/"}:
        raise PeerError(
            "dsp.callback",
            f"The callback address {address[:120]} is not the counterpart's pinned one,"
            f" {facts.counterpart_base}.",
        )


def _contract_act(process: Process, permitted: Permitted, *, facts: Facts) -> RecordAct:
    contract = contract_of(process, own=facts.own)
    unnoted = [name for name in CITED if name not in process.messages]
    if unnoted:
        raise MisuseError(
            "sharing.unnoted",
            f"The digests of {', '.join(unnoted)} of negotiation {process.pid} were not kept.",
        )
    act: JsonObject = {
        "contract": contract.id,
        "item": process.item,
        "release": process.terms.release,
        "instrument": process.instrument,
        "unit": process.unit,
        "ruling": ruling_json(permitted, stage="finalization"),
        "messages": {name: process.messages[name] for name in CITED},
    }
    return RecordAct(kind="sharing.contract", act=act, of=contract.id)
