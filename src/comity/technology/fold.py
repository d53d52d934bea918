"""The acts of this room in both logs, folded into what they come to. Source: spec 10.1, 11, 12."""

from collections.abc import Iterable
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Book, Deed, Idle
from comity.technology import (
    authorisation_acts,
    authorisation_json,
    authorisations,
    controls,
    endchecks,
    project_json,
    projects,
    retransfers,
)
from comity.technology.authorisations import Authorisation
from comity.technology.controls import Control
from comity.technology.endchecks import EndCheck
from comity.technology.projects import Project
from comity.technology.retransfers import Retransfer

#: The families of things in this room: the first part of the kinds of their acts.
FAMILIES: Final = (
    controls.FAMILY,
    authorisations.FAMILY,
    retransfers.FAMILY,
    endchecks.FAMILY,
    projects.FAMILY,
)
KINDS: Final = (
    *controls.KINDS,
    *authorisations.KINDS,
    *retransfers.KINDS,
    *endchecks.KINDS,
    *projects.KINDS,
)


@attrs.frozen(kw_only=True)
class TechnologyState:
    """Everything that both logs say of this room's things."""

    controls: Book[Control] = attrs.field(factory=Book)
    authorisations: Book[Authorisation] = attrs.field(factory=Book)
    retransfers: Book[Retransfer] = attrs.field(factory=Book)
    endchecks: Book[EndCheck] = attrs.field(factory=Book)
    projects: Book[Project] = attrs.field(factory=Book)

    def idle(self) -> tuple[Idle, ...]:
        """Return the acts that stand in the record without effect."""
        return (
            *self.controls.idle(),
            *self.authorisations.idle(),
            *self.retransfers.idle(),
            *self.endchecks.idle(),
            *self.projects.idle(),
        )


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``technology.*``, ``deeds.form``, ``basics.*``, and those of the family.
    """
    match deed.family:
        case controls.FAMILY:
            controls.admit(deed)
        case authorisations.FAMILY:
            authorisation_acts.admit(deed)
        case retransfers.FAMILY:
            retransfers.admit(deed)
        case endchecks.FAMILY:
            endchecks.admit(deed)
        case _:
            projects.admit(deed)


def fold_deeds(state: TechnologyState, deeds: Iterable[Deed]) -> TechnologyState:
    """Return the state after more acts, which may come in any order; copied once."""
    by: dict[str, list[Deed]] = {name: [] for name in FAMILIES}
    for deed in deeds:
        by[deed.family].append(deed)

    return TechnologyState(
        controls=state.controls.after(by[controls.FAMILY], controls.apply),
        authorisations=state.authorisations.after(by[authorisations.FAMILY], authorisations.apply),
        retransfers=state.retransfers.after(by[retransfers.FAMILY], retransfers.apply),
        endchecks=state.endchecks.after(by[endchecks.FAMILY], endchecks.apply),
        projects=state.projects.after(by[projects.FAMILY], projects.apply),
    )


def state_json(state: TechnologyState) -> JsonObject:
    """Return the state as JSON: equal for equal states, however they were folded."""
    return {
        "controls": controls.state_json(state.controls),
        "authorisations": authorisation_json.state_json(state.authorisations),
        "retransfers": retransfers.state_json(state.retransfers),
        "endchecks": endchecks.state_json(state.endchecks),
        "projects": project_json.state_json(state.projects),
    }
