"""The acts of this room in both logs, folded into what they come to. Source: spec 10.1."""

from collections.abc import Iterable
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Book, Deed, Idle
from comity.technology import projects
from comity.technology.projects import Project

#: The families of things in this room: the first part of the kinds of their acts.
FAMILIES: Final = (projects.FAMILY,)
KINDS: Final = projects.KINDS


@attrs.frozen(kw_only=True)
class TechnologyState:
    """Everything that both logs say of this room's things."""

    projects: Book[Project] = attrs.field(factory=Book)

    def idle(self) -> tuple[Idle, ...]:
        """Return the acts that stand in the record without effect."""
        return self.projects.idle()


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``, ``projects.*``.
    """
    projects.admit(deed)


def fold_deeds(state: TechnologyState, deeds: Iterable[Deed]) -> TechnologyState:
    """Return the state after more acts, which may come in any order; copied once."""
    return attrs.evolve(state, projects=state.projects.after(deeds, projects.apply))


def state_json(state: TechnologyState) -> JsonObject:
    """Return the state as JSON: equal for equal states, however they were folded."""
    return {"projects": projects.state_json(state.projects)}
