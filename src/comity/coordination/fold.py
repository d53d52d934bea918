"""The acts of this room in both logs, folded into what they come to. Source: spec 10.1."""

from collections.abc import Iterable
from typing import Final

import attrs

from comity.coordination import commitments
from comity.coordination.commitments import Commitment
from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Book, Deed, Idle

#: The families of things in this room: the first part of the kinds of their acts.
FAMILIES: Final = (commitments.FAMILY,)
KINDS: Final = commitments.KINDS


@attrs.frozen(kw_only=True)
class CoordinationState:
    """Everything that both logs say of this room's things."""

    commitments: Book[Commitment] = attrs.field(factory=Book)

    def idle(self) -> tuple[Idle, ...]:
        """Return the acts that stand in the record without effect."""
        return self.commitments.idle()


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``, ``commitments.*``.
    """
    commitments.admit(deed)


def fold_deeds(state: CoordinationState, deeds: Iterable[Deed]) -> CoordinationState:
    """Return the state after more acts, which may come in any order; copied once."""
    return attrs.evolve(state, commitments=state.commitments.after(deeds, commitments.apply))


def state_json(state: CoordinationState) -> JsonObject:
    """Return the state as JSON: equal for equal states, however they were folded."""
    return {"commitments": commitments.state_json(state.commitments)}
