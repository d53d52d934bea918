"""Every message we print against the official schemas, every official example against our parsers.

The schemas and examples are those of the Dataspace Protocol 2025-1 in the shared data.
"""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from comity.foundation.errors import PeerError, RefusedError
from comity.protocols.dsp import answers, versions
from comity.protocols.dsp import catalogue as dcat
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp.reading import Readable, parse_as, to_bytes
from comity.sharing import contracts, transfers
from comity.sharing.catalogue import Dataset
from comity.sharing.model import Family
from support import dsp as samples
from support.dsp_schemas import NAMES, check, validator
from support.sharing import BASE, RELEASE, A, B, facts
from support.sharing_path import OFFER, agreed, contract, post, transferring

SCHEMAS: dict[type[Readable], str] = {
    kind: NAMES[kind.__name__]
    for kind in (
        dsp.ContractRequestMessage,
        dsp.ContractOfferMessage,
        dsp.ContractAgreementMessage,
        dsp.ContractAgreementVerificationMessage,
        dsp.ContractNegotiationEventMessage,
        dsp.ContractNegotiationTerminationMessage,
        dsp.ContractNegotiation,
        dsp.ContractNegotiationError,
        dsp.TransferRequestMessage,
        dsp.TransferStartMessage,
        dsp.TransferCompletionMessage,
        dsp.TransferSuspensionMessage,
        dsp.TransferTerminationMessage,
        dsp.TransferProcess,
        dsp.TransferError,
        dcat.Catalog,
        dcat.Dataset,
        dcat.CatalogRequestMessage,
        dcat.DatasetRequestMessage,
        dcat.CatalogError,
    )
}
#: Examples whose name is not their message's.
EXAMPLES: dict[str, type[Readable]] = {
    **{name.rsplit("/", 1)[1]: kind for kind, name in SCHEMAS.items()},
    "contract-agreement-message-full": dsp.ContractAgreementMessage,
    "contract-offer-message_initial": dsp.ContractOfferMessage,
    "contract-request-message_initial": dsp.ContractRequestMessage,
    "nested-catalog": dcat.Catalog,
}
EXAMPLE_NAMES = sorted(EXAMPLES)


@pytest.fixture(scope="module")
def official(shared_data: Path) -> Path:
    folder: Path = shared_data / "dsp-2025-1"
    return folder


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(samples.messages)
def test_whatever_we_print_fulfils_the_official_schema(official: Path, message: Readable) -> None:
    check(official, SCHEMAS[type(message)], to_bytes(message))


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_every_official_example_is_read_and_printed_again(official: Path, name: str) -> None:
    kind = EXAMPLES[name]
    found = sorted(official.glob(f"*/example/{name}.json"))
    assert found, name
    for path in found:
        message = parse_as(path.read_bytes(), kind)
        printed = to_bytes(message)
        assert parse_as(printed, kind) == message
        check(official, SCHEMAS[kind], printed)
        told, again = json.loads(path.read_bytes()), json.loads(printed)
        assert {key: again.get(key, []) for key in told} == told


def test_no_official_example_is_left_out(official: Path) -> None:
    names = {path.stem for path in official.glob("*/example/*.json")}
    assert names - {
        "catalogservice-did-service",
        "dataservice-did-service",
        "protocol-version",
    } == (set(EXAMPLES) & names)


def test_the_version_document_and_did_entries_are_read_and_printed(official: Path) -> None:
    body = (official / "common/example/protocol-version.json").read_bytes()
    read = versions.parse_versions(body)
    printed = versions.versions_bytes(*read)
    assert json.loads(printed) == json.loads(body)
    check(official, "common/protocol-version", printed)
    for name in ("catalogservice", "dataservice"):
        entry = (official / f"common/example/{name}-did-service.json").read_bytes()
        service = versions.parse_did_service(entry)
        assert service.json() == json.loads(entry)
    # The official pattern asks "/catalog" of both kinds; only the first can fulfil it.
    catalogue = (official / "common/example/catalogservice-did-service.json").read_bytes()
    check(official, "common/did-service", catalogue)


def test_what_a_node_sends_and_answers_on_the_straight_path_fulfils_the_schemas(
    official: Path,
) -> None:
    consumer, _, _ = agreed()
    check(official, "negotiation/contract-negotiation", answers.process_bytes(consumer))
    body = post(contracts.consumer_start(OFFER, facts=facts(B)))[1].body
    check(official, "negotiation/contract-request-message", body)
    transfer, serving, _ = transferring()
    for process in (transfer, serving):
        check(official, "transfer/transfer-process", answers.process_bytes(process))
    body = post(transfers.consumer_request(contract(), facts=facts(B)))[1].body
    check(official, "transfer/transfer-request-message", body)
    dataset = Dataset(id=RELEASE.item.id, offer=OFFER)
    listed = answers.catalogue_bytes([dataset], catalogue="urn:uuid:c", participant=A, base=BASE[A])
    check(official, "catalog/catalog", listed)
    empty = answers.catalogue_bytes([], catalogue="urn:uuid:c", participant=A, base=BASE[A])
    check(official, "catalog/catalog", empty)
    one = answers.dataset_bytes(dataset, service="urn:uuid:s")
    check(official, "catalog/dataset", one)
    error = RefusedError("sharing.refused", "It is suspended.", {"ruling": "suspended"})
    for family, name in (
        (None, "catalog/catalog-error"),
        (Family.NEGOTIATION, "negotiation/contract-negotiation-error"),
        (Family.TRANSFER, "transfer/transfer-error"),
    ):
        check(official, name, answers.error_bytes(error, family=family))


#: Other connectors leave the pids out of errors; reading one must not fail for that.
LENIENT = {"negotiation/contract-negotiation-error", "transfer/transfer-error"}


@pytest.mark.parametrize("name", sorted(set(SCHEMAS.values()) - LENIENT))
def test_what_the_schema_demands_we_demand(official: Path, name: str) -> None:
    """Take each required member away, at the root and below, and expect a refusal as well."""
    kind = next(kind for kind, schema in SCHEMAS.items() if schema == name)
    for path in sorted(official.glob("*/example/*.json")):
        if EXAMPLES.get(path.stem) is not kind:
            continue
        told = json.loads(path.read_bytes())
        for broken in _without_one_member(told):
            if not validator(official, name).is_valid(broken):
                with pytest.raises(PeerError):
                    parse_as(json.dumps(broken).encode(), kind)


def _without_one_member(value: object) -> list[object]:
    made: list[object] = []
    if isinstance(value, dict):
        for name, member in value.items():
            made.append({key: each for key, each in value.items() if key != name})
            made += [{**value, name: each} for each in _without_one_member(member)]
    elif isinstance(value, list):
        for place, member in enumerate(value):
            made += [
                [*value[:place], each, *value[place + 1 :]] for each in _without_one_member(member)
            ]
    return made
