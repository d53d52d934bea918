"""Two machines that never met in a person's mind: what holds however messages fall (spec 9.4)."""

import json
from collections.abc import Iterator
from contextlib import suppress

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.foundation.canonical import digest
from comity.foundation.errors import ComityError, PeerError
from comity.protocols.dsp import connectors as wire
from comity.protocols.dsp.answers import read_error, read_process
from comity.protocols.dsp.catalogue import Catalog
from comity.protocols.dsp.reading import parse_as
from comity.sharing.connectors import machine
from comity.sharing.connectors.messages import Agreed, Message
from comity.sharing.connectors.model import Address, PolicyOffer
from comity.sharing.connectors.playbook import STEPS, Do
from comity.sharing.lifecycle import Step
from comity.sharing.model import Family, Role, State
from support import dsp as samples
from support.connectors import Both, exchange, facts, said, tried

ACTS = [do for do in Do if do is not Do.HOLD]
BEGIN = pytest.mark.parametrize("family", list(Family))


@BEGIN
@given(acts=st.lists(st.tuples(st.sampled_from(list(Role)), st.sampled_from(ACTS)), max_size=14))
def test_both_sides_agree_on_the_state_after_every_acknowledged_step(
    family: Family, acts: list[tuple[Role, Do]]
) -> None:
    both = Both.opened(family)
    for role, do in acts:
        end = both.provider if role is Role.PROVIDER else both.consumer
        before = both.states
        done = tried(lambda end=end, do=do: end.act(do))  # type: ignore[misc]  # bound now
        both.settle()
        assert both.states[0] is both.states[1]
        assert done or both.states == before


#: What may happen next: somebody acts, a letter arrives, is answered "not now", an answer is read.
happenings = st.one_of(
    st.tuples(st.just("act"), st.booleans(), st.sampled_from(ACTS)),
    st.tuples(st.sampled_from(["bring", "withhold", "hear"]), st.booleans(), st.just(Do.HOLD)),
)


@BEGIN
@given(story=st.lists(happenings, max_size=40))
@example(
    story=[
        ("act", True, Do.START),
        ("bring", True, Do.HOLD),
        ("hear", True, Do.HOLD),
        ("act", True, Do.COMPLETE),
        ("act", False, Do.COMPLETE),
    ]
)
@example(  # the answer to an offer comes after the next offer was made
    story=[
        ("act", True, Do.OFFER),
        ("bring", True, Do.HOLD),
        ("act", False, Do.REQUEST),
        ("bring", False, Do.HOLD),
        ("act", True, Do.OFFER),
        ("hear", True, Do.HOLD),
    ]
)
def test_both_sides_agree_in_the_end_however_messages_cross_get_lost_or_come_late(
    family: Family, story: list[tuple[str, bool, Do]]
) -> None:
    both = Both.opened(family)
    for what, first, do in story:
        ours, theirs = both.ends()[0 if first else 1]
        if what == "act":
            tried(lambda ours=ours, do=do: ours.act(do))  # type: ignore[misc]  # bound now
        elif what == "bring" and ours.letters:
            ours.bring(theirs)
        elif what == "withhold" and ours.letters:
            ours.withhold()
        elif what == "hear" and ours.answers:
            ours.hear(theirs)
    both.settle()
    # Who ends what the counterpart has just completed has ended it too.
    assert both.states[0] is both.states[1] or all(end.now.ended for end, _ in both.ends())
    for end, _ in both.ends():
        assert (end.now.pending, end.now.withheld) == (None, False)


steps = st.sampled_from(list(Step))


@given(
    family=st.sampled_from(list(Family)),
    role=st.sampled_from(list(Role)),
    came=st.lists(st.tuples(steps, st.integers(min_value=0, max_value=3)), max_size=12),
)
def test_no_order_of_messages_breaks_a_process_or_leaves_its_end(
    family: Family, role: Role, came: list[tuple[Step, int]]
) -> None:
    one = exchange(family, role, State.REQUESTED)
    for step, number in came:
        message = said(one, step, id=f"{step} {number}")
        before = one
        try:
            if not machine.repeated(one, message):
                one = machine.received(one, message, facts=facts(role))
        except ComityError:
            assert one is before
        assert not before.ended or one == before


# --- on the wire ------------------------------------------------------------------------------

offers = samples.message_offers.map(wire.offer_in)
agreements = st.builds(
    lambda offer, assigner, assignee, at: Agreed(
        id=offer.id,
        target=offer.target,
        assigner=assigner,
        assignee=assignee,
        policy=offer.policy,
        meaning=offer.meaning,
        timestamp=at,
    ),
    offers,
    samples.names,
    samples.names,
    st.none() | st.just(facts(Role.PROVIDER).at),
)
ascii_words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
addresses = st.builds(Address, endpoint=ascii_words, authorization=st.none() | ascii_words)


def _steps(family: Family, step: Step) -> st.SearchStrategy[Message]:
    why = step in {Step.SUSPEND, Step.TERMINATE}
    words = st.text("abc xyz", min_size=1).map(lambda text: " ".join(text.split())).filter(bool)
    return st.builds(
        Message,
        family=st.just(family),
        step=st.just(step),
        id=samples.ids,
        provider_pid=samples.ids,
        consumer_pid=samples.ids,
        offer=offers if step in {Step.REQUEST, Step.OFFER} else st.none(),
        agreed=agreements if step is Step.AGREE else st.none(),
        address=st.none() | addresses if step is Step.START else st.none(),
        code=words if why else st.none(),
        reason=words if why else st.none(),
    )


def _openings() -> st.SearchStrategy[Message]:
    callback = st.just("https://c.example/dsp")
    bare = {"id": samples.ids, "callback": callback}
    negotiating = {"family": st.just(Family.NEGOTIATION), "offer": offers}
    return st.one_of(
        st.builds(
            Message, step=st.just(Step.REQUEST), consumer_pid=samples.ids, **bare, **negotiating
        ),
        st.builds(
            Message, step=st.just(Step.OFFER), provider_pid=samples.ids, **bare, **negotiating
        ),
        st.builds(
            Message,
            family=st.just(Family.TRANSFER),
            step=st.just(Step.REQUEST),
            consumer_pid=samples.ids,
            contract=samples.ids,
            format=samples.texts,
            address=st.none() | addresses,
            **bare,
        ),
    )


_NEGOTIATING = (
    *(Step.REQUEST, Step.OFFER, Step.ACCEPT, Step.AGREE, Step.VERIFY),
    *(Step.FINALIZE, Step.TERMINATE),
)
_TRANSFERRING = (Step.START, Step.SUSPEND, Step.COMPLETE, Step.TERMINATE)
messages = st.one_of(
    *(_steps(Family.NEGOTIATION, step) for step in _NEGOTIATING),
    *(_steps(Family.TRANSFER, step) for step in _TRANSFERRING),
)


def read_back(message: Message, body: bytes) -> Message:
    if message.callback is not None:
        return wire.read_opening(wire.path_of(message, peer_pid=None), body)
    end = wire.path_of(message, peer_pid="x").split("/x/")[1]
    return wire.read_step(message.family, end, body)


@given(messages | _openings())
def test_what_is_said_is_what_is_heard(message: Message) -> None:
    body = wire.message_bytes(message)
    assert read_back(message, body) == attrs.evolve(message, sha256=digest(body))


@given(st.data())
def test_a_spoilt_message_is_refused_as_the_peers_fault_or_read_and_nothing_else(
    data: st.DataObject,
) -> None:
    message = data.draw(messages | _openings())
    told = json.loads(wire.message_bytes(message))
    place, name = told, data.draw(st.sampled_from(sorted(told)))
    if isinstance(place[name], dict):
        place = place[name]
        name = data.draw(st.sampled_from(sorted(place)))
    place[name] = data.draw(
        st.none()
        | st.integers()
        | st.just([])
        | st.just({})
        | samples.texts
        | st.just("0001-01-01T00:00:00+14:00")
    )
    body = json.dumps(told).encode()
    try:
        read_back(message, body)
    except PeerError as error:
        assert error.code.startswith(("dsp.", "json."))  # noqa: PT017 -- either may happen


@given(st.binary(max_size=80), st.sampled_from(sorted(wire.OPENINGS)))
def test_no_bytes_at_all_open_a_process(body: bytes, place: str) -> None:
    with pytest.raises(PeerError):
        wire.read_opening(place, body)
    for family, end in wire.STEPS:
        with pytest.raises(PeerError):
            wire.read_step(family, end, body)


_NAMES = (
    *("@context", "@type", "@id", "providerPid", "consumerPid", "callbackAddress", "offer"),
    *("agreement", "agreementId", "format", "dataAddress", "endpoint", "endpointProperties"),
    *("name", "value", "eventType", "code", "reason", "state", "target", "permission", "action"),
    *("constraint", "and", "leftOperand", "operator", "rightOperand", "assigner", "timestamp"),
    *("participantId", "dataset", "catalog", "hasPolicy", "distribution", "service"),
)
_TYPES = (
    *("ContractRequestMessage", "ContractOfferMessage", "ContractAgreementMessage", "Offer"),
    *("ContractNegotiationEventMessage", "TransferRequestMessage", "TransferStartMessage"),
    *("ContractNegotiation", "TransferProcess", "Catalog", "Dataset", "FINALIZED", "use", "eq"),
)
any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([*_TYPES, "https://w3id.org/dspace/2025/1/context.jsonld"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=24,
)


def _read_as_anything(body: bytes) -> None:
    """Give a body to every reader of what a connector says; it answers, or it is the peer's."""
    for place in wire.OPENINGS:
        with suppress(PeerError):
            wire.read_opening(place, body)
    for family, end in wire.STEPS:
        with suppress(PeerError):
            wire.read_step(family, end, body)
    for family in Family:
        with suppress(PeerError):
            read_process(body, family=family)
        read_error(body, family=family)
    with suppress(PeerError):
        parse_as(body, Catalog)
    wire.named_pids(body)


@given(any_json)
def test_whatever_json_a_connector_says_is_read_or_is_its_own_fault(value: object) -> None:
    _read_as_anything(json.dumps(value).encode())


@given(st.data())
def test_a_message_spoilt_at_any_depth_is_read_or_is_the_connectors_fault(
    data: st.DataObject,
) -> None:
    message = data.draw(messages | _openings())
    told = json.loads(wire.message_bytes(message))
    places = list(_places(told))
    place, name = places[data.draw(st.integers(0, len(places) - 1))]
    if data.draw(st.booleans()):
        place[name] = data.draw(any_json)  # type: ignore[index]  # a name for a dict, else a place
    else:
        del place[name]  # type: ignore[arg-type]  # the same
    _read_as_anything(json.dumps(told).encode())


def _places(value: object) -> Iterator[tuple[dict[str, object] | list[object], str | int]]:
    """Yield every member of every object and list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield value, name
            yield from _places(inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield value, number
            yield from _places(inner)


@given(offers)
def test_an_offer_that_was_kept_is_said_again_in_the_same_words(offer: PolicyOffer) -> None:
    rules = wire.rules_of(offer.policy)
    assert wire.policy_offer(offer.id, target=offer.target, rules=rules) == offer
    assert set(STEPS) == {do for do in Do if do not in {Do.HOLD, Do.FETCH}}
