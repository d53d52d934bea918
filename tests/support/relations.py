"""Builders for the tests of the room ``relationship``: talks and acts of sharing as one picture."""

from collections.abc import Sequence

import attrs

from comity.coordination import fold as coordination
from comity.coordination.fold import CoordinationState
from comity.foundation.attested import Mark, Marks
from comity.foundation.canonical import JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.instants import Instant
from comity.parties.fold import PartiesState
from comity.relationship.model import Entry, Log, Picture, Shared, look
from comity.sharing.fold import SharingAct, SharingState, fold_sharing_acts
from comity.technology import fold as technology
from comity.technology.fold import TechnologyState
from support.parties import NOW, A, B
from support.sharing import RELEASE
from support.talks import INSTRUMENT, Talks

DAY = 86_400
CONTRACT = "urn:uuid:33333333-3333-4333-8333-333333333333"
RULING: JsonObject = {"article": "Article 3", "unit": "u3", "area": "reports", "stage": "send"}


@attrs.define(kw_only=True)
class Exchange:
    """Acts of sharing of both parties, with the entries they stand in."""

    acts: list[SharingAct] = attrs.field(factory=list)
    entries: list[Entry] = attrs.field(factory=list)

    def add(self, party: str, kind: str, act: JsonObject, *, n: int, of: str | None = None) -> None:
        """Record one act at a place of a party's log."""
        self.acts.append(SharingAct(party=party, n=n, kind=kind, act=act))
        self.entries.append(Entry(party=party, n=n, seen=0, kind=kind, of=of))

    def release(
        self,
        party: str,
        *,
        n: int,
        marking: str = "open",
        area: str = "reports",
        digest: str = RELEASE.item.digest,
    ) -> None:
        """Release an item under the instrument of the talks."""
        item = attrs.evolve(RELEASE.item, marking=marking, area=area, digest=digest)
        made = attrs.evolve(RELEASE, item=item, instrument=INSTRUMENT, unit="u3")
        self.add(party, "sharing.release", made.act(), n=n, of=item.id.rpartition(":")[2])

    def moved(  # who, what, and what it was
        self, party: str, kind: str, *, n: int, size: int = 3, sha256: str = "ab" * 32
    ) -> None:
        """Record a contract and the bytes that one side sent or received under it."""
        tail = CONTRACT.rpartition(":")[2]
        contract: JsonObject = {
            "contract": CONTRACT,
            "item": "urn:uuid:item",
            "release": 1,
            "instrument": INSTRUMENT,
            "unit": "u3",
            "ruling": RULING,
            "messages": {},
        }
        moved: JsonObject = {
            "contract": CONTRACT,
            "transfer": "urn:uuid:t",
            "item": "urn:uuid:item",
            "bytes": size,
            "sha256": sha256,
            "ruling": RULING,
        }
        self.acts.append(SharingAct(party=party, n=n, kind="sharing.contract", act=contract))
        self.add(party, kind, moved, n=n + 1, of=tail)


def shared(
    talks: Talks | None = None,
    *,
    exchange: Exchange | None = None,
    known: PartiesState | None = None,
    at: Instant | None = None,
    marks: dict[str, Sequence[Mark]] | None = None,
    sizes: dict[str, int] | None = None,
    deeds: Sequence[Deed] = (),
) -> Shared:
    """Return what the room is told; every entry is cosigned at ``NOW`` where nothing is said."""
    talks = talks or Talks()
    exchange = exchange or Exchange()
    held = {
        party: [*talks.marks[party], *([] if marks else [Mark(1000, NOW.plus(10))])]
        for party in (A, B)
    }
    if marks is not None:
        held = {party: list(marks.get(party, ())) for party in (A, B)}
    first, second = sorted((A, B))
    return Shared(
        parties=(first, second),
        known=known or PartiesState(),
        agreements=talks.state,
        sharing=fold_sharing_acts(SharingState(), exchange.acts),
        logs={
            party: Log(size=(sizes or talks.sizes)[party], root=party, marks=Marks.of(held[party]))
            for party in (A, B)
        },
        entries=(*exchange.entries, *(_entry(deed) for deed in deeds)),
        at=at or talks.at,
        coordination=coordination.fold_deeds(
            CoordinationState(), [each for each in deeds if each.family in coordination.FAMILIES]
        ),
        technology=technology.fold_deeds(
            TechnologyState(), [each for each in deeds if each.family in technology.FAMILIES]
        ),
    )


def _entry(deed: Deed) -> Entry:
    return Entry(party=deed.party, n=deed.n, seen=deed.seen, kind=deed.kind, of=deed.thing)


def picture(talks: Talks | None = None, **more: object) -> Picture:
    """Return the picture of ``shared``."""
    return look(shared(talks, **more))  # type: ignore[arg-type]  # the names are those of ``shared``
