"""Commitments between the two: promises kept, what is overdue, what waits for whom.

Only acts count, by both sides' marks; the calendar adds what is overdue at the instant of the
picture and changes nothing. Late is by the first due date, so that moving a date does not make a
promise kept in time. Source: agreements.md D2.6, D7 (reliability, responsiveness); spec 10.2.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Final

import attrs

from comity.coordination.commitment_views import Standing, standing
from comity.coordination.commitments import (
    BOTH,
    ENDS,
    PERFORMER,
    STEPS,
    Commitment,
    Status,
)
from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Chain, Deed
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref

#: What a commitment came to, the best first.
RESULTS: Final = (
    *(Status.KEPT, Status.KEPT_LATE, Status.PARTLY_KEPT, Status.NOT_KEPT),
    Status.RELEASED,
)
ALL: Final = frozenset(Status)
#: States in which something can still come of it.
GOING: Final = ALL - frozenset(ENDS)
#: Steps that brought a commitment to what it came to, and what the timeline calls the others.
CODES: Final[Mapping[str, str]] = {
    "propose": "promise_proposed",
    "accept": "promise_made",
    "decline": "promise_declined",
    "withdraw": "promise_withdrawn",
    "claim": "promise_claimed",
    "acknowledge": "promise_acknowledged",
    "dispute": "promise_disputed",
    "redate": "promise_redated",
    "release": "promise_released",
    "fail": "promise_not_kept",
    "recall": "promise_recalled",
}
_ANSWERS: Final[Mapping[str, frozenset[str]]] = {
    "propose": frozenset({"accept", "decline", "withdraw"}),
    "claim": frozenset({"acknowledge", "dispute", "release"}),
}


@attrs.frozen(kw_only=True)
class Promise:
    """One commitment as the picture shows it: its acts, its terms, how it stands."""

    chain: Chain[Commitment]
    one: Commitment
    seen: Standing
    since: Instant | None

    @property
    def made(self) -> bool:
        """Whether it was ever owed: somebody accepted it."""
        return self.one.opened is not None

    @property
    def evidence(self) -> tuple[Ref, ...]:
        """The acts behind it that counted."""
        idle = {(each.party, each.n) for each in self.chain.idle}
        return tuple(
            Ref(party=deed.party, n=deed.n)
            for deed in self.chain.deeds
            if (deed.party, deed.n) not in idle
        )

    def owed_by(self, party: str) -> bool:
        """Return whether ``party`` is to do it, alone or with the other."""
        return self.one.plays(party, PERFORMER)

    def waits_for(self, parties: Iterable[str]) -> tuple[str, ...]:
        """Return whose act comes next, while something can still come of it."""
        one = self.one
        if self.seen.status == "void":
            return ()
        if one.status is Status.PROPOSED:
            return tuple(party for party in parties if party != one.opener)
        alone = lone_word(one)
        if alone is not None:
            return tuple(party for party in parties if party not in one.asked[alone])
        if one.status is Status.CLAIMED:
            return tuple(party for party in parties if one.may_say(party, STEPS["acknowledge"]))
        if one.status is Status.DISPUTED:
            return tuple(parties)
        return tuple(party for party in parties if one.plays(party, PERFORMER))


#: Steps that both say before they count, the gravest first: what one alone has said is asked for.
_SECOND: Final = ("fail", "release", "acknowledge", "redate")


def lone_word(one: Commitment) -> str | None:
    """Return the step that one side alone has said of those that take both; None: there is none."""
    return next((step for step in _SECOND if len(one.asked.get(step, {})) == 1), None)


def over(picture: Picture, instrument: str) -> bool:
    """Return whether an instrument has ended: what stands on it is void."""
    view = picture.views.get(instrument)
    ends = None if view is None else view.ends_at
    return ends is not None and ends <= picture.shared.at


def promises(picture: Picture, *, only: Container[Status] = ALL) -> tuple[Promise, ...]:
    """Return the commitments whose acts brought them to some states, by id; all of them else."""
    shared = picture.shared
    chains = shared.coordination.commitments.chains
    made: list[Promise] = []
    found = ((name, chain.thing) for name, chain in chains.items())
    chosen = [(name, one) for name, one in found if one is not None and one.status in only]
    for name, one in sorted(chosen, key=itemgetter(0)):
        party, n = one.last
        since = shared.when(Ref(party=party, n=n))
        ended = over(picture, one.terms.instrument)
        seen = standing(one, at=shared.at, since=since, ended=ended)
        made.append(Promise(chain=chains[name], one=one, seen=seen, since=since))
    return tuple(made)


def delay_seconds(promise: Promise) -> int | None:
    """Return how late it was claimed as fulfilled after its first due date; None: no result yet."""
    one = promise.one
    if one.claim is None or one.status not in RESULTS[:3]:
        return None
    first = one.dates[0] if one.dates else one.due
    fulfilled = Instant.parse(one.claim.fulfilled)
    return max(0, fulfilled.seconds - Instant.parse(first.at).seconds)


def asked_and_answered(promise: Promise) -> Iterator[tuple[str, Deed, Deed | None]]:
    """Yield what asked the other side for an answer, and what answered it.

    Each is the kind of question, the act that asked, and the act that answered or None while it
    waits.
    """
    idle = {(each.party, each.n) for each in promise.chain.idle}
    deeds = [deed for deed in promise.chain.deeds if (deed.party, deed.n) not in idle]
    for at, deed in enumerate(deeds):
        answers = _ANSWERS.get(deed.step)
        if answers is None:
            continue
        later = (
            each
            for each in deeds[at + 1 :]
            if each.step in answers or each.data.get("of") == deed.step  # taken back
        )
        answered = next(later, None)
        if answered is None and promise.seen.status == "void":
            continue
        if answered is None or answered.party != deed.party:
            yield deed.step, deed, answered


def facts(promise: Promise) -> JsonObject:
    """Return what is said of a commitment beside its title."""
    return {
        "commitment": promise.one.id,
        "status": promise.seen.status,
        "performer": promise.one.terms.performer,
        "joint": BOTH in {promise.one.terms.performer, promise.one.terms.beneficiary},
        "due": promise.one.due.at,
    }
