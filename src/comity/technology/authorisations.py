"""Authorisations: asked for, decided, assured, used and counted, reconciled.

The decision is a licensing authority's; it is entered with the digest of its document. Until the
recipient has given exactly the assurance that was asked, and accepted the provisos by their digest,
nothing crosses. Each transfer is counted once by the exporter, before its first byte, and mirrored
once by the recipient. Being active, used up or expired is computed, never entered.
Source: agreements.md D2.8; spec 11.3.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import (
    EITHER,
    OPENER,
    Deed,
    Step,
    begins,
    may,
    missing,
    read_act,
    table,
)
from comity.foundation.errors import RefusedError
from comity.technology import authorisation_acts as acts
from comity.technology.authorisation_acts import FORMS, Terms, decision_digest
from comity.technology.machine import AMENDER, EXPORTER, RECIPIENT, WHOSE
from comity.technology.provisos import Limits, counted, limits_of, provisos_digest

FAMILY: Final = "authorisation"


class Status(StrEnum):
    """Where an authorisation stands by its acts."""

    REQUESTED = "requested"
    WITHDRAWN = "withdrawn"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    DENIED = "denied"
    APPROVED = "approved"
    APPROVED_WITH_PROVISOS = "approved_with_provisos"
    ASSURED = "assured"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    RECONCILED = "reconciled"
    DECLINED = "declined"


_ASKED: Final = (Status.REQUESTED, Status.IN_REVIEW, Status.RETURNED, Status.DECLINED)
_APPROVED: Final = (Status.APPROVED, Status.APPROVED_WITH_PROVISOS)
_GIVEN: Final = (*_APPROVED, Status.ASSURED)
_HELD: Final = (Status.ASSURED, Status.SUSPENDED)
_USED: Final = (*_APPROVED, *_HELD, Status.REVOKED)

#: The machine (agreements.md D2.8; spec 11.3.2).
STEPS: Final = table(
    Step(name="request", by=EITHER, target=Status.REQUESTED, ruled=True),
    Step(name="withdraw", by=OPENER, sources=_ASKED, target=Status.WITHDRAWN),
    Step(
        name="review",
        by=EXPORTER,
        sources=(Status.REQUESTED, Status.RETURNED, Status.DECLINED),
        target=Status.IN_REVIEW,
    ),
    Step(name="approve", by=EXPORTER, sources=(Status.IN_REVIEW, *_APPROVED), ruled=True),
    Step(name="deny", by=EXPORTER, sources=(Status.IN_REVIEW,), target=Status.DENIED),
    Step(name="return", by=EXPORTER, sources=(Status.IN_REVIEW,), target=Status.RETURNED),
    Step(name="assure", by=RECIPIENT, sources=_APPROVED, target=Status.ASSURED, ruled=True),
    Step(name="accept", by=RECIPIENT, sources=_GIVEN, ruled=True),
    Step(name="decline", by=RECIPIENT, sources=_APPROVED, target=Status.DECLINED),
    Step(name="use", by=EXPORTER, sources=(Status.ASSURED,)),
    Step(name="receive", by=RECIPIENT, sources=_USED),
    Step(name="suspend", by=EXPORTER, sources=_GIVEN, target=Status.SUSPENDED),
    Step(name="resume", by=EXPORTER, sources=(Status.SUSPENDED,), ruled=True),
    Step(name="amend", by=EITHER, sources=(Status.ASSURED,), ruled=True),
    Step(name="amend_withdraw", by=AMENDER, sources=_HELD),
    Step(name="amend_approve", by=EXPORTER, sources=(Status.ASSURED,), ruled=True),
    Step(name="amend_deny", by=EXPORTER, sources=_HELD),
    Step(name="revoke", by=EXPORTER, sources=(*_GIVEN, Status.SUSPENDED), target=Status.REVOKED),
    Step(name="dispose", by=RECIPIENT, sources=(*_USED, Status.RECONCILED)),
    Step(name="report", by=EITHER, sources=(*_HELD, Status.REVOKED), both=True),
)
#: Steps that answer an amendment or take it back: without one they have no effect.
_OF_AMENDMENT: Final = frozenset({"amend_approve", "amend_deny", "amend_withdraw"})
KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)


@attrs.frozen(kw_only=True)
class Authorisation:
    """What the acts on one authorisation come to.

    Attributes:
        id: Its id.
        terms: What is authorised, or asked for.
        opener: Who asked.
        status: Where it stands by its acts.
        version: 1, and one more with each amendment that was approved.
        review: The authority and its case number, once it has one.
        decision: What was decided for it, unless it was declined.
        against: What was decided against it, or against its amendment.
        assurance: The recipient's assurance under the decision.
        accepted: Whether the recipient accepted the provisos (or there are none).
        held: The state to which a resumption leads back.
        basis: Why, and on which basis, it was suspended, resumed, revoked, returned or declined.
        proposed: The terms of an amendment that waits for its decision.
        amender: Who asked for that amendment.
        replaced: The other side's amendment whose place that one took, to wait again behind it.
        uses: The transfers that the exporter counted, in their order.
        receipts: The transfers that the recipient counted, in their order.
        disposals: What the recipient said of return and destruction.
        reports: The totals that both have said.
        settled: How many uses the reports cover.
        asked: What each party has said of the step that needs both.
        last: The act that brought it where it is.
    """

    id: str
    terms: Terms
    opener: str
    status: Status
    version: int = 1
    review: acts.Review | None = None
    decision: acts.Approve | None = None
    against: acts.Against | None = None
    assurance: acts.Assure | None = None
    accepted: bool = False
    held: Status | None = None
    basis: acts.Based | acts.Reasoned | acts.Decline | None = None
    proposed: Terms | None = None
    amender: str | None = None
    replaced: Terms | None = None
    uses: tuple[acts.Use, ...] = ()
    receipts: tuple[acts.Use, ...] = ()
    disposals: tuple[acts.Dispose, ...] = ()
    reports: tuple[acts.Report, ...] = ()
    settled: int = 0
    asked: Mapping[str, JsonObject] = attrs.field(factory=dict)
    last: tuple[str, int]

    def plays(self, party: str, part: str) -> bool:
        """Return whether ``party`` has that part: exporter, recipient, opener, amender, either.

        Where no amendment waits, either may try: that there is none is what refuses the step.
        """
        match part:
            case "exporter":
                return party == self.terms.exporter
            case "recipient":
                return party == self.terms.recipient
            case "opener":
                return party == self.opener
            case "amender":
                return self.amender in {None, party}
            case _:
                return party in {self.terms.exporter, self.terms.recipient}

    @property
    def limits(self) -> Limits:
        """The checks of the decision that counts."""
        return limits_of([] if self.decision is None else self.decision.provisos)

    def counted(self) -> Mapping[str, acts.Use]:
        """Return the transfers that either gateway has counted, by id."""
        return {each.transfer: each for each in (*self.receipts, *self.uses)}

    def covers(self, *, sha256: str, scheme: str, code: str) -> bool:
        """Return whether an item of that digest and class is meant."""
        if self.terms.type == "community":
            return not any(
                (each.scheme, each.code) == (scheme, code) for each in self.terms.excluded
            )
        return any(each.digest == sha256 for each in self.terms.items) or any(
            (each.scheme, each.code) == (scheme, code) for each in self.terms.classes
        )


def apply(one: Authorisation | None, deed: Deed) -> Authorisation:
    """Return the authorisation after one more act.

    Raises:
        RefusedError: ``technology.*``, ``authorisations.*``: the act cannot count at its place.
    """
    body, step = read_act(deed, FORMS, family=FAMILY), STEPS[deed.step]
    if one is None and isinstance(body, Terms) and step.name == "request":
        if deed.party not in {body.exporter, body.recipient}:
            raise RefusedError(
                "authorisations.strangers", "Only one of the two parties it names can ask for it."
            )
        return Authorisation(
            id=body.authorisation,
            terms=body,
            opener=deed.party,
            status=Status.REQUESTED,
            last=(deed.party, deed.n),
        )
    if step.name == "request":
        begins(one, "an authorisation")
    if one is None:
        raise missing("authorisation")
    may(one.terms.title, one.status, step, plays=one.plays(deed.party, step.by), whose=WHOSE)
    moved = attrs.evolve(
        one,
        status=Status(step.target) if step.target else one.status,
        last=(deed.party, deed.n),
    )
    return _moved(moved, deed, body, before=one)


def _moved(
    moved: Authorisation, deed: Deed, body: acts.Body, *, before: Authorisation
) -> Authorisation:
    if deed.step in _OF_AMENDMENT and before.proposed is None:
        raise RefusedError(
            "authorisations.no_amendment", "No amendment of this authorisation waits."
        )
    made = moved
    match body:
        case acts.Review() | acts.Approve() | acts.Against():
            made = _decided(moved, body, amends=deed.step == "amend_approve")
        case acts.Assure() | acts.Accept() | acts.Decline():
            made = _answered(moved, body)
        case acts.Use():
            made = _counted(moved, body, sent=deed.step == "use")
        case acts.Based() | acts.Reasoned():
            made = _held(moved, deed, body, before=before)
        case acts.Terms():
            made = _amended(moved, deed, body)
        case acts.Dispose() | acts.Report():
            made = _accounted(moved, deed, body)
        case _:  # ``withdraw``, ``amend_withdraw``
            made = _taken_back(moved)
    return made


def _decided(
    moved: Authorisation, body: acts.Review | acts.Approve | acts.Against, *, amends: bool
) -> Authorisation:
    if isinstance(body, acts.Review):
        return attrs.evolve(moved, review=body, basis=None)
    if isinstance(body, acts.Approve):
        return _approved(moved, body, amends=amends)
    return attrs.evolve(moved, against=body, proposed=None, amender=None, replaced=None)


def _answered(
    moved: Authorisation, body: acts.Assure | acts.Accept | acts.Decline
) -> Authorisation:
    if isinstance(body, acts.Accept):
        return _accepted(moved, body)
    if isinstance(body, acts.Decline):
        return _declined(moved, body)
    _check_assurance(moved, body)
    return attrs.evolve(moved, assurance=body)


def _declined(moved: Authorisation, body: acts.Decline) -> Authorisation:
    _check_decision(moved, body.decision)
    if moved.version > 1:
        raise RefusedError(
            "authorisations.amended",
            "What was decided on an amendment is not declined, for what crossed before is still to"
            " be reconciled: the exporter enters another decision, or ends it.",
        )
    return attrs.evolve(moved, basis=body, decision=None, accepted=False)


def _accounted(moved: Authorisation, deed: Deed, body: acts.Dispose | acts.Report) -> Authorisation:
    if isinstance(body, acts.Report):
        return _reported(moved, deed, body)
    return attrs.evolve(moved, disposals=(*moved.disposals, body))


def _approved(moved: Authorisation, body: acts.Approve, *, amends: bool) -> Authorisation:
    """Return it decided for; what was assured under an earlier decision is asked for anew."""
    status = Status.APPROVED_WITH_PROVISOS if body.provisos else Status.APPROVED
    decided = attrs.evolve(
        moved,
        status=status,
        decision=body,
        against=None,
        assurance=None,
        accepted=not body.provisos,
        held=None,
    )
    if not amends:
        return decided
    assert moved.proposed is not None  # what decides on an amendment has one
    return attrs.evolve(
        decided,
        terms=moved.proposed,
        proposed=None,
        amender=None,
        replaced=None,
        version=moved.version + 1,
    )


def _check_decision(one: Authorisation, named: str) -> None:
    assert one.decision is not None  # an approved authorisation has its decision
    if named != decision_digest(one.decision):
        raise RefusedError(
            "authorisations.other_decision", "That answers another decision than the one it has."
        )


def _check_assurance(one: Authorisation, body: acts.Assure) -> None:
    assert one.decision is not None  # an approved authorisation has its decision
    _check_decision(one, body.decision)
    if body.assurance != one.decision.assurance:
        raise RefusedError(
            "authorisations.other_assurance",
            "The assurance does not say, word by word, what was asked.",
        )
    if one.decision.cosigned and body.document is None:
        raise RefusedError(
            "authorisations.not_cosigned",
            "The decision asks for a co-signature of the government: name the digest of its"
            " document.",
        )


def _accepted(moved: Authorisation, body: acts.Accept) -> Authorisation:
    assert moved.decision is not None  # an approved authorisation has its decision
    if body.provisos != provisos_digest(moved.decision.provisos):
        raise RefusedError(
            "authorisations.other_provisos", "What was accepted are not these provisos."
        )
    return attrs.evolve(moved, accepted=True)


def _counted(moved: Authorisation, body: acts.Use, *, sent: bool) -> Authorisation:
    """Return it with one transfer more on one side's count: each transfer once.

    Each gateway's own count stays within the limits. What may still cross is what neither of the
    two has counted (``left``), so no order of arrival overdraws it.
    """
    own = moved.uses if sent else moved.receipts
    if any(each.transfer == body.transfer for each in own):
        raise RefusedError("authorisations.counted", "That transfer is counted already.")
    if sent and not moved.accepted:
        raise RefusedError("authorisations.provisos_open", "Its provisos are not accepted yet.")
    if sent and said_last(moved, moved.terms.exporter):
        raise RefusedError(
            "authorisations.closing", "The exporter has given the last report of it already."
        )
    spent = sum(weight(moved.limits, each) for each in own) + weight(moved.limits, body)
    most = moved.limits.quantity
    if most is not None and spent > most.amount:
        raise RefusedError(
            "authorisations.used_up",
            f"It is for {counted(most.amount, most.unit)} in all, and they are used up.",
        )
    if sent:
        _check_value(moved, body)
        return attrs.evolve(moved, uses=(*moved.uses, body))
    return attrs.evolve(moved, receipts=(*moved.receipts, body))


def _check_value(one: Authorisation, body: acts.Use) -> None:
    most = one.limits.value
    if most is None:
        return
    known = body.value is not None and body.value.currency == most.limit.currency
    before = sum(each.value.cents for each in one.uses if each.value is not None)
    if body.value is None or not known or before + body.value.cents > most.limit.cents:
        raise RefusedError(
            "authorisations.value",
            f"It is for {most.limit.amount} {most.limit.currency} in all; this would go beyond, or"
            " has no value in that currency.",
        )


def weight(limits: Limits, use: acts.Use) -> int:
    """Return what a transfer counts against a quantity: one, or its bytes."""
    counts_bytes = limits.quantity is not None and limits.quantity.unit == "bytes"
    return use.bytes if counts_bytes else 1


def _held(
    moved: Authorisation,
    deed: Deed,
    body: acts.Based | acts.Reasoned,
    *,
    before: Authorisation,
) -> Authorisation:
    told = attrs.evolve(moved, basis=body)
    if deed.step == "suspend":
        return attrs.evolve(told, held=before.status)
    if deed.step == "resume":
        return attrs.evolve(told, status=before.held or before.status, held=None)
    return told


def _amended(moved: Authorisation, deed: Deed, body: Terms) -> Authorisation:
    pair = (moved.terms.exporter, moved.terms.recipient, moved.terms.type)
    if (body.exporter, body.recipient, body.type) != pair:
        raise RefusedError(
            "authorisations.other_parties",
            "An amendment keeps exporter, recipient and type; for others a new one is asked for.",
        )
    replaced = moved.replaced if moved.amender == deed.party else moved.proposed
    return attrs.evolve(moved, proposed=body, amender=deed.party, replaced=replaced)


def _taken_back(moved: Authorisation) -> Authorisation:
    """Return it without what was asked for; the other side's that this had replaced waits again."""
    if moved.replaced is None:
        return attrs.evolve(moved, proposed=None, amender=None)
    ours, theirs = moved.terms.exporter, moved.terms.recipient
    other = theirs if moved.amender == ours else ours
    return attrs.evolve(moved, proposed=moved.replaced, amender=other, replaced=None)


def _reported(moved: Authorisation, deed: Deed, body: acts.Report) -> Authorisation:
    """Return it with one side's totals; settled once the other has said the same.

    A last report is not taken back: the other side's may be on its way already.
    """
    if said_last(moved, deed.party) and not body.last:
        raise RefusedError("authorisations.last", "The last report of it is given already.")
    wanted = totals(moved)
    if (body.transfers, body.received, body.bytes) != wanted:
        raise RefusedError(
            "authorisations.totals",
            f"The totals do not match: since the last report {wanted[0]} transfers were counted"
            f" ({wanted[1]} received, {wanted[2]} bytes).",
        )
    asked = {**moved.asked, deed.party: deed.data}
    if len(asked) < 2 or any(said != deed.data for said in asked.values()):
        return attrs.evolve(moved, asked=asked)
    return attrs.evolve(
        moved,
        asked={},
        reports=(*moved.reports, body),
        settled=len(moved.uses),
        status=Status.RECONCILED if body.last else moved.status,
    )


def said_last(one: Authorisation, party: str) -> bool:
    """Return whether a party has given its last report, and waits for the other's."""
    said = one.asked.get(party)
    return said is not None and said.get("last") is True


def missing_totals(one: Authorisation) -> tuple[str, ...]:
    """Return who can report so that totals count: both where the two differ, else who has not."""
    if not one.asked or one.status not in STEPS["report"].sources:
        return ()
    pair = (one.terms.exporter, one.terms.recipient)
    return tuple(party for party in pair if len(one.asked) == 2 or party not in one.asked)


def totals(one: Authorisation) -> tuple[int, int, int]:
    """Return the transfers counted since the last report, how many came, and their bytes."""
    open_uses = one.uses[one.settled :]
    came = {each.transfer for each in one.receipts}
    return (
        len(open_uses),
        sum(each.transfer in came for each in open_uses),
        sum(each.bytes for each in open_uses),
    )


def left(one: Authorisation, *, transfer: str | None) -> tuple[int | None, int | None]:
    """Return how much may still cross, in the unit of its quantity and in hundredths of its value.

    Args:
        one: The authorisation.
        transfer: The transfer that is asked about; what it was counted with is its own.
    """
    limits = one.limits
    others = [use for name, use in one.counted().items() if name != transfer]
    quantity = limits.quantity
    most = limits.value
    return (
        None if quantity is None else quantity.amount - sum(weight(limits, u) for u in others),
        None
        if most is None
        else most.limit.cents - sum(u.value.cents for u in others if u.value is not None),
    )


def used_up(one: Authorisation) -> bool:
    """Return whether nothing is left of its quantity, or of its value."""
    return any(each is not None and each < 1 for each in left(one, transfer=None))
