"""What a reaction is given, and what it gives back: a process and effects for the node.

The node stores the process and carries out the effects in one transaction, in order: acts are
recorded before messages leave. Source: design 2, idea 5; ``docs/spec/07-sharing.md`` 7.5.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import attrs

from comity.agreements.controlled import ControlFacts
from comity.agreements.mandates import (
    Agreement,
    Crossing,
    Permitted,
    Refused,
    ReleaseFacts,
    rule_on,
)
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.sharing.messages import Message
from comity.sharing.model import Process, ReleaseDecision, Role, Terms
from comity.sharing.reading import WORD_CHARS_MAX, line_of


@attrs.frozen(kw_only=True)
class Facts:
    """What holds at the moment of a reaction, told by the node.

    Attributes:
        own: Our did.
        own_base: Our Dataspace Protocol base address, no slash at its end.
        counterpart: The authenticated counterpart's did.
        counterpart_base: Its base address, from the letter it is pinned by.
        agreement: The agreement that the terms name, as both logs give it; None if there is none.
        release: The provider's release decision that the terms or the offer name, from the
            provider's log; None if there is none (or it is not mirrored yet).
        controls: Returns what controls the bytes of some terms and what authorises them, by both
            logs now; None where nothing controls them. Its second argument is who sends.
        at: Now.
        ids: Draws a new ``urn:uuid``.
    """

    own: str
    own_base: str
    counterpart: str
    counterpart_base: str
    agreement: Agreement | None
    release: ReleaseDecision | None
    controls: Callable[[Terms, str], ControlFacts | None]
    at: Instant
    ids: Callable[[], str]


@attrs.frozen(kw_only=True)
class SendMessage:
    """Print ``message`` and deliver it below ``base``, again and again until acknowledged."""

    base: str
    message: Message


@attrs.frozen(kw_only=True)
class RecordAct:
    """Append an entry of ``kind`` to our log of the relationship; ``of`` groups it."""

    kind: str
    act: JsonObject
    of: str


@attrs.frozen(kw_only=True)
class CountUse:
    """Count a transfer of a controlled item under its authorisation, once at each end.

    ``sent`` says which end: before the first byte leaves, or when the last one came.
    """

    authorisation: str
    transfer: str
    item: str
    digest: str
    bytes: int
    sent: bool


@attrs.frozen(kw_only=True)
class NoteRefusal:
    """Show an official what was refused, by whom and why; nothing of it crosses."""

    stage: str
    refused: Refused
    item: str


@attrs.frozen(kw_only=True)
class RevokeToken:
    """Forget the token of a transfer: running downloads stop, new ones find no door."""

    transfer: str


@attrs.frozen(kw_only=True)
class StopFetch:
    """Stop pulling; what came so far stays for when it goes on."""

    transfer: str


@attrs.frozen(kw_only=True)
class FetchData:
    """Pull the bytes of ``transfer`` from ``endpoint`` with ``token``."""

    transfer: str
    endpoint: str
    token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class ServeData:
    """Let the bytes of ``digest`` out, ``descriptor`` before them."""

    digest: str
    descriptor: str


@attrs.frozen(kw_only=True)
class AcceptData:
    """Take in at most ``bytes`` bytes, stop at more, and call ``consumer_on_bytes`` at the end."""

    digest: str
    bytes: int


@attrs.frozen(kw_only=True)
class KeepData:
    """Keep what came in: it is what was agreed."""

    item: str
    digest: str


@attrs.frozen(kw_only=True)
class DropData:
    """Stop pulling and remove what came in: it is not what was agreed, or nobody wants it now."""

    transfer: str


@attrs.frozen(kw_only=True)
class HoldForPerson:
    """Put it before an official; nothing happens by itself."""

    process: str
    why: str


Effect: TypeAlias = (
    SendMessage
    | RecordAct
    | CountUse
    | NoteRefusal
    | RevokeToken
    | StopFetch
    | FetchData
    | ServeData
    | AcceptData
    | KeepData
    | DropData
    | HoldForPerson
)


@attrs.frozen(kw_only=True)
class Reaction:
    """The process as it is now, the effects in order, and the refusal where there was one."""

    process: Process
    effects: tuple[Effect, ...]
    refused: Refused | None = None


#: Stages at which ``rule_on`` is asked (clause 7.5.2); each stands in the ruling that is recorded.
STAGES: Final = (
    *("check", "release", "offer", "request", "agreement", "finalization"),
    *("transfer", "start", "send", "receive"),
)


def rule(terms: Terms, *, role: Role, stage: str, facts: Facts) -> Permitted | Refused:
    """Return the ruling on ``terms``, asked afresh of the agreement that is in force now.

    Beyond ``rule_on`` the terms must name the agreement that was found, the article that permits
    must be the one they cite, and the release must be the one they rest on: a node that says one
    article and means another is refused.

    Args:
        terms: What is to cross.
        role: Our part; the provider sends.
        stage: One of ``STAGES``.
        facts: What holds now.
    """
    if facts.agreement is None or facts.agreement.instrument != terms.instrument:
        return Refused(
            code="not_in_force",
            reason=f"No agreement {terms.instrument} is in force between the two parties.",
            article=None,
        )
    sender, recipient = facts.own, facts.counterpart
    if role is Role.CONSUMER:
        sender, recipient = recipient, sender
    crossing = Crossing(
        sender=sender,
        recipient=recipient,
        area=terms.area,
        action=terms.action,
        kind=terms.kind,
        marking=terms.marking,
        purpose=terms.purpose,
        onward=terms.onward,
        control=facts.controls(terms, sender),
        release=release_facts(terms, sender=sender, release=facts.release),
        stage=stage,
    )
    ruling = rule_on(facts.agreement, crossing, at=facts.at)
    if isinstance(ruling, Permitted) and ruling.unit != terms.unit:
        return Refused(
            code="article_differs",
            reason=f"The terms cite unit {terms.unit}; what permits it is {ruling.article}.",
            article=ruling.article,
        )
    return ruling


def release_facts(
    terms: Terms, *, sender: str, release: ReleaseDecision | None
) -> ReleaseFacts | None:
    """Return the release that ``terms`` rest on, or None where it does not say the same."""
    if release is None or release.n is None or release.withdrawn:
        return None
    if release.party != sender or release.terms() != terms:
        return None
    return ReleaseFacts(release=release.n, digest=release.item.digest, recipient=release.recipient)


def require(terms: Terms, *, role: Role, stage: str, facts: Facts) -> Permitted:
    """Return the permission, or raise the refusal.

    Raises:
        RefusedError: ``sharing.refused``: the ruling's code, reason and article are its facts.
    """
    ruling = rule(terms, role=role, stage=stage, facts=facts)
    if isinstance(ruling, Refused):
        raise refusal(ruling)
    return ruling


def refusal(refused: Refused) -> RefusedError:
    """Return the error that says a ruling: facts ``ruling``, ``article``, ``reason``."""
    facts: Mapping[str, object] = {
        "ruling": refused.code,
        "article": refused.article,
        "reason": refused.reason,
    }
    return RefusedError("sharing.refused", refused.reason, facts)


def ruling_json(permitted: Permitted, *, stage: str) -> JsonObject:
    """Return the object of clause 7.3.6, which acts carry as ``ruling``."""
    return {
        "article": line_of(permitted.article, chars_max=WORD_CHARS_MAX, otherwise=permitted.unit),
        "unit": permitted.unit,
        "area": permitted.area,
        "stage": stage,
    }
