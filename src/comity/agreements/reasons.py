"""Why an instrument stands as it does: the rows of the lifecycle table and the acts behind them.

``views`` computes the state; this module names what decided it, so that a person can look it up:
each reason has the event of the table, the acts of the record that brought it, the article where
the text's own clause counted, and the instant where a date did. Source: agreements.md D2.1, D6.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs

from comity.agreements import clauses, events
from comity.agreements.attempts import Attempt, Outcome
from comity.agreements.chains import (
    AgreementsState,
    Chains,
    LifeAct,
    acts_of,
    chains_of,
    opening_of,
)
from comity.agreements.events import Place
from comity.agreements.lifecycle import Event, State
from comity.agreements.model import label_path
from comity.agreements.views import InstrumentView
from comity.foundation.instants import Instant


@attrs.frozen(kw_only=True)
class Reason:
    """One thing that made the state what it is.

    Attributes:
        event: The event of the lifecycle table.
        places: The acts that brought it, in the order of their authors' logs.
        article: How people name the article that says so; empty where the table alone does.
        at: When it happened or will, where the record computes a time.
        units: The units it is about, where it is not the whole.
    """

    event: Event
    places: tuple[Place, ...] = ()
    article: str = ""
    at: Instant | None = None
    units: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class _Case:
    """An instrument with all that reasons are read off."""

    opened: Place
    chains: Chains
    shown: InstrumentView

    def acts(self, *kinds: str) -> tuple[LifeAct, ...]:
        return acts_of(self.chains, None, *kinds)

    def newest(self, *kinds: str) -> tuple[Place, ...]:
        """Return the acts of these kinds that no later act of these kinds had seen."""
        found = [act.place for act in self.acts(*kinds)]
        return tuple(one for one in found if not any(other.knew(one) for other in found))

    def last(self, *kinds: str) -> tuple[Place, ...]:
        """Return each party's last act of these kinds."""
        found = {act.place.party: act.place for act in self.acts(*kinds)}
        return tuple(found.values())

    def article(self, field: str) -> str:
        """Return how people name the unit that states a field; empty where none does."""
        found = clauses.one_field(self.shown.contents, field)
        return "" if found is None else label_path(self.shown.contents, found[0])


def reasons_of(state: AgreementsState, shown: InstrumentView) -> tuple[Reason, ...]:
    """Return why an instrument stands as ``shown``, what came last at the end.

    Raises:
        MisuseError: ``agreements.unknown_instrument``.
    """
    chains = chains_of(state, shown.instrument)
    opened = opening_of(chains, None)
    assert opened is not None  # or ``shown`` could not have been computed
    case = _Case(opened=opened[0], chains=chains, shown=shown)
    return tuple(_READERS[shown.status](case))


def _tabled(case: _Case) -> Iterator[Reason]:
    yield Reason(event=Event.TABLED, places=(case.opened,))


def _negotiating(case: _Case) -> Iterator[Reason]:
    answers = [
        act.place
        for act in case.acts(events.TALK, events.TABLE)
        if act.place.party != case.opened.party
    ]
    yield Reason(event=Event.ANSWERED, places=tuple(answers[:1]))
    if case.shown.reopened:
        yield Reason(event=Event.REOPENED, places=case.newest(events.REOPEN))
    waiting = tuple(unit.id for unit in case.shown.units if unit.turn)
    yield Reason(event=Event.UNCLEANED, places=case.newest(events.TABLE), units=waiting)


def _clean(case: _Case) -> Iterator[Reason]:
    yield Reason(event=Event.CLEANED, places=case.newest(events.TABLE))


def _stated(case: _Case, kind: str) -> tuple[Place, ...]:
    """Return the adoptions or initials of the clean text, each party's last."""
    last = {
        act.place.party: act.place for act in case.acts(kind) if act.ref == case.shown.text_digest
    }
    return tuple(last[party] for party in sorted(last))


def _adopted(case: _Case) -> Iterator[Reason]:
    yield Reason(event=Event.ADOPTED, places=_stated(case, events.ADOPT))


def _initialled(case: _Case) -> Iterator[Reason]:
    yield Reason(event=Event.INITIALLED, places=_stated(case, events.INITIAL))
    for attempt in case.shown.attempts[-1:]:
        if attempt.outcome in {Outcome.VOID, Outcome.LAPSED}:
            places = (attempt.opened,)
            yield Reason(event=Event.VOID, places=places, at=attempt.manifest.closes)
        elif attempt.outcome in {Outcome.REVOKED, Outcome.CONTESTED}:
            yield Reason(event=Event.REVOKED, places=case.newest(events.REVOKE))


def _of_attempt(case: _Case, attempt: Attempt, *kinds: str) -> tuple[Place, ...]:
    return tuple(act.place for act in case.acts(*kinds) if act.ref == attempt.manifest.digest)


def _signing(case: _Case) -> Iterator[Reason]:
    for attempt in case.shown.attempts:
        if attempt.outcome is Outcome.SIGNING:
            places = _of_attempt(case, attempt, events.OPEN, events.READY)
            yield Reason(event=Event.READY, places=places, at=attempt.manifest.closes)


def _signed(case: _Case) -> Iterator[Reason]:
    for attempt in case.shown.attempts:
        if attempt.signed_at is not None and attempt.signed_at == case.shown.signed_at:
            places = _of_attempt(case, attempt, events.SIGN)
            yield Reason(event=Event.SIGNED, places=places, at=case.shown.signed_at)


def _awaiting(case: _Case) -> Iterator[Reason]:
    yield from _signed(case)
    at = case.shown.in_force_at
    yield Reason(event=Event.ENTRY_CONDITIONS, article=case.article("entry"), at=at)


def _in_force(case: _Case) -> Iterator[Reason]:
    yield from _signed(case)
    at = case.shown.in_force_at
    yield Reason(event=Event.ENTERED, article=case.article("entry"), at=at)
    lifted = case.last(events.RESUME)
    if lifted and not case.shown.suspensions:
        yield Reason(event=Event.RESUMED, places=lifted)
    yield from _suspended_by(case)


def _suspended(case: _Case) -> Iterator[Reason]:
    yield from _in_force(case)


def _suspended_by(case: _Case) -> Iterator[Reason]:
    acts = case.acts(events.SUSPEND)
    for one in case.shown.suspensions:
        places = tuple(
            act.place for act in acts if (act.ref, act.place.party) == (one.digest, one.party)
        )
        holds = case.shown.suspended_units if one.units else case.shown.suspended
        yield Reason(
            event=Event.SUSPENDED if holds else Event.RESUMED,  # its own end came
            places=places[-1:],
            article=one.article,
            at=one.until,
            units=one.units,
        )


def _expired(case: _Case) -> Iterator[Reason]:
    yield from _signed(case)
    yield Reason(event=Event.TERM_OVER, article=case.article("term"), at=case.shown.ends_at)


def _abandoned(case: _Case) -> Iterator[Reason]:
    yield Reason(event=Event.ABANDONED, places=case.last(events.ABANDON))


def _later(case: _Case) -> Iterator[Reason]:
    """Yield nothing: no act of this rule set leads to this state."""
    del case
    return iter(())


_READERS: Final[Mapping[State, Callable[[_Case], Iterator[Reason]]]] = {
    **dict.fromkeys(State, _later),
    State.TABLED: _tabled,
    State.NEGOTIATING: _negotiating,
    State.CLEAN: _clean,
    State.AGREED_AD_REF: _adopted,
    State.INITIALLED: _initialled,
    State.SIGNING: _signing,
    State.SIGNED: _signed,
    State.AWAITING_ENTRY: _awaiting,
    State.IN_FORCE: _in_force,
    State.SUSPENDED: _suspended,
    State.EXPIRED: _expired,
    State.ABANDONED: _abandoned,
}
