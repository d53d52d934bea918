"""What may be stored at all: the form of an act, the right moment, its author's authority.

``admit`` looks at the act, at what its author could know (own earlier acts, the counterpart's as
seen) and at the full powers of its place in the record, so both nodes answer alike. An act that is
well made but crossed a change is not refused here: it is stored and stays without effect. Source:
spec 5.1.3.
"""

from collections.abc import Mapping

from comity.agreements import events
from comity.agreements.attempts import Outcome, attempts_of
from comity.agreements.chains import (
    AgreementsState,
    Chains,
    Heads,
    Opening,
    acts_of,
    opening_of,
    read_opening,
)
from comity.agreements.events import Act, Place
from comity.agreements.formalities import Authority, Past, PowersOf, SealOf, check_formalities
from comity.agreements.lifecycle import ALLOWED, State, check_allowed, walk
from comity.agreements.move_checks import check_moves
from comity.agreements.moves import read_digest, read_moves, read_urn
from comity.agreements.standing import standing_at
from comity.agreements.texts import Text, text_at
from comity.agreements.wire import result_of
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError, RefusedError
from comity.foundation.instants import Instant
from comity.foundation.limits import SIGNED_DOCUMENT_BYTES_MAX

__all__ = ("PowersOf", "SealOf", "admit")

_BEGINNING = frozenset({events.TABLE, events.TALK})


def admit(
    state: AgreementsState,
    act: Act,
    *,
    powers_of: PowersOf,
    seal_of: SealOf,
    at: Instant | None,
) -> None:
    """Refuse an act that must not be stored.

    Args:
        state: All acts folded so far, at least those that the author could know.
        act: The act.
        powers_of: The full powers of a party before one of its entries, and those revoked.
        seal_of: The seal of a party.
        at: The time for which full powers must be valid; None where the record decides it later.

    Raises:
        PeerError: The form is broken; ``agreements.different_text`` where a tabling states
            another result than the one computed.
        RefusedError: The act cannot be done now, or not by this person.
    """
    _check_form(act)
    instrument = read_urn(act.data["instrument"], "instrument")
    chains = state.instruments.get(instrument, {})
    heads = {**dict.fromkeys(chains, act.seen), act.party: act.n}
    opened = opening_of(chains, heads)
    if act.kind == events.TABLE and "open" in act.data:
        _check_opening(act, known=opened is not None)
    elif opened is None:
        raise RefusedError(
            "agreements.not_known",
            f"{act.party} had seen no instrument {instrument}; it must be tabled first.",
        )
    else:
        past = _past(act, instrument, chains=chains, heads=heads, opened=opened)
        check_formalities(past, Authority(powers_of=powers_of, seal_of=seal_of, at=at))
    if act.kind == events.TABLE:
        _check_tabling(state, act, chains=chains)


def _check_form(act: Act) -> None:
    """Refuse an act with other members or sections than its kind has. Source: spec 5.1.2."""
    wanted = events.MEMBERS.get(act.kind)
    if wanted is None:
        raise PeerError("agreements.kind", f"{act.kind[:60]!r} is no act on an agreement.")
    given = set(act.data) - ({"open"} if act.kind == events.TABLE else set())
    if given != wanted:
        raise PeerError(
            "agreements.members",
            f"{act.kind} has the members {', '.join(sorted(wanted))};"
            f" found {', '.join(sorted(given)) or 'none'}.",
        )
    sections = {
        name
        for name, kinds in (
            ("document", events.WITH_DOCUMENT),
            ("signatures", events.WITH_SIGNATURES),
        )
        if act.kind in kinds
    }
    if set(act.documents) != sections:
        raise PeerError(
            "agreements.sections",
            f"{act.kind} carries the sections {', '.join(sorted(sections)) or 'none'} beside act;"
            f" found {', '.join(sorted(act.documents)) or 'none'}.",
        )
    for name, data in act.documents.items():
        if len(data) > SIGNED_DOCUMENT_BYTES_MAX:
            raise PeerError(
                "agreements.section_size",
                f"The section {name} has {len(data)} bytes; {SIGNED_DOCUMENT_BYTES_MAX} at most.",
            )


def _check_opening(act: Act, *, known: bool) -> None:
    if known:
        raise RefusedError(
            "agreements.already_open", "This instrument is open already; table without opening it."
        )
    opening = read_opening(_object(act, "open"))
    if act.party not in opening.parties:
        raise RefusedError(
            "agreements.not_a_party",
            f"{act.party} opens an instrument of others: {' and '.join(opening.parties)}.",
        )


def _object(act: Act, name: str) -> JsonObject:
    value = act.data[name]
    if not isinstance(value, Mapping):
        raise PeerError("agreements.object", f"The member {name} of {act.kind} is an object.")
    return value


def _past(
    act: Act,
    instrument: str,
    *,
    chains: Chains,
    heads: Heads,
    opened: tuple[Place, Opening],
) -> Past:
    """Return what the author could know, once the act can be done in that situation.

    Raises:
        RefusedError: ``agreements.no_party``, ``agreements.not_now``, ``agreements.own_talk``.
    """
    place, opening = opened
    if act.party not in opening.parties:
        raise RefusedError(
            "agreements.no_party", f"{act.party} is no party to {opening.title}: it cannot act."
        )
    if act.kind == events.TALK and act.party == place.party:
        raise RefusedError("agreements.own_talk", "Only the other party can agree to talk.")
    light = act.kind in _BEGINNING and not acts_of(chains, heads, events.ADOPT)
    text = None if light else text_at(instrument, chains, opening, heads=heads)
    standing = standing_at(chains, opening, proposer=place.party, heads=heads, text=text)
    states = {walk(standing.steps)}
    attempts = attempts_of(chains, heads, {})
    if any(each.outcome is Outcome.SIGNING for each in attempts):
        states.add(State.SIGNING)
    if not states & ALLOWED[act.kind]:
        check_allowed(act.kind, max(states, key=list(State).index))
    return Past(
        act=act,
        instrument=instrument,
        chains=chains,
        heads=heads,
        opening=opening,
        attempts=attempts,
        text=text or _no_text(opening, chains=chains, heads=heads),
    )


def _no_text(opening: Opening, *, chains: Chains, heads: Heads) -> Text:
    """Return a text without units: where nothing was adopted, none of the checks looks at it."""
    return Text(
        opening=opening,
        chains=chains,
        heads=heads,
        joints={},
        agreed={},
        deals=(),
        clean=False,
        digest=None,
    )


def _check_tabling(state: AgreementsState, act: Act, *, chains: Chains) -> None:
    """Refuse moves that cannot apply, and a stated result that differs from the computed one."""
    moves = read_moves(act.data["moves"])
    if not moves and "open" not in act.data:
        raise PeerError("agreements.no_moves", "A tabling has at least one move.")
    check_moves(moves, act, chains=chains)
    stated, computed = read_digest(act.data["result"], "result"), result_of(state, act)
    if stated != computed:
        raise PeerError(
            "agreements.different_text",
            f"{act.party} states that its tabling results in {stated[:16]}...; computed here from"
            f" the same acts: {computed[:16]}.... The relationship must be frozen and looked into.",
            {"stated": stated, "computed": computed},
        )
