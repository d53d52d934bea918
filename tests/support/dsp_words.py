"""The messages and both machines of the Dataspace Protocol as the peer of the tests knows them.

Written from the specification and not from the package, so that neither can hide the other's error.
Source: dataspace-protocol 2 to 5.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

Body: TypeAlias = dict[str, object]

CONTEXT: Final = ["https://w3id.org/dspace/2025/1/context.jsonld"]
ENDS: Final = frozenset({"FINALIZED", "COMPLETED", "TERMINATED"})
OTHER: Final = {"consumer": "provider", "provider": "consumer"}


@attrs.frozen(kw_only=True)
class Word:
    """How a message that the scenarios call by one word is written, and where it goes."""

    type: str
    path: str
    extra: Body = attrs.field(factory=dict)


_WHY: Final[Body] = {"code": "test", "reason": ["The scenario says so."]}
WORDS: Final[Mapping[str, Mapping[str, Word]]] = {
    "negotiations": {
        "request": Word(type="ContractRequestMessage", path="request"),
        "offer": Word(type="ContractOfferMessage", path="offers"),
        "acceptance": Word(
            type="ContractNegotiationEventMessage", path="events", extra={"eventType": "ACCEPTED"}
        ),
        "agreement": Word(type="ContractAgreementMessage", path="agreement"),
        "verification": Word(
            type="ContractAgreementVerificationMessage", path="agreement/verification"
        ),
        "finalization": Word(
            type="ContractNegotiationEventMessage", path="events", extra={"eventType": "FINALIZED"}
        ),
        "termination": Word(
            type="ContractNegotiationTerminationMessage", path="termination", extra=_WHY
        ),
    },
    "transfers": {
        "request": Word(type="TransferRequestMessage", path="request"),
        "start": Word(type="TransferStartMessage", path="start"),
        "suspension": Word(type="TransferSuspensionMessage", path="suspension", extra=_WHY),
        "completion": Word(type="TransferCompletionMessage", path="completion"),
        "termination": Word(type="TransferTerminationMessage", path="termination", extra=_WHY),
    },
}
ANSWERS: Final = {"negotiations": "ContractNegotiation", "transfers": "TransferProcess"}
ERRORS: Final = {"negotiations": "ContractNegotiationError", "transfers": "TransferError"}

#: From which state, by whom, which message, to which state.
_NEGOTIATION: Final = """
    NOTHING    consumer  request       REQUESTED
    REQUESTED  provider  offer         OFFERED
    REQUESTED  provider  agreement     AGREED
    OFFERED    consumer  request       REQUESTED
    OFFERED    consumer  acceptance    ACCEPTED
    ACCEPTED   provider  agreement     AGREED
    AGREED     consumer  verification  VERIFIED
    VERIFIED   provider  finalization  FINALIZED
"""
_TRANSFER: Final = """
    NOTHING    consumer  request     REQUESTED
    REQUESTED  provider  start       STARTED
    STARTED    provider  suspension  SUSPENDED
    STARTED    consumer  suspension  SUSPENDED
    STARTED    provider  completion  COMPLETED
    STARTED    consumer  completion  COMPLETED
    SUSPENDED  provider  start       STARTED
    SUSPENDED  consumer  start       STARTED
"""


def _table(text: str, live: str) -> Mapping[tuple[str, str, str], str]:
    rows = [line.split() for line in text.split("\n") if line.strip()]
    table = {(state, sender, word): after for state, sender, word, after in rows}
    ends = [(state, sender, "termination") for state in live.split() for sender in OTHER]
    return table | dict.fromkeys(ends, "TERMINATED")


TABLES: Final = {
    "negotiations": _table(_NEGOTIATION, "REQUESTED OFFERED ACCEPTED AGREED VERIFIED"),
    "transfers": _table(_TRANSFER, "REQUESTED STARTED SUSPENDED"),
}
