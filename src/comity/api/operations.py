"""Every operation that an official can ask of the node: one table for server, client and docs.

The requests themselves stand in ``requests``. ``roles`` empty means every official. Path members in
braces are members of the request of the same name. Source: design 13.4, 13.5.
"""

from typing import Final, Literal

import attrs

from comity.api.requests import (
    AcceptLetter,
    AcceptPackage,
    AddOfficial,
    Answer,
    Counter,
    DeliverSignature,
    Deviate,
    Draft,
    Entries,
    ExportLetter,
    Fetch,
    GivenLetter,
    GrantPowers,
    InstrumentText,
    ItemTo,
    OfCounterpart,
    OfferPackage,
    OneInstrument,
    OneRequest,
    OneTransfer,
    OpenWindow,
    Reason,
    Request,
    RevokePowers,
    Role,
    SetRedLines,
    Suspend,
    UploadItem,
)

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


@attrs.frozen(kw_only=True)
class Operation:
    """One operation: where it is called, with what, by whom."""

    name: str
    method: Literal["GET", "POST"]
    path: str
    request: type[Request]
    summary: str
    roles: tuple[Role, ...] = ()
    body: Literal["json", "upload"] = "json"
    answer: Literal["json", "bytes"] = "json"


def _get(name: str, path: str, summary: str, *, request: type[Request] = Request) -> Operation:
    return Operation(name=name, method="GET", path=path, request=request, summary=summary)


def _post(
    name: str, path: str, *, request: type[Request], summary: str, roles: tuple[Role, ...] = ()
) -> Operation:
    return Operation(
        name=name, method="POST", path=path, request=request, summary=summary, roles=roles
    )


_AG: Final = "/api/agreements/{instrument}"
_NEGOTIATE: Final[tuple[Role, ...]] = ("negotiator",)
_SIGN: Final[tuple[Role, ...]] = ("signatory",)

OPERATIONS: Final[tuple[Operation, ...]] = (
    _get("status", "/api/status", "What waits for whom, and why"),
    _get("health", "/api/health", "How the node itself is"),
    _post(
        "letters.export",
        "/api/letters/export",
        request=ExportLetter,
        summary="Our letter of introduction as a file",
    ),
    _post(
        "letters.read",
        "/api/letters/read",
        request=GivenLetter,
        summary="Read a counterpart's letter and show the fingerprint to compare",
    ),
    _post(
        "letters.accept",
        "/api/letters/accept",
        request=AcceptLetter,
        summary="Ask two officials to accept a letter",
        roles=("mandate_holder", "legal_adviser", "engineer"),
    ),
    _get("officials", "/api/officials", "The officials this node knows"),
    _post(
        "officials.add",
        "/api/officials/add",
        request=AddOfficial,
        summary="Make an official known by their card",
    ),
    _post(
        "officials.powers",
        "/api/officials/powers",
        request=GrantPowers,
        summary="Ask for full powers for an official",
        roles=("mandate_holder", "legal_adviser"),
    ),
    _post(
        "officials.revoke",
        "/api/officials/revoke",
        request=RevokePowers,
        summary="Ask to end an official's full powers",
        roles=("mandate_holder", "legal_adviser"),
    ),
    _get("requests", "/api/requests", "What waits for a personal signature"),
    _get(
        "requests.show",
        "/api/requests/{request}",
        "One signing request, as a file",
        request=OneRequest,
    ),
    _post(
        "requests.drop",
        "/api/requests/{request}/drop",
        request=OneRequest,
        summary="Drop a signing request that is not settled",
    ),
    _post(
        "requests.deliver",
        "/api/requests/{request}/signatures",
        request=DeliverSignature,
        summary="Hand in a signature",
    ),
    _get("agreements", "/api/agreements", "The instruments of this node"),
    _post(
        "agreements.draft",
        "/api/agreements/draft",
        request=Draft,
        summary="Start an instrument from a text",
        roles=("negotiator", "desk_officer"),
    ),
    _get("agreements.show", _AG, "One instrument, unit by unit", request=OneInstrument),
    _get("agreements.text", _AG + "/text", "The text of one instrument", request=InstrumentText),
    _post(
        "agreements.talk",
        _AG + "/talk",
        request=OneInstrument,
        summary="Agree to talk about a tabled text (not to the text)",
        roles=_NEGOTIATE,
    ),
    _post(
        "agreements.answer",
        _AG + "/answers",
        request=Answer,
        summary="Stage answers to units",
        roles=(*_NEGOTIATE, "mandate_holder"),
    ),
    _post(
        "agreements.counter",
        _AG + "/counter",
        request=Counter,
        summary="Stage the changes of an edited text",
        roles=_NEGOTIATE,
    ),
    _post(
        "agreements.package",
        _AG + "/packages",
        request=OfferPackage,
        summary="Stage a package offer",
        roles=_NEGOTIATE,
    ),
    _post(
        "agreements.accept_package",
        _AG + "/packages/accept",
        request=AcceptPackage,
        summary="Stage the acceptance of a package",
        roles=_NEGOTIATE,
    ),
    _get("agreements.staged", _AG + "/staged", "What would be tabled", request=OneInstrument),
    _post(
        "agreements.unstage",
        _AG + "/unstage",
        request=OneInstrument,
        summary="Drop what is staged",
        roles=(*_NEGOTIATE, "mandate_holder"),
    ),
    _post(
        "agreements.table",
        _AG + "/table",
        request=Reason,
        summary="Table the draft or the staged answers: now they leave",
        roles=(*_NEGOTIATE, "mandate_holder"),
    ),
    _post(
        "agreements.reopen",
        _AG + "/reopen",
        request=Reason,
        summary="Reopen an agreed text",
        roles=_NEGOTIATE,
    ),
    _post(
        "agreements.abandon",
        _AG + "/abandon",
        request=Reason,
        summary="Abandon an instrument that is not signed",
        roles=(*_NEGOTIATE, "mandate_holder"),
    ),
    _post(
        "agreements.adopt",
        _AG + "/adopt",
        request=OneInstrument,
        summary="Ask a signatory to adopt the clean text",
        roles=_SIGN,
    ),
    _post(
        "agreements.initial",
        _AG + "/initial",
        request=OneInstrument,
        summary="Ask a signatory to initial the adopted text",
        roles=_SIGN,
    ),
    _post(
        "agreements.clear",
        _AG + "/clear",
        request=OneInstrument,
        summary="Clear the initialled text for signature (private)",
        roles=("mandate_holder",),
    ),
    _post(
        "agreements.window",
        _AG + "/window",
        request=OpenWindow,
        summary="Propose a signing window",
        roles=(*_NEGOTIATE, "legal_adviser"),
    ),
    _post(
        "agreements.ready",
        _AG + "/ready",
        request=OneInstrument,
        summary="Agree to the proposed signing window",
        roles=(*_NEGOTIATE, "legal_adviser"),
    ),
    _post(
        "agreements.sign",
        _AG + "/sign",
        request=OneInstrument,
        summary="The signing request for one signatory",
        roles=_SIGN,
    ),
    _post(
        "agreements.suspend",
        _AG + "/suspend",
        request=Suspend,
        summary="Ask a signatory to suspend the whole or some units",
        roles=_SIGN,
    ),
    _post(
        "agreements.resume",
        _AG + "/resume",
        request=OneInstrument,
        summary="Ask a signatory to resume what is suspended",
        roles=_SIGN,
    ),
    _get("redlines", "/api/redlines/{instrument}", "Our private red lines", request=OneInstrument),
    _post(
        "redlines.set",
        "/api/redlines/{instrument}",
        request=SetRedLines,
        summary="Set our private red lines",
        roles=("mandate_holder",),
    ),
    _post(
        "redlines.deviate",
        "/api/redlines/{instrument}/deviations",
        request=Deviate,
        summary="Let one red line pass for one unit as it stands",
        roles=("mandate_holder",),
    ),
    _get("items", "/api/items", "Our items and what is released to whom"),
    Operation(
        name="items.add",
        method="POST",
        path="/api/items",
        request=UploadItem,
        summary="Bring a file into the node",
        roles=("desk_officer",),
        body="upload",
    ),
    _post(
        "items.check",
        "/api/items/{item}/check",
        request=ItemTo,
        summary="May I send this?",
        roles=("desk_officer", "release_officer"),
    ),
    _post(
        "items.offer",
        "/api/items/{item}/offer",
        request=ItemTo,
        summary="Ask the release officer to release an item",
        roles=("desk_officer",),
    ),
    _post(
        "items.release",
        "/api/items/{item}/release",
        request=ItemTo,
        summary="Release an item to a counterpart",
        roles=("release_officer",),
    ),
    _post(
        "items.withdraw",
        "/api/items/{item}/withdraw",
        request=ItemTo,
        summary="Withdraw a release",
        roles=("release_officer",),
    ),
    _get(
        "catalogue",
        "/api/catalogue",
        "What the counterpart has released to us",
        request=OfCounterpart,
    ),
    _post(
        "fetch",
        "/api/fetch",
        request=Fetch,
        summary="Contract and pull one dataset",
        roles=("desk_officer",),
    ),
    _get("transfers", "/api/transfers", "Transfers, in and out"),
    _get("transfers.show", "/api/transfers/{transfer}", "One transfer", request=OneTransfer),
    Operation(
        name="transfers.content",
        method="GET",
        path="/api/transfers/{transfer}/content",
        request=OneTransfer,
        summary="The received file, as a download",
        answer="bytes",
    ),
    _get("rulings", "/api/rulings", "Rulings our node made, latest first", request=OfCounterpart),
    _get(
        "record", "/api/record", "Both logs: sizes, roots, who cosigned when", request=OfCounterpart
    ),
    _get("record.entries", "/api/record/entries", "Entries of one log", request=Entries),
    _post(
        "record.replay",
        "/api/record/replay",
        request=OfCounterpart,
        summary="Rebuild the state from both logs and compare it with the database",
    ),
    _post(
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

BY_NAME: Final = {operation.name: operation for operation in OPERATIONS}
