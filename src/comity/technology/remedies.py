"""What would let a controlled item through that no authorisation lets through now, and who acts.

A ruling names why it refuses (spec 11.5.2). People ask what to do: which authorisation is meant for
this item, what keeps it, whose act comes next. Nothing here rules; it points.
Source: agreements.md D6 (journey 8); spec 11.3.2, 11.5.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.agreements.controlled import Against, ControlFacts, Wanted, authorised
from comity.foundation.deeds import Book
from comity.foundation.instants import Instant
from comity.technology.authorisations import Authorisation, Status
from comity.technology.controls import Control
from comity.technology.covering import Basis, Wish, control_of, covering, grant_of
from comity.technology.machine import EXPORTER, RECIPIENT

_DEAD: Final = frozenset((Status.WITHDRAWN, Status.DENIED, Status.REVOKED, Status.RECONCILED))
_REQUEST: Final = ("request", None)
_AMEND: Final = ("amend", None)
#: By the code of the ruling, the act that is missing and who does it: exporter, recipient; None is
#: either, or nobody.
_ACTS: Final[Mapping[str, tuple[str, str | None]]] = {
    "not_authorised": ("decide", EXPORTER),
    "authorisation_revoked": _REQUEST,
    "authorisation_suspended": ("resume", EXPORTER),
    "not_assured": ("assure", RECIPIENT),
    "provisos_not_accepted": ("accept", RECIPIENT),
    "basis_not_in_force": ("basis", None),
    "authorisation_not_begun": ("wait", None),
    "authorisation_expired": _AMEND,
    "recipient_not_authorised": _AMEND,
    "purpose_not_authorised": _AMEND,
    "onward_not_authorised": _AMEND,
    "quantity_used_up": _AMEND,
    "value_used_up": _AMEND,
}


@attrs.frozen(kw_only=True)
class Remedy:
    """What is missing before a controlled item may cross.

    Attributes:
        control: What controls it.
        authorisation: The one that is meant for it; None where none ever covered it.
        against: What stands against it under that one.
        act: ``request``, ``decide``, ``decide_amendment``, ``assure``, ``accept``, ``resume``,
            ``amend``; ``wait`` for its first day, ``basis`` where the article must be in force.
        party: Who does it; None where either can, or nobody need.
    """

    control: Control
    authorisation: Authorisation | None
    against: Against
    act: str
    party: str | None


def remedy(  # the two books and what would cross
    controls: Book[Control],
    authorisations: Book[Authorisation],
    wish: Wish,
    *,
    wanted: Wanted,
    basis: Basis,
    at: Instant,
) -> Remedy | None:
    """Return what is missing, or None where nothing controls the bytes or nothing is missing.

    Args:
        controls: All controls of the relationship.
        authorisations: All its authorisations.
        wish: The bytes that would cross.
        wanted: What else the ruling knows of the crossing.
        basis: How what an authorisation stands on is ruled on now.
        at: Now.
    """
    control = control_of(controls, wish)
    if control is None:
        return None
    one = closest(authorisations, control, wish)
    grants = () if one is None else (grant_of(one, control, wish, basis=basis(one)),)
    facts = ControlFacts(control=control.id, called=control.now.called, grants=grants)
    found = authorised(facts, wanted, at=at)
    if not isinstance(found, Against):
        return None
    act, part = _act(one, found)
    return Remedy(
        control=control,
        authorisation=one,
        against=found,
        act=act,
        party={EXPORTER: wish.sender, RECIPIENT: wish.recipient}.get(part or ""),
    )


def closest(
    authorisations: Book[Authorisation], control: Control, wish: Wish
) -> Authorisation | None:
    """Return the authorisation that is meant for these bytes, or None where none covers them.

    One that names the item stands before one that names its class; one that was decided before one
    that waits for its decision, and before what has ended; then the newest.
    """
    found = list(covering(authorisations, control, wish))
    ranked = max(
        enumerate(found),
        key=lambda each: (_names(each[1], wish), _rank(each[1]), each[0]),
        default=None,
    )
    return None if ranked is None else ranked[1]


def _names(one: Authorisation, wish: Wish) -> bool:
    return any(each.digest == wish.sha256 for each in one.terms.items)


def _rank(one: Authorisation) -> int:
    if one.status in _DEAD:
        return 0
    return 1 if one.decision is None else 2


def _act(one: Authorisation | None, against: Against) -> tuple[str, str | None]:
    if one is None or one.status in _DEAD:
        return _REQUEST
    if one.proposed is not None and _ACTS[against.code] == _AMEND:
        return ("decide_amendment", EXPORTER)
    return _ACTS[against.code]
