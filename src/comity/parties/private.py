"""A private key in memory, and its encrypted file form.

A room draws no chance: keys are generated in ``storage``. The salt of the file comes from the key
itself, see ``to_pem``. Source: RFC 5958 (PKCS#8), RFC 8018 (PBES2), RFC 9881 (ML-DSA seeds).
"""

import base64
import hmac
import textwrap
from typing import Final, Self, TypeAlias

import attrs
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA87PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from comity.foundation.errors import MisuseError, RefusedError
from comity.parties.keys import Algorithm, PublicKey

SecretKey: TypeAlias = (
    Ed25519PrivateKey | MLDSA44PrivateKey | MLDSA87PrivateKey | EllipticCurvePrivateKey
)

#: OWASP's figure for PBKDF2-HMAC-SHA256; the library's own 2048 rounds are too few for a person's
#: passphrase.
PASSPHRASE_ROUNDS: Final = 600_000

_OID_PBES2: Final = bytes.fromhex("2a864886f70d01050d")
_OID_PBKDF2: Final = bytes.fromhex("2a864886f70d01050c")
_OID_HMAC_SHA256: Final = bytes.fromhex("2a864886f70d0209")
_OID_AES256_CBC: Final = bytes.fromhex("60864801650304012a")


@attrs.frozen(eq=False)
class PrivateKey:
    """A private key of one of our algorithms; a ``keys.Signer``.

    Attributes:
        secret: The key of the ``cryptography`` package, for what needs it (a certificate).
    """

    secret: SecretKey = attrs.field(repr=False)
    public: PublicKey = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "public", _public(self.secret))

    def sign(self, data: bytes) -> bytes:
        """Return the signature over ``data``; ES256 as r and s in 32 bytes each."""
        if isinstance(self.secret, EllipticCurvePrivateKey):
            r, s = decode_dss_signature(self.secret.sign(data, ECDSA(SHA256())))
            return r.to_bytes(32) + s.to_bytes(32)
        return self.secret.sign(data)

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes | None) -> Self:
        """Return the key in a PKCS#8 PEM file.

        Raises:
            RefusedError: ``keys.passphrase`` (a wrong one), ``keys.passphrase_missing``.
            MisuseError: ``keys.not_encrypted`` (a passphrase for a file that has none),
                ``keys.pem``, ``keys.private_algorithm``.
        """
        encrypted = b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in pem
        if encrypted and not passphrase:
            raise RefusedError(
                "keys.passphrase_missing", "The key is encrypted: its owner must give a passphrase."
            )
        if passphrase and not encrypted:
            raise MisuseError(
                "keys.not_encrypted",
                "A passphrase was given, but the file is not an encrypted key. Is it the right"
                " file?",
            )
        try:
            loaded = load_pem_private_key(pem, passphrase or None)
        except (ValueError, TypeError) as error:
            if encrypted:
                raise RefusedError(
                    "keys.passphrase",
                    "The passphrase does not open the key, or the file is damaged: its owner must"
                    " try again.",
                ) from error
            raise MisuseError("keys.pem", "The file is not a private key (PKCS#8 PEM).") from error
        if not isinstance(loaded, SecretKey):
            raise MisuseError(
                "keys.private_algorithm",
                "The file holds a private key of another kind than Ed25519, ML-DSA-44, ML-DSA-87"
                " or P-256.",
            )
        return cls(loaded)

    def to_pem(self, passphrase: bytes | None) -> bytes:
        """Return the key as PKCS#8 PEM, encrypted when a passphrase is given.

        The salt and the first block must differ from key to key, nothing more; they are a keyed
        digest of the private key, so that a room needs no chance. Any OpenSSL opens the file.

        Source: RFC 8018, 6.2 (PBES2), 5.2 (PBKDF2).

        Raises:
            MisuseError: ``keys.passphrase_empty``.
        """
        der = self.secret.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        if passphrase is None:
            return _pem("PRIVATE KEY", der)
        if not passphrase:
            raise MisuseError("keys.passphrase_empty", "The passphrase is empty; choose one.")
        salted = hmac.digest(der, b"comity/pem/v1", "sha256")
        salt, first_block = salted[:16], salted[16:]
        key = PBKDF2HMAC(SHA256(), 32, salt, PASSPHRASE_ROUNDS).derive(passphrase)
        padder = PKCS7(128).padder()
        encryptor = Cipher(AES256(key), CBC(first_block)).encryptor()
        padded = padder.update(der) + padder.finalize()
        encrypted = encryptor.update(padded) + encryptor.finalize()
        return _pem("ENCRYPTED PRIVATE KEY", _encrypted_der(salt, first_block, encrypted))


def _public(secret: SecretKey) -> PublicKey:
    public = secret.public_key()
    if isinstance(secret, EllipticCurvePrivateKey):
        if not isinstance(secret.curve, SECP256R1):
            raise MisuseError(
                "keys.curve", f"The key is on the curve {secret.curve.name}; P-256 is used here."
            )
        point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return PublicKey(alg="ES256", raw=point)
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return PublicKey(alg=_algorithm(secret), raw=raw)


def _algorithm(secret: Ed25519PrivateKey | MLDSA44PrivateKey | MLDSA87PrivateKey) -> Algorithm:
    if isinstance(secret, Ed25519PrivateKey):
        return "Ed25519"
    return "ML-DSA-44" if isinstance(secret, MLDSA44PrivateKey) else "ML-DSA-87"


def _encrypted_der(salt: bytes, first_block: bytes, encrypted: bytes) -> bytes:
    rounds = _der(0x02, PASSPHRASE_ROUNDS.to_bytes(3))
    digest = _der(0x30, _der(0x06, _OID_HMAC_SHA256) + _der(0x05, b""))
    derivation = _der(0x30, _der(0x04, salt) + rounds + digest)
    scheme = _der(
        0x30,
        _der(0x30, _der(0x06, _OID_PBKDF2) + derivation)
        + _der(0x30, _der(0x06, _OID_AES256_CBC) + _der(0x04, first_block)),
    )
    return _der(0x30, _der(0x30, _der(0x06, _OID_PBES2) + scheme) + _der(0x04, encrypted))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def _pem(label: str, der: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(der).decode("ascii"), 64)
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode()
