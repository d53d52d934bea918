"""Letters of introduction: how a party says who it is, exchanged as files between people.

A letter carries every key of the party and its own validity, and the party's seal is under it. It
proves only that whoever holds the keys wrote it: that they are the counterpart's is what two people
find out by comparing fingerprints. No registry, no trust on first use.

Source: design 13.2 to 13.4; identity-and-signatures 5.2; spec 2.4.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical, digest, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.parties.documents import (
    CRYPTO_PROFILE,
    instant_of,
    members,
    read_document,
    string_of,
    text_of,
    texts_of,
)
from comity.parties.identifiers import check_address, check_hex, check_party, host_of
from comity.parties.keys import LogPair, PairKey, PublicKey
from comity.parties.signatures import Capacity, Verified, verify_document
from comity.parties.words import WORDS

PURPOSES: Final = ("operational", "demonstration", "conformance")
LETTER_DAYS_MAX: Final = 366
LETTER_FILE_BYTES_MAX: Final = 4 << 20

_TYPE: Final = "comity/letter"
_DOMAIN: Final = "comity/introduction/v1"
_WHAT: Final = "The letter"
_MEMBERS: Final = (
    "appointing",
    "endpoints",
    "form",
    "keys",
    "name",
    "nonce",
    "party",
    "purpose",
    "rule_sets",
    "valid_from",
    "valid_until",
)
_KEYS: Final = ("cosigner", "dsp", "log", "network", "seal", "tls")


@attrs.frozen(kw_only=True)
class Endpoints:
    """Where a party's node is reached: https address with base path, without a final slash."""

    peer: str
    dsp: str


@attrs.frozen(kw_only=True)
class PartyKeys:
    """The keys of a party's node and of its seal.

    Attributes:
        seal: Signs documents for the party as a whole.
        network: Ed25519; signs the calls between the nodes.
        tls: SHA-256 of the certificate's SubjectPublicKeyInfo, hexadecimal.
        log: Signs the checkpoints of the own log.
        cosigner: Signs the checkpoints of the counterpart's log.
        dsp: P-256; signs the tokens of the Dataspace Protocol.
    """

    seal: PairKey
    network: PublicKey
    tls: str
    log: LogPair
    cosigner: LogPair
    dsp: PublicKey

    def to_json(self) -> JsonObject:
        """Return the form in letters."""
        return {
            "seal": self.seal.to_json(),
            "network": self.network.jwk(),
            "tls": self.tls,
            "log": self.log.to_json(),
            "cosigner": self.cosigner.to_json(),
            "dsp": self.dsp.jwk(),
        }


@attrs.frozen(kw_only=True)
class AppointingOfficial:
    """One of the two officials who give and take full powers, by office."""

    office: str
    key: PairKey


@attrs.frozen(kw_only=True)
class LetterContent:
    """What a letter says."""

    party: str
    name: str
    form: str
    purpose: str
    endpoints: Endpoints
    keys: PartyKeys
    appointing: tuple[AppointingOfficial, AppointingOfficial]
    rule_sets: tuple[str, ...]
    valid_from: Instant
    valid_until: Instant
    nonce: str


@attrs.frozen(kw_only=True)
class Letter(LetterContent):
    """A letter that was read and whose seal holds.

    Attributes:
        document: The bytes that were sealed.
        digest: Their SHA-256, hexadecimal: the identity of the letter.
    """

    document: bytes = attrs.field(repr=False)
    digest: str


@attrs.frozen(kw_only=True)
class Fingerprint:
    """What two people read to each other over a second channel.

    Attributes:
        hex: All 32 bytes in hexadecimal.
        groups: The first 16 bytes as 8 groups of 4 decimal digits.
        words: The next 6 bytes as words.
    """

    hex: str
    groups: tuple[str, ...]
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' '.join(self.groups)} / {' '.join(self.words)}"


def letter_document(content: LetterContent) -> bytes:
    """Return the document of a letter, to be sealed.

    Raises:
        PeerError: as ``read_letter`` on the form: nothing is written that would not be read.
    """
    document = canonical(
        {
            "type": _TYPE,
            "crypto_profile": CRYPTO_PROFILE,
            "party": content.party,
            "name": content.name,
            "form": content.form,
            "purpose": content.purpose,
            "endpoints": {"peer": content.endpoints.peer, "dsp": content.endpoints.dsp},
            "keys": content.keys.to_json(),
            "appointing": [
                {"office": official.office, "key": official.key.to_json()}
                for official in content.appointing
            ],
            "rule_sets": list(content.rule_sets),
            "valid_from": str(content.valid_from),
            "valid_until": str(content.valid_until),
            "nonce": content.nonce,
        }
    )
    _read(document)
    return document


def read_letter(document: bytes, jws: bytes, *, at: Instant | None, purpose: str | None) -> Letter:
    """Return the letter in ``document`` once its seal holds and it may be used.

    Args:
        document: The bytes as they came.
        jws: The signatures file: exactly the pair of the seal that the letter names.
        at: The time for which the letter must be valid; None when it is read as evidence of an
            introduction long made.
        purpose: The purpose of the own folder; None when no folder is meant.

    Raises:
        PeerError: ``letters.not_yet_valid``, ``letters.expired``, ``letters.purpose_differs``;
            ``letters.seal``; ``letters.*``, ``keys.*``, ``signatures.*`` on the form.
    """
    letter = _read(document)
    check_seal(document, jws, letter=letter)
    if at is not None and at < letter.valid_from:
        raise PeerError(
            "letters.not_yet_valid",
            f"The letter of {letter.party} is valid from {letter.valid_from}; it is {at}. Look at"
            " the clocks, or wait.",
        )
    if at is not None and at > letter.valid_until:
        raise PeerError(
            "letters.expired",
            f"The letter of {letter.party} was valid until {letter.valid_until}; it is {at}. They"
            " must write a new one.",
        )
    if purpose is not None and letter.purpose != purpose:
        raise PeerError(
            "letters.purpose_differs",
            f"The letter of {letter.party} is for the purpose {letter.purpose}, this folder is for"
            f" {purpose}: the two never pair.",
        )
    return letter


def check_seal(document: bytes, jws: bytes, *, letter: Letter) -> Verified:
    """Return the seal of the letter's party over ``document``, the only signature in ``jws``.

    Raises:
        PeerError: ``letters.seal``; ``signatures.*``.
    """
    verified = verify_document(document, jws, keys=[letter.keys.seal])
    check_sealed(verified, letter=letter)
    return verified[0]


def check_sealed(verified: Sequence[Verified], *, letter: Letter) -> None:
    """Refuse unless exactly one of ``verified`` is the seal of the letter's party, as a seal.

    Raises:
        PeerError: ``letters.seal``.
    """
    seals = [one for one in verified if one.key == letter.keys.seal]
    expected = (Capacity.SEAL, letter.party, None)
    if [(one.capacity, one.on_behalf_of, one.full_powers) for one in seals] != [expected]:
        raise PeerError(
            "letters.seal",
            f"The seal of {letter.party} must stand under the document once, in the capacity seal,"
            " for that party and without full powers.",
        )


def pack_letter(document: bytes, jws: bytes) -> bytes:
    """Return the one file in which a letter and its seal travel."""
    return canonical({"letter": base64url.encode(document), "signatures": base64url.encode(jws)})


def unpack_letter(data: bytes) -> tuple[bytes, bytes]:
    """Return the document and the signatures file in a letter's file; nothing is verified.

    Raises:
        PeerError: ``json.*``, ``documents.*``, ``basics.base64url``.
    """
    what = "The letter's file"
    value = members(
        parse_canonical(data, bytes_max=LETTER_FILE_BYTES_MAX, what=what),
        ("letter", "signatures"),
        what=what,
    )
    document, jws = (string_of(value, name, what=what) for name in ("letter", "signatures"))
    return base64url.decode(document, what=what), base64url.decode(jws, what=what)


def fingerprint(a_document: bytes, b_document: bytes) -> Fingerprint:
    """Return the fingerprint of two letters; which of them is whose does not matter.

    Raises:
        PeerError: ``letters.own_letter``: it is one and the same letter.
    """
    first, second = sorted((digest(a_document), digest(b_document)))
    if first == second:
        raise PeerError(
            "letters.own_letter",
            "This is the own letter of this folder; the counterpart's is needed.",
        )
    found = sha256(f"{_DOMAIN}\n{first}\n{second}\n".encode("ascii")).digest()
    digits = f"{int.from_bytes(found[:16]) % 10**32:032d}"
    return Fingerprint(
        hex=found.hex(),
        groups=tuple(digits[i : i + 4] for i in range(0, 32, 4)),
        words=tuple(WORDS[byte] for byte in found[16:22]),
    )


def rel_id(found: Fingerprint) -> str:
    """Return the name of the relationship: the first 16 bytes, hexadecimal. Source: design 13.3."""
    return found.hex[:32]


def check_introduction(own: Letter, theirs: Letter) -> Fingerprint:
    """Return the fingerprint of two letters that may pair.

    Raises:
        PeerError: ``letters.own_letter``, ``letters.same_party``,
            ``letters.purposes``, ``letters.replayed``, ``letters.shared_key``,
            ``letters.rule_sets``.
    """
    found = fingerprint(own.document, theirs.document)
    if own.party == theirs.party:
        raise PeerError(
            "letters.same_party",
            f"Both letters are of {own.party}; the counterpart's is needed.",
        )
    if own.purpose != theirs.purpose:
        raise PeerError(
            "letters.purposes",
            f"One letter is for the purpose {own.purpose}, the other for {theirs.purpose}: they"
            " never pair.",
        )
    if own.nonce == theirs.nonce:
        raise PeerError(
            "letters.replayed",
            f"The letter of {theirs.party} repeats the nonce of ours: it was made from it.",
        )
    if set(all_keys(own)) & set(all_keys(theirs)):
        raise PeerError(
            "letters.shared_key",
            f"The letter of {theirs.party} contains a key of {own.party}: they must write a new"
            " one with their own keys.",
        )
    if not set(own.rule_sets) & set(theirs.rule_sets):
        raise PeerError(
            "letters.rule_sets",
            f"No rule set in common: {', '.join(own.rule_sets)} here,"
            f" {', '.join(theirs.rule_sets)} there. One side must update its software.",
        )
    return found


def log_origin(party: str, rel_id: str, epoch: int) -> str:
    """Return the name of the log that ``party`` keeps for a relationship.

    Source: design 13.3; C2SP tlog-checkpoint, "origin".

    Raises:
        PeerError: ``parties.identifier``, ``parties.hex``.
    """
    check_hex(rel_id, size=16, what="The relationship")
    return f"{host_of(party)}/comity/{rel_id}/{epoch}"


def all_keys(letter: LetterContent) -> tuple[str, ...]:
    """Return the pin (SHA-256 of the SubjectPublicKeyInfo) of every key in a letter."""
    keys = letter.keys
    pairs = (keys.seal, *(one.key for one in letter.appointing))
    logs = (keys.log, keys.cosigner)
    halves = [half for pair in pairs for half in (pair.ed, pair.pq)]
    halves += [half for pair in logs for half in (pair.ed, pair.pq)]
    return (keys.tls, *(key.spki_sha256() for key in (keys.network, keys.dsp, *halves)))


def _read(document: bytes) -> Letter:
    value = read_document(document, type_name=_TYPE, names=_MEMBERS)
    letter = Letter(
        party=check_party(string_of(value, "party", what=_WHAT)),
        name=text_of(value, "name", what=_WHAT),
        form=text_of(value, "form", what=_WHAT),
        purpose=string_of(value, "purpose", what=_WHAT),
        endpoints=_endpoints(value["endpoints"]),
        keys=_keys(value["keys"]),
        appointing=_appointing(value["appointing"]),
        rule_sets=texts_of(value, "rule_sets", what=_WHAT),
        valid_from=instant_of(value, "valid_from", what=_WHAT),
        valid_until=instant_of(value, "valid_until", what=_WHAT),
        nonce=check_hex(string_of(value, "nonce", what=_WHAT), size=16, what="The nonce"),
        document=document,
        digest=digest(document),
    )
    if letter.purpose not in PURPOSES:
        raise PeerError(
            "letters.purpose",
            f"The purpose is one of {', '.join(PURPOSES)}; found {letter.purpose[:30]!r}.",
        )
    if not 0 < letter.valid_until.seconds - letter.valid_from.seconds <= LETTER_DAYS_MAX * 86_400:
        raise PeerError(
            "letters.validity",
            f"A letter is valid for at most {LETTER_DAYS_MAX} days; this one says from"
            f" {letter.valid_from} until {letter.valid_until}.",
        )
    _check_distinct(letter)
    return letter


def _endpoints(value: Json) -> Endpoints:
    found = members(value, ("dsp", "peer"), what="endpoints")
    peer, dsp = (string_of(found, name, what="endpoints") for name in ("peer", "dsp"))
    return Endpoints(
        peer=check_address(peer, what="endpoints: peer"),
        dsp=check_address(dsp, what="endpoints: dsp"),
    )


def _keys(value: Json) -> PartyKeys:
    found = members(value, _KEYS, what="keys")
    keys = PartyKeys(
        seal=PairKey.from_json(found["seal"], what="The seal"),
        network=PublicKey.from_jwk(found["network"], what="The network key"),
        tls=check_hex(string_of(found, "tls", what="keys"), size=32, what="The pin tls"),
        log=LogPair.from_json(found["log"], what="The log's keys"),
        cosigner=LogPair.from_json(found["cosigner"], what="The cosigner's keys"),
        dsp=PublicKey.from_jwk(found["dsp"], what="The dsp key"),
    )
    if (keys.network.alg, keys.dsp.alg) != ("Ed25519", "ES256"):
        raise PeerError(
            "letters.key_kind",
            "The network key is of Ed25519 and the dsp key of P-256; found"
            f" {keys.network.alg} and {keys.dsp.alg}.",
        )
    return keys


def _appointing(value: Json) -> tuple[AppointingOfficial, AppointingOfficial]:
    if isinstance(value, (str, Mapping)) or not isinstance(value, Sequence) or len(value) != 2:
        raise PeerError("letters.appointing", "A letter names exactly two appointing officials.")
    first, second = (_official(one) for one in value)
    return first, second


def _official(value: Json) -> AppointingOfficial:
    what = "An appointing official"
    found = members(value, ("key", "office"), what=what)
    return AppointingOfficial(
        office=text_of(found, "office", what=what),
        key=PairKey.from_json(found["key"], what=what),
    )


def _check_distinct(letter: LetterContent) -> None:
    """One key, one purpose (identity-and-signatures 6): a signature never serves for another."""
    pins = all_keys(letter)
    if len(set(pins)) != len(pins):
        raise PeerError(
            "letters.key_twice",
            f"The letter of {letter.party} uses one key for two things; each thing has its own.",
        )
