"""What a form may offer: the areas between two parties, and what each of them permits now.

Nothing is decided here. Whether an area is open is ``rule_on``, asked about the most that its
policy could permit; what is left out of a form would have been refused by the same function.
Source: design 7; ``docs/spec/07-sharing.md`` 7.5.
"""

from collections.abc import Iterable
from typing import Final

import attrs

from comity.agreements.mandates import Agreement, Crossing, Refused, rule_on
from comity.agreements.policies import Area
from comity.foundation.instants import Instant

SHARE: Final = "share"


@attrs.frozen(kw_only=True)
class Choice:
    """One area of one agreement.

    Attributes:
        agreement: The agreement it belongs to.
        unit: The unit whose field states the area.
        area: Its id, title and policy.
        markings: The levels that it permits, lowest first.
        refused: Why nothing may cross under it now; None while it is open.
    """

    agreement: Agreement
    unit: str
    area: Area
    markings: tuple[str, ...]
    refused: Refused | None

    def articles(self) -> tuple[tuple[str, str], ...]:
        """Return the permitting articles, the leading one first: unit, and how people call it."""
        labels = self.agreement.labels
        return tuple((unit, labels.get(unit, unit)) for unit in self.area.policy.articles)


def choices(
    agreements: Iterable[Agreement], *, sender: str, recipient: str, at: Instant
) -> tuple[Choice, ...]:
    """Return every area of the agreements that bind or will bind: not of those that have ended.

    Args:
        agreements: All between the two parties.
        sender: Who would send.
        recipient: Who would receive.
        at: Now.
    """
    return tuple(
        _choice(agreement, unit, area, sender=sender, recipient=recipient, at=at)
        for agreement in agreements
        if agreement.in_force_at is not None
        and (agreement.ends_at is None or at < agreement.ends_at)
        for unit, area in agreement.areas
    )


def _choice(
    agreement: Agreement, unit: str, area: Area, *, sender: str, recipient: str, at: Instant
) -> Choice:
    policy = area.policy
    most = Crossing(
        sender=sender,
        recipient=recipient,
        area=area.id,
        action=policy.actions[0],
        kind=policy.kinds[0],
        marking=policy.marking_max,
        purpose=policy.purposes[0],
        onward=False,
        control=None,
        release=None,
        stage="check",
    )
    ruling = rule_on(agreement, most, at=at)
    return Choice(
        agreement=agreement,
        unit=unit,
        area=area,
        markings=levels_up_to(policy.marking_max, scale=agreement.scale),
        refused=ruling if isinstance(ruling, Refused) else None,
    )


def usual_action(found: Iterable[Choice], area: str) -> str:
    """Return what is done with something of an area where nobody says it: it is shared.

    An area of technology permits to transfer technology and does not speak of sharing: there the
    action is the first that it permits.
    """
    known = [one for each in found if each.area.id == area for one in each.area.policy.actions]
    return SHARE if SHARE in known or not known else known[0]


def levels_up_to(highest: str, *, scale: tuple[str, ...]) -> tuple[str, ...]:
    """Return the levels of ``scale`` up to ``highest``, with it; none if it is no level of it."""
    return scale[: scale.index(highest) + 1] if highest in scale else ()
