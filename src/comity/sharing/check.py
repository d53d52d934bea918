"""The desk officer's question: may I send this? Yes under article N, no because, or ask whom.

It is ``rule_on`` asked before there is a release; if only the release is missing, the answer says
who can give it. Nothing is recorded and nothing leaves. Source: design 7; issue "Sharing, a
first slice".
"""

from collections.abc import Sequence
from typing import TypeAlias

import attrs

from comity.agreements.controlled import ControlFacts
from comity.agreements.mandates import Agreement, Crossing, Permitted, Refused, rule_on
from comity.foundation.instants import Instant
from comity.sharing.model import Item, ReleaseDecision
from comity.sharing.reactions import refusal


@attrs.frozen(kw_only=True)
class Yes:
    """It may be sent, under this article; it is released."""

    article: str
    unit: str
    area: str


@attrs.frozen(kw_only=True)
class No:
    """It may not be sent; ``code`` is the ruling's."""

    code: str
    reason: str
    article: str | None


@attrs.frozen(kw_only=True)
class AskWhom:
    """The agreement permits it; a person of ours has still to release it."""

    office: str
    article: str
    unit: str
    area: str


Answer: TypeAlias = Yes | No | AskWhom


@attrs.frozen(kw_only=True)
class Wish:
    """What somebody wants to send: an item of ours, to whom, and whether it may go further.

    ``control`` is what controls its bytes and what authorises them, where something does.
    """

    item: Item
    sender: str
    recipient: str
    onward: bool
    control: ControlFacts | None


def agreement_for(agreements: Sequence[Agreement], wish: Wish, *, at: Instant) -> Agreement | None:
    """Return the agreement that a wish is about, or None where there is none at all.

    The newest that permits it; else the newest that knows the area, so that the answer says what
    stands against it there; else the newest in force that has areas at all, or at least made.

    Args:
        agreements: All between the two parties, oldest first.
        wish: What somebody wants to send.
        at: Now.
    """
    for each in reversed(agreements):
        if isinstance(_ruled(each, wish, stage="check", at=at), Permitted):
            return each
    standing = [one for one in agreements if one.in_force_at is not None]
    fitting = [one for one in standing if any(a.id == wish.item.area for _, a in one.areas)]
    with_areas = [one for one in standing if one.areas]
    return next(reversed(fitting or with_areas or standing or agreements), None)


def may_send(
    agreement: Agreement | None, wish: Wish, *, release: ReleaseDecision | None, at: Instant
) -> Answer:
    """Return whether it may be sent now.

    Args:
        agreement: The one asked about, or None where there is none.
        wish: What somebody wants to send.
        release: The decision about this item and recipient, if one was taken.
        at: Now.
    """
    ruling = _ruled(agreement, wish, stage="check", at=at)
    if isinstance(ruling, Refused):
        return No(code=ruling.code, reason=ruling.reason, article=ruling.article)
    if release is None or release.withdrawn or release.n is None:
        return AskWhom(
            office="release officer", article=ruling.article, unit=ruling.unit, area=ruling.area
        )
    return Yes(article=ruling.article, unit=ruling.unit, area=ruling.area)


def decide(agreement: Agreement | None, wish: Wish, *, at: Instant) -> ReleaseDecision:
    """Return the release decision a release officer takes: under the article that permits it.

    Raises:
        RefusedError: ``sharing.refused``: no article permits it.
    """
    ruling = _ruled(agreement, wish, stage="release", at=at)
    if isinstance(ruling, Refused):
        raise refusal(ruling)
    return ReleaseDecision(
        party=wish.sender,
        n=None,
        item=wish.item,
        instrument=agreement.instrument if agreement is not None else "",
        unit=ruling.unit,
        recipient=wish.recipient,
        onward=wish.onward,
    )


def _ruled(
    agreement: Agreement | None, wish: Wish, *, stage: str, at: Instant
) -> Permitted | Refused:
    if agreement is None:
        return Refused(
            code="not_in_force",
            reason=f"There is no agreement in force with {wish.recipient}.",
            article=None,
        )
    item = wish.item
    crossing = Crossing(
        sender=wish.sender,
        recipient=wish.recipient,
        area=item.area,
        action=item.action,
        kind=item.kind,
        marking=item.marking,
        purpose=item.purpose,
        onward=wish.onward,
        control=wish.control,
        release=None,
        stage=stage,
    )
    return rule_on(agreement, crossing, at=at)
