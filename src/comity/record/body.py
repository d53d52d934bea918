"""Bodies: what an entry says, in sections that can be disclosed or erased one by one.

Each section is committed to under a key of its own, the body under a key over the list of section
commitments; a body that lost a section to erasure still proves the rest. A container is one header
line and the raw contents, so that a large document streams through in bounded memory
(``BodyReader``). Keys are always 32 bytes: HMAC takes other lengths to the same value, and then a
commitment could be opened in two ways (record.md 4.3). Source: spec 3.8.
"""

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, parse_canonical
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.limits import SECTION_NAME_CHARS_MAX, SECTIONS_MAX, TEXT_BYTES_MAX

BODY_KEY_BYTES: Final = 32
HEADER_BYTES_MAX: Final = 64 << 10
#: The largest text with its documents, signatures and note beside it.
BODY_BYTES_MAX: Final = TEXT_BYTES_MAX + (4 << 20)

_NAME: Final = re.compile(rf"[a-z][a-z0-9_-]{{0,{SECTION_NAME_CHARS_MAX - 1}}}", re.ASCII)
_KEY: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COMMITMENT: Final = re.compile(r"[0-9a-f]{96}", re.ASCII)
_SECTION: Final = b"comity/section/v1\n"
_BODY: Final = b"comity/body/v1\n"

#: ``sink(name, chunk)`` is given the contents of the sections as they come.
Sink: TypeAlias = Callable[[str, bytes], None]


def _check_key(_: object, __: "attrs.Attribute[bytes]", value: bytes) -> None:
    if len(value) != BODY_KEY_BYTES:
        raise MisuseError(
            "record.body_key", f"The key of a commitment has 32 bytes; given: {len(value)}."
        )


def _check_commitment(_: object, __: "attrs.Attribute[str]", value: str) -> None:
    if _COMMITMENT.fullmatch(value) is None:
        raise MisuseError("record.erased_commitment", f"{value[:20]!r}... is not a commitment.")


def _check_section_name(_: object, __: "attrs.Attribute[str]", value: str) -> None:
    if _NAME.fullmatch(value) is None:
        raise MisuseError("record.section_name", f"{value[:70]!r} is not the name of a section.")


@attrs.frozen(kw_only=True)
class Section:
    """One part of a body, with the key of its commitment."""

    name: str = attrs.field(validator=_check_section_name)
    key: bytes = attrs.field(validator=_check_key, repr=False)
    content: bytes = attrs.field(repr=lambda raw: f"{len(raw)} bytes")

    def commitment(self) -> str:
        """Return the commitment to this section. Source: spec 3.8.2."""
        return _section_mac(self.name, self.key, self.content).hexdigest()


@attrs.frozen(kw_only=True)
class ErasedSection:
    """What is left of a section: that it was there, and the commitment to it."""

    name: str = attrs.field(validator=_check_section_name)
    commitment: str = attrs.field(validator=_check_commitment)


@attrs.frozen(kw_only=True)
class Body:
    """The body of an entry. Its sections count in the order of their names.

    Raises:
        MisuseError: ``record.body_sections``: none, too many, or a name twice.
    """

    key: bytes = attrs.field(validator=_check_key, repr=False)
    sections: tuple[Section, ...]
    erased: tuple[ErasedSection, ...] = ()

    def __attrs_post_init__(self) -> None:
        names = [part.name for part in self.sections] + [part.name for part in self.erased]
        if not 1 <= len(names) <= SECTIONS_MAX or len(set(names)) != len(names):
            raise MisuseError(
                "record.body_sections",
                f"A body has 1 to {SECTIONS_MAX} sections, each with a name of its own.",
            )

    def section(self, name: str) -> bytes | None:
        """Return the content of a section, or None if it is not there (any more)."""
        return next((part.content for part in self.sections if part.name == name), None)


@attrs.frozen(kw_only=True)
class SectionHead:
    """A section as the header of a container announces it."""

    name: str
    key: bytes = attrs.field(repr=False)
    size: int


@attrs.frozen(kw_only=True)
class Header:
    """The header of a container: sections and erased sections in the order of their names."""

    key: bytes = attrs.field(repr=False)
    sections: tuple[SectionHead | ErasedSection, ...]

    @property
    def content_bytes(self) -> int:
        """How many bytes of content follow the header."""
        return sum(head.size for head in self.sections if isinstance(head, SectionHead))

    def to_bytes(self) -> bytes:
        """Return the header line with its LF. Source: spec 3.8.4."""
        listed = [_head_json(head) for head in self.sections]
        return canonical({"key": self.key.hex(), "sections": listed}) + b"\n"


def header_of(body: Body) -> Header:
    """Return the header of a body's container."""
    heads: list[SectionHead | ErasedSection] = [
        *(SectionHead(name=s.name, key=s.key, size=len(s.content)) for s in body.sections),
        *body.erased,
    ]
    return Header(key=body.key, sections=tuple(sorted(heads, key=lambda head: head.name)))


def commit(body: Body) -> str:
    """Return the commitment to a body, hexadecimal. Source: spec 3.8.3."""
    parts = {section.name: section.commitment() for section in body.sections}
    parts |= {section.name: section.commitment for section in body.erased}
    return _body_commitment(body.key, parts)


def pack(body: Body) -> bytes:
    """Return the container of a body."""
    contents = sorted(body.sections, key=lambda section: section.name)
    return header_of(body).to_bytes() + b"".join(section.content for section in contents)


def unpack(container: bytes) -> Body:
    """Return the body in a container.

    Raises:
        PeerError: as ``BodyReader``.
    """
    parts: dict[str, list[bytes]] = {}
    reader = BodyReader(lambda name, chunk: parts.setdefault(name, []).append(chunk))
    reader.feed(container)
    reader.finish()
    header = reader.header
    return Body(
        key=header.key,
        sections=tuple(
            Section(name=head.name, key=head.key, content=b"".join(parts.get(head.name, ())))
            for head in header.sections
            if isinstance(head, SectionHead)
        ),
        erased=tuple(head for head in header.sections if isinstance(head, ErasedSection)),
    )


def erase(body: Body, names: Sequence[str]) -> Body:
    """Return the body without the content and keys of some sections; it commits to the same."""
    return attrs.evolve(
        body,
        sections=tuple(section for section in body.sections if section.name not in names),
        erased=(
            *body.erased,
            *(
                ErasedSection(name=section.name, commitment=section.commitment())
                for section in body.sections
                if section.name in names
            ),
        ),
    )


def parse_header(line: bytes) -> Header:
    """Return the header in a line (without its LF). Source: spec 3.8.4.

    Raises:
        PeerError: ``record.body_header``; ``json.*`` where it is not canonical JSON.
    """
    value = parse_canonical(line, bytes_max=HEADER_BYTES_MAX, what="The header of a body")
    listed = value.get("sections")
    if set(value) != {"key", "sections"} or not isinstance(listed, Sequence):
        raise _wrong("its members are key and sections")
    heads = tuple(_head(item) for item in listed if isinstance(item, Mapping))
    names = [head.name for head in heads]
    if len(heads) != len(listed) or not 1 <= len(heads) <= SECTIONS_MAX:
        raise _wrong(f"it lists 1 to {SECTIONS_MAX} sections")
    if names != sorted(set(names)):
        raise _wrong("sections stand once each, in the order of their names")
    return Header(key=_hex(value["key"], _KEY), sections=heads)


class BodyReader:
    """Reads a container in chunks of any size, in bounded memory.

    Args:
        sink: Is given the content of each section as it comes; nothing of it is verified before
            ``finish`` has returned the commitment that the envelope names.
        bytes_max: The largest accepted content.
    """

    def __init__(self, sink: Sink, *, bytes_max: int = BODY_BYTES_MAX) -> None:
        self._sink = sink
        self._bytes_max = bytes_max
        self._line = bytearray()
        self._header: Header | None = None
        self._waiting: list[SectionHead] = []
        self._left = 0
        self._mac: hmac.HMAC | None = None
        self._parts: dict[str, str] = {}

    @property
    def header(self) -> Header:
        """The header, once it was read.

        Raises:
            PeerError: ``record.body_no_header``.
        """
        if self._header is None:
            raise PeerError("record.body_no_header", "The body ends before its header does.")
        return self._header

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            PeerError: ``record.body_too_large``, ``record.body_trailing``; as ``parse_header``.
        """
        if self._header is None:
            chunk = self._read_header(chunk)
        while chunk and (mac := self._mac) is not None:
            taken, chunk = chunk[: self._left], chunk[self._left :]
            mac.update(taken)
            self._left -= len(taken)
            self._sink(self._waiting[0].name, taken)
            if not self._left:
                self._done(mac)
        if chunk:
            raise PeerError(
                "record.body_trailing", "More bytes follow a body than its header announces."
            )

    def finish(self) -> str:
        """Return the commitment of what was read; compare it with the envelope's.

        Raises:
            PeerError: ``record.body_cut``, ``record.body_no_header``.
        """
        header = self.header
        if self._waiting:
            raise PeerError(
                "record.body_cut",
                f"The body is cut off in its section {self._waiting[0].name}: {self._left} bytes"
                " are missing.",
            )
        return _body_commitment(header.key, self._parts)

    def _read_header(self, chunk: bytes) -> bytes:
        line, end, rest = chunk.partition(b"\n")
        self._line += line[: HEADER_BYTES_MAX + 1]
        if not end and len(self._line) <= HEADER_BYTES_MAX:
            return b""
        # A header that is too long is refused by its parser, complete or not.
        header = parse_header(bytes(self._line))
        if header.content_bytes > self._bytes_max:
            raise PeerError(
                "record.body_too_large",
                f"A body has at most {self._bytes_max} bytes; this one announces"
                f" {header.content_bytes}.",
            )
        self._header = header
        self._waiting = [head for head in header.sections if isinstance(head, SectionHead)]
        self._parts = {
            head.name: head.commitment
            for head in header.sections
            if isinstance(head, ErasedSection)
        }
        self._start()
        return rest

    def _start(self) -> None:
        """Begin with the first section that waits, and finish those without content."""
        self._mac = None
        while self._waiting and self._mac is None:
            head = self._waiting[0]
            mac = _section_mac(head.name, head.key, b"")
            if head.size:
                self._left, self._mac = head.size, mac
            else:
                self._parts[head.name] = mac.hexdigest()
                self._waiting.pop(0)

    def _done(self, mac: hmac.HMAC) -> None:
        """Finish the section that is being read, and go on to the next."""
        self._parts[self._waiting.pop(0).name] = mac.hexdigest()
        self._start()


def _section_mac(name: str, key: bytes, content: bytes) -> hmac.HMAC:
    mac = hmac.new(key, _SECTION + name.encode("ascii") + b"\n", "sha384")
    mac.update(content)
    return mac


def _body_commitment(key: bytes, parts: Mapping[str, str]) -> str:
    listed = [[name, parts[name]] for name in sorted(parts)]
    return hmac.new(key, _BODY + canonical(listed), "sha384").hexdigest()


def _head_json(head: SectionHead | ErasedSection) -> JsonObject:
    if isinstance(head, ErasedSection):
        return {"name": head.name, "erased": head.commitment}
    return {"name": head.name, "key": head.key.hex(), "bytes": head.size}


def _head(item: JsonObject) -> SectionHead | ErasedSection:
    name = item.get("name")
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise _wrong("a section has a name")
    if set(item) == {"name", "erased"}:
        return ErasedSection(name=name, commitment=_hex(item["erased"], _COMMITMENT).hex())
    size = item.get("bytes")
    if set(item) != {"name", "key", "bytes"} or not isinstance(size, int):
        raise _wrong("a section has key and bytes, or is erased")
    if isinstance(size, bool) or size < 0:
        raise _wrong("the size of a section is a count of bytes")
    return SectionHead(name=name, key=_hex(item["key"], _KEY), size=size)


def _hex(value: Json, form: re.Pattern[str]) -> bytes:
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise _wrong("keys and commitments are lower-case hexadecimal of their length")
    return bytes.fromhex(value)


def _wrong(what: str) -> PeerError:
    return PeerError(
        "record.body_header", f"The header of a body is not as clause 3.8.4 says: {what}."
    )
