"""The acts ``sharing.*`` of both logs, folded into what was released, contracted and moved.

Each party's acts are folded in the order of its own log; the two sides meet only in questions
(``agreed``, ``moved``), so nothing depends on which entry arrived first. An act that cannot count
(a withdrawal of nothing, a second record of one transfer) stays without effect and says why; an act
without the form of ``docs/spec/07-sharing.md`` 7.3 is refused before it is stored.
Source: design 2, idea 1.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Self

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.sharing.model import ReleaseDecision
from comity.sharing.reading import Members


@attrs.frozen(kw_only=True)
class SharingAct:
    """One entry: who wrote it, where in its log, what kind, the ``act`` section."""

    party: str
    n: int
    kind: str
    act: JsonObject


@attrs.frozen(kw_only=True)
class Cited:
    """The ruling that an act carries (clause 7.3.6)."""

    article: str
    unit: str
    area: str
    stage: str

    @classmethod
    def read(cls, value: Json) -> Self:
        """Return the ruling of a closed object.

        Raises:
            PeerError: ``sharing.*``.
        """
        names = ("article", "unit", "area", "stage")
        read = Members.closed(value, what="ruling", names=names)
        article, unit, area, stage = map(read.word, names)
        return cls(article=article, unit=unit, area=area, stage=stage)


@attrs.frozen(kw_only=True)
class ContractAct:
    """What one side recorded of a contract (clause 7.3.3)."""

    contract: str
    item: str
    release: int | None
    instrument: str
    unit: str
    ruling: Cited
    messages: Mapping[str, str]

    @classmethod
    def read(cls, value: Json) -> Self:
        """Return the act of a closed object.

        Raises:
            PeerError: ``sharing.*``.
        """
        names = ("contract", "item", "release", "instrument", "unit", "ruling", "messages")
        read = Members.closed(value, what="contract", names=names)
        return cls(
            contract=read.word("contract"),
            item=read.word("item"),
            release=read.maybe_count("release"),
            instrument=read.word("instrument"),
            unit=read.word("unit"),
            ruling=Cited.read(read.value["ruling"]),
            messages=read.digests("messages"),
        )

    def facts(self) -> tuple[object, ...]:
        """Return what both sides must have recorded alike; each ruled for itself."""
        terms = (self.contract, self.item, self.release, self.instrument, self.unit)
        return (*terms, sorted(self.messages.items()))


@attrs.frozen(kw_only=True)
class MovedAct:
    """What one side recorded of the bytes: sent, or received (clauses 7.3.4 and 7.3.5)."""

    contract: str
    transfer: str
    item: str
    bytes: int
    sha256: str
    ruling: Cited

    @classmethod
    def read(cls, value: Json) -> Self:
        """Return the act of a closed object.

        Raises:
            PeerError: ``sharing.*``.
        """
        names = ("contract", "transfer", "item", "bytes", "sha256", "ruling")
        read = Members.closed(value, what="transfer", names=names)
        return cls(
            contract=read.word("contract"),
            transfer=read.word("transfer"),
            item=read.word("item"),
            bytes=read.count("bytes"),
            sha256=read.digest("sha256"),
            ruling=Cited.read(read.value["ruling"]),
        )

    def facts(self) -> tuple[object, ...]:
        """Return what both sides must have recorded alike."""
        return (self.contract, self.transfer, self.item, self.bytes, self.sha256)


@attrs.frozen(kw_only=True)
class NoEffect:
    """An act that stands in the record and changes nothing, and why."""

    party: str
    n: int
    kind: str
    reason: str


@attrs.frozen(kw_only=True)
class SharingState:
    """What both logs say was released, contracted, sent and received; keys begin with the party."""

    releases: Mapping[tuple[str, int], ReleaseDecision] = attrs.field(factory=dict)
    contracts: Mapping[tuple[str, str], ContractAct] = attrs.field(factory=dict)
    sent: Mapping[tuple[str, str], MovedAct] = attrs.field(factory=dict)
    received: Mapping[tuple[str, str], MovedAct] = attrs.field(factory=dict)
    without_effect: tuple[NoEffect, ...] = ()

    def release(self, party: str, n: int) -> ReleaseDecision | None:
        """Return the release decision that ``party`` recorded at index ``n`` of its log."""
        return self.releases.get((party, n))

    def released_by(self, party: str) -> tuple[ReleaseDecision, ...]:
        """Return the releases of ``party``, in the order of its log, withdrawn ones among them."""
        found = (each for key, each in self.releases.items() if key[0] == party)
        return tuple(sorted(found, key=lambda each: each.n or 0))

    def agreed(self, contract: str, *, parties: tuple[str, str]) -> bool:
        """Return whether both sides have recorded the same contract."""
        one, other = (self.contracts.get((party, contract)) for party in parties)
        return one is not None and other is not None and one.facts() == other.facts()

    def moved(self, transfer: str, *, sender: str, recipient: str) -> bool:
        """Return whether one side recorded as sent what the other recorded as received."""
        sent = self.sent.get((sender, transfer))
        received = self.received.get((recipient, transfer))
        return sent is not None and received is not None and sent.facts() == received.facts()


#: The kinds of this room; each has a section ``act``, a release may have a section ``note``.
KINDS: Final = (
    *("sharing.release", "sharing.withdraw", "sharing.contract"),
    *("sharing.sent", "sharing.received"),
)


def admit(act: SharingAct) -> None:
    """Pass if ``act`` has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``sharing.*``.
    """
    _read(act)


def fold_sharing_act(state: SharingState, act: SharingAct) -> SharingState:
    """Return the state after one more act of either party.

    Raises:
        PeerError: ``sharing.*``: the act was never admitted.
    """
    return fold_sharing_acts(state, (act,))


def fold_sharing_acts(state: SharingState, acts: Iterable[SharingAct]) -> SharingState:
    """Return the state after more acts, each party's in the order of its log.

    The state is copied once, not once per act: a log of ten years folds in one pass.

    Raises:
        PeerError: ``sharing.*``: an act was never admitted.
    """
    draft = _Draft(
        releases=dict(state.releases),
        contracts=dict(state.contracts),
        sent=dict(state.sent),
        received=dict(state.received),
    )
    odd = [told for act in acts if (told := _apply(draft, act)) is not None]
    return SharingState(
        releases=draft.releases,
        contracts=draft.contracts,
        sent=draft.sent,
        received=draft.received,
        without_effect=(*state.without_effect, *odd),
    )


@attrs.define(kw_only=True)
class _Draft:
    """The state under the hand of one fold; never leaves this module."""

    releases: dict[tuple[str, int], ReleaseDecision]
    contracts: dict[tuple[str, str], ContractAct]
    sent: dict[tuple[str, str], MovedAct]
    received: dict[tuple[str, str], MovedAct]


def _apply(draft: _Draft, act: SharingAct) -> NoEffect | None:
    first = True
    match _read(act):
        case ReleaseDecision() as release:
            draft.releases[act.party, act.n] = release
        case ContractAct() as contract:
            key = (act.party, contract.contract)
            first = key not in draft.contracts
            draft.contracts.setdefault(key, contract)
        case MovedAct() as moved:
            moves = draft.sent if act.kind == "sharing.sent" else draft.received
            key = (act.party, moved.transfer)
            first = key not in moves
            moves.setdefault(key, moved)
        case n:
            return _withdraw(draft, act, n)
    return None if first else _nothing(act, "It was recorded before; the first record counts.")


def _read(act: SharingAct) -> ReleaseDecision | ContractAct | MovedAct | int:
    match act.kind:
        case "sharing.release":
            return ReleaseDecision.from_act(act.act, party=act.party, n=act.n)
        case "sharing.withdraw":
            return Members.closed(act.act, what="withdrawal", names=("release",)).count("release")
        case "sharing.contract":
            return ContractAct.read(act.act)
        case "sharing.sent" | "sharing.received":
            return MovedAct.read(act.act)
        case _:
            raise PeerError("sharing.kind", f"{act.kind[:60]!r} is no kind of act of sharing.")


def _withdraw(draft: _Draft, act: SharingAct, n: int) -> NoEffect | None:
    release = draft.releases.get((act.party, n))
    if release is None or release.withdrawn:
        return _nothing(act, f"Entry {n} of the same log is no release that still stands.")
    draft.releases[act.party, n] = attrs.evolve(release, withdrawn=True)
    return None


def _nothing(act: SharingAct, reason: str) -> NoEffect:
    return NoEffect(party=act.party, n=act.n, kind=act.kind, reason=reason)
