"""Addresses, tokens and rulings of registered connectors' processes (spec 9.4, 9.8)."""

import attrs
import pytest

from comity.agreements.mandates import Permitted
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.sharing.connectors import doors, machine, openings, rulings
from comity.sharing.connectors.intake import announced
from comity.sharing.connectors.model import (
    ENDS,
    PULL,
    PUSH,
    Address,
    Exchange,
)
from comity.sharing.connectors.playbook import Do, Rule, choose
from comity.sharing.connectors.waits import Whose, wait_of
from comity.sharing.lifecycle import (
    Step,
)
from comity.sharing.model import Family, Role, State
from support.connectors import (
    BASE,
    FRAMEWORK,
    IDS,
    ITEM,
    TOKEN,
    C,
    P,
    acted,
    code_of,
    counterpart,
    exchange,
    facts,
    said,
)
from support.sharing import AT

D = f"sha-256=:{'A' * 43}=:"

# --- data -------------------------------------------------------------------------------------


def test_a_start_hands_over_an_address_that_its_token_alone_opens_for_a_while() -> None:
    one = exchange(Family.TRANSFER, Role.PROVIDER, State.REQUESTED)
    moved = acted(one, Do.START)
    assert moved.message is not None
    address = moved.message.address
    assert address is not None
    assert address.endpoint == f"{BASE[P]}/data/ours"
    token = str(address.authorization)
    started = moved.exchange
    doors.check_data_token(token, exchange=started, at=AT)
    for given, when, at in (
        ("B" * 43, started, AT),
        (token, started, AT.plus(900)),
        (token, attrs.evolve(started, contract="contract-2"), AT),
        (token, attrs.evolve(started, pending=State.SUSPENDED), AT),
        (token, started.at_state(State.SUSPENDED, AT), AT),
        (token, one, AT),
        ("", one, AT),
    ):
        with pytest.raises(RefusedError, match="opens nothing"):
            doors.check_data_token(given, exchange=when, at=at)


def test_a_start_of_a_push_hands_over_nothing() -> None:
    moved = acted(exchange(Family.TRANSFER, Role.PROVIDER, State.REQUESTED, format=PUSH), Do.START)
    assert moved.message is not None
    assert (moved.message.address, moved.exchange.token_digest) == (None, None)
    resumed = exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED, format=PUSH, resumed=True)
    again = machine.acknowledged(acted(resumed, Do.START).exchange, sent=1, peer_pid=None, at=AT)
    assert code_of(lambda: acted(again, Do.START)) == "sharing.not_sendable", "once, and no more"


def test_a_consumer_that_resumed_gets_a_fresh_address_once() -> None:
    provider = exchange(Family.TRANSFER, Role.PROVIDER, State.SUSPENDED)
    resumed = machine.received(provider, said(provider, Step.START), facts=facts(Role.PROVIDER))
    assert (resumed.state, resumed.resumed) == (State.STARTED, True)
    fresh = acted(resumed, Do.START, person=False)
    assert fresh.message is not None
    assert fresh.message.address is not None
    assert not fresh.exchange.resumed
    there = machine.acknowledged(fresh.exchange, sent=1, peer_pid=None, at=AT)
    assert (there.pending, there.times(State.STARTED)) == (None, 1), "no state is reached by it"
    assert code_of(lambda: acted(there, Do.START)) == "sharing.not_sendable"

    consumer = acted(exchange(Family.TRANSFER, Role.CONSUMER, State.SUSPENDED), Do.START).exchange
    waiting = machine.acknowledged(consumer, sent=1, peer_pid=None, at=AT)
    assert (waiting.state, waiting.resumed, waiting.times(State.STARTED)) == (
        State.STARTED,
        True,
        1,
    )
    told = said(waiting, Step.START, address=fresh.message.address)
    got = machine.received(waiting, told, facts=facts(Role.CONSUMER))
    assert (got.address, got.resumed, got.times(State.STARTED)) == (fresh.message.address, False, 1)
    second = said(got, Step.START, id="second")
    found = code_of(lambda: machine.received(got, second, facts=facts(Role.CONSUMER)))
    assert found == "dsp.out_of_order"


def test_a_start_without_an_address_keeps_the_one_there_was() -> None:
    one = exchange(Family.TRANSFER, Role.CONSUMER, State.SUSPENDED)
    there = machine.received(one, said(one, Step.START), facts=facts(Role.CONSUMER))
    assert there.address == one.address


def asked_to_push() -> tuple[Exchange, str]:
    """Return a transfer of ours that asked for a push, taken by its provider, and its token."""
    told = facts(Role.CONSUMER)
    assert told.contract is not None
    moved = openings.ask_for_data(told.contract, way=PUSH, facts=told)
    assert moved.message is not None
    assert moved.message.address is not None
    there = machine.acknowledged(moved.exchange, sent=None, peer_pid="theirs", at=AT)
    return there, str(moved.message.address.authorization)


def opens(token: str, one: Exchange, at: Instant = AT) -> bool:
    try:
        doors.check_data_token(token, exchange=one, at=at)
    except RefusedError:
        return False
    return True


def test_the_token_of_a_push_takes_data_in_from_the_start_on_for_a_while() -> None:
    one, token = asked_to_push()
    assert not opens(token, one), "nothing before the provider's start"
    late = AT.plus(86_400)
    started = machine.received(one, said(one, Step.START), facts=facts(Role.CONSUMER, at=late))
    assert opens(token, started, late)
    assert opens(token, started, late.plus(899))
    assert not opens(token, started, late.plus(900))
    assert not opens("B" * 43, started, late)
    for other in (
        attrs.evolve(started, pid="another"),
        attrs.evolve(started, counterpart="another"),
        attrs.evolve(started, contract="contract-2"),
    ):
        assert not opens(token, other, late)


def test_what_takes_a_push_in_is_dead_after_a_suspension_whoever_goes_on() -> None:
    one, token = asked_to_push()
    told = facts(Role.CONSUMER)
    started = machine.received(one, said(one, Step.START), facts=told)
    held = machine.received(started, said(started, Step.SUSPEND), facts=told)
    theirs = machine.received(held, said(held, Step.START, id="again"), facts=told)
    assert (theirs.state, opens(token, theirs)) == (State.STARTED, False)
    ours = acted(held, Do.START, chance=lambda: bytes(range(32)))
    assert ours.message is not None
    assert ours.message.address is not None
    fresh = str(ours.message.address.authorization)
    assert ours.message.address.endpoint == f"{BASE[C]}/intake/{one.pid}"
    there = machine.acknowledged(ours.exchange, sent=1, peer_pid=None, at=AT.plus(500))
    assert not opens(token, there)
    assert opens(fresh, there, AT.plus(1_399))
    for step in (Step.SUSPEND, Step.COMPLETE, Step.TERMINATE):
        assert not opens(fresh, machine.received(there, said(there, step), facts=told))
    paused = acted(there, Do.SUSPEND).exchange
    assert not opens(fresh, paused), "shut when we say so, not when they have heard it"


def test_a_provider_pushes_to_the_fresh_address_of_a_consumer_that_resumed() -> None:
    old = Address(endpoint=f"{BASE[C]}/intake/1", authorization=TOKEN)
    one = exchange(Family.TRANSFER, Role.PROVIDER, State.SUSPENDED, format=PUSH, address=old)
    new = Address(endpoint=f"{BASE[C]}/intake/1", authorization="B" * 43)
    told = said(one, Step.START, address=new)
    there = machine.received(one, told, facts=facts(Role.PROVIDER))
    assert (there.state, there.address, there.resumed) == (State.STARTED, new, False)
    away = said(one, Step.START, address=Address(endpoint="https://x.example/"))
    found = code_of(lambda: machine.received(one, away, facts=facts(Role.PROVIDER)))
    assert found == "dsp.push_address"


def test_a_pushed_transfer_waits_for_its_provider_until_all_is_here() -> None:
    one = exchange(Family.TRANSFER, Role.CONSUMER, State.STARTED, format=PUSH, address=None)
    assert (wait_of(one).whose, Do.FETCH in wait_of(one).can) == (Whose.COUNTERPART, False)
    here = attrs.evolve(one, delivered=True, resumed=True)
    assert (wait_of(here).whose, wait_of(here).why) == (Whose.US, "received")
    fetch = Rule(
        role=Role.CONSUMER, process=Family.TRANSFER, on="STARTED", do=Do.FETCH, reason="A pull."
    )
    assert choose([fetch], one, on="STARTED") is None
    assert choose([fetch], attrs.evolve(one, format=PULL), on="STARTED") is not None


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, (0, None, None, "")),
        ({"content-length": "5"}, (0, 5, 5, "")),
        ({"content-digest": D}, (0, None, None, D)),
        ({"repr-digest": f"sha-512=:AA==:, {D}"}, (0, None, None, D)),
        ({"content-range": "bytes 0-4/9", "repr-digest": D}, (0, 5, 9, D)),
        ({"content-range": "bytes 5-8/9", "content-length": "4", "repr-digest": D}, (5, 9, 9, D)),
        ({"content-range": "bytes 5-8/9"}, None),
        ({"content-range": "bytes 5-8/9", "content-digest": D}, None),
        ({"content-range": "bytes 5-9/9", "repr-digest": D}, None),
        ({"content-range": "bytes 6-5/9", "repr-digest": D}, None),
        ({"content-range": "bytes 5-8/*", "repr-digest": D}, None),
        ({"content-range": "bytes 5-8/9", "content-length": "5", "repr-digest": D}, None),
        ({"content-range": "bytes 5-8/" + "9" * 30, "repr-digest": D}, None),
        ({"content-encoding": "gzip"}, None),
    ],
)
def test_what_a_push_announces_is_read_strictly(
    headers: dict[str, str], wanted: tuple[int, int | None, int | None, str] | None
) -> None:
    if wanted is None:
        assert code_of(lambda: announced(headers)) == "intake.form"
        return
    found = announced(headers)
    assert (found.first, found.stop, found.size, found.digest) == wanted
    assert found.goes_on(found.first, digest=D) is (found.first == 0 or found.digest == D)
    assert found.goes_on(7, digest=D) is (found.first == 0)
    assert found.goes_on(found.first, digest="other") is (found.first == 0)


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (exchange(Family.TRANSFER, Role.CONSUMER, State.STARTED), None),
        (exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED), "connectors.nothing_to_fetch"),
        (exchange(Family.TRANSFER, Role.CONSUMER, State.SUSPENDED), "connectors.nothing_to_fetch"),
        (
            exchange(Family.TRANSFER, Role.CONSUMER, State.STARTED, address=None),
            "connectors.nothing_to_fetch",
        ),
        (
            exchange(
                Family.TRANSFER,
                Role.CONSUMER,
                State.STARTED,
                address=Address(endpoint="https://p.example.evil.example/dsp"),
            ),
            "connectors.not_pinned",
        ),
    ],
)
def test_data_is_fetched_from_a_pinned_origin_of_a_started_transfer_alone(
    one: Exchange, code: str | None
) -> None:
    if code is None:
        moved = acted(one, Do.FETCH)
        assert (moved.message, moved.exchange) == (None, one)
        assert moved.permitted is not None
    else:
        assert code_of(lambda: acted(one, Do.FETCH)) == code


def test_further_origins_are_called_where_they_were_registered() -> None:
    one = counterpart(P, origins=("https://data.p.example:8443",))
    assert one.pins("https://data.p.example:8443/x")
    assert one.pins("https://p.example/other")
    for address in ("https://data.p.example/x", "https://p.example", "https://p.example:1/x"):
        assert not one.pins(address)


# --- rulings ----------------------------------------------------------------------------------

STAGED = [
    (Family.NEGOTIATION, Role.CONSUMER, State.OFFERED, Do.REQUEST),
    (Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED, Do.OFFER),
    (Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED, Do.AGREE),
    (Family.NEGOTIATION, Role.CONSUMER, State.OFFERED, Do.ACCEPT),
    (Family.NEGOTIATION, Role.CONSUMER, State.AGREED, Do.VERIFY),
    (Family.NEGOTIATION, Role.PROVIDER, State.VERIFIED, Do.FINALIZE),
    (Family.TRANSFER, Role.PROVIDER, State.REQUESTED, Do.START),
    (Family.TRANSFER, Role.CONSUMER, State.STARTED, Do.FETCH),
]
STOPPED = attrs.evolve(FRAMEWORK, suspended=True)


@pytest.mark.parametrize(("family", "role", "state", "do"), STAGED)
@pytest.mark.parametrize(
    ("framework", "code"),
    [
        (STOPPED, "suspended"),
        (attrs.evolve(FRAMEWORK, until=AT), "ended"),
        (attrs.evolve(FRAMEWORK, since=AT.plus(1)), "not_in_force"),
        (attrs.evolve(FRAMEWORK, area="else"), "no_such_area"),
    ],
)
def test_each_step_towards_a_crossing_is_ruled_on_afresh_by_person_and_rule_alike(
    family: Family, role: Role, state: State, do: Do, framework: object, code: str
) -> None:
    one = exchange(family, role, state)
    assert acted(one, do).permitted is not None
    other = counterpart(IDS[role.other()], framework=framework)
    for person in (True, False):
        found = code_of(lambda person=person: acted(one, do, person=person, counterpart=other))  # type: ignore[misc]  # bound now
        assert found == code


@pytest.mark.parametrize("do", [Do.SUSPEND, Do.COMPLETE, Do.TERMINATE])
def test_what_brings_nothing_nearer_is_always_possible(do: Do) -> None:
    other = counterpart(C, framework=STOPPED)
    moved = acted(exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED), do, counterpart=other)
    assert moved.permitted is None


def test_what_was_withdrawn_is_no_longer_given_and_what_others_give_is_theirs_to_withdraw() -> None:
    found = rulings.ruling(
        ITEM, role=Role.PROVIDER, stage="start", facts=facts(Role.PROVIDER, withdrawn=True)
    )
    assert getattr(found, "code", None) == "not_released"
    told = facts(Role.CONSUMER, withdrawn=True)
    assert isinstance(
        rulings.ruling(ITEM, role=Role.CONSUMER, stage="start", facts=told), Permitted
    )


# --- words ------------------------------------------------------------------------------------


def test_why_it_was_suspended_or_ended_is_kept_and_said() -> None:
    one = exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED)
    moved = machine.act(
        one, Do.SUSPEND, facts=facts(Role.PROVIDER), person=True, code="pause", reason="Lunch."
    )
    assert moved.message is not None
    assert (moved.message.code, moved.message.reason) == ("pause", "Lunch.")
    assert (moved.exchange.code, moved.exchange.reason) == ("pause", "Lunch.")
    heard = machine.received(one, said(one, Step.TERMINATE), facts=facts(Role.PROVIDER))
    assert (heard.code, heard.reason) == ("none_given", "No reason was given.")


def test_what_opened_data_opens_none_in_another_state() -> None:
    moved = acted(exchange(Family.TRANSFER, Role.PROVIDER, State.REQUESTED), Do.START)
    there = moved.exchange.at_state(State.STARTED, AT)
    assert there.token_digest is not None
    for state in (State.SUSPENDED, State.COMPLETED, State.TERMINATED):
        left = there.at_state(state, Instant(1))
        assert (left.token_digest, left.token_expires, left.since) == (None, None, Instant(1))
        assert left.ended is (state in ENDS)
