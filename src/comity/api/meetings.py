"""The operations on meetings. Source: agreements.md D2.5; spec 10.4, 10.5."""

from typing import Annotated, Final, Literal

import attrs
from msgspec import Meta

from comity.api.coordination import COORDINATORS, Day, Says, Title, Whom, Zone
from comity.api.operation import Name, Operation, Request, Role, get, post, told_once

Line = Annotated[str, Meta(max_length=300)]
Reason = Annotated[str, Meta(min_length=1, max_length=20_000)]
Mode = Literal["in_person", "online", "correspondence"]

#: Who reads and writes our private notes on the items of a meeting.
NOTERS: Final[tuple[Role, ...]] = (*COORDINATORS, "legal_adviser", "mandate_holder")


class Meetings(Request, frozen=True, kw_only=True):
    """Which meetings: all, those that go on, those ahead, those that were held; of which body."""

    state: Literal["all", "open", "ahead", "held"] = "all"
    body: Line = ""
    counterpart: Line = ""


class OneMeeting(Request, frozen=True, kw_only=True):
    """One meeting: its id, the beginning of it, or its title."""

    meeting: Name


class ProposeMeeting(Request, frozen=True, kw_only=True):
    """A meeting under an article: of a body, of a dialogue (``series``), or by itself.

    ``start`` and ``end`` are times in ``zone`` (2027-02-01T10:00), or instants in UTC (with Z).
    """

    counterpart: Name
    instrument: Name
    unit: Name
    title: Title
    body: Line = ""
    series: Line = ""
    mode: Mode = "in_person"
    place: Line = ""
    start: Day
    end: Day
    zone: Zone = "UTC"
    host: Literal["us", "them"] = "us"
    words: Says = ""


class OnMeeting(OneMeeting, frozen=True, kw_only=True):
    """One meeting, with words beside the act."""

    words: Says = ""


class CounterMeeting(OnMeeting, frozen=True, kw_only=True):
    """Another time or place; what is left empty stays as it was proposed."""

    mode: Literal["", "in_person", "online", "correspondence"] = ""
    place: Line = ""
    start: Day = ""
    end: Day = ""
    zone: Zone = ""
    host: Literal["", "us", "them"] = ""


class ReasonedOnMeeting(OneMeeting, frozen=True, kw_only=True):
    """One meeting, and why."""

    reason: Reason


class AddItem(OnMeeting, frozen=True, kw_only=True):
    """An item for the agenda; ``about`` names a commitment it is about."""

    title: Title
    about: Line = ""


class OnItem(OnMeeting, frozen=True, kw_only=True):
    """An item of the agenda: its number, id or title."""

    item: Name


class Attend(OnMeeting, frozen=True, kw_only=True):
    """Who takes part for our side: names or offices; replaces the list before."""

    people: Annotated[list[Title], Meta(max_length=100)]


class WriteOutcome(OnItem, frozen=True, kw_only=True):
    """What came of an item."""

    kind: Literal["information", "decision", "commitment", "deferred"]
    text: Reason


class OnOutcome(OnMeeting, frozen=True, kw_only=True):
    """An outcome: its number or id."""

    outcome: Name


class DraftRecord(OnMeeting, frozen=True, kw_only=True):
    """The record: one text for each item, in the order of the agenda."""

    texts: Annotated[list[Reason], Meta(max_length=100)]


class WriteVersion(OnItem, frozen=True, kw_only=True):
    """Our own text of an item of the record."""

    text: Reason


class RecallOnMeeting(OnMeeting, frozen=True, kw_only=True):
    """What of ours is taken back; of a consent the item, by its number, id or title."""

    of: Literal["agree", "open", "adjourn", "close", "seal", "consent"]
    item: Line = ""


class CommitOutcome(OnOutcome, frozen=True, kw_only=True):
    """The commitment that an agreed outcome becomes: who owes it to whom, until when."""

    title: Title
    test: Reason
    performer: Whom
    beneficiary: Whom
    due: Day
    zone: Zone = "UTC"


class WriteNote(OneMeeting, frozen=True, kw_only=True):
    """Our private note on an item; an empty text takes it away."""

    item: Name
    text: Says = ""


class InviteUs(OneMeeting, frozen=True, kw_only=True):
    """The mail address by which one's own calendar program knows oneself; by mail if wanted.

    Empty: the address that was given before is forgotten, and the file asks for nothing.
    """

    address: Annotated[str, Meta(max_length=300)]
    by_mail: bool = False


class NewFeed(Request, frozen=True, kw_only=True):
    """In which language its words are where its official has chosen none, by code (en, fr)."""

    language: Annotated[str, Meta(max_length=10)] = ""


class ReadAnswer(Request, frozen=True, kw_only=True):
    """A message that a calendar program wrote, as it came."""

    message: Annotated[str, Meta(max_length=70_000)]


class OneAnswer(Request, frozen=True, kw_only=True):
    """One answer that waits to be confirmed."""

    answer: Name


def _act(name: str, request: type[Request], summary: str) -> Operation:
    path = f"/api/meetings/{{meeting}}/{name}"
    return post(f"meetings.{name}", path, request=request, summary=summary, roles=COORDINATORS)


def _for(operation: Operation, roles: tuple[Role, ...]) -> Operation:
    return attrs.evolve(operation, roles=roles)


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("meetings", "/api/meetings", "Meetings, and how they stand", request=Meetings),
    _for(
        get(
            "meetings.answers",
            "/api/meetings/answers",
            "Answers of calendar programs that wait for whoever handed them in",
        ),
        COORDINATORS,
    ),
    get("meetings.show", "/api/meetings/{meeting}", "One meeting", request=OneMeeting),
    get(
        "meetings.calendar",
        "/api/meetings/{meeting}/calendar",
        "One meeting as a file for the calendar programs of our own people",
        request=OneMeeting,
    ),
    _for(
        get(
            "meetings.notes",
            "/api/meetings/{meeting}/notes",
            "Our private notes on its items; they never cross",
            request=OneMeeting,
        ),
        NOTERS,
    ),
    post(
        "meetings.propose",
        "/api/meetings",
        request=ProposeMeeting,
        summary="Propose a meeting under an article in force",
        roles=COORDINATORS,
    ),
    _act("counter", CounterMeeting, "Propose another time or place"),
    _act("confirm", OnMeeting, "Confirm the time and place that were proposed last"),
    _act("decline", ReasonedOnMeeting, "Decline a proposed meeting"),
    _act("postpone", ReasonedOnMeeting, "Postpone a confirmed meeting"),
    _act("cancel", ReasonedOnMeeting, "Cancel a meeting that was not opened"),
    _act("add", AddItem, "Add an item to the agenda"),
    _act("consent", OnItem, "Consent to an item that the other side raised"),
    _act("drop", OnItem, "Drop an item that we raised"),
    _act("agree", OnMeeting, "Agree to the agenda as it is; counts once both do"),
    _act("attend", Attend, "Say who takes part for our side"),
    _act("open", OnMeeting, "Open the meeting; counts once both do"),
    _act("outcome", WriteOutcome, "Write down what came of an item"),
    _act("retract", OnOutcome, "Take back an outcome that we wrote"),
    _act("concur", OnOutcome, "Concur in an outcome that the other side wrote"),
    _act("adjourn", OnMeeting, "Adjourn the meeting; counts once both do"),
    _act("close", OnMeeting, "Close the meeting; counts once both do"),
    _act("draft", DraftRecord, "Draft the record, as the host"),
    _act("version", WriteVersion, "Write our own text of an item of the record"),
    _act("take", OnItem, "Take the other side's text of an item of the record"),
    _act("seal", OnMeeting, "Agree to the record as it is; counts once both do"),
    _act("recall", RecallOnMeeting, "Take back what we said and does not count yet"),
    _act("commit", CommitOutcome, "Propose the commitment that an agreed outcome becomes"),
    _for(_act("note", WriteNote, "Keep a private note on an item; it never crosses"), NOTERS),
    _act("invite", InviteUs, "Take part by a calendar program: the file asks it for an answer"),
    post(
        "meetings.answer",
        "/api/meetings/answers",
        request=ReadAnswer,
        summary="Read the answer of a calendar program; nothing is done before it is confirmed",
        roles=COORDINATORS,
    ),
    post(
        "meetings.answer_confirm",
        "/api/meetings/answers/{answer}/confirm",
        request=OneAnswer,
        summary="Do what an answer of a calendar program says",
        roles=COORDINATORS,
    ),
    post(
        "meetings.answer_drop",
        "/api/meetings/answers/{answer}/drop",
        request=OneAnswer,
        summary="Throw an answer of a calendar program away",
        roles=COORDINATORS,
    ),
    get(
        "meetings.feed",
        "/api/meetings/feed",
        "Whether we have a feed for our calendar program, and since when",
    ),
    told_once(
        post(
            "meetings.feed_new",
            "/api/meetings/feed",
            request=NewFeed,
            summary="A new secret address of a feed for one's own calendar; the old one ends",
        )
    ),
    post(
        "meetings.feed_end",
        "/api/meetings/feed/end",
        request=Request,
        summary="End the feed: its address opens nothing any more",
    ),
)
