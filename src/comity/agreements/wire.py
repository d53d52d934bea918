"""The state as digests and JSON: what a tabling says of its result, and what a replay compares.

Source: spec 5.1.5, 5.1.6.
"""

import attrs

from comity.agreements.chains import (
    AgreementsState,
    Chain,
    Heads,
    LifeAct,
    chains_of,
    fold_act,
    opening_of,
    state_digest,
)
from comity.agreements.events import Act
from comity.agreements.moves import move_json, read_urn
from comity.agreements.negotiation import Position
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError


def state_digest_at(state: AgreementsState, instrument: str, heads: Heads) -> str:
    """Return the digest of an instrument's state below ``heads`` (log sizes by party).

    Raises:
        MisuseError: ``agreements.unknown_instrument``.
    """
    return state_digest(instrument, chains_of(state, instrument), heads)


def result_of(state: AgreementsState, act: Act) -> str:
    """Return the ``result`` that the tabling ``act`` must carry: the state right after it.

    It is the state as the author knew it: own acts up to this one, the counterpart's as seen.

    Raises:
        PeerError: ``agreements.not_opened`` and all of ``fold_act``.
    """
    instrument = read_urn(act.data.get("instrument"), "instrument")
    chains = fold_act(state, act).instruments[instrument]
    opened = opening_of(chains, None)
    if opened is None:
        raise PeerError("agreements.not_opened", f"Nobody has opened the instrument {instrument}.")
    heads = dict.fromkeys(opened[1].parties, act.seen)
    return state_digest(instrument, chains, {**heads, act.party: act.n + 1})


def state_json(state: AgreementsState) -> JsonObject:
    """Return the whole state as JSON: equal for equal states, contents by their digests.

    Source: spec 5.1.6.
    """
    return {
        instrument: {party: _chain_json(chain) for party, chain in chains.items()}
        for instrument, chains in state.instruments.items()
    }


def _chain_json(chain: Chain) -> JsonObject:
    opening: Json = None
    if chain.opening is not None:
        place, opened = chain.opening
        opening = {"n": place.n, "seen": place.seen, **opened.json()}
    return {
        "open": opening,
        "positions": {
            unit: [_position_json(each) for each in history]
            for unit, history in chain.positions.items()
        },
        "contents": sorted(chain.contents),
        "packages": [[act.place.n, act.place.seen, move_json(act.move)] for act in chain.packages],
        "explanations": [[each.place.n, each.unit, each.text] for each in chain.explanations],
        "idle": [[each.n, each.unit, each.what, each.reason] for each in chain.idle],
        "acts": [_act_json(act) for act in chain.acts],
    }


def _position_json(position: Position) -> Json:
    made: dict[str, Json] = {}
    for each in attrs.fields(Position):
        value = getattr(position, each.name)
        if each.name == "stance" and value is not None:
            value = [value.digest, value.ad_ref, value.n, value.seen]
        made[each.name] = value
    return made


def _act_json(act: LifeAct) -> Json:
    return [
        act.place.n,
        act.place.seen,
        act.kind,
        act.ref,
        act.conclusion,
        [[each.key, each.powers, each.capacity, *each.digests] for each in act.signers],
    ]
