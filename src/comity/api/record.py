"""The operations on the record, evidence, and how the node is. Source: design 5, 9."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.operation import (
    OfCounterpart,
    OneInstrument,
    OneTransfer,
    Operation,
    get,
    post,
)


class Entries(OfCounterpart, frozen=True, kw_only=True):
    """A page of one log of the relationship's record."""

    log: Literal["ours", "theirs"] = "ours"
    start: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("status", "/api/status", "What waits for whom, and why"),
    get("health", "/api/health", "How the node itself is"),
    get(
        "record", "/api/record", "Both logs: sizes, roots, who cosigned when", request=OfCounterpart
    ),
    get("record.entries", "/api/record/entries", "Entries of one log", request=Entries),
    post(
        "record.replay",
        "/api/record/replay",
        request=OfCounterpart,
        summary="Rebuild the state from both logs and compare it with the database",
    ),
    post(
        "record.recover",
        "/api/record/recover",
        request=OfCounterpart,
        summary="Get our own entries back from the counterpart after a restore",
        roles=("engineer", "mandate_holder", "legal_adviser"),
    ),
    Operation(
        name="evidence.agreement",
        method="GET",
        path="/api/evidence/agreement/{instrument}",
        request=OneInstrument,
        summary="Evidence of an agreement, as one archive",
        answer="bytes",
    ),
    Operation(
        name="evidence.transfer",
        method="GET",
        path="/api/evidence/transfer/{transfer}",
        request=OneTransfer,
        summary="Evidence of a transfer, as one archive",
        answer="bytes",
    ),
)
