"""Which authorisations cover an item, how each stands, and what a ruling is told of them.

Source: agreements.md D2.8; spec 11.5.
"""

from collections.abc import Callable, Iterator

import attrs

from comity.agreements.controlled import ControlFacts, Grant
from comity.agreements.mandates import Permitted, Ruling
from comity.foundation.deeds import Book
from comity.foundation.instants import Instant
from comity.technology.authorisations import Authorisation, Status, left, used_up
from comity.technology.controls import Control, control_id
from comity.technology.controls import Status as ControlStatus

#: How what an authorisation stands on is ruled on now.
Basis = Callable[[Authorisation], Ruling]


@attrs.frozen(kw_only=True)
class Wish:
    """Bytes that would cross: their digest and number, from whom to whom, by which transfer."""

    sha256: str
    bytes: int
    sender: str
    recipient: str
    transfer: str | None


@attrs.frozen(kw_only=True)
class Standing:
    """How an authorisation stands at an instant.

    Attributes:
        status: Its state by its acts; while it is assured: ``active``, or what keeps it from that
            (``waits_for_provisos``, ``basis_stopped``, ``not_begun``, ``expired``, ``exhausted``).
        left: What is left of its quantity, where it has one.
        return_due: Whether what came should have been returned or destroyed by now, and nobody has
            said so.
    """

    status: str
    left: int | None
    return_due: bool


def control_of(controls: Book[Control], wish: Wish) -> Control | None:
    """Return what controls the bytes, or None where nothing does."""
    found = controls.get(control_id(wish.sender, wish.sha256))
    if found is None or found.status is ControlStatus.DECLASSIFIED:
        return None
    return found


def control_facts(
    controls: Book[Control],
    authorisations: Book[Authorisation],
    wish: Wish,
    *,
    basis: Basis,
) -> ControlFacts | None:
    """Return what a ruling on these bytes is told, or None where they are not controlled.

    Args:
        controls: All controls of the relationship.
        authorisations: All its authorisations.
        wish: The bytes that would cross.
        basis: How what an authorisation stands on is ruled on now.
    """
    control = control_of(controls, wish)
    if control is None:
        return None
    found = list(covering(authorisations, control, wish))
    counted = [one for one in found if wish.transfer in one.counted()]
    return ControlFacts(
        control=control.id,
        called=control.now.called,
        grants=tuple(grant_of(one, control, wish, basis=basis(one)) for one in counted or found),
    )


def covering(book: Book[Authorisation], control: Control, wish: Wish) -> Iterator[Authorisation]:
    """Yield the authorisations that speak of the bytes between these two, oldest first."""
    for chain in sorted(book.chains.values(), key=lambda each: each.deeds[0].place):
        one = chain.thing
        if (
            one is not None
            and (one.terms.exporter, one.terms.recipient) == (wish.sender, wish.recipient)
            and one.covers(sha256=wish.sha256, scheme=control.now.scheme, code=control.now.code)
        ):
            yield one


def grant_of(one: Authorisation, control: Control, wish: Wish, *, basis: Ruling) -> Grant:
    """Return an authorisation as a ruling on these bytes needs it."""
    limits = one.limits
    rest, cents = left(one, transfer=wish.transfer)
    quantity = limits.quantity
    needed = wish.bytes if quantity is not None and quantity.unit == "bytes" else 1
    return Grant(
        authorisation=one.id,
        called=called(one),
        status=str(one.status),
        accepted=one.accepted,
        basis=None if isinstance(basis, Permitted) else basis.reason,
        recipients=None if limits.recipients is None else tuple(limits.recipients.parties),
        purposes=None if limits.purposes is None else tuple(limits.purposes.purposes),
        onward=limits.no_onward is None,
        starts=limits.starts,
        ends=limits.ends,
        quantity=None if rest is None else (rest, needed),
        value=None if cents is None else (cents, _cents_of(control, one)),
    )


def _cents_of(control: Control, one: Authorisation) -> int | None:
    value, most = control.now.value, one.limits.value
    if value is None or most is None or value.currency != most.limit.currency:
        return None
    return value.cents


def called(one: Authorisation) -> str:
    """Return an authorisation as people call it: its title, and its number once it has one."""
    number = "" if one.decision is None else f" ({one.decision.number})"
    return f"The authorisation «{one.terms.title}»{number}"


def standing(one: Authorisation, *, at: Instant, basis: Ruling) -> Standing:
    """Return how an authorisation stands; the calendar and the basis add to what its acts say."""
    limits = one.limits
    status = str(one.status)
    if one.status is Status.ASSURED:
        status = "active"
        if not one.accepted:
            status = "waits_for_provisos"
        elif not isinstance(basis, Permitted):
            status = "basis_stopped"
        elif limits.starts is not None and at < limits.starts:
            status = "not_begun"
        elif limits.ends is not None and at > limits.ends:
            status = "expired"
        elif used_up(one):
            status = "exhausted"
    came_back = limits.return_by
    return Standing(
        status=status,
        left=left(one, transfer=None)[0],
        return_due=came_back is not None
        and at > Instant.parse(came_back.at)
        and bool(one.receipts)
        and not one.disposals,
    )
