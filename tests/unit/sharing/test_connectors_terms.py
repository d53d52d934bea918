"""What opens a process, what is offered and agreed, and who may decide on it (spec 9.4)."""

import attrs
import pytest

from comity.agreements.mandates import Permitted
from comity.protocols.dsp.connectors import policy_offer
from comity.sharing.connectors import machine, openings
from comity.sharing.connectors.messages import Message
from comity.sharing.connectors.model import (
    PULL,
    PUSH,
    Address,
)
from comity.sharing.connectors.playbook import Do
from comity.sharing.lifecycle import (
    Step,
)
from comity.sharing.model import Family, Role, State
from support.connectors import (
    BASE,
    FRAMEWORK,
    ITEM,
    LIMITED,
    OFFER,
    OTHER_TERMS,
    TOKEN,
    C,
    P,
    acted,
    agreed,
    code_of,
    contract,
    counterpart,
    exchange,
    facts,
    said,
)
from support.sharing import AT

# --- openings ---------------------------------------------------------------------------------


def request(**changes: object) -> Message:
    made = Message(
        family=Family.NEGOTIATION,
        step=Step.REQUEST,
        id="m",
        consumer_pid="theirs",
        callback=BASE[C],
        offer=OFFER,
        sha256="1" * 64,
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # members by name


def for_data(**changes: object) -> Message:
    told = {"family": Family.TRANSFER, "offer": None, "contract": "contract-1", "format": PULL}
    return request(**{**told, **changes})


PINNED = Address(endpoint=f"{BASE[C]}/inbox", authorization=TOKEN)


def test_a_request_for_one_of_our_offers_opens_a_negotiation() -> None:
    one = openings.opened_by(request(), facts=facts(Role.PROVIDER))
    assert (one.role, one.state, one.peer_pid) == (Role.PROVIDER, State.REQUESTED, "theirs")
    assert (one.dataset, one.offer, one.odd, one.facts) == ("chart-1", OFFER, None, ITEM)
    assert one.messages == (("m", "1" * 64),)


def test_a_request_on_other_terms_waits_for_a_person() -> None:
    one = openings.opened_by(request(offer=OTHER_TERMS), facts=facts(Role.PROVIDER))
    assert one.odd is not None
    assert code_of(lambda: acted(one, Do.AGREE, person=False)) == "connectors.odd"
    assert acted(one, Do.AGREE).exchange.odd is None, "a person has decided"
    assert acted(one, Do.OFFER, person=False).exchange.odd is None, "our own offer stands again"


@pytest.mark.parametrize(
    ("message", "told", "code"),
    [
        (request(callback="https://evil.example/dsp"), {}, "dsp.callback"),
        (request(callback=f"{BASE[C]}/x"), {}, "dsp.callback"),
        (request(callback=f"{BASE[C]}//"), {}, "dsp.callback"),
        (request(callback=None), {}, "dsp.callback"),
        (request(), {"dataset": None}, "dsp.offer_unknown"),
        (request(offer=attrs.evolve(OFFER, id="offer-2")), {}, "dsp.offer_unknown"),
        (
            request(),
            {"counterpart": counterpart(C, framework=attrs.evolve(FRAMEWORK, suspended=True))},
            "suspended",
        ),
        (for_data(), {"contract": None}, "dsp.contract_unknown"),
        (for_data(), {"contract": contract(Role.CONSUMER)}, "dsp.contract_unknown"),
        (for_data(format="Kafka-PULL"), {}, "dsp.format"),
        (for_data(format=PUSH), {}, "dsp.push_address"),
        (
            for_data(format=PUSH, address=Address(endpoint="https://x.example/")),
            {},
            "dsp.push_address",
        ),
        (
            for_data(),
            {"contract": contract(Role.PROVIDER, facts=attrs.evolve(ITEM, kind="report"))},
            "kind_not_allowed",
        ),
        (for_data(), {"withdrawn": True}, "not_released"),
    ],
)
def test_what_is_wrong_with_an_opening_is_said_and_opens_nothing(
    message: Message, told: dict[str, object], code: str
) -> None:
    found = code_of(lambda: openings.opened_by(message, facts=facts(Role.PROVIDER, **told)))
    assert found == code


@pytest.mark.parametrize(
    ("way", "address", "kept"), [(PULL, PINNED, None), (PULL, None, None), (PUSH, PINNED, PINNED)]
)
def test_a_request_for_the_data_of_a_contract_opens_a_transfer(
    way: str, address: Address | None, kept: Address | None
) -> None:
    message = for_data(format=way, address=address, callback=f"{BASE[C]}/")
    one = openings.opened_by(message, facts=facts(Role.PROVIDER))
    assert (one.family, one.state, one.format) == (Family.TRANSFER, State.REQUESTED, way)
    assert (one.contract, one.dataset, one.agreed) == ("contract-1", "chart-1", AT)
    assert one.address == kept


def test_an_offer_that_nobody_asked_for_is_held_for_a_person() -> None:
    message = request(step=Step.OFFER, consumer_pid=None, provider_pid="theirs", callback=BASE[P])
    one = openings.opened_by(message, facts=facts(Role.CONSUMER))
    assert (one.role, one.state, one.peer_pid) == (Role.CONSUMER, State.OFFERED, "theirs")
    assert one.odd is not None
    assert code_of(lambda: acted(one, Do.ACCEPT, person=False)) == "connectors.odd"
    assert acted(one, Do.TERMINATE).exchange.pending is State.TERMINATED


def test_we_ask_for_an_offer_under_the_framework_or_not_at_all() -> None:
    moved = openings.ask(OFFER, item=ITEM, facts=facts(Role.CONSUMER))
    message = moved.message
    assert message is not None
    assert (message.callback, message.consumer_pid) == (BASE[C], moved.exchange.pid)
    assert moved.permitted == Permitted(article="Article 4", unit="registered", area="charts")
    odd = attrs.evolve(ITEM, purpose="sale")
    found = code_of(lambda: openings.ask(OFFER, item=odd, facts=facts(Role.CONSUMER)))
    assert found == "purpose_not_allowed"


def test_we_ask_for_data_under_our_contract_in_one_of_its_ways() -> None:
    told = facts(Role.CONSUMER)
    one = contract(Role.CONSUMER)
    pulled = openings.ask_for_data(one, way=PULL, facts=told)
    assert pulled.message is not None
    assert (pulled.message.address, pulled.exchange.token_digest) == (None, None)
    moved = openings.ask_for_data(one, way=PUSH, facts=told)
    assert moved.message is not None
    assert (moved.message.contract, moved.message.format) == ("contract-1", PUSH)
    address = moved.message.address
    assert address is not None
    assert address.endpoint == f"{BASE[C]}/intake/{moved.exchange.pid}"
    assert (moved.exchange.format, moved.exchange.address) == (PUSH, None)
    for given, way, code in (
        (contract(Role.PROVIDER), PULL, "connectors.not_consumer"),
        (one, "Kafka-PULL", "connectors.format"),
        (
            contract(Role.CONSUMER, facts=attrs.evolve(ITEM, marking="secret")),
            PULL,
            "marking_unknown",
        ),
    ):
        found = code_of(
            lambda given=given, way=way: openings.ask_for_data(  # type: ignore[misc]  # bound now
                given, way=way, facts=told
            )
        )
        assert found == code


# --- offers and agreements --------------------------------------------------------------------


def test_a_counter_request_must_be_for_the_same_dataset_and_one_of_our_offers() -> None:
    one = exchange(Family.NEGOTIATION, Role.PROVIDER, State.OFFERED)
    for offer, told, code in (
        (attrs.evolve(OFFER, target="chart-2"), {}, "dsp.other_target"),
        (attrs.evolve(OFFER, id="offer-2"), {}, "dsp.offer_unknown"),
        (OFFER, {"dataset": None}, "dsp.offer_unknown"),
    ):
        message = said(one, Step.REQUEST, offer=offer)
        found = code_of(
            lambda message=message, told=told: machine.received(  # type: ignore[misc]  # bound now
                one, message, facts=facts(Role.PROVIDER, **told)
            )
        )
        assert found == code
    message = said(one, Step.REQUEST, offer=OTHER_TERMS)
    there = machine.received(one, message, facts=facts(Role.PROVIDER))
    assert (there.state, there.offer) == (State.REQUESTED, OTHER_TERMS)
    assert there.odd is not None


def test_an_offer_on_other_terms_than_ours_waits_for_a_person() -> None:
    one = exchange(Family.NEGOTIATION, Role.CONSUMER, State.REQUESTED)
    same = machine.received(one, said(one, Step.OFFER), facts=facts(Role.CONSUMER))
    assert same.odd is None
    message = said(one, Step.OFFER, offer=OTHER_TERMS)
    there = machine.received(one, message, facts=facts(Role.CONSUMER))
    assert there.odd is not None
    assert code_of(lambda: acted(there, Do.ACCEPT, person=False)) == "connectors.odd"
    assert acted(there, Do.ACCEPT).exchange.odd is None
    assert acted(there, Do.REQUEST, person=False).exchange.odd is None
    unasked = attrs.evolve(one, asked=None)
    assert machine.received(unasked, message, facts=facts(Role.CONSUMER)).odd is None


def test_a_counter_request_says_our_own_words_again_or_new_ones() -> None:
    one = exchange(Family.NEGOTIATION, Role.CONSUMER, State.OFFERED, offer=OTHER_TERMS)
    new = policy_offer("offer-1", target="chart-1", rules=LIMITED)
    for asked, offer, wanted in (
        (OFFER, None, OFFER),
        (OFFER, new, new),
        (None, None, OTHER_TERMS),
    ):
        moved = acted(attrs.evolve(one, asked=asked), Do.REQUEST, offer=offer)
        assert moved.message is not None
        assert moved.message.offer == wanted
        assert (moved.exchange.offer, moved.exchange.asked) == (wanted, wanted)
        assert (moved.message.callback, moved.message.provider_pid) == (None, "theirs")


def test_a_counter_offer_says_our_formal_offer_or_another() -> None:
    one = exchange(Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED, offer=OTHER_TERMS)
    assert acted(one, Do.OFFER).exchange.offer == OFFER
    assert acted(one, Do.OFFER, offer=OTHER_TERMS).exchange.offer == OTHER_TERMS
    gone = code_of(lambda: acted(one, Do.OFFER, dataset=None))
    assert gone == "connectors.no_offer"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"target": "chart-2"}, "chart-2"),
        ({"assigner": "urn:connector:else"}, "not between us"),
        ({"assignee": "urn:connector:else"}, "not between us"),
        ({"meaning": OTHER_TERMS.meaning}, "not those of the last offer"),
    ],
)
def test_an_agreement_that_differs_from_the_offer_is_verified_by_nobody(
    change: dict[str, object], words: str | None
) -> None:
    one = exchange(Family.NEGOTIATION, Role.CONSUMER, State.REQUESTED)
    message = said(one, Step.AGREE, agreed=agreed(timestamp=None, **change))
    there = machine.received(one, message, facts=facts(Role.CONSUMER, at=AT.plus(9)))
    assert (there.contract, there.agreed) == ("contract-1", AT.plus(9))
    if words is None:
        assert acted(there, Do.VERIFY, person=False).exchange.pending is State.VERIFIED
        return
    assert words in str(there.odd)
    for person in (True, False):
        found = code_of(lambda person=person: acted(there, Do.VERIFY, person=person))  # type: ignore[misc]  # bound now
        assert found == "connectors.odd"


def test_the_agreement_we_state_is_the_last_offer_between_the_two_of_us() -> None:
    one = exchange(Family.NEGOTIATION, Role.PROVIDER, State.ACCEPTED)
    moved = acted(one, Do.AGREE)
    assert moved.message is not None
    told = moved.message.agreed
    assert told is not None
    assert (told.assigner, told.assignee, told.target) == (P, C, "chart-1")
    assert (told.policy, told.timestamp) == (OFFER.policy, AT)
    assert moved.exchange.contract == told.id


def test_a_contract_is_what_was_agreed_and_the_item_it_is_about() -> None:
    one = exchange(Family.NEGOTIATION, Role.CONSUMER, State.FINALIZED)
    made = machine.contract_of(one, formats=(PULL,))
    wanted = contract(Role.CONSUMER, formats=(PULL,), negotiation="ours")
    assert made == wanted
