"""Documents that bind: detached pairs of signatures beside the bytes they sign.

Rules: the document is its bytes; a signature is one ``Ed25519`` and one ``ML-DSA-87`` entry by the
same person; every entry in a file must verify, none may be left over; a file has one spelling.
Whose key it is and whether it may sign are for ``letters`` and ``acts``; when it was signed is for
the record.

Source: document-signatures; RFC 7515 7.2.1 and appendix F, RFC 7797, RFC 9864, RFC 9964; spec 2.5.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from typing import Final

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical, parse_canonical
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.limits import SIGNED_DOCUMENT_BYTES_MAX
from comity.parties.documents import CRYPTO_PROFILE, members
from comity.parties.identifiers import check_hex, check_party
from comity.parties.keys import PairKey, PairSigner, PublicKey

PAIRS_MAX: Final = 64
_JWS_BYTES_MAX: Final = 1 << 20
_ALGORITHMS: Final = ("Ed25519", "ML-DSA-87")
_HEADER: Final = ("alg", "b64", "capacity", "companion", "crit", "kid", "on_behalf_of")


class Capacity(StrEnum):
    """What a signature is: the word that stands in its protected header."""

    ADOPT = "adopt"
    INITIAL = "initial"
    SIGN = "sign"
    SIGN_AD_REFERENDUM = "sign_ad_referendum"
    CERTIFY_LANGUAGE = "certify_language"
    SUSPEND = "suspend"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    RENEW = "renew"
    RELEASE = "release"
    SEAL = "seal"
    APPOINT = "appoint"
    APPROVE = "approve"
    REVOKE = "revoke"


_CAPACITIES: Final = frozenset(str(capacity) for capacity in Capacity)


@attrs.frozen(kw_only=True)
class Verified:
    """One signature that holds: both halves verify over the document's bytes.

    Attributes:
        key: The pair that signed.
        capacity: What the signature is.
        on_behalf_of: The party it claims to bind; whether it may is not decided here.
        full_powers: The digest of the document that gives the authority; None for a seal.
        digests: SHA-256 of ``protected.signature`` of the Ed25519 and of the ML-DSA-87 entry.
    """

    key: PairKey
    capacity: Capacity
    on_behalf_of: str
    full_powers: str | None
    digests: tuple[str, str]


@attrs.frozen(kw_only=True)
class _Entry:
    protected: str
    signature: str
    header: JsonObject

    def text(self, name: str) -> str:
        return str(self.header[name])

    @property
    def alike(self) -> Mapping[str, Json]:
        """The members that both halves of a pair must share."""
        return {
            name: value
            for name, value in self.header.items()
            if name not in {"alg", "kid", "companion"}
        }

    def digest(self) -> str:
        return sha256(f"{self.protected}.{self.signature}".encode("ascii")).hexdigest()

    def check(self, key: PublicKey, document: bytes) -> None:
        signature = base64url.decode(self.signature, what="A signature")
        if not key.verify(signature, f"{self.protected}.".encode("ascii") + document):
            raise PeerError(
                "signatures.invalid",
                f"The {key.alg} signature of key {self.text('kid')} does not hold: the document or"
                " the signature was altered.",
                {"kid": self.text("kid"), "alg": key.alg},
            )


def sign_document(
    document: bytes,
    *,
    signer: PairSigner,
    capacity: str,
    on_behalf_of: str,
    full_powers: str | None,
) -> bytes:
    """Return the signatures file with one pair over ``document``.

    Raises:
        MisuseError: ``signatures.capacity_unknown``, ``signatures.nothing_to_sign``.
        PeerError: ``parties.identifier``, ``parties.hex``; as ``parse_canonical``.
    """
    if capacity not in _CAPACITIES:
        raise MisuseError(
            "signatures.capacity_unknown",
            f"{capacity[:40]!r} is not one of {', '.join(Capacity)}.",
        )
    if parse_canonical(document).get("crypto_profile") != CRYPTO_PROFILE:
        raise MisuseError(
            "signatures.nothing_to_sign",
            f"Only a document that names the profile {CRYPTO_PROFILE} is signed.",
        )
    common: dict[str, Json] = {
        "b64": False,
        "capacity": str(capacity),
        "crit": ["b64"],
        "on_behalf_of": check_party(on_behalf_of),
    }
    if full_powers is not None:
        common["full_powers"] = check_hex(full_powers, size=32, what="The full powers' digest")
    entries: list[Json] = []
    halves = (signer.ed, signer.pq)
    for half, other in (halves, halves[::-1]):
        kid, companion = half.public.thumbprint(), other.public.thumbprint()
        header = canonical(common | {"alg": half.public.alg, "kid": kid, "companion": companion})
        protected = base64url.encode(header)
        signature = half.sign(f"{protected}.".encode("ascii") + document)
        entries.append({"protected": protected, "signature": base64url.encode(signature)})
    return canonical({"signatures": entries})


def merge(*jws: bytes) -> bytes:
    """Return one signatures file with the pairs of all ``jws``, in the one order that is accepted.

    A pair whose Ed25519 half is given twice stays once. Nothing is verified but the form.

    Raises:
        PeerError: as ``verify_document`` on the form; ``signatures.twice`` where one key gave two
            different signatures.
    """
    pairs: dict[str, tuple[_Entry, _Entry]] = {}
    for one in jws:
        for pair in _pairs(one):
            pairs.setdefault(pair[0].digest(), pair)  # ML-DSA is randomised: the first stays
    ordered = sorted(pairs.values(), key=lambda pair: pair[0].text("kid"))
    _check_order(ordered)
    return canonical(
        {
            "signatures": [
                {"protected": entry.protected, "signature": entry.signature}
                for pair in ordered
                for entry in pair
            ]
        }
    )


def signing_keys(jws: bytes) -> tuple[str, ...]:
    """Return the names (thumbprints of the Ed25519 halves) of the keys in a signatures file.

    Nothing is verified: this is for choosing which keys to verify with.

    Raises:
        PeerError: as ``verify_document`` on the form.
    """
    return tuple(pair[0].text("kid") for pair in _pairs(jws))


def verify_document(
    document: bytes,
    jws: bytes,
    *,
    keys: Sequence[PairKey],
    bytes_max: int = SIGNED_DOCUMENT_BYTES_MAX,
) -> tuple[Verified, ...]:
    """Return every signature in ``jws``, once all of them hold over ``document``.

    Strict where generic verifiers are not: they accept one good signature among others.
    Source: document-signatures, "The strict verifier refuses".

    Args:
        document: The bytes that were signed.
        jws: The signatures file.
        keys: The only keys that may have signed.
        bytes_max: Largest accepted document in bytes.

    Raises:
        PeerError: ``signatures.profile``, ``signatures.unknown_key``, ``signatures.swapped``,
            ``signatures.invalid``; ``signatures.*`` and ``json.*`` on the form.
    """
    value = parse_canonical(document, bytes_max=bytes_max)
    if value.get("crypto_profile") != CRYPTO_PROFILE:
        raise PeerError(
            "signatures.profile",
            f"The document does not name the profile {CRYPTO_PROFILE}, so that nothing says which"
            " signatures it takes.",
        )
    known = {key.id: key for key in keys}
    verified = []
    for ed, pq in _pairs(jws):
        key = known.get(ed.text("kid"))
        if key is None:
            raise PeerError(
                "signatures.unknown_key",
                f"Key {ed.text('kid')} signed, which belongs to nobody who may sign this document.",
                {"kid": ed.text("kid")},
            )
        if key.pq.thumbprint() != pq.text("kid"):
            raise PeerError(
                "signatures.swapped",
                f"Beside key {ed.text('kid')} stands a half of somebody else: the two are not bound"
                " to one person.",
                {"kid": ed.text("kid")},
            )
        ed.check(key.ed, document)
        pq.check(key.pq, document)
        full_powers = ed.header.get("full_powers")
        verified.append(
            Verified(
                key=key,
                capacity=Capacity(ed.text("capacity")),
                on_behalf_of=ed.text("on_behalf_of"),
                full_powers=None if full_powers is None else str(full_powers),
                digests=(ed.digest(), pq.digest()),
            )
        )
    return tuple(verified)


def _pairs(jws: bytes) -> tuple[tuple[_Entry, _Entry], ...]:
    what = "The signatures file"
    value = members(
        parse_canonical(jws, bytes_max=_JWS_BYTES_MAX, what=what), ("signatures",), what=what
    )
    found = value["signatures"]
    if isinstance(found, str) or not isinstance(found, Sequence) or not found:
        raise PeerError("signatures.none", f"{what} holds no list of signatures.")
    if len(found) > 2 * PAIRS_MAX:
        raise PeerError("signatures.too_many", f"{what} holds more than {PAIRS_MAX} pairs.")
    entries = [_entry(one) for one in found]
    pairs = [_pair(entries[i : i + 2]) for i in range(0, len(entries), 2)]
    _check_order(pairs)
    return tuple(pairs)


def _pair(halves: Sequence[_Entry]) -> tuple[_Entry, _Entry]:
    if tuple(half.text("alg") for half in halves) != _ALGORITHMS:
        raise PeerError(
            "signatures.half",
            f"Key {halves[0].text('kid')}: a signature is an Ed25519 entry and the ML-DSA-87 entry"
            " after it; one half alone is none.",
            {"kid": halves[0].text("kid")},
        )
    ed, pq = halves
    if (ed.text("companion"), pq.text("companion")) != (pq.text("kid"), ed.text("kid")):
        raise PeerError(
            "signatures.companion",
            f"Key {ed.text('kid')}: the two halves do not name each other.",
            {"kid": ed.text("kid")},
        )
    if ed.alike != pq.alike:
        raise PeerError(
            "signatures.halves_differ",
            f"Key {ed.text('kid')}: the two halves say different things about what was signed.",
            {"kid": ed.text("kid")},
        )
    return ed, pq


def _check_order(pairs: Iterable[tuple[_Entry, _Entry]]) -> None:
    for before, after in pairwise(pair[0].text("kid") for pair in pairs):
        if before == after:
            raise PeerError(
                "signatures.twice",
                f"Key {after} signed twice; one person counts once.",
                {"kid": after},
            )
        if before > after:
            raise PeerError(
                "signatures.order", "The signatures do not stand in the order of their keys."
            )


def _entry(value: Json) -> _Entry:
    found = members(value, ("protected", "signature"), what="An entry of the signatures file")
    protected, signature = found["protected"], found["signature"]
    if not isinstance(protected, str) or not isinstance(signature, str):
        raise PeerError("signatures.entry", "protected and signature must be texts.")
    data = base64url.decode(protected, what="A protected header")
    header = parse_canonical(data, bytes_max=4096, what="A protected header")
    names = (*_HEADER, "full_powers") if "full_powers" in header else _HEADER
    members(header, names, what="A protected header")
    if header["b64"] is not False or header["crit"] != ["b64"]:
        raise PeerError(
            "signatures.encoding",
            'A protected header must say "b64": false and "crit": ["b64"], nothing else.',
        )
    if header["alg"] not in _ALGORITHMS:
        raise PeerError(
            "signatures.algorithm",
            f"{str(header['alg'])[:30]!r} is not an algorithm of {CRYPTO_PROFILE}:"
            f" {' and '.join(_ALGORITHMS)} are.",
        )
    _check_claims(header)
    return _Entry(protected=protected, signature=signature, header=header)


def _check_claims(header: JsonObject) -> None:
    capacity, party = header["capacity"], header["on_behalf_of"]
    if not isinstance(capacity, str) or capacity not in _CAPACITIES:
        raise PeerError(
            "signatures.capacity", f"{str(capacity)[:40]!r} is no capacity in which one signs."
        )
    if not isinstance(party, str):
        raise PeerError("signatures.party", "on_behalf_of must name a party.")
    check_party(party)
    for name in ("kid", "companion"):
        thumbprint = header[name]
        if not isinstance(thumbprint, str) or len(base64url.decode(thumbprint, what=name)) != 32:
            raise PeerError("signatures.key_name", f"{name} must be the thumbprint of a key.")
    if "full_powers" in header:
        powers = header["full_powers"]
        if not isinstance(powers, str):
            raise PeerError("signatures.full_powers", "full_powers must be a digest.")
        check_hex(powers, size=32, what="full_powers")
