"""Keys as files: those of a node, and those of a person.

The node's keys stand in ``keys/`` of the party's folder, PKCS#8, readable by its owner alone, not
encrypted: the node must start without anybody at hand. A person's pair stands in a folder of its
own, encrypted under a passphrase that the node never sees; ``card.json`` in it, public, is what the
official hands to the node. Chance is drawn inside ``cryptography``.

Source: design 13.3, 13.4; RFC 5958; RFC 9881; RFC 5280 (the certificate).
"""

import datetime as dt
import ipaddress
import os
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import attrs
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA87PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comity.foundation.canonical import JsonObject, canonical, parse_canonical
from comity.foundation.errors import ComityError, MisuseError, UnavailableError
from comity.foundation.instants import Instant
from comity.foundation.limits import NAME_CHARS_MAX
from comity.foundation.text import refused_character
from comity.parties.keys import LogPair, PairKey, PairSigner
from comity.parties.letters import PartyKeys
from comity.parties.private import PrivateKey
from comity.storage.files import sync_folder

PASSPHRASE_CHARS_MIN: Final = 8
CERTIFICATE_DAYS: Final = 3653
_CARD_BYTES_MAX: Final = 64 << 10

ED25519_FILE: Final = "ed25519.pem"
ML_DSA_87_FILE: Final = "ml-dsa-87.pem"
CARD_FILE: Final = "card.json"
TLS_KEY_FILE: Final = "tls-key.pem"
TLS_CERTIFICATE_FILE: Final = "tls-certificate.pem"


@attrs.frozen(kw_only=True)
class LogSigner:
    """The two private keys of a log, or of a cosigner."""

    ed: PrivateKey
    pq: PrivateKey

    @property
    def pair(self) -> LogPair:
        """The public halves."""
        return LogPair(ed=self.ed.public, pq=self.pq.public)


@attrs.frozen(kw_only=True)
class NodeKeys:
    """The private keys of a node.

    Attributes:
        seal: Signs documents for the party as a whole.
        network: Ed25519; signs the calls to counterparts.
        tls: P-256; the key of the certificate.
        tls_key_file: Its file, for the TLS library.
        tls_certificate_file: The certificate's file.
        log: Signs the own logs' checkpoints.
        cosigner: Signs the checkpoints of counterparts' logs.
        dsp: P-256; signs the tokens of the Dataspace Protocol.
    """

    seal: PairSigner
    network: PrivateKey
    tls: PrivateKey
    tls_key_file: Path
    tls_certificate_file: Path
    log: LogSigner
    cosigner: LogSigner
    dsp: PrivateKey

    @property
    def public(self) -> PartyKeys:
        """The public halves, as the letter of introduction names them."""
        return PartyKeys(
            seal=self.seal.pair,
            network=self.network.public,
            tls=self.tls.public.spki_sha256(),
            log=self.log.pair,
            cosigner=self.cosigner.pair,
            dsp=self.dsp.public,
        )


@attrs.frozen(kw_only=True)
class Card:
    """What an official hands to the node: who they are, and their public pair."""

    id: str
    name: str
    office: str
    pair: PairKey

    def to_json(self) -> JsonObject:
        """Return the members of ``card.json``."""
        return {
            "id": self.id,
            "name": self.name,
            "office": self.office,
            "keys": self.pair.to_json(),
        }


@attrs.frozen(kw_only=True)
class Personal:
    """An official's opened folder."""

    card: Card
    signer: PairSigner


def _ed25519() -> PrivateKey:
    return PrivateKey(Ed25519PrivateKey.generate())


def _ml_dsa_44() -> PrivateKey:
    return PrivateKey(MLDSA44PrivateKey.generate())


def _ml_dsa_87() -> PrivateKey:
    return PrivateKey(MLDSA87PrivateKey.generate())


def _p256() -> PrivateKey:
    return PrivateKey(generate_private_key(SECP256R1()))


#: Every key file of a node, how its key is made, and the algorithm it must hold.
NODE_FILES: Final[Mapping[str, tuple[Callable[[], PrivateKey], str]]] = {
    "seal-ed25519.pem": (_ed25519, "Ed25519"),
    "seal-ml-dsa-87.pem": (_ml_dsa_87, "ML-DSA-87"),
    "network.pem": (_ed25519, "Ed25519"),
    TLS_KEY_FILE: (_p256, "ES256"),
    "log-ed25519.pem": (_ed25519, "Ed25519"),
    "log-ml-dsa-44.pem": (_ml_dsa_44, "ML-DSA-44"),
    "cosigner-ed25519.pem": (_ed25519, "Ed25519"),
    "cosigner-ml-dsa-44.pem": (_ml_dsa_44, "ML-DSA-44"),
    "dsp.pem": (_p256, "ES256"),
}


def generate_node_keys(folder: Path, *, host: str, at: Instant) -> NodeKeys:
    """Return new keys of a node, stored in ``folder`` (``PartyFolder.keys``).

    Args:
        folder: Exists and is empty.
        host: Name or address of the counterparts' port, for the certificate. Counterparts look
            at the pinned key only; the name is for other people's tools.
        at: Now; the certificate is valid from the day before for ten years.

    Raises:
        MisuseError: ``keys.exist``: a key file is there already; none is ever written over;
            ``keys.host``.
        UnavailableError: ``keys.not_stored``.
    """
    tls = generate_private_key(SECP256R1())
    certificate = _certificate(tls, host=host, at=at)
    made = {name: make() for name, (make, _) in NODE_FILES.items()}
    made[TLS_KEY_FILE] = PrivateKey(tls)
    files = {name: key.to_pem(None) for name, key in made.items()}
    _store(folder, {**files, TLS_CERTIFICATE_FILE: certificate})
    return _node_keys(folder, made)


def load_node_keys(folder: Path) -> NodeKeys:
    """Return the keys of a node.

    Raises:
        MisuseError: ``keys.file_missing``, ``keys.open_to_others``, ``keys.wrong_file``,
            ``keys.pem``, ``keys.private_algorithm``.
    """
    loaded: dict[str, PrivateKey] = {}
    for name, (_, algorithm) in NODE_FILES.items():
        loaded[name] = _load(folder / name, passphrase=None, algorithm=algorithm)
    if not (folder / TLS_CERTIFICATE_FILE).is_file():
        raise _missing(folder / TLS_CERTIFICATE_FILE)
    return _node_keys(folder, loaded)


def throwaway_pair() -> PairKey:
    """Return the public half of a pair whose private half is kept nowhere: it signs nothing."""
    return PairSigner(ed=_ed25519(), pq=_ml_dsa_87()).pair


def generate_personal(
    folder: Path,
    *,
    id: str,  # noqa: A002  # as it is called on the card
    name: str,
    office: str,
    passphrase: bytes,
) -> Personal:
    """Return a new person's pair, stored in ``folder`` under the passphrase.

    Args:
        folder: The person's own folder; made if it is not there.
        id: Short name within the party, such as ``m.keller``.
        name: The person's name.
        office: The person's office.
        passphrase: At least ``PASSPHRASE_CHARS_MIN`` characters, UTF-8.

    Raises:
        MisuseError: ``keys.passphrase_short``, ``keys.exist``, ``keys.card_field``.
        UnavailableError: ``keys.not_stored``.
    """
    if len(passphrase.decode("utf-8", "replace")) < PASSPHRASE_CHARS_MIN:
        raise MisuseError(
            "keys.passphrase_short",
            f"The passphrase needs at least {PASSPHRASE_CHARS_MIN} characters: it is all that"
            " protects this person's signature. Several words are easiest to keep in mind.",
        )
    signer = PairSigner(ed=(ed := _ed25519()), pq=(pq := _ml_dsa_87()))
    card = Card(
        id=_field(id, "id"),
        name=_field(name, "name"),
        office=_field(office, "office"),
        pair=signer.pair,
    )
    files = {
        ED25519_FILE: ed.to_pem(passphrase),
        ML_DSA_87_FILE: pq.to_pem(passphrase),
        CARD_FILE: canonical(card.to_json()) + b"\n",
    }
    _store(folder, files)
    return Personal(card=card, signer=signer)


def load_card(path: Path) -> Card:
    """Return the card in a file, or in a personal folder.

    Raises:
        MisuseError: ``keys.card_missing``, ``keys.card``, ``keys.card_field``.
    """
    file = path / CARD_FILE if path.is_dir() else path
    try:
        with file.open("rb") as opened:
            data = opened.read(_CARD_BYTES_MAX + 1)
    except OSError as error:
        raise MisuseError(
            "keys.card_missing",
            f"{file} cannot be read ({error.strerror}). A personal folder has a {CARD_FILE}.",
        ) from error
    try:
        value = parse_canonical(data.removesuffix(b"\n"), bytes_max=_CARD_BYTES_MAX, what=CARD_FILE)
        if set(value) != {"id", "name", "office", "keys"}:
            raise _not_a_card(file, f"members {', '.join(sorted(value))[:200]}")
        return Card(
            id=_field(value["id"], "id"),
            name=_field(value["name"], "name"),
            office=_field(value["office"], "office"),
            pair=PairKey.from_json(value["keys"], what="the card"),
        )
    except ComityError as error:
        if isinstance(error, MisuseError):
            raise
        raise _not_a_card(file, error.message) from error


def load_personal(folder: Path, *, passphrase: bytes) -> Personal:
    """Return a person's pair, opened with the passphrase.

    Raises:
        RefusedError: ``keys.passphrase``, ``keys.passphrase_missing``.
        MisuseError: as ``load_card``; ``keys.file_missing``, ``keys.open_to_others``,
            ``keys.wrong_file``, ``keys.not_encrypted``, ``keys.card_differs``.
    """
    card = load_card(folder)
    signer = PairSigner(
        ed=_load(folder / ED25519_FILE, passphrase=passphrase, algorithm="Ed25519"),
        pq=_load(folder / ML_DSA_87_FILE, passphrase=passphrase, algorithm="ML-DSA-87"),
    )
    if signer.pair != card.pair:
        raise MisuseError(
            "keys.card_differs",
            f"The keys in {folder} are not those of its {CARD_FILE}: files of two people were"
            " mixed. Restore the folder from its backup.",
        )
    return Personal(card=card, signer=signer)


def _node_keys(folder: Path, keys: Mapping[str, PrivateKey]) -> NodeKeys:
    return NodeKeys(
        seal=PairSigner(ed=keys["seal-ed25519.pem"], pq=keys["seal-ml-dsa-87.pem"]),
        network=keys["network.pem"],
        tls=keys[TLS_KEY_FILE],
        tls_key_file=folder / TLS_KEY_FILE,
        tls_certificate_file=folder / TLS_CERTIFICATE_FILE,
        log=LogSigner(ed=keys["log-ed25519.pem"], pq=keys["log-ml-dsa-44.pem"]),
        cosigner=LogSigner(ed=keys["cosigner-ed25519.pem"], pq=keys["cosigner-ml-dsa-44.pem"]),
        dsp=keys["dsp.pem"],
    )


def _certificate(secret: EllipticCurvePrivateKey, *, host: str, at: Instant) -> bytes:
    """Return a self-made certificate, PEM: its own issuer, no authority over anything."""
    alternative = _general_name(host)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    start = at.datetime() - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    if not host.isascii() or not host or len(host) > 253:
        raise MisuseError(
            "keys.host", f"{host[:80]!r} is no host name; write it in ASCII (punycode) letters."
        )
    return x509.DNSName(host)


def _load(path: Path, *, passphrase: bytes | None, algorithm: str) -> PrivateKey:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            pem = file.read(1 << 16)
    except OSError as error:
        raise _missing(path) from error
    if mode & 0o077:
        raise MisuseError(
            "keys.open_to_others",
            f"Others than its owner may read {path}: treat the key as known to them. If you are"
            f" sure that nobody did, close it: chmod 600 {path}",
        )
    key = PrivateKey.from_pem(pem, passphrase)
    if key.public.alg != algorithm:
        raise MisuseError(
            "keys.wrong_file",
            f"{path} holds a key of {key.public.alg} where one of {algorithm} belongs: files were"
            " mixed up. Restore the folder from its backup.",
        )
    return key


def _missing(path: Path) -> MisuseError:
    return MisuseError(
        "keys.file_missing", f"The key file {path} cannot be read; restore it from the backup."
    )


def _store(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write new files, durable, readable by their owner alone; nothing is written over."""
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise MisuseError(
            "keys.exist",
            f"{folder} has {', '.join(there)} already. Keys are never written over: choose another"
            " folder.",
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files.items():
            number = os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        sync_folder(folder)
    except OSError as error:
        raise UnavailableError(
            "keys.not_stored",
            f"The keys could not be stored in {folder} ({error.strerror}). Remove what is there,"
            " then try again.",
        ) from error


def _field(value: object, what: str) -> str:
    if isinstance(value, str) and value.strip() and len(value) <= NAME_CHARS_MAX:
        found = refused_character(value)
        if found is None and "\n" not in value and unicodedata.is_normalized("NFC", value):
            return value
    raise MisuseError(
        "keys.card_field",
        f"The {what} on a card is one line of 1 to {NAME_CHARS_MAX} characters, without control"
        " characters, in Unicode normal form C.",
    )


def _not_a_card(file: Path, why: str) -> MisuseError:
    return MisuseError("keys.card", f"{file} is not an official's card: {why}")
