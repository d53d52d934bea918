"""Signed calls: RFC 9421 signatures over method, target, content digest, content type and time.

The head of a request is verified before its body is read; the body is compared with the signed
digest while it streams. Which key a signature claims is known only after the form has been
checked, and an unknown key and a wrong signature give one and the same answer, so that nobody
learns whom this node knows. Source: spec 6.2; RFC 9421; RFC 9530.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final

import attrs
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)

from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.foundation.limits import CLOCK_SKEW_S_MAX
from comity.parties.keys import PublicKey, Signer

TAG: Final = "comity/1"
LABEL: Final = "sig-ed"
LIFETIME_S_MAX: Final = 300
NONCE_BYTES: Final = 18
EMPTY_SHA256: Final = sha256(b"").digest()

_HEADERS_REQUIRED: Final = ("content-digest", "signature-input", "signature")
_SIGNATURE_FIELDS_BYTES_MAX: Final = 1024
_PARAMETERS: Final = frozenset({"created", "expires", "keyid", "nonce", "tag"})
_DIGEST: Final = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):", re.ASCII)
_KEYID: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{22,64}", re.ASCII)

#: Stands in for a key nobody has, so that an unknown key takes as long as a wrong signature
#: (RFC 8032 section 7.1, the public key of test 1).
_NOBODY: Final = PublicKey(
    alg="Ed25519",
    raw=bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
)


@attrs.frozen(kw_only=True)
class Content:
    """The body of a call as its signature sees it: SHA-256 and media type (None without body)."""

    digest: bytes
    media: str | None


NO_CONTENT: Final = Content(digest=EMPTY_SHA256, media=None)


@attrs.frozen(kw_only=True)
class Signed:
    """What a verified head proves: who calls, when, and which body they mean to send."""

    keyid: str
    nonce: str
    created: Instant
    expires: Instant
    content_digest: bytes


@attrs.frozen
class _Message:
    """The view of a request that the signature library asks for."""

    method: str
    url: str
    headers: dict[str, str]


class _Ed25519(HTTPSignatureAlgorithm):
    """Ed25519 by our own key values; ML-DSA and refused points are dealt with there."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: PublicKey) -> None:
        self._key = public_key

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return if the signature is right, raise the library's error if not."""
        if self._key.alg != "Ed25519" or not self._key.verify(signature, message):
            raise InvalidSignature("wrong signature")


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: time is checked by ``_check_time``."""

    def validate_created_and_expires(
        self, sig_input: object, max_age: timedelta | None = None
    ) -> None:
        """Do nothing: the node's own clock decides, before the key is looked up."""


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key: PublicKey) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> PublicKey:
        """Return the one key that was found for the message."""
        del key_id
        return self._key


_SIGNER: Final = HTTPMessageSigner(signature_algorithm=_Ed25519)


def sign_request(
    method: str,
    target: str,
    *,
    content: Content = NO_CONTENT,
    signer: Signer,
    created: Instant,
    nonce: bytes,
) -> dict[str, str]:
    """Return the headers to send: content-digest, content-type, signature-input and signature.

    Args:
        method: Upper-case HTTP method.
        target: The absolute URL that is called.
        content: The body.
        signer: The party's network key.
        created: Now.
        nonce: ``NONCE_BYTES`` fresh unpredictable bytes.
    """
    headers = {"content-digest": f"sha-256=:{b64encode(content.digest).decode()}:"}
    if content.media is not None:
        headers["content-type"] = content.media
    message = _Message(method, target, headers)
    prepared = _SIGNER.prepare(
        message,
        key_id=signer.public.thumbprint(),
        created=created.datetime(),
        expires=created.plus(LIFETIME_S_MAX).datetime(),
        nonce=_base64url(nonce),
        label=LABEL,
        tag=TAG,
        include_alg=False,
        covered_component_ids=_components(headers),
        use_existing_digest=True,
    )
    signature = signer.sign(prepared.signature_base)
    return {
        **headers,
        "signature-input": f"{LABEL}={prepared.signature_params}",
        "signature": f"{LABEL}=:{b64encode(signature).decode()}:",
    }


def verify_request(
    method: str,
    target: str,
    headers: Iterable[tuple[bytes, bytes]],
    *,
    key_of: Callable[[str], PublicKey | None],
    at: Instant,
) -> Signed:
    """Return what the head of a request proves, or say what is wrong with it.

    Everything that does not depend on the key is checked first.

    Args:
        method: The HTTP method as received.
        target: Our own origin and the raw path and query as received: never the Host header, so
            that a call meant for another node does not pass here.
        headers: All header lines.
        key_of: The network key with that thumbprint, or None.
        at: Now.

    Raises:
        PeerError: ``call.unsigned``, ``call.header_twice``, ``call.digest_form``,
            ``call.signature_form``, ``call.components``, ``call.lifetime``, ``call.expired``,
            ``call.early``, ``call.not_authenticated``.
    """
    fields = _fields(headers)
    digest = _content_digest(fields["content-digest"])
    verifier = _Verifier(signature_algorithm=_Ed25519, key_resolver=_Keys(_NOBODY))
    message = _Message(method, target, fields)
    components, parameters = _read_input(verifier, message)
    if tuple(components) != _components(fields):
        raise PeerError(
            "call.components",
            f"A call signs exactly {', '.join(_components(fields))}, in this order;"
            f" this one signs {', '.join(components)[:200] or 'nothing'}.",
        )
    signed = _read_parameters(parameters, digest)
    _check_time(signed, at)
    key = key_of(signed.keyid)
    verifier.key_resolver = _Keys(key or _NOBODY)
    try:
        verifier.verify(message, max_age=None, expect_tag=TAG, expect_label=LABEL)
    except InvalidSignature:
        key = None
    if key is None:
        raise PeerError(
            "call.not_authenticated",
            "The call is not signed by a party this node has accepted: either the letters of"
            " introduction have not been accepted, or the network key has changed, or the call"
            " was altered on its way.",
        )
    return signed


def check_digest(signed: Signed, found: bytes) -> None:
    """Return if ``found`` (SHA-256 of the body that came) is the digest that was signed.

    Raises:
        PeerError: ``call.digest``.
    """
    if found != signed.content_digest:
        raise PeerError("call.digest", "The body that came is not the body that was signed.")


def _components(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return the components a call must sign, in their order: spec 6.2.3."""
    fixed = ("@method", "@target-uri", "content-digest")
    return (*fixed, "content-type") if "content-type" in fields else fixed


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1").lower()
        if name not in _HEADERS_REQUIRED and name != "content-type":
            continue
        if name in fields:
            raise PeerError("call.header_twice", f"The header {name} stands twice in the call.")
        fields[name] = raw_value.decode("latin-1").strip(" \t")
        if len(raw_value) > _SIGNATURE_FIELDS_BYTES_MAX:
            raise PeerError("call.signature_form", f"The header {name} is longer than 1 KiB.")
    for name in _HEADERS_REQUIRED:
        if name not in fields:
            raise PeerError("call.unsigned", f"The call carries no {name} header.")
    return fields


def _content_digest(value: str) -> bytes:
    found = _DIGEST.fullmatch(value)
    digest = b64decode(found[1]) if found else b""
    if found is None or b64encode(digest).decode() != found[1]:
        raise PeerError(
            "call.digest_form", "content-digest has exactly one member, sha-256, of 32 bytes."
        )
    return digest


def _read_input(verifier: _Verifier, message: _Message) -> tuple[Sequence[str], dict[str, object]]:
    """Return components and parameters of the one signature, which must have our label."""
    try:
        inputs = verifier._parse_signature_dictionary(message.headers["signature-input"])  # noqa: SLF001  # the library verifies at once or not at all
        components = [item.value for item in inputs[LABEL] if not item.params]
        whole = len(inputs) == 1 and len(components) == len(inputs[LABEL])
        parameters = dict(inputs[LABEL].params)
    except Exception as error:  # the parser raises many kinds; all mean the same here
        raise _bad_form("cannot be read") from error
    if not whole or not all(isinstance(name, str) for name in components):
        raise _bad_form("has another signature or component parameters")
    return components, parameters


def _read_parameters(parameters: Mapping[str, object], digest: bytes) -> Signed:
    if set(parameters) != _PARAMETERS or parameters["tag"] != TAG:
        raise _bad_form(f"needs exactly {', '.join(sorted(_PARAMETERS))}, and the tag {TAG}")
    created, expires = parameters["created"], parameters["expires"]
    keyid, nonce = parameters["keyid"], parameters["nonce"]
    if type(created) is not int or type(expires) is not int:
        raise _bad_form("created and expires are whole seconds")
    if not isinstance(keyid, str) or not _KEYID.fullmatch(keyid):
        raise _bad_form("keyid is the thumbprint of an Ed25519 key, 43 characters")
    if not isinstance(nonce, str) or not _NONCE.fullmatch(nonce):
        raise _bad_form("nonce has 22 to 64 characters of base64url")
    return Signed(
        keyid=keyid,
        nonce=nonce,
        created=Instant(created),
        expires=Instant(expires),
        content_digest=digest,
    )


def _check_time(signed: Signed, at: Instant) -> None:
    """Return if the call is neither old, nor expired, nor from too far ahead of our clock."""
    if not 0 < signed.expires.seconds - signed.created.seconds <= LIFETIME_S_MAX:
        raise PeerError("call.lifetime", f"A call is valid for 1 to {LIFETIME_S_MAX} seconds.")
    if signed.expires <= at:
        raise PeerError(
            "call.expired",
            "The call has expired. Send it again with a new signature; if it was new, the two"
            f" clocks disagree: this node's clock says {at}.",
        )
    if signed.created > at.plus(CLOCK_SKEW_S_MAX):
        raise PeerError(
            "call.early",
            f"The call is dated more than {CLOCK_SKEW_S_MAX} seconds ahead of this node's clock,"
            f" which says {at}: one of the two clocks is wrong.",
        )


def _bad_form(what: str) -> PeerError:
    return PeerError("call.signature_form", f"The header signature-input {what}.")


def _base64url(data: bytes) -> str:
    return b64encode(data, altchars=b"-_").rstrip(b"=").decode()
