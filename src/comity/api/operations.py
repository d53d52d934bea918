"""Every operation that an official can ask of the node: one table for server, client and docs.

The rows stand in one module per room, each beside its requests. Source: design 13.4, 13.5.
"""

from typing import Final

from comity.api import (
    accounts,
    agreements,
    bodies,
    coordination,
    dataspace,
    drafting,
    legal,
    mail,
    meetings,
    pairing,
    parties,
    people,
    projects,
    record,
    redlines,
    relationship,
    sharing,
    statements,
    technology,
    tokens,
)
from comity.api.agreements import (
    AcceptPackage,
    Answer,
    Counter,
    Draft,
    InstrumentText,
    OfferPackage,
    OpenWindow,
    Reason,
    Suspend,
)
from comity.api.operation import OfCounterpart, OneInstrument, OneTransfer, Operation, Request, Role
from comity.api.paging import paged
from comity.api.parties import (
    AcceptLetter,
    AddOfficial,
    DeliverSignature,
    ExportLetter,
    GivenLetter,
    GrantPowers,
    OneRequest,
    RevokePowers,
)
from comity.api.record import Entries
from comity.api.redlines import Deviate, SetRedLines
from comity.api.sharing import Fetch, ItemTo, UploadItem

# Whoever works with an operation needs its request: both are one contract.
__all__ = (
    "BY_NAME",
    "OPERATIONS",
    "AcceptLetter",
    "AcceptPackage",
    "AddOfficial",
    "Answer",
    "Counter",
    "DeliverSignature",
    "Deviate",
    "Draft",
    "Entries",
    "ExportLetter",
    "Fetch",
    "GivenLetter",
    "GrantPowers",
    "InstrumentText",
    "ItemTo",
    "OfCounterpart",
    "OfferPackage",
    "OneInstrument",
    "OneRequest",
    "OneTransfer",
    "OpenWindow",
    "Operation",
    "Reason",
    "Request",
    "RevokePowers",
    "Role",
    "SetRedLines",
    "Suspend",
    "UploadItem",
)

_ROWS: Final[tuple[Operation, ...]] = (
    *parties.OPERATIONS,
    *pairing.OPERATIONS,
    *people.OPERATIONS,
    *accounts.OPERATIONS,
    *agreements.OPERATIONS,
    *redlines.OPERATIONS,
    *drafting.OPERATIONS,
    *legal.OPERATIONS,
    *sharing.OPERATIONS,
    *dataspace.OPERATIONS,
    *record.OPERATIONS,
    *tokens.OPERATIONS,
    *relationship.OPERATIONS,
    *coordination.OPERATIONS,
    *technology.OPERATIONS,
    *projects.OPERATIONS,
    *bodies.OPERATIONS,
    *meetings.OPERATIONS,
    *mail.OPERATIONS,
    *statements.OPERATIONS,
)

#: Those whose answer is a list take a page.
OPERATIONS: Final[tuple[Operation, ...]] = tuple(map(paged, _ROWS))

BY_NAME: Final = {operation.name: operation for operation in OPERATIONS}
