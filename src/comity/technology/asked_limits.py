"""The limits that a request for an amendment asks for, as lines in the note beside it.

They are words of people and bind nobody: what a decision says counts. They have one form so that
the decider sees them beside the limits that count, and need not type them again. Source: spec
11.3.5.
"""

import re
from typing import Final

import attrs

_FORM: Final = re.compile(
    r"(?:Quantity: (?P<quantity>[1-9][0-9]{0,14}) (?P<unit>transfers|bytes)(?:\n|$))?"
    r"(?:Not before: (?P<starts>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\n|$))?"
    r"(?:Not after: (?P<ends>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\n|$))?",
    re.ASCII,
)


@attrs.frozen(kw_only=True)
class AskedLimits:
    """How much is asked for, and from which day to which; None where nothing is asked.

    Attributes:
        quantity: How many, of ``unit``.
        unit: ``transfers`` or ``bytes``.
        starts: The first day, as 2027-01-31.
        ends: The last day.
    """

    quantity: int | None
    unit: str
    starts: str | None
    ends: str | None

    def lines(self) -> str:
        """Return the lines that say it, one for each limit, each with its LF; or nothing."""
        said = (
            ("Quantity", None if self.quantity is None else f"{self.quantity} {self.unit}"),
            ("Not before", self.starts),
            ("Not after", self.ends),
        )
        return "".join(f"{name}: {value}\n" for name, value in said if value is not None)


def asked_limits(words: str) -> tuple[AskedLimits | None, str]:
    """Return what a note asks for, or None where it asks for no limit; and its other words."""
    found = _FORM.match(words)
    assert found is not None  # each of its parts may be missing
    if not found[0]:
        return None, words
    quantity = found["quantity"]
    limits = AskedLimits(
        quantity=None if quantity is None else int(quantity),
        unit=found["unit"] or "transfers",
        starts=found["starts"],
        ends=found["ends"],
    )
    return limits, words[found.end() :]
