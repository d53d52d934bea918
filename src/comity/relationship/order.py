"""One order of both logs, the same at both nodes: causes before effects, then time, then party.

Times are those of the cosignatures; many acts share one. So the order is a merge of the two logs in
which an entry comes after everything its author had seen. Source: design 2 (idea 1).
"""

from collections.abc import Callable, Iterable
from typing import Final

from comity.foundation.instants import Instant
from comity.relationship.model import Entry, Ref, Shared

#: Later than everything that has a time.
FAR: Final = Instant(1 << 40)


def causal(entries: Iterable[Entry], *, when: Callable[[Ref], Instant | None]) -> tuple[Entry, ...]:
    """Return entries of two logs in their common order.

    Args:
        entries: Any selection of either log, in any order.
        when: The time of an entry; those without one come last where nothing else decides.
    """
    lines: dict[str, list[Entry]] = {}
    for each in sorted(entries, key=lambda entry: (entry.party, entry.n)):
        lines.setdefault(each.party, []).append(each)
    places = dict.fromkeys(lines, 0)
    made: list[Entry] = []
    while waiting := [lines[party][at] for party, at in places.items() if at < len(lines[party])]:
        free = [each for each in waiting if not _waits_for_another(each, waiting)]
        chosen = min(free or waiting, key=lambda each: (when(each.ref) or FAR, each.party))
        made.append(chosen)
        places[chosen.party] += 1
    return tuple(made)


def _waits_for_another(entry: Entry, waiting: Iterable[Entry]) -> bool:
    return any(each.party != entry.party and each.n < entry.seen for each in waiting)


def life_entries(shared: Shared, instrument: str) -> tuple[Entry, ...]:
    """Return the acts of both parties on an instrument as entries, in their common order."""
    chains = shared.agreements.instruments[instrument]
    made = (
        Entry(party=party, n=act.place.n, seen=act.place.seen, kind=act.kind, of=instrument)
        for party in sorted(chains)
        for act in chains[party].acts
    )
    return causal(made, when=shared.when)
