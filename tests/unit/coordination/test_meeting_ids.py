"""Ids within a meeting: one is of one item, or of one outcome, for good. Source: spec 10.4."""

import itertools

from comity.coordination.fold import CoordinationState, fold_deeds, state_json
from unit.coordination.test_meetings import A, B, confirmed, in_session, named


def test_a_consent_on_its_way_counts_for_no_other_item_under_the_id_of_a_dropped_one() -> None:
    story = confirmed()
    story.item(A, 10)
    story.act(A, "drop", item=named(10))
    story.item(A, 10, "Harbour fees")
    assert story.idle == ["meetings.item_exists"]
    story.item(B, 10)
    assert story.idle[-1] == "meetings.item_exists", "nor does the other side use it"
    story.item(A, 11, "Harbour fees")
    story.act(B, "consent", item=named(10), lc=40)
    assert story.idle[-1] == "meetings.no_item"
    assert [(each.id, each.consented) for each in story.now().items] == [(named(11), False)]


def test_a_concurrence_on_its_way_counts_for_no_other_outcome_under_the_id_of_a_retracted_one() -> (
    None
):
    story = in_session()
    story.outcome(A, 20)
    story.act(A, "retract", outcome=named(20))
    story.outcome(A, 20, "commitment")
    assert story.idle == ["meetings.outcome_exists"]
    story.outcome(B, 20)
    assert story.idle[-1] == "meetings.outcome_exists", "nor does the other side use it"
    story.act(B, "concur", outcome=named(20), lc=40)
    assert (story.now().results, story.idle[-1]) == ((), "meetings.no_outcome")


def test_an_id_of_a_dropped_item_is_used_once_in_whatever_order_the_acts_arrive() -> None:
    story = confirmed()
    story.item(A, 10)
    story.act(A, "drop", item=named(10))
    story.item(B, 10)
    for order in itertools.permutations(story.deeds):
        state = CoordinationState()
        for deed in order:
            state = fold_deeds(state, [deed])
        assert state_json(state) == state_json(story.state)
