"""Opening a Dataspace Protocol message: strict JSON, tolerant of members that others added.

The schemas of the protocol close no object, so unknown members are passed over (the node keeps the
bytes as they came); members it defines must have exactly the kind it gives them. Bounds are ours.
Source: Dataspace Protocol 2025-1, common/context-schema.json; dataspace-protocol 3 and 9.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol, Self, TypeVar

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, parse
from comity.foundation.errors import PeerError
from comity.sharing.reading import WORD_CHARS_MAX, is_line

CONTEXT: Final = "https://w3id.org/dspace/2025/1/context.jsonld"
#: Largest accepted message; a catalogue may be as large as ``CATALOGUE_BYTES_MAX``.
MESSAGE_BYTES_MAX: Final = 1 << 20
CATALOGUE_BYTES_MAX: Final = 32 << 20
#: Longest accepted single text, in characters, and list, in members.
TEXT_CHARS_MAX: Final = 20_000
LIST_MAX: Final = 20_000
#: Longest accepted id, in characters.
NAME_CHARS_MAX: Final = WORD_CHARS_MAX


@attrs.frozen
class Reader:
    """The members of one object of a message, taken out by name and kind."""

    what: str
    value: JsonObject

    def has(self, name: str) -> bool:
        """Return whether the member stands (null counts as standing, and then fails by kind)."""
        return name in self.value

    def text(self, name: str) -> str:
        """Return a text that is not empty.

        Raises:
            PeerError: ``dsp.text``.
        """
        value = self.value.get(name)
        if not isinstance(value, str) or not 1 <= len(value) <= TEXT_CHARS_MAX:
            raise PeerError(
                "dsp.text",
                f"{self.what}: {name} must be a text of 1 to {TEXT_CHARS_MAX} characters.",
            )
        return value

    def name(self, name: str) -> str:
        """Return an id: one line, short enough to keep and to address.

        Raises:
            PeerError: ``dsp.name``.
        """
        value = self.text(name)
        if not is_line(value, chars_max=NAME_CHARS_MAX):
            raise PeerError(
                "dsp.name", f"{self.what}: {name} must be one line of at most {NAME_CHARS_MAX}."
            )
        return value

    def maybe_name(self, name: str) -> str | None:
        """Return an id, or None where the member is absent."""
        return self.name(name) if name in self.value else None

    def maybe_text(self, name: str) -> str | None:
        """Return a text, or None where the member is absent."""
        return self.text(name) if name in self.value else None

    def fixed(self, name: str, *allowed: str) -> str:
        """Return a text that is one of ``allowed``.

        Raises:
            PeerError: ``dsp.choice``.
        """
        value = self.value.get(name)
        if not isinstance(value, str) or value not in allowed:
            raise PeerError(
                "dsp.choice",
                f"{self.what}: {name} must be {' or '.join(allowed)}; found {str(value)[:60]!r}.",
            )
        return value

    def values(self, name: str, *, least: int) -> tuple[Json, ...]:
        """Return a list as it came; absent reads as empty.

        Raises:
            PeerError: ``dsp.list``: no list, or one that stands and has too few members.
        """
        if name not in self.value:
            return ()
        value = self.value[name]
        if (
            not isinstance(value, Sequence)
            or isinstance(value, str)
            or not least <= len(value) <= LIST_MAX
        ):
            raise PeerError(
                "dsp.list",
                f"{self.what}: {name} must be a list of {least} to {LIST_MAX} members,"
                " also where it has one.",
            )
        return tuple(value)

    def inner(self, name: str) -> "Reader":
        """Return the object under ``name``.

        Raises:
            PeerError: ``dsp.object``.
        """
        return reader(self.value.get(name), what=f"{self.what}, {name}")

    def inners(self, name: str, *, least: int = 1) -> "tuple[Reader, ...]":
        """Return the objects listed under ``name``; absent reads as empty."""
        listed = self.values(name, least=least)
        return tuple(reader(each, what=f"{self.what}, {name}") for each in listed)

    def needed(self, name: str) -> "tuple[Reader, ...]":
        """Return the objects listed under ``name``, at least one.

        Raises:
            PeerError: ``dsp.missing``.
        """
        if name not in self.value:
            raise PeerError("dsp.missing", f"{self.what}: {name} is missing.")
        return self.inners(name)


class Readable(Protocol):
    """A message: a value with a type name, read from an opened object and printed as one."""

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an object whose type and context have been checked."""
        ...

    def json(self) -> JsonObject:
        """Return the object, its context and type among the members."""
        ...


M = TypeVar("M", bound=Readable)


def reader(value: Json, *, what: str) -> Reader:
    """Return the reader of ``value``.

    Raises:
        PeerError: ``dsp.object``.
    """
    if not isinstance(value, Mapping):
        raise PeerError("dsp.object", f"{what} must be a JSON object.")
    return Reader(what, value)


def parse_as(data: bytes, of: type[M], *, bytes_max: int = MESSAGE_BYTES_MAX) -> M:
    """Return the message of type ``of`` in ``data``.

    Args:
        data: The body as it came.
        of: The class of the message that may come here; its name is the ``@type``.
        bytes_max: Largest accepted size in bytes.

    Raises:
        PeerError: ``json.*`` where it is no strict JSON; ``dsp.*`` where it is not that message.
    """
    name = of.__name__
    message = reader(parse(data, bytes_max=bytes_max, what=name), what=name)
    message.fixed("@type", name)
    check_context(message)
    return of.read(message)


def check_context(message: Reader) -> None:
    """Pass if ``@context`` is a list of texts with the protocol's own among them.

    Raises:
        PeerError: ``dsp.context``.
    """
    context = message.values("@context", least=1)
    if CONTEXT not in context or not all(isinstance(each, str) for each in context):
        raise PeerError(
            "dsp.context", f"{message.what}: @context must be a list of texts with {CONTEXT} in it."
        )


def to_bytes(message: Readable) -> bytes:
    """Return the exact bytes that are sent: the canonical form, so that a repeat is identical."""
    return canonical(message.json())


def root(message: Readable, *, message_id: str | None, members: JsonObject) -> JsonObject:
    """Return the object of a message: context, type, its own id where it has one, members."""
    made: dict[str, Json] = {"@context": [CONTEXT], "@type": type(message).__name__}
    if message_id is not None:
        made["@id"] = message_id
    return made | without_absent(members)


def without_absent(members: JsonObject) -> dict[str, Json]:
    """Return ``members`` without those that are None or an empty list, which may not stand."""
    return {
        name: value
        for name, value in members.items()
        if value is not None and not (isinstance(value, Sequence) and len(value) == 0)
    }
