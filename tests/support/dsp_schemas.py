"""The official schemas of the Dataspace Protocol, and one way to hold a message against them.

Known faults of the schemas are corrected in memory, each with its reason (dataspace-protocol 12).
"""

import json
from functools import cache
from pathlib import Path
from typing import Final

import jsonschema_rs

BASE_IRI: Final = "https://w3id.org/dspace/2025/1/"
#: The schema of each ``@type``.
NAMES: Final = {
    "ContractRequestMessage": "negotiation/contract-request-message",
    "ContractOfferMessage": "negotiation/contract-offer-message",
    "ContractAgreementMessage": "negotiation/contract-agreement-message",
    "ContractAgreementVerificationMessage": "negotiation/contract-agreement-verification-message",
    "ContractNegotiationEventMessage": "negotiation/contract-negotiation-event-message",
    "ContractNegotiationTerminationMessage": "negotiation/contract-negotiation-termination-message",
    "ContractNegotiation": "negotiation/contract-negotiation",
    "ContractNegotiationError": "negotiation/contract-negotiation-error",
    "TransferRequestMessage": "transfer/transfer-request-message",
    "TransferStartMessage": "transfer/transfer-start-message",
    "TransferCompletionMessage": "transfer/transfer-completion-message",
    "TransferSuspensionMessage": "transfer/transfer-suspension-message",
    "TransferTerminationMessage": "transfer/transfer-termination-message",
    "TransferProcess": "transfer/transfer-process",
    "TransferError": "transfer/transfer-error",
    "Catalog": "catalog/catalog",
    "Dataset": "catalog/dataset",
    "CatalogRequestMessage": "catalog/catalog-request-message",
    "DatasetRequestMessage": "catalog/dataset-request-message",
    "CatalogError": "catalog/catalog-error",
}


@cache
def registry(folder: Path) -> jsonschema_rs.Registry:
    """Return the official schemas by their IRI, faults corrected."""
    resources = []
    for path in sorted(folder.glob("*/*-schema.json")):
        text = path.read_text("utf-8")
        # Three transfer schemas point to "#definitions/...", which is no JSON pointer.
        schema = json.loads(text.replace("json#definitions/", "json#/definitions/"))
        resources.append((f"{BASE_IRI}{path.parent.name}/{path.name}", schema))
    return jsonschema_rs.Registry(resources)


@cache
def validator(folder: Path, name: str) -> jsonschema_rs.Draft201909Validator:
    """Return the validator for the official schema ``name``."""
    reference = {"$ref": f"{BASE_IRI}{name}-schema.json"}
    return jsonschema_rs.Draft201909Validator(reference, registry=registry(folder))


def check(folder: Path, name: str, body: bytes) -> None:
    """Fail where ``body`` does not fulfil the official schema ``name``."""
    wrong = [error.message for error in validator(folder, name).iter_errors(json.loads(body))]
    assert not wrong, (name, wrong, body)


def check_message(folder: Path, message: object) -> None:
    """Fail where a message does not fulfil the official schema of its ``@type``."""
    kind = message.get("@type") if isinstance(message, dict) else None
    assert kind in NAMES, f"no message of the protocol: {message}"
    check(folder, NAMES[str(kind)], json.dumps(message).encode())
