"""What a person is told about an exchange: whose turn it is, why, and only what can be done now."""

import attrs
import pytest

from comity.foundation.instants import Instant
from comity.sharing.connectors.model import Address, Exchange, ItemFacts
from comity.sharing.connectors.playbook import Do
from comity.sharing.connectors.waits import Whose, wait_of
from comity.sharing.model import Family, Role, State

NEGOTIATION, TRANSFER = Family.NEGOTIATION, Family.TRANSFER
PROVIDER, CONSUMER = Role.PROVIDER, Role.CONSUMER
US, THEM = Whose.US, Whose.COUNTERPART


def exchange(family: Family, role: Role, state: State) -> Exchange:
    return Exchange(
        family=family,
        role=role,
        pid="urn:uuid:ours",
        peer_pid="urn:uuid:theirs",
        counterpart="urn:port",
        state=state,
        pending=None,
        dataset="urn:dataset",
        offer=None,
        asked=None,
        agreed=None,
        contract=None,
        format=None,
        address=Address(endpoint="https://port.example/data"),
        facts=ItemFacts(area="information", kind="report", marking="OPEN", purpose="planning"),
        reached={},
        messages=(),
        since=Instant(1),
        opened=Instant(0),
    )


@pytest.mark.parametrize(
    ("family", "role", "state", "whose", "why"),
    [
        (NEGOTIATION, PROVIDER, State.REQUESTED, US, "our_turn"),
        (NEGOTIATION, PROVIDER, State.OFFERED, THEM, "their_turn"),
        (NEGOTIATION, PROVIDER, State.ACCEPTED, US, "our_turn"),
        (NEGOTIATION, PROVIDER, State.AGREED, THEM, "their_turn"),
        (NEGOTIATION, PROVIDER, State.VERIFIED, US, "our_turn"),
        (NEGOTIATION, PROVIDER, State.FINALIZED, Whose.NOBODY, "ended"),
        (NEGOTIATION, CONSUMER, State.REQUESTED, THEM, "their_turn"),
        (NEGOTIATION, CONSUMER, State.OFFERED, US, "our_turn"),
        (NEGOTIATION, CONSUMER, State.ACCEPTED, THEM, "their_turn"),
        (NEGOTIATION, CONSUMER, State.AGREED, US, "our_turn"),
        (NEGOTIATION, CONSUMER, State.VERIFIED, THEM, "their_turn"),
        (NEGOTIATION, CONSUMER, State.TERMINATED, Whose.NOBODY, "ended"),
        (TRANSFER, PROVIDER, State.REQUESTED, US, "our_turn"),
        (TRANSFER, PROVIDER, State.STARTED, THEM, "their_turn"),
        (TRANSFER, PROVIDER, State.SUSPENDED, THEM, "their_turn"),
        (TRANSFER, CONSUMER, State.REQUESTED, THEM, "their_turn"),
        (TRANSFER, CONSUMER, State.STARTED, US, "our_turn"),
        (TRANSFER, CONSUMER, State.COMPLETED, Whose.NOBODY, "ended"),
    ],
)
def test_whose_turn_it_is(family: Family, role: Role, state: State, whose: Whose, why: str) -> None:
    wait = wait_of(exchange(family, role, state))
    assert (wait.whose, wait.why, wait.since) == (whose, why, Instant(1))
    assert wait.can or whose is not US, "whoever must act can do something"
    assert not wait.can or whose is not Whose.NOBODY


def test_while_a_message_is_on_its_way_nothing_can_be_done() -> None:
    asked = exchange(NEGOTIATION, PROVIDER, State.REQUESTED)
    for sent in (attrs.evolve(asked, pending=State.AGREED), attrs.evolve(asked, peer_pid=None)):
        wait = wait_of(sent)
        assert (wait.whose, wait.why, wait.can) == (Whose.DELIVERY, "sending", ())


def test_what_is_not_as_agreed_waits_for_a_person_in_every_state() -> None:
    wait = wait_of(attrs.evolve(exchange(NEGOTIATION, PROVIDER, State.AGREED), odd="Other terms."))
    assert (wait.whose, wait.why) == (US, "odd")


def test_who_has_received_all_bytes_is_asked_to_say_so_and_not_to_fetch_again() -> None:
    running = exchange(TRANSFER, CONSUMER, State.STARTED)
    assert wait_of(running).can == (Do.FETCH, Do.SUSPEND, Do.COMPLETE, Do.TERMINATE)
    wait = wait_of(attrs.evolve(running, delivered=True))
    assert (wait.whose, wait.why) == (US, "received")
    assert wait.can == (Do.SUSPEND, Do.COMPLETE, Do.TERMINATE)
    assert Do.FETCH not in wait_of(attrs.evolve(running, address=None)).can


def test_data_that_is_open_is_opened_again_only_when_the_consumer_asks_for_it() -> None:
    running = exchange(TRANSFER, PROVIDER, State.STARTED)
    assert Do.START not in wait_of(running).can
    wait = wait_of(attrs.evolve(running, resumed=True))
    assert (wait.whose, wait.why, wait.can[0]) == (US, "our_turn", Do.START)
