"""ID tokens: who calls sharing's routes, proven by a key that was pinned and by nothing fetched.

The self-issued ID token of the Decentralized Claims Protocol, read as strictly as it can be: one
algorithm, a header of known parameters, the one spelling of base64url, no member twice. The key
never comes from the token: ``kid`` and ``iss`` must name the same party, and that party's pinned
key verifies or nobody's does. Whether a ``jti`` is new is for whoever remembers them. Source:
spec 6.7; RFC 7515, 7519, 7518 3.4; RFC 8725; identity-and-signatures 2.2.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical, parse
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.parties.keys import PublicKey, Signer

ALG: Final = "ES256"
TOKEN_BYTES_MAX: Final = 8 << 10
#: Random bytes that ``jti`` is made of.
JTI_BYTES: Final = 18
#: From ``iat`` to ``exp``, in seconds: in our own tokens, and in those we accept.
LIFETIME_S: Final = 300
LIFETIME_S_MAX: Final = 600
#: How far ``iat`` of our own tokens lies back, for a receiver whose clock is behind ours.
BACKDATED_S: Final = 60
#: What two clocks may differ at our own door. Below 60: the DCP's test kit expects that.
LEEWAY_S: Final = 10

_SCHEME: Final = b"Bearer "
_PARAMETERS: Final = frozenset({"alg", "kid", "typ"})
#: What a participant that is known by tokens is called.
DID: Final = re.compile(r"did:[a-z0-9]{1,32}:[A-Za-z0-9._:%-]{1,512}", re.ASCII)
_VISIBLE: Final = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)

#: Stands in for a key nobody has, so that an unknown issuer takes as long as a wrong signature
#: (RFC 7515 appendix A.3, the public key of the example).
_NOBODY: Final = PublicKey.from_jwk(
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    },
    what="The key of nobody",
)


@attrs.frozen(kw_only=True)
class IdToken:
    """What a verified token proves: who calls, and the name of this one proof."""

    issuer: str
    jti: str
    expires: Instant

    @property
    def forgotten(self) -> Instant:
        """The instant from which the token is refused for its age, so that ``jti`` can go."""
        return self.expires.plus(LEEWAY_S)


@attrs.frozen(kw_only=True)
class _Read:
    """A token whose form and claims were read; nothing in it is proven."""

    kid: str
    claims: JsonObject
    signing_input: bytes
    signature: bytes


def mint(*, issuer: str, audience: str, signer: Signer, at: Instant, chance: bytes) -> str:
    """Return a token of ours for one call. Source: spec 6.7.2 to 6.7.4.

    Args:
        issuer: Our did.
        audience: The receiver's did.
        signer: Our P-256 key for tokens.
        at: Now.
        chance: ``JTI_BYTES`` fresh unpredictable bytes.
    """
    issued = at.plus(-BACKDATED_S)
    header: JsonObject = {
        "alg": ALG,
        "kid": f"{issuer}#{signer.public.thumbprint()}",
        "typ": "JWT",
    }
    claims: JsonObject = {
        "iss": issuer,
        "sub": issuer,
        "aud": audience,
        "jti": base64url.encode(chance),
        "iat": issued.seconds,
        "exp": issued.plus(LIFETIME_S).seconds,
    }
    signing_input = ".".join(base64url.encode(canonical(part)) for part in (header, claims))
    return f"{signing_input}.{base64url.encode(signer.sign(signing_input.encode('ascii')))}"


def bearer(token: str) -> str:
    """Return the value of the ``authorization`` header that carries ``token``."""
    return f"Bearer {token}"


def verify_bearer(
    values: Sequence[bytes],
    *,
    audience: str,
    key_of: Callable[[str], PublicKey | None],
    at: Instant,
) -> IdToken:
    """Return what the ``authorization`` lines of a call prove; the steps are those of spec 6.7.6.

    Args:
        values: The value of every ``authorization`` line.
        audience: Our did.
        key_of: The P-256 key pinned for an issuer, or None. Memory only: it is asked for forged
            tokens too.
        at: Now.

    Raises:
        PeerError: ``call.no_token``, ``call.token_form``, ``call.token_algorithm``,
            ``call.token_issuer``, ``call.token_audience``, ``call.expired``, ``call.early``,
            ``call.lifetime``, ``call.not_authenticated``.
    """
    read = _read(_token(values))
    issuer = _issuer(read)
    _check_audience(read.claims, audience)
    jti = read.claims.get("jti")
    if not isinstance(jti, str) or not _VISIBLE.fullmatch(jti):
        raise _bad_form("jti has 1 to 255 printable characters of ASCII")
    expires = _check_time(read.claims, at)
    key = key_of(issuer)
    right = (key or _NOBODY).verify(read.signature, read.signing_input)
    if key is None or key.alg != ALG or not right:
        raise PeerError(
            "call.not_authenticated",
            "The token is not of a party that this node has accepted: either the letters of"
            " introduction have not been accepted, or the key for tokens has changed, or the token"
            " was altered on its way.",
        )
    return IdToken(issuer=issuer, jti=jti, expires=expires)


def _token(values: Sequence[bytes]) -> str:
    if len(values) != 1 or not values[0].startswith(_SCHEME):
        raise PeerError(
            "call.no_token",
            "A call to sharing's routes has exactly one authorization header: Bearer and a"
            f" self-issued ID token; found {len(values)} of them"
            f"{', of another scheme' if len(values) == 1 else ''}.",
        )
    token = values[0].removeprefix(_SCHEME)
    if len(token) > TOKEN_BYTES_MAX:
        raise _bad_form(f"it has {len(token)} bytes; {TOKEN_BYTES_MAX} at most")
    return token.decode("latin-1")  # base64url refuses what is not ASCII


def _read(token: str) -> _Read:
    """Return the parts of a token in compact form, its header checked. Source: RFC 7515, 5.2."""
    parts = token.split(".")
    if len(parts) != 3:
        raise _bad_form(f"it has {len(parts)} parts; a JWS in compact form has three")
    try:
        header, claims, signature = (base64url.decode(part, what="A part") for part in parts)
        read = tuple(
            parse(part, bytes_max=TOKEN_BYTES_MAX, what=what)
            for part, what in ((header, "the header"), (claims, "the payload"))
        )
    except PeerError as error:
        raise _bad_form(error.message) from error
    opened, told = (_object(each) for each in read)
    if opened.get("alg") != ALG or not set(opened) <= _PARAMETERS:
        raise PeerError(
            "call.token_algorithm",
            f"The header of a token has alg, {ALG}, and kid and typ besides, and nothing else.",
        )
    kid = opened.get("kid")
    if not isinstance(kid, str) or opened.get("typ", "JWT") != "JWT":
        raise _bad_form("its header has a kid, and no typ but JWT")
    return _Read(
        kid=kid,
        claims=told,
        signing_input=f"{parts[0]}.{parts[1]}".encode("ascii"),
        signature=signature,
    )


def _issuer(read: _Read) -> str:
    """Return who says to have made the token: the same in all three places, and a bare did."""
    issuer, (named, mark, fragment) = read.claims.get("iss"), read.kid.partition("#")
    if (
        not isinstance(issuer, str)
        or DID.fullmatch(issuer) is None
        or (read.claims.get("sub"), named, mark) != (issuer, issuer, "#")
        or _VISIBLE.fullmatch(fragment) is None
    ):
        raise PeerError(
            "call.token_issuer",
            "iss and sub of a token are one and the same did, and kid is that did, # and the name"
            " of the key.",
        )
    return issuer


def _check_audience(claims: JsonObject, audience: str) -> None:
    if claims.get("aud") not in (audience, [audience]):
        raise PeerError(
            "call.token_audience",
            f"The token is meant for somebody else: aud must be {audience} and nobody besides.",
        )


def _check_time(claims: JsonObject, at: Instant) -> Instant:
    """Return when the token ends, if it holds at ``at`` and for no longer than it may."""
    expires, issued = (_seconds(claims, name) for name in ("exp", "iat"))
    begins = _seconds(claims, "nbf") if "nbf" in claims else issued
    if at.seconds >= expires + LEEWAY_S:
        raise PeerError(
            "call.expired",
            "The token has expired. Send the call again with a new one; if it was new, the two"
            f" clocks disagree: this node's clock says {at}.",
        )
    if max(issued, begins) > at.seconds + LEEWAY_S:
        raise PeerError(
            "call.early",
            f"The token is dated more than {LEEWAY_S} seconds ahead of this node's clock, which"
            f" says {at}: one of the two clocks is wrong.",
        )
    if not 0 < expires - issued <= LIFETIME_S_MAX:
        raise PeerError(
            "call.lifetime", f"A token is valid for 1 to {LIFETIME_S_MAX} seconds from its iat."
        )
    return Instant(expires)


def _seconds(claims: JsonObject, name: str) -> int:
    value = claims.get(name)
    if type(value) is not int:
        raise _bad_form(f"{name} is a whole number of seconds")
    return value


def _object(value: Json) -> JsonObject:
    if not isinstance(value, dict):
        raise _bad_form("its header and its payload are JSON objects")
    return value


def _bad_form(what: str) -> PeerError:
    return PeerError("call.token_form", f"The ID token cannot be read: {what}.")
