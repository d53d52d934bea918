"""What the machines of this room share: reading an act, beginning a thing, trying a step.

Source: spec 10.1, 11.1.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec

from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import EITHER, OPENER, OTHER, Deed, Step, body_of
from comity.foundation.errors import PeerError, RefusedError

S = TypeVar("S", bound=msgspec.Struct)

#: Parts of this room: whose items they are, and who gets them.
EXPORTER: Final = "exporter"
RECIPIENT: Final = "recipient"
_WHOSE: Final[Mapping[str, str]] = {
    EITHER: "a party",
    OPENER: "who began it",
    OTHER: "the other party",
    EXPORTER: "the party that exports",
    RECIPIENT: "the party that receives",
}


def read_act(deed: Deed, forms: Mapping[str, type[S]]) -> S:
    """Return what an act says, by the form of its step.

    Raises:
        PeerError: ``technology.kind``; ``deeds.form``, ``basics.*``.
    """
    form = forms.get(deed.step)
    if form is None:
        raise PeerError("technology.kind", f"{deed.kind[:60]!r} is no act on such a thing.")
    return body_of(deed.data, form, what=f"The act {deed.kind}")


def begins(known: object, what: str) -> None:
    """Pass if a thing of that id is not there yet.

    Raises:
        RefusedError: ``technology.exists``.
    """
    if known is not None:
        raise RefusedError("technology.exists", f"There is {what} of that id already.")


def missing(what: str) -> RefusedError:
    """Return the error of an act on a thing that no act began."""
    return RefusedError("technology.none", f"There is no such {what} (yet).")


def may(title: str, status: str, step: Step, *, plays: bool) -> None:
    """Pass if a step may be taken now, by whoever takes it.

    Args:
        title: What people call the thing.
        status: Where it stands by its acts.
        step: The step.
        plays: Whether the author has the part that the step wants.

    Raises:
        RefusedError: ``technology.not_now``, ``technology.not_yours``.
    """
    if status not in step.sources:
        wanted = " or ".join(each.replace("_", " ") for each in step.sources)
        raise RefusedError(
            "technology.not_now",
            f"«{title}» is {status.replace('_', ' ')}; {step.name.replace('_', ' ')} is possible"
            f" while it is {wanted}.",
        )
    if not plays:
        raise RefusedError(
            "technology.not_yours",
            f"«{title}»: only {_WHOSE[step.by]} can {step.name.replace('_', ' ')}.",
        )


def table(*steps: Step) -> Mapping[str, Step]:
    """Return a machine by the names of its steps."""
    return {step.name: step for step in steps}


def builtins_of(value: msgspec.Struct) -> JsonObject:
    """Return a typed value as it stands in an act."""
    made = msgspec.to_builtins(value)
    assert isinstance(made, dict)
    return made
