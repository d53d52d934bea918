"""Between our values and the wire: what comes in, what goes out, what is answered."""

import json

import attrs
import pytest

from comity.foundation.canonical import Json, canonical
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.foundation.instants import Instant
from comity.protocols.dsp import answers, incoming, versions, wire
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp.odrl import terms_rules
from comity.protocols.dsp.policies import Offer, Rule, Rules
from comity.protocols.dsp.reading import CONTEXT, to_bytes
from comity.sharing.catalogue import Dataset
from comity.sharing.messages import ContractOffer, ContractTermination, ContractVerification
from comity.sharing.model import Family, State
from support.sharing import BASE, RELEASE, TERMS, A, B, facts
from support.sharing_path import OFFER, agreed, requested, transferring

DATASET = Dataset(id=RELEASE.item.id, offer=OFFER)
WIRE_OFFER = wire.offer_out(OFFER)


def test_an_unasked_offer_goes_out_and_comes_in() -> None:
    offer = ContractOffer(id="m", provider_pid="p", callback=BASE[A], offer=OFFER)
    body = to_bytes(wire.to_wire(offer))
    assert attrs.evolve(incoming.read_contract_offer(body), sha256="") == offer
    assert wire.path_of(offer, process=requested()[0]) == "/negotiations/offers"


def test_terms_are_not_bargained_over_on_the_wire() -> None:
    counter = dsp.ContractRequestMessage(
        id="m", consumer_pid="c", offer=WIRE_OFFER, provider_pid="p"
    )
    with pytest.raises(PeerError) as refused:
        incoming.read_contract_request(to_bytes(counter))
    assert refused.value.code == "dsp.counter_request"
    offer = dsp.ContractOfferMessage(id="m", provider_pid="p", offer=WIRE_OFFER, consumer_pid="c")
    with pytest.raises(PeerError) as refused:
        incoming.read_contract_offer(to_bytes(offer))
    assert refused.value.code == "dsp.counter_offer"


def test_an_offer_of_nothing_is_refused() -> None:
    with pytest.raises(PeerError) as refused:
        incoming.offer_in(Offer(id="o", rules=terms_rules(TERMS)))
    assert refused.value.code == "dsp.target"


def test_a_contract_without_a_date_is_refused() -> None:
    agreement = wire.to_wire(agreed()[2])
    assert isinstance(agreement, dsp.ContractAgreementMessage)
    undated = attrs.evolve(agreement, agreement=attrs.evolve(agreement.agreement, timestamp=None))
    with pytest.raises(PeerError) as refused:
        incoming.read_contract_agreement(to_bytes(undated))
    assert refused.value.code == "dsp.undated"


def test_an_acceptance_where_the_last_word_is_due_is_refused() -> None:
    event = dsp.ContractNegotiationEventMessage(
        id="m", provider_pid="p", consumer_pid="c", event="ACCEPTED"
    )
    with pytest.raises(PeerError) as refused:
        incoming.read_contract_finalized(to_bytes(event))
    assert refused.value.code == "dsp.event"


def test_data_is_never_pushed_to_an_address_in_a_message() -> None:
    address = dsp.DataAddress(endpoint_type="t", endpoint="https://evil.example", properties=())
    push = dsp.TransferRequestMessage(
        id="m",
        consumer_pid="c",
        agreement_id="a",
        format="HttpData-PULL",
        callback="https://x",
        address=address,
    )
    with pytest.raises(PeerError) as refused:
        incoming.read_transfer_request(to_bytes(push))
    assert refused.value.code == "dsp.push"


@pytest.mark.parametrize(
    "address",
    [
        None,
        dsp.DataAddress(endpoint_type="t", endpoint=None, properties=(("authorization", "x"),)),
        dsp.DataAddress(endpoint_type="t", endpoint="https://x", properties=(("a", "b"),)),
    ],
)
def test_a_start_that_opens_no_door_is_refused(address: dsp.DataAddress | None) -> None:
    start = dsp.TransferStartMessage(id="m", provider_pid="p", consumer_pid="c", address=address)
    with pytest.raises(PeerError) as refused:
        incoming.read_transfer_start(to_bytes(start))
    assert refused.value.code == "dsp.address"


@pytest.mark.parametrize(
    ("code", "shown"), [(None, incoming.NO_CODE), ("\n\t ", incoming.NO_CODE), ("42", "42")]
)
def test_a_termination_without_a_code_still_ends(code: str | None, shown: str) -> None:
    ending = dsp.ContractNegotiationTerminationMessage(
        id=None, provider_pid="p", consumer_pid="c", code=code, reasons=()
    )
    came = incoming.read_contract_termination(to_bytes(ending))
    assert (came.id, came.code, came.reason) == ("", shown, "No reason was given.")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z"),
        ("2026-01-05T10:00:00.123456789Z", "2026-01-05T10:00:00Z"),
        ("2026-01-05T11:00:00+01:00", "2026-01-05T10:00:00Z"),
    ],
)
def test_moments_of_other_connectors_are_understood(text: str, instant: str) -> None:
    assert incoming.instant_of(text) == Instant.parse(instant)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-01-05T10:00:00", "dsp.timestamp_zone"),
        ("2026-02-30T10:00:00Z", "dsp.timestamp_value"),
        ("-2026-01-05T10:00:00Z", "dsp.timestamp_value"),
        ("12026-01-05T10:00:00Z", "dsp.timestamp_value"),
    ],
)
def test_moments_that_are_none_are_refused(text: str, code: str) -> None:
    with pytest.raises(PeerError) as refused:
        incoming.instant_of(text)
    assert refused.value.code == code


def test_a_message_needs_an_addressee() -> None:
    process = requested()[0]
    message = ContractVerification(id="m", provider_pid="p", consumer_pid="c")
    with pytest.raises(MisuseError) as slip:
        wire.path_of(message, process=process)
    assert slip.value.code == "dsp.addressee"
    known = attrs.evolve(process, peer_pid="a/../b?c")
    assert "/../" not in wire.path_of(message, process=known)
    ending = ContractTermination(id="m", provider_pid="p", consumer_pid="c", code="x", reason="y")
    assert wire.path_of(ending, process=known).endswith("/termination")


def test_the_answer_to_a_request_names_the_new_process() -> None:
    _, provider, _ = agreed()
    told = answers.read_process(answers.process_bytes(provider), family=Family.NEGOTIATION)
    assert (told.provider_pid, told.consumer_pid) == (provider.pid, provider.peer_pid)
    assert told.state is State.AGREED
    transfer = transferring()[0]
    told = answers.read_process(answers.process_bytes(transfer), family=Family.TRANSFER)
    assert told.state is State.REQUESTED
    alone = requested()[0]
    told = answers.read_process(answers.process_bytes(alone), family=Family.NEGOTIATION)
    assert told.provider_pid == dsp.NIL_PID


@pytest.mark.parametrize("family", [None, *Family])
def test_a_refusal_crosses_with_the_rulings_code_and_reason(family: Family | None) -> None:
    error = RefusedError("sharing.refused", "Article 4 is suspended.", {"ruling": "suspended"})
    told = answers.read_error(answers.error_bytes(error, family=family), family=family)
    assert (told.code, told.reason) == ("suspended", "Article 4 is suspended.")
    plain = answers.error_bytes(PeerError("dsp.text", "No."), family=family, provider_pid="p")
    assert answers.read_error(plain, family=family).code == "dsp.text"
    assert answers.read_error(b"<html>", family=family).code == "rejected"
    silent = {"@context": [CONTEXT], "@type": json.loads(plain)["@type"]}
    assert answers.read_error(canonical(silent), family=family).code == "rejected"


def test_a_catalogue_arrives_with_what_is_understood_and_what_is_not() -> None:
    body = answers.catalogue_bytes([DATASET], catalogue="urn:c", participant=A, base=BASE[A])
    assert answers.read_catalogue(body, provider=A) == answers.Seen(
        datasets=(DATASET,), not_understood=()
    )
    foreign: dict[str, Json] = json.loads(body)
    rules = Rules(permission=(Rule(action="use", constraints=()),))
    odd = {"@id": "o", "@type": "Offer", **rules.json()}
    dataset = foreign["dataset"]
    assert isinstance(dataset, list)
    foreign["dataset"] = [*dataset, {**dataset[0], "@id": "urn:odd", "hasPolicy": [odd]}]
    seen = answers.read_catalogue(canonical(foreign), provider=A)
    assert seen.datasets == (DATASET,)
    ((which, why),) = seen.not_understood
    assert which == "urn:odd"
    assert "profile" in why
    with pytest.raises(PeerError) as refused:
        answers.read_catalogue(body, provider=B)
    assert refused.value.code == "dsp.participant"


def test_a_dataset_arrives() -> None:
    body = answers.dataset_bytes(DATASET, service="urn:s")
    assert answers.read_dataset(body) == DATASET
    told = json.loads(body)
    told["distribution"][0]["format"] = "HttpData-PUSH"
    with pytest.raises(PeerError) as refused:
        answers.read_dataset(canonical(told))
    assert refused.value.code == "dsp.dataset"
    assert facts(A).own == A


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({}, "dsp.missing"),
        ({"protocolVersions": []}, "dsp.list"),
        ({"protocolVersions": [{"version": "2025-1", "path": "/x"}]}, "dsp.choice"),
        (
            {"protocolVersions": [{"version": "2025-1", "path": "x", "binding": "HTTPS"}]},
            "dsp.path",
        ),
        (
            {"protocolVersions": [{"version": "1", "path": "/../x", "binding": "HTTPS"}]},
            "dsp.path",
        ),
        (
            {
                "protocolVersions": [
                    {
                        "version": "1",
                        "path": "/x",
                        "binding": "HTTPS",
                        "auth": {"protocol": "p", "version": "1", "profile": [1]},
                    }
                ]
            },
            "dsp.auth_profile",
        ),
    ],
)
def test_a_version_document_that_cannot_be_used_is_refused(told: Json, code: str) -> None:
    with pytest.raises(PeerError) as refused:
        versions.parse_versions(canonical(told))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "auth",
    [
        None,
        versions.Authentication(protocol="comity", version="1"),
        versions.Authentication(protocol="DCP", version="1.0", profiles=("vc11-sl2021/jwt",)),
    ],
)
def test_where_a_node_is_found_and_how_it_is_protected_comes_out_as_it_went_in(
    auth: versions.Authentication | None,
) -> None:
    told = versions.ProtocolVersion(version=versions.VERSION, path="/dsp/2025-1", auth=auth)
    assert versions.parse_versions(versions.versions_bytes(told)) == (told,)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"@context": [CONTEXT]}, "dsp.did_context"),
        ({"serviceEndpoint": "https://x/"}, "dsp.did_endpoint"),
        ({"type": "DataService"}, "dsp.did_endpoint"),
        ({"type": "Other"}, "dsp.choice"),
    ],
)
def test_a_did_entry_that_leads_nowhere_is_refused(change: dict[str, Json], code: str) -> None:
    service = versions.DidService(id="i", type="CatalogService", endpoint="https://x/catalog")
    with pytest.raises(PeerError) as refused:
        versions.parse_did_service(canonical({**service.json(), **change}))
    assert refused.value.code == code
    plain = {"id": "i", "type": "CatalogService", "serviceEndpoint": "https://x/catalog"}
    assert versions.parse_did_service(canonical(plain)) == service
