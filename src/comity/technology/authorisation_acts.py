"""The acts on authorisations: closed, bounded forms, one for each step.

Source: agreements.md D2.8; spec 11.3.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from comity.foundation.canonical import canonical, digest
from comity.foundation.deeds import Deed, Hex, Id, Line, Text, json_of, read_act
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.technology.controls import Scheme
from comity.technology.provisos import Count, Money, Party, Provisos, check_provisos

Name = Annotated[str, Meta(max_length=300, pattern=r"^[^\n\t]*$(?!\n)")]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)")]


class Covered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item: its id, and the digest of its bytes, by which it is known."""

    item: Id
    digest: Hex


class Class(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of items: everything that is classified so."""

    scheme: Scheme
    code: Scheme


class _Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    authorisation: Id


class Terms(_Act, frozen=True, kw_only=True):
    """``authorisation.request`` and ``amend``: what is to cross, to whom, for which use, on what.

    A licence names items or classes; an authorised community names its members, and what stays
    outside.
    """

    type: Literal["licence", "community"]
    instrument: Party
    unit: Annotated[str, Meta(min_length=1, max_length=100)]
    area: Name
    project: Name
    title: Line
    exporter: Party
    recipient: Party
    items: Annotated[list[Covered], Meta(max_length=100)]
    classes: Annotated[list[Class], Meta(max_length=100)]
    members: Annotated[list[Party], Meta(max_length=50)]
    excluded: Annotated[list[Class], Meta(max_length=100)]
    use: Text


class Plain(_Act, frozen=True, kw_only=True):
    """``withdraw``, ``amend_withdraw``: words go into the note."""


class Review(_Act, frozen=True, kw_only=True):
    """``review``: which authority has it, under which number."""

    authority: Line
    case: Line


class Approve(_Act, frozen=True, kw_only=True):
    """``approve``, ``amend_approve``: the decision with its document's digest, and what it asks."""

    number: Line
    decided: Day
    document: Hex
    assurance: Text
    cosigned: bool
    provisos: Provisos


class Against(_Act, frozen=True, kw_only=True):
    """``deny``, ``amend_deny``: the decision with its document's digest, and why."""

    number: Line
    decided: Day
    document: Hex
    reason: Text


class Reasoned(_Act, frozen=True, kw_only=True):
    """``return``: why it came back; it can be handed in again."""

    reason: Text


class Assure(_Act, frozen=True, kw_only=True):
    """``assure``: exactly the assurance that was asked; where one is wanted, what co-signs it."""

    decision: Hex
    assurance: Text
    document: Hex | None


class Decline(_Act, frozen=True, kw_only=True):
    """``decline``: the recipient does not take the item under that decision, and why."""

    decision: Hex
    reason: Text


class Accept(_Act, frozen=True, kw_only=True):
    """``accept``: the provisos, by their digest."""

    provisos: Hex


class Based(_Act, frozen=True, kw_only=True):
    """``suspend``, ``resume``, ``revoke``: why, on which basis."""

    basis: Line
    reason: Text


class Use(_Act, frozen=True, kw_only=True):
    """``use``, ``receive``: one transfer under it, counted once at each gateway."""

    transfer: Id
    item: Id
    digest: Hex
    bytes: Count
    value: Money | None


class Dispose(_Act, frozen=True, kw_only=True):
    """``dispose``: what came was returned or destroyed."""

    how: Literal["returned", "destroyed"]
    report: Text


class Report(_Act, frozen=True, kw_only=True):
    """``report``: the totals of a period, nil too; it counts once both have said the same."""

    starts: Day
    ends: Day
    transfers: Count
    received: Count
    bytes: Count
    last: bool


Body: TypeAlias = (
    Terms
    | Plain
    | Review
    | Approve
    | Against
    | Reasoned
    | Assure
    | Accept
    | Decline
    | Based
    | Use
    | Dispose
    | Report
)
FORMS: Final[Mapping[str, type[Body]]] = {
    "request": Terms,
    "withdraw": Plain,
    "review": Review,
    "approve": Approve,
    "deny": Against,
    "return": Reasoned,
    "assure": Assure,
    "accept": Accept,
    "decline": Decline,
    "use": Use,
    "receive": Use,
    "suspend": Based,
    "resume": Based,
    "amend": Terms,
    "amend_withdraw": Plain,
    "amend_approve": Approve,
    "amend_deny": Against,
    "revoke": Based,
    "dispose": Dispose,
    "report": Report,
}


def decision_digest(decision: Approve) -> str:
    """Return the digest by which an assurance names the decision that asked for it."""
    return digest(canonical(json_of(decision)))


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.kind``, ``deeds.form``, ``basics.*``, ``authorisations.checks``,
            ``authorisations.dates``; ``authorisations.parties``, ``authorisations.covers``: what is
            asked for is nothing that could be decided.
    """
    body = read_act(deed, FORMS, family="authorisation")
    if isinstance(body, Terms):
        _check_terms(body)
    elif isinstance(body, Approve):
        check_provisos(body.provisos)
        _check_day(body.decided)
    elif isinstance(body, Against):
        _check_day(body.decided)
    elif isinstance(body, Report):
        _check_day(body.starts)
        _check_day(body.ends)
        if body.ends < body.starts:
            raise PeerError("authorisations.dates", "The period ends before it begins.")


def _check_terms(terms: Terms) -> None:
    if terms.exporter == terms.recipient:
        raise PeerError(
            "authorisations.parties", "Exporter and recipient are the two parties, not one."
        )
    if terms.type == "licence":
        fits = bool(terms.items or terms.classes) and not (terms.members or terms.excluded)
    else:
        named = {terms.exporter, terms.recipient} <= set(terms.members)
        fits = named and not (terms.items or terms.classes)
    if not fits:
        raise PeerError(
            "authorisations.covers",
            "A licence names items or classes of items; an authorised community names its members,"
            " with both parties among them, and what stays outside.",
        )


def _check_day(day: str) -> None:
    Instant.parse(f"{day}T00:00:00Z")
