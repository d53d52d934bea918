"""What registered connectors say and hear, whoever wrote their software (spec 9.8)."""

import json

import attrs
import pytest

from comity.foundation.canonical import Json, canonical, digest
from comity.foundation.errors import PeerError
from comity.protocols.dsp import catalogue as dcat
from comity.protocols.dsp import connectors as wire
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp.policies import Atomic, Offer, Rule, Rules
from comity.protocols.dsp.reading import CONTEXT, parse_as, to_bytes
from comity.sharing.connectors.messages import Message
from comity.sharing.connectors.model import PULL, Address
from comity.sharing.lifecycle import Step
from comity.sharing.model import Family, Role, State
from support.connectors import BASE, DATASET, OFFER, TOKEN, USE, C, P, exchange, said

NEGOTIATION = exchange(Family.NEGOTIATION, Role.CONSUMER, State.REQUESTED)
EDC = wire.EDC


def start(address: Json) -> bytes:
    return canonical(
        {
            "@context": [CONTEXT],
            "@type": "TransferStartMessage",
            "providerPid": "p",
            "consumerPid": "c",
            "dataAddress": address,
        }
    )


def address(*properties: tuple[str, str], **members: str) -> Json:
    return {
        "@type": "DataAddress",
        "endpointType": "https://w3id.org/idsa/v4.1/HTTP",
        **members,
        "endpointProperties": [
            {"@type": "EndpointProperty", "name": name, "value": value}
            for name, value in properties
        ],
    }


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            address(("authorization", TOKEN), endpoint="https://x/1"),
            Address(endpoint="https://x/1", authorization=TOKEN),
        ),
        (
            address((f"{EDC}endpoint", "https://x/2"), (f"{EDC}authorization", TOKEN)),
            Address(endpoint="https://x/2", authorization=TOKEN),
        ),
        (address(("endpoint", "https://x/3")), Address(endpoint="https://x/3")),
        (address((f"{EDC}authorization", TOKEN)), None),
    ],
)
def test_an_address_is_read_in_the_protocols_spelling_and_in_edcs(
    given: Json, wanted: Address | None
) -> None:
    message = wire.read_step(Family.TRANSFER, "start", start(given))
    assert message.address == wanted


@pytest.mark.parametrize(
    "given",
    [
        address(("endpoint", "https://x/ 1")),
        address(("endpoint", "https://x/é")),
        address(("endpoint", "x" * 2_001)),
        address(("endpoint", "https://x"), ("authorization", "a\nb")),
        address(("endpoint", "https://x"), ("authorization", "é")),
        address(("endpoint", "https://x"), ("authorization", " a")),
        address(("endpoint", "https://x"), ("authorization", "a" * 8_001)),
    ],
)
def test_an_address_that_cannot_stand_in_a_call_is_refused_when_it_comes(given: Json) -> None:
    with pytest.raises(PeerError) as refused:
        wire.read_step(Family.TRANSFER, "start", start(given))
    assert refused.value.code == "dsp.address"


def test_our_own_address_is_written_in_both_spellings() -> None:
    one = exchange(Family.TRANSFER, Role.CONSUMER, State.REQUESTED)
    for given in (
        Address(endpoint="https://x/1", authorization=TOKEN),
        Address(endpoint="https://x/1"),
    ):
        told = json.loads(wire.message_bytes(said(one, Step.START, address=given)))
        names = [each["name"] for each in told["dataAddress"]["endpointProperties"]]
        assert f"{EDC}endpoint" in names
        assert ("authorization" in names) is (given.authorization is not None)
        assert (f"{EDC}authorization" in names) is (given.authorization is not None)


def test_a_start_may_come_without_an_address() -> None:
    one = exchange(Family.TRANSFER, Role.CONSUMER, State.SUSPENDED)
    body = wire.message_bytes(said(one, Step.START))
    assert wire.read_step(Family.TRANSFER, "start", body).address is None


def test_what_opens_a_process_is_not_taken_below_one_and_the_other_way_round() -> None:
    opening = Message(
        family=Family.NEGOTIATION,
        step=Step.REQUEST,
        id="m",
        consumer_pid="c",
        callback=BASE[C],
        offer=OFFER,
    )
    body = wire.message_bytes(opening)
    assert wire.read_opening("/negotiations/request", body).sha256 == digest(body)
    with pytest.raises(PeerError) as refused:
        wire.read_step(Family.NEGOTIATION, "request", body)
    assert refused.value.code == "dsp.opening_again"
    counter = wire.message_bytes(said(NEGOTIATION, Step.REQUEST))
    with pytest.raises(PeerError) as refused:
        wire.read_opening("/negotiations/request", counter)
    assert refused.value.code == "dsp.not_opening"


@pytest.mark.parametrize("end", ["", "else", "agreement/", "start"])
def test_a_path_that_no_message_has_is_not_taken(end: str) -> None:
    with pytest.raises(PeerError) as refused:
        wire.read_step(Family.NEGOTIATION, end, b"{}")
    assert refused.value.code == "dsp.no_message"


def test_an_offer_of_nothing_is_refused() -> None:
    bare = Offer(id="o", rules=USE)
    body = to_bytes(
        dsp.ContractRequestMessage(id=None, consumer_pid="c", offer=bare, callback=BASE[C])
    )
    with pytest.raises(PeerError) as refused:
        wire.read_opening("/negotiations/request", body)
    assert refused.value.code == "dsp.target"


def test_a_policy_that_could_not_be_said_again_is_refused_before_it_is_kept() -> None:
    part = Atomic(left="x" * 900, operator="eq", right="y")
    long = Rule(action="use", constraints=(part,) * 80)
    with pytest.raises(PeerError) as refused:
        wire.policy_offer("o", target="t", rules=Rules(permission=(long,)))
    assert refused.value.code == "dsp.policy_size"


def test_what_a_person_wrote_is_read_as_rules_or_refused() -> None:
    assert wire.read_policy({"permission": [{"action": "use"}]}, what="It") == USE
    with pytest.raises(PeerError):
        wire.read_policy({}, what="It")


def test_an_agreement_without_a_date_is_read_and_an_impossible_one_refused() -> None:
    one = exchange(Family.NEGOTIATION, Role.CONSUMER, State.REQUESTED)
    told = json.loads(wire.message_bytes(said(one, Step.AGREE)))
    for timestamp, code in (
        (None, None),
        ("2026-01-01T00:00:00.5+02:00", None),
        ("0001-01-01T00:00:00+14:00", "dsp.timestamp_value"),
        ("9999-12-31T23:59:59-14:00", "dsp.timestamp_value"),
        ("2026-01-01T00:00:00", "dsp.timestamp_zone"),
    ):
        told["agreement"].pop("timestamp", None)
        if timestamp is not None:
            told["agreement"]["timestamp"] = timestamp
        body = json.dumps(told).encode()
        if code is None:
            agreed = wire.read_step(Family.NEGOTIATION, "agreement", body).agreed
            assert agreed is not None
            assert (agreed.timestamp is None) is (timestamp is None)
            continue
        with pytest.raises(PeerError) as refused:
            wire.read_step(Family.NEGOTIATION, "agreement", body)
        assert refused.value.code == code


def test_an_agreement_of_ours_without_a_date_is_written_without_one() -> None:
    message = said(NEGOTIATION, Step.AGREE)
    assert message.agreed is not None
    undated = attrs.evolve(message, agreed=attrs.evolve(message.agreed, timestamp=None))
    assert "timestamp" not in json.loads(wire.message_bytes(undated))["agreement"]


@pytest.mark.parametrize(
    ("pid", "path"),
    [
        ("urn:uuid:1", "/negotiations/urn:uuid:1/events"),
        ("a/b?c#d", "/negotiations/a%2Fb%3Fc%23d/events"),
        ("ü 1%", "/negotiations/%C3%BC%201%25/events"),
    ],
)
def test_the_counterparts_id_is_one_part_of_the_path_whatever_is_in_it(pid: str, path: str) -> None:
    assert wire.path_of(said(NEGOTIATION, Step.ACCEPT), peer_pid=pid) == path


@pytest.mark.parametrize("family", list(Family))
def test_a_process_is_answered_with_its_acknowledged_state_and_both_ids(family: Family) -> None:
    one = exchange(family, Role.PROVIDER, State.REQUESTED, pending=State.TERMINATED)
    told = json.loads(wire.exchange_bytes(one))
    assert (told["state"], told["providerPid"], told["consumerPid"]) == (
        "REQUESTED",
        "ours",
        "theirs",
    )
    for role in Role:
        unknown = attrs.evolve(one, peer_pid=None, role=role)
        assert dsp.NIL_PID in wire.exchange_bytes(unknown).decode()


def test_a_group_of_datasets_is_a_catalogue_inside_the_catalogue() -> None:
    grouped = attrs.evolve(DATASET, id="chart-2", group="North / East")
    body = wire.catalogue_bytes([DATASET, grouped], catalogue="urn:c", participant=P, base=BASE[P])
    found = parse_as(body, dcat.Catalog)
    assert [each.id for each in found.datasets] == ["chart-1"]
    assert found.participant == P
    (inner,) = found.catalogs
    assert (inner.id, [each.id for each in inner.datasets]) == (
        "urn:c/North%20%2F%20East",
        ["chart-2"],
    )
    one = parse_as(wire.dataset_bytes(DATASET, service="urn:c#service"), dcat.Dataset)
    assert one == found.datasets[0]
    assert PULL in {each.format for each in one.distributions}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b'{"providerPid":"p","consumerPid":"c"}', ("p", "c")),
        (b'{"consumerPid":"c"}', (None, "c")),
        (b'{"providerPid":1}', (None, None)),
        (b"[]", (None, None)),
        (b"", (None, None)),
        (b"\xff", (None, None)),
    ],
)
def test_an_error_repeats_the_ids_that_could_be_read(
    body: bytes, named: tuple[str | None, str | None]
) -> None:
    assert wire.named_pids(body) == named
