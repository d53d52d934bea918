"""Every state that a text has had: one for each tabling, in an order that both nodes agree on.

An act comes after all that its author had seen, so the sum of its own index and of what it had seen
only grows along every chain of cause and effect: ordered by it, each tabling stands after what it
answers. The state after a tabling holds that tabling and all before it. Tablings that crossed stand
one after the other, the same on both nodes. Source: agreements.md D3.1, D3.3; spec 5.1.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.agreements import events
from comity.agreements.chains import Chains, Heads, Opening, acts_of
from comity.agreements.events import Place
from comity.agreements.model import Content
from comity.agreements.negotiation import Joint, Status
from comity.agreements.texts import Text, text_at

#: What a chart shows of a text: the statuses that it draws as one.
GROUPS: Final[Mapping[str, tuple[Status, ...]]] = {
    "agreed": (Status.AGREED, Status.CLOSED),
    "ad_ref": (Status.AGREED_AD_REF,),
    "reserved": (Status.RESERVED,),
    "bracketed": (Status.BRACKETED,),
    "open": (Status.OPEN, Status.NEW),
    "parked": (Status.PARKED,),
}


@attrs.frozen(kw_only=True)
class TextState:
    """One state of a text.

    Attributes:
        number: Its number, from 1.
        place: The tabling that made it.
        heads: Up to where acts count, by party.
    """

    number: int
    place: Place
    heads: Heads


def text_states(chains: Chains) -> tuple[TextState, ...]:
    """Return every state of a text, one for each tabling, the first one first."""
    places = sorted(
        (act.place for act in acts_of(chains, None, events.TABLE)),
        key=lambda place: (place.n + place.seen, place.party),
    )
    heads = dict.fromkeys(chains, 0)
    made: list[TextState] = []
    for place in places:
        other = next((party for party in heads if party != place.party), "")
        heads = {**heads, place.party: place.n + 1}
        if other:
            heads[other] = max(heads[other], place.seen)
        made.append(TextState(number=len(made) + 1, place=place, heads=heads))
    return tuple(made)


def counts_at(instrument: str, chains: Chains, opening: Opening, *, heads: Heads) -> Counter[str]:
    """Return how many units stood in each group of ``GROUPS`` at a pair of heads."""
    text = text_at(instrument, chains, opening, heads=heads)
    group = {status: name for name, statuses in GROUPS.items() for status in statuses}
    return Counter(
        group[each.status]
        for unit, each in text.joints.items()
        if each.status is not Status.AGREED or unit in text.agreed
    )


def text_of(text: Text, *, party: str) -> dict[str, Content]:
    """Return the text as one party would have it read: what is agreed, else its own wording.

    Where it has none, the wording that it stands by, and else the counterpart's.

    Args:
        text: The text at some heads.
        party: Whose wording comes first.
    """
    return {
        unit: content
        for unit, each in text.joints.items()
        if (content := _first(text, _wanted(each, party))) is not None
    }


def _first(text: Text, digests: Sequence[str]) -> Content | None:
    found = (text.content(one) for one in digests)
    return next((content for content in found if content is not None), None)


def _wanted(joint: Joint, party: str) -> tuple[str, ...]:
    if joint.agreed is not None:
        return (joint.agreed,)
    own = [digest for digest, by in joint.alternatives.items() if party in by]
    stance = joint.stances.get(party)
    stood = [] if stance is None else [stance.digest]
    return (*own, *stood, *joint.alternatives)
