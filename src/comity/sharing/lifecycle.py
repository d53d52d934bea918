"""The two tables: which message moves a negotiation or a transfer, from which state, sent by whom.

What we *send* follows the diagram of the specification; what we *take* is wider in one point, since
its prose lets either side end a process at any time before its end, and in one more for a resumed
transfer. Everything that is not in the table changes nothing. Source: Dataspace Protocol 2025-1,
contract negotiation and transfer process protocols; dataspace-protocol 4 and 5.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from comity.foundation.errors import MisuseError, PeerError
from comity.sharing.model import Family, Role, State


class Step(StrEnum):
    """The messages that can move a process."""

    REQUEST = "request"
    OFFER = "offer"
    ACCEPT = "accept"
    AGREE = "agreement"
    VERIFY = "verification"
    FINALIZE = "finalization"
    START = "start"
    SUSPEND = "suspension"
    COMPLETE = "completion"
    TERMINATE = "termination"


Table: TypeAlias = Mapping[tuple[State | None, Role, Step], State]

_C: Final = Role.CONSUMER
_P: Final = Role.PROVIDER

#: None is the state before there is a process.
NEGOTIATION_SENDS: Final[Table] = {
    (None, _C, Step.REQUEST): State.REQUESTED,
    (None, _P, Step.OFFER): State.OFFERED,
    (State.REQUESTED, _P, Step.OFFER): State.OFFERED,
    (State.REQUESTED, _P, Step.AGREE): State.AGREED,
    (State.OFFERED, _C, Step.REQUEST): State.REQUESTED,
    (State.OFFERED, _C, Step.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, _P, Step.AGREE): State.AGREED,
    (State.AGREED, _C, Step.VERIFY): State.VERIFIED,
    (State.VERIFIED, _P, Step.FINALIZE): State.FINALIZED,
    (State.REQUESTED, _C, Step.TERMINATE): State.TERMINATED,
    (State.REQUESTED, _P, Step.TERMINATE): State.TERMINATED,
    (State.OFFERED, _C, Step.TERMINATE): State.TERMINATED,
    (State.OFFERED, _P, Step.TERMINATE): State.TERMINATED,
    (State.ACCEPTED, _P, Step.TERMINATE): State.TERMINATED,
    (State.AGREED, _C, Step.TERMINATE): State.TERMINATED,
    (State.VERIFIED, _P, Step.TERMINATE): State.TERMINATED,
}

#: The prose wins when we listen: either side may end it in every state that is not an end.
NEGOTIATION_TAKES: Final[Table] = {
    **NEGOTIATION_SENDS,
    (State.ACCEPTED, _C, Step.TERMINATE): State.TERMINATED,
    (State.AGREED, _P, Step.TERMINATE): State.TERMINATED,
    (State.VERIFIED, _C, Step.TERMINATE): State.TERMINATED,
}

TRANSFER_SENDS: Final[Table] = {
    (None, _C, Step.REQUEST): State.REQUESTED,
    (State.REQUESTED, _P, Step.START): State.STARTED,
    (State.STARTED, _C, Step.SUSPEND): State.SUSPENDED,
    (State.STARTED, _P, Step.SUSPEND): State.SUSPENDED,
    (State.STARTED, _C, Step.COMPLETE): State.COMPLETED,
    (State.STARTED, _P, Step.COMPLETE): State.COMPLETED,
    (State.SUSPENDED, _C, Step.START): State.STARTED,
    (State.SUSPENDED, _P, Step.START): State.STARTED,
    (State.REQUESTED, _C, Step.TERMINATE): State.TERMINATED,
    (State.REQUESTED, _P, Step.TERMINATE): State.TERMINATED,
    (State.STARTED, _C, Step.TERMINATE): State.TERMINATED,
    (State.STARTED, _P, Step.TERMINATE): State.TERMINATED,
    (State.SUSPENDED, _C, Step.TERMINATE): State.TERMINATED,
    (State.SUSPENDED, _P, Step.TERMINATE): State.TERMINATED,
}

#: After a consumer has resumed, its provider sends one start of its own with a fresh address
#: (the protocol gives no other way to hand over a new token).
TRANSFER_RESUMED: Final[Table] = {(State.STARTED, _P, Step.START): State.STARTED}

_SENDS: Final = {Family.NEGOTIATION: NEGOTIATION_SENDS, Family.TRANSFER: TRANSFER_SENDS}
_TAKES: Final = {Family.NEGOTIATION: NEGOTIATION_TAKES, Family.TRANSFER: TRANSFER_SENDS}


def after_sending(family: Family, state: State | None, *, sender: Role, step: Step) -> State:
    """Return the state that ``step`` of ours brings once it is acknowledged.

    Raises:
        MisuseError: ``sharing.not_sendable``: the table does not let us send it now.
    """
    found = _SENDS[family].get((state, sender, step))
    if found is None:
        raise MisuseError(
            "sharing.not_sendable",
            f"A {step} by the {sender} cannot follow {_word(state)} in a {family};"
            f" it may now send: {_allowed(_SENDS[family], state, sender)}.",
        )
    return found


def after_receiving(family: Family, state: State | None, *, sender: Role, step: Step) -> State:
    """Return the state that ``step`` of the counterpart brings.

    Raises:
        PeerError: ``dsp.out_of_order``: the table does not let the counterpart send it now; the
            process stays as it is.
    """
    return _received(_TAKES[family], (state, sender, step), family)


def after_resuming(state: State, *, sender: Role, step: Step) -> State:
    """Return the state that ``step`` brings right after the consumer of a transfer has resumed it.

    Raises:
        PeerError: ``dsp.out_of_order``, as ``after_receiving``.
    """
    return _received({**TRANSFER_SENDS, **TRANSFER_RESUMED}, (state, sender, step), Family.TRANSFER)


def _received(table: Table, key: tuple[State | None, Role, Step], family: Family) -> State:
    found = table.get(key)
    if found is None:
        state, sender, step = key
        raise PeerError(
            "dsp.out_of_order",
            f"A {step} by the {sender} cannot follow {_word(state)} in a {family};"
            f" expected: {_allowed(table, state, sender)}.",
        )
    return found


def _word(state: State | None) -> str:
    return "the start" if state is None else state.value


def _allowed(table: Table, state: State | None, sender: Role) -> str:
    return ", ".join(step for known, who, step in table if (known, who) == (state, sender)) or (
        "nothing"
    )
