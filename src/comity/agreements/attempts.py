"""Attempts to sign: which signatures count, and how each attempt ends.

A signature counts if the other party cosigned a checkpoint that contains it inside the window.
Signed: every listed signature counts. Void: one is missing and that party's log has passed the end
of the window. A revocation, a reopening or a new tabling that its author made without knowing all
signatures ends the attempt; where it crossed the completing signature unseen, the attempt is
contested and binds nobody. Source: agreements.md D3.9; record.md 4.5; design 13.6;
spec 5.6.
"""

import enum
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.agreements import events
from comity.agreements.chains import Chains, Heads, LifeAct, acts_of
from comity.agreements.events import Place
from comity.agreements.signing import Manifest, Signatory, Signer
from comity.foundation.attested import Marks
from comity.foundation.instants import Instant

#: Acts after which what was to be signed is no longer what both want to sign.
DISTURBING: Final = (events.TABLE, events.REOPEN, events.ABANDON)


class Outcome(enum.StrEnum):
    """How an attempt to sign stands."""

    PROPOSED = "proposed"
    LAPSED = "lapsed"
    SIGNING = "signing"
    SIGNED = "signed"
    VOID = "void"
    REVOKED = "revoked"
    CONTESTED = "contested"


@attrs.frozen(kw_only=True)
class SignatureView:
    """One listed signatory and what the record has of that person's signature.

    Attributes:
        signatory: Who must sign.
        signer: The signature's key and digests; None while there is none.
        attested: When the counterpart cosigned it; None while it has not.
        counts: Whether that was inside the window.
    """

    signatory: Signatory
    signer: Signer | None
    attested: Instant | None
    counts: bool


@attrs.frozen(kw_only=True)
class Attempt:
    """One manifest and what became of it.

    Attributes:
        manifest: What is to be signed.
        raw: The manifest's bytes.
        opened: The act that opened it.
        ready: The parties that said they are ready to sign.
        signatures: One line per listed signatory, in the manifest's order.
        outcome: How it stands.
        signed_at: When the last signature was attested; None unless all count.
        conclusions: By party, the digest of the conclusion it sealed.
    """

    manifest: Manifest
    raw: bytes
    opened: Place
    ready: tuple[str, ...]
    signatures: tuple[SignatureView, ...]
    outcome: Outcome
    signed_at: Instant | None
    conclusions: Mapping[str, str]


def attempts_of(
    chains: Chains, heads: Heads | None, marks: Mapping[str, Marks]
) -> tuple[Attempt, ...]:
    """Return every attempt to sign an instrument, in the order of their windows."""
    made: dict[str, Attempt] = {}
    for act in acts_of(chains, heads, events.OPEN):
        if act.ref not in made:
            made[act.ref] = _attempt(chains, heads, marks=marks, opening=act)
    return tuple(
        sorted(made.values(), key=lambda each: (each.manifest.opens, each.manifest.digest))
    )


def heads_at(attempt: Attempt) -> Heads:
    """Return the heads at which an attempt was opened: what is signed is the text of then."""
    place = attempt.opened
    return {**dict.fromkeys(attempt.manifest.parties, place.seen), place.party: place.n}


def disturbances(chains: Chains, heads: Heads | None, *, opening: LifeAct) -> tuple[LifeAct, ...]:
    """Return the acts that end the attempt ``opening``, not known to whoever opened it."""
    return tuple(
        act
        for act in acts_of(chains, heads, *DISTURBING, events.REVOKE)
        if not opening.place.knew(act.place)
        and (act.kind != events.REVOKE or act.ref == opening.ref)
    )


def signatures_of(
    chains: Chains, heads: Heads | None, *, manifest: Manifest
) -> Mapping[str, tuple[LifeAct, ...]]:
    """Return the signature acts under a manifest, by the full powers they name."""
    made: dict[str, tuple[LifeAct, ...]] = {each.powers: () for each in manifest.signatories}
    parties = {each.powers: each.party for each in manifest.signatories}
    for act in acts_of(chains, heads, events.SIGN):
        for signer in act.signers:
            powers = signer.powers or ""
            if act.ref == manifest.digest and parties.get(powers) == act.place.party:
                made[powers] = (*made[powers], act)
    return made


def ready_of(chains: Chains, heads: Heads | None, *, manifest: str) -> tuple[str, ...]:
    """Return the parties that said they are ready to sign a manifest."""
    ready = {act.place.party for act in acts_of(chains, heads, events.READY) if act.ref == manifest}
    return tuple(sorted(ready))


def _attempt(
    chains: Chains, heads: Heads | None, *, marks: Mapping[str, Marks], opening: LifeAct
) -> Attempt:
    manifest = opening.document
    assert isinstance(manifest, Manifest)  # so it was folded
    ending = disturbances(chains, heads, opening=opening)
    given = {
        powers: [act for act in acts if not any(act.place.knew(end.place) for end in ending)]
        for powers, acts in signatures_of(chains, heads, manifest=manifest).items()
    }
    views = tuple(
        _signature(each, given[each.powers], manifest=manifest, marks=marks)
        for each in manifest.signatories
    )
    ready = ready_of(chains, heads, manifest=manifest.digest)
    unseen = [
        end
        for end in ending
        if not all(any(end.place.knew(act.place) for act in acts) for acts in given.values())
    ]
    outcome = _outcome(views, manifest, marks=marks, ended=bool(unseen), ready=len(ready) == 2)
    times = [each.attested for each in views if each.counts and each.attested is not None]
    return Attempt(
        manifest=manifest,
        raw=opening.raw,
        opened=opening.place,
        ready=ready,
        signatures=views,
        outcome=outcome,
        signed_at=max(times) if outcome is Outcome.SIGNED else None,
        conclusions={
            act.place.party: act.conclusion
            for act in acts_of(chains, heads, events.CONCLUDE)
            if act.ref == manifest.digest
        },
    )


def _signature(
    signatory: Signatory,
    acts: Sequence[LifeAct],
    *,
    manifest: Manifest,
    marks: Mapping[str, Marks],
) -> SignatureView:
    """Return the signature of one listed person: there is at most one, ``admit`` saw to it."""
    act = next(iter(acts), None)
    if act is None:
        return SignatureView(signatory=signatory, signer=None, attested=None, counts=False)
    attested = marks.get(signatory.party, Marks()).attested(act.place.n)
    return SignatureView(
        signatory=signatory,
        signer=next(each for each in act.signers if each.powers == signatory.powers),
        attested=attested,
        counts=attested is not None and manifest.opens <= attested <= manifest.closes,
    )


def _outcome(
    views: Sequence[SignatureView],
    manifest: Manifest,
    *,
    marks: Mapping[str, Marks],
    ended: bool,
    ready: bool,
) -> Outcome:
    complete = all(each.counts for each in views)
    if ended:
        return Outcome.CONTESTED if complete else Outcome.REVOKED
    if complete:
        return Outcome.SIGNED
    over = {party: marks.get(party, Marks()).passed(manifest.closes) for party in manifest.parties}
    if not ready:
        return Outcome.LAPSED if any(over.values()) else Outcome.PROPOSED
    missing = any(not each.counts and over[each.signatory.party] for each in views)
    return Outcome.VOID if missing else Outcome.SIGNING
