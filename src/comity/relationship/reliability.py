"""The measures of promises: what they came to, what is overdue, how late, how often moved.

Source: agreements.md D7 (reliability).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from comity.coordination.commitments import LIVE
from comity.relationship.measuring import Line, Measure, Read
from comity.relationship.model import Ref
from comity.relationship.promises import RESULTS, Promise, delay_seconds


def _owed(read: Read, party: str) -> list[Promise]:
    return [each for each in read.promises if each.made and each.owed_by(party)]


def _evidence(found: Iterable[Promise]) -> tuple[Ref, ...]:
    return tuple(ref for each in found for ref in each.evidence)


def _promises(read: Read) -> Iterator[Line]:
    came = {each.one.status for each in read.promises if each.made}
    for party in read.parties:
        owed = _owed(read, party)
        for result in (each for each in RESULTS if each is RESULTS[0] or each in came):
            found = [each for each in owed if each.one.status is result]
            yield Line(
                subject=str(result),
                party=party,
                value=len(found),
                of=len(owed),
                evidence=_evidence(found),
            )


def _overdue(read: Read) -> Iterator[Line]:
    for party in read.parties:
        live = [
            each
            for each in _owed(read, party)
            if each.one.status in LIVE and each.seen.status != "void"
        ]
        late = [each for each in live if each.seen.overdue]
        yield Line(party=party, value=len(late), of=len(live), evidence=_evidence(late))


def _delay(read: Read) -> Iterator[Line]:
    for party in read.parties:
        found = [
            (delay, each)
            for each in _owed(read, party)
            if (delay := delay_seconds(each)) is not None
        ]
        total = sum(delay for delay, _ in found)
        yield Line(
            party=party,
            value=total // len(found) if found else None,
            of=len(found),
            evidence=_evidence(each for _, each in found),
        )


def _redatings(read: Read) -> Iterator[Line]:
    for party in read.parties:
        owed = _owed(read, party)
        moved = [each for each in owed if each.one.dates]
        yield Line(
            party=party,
            value=sum(len(each.one.dates) for each in moved),
            of=len(owed),
            evidence=_evidence(moved),
        )


RELIABILITY: Final = (
    Measure(
        name="promises",
        group="reliability",
        unit="count",
        formula="Commitments of this side by what they came to (kept, kept late, partly kept, not"
        " kept, released; what came to nothing of that sort has no line), of all that it ever owed;"
        " joint ones count for both.",
        lines=_promises,
    ),
    Measure(
        name="overdue",
        group="reliability",
        unit="count",
        formula="Commitments of this side whose due date has passed and that nobody claimed or"
        " ended, of all that it owes now.",
        lines=_overdue,
    ),
    Measure(
        name="delay",
        group="reliability",
        unit="seconds",
        formula="How long after its first due date a commitment of this side was fulfilled as"
        " acknowledged: the average, over all that were acknowledged.",
        lines=_delay,
    ),
    Measure(
        name="redatings",
        group="reliability",
        unit="count",
        formula="How often the due date of a commitment of this side was moved, of all that it ever"
        " owed.",
        lines=_redatings,
    ),
)
