"""The operations on controlled items and authorisations. Source: agreements.md D2.8; spec 11."""

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta

from comity.api.operation import Name, Operation, Request, Role, get, post

Says = Annotated[str, Meta(max_length=20_000)]
Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Line = Annotated[str, Meta(min_length=1, max_length=300)]
Word = Annotated[str, Meta(max_length=300)]
Day = Annotated[str, Meta(max_length=40)]
#: A SHA-256 in hexadecimal; the form of the act checks it.
Sha256 = Annotated[str, Meta(max_length=64)]
Many = Annotated[tuple[Line, ...], Meta(max_length=50)]

Roles: TypeAlias = tuple[Role, ...]

#: Who classifies and enters decisions, assurances and totals for the house.
SECURITY: Final[Roles] = ("technology_security_officer",)
#: Who asks for authorisations.
ASKERS: Final[Roles] = ("technology_security_officer", "project_officer")


class Of(Request, frozen=True, kw_only=True):
    """Those of one counterpart, or all."""

    counterpart: Annotated[str, Meta(max_length=200)] = ""


class ClassifyItem(Request, frozen=True, kw_only=True):
    """An item of ours and its class, as somebody decided it; a value is optional."""

    counterpart: Name
    item: Name
    scheme: Annotated[str, Meta(min_length=1, max_length=100)]
    code: Annotated[str, Meta(min_length=1, max_length=100)]
    list_version: Annotated[str, Meta(min_length=1, max_length=100)]
    decided_by: Line
    value: Annotated[str, Meta(max_length=20)] = ""
    currency: Annotated[str, Meta(max_length=3)] = ""
    words: Says = ""


class OneControl(Request, frozen=True, kw_only=True):
    """One classified item: its id, or the item's, or the beginning of either."""

    control: Name


class DeclassifyItem(OneControl, frozen=True, kw_only=True):
    """One classified item, and why it is controlled no more."""

    reason: Text


class OneAuthorisation(Request, frozen=True, kw_only=True):
    """One authorisation: its id, the beginning of it, or its title."""

    authorisation: Name


class RequestAuthorisation(Request, frozen=True, kw_only=True):
    """What is to cross, from whom, for which use, on what it stands.

    ``items`` are ids; ``classes`` and ``excluded`` are written as LIST: CODE.
    """

    counterpart: Name
    instrument: Name
    unit: Name
    title: Line
    use: Text
    type: Literal["licence", "community"] = "licence"
    exporter: Literal["us", "them"] = "us"
    area: Word = ""
    project: Word = ""
    items: Many = ()
    classes: Many = ()
    members: Many = ()
    excluded: Many = ()
    words: Says = ""


class OnAuthorisation(OneAuthorisation, frozen=True, kw_only=True):
    """One authorisation, with words beside the act."""

    words: Says = ""


class ReviewAuthorisation(OnAuthorisation, frozen=True, kw_only=True):
    """Which authority has it, under which case number.

    ``number_again`` says that the authority uses that number for another authorisation too.
    """

    authority: Line
    case: Line
    number_again: bool = False


class Decision(OnAuthorisation, frozen=True, kw_only=True):
    """A decision as its document says it; ``document`` is the SHA-256 of that.

    ``number_again`` says that the authority uses that number for another authorisation too.
    """

    number: Line
    decided: Day
    document: Sha256
    number_again: bool = False


class ApproveAuthorisation(Decision, frozen=True, kw_only=True):
    """A decision for it: the assurance it asks for, provisos in words, and those that are checked.

    Days are written as for due dates; a quantity is in ``transfers`` or ``bytes``.
    """

    assurance: Text
    cosigned: bool = False
    provisos: Annotated[
        tuple[Annotated[str, Meta(max_length=5_000)], ...], Meta(max_length=40)
    ] = ()
    recipients: Many = ()
    purposes: Many = ()
    quantity: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    unit: Annotated[str, Meta(max_length=20)] = "transfers"
    value: Annotated[str, Meta(max_length=20)] = ""
    currency: Annotated[str, Meta(max_length=3)] = ""
    starts: Day = ""
    ends: Day = ""
    no_onward: bool = False
    return_by: Day = ""
    return_how: Literal["return", "destroy"] = "return"
    zone: Annotated[str, Meta(max_length=64)] = "UTC"


class DenyAuthorisation(Decision, frozen=True, kw_only=True):
    """A decision against it, and why."""

    reason: Text


class ReasonedOnAuthorisation(OneAuthorisation, frozen=True, kw_only=True):
    """One authorisation, and why."""

    reason: Text


class BasedOnAuthorisation(ReasonedOnAuthorisation, frozen=True, kw_only=True):
    """One authorisation; why, and on which basis."""

    basis: Line


class AssureAuthorisation(OnAuthorisation, frozen=True, kw_only=True):
    """The assurance, word by word as it was asked; where one is wanted, what co-signs it.

    ``provisos`` accepts the provisos in the same move, by their digest.
    """

    assurance: Text
    document: Sha256 = ""
    provisos: Sha256 = ""


class AcceptProvisos(OnAuthorisation, frozen=True, kw_only=True):
    """The provisos, by their digest as it is shown."""

    provisos: Sha256


class DisposeItems(OneAuthorisation, frozen=True, kw_only=True):
    """What became of what came."""

    how: Literal["returned", "destroyed"]
    report: Text


class ReportAuthorisation(OnAuthorisation, frozen=True, kw_only=True):
    """The totals of a period; those of our own record where none are named."""

    starts: Day
    ends: Day
    last: bool = False


class AmendAuthorisation(OnAuthorisation, frozen=True, kw_only=True):
    """What is to be authorised instead; what is left out stays as it is.

    With ``whole``, items, classes, members and excluded are all of them: others fall away. Quantity
    and days are what the decision is asked to say; it alone says what counts.
    """

    title: Word = ""
    use: Says = ""
    items: Many = ()
    classes: Many = ()
    members: Many = ()
    excluded: Many = ()
    whole: bool = False
    quantity: Annotated[int, Meta(ge=0, le=10**15 - 1)] = 0
    unit: Annotated[str, Meta(max_length=20)] = "transfers"
    starts: Day = ""
    ends: Day = ""


class OneRetransfer(Request, frozen=True, kw_only=True):
    """One request for consent: its id or the beginning of it."""

    retransfer: Name


class RequestRetransfer(Request, frozen=True, kw_only=True):
    """What came by which transfer, and to whom it is to go for which use."""

    transfer: Name
    instrument: Name
    unit: Name
    third: Line
    use: Text
    words: Says = ""


class OnRetransfer(OneRetransfer, frozen=True, kw_only=True):
    """One request for consent, with words beside the act."""

    words: Says = ""


class GrantRetransfer(OnRetransfer, frozen=True, kw_only=True):
    """Consent, with provisos in words or none."""

    provisos: Annotated[
        tuple[Annotated[str, Meta(max_length=5_000)], ...], Meta(max_length=40)
    ] = ()


class UseRetransfer(OneRetransfer, frozen=True, kw_only=True):
    """That it went on, under exactly the provisos of the consent."""

    report: Text


class ReasonedOnRetransfer(OneRetransfer, frozen=True, kw_only=True):
    """One request for consent, and why."""

    reason: Text


class OneEndCheck(Request, frozen=True, kw_only=True):
    """One end-use check: its id, the beginning of it, or its title."""

    endcheck: Name


class RequestEndCheck(Request, frozen=True, kw_only=True):
    """Under which authorisation something is to be seen."""

    authorisation: Name
    title: Line
    what: Text
    words: Says = ""


class OnEndCheck(OneEndCheck, frozen=True, kw_only=True):
    """One check, with words beside the act."""

    words: Says = ""


class ArrangeEndCheck(OnEndCheck, frozen=True, kw_only=True):
    """When and where; it counts once both have said the same.

    A day, or a time of day, is read in ``zone``; an instant in UTC stands as it is.
    """

    at: Day
    place: Line
    zone: Annotated[str, Meta(max_length=64)] = "UTC"


class ReportEndCheck(OneEndCheck, frozen=True, kw_only=True):
    """What was seen, or what is still to be done."""

    report: Text


class ConcludeEndCheck(ReportEndCheck, frozen=True, kw_only=True):
    """What it comes to."""

    result: Literal["favourable", "unfavourable", "inconclusive"]


def _on(name: str, request: type[Request], summary: str, *, roles: Roles = SECURITY) -> Operation:
    kind, _, step = name.partition(".")
    path = f"/api/{kind}/{{{kind.removesuffix('s')}}}/{step.replace('_', '-')}"
    return post(name, path, request=request, summary=summary, roles=roles)


OPERATIONS: Final[tuple[Operation, ...]] = (
    get("controls", "/api/controls", "Items that are classified, and as what", request=Of),
    post(
        "controls.classify",
        "/api/controls",
        request=ClassifyItem,
        summary="Enter how an item of ours is classified; entered again, it is reclassified",
        roles=SECURITY,
    ),
    _on("controls.declassify", DeclassifyItem, "Enter that an item is controlled no more"),
    get("authorisations", "/api/authorisations", "Authorisations, and how they stand", request=Of),
    get(
        "authorisations.show",
        "/api/authorisations/{authorisation}",
        "One authorisation with all facts that a decision on it needs",
        request=OneAuthorisation,
    ),
    post(
        "authorisations.request",
        "/api/authorisations",
        request=RequestAuthorisation,
        summary="Ask for an authorisation on an article in force",
        roles=ASKERS,
    ),
    _on("authorisations.withdraw", OnAuthorisation, "Take back what we asked for", roles=ASKERS),
    _on(
        "authorisations.review",
        ReviewAuthorisation,
        "Enter which authority has it, and its case number",
    ),
    _on(
        "authorisations.approve",
        ApproveAuthorisation,
        "Enter the decision for it, with its provisos; again, until its assurance, to correct it",
    ),
    _on("authorisations.deny", DenyAuthorisation, "Enter the decision against it"),
    _on("authorisations.return", ReasonedOnAuthorisation, "Enter that the authority sent it back"),
    _on(
        "authorisations.assure",
        AssureAuthorisation,
        "Give the assurance that was asked, as its recipient",
    ),
    _on("authorisations.accept", AcceptProvisos, "Accept the provisos, as its recipient"),
    _on(
        "authorisations.decline",
        ReasonedOnAuthorisation,
        "Decline the decision, as its recipient, before any assurance",
    ),
    _on("authorisations.suspend", BasedOnAuthorisation, "Stop it at both ends until it is resumed"),
    _on("authorisations.resume", BasedOnAuthorisation, "Let it go on"),
    _on("authorisations.amend", AmendAuthorisation, "Ask for an amendment", roles=ASKERS),
    _on(
        "authorisations.amend_withdraw",
        OnAuthorisation,
        "Take back the amendment we asked for, while it is not decided",
        roles=ASKERS,
    ),
    _on(
        "authorisations.amend_approve", ApproveAuthorisation, "Enter the decision for the amendment"
    ),
    _on("authorisations.amend_deny", DenyAuthorisation, "Enter the decision against the amendment"),
    _on("authorisations.revoke", BasedOnAuthorisation, "End it for good at both ends"),
    _on("authorisations.dispose", DisposeItems, "Say that what came was returned or destroyed"),
    _on(
        "authorisations.report",
        ReportAuthorisation,
        "Report the totals; counts once both say the same",
    ),
    get("retransfers", "/api/retransfers", "What is asked about passing on", request=Of),
    get(
        "retransfers.show",
        "/api/retransfers/{retransfer}",
        "One request for consent to pass on",
        request=OneRetransfer,
    ),
    post(
        "retransfers.request",
        "/api/retransfers",
        request=RequestRetransfer,
        summary="Ask whose item it is whether it may go on to a third",
        roles=ASKERS,
    ),
    _on("retransfers.withdraw", OnRetransfer, "Take back what we asked", roles=ASKERS),
    _on("retransfers.again", OnRetransfer, "Ask again what came back to us", roles=ASKERS),
    _on("retransfers.grant", GrantRetransfer, "Consent, with provisos or none"),
    _on("retransfers.refuse", ReasonedOnRetransfer, "Refuse consent"),
    _on("retransfers.return", ReasonedOnRetransfer, "Send it back for more"),
    _on("retransfers.use", UseRetransfer, "Say that it went on, under the provisos of the consent"),
    _on("retransfers.close", ReasonedOnRetransfer, "Close it"),
    get("endchecks", "/api/endchecks", "End-use checks", request=Of),
    get("endchecks.show", "/api/endchecks/{endcheck}", "One end-use check", request=OneEndCheck),
    post(
        "endchecks.request",
        "/api/endchecks",
        request=RequestEndCheck,
        summary="Ask to see that use is as was assured",
        roles=SECURITY,
    ),
    _on("endchecks.withdraw", OnEndCheck, "Take back what we asked"),
    _on("endchecks.arrange", ArrangeEndCheck, "Say when and where; counts once both say the same"),
    _on("endchecks.done", ReportEndCheck, "Say that it was done, and what was seen"),
    _on("endchecks.conclude", ConcludeEndCheck, "Say what it comes to"),
    _on("endchecks.follow_up", ReportEndCheck, "Say what is still to be done"),
)
