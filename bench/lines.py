"""The line of a result, and what says that something cannot be measured yet."""

import statistics
from collections.abc import Sequence

import attrs


class NotYetError(Exception):
    """What this would measure does not exist yet, or does not start: the message says which."""


@attrs.frozen(kw_only=True)
class Line:
    """One measured figure."""

    what: str
    figure: str
    beside: str = ""
    ratio: str = ""


def milliseconds(samples: Sequence[float]) -> str:
    """Return median and fastest of durations in seconds."""
    return f"{statistics.median(samples) * 1000:.0f} ms (fastest {min(samples) * 1000:.0f})"


def per_second(rates: Sequence[float]) -> str:
    """Return the median of rates."""
    return f"{statistics.median(rates):,.0f}/s"
