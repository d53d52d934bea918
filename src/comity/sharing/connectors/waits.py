"""Why a process waits: who must act, what could be done, since when; or what was planned by a rule.

Source: ``docs/spec/09-connectors.md`` 9.6; issue 5, «why does this wait».
"""

from enum import StrEnum

import attrs

from comity.foundation.instants import Instant
from comity.sharing.connectors.model import Exchange
from comity.sharing.connectors.playbook import Do, possible
from comity.sharing.model import Family, Role, State


class Whose(StrEnum):
    """Who must act next."""

    US = "us"
    COUNTERPART = "counterpart"
    DELIVERY = "delivery"
    NOBODY = "nobody"


@attrs.frozen(kw_only=True)
class Wait:
    """Why a process stands where it stands.

    Attributes:
        whose: Who must act.
        since: Since when.
        can: What an official could do now; ending it is always the last of them.
        why: A code for the words: ``ended``, ``sending``, ``odd``, ``our_turn``, ``their_turn``.
    """

    whose: Whose
    since: Instant
    can: tuple[Do, ...]
    why: str


#: The states in which the next step is ours, by kind and role; in the others it is theirs.
_OURS = {
    (Family.NEGOTIATION, Role.PROVIDER): {State.REQUESTED, State.ACCEPTED, State.VERIFIED},
    (Family.NEGOTIATION, Role.CONSUMER): {State.OFFERED, State.AGREED},
    (Family.TRANSFER, Role.PROVIDER): {State.REQUESTED},
    (Family.TRANSFER, Role.CONSUMER): {State.STARTED},
}


def wait_of(exchange: Exchange) -> Wait:
    """Return why ``exchange`` stands where it stands."""
    if exchange.ended:
        return Wait(whose=Whose.NOBODY, since=exchange.since, can=(), why="ended")
    if exchange.pending is not None or exchange.peer_pid is None:
        return Wait(whose=Whose.DELIVERY, since=exchange.since, can=(), why="sending")
    can = possible(exchange.family, exchange.role, exchange.state.value)
    if exchange.odd is not None:
        return Wait(whose=Whose.US, since=exchange.since, can=can, why="odd")
    ours = exchange.state in _OURS[exchange.family, exchange.role] and not exchange.delivered
    if ours or exchange.resumed:
        return Wait(whose=Whose.US, since=exchange.since, can=can, why="our_turn")
    return Wait(whose=Whose.COUNTERPART, since=exchange.since, can=can, why="their_turn")
