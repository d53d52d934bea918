"""Suspensions in force: who may suspend what, and what lifts it.

A suspension works from its place in its author's log, at once and alone where the clause says
"either"; where it says "both", once the other party has suspended the same. Only both parties'
resumptions lift it, or its own end. Source: agreements.md D2.1; design 13.7;
spec 5.7.3.
"""

from collections.abc import Iterator, Mapping

from comity.agreements import events
from comity.agreements.chains import Chains, Heads, LifeAct, acts_of
from comity.agreements.clauses import suspension_of
from comity.agreements.mandates import Suspension
from comity.agreements.model import Content
from comity.agreements.negotiation import NoEffect
from comity.agreements.signing import ResumptionDocument, SuspensionDocument


def suspensions_of(
    chains: Chains, heads: Heads | None, *, text: str, units: Mapping[str, Content]
) -> tuple[Suspension, ...]:
    """Return the suspensions of the signed ``text`` that nobody has lifted.

    One whose own end has come is still among them: ``rule_on`` looks at the time.
    """
    clause = suspension_of(units)
    if clause is None:
        return ()
    _, by, scope = clause
    resumptions = acts_of(chains, heads, events.RESUME)
    standing = [
        document
        for act, document in _documents(chains, heads)
        if document.text == text
        and allowed_scope(document, scope)
        and not _lifted(act, resumptions)
    ]
    return tuple(
        Suspension(
            digest=each.digest,
            party=each.party,
            units=each.units,
            until=each.until,
            article=each.article,
        )
        for each in standing
        if by == "either" or any(_same(each, other) for other in standing)
    )


def ineffective_suspensions(
    chains: Chains, heads: Heads | None, *, counting: tuple[Suspension, ...]
) -> Iterator[NoEffect]:
    """Yield the suspensions that were not lifted and yet do not count."""
    counted = {each.digest for each in counting}
    resumptions = acts_of(chains, heads, events.RESUME)
    for act, document in _documents(chains, heads):
        if document.digest not in counted and not _lifted(act, resumptions):
            yield NoEffect(
                party=document.party,
                n=act.place.n,
                unit=None,
                what=events.SUSPEND,
                reason="not_allowed",
                message=f"The suspension by {document.party} does not count: the clause asks for"
                " the other party's also, or does not allow it, or it names another text.",
            )


def allowed_scope(document: SuspensionDocument, scope: tuple[str, ...]) -> bool:
    """Return whether the clause allows suspending what the document suspends."""
    return ("unit" if document.units else "whole") in scope


def _same(one: SuspensionDocument, other: SuspensionDocument) -> bool:
    return one.party != other.party and (one.units, one.until) == (other.units, other.until)


def _documents(
    chains: Chains, heads: Heads | None
) -> tuple[tuple[LifeAct, SuspensionDocument], ...]:
    return tuple(
        (act, act.document)
        for act in acts_of(chains, heads, events.SUSPEND)
        if isinstance(act.document, SuspensionDocument)
    )


def _lifted(suspension: LifeAct, resumptions: tuple[LifeAct, ...]) -> bool:
    """Return whether both parties resumed this suspension, knowing it.

    Two suspensions in the same words have the same digest: a resumption lifts those before it.
    """
    by = {
        act.place.party
        for act in resumptions
        if isinstance(act.document, ResumptionDocument)
        and act.document.suspension == suspension.ref
        and act.place.knew(suspension.place)
    }
    return len(by) == 2
