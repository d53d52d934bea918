"""Both machines at both ends: every state, sender and step, and messages that cross (spec 9.4)."""

from itertools import product

import attrs
import pytest

from comity.sharing.connectors import machine, openings
from comity.sharing.connectors.model import (
    REMEMBERED,
)
from comity.sharing.connectors.playbook import STEPS, Do
from comity.sharing.lifecycle import (
    NEGOTIATION_SENDS,
    NEGOTIATION_TAKES,
    TRANSFER_SENDS,
    Step,
)
from comity.sharing.model import Family, Role, State
from support.connectors import (
    ITEM,
    OFFER,
    acted,
    code_of,
    exchange,
    facts,
    said,
)
from support.sharing import AT

STATES = {
    Family.NEGOTIATION: (
        *(State.REQUESTED, State.OFFERED, State.ACCEPTED, State.AGREED, State.VERIFIED),
        *(State.FINALIZED, State.TERMINATED),
    ),
    Family.TRANSFER: (
        *(State.REQUESTED, State.STARTED, State.SUSPENDED, State.COMPLETED, State.TERMINATED),
    ),
}
SENDS = {Family.NEGOTIATION: NEGOTIATION_SENDS, Family.TRANSFER: TRANSFER_SENDS}
TAKES = {Family.NEGOTIATION: NEGOTIATION_TAKES, Family.TRANSFER: TRANSFER_SENDS}
EVERY_ACT = [
    (family, state, role, do)
    for family in Family
    for state, role, do in product(STATES[family], Role, STEPS)
]
EVERY_STEP = [
    (family, state, role, step)
    for family in Family
    for state, role, step in product(STATES[family], Role, Step)
]
ANSWERING = (Role.PROVIDER, Role.CONSUMER)


@pytest.mark.parametrize(("family", "state", "role", "do"), EVERY_ACT)
def test_we_send_what_the_table_lets_us_send_and_nothing_else(
    family: Family, state: State, role: Role, do: Do
) -> None:
    one = exchange(family, role, state)
    brings = SENDS[family].get((state, role, STEPS[do]))
    if brings is None:
        assert code_of(lambda: acted(one, do)) == "sharing.not_sendable"
        return
    moved = acted(one, do)
    message = moved.message
    assert message is not None
    assert (message.step, message.provider_pid, message.consumer_pid) == (
        STEPS[do],
        one.provider_pid,
        one.consumer_pid,
    )
    assert (moved.exchange.state, moved.exchange.pending) == (state, brings)
    there = machine.acknowledged(moved.exchange, sent=1, peer_pid=None, at=AT.plus(5))
    assert (there.state, there.pending, there.since) == (brings, None, AT.plus(5))


@pytest.mark.parametrize(("family", "state", "role", "step"), EVERY_STEP)
def test_we_take_what_the_table_lets_the_counterpart_send_and_nothing_else(
    family: Family, state: State, role: Role, step: Step
) -> None:
    one = exchange(family, role, state)
    message = said(one, step)
    brings = TAKES[family].get((state, role.other(), step))
    if brings is None:
        found = code_of(lambda: machine.received(one, message, facts=facts(role)))
        assert found == "dsp.out_of_order"
        return
    there = machine.received(one, message, facts=facts(role))
    assert (there.state, there.times(brings)) == (brings, 1 + one.times(brings))
    assert there.messages == ((message.id, message.sha256),)
    assert machine.repeated(there, message)


# --- ids --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ANSWERING)
@pytest.mark.parametrize("wrong", ["provider_pid", "consumer_pid"])
def test_a_message_about_another_process_is_not_taken_for_this_one(role: Role, wrong: str) -> None:
    one = exchange(Family.NEGOTIATION, role, State.REQUESTED)
    message = said(one, Step.TERMINATE, **{wrong: "other"})
    found = code_of(lambda: machine.received(one, message, facts=facts(role)))
    assert found == "dsp.pid_mismatch"


def test_the_counterparts_own_message_may_name_its_id_before_its_answer_does() -> None:
    one = exchange(Family.NEGOTIATION, Role.CONSUMER, State.REQUESTED, peer_pid=None, reached={})
    offered = machine.received(one, said(one, Step.OFFER), facts=facts(Role.CONSUMER))
    assert (offered.peer_pid, offered.state) == ("theirs", State.OFFERED)
    answered = machine.acknowledged(offered, sent=None, peer_pid="theirs", at=AT)
    assert (answered.state, answered.reached) == (
        State.OFFERED,
        {"REQUESTED": 1, "OFFERED": 1},
    )


def test_an_answer_that_changes_the_counterparts_id_is_not_believed() -> None:
    one = exchange(Family.TRANSFER, Role.CONSUMER, State.REQUESTED)
    told = code_of(lambda: machine.acknowledged(one, sent=None, peer_pid="new", at=AT))
    assert told == "dsp.pid_changed"


def test_nothing_can_be_said_in_a_process_that_the_counterpart_has_not_yet_named() -> None:
    one = exchange(Family.TRANSFER, Role.CONSUMER, State.REQUESTED, peer_pid=None)
    assert code_of(lambda: acted(one, Do.TERMINATE)) == "sharing.unanswered"


# --- repeated messages ------------------------------------------------------------------------


def test_the_same_message_again_moves_nothing_and_another_under_its_name_is_refused() -> None:
    one = exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED)
    message = said(one, Step.SUSPEND)
    there = machine.received(one, message, facts=facts(Role.PROVIDER))
    assert machine.repeated(there, message)
    assert not machine.repeated(there, said(one, Step.START))
    other = attrs.evolve(message, sha256="0" * 64)
    assert code_of(lambda: machine.repeated(there, other)) == "dsp.other_message"


def test_a_peer_that_names_no_message_may_suspend_twice_in_the_same_words() -> None:
    one = exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED)
    message = said(one, Step.SUSPEND, id="")
    there = machine.received(one, message, facts=facts(Role.PROVIDER))
    assert machine.repeated(there, message), "it cannot follow: it is the first one again"
    again = there.at_state(State.STARTED, AT)
    assert not machine.repeated(again, message), "it follows: it is a second one"


def test_so_many_messages_are_remembered_and_no_more() -> None:
    one = exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED)
    for number in range(REMEMBERED + 5):
        one = one.heard(str(number), str(number))
    assert len(one.messages) == REMEMBERED
    assert one.messages[-1] == (str(REMEMBERED + 4), str(REMEMBERED + 4))


# --- messages that cross, get lost, come late ---------------------------------------------------


@pytest.mark.parametrize("role", ANSWERING)
@pytest.mark.parametrize(
    ("state", "do"),
    [
        (State.STARTED, Do.COMPLETE),
        (State.STARTED, Do.SUSPEND),
        (State.STARTED, Do.TERMINATE),
        (State.SUSPENDED, Do.START),
    ],
)
def test_both_may_say_the_same_at_the_same_time(role: Role, state: State, do: Do) -> None:
    one = acted(exchange(Family.TRANSFER, role, state), do).exchange
    brings = one.pending
    there = machine.received(one, said(one, STEPS[do]), facts=facts(role))
    assert (there.state, there.pending, there.resumed) == (brings, None, False)
    assert machine.acknowledged(there, sent=1, peer_pid=None, at=AT) == there


def test_what_crosses_and_says_something_else_is_refused() -> None:
    one = acted(exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED), Do.SUSPEND).exchange
    for step in (Step.COMPLETE, Step.REQUEST):
        message = said(one, step)
        found = code_of(
            lambda message=message: machine.received(one, message, facts=facts(Role.PROVIDER))  # type: ignore[misc]  # bound now
        )
        assert found == "dsp.out_of_order"


def test_what_the_counterpart_did_on_our_message_shows_that_it_was_taken() -> None:
    one = acted(exchange(Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED), Do.OFFER).exchange
    there = machine.received(one, said(one, Step.ACCEPT), facts=facts(Role.PROVIDER))
    agreeing = acted(there, Do.AGREE).exchange
    late = machine.acknowledged(agreeing, sent=1, peer_pid=None, at=AT)
    assert (late.state, late.pending) == (State.ACCEPTED, State.AGREED), "not agreed yet"
    assert there.times(State.OFFERED) == 1, "it was offered, although the answer never came"
    assert machine.again(there, sent=1, step=Step.OFFER) is None, "not sent again"


def test_an_end_by_the_counterpart_does_not_show_that_ours_was_taken() -> None:
    one = acted(exchange(Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED), Do.OFFER).exchange
    ended = machine.received(one, said(one, Step.TERMINATE), facts=facts(Role.PROVIDER))
    assert (ended.state, ended.times(State.OFFERED)) == (State.TERMINATED, 0)


def test_the_answer_to_an_offer_is_not_taken_for_that_to_the_next_offer() -> None:
    first = acted(exchange(Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED), Do.OFFER).exchange
    there = machine.received(
        first, said(first, Step.REQUEST, offer=OFFER), facts=facts(Role.PROVIDER)
    )
    second = acted(there, Do.OFFER).exchange
    assert machine.acknowledged(second, sent=1, peer_pid=None, at=AT) == second
    assert machine.withheld(second, sent=1) == second
    assert machine.again(second, sent=1, step=Step.OFFER) is None
    waiting = machine.withheld(second, sent=2)
    assert machine.overtaken(waiting, sent=1) == waiting, "the second is still to be sent"


def test_a_message_that_was_not_taken_is_sent_again_and_proves_nothing_meanwhile() -> None:
    one = acted(exchange(Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED), Do.AGREE).exchange
    waiting = machine.withheld(one, sent=1)
    assert (waiting.pending, waiting.withheld) == (None, True)
    verify = said(waiting, Step.VERIFY)
    found = code_of(lambda: machine.received(waiting, verify, facts=facts(Role.PROVIDER)))
    assert found == "dsp.out_of_order"
    assert code_of(lambda: acted(waiting, Do.AGREE)) == "connectors.busy"
    sent = machine.again(waiting, sent=1, step=Step.AGREE)
    assert sent is not None
    assert (sent.pending, sent.withheld) == (State.AGREED, False)
    assert machine.again(sent, sent=1, step=Step.AGREE) == sent
    assert machine.withheld(sent, sent=0) == sent, "another message's answer"


def test_a_message_that_can_no_longer_be_said_is_given_up() -> None:
    one = acted(exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED), Do.SUSPEND).exchange
    waiting = machine.withheld(one, sent=1)
    there = machine.received(waiting, said(one, Step.SUSPEND), facts=facts(Role.PROVIDER))
    assert machine.again(there, sent=1, step=Step.SUSPEND) is None
    assert not machine.overtaken(there, sent=1).withheld


def test_an_end_takes_the_place_of_what_is_on_its_way_and_is_said_once() -> None:
    one = acted(exchange(Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED), Do.AGREE).exchange
    assert code_of(lambda: acted(one, Do.AGREE)) == "connectors.busy"
    ending = acted(one, Do.TERMINATE).exchange
    assert ending.pending is State.TERMINATED
    assert code_of(lambda: acted(ending, Do.TERMINATE)) == "connectors.busy"
    late = machine.acknowledged(ending, sent=1, peer_pid=None, at=AT)
    assert late == ending


def test_an_opening_that_was_taken_is_where_the_process_begins() -> None:
    moved = openings.ask(OFFER, item=ITEM, facts=facts(Role.CONSUMER))
    assert moved.exchange.reached == {}
    there = machine.acknowledged(moved.exchange, sent=None, peer_pid="theirs", at=AT.plus(1))
    assert (there.peer_pid, there.reached, there.since) == (
        "theirs",
        {"REQUESTED": 1},
        AT.plus(1),
    )


@pytest.mark.parametrize("code", ["409", "", "\u202e"])
def test_a_process_that_was_rejected_for_good_is_over_with_the_reason(code: str) -> None:
    one = acted(exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED), Do.SUSPEND).exchange
    ended = machine.over(one, code=code, reason="No.\nNever.", at=AT)
    assert (ended.state, ended.pending, ended.withheld) == (State.TERMINATED, None, False)
    assert (ended.code, ended.reason) == (code.strip("\u202e") or "none_given", "No. Never.")
