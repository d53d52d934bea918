"""The states that a text has had, what lies between two of them, and the progress by round.

Source: agreements.md D3.1, D6 (journey 1), D7.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import attrs

from comity.agreements.chains import Chains
from comity.agreements.differing import Difference, differences
from comity.agreements.model import Content, label_path
from comity.agreements.rounds import TextState, progress, text_of
from comity.agreements.texts import text_at
from comity.api import agreements as asks
from comity.api.operation import OneInstrument
from comity.foundation.attested import Marks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.node import folding
from comity.node.context import Context
from comity.node.instruments import Found, Instruments
from comity.node.showing import redline
from comity.storage.tx import Tx

#: A chart with more rounds than these cannot be read; the newest are drawn.
ROUNDS_SHOWN_MAX: Final = 60
#: How many comparisons are kept for the next page of the same.
KEPT: Final = 4
_SIDES: Final = ("ours", "theirs")


@attrs.frozen(kw_only=True)
class _Compared:
    """One comparison, and what it was made from."""

    chains: Chains
    asked: tuple[str, str, str]
    found: tuple[Difference, ...]
    labels: Mapping[str, str]


@attrs.frozen(kw_only=True)
class TextStates:
    """Reads earlier states off both logs."""

    ctx: Context
    instruments: Instruments
    _progress: dict[str, tuple[Chains, tuple[tuple[TextState, Mapping[str, int]], ...]]] = (
        attrs.field(factory=dict)
    )
    _compared: list[_Compared] = attrs.field(factory=list)

    def states(self, tx: Tx, request: asks.States) -> JsonObject:
        """Return a page of the states of a text, the newest first."""
        found = self.instruments.find(tx, request.instrument)
        made = self._walked(found)[::-1]
        marks = self._marks(tx, found)
        page = made[request.start : request.start + request.limit]
        return {
            "instrument": found.instrument,
            "title": found.view.opening.title,
            "total": len(made),
            "start": request.start,
            "states": [self._row(state, counts, marks) for state, counts in page],
        }

    def rounds(self, tx: Tx, request: OneInstrument) -> JsonObject:
        """Return how many units stood where after each tabling, the oldest first."""
        found = self.instruments.find(tx, request.instrument)
        made = self._walked(found)
        marks = self._marks(tx, found)
        return {
            "instrument": found.instrument,
            "title": found.view.opening.title,
            "total": len(made),
            "rounds": [
                self._row(state, counts, marks) for state, counts in made[-ROUNDS_SHOWN_MAX:]
            ],
        }

    def compare(self, tx: Tx, request: asks.Compare) -> JsonObject:
        """Return a page of the units in which two states of a text differ."""
        found = self.instruments.find(tx, request.instrument)
        made = self._compare(found, request.earlier, request.later)
        page = made.found[request.start : request.start + request.limit]
        marks = self._marks(tx, found)
        return {
            "instrument": found.instrument,
            "title": found.view.opening.title,
            "earlier": self._named(found, request.earlier, marks),
            "later": self._named(found, request.later, marks),
            "counts": dict(Counter(each.kind for each in made.found)),
            "total": len(made.found),
            "start": request.start,
            "differences": [redline(each, labels=made.labels) for each in page],
        }

    def _walked(self, found: Found) -> tuple[tuple[TextState, Mapping[str, int]], ...]:
        chains = _chains(found)
        kept = self._progress.get(found.instrument)
        if kept is None or kept[0] is not chains:
            kept = self._progress[found.instrument] = (
                chains,
                progress(chains, found.view.opening),
            )
        return kept[1]

    def _compare(self, found: Found, earlier: str, later: str) -> _Compared:
        chains, asked = _chains(found), (found.instrument, earlier, later)
        for kept in tuple(self._compared):
            if kept.chains is chains and kept.asked == asked:
                return kept
        before, after = self._text(found, earlier), self._text(found, later)
        both = {**before, **after}
        made = _Compared(
            chains=chains,
            asked=asked,
            found=differences(before, after),
            labels={unit: label_path(both, unit) for unit in both},
        )
        self._compared[:] = [made, *self._compared[: KEPT - 1]]
        return made

    def _text(self, found: Found, named: str) -> dict[str, Content]:
        """Return the text of a state as its author would have it read, or of a side as of now."""
        opening, own = found.view.opening, self.ctx.config.party
        if named in _SIDES:
            text = text_at(found.instrument, _chains(found), opening, heads=None)
            return text_of(text, party=own if named == "ours" else found.rel.counterpart)
        state = self._state(found, named)
        text = text_at(found.instrument, _chains(found), opening, heads=state.heads)
        return text_of(text, party=state.place.party)

    def _state(self, found: Found, named: str) -> TextState:
        """Return the state with that number.

        Raises:
            MisuseError: ``agreements.no_state``.
        """
        walked = self._walked(found)
        if named.isascii() and named.isdigit() and len(named) < 7 and 0 < int(named) <= len(walked):
            return walked[int(named) - 1][0]
        raise MisuseError(
            "agreements.no_state",
            f"{found.view.opening.title} has the states 1 to {len(walked)}, and ours and theirs as"
            f" they stand now; found {named[:20]!r}.",
        )

    def _named(self, found: Found, named: str, marks: Mapping[str, Marks]) -> JsonObject:
        if named in _SIDES:
            return {"ref": named, "number": None}
        number = self._state(found, named).number
        state, counts = self._walked(found)[number - 1]
        return self._row(state, counts, marks)

    def _row(
        self, state: TextState, counts: Mapping[str, int], marks: Mapping[str, Marks]
    ) -> JsonObject:
        place = state.place
        attested = marks[place.party].attested(place.n) if place.party in marks else None
        shown: dict[str, Json] = dict(counts)
        return {
            "ref": str(state.number),
            "number": state.number,
            "by": place.party,
            "ours": place.party == self.ctx.config.party,
            "n": place.n,
            "attested": None if attested is None else str(attested),
            "counts": shown,
            "units": sum(counts.values()),
        }

    def _marks(self, tx: Tx, found: Found) -> Mapping[str, Marks]:
        return folding.marks_of(tx, found.rel, self.ctx.config.party)


def _chains(found: Found) -> Chains:
    return found.state.agreements.instruments[found.instrument]
