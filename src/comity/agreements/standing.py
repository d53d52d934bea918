"""How far an instrument has come by acts alone: tabled, clean, adopted, initialled.

What needs a clock or a cosignature (windows, force, terms) is not here: ``admission`` asks this
module what the author of an act could know, ``views`` adds the rest. Source: agreements.md D2.1;
spec 5.5.
"""

from collections.abc import Iterator, Mapping

import attrs

from comity.agreements import events
from comity.agreements.chains import Chains, Heads, LifeAct, Opening, acts_of
from comity.agreements.lifecycle import Event
from comity.agreements.negotiation import NoEffect
from comity.agreements.signing import Signer
from comity.agreements.texts import Text


@attrs.frozen(kw_only=True)
class Standing:
    """How far an instrument has come at a pair of heads.

    Attributes:
        steps: The events that led there, for ``lifecycle.walk``.
        adopted: Who adopted the text, by party, where that counts.
        initialled: Who initialled it, by party, where that counts.
        no_effects: Adoptions and initials that do not count.
        reopened: How often the whole instrument was reopened.
    """

    steps: tuple[Event, ...]
    adopted: Mapping[str, tuple[Signer, ...]]
    initialled: Mapping[str, tuple[Signer, ...]]
    no_effects: tuple[NoEffect, ...]
    reopened: int


def standing_at(
    chains: Chains, opening: Opening, *, proposer: str, heads: Heads | None, text: Text | None
) -> Standing:
    """Return how far an instrument has come.

    Args:
        chains: The chains of both parties.
        opening: What the instrument is.
        proposer: The party that opened it.
        heads: Up to where acts count; None for all.
        text: The text at these heads; None where only the beginning matters.
    """
    wanted = None if text is None else text.digest
    adopted, adoptions = _statements(chains, heads, kind=events.ADOPT, text=wanted)
    initialled, initials = _statements(chains, heads, kind=events.INITIAL, text=wanted)
    other = next(party for party in opening.parties if party != proposer)
    answers = [
        act for act in acts_of(chains, heads, events.TALK, events.TABLE) if act.place.party == other
    ]
    steps = [Event.TABLED]
    if _taken_back(chains, heads, proposer=proposer, answers=answers):
        steps.append(Event.ABANDONED)
    else:
        reached = {
            Event.ANSWERED: bool(answers),
            Event.CLEANED: wanted is not None,
            Event.ADOPTED: len(adopted) == 2,
            Event.INITIALLED: len(initialled) == 2,
        }
        for event, holds in reached.items():
            if not holds:
                break
            steps.append(event)
        if _given_up(chains, heads, parties=opening.parties):
            steps.append(Event.ABANDONED)
    return Standing(
        steps=tuple(steps),
        adopted=adopted,
        initialled=initialled,
        no_effects=(*adoptions, *initials),
        reopened=len(acts_of(chains, heads, events.REOPEN)),
    )


def _statements(
    chains: Chains, heads: Heads | None, *, kind: str, text: str | None
) -> tuple[Mapping[str, tuple[Signer, ...]], tuple[NoEffect, ...]]:
    """Return who adopted (or initialled), by party, and which such acts do not count.

    An act counts while its text is the clean text and nobody has tabled or reopened since: the
    other party unseen by its author, or its own party later. Source: spec 5.5.4.
    """
    made: dict[str, tuple[Signer, ...]] = {}
    idle: list[NoEffect] = []
    later = acts_of(chains, heads, events.TABLE, events.REOPEN)
    for act in acts_of(chains, heads, kind):
        reason = _statement_broken(act, later, text=text)
        party = act.place.party
        if reason is None:
            made[party] = (*made.get(party, ()), *act.signers)
        else:
            idle.append(
                NoEffect(
                    party=party,
                    n=act.place.n,
                    unit=None,
                    what=kind,
                    reason=reason,
                    message=f"{kind} by {party} does not count: {_WHY[reason]}",
                )
            )
    return made, tuple(idle)


def _statement_broken(act: LifeAct, later: tuple[LifeAct, ...], *, text: str | None) -> str | None:
    if any(not act.place.knew(each.place) for each in later):
        return "superseded"
    return None if act.ref == text else "text"


_WHY = {
    "superseded": "a tabling or reopening came that its author had not seen.",
    "text": "it names another text than the clean one.",
}


def _taken_back(
    chains: Chains, heads: Heads | None, *, proposer: str, answers: list[LifeAct]
) -> bool:
    """Return whether the proposer gave up its proposal before it had seen any answer."""
    return any(
        act.place.party == proposer and not any(act.place.knew(each.place) for each in answers)
        for act in acts_of(chains, heads, events.ABANDON)
    )


def _given_up(chains: Chains, heads: Heads | None, *, parties: tuple[str, str]) -> bool:
    """Return whether both parties gave up, neither having tabled or reopened afterwards."""
    return all(_has_given_up(chains, heads, party=party) for party in parties)


def _has_given_up(chains: Chains, heads: Heads | None, *, party: str) -> bool:
    last = list(_own_turns(chains, heads, party=party))[-1:]
    return [act.kind for act in last] == [events.ABANDON]


def _own_turns(chains: Chains, heads: Heads | None, *, party: str) -> Iterator[LifeAct]:
    for act in acts_of(chains, heads, events.TABLE, events.REOPEN, events.ABANDON):
        if act.place.party == party:
            yield act
