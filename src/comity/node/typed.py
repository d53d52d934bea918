"""What an official typed is checked for characters that nobody sees, once for every door.

A control character or an override in a name, a reason or a note would let it read differently from
what it says, also in the house. Files that a room reads by itself are left to that room, which says
more about the place; a password may hold anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from comity.foundation.errors import ComityError, MisuseError, PeerError
from comity.foundation.text import refused_character

#: Members that hold a whole file or a secret.
_LEFT_ALONE: Final = frozenset(
    {"text", "heading", "fields", "lines", "letter", "signatures", "password"}
)

#: Rooms that read what an official of ours typed or handed in.
_ROOMS: Final = frozenset(
    {
        "basics",
        "comparing",
        "fields",
        "fields_file",
        "forms",
        "import",
        "moves",
        "paths",
        "policy",
        "powers",
        "signing",
        "text",
    }
)
#: Operations that also read what came from elsewhere: by the first word of their name.
_FROM_ELSEWHERE: Final = frozenset(
    {"catalogue", "evidence", "fetch", "held", "letters", "peers", "record", "requests"}
)


def check_typed(request: object, *, name: str = "") -> None:
    """Return nothing if every character of every short text in a request may stand.

    Raises:
        MisuseError: ``node.character``; the message names the member and the line.
    """
    if isinstance(request, str):
        found = refused_character(request.replace("\r\n", "\n"))
        if found is not None:
            line, character = found
            raise MisuseError(
                "node.character",
                f"What was typed ({name}), line {line}: {character} may not stand in a text."
                " Take it out and send it again.",
            )
        return
    for each, value in _members(request):
        if each not in _LEFT_ALONE:
            check_typed(value, name=each or name)


def own_slip(operation: str, error: PeerError) -> ComityError:
    """Return an error as our own official's to correct, where only they gave what is wrong.

    A room that reads a text cannot know whose it is, and blames whoever sent it; here it is known.
    """
    room, group = error.code.partition(".")[0], operation.partition(".")[0]
    if room in _ROOMS and group not in _FROM_ELSEWHERE:
        return error.as_family(MisuseError)
    return error


def _members(value: object) -> Iterator[tuple[str, object]]:
    """Give the members of a request, a mapping or a list, with their names."""
    if isinstance(value, msgspec.Struct):
        yield from ((name, getattr(value, name)) for name in value.__struct_fields__)
    elif isinstance(value, Mapping):
        yield from ((str(name), each) for name, each in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, bytes | str):
        yield from (("", each) for each in value)
