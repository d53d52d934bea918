"""The operations on items, releases, catalogues, transfers and rulings. Source: design 7."""

from typing import Final

from comity.api.operation import (
    Name,
    OfCounterpart,
    OneTransfer,
    Operation,
    Request,
    Words,
    get,
    post,
)


class UploadItem(Request, frozen=True, kw_only=True):
    """Describe the file that the request body carries."""

    name: Name
    area: Name
    kind: Name
    marking: Name
    purpose: Name
    title: Words = ""
    action: Name = "share"
    media: Name = "application/octet-stream"


class ItemTo(Request, frozen=True, kw_only=True):
    """One item and the counterpart it is meant for."""

    item: Name
    counterpart: Name


class Fetch(OfCounterpart, frozen=True, kw_only=True):
    """Contract and pull one dataset of the counterpart's catalogue."""

    dataset: Name


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("items", "/api/items", "Our items and what is released to whom"),
    Operation(
        name="items.add",
        method="POST",
        path="/api/items",
        request=UploadItem,
        summary="Bring a file into the node",
        roles=("desk_officer",),
        body="upload",
    ),
    post(
        "items.check",
        "/api/items/{item}/check",
        request=ItemTo,
        summary="May I send this?",
        roles=("desk_officer", "release_officer"),
    ),
    post(
        "items.offer",
        "/api/items/{item}/offer",
        request=ItemTo,
        summary="Ask the release officer to release an item",
        roles=("desk_officer",),
    ),
    post(
        "items.release",
        "/api/items/{item}/release",
        request=ItemTo,
        summary="Release an item to a counterpart",
        roles=("release_officer",),
    ),
    post(
        "items.withdraw",
        "/api/items/{item}/withdraw",
        request=ItemTo,
        summary="Withdraw a release",
        roles=("release_officer",),
    ),
    get(
        "catalogue",
        "/api/catalogue",
        "What the counterpart has released to us",
        request=OfCounterpart,
    ),
    post(
        "fetch",
        "/api/fetch",
        request=Fetch,
        summary="Contract and pull one dataset",
        roles=("desk_officer",),
    ),
    get("transfers", "/api/transfers", "Transfers, in and out"),
    get("transfers.show", "/api/transfers/{transfer}", "One transfer", request=OneTransfer),
    Operation(
        name="transfers.content",
        method="GET",
        path="/api/transfers/{transfer}/content",
        request=OneTransfer,
        summary="The received file, as a download",
        answer="bytes",
    ),
    get("rulings", "/api/rulings", "Rulings our node made, latest first", request=OfCounterpart),
)
