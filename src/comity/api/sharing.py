"""The operations on items, releases, catalogues, transfers and rulings. Source: design 7."""

from typing import Annotated, Final, Literal

from msgspec import Meta

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

#: A file's name as it comes from a disk or a browser; what is kept of it is shorter.
FileName = Annotated[str, Meta(min_length=1, max_length=4_000)]
Reason = Annotated[str, Meta(min_length=1, max_length=1_000)]
Reference = Annotated[str, Meta(max_length=200)]


class UploadItem(Request, frozen=True, kw_only=True):
    """Describe the file that the request body carries.

    Without an action it is the one that its area allows, to share where that is allowed.
    """

    name: FileName
    area: Name
    kind: Name
    marking: Name
    purpose: Name
    title: Words = ""
    action: Reference = ""
    media: Name = "application/octet-stream"


class MaySend(OfCounterpart, frozen=True, kw_only=True):
    """Describe something that is not in the node yet, and for whom it is meant.

    Without an action it is the one that its area allows, to share where that is allowed.
    """

    area: Name
    kind: Name
    marking: Name
    purpose: Name
    action: Reference = ""
    onward: bool = False


class OneItem(Request, frozen=True, kw_only=True):
    """One item of ours."""

    item: Name


class ItemTo(OneItem, frozen=True, kw_only=True):
    """One item and the counterpart it is meant for."""

    counterpart: Name


class OfferItem(ItemTo, frozen=True, kw_only=True):
    """What is to be released, to whom, and whether they may pass it on."""

    onward: bool = False


class ReleaseItem(OfferItem, frozen=True, kw_only=True):
    """What is released; with ``wish`` only if that wish still waits."""

    wish: Reference = ""


class DeclineItem(ItemTo, frozen=True, kw_only=True):
    """What is not released, and why; with ``wish`` only if that wish still waits."""

    reason: Reason
    wish: Reference = ""


class Wishes(Request, frozen=True, kw_only=True):
    """Which wishes: those that wait, or all that ever were."""

    status: Literal["waiting", "all"] = "waiting"


class OneWish(Request, frozen=True, kw_only=True):
    """One wish for a release."""

    wish: Name


class Fetch(OfCounterpart, frozen=True, kw_only=True):
    """Contract and pull one dataset of the counterpart's catalogue."""

    dataset: Name
    wait: bool = True


class OneFetch(Request, frozen=True, kw_only=True):
    """One fetch of ours, by the id of its contract negotiation."""

    fetch: Name


class OneHeld(Request, frozen=True, kw_only=True):
    """One thing that waits for a person."""

    held: Name


class SettleHeld(OneHeld, frozen=True, kw_only=True):
    """What waits, and what the counterpart is told."""

    reason: Reason = "Declined by an official."


class StopTransfer(OneTransfer, frozen=True, kw_only=True):
    """Which transfer is paused or ended, and what the counterpart is told."""

    reason: Reason


_ASKING: Final = ("desk_officer", "release_officer")

_ITEMS: Final[tuple[Operation, ...]] = (
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
    get("items.show", "/api/items/{item}", "One item, and all that became of it", request=OneItem),
    get(
        "areas",
        "/api/areas",
        "What may be sent to a counterpart, area by area",
        request=OfCounterpart,
    ),
    post(
        "items.ask",
        "/api/may-i-send",
        request=MaySend,
        summary="May I send this? Before a file is brought in",
    ),
    post(
        "items.check",
        "/api/items/{item}/check",
        request=OfferItem,
        summary="May I send this?",
        roles=_ASKING,
    ),
    post(
        "items.offer",
        "/api/items/{item}/offer",
        request=OfferItem,
        summary="Ask the release officer to release an item",
        roles=("desk_officer",),
    ),
    post(
        "items.cancel",
        "/api/items/{item}/cancel",
        request=ItemTo,
        summary="Take back the wish to have an item released",
        roles=("desk_officer",),
    ),
)

_RELEASES: Final[tuple[Operation, ...]] = (
    get("wishes", "/api/wishes", "What waits for the release officer", request=Wishes),
    get("wishes.show", "/api/wishes/{wish}", "One wish, with all facts", request=OneWish),
    post(
        "items.release",
        "/api/items/{item}/release",
        request=ReleaseItem,
        summary="Release an item to a counterpart",
        roles=("release_officer",),
    ),
    post(
        "items.decline",
        "/api/items/{item}/decline",
        request=DeclineItem,
        summary="Decline to release an item, and say why",
        roles=("release_officer",),
    ),
    post(
        "items.withdraw",
        "/api/items/{item}/withdraw",
        request=ItemTo,
        summary="Withdraw a release",
        roles=("release_officer",),
    ),
)

_RECEIVING: Final[tuple[Operation, ...]] = (
    get(
        "catalogue",
        "/api/catalogue",
        "What the counterpart offers us at this moment, asked of its node",
        request=OfCounterpart,
    ),
    get(
        "released",
        "/api/released",
        "What the counterpart released to us, by its record",
        request=OfCounterpart,
    ),
    post(
        "fetch",
        "/api/fetch",
        request=Fetch,
        summary="Contract and pull one dataset",
        roles=("desk_officer",),
    ),
    get("fetch.show", "/api/fetch/{fetch}", "How far a fetch of ours is", request=OneFetch),
    get("held", "/api/held", "What the counterparts sent unasked, and waits for a person"),
    post(
        "held.settle",
        "/api/held/{held}/settle",
        request=SettleHeld,
        summary="Decline what came unasked, or put it away",
        roles=("desk_officer",),
    ),
)

_TRANSFERS: Final[tuple[Operation, ...]] = (
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
    post(
        "transfers.suspend",
        "/api/transfers/{transfer}/suspend",
        request=StopTransfer,
        summary="Pause a running transfer; its token dies at once",
        roles=_ASKING,
    ),
    post(
        "transfers.resume",
        "/api/transfers/{transfer}/resume",
        request=OneTransfer,
        summary="Go on with a transfer that our side paused",
        roles=_ASKING,
    ),
    post(
        "transfers.terminate",
        "/api/transfers/{transfer}/terminate",
        request=StopTransfer,
        summary="End a transfer for good",
        roles=_ASKING,
    ),
    get("rulings", "/api/rulings", "Rulings our node made, latest first", request=OfCounterpart),
)

OPERATIONS: Final[tuple[Operation, ...]] = (*_ITEMS, *_RELEASES, *_RECEIVING, *_TRANSFERS)
