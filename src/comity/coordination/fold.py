"""The acts of this room in both logs, folded into what they come to. Source: spec 10.1."""

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from comity.coordination import (
    bodies,
    commitments,
    meeting_acts,
    meeting_values,
    meetings,
    statement_acts,
    statement_values,
    statements,
)
from comity.coordination.bodies import Group
from comity.coordination.commitments import Commitment
from comity.coordination.meeting_values import Meeting
from comity.coordination.statement_values import Statement
from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Book, Deed, Idle

#: The families of things in this room: the first part of the kinds of their acts.
FAMILIES: Final = (
    *(commitments.FAMILY, bodies.FAMILY, meeting_acts.FAMILY),
    statement_acts.FAMILY,
)
KINDS: Final = (
    *(*commitments.KINDS, *bodies.KINDS, *meeting_acts.KINDS),
    *statement_acts.KINDS,
)
_ADMIT: Final = {
    commitments.FAMILY: commitments.admit,
    bodies.FAMILY: bodies.admit,
    meeting_acts.FAMILY: meeting_acts.admit,
    statement_acts.FAMILY: statement_acts.admit,
}


@attrs.frozen(kw_only=True)
class CoordinationState:
    """Everything that both logs say of this room's things."""

    commitments: Book[Commitment] = attrs.field(factory=Book)
    bodies: Book[Group] = attrs.field(factory=Book)
    meetings: Book[Meeting] = attrs.field(factory=Book)
    statements: Book[Statement] = attrs.field(factory=Book)

    def idle(self) -> tuple[Idle, ...]:
        """Return the acts that stand in the record without effect."""
        return (
            *(*self.commitments.idle(), *self.bodies.idle(), *self.meetings.idle()),
            *self.statements.idle(),
        )


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``, ``commitments.*``, ``bodies.*``, ``meetings.*``,
            ``statements.*``.
    """
    _ADMIT[deed.family](deed)


def fold_deeds(state: CoordinationState, deeds: Iterable[Deed]) -> CoordinationState:
    """Return the state after more acts, which may come in any order; copied once."""
    by: dict[str, list[Deed]] = {name: [] for name in FAMILIES}
    for deed in deeds:
        by[deed.family].append(deed)
    said = state.statements.after(by[statement_acts.FAMILY], statements.apply)
    touched = dict.fromkeys(deed.thing for deed in by[statement_acts.FAMILY])
    made = [each for name in touched for each in _arising(state, said, name)]
    return attrs.evolve(
        state,
        statements=said,
        commitments=state.commitments.after([*made, *by[commitments.FAMILY]], commitments.apply),
        bodies=state.bodies.after(by[bodies.FAMILY], bodies.apply),
        meetings=state.meetings.after(by[meeting_acts.FAMILY], meetings.apply),
    )


def _arising(state: CoordinationState, said: Book[Statement], name: str) -> Iterator[Deed]:
    """Yield the commitments that a statement makes by its release, each once.

    Each log arrives in its own order, and after its release a side can do nothing more that changes
    the statement: what was released stays so, whatever arrives later. Source: spec 13.5.3, 13.6.
    """
    one = said.get(name)
    if one is None or one.completed is None:
        return
    by = next(each for each in said.chains[name].deeds if (each.party, each.n) == one.completed)
    for terms in statement_values.promises_of(one):
        deed = commitments.arising(by, terms)
        known = state.commitments.chains.get(deed.thing)
        if known is None or deed not in known.deeds:
            yield deed


def state_json(state: CoordinationState) -> JsonObject:
    """Return the state as JSON: equal for equal states, however they were folded."""
    return {
        "commitments": commitments.state_json(state.commitments),
        "bodies": bodies.state_json(state.bodies),
        "meetings": meeting_values.state_json(state.meetings),
        "statements": statement_values.state_json(state.statements),
    }
