"""TLS between nodes: the certificate's key is pinned by the letter of introduction.

No certification authority and no host name is looked at: the letter names the SHA-256 of the
certificate's SubjectPublicKeyInfo, and a handshake with any other key ends before one byte of a
request is sent. Source: spec 6.1; RFC 8446; RFC 7858 section 4.2 (the pin).
"""

import ssl
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.foundation.errors import MisuseError, PeerError


def spki_sha256(certificate: bytes) -> str:
    """Return the pin of a DER certificate: hex SHA-256 of its SubjectPublicKeyInfo.

    Raises:
        PeerError: ``transport.certificate``: the bytes are no certificate with a known key type.
    """
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    except Exception as error:  # the parser raises many kinds, all of them mean the same here
        raise PeerError(
            "transport.certificate",
            "The counterpart's TLS certificate cannot be read; they must make a new one.",
        ) from error


def server_context(*, certificate: Path, key: Path) -> ssl.SSLContext:
    """Return the context of the counterparts' port: TLS 1.3 with our self-made certificate.

    Args:
        certificate: PEM file of the certificate.
        key: PEM file of its private key, without a passphrase.

    Raises:
        MisuseError: ``transport.key_files``: a file is missing, unreadable or they do not match.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = 0  # a resumed session would outlive a change of key
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key, password=_no_passphrase)
    except (OSError, ssl.SSLError) as error:
        raise MisuseError(
            "transport.key_files",
            f"The TLS certificate {certificate.name} and key {key.name} cannot be used: {error}."
            " Restore both from a backup of this party's folder.",
        ) from error
    return context


def pinned_context(pin: str) -> ssl.SSLContext:
    """Return a client context that accepts one key and no other.

    The check runs at the end of the handshake inside the TLS object itself, so that no caller can
    forget it: a connection that exists has the right key.

    Args:
        pin: The pin from the counterpart's letter, 64 lower-case hexadecimal digits.

    Raises:
        MisuseError: ``transport.pin_form``: the pin has another form.
    """
    if len(pin) != 64 or not set(pin) <= set("0123456789abcdef"):
        raise MisuseError("transport.pin_form", "A TLS pin has 64 lower-case hexadecimal digits.")

    class PinnedObject(_PinnedObject):
        expected = pin

    class PinnedSocket(_PinnedSocket):
        expected = pin

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the pin decides, see the two classes
    context.set_alpn_protocols(["http/1.1"])
    context.sslobject_class = PinnedObject
    context.sslsocket_class = PinnedSocket
    return context


def wrong_key(error: BaseException | None) -> PeerError | None:
    """Return the ``transport.pin`` behind an error of an event loop's TLS, if that is why."""
    while error is not None and not isinstance(error, _WrongKeyError):
        error = error.__cause__ or error.__context__
    return None if error is None else error.told


class _WrongKeyError(ssl.SSLError):
    """A handshake that failed for its key, in the form that event loops take without a log."""

    def __init__(self, told: PeerError) -> None:
        super().__init__(told.message)
        self.told = told


class _PinnedObject(ssl.SSLObject):
    expected: ClassVar[str]

    def do_handshake(self) -> None:
        super().do_handshake()
        try:
            _check_pin(self.getpeercert(binary_form=True), self.expected)
        except PeerError as error:
            raise _WrongKeyError(error) from error


class _PinnedSocket(ssl.SSLSocket):
    expected: ClassVar[str]

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002  # as inherited
        super().do_handshake(block)
        try:
            _check_pin(self.getpeercert(binary_form=True), self.expected)
        except PeerError:
            self.close()
            raise


def _check_pin(certificate: bytes | None, expected: str) -> None:
    found = spki_sha256(certificate or b"")
    if found != expected:
        raise PeerError(
            "transport.pin",
            "Whoever answers at the counterpart's address does not hold the TLS key of their"
            " letter of introduction; nothing was sent. Ask the counterpart over another channel"
            " whether their key or address has changed.",
            {"expected": expected, "found": found},
        )


def _no_passphrase() -> str:
    """Return an empty passphrase: without it OpenSSL would ask on the terminal and wait."""
    return ""
