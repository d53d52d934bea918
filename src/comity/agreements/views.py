"""How an instrument stands: computed from both chains, the cosigned checkpoints and a time.

The status is the end of a walk through the table of ``lifecycle``, by events that this module reads
off the chains. Nothing is stored and nothing is decided here, so both nodes compute the same.
Source: spec 5.5 to 5.8.
"""

from collections.abc import Iterator, Mapping

import attrs

from comity.agreements import clauses, events
from comity.agreements.attempts import (
    Attempt,
    Outcome,
    SignatureView,
    attempts_of,
    disturbances,
    heads_at,
)
from comity.agreements.chains import (
    AgreementsState,
    Chains,
    Heads,
    Opening,
    acts_of,
    chains_of,
    opening_of,
    state_digest,
)
from comity.agreements.lifecycle import Event, State, walk
from comity.agreements.mandates import Agreement, Suspension
from comity.agreements.model import Content, label_path, named_fields
from comity.agreements.moves import Package
from comity.agreements.negotiation import NoEffect
from comity.agreements.packages import open_offers
from comity.agreements.signing import Conclusion, Signer, conclusion_document
from comity.agreements.standing import standing_at
from comity.agreements.suspensions import ineffective_suspensions, suspensions_of
from comity.agreements.texts import (
    AlternativeView,
    UnitView,
    ineffective,
    text_at,
    unit_views,
)
from comity.foundation.attested import Marks
from comity.foundation.canonical import digest
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant

__all__ = (
    "AlternativeView",
    "InstrumentView",
    "UnitView",
    "agreement_in_force",
    "view",
    "view_later",
)

#: The way to a signature, whatever was reopened later: what is signed stays signed.
_TO_SIGNING = (
    Event.TABLED,
    Event.ANSWERED,
    Event.CLEANED,
    Event.ADOPTED,
    Event.INITIALLED,
    Event.READY,
)


@attrs.frozen(kw_only=True)
class InstrumentView:
    """How one instrument stands.

    Attributes:
        instrument: Its id.
        opening: Title, register, language, parties.
        status: Its state in the lifecycle table.
        units: The units of the text in printed order, each with its status.
        contents: The clean part: the content both stand by, per unit.
        clean: Whether no bracket, open unit, reserve or confirmation is missing.
        text_digest: Digest of the clean text; None while it is not clean.
        state_digest: Digest of the state at these heads.
        no_effects: What does not count, and why.
        adopted: Who adopted the text, by party, where that counts.
        initialled: Who initialled it, by party, where that counts.
        packages: The package offers that stand, by party, accepted ones among them.
        attempts: Every attempt to sign.
        void_attempts: How many ended void.
        window: The window of the newest attempt.
        signatures: Its listed signatories and their signatures.
        signed_at: When the last signature was attested.
        in_force_at: When force begins by the clause.
        ends_at: When the term ends.
        conclusion: The bytes of the conclusion, once signed.
        concluded: The parties that sealed exactly these bytes.
        suspended: Whether the whole is suspended.
        suspended_units: The units that are suspended.
        suspensions: Every suspension that nobody has lifted.
        contested: Whether an attempt ended so that the record cannot decide.
        reopened: How often the instrument was reopened.
    """

    instrument: str
    opening: Opening
    status: State
    units: tuple[UnitView, ...]
    contents: Mapping[str, Content]
    clean: bool
    text_digest: str | None
    state_digest: str
    no_effects: tuple[NoEffect, ...]
    adopted: Mapping[str, tuple[Signer, ...]]
    initialled: Mapping[str, tuple[Signer, ...]]
    packages: tuple[tuple[str, Package], ...]
    attempts: tuple[Attempt, ...]
    void_attempts: int
    window: tuple[Instant, Instant] | None
    signatures: tuple[SignatureView, ...]
    signed_at: Instant | None
    in_force_at: Instant | None
    ends_at: Instant | None
    conclusion: bytes | None
    concluded: tuple[str, ...]
    suspended: bool
    suspended_units: tuple[str, ...]
    suspensions: tuple[Suspension, ...]
    contested: bool
    reopened: int

    @property
    def to_sign(self) -> bool:
        """Whether its way goes on from adoption to signatures.

        A political text that states no entry into force, as that of a joint statement, is adopted
        and no more. Source: spec 5.7.2.
        """
        return self.opening.register != "political" or bool(named_fields(self.contents, "entry"))


@attrs.frozen(kw_only=True)
class _Force:
    """What follows from a signature: times, conclusion, suspensions."""

    steps: tuple[Event, ...] = ()
    signed_at: Instant | None = None
    in_force_at: Instant | None = None
    ends_at: Instant | None = None
    conclusion: bytes | None = None
    suspensions: tuple[Suspension, ...] = ()
    standing: tuple[Suspension, ...] = ()


def view(
    state: AgreementsState,
    instrument: str,
    *,
    marks: Mapping[str, Marks],
    at: Instant,
    heads: Heads | None = None,
) -> InstrumentView:
    """Return how an instrument stands.

    Args:
        state: The folded acts of both parties.
        instrument: Its id.
        marks: By party, the other party's cosigned checkpoints over that party's log.
        at: The time for which terms and timed suspensions are computed.
        heads: Log sizes by party up to which acts count; None for all that were folded.

    Raises:
        MisuseError: ``agreements.unknown_instrument``, ``agreements.not_tabled``.
    """
    chains = chains_of(state, instrument)
    opened = opening_of(chains, heads)
    if opened is None:
        raise MisuseError("agreements.not_tabled", f"{instrument} was not yet tabled then.")
    place, opening = opened
    attempts = attempts_of(chains, heads, marks)
    signed = _signed(attempts)
    cut = heads if signed is None else heads_at(signed)
    text = text_at(instrument, chains, opening, heads=cut)
    standing = standing_at(chains, opening, proposer=place.party, heads=cut, text=text)
    force = (
        _Force()
        if signed is None
        else _force(chains, heads, attempt=signed, units=text.agreed, at=at)
    )
    shown = signed or (attempts[-1] if attempts else None)
    return InstrumentView(
        instrument=instrument,
        opening=opening,
        status=walk(_steps(standing.steps, attempts, force=force, signed=signed)),
        units=unit_views(text, closed=Event.INITIALLED in standing.steps or signed is not None),
        contents=text.agreed,
        clean=text.clean,
        text_digest=text.digest,
        state_digest=state_digest(instrument, chains, heads),
        no_effects=(
            *ineffective(text),
            *standing.no_effects,
            *_concluded_too_late(chains, heads, signed=signed),
            *ineffective_suspensions(chains, heads, counting=force.suspensions),
        ),
        adopted=standing.adopted,
        initialled=standing.initialled,
        packages=_offers(chains, heads),
        attempts=attempts,
        void_attempts=sum(each.outcome is Outcome.VOID for each in attempts),
        window=None if shown is None else (shown.manifest.opens, shown.manifest.closes),
        signatures=() if shown is None else shown.signatures,
        signed_at=force.signed_at,
        in_force_at=force.in_force_at,
        ends_at=force.ends_at,
        conclusion=force.conclusion,
        concluded=_concluded(signed, force.conclusion),
        suspended=any(not each.units for each in force.standing),
        suspended_units=_suspended_units(force),
        suspensions=force.suspensions,
        contested=signed is None and any(each.outcome is Outcome.CONTESTED for each in attempts),
        reopened=standing.reopened,
    )


def view_later(shown: InstrumentView, state: AgreementsState, *, at: Instant) -> InstrumentView:
    """Return how an instrument stands at another time while both logs and their marks are the same.

    Only what is signed moves with time alone: terms end and timed suspensions end. So a long text
    need not be read anew for each look at it.

    Args:
        shown: The view of the whole of both logs, at any time.
        state: The same state.
        at: The new time.
    """
    signed = _signed(shown.attempts)
    if signed is None:
        return shown
    chains = chains_of(state, shown.instrument)
    force = _force(chains, None, attempt=signed, units=shown.contents, at=at)
    return attrs.evolve(
        shown,
        status=walk((*_TO_SIGNING, *force.steps)),
        suspended=any(not each.units for each in force.standing),
        suspended_units=_suspended_units(force),
    )


def agreement_in_force(shown: InstrumentView) -> Agreement:
    """Return what ``rule_on`` needs of an instrument, whether or not it is in force.

    Before a signature it has no areas and ``in_force_at`` is None: every ruling refuses.
    """
    signed = shown.in_force_at is not None
    units = shown.contents if signed else {}
    return Agreement(
        instrument=shown.instrument,
        title=shown.opening.title,
        parties=shown.opening.parties,
        text=shown.text_digest if signed else None,
        in_force_at=shown.in_force_at,
        ends_at=shown.ends_at,
        scale=clauses.scale_of(units),
        areas=clauses.areas_in(units),
        labels={unit: label_path(units, unit) for unit in units},
        parents={unit: content.parent for unit, content in units.items()},
        third_parties=clauses.third_parties_of(units),
        suspensions=shown.suspensions,
    )


def _offers(chains: Chains, heads: Heads | None) -> tuple[tuple[str, Package], ...]:
    acts = {party: chain.packages for party, chain in chains.items()}
    return tuple((party, offer) for (party, _), (_, offer) in open_offers(acts, heads).items())


def _signed(attempts: tuple[Attempt, ...]) -> Attempt | None:
    """Return the attempt that was signed; of several the one that was signed first."""
    done = [
        (each.signed_at, each.manifest.digest, each)
        for each in attempts
        if each.signed_at is not None
    ]
    return min(done, key=lambda each: each[:2])[2] if done else None


def _force(
    chains: Chains,
    heads: Heads | None,
    *,
    attempt: Attempt,
    units: Mapping[str, Content],
    at: Instant,
) -> _Force:
    manifest, signed_at = attempt.manifest, attempt.signed_at
    assert signed_at is not None  # ``_signed`` looked
    in_force_at = clauses.enters_at(manifest.entry, signed_at=signed_at)
    ends_at = clauses.ends_at(units, in_force_at=in_force_at)
    conclusion = Conclusion(
        instrument=manifest.instrument,
        text=manifest.text,
        manifest=manifest.digest,
        signatures=tuple(
            sorted(
                one
                for each in attempt.signatures
                if each.signer is not None
                for one in each.signer.digests
            )
        ),
        signed_at=signed_at,
        in_force_at=in_force_at,
        ends_at=ends_at,
    )
    suspensions = suspensions_of(chains, heads, text=manifest.text, units=units)
    standing = tuple(each for each in suspensions if each.holds(at))
    steps = [Event.SIGNED]
    if in_force_at > signed_at:
        steps.append(Event.ENTRY_CONDITIONS)
    if at >= in_force_at:
        steps.append(Event.ENTERED)
        if ends_at is not None and at >= ends_at:
            steps.append(Event.TERM_OVER)
        elif any(not each.units for each in standing):
            steps.append(Event.SUSPENDED)
    return _Force(
        steps=tuple(steps),
        signed_at=signed_at,
        in_force_at=in_force_at,
        ends_at=ends_at,
        conclusion=conclusion_document(conclusion),
        suspensions=suspensions,
        standing=standing,
    )


def _suspended_units(force: _Force) -> tuple[str, ...]:
    return tuple(sorted({unit for each in force.standing for unit in each.units}))


def _steps(
    so_far: tuple[Event, ...],
    attempts: tuple[Attempt, ...],
    *,
    force: _Force,
    signed: Attempt | None,
) -> tuple[Event, ...]:
    if signed is not None:
        return (*_TO_SIGNING, *force.steps)
    if any(each.outcome is Outcome.SIGNING for each in attempts):
        return _TO_SIGNING
    return so_far


def _concluded(signed: Attempt | None, conclusion: bytes | None) -> tuple[str, ...]:
    if signed is None or conclusion is None:
        return ()
    wanted = digest(conclusion)
    return tuple(sorted(p for p, sealed in signed.conclusions.items() if sealed == wanted))


def _concluded_too_late(
    chains: Chains, heads: Heads | None, *, signed: Attempt | None
) -> Iterator[NoEffect]:
    """Yield what came after everybody had signed and so changes nothing."""
    if signed is None:
        return
    opening = next(
        act for act in acts_of(chains, heads, events.OPEN) if act.ref == signed.manifest.digest
    )
    for act in disturbances(chains, heads, opening=opening):
        yield NoEffect(
            party=act.place.party,
            n=act.place.n,
            unit=None,
            what=act.kind,
            reason="concluded",
            message=f"{act.kind} by {act.place.party} changes nothing: all had signed before.",
        )
