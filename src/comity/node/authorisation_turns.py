"""Whose act comes next on an authorisation, for its lists and its page. Source: spec 11.3."""

from typing import Final

from comity.foundation.instants import Instant
from comity.technology.authorisations import Authorisation, Status, missing_totals

#: The states in which nobody has anything left to do.
OVER: Final = (Status.WITHDRAWN, Status.DENIED, Status.RECONCILED)
#: States that the exporter alone leads on.
_EXPORTERS: Final = (
    *(Status.REQUESTED, Status.IN_REVIEW, Status.RETURNED, Status.DECLINED, Status.SUSPENDED),
)
_UNASSURED: Final = (Status.APPROVED, Status.APPROVED_WITH_PROVISOS)


def turn(one: Authorisation, *, at: Instant) -> tuple[str, ...]:
    """Return the parties whose act comes next; none where nobody's must."""
    if one.status in OVER:
        return ()
    return missing_totals(one) or _leads_on(one, at=at)


def _leads_on(one: Authorisation, *, at: Instant) -> tuple[str, ...]:
    """Return whose act comes next where no totals wait for an answer."""
    exporter, recipient = (one.terms.exporter,), (one.terms.recipient,)
    if one.status is Status.SUSPENDED and one.receipts:  # its use is stopped where it came
        return (*exporter, *recipient)
    if one.status in _EXPORTERS:
        return exporter
    if one.status is Status.REVOKED:
        return recipient if one.receipts and not one.disposals else ()
    if one.status in _UNASSURED or not one.accepted:
        ends = one.limits.ends
        return () if ends is not None and at > ends else recipient
    return exporter if one.proposed is not None else ()
