"""What both logs of a relationship say, kept folded.

The state is a pure function of both logs and the cosigned checkpoints. A copy is kept in memory and
used only while the roots of both logs are those it was folded from; otherwise it is folded anew, so
that a rolled back or failed commit cannot leave a state that the record does not bear out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements import fold as agreements_fold
from comity.agreements.events import Act
from comity.coordination import fold as coordination_fold
from comity.foundation.attested import Marks
from comity.foundation.canonical import Json, JsonObject, canonical, digest, parse_canonical
from comity.foundation.deeds import Deed
from comity.foundation.errors import PeerError
from comity.foundation.limits import TEXT_BYTES_MAX
from comity.parties.fold import PartiesState, PartyAct, fold_party_act
from comity.record.body import Body, unpack
from comity.record.envelope import Envelope, parse_envelope
from comity.record.ports import EntryRow, RelationshipRow
from comity.sharing.fold import (
    ContractAct,
    MovedAct,
    SharingAct,
    SharingState,
    fold_sharing_act,
)
from comity.storage.files import BodyFiles
from comity.storage.tx import Tx
from comity.technology import fold as technology_fold

#: How many folded states of one relationship are kept in memory.
STATES_KEPT: Final = 4
#: The families of things that live by steps; they are folded apart from all others.
DEED_FAMILIES: Final = frozenset((*coordination_fold.FAMILIES, *technology_fold.FAMILIES))


@attrs.frozen(kw_only=True)
class RecordedAct:
    """One entry with what its body says, ready to be folded."""

    party: str
    n: int
    seen: int
    lc: int
    kind: str
    data: JsonObject
    documents: Mapping[str, bytes]
    note: JsonObject | None


@attrs.define(kw_only=True)
class Folded:
    """The state of one relationship at the heads of both logs."""

    own_root: bytes
    peer_root: bytes
    parties: PartiesState
    agreements: agreements_fold.AgreementsState
    sharing: SharingState
    coordination: coordination_fold.CoordinationState
    technology: technology_fold.TechnologyState


def read_act(party: str, envelope: Envelope, body: Body) -> RecordedAct:
    """Return the act that an entry carries.

    Raises:
        PeerError: ``record.no_act``: the state-bearing section is missing; or as the parsers say.
    """
    sections = {section.name: section.content for section in body.sections}
    if "act" not in sections:
        raise PeerError("record.no_act", f"Entry {envelope.n} ({envelope.kind}) carries no act.")
    note = sections.get("note")
    return RecordedAct(
        party=party,
        n=envelope.n,
        seen=envelope.seen.size,
        lc=envelope.lc,
        kind=envelope.kind,
        data=parse_canonical(sections["act"], bytes_max=TEXT_BYTES_MAX, what="an act"),
        documents={name: sections[name] for name in sections if name not in {"act", "note"}},
        note=parse_canonical(note, what="a note") if note else None,
    )


def fold(state: Folded, act: RecordedAct) -> Folded:
    """Return the state with one more act; the roots are left to the caller."""
    room = act.kind.partition(".")[0]
    if room in {"letter", "powers"}:
        party_act = PartyAct(
            party=act.party, n=act.n, kind=act.kind, data=act.data, documents=act.documents
        )
        return attrs.evolve(state, parties=fold_party_act(state.parties, party_act))
    if room in {"agreement", "signing"}:
        return attrs.evolve(
            state, agreements=agreements_fold.fold_act(state.agreements, agreement_act(act))
        )
    if room == "sharing":
        return attrs.evolve(state, sharing=fold_sharing_act(state.sharing, sharing_act(act)))
    return _fold_deeds(state, (deed_of(act),))


def _fold_deeds(state: Folded, deeds: Sequence[Deed]) -> Folded:
    """Return the state with more acts of the rooms whose things live by steps."""
    ours = [deed for deed in deeds if deed.family in coordination_fold.FAMILIES]
    if ours:
        made = coordination_fold.fold_deeds(state.coordination, ours)
        state = attrs.evolve(state, coordination=made)
    ours = [deed for deed in deeds if deed.family in technology_fold.FAMILIES]
    if ours:
        state = attrs.evolve(state, technology=technology_fold.fold_deeds(state.technology, ours))
    return state


def deed_of(act: RecordedAct) -> Deed:
    """Return the act as the rooms of things that live by steps know it."""
    return Deed(party=act.party, n=act.n, seen=act.seen, lc=act.lc, kind=act.kind, data=act.data)


def agreement_act(act: RecordedAct) -> Act:
    """Return the act as the room ``agreements`` knows it."""
    return Act(
        party=act.party,
        n=act.n,
        seen=act.seen,
        kind=act.kind,
        data=act.data,
        documents=act.documents,
    )


def sharing_act(act: RecordedAct) -> SharingAct:
    """Return the act as the room ``sharing`` knows it."""
    return SharingAct(party=act.party, n=act.n, kind=act.kind, act=act.data)


@attrs.define(kw_only=True)
class Folding:
    """Keeps the folded state of every relationship; used on the writer thread and by readers."""

    party: str
    bodies: BodyFiles
    _kept: dict[str, tuple[Folded, ...]] = attrs.field(factory=dict)

    def state(self, tx: Tx, rel: RelationshipRow) -> Folded:
        """Return the state at the heads of both logs as this transaction sees them."""
        own, peer = tx.logs.head(rel.own_origin), tx.logs.head(rel.peer_origin)
        for kept in self._kept.get(rel.rel_id, ()):
            if (kept.own_root, kept.peer_root) == (own.root, peer.root):
                return kept
        state = self.replay(tx, rel)
        self._remember(rel, state)
        return state

    def _remember(self, rel: RelationshipRow, state: Folded) -> None:
        """Keep a few states: readers may look at an older snapshot than the writer."""
        self._kept[rel.rel_id] = (state, *self._kept.get(rel.rel_id, ()))[:STATES_KEPT]

    def keep(self, tx: Tx, rel: RelationshipRow, state: Folded) -> None:
        """Keep a state that was folded further in the same transaction."""
        own, peer = tx.logs.head(rel.own_origin), tx.logs.head(rel.peer_origin)
        self._remember(rel, attrs.evolve(state, own_root=own.root, peer_root=peer.root))

    def store_all(self, tx: Tx) -> None:
        """Write down what every relationship's state amounts to, and at which sizes."""
        for rel in tx.relationships.list():
            own, peer = tx.logs.head(rel.own_origin), tx.logs.head(rel.peer_origin)
            kept = tx.things.get(f"state:{rel.rel_id}", "digest", "all")
            sizes = {"ours": own.size, "theirs": peer.size}
            if kept is None or any(kept.value[name] != size for name, size in sizes.items()):
                value: JsonObject = {**fingerprint_of(self.state(tx, rel)), **sizes}
                tx.things.put(f"state:{rel.rel_id}", "digest", "all", value=value)

    def replay(
        self,
        tx: Tx,
        rel: RelationshipRow,
        *,
        sizes: tuple[int, int] | None = None,
        step: Callable[[], None] | None = None,
    ) -> Folded:
        """Return the state folded from nothing: both logs, in an order their causality allows.

        Args:
            tx: The transaction.
            rel: The relationship.
            sizes: How much of our log and of theirs; everything where not given.
            step: Called after each act, for whoever watches.
        """
        own, peer = tx.logs.head(rel.own_origin), tx.logs.head(rel.peer_origin)
        state = empty(own_root=own.root, peer_root=peer.root)
        deeds: list[Deed] = []
        for act in self.acts(tx, rel, sizes=sizes or (own.size, peer.size)):
            if act.kind.partition(".")[0] in DEED_FAMILIES:
                deeds.append(deed_of(act))
            else:
                state = fold(state, act)
            if step is not None:
                step()
        return _fold_deeds(state, deeds)

    def acts(
        self, tx: Tx, rel: RelationshipRow, *, sizes: tuple[int, int]
    ) -> Iterator[RecordedAct]:
        """Yield the acts of both logs, each after everything its author had seen."""
        logs = (
            self._log(tx, rel.own_origin, party=self.party, size=sizes[0]),
            self._log(tx, rel.peer_origin, party=rel.counterpart, size=sizes[1]),
        )
        waiting = [next(log, None) for log in logs]
        done = [0, 0]
        while waiting[0] is not None or waiting[1] is not None:
            turn = _turn(waiting, done)
            act = waiting[turn]
            if act is None:  # pragma: no cover - _turn names a log that has one
                return
            yield act
            done[turn] += 1
            waiting[turn] = next(logs[turn], None)

    def _log(self, tx: Tx, origin: str, *, party: str, size: int) -> Iterator[RecordedAct]:
        for start in range(0, size, 256):
            for row in tx.logs.entries(origin, start, min(size, start + 256)):
                yield self.act_of(tx, origin, row, party=party)

    def act_of(self, tx: Tx, origin: str, row: EntryRow, *, party: str) -> RecordedAct:
        """Return the act of one stored entry."""
        return read_act(party, parse_envelope(row.envelope), self.body(tx, origin, row.n))

    def body(self, tx: Tx, origin: str, n: int) -> Body:
        """Return the stored body of one entry.

        Raises:
            PeerError: ``record.body_missing``: the body is not held any more.
        """
        return unpack(self.container(tx, origin, n))

    def container(self, tx: Tx, origin: str, n: int) -> bytes:
        """Return the stored container of one entry's body, as it came."""
        ref = tx.bodies.get(origin, n)
        if ref.inline is not None:
            return ref.inline
        if ref.file is None:
            raise PeerError("record.body_missing", f"The body of entry {n} is not held any more.")
        return self.bodies.read(ref.file)


def _turn(waiting: list[RecordedAct | None], done: list[int]) -> int:
    """Return which log goes next: the one whose next act has seen no more than was folded."""
    first, second = waiting
    if first is None:
        return 1
    if second is None or first.seen <= done[1]:
        return 0
    return 1


def empty(*, own_root: bytes, peer_root: bytes) -> Folded:
    """Return the state before any act."""
    return Folded(
        own_root=own_root,
        peer_root=peer_root,
        parties=PartiesState(),
        agreements=agreements_fold.AgreementsState(),
        sharing=SharingState(),
        coordination=coordination_fold.CoordinationState(),
        technology=technology_fold.TechnologyState(),
    )


def marks_of(tx: Tx, rel: RelationshipRow, party: str) -> dict[str, Marks]:
    """Return, by party, the cosigned checkpoints over that party's log."""
    return {
        party: tx.checkpoints.marks(rel.own_origin),
        rel.counterpart: tx.checkpoints.marks(rel.peer_origin),
    }


def fingerprint_of(state: Folded) -> dict[str, str]:
    """Return the digests by which two states are compared, by room."""
    return {
        "agreements": digest(canonical(agreements_fold.state_json(state.agreements))),
        "sharing": digest(canonical(_sharing_json(state.sharing))),
        "coordination": digest(canonical(coordination_fold.state_json(state.coordination))),
        "technology": digest(canonical(technology_fold.state_json(state.technology))),
    }


def _sharing_json(state: SharingState) -> JsonObject:
    """Return the sharing state as JSON: equal for equal states, however they were folded."""
    releases: list[Json] = [
        [party, n, release.withdrawn, release.act()]
        for (party, n), release in sorted(state.releases.items())
    ]
    return {
        "releases": releases,
        "contracts": _rows(state.contracts),
        "sent": _rows(state.sent),
        "received": _rows(state.received),
    }


def _rows(table: Mapping[tuple[str, str], object]) -> list[Json]:
    rows: list[Json] = []
    for key in sorted(table):
        value = table[key]
        assert isinstance(value, ContractAct | MovedAct)
        rows.append([*key, attrs.asdict(value)])
    return rows
