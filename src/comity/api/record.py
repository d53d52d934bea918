"""The operations on the record, evidence, and how the node is. Source: design 5, 9."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.operation import (
    Name,
    OfCounterpart,
    OneInstrument,
    OneTransfer,
    Operation,
    Request,
    get,
    post,
)

Order = Literal["oldest", "newest"]
Text = Annotated[str, Meta(max_length=200)]
At = Annotated[int, Meta(ge=0)] | None
Limit = Annotated[int, Meta(ge=1, le=1000)]
Letter = Annotated[str, Meta(max_length=400_000)]


class Entries(OfCounterpart, frozen=True, kw_only=True):
    """A page of one log of the relationship's record.

    ``start`` is a place between entries: oldest first shows those from it on, newest first those
    before it. ``kind`` is one kind, or a beginning such as "signing."; ``about`` the id of what
    they are about; ``text`` is looked for in what they say.
    """

    log: Literal["ours", "theirs"] = "ours"
    start: At = None
    limit: Limit = 100
    order: Order = "oldest"
    kind: Text = ""
    about: Text = ""
    text: Text = ""


class BothLogs(OfCounterpart, frozen=True, kw_only=True):
    """A page of both logs in one order that their causality allows; filters as for one log.

    ``ours`` and ``theirs`` are the place to go on from, as the page before gave them.
    """

    ours: At = None
    theirs: At = None
    limit: Limit = 100
    order: Order = "newest"
    kind: Text = ""
    about: Text = ""
    text: Text = ""


class OneEntry(OfCounterpart, frozen=True, kw_only=True):
    """One entry of one log."""

    log: Literal["ours", "theirs"]
    n: Annotated[int, Meta(ge=0)]


class Checkpoints(OfCounterpart, frozen=True, kw_only=True):
    """A page of the cosigned heads of one log, newest first."""

    log: Literal["ours", "theirs"] = "ours"
    skip: Annotated[int, Meta(ge=0)] = 0
    limit: Limit = 100


class HouseEntries(Request, frozen=True, kw_only=True):
    """A page of the house log; filters as for the logs that are shared."""

    start: At = None
    limit: Limit = 100
    order: Order = "newest"
    kind: Text = ""
    about: Text = ""
    text: Text = ""


class History(Request, frozen=True, kw_only=True):
    """One thing whose history is asked for.

    A release is named ``RELATIONSHIP/ours/7``, by the entry that recorded it; full powers by their
    digest, or all of an official's by the official; a pairing by the digest of the letter;
    a unit of a text ``INSTRUMENT/UNIT``.
    """

    kind: Literal[
        "instrument",
        "unit",
        "item",
        "transfer",
        "release",
        "relationship",
        "powers",
        "draft",
        "official",
        "approval",
        "pairing",
        "wish",
        "request",
    ]
    object: Name
    limit: Limit = 200


class VerifyEvidence(Request, frozen=True, kw_only=True):
    """Evidence, as the body; letters beside it in base64url, and whether ours count too."""

    letters: Annotated[tuple[Letter, ...], Meta(max_length=8)] = ()
    pinned: bool = True


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("status", "/api/status", "What waits for whom, and why"),
    get("health", "/api/health", "How the node itself is"),
    get(
        "record", "/api/record", "Both logs: sizes, roots, who cosigned when", request=OfCounterpart
    ),
    get("record.all", "/api/records", "Every relationship's record: how long, cosigned since when"),
    get("record.entries", "/api/record/entries", "Entries of one log", request=Entries),
    get(
        "record.both",
        "/api/record/both",
        "Entries of both logs, side by side in causal order",
        request=BothLogs,
    ),
    get(
        "record.entry",
        "/api/record/entry",
        "One entry whole, with its proof and who cosigned it when",
        request=OneEntry,
    ),
    get(
        "record.checkpoints",
        "/api/record/checkpoints",
        "The cosigned heads of one log",
        request=Checkpoints,
    ),
    get(
        "history",
        "/api/history",
        "Why something is in its state: acts, articles, persons",
        request=History,
    ),
    Operation(
        name="house.entries",
        method="GET",
        path="/api/house/entries",
        request=HouseEntries,
        summary="The house log: what this party did alone",
        roles=("mandate_holder", "legal_adviser"),
    ),
    post(
        "record.replay",
        "/api/record/replay",
        request=OfCounterpart,
        summary="Rebuild the state from both logs and compare it with the database",
    ),
    post(
        "record.replay_start",
        "/api/record/replay/start",
        request=OfCounterpart,
        summary="Begin the same, which can take long, and come back for the result",
    ),
    get(
        "record.replay_state",
        "/api/record/replay/state",
        "How far a replay has come, and its result",
        request=OfCounterpart,
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
        name="evidence.verify",
        method="POST",
        path="/api/evidence/verify",
        request=VerifyEvidence,
        summary="Verify an archive of evidence, stage by stage",
        body="upload",
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
