"""The checks on acts that carry documents: does the document fit, and may its signers do this?

Source: design 13.4; spec 5.5, 5.6.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

import attrs

from comity.agreements import clauses, events
from comity.agreements.attempts import Attempt, Outcome, heads_at, signatures_of
from comity.agreements.chains import Chains, Heads, Opening, acts_of
from comity.agreements.events import Act
from comity.agreements.model import Content
from comity.agreements.signing import (
    ADOPTION,
    INITIALS,
    Manifest,
    read_conclusion,
    read_manifest,
    read_resumption,
    read_statement,
    read_suspension,
)
from comity.agreements.suspensions import allowed_scope
from comity.agreements.texts import Text, text_at
from comity.foundation.canonical import digest
from comity.foundation.errors import PeerError, RefusedError
from comity.foundation.instants import Instant
from comity.parties.acts import SignedAct, read_act
from comity.parties.keys import PairKey
from comity.parties.powers import FullPowers, check_covers
from comity.parties.signatures import Capacity, verify_document

#: The full powers granted to a party before its entry ``n``, and the digests revoked by then.
PowersOf: TypeAlias = Callable[[str, int], tuple[Sequence[FullPowers], AbstractSet[str]]]
#: The seal pair of a party, from its letter.
SealOf: TypeAlias = Callable[[str], PairKey]

_STATEMENTS: Final[Mapping[str, tuple[str, Capacity]]] = {
    events.ADOPT: (ADOPTION, Capacity.ADOPT),
    events.INITIAL: (INITIALS, Capacity.INITIAL),
}


@attrs.frozen(kw_only=True)
class Authority:
    """Whose signatures hold at an act's place, and for which time."""

    powers_of: PowersOf
    seal_of: SealOf
    at: Instant | None


@attrs.frozen(kw_only=True)
class Past:
    """What the author of an act could know of the instrument."""

    act: Act
    instrument: str
    chains: Chains
    heads: Heads
    opening: Opening
    attempts: tuple[Attempt, ...]
    text: Text

    def document(self) -> bytes:
        """Return the act's document; that it is there was checked with the form."""
        return self.act.documents["document"]

    def ref(self, name: str) -> str:
        """Return a digest among the act's members.

        Raises:
            PeerError: ``agreements.ref``.
        """
        value = self.act.data[name]
        if not isinstance(value, str):
            raise PeerError("agreements.ref", f"The member {name} of {self.act.kind} is a digest.")
        return value


def check_formalities(past: Past, authority: Authority) -> None:
    """Refuse an act whose document does not fit it, or whose signers may not do it.

    Raises:
        PeerError: The document is not what the act says.
        RefusedError: It does not fit what its author could know, or its signers lack the powers.
    """
    check = _CHECKS.get(past.act.kind)
    if check is not None:
        check(past, authority)


def _statement(past: Past, authority: Authority) -> None:
    type_name, capacity = _STATEMENTS[past.act.kind]
    statement = read_statement(past.document(), type_name=type_name)
    _fits(past, statement.instrument, statement.party)
    if statement.text != past.ref("text"):
        raise PeerError("agreements.statement", "The act and its document name different texts.")
    if statement.text != past.text.digest:
        raise RefusedError(
            "agreements.other_text",
            f"{past.act.kind} names the text {statement.text[:16]}...; the clean text its author"
            f" could see is {(past.text.digest or 'none')[:16]}.",
        )
    _signed(past, past.document(), capacity=capacity, authority=authority)


def _opens(past: Past, authority: Authority) -> None:
    manifest = read_manifest(past.document())
    units = past.text.agreed
    if manifest.digest != past.ref("manifest"):
        raise PeerError("agreements.manifest", "The act and its manifest have different digests.")
    if any(act.ref == manifest.digest for act in acts_of(past.chains, past.heads, events.OPEN)):
        raise RefusedError("agreements.manifest_twice", "This manifest was opened before.")
    clauses.check_clauses(units)
    wanted = {
        "instrument": past.instrument,
        "text": past.text.digest,
        "title": past.opening.title,
        "parties": past.opening.parties,
        "policies": clauses.policies_digest(units),
        "entry": clauses.entry_of(units),
    }
    for name, value in wanted.items():
        if getattr(manifest, name) != value:
            raise RefusedError(
                "agreements.manifest_differs",
                f"The manifest's {name} is not that of the clean text; make a new manifest.",
                {"member": name},
            )
    clauses.ends_at(units, in_force_at=clauses.enters_at(manifest.entry, signed_at=manifest.closes))
    _check_signatories(manifest, past, authority)


def _check_signatories(manifest: Manifest, past: Past, authority: Authority) -> None:
    """Refuse a manifest whose signatories are too few, too many, or without full powers."""
    needed = clauses.signatories_per_party(past.text.agreed)
    for party in manifest.parties:
        listed = [each for each in manifest.signatories if each.party == party]
        if len(listed) != needed:
            raise RefusedError(
                "agreements.signatories",
                f"The text asks for {needed} signatures of each party; the manifest lists"
                f" {len(listed)} for {party}.",
            )
        heads = past.act.n if party == past.act.party else past.act.seen
        granted, revoked = authority.powers_of(party, heads)
        held = {each.digest: each for each in granted if each.digest not in revoked}
        for each in listed:
            powers = held.get(each.powers)
            if powers is None or (powers.name, powers.office) != (each.name, each.office):
                raise RefusedError(
                    "agreements.no_powers",
                    f"{each.name} ({each.office}) is listed under full powers that {party} has not"
                    " granted to that person, or has revoked.",
                )
            for at in (manifest.opens, manifest.closes):
                check_covers(powers, capacity=Capacity.SIGN, instrument=past.instrument, at=at)
        if len({each.name.casefold() for each in listed}) != len(listed):
            raise RefusedError(
                "agreements.one_person", f"The manifest lists one person of {party} twice."
            )


def _known_manifest(past: Past) -> Attempt:
    wanted = past.ref("manifest")
    found = next((each for each in past.attempts if each.manifest.digest == wanted), None)
    if found is None:
        raise RefusedError(
            "agreements.unknown_manifest", f"No manifest {wanted[:16]}... was opened for signing."
        )
    return found


def _live(past: Past) -> Attempt:
    attempt = _known_manifest(past)
    if attempt.outcome is Outcome.REVOKED:
        raise RefusedError(
            "agreements.attempt_over", "This attempt to sign was revoked; open a new manifest."
        )
    return attempt


def _ready(past: Past, _: Authority) -> None:
    _live(past)


def _signs(past: Past, authority: Authority) -> None:
    attempt = _live(past)
    manifest = attempt.manifest
    if len(attempt.ready) < 2:
        raise RefusedError(
            "agreements.not_ready",
            "Signing begins when both parties have said that they are ready;"
            f" so far: {', '.join(attempt.ready) or 'none'}.",
        )
    signatures = _signed(past, attempt.raw, capacity=Capacity.SIGN, authority=authority)
    if len(signatures) != 1:
        raise PeerError("agreements.one_pair", "A signature act carries the pair of one person.")
    signature = signatures[0]
    listed = {each.powers for each in manifest.signatories if each.party == past.act.party}
    if signature.powers.digest not in listed:
        raise RefusedError(
            "agreements.not_listed",
            f"{signature.powers.name} is not among the manifest's signatories.",
        )
    given = signatures_of(past.chains, past.heads, manifest=manifest)
    if given[signature.powers.digest]:
        raise RefusedError(
            "agreements.signed_twice", f"{signature.powers.name} has signed this manifest already."
        )


def _concludes(past: Past, authority: Authority) -> None:
    attempt = _known_manifest(past)
    document = past.document()
    conclusion = read_conclusion(document)
    manifest = attempt.manifest
    expected = (past.instrument, manifest.text, manifest.digest, digest(document))
    stated = (
        *(conclusion.instrument, conclusion.text, conclusion.manifest),
        past.ref("conclusion"),
    )
    if stated != expected:
        raise PeerError(
            "agreements.conclusion", "The conclusion is not about this manifest and its text."
        )
    given = signatures_of(past.chains, past.heads, manifest=manifest)
    digests = {
        one
        for powers, acts in given.items()
        for act in acts
        for signer in act.signers
        if signer.powers == powers
        for one in signer.digests
    }
    if not all(given.values()) or not digests.issuperset(conclusion.signatures):
        raise RefusedError(
            "agreements.not_concluded",
            "The conclusion lists signatures that its author could not know, or not all have"
            " signed.",
        )
    seal = authority.seal_of(past.act.party)
    sealed = verify_document(document, past.act.documents["signatures"], keys=[seal])
    if any(
        (each.capacity, each.on_behalf_of) != (Capacity.SEAL, past.act.party) for each in sealed
    ):
        raise RefusedError("agreements.seal", "A conclusion carries the seal of its author.")


def _suspends(past: Past, authority: Authority) -> None:
    suspension = read_suspension(past.document())
    _fits(past, suspension.instrument, suspension.party)
    if suspension.digest != past.ref("act"):
        raise PeerError("agreements.suspension", "The act and its document differ in digest.")
    units = _signed_text(past, suspension.text)
    clause = clauses.suspension_of(units)
    if clause is None or not allowed_scope(suspension, clause[2]):
        raise RefusedError(
            "agreements.no_suspension",
            "No article of the text allows suspending "
            f"{'single units' if suspension.units else 'the whole'}.",
        )
    if suspension.article != clause[0]:
        raise RefusedError(
            "agreements.suspension_article",
            f"Suspension is under {clause[0]}; the document names {suspension.article!r}.",
        )
    unknown = [unit for unit in suspension.units if unit not in units]
    if unknown:
        raise RefusedError(
            "agreements.suspended_unit", f"The text has no unit {unknown[0]} to suspend."
        )
    _signed(past, past.document(), capacity=Capacity.SUSPEND, authority=authority)


def _signed_text(past: Past, text: str) -> Mapping[str, Content]:
    """Return the units of the signed text that a suspension names.

    Whether all signatures came in time is not in the author's causal past; that all were given is.
    """
    for attempt in past.attempts:
        manifest = attempt.manifest
        given = signatures_of(past.chains, past.heads, manifest=manifest)
        if manifest.text == text and all(given.values()):
            heads = heads_at(attempt)
            return text_at(past.instrument, past.chains, past.opening, heads=heads).agreed
    raise RefusedError("agreements.not_signed", "Only a signed text can be suspended.")


def _resumes(past: Past, authority: Authority) -> None:
    resumption = read_resumption(past.document())
    _fits(past, resumption.instrument, resumption.party)
    if digest(past.document()) != past.ref("act"):
        raise PeerError("agreements.resumption", "The act and its document differ in digest.")
    known = acts_of(past.chains, past.heads, events.SUSPEND)
    if resumption.suspension not in {act.ref for act in known}:
        raise RefusedError(
            "agreements.nothing_to_resume",
            "The resumption names a suspension that its author had not seen.",
        )
    _signed(past, past.document(), capacity=Capacity.RESUME, authority=authority)


def _fits(past: Past, instrument: str, party: str) -> None:
    """Refuse a document about another instrument or by another party than its act."""
    if (instrument, party) != (past.instrument, past.act.party):
        raise PeerError(
            "agreements.document", "The document names another instrument or party than its act."
        )


def _signed(
    past: Past, document: bytes, *, capacity: Capacity, authority: Authority
) -> Sequence[SignedAct]:
    granted, revoked = authority.powers_of(past.act.party, past.act.n)
    return read_act(
        document,
        past.act.documents["signatures"],
        powers=granted,
        revoked=revoked,
        capacity=capacity,
        at=authority.at,
    )


_CHECKS: Final[Mapping[str, Callable[[Past, Authority], None]]] = {
    events.ADOPT: _statement,
    events.INITIAL: _statement,
    events.OPEN: _opens,
    events.READY: _ready,
    events.REVOKE: _ready,
    events.SIGN: _signs,
    events.CONCLUDE: _concludes,
    events.SUSPEND: _suspends,
    events.RESUME: _resumes,
}
