"""A file that a person hands in as a signature: what it must not be, and why it does not fit.

Looked at before anything of it is kept or told: a private key that was taken for the signature is
refused loudly, and no byte of it reaches a message, a log or the disk. Source: design 8, 13.4;
agreements.md D6 (journey 4).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.plain import short
from comity.parties.keys import PairKey
from comity.parties.signatures import Verified, signing_keys, verify_document

SIGNATURE_FILE_BYTES_MAX: Final = 1 << 20

#: How a signature file begins; one in another spelling is refused by the verifier, with its reason.
_BEGINS: Final = re.compile(rb'\s*\{\s*"signatures"\s*:')
#: What tells a private key: PEM and OpenSSH by their line, JWK by its private members.
_PRIVATE: Final = (b"PRIVATE KEY", b'"d":', b'"priv":', b"PuTTY-User-Key-File", b"AGE-SECRET-KEY")
#: PKCS#8 and PKCS#12 as bytes: a sequence whose length takes two bytes, then a small number.
_DER: Final = (b"\x30\x82", b"\x30\x81", b"\x30\x2e\x02\x01\x00")


def check_is_signature_file(data: bytes) -> None:
    """Refuse what cannot be a signature file, without a word of what it holds.

    Raises:
        MisuseError: ``requests.private_key``, ``requests.file_size``, ``requests.no_signature``.
    """
    if _is_private(data):
        raise MisuseError(
            "requests.private_key",
            "That looks like a private key, not like a signature. It was not kept and not looked"
            " at further. A private key never leaves its owner's folder: if it went over a network"
            " that others can read, have its full powers revoked and make new keys. Hand in the"
            " file that ends in .jws, which comity sign wrote.",
        )
    if len(data) > SIGNATURE_FILE_BYTES_MAX:
        raise MisuseError(
            "requests.file_size",
            f"A signature file has {SIGNATURE_FILE_BYTES_MAX >> 20} MiB at most; that one has"
            f" {len(data)} bytes. Hand in the file that ends in .jws, which comity sign wrote.",
        )
    if not _BEGINS.match(data):
        raise MisuseError(
            "requests.no_signature",
            "That is no signature file. Hand in the file that ends in .jws, which comity sign"
            " wrote; nothing has changed.",
        )


def _is_private(data: bytes) -> bool:
    head = data[: 1 << 16]
    packed = bytes(one for one in head if one not in b" \t\r\n")
    return data.startswith(_DER) or any(
        mark in where for mark in _PRIVATE for where in (head, packed)
    )


def verify_signature(
    document: bytes,
    jws: bytes,
    *,
    keys: Sequence[PairKey],
    digest: str,
    others: Iterable[tuple[str, bytes]],
) -> tuple[Verified, ...]:
    """Return who signed the document; where the file is over something else, say over what.

    Args:
        document: The bytes that were to be signed.
        jws: The signature file.
        keys: The only keys that may have signed.
        digest: The document's digest, to be named.
        others: Title and document of other requests, to tell a file that went to the wrong one.

    Raises:
        PeerError: ``requests.other_document``; as ``verify_document``.
    """
    try:
        return verify_document(document, jws, keys=keys)
    except PeerError as error:
        if error.code != "signatures.invalid":
            raise
        fits = _fitting(jws, keys=keys, others=others)
        where = f" It is the signature for «{fits}»: hand it in there." if fits else ""
        raise PeerError(
            "requests.other_document",
            "The signature in that file is not over what this request asks for, whose digest"
            f" begins {short(digest)}, or it was altered.{where} Nothing has changed.",
            {"digest": digest},
        ) from None


def _fitting(
    jws: bytes, *, keys: Sequence[PairKey], others: Iterable[tuple[str, bytes]]
) -> str | None:
    signed = set(signing_keys(jws))
    wanted = [key for key in keys if key.id in signed]
    for title, document in others:
        try:
            verify_document(document, jws, keys=wanted)
        except PeerError:
            continue
        return title
    return None
