"""The areas of every signed instrument: what each permits, and whether it does so now, each way.

Whether something may cross is asked of ``rule_on`` and nothing else, with the most ordinary
crossing that the area's own policy names. Source: design 2 (idea 3), 13.8, 13.9.
"""

from collections.abc import Iterator

import attrs

from comity.agreements.mandates import Agreement, Crossing, Refused, rule_on
from comity.agreements.policies import Area
from comity.agreements.views import agreement_in_force
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.instants import Instant
from comity.relationship.model import Picture

#: What the ruling says of an area: the codes of ``rule_on`` that an ordinary crossing can meet.
PERMITTED = "permitted"


@attrs.frozen(kw_only=True)
class Direction:
    """Whether an area permits crossings from one party to the other now; if not, why."""

    sender: str
    recipient: str
    code: str
    reason: str | None
    article: str | None

    def json(self) -> JsonObject:
        """Return it for programs, people and the digest."""
        return attrs.asdict(self)


@attrs.frozen(kw_only=True)
class AreaView:
    """One area of one instrument.

    Attributes:
        instrument: The instrument.
        title: What the instrument is called.
        area: The area and its policy.
        article: Label of the unit that states it.
        words: What it permits, in plain English.
        under: Labels of the articles of its policy.
        directions: Whether it permits crossings now, each way.
    """

    instrument: str
    title: str
    area: Area
    article: str
    words: str
    under: tuple[str, ...]
    directions: tuple[Direction, ...]

    def json(self) -> JsonObject:
        """Return the area for programs, people and the digest."""
        directions: list[Json] = [each.json() for each in self.directions]
        return {
            "instrument": self.instrument,
            "title": self.title,
            "area": self.area.id,
            "name": self.area.title,
            "article": self.article,
            "words": self.words,
            "under": list(self.under),
            "policy": self.area.policy.json(),
            "directions": directions,
        }


def areas(picture: Picture) -> tuple[AreaView, ...]:
    """Return the areas of every signed instrument, in the order of the texts."""
    return tuple(_areas(picture))


def _areas(picture: Picture) -> Iterator[AreaView]:
    first, second = picture.shared.parties
    for name, seen in picture.views.items():
        agreement = agreement_in_force(seen)
        for unit, area in agreement.areas:
            labels = agreement.labels
            yield AreaView(
                instrument=name,
                title=seen.opening.title,
                area=area,
                article=labels.get(unit, unit),
                words=area.policy.words(labels),
                under=tuple(labels.get(each, each) for each in area.policy.articles),
                directions=tuple(
                    _direction(agreement, area, pair, at=picture.shared.at)
                    for pair in ((first, second), (second, first))
                ),
            )


def _direction(
    agreement: Agreement, area: Area, pair: tuple[str, str], *, at: Instant
) -> Direction:
    policy, (sender, recipient) = area.policy, pair
    said = rule_on(
        agreement,
        Crossing(
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
        ),
        at=at,
    )
    refused = said if isinstance(said, Refused) else None
    return Direction(
        sender=sender,
        recipient=recipient,
        code=PERMITTED if refused is None else refused.code,
        reason=None if refused is None else refused.reason,
        article=said.article,
    )
