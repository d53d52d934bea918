"""What each party has said on each instrument: one chain per party, folded from its acts alone.

A chain never looks at the other chain, so folding both in any order gives the same state. Positions
are kept with the index of the act that made them: the state at any earlier pair of heads can be
read off. Source: spec 5.1, 5.3.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from comity.agreements import events
from comity.agreements.events import Act, Place, place_of
from comity.agreements.model import Content, alternative_digest
from comity.agreements.moves import (
    AcceptPackage,
    Explain,
    Move,
    Package,
    Propose,
    WithdrawPackage,
    read_digest,
    read_moves,
    read_urn,
)
from comity.agreements.negotiation import NOBODY, NoEffect, Position, at_head, idle, step
from comity.agreements.packages import PackageAct
from comity.agreements.signing import (
    Manifest,
    ResumptionDocument,
    Signer,
    SuspensionDocument,
    read_manifest,
    read_resumption,
    read_signers,
    read_suspension,
)
from comity.foundation.canonical import JsonObject, digest
from comity.foundation.errors import MisuseError, PeerError
from comity.parties.documents import members, string_of, text_of
from comity.parties.identifiers import check_party

REGISTERS: Final = ("binding", "political")

Document: TypeAlias = Manifest | SuspensionDocument | ResumptionDocument


@attrs.frozen(kw_only=True)
class Opening:
    """What an instrument is, as its first tabling says."""

    title: str
    register: str
    language: str
    parties: tuple[str, str]

    def json(self) -> JsonObject:
        """Return the member ``open`` of the first tabling."""
        return {
            "title": self.title,
            "register": self.register,
            "language": self.language,
            "parties": list(self.parties),
        }


@attrs.frozen(kw_only=True)
class LifeAct:
    """One act on the whole instrument.

    Attributes:
        place: Where it stands.
        kind: Its kind.
        ref: Digest of the text, manifest or document it is about; empty where it has none.
        signers: Who signed it.
        document: What its document says, where the fold needs it.
        raw: The bytes of that document.
        conclusion: Digest of the conclusion that it seals.
    """

    place: Place
    kind: str
    ref: str = ""
    signers: tuple[Signer, ...] = ()
    document: Document | None = None
    raw: bytes = b""
    conclusion: str = ""


@attrs.frozen(kw_only=True)
class Explanation:
    """Words of one party beside a unit."""

    place: Place
    unit: str
    text: str


@attrs.frozen(kw_only=True)
class Chain:
    """All that one party has said on one instrument.

    Attributes:
        opening: Its opening of the instrument, if it was the one to open it.
        positions: Per unit, its positions in order.
        contents: The alternatives it proposed, by digest.
        faces: Per unit, the newest text it proposed: how to show a unit that nobody proposes.
        packages: Its package moves.
        explanations: Its words beside units.
        idle: Its moves that confirmed nothing.
        acts: Its acts on the whole instrument, tablings among them.
    """

    opening: tuple[Place, Opening] | None = None
    positions: Mapping[str, tuple[Position, ...]] = attrs.field(factory=dict)
    contents: Mapping[str, Content] = attrs.field(factory=dict)
    faces: Mapping[str, Content] = attrs.field(factory=dict)
    packages: tuple[PackageAct, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    idle: tuple[NoEffect, ...] = ()
    acts: tuple[LifeAct, ...] = ()

    def position(self, unit: str, head: int | None) -> Position:
        """Return the position on a unit below the log size ``head``, or ``NOBODY``."""
        return at_head(self.positions.get(unit, ()), head) or NOBODY


Chains: TypeAlias = Mapping[str, Chain]
Heads: TypeAlias = Mapping[str, int]


@attrs.frozen(kw_only=True)
class AgreementsState:
    """Every instrument of one relationship: per instrument, the chain of each party."""

    instruments: Mapping[str, Chains] = attrs.field(factory=dict)


def fold_act(state: AgreementsState, act: Act) -> AgreementsState:
    """Return the state with one more act; only the chain of its author changes.

    Acts of one party must come in their order; the two parties' acts may come in any.

    Raises:
        PeerError: ``agreements.unknown_kind`` and what the readers of moves and documents raise;
            ``admit`` has raised the same before, so that a stored act always folds.
    """
    if act.kind not in events.MEMBERS:
        raise PeerError("agreements.unknown_kind", f"{act.kind[:60]!r} is no act on an agreement.")
    instrument = read_urn(act.data.get("instrument"), "instrument")
    chains = dict(state.instruments.get(instrument, {}))
    chain = chains.get(act.party, Chain())
    if act.kind == events.TABLE:
        chain = _table(chain, act)
    else:
        chain = attrs.evolve(chain, acts=(*chain.acts, life_act(act)))
    chains[act.party] = chain
    return attrs.evolve(state, instruments={**state.instruments, instrument: chains})


def read_opening(value: JsonObject) -> Opening:
    """Return the opening in the member ``open`` of a first tabling.

    Raises:
        PeerError: ``agreements.register``, ``agreements.parties``, ``documents.*``.
    """
    what = "The opening of an instrument"
    found = members(value, ("title", "register", "language", "parties"), what=what)
    register, parties = string_of(found, "register", what=what), found["parties"]
    if register not in REGISTERS:
        raise PeerError(
            "agreements.register",
            f"An instrument is {' or '.join(REGISTERS)}; found {register[:40]!r}.",
        )
    if not isinstance(parties, Sequence) or isinstance(parties, str) or len(parties) != 2:
        raise PeerError("agreements.parties", f"{what} names its two parties.")
    first, second = (check_party(each) if isinstance(each, str) else "" for each in parties)
    if first == second or not first or not second:
        raise PeerError("agreements.parties_differ", f"{what} names two different parties.")
    return Opening(
        title=text_of(found, "title", what=what),
        register=register,
        language=text_of(found, "language", what=what),
        parties=(first, second),
    )


def life_act(act: Act) -> LifeAct:
    """Return what the fold keeps of an act on the whole instrument.

    Raises:
        PeerError: as the readers of its document and signatures.
    """
    raw = act.documents.get("document", b"")
    signatures = act.documents.get("signatures")
    reader = _READERS.get(act.kind)
    return LifeAct(
        place=place_of(act),
        kind=act.kind,
        ref=_ref(act),
        signers=() if signatures is None else read_signers(signatures),
        document=None if reader is None else reader(raw),
        raw=raw,
        conclusion=read_digest(act.data["conclusion"]) if "conclusion" in act.data else "",
    )


_READERS: Final[Mapping[str, Callable[[bytes], Document]]] = {
    events.OPEN: read_manifest,
    events.SUSPEND: read_suspension,
    events.RESUME: read_resumption,
}


def _ref(act: Act) -> str:
    for name in ("text", "manifest", "act"):
        if name in act.data:
            return read_digest(act.data[name], name)
    return ""


def _table(chain: Chain, act: Act) -> Chain:
    place = place_of(act)
    opening = chain.opening
    opened = act.data.get("open")
    if opened is not None and opening is None:
        if not isinstance(opened, Mapping):
            raise PeerError("agreements.opening", "The member open of a tabling is an object.")
        opening = (place, read_opening(opened))
    made = _Tabling(chain=chain, place=place)
    for move in read_moves(act.data.get("moves")):
        made.take(move)
    return attrs.evolve(
        chain,
        opening=opening,
        positions=made.positions,
        contents=made.contents,
        faces=made.faces,
        packages=(*chain.packages, *made.packages),
        explanations=(*chain.explanations, *made.explanations),
        idle=(*chain.idle, *made.idle),
        acts=(*chain.acts, LifeAct(place=place, kind=act.kind)),
    )


class _Tabling:
    """The moves of one tabling, taken one after another into copies of a chain's tables."""

    def __init__(self, *, chain: Chain, place: Place) -> None:
        self.place = place
        self.positions = dict(chain.positions)
        self.contents = dict(chain.contents)
        self.faces = dict(chain.faces)
        self.packages: list[PackageAct] = []
        self.explanations: list[Explanation] = []
        self.idle: list[NoEffect] = []

    def take(self, move: Move) -> None:
        """Take one move."""
        if isinstance(move, Package | AcceptPackage | WithdrawPackage):
            self.packages.append(PackageAct(place=self.place, move=move))
            return
        if isinstance(move, Explain):
            self.explanations.append(Explanation(place=self.place, unit=move.unit, text=move.text))
            return
        history = self.positions.get(move.unit, ())
        before = history[-1] if history else None
        if idle(before or NOBODY, move):
            self.idle.append(_confirms_nothing(self.place, move.unit))
        if before is not None and before.n == self.place.n:
            history = history[:-1]
        self.positions[move.unit] = (*history, step(before, move, self.place))
        if isinstance(move, Propose):
            self.contents[alternative_digest(move.unit, move.content)] = move.content
            if not move.content.deleted:
                self.faces[move.unit] = move.content


def _confirms_nothing(place: Place, unit: str) -> NoEffect:
    return NoEffect(
        party=place.party,
        n=place.n,
        unit=unit,
        what="confirm",
        reason="not_ad_ref",
        message=f"The confirmation on unit {unit} has no effect: that alternative was not accepted"
        " ad referendum.",
    )


def chains_of(state: AgreementsState, instrument: str) -> Chains:
    """Return the chains of an instrument.

    Raises:
        MisuseError: ``agreements.unknown_instrument``.
    """
    chains = state.instruments.get(instrument)
    if chains is None:
        raise MisuseError(
            "agreements.unknown_instrument",
            f"No instrument {instrument} has been tabled in this relationship.",
        )
    return chains


def opening_of(chains: Chains, heads: Heads | None) -> tuple[Place, Opening] | None:
    """Return the opening that counts below ``heads``: of two, that of the smaller identifier.

    Two parties could open one identifier at the same time; then all nodes take the same one.
    """
    found = (chains[party].opening for party in sorted(chains))
    return next((each for each in found if each is not None and each[0].inside(heads)), None)


def acts_of(chains: Chains, heads: Heads | None, *kinds: str) -> tuple[LifeAct, ...]:
    """Return both parties' acts of some kinds below ``heads``; within a party in order."""
    return tuple(
        act
        for party in sorted(chains)
        for act in chains[party].acts
        if act.kind in kinds and act.place.inside(heads)
    )


def state_digest(instrument: str, chains: Chains, heads: Heads | None) -> str:
    """Return the digest of the state at a pair of heads. Source: spec 5.1.5.

    It is over lines of text, not JSON: a long text is digested with every tabling.
    """
    opened = opening_of(chains, heads)
    parties = opened[1].parties if opened else tuple(sorted(chains))
    pairs = [(party, chains.get(party, Chain())) for party in parties]
    lines = ["comity/agreement-state/v1", instrument, *parties]
    if opened is not None:
        _, opening = opened
        lines.append(f"open {opening.register} {opening.language} {opening.title}")
    for unit in sorted({unit for _, chain in pairs for unit in chain.positions}):
        marks = [
            _line(chain.position(unit, None if heads is None else heads.get(party, 0)))
            for party, chain in pairs
        ]
        if any(mark != _NOTHING for mark in marks):
            lines.append(f"unit {unit} {' | '.join(marks)}")
    for number, (_, chain) in enumerate(pairs):
        lines.extend(
            f"package {number} {act.place.n} {_package_line(act)}"
            for act in chain.packages
            if act.place.inside(heads)
        )
        lines.extend(
            f"act {number} {act.place.n} {act.kind} {act.ref or '-'}"
            for act in chain.acts
            if act.kind != events.TABLE and act.place.inside(heads)
        )
    return digest("".join(f"{line}\n" for line in lines).encode())


def _line(position: Position) -> str:
    stance = position.stance
    stood = "- -" if stance is None else f"{stance.digest} {'r' if stance.ad_ref else 'a'}"
    return (
        f"{position.own or '-'} {stood} {position.reserve or '-'} {int(position.parked)}"
        f" {position.reopened}"
    )


_NOTHING: Final = _line(NOBODY)


def _package_line(act: PackageAct) -> str:
    match act.move:
        case Package():
            return f"offer {act.move.digest()}"
        case AcceptPackage():
            return f"accept {act.move.package} {act.move.digest}"
        case _:
            return f"withdraw {act.move.package}"
