"""ID tokens made by hand, right but for what a test changes, without the product's own minting."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable

from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.parties.keys import PublicKey, Signer
from comity.transport.id_tokens import IdToken, verify_bearer
from support.parties import NOW, p256

A, B = "did:web:a.example", "did:web:b.example"
KEY = p256("dsp b")
HEADER: dict[str, object] = {"alg": "ES256", "kid": f"{B}#{KEY.public.thumbprint()}", "typ": "JWT"}
CLAIMS: dict[str, object] = {
    "iss": B,
    "sub": B,
    "aud": A,
    "jti": "bm9uY2Ugb2YgMTggYnl0ZXMh",
    "iat": NOW.seconds,
    "exp": NOW.seconds + 300,
}
ABSENT = object()
#: The order of the group that P-256 generates (SEC 2, 2.4.2).
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def part(value: object) -> str:
    """Return a part of a token: of an object its JSON, of text and bytes these."""
    if isinstance(value, str):
        value = value.encode()
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def changed(members: dict[str, object], **changes: object) -> dict[str, object]:
    """Return the members with some changed, added, or taken away (``ABSENT``)."""
    both = {**members, **changes}
    return {name: value for name, value in both.items() if value is not ABSENT}


def token(
    header: object = HEADER,
    claims: object = CLAIMS,
    *,
    signer: Signer = KEY,
    sign: Callable[[bytes], bytes] | None = None,
) -> str:
    """Return the token of two parts, signed by ``signer`` unless ``sign`` does it otherwise."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{part((sign or signer.sign)(signed.encode()))}"


def key_of(issuer: str) -> PublicKey | None:
    return KEY.public if issuer == B else None


def verified(
    made: str,
    *,
    at: Instant = NOW,
    audience: str = A,
    known: Callable[[str], PublicKey | None] = key_of,
) -> IdToken:
    value = b"Bearer " + made.encode("latin-1")
    return verify_bearer([value], audience=audience, key_of=known, at=at)


def refusal(
    made: str, *, at: Instant = NOW, known: Callable[[str], PublicKey | None] = key_of
) -> str:
    """Return the code with which a token is refused, or nothing."""
    try:
        verified(made, at=at, known=known)
    except PeerError as error:
        return error.code
    return ""
