"""States and moves in plain words, and lines that read without colour.

The words are those of ``docs/glossary.md``; the symbols stand before the words, never alone.
"""

from collections.abc import Sequence
from typing import Final

from comity.foundation.plain import plural, short, when

__all__ = (
    "CAPACITY",
    "INSTRUMENT",
    "MOVE",
    "UNIT",
    "held",
    "plural",
    "short",
    "size",
    "slug",
    "some",
    "table",
    "when",
)

INSTRUMENT: Final = {
    "drafting": "being drafted, not tabled yet",
    "tabled": "tabled, no answer yet",
    "negotiating": "being negotiated",
    "clean": "clean, to be adopted",
    "agreed_ad_ref": "adopted by both, to be initialled",
    "said": "adopted by both, text of a joint statement",
    "initialled": "initialled by both, to be signed",
    "signing": "being signed",
    "signed": "signed by all, not yet in force",
    "awaiting_entry": "signed, waiting for its entry into force",
    "provisional": "applied provisionally",
    "in_force": "in force",
    "suspended": "suspended",
    "ending": "ending",
    "terminated": "terminated",
    "expired": "expired",
    "superseded": "superseded",
    "abandoned": "abandoned",
    "lapsed": "lapsed",
}
UNIT: Final = {
    "new": ("+", "new"),
    "open": ("?", "open"),
    "bracketed": ("[]", "in brackets"),
    "reserved": ("#", "reserved"),
    "agreed_ad_ref": ("~", "agreed ad referendum"),
    "agreed": ("=", "agreed"),
    "parked": ("||", "parked"),
    "closed": ("=", "agreed and closed"),
}
MOVE: Final = {
    "propose": "propose a wording of",
    "accept": "accept",
    "accept_ad_ref": "accept ad referendum",
    "confirm": "confirm",
    "object": "object to",
    "reserve": "place a reserve on",
    "lift": "lift the reserve on",
    "withdraw": "withdraw our wording of",
    "park": "park",
    "unpark": "take up again",
    "reopen": "reopen",
    "explain": "explain",
    "package": "offer a package",
    "accept_package": "accept the package",
    "withdraw_package": "withdraw the package",
}
CAPACITY: Final = {
    "adopt": "adopts the text: this text is the text",
    "initial": "initials the text: it is fixed as definitive",
    "sign": "signs, to be bound",
    "sign_ad_referendum": "signs, subject to later confirmation",
    "suspend": "suspends what is named",
    "resume": "lifts a suspension, for the own part",
    "appoint": "gives full powers to another person",
    "revoke": "ends full powers",
    "approve": "approves an operation that needs two persons",
    "release": "releases an item",
}


def table(lines: Sequence[Sequence[str]], *, indent: int = 2) -> list[str]:
    """Return rows with their columns aligned; the last column is never padded."""
    if not lines:
        return []
    count = max(len(line) for line in lines)
    widths = [
        max((len(line[at]) for line in lines if at < len(line)), default=0) for at in range(count)
    ]
    pad = " " * indent
    return [
        pad
        + "  ".join(
            cell if at == len(line) - 1 else cell.ljust(widths[at]) for at, cell in enumerate(line)
        ).rstrip()
        for line in lines
    ]


def some(names: Sequence[str], *, most: int = 6) -> str:
    """Return names in one line, shortened when there are many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    for unit, shift in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if count >> shift:
            return f"{count / (1 << shift):.1f} {unit}"
    return plural(count, "byte")


def slug(name: str) -> str:
    """Return a name that can stand in a file name everywhere."""
    kept = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name)
    return "-".join(part for part in kept.lower().split("-") if part)[:60] or "file"


def held(value: object) -> str:
    """Return whether the counterpart holds what was just recorded."""
    if value is True:
        return "The counterpart holds it."
    return "Recorded here; the counterpart gets it as soon as its node can be reached."
