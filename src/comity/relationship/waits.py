"""How long each side let the other wait for an answer: from acts alone, by both sides' marks.

A tabling asks for an answer: the other side's next tabling, adoption, reopening or giving up that
had seen it. Several tablings before one answer are one wait, from the first of them. A proposed
signing window asks for "ready" or another act on a window; a proposed commitment for an answer, a
claim for what it comes to. What nobody answered waits until now, as long as it still asks that
side. Source: agreements.md D7 (responsiveness).
"""

from collections.abc import Iterator
from typing import Final

import attrs

from comity.agreements import events
from comity.agreements.attempts import Outcome
from comity.agreements.views import InstrumentView
from comity.relationship.model import Entry, Picture, Ref
from comity.relationship.order import life_entries
from comity.relationship.promises import asked_and_answered, promises

_ANSWERS: Final = {
    events.TABLE: frozenset({events.TABLE, events.ADOPT, events.REOPEN, events.ABANDON}),
    events.OPEN: frozenset({events.READY, events.OPEN, events.REVOKE, events.REOPEN}),
}


@attrs.frozen(kw_only=True)
class Wait:
    """One thing that waited for an answer.

    Attributes:
        instrument: On which instrument.
        party: Who was to answer.
        kind: The kind of act that asked.
        asked: The act that asked.
        answered: The act that answered; None while it still waits.
        seconds: How long it waited, or waits until now.
    """

    instrument: str
    party: str
    kind: str
    asked: Ref
    answered: Ref | None
    seconds: int


def waits(picture: Picture) -> tuple[Wait, ...]:
    """Return everything that waited for an answer, answered or not, in the order of the logs."""
    texts = (
        each
        for seen in picture.views.values()
        for party in picture.shared.parties
        for kind in _ANSWERS
        for each in _of(picture, seen, party=party, kind=kind)
    )
    return (*texts, *_of_promises(picture))


def _of_promises(picture: Picture) -> Iterator[Wait]:
    """Yield what commitments asked: an answer to a proposal, an acknowledgement of a claim."""
    shared = picture.shared
    for promise in promises(picture):
        for step, asked, answered in asked_and_answered(promise):
            ref = Ref(party=asked.party, n=asked.n)
            done = None if answered is None else Ref(party=answered.party, n=answered.n)
            start, end = shared.when(ref), shared.at if done is None else shared.when(done)
            if start is not None and end is not None:
                yield Wait(
                    instrument=promise.one.terms.instrument,
                    party=shared.other(asked.party),
                    kind=f"commitment.{step}",
                    asked=ref,
                    answered=done,
                    seconds=max(0, end.seconds - start.seconds),
                )


def _of(picture: Picture, seen: InstrumentView, *, party: str, kind: str) -> Iterator[Wait]:
    """Yield what waited for ``party`` on one instrument."""
    shared = picture.shared
    acts = life_entries(shared, seen.instrument)
    last: Ref | None = None
    for asked in acts:
        if asked.party == party or asked.kind != kind:
            continue
        answer = _answer(acts, asked, party=party)
        if answer is None and not _asks(seen, party, kind=kind):
            continue
        if last is not None and answer == last:
            continue
        start = shared.when(asked.ref)
        end = shared.at if answer is None else shared.when(answer)
        if start is None or end is None:
            continue
        yield Wait(
            instrument=seen.instrument,
            party=party,
            kind=kind,
            asked=asked.ref,
            answered=answer,
            seconds=max(0, end.seconds - start.seconds),
        )
        if answer is None:
            return
        last = answer


def _answer(acts: tuple[Entry, ...], asked: Entry, *, party: str) -> Ref | None:
    kinds = _ANSWERS[asked.kind]
    return next(
        (
            each.ref
            for each in acts
            if each.party == party and each.kind in kinds and each.seen > asked.n
        ),
        None,
    )


def _asks(seen: InstrumentView, party: str, *, kind: str) -> bool:
    """Return whether the instrument still asks ``party`` for an answer to acts of a kind."""
    if kind == events.OPEN:
        return any(
            each.outcome is Outcome.PROPOSED and party not in each.ready for each in seen.attempts
        )
    if str(seen.status) == "clean":
        return party not in seen.adopted
    return str(seen.status) in {"tabled", "negotiating"} and any(
        party in unit.turn for unit in seen.units
    )
