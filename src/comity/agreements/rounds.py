"""Every state that a text has had: one for each tabling, in an order that both nodes agree on.

An act comes after all that its author had seen, so the sum of its own index and of what it had seen
only grows along every chain of cause and effect: ordered by it, each tabling stands after what it
answers. The state after a tabling holds that tabling and all before it. Tablings that crossed stand
one after the other, the same on both nodes. Source: agreements.md D3.1, D3.3; spec 5.1.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements import events
from comity.agreements.chains import Chain, Chains, Heads, Opening, acts_of
from comity.agreements.events import Place
from comity.agreements.model import Content
from comity.agreements.moves import Package
from comity.agreements.negotiation import Joint, Position, Status, joint
from comity.agreements.packages import PackageAct, deals, settled
from comity.agreements.texts import Text, position_at

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


def progress(chains: Chains, opening: Opening) -> tuple[tuple[TextState, Mapping[str, int]], ...]:
    """Return every state of a text, and how many units stood in each group of ``GROUPS`` then.

    From one state to the next only those units are looked at that its acts have touched, and those
    in packages: the work grows with the moves made, not with rounds times units.
    """
    chain_of = {party: chains.get(party, Chain()) for party in opening.parties}
    touched: dict[tuple[str, int], set[str]] = {}
    for party, chain in chain_of.items():
        for unit, history in chain.positions.items():
            for each in history:
                touched.setdefault((party, each.n), set()).add(unit)
    packages = {party: chain.packages for party, chain in chain_of.items()}
    packed = _packed(packages)
    groups: dict[str, str] = {}
    counts: Counter[str] = Counter()
    made: list[tuple[TextState, Mapping[str, int]]] = []
    before: Heads = {}
    for state in text_states(chains):
        heads = state.heads

        def position(party: str, unit: str, heads: Heads = heads) -> Position:
            return position_at(chains, heads, party=party, unit=unit)

        bundled = settled(deals(packages, position, heads)) if packed else {}
        for unit in packed.union(*_between(touched, before, heads)):
            positions = {party: position(party, unit) for party in opening.parties}
            group = _group(joint(positions, packaged=bundled.get(unit)), chain_of)
            counts[groups.pop(unit, "")] -= 1
            if group:
                groups[unit] = group
                counts[group] += 1
        before = heads
        made.append((state, {name: counts[name] for name in GROUPS if counts[name]}))
    return tuple(made)


def _packed(packages: Mapping[str, Sequence[PackageAct]]) -> set[str]:
    return {
        unit
        for acts in packages.values()
        for act in acts
        if isinstance(act.move, Package)
        for unit, _ in act.move.gives + act.move.asks
    }


def _between(
    touched: Mapping[tuple[str, int], set[str]], before: Heads, after: Heads
) -> Iterator[set[str]]:
    for party, head in after.items():
        for n in range(before.get(party, 0), head):
            yield touched.get((party, n), set())


def _group(found: Joint, chain_of: Chains) -> str:
    """Return the group that a unit counts in; empty where it is no part of the text."""
    if found.gone():
        return ""
    if found.status is Status.AGREED:
        agreed = (chain.contents.get(found.agreed or "") for chain in chain_of.values())
        if any(content is not None and content.deleted for content in agreed):
            return ""
    return _GROUP_OF[found.status]


_GROUP_OF: Final = {status: name for name, statuses in GROUPS.items() for status in statuses}


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
