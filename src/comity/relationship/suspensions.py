"""Suspensions with their beginning and their end, lifted ones among them.

``agreements.suspensions`` says what stands now; the head of a programme also asks how often and for
how long. The rule on which suspension counts is the same: the clause of the signed text.
Source: agreements.md D7 (conduct); spec 5.7.3.
"""

from collections.abc import Iterator

import attrs

from comity.agreements import events
from comity.agreements.chains import Chains, LifeAct, acts_of
from comity.agreements.clauses import suspension_of
from comity.agreements.signing import ResumptionDocument, SuspensionDocument
from comity.agreements.suspensions import allowed_scope
from comity.agreements.views import InstrumentView
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref, Shared


@attrs.frozen(kw_only=True)
class Span:
    """One suspension that counted.

    Attributes:
        instrument: Of which instrument.
        party: Who suspended.
        act: The act.
        units: What was suspended; nothing means the whole.
        began: When it was cosigned.
        until: Its own end, if it states one.
        ended: When it ended, if it has.
        lifted: The resumption that completed its end, where that ended it.
    """

    instrument: str
    party: str
    act: Ref
    units: tuple[str, ...]
    began: Instant
    until: Instant | None
    ended: Instant | None
    lifted: Ref | None

    def seconds(self, at: Instant) -> int:
        """Return how long it lasted, or has lasted until ``at``."""
        end = at if self.ended is None else self.ended
        return max(0, end.seconds - self.began.seconds)


def spans(picture: Picture) -> tuple[Span, ...]:
    """Return every suspension that counted, by instrument and party."""
    return tuple(
        each for seen in picture.views.values() for each in _of_instrument(picture.shared, seen)
    )


def _of_instrument(shared: Shared, seen: InstrumentView) -> Iterator[Span]:
    clause = suspension_of(seen.contents) if seen.in_force_at is not None else None
    if clause is None:
        return
    _, by, scope = clause
    chains = shared.agreements.instruments[seen.instrument]
    made = [
        (act, act.document)
        for act in acts_of(chains, None, events.SUSPEND)
        if isinstance(act.document, SuspensionDocument)
        and act.document.text == seen.text_digest
        and allowed_scope(act.document, scope)
    ]
    for act, document in made:
        agreed = any(
            other.party != document.party
            and (other.units, other.until) == (document.units, document.until)
            for _, other in made
        )
        began = shared.when(_ref(act))
        if began is not None and (by == "either" or agreed):
            yield _span(shared, chains, act, document=document, began=began)


def _span(
    shared: Shared,
    chains: Chains,
    act: LifeAct,
    *,
    document: SuspensionDocument,
    began: Instant,
) -> Span:
    lifted = _lifted(shared, chains, act)
    ended = None if lifted is None else shared.when(lifted)
    own = document.until
    if own is not None and own <= shared.at and (ended is None or own < ended):
        ended, lifted = own, None
    return Span(
        instrument=document.instrument,
        party=document.party,
        act=_ref(act),
        units=document.units,
        began=began,
        until=own,
        ended=ended,
        lifted=lifted,
    )


def _lifted(shared: Shared, chains: Chains, act: LifeAct) -> Ref | None:
    """Return the later of both parties' first resumptions that knew the suspension."""
    first: dict[str, Ref] = {}
    for each in acts_of(chains, None, events.RESUME):
        document = each.document
        if (
            isinstance(document, ResumptionDocument)
            and document.suspension == act.ref
            and each.place.knew(act.place)
        ):
            first.setdefault(each.place.party, _ref(each))
    times = {ref: shared.when(ref) for ref in first.values()}
    known = {ref: time for ref, time in times.items() if time is not None}
    return max(known, key=lambda ref: (known[ref], ref)) if len(known) == 2 else None


def _ref(act: LifeAct) -> Ref:
    return Ref(party=act.place.party, n=act.place.n)
