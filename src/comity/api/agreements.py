"""The operations on instruments: drafting, negotiating, concluding, suspending.

Source: design 6, 13.4.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from comity.api.drafting import Fields
from comity.api.operation import (
    Many,
    Name,
    OneInstrument,
    Operation,
    Request,
    Role,
    Words,
    get,
    post,
)

Start = Annotated[int, Meta(ge=0, le=1_000_000)]
Limit = Annotated[int, Meta(ge=1, le=1000)]
Sought = Annotated[str, Meta(max_length=200)]
Mark = Annotated[str, Meta(max_length=64)]


class Draft(Request, frozen=True, kw_only=True):
    """Start an instrument from a text and its fields."""

    text: str
    title: Name
    fields: str = ""
    counterpart: Name
    register: Literal["binding", "political"] = "binding"


class InstrumentText(OneInstrument, frozen=True, kw_only=True):
    """The text of one instrument: clean, or with brackets and statuses."""

    form: Literal["clean", "brackets", "fields"] = "brackets"


class ShowInstrument(OneInstrument, frozen=True, kw_only=True):
    """One instrument; the units all at once, or a page of those that are looked for."""

    start: Start = 0
    limit: Limit | None = None
    unit: str = ""
    status: str = ""
    turn: Literal["", "ours", "theirs"] = ""
    words: Sought = ""


class States(OneInstrument, frozen=True, kw_only=True):
    """A page of the states that a text has had, the newest first."""

    start: Start = 0
    limit: Limit = 100


class Compare(OneInstrument, frozen=True, kw_only=True):
    """Two states of a text: numbers, or ``ours`` and ``theirs`` for how each side words it now."""

    earlier: Name = "ours"
    later: Name = "theirs"
    start: Start = 0
    limit: Limit = 100


class Note(OneInstrument, frozen=True, kw_only=True):
    """A private note of our own side beside one unit."""

    unit: Name
    words: Annotated[str, Meta(min_length=1, max_length=20_000)]


class Staged(OneInstrument, frozen=True, kw_only=True):
    """What would be tabled; with a preview: also what that would come to."""

    preview: bool = False


class Unstage(OneInstrument, frozen=True, kw_only=True):
    """Drop what is staged on some units and packages; on none named: everything."""

    units: Many = field(default_factory=list)
    packages: Many = field(default_factory=list)


class Answer(OneInstrument, frozen=True, kw_only=True):
    """Stage an answer to units; nothing leaves until it is tabled."""

    answer: Literal[
        "accept",
        "accept_ad_ref",
        "confirm",
        "object",
        "reserve",
        "lift",
        "withdraw",
        "park",
        "unpark",
        "reopen",
        "explain",
    ]
    units: Annotated[list[str], Meta(min_length=1, max_length=20_000)]
    words: Words = ""
    mark: Mark = ""


class CounterUnit(OneInstrument, frozen=True, kw_only=True):
    """Stage another wording of one unit.

    ``fields`` are all the fields that the unit shall have, as a fields file, or ``forms`` as forms;
    left out, those stay that it has. ``mark`` is the mark of the unit as it was shown.
    """

    unit: Name
    text: str = ""
    heading: str | None = None
    fields: str | None = None
    forms: Fields | None = None
    delete: bool = False
    why: Words = ""
    mark: Mark = ""


class PreviewCounter(OneInstrument, frozen=True, kw_only=True):
    """Another wording of one unit to be looked at; what is left out is as it stands."""

    unit: Name
    text: str | None = None
    heading: str | None = None
    fields: str | None = None
    forms: Fields | None = None
    delete: bool = False


class Counter(OneInstrument, frozen=True, kw_only=True):
    """Stage the changes between the present text and an edited one."""

    text: str
    fields: str = ""
    dry_run: bool = False


class OfferPackage(OneInstrument, frozen=True, kw_only=True):
    """Stage a package: we accept ``gives`` if they accept ``asks``; all or nothing."""

    gives: Annotated[list[str], Meta(max_length=1000)]
    asks: Annotated[list[str], Meta(max_length=1000)]


class AcceptPackage(OneInstrument, frozen=True, kw_only=True):
    """Stage the acceptance of the counterpart's package as it stands."""

    package: Name


class OpenWindow(OneInstrument, frozen=True, kw_only=True):
    """Propose a signing window."""

    opens: Name
    closes: Name
    signatories: Annotated[list[str], Meta(max_length=20)] = field(default_factory=list)


class Reason(OneInstrument, frozen=True, kw_only=True):
    """An act on an instrument that wants a reason."""

    reason: Words = ""


class Table(Reason, frozen=True, kw_only=True):
    """Table a draft or the tray; ``tray`` is the mark of the tray that was confirmed."""

    tray: Mark = ""


class Suspend(OneInstrument, frozen=True, kw_only=True):
    """Ask a signatory to suspend the whole (no units) or some units."""

    units: Annotated[list[str], Meta(max_length=1000)] = field(default_factory=list)
    until: str = ""


_AG: Final = "/api/agreements/{instrument}"
_NEGOTIATE: Final[tuple[Role, ...]] = ("negotiator",)
_SIGN: Final[tuple[Role, ...]] = ("signatory",)

OPERATIONS: Final[tuple[Operation, ...]] = (
    get("agreements", "/api/agreements", "The instruments of this node"),
    post(
        "agreements.draft",
        "/api/agreements/draft",
        request=Draft,
        summary="Start an instrument from a text",
        roles=("negotiator", "desk_officer"),
    ),
    get("agreements.show", _AG, "One instrument, unit by unit", request=ShowInstrument),
    get("agreements.states", _AG + "/states", "Every state of the text", request=States),
    get("agreements.compare", _AG + "/compare", "Two states, word by word", request=Compare),
    get("agreements.rounds", _AG + "/rounds", "Progress by round", request=OneInstrument),
    post(
        "agreements.note",
        _AG + "/notes",
        request=Note,
        summary="Keep a private note beside a unit",
        roles=("negotiator", "legal_adviser", "mandate_holder"),
    ),
    get("agreements.text", _AG + "/text", "The text of one instrument", request=InstrumentText),
    post(
        "agreements.talk",
        _AG + "/talk",
        request=OneInstrument,
        summary="Agree to talk about a tabled text (not to the text)",
        roles=_NEGOTIATE,
    ),
    post(
        "agreements.answer",
        _AG + "/answers",
        request=Answer,
        summary="Stage answers to units",
        roles=(*_NEGOTIATE, "mandate_holder"),
    ),
    post(
        "agreements.counter_unit",
        _AG + "/counter_unit",
        request=CounterUnit,
        summary="Stage another wording of one unit",
        roles=_NEGOTIATE,
    ),
    post(
        "agreements.counter_preview",
        _AG + "/counter_unit/preview",
        request=PreviewCounter,
        summary="Look at what another wording of one unit would come to; nothing is staged",
        roles=_NEGOTIATE,
    ),
    post(
        "agreements.counter",
        _AG + "/counter",
        request=Counter,
        summary="Stage the changes of an edited text",
        roles=_NEGOTIATE,
    ),
    post(
        "agreements.package",
        _AG + "/packages",
        request=OfferPackage,
        summary="Stage a package offer",
        roles=_NEGOTIATE,
    ),
    post(
        "agreements.accept_package",
        _AG + "/packages/accept",
        request=AcceptPackage,
        summary="Stage the acceptance of a package",
        roles=_NEGOTIATE,
    ),
    post(
        "agreements.withdraw_package",
        _AG + "/packages/withdraw",
        request=AcceptPackage,
        summary="Stage taking back our package",
        roles=_NEGOTIATE,
    ),
    get("agreements.staged", _AG + "/staged", "What would be tabled", request=Staged),
    post(
        "agreements.unstage",
        _AG + "/unstage",
        request=Unstage,
        summary="Drop what is staged",
        roles=(*_NEGOTIATE, "mandate_holder"),
    ),
    post(
        "agreements.table",
        _AG + "/table",
        request=Table,
        summary="Table the draft or the staged answers: now they leave",
        roles=(*_NEGOTIATE, "mandate_holder"),
    ),
    post(
        "agreements.reopen",
        _AG + "/reopen",
        request=Reason,
        summary="Reopen an agreed text",
        roles=_NEGOTIATE,
    ),
    post(
        "agreements.abandon",
        _AG + "/abandon",
        request=Reason,
        summary="Abandon an instrument that is not signed",
        roles=(*_NEGOTIATE, "mandate_holder"),
    ),
    post(
        "agreements.adopt",
        _AG + "/adopt",
        request=OneInstrument,
        summary="Ask a signatory to adopt the clean text",
        roles=_SIGN,
    ),
    post(
        "agreements.initial",
        _AG + "/initial",
        request=OneInstrument,
        summary="Ask a signatory to initial the adopted text",
        roles=_SIGN,
    ),
    post(
        "agreements.clear",
        _AG + "/clear",
        request=OneInstrument,
        summary="Clear the initialled text for signature (private)",
        roles=("mandate_holder",),
    ),
    post(
        "agreements.window",
        _AG + "/window",
        request=OpenWindow,
        summary="Propose a signing window",
        roles=(*_NEGOTIATE, "legal_adviser"),
    ),
    post(
        "agreements.ready",
        _AG + "/ready",
        request=OneInstrument,
        summary="Agree to the proposed signing window",
        roles=(*_NEGOTIATE, "legal_adviser"),
    ),
    post(
        "agreements.sign",
        _AG + "/sign",
        request=OneInstrument,
        summary="The signing request for one signatory",
        roles=_SIGN,
    ),
    post(
        "agreements.suspend",
        _AG + "/suspend",
        request=Suspend,
        summary="Ask a signatory to suspend the whole or some units",
        roles=_SIGN,
    ),
    post(
        "agreements.resume",
        _AG + "/resume",
        request=OneInstrument,
        summary="Ask a signatory to resume what is suspended",
        roles=_SIGN,
    ),
)
