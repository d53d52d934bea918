"""The one place that reads the clock and draws chance.

Everything else takes ``at: Instant`` and identifiers as arguments (STYLE.md, rule 7).
"""

import secrets
import time

import attrs

from comity.foundation.instants import Instant


@attrs.frozen
class SystemClock:
    """The machine's clock, in UTC, cut to whole seconds."""

    def now(self) -> Instant:
        """Return the current instant."""
        return Instant(int(time.time()))


def steady_s() -> float:
    """Return seconds that only go forward, for measuring a pace and nothing else."""
    return time.monotonic()


@attrs.frozen
class SystemChance:
    """The machine's source of chance."""

    def token(self, n: int) -> bytes:
        """Return ``n`` unpredictable bytes."""
        return secrets.token_bytes(n)
