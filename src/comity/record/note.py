"""Signed notes: a text with signature lines below it, and the keys that verify them.

What is verified is always the bytes as they came; a note that is not exactly what this module
would write is refused, so that no two spellings of one note exist. Lines of unknown keys are kept
and ignored; which keys are needed, and what their signatures cover, is for ``cosign`` and
``policy``. Source: C2SP signed-note v1.0.0; record.md 2.4, 2.10; spec 3.4.
"""

import base64
import binascii
import re
from hashlib import sha256
from typing import Final

import attrs

from comity.foundation.errors import PeerError
from comity.foundation.limits import NOTE_BYTES_MAX, NOTE_LINES_MAX

ED25519_NOTE: Final = 0x01
ED25519_COSIGNATURE: Final = 0x04
MLDSA44_COSIGNATURE: Final = 0x06

#: Lengths of the public key by type of signature; other types are not used here.
KEY_BYTES: Final = {ED25519_NOTE: 32, ED25519_COSIGNATURE: 32, MLDSA44_COSIGNATURE: 1312}
KEY_ID_BYTES: Final = 4
NAME_BYTES_MAX: Final = 255

_DASH: Final = "\u2014 "
_VKEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,2000})")

#: What may not stand in a note: every control character but the end of a line.
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


def check_name(name: str, *, what: str) -> str:
    """Return the name of a key or the origin of a log if it may be one. Source: spec 3.4.2.

    Raises:
        PeerError: ``record.name``.
    """
    wrong = "+" in name or any(char.isspace() or ord(char) < 0x20 for char in name)
    if wrong or not 1 <= len(name.encode("utf-8", "replace")) <= NAME_BYTES_MAX:
        raise PeerError(
            "record.name",
            f"{what} {name[:60]!r}: 1 to {NAME_BYTES_MAX} bytes are needed, without a space, a"
            " plus sign or a control character.",
        )
    return name


def encode(data: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str, *, what: str) -> bytes:
    """Return the bytes of standard base64 in its only spelling.

    Raises:
        PeerError: ``record.base64``.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    # Unused bits in the last character would give one value two spellings.
    if not data or encode(data) != text:
        raise PeerError("record.base64", f"{what} is not base64 as RFC 4648 section 4 writes it.")
    return data


@attrs.frozen(kw_only=True)
class VKey:
    """A key that verifies signatures of one type under one name. Source: spec 3.4.3."""

    name: str
    kind: int
    public: bytes = attrs.field(repr=lambda raw: raw[:8].hex() + "...")

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before a signature."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(named).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode(bytes([self.kind]) + self.public)}"


def parse_vkey(text: str) -> VKey:
    """Return the key written as ``name+id+base64``.

    Raises:
        PeerError: ``record.vkey``: not of this form; ``record.vkey_type``: of a type or length
            that is not used here; ``record.vkey_id``: the id is not that of name and key.
    """
    found = _VKEY.fullmatch(text)
    if found is None:
        raise PeerError("record.vkey", f"{text[:60]!r} is not a verifier key: name+id+key.")
    data = decode(found[3], what="The key in a verifier key")
    key = VKey(
        name=check_name(found[1], what="The name of a verifier key"),
        kind=data[0],
        public=data[1:],
    )
    if KEY_BYTES.get(key.kind) != len(key.public):
        raise PeerError(
            "record.vkey_type",
            f"The verifier key {key.name} is of type {key.kind} with {len(key.public)} bytes;"
            f" used here are the types and lengths {KEY_BYTES}.",
        )
    if key.key_id.hex() != found[2]:
        raise PeerError(
            "record.vkey_id",
            f"The verifier key {key.name} says it is {found[2]}, but its name and key make"
            f" {key.key_id.hex()}: one of them was changed.",
        )
    return key


@attrs.frozen(kw_only=True)
class SignatureLine:
    """One signature below a note: whose (name and key id), and the signature's bytes."""

    name: str
    key_id: bytes
    signature: bytes = attrs.field(repr=lambda raw: raw[:8].hex() + "...")

    @classmethod
    def by(cls, key: VKey, signature: bytes) -> "SignatureLine":
        """Return the line of a signature made with ``key``."""
        return cls(name=key.name, key_id=key.key_id, signature=signature)

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {encode(self.key_id + self.signature)}"


@attrs.frozen(kw_only=True)
class Note:
    """A text, ending in LF, and the signature lines below it."""

    text: bytes
    signatures: tuple[SignatureLine, ...]

    def to_bytes(self) -> bytes:
        """Return the note as it is sent and kept."""
        lines = "".join(f"{line}\n" for line in self.signatures)
        return self.text + b"\n" + lines.encode()

    def by(self, key: VKey) -> tuple[bytes, ...]:
        """Return the signatures under the name and id of ``key``, not yet verified."""
        return tuple(
            line.signature
            for line in self.signatures
            if (line.name, line.key_id) == (key.name, key.key_id)
        )


def parse_note(data: bytes) -> Note:
    """Return the note in ``data``; nothing in it is verified yet. Source: spec 3.4.1.

    Raises:
        PeerError: ``record.note_size``, ``record.note_text``, ``record.note_form``,
            ``record.note_lines``, ``record.note_signature``, ``record.note_spelling``;
            ``record.name``, ``record.base64``.
    """
    if len(data) > NOTE_BYTES_MAX:
        raise PeerError(
            "record.note_size",
            f"A signed note has at most {NOTE_BYTES_MAX} bytes; this one has {len(data)}.",
        )
    try:
        written = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PeerError("record.note_text", "The signed note is not UTF-8.") from error
    text, blank, below = written.rpartition("\n\n")
    if not text or not blank or _CONTROL.search(written):
        raise PeerError(
            "record.note_form",
            "The signed note is not a text, an empty line and signature lines below it.",
        )
    lines = below.split("\n")[:-1]
    if not 1 <= len(lines) <= NOTE_LINES_MAX:
        raise PeerError(
            "record.note_lines",
            f"A signed note has 1 to {NOTE_LINES_MAX} signature lines; found {len(lines)}.",
        )
    note = Note(
        text=text.encode() + b"\n", signatures=tuple(_signature_line(line) for line in lines)
    )
    if note.to_bytes() != data:
        raise PeerError(
            "record.note_spelling", "The signed note is not spelled as C2SP signed-note says."
        )
    return note


def _signature_line(line: str) -> SignatureLine:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    signature = decode(encoded, what="A signature line")
    if len(signature) <= KEY_ID_BYTES:
        raise PeerError(
            "record.note_signature", "A signature line has a key id of four bytes and a signature."
        )
    return SignatureLine(
        name=check_name(name, what="The name on a signature line"),
        key_id=signature[:KEY_ID_BYTES],
        signature=signature[KEY_ID_BYTES:],
    )
