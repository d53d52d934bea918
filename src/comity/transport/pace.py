"""How often somebody may do something: buckets of tokens by name, bounded in number."""

from collections import OrderedDict

from comity.foundation.instants import Instant


class Pace:
    """Buckets of tokens by name, filled at a steady pace; the least recently used go first."""

    def __init__(self, *, per_minute: int, burst: int, names_max: int) -> None:
        """Begin with every bucket full.

        Args:
            per_minute: How many tokens come in a minute.
            burst: How many a bucket holds.
            names_max: How many buckets are kept.
        """
        self._per_minute, self._burst, self._names_max = per_minute, burst, names_max
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, name: str, at: Instant) -> bool:
        """Take one token of ``name``; False if there is none."""
        tokens, since = self._buckets.get(name, (float(self._burst), at.seconds))
        grown = tokens + max(0, at.seconds - since) * self._per_minute / 60
        left = min(float(self._burst), grown)
        self._buckets[name] = (max(left - 1, 0.0), at.seconds)
        self._buckets.move_to_end(name)
        while len(self._buckets) > self._names_max:
            self._buckets.popitem(last=False)
        return left >= 1
