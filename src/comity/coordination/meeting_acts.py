"""The acts on meetings: the forms of what crosses, and the table of steps.

Source: agreements.md D2.5; RFC 5546 for the words proposal and counter; spec 10.4.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from comity.foundation.deeds import EITHER, Deed, Hex, Id, Line, Step, Text, When, read_act, table
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant

FAMILY: Final = "meeting"
#: In a step: the party whose answer the last proposal waits for; the party that hosts.
ANSWERER: Final = "answerer"
HOST: Final = "host"


class Status(StrEnum):
    """Where a meeting stands by its acts; while it is confirmed, its agenda is open."""

    PROPOSED = "proposed"
    COUNTERED = "countered"
    CONFIRMED = "confirmed"
    AGENDA_AGREED = "agenda_agreed"
    IN_SESSION = "in_session"
    ADJOURNED = "adjourned"
    CLOSED = "closed"
    RECORD_DRAFTED = "record_drafted"
    RECORD_AGREED = "record_agreed"
    POSTPONED = "postponed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


#: A proposal of time and place waits for an answer.
OFFERED: Final = (Status.PROPOSED, Status.COUNTERED)
#: It has been held, or is being held: these count in a series.
HELD: Final = (
    *(Status.IN_SESSION, Status.ADJOURNED, Status.CLOSED),
    *(Status.RECORD_DRAFTED, Status.RECORD_AGREED),
)
#: It is going to be held at its time.
AHEAD: Final = (Status.CONFIRMED, Status.AGENDA_AGREED)
ENDS: Final = (Status.RECORD_AGREED, Status.DECLINED, Status.CANCELLED)
_PEOPLE: Final = (*AHEAD, Status.IN_SESSION, Status.ADJOURNED, Status.CLOSED)
#: One side's word can stand, or have counted just before it is taken back.
_SAID: Final = (*_PEOPLE, Status.RECORD_DRAFTED, Status.RECORD_AGREED)

#: The machine (agreements.md D2.5; spec 10.4.3).
STEPS: Final = table(
    Step(name="propose", by=EITHER, target=Status.PROPOSED, ruled=True),
    Step(
        name="counter",
        by=EITHER,
        sources=(*OFFERED, Status.POSTPONED),
        target=Status.COUNTERED,
        ruled=True,
    ),
    Step(name="confirm", by=ANSWERER, sources=OFFERED, target=Status.CONFIRMED, ruled=True),
    Step(name="decline", by=ANSWERER, sources=OFFERED, target=Status.DECLINED),
    Step(name="postpone", by=EITHER, sources=AHEAD, target=Status.POSTPONED),
    Step(
        name="cancel",
        by=EITHER,
        sources=(*OFFERED, *AHEAD, Status.POSTPONED),
        target=Status.CANCELLED,
    ),
    Step(name="add", by=EITHER, sources=(Status.CONFIRMED,), target=Status.CONFIRMED),
    Step(name="consent", by=EITHER, sources=(Status.CONFIRMED,), target=Status.CONFIRMED),
    Step(name="drop", by=EITHER, sources=(Status.CONFIRMED,), target=Status.CONFIRMED),
    Step(
        name="agree",
        by=EITHER,
        sources=(Status.CONFIRMED,),
        target=Status.AGENDA_AGREED,
        both=True,
        ruled=True,
    ),
    Step(name="attend", by=EITHER, sources=_PEOPLE),
    Step(
        name="open",
        by=EITHER,
        sources=(Status.AGENDA_AGREED, Status.ADJOURNED),
        target=Status.IN_SESSION,
        both=True,
        ruled=True,
    ),
    Step(
        name="outcome",
        by=EITHER,
        sources=(Status.IN_SESSION,),
        target=Status.IN_SESSION,
        ruled=True,
    ),
    Step(name="retract", by=EITHER, sources=(Status.IN_SESSION,), target=Status.IN_SESSION),
    Step(
        name="concur",
        by=EITHER,
        sources=(Status.IN_SESSION, Status.ADJOURNED, Status.CLOSED),
        ruled=True,
    ),
    Step(
        name="adjourn",
        by=EITHER,
        sources=(Status.IN_SESSION,),
        target=Status.ADJOURNED,
        both=True,
    ),
    Step(
        name="close",
        by=EITHER,
        sources=(Status.IN_SESSION, Status.ADJOURNED),
        target=Status.CLOSED,
        both=True,
    ),
    Step(name="draft", by=HOST, sources=(Status.CLOSED,), target=Status.RECORD_DRAFTED),
    Step(
        name="version",
        by=EITHER,
        sources=(Status.RECORD_DRAFTED,),
        target=Status.RECORD_DRAFTED,
    ),
    Step(
        name="take",
        by=EITHER,
        sources=(Status.RECORD_DRAFTED,),
        target=Status.RECORD_DRAFTED,
    ),
    Step(
        name="seal",
        by=EITHER,
        sources=(Status.RECORD_DRAFTED,),
        target=Status.RECORD_AGREED,
        both=True,
    ),
    Step(name="recall", by=EITHER, sources=_SAID),
)

ITEMS_MAX: Final = 100
OUTCOMES_MAX: Final = 300

Words = Annotated[str, Meta(max_length=300, pattern=r"^[^\n\t]*$(?!\n)")]
Zone = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]*$(?!\n)")]
Mode = Literal["in_person", "online", "correspondence"]
OutcomeKind = Literal["information", "decision", "commitment", "deferred"]


class Slot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When and where: the instants count; the zone is the one in which people name them."""

    mode: Mode
    place: Words
    start: When
    end: When
    zone: Zone
    host: Annotated[str, Meta(min_length=1, max_length=300)]


class _Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    meeting: Id


class ProposeMeeting(_Act, frozen=True, kw_only=True):
    """``meeting.propose``: what it is held under, its series, and a first time and place.

    The series is a body's, or that of a dialogue: meetings of the same ``body``, or of the same
    ``series`` where there is no body, are counted together.
    """

    instrument: Annotated[str, Meta(min_length=1, max_length=300)]
    unit: Annotated[str, Meta(min_length=1, max_length=100)]
    body: Id | None
    series: Words
    title: Line
    slot: Slot


class Counter(_Act, frozen=True, kw_only=True):
    """``meeting.counter``: another time or place, and the digest of the proposal it replaces."""

    replaces: Hex
    slot: Slot


class Confirm(_Act, frozen=True, kw_only=True):
    """``meeting.confirm``: the digest of the last proposal."""

    proposal: Hex


class ReasonedOnMeeting(_Act, frozen=True, kw_only=True):
    """``meeting.decline``, ``postpone``, ``cancel``: why."""

    reason: Text


class AddItem(_Act, frozen=True, kw_only=True):
    """``meeting.add``: an item of the agenda; ``about`` is a commitment it is about, or null."""

    item: Id
    title: Line
    about: Id | None


class OnItem(_Act, frozen=True, kw_only=True):
    """``meeting.consent``, ``meeting.drop``."""

    item: Id


class AgreeAgenda(_Act, frozen=True, kw_only=True):
    """``meeting.agree``: the digest of the agenda; counts once both named the same."""

    agenda: Hex


class Attend(_Act, frozen=True, kw_only=True):
    """``meeting.attend``: who takes part for one's own side; replaces the list before."""

    people: Annotated[list[Line], Meta(max_length=100)]


class PlainOnMeeting(_Act, frozen=True, kw_only=True):
    """``meeting.open``, ``adjourn``, ``close``: counts once both have said so."""


class Outcome(_Act, frozen=True, kw_only=True):
    """``meeting.outcome``: what came of an item."""

    outcome: Id
    item: Id
    kind: OutcomeKind
    text: Text


class OnOutcome(_Act, frozen=True, kw_only=True):
    """``meeting.retract``, ``meeting.concur``."""

    outcome: Id


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the record says of one item."""

    item: Id
    text: Text


class DraftRecord(_Act, frozen=True, kw_only=True):
    """``meeting.draft``: the host's draft of the record, one text for each item."""

    entries: Annotated[list[Entry], Meta(max_length=ITEMS_MAX)]


class Version(_Act, frozen=True, kw_only=True):
    """``meeting.version``: one's own text of an item."""

    item: Id
    text: Text


class Take(_Act, frozen=True, kw_only=True):
    """``meeting.take``: the other side's text of an item is agreed; its digest."""

    item: Id
    text: Hex


class Seal(_Act, frozen=True, kw_only=True):
    """``meeting.seal``: the digest of the record; counts once both named the same."""

    record: Hex


class Recall(_Act, frozen=True, kw_only=True):
    """``meeting.recall``: what its author said of that does not count yet is taken back.

    The item is that of a consent, and null else.
    """

    of: Literal["agree", "open", "adjourn", "close", "seal", "consent"]
    item: Id | None


Act: TypeAlias = (
    ProposeMeeting
    | Counter
    | Confirm
    | ReasonedOnMeeting
    | AddItem
    | OnItem
    | AgreeAgenda
    | Attend
    | PlainOnMeeting
    | Outcome
    | OnOutcome
    | DraftRecord
    | Version
    | Take
    | Seal
    | Recall
)

FORMS: Final[Mapping[str, type[Act]]] = {
    "propose": ProposeMeeting,
    "counter": Counter,
    "confirm": Confirm,
    "decline": ReasonedOnMeeting,
    "postpone": ReasonedOnMeeting,
    "cancel": ReasonedOnMeeting,
    "add": AddItem,
    "consent": OnItem,
    "drop": OnItem,
    "agree": AgreeAgenda,
    "attend": Attend,
    "open": PlainOnMeeting,
    "outcome": Outcome,
    "retract": OnOutcome,
    "concur": OnOutcome,
    "adjourn": PlainOnMeeting,
    "close": PlainOnMeeting,
    "draft": DraftRecord,
    "version": Version,
    "take": Take,
    "seal": Seal,
    "recall": Recall,
}
KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)


def read(deed: Deed) -> Act:
    """Return what an act says.

    Raises:
        PeerError: ``deeds.form``, ``deeds.kind``, ``basics.*``.
    """
    return read_act(deed, FORMS, family=FAMILY)


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``; ``meetings.times``: it ends before it begins;
            ``meetings.twice``: an item stands twice in a record; ``meetings.recall_form``: a
            consent without its item.
    """
    act = read(deed)
    if isinstance(act, ProposeMeeting | Counter):
        if Instant.parse(act.slot.end) <= Instant.parse(act.slot.start):
            raise PeerError("meetings.times", "A meeting ends after it begins.")
    elif isinstance(act, DraftRecord) and len({each.item for each in act.entries}) != len(
        act.entries
    ):
        raise PeerError("meetings.twice", "An item stands twice in this record.")
    elif isinstance(act, Recall) and (act.of == "consent") != (act.item is not None):
        raise PeerError("meetings.recall_form", "A recall names an item for a consent alone.")
