"""Public keys, the pairs that make a signature, and who can sign.

A key has one algorithm and one spelling. Everything a letter or a document names as a key becomes
a ``PublicKey`` here once, and a key that could verify what nobody signed never becomes one.
Private keys are in ``private``; where they are kept is for ``storage``.
Source: RFC 8037 (OKP), RFC 7518 6.2 (EC), RFC 9964 (AKP), RFC 7638 (thumbprint); spec 2.2.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Final, Literal, Protocol, TypeAlias

import attrs
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey, MLDSA87PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.errors import MisuseError, PeerError

Algorithm: TypeAlias = Literal["Ed25519", "ML-DSA-44", "ML-DSA-87", "ES256"]
_Loaded: TypeAlias = Ed25519PublicKey | MLDSA44PublicKey | MLDSA87PublicKey | EllipticCurvePublicKey

#: The length of a public key in bytes; for ES256 the point as 04, x, y (SEC 1, uncompressed).
KEY_BYTES: Final[Mapping[Algorithm, int]] = {
    "Ed25519": 32,
    "ML-DSA-44": 1312,
    "ML-DSA-87": 2592,
    "ES256": 65,
}

_FIELD: Final = 2**255 - 19
_CURVE_D: Final = -121665 * pow(121666, -1, _FIELD) % _FIELD
_ORDER_8_Y: Final = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_LOW_ORDER_Y: Final = frozenset({0, 1, _FIELD - 1, _ORDER_8_Y, _FIELD - _ORDER_8_Y})


@attrs.frozen(kw_only=True)
class PublicKey:
    """A public key of one algorithm.

    Raises:
        PeerError: ``keys.algorithm``, ``keys.length``, ``keys.low_order`` (an Ed25519 key of small
            order accepts signatures that nobody made), ``keys.no_point``, ``keys.no_p256_point``.
    """

    alg: Algorithm
    raw: bytes = attrs.field(repr=lambda raw: raw[:8].hex() + "...")

    def __attrs_post_init__(self) -> None:
        if self.alg not in KEY_BYTES:
            raise PeerError(
                "keys.algorithm", f"{str(self.alg)[:30]!r} is not one of {', '.join(KEY_BYTES)}."
            )
        if len(self.raw) != KEY_BYTES[self.alg]:
            raise PeerError(
                "keys.length",
                f"A key of {self.alg} has {KEY_BYTES[self.alg]} bytes; found {len(self.raw)}.",
            )
        if self.alg == "Ed25519":
            _check_ed25519_point(self.raw)
        _load(self.alg, self.raw)

    @classmethod
    def from_jwk(cls, value: Json, *, what: str) -> "PublicKey":
        """Return the key of a JWK that has exactly the members that make the key.

        Raises:
            PeerError: ``keys.jwk``: a kind of key we do not use, a member too many (a private
                part above all) or too few; ``basics.base64url``; and as the class says.
        """
        if isinstance(value, Mapping):
            match dict(value):
                case {"kty": "OKP", "crv": "Ed25519", "x": str(x), **rest} if not rest:
                    return cls(alg="Ed25519", raw=base64url.decode(x, what=what))
                case {"kty": "AKP", "alg": "ML-DSA-44", "pub": str(pub), **rest} if not rest:
                    return cls(alg="ML-DSA-44", raw=base64url.decode(pub, what=what))
                case {"kty": "AKP", "alg": "ML-DSA-87", "pub": str(pub), **rest} if not rest:
                    return cls(alg="ML-DSA-87", raw=base64url.decode(pub, what=what))
                case {"kty": "EC", "crv": "P-256", "x": str(x), "y": str(y), **rest} if not rest:
                    point = _coordinate(x, what=what) + _coordinate(y, what=what)
                    return cls(alg="ES256", raw=b"\x04" + point)
                case _:
                    pass
        raise PeerError(
            "keys.jwk",
            f"{what} is not a public key of Ed25519, ML-DSA-44, ML-DSA-87 or P-256 with exactly"
            " the members that make it.",
        )

    def jwk(self) -> JsonObject:
        """Return the JWK with the members RFC 7638 and RFC 9964 require, and no other."""
        match self.alg:
            case "Ed25519":
                return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(self.raw)}
            case "ML-DSA-44" | "ML-DSA-87":
                return {"kty": "AKP", "alg": self.alg, "pub": base64url.encode(self.raw)}
            case _:
                x, y = base64url.encode(self.raw[1:33]), base64url.encode(self.raw[33:])
                return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def thumbprint(self) -> str:
        """Return the RFC 7638 thumbprint (SHA-256, base64url): the name of the key."""
        return _thumbprint(self)

    def spki(self) -> bytes:
        """Return the DER of the SubjectPublicKeyInfo (RFC 5280, 4.1.2.7)."""
        return _load(self.alg, self.raw).public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )

    def spki_sha256(self) -> str:
        """Return the hexadecimal SHA-256 of the SubjectPublicKeyInfo: how certificates are pinned.

        Source: RFC 7469, 2.4 (the same digest, there in base64).
        """
        return sha256(self.spki()).hexdigest()

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Return whether ``signature`` over ``data`` was made with the private half.

        An ES256 signature is r and s in 32 bytes each (RFC 7518, 3.4); the context of ML-DSA is
        empty (RFC 9964).
        """
        key = _load(self.alg, self.raw)
        try:
            if isinstance(key, EllipticCurvePublicKey):
                if len(signature) != 64:
                    return False
                r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
                key.verify(encode_dss_signature(r, s), data, ECDSA(SHA256()))
            else:
                key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class Signer(Protocol):
    """Whoever can sign with one key: a private key in memory, in a file, in a device."""

    @property
    def public(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature over ``data``."""
        ...


@attrs.frozen(kw_only=True)
class PairKey:
    """The two keys of one person or one seal: ``Ed25519`` and ``ML-DSA-87``.

    Raises:
        PeerError: ``keys.pair``: one of the two is of another algorithm.
    """

    ed: PublicKey
    pq: PublicKey

    def __attrs_post_init__(self) -> None:
        if (self.ed.alg, self.pq.alg) != ("Ed25519", "ML-DSA-87"):
            raise PeerError(
                "keys.pair",
                f"A pair is Ed25519 and ML-DSA-87; found {self.ed.alg} and {self.pq.alg}.",
            )

    @property
    def id(self) -> str:
        """The thumbprint of the Ed25519 half: the name of the pair."""
        return self.ed.thumbprint()

    def to_json(self) -> JsonObject:
        """Return the form in letters and full powers."""
        return {"ed25519": self.ed.jwk(), "ml-dsa-87": self.pq.jwk()}

    @classmethod
    def from_json(cls, value: Json, *, what: str) -> "PairKey":
        """Return the pair written as ``to_json`` writes it.

        Raises:
            PeerError: ``keys.pair_form``; and as ``PublicKey.from_jwk``.
        """
        if not isinstance(value, Mapping) or set(value) != {"ed25519", "ml-dsa-87"}:
            raise PeerError(
                "keys.pair_form", f"{what}: a pair has the members ed25519 and ml-dsa-87."
            )
        return cls(
            ed=PublicKey.from_jwk(value["ed25519"], what=what),
            pq=PublicKey.from_jwk(value["ml-dsa-87"], what=what),
        )


@attrs.frozen(kw_only=True)
class LogPair:
    """The two keys of a log or of its cosigner: ``Ed25519`` and ``ML-DSA-44`` (C2SP).

    Raises:
        PeerError: ``keys.log_pair``: one of the two is of another algorithm.
    """

    ed: PublicKey
    pq: PublicKey

    def __attrs_post_init__(self) -> None:
        if (self.ed.alg, self.pq.alg) != ("Ed25519", "ML-DSA-44"):
            raise PeerError(
                "keys.log_pair",
                f"A log signs with Ed25519 and ML-DSA-44; found {self.ed.alg} and {self.pq.alg}.",
            )

    def to_json(self) -> JsonObject:
        """Return the form in letters."""
        return {"ed25519": self.ed.jwk(), "ml-dsa-44": self.pq.jwk()}

    @classmethod
    def from_json(cls, value: Json, *, what: str) -> "LogPair":
        """Return the pair written as ``to_json`` writes it.

        Raises:
            PeerError: ``keys.log_pair_form``; and as ``PublicKey.from_jwk``.
        """
        if not isinstance(value, Mapping) or set(value) != {"ed25519", "ml-dsa-44"}:
            raise PeerError("keys.log_pair_form", f"{what}: its members are ed25519 and ml-dsa-44.")
        return cls(
            ed=PublicKey.from_jwk(value["ed25519"], what=what),
            pq=PublicKey.from_jwk(value["ml-dsa-44"], what=what),
        )


@attrs.frozen(kw_only=True)
class PairSigner:
    """Whoever can make one whole signature: both halves.

    Raises:
        MisuseError: ``keys.pair_signer``: the two are not of Ed25519 and ML-DSA-87.
    """

    ed: Signer
    pq: Signer

    def __attrs_post_init__(self) -> None:
        found = (self.ed.public.alg, self.pq.public.alg)
        if found != ("Ed25519", "ML-DSA-87"):
            raise MisuseError(
                "keys.pair_signer",
                f"To sign takes a key of Ed25519 and one of ML-DSA-87; given: {found[0]} and"
                f" {found[1]}. Look at the two files of the personal folder.",
            )

    @property
    def pair(self) -> PairKey:
        """The public halves."""
        return PairKey(ed=self.ed.public, pq=self.pq.public)


@lru_cache(maxsize=512)
def _thumbprint(key: PublicKey) -> str:
    return base64url.encode(sha256(canonical(key.jwk())).digest())


@lru_cache(maxsize=512)
def _load(alg: Algorithm, raw: bytes) -> _Loaded:
    match alg:
        case "Ed25519":
            return Ed25519PublicKey.from_public_bytes(raw)
        case "ML-DSA-44":
            return MLDSA44PublicKey.from_public_bytes(raw)
        case "ML-DSA-87":
            return MLDSA87PublicKey.from_public_bytes(raw)
        case _:
            try:
                return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
            except ValueError as error:
                raise PeerError(
                    "keys.no_p256_point", "The key is not a point of the curve P-256."
                ) from error


def _coordinate(text: str, *, what: str) -> bytes:
    data = base64url.decode(text, what=what)
    if len(data) != 32:
        raise PeerError(
            "keys.coordinate", f"{what}: a coordinate of P-256 has 32 bytes; found {len(data)}."
        )
    return data


def _check_ed25519_point(raw: bytes) -> None:
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y in _LOW_ORDER_Y:
        raise PeerError(
            "keys.low_order",
            "The Ed25519 key is of small order: it would accept signatures that nobody made.",
        )
    # RFC 8032, 5.1.3, steps 1 and 2: y below the prime, and x squared has a root.
    x_squared = (y * y - 1) * pow(_CURVE_D * y * y + 1, -1, _FIELD) % _FIELD
    if y >= _FIELD or pow(x_squared, (_FIELD - 1) // 2, _FIELD) != 1:
        raise PeerError("keys.no_point", "The Ed25519 key is not a point of its curve.")
