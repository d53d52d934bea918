"""What comes to an authorisation without an act of its own: used up, run out, settled by both.

Read from its acts in their order, so that what happened under one decision stays told when a later
amendment changes the limits. Source: agreements.md D2.8; spec 11.3, 11.5.
"""

from collections.abc import Iterator
from typing import Final

import attrs

from comity.agreements.mandates import Conduct, Refused, Ruling, rule_on
from comity.agreements.views import agreement_in_force
from comity.foundation.deeds import Chain, Deed, read_act
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref, Shared
from comity.technology import authorisation_acts as acts
from comity.technology.authorisations import FAMILY, Authorisation, Status, weight
from comity.technology.covering import standing
from comity.technology.provisos import Limits, limits_of

_DECIDES: Final = ("approve", "amend_approve")
_COUNTS: Final = ("use", "receive")


@attrs.frozen(kw_only=True)
class Event:
    """Something that came to an authorisation: what, when, and by which act, if by one.

    Attributes:
        code: ``authorisation_exhausted``, ``authorisation_expired`` or
            ``authorisation_reconciled``.
        leave: The authorisation.
        at: When; None while the act is not cosigned.
        ref: The act; None where it came by a date.
    """

    code: str
    leave: Authorisation
    at: Instant | None
    ref: Ref | None


def events_of_leaves(shared: Shared) -> Iterator[Event]:
    """Yield what came to every authorisation up to the instant of the picture."""
    book = shared.technology.authorisations
    for name in sorted(book.chains):
        chain = book.chains[name]
        if chain.thing is not None:
            yield from _of_one(shared, chain, chain.thing)


def status_of(picture: Picture, leave: Authorisation) -> str:
    """Return how an authorisation stands at the instant of a picture, as its page says it."""
    shared, terms = picture.shared, leave.terms
    seen = picture.views.get(terms.instrument)
    basis: Ruling = Refused(code="not_in_force", reason="There is no such text.", article=None)
    if seen is not None:
        conduct = Conduct(
            sender=terms.exporter,
            recipient=terms.recipient,
            unit=terms.unit,
            stage="authorisation",
        )
        basis = rule_on(agreement_in_force(seen), conduct, at=shared.at)
    return standing(leave, at=shared.at, basis=basis).status


def _of_one(shared: Shared, chain: Chain[Authorisation], leave: Authorisation) -> Iterator[Event]:
    told = _counting(chain)
    yield from _used_up(shared, told, leave)
    yield from _run_out(shared, told, leave)
    reports = [each for each in told if each.step == "report"]
    if leave.status is Status.RECONCILED:
        ref = _ref(reports[-1])  # after the last word of both nobody reports
        yield Event(code="authorisation_reconciled", leave=leave, at=shared.when(ref), ref=ref)


def _counting(chain: Chain[Authorisation]) -> tuple[Deed, ...]:
    """Return the acts that had an effect, in their order."""
    idle = {(each.party, each.n) for each in chain.idle}
    return tuple(each for each in chain.deeds if (each.party, each.n) not in idle)


def _used_up(shared: Shared, told: tuple[Deed, ...], leave: Authorisation) -> Iterator[Event]:
    """Yield each transfer that was the last one its decision left room for."""
    limits, counted, full = limits_of(()), dict[str, acts.Use](), False
    spent = worth = 0
    for deed in told:
        decided = _limits(deed)
        if decided is not None:
            limits = decided
            spent = sum(weight(limits, each) for each in counted.values())
            full = _full(limits, spent, worth)
        if deed.step not in _COUNTS:
            continue
        use = read_act(deed, acts.FORMS, family=FAMILY)
        assert isinstance(use, acts.Use)
        if use.transfer in counted:
            continue
        counted[use.transfer] = use
        spent += weight(limits, use)
        worth += 0 if use.value is None else use.value.cents
        if not full and _full(limits, spent, worth):
            full, ref = True, _ref(deed)
            yield Event(code="authorisation_exhausted", leave=leave, at=shared.when(ref), ref=ref)


def _full(limits: Limits, spent: int, worth: int) -> bool:
    quantity, value = limits.quantity, limits.value
    return (quantity is not None and spent >= quantity.amount) or (
        value is not None and worth >= value.limit.cents
    )


def _run_out(shared: Shared, told: tuple[Deed, ...], leave: Authorisation) -> Iterator[Event]:
    """Yield the last instant of each decision that came before another took its place."""
    ends: Instant | None = None
    begun: Instant | None = None
    for deed in told:
        decided, when = _limits(deed), shared.when(_ref(deed))
        closing = decided is not None or deed.step in {"revoke", "decline"}
        if closing and ends is not None and when is not None and ends < when:
            yield _expired(leave, ends, begun)
        if closing:
            ends, begun = None if decided is None else decided.ends, when
    settled = leave.status is Status.RECONCILED
    last = shared.when(_ref(told[-1])) if settled else None
    if ends is not None and ends < min(shared.at, last or shared.at):
        yield _expired(leave, ends, begun)


def _expired(leave: Authorisation, ends: Instant, begun: Instant | None) -> Event:
    """Return the end of a decision; one that was over when it was taken ended at once."""
    at = ends if begun is None else max(ends, begun)
    return Event(code="authorisation_expired", leave=leave, at=at, ref=None)


def _limits(deed: Deed) -> Limits | None:
    """Return the limits that an act sets, or None where it decides nothing."""
    if deed.step not in _DECIDES:
        return None
    body = read_act(deed, acts.FORMS, family=FAMILY)
    assert isinstance(body, acts.Approve)  # the form of both
    return limits_of(body.provisos)


def _ref(deed: Deed) -> Ref:
    return Ref(party=deed.party, n=deed.n)
