"""The operations of the legal adviser and the signatory: reading, sign-off, the way to signature.

The acts themselves (adopt, initial, clear, window, sign, suspend) stand with the other acts on
instruments. Source: agreements.md D6 (journeys 3, 4 and 12).
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.operation import Name, OneInstrument, Operation, Request, Role, Words, post

READING_ROWS_MAX: Final = 200
UNITS_REVIEWED_MAX: Final = 1_000


class Reading(OneInstrument, frozen=True, kw_only=True):
    """The text beside what our mandate, an earlier state and the register say to it.

    ``against`` is the number of an earlier state (``agreements.states``); 0 compares with nothing.
    """

    against: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    show: Literal[
        "all",
        "breaches",
        "duties",
        "third_parties",
        "register",
        "changes",
        "to_read",
        "held",
    ] = "all"
    start: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Meta(ge=1, le=READING_ROWS_MAX)] = 100


class ReviewUnit(OneInstrument, frozen=True, kw_only=True):
    """Sign off one unit, as it was read: clear it, or hold it with words.

    ``wording`` is the digest that ``agreements.reading`` shows beside the unit.
    """

    unit: Name
    wording: Name
    verdict: Literal["clear", "hold"]
    words: Words = ""


class ClearUnits(OneInstrument, frozen=True, kw_only=True):
    """Clear several units, each as it was read: wording by unit."""

    units: Annotated[dict[str, str], Meta(max_length=UNITS_REVIEWED_MAX)]
    words: Words = ""


class OverruleHold(OneInstrument, frozen=True, kw_only=True):
    """Let our side pass a hold for one unit as it stands now, in words."""

    unit: Name
    wording: Name
    words: Annotated[str, Meta(min_length=1, max_length=20_000)]


class SuspensionPreview(OneInstrument, frozen=True, kw_only=True):
    """A suspension that nobody has asked for yet: the whole (no units) or some units."""

    units: Annotated[list[str], Meta(max_length=1000)] = []  # noqa: RUF012 - msgspec copies it
    until: str = ""


class ListRequests(Request, frozen=True, kw_only=True):
    """Signing requests, also settled ones, newest first."""

    status: Literal["waiting", "done", "dropped", "all"] = "waiting"
    instrument: Annotated[str, Meta(max_length=200)] = ""


class RequestText(Request, frozen=True, kw_only=True):
    """The exact text that one signing request covers."""

    request: Name


_AG: Final = "/api/agreements/{instrument}"
#: Who may see mandates, red lines, notes and the legal review.
PRIVATE: Final[tuple[Role, ...]] = ("negotiator", "legal_adviser", "mandate_holder")


def _look(
    name: str, path: str, summary: str, *, request: type[Request], roles: tuple[Role, ...] = ()
) -> Operation:
    return Operation(
        name=name, method="GET", path=path, request=request, summary=summary, roles=roles
    )


OPERATIONS: Final[tuple[Operation, ...]] = (
    _look(
        "agreements.reading",
        _AG + "/reading",
        "The legal reading of one instrument, unit by unit (private)",
        request=Reading,
        roles=PRIVATE,
    ),
    post(
        "agreements.review_unit",
        _AG + "/reviews",
        request=ReviewUnit,
        summary="Clear or hold one unit as it was read (private)",
        roles=("legal_adviser",),
    ),
    post(
        "agreements.clear_units",
        _AG + "/reviews/clear",
        request=ClearUnits,
        summary="Clear several units as they were read (private)",
        roles=("legal_adviser",),
    ),
    post(
        "agreements.overrule_hold",
        _AG + "/reviews/overrule",
        request=OverruleHold,
        summary="Overrule a legal hold for one unit as it stands (private)",
        roles=("mandate_holder",),
    ),
    _look(
        "agreements.conclusion",
        _AG + "/conclusion",
        "How far an instrument is on its way to force, and who must do what next",
        request=OneInstrument,
    ),
    post(
        "agreements.suspend_preview",
        _AG + "/suspend/preview",
        request=SuspensionPreview,
        summary="What a suspension would stop at both gateways; nothing is done",
        roles=("signatory", *PRIVATE),
    ),
    _look(
        "requests.all",
        "/api/signing-requests",
        "Signing requests, also settled ones",
        request=ListRequests,
    ),
    _look(
        "requests.summary",
        "/api/requests/{request}/summary",
        "What one signing request asks, checked from its exact bytes",
        request=RequestText,
    ),
    _look(
        "requests.text",
        "/api/requests/{request}/text",
        "The exact text that one signing request covers",
        request=RequestText,
    ),
)
