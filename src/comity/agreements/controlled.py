"""A controlled item and what authorises it: one more condition of the ruling, as values.

What higher rooms know of authorisations comes in the crossing; whether one of them lets the
crossing through is decided here, in one order of conditions, so that both ends name the same one.
Source: design 13.8; spec 5.9.7, 11.5.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.instants import Instant

ASSURED: Final = "assured"
#: The conditions in their order. Of several authorisations that do not let it through, the one that
#: failed last is named: it is nearest to what was wanted.
CODES: Final = (
    "not_authorised",
    "authorisation_revoked",
    "authorisation_suspended",
    "not_assured",
    "provisos_not_accepted",
    "basis_not_in_force",
    "authorisation_not_begun",
    "authorisation_expired",
    "recipient_not_authorised",
    "purpose_not_authorised",
    "onward_not_authorised",
    "quantity_used_up",
    "value_used_up",
)
_UNASSURED: Final = ("not_assured", "the recipient has not given the assurance that was asked")
#: By the state of its acts, what stands against it.
_STANDS: Final[Mapping[str, tuple[str, str]]] = {
    "revoked": ("authorisation_revoked", "it has ended"),
    "reconciled": ("authorisation_revoked", "it has ended"),
    "suspended": ("authorisation_suspended", "the party that exports has stopped it"),
    "approved": _UNASSURED,
    "approved_with_provisos": _UNASSURED,
}


@attrs.frozen(kw_only=True)
class Grant:
    """An authorisation that covers an item, as far as a ruling needs it.

    Attributes:
        authorisation: Its id.
        called: What people call it.
        status: Where it stands by its acts.
        accepted: Whether the recipient accepted its provisos.
        basis: Why what it stands on does not bear it now; None where that does.
        recipients: The only ones, where it says so.
        purposes: The only ones, where it says so.
        onward: Whether an item may go with leave to pass it on.
        starts: Before that nothing crosses.
        ends: Behind that nothing crosses.
        quantity: What is left of its quantity and what this crossing needs of it, where it has one.
        value: The same in hundredths of its currency; None in second place is an unknown value.
    """

    authorisation: str
    called: str
    status: str
    accepted: bool
    basis: str | None
    recipients: tuple[str, ...] | None
    purposes: tuple[str, ...] | None
    onward: bool
    starts: Instant | None
    ends: Instant | None
    quantity: tuple[int, int] | None
    value: tuple[int, int | None] | None


@attrs.frozen(kw_only=True)
class ControlFacts:
    """That an item is controlled: its class, and every authorisation that covers it, oldest first.

    Where a transfer is counted under one of them already, that one stands alone.
    """

    control: str
    called: str
    grants: tuple[Grant, ...]


@attrs.frozen(kw_only=True)
class Wanted:
    """What the ruling knows of the crossing that an authorisation may speak of."""

    recipient: str
    purpose: str
    onward: bool


@attrs.frozen(kw_only=True)
class Against:
    """Why no authorisation lets it through."""

    code: str
    reason: str


def authorised(control: ControlFacts, wanted: Wanted, *, at: Instant) -> Grant | Against:
    """Return the first authorisation that lets a controlled item through, or why none does."""
    found = [_against(each, wanted, at) for each in control.grants]
    for grant, against in zip(control.grants, found, strict=True):
        if against is None:
            return grant
    failed = [each for each in found if each is not None]
    nearest = max(failed, key=lambda each: CODES.index(each.code), default=None)
    return nearest or Against(
        code="not_authorised",
        reason=f"The item is controlled as {control.called}, and no authorisation covers it.",
    )


def _against(grant: Grant, wanted: Wanted, at: Instant) -> Against | None:
    return _by_acts(grant) or _by_dates(grant, at) or _by_checks(grant, wanted) or _by_count(grant)


def _by_acts(grant: Grant) -> Against | None:
    code, why = _STANDS.get(grant.status, ("not_authorised", "nothing crosses under it"))
    if grant.status != ASSURED:
        how = grant.status.replace("_", " ")
        return Against(code=code, reason=f"{grant.called} is {how}: {why}.")
    if not grant.accepted:
        return Against(
            code="provisos_not_accepted",
            reason=f"{grant.called}: the recipient has not accepted the provisos.",
        )
    if grant.basis is not None:
        return Against(
            code="basis_not_in_force",
            reason=f"{grant.called} stands on what is not in force: {grant.basis}",
        )
    return None


def _by_dates(grant: Grant, at: Instant) -> Against | None:
    if grant.starts is not None and at < grant.starts:
        return Against(
            code="authorisation_not_begun", reason=f"{grant.called} begins at {grant.starts}."
        )
    if grant.ends is not None and at > grant.ends:
        return Against(
            code="authorisation_expired", reason=f"{grant.called} expired at {grant.ends}."
        )
    return None


def _by_checks(grant: Grant, wanted: Wanted) -> Against | None:
    if grant.recipients is not None and wanted.recipient not in grant.recipients:
        return Against(
            code="recipient_not_authorised",
            reason=f"{grant.called} is only for {', '.join(grant.recipients)}.",
        )
    if grant.purposes is not None and wanted.purpose not in grant.purposes:
        return Against(
            code="purpose_not_authorised",
            reason=f"{grant.called} is only for {', '.join(grant.purposes)};"
            f" not for {wanted.purpose!r}.",
        )
    if wanted.onward and not grant.onward:
        return Against(
            code="onward_not_authorised",
            reason=f"{grant.called} does not let it go with leave to pass it on.",
        )
    return None


def _by_count(grant: Grant) -> Against | None:
    if grant.quantity is not None and grant.quantity[0] < grant.quantity[1]:
        return Against(
            code="quantity_used_up",
            reason=f"{grant.called}: the quantity is used up; {max(grant.quantity[0], 0)} is left,"
            f" {grant.quantity[1]} would be needed.",
        )
    if grant.value is not None:
        rest, needed = grant.value
        if needed is None or rest < needed:
            return Against(
                code="value_used_up",
                reason=f"{grant.called}: the value is used up, or the item has none in that"
                " currency.",
            )
    return None
