"""What a user loses if this breaks: an agreement that moves where no rule moves it."""

from itertools import product

import pytest

from comity.agreements import events
from comity.agreements.lifecycle import (
    ALLOWED,
    ROWS,
    TRANSITIONS,
    Event,
    State,
    advance,
    check_allowed,
    walk,
)
from comity.foundation.errors import RefusedError

ENDS = {State.TERMINATED, State.EXPIRED, State.SUPERSEDED, State.ABANDONED, State.LAPSED}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_only_the_table_moves_an_agreement(state: State, event: Event) -> None:
    targets = [row.target for row in ROWS if (row.source, row.event) == (state, event)]
    assert len(targets) <= 1
    if targets:
        assert advance(state, event) is targets[0]
        return
    with pytest.raises(RefusedError) as caught:
        advance(state, event)
    assert caught.value.code == "agreements.out_of_order"
    assert all(str(allowed) in caught.value.message for allowed in TRANSITIONS[state])


def test_every_state_is_reached_and_only_ends_have_no_way_on() -> None:
    assert {row.target for row in ROWS} | {State.IDEA} == set(State)
    assert {state for state in State if not TRANSITIONS[state]} == ENDS


def test_what_comes_later_is_marked_and_what_is_built_connects() -> None:
    reached, before = {State.DRAFTING}, set[State]()
    while reached != before:
        before = set(reached)
        reached |= {row.target for row in ROWS if not row.later and row.source in reached}
    built = {row.source for row in ROWS if not row.later}
    assert built <= reached
    assert set(State) - reached == {
        State.IDEA,
        State.MANDATED,
        State.PROVISIONAL,
        State.ENDING,
        State.TERMINATED,
        State.SUPERSEDED,
        State.LAPSED,
    }


def test_a_walk_is_the_story_from_draft_to_expiry() -> None:
    steps = (
        *(Event.TABLED, Event.ANSWERED, Event.CLEANED, Event.ADOPTED, Event.INITIALLED),
        *(Event.READY, Event.VOID, Event.READY, Event.SIGNED, Event.ENTRY_CONDITIONS),
        *(Event.ENTERED, Event.SUSPENDED, Event.RESUMED, Event.TERM_OVER),
    )
    assert walk(steps) is State.EXPIRED


@pytest.mark.parametrize(("kind", "state"), list(product(ALLOWED, State)))
def test_each_act_has_its_moments(kind: str, state: State) -> None:
    if state in ALLOWED[kind]:
        check_allowed(kind, state)
        return
    with pytest.raises(RefusedError) as caught:
        check_allowed(kind, state)
    assert caught.value.code == "agreements.not_now"
    hinted = "Reopen it first" in caught.value.message
    assert hinted == (kind == events.TABLE and state in ALLOWED[events.REOPEN])


def test_every_act_of_the_room_has_its_moments() -> None:
    assert set(ALLOWED) == set(events.MEMBERS)
