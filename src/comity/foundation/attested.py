"""When something in a log counts as done, and how a signing window ends.

The counterpart's cosignature over a checkpoint dates everything below it; the author's clock never
counts. This stands below ``agreements`` and ``record`` so that the node and the offline verifier
apply one rule. Source: design 13.6; record.md 4.4.
"""

import bisect
import itertools
import operator
from collections.abc import Iterable
from typing import Final, Self

import attrs

from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant


@attrs.frozen
class Mark:
    """One cosigned checkpoint: the first ``size`` entries existed at ``time``."""

    size: int
    time: Instant


_SIZE: Final = operator.attrgetter("size")
_TIME: Final = operator.attrgetter("time")


@attrs.frozen
class Marks:
    """The cosigned checkpoints over one log, sizes and times never going back."""

    marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Self:
        """Return the marks in order.

        Raises:
            PeerError: ``record.time_went_back``: a larger size was cosigned at an earlier time.
        """
        ordered = tuple(sorted(marks, key=lambda mark: (mark.size, mark.time)))
        for before, after in itertools.pairwise(ordered):
            if after.time < before.time:
                raise PeerError(
                    "record.time_went_back",
                    f"Size {after.size} was cosigned at {after.time}, before size {before.size}"
                    f" at {before.time}: the cosigner's clock went back.",
                )
        return cls(ordered)

    def later(self, marks: Iterable[Mark]) -> Self:
        """Return these marks with more that come behind them all.

        Raises:
            PeerError: ``record.time_went_back``: as ``of``.
        """
        added = self.of((*self.marks[-1:], *marks)).marks[len(self.marks[-1:]) :]
        return type(self)((*self.marks, *added)) if added else self

    def attested(self, n: int) -> Instant | None:
        """Return the earliest cosigned time of entry ``n``, or None while nobody cosigned it."""
        place = bisect.bisect_right(self.marks, n, key=_SIZE)
        return self.marks[place].time if place < len(self.marks) else None

    def held(self) -> int:
        """Return how many entries the counterpart has cosigned."""
        return self.marks[-1].size if self.marks else 0

    def held_before(self, instant: Instant) -> int:
        """Return how many entries the counterpart had cosigned before ``instant``."""
        place = bisect.bisect_left(self.marks, instant, key=_TIME)
        return self.marks[place - 1].size if place else 0

    def passed(self, instant: Instant) -> bool:
        """Return whether a cosignature later than ``instant`` exists.

        Once true, no entry can any more come to be attested at or before ``instant``.
        """
        return bool(self.marks) and self.marks[-1].time > instant
