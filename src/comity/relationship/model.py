"""What this room is told: both logs of a relationship up to a common cut, and an instant.

Both nodes must make the same value of it although messages are lost and answers late. So the cut
holds only what is cosigned and was seen in order; of the marks it keeps the first of each size, the
only ones that both nodes surely have; and the instant comes from the record or is the beginning of
a calendar day in UTC. Source: design 2 (idea 1), 13.6.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs

from comity.agreements.chains import AgreementsState, opening_of
from comity.agreements.fold import view
from comity.agreements.views import InstrumentView
from comity.coordination.fold import CoordinationState
from comity.foundation.attested import Mark, Marks
from comity.foundation.instants import Instant
from comity.parties.fold import PartiesState
from comity.sharing.fold import SharingState
from comity.technology.fold import TechnologyState

SECONDS_PER_DAY: Final = 86_400


@attrs.frozen(kw_only=True, order=True)
class Ref:
    """One entry of one party's log: the evidence behind a fact."""

    party: str
    n: int


@attrs.frozen(kw_only=True)
class Entry:
    """One entry as its envelope says it.

    Attributes:
        party: Whose log it stands in.
        n: Its index there.
        seen: How much of the other log its author had seen.
        kind: Its kind.
        of: What it is about: the tail of an identifier, or None.
    """

    party: str
    n: int
    seen: int
    kind: str
    of: str | None

    @property
    def ref(self) -> Ref:
        """Return the place of the entry."""
        return Ref(party=self.party, n=self.n)


@attrs.frozen(kw_only=True)
class Log:
    """One party's log up to the cut: its size, its root there, the counterpart's marks over it."""

    size: int
    root: str
    marks: Marks


@attrs.frozen(kw_only=True)
class Shared:
    """Everything this room looks at.

    Attributes:
        parties: Both, in the order of their identifiers: neither node comes first.
        known: Letters, acceptance and full powers.
        agreements: Every instrument.
        sharing: Releases, contracts, transfers.
        coordination: Commitments, bodies, meetings.
        technology: Projects.
        logs: By party, how far its log counts.
        entries: Entries of both logs that are dated by themselves: letters and sharing.
        at: The instant for which everything is computed.
    """

    parties: tuple[str, str]
    known: PartiesState
    agreements: AgreementsState
    sharing: SharingState
    logs: Mapping[str, Log]
    entries: tuple[Entry, ...]
    at: Instant
    coordination: CoordinationState = attrs.field(factory=CoordinationState)
    technology: TechnologyState = attrs.field(factory=TechnologyState)

    def when(self, ref: Ref) -> Instant | None:
        """Return when an entry was first cosigned, or None while nobody did."""
        return self.logs[ref.party].marks.attested(ref.n)

    def idle(self) -> frozenset[Ref]:
        """Return the acts on things that live by steps which stand without effect."""
        acts = (*self.coordination.idle(), *self.technology.idle())
        return frozenset(Ref(party=each.party, n=each.n) for each in acts)

    def other(self, party: str) -> str:
        """Return the party that is not ``party``."""
        first, second = self.parties
        return second if party == first else first


@attrs.frozen(kw_only=True)
class Picture:
    """The shared state and, by instrument, how each tabled instrument stands at its instant."""

    shared: Shared
    views: Mapping[str, InstrumentView]


def look(shared: Shared) -> Picture:
    """Return the picture of a relationship; every instrument is looked at once."""
    marks = {party: log.marks for party, log in shared.logs.items()}
    return Picture(
        shared=shared,
        views={
            name: view(shared.agreements, name, marks=marks, at=shared.at)
            for name, chains in sorted(shared.agreements.instruments.items())
            if opening_of(chains, None) is not None
        },
    )


def common_cut(sizes: Mapping[str, int], *, seen: Callable[[str, int], int]) -> Mapping[str, int]:
    """Return the largest sizes of both logs at which no entry has seen more than is there.

    A node may learn that its counterpart holds an entry of its own from what the counterpart wrote,
    before it hears the cosignature; such entries wait for the next look.

    Args:
        sizes: By party, how much of its log is cosigned, as far as this node knows.
        seen: How much of the other log the entry of a party had seen.
    """
    made = dict(sizes)
    first, second = made
    pairs = ((first, second), (second, first))
    done = False
    while not done:
        done = True
        for mine, other in pairs:
            while made[mine] > 0 and seen(mine, made[mine] - 1) > made[other]:
                made[mine] -= 1
                done = False
    return made


def first_marks(marks: Iterable[Mark], *, size: int) -> Marks:
    """Return the first mark of each size, up to the first that covers ``size`` entries.

    A cosignature that only renews the time of one before may have reached one node alone.
    """
    made: dict[int, Mark] = {}
    for mark in sorted(marks, key=lambda each: (each.size, each.time)):
        if mark.size not in made:
            made[mark.size] = mark
            if mark.size >= size:
                break
    return Marks.of(made.values())


def as_of(logs: Iterable[Log], *, now: Instant) -> Instant:
    """Return the instant of a picture: the last cosigned entry, or the begin of today in UTC.

    The clock of a node enters only as its date, so that two nodes agree but around midnight.
    """
    newest = [log.marks.attested(log.size - 1) for log in logs if log.size]
    today = Instant(now.seconds - now.seconds % SECONDS_PER_DAY)
    return max([today, *(each for each in newest if each is not None)])
