"""What the nodes say to each other about their logs.

One POST carries the sender's new entries with their bodies, its signed head over them and the
consistency proof from what the receiver holds; the answer is that head with the receiver's two
cosignatures, or a coded conflict with what the receiver holds. A request without entries asks for
a fresh cosignature over the same head, at a later time. The body of a request is one header line
and then raw bytes, envelope and container by turns, so that bodies stream in bounded memory
(``SyncReader``). ``Holding`` answers the question that a node asks before it signs anything after
a start: what do you hold of my log? Source: record.md 2.7, 2.8, 4.7; spec 3.11.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, parse_canonical
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.limits import (
    ENVELOPE_BYTES_MAX,
    INTEGER_MAX,
    NOTE_BYTES_MAX,
    REQUEST_BYTES_MAX,
    SYNC_ENTRIES_MAX,
)
from comity.record.body import BODY_BYTES_MAX, HEADER_BYTES_MAX
from comity.record.note import check_name
from comity.record.proofs import Proof, hashes_of_hex

CONTENT_TYPE: Final = "application/vnd.comity.sync"
ANSWER_TYPE: Final = "application/json"
CONTAINER_BYTES_MAX: Final = BODY_BYTES_MAX + HEADER_BYTES_MAX
ANSWER_BYTES_MAX: Final = NOTE_BYTES_MAX + (8 << 10)
#: What a sender puts into one request; a single larger body goes alone.
BATCH_BYTES: Final = 8 << 20

#: Why a receiver did not cosign: the request starts elsewhere than its copy ends; the head is not
#: of the history it holds; the entries are not what the head covers; the relationship is frozen.
CONFLICTS: Final = ("size", "history", "entries", "frozen")

_HEADER_MEMBERS: Final = frozenset({"v", "log", "from", "to", "held", "note", "proof", "entries"})


@attrs.frozen
class EntrySize:
    """How many bytes an entry's envelope and its body's container have."""

    envelope: int
    body: int


@attrs.frozen(kw_only=True)
class SyncHeader:
    """The header of a request.

    Attributes:
        log: The origin of the sender's log.
        start: Its size that the receiver holds, as the sender knows (``from`` on the wire).
        to: Its size with the entries that follow.
        held: How many entries of the receiver's log the sender holds.
        note: The log-signed head at ``to``.
        proof: The consistency proof from ``start`` to ``to``.
        entries: The sizes of what follows, one for each entry from ``start`` to ``to``.
    """

    log: str
    start: int
    to: int
    held: int
    note: bytes
    proof: Proof
    entries: tuple[EntrySize, ...]

    def to_bytes(self) -> bytes:
        """Return the header line with its LF.

        Raises:
            MisuseError: ``record.sync_ours``: what we are about to send, nobody could read.
        """
        value: JsonObject = {
            "v": 1,
            "log": self.log,
            "from": self.start,
            "to": self.to,
            "held": self.held,
            "note": self.note.decode(),
            "proof": [item.hex() for item in self.proof],
            "entries": [[size.envelope, size.body] for size in self.entries],
        }
        try:
            line = canonical(value)
            parse_header(line)
        except (PeerError, ValueError) as error:
            raise MisuseError(
                "record.sync_ours", f"This request cannot be sent: {error}"
            ) from error
        return line + b"\n"


@attrs.frozen(kw_only=True)
class SyncRequest:
    """A whole request in memory: the header, and envelope and container of each entry."""

    header: SyncHeader
    entries: tuple[tuple[bytes, bytes], ...]

    def to_bytes(self) -> bytes:
        """Return the body of the POST."""
        return self.header.to_bytes() + b"".join(b"".join(entry) for entry in self.entries)


def sync_request(
    entries: Sequence[tuple[bytes, bytes]],
    *,
    log: str,
    start: int,
    held: int,
    note: bytes,
    proof: Proof,
) -> SyncRequest:
    """Return the request that carries ``entries`` (envelope and container each)."""
    sizes = tuple(EntrySize(len(envelope), len(body)) for envelope, body in entries)
    header = SyncHeader(
        log=log,
        start=start,
        to=start + len(sizes),
        held=held,
        note=note,
        proof=proof,
        entries=sizes,
    )
    return SyncRequest(header=header, entries=tuple(entries))


def parse_header(line: bytes) -> SyncHeader:
    """Return the header in a line (without its LF). Source: spec 3.11.2.

    Raises:
        PeerError: ``record.sync_header``, ``record.sync_entries``; ``record.name``,
            ``record.proof_form``, ``record.hash``; ``json.*``.
    """
    value = parse_canonical(line, bytes_max=REQUEST_BYTES_MAX, what="The header of a request")
    if set(value) != _HEADER_MEMBERS:
        raise PeerError(
            "record.sync_header",
            f"The header of a request has the members {', '.join(sorted(_HEADER_MEMBERS))}; found"
            f" {', '.join(sorted(value))[:200]}.",
        )
    _number(value["v"], name="v", least=1, most=1)
    start, to = _count(value, "from"), _count(value, "to")
    sizes = value["entries"]
    if not isinstance(sizes, list) or len(sizes) != to - start or len(sizes) > SYNC_ENTRIES_MAX:
        raise PeerError(
            "record.sync_entries",
            f"A request from {start} to {to} lists the sizes of exactly the entries between, at"
            f" most {SYNC_ENTRIES_MAX}.",
        )
    return SyncHeader(
        log=check_name(_text(value, "log"), what="The log of a request"),
        start=start,
        to=to,
        held=_count(value, "held"),
        note=_note(value),
        proof=hashes_of_hex(value["proof"]),
        entries=tuple(_entry_size(item) for item in sizes),
    )


@attrs.frozen
class EnvelopePart:
    """The whole envelope of entry ``n``."""

    n: int
    data: bytes


@attrs.frozen
class BodyPart:
    """The next bytes of the container of entry ``n``; ``last`` with the last of them."""

    n: int
    data: bytes
    last: bool


Part: TypeAlias = SyncHeader | EnvelopePart | BodyPart


class SyncReader:
    """Reads a request in chunks of any size, in bounded memory.

    The first part is the header; then, for each entry, its envelope and its body in pieces.
    """

    def __init__(self) -> None:
        self._kept = bytearray()
        self._header: SyncHeader | None = None
        self._entry = 0
        self._body_left = 0

    def feed(self, chunk: bytes) -> Iterator[Part]:
        """Yield the parts that are complete with ``chunk``; go through all of them.

        Raises:
            PeerError: ``record.sync_trailing``; as ``parse_header``.
        """
        if self._header is None:
            line, end, rest = chunk.partition(b"\n")
            self._kept += line[: REQUEST_BYTES_MAX + 1]
            if not end and len(self._kept) <= REQUEST_BYTES_MAX:
                return
            # A header that is too long is refused by its parser, complete or not.
            self._header = parse_header(bytes(self._kept))
            self._kept.clear()
            chunk = rest
            yield self._header
        yield from self._entries(self._header, chunk)

    def finish(self) -> None:
        """Return if the request is complete.

        Raises:
            PeerError: ``record.sync_cut``.
        """
        if self._header is None or self._entry < len(self._header.entries):
            raise PeerError("record.sync_cut", "The request ends before its entries do.")

    def _entries(self, header: SyncHeader, chunk: bytes) -> Iterator[Part]:
        while chunk:
            if self._entry == len(header.entries):
                raise PeerError(
                    "record.sync_trailing", "More bytes follow a request than its header announces."
                )
            size, n = header.entries[self._entry], header.start + self._entry
            if self._body_left:
                piece, chunk = chunk[: self._body_left], chunk[self._body_left :]
                self._body_left -= len(piece)
                self._entry += not self._body_left
                yield BodyPart(n, piece, not self._body_left)
                continue
            missing = size.envelope - len(self._kept)
            self._kept += chunk[:missing]
            chunk = chunk[missing:]
            if len(self._kept) == size.envelope:
                envelope = bytes(self._kept)
                self._kept.clear()
                self._body_left = size.body
                yield EnvelopePart(n, envelope)


def parse_request(data: bytes) -> SyncRequest:
    """Return a request that is whole in memory.

    Raises:
        PeerError: as ``SyncReader``.
    """
    reader = SyncReader()
    envelopes: list[bytes] = []
    bodies: list[bytes] = []
    header: SyncHeader | None = None
    for part in reader.feed(data):
        match part:
            case SyncHeader():
                header = part
            case EnvelopePart():
                envelopes.append(part.data)
            case _:
                bodies.append(part.data)
    reader.finish()
    assert header is not None  # finish() has said so
    return SyncRequest(header=header, entries=tuple(zip(envelopes, bodies, strict=True)))


@attrs.frozen(kw_only=True)
class SyncAccepted:
    """The receiver checked and stored everything; ``note`` carries its two cosignatures."""

    log: str
    note: bytes

    def to_bytes(self) -> bytes:
        """Return the answer. Source: spec 3.11.5."""
        return canonical({"v": 1, "log": self.log, "note": self.note.decode()})


@attrs.frozen(kw_only=True)
class SyncConflict:
    """The receiver did not cosign.

    Attributes:
        log: The sender's log.
        code: Why, one of ``CONFLICTS``.
        size: How many of its entries the receiver holds.
        note: The last head the receiver cosigned, or None if there is none.
    """

    log: str
    code: str
    size: int
    note: bytes | None

    def to_bytes(self) -> bytes:
        """Return the answer. Source: spec 3.11.6."""
        return canonical(
            {
                "v": 1,
                "log": self.log,
                "conflict": self.code,
                "size": self.size,
                "note": None if self.note is None else self.note.decode(),
            }
        )


SyncAnswer: TypeAlias = SyncAccepted | SyncConflict


@attrs.frozen(kw_only=True)
class Holding:
    """What a node holds of the counterpart's log: its size, and the last head it cosigned."""

    log: str
    size: int
    note: bytes | None

    def to_bytes(self) -> bytes:
        """Return the answer. Source: spec 3.11.7."""
        return canonical(
            {
                "v": 1,
                "log": self.log,
                "size": self.size,
                "note": None if self.note is None else self.note.decode(),
            }
        )


def parse_answer(data: bytes) -> SyncAnswer:
    """Return the answer to a request; its note is not verified yet.

    Raises:
        PeerError: ``record.sync_answer``; ``json.*``.
    """
    value = _answer(data)
    if set(value) == {"v", "log", "note"}:
        return SyncAccepted(log=_text(value, "log"), note=_note(value))
    if set(value) == {"v", "log", "conflict", "size", "note"} and value["conflict"] in CONFLICTS:
        return SyncConflict(
            log=_text(value, "log"),
            code=_text(value, "conflict"),
            size=_count(value, "size"),
            note=None if value["note"] is None else _note(value),
        )
    raise PeerError("record.sync_answer", "The answer to a request is not as clause 3.11.5 says.")


def parse_holding(data: bytes) -> Holding:
    """Return what the counterpart says it holds; its note is not verified yet.

    Raises:
        PeerError: ``record.holding``; ``json.*``.
    """
    value = _answer(data)
    if set(value) != {"v", "log", "size", "note"}:
        raise PeerError("record.holding", "What is held of a log is not as clause 3.11.7 says.")
    return Holding(
        log=_text(value, "log"),
        size=_count(value, "size"),
        note=None if value["note"] is None else _note(value),
    )


def _answer(data: bytes) -> JsonObject:
    value = parse_canonical(data, bytes_max=ANSWER_BYTES_MAX, what="The counterpart's answer")
    _number(value.get("v"), name="v", least=1, most=1)
    return value


def _text(value: JsonObject, name: str) -> str:
    found = value[name]
    if not isinstance(found, str):
        raise _wrong(name)
    return found


def _note(value: JsonObject) -> bytes:
    data = _text(value, "note").encode()
    if len(data) > NOTE_BYTES_MAX:
        raise _wrong("note")
    return data


def _count(value: JsonObject, name: str) -> int:
    return _number(value[name], name=name, least=0, most=INTEGER_MAX)


def _entry_size(item: Json) -> EntrySize:
    if not isinstance(item, list) or len(item) != 2:
        raise _wrong("entries")
    return EntrySize(
        _number(item[0], name="entries", least=1, most=ENVELOPE_BYTES_MAX),
        _number(item[1], name="entries", least=1, most=CONTAINER_BYTES_MAX),
    )


def _number(value: Json, *, name: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise _wrong(name)
    return value


def _wrong(name: str) -> PeerError:
    return PeerError(
        "record.sync_value", f"The member {name} of a message is not what clause 3.11 says it is."
    )
