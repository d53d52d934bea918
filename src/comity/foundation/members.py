"""Members of a JSON object with their types; a missing one is empty.

For values that somebody else has checked, or that are only shown: a reader that shows less is
better than one that breaks.
"""

from collections.abc import Mapping, Sequence

from comity.foundation.canonical import Json, JsonObject


def text(value: JsonObject, name: str) -> str:
    """Return a member as text; empty where it is missing or null."""
    member = value.get(name)
    return "" if member is None else str(member)


def number(value: JsonObject, name: str) -> int:
    """Return a member as a number; 0 where it is none."""
    member = value.get(name)
    return member if isinstance(member, int) else 0


def items(value: JsonObject, name: str) -> Sequence[Json]:
    """Return a member as a list; empty where it is none."""
    member = value.get(name)
    return member if isinstance(member, Sequence) and not isinstance(member, str) else ()


def words(value: JsonObject, name: str) -> list[str]:
    """Return a member as a list of texts."""
    return [str(item) for item in items(value, name)]


def rows(value: JsonObject, name: str) -> list[JsonObject]:
    """Return a member as a list of objects."""
    return [item for item in items(value, name) if isinstance(item, Mapping)]


def one(value: JsonObject, name: str) -> JsonObject:
    """Return a member as an object; empty where it is none."""
    member = value.get(name)
    return member if isinstance(member, Mapping) else {}
