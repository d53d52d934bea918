"""The acts of this room in both logs, folded into what they come to. Source: spec 10.1."""

from collections.abc import Iterable
from typing import Final

import attrs

from comity.coordination import bodies, commitments, meeting_acts, meeting_values, meetings
from comity.coordination.bodies import Group
from comity.coordination.commitments import Commitment
from comity.coordination.meeting_values import Meeting
from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Book, Deed, Idle

#: The families of things in this room: the first part of the kinds of their acts.
FAMILIES: Final = (commitments.FAMILY, bodies.FAMILY, meeting_acts.FAMILY)
KINDS: Final = (*commitments.KINDS, *bodies.KINDS, *meeting_acts.KINDS)
_ADMIT: Final = {
    commitments.FAMILY: commitments.admit,
    bodies.FAMILY: bodies.admit,
    meeting_acts.FAMILY: meeting_acts.admit,
}


@attrs.frozen(kw_only=True)
class CoordinationState:
    """Everything that both logs say of this room's things."""

    commitments: Book[Commitment] = attrs.field(factory=Book)
    bodies: Book[Group] = attrs.field(factory=Book)
    meetings: Book[Meeting] = attrs.field(factory=Book)

    def idle(self) -> tuple[Idle, ...]:
        """Return the acts that stand in the record without effect."""
        return (*self.commitments.idle(), *self.bodies.idle(), *self.meetings.idle())


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``, ``commitments.*``, ``bodies.*``, ``meetings.*``.
    """
    _ADMIT[deed.family](deed)


def fold_deeds(state: CoordinationState, deeds: Iterable[Deed]) -> CoordinationState:
    """Return the state after more acts, which may come in any order; copied once."""
    by: dict[str, list[Deed]] = {name: [] for name in FAMILIES}
    for deed in deeds:
        by[deed.family].append(deed)
    return attrs.evolve(
        state,
        commitments=state.commitments.after(by[commitments.FAMILY], commitments.apply),
        bodies=state.bodies.after(by[bodies.FAMILY], bodies.apply),
        meetings=state.meetings.after(by[meeting_acts.FAMILY], meetings.apply),
    )


def state_json(state: CoordinationState) -> JsonObject:
    """Return the state as JSON: equal for equal states, however they were folded."""
    return {
        "commitments": commitments.state_json(state.commitments),
        "bodies": bodies.state_json(state.bodies),
        "meetings": meeting_values.state_json(state.meetings),
    }
