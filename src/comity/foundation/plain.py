"""Instants, digests and counts as people read them: the same in the command line and on a page."""

from typing import Final

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def when(instant: str) -> str:
    """Return an instant as people write it: ``23 November 2036, 09:00 UTC``."""
    day, _, time = instant.rstrip("Z").partition("T")
    parts = day.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return instant or "-"
    clock = time if time[6:] not in {"", "00"} else time[:5]
    return f"{int(parts[2])} {_MONTHS[int(parts[1]) - 1]} {parts[0]}, {clock} UTC"


def short(digest: str) -> str:
    """Return the first groups of a digest: 8 groups of 4, enough to compare by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, min(len(digest), 32), 4))


def plural(count: int, noun: str) -> str:
    """Return ``1 unit``, ``2 units``, ``3 entries``, ``4 annexes``."""
    if count == 1:
        return f"1 {noun}"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{count} {noun[:-1]}ies"
    return f"{count} {noun}{'es' if noun.endswith('x') else 's'}"
