"""Reading the members of JSON objects that came in: one spelling, nothing unknown, nothing missing.

The objects of ``docs/spec/07-sharing.md`` are closed; a member nobody knows could change a meaning
and is refused. Source: design 13.1; style 3, rule 6.
"""

import re
from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.foundation.text import refused_character

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)

#: Longest accepted identifier or word, in characters.
WORD_CHARS_MAX: Final = 300
#: Longest kept code and reason of an end, in characters.
CODE_CHARS_MAX: Final = 100
REASON_CHARS_MAX: Final = 1_000
#: Longest accepted address, in characters.
ADDRESS_CHARS_MAX: Final = 2_000


def is_line(text: str, *, chars_max: int = WORD_CHARS_MAX) -> bool:
    """Return whether ``text`` is one line of 1 to ``chars_max`` characters that may stand."""
    return (
        1 <= len(text) <= chars_max
        and not {"\n", "\t"} & set(text)
        and refused_character(text) is None
    )


def line_of(text: str, *, chars_max: int, otherwise: str) -> str:
    """Return what of ``text`` can stand on one line, so that it can be kept and shown.

    Args:
        text: Words of ours or of a counterpart, of any length and with any characters.
        chars_max: How much of it is kept.
        otherwise: What stands instead where nothing of it can.
    """
    kept = "".join(each for each in text if each.isspace() or refused_character(each) is None)
    return " ".join(kept.split())[:chars_max].strip() or otherwise


@attrs.frozen
class Members:
    """The members of one closed object, taken out by name and kind."""

    what: str
    value: JsonObject

    @classmethod
    def closed(cls, value: Json, *, what: str, names: tuple[str, ...]) -> "Members":
        """Return the members of ``value``, which must be exactly ``names``.

        Raises:
            PeerError: ``sharing.not_object``, ``sharing.members``.
        """
        if not isinstance(value, Mapping):
            raise PeerError("sharing.not_object", f"{what} is not a JSON object.")
        if set(value) != set(names):
            odd = ", ".join(sorted(set(value) ^ set(names)))
            raise PeerError(
                "sharing.members", f"{what} must have exactly {', '.join(names)}; see: {odd[:200]}."
            )
        return cls(what, value)

    def word(self, name: str, *, chars_max: int = WORD_CHARS_MAX) -> str:
        """Return a text of one line, neither empty nor long.

        Raises:
            PeerError: ``sharing.word``.
        """
        value = self.value[name]
        if not isinstance(value, str) or not is_line(value, chars_max=chars_max):
            raise PeerError(
                "sharing.word",
                f"{self.what}: {name} must be a text of 1 to {chars_max} characters on one line.",
            )
        return value

    def maybe_word(self, name: str, *, chars_max: int = WORD_CHARS_MAX) -> str | None:
        """Return a word, or None where null stands."""
        return None if self.value[name] is None else self.word(name, chars_max=chars_max)

    def digest(self, name: str) -> str:
        """Return a SHA-256 in lower-case hexadecimal.

        Raises:
            PeerError: ``sharing.digest``.
        """
        value = self.value[name]
        if not isinstance(value, str) or _DIGEST.fullmatch(value) is None:
            raise PeerError(
                "sharing.digest",
                f"{self.what}: {name} must be a SHA-256 of 64 lower-case hexadecimal digits.",
            )
        return value

    def maybe_digest(self, name: str) -> str | None:
        """Return a digest, or None where null stands."""
        return None if self.value[name] is None else self.digest(name)

    def count(self, name: str) -> int:
        """Return a whole number, not negative.

        Raises:
            PeerError: ``sharing.number``.
        """
        value = self.value[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise PeerError(
                "sharing.number", f"{self.what}: {name} must be a whole number, not negative."
            )
        return value

    def maybe_count(self, name: str) -> int | None:
        """Return a whole number, or None where null stands."""
        return None if self.value[name] is None else self.count(name)

    def flag(self, name: str) -> bool:
        """Return true or false.

        Raises:
            PeerError: ``sharing.flag``.
        """
        value = self.value[name]
        if not isinstance(value, bool):
            raise PeerError("sharing.flag", f"{self.what}: {name} must be true or false.")
        return value

    def maybe_instant(self, name: str) -> Instant | None:
        """Return a time, or None where null stands."""
        return None if self.value[name] is None else Instant.parse(self.word(name))

    def digests(self, name: str) -> dict[str, str]:
        """Return an object of named digests.

        Raises:
            PeerError: ``sharing.digests``.
        """
        value = self.value[name]
        if not isinstance(value, Mapping) or len(value) > 16:
            raise PeerError(
                "sharing.digests", f"{self.what}: {name} must be an object of at most 16 digests."
            )
        inner = Members(f"{self.what}, {name}", value)
        return {key: inner.digest(key) for key in value}
