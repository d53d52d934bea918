"""What both logs say about the parties: letters, acceptance, full powers, by place in the record.

A pure function of the two chains: the order in which the chains arrive changes nothing, for an act
depends on its author's chain only, and what compares both chains is checked with the later act.
An act that cannot count is refused, so the node tries it before it stores it. Old folds are never
edited: this is rule set 1. Source: design 13.2; spec 2.9.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.parties.documents import members, string_of
from comity.parties.identifiers import check_hex
from comity.parties.letters import Letter, check_introduction, read_letter
from comity.parties.powers import FullPowers, read_full_powers, read_revocation

RULES: Final = "1"
PARTY_ACTS: Final = ("letter.introduce", "letter.accept", "powers.grant", "powers.revoke")


@attrs.frozen(kw_only=True)
class PartyAct:
    """One entry of this room's kinds.

    Attributes:
        party: The author.
        n: The place in the author's log.
        kind: One of ``PARTY_ACTS``.
        data: The ``act`` section.
        documents: The sections ``document`` and ``signatures``, where the kind has them.
    """

    party: str
    n: int
    kind: str
    data: JsonObject
    documents: Mapping[str, bytes]


@attrs.frozen(kw_only=True)
class Acceptance:
    """That a party accepted the counterpart's letter, after two people compared fingerprints."""

    letter: str
    fingerprint: str


@attrs.frozen(kw_only=True)
class Granted:
    """Full powers with the place of their grant and, once revoked, of their revocation."""

    powers: FullPowers
    granted: int
    revoked: int | None


@attrs.frozen(kw_only=True)
class PartiesState:
    """What the acts so far amount to.

    Attributes:
        letters: The letter of each party.
        accepted: What each party accepted of the other.
        powers: Per party, in the order of granting.
    """

    letters: Mapping[str, Letter] = attrs.field(factory=dict)
    accepted: Mapping[str, Acceptance] = attrs.field(factory=dict)
    powers: Mapping[str, tuple[Granted, ...]] = attrs.field(factory=dict)

    @property
    def introduced(self) -> bool:
        """Whether each of two parties has accepted the other's letter."""
        return len(self.letters) == 2 and set(self.accepted) == set(self.letters)


def fold_party_act(state: PartiesState, act: PartyAct) -> PartiesState:
    """Return the state after ``act``.

    Raises:
        PeerError: ``fold.kind``; ``fold.*`` where the act cannot count at its place; as
            ``read_letter``, ``read_full_powers``, ``read_revocation`` on its documents.
    """
    match act.kind:
        case "letter.introduce":
            return _introduce(state, act)
        case "letter.accept":
            return _accept(state, act)
        case "powers.grant":
            return _grant(state, act)
        case "powers.revoke":
            return _revoke(state, act)
        case _:
            raise PeerError("fold.kind", f"{act.kind[:40]!r} is no act of the parties' room.")


def powers_at(
    state: PartiesState, party: str, n: int
) -> tuple[tuple[FullPowers, ...], frozenset[str]]:
    """Return the full powers of ``party`` granted, and the digests revoked, before entry ``n``.

    Both are read off the party's own chain, so that the two nodes agree on every act.
    """
    granted = [one for one in state.powers.get(party, ()) if one.granted < n]
    revoked = (one for one in granted if one.revoked is not None and one.revoked < n)
    return (
        tuple(one.powers for one in granted),
        frozenset(one.powers.digest for one in revoked),
    )


def _introduce(state: PartiesState, act: PartyAct) -> PartiesState:
    data = members(act.data, ("letter", "rules"), what="letter.introduce")
    if act.n != 0 or act.party in state.letters:
        raise PeerError(
            "fold.introduced_twice",
            f"A letter is the first entry of a log and stands there once; {act.party} has one at"
            f" {act.n}.",
        )
    document, signatures = _documents(act)
    letter = read_letter(document, signatures, at=None, purpose=None)
    if (letter.party, letter.digest) != (act.party, data["letter"]):
        raise PeerError(
            "fold.letter", f"The letter in the log of {act.party} is not the one the entry names."
        )
    if data["rules"] != RULES or RULES not in letter.rule_sets:
        raise PeerError(
            "fold.rules",
            f"The log of {act.party} starts under the rule set {str(data['rules'])[:20]!r}; rule"
            f" set {RULES} is applied here, and the letter must list it.",
        )
    if len(state.letters) == 2:
        raise PeerError("fold.third_party", f"{act.party} is not one of the two parties here.")
    after = attrs.evolve(state, letters={**state.letters, act.party: letter})
    _check_both(after)
    return after


def _accept(state: PartiesState, act: PartyAct) -> PartiesState:
    data = members(act.data, ("fingerprint", "letter"), what="letter.accept")
    _own_letter(state, act)
    if act.party in state.accepted:
        raise PeerError(
            "fold.accepted_twice", f"{act.party} has already accepted the counterpart's letter."
        )
    acceptance = Acceptance(
        letter=check_hex(string_of(data, "letter", what=act.kind), size=32, what="letter"),
        fingerprint=check_hex(
            string_of(data, "fingerprint", what=act.kind), size=32, what="fingerprint"
        ),
    )
    after = attrs.evolve(state, accepted={**state.accepted, act.party: acceptance})
    _check_both(after)
    return after


def _grant(state: PartiesState, act: PartyAct) -> PartiesState:
    data = members(act.data, ("powers",), what="powers.grant")
    letter = _own_letter(state, act)
    document, signatures = _documents(act)
    powers = read_full_powers(document, signatures, letter=letter)
    if powers.digest != data["powers"]:
        raise PeerError("fold.powers", "The full powers are not those that the entry names.")
    held = state.powers.get(act.party, ())
    if any(one.powers.digest == powers.digest for one in held):
        raise PeerError(
            "fold.granted_twice",
            f"These full powers of {powers.name} were granted before; what was revoked needs new"
            " ones.",
        )
    _check_key_of_one(powers, held)
    granted = Granted(powers=powers, granted=act.n, revoked=None)
    return attrs.evolve(state, powers={**state.powers, act.party: (*held, granted)})


def _revoke(state: PartiesState, act: PartyAct) -> PartiesState:
    data = members(act.data, ("powers",), what="powers.revoke")
    letter = _own_letter(state, act)
    document, signatures = _documents(act)
    revocation = read_revocation(document, signatures, letter=letter)
    held = state.powers.get(act.party, ())
    standing = {one.powers.digest for one in held if one.revoked is None}
    if revocation.powers != data["powers"] or revocation.powers not in standing:
        raise PeerError(
            "fold.nothing_to_revoke",
            f"{act.party} revokes full powers that are not in force or not those the entry names.",
        )
    after = tuple(
        attrs.evolve(one, revoked=act.n) if one.powers.digest == revocation.powers else one
        for one in held
    )
    return attrs.evolve(state, powers={**state.powers, act.party: after})


def _check_key_of_one(powers: FullPowers, held: Sequence[Granted]) -> None:
    """One person renews powers under the own key; the same key under another name is no person."""
    for one in held:
        shares = {one.powers.key.ed, one.powers.key.pq} & {powers.key.ed, powers.key.pq}
        same = (one.powers.key, one.powers.name) == (powers.key, powers.name)
        if shares and not same:
            raise PeerError(
                "fold.key_of_two",
                f"{powers.name} and {one.powers.name} have the same key; each person needs a key"
                " of their own.",
            )


def _documents(act: PartyAct) -> tuple[bytes, bytes]:
    if set(act.documents) != {"document", "signatures"}:
        raise PeerError(
            "fold.documents", f"{act.kind} carries the sections document and signatures."
        )
    return act.documents["document"], act.documents["signatures"]


def _own_letter(state: PartiesState, act: PartyAct) -> Letter:
    letter = state.letters.get(act.party)
    if letter is None:
        raise PeerError(
            "fold.no_letter", f"The log of {act.party} must begin with its letter; it has none."
        )
    return letter


def _check_both(state: PartiesState) -> None:
    """Compare what is said of both letters, as soon as both are there."""
    if len(state.letters) < 2:
        return
    first, second = state.letters.values()
    found = check_introduction(first, second)
    for party, acceptance in state.accepted.items():
        other = second if party == first.party else first
        if (acceptance.letter, acceptance.fingerprint) != (other.digest, found.hex):
            raise PeerError(
                "fold.other_letter",
                f"{party} accepted another letter than the one in the log of {other.party}.",
            )
