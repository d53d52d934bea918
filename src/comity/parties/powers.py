"""Full powers: who may sign for a party, what, and for how long; and how they are taken back.

A node that is broken into must not be able to make a signatory. So full powers carry the seal *and*
the pairs of both appointing officials of the letter, whose private keys no node holds. Taking them
back must be easy: the seal and one appointing official are enough.

Source: design 13.4; identity-and-signatures 5.3; Vienna Convention on the Law of Treaties, articles
2(1)(c) and 7; spec 2.6.
"""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import attrs

from comity.foundation.canonical import Json, canonical, digest
from comity.foundation.errors import PeerError, RefusedError
from comity.foundation.instants import Instant, Period
from comity.parties.documents import (
    CRYPTO_PROFILE,
    instant_of,
    read_document,
    string_of,
    text_of,
    texts_of,
)
from comity.parties.identifiers import check_hex, check_party, check_urn
from comity.parties.keys import PairKey
from comity.parties.letters import Letter, all_keys, check_sealed
from comity.parties.signatures import Capacity, Verified, verify_document

#: What full powers can give; the rest belongs to the seal, to appointing officials, to approvals.
PERSONAL_ACTS: Final = frozenset(
    {
        Capacity.ADOPT,
        Capacity.INITIAL,
        Capacity.SIGN,
        Capacity.SIGN_AD_REFERENDUM,
        Capacity.CERTIFY_LANGUAGE,
        Capacity.SUSPEND,
        Capacity.RESUME,
        Capacity.WITHDRAW,
        Capacity.RENEW,
        Capacity.RELEASE,
    }
)
POWERS_LAST_AT_MOST: Final = Period(0, 24, 0)
REVOCATION_REASONS: Final = ("ended", "key_lost", "key_stolen", "replaced", "mistake")

Instruments: TypeAlias = Literal["any"] | tuple[str, ...]

_TYPE: Final = "comity/full-powers"
_WHAT: Final = "The full powers"
_MEMBERS: Final = (
    "acts",
    "instruments",
    "key",
    "name",
    "office",
    "party",
    "valid_from",
    "valid_until",
)
_REVOCATION_TYPE: Final = "comity/revocation"


@attrs.frozen(kw_only=True)
class PowersContent:
    """What full powers say.

    Attributes:
        party: The party that the person may bind.
        name: The person's name: it counts persons, so one person is always written alike.
        office: The person's office.
        key: The pair with which the person signs.
        acts: What the person may do.
        instruments: For which instruments, or ``any``.
        valid_from: The first instant.
        valid_until: The last instant, at most 24 months after the first.
    """

    party: str
    name: str
    office: str
    key: PairKey
    acts: tuple[Capacity, ...]
    instruments: Instruments
    valid_from: Instant
    valid_until: Instant


@attrs.frozen(kw_only=True)
class FullPowers(PowersContent):
    """Full powers that were read and whose three signatures hold.

    Attributes:
        document: The bytes that were signed.
        digest: Their SHA-256, hexadecimal: what a signature under these powers names.
    """

    document: bytes = attrs.field(repr=False)
    digest: str


@attrs.frozen(kw_only=True)
class Revocation:
    """Full powers taken back, by the digest of their document."""

    powers: str
    reason: str


def full_powers_document(content: PowersContent) -> bytes:
    """Return the document of full powers, to be signed by both appointing officials and sealed.

    Raises:
        PeerError: as ``read_full_powers`` on the form: nothing is written that would not be read.
    """
    instruments: Json = "any" if content.instruments == "any" else sorted(set(content.instruments))
    document = canonical(
        {
            "type": _TYPE,
            "crypto_profile": CRYPTO_PROFILE,
            "party": content.party,
            "name": content.name,
            "office": content.office,
            "key": content.key.to_json(),
            "acts": sorted({str(act) for act in content.acts}),
            "instruments": instruments,
            "valid_from": str(content.valid_from),
            "valid_until": str(content.valid_until),
        }
    )
    _read(document)
    return document


def read_full_powers(document: bytes, jws: bytes, *, letter: Letter) -> FullPowers:
    """Return the full powers in ``document`` once the party really gave them.

    The three signatures are the seal and the pairs of the two appointing officials of the letter,
    in the capacity ``appoint``. Whether the powers cover an act is for ``check_covers``.

    Raises:
        PeerError: ``powers.other_party``, ``powers.appointing_missing``, ``powers.key_of_letter``
            (one key, one thing), ``letters.seal``; ``powers.*`` and ``signatures.*`` on the form.
    """
    powers = _read(document)
    if powers.party != letter.party:
        raise PeerError(
            "powers.other_party",
            f"The full powers are of {powers.party}, the letter is of {letter.party}.",
        )
    given = _check_appointed(document, jws, letter=letter, capacity=Capacity.APPOINT)
    if given < len(letter.appointing):
        raise PeerError(
            "powers.appointing_missing",
            f"The full powers of {powers.name} need the signatures of both appointing officials"
            f" ({_offices(letter)}); {given} of 2 is there.",
        )
    if {powers.key.ed.spki_sha256(), powers.key.pq.spki_sha256()} & set(all_keys(letter)):
        raise PeerError(
            "powers.key_of_letter",
            f"The full powers of {powers.name} name a key of the letter; each person has a key of"
            " their own.",
        )
    return powers


def revocation_document(powers_digest: str, reason_code: str) -> bytes:
    """Return the document that takes full powers back, to be signed by an official and sealed.

    Raises:
        PeerError: as ``read_revocation`` on the form.
    """
    document = canonical(
        {
            "type": _REVOCATION_TYPE,
            "crypto_profile": CRYPTO_PROFILE,
            "powers": powers_digest,
            "reason": reason_code,
        }
    )
    _read_revocation(document)
    return document


def read_revocation(document: bytes, jws: bytes, *, letter: Letter) -> Revocation:
    """Return the revocation in ``document``: sealed, and signed by an appointing official.

    Raises:
        PeerError: ``powers.revoking_missing``, ``letters.seal``; ``powers.*``, ``signatures.*``.
    """
    revocation = _read_revocation(document)
    if _check_appointed(document, jws, letter=letter, capacity=Capacity.REVOKE) == 0:
        raise PeerError(
            "powers.revoking_missing",
            "The revocation needs the signature of an appointing official"
            f" ({_offices(letter)}) beside the seal.",
        )
    return revocation


def check_covers(
    powers: FullPowers, *, capacity: str, instrument: str | None, at: Instant | None
) -> None:
    """Refuse unless ``powers`` cover the act.

    Args:
        powers: Full powers as read.
        capacity: What the person does.
        instrument: For which instrument; None where the act concerns none.
        at: When; None where the record decides the time later.

    Raises:
        RefusedError: ``powers.act``, ``powers.instrument``, ``powers.not_yet_valid``,
            ``powers.expired``.
    """
    who = f"The full powers of {powers.name} ({powers.office})"
    if capacity not in powers.acts:
        raise RefusedError(
            "powers.act",
            f"{who} do not cover the act {capacity}; they cover {', '.join(powers.acts)}.",
        )
    if powers.instruments != "any" and instrument not in powers.instruments:
        raise RefusedError(
            "powers.instrument", f"{who} do not cover the instrument {instrument or 'none'}."
        )
    if at is not None and at < powers.valid_from:
        raise RefusedError(
            "powers.not_yet_valid", f"{who} are valid from {powers.valid_from}; it is {at}."
        )
    if at is not None and at > powers.valid_until:
        raise RefusedError(
            "powers.expired",
            f"{who} ended at {powers.valid_until}; it is {at}. The appointing officials can give"
            " new ones.",
        )


def _read(document: bytes) -> FullPowers:
    value = read_document(document, type_name=_TYPE, names=_MEMBERS)
    powers = FullPowers(
        party=check_party(string_of(value, "party", what=_WHAT)),
        name=text_of(value, "name", what=_WHAT),
        office=text_of(value, "office", what=_WHAT),
        key=PairKey.from_json(value["key"], what=_WHAT),
        acts=_acts(texts_of(value, "acts", what=_WHAT)),
        instruments=(
            "any"
            if value["instruments"] == "any"
            else tuple(
                check_urn(one, what=f"{_WHAT}: an instrument")
                for one in texts_of(value, "instruments", what=_WHAT)
            )
        ),
        valid_from=instant_of(value, "valid_from", what=_WHAT),
        valid_until=instant_of(value, "valid_until", what=_WHAT),
        document=document,
        digest=digest(document),
    )
    if not powers.valid_from < powers.valid_until <= POWERS_LAST_AT_MOST.after(powers.valid_from):
        raise PeerError(
            "powers.validity",
            f"Full powers last at most 24 months; these say from {powers.valid_from} until"
            f" {powers.valid_until}.",
        )
    return powers


def _acts(found: Sequence[str]) -> tuple[Capacity, ...]:
    unknown = [act for act in found if act not in PERSONAL_ACTS]
    if unknown:
        raise PeerError(
            "powers.acts",
            f"Full powers cannot give {unknown[0][:40]!r}; they can give"
            f" {', '.join(sorted(PERSONAL_ACTS))}.",
        )
    return tuple(Capacity(act) for act in found)


def _read_revocation(document: bytes) -> Revocation:
    what = "The revocation"
    value = read_document(document, type_name=_REVOCATION_TYPE, names=("powers", "reason"))
    revocation = Revocation(
        powers=check_hex(string_of(value, "powers", what=what), size=32, what=f"{what}: powers"),
        reason=string_of(value, "reason", what=what),
    )
    if revocation.reason not in REVOCATION_REASONS:
        raise PeerError(
            "powers.reason",
            f"The reason is one of {', '.join(REVOCATION_REASONS)}; found"
            f" {revocation.reason[:30]!r}.",
        )
    return revocation


def _check_appointed(document: bytes, jws: bytes, *, letter: Letter, capacity: Capacity) -> int:
    """Return how many appointing officials signed; the seal must be there, and nobody else."""
    officials = [official.key for official in letter.appointing]
    verified = verify_document(document, jws, keys=[letter.keys.seal, *officials])
    check_sealed(verified, letter=letter)
    persons = [one for one in verified if one.key in officials]
    for one in persons:
        _check_capacity(one, letter=letter, capacity=capacity)
    return len(persons)


def _check_capacity(one: Verified, *, letter: Letter, capacity: Capacity) -> None:
    found = (one.capacity, one.on_behalf_of, one.full_powers)
    if found != (capacity, letter.party, None):
        raise PeerError(
            "powers.capacity",
            f"An appointing official of {letter.party} signs in the capacity {capacity}, for that"
            f" party; found {one.capacity} for {one.on_behalf_of}.",
        )


def _offices(letter: Letter) -> str:
    return ", ".join(official.office for official in letter.appointing)
