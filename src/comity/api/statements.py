"""The operations on joint statements. Source: agreements.md D2.4; spec 13."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.coordination import COORDINATORS, Day, Says, Title, Whom, Zone
from comity.api.operation import Name, Operation, Request, Role, get, post

Line = Annotated[str, Meta(max_length=300)]
Tongue = Annotated[str, Meta(max_length=40)]
Reason = Annotated[str, Meta(min_length=1, max_length=20_000)]
Passage = Annotated[str, Meta(min_length=1, max_length=5_000)]
Mark = Literal["stated", "welcomed", "reaffirmed", "committed", "aspiration"]

#: Who speaks for the house in public; its clearances are each for their own people alone.
SPEAKERS: Final[tuple[Role, ...]] = (*COORDINATORS, "press_officer")


class Statements(Request, frozen=True, kw_only=True):
    """Which statements: all, those that go on, those that wait for us, those that are out."""

    state: Literal["all", "open", "ours", "out"] = "all"
    counterpart: Line = ""


class OneStatement(Request, frozen=True, kw_only=True):
    """One statement: its id, the beginning of it, or its title."""

    statement: Name


class BeginStatement(Request, frozen=True, kw_only=True):
    """A joint statement under an article in force."""

    counterpart: Name
    instrument: Name
    unit: Name
    title: Title
    words: Says = ""


class OnStatement(OneStatement, frozen=True, kw_only=True):
    """One statement, with words beside the act."""

    words: Says = ""


class ReasonedOnStatement(OneStatement, frozen=True, kw_only=True):
    """One statement, and why."""

    reason: Reason


class SayText(OnStatement, frozen=True, kw_only=True):
    """Its texts: instruments that both adopted, one for each language; none: what they say.

    Marks are made on the principal one; unless it is named, that is the first.
    """

    texts: Annotated[tuple[Name, ...], Meta(max_length=12)] = ()
    principal: Tongue = ""


class MarkSentences(OnStatement, frozen=True, kw_only=True):
    """What sentences are, by their numbers; none: what they say of every sentence.

    One that is committed says who does what for whom until when, and how one sees that it was done.
    """

    sentences: Annotated[tuple[int, ...], Meta(max_length=100)] = ()
    mark: Mark | None = None
    title: Line = ""
    test: Annotated[str, Meta(max_length=5_000)] = ""
    performer: Whom | None = None
    beneficiary: Whom | None = None
    due: Day = ""
    zone: Zone = "UTC"


class OrderRelease(OnStatement, frozen=True, kw_only=True):
    """When and where it is released, and in which languages (none: in all); no time: as they say.

    Time and channels stand on the page that is released.
    """

    at: Day = ""
    zone: Zone = "UTC"
    channels: Annotated[tuple[Title, ...], Meta(max_length=20)] = ()
    languages: Annotated[tuple[Tongue, ...], Meta(max_length=12)] = ()


class CorrectStatement(OnStatement, frozen=True, kw_only=True):
    """An erratum: by language, what is corrected; in each language of the release."""

    texts: Annotated[dict[str, Passage], Meta(max_length=12)]


class AcceptCorrection(OnStatement, frozen=True, kw_only=True):
    """The erratum that the other side asks for."""


class IssueReadout(OnStatement, frozen=True, kw_only=True):
    """What we alone say of it, labelled so; no language: that of the statement."""

    title: Title
    text: Reason
    language: Tongue = ""


class RecallOnStatement(OnStatement, frozen=True, kw_only=True):
    """What of ours is taken back."""

    of: Literal["text", "mark", "order", "correct"]


class OneReadout(OneStatement, frozen=True, kw_only=True):
    """A read-out: its number or id."""

    readout: Name


class OnePage(OneStatement, frozen=True, kw_only=True):
    """The signed page: the text that names us first, or the one that names them first."""

    alternate: Literal["us", "them"] = "us"


def _act(
    name: str, request: type[Request], summary: str, *, roles: tuple[Role, ...] = COORDINATORS
) -> Operation:
    path = f"/api/statements/{{statement}}/{name}"
    return post(f"statements.{name}", path, request=request, summary=summary, roles=roles)


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("statements", "/api/statements", "Statements, and how they stand", request=Statements),
    get("statements.show", "/api/statements/{statement}", "One statement", request=OneStatement),
    get(
        "statements.departs",
        "/api/statements/{statement}/departs/{readout}",
        "Where a read-out departs from the statement, sentence by sentence",
        request=OneReadout,
    ),
    Operation(
        name="statements.page",
        method="GET",
        path="/api/statements/{statement}/page",
        request=OnePage,
        summary="The signed page of a released statement; anyone can verify it",
        answer="bytes",
    ),
    post(
        "statements.begin",
        "/api/statements",
        request=BeginStatement,
        summary="Begin a joint statement under an article in force",
        roles=COORDINATORS,
    ),
    _act("text", SayText, "Say which texts it has; counts once both say the same"),
    _act("mark", MarkSentences, "Mark sentences; a mark counts once both say the same"),
    _act(
        "clear_press",
        OnStatement,
        "Clear it, as the press people of our side",
        roles=("press_officer",),
    ),
    _act(
        "clear_legal",
        OnStatement,
        "Clear it, as the legal people of our side",
        roles=("legal_adviser",),
    ),
    _act(
        "unclear_press",
        ReasonedOnStatement,
        "Take back the clearance of our press people",
        roles=("press_officer",),
    ),
    _act(
        "unclear_legal",
        ReasonedOnStatement,
        "Take back the clearance of our legal people",
        roles=("legal_adviser",),
    ),
    _act(
        "order",
        OrderRelease,
        "Order its release at a time; counts once both order the same",
        roles=SPEAKERS,
    ),
    _act("pull", ReasonedOnStatement, "Pull it: it is not released", roles=SPEAKERS),
    _act(
        "release",
        OnStatement,
        "Release it for our side, after its time; this cannot be taken back",
        roles=SPEAKERS,
    ),
    _act("correct", CorrectStatement, "Ask for an erratum to a released statement"),
    _act("accept_correction", AcceptCorrection, "Accept the erratum that they ask for"),
    _act(
        "recall",
        RecallOnStatement,
        "Take back what we asked for and does not count yet",
        roles=SPEAKERS,
    ),
    _act("readout", IssueReadout, "Issue a read-out of our own, labelled so", roles=SPEAKERS),
)
