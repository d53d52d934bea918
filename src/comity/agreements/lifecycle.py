"""The life of a framework agreement as one table, and the one function that applies it.

The table is agreements.md D2.1, whole: rows that a later issue brings to life are marked, so that
they add behaviour and not repairs. The fold walks it, tests try every pair of state and event, and
spec 5.8 is printed from it. Source: agreements.md D2.1.
"""

import enum
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from comity.agreements import events
from comity.foundation.errors import RefusedError


class State(enum.StrEnum):
    """Where an agreement stands. The first three are private to one party's node."""

    IDEA = "idea"
    MANDATED = "mandated"
    DRAFTING = "drafting"
    TABLED = "tabled"
    NEGOTIATING = "negotiating"
    CLEAN = "clean"
    AGREED_AD_REF = "agreed_ad_ref"
    INITIALLED = "initialled"
    SIGNING = "signing"
    SIGNED = "signed"
    AWAITING_ENTRY = "awaiting_entry"
    PROVISIONAL = "provisional"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDING = "ending"
    TERMINATED = "terminated"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    ABANDONED = "abandoned"
    LAPSED = "lapsed"


class Event(enum.StrEnum):
    """What moves an agreement from one state to the next."""

    MANDATE_GIVEN = "mandate given"
    DRAFT_BEGUN = "draft begun"
    TABLED = "first tabling"
    ANSWERED = "the other party agrees to talk, or tables"
    CLEANED = "no bracket, open unit or reserve is left"
    UNCLEANED = "a unit is open again"
    ADOPTED = "both adopted one digest"
    REOPENED = "reopened with a reason, or tabled unseen"
    INITIALLED = "both initialled one digest"
    READY = "both are ready for one manifest"
    SIGNED = "every listed signature counts"
    VOID = "the window ended with a signature missing"
    REVOKED = "one party revoked before all had signed"
    ENTRY_CONDITIONS = "the clause asks for more than the last signature"
    ENTERED = "the clause on entry is met"
    DECLARED_PROVISIONAL = "applied provisionally, as the clause says"
    LONG_STOP = "the long-stop date came"
    SUSPENDED = "suspended as a whole"
    RESUMED = "resumed by both, or the suspension's own end came"
    NOTICE = "notice of withdrawal"
    NOTICE_REVOKED = "notice revoked before it took effect"
    NOTICE_EFFECTIVE = "the end date of the notice came"
    TERMINATED = "both signed the termination"
    TERM_OVER = "the term is over and no renewal is in force"
    RENEWED = "a renewal is in force"
    SUCCEEDED = "a successor that says so is in force"
    ABANDONED = "given up by its proposer before an answer, or by both"


@attrs.frozen
class Row:
    """One transition.

    Attributes:
        source: The state before.
        event: What happens.
        target: The state after.
        kind: U: one party acts; B: both, with matching acts; C: computed by both nodes.
        who: Who acts.
        guard: What must hold.
        later: Its place is here; its behaviour comes with a later issue.
    """

    source: State
    event: Event
    target: State
    kind: str
    who: str
    guard: str
    later: bool = False


_S = State
_E = Event

ROWS: Final = (
    Row(_S.IDEA, _E.MANDATE_GIVEN, _S.MANDATED, "U", "mandate holder", "private", later=True),
    Row(_S.MANDATED, _E.DRAFT_BEGUN, _S.DRAFTING, "U", "negotiator", "private", later=True),
    Row(_S.DRAFTING, _E.TABLED, _S.TABLED, "U", "negotiator", "own red lines pass"),
    Row(_S.TABLED, _E.ANSWERED, _S.NEGOTIATING, "U", "other negotiator", "-"),
    Row(_S.NEGOTIATING, _E.CLEANED, _S.CLEAN, "C", "-", "text digest equal on both"),
    Row(_S.CLEAN, _E.UNCLEANED, _S.NEGOTIATING, "C", "-", "a move changed a unit"),
    Row(_S.CLEAN, _E.ADOPTED, _S.AGREED_AD_REF, "B", "heads of delegation", "full powers"),
    Row(_S.AGREED_AD_REF, _E.REOPENED, _S.NEGOTIATING, "U", "either", "reason stated; counted"),
    Row(_S.AGREED_AD_REF, _E.INITIALLED, _S.INITIALLED, "B", "authorised persons", "full powers"),
    Row(_S.INITIALLED, _E.REOPENED, _S.NEGOTIATING, "U", "either", "reason stated; counted"),
    Row(_S.INITIALLED, _E.READY, _S.SIGNING, "B", "each: clearance", "one manifest, one window"),
    Row(_S.SIGNING, _E.SIGNED, _S.SIGNED, "C", "-", "all signatures attested inside the window"),
    Row(_S.SIGNING, _E.VOID, _S.INITIALLED, "C", "-", "that party's log has passed the window"),
    Row(_S.SIGNING, _E.REVOKED, _S.INITIALLED, "U", "either", "before all have signed"),
    Row(_S.SIGNING, _E.REOPENED, _S.NEGOTIATING, "U", "either", "before all have signed"),
    Row(_S.SIGNED, _E.ENTRY_CONDITIONS, _S.AWAITING_ENTRY, "C", "-", "days after signature"),
    Row(_S.SIGNED, _E.ENTERED, _S.IN_FORCE, "C", "-", "on the last signature"),
    Row(_S.SIGNED, _E.DECLARED_PROVISIONAL, _S.PROVISIONAL, "C/B", "-", "clause", later=True),
    Row(_S.AWAITING_ENTRY, _E.ENTERED, _S.IN_FORCE, "C", "-", "clause satisfied"),
    Row(_S.AWAITING_ENTRY, _E.LONG_STOP, _S.LAPSED, "C", "-", "long-stop date", later=True),
    Row(_S.PROVISIONAL, _E.ENTERED, _S.IN_FORCE, "C", "-", "clause satisfied", later=True),
    Row(_S.IN_FORCE, _E.SUSPENDED, _S.SUSPENDED, "U/B", "signatory", "as the clause says"),
    Row(_S.SUSPENDED, _E.RESUMED, _S.IN_FORCE, "B/C", "signatories", "or its own end came"),
    Row(_S.SUSPENDED, _E.TERM_OVER, _S.EXPIRED, "C", "-", "term over"),
    Row(_S.SUSPENDED, _E.NOTICE, _S.ENDING, "U", "signatory", "clause", later=True),
    Row(_S.SUSPENDED, _E.TERMINATED, _S.TERMINATED, "B", "signatories", "-", later=True),
    Row(_S.IN_FORCE, _E.NOTICE, _S.ENDING, "U", "signatory", "notice per clause", later=True),
    Row(_S.ENDING, _E.NOTICE_REVOKED, _S.IN_FORCE, "U/B", "same party", "in time", later=True),
    Row(_S.ENDING, _E.NOTICE_EFFECTIVE, _S.TERMINATED, "C", "-", "end date", later=True),
    Row(_S.IN_FORCE, _E.TERMINATED, _S.TERMINATED, "B", "both signatories", "-", later=True),
    Row(_S.IN_FORCE, _E.TERM_OVER, _S.EXPIRED, "C", "-", "term over, no renewal in force"),
    Row(_S.IN_FORCE, _E.RENEWED, _S.IN_FORCE, "B", "signatories", "renewal", later=True),
    Row(_S.IN_FORCE, _E.SUCCEEDED, _S.SUPERSEDED, "C", "-", "successor in force", later=True),
    Row(_S.TABLED, _E.ABANDONED, _S.ABANDONED, "U/B", "proposer, or both", "reason"),
    Row(_S.NEGOTIATING, _E.ABANDONED, _S.ABANDONED, "B", "both", "reason"),
    Row(_S.CLEAN, _E.ABANDONED, _S.ABANDONED, "B", "both", "reason"),
    Row(_S.AGREED_AD_REF, _E.ABANDONED, _S.ABANDONED, "B", "both", "reason"),
    Row(_S.INITIALLED, _E.ABANDONED, _S.ABANDONED, "B", "both", "reason"),
)

TRANSITIONS: Final[Mapping[State, Mapping[Event, State]]] = {
    state: {row.event: row.target for row in ROWS if row.source is state} for state in State
}

_BEFORE_SIGNATURE: Final = frozenset(
    {_S.TABLED, _S.NEGOTIATING, _S.CLEAN, _S.AGREED_AD_REF, _S.INITIALLED}
)
#: In which states of its author's causal past an act may be done. Whether a window has ended is not
#: in an author's causal past, so ``signing`` also stands for what may already be signed or void.
ALLOWED: Final[Mapping[str, frozenset[State]]] = {
    events.TABLE: frozenset({_S.DRAFTING, _S.TABLED, _S.NEGOTIATING, _S.CLEAN}),
    events.TALK: frozenset({_S.TABLED}),
    events.REOPEN: frozenset({_S.AGREED_AD_REF, _S.INITIALLED, _S.SIGNING}),
    events.ABANDON: _BEFORE_SIGNATURE,
    events.ADOPT: frozenset({_S.CLEAN}),
    events.INITIAL: frozenset({_S.AGREED_AD_REF}),
    events.OPEN: frozenset({_S.INITIALLED, _S.SIGNING}),
    events.READY: frozenset({_S.INITIALLED, _S.SIGNING}),
    events.REVOKE: frozenset({_S.INITIALLED, _S.SIGNING}),
    events.SIGN: frozenset({_S.SIGNING}),
    events.CONCLUDE: frozenset({_S.SIGNING}),
    events.SUSPEND: frozenset({_S.SIGNING}),
    events.RESUME: frozenset({_S.SIGNING}),
}


def advance(state: State, event: Event) -> State:
    """Return the state that follows.

    Raises:
        RefusedError: ``agreements.out_of_order``: the table has no such transition; the message
            lists what it allows.
    """
    target = TRANSITIONS[state].get(event)
    if target is None:
        allowed = "; ".join(TRANSITIONS[state]) or "nothing, this is an end"
        raise RefusedError(
            "agreements.out_of_order",
            f"While an agreement is {state} this cannot happen: {event}. Possible: {allowed}.",
            {"state": str(state), "event": str(event)},
        )
    return target


def walk(steps: Iterable[Event], *, start: State = State.DRAFTING) -> State:
    """Return the state after all ``steps``, each of which the table must allow."""
    state = start
    for event in steps:
        state = advance(state, event)
    return state


def check_allowed(kind: str, state: State) -> None:
    """Refuse an act of ``kind`` in a state in which it cannot be done.

    Raises:
        RefusedError: ``agreements.not_now``.
    """
    if state not in ALLOWED[kind]:
        states = ", ".join(each for each in State if each in ALLOWED[kind])
        hint = (
            " Reopen it first, with a reason."
            if kind == events.TABLE and state in ALLOWED[events.REOPEN]
            else ""
        )
        raise RefusedError(
            "agreements.not_now",
            f"{kind} can be done while the agreement is {states}; it is {state}.{hint}",
            {"kind": kind, "state": str(state)},
        )
